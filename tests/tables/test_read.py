"""Files as tables: every format, what is left out with its row, and any bytes at all."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from core.tables import NumberColumn, TextColumn, read_table

ROWS = {"truth": [1.5, 2.0, -3.25, 1e6], "model": [1.0, 2.5, np.nan, 1e6], "who": ["ann", "bob", "ann", "=1+1"]}


def written(kind: str, frame: pd.DataFrame | None = None) -> bytes:
    """A frame, or the rows, as a file of some format."""
    frame = pd.DataFrame(ROWS) if frame is None else frame
    if kind == "parquet":
        out = io.BytesIO()
        frame.to_parquet(out)
        return out.getvalue()
    if kind == "records":
        return frame.to_json(orient="records").encode()
    if kind == "lines":
        return frame.to_json(orient="records", lines=True).encode()
    if kind == "lists":
        return json.dumps(
            {name: list(column) for name, column in frame.astype(object).where(frame.notna(), None).items()}
        ).encode()
    text = frame.to_csv(index=False, sep={"csv": ",", "tsv": "\t", "semicolon": ";", "pipe": "|"}[kind],
                        decimal="," if kind == "semicolon" else ".")  # fmt: skip
    return text.encode()


@pytest.mark.parametrize("kind", ["csv", "tsv", "semicolon", "pipe", "records", "lines", "lists", "parquet"])
def test_every_format_gives_the_same_columns(kind):
    table = read_table(f"file.{kind}", written(kind))
    assert table.notes == ()
    assert list(table.columns) == list(ROWS)
    np.testing.assert_array_equal(table.numbers["truth"].values, ROWS["truth"])
    np.testing.assert_array_equal(table.numbers["model"].values, ROWS["model"])
    who = table.texts["who"]
    assert [who.texts[code] for code in who.codes] == ROWS["who"]
    assert len(table) == 4


@pytest.mark.parametrize("columns", [2, 3, 5])
@pytest.mark.parametrize("names", [True, False])
def test_decimal_commas_in_several_columns_are_no_separators(columns, names):
    head = ";".join(f"n{at}" for at in range(columns)) + "\n" if names else ""
    rows = [";".join(f"{row + at},{at + 1}" for at in range(columns)) for row in range(150)]
    table = read_table("a.csv", (head + "\n".join(rows)).encode())
    assert len(table) == 150
    assert [len(table.numbers), next(iter(table.numbers.values())).values[3]] == [columns, 3.1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_letters_of_every_encoding(encoding):
    table = read_table("a.csv", "größe,naïve\n1,2\n3,4\n".encode(encoding))
    assert list(table.columns) == ["größe", "naïve"]
    assert table.numbers["naïve"].values.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a;b\n1,5;2\n2,5;3\n", [1.5, 2.5]),  # a decimal comma
        ('a,b\n"1,500",2\n"12,000",3\n', [1500, 12000]),  # thousands
        ("a,b\n 1 ,2\n2.0,3\n", [1, 2]),
        ("a,b\n$ 3,2\nn/a,3\n", None),  # a price is text
        ("a,b\n12 %,2\n13 %,3\n", [12, 13]),
        ("a,b\n1e3,2\ninf,3\n", [1000, np.nan]),
        ('a,b\n"1",2\n"2",3\n', [1, 2]),
        ("a,b\nTRUE,2\nFALSE,3\n", None),
    ],
)
def test_how_numbers_may_be_written(text, values):
    column = read_table("a.csv", text.encode()).columns["a"]
    if values is None:
        assert isinstance(column, TextColumn)
    else:
        np.testing.assert_array_equal(column.values, values)


def test_what_is_not_understood_is_said_with_its_row():
    text = "truth,model\n1,2\n2,abc\n3,3,3\n4,4\n5,5\n6,x\n7,7\n8,8\n9,9\n10,1\n11,1\n12,2\n"
    table = read_table("a.csv", text.encode())
    assert table.notes == (
        "Row 4 has 3 cells where 2 are named; it is left out.",
        "Row 3: “abc” in “model” is no number, nor are 1 more cells of this column.",
    )
    assert table.rows.tolist() == [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert np.flatnonzero(np.isnan(table.numbers["model"].values)).tolist() == [1, 4]


def test_a_file_without_names_and_names_that_come_twice():
    table = read_table("a.csv", b"1,2\n3,4\n")
    assert list(table.columns) == ["column 1", "column 2"]
    assert "names" in table.notes[0]
    assert list(read_table("a.csv", b"a,a,,a\n1,2,3,4\n").columns) == ["a", "a (2)", "column 3", "a (3)"]


def test_dates_are_seconds():
    table = read_table("a.csv", b"day,y\n1970-01-02,1\n1970-01-03T12:00:00,2\n")
    assert table.numbers["day"].is_time
    assert table.numbers["day"].values.tolist() == [86400, 216000]
    late = read_table("a.csv", b"day,y\n9999-12-31,1\n0001-01-01,2\n").numbers["day"]
    assert late.is_time
    assert late.values.tolist() == [253402214400, -62135596800]
    frame = pd.DataFrame({"when": pd.to_datetime(["1970-01-02", None]), "y": [1, 2]})
    out = io.BytesIO()
    frame.to_parquet(out)
    when = read_table("a.parquet", out.getvalue()).numbers["when"]
    assert when.is_time
    np.testing.assert_array_equal(when.values, [86400, np.nan])


def test_columns_are_kept_small_and_exact():
    for values, kind in (
        ([0, 1, 1], np.int8),
        ([0, 300, 1], np.int16),
        ([0.5, np.nan, 2], np.float32),
        ([0.1, 1], np.float64),
    ):
        column = NumberColumn.of(np.array(values, dtype=float))
        assert column.kept.dtype == kind
        np.testing.assert_array_equal(column.values, values)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\xff" * 50, "not text"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"PAR1 and no more", "damaged"),
        (b"[1, 2, 3]", "no records"),
        (b'{"a": {"b": 1', "breaks off"),
        (b"only one line of words", "no row of data"),
        (b"x" * (50 * 2**20 + 1), "at most 50 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, says):
    table = read_table("a.csv", content)
    assert not table.columns
    assert len(table) == 0
    assert says in table.notes[0]


def test_numbers_of_json_are_exact_and_a_boolean_is_one_or_none():
    records = [{"large": 2**53 + 1, "beyond": 10**400, "flag": True, "mixed": "1.5", "gap": None},
               {"large": -1, "beyond": 2, "flag": False, "mixed": 2, "gap": 0.1}]  # fmt: skip
    for content in (json.dumps(records), "\n".join(map(json.dumps, records))):
        table = read_table("a.json", content.encode())
        expected = {
            "large": [2.0**53, -1],
            "beyond": [np.nan, 2],
            "flag": [1, 0],
            "mixed": [1.5, 2],
            "gap": [np.nan, 0.1],
        }
        for name, values in expected.items():
            np.testing.assert_array_equal(table.numbers[name].values, values, name)


def test_two_records_on_one_line_are_none():
    table = read_table("a.jsonl", b'{"a": 1}\n{"a": 2} {"a": 3}\n{"a": 4}\n')
    assert table.numbers["a"].values.tolist() == [1, 4]
    assert table.notes == ("Line 2 is no JSON; it is left out.",)


def test_half_a_letter_is_a_question_mark():
    table = read_table("a.json", b'[{"who": "a\\ud83d", "\\ud83d": 1}, {"who": "b", "\\ud83d": 2}]')
    assert table.texts["who"].texts == ("a?", "b")


@pytest.mark.parametrize("kind", ["csv", "semicolon", "records", "lines", "parquet"])
def test_the_share_that_is_read_grows_to_the_end(kind):
    frame = pd.DataFrame({name: values * 10_000 for name, values in ROWS.items()})
    shares: list[float] = []
    table = read_table("a", written(kind, frame), shares.append)
    assert len(table) == len(frame)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.6
    assert 0.5 < shares[-1] <= 1


def test_only_bytes():
    with pytest.raises(ValueError, match="must be the bytes"):
        read_table("a.csv", "text")


@pytest.mark.parametrize(
    ("cells", "second"),
    [
        (["31.12.2025", "01.01.2026"], "2026-01-01"),
        (["31.12.2025 23:30", "1.1.2026 00:15"], "2026-01-01 00:15"),
        (["12/31/2025", "01/02/2026"], "2026-01-02"),
        (["31/12/2025", "01/02/2026"], "2026-02-01"),
    ],
)
def test_dates_as_spreadsheets_write_them(cells, second):
    column = read_table("a.csv", f"day;n\n{cells[0]};1\n{cells[1]};2\n".encode()).numbers["day"]
    assert column.is_time
    assert column.values[1] == pd.Timestamp(second, tz="UTC").timestamp()


def test_dates_of_which_nobody_can_say_what_is_the_day_are_text():
    assert "day" in read_table("a.csv", b"day,n\n01/02/2026,1\n03/04/2026,2\n").texts
