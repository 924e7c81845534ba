"""Turns the cells of a column, as text, into a column of numbers or of text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.names.words import printable
from core.logs.tables.cells import EMPTY, THOUSANDS, parse_cell
from core.tables.table import Column, NumberColumn, TextColumn

NUMERIC_SHARE = 0.8  # of the cells that are not empty, from which a column is one of numbers
TIME_SHARE = 0.9
SAMPLE = 2000  # cells that decide whether a long column is worth reading as numbers, or as times
EMPTY_CELLS = sorted({cell for cell in EMPTY if cell is not None} | {"nan", "NaN", "NAN", "NaT", "?", "."})
FIRST_MOMENT, LAST_MOMENT = np.datetime64("0001-01-01", "us"), np.datetime64("9999-12-31T23:59:59", "us")
SHOWN = 40  # letters of a cell in a note
# How dates are written beside ISO 8601. With slashes the day or the month comes first.
DOTTED = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y")
SLASHED = tuple((f"%m/%d/%Y{time}", f"%d/%m/%Y{time}") for time in ("", " %H:%M", " %H:%M:%S"))


def read_column(
    cells: pa.ChunkedArray, name: str, rows: np.ndarray, *, decimal_comma: bool
) -> tuple[Column, list[str]]:
    """The column of some cells of text, null where empty, and notes on cells that are no numbers.

    rows: int64 [n], the row of each cell in the file. decimal_comma: 1,234 is a little more than 1, not a thousand.
    """
    try:
        return NumberColumn.of(floats(pc.cast(cells, pa.float64()))), []
    except pa.ArrowInvalid:
        pass
    encoded = cells.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    if share_of_numbers(texts[:SAMPLE], decimal_comma=decimal_comma) >= NUMERIC_SHARE / 2:
        values = parse_texts(texts, decimal_comma=decimal_comma)
        wrong = np.isnan(values)
        found = np.append(values, np.nan)[codes]
        filled = codes >= 0
        if filled.any() and np.isfinite(found[filled]).mean() >= NUMERIC_SHARE:
            at = np.flatnonzero(filled & np.append(wrong, False)[codes])
            return NumberColumn.of(found), not_numbers(name, [texts[codes[one]] for one in at[:1]], rows[at])
    times = read_times(texts)
    if times is not None:
        return NumberColumn.of(np.append(times, np.nan)[codes], is_time=True), []
    return text_column(codes, texts), []


def floats(cells: pa.ChunkedArray) -> np.ndarray:
    """Numbers as float64 [n], NaN where there is none; infinities too are none."""
    values = pc.cast(cells, pa.float64()).to_numpy().astype(np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def text_column(codes: np.ndarray, texts: Sequence[object]) -> TextColumn:
    """The column of text whose cells are `texts[codes]`, with every text as one printable line, once."""
    shown = [printable(text) for text in texts]
    names = {text: at for at, text in enumerate(dict.fromkeys(shown))}
    new = np.array([*(names[text] for text in shown), -1], np.int32)
    return TextColumn(new[codes], tuple(names))


def share_of_numbers(texts: Sequence[str], *, decimal_comma: bool) -> float:
    """The share of the texts that are numbers."""
    return float(np.isfinite(parse_texts(texts, decimal_comma=decimal_comma)).mean()) if len(texts) else 0.0


def parse_texts(texts: Sequence[str], *, decimal_comma: bool) -> np.ndarray:
    """The texts as numbers, float64 [texts]; NaN where one is no number."""
    with_comma = [text for text in texts[:SAMPLE] if "," in text]
    thousands = not decimal_comma and all(THOUSANDS.fullmatch(text) for text in with_comma)
    values = np.full(len(texts), np.nan)
    for at, text in enumerate(texts):
        try:
            value = parse_cell(text, thousands=thousands)
        except ValueError:
            continue
        values[at] = np.nan if value is None or not np.isfinite(value) else value
    return values


def read_times(texts: Sequence[str]) -> np.ndarray | None:
    """Dates and times as seconds since 1970, float64 [texts]; None unless nearly all texts are some."""
    if not len(texts) or not any(letter.isdigit() for letter in texts[0]):
        return None
    sample = texts[:SAMPLE]
    for format_ in ("ISO8601", *(DOTTED if "." in texts[0] else ())):
        if share_of_times(sample, format_) >= TIME_SHARE:
            return seconds(as_times(texts, format_))
    for formats in SLASHED if "/" in texts[0] else ():
        # All dates of one of them, and not of the other: else nobody can say which number is the day.
        fits = [format_ for format_ in formats if share_of_times(texts, format_) == 1]
        if len(fits) == 1:
            return seconds(as_times(texts, fits[0]))
    return None


def as_times(texts: Sequence[str], format_: str) -> pd.Series:
    """The texts as moments in UTC, NaT where one is none of this format."""
    return pd.to_datetime(pd.Series(texts), errors="coerce", format=format_, utc=True)


def share_of_times(texts: Sequence[str], format_: str) -> float:
    """The share of the texts that are moments of this format."""
    return float(as_times(texts, format_).notna().mean())


def seconds(times: pd.Series) -> np.ndarray:
    """Moments in UTC as seconds since 1970, float64 [n]; NaN where there is none, or outside the years 1 to 9999."""
    since = times.dt.tz_convert(None).to_numpy().astype("datetime64[us]")
    there = (since >= FIRST_MOMENT) & (since <= LAST_MOMENT)
    return np.where(there, since.astype(np.int64) / 1e6, np.nan)


def not_numbers(name: str, first: Sequence[str], rows: np.ndarray) -> list[str]:
    """A note on the cells of a column of numbers that are none; `first` holds the first of them."""
    if not len(rows):
        return []
    rest = f", nor are {len(rows) - 1} more cells of this column" if len(rows) > 1 else ""
    return [f"Row {rows[0]}: “{printable(first[0])[:SHOWN]}” in “{name}” is no number{rest}."]
