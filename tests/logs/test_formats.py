"""The four formats, in files that the tools themselves wrote.

Keras: keras.io/api/callbacks/csv_logger (the epoch from 0, then the metrics by the alphabet; NA where there was no
validation). Lightning: lightning.ai/docs, loggers.CSVLogger (a row a call, with empty cells; log(on_step, on_epoch)
makes two columns). Hugging Face: huggingface.co/docs, TrainerState (log_history; its last record sums up the run).
JSON Lines: jsonlines.org.
"""

import json

import numpy as np
import pytest

from core.logs import read_log
from tests.logs.cases import FILES, NAMES, check, curve, epochs, log_of, read, values


def columns(name, separator=","):
    """The cells of a file, read a second way."""
    header, *rows = [line.split(separator) for line in (FILES / name).read_text().splitlines()]
    return {key: [row[at] for row in rows] for at, key in enumerate(header)}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_amiss_in_the_files_of_the_tools(name):
    log = log_of(name)
    check(log)
    assert log.notes == () or "twice" in name


def test_keras():
    log, cells = log_of("keras.csv"), columns("keras.csv")
    assert log.format == "Keras CSVLogger"
    assert log.columns == ("epoch", "loss", "mae", "val_loss", "val_mae")
    assert [(series.name, series.role, series.metric, series.unit) for series in log.series] == [
        ("loss", "train", "loss", "epoch"),
        ("mae", "train", "mae", "epoch"),
        ("val_loss", "validation", "loss", "epoch"),
        ("val_mae", "validation", "mae", "epoch"),
    ]
    for series in log.series:
        assert series.values.tolist() == [float(cell) for cell in cells[series.name]]
        assert series.epochs.tolist() == [0, 1, 2, 3, 4, 5]
    assert [series.name for series in log.pick()] == ["loss", "val_loss"]


def test_keras_leaves_out_the_epochs_without_validation():
    log = log_of("keras_validation_every_2.csv")
    assert epochs(log, "val_loss") == [1, 3, 5]
    assert epochs(log, "loss") == [0, 1, 2, 3, 4, 5]


def test_keras_appends_another_run_that_starts_again_at_epoch_0():
    log = log_of("keras_semicolon_twice.csv")
    assert log.format == "Keras CSVLogger"
    assert [run.name for run in log.runs] == ["run 1", "run 2"]
    losses = [float(cell) for cell in columns("keras_semicolon_twice.csv", ";")["loss"]]
    assert [value for run in log.runs for value in run.train.values] == losses
    assert all(run.train.epochs.tolist() == list(range(6)) for run in log.runs)
    assert log.notes == ("The file holds 2 runs: in row 8 the epoch starts again and the loss leaps back.",)


def test_lightning_has_both_in_rows_of_their_own():
    log, cells = log_of("lightning.csv"), columns("lightning.csv")
    assert log.format == "Lightning metrics.csv"
    train, validation = log.pick()
    assert (train.name, validation.name, train.unit, validation.unit) == (
        "train_loss_epoch",
        "val_loss",
        "epoch",
        "epoch",
    )
    for series in (train, validation):
        assert series.epochs.tolist() == [0, 1, 2, 3, 4]
        assert series.values.tolist() == [float(cell) for cell in cells[series.name] if cell]
    steps = curve(log, "train_loss_step")
    assert (steps.unit, steps.metric, steps.role) == ("step", "loss", "train")
    assert steps.epochs.tolist() == list(range(1, 30, 2))


def test_lightning_by_step_puts_both_on_the_steps():
    train, validation = log_of("lightning_each_step.csv").pick()
    assert (train.unit, validation.unit) == ("step", "step")
    assert train.epochs.tolist() == list(range(1, 30, 2))
    assert validation.epochs.tolist() == [5, 11, 17, 23, 29]


def test_hugging_face():
    log = log_of("trainer_state.json")
    history = json.loads((FILES / "trainer_state.json").read_text())["log_history"]
    assert log.format == "Hugging Face trainer_state.json"
    train, validation = log.pick()
    assert train.epochs.tolist() == [record["epoch"] for record in history if "loss" in record]
    assert train.values.tolist() == [record["loss"] for record in history if "loss" in record]
    assert validation.values.tolist() == [record["eval_loss"] for record in history if "eval_loss" in record]
    assert (validation.name, validation.role, validation.metric) == ("eval_loss", "validation", "loss")
    assert curve(log, "grad_norm").role == "other"
    # The sum of the run is no point of a curve.
    assert "train_loss" in history[-1]
    assert not {"train_loss", "train_runtime"} & set(log.columns)


def test_json_lines():
    log = log_of("lines.jsonl")
    assert log.format == "JSON Lines"
    assert log.columns == ("step", "train/loss", "val/loss")
    assert epochs(log, "val/loss") == [6, 12, 18, 24]
    assert [series.role for series in log.series] == ["train", "validation"]


def test_json_lines_flatten_what_is_nested():
    text = '{"epoch": 0, "lr": [0.1, 0.2], "opt": {"a": {"b": 1}}, "done": false, "tag": "x"}\n' * 2
    log = read(text, "log.jsonl")
    assert [series.name for series in log.series] == ["lr/0", "lr/1", "opt/a/b"]
    assert log.columns == ("epoch", "lr/0", "lr/1", "opt/a/b", "done", "tag")


def test_a_history_of_keras_saved_as_json():
    log = read('{"loss": [3, 2, 1], "val_loss": [3, 2.5, NaN]}', "history.json")
    assert log.format == "JSON"
    np.testing.assert_array_equal(values(log, "val_loss"), [3, 2.5, np.nan])
    assert epochs(log, "loss") == [1, 2, 3]
    assert curve(log, "loss").unit == "epoch"
    assert log.notes[0] == "The lists have no count of their own; their places are the epochs, counted from 1."
    same = read('{"loss": {"0": 3, "1": 2, "2": 1}, "val_loss": {"0": 3, "1": 2.5, "2": null}}', "history.json")
    assert values(same, "loss") == [3, 2, 1]
    assert values(same, "val_loss") == [3, 2.5]


def test_other_json():
    assert values(read('[{"epoch": 1, "loss": 2}, {"epoch": 2, "loss": 1}]', "a.json"), "loss") == [2, 1]
    assert values(read("[[1, 0.5], [2, 0.25]]", "a.json"), "column 2") == [0.5, 0.25]
    assert values(read("[3, 2, 1]", "a.json"), "value") == [3, 2, 1]
    assert values(read('{"run": {"history": [{"loss": 1}, {"loss": 2}]}, "seed": 1}', "a.json"), "loss") == [1, 2]


@pytest.mark.parametrize(
    ("header", "role", "metric"),
    [
        ("loss", "train", "loss"),
        ("train_loss", "train", "loss"),
        ("training_loss", "train", "loss"),
        ("train/loss", "train", "loss"),
        ("Training Loss", "train", "loss"),
        ("trainLoss", "train", "loss"),
        ("trainloss", "train", "loss"),
        ("loss_epoch", "train", "loss"),
        ("train_loss_step", "train", "loss"),
        ("my-run - train/loss", "train", "loss"),
        ("eval_loss", "validation", "loss"),
        ("val/loss", "validation", "loss"),
        ("valid_loss", "validation", "loss"),
        ("Validation Loss", "validation", "loss"),
        ("valLoss", "validation", "loss"),
        ("test_loss", "validation", "loss"),
        ("val_acc", "validation", "accuracy"),
        ("val/box_loss", "validation", "box_loss"),
        ("eval_imdb_loss", "validation", "imdb_loss"),
        ("accuracy", "other", "accuracy"),
        ("lr", "other", "lr"),
        ("interval", "other", "interval"),
        ("strain", "other", "strain"),
    ],
)
def test_a_name_says_whose_curve_it_is(header, role, metric):
    series = read_log("a.csv", f"epoch,{header}\n0,1\n1,2\n".encode()).series
    assert [(one.name, one.role, one.metric) for one in series] == [(header, role, metric)]
