"""Which curves are shown unasked, against what, and any others that a person picks."""

import numpy as np
import pytest

from tests.logs.cases import read

LOG = "step,time,loss,val_loss,accuracy,name\n" + "".join(f"{10 * n},{n * n},{9 - n},{8 - n},{n},a\n" for n in range(5))


@pytest.mark.parametrize(
    ("header", "train", "validation"),
    [
        ("loss,val_loss", "loss", "val_loss"),
        ("val_loss,loss", "loss", "val_loss"),
        ("train_loss,valid_loss", "train_loss", "valid_loss"),
        ("train/box_loss,train/loss,val/box_loss,val/loss", "train/loss", "val/loss"),
        ("train/box_loss,val/cls_loss,val/box_loss", "train/box_loss", "val/box_loss"),
        ("train_acc,val_acc,lr", None, None),
        ("accuracy,mse,val_mse", "mse", "val_mse"),
        ("val_loss", None, "val_loss"),
        ("reward", None, None),
        ("lr,my_cost", "my_cost", None),
        ("lr,momentum", None, None),
        ("test_loss,loss,val_loss", "loss", "val_loss"),
    ],
)
def test_the_losses_are_recognised(header, train, validation):
    count = header.count(",") + 1
    log = read("epoch," + header + "\n" + "".join(f"{n}{f',{n}' * count}\n" for n in range(4)))
    assert [one and one.name for one in log.pick()] == [train, validation]


def test_an_epoch_mean_is_no_curve_before_there_are_three():
    rows = "".join(f"0,{n},,{9 - n}\n" for n in range(9)) + "0,9,5,\n"
    assert read("epoch,step,train_loss_epoch,train_loss_step\n" + rows).pick()[0].name == "train_loss_step"


def test_what_is_asked_for():
    log = read(LOG)
    train, validation = log.pick("step", "accuracy", "")
    assert (train.name, train.unit, validation) == ("accuracy", "step", None)
    assert train.epochs.tolist() == [0, 10, 20, 30, 40]
    train, validation = log.pick(x="time")
    assert (train.unit, validation.unit) == ("time", "time")
    assert validation.epochs.tolist() == [0, 1, 4, 9, 16]
    assert [one.unit for one in log.pick(x="")] == ["row", "row"]
    assert log.pick(x="")[0].epochs.tolist() == [1, 2, 3, 4, 5]
    assert log.pick(train="name")[0] is None
    assert log.pick(x="name")[0].unit == "row"
    assert log.pick(train="", validation="") == (None, None)
    assert log.pick(train="step")[0].values.tolist() == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("asked", [{"x": "y"}, {"train": "y"}, {"validation": "y"}])
def test_a_column_that_is_not_there(asked):
    with pytest.raises(ValueError, match=r"^the log has no column 'y'$"):
        read(LOG).pick(**asked)


def test_any_column_is_put_in_order_to_be_an_axis():
    log = read("lr,loss\n0.1,1\n0.3,2\n0.2,3\n0.1,4\n")
    train, _ = log.pick(x="lr")
    assert train.epochs.tolist() == [0.1, 0.2, 0.3]
    assert train.values.tolist() == [4, 3, 2]


def test_steps_that_start_again_each_epoch_count_on():
    rows = "".join(f"{n // 4},{n % 4},{n}\n" for n in range(12))
    train, _ = read("epoch,batch,loss\n" + rows).pick()
    assert train.unit == "step"
    assert train.epochs.tolist() == list(range(12))
    assert train.values.tolist() == list(range(12))


def test_runs_appended_with_an_epoch_between_them_keep_the_rhythm():
    rows = "".join(f"{10 + n % 3 * 10},{9 - n}\n" for n in range(9))
    log = read("step,loss\n" + rows)
    assert log.series[0].epochs.tolist() == list(range(10, 100, 10))
    assert log.notes == ("The step starts again at 10 in row 5 (2 times in all); it is counted on from there.",)


def test_rows_of_validation_below_those_of_training_are_no_second_run():
    rows = "".join(f"{n},{n},\n" for n in range(4)) + "".join(f"{n},,{n}\n" for n in range(4))
    log = read("epoch,loss,val_loss\n" + rows)
    assert [one.epochs.tolist() for one in log.pick()] == [[0, 1, 2, 3], [0, 1, 2, 3]]
    assert log.notes == ()


def test_curves_that_share_no_axis_are_counted_by_row():
    rows = "".join(f"{n},,{n},\n" for n in range(4)) + "".join(f",{n},,{n}\n" for n in range(4))
    log = read("epoch,step,loss,val_loss\n" + rows)
    train, validation = log.pick()
    assert (train.unit, validation.unit) == ("row", "row")
    np.testing.assert_array_equal(validation.epochs, [5, 6, 7, 8])
    assert [one.unit for one in log.series] == ["row", "row"]
