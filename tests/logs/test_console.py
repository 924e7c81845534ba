"""Lines of text logs: where their values stand, and which lines hold none."""

import numpy as np
import pytest

from core.logs import read_log
from core.logs.console.reader import read_console
from tests.logs.cases import check
from tests.logs.printed import log_of, path_of


def text(*lines):
    return read_console("\n".join(lines) + "\n")


def column(table, name):
    return table.columns[name].values.tolist()


def test_every_value_stands_at_its_count_and_in_its_line():
    name = "k03f_commas_read_as_table.txt"
    table = log_of(name).table
    lines = path_of(name).read_text().splitlines()
    for key, start in (("loss_train", "phase train, step {}, loss_train, "), ("val_loss", "val_loss: ")):
        steps = dict(zip(table.columns["step"].rows.tolist(), column(table, "step"), strict=True))
        own = table.columns[key]
        for row, value in zip(own.rows.tolist(), own.values.tolist(), strict=True):
            assert lines[row - 1].endswith(start.format(int(steps[row])) + f"{value:.4f}")


def test_a_step_inside_an_epoch_makes_fractions_of_it():
    _, table = text(*(f"epoch {at} batch {step}/4 loss {at + step}" for at in (1, 2, 3) for step in (2, 4)))
    assert column(table, "epoch") == [0.5, 1, 1.5, 2, 2.5, 3]
    _, table = text(*(f"epoch {at} step {100 * at + step} loss 1" for at in (1, 2, 3) for step in (25, 50)))
    assert column(table, "epoch") == [1, 1, 2, 2, 3, 3]
    assert column(table, "step") == [125, 150, 225, 250, 325, 350]


def test_validation_of_an_epoch_is_its_last_line_and_stands_at_its_end():
    lines = [f"{whose} epoch {at} [{step}/2] loss {at}.{step}" for at in (1, 2, 3) for whose in ("train", "val")
             for step in (1, 2)]  # fmt: skip
    _, table = text(*lines)
    assert column(table, "train/loss") == [1.1, 1.2, 2.1, 2.2, 3.1, 3.2]
    assert column(table, "val/loss") == [1.2, 2.2, 3.2]
    rows = table.columns["val/loss"].rows
    epochs = dict(zip(table.columns["epoch"].rows.tolist(), column(table, "epoch"), strict=True))
    assert [epochs[row] for row in rows.tolist()] == [1, 2, 3]


def test_a_progress_bar_counts_by_its_last_state_or_by_each_where_there_is_one_epoch():
    def states(at):
        return [f"Epoch {at}: {25 * step}%|██  | {step}/4 [00:01<00:02, loss={at}.{step}]" for step in range(5)]

    _, table = text(*states(1), *states(2), *states(3))
    assert column(table, "loss") == [1.4, 2.4, 3.4]
    assert column(table, "epoch") == [1, 2, 3]
    _, table = text(*states(1))
    assert column(table, "loss") == [1.1, 1.2, 1.3, 1.4]
    assert column(table, "epoch") == [0.25, 0.5, 0.75, 1]


def test_bars_without_a_word_of_epochs_are_epochs():
    lines = [f"{50 * step}%|█ | {step}/2 [00:01<00:02, loss={at}.{step}]" for at in (1, 2, 3) for step in (1, 2)]
    _, table = text(*lines)
    assert column(table, "epoch") == [1, 2, 3]
    assert column(table, "loss") == [1.2, 2.2, 3.2]
    assert table.notes == ("No line names the epoch; each time the progress bar starts again counts as one.",)


def test_an_epoch_that_is_named_after_its_numbers():
    _, table = text(*(line for at in (1, 2, 3) for line in (f"loss: 0.{at}", f"Epoch {at} took 3s")))
    assert column(table, "epoch") == [1, 2, 3]


def test_what_is_printed_once_is_no_curve_and_settings_are_none():
    _, table = text("lr: 0.1", "dropout: 0.5", *(f"epoch {at} loss 0.{at}" for at in (1, 2)), "final score: 0.7")
    assert list(table.columns) == ["epoch", "loss"]
    assert table.notes == ("Printed only once, so no curve: score.",)


def test_lines_without_a_count_are_counted_by_line():
    _, table = text("loss: 3", "some words", "loss: 2", "loss: 1")
    assert column(table, "loss") == [3, 2, 1]
    assert table.columns["loss"].rows.tolist() == [1, 3, 4]
    assert table.row_noun == "Line"


def test_a_decimal_comma():
    _, table = text("Epoche: 1 - loss: 1,7375", "Epoche: 2 - loss: 1,4406")
    assert column(table, "loss") == [1.7375, 1.4406]
    assert "A comma inside a number is read as a decimal comma." in table.notes


def test_a_loss_that_became_nan_is_kept():
    _, table = text("epoch 1 loss 3.5", "epoch 2 loss inf", "epoch 3 loss nan", "epoch 4 loss -nan")
    np.testing.assert_array_equal(column(table, "loss"), [3.5, np.inf, np.nan, np.nan])


def test_several_records_in_one_line():
    log = read_log(
        "a.log", b"{'loss': 3.0, 'epoch': 1.0}{'eval_loss': 4.0, 'epoch': 1.0} {'loss': 2.0, 'epoch': 2.0}\n"
    )
    check(log)
    assert column(log.table, "loss") == [3, 2]


@pytest.mark.parametrize(
    "words", ["hello world", "", "Epoch 1\nEpoch 2\n", "saw 5 dogs\nsaw 6 dogs\n", "0 1 2\n3 4 5\n"]
)
def test_what_names_no_number_is_no_text_log(words):
    assert read_console(words) is None


def test_the_settings_of_a_run_and_an_error_message_say_what_they_are():
    log = read_log("config.yaml", b"lr: 0.1\nbatch_size: 32\nepochs: 20\nseed: 1\n")
    assert log.notes[0].startswith("The file seems to be the settings of a run")
    log = read_log("a.log", b'Traceback (most recent call last):\n  File "a.py", line 5, in f\nValueError: n: 3\n')
    assert log.notes[0].startswith("The file seems to be an error message of Python")
    log = read_log("a.log", b"the cat: 5 dogs\nthe mouse: 7 dogs\n" * 3)
    check(log)
