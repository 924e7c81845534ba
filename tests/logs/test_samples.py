"""Tables of every kind that people bring: which runs they hold, and which curves of each are compared."""

import json

import numpy as np
import pytest

from core.logs import merge_splits, read_log
from core.logs.__main__ import answers
from tests.logs.cases import check, read
from tests.logs.samples import COUNT, EPOCHS, FALL, SAMPLES, TURN, rows


@pytest.mark.parametrize("name", SAMPLES)
def test_the_runs_of_a_table(name, tmp_path):
    kind = SAMPLES[name]
    file = tmp_path / "log"
    file.write_text(kind.text)
    [line] = answers([str(file)])
    answer = json.loads(line)
    assert answer["format"] == kind.format
    expected = [
        tuple(half and (half["name"], half["values"]) for half in (run["train"], run["validation"]))
        for run in answer["runs"]
    ]
    found = [(run["run"], *run["x"].values(), *both) for run, both in zip(answer["runs"], expected, strict=True)]
    assert found == kind.runs
    assert len(answer["notes"]) == len(kind.notes)
    assert all(part in note for part, note in zip(kind.notes, answer["notes"], strict=True)), answer["notes"]
    check(read(kind.text))


def test_every_number_of_every_run_is_there():
    log = read(SAMPLES["folds_and_seeds"].text)
    for run in log.runs:
        assert run.train.epochs.tolist() == EPOCHS
        assert run.train.values.tolist() == FALL
    sided = read(SAMPLES["side_by_side"].text)
    assert [run.train.values.tolist() for run in sided.runs] == [FALL, TURN]
    mixed = read(SAMPLES["scalars_of_tensorboard"].text)
    assert mixed.runs[0].validation.values.tolist() == TURN


def test_a_resumed_run_goes_on_from_its_checkpoint():
    run = read(SAMPLES["resumed_steps_overlap"].text).runs[0]
    assert run.train.epochs.tolist() == [*range(0, 91, 10), *range(95, 200, 10)]
    assert run.train.values.tolist() == [*FALL[:10], *FALL[9:20]]


def test_a_loss_that_leaps_back_only_partly_or_never_fell_is_one_run():
    flat = read(rows("epoch,loss", EPOCHS * 2, [1.0] * 2 * COUNT))
    assert [run.name for run in flat.runs] == [""]
    noisy = 1 + 0.1 * np.random.default_rng(0).normal(size=2 * COUNT)
    assert len(read(rows("epoch,loss", EPOCHS * 2, noisy)).runs) == 1


def test_noise_does_not_hide_where_a_run_begins():
    random = np.random.default_rng(1)
    for _ in range(20):
        loss = np.tile(2 * np.exp(-np.arange(100) / 30) + 0.5, 3) + 0.1 * random.normal(size=300)
        log = read(rows("step,loss", list(range(100)) * 3, loss))
        assert [len(run.train) for run in log.runs] == [100, 100, 100]
        goes_on = 2 * np.exp(-np.arange(300) / 90) + 0.5 + 0.1 * random.normal(size=300)
        assert len(read(rows("step,loss", list(range(100)) * 3, goes_on)).runs) == 1


def test_many_runs_are_bounded_and_counted():
    log = read(rows("run,epoch,loss", [at // 4 for at in range(4000)], [0, 1, 2, 3] * 1000, [4, 3, 2, 1] * 1000))
    assert len(log.runs) == 200
    assert "There are 1000 runs; the first 200 are shown." in log.notes


def test_rows_without_a_run_are_named():
    log = read("fold,epoch,loss\n1,0,3\n1,1,2\n,0,9\n2,0,3\n2,1,2\n")
    assert [run.name for run in log.runs] == ["fold 1", "fold 2"]
    assert "1 row has no fold; it is left out." in log.notes


def tensorboard(values, name):
    return read_log(name, rows("Wall time,Step,Value", EPOCHS, EPOCHS, values).encode())


@pytest.mark.parametrize(
    ("train", "validation"),
    [
        ("run-train-tag-epoch_loss.csv", "run-validation-tag-epoch_loss.csv"),
        ("run_train-tag-Loss.csv", "run_val-tag-Loss (1).csv"),
        ("run-.-tag-Loss_train.csv", "run-.-tag-Loss_test.csv"),
        ("train.csv", "valid.csv"),
        ("resnet train_loss.csv", "resnet val_loss.csv"),
    ],
)
def test_two_files_are_the_splits_of_one_run(train, validation):
    other = tensorboard(FALL, "other.csv")
    for order in (1, -1):
        logs = [tensorboard(FALL, train), tensorboard(TURN, validation), other][::order]
        found = [
            log for log in merge_splits({str(at): one for at, one in enumerate(logs)}).values() if log is not other
        ]
        assert [len(log.runs) for log in found] == [1]
        run = found[0].runs[0]
        assert (run.x_name, run.unit, run.comparable) == ("Step", "step", True)
        assert run.train.values.tolist() == FALL
        assert run.validation.values.tolist() == TURN
        assert run.train.epochs.tolist() == run.validation.epochs.tolist() == EPOCHS
        assert f"{validation} is taken as the validation of {train}, by their names." in found[0].notes
        check(found[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("run-train-tag-epoch_loss.csv", "run-train-tag-epoch_accuracy.csv"),
        ("run-train-tag-epoch_loss.csv", "run-validation-tag-epoch_accuracy.csv"),
        ("a-train-loss.csv", "b-val-loss.csv"),
        ("one.csv", "two.csv"),
    ],
)
def test_files_of_other_runs_stay_apart(first, second):
    logs = [tensorboard(FALL, first), tensorboard(TURN, second)]
    by_name = {str(at): log for at, log in enumerate(logs)}
    assert merge_splits(by_name) == by_name


def test_the_name_of_a_file_tells_what_its_only_curve_is():
    assert tensorboard(RISE := FALL[::-1], "run-train-tag-epoch_accuracy.csv").runs[0].train is None
    assert tensorboard(RISE, "run_tag-lr.csv").runs[0].train is None
    run = tensorboard(TURN, "run-validation-tag-epoch_loss.csv").runs[0]
    assert (run.train, run.validation.name) == (None, "Value")
    mlflow = read_log("val_loss", SAMPLES["metric_of_mlflow"].text.encode()).runs[0]
    assert (mlflow.train, mlflow.validation.name) == (None, "val_loss")


def test_other_columns_may_be_picked_for_each_run():
    log = read(
        rows("fold,epoch,loss,val_loss,acc", [1] * COUNT + [2] * COUNT, EPOCHS * 2, FALL * 2, TURN * 2, FALL * 2)
    )
    run = log.runs[1].pick(train="val_loss", validation="")
    assert (run.name, run.train.name, run.validation) == ("fold 2", "val_loss", None)
    assert run.series is log.runs[1].series  # nothing is read again
    assert log.runs[1].pick("acc").unit == "acc"
    assert "higher is better" in log.runs[1].pick(train="acc", validation="").need_not_fall
    with pytest.raises(ValueError, match=r"^the log has no column 'y'$"):
        run.pick(train="y")


def test_a_run_tells_what_it_took_and_what_is_drawn_beside():
    run = read(SAMPLES["total_and_its_parts"].text).runs[0]
    assert run.why == (
        "total_loss: the training loss (the total, before its parts loss_box_reg and loss_rpn_cls); "
        "validation_loss: the validation loss."
    )
    assert [one.name for one in run.parts] == ["loss_box_reg", "loss_rpn_cls"]
    boxes = read(SAMPLES["parts_of_boxes"].text).runs[0]
    assert [one.name for one in boxes.others] == ["metrics/mAP50(B)"]
    assert [one.name for one in boxes.parts] == ["train/dfl_loss", "val/dfl_loss"]
