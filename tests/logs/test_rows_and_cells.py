"""CSV of every kind: separators, decimal commas, quotation marks, encodings, missing names."""

import codecs

import numpy as np
import pytest

from core.logs import read_log
from tests.logs.cases import check, curve, epochs, read, values

PLAIN = "epoch,loss,val_loss\n0,0.5,0.6\n1,0.4,0.55\n2,0.25,0.5\n"


def same_as_plain(log):
    check(log)
    assert values(log, "loss") == [0.5, 0.4, 0.25]
    assert values(log, "val_loss") == [0.6, 0.55, 0.5]
    assert epochs(log, "loss") == [0, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", "  "),
        PLAIN.replace(",", " , "),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n"),
        PLAIN.rstrip(),
        "\n\n" + PLAIN,
        "sep=,\n" + PLAIN,
        "# " + PLAIN.replace(",", " "),
        PLAIN.replace(",loss,", ',"loss",').replace("0.5,", '"0.5",'),
        PLAIN.replace("0.5,", '" 0.5 ",'),
        PLAIN.replace("0.5,", "5e-1,").replace("0.4", "+.4"),
    ],
)
def test_the_same_table_written_otherwise(text):
    log = read(text)
    same_as_plain(log)
    assert log.notes == ()


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_decimal_commas(separator):
    log = read(PLAIN.replace(",", separator).replace(".", ","))
    same_as_plain(log)
    assert log.notes == ("A comma inside a number is read as a decimal comma (first in row 2).",)


def test_thousands_and_decimals_are_told_apart():
    log = read('loss;other\n"1.234,5";"1,234.5"\n0,5;2')
    assert values(log, "loss") == [1234.5, 0.5]
    assert values(log, "other") == [1234.5, 2]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
    ],
)
def test_encodings(encode):
    log = read_log("log.csv", encode(PLAIN))
    same_as_plain(log)
    assert log.notes == ()


def test_windows_1252_names_the_row():
    log = read_log("log.csv", "epoch,loss,größe €\n0,1,2\n1,2,3\n".encode("cp1252"))
    assert log.columns == ("epoch", "loss", "größe €")
    assert log.notes == ("Row 1 is not UTF-8; the file is read as Windows-1252, so a letter of a name may be wrong.",)


def test_names_that_are_missing():
    log = read("0,0.5,0.6\n1,0.4,0.55\n")
    assert log.columns == ("column 1", "column 2", "column 3")
    assert epochs(log, "column 2") == [0, 1]
    assert log.notes == (
        "Row 1 holds numbers and no names; the columns are named column 1 to 3.",
        "Column 1 counts up; it is taken as the step.",
        "No column is called a loss; choose one.",
    )
    one = read("0.5\n0.25\n")
    assert one.pick()[0].values.tolist() == [0.5, 0.25]


def test_the_index_of_pandas_is_no_curve_where_it_counts():
    log = read(",loss,val_loss\n0,0.5,0.6\n1,0.4,0.5\n")
    assert [series.name for series in log.series] == ["loss", "val_loss"]


def test_a_title_above_the_table():
    log = read("My run of Monday, seed 3\n\n" + PLAIN)
    same_as_plain(log)
    assert log.notes == ("Row 1 comes before the table and is left out.",)


def test_names_twice():
    log = read("epoch,loss,loss,loss\n0,1,2,3\n1,2,3,4\n")
    check(log)
    assert log.columns == ("epoch", "loss", "loss (2)", "loss (3)")
    assert log.notes == ("Column loss is there more than once; the later ones are numbered.",)


def test_the_names_again_where_a_log_goes_on():
    log = read(PLAIN + "epoch,loss,val_loss\n3,0.2,0.4\n")
    assert values(log, "loss") == [0.5, 0.4, 0.25, 0.2]
    assert log.notes == ("Row 5 repeats the names of the columns; what comes after is read on.",)


def test_rows_of_training_and_of_validation():
    log = read("phase,epoch,loss,lr\n" + "".join(f"train,{n},{5 - n},1\nval,{n},{6 - n},1\n" for n in range(4)))
    check(log)
    assert log.columns == ("epoch", "train/loss", "val/loss", "train/lr", "val/lr")
    assert [(one.name, one.unit, one.values.tolist()) for one in log.pick()] == [
        ("train/loss", "epoch", [5, 4, 3, 2]),
        ("val/loss", "epoch", [6, 5, 4, 3]),
    ]
    blocks = read("split,epoch,loss\n" + "".join(f"{who},{n},{n}\n" for who in ("Train", "Test") for n in range(3)))
    assert [one.epochs.tolist() for one in blocks.pick()] == [[0, 1, 2], [0, 1, 2]]
    assert blocks.notes == ()


def test_nan_that_only_fills_the_other_rows_counts_as_empty():
    rows = "".join(f"{n},{5 - n},nan\n{n},NaN,{6 - n}\n" for n in range(3))
    log = read("epoch,train_loss,val_loss\n" + rows)
    assert values(log, "train_loss") == [5, 4, 3]
    assert values(log, "val_loss") == [6, 5, 4]
    assert len(log.notes) == 1
    assert "NaN in rows that hold another's numbers" in log.notes[0]
    # A run that diverged: neither is finite any more, and that stays.
    ill = read("epoch,train_loss,val_loss\n" + rows + "3,nan,nan\n4,nan,nan\n")
    np.testing.assert_array_equal(values(ill, "train_loss"), [5, 4, 3, np.nan, np.nan])


def test_what_a_spreadsheet_would_run_is_text():
    log = read("epoch,loss,=cmd|' /C calc'!A0\n0,1,=1+1\n1,=2*3,@SUM(A1)\n2,3,+1-1\n")
    check(log)
    assert log.columns[2] == "=cmd|' /C calc'!A0"
    assert values(log, "loss") == [1, 3]
    assert log.notes == ("Row 3: '=2*3' in column loss is no number; it is left out.",)


def test_numbers_are_read_to_the_last_digit():
    numbers = np.random.default_rng(0).normal(size=300) * 10.0 ** np.random.default_rng(1).integers(-300, 300, 300)
    log = read("loss\n" + "\n".join(map(repr, numbers.tolist())))
    np.testing.assert_array_equal(curve(log, "loss").values, numbers)


def test_quotation_marks_that_swallow_rows_are_plain_text():
    log = read('epoch,loss\n0,5\n1,"4\n2,3\n3,"2\n4,1\n')
    assert values(log, "loss") == [5, 4, 3, 2, 1]
    assert log.notes[0].startswith("A quotation mark in row 3 is not closed there")


def test_a_cell_over_several_lines():
    log = read('epoch,weights,loss\n0,"[1 2\n 3 4]",5\n1,"[1 2\n 3 4]",4\n2,x,oops\n')
    assert values(log, "loss") == [5, 4]
    assert log.notes == ("Row 4: 'oops' in column loss is no number; it is left out.",)
