"""JSON in which lists stand beside records, or inside one another: what is found, and what is left out."""

import json

import numpy as np
import pytest

from core.logs import read_log
from tests.logs.cases import check


def read(value, name="a.json"):
    log = read_log(name, (value if isinstance(value, str) else json.dumps(value)).encode())
    check(log)
    return log


def column(log, name):
    return log.table.columns[name].values.tolist()


RECORDS = [{"epoch": at, "loss": 3 - at} for at in (1, 2, 3)]


def test_words_beside_records_hide_nothing():
    log = read({"class_names": ["cat", "dog"], "history": RECORDS, "seed": 1})
    assert column(log, "epoch") == [1, 2, 3]
    assert column(log, "loss") == [2, 1, 0]
    assert log.notes == ()


def test_numbers_beside_records_are_left_out_with_a_sentence():
    log = read({"thresholds": [0.1, 0.2, 0.3, 0.4], "history": RECORDS})
    assert column(log, "loss") == [2, 1, 0]
    assert "Beside history the file has thresholds (4 numbers); it is left out." in log.notes


def test_of_two_lists_of_records_the_one_with_a_loss_is_read():
    log = read({"images": [{"id": at, "width": 5} for at in range(9)], "log": RECORDS})
    assert column(log, "loss") == [2, 1, 0]
    assert "Beside log the file has images (9 records); it is left out." in log.notes


def test_lists_without_a_count_are_epochs_or_iterations():
    log = read({"history": {"loss": [3, 2, 1], "val_loss": [3, 2.5, 2.2]}})
    assert column(log, "epoch") == [1, 2, 3]
    log = read({"valid_0": {"l2": [3, 2, 1]}, "training": {"l2": [3, 1, 0]}})
    assert column(log, "iteration") == [0, 1, 2]
    log = read({"epoch": [5, 6, 7], "loss": [3, 2, 1]})
    assert column(log, "epoch") == [5, 6, 7]
    assert log.notes == ()


def test_a_list_that_is_a_whole_part_of_the_longest_is_spread_over_it():
    log = read({"loss": [6, 5, 4, 3, 2, 1], "val_loss": [5, 3, 2]})
    rows = log.table.columns["val_loss"].rows.tolist()
    assert rows == [2, 4, 6]
    assert log.notes[0] == ("val_loss: 3 numbers where the longest list has 6; they are taken for every 2th place.")
    log = read({"loss": [6, 5, 4, 3, 2], "val_loss": [5, 3, 2]})
    assert log.table.columns["val_loss"].rows.tolist() == [1, 2, 3]
    assert log.notes[0] == "The lists have 3 to 5 numbers; the missing ones count as empty."


def test_numbers_that_are_written_as_words():
    log = read({"loss": ["3.5", "2.5", "nan"], "val_loss": ["4", None, "3"]})
    np.testing.assert_array_equal(column(log, "loss"), [3.5, 2.5, np.nan])
    assert column(log, "val_loss") == [4, 3]


def test_objects_behind_one_another_over_several_lines():
    text = "".join(json.dumps(record, indent=1) + "\n" for record in RECORDS)
    assert column(read(text), "loss") == [2, 1, 0]


def test_a_list_of_runs_with_lists_of_their_own():
    log = read([{"name": name, "history": RECORDS} for name in ("first", "second")])
    assert column(log, "loss") == [2, 1, 0]
    assert "Beside first/history the file has second/history (3 records); it is left out." in log.notes


def test_tensorboards_json():
    log = read([[1.7e9 + at, 10 * at, 3 - at] for at in range(3)])
    assert list(log.table.columns) == ["wall time", "step", "value"]
    assert column(log, "step") == [0, 10, 20]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            {"epoch": 4.0, "train_loss": 0.28, "train_runtime": 2038.7},
            "The file is only the summary of a run, one number for each quantity; drop its trainer_state.json instead.",
        ),
        (
            {"epoch": 4.0, "eval_loss": 0.28, "eval_samples_per_second": 20.7},
            "The file is only the summary of a run, one number for each quantity; drop its trainer_state.json instead.",
        ),
        (
            {"global_step": 6, "logging_steps": 50, "log_history": []},
            "The run logged nothing (logging_steps 50, 6 steps): its log_history is empty; train with smaller "
            "logging_steps.",
        ),
    ],
)
def test_hugging_face_files_without_a_curve(value, sentence):
    log = read(value)
    assert log.series == ()
    assert log.notes == (sentence,)


@pytest.mark.parametrize("value", [RECORDS, {"a": [1, 2], "log": RECORDS}, {"log": {"loss": [3.0, 2.0, 1.0]}},
                                   [[1, 3.0], [2, 2.0]], {"loss": {"0": 3, "1": 2, "2": 1}}])  # fmt: skip
def test_what_stands_before_a_break_is_read(value):
    text = json.dumps(value)
    whole = read(text)
    most = {name: len(one.values) for name, one in whole.table.columns.items()}
    for end in range(len(text)):
        log = read(text[:end]) if text[:end] else whole
        for name, one in log.table.columns.items():
            if name in most and name not in ("epoch", "iteration"):
                assert len(one.values) <= most[name]
                own = whole.table.columns[name].values[: len(one.values)]
                np.testing.assert_array_equal(one.values[:-1], own[:-1])
    assert any(note.startswith("The JSON breaks off in row 1;") for note in read(text[:-2]).notes)


def test_many_parts_are_bounded():
    log = read("{" + ",".join(f'"k{at}": {{"loss": 1}}' for at in range(60_000)) + "}")
    assert "The JSON has more than 50000 parts; the first of them are read." in log.notes
