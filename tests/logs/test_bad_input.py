"""What else a person may drop: one clear sentence for each, and nothing lost of what can be read."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from core.logs import MAX_BYTES, read_log
from tests.logs.cases import FILES, check, curve, epochs, read, values


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("log.csv", "epoch,loss\n0,1\n")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \r\n\t", "The file is empty."),
        (b"\xef\xbb\xbf\n", "The file is empty."),
        (b"\0" * 100, "The file is empty."),
        (b"\b" * 100, "The file is empty."),
        (b"\x1b[0m" * 100, "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "The file is a PNG picture."),
        (gzip.compress(gzip.compress(b"epoch,loss\n0,1\n")), "The file is packed with gzip twice: unpack it first."),
        (gzip.compress(b" \n"), "The file is empty."),
        (
            b"\x1f\x8b\x08 and no more",
            "The file is packed with gzip, but it is damaged: save it again, or unpack it first.",
        ),
        (gzip.compress(bytes(MAX_BYTES + 1)), "The file unpacks to more than 50 MB; at most 50 MB are read."),
        (
            zipped(),
            "The file is a ZIP archive (as are .xlsx, .npz and .pt): unpack it, or save the table as CSV.",
        ),
        (b"%PDF-1.7\n", "The file is a PDF document."),
        (b"\x80\x04\x95\x10", "The file is a Python pickle, which is never opened here: save the log as CSV."),
        (
            b"\x18\0\0\0\0\0\0\0\xa3\x7fK\x22\t\0\0\xc0\x1d\x1ay\xd9A\x1a\rbrain.Event:2",
            "The file is a TensorBoard event file: download the curve as CSV in TensorBoard.",
        ),
        (b"<!DOCTYPE html><html><body>404</body>", "The file is a web page (HTML): download the log itself."),
        (b"<?xml version='1.0'?><log/>", "The file is XML: save the log as CSV or JSON."),
        (bytes(range(256)) * 4, "The file is not text: most of its bytes are no letters or digits."),
        (b"[" * 100_000, "The JSON is nested too deeply to be read."),
        (b'{"a":' * 100_000, "The JSON is nested too deeply to be read."),
        (b'{"log_his', "The file begins as JSON, but it breaks off or is wrong before anything could be read."),
        (b"1," * (MAX_BYTES // 2) + b"1", "The file has 50.0 MB; at most 50 MB are read."),
        (b"hello", "There is no number in the file."),
        (b"epoch,loss\n", "There is no number in the file."),
        (b"name,loss\na,b\nc,d\n", "There is no number in the file."),
        (b"[]", "There is no number in the file."),
        (b"{}\n{}\n", "There is no number in the file."),
        (
            b'{"log_history": []}',
            "The run logged nothing: its log_history is empty; train with smaller logging_steps.",
        ),
        (b"Traceback (most recent call last):\n  KeyError: 'loss'\n", "There is no number in the file."),
        (b"epoch\n0\n1\n", "There is no curve in the file."),
    ],
)
def test_a_file_without_a_curve_says_why(content, sentence):
    log = read_log("log", content)
    check(log)
    assert log.series == ()
    assert log.notes == (sentence,)
    assert log.pick() == (None, None)


EPOCHS = "epoch,loss\n"


@pytest.mark.parametrize(
    ("text", "points", "sentence"),
    [
        ("0,1\n", [(0, 1)], "There is only one row: a point, no curve."),
        ("0,5\n1,4\n1,3\n2,2\n", [(0, 5), (1, 3), (2, 2)], "Epoch 1 is there more than once; the last one counts."),
        (
            "0,5\n1,4\n2,3\n1,4.5\n2,3.5\n3,1\n",
            [(0, 5), (1, 4.5), (2, 3.5), (3, 1)],
            "In row 5 the epoch goes back to 1 and the loss goes on from there: the run was resumed, and 2 earlier "
            "rows count no more.",
        ),
        ("0,5\n1,4\n5,3\n6,2\n", [(0, 5), (1, 4), (5, 3), (6, 2)], "Epochs 2 to 4 are missing."),
        ("0,5\n1,4\n3,3\n4,2\n", [(0, 5), (1, 4), (3, 3), (4, 2)], "Epoch 2 is missing."),
        ("0,5\n5,4\n10,3\n25,2\n", [(0, 5), (5, 4), (10, 3), (25, 2)], "Epochs 15 to 20 are missing."),
        ("0,5\n2,4\n1,3\n", [(0, 5), (1, 3), (2, 4)], "The epoch falls in row 4; the points are put in order."),
        ("0,5\n,4\n2,3\n", [(0, 5), (2, 3)], "Row 3 has no epoch; it is left out."),
        ("0,5\nx,4\n2,3\n", [(0, 5), (2, 3)], "Row 3: 'x' in column epoch is no number; it is left out."),
        ("0,5\nnan,4\n2,3\n", [(0, 5), (2, 3)], "Row 3 has no epoch; it is left out."),
        ("0,5\n1,abc\n2,3\n", [(0, 5), (2, 3)], "Row 3: 'abc' in column loss is no number; it is left out."),
        (
            "0,5\n1,abc\n2,3\n3,?\n4,2\n",
            [(0, 5), (2, 3), (4, 2)],
            "Column loss has 2 cells that are no numbers, the first in row 3 ('abc'); they are left out.",
        ),
        (
            "0,5\n1\n2,3\n",
            [(0, 5), (2, 3)],
            "Row 3 has 1 cell where the header has 2; the missing ones count as empty.",
        ),
        (
            "0,5\n1,4,9\n2,3\n",
            [(0, 5), (1, 4), (2, 3)],
            "Row 3 has 3 cells where the header has 2; the extra ones are columns of their own.",
        ),
        ("0,5\n1,\n2,3\n", [(0, 5), (2, 3)], None),
        ("0,5\n1,NA\n2,null\n3,2\n", [(0, 5), (3, 2)], None),
        (
            '0,5\n1,"4\n2,3\n',
            [(0, 5), (1, 4), (2, 3)],
            "A quotation mark in row 3 is not closed there; all such marks are read as plain text.",
        ),
        (
            "0,5\n1,4\n\0\0\0\0",
            [(0, 5), (1, 4)],
            "The file holds zero bytes, as a crash leaves them; they are left out.",
        ),
    ],
)
def test_what_is_amiss_is_said_and_the_rest_is_read(text, points, sentence):
    log = read(EPOCHS + text)
    check(log)
    assert list(zip(epochs(log, "loss"), values(log, "loss"), strict=True)) == points
    assert sentence in log.notes if sentence else log.notes == ()


@pytest.mark.parametrize("nan", ["nan", "NaN", "NAN", "-nan", "-nan(ind)", "1.#QNAN", '"nan"', " nan "])
@pytest.mark.parametrize("inf", ["inf", "Inf", "Infinity", "+inf", "1.#INF", "1e999"])
def test_a_run_that_diverged_keeps_its_last_words(nan, inf):
    log = read(f"{EPOCHS}0,5\n1,{inf}\n2,-{inf.removeprefix('+')}\n3,{nan}\n4,{nan}\n")
    np.testing.assert_array_equal(values(log, "loss"), [5, np.inf, -np.inf, np.nan, np.nan])
    assert log.notes == ("Column loss is NaN or infinite from row 3 to the end.",)


def test_json_may_hold_nan_and_infinity():
    losses = ("1", "Infinity", "NaN", "1")
    log = read("\n".join(f'{{"epoch": {at}, "loss": {loss}}}' for at, loss in enumerate(losses)))
    np.testing.assert_array_equal(values(log, "loss"), [1, np.inf, np.nan, 1])
    assert "Column loss is NaN or infinite 2 times, first in row 2." in log.notes


def test_when_most_rows_share_an_epoch_nothing_is_dropped():
    log = read(EPOCHS + "".join(f"{row // 10},{row}\n" for row in range(100)))
    assert values(log, "loss") == list(range(100))
    assert log.notes == ("The epoch is the same in most rows; the points are counted by row.",)


def test_json_lines_with_a_broken_line():
    log = read(
        '{"step": 1, "loss": 3}\n{"step": 2, "lo\n{"step": 3, "loss": 1}\n[1]\n{"step": 4, "loss": 0.', "a.jsonl"
    )
    check(log)
    assert epochs(log, "loss") == [1, 3]
    assert log.notes == ("3 rows are no JSON objects, the first is row 2; they are left out.",)


def test_json_that_breaks_off_is_read_to_the_break():
    text = (FILES / "trainer_state.json").read_text()
    whole = read(text, "trainer_state.json")
    cut = text.index('"step": 15') + 5
    log = read(text[:cut], "trainer_state.json")
    assert log.format == whole.format
    assert values(log, "loss") == values(whole, "loss")[:5]
    assert log.notes[0] == f"The JSON breaks off in row {text[:cut].count(chr(10)) + 1}; what comes before is read."
    history = read('{"loss": [3, 2, 1], "val_loss": [3, 2.5', "history.json")
    assert values(history, "loss") == [3, 2, 1]
    assert values(history, "val_loss") == [3]


@pytest.mark.parametrize(
    ("name", "text", "kind", "note"),
    [
        ("log.csv", '{"loss": 1}\n{"loss": 2}\n', "JSON Lines", "ends in .csv, but it holds JSON"),
        ("log.json", "loss\n1\n2\n", "CSV", "ends in .json, but it holds rows and cells"),
        ("log.jsonl", "loss;b\n1;1\n2;1\n", "CSV", "ends in .jsonl, but it holds rows and cells"),
        ("log.csv", "[epoch],loss\n1,1\n2,1\n", "CSV", ""),
        ("no ending", '{"loss": 1}\n{"loss": 2}\n', "JSON Lines", ""),
        ("log.txt", "loss\n1\n2\n", "CSV", ""),
    ],
)
def test_the_content_counts_and_not_the_name(name, text, kind, note):
    log = read(text, name)
    assert log.format == kind
    assert values(log, "loss") == [1, 2] or values(log, "loss") == [1, 1]
    assert any(note in sentence for sentence in log.notes) if note else "ends in" not in " ".join(log.notes)


def test_ten_thousand_columns_and_more():
    for count in (10_000, 10_001):
        log = read("\n".join(",".join(f"{word}{at}" for at in range(count)) for word in ("c", "", "")))
        assert len(log.series) == 10_000
        assert ("There are more than 10000 columns; the first 10000 are read." in log.notes) == (count > 10_000)


def test_very_long_lines_cells_and_names():
    log = read("epoch,loss," + "x" * 200_000 + "\n0,1,2\n1,2," + "y" * 300_000 + "\n2,3,4\n3,4,5\n")
    check(log)
    assert values(log, "loss") == [1, 2, 3, 4]
    assert log.columns[2] == "x" * 79 + "…"
    quoted = read('epoch,loss,note\n0,1,a\n1,2,"' + "y" * 200_000 + '"\n2,3,b\n')
    assert values(quoted, "loss")[0] == 1
    assert values(quoted, "loss")[-1] == 3


def test_names_are_one_printable_line():
    log = read('[{"lo\\u0000ss\\n": 1, "\\ud800": 1, "\\u202e<script>": 1}, {"lo\\u0000ss\\n": 2}]', "a\n\ud800.json")
    check(log)
    assert log.columns == ("lo ss", "column 2", "<script>")
    assert log.name == "a .json"


@pytest.mark.parametrize("content", ["text", None, 5, ["a"]])
def test_only_bytes_are_read(content):
    with pytest.raises(ValueError, match=r"^content must be the bytes of the file, got "):
        read_log("log.csv", content)


def test_the_bytes_stay_as_they_are_and_the_log_is_the_same_each_time():
    content = (FILES / "lightning.csv").read_bytes()
    before = bytes(bytearray(content))
    first, second = read_log("a.csv", content), read_log("a.csv", content)
    assert content == before
    assert first.notes == second.notes
    for one, other in zip(first.series, second.series, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    with pytest.raises(ValueError, match="read-only"):
        curve(first, "val_loss").values[0] = 1


@pytest.mark.parametrize("depth", [5, 9, 50, 300, 600, 900, 990, 1100, 5000])
def test_nesting_of_any_depth(depth):
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        inner = opening * depth + "1" + closing * depth
        for text in (
            inner,
            f'{{"loss": {inner}}}\n' * 3,
            f'{{"loss": [{inner}, {inner}]}}',
            inner[: len(inner) // 2 + 1],
        ):
            check(read(text, "a.json"))
