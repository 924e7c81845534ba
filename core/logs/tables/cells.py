"""A cell of a log as a number, however a tool prints it."""

from __future__ import annotations

import re
from typing import Any

# Keras writes NA, JavaScript null for a number that is not there. NaN is a number here: it is the message of a run.
EMPTY = frozenset(
    {
        None,
        "",
        "NA",
        "N/A",
        "n/a",
        "na",
        "<NA>",
        "#N/A",
        "None",
        "none",
        "null",
        "NULL",
        "nil",
        "No log",
        "-",
        "--",
        "–",
        "—",
    }
)
THOUSANDS = re.compile(r'[ "]*[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?[ "]*')
_WINDOWS = {"1.#inf": "inf", "-1.#inf": "-inf", "1.#qnan": "nan", "-1.#ind": "nan", "-nan(ind)": "nan", "-nan": "nan"}
_DIGITS = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER = rf"(?:{_DIGITS}|[+-]?(?:[nN]a[nN]|[iI]nf))"
_WRAPPED = re.compile(
    r"(?:(?:[\w.]{0,30}(?:[tT]ensor|[aA]rray|[fF]loat|[iI]nt|Decimal|Variable|Parameter|scalar)\d{0,3})?"
    rf"[(\[][(\[]*\s*({_NUMBER})\s*,?[])]*(?:,(?!\s*[-+.\d])[^()]*(?:\([^()]*\)[^()]*)*)?[])]+"
    rf"|<[^<>]{{0,200}}numpy=({_NUMBER})>)"
)
_SPREAD = re.compile(rf"({_NUMBER})\s*(?:±|\+/-|\+-|\()\s*{_NUMBER}\s*\)?")
_UNIT = re.compile(rf"({_DIGITS})\s*(%|(?![eE]$)[A-Za-zµ]{{1,4}}(?:/[A-Za-z]{{1,5}})?)")
_OF_TOTAL = re.compile(
    r"(?:(?:epoch|ep|step|iter|iteration|batch|round|it)s?)?\W{0,3}(\d+)(?:\s*(?:/|of)\s*\d+)?\W{0,2}", re.IGNORECASE
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d*)?")
_POWERS = {"k": 1e3, "K": 1e3}


class AnnotatedNumber(float):
    """A number with text around it: the cell is `before`, the number, `after`.

    `unit` is its unit ("%", "s"), "of" for 3/20, "" for a wrapping such as tensor(0.5).
    """

    unit: str
    before: str
    after: str

    @property
    def has_unit(self) -> bool:
        return self.unit not in ("", "of")


def parse_cell(cell: Any, is_counter: bool = False, thousands: bool = False) -> float | None:
    """A cell as a number; None for an empty one, an AnnotatedNumber where there was more. Raises ValueError for text.

    A comma is a decimal comma, unless a point comes after it, or `thousands` is set and it parts groups of three
    digits. In a counter (`is_counter`) "3/20" is 3. Nothing is ever evaluated: =1+1 is text.
    """
    if cell in EMPTY:
        return None
    if not isinstance(cell, str):
        return float(cell)
    plain = cell.strip().strip('"').strip()
    if plain in EMPTY or not plain.strip("-:"):  # the rule below the names of a table in Markdown
        return None
    try:
        return _parse_plain(plain, thousands)
    except ValueError:
        if len(plain) > 300:
            raise
    return _parse_annotated(plain, is_counter)


def _parse_plain(text: str, thousands: bool) -> float:
    """A number with a comma or a point in it. Raises ValueError for any other text."""
    if "," in text:
        if thousands and THOUSANDS.fullmatch(text):
            return float(text.replace(",", ""))
        # The last of the two marks is the decimal one: 1.234,5 and 1,234.5.
        grouping, decimal = (",", ".") if text.rfind(".") > text.rfind(",") else (".", ",")
        text = text.replace(grouping, "").replace(decimal, ".")
    return float(_WINDOWS.get(text.lower(), text))


def _parse_annotated(text: str, is_counter: bool) -> AnnotatedNumber:
    """A number in a wrapping, with a unit or of a total. Raises ValueError for any other text."""
    unit = ""
    if is_counter and (match := _OF_TOTAL.fullmatch(text)):
        found, unit = match[1], "of"
    elif match := _SPREAD.fullmatch(text) or _WRAPPED.fullmatch(text):
        found = next(group for group in match.groups() if group)
    elif match := _UNIT.fullmatch(text):
        found, unit = match[1], match[2]
    elif _GROUPED.fullmatch(text):
        found = re.sub(r"[ \u00a0\u202f']", "", text).replace(",", ".")
    else:
        raise ValueError(f"{text!r:.80} is no number")
    value = AnnotatedNumber(float(found) * _POWERS.get(unit, 1.0))
    value.unit = unit
    value.before, _, value.after = text.partition(found)
    return value


def strip_wrapping(cells: list[Any], like: AnnotatedNumber) -> list[float] | None:
    """These cells as numbers, where each has the text of `like` before and after its number; else None."""
    before, after = like.before, like.after
    if like.unit in _POWERS:
        return None
    start, end = len(before), len(after)
    try:
        if not all(cell.startswith(before) and cell.endswith(after) for cell in cells):
            return None
        return [float(cell[start : len(cell) - end]) for cell in cells]
    except (AttributeError, ValueError):
        return None
