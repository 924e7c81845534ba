"""Detects the format of a text by its lines: JSON, a table, or a text log."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from core.logs.console.masks import NUMBER, PLACEHOLDER
from core.logs.console.parser import parse_template

WINDOW = 2**16  # letters that are read at the beginning, in the middle and at the end
MAX_LINES = 150  # of each of them
LONGEST_LINE = 2000
EQUAL_SHARE = 0.8  # of the lines with equally many cells, in a table
NAMED_SHARE = 0.3  # of the lines with numbers that name one, in a text log
JSON, TABLE, TEXT_LOG = "JSON", "table", "text log"
_JSON = re.compile(
    r"""\s*(?:\{\s*(?:"|\}|$)
      |\[\s*(?:[{\[\]"]|$|(?:-?\d[\d.eE+-]*|-?Infinity|NaN|null|true|false)\s*(?:,|$|\]\s*(?:$|[,\]]))))""",
    re.VERBOSE,
)
_JSON_LINE = re.compile(r"""\s*(?:[{}\[\]",\]]|-?\d[\d.eE+-]*,?$)""")
_QUOTED = re.compile(r'"[^"\n]*"|tensor\([^)\n]*\)|array\([^)\n]*\)')
_NAMED = re.compile(
    r"[A-Za-z_)\]'](?::|\s?=)\s?['\"]?[-+]?[\d.]|[A-Za-z_]{2,}\s[-+]?[\d.]|[A-Za-z_]:\s+[-+]?(?:\d|nan|inf)"
)
_NUMERIC = re.compile(r"[-+]?(?:\d[\d.,]*(?:[eE][-+]?\d+)?|\.\d+|nan|inf)%?", re.IGNORECASE)


@dataclass(frozen=True)
class DetectedFormat:
    """`format`: JSON, TABLE or TEXT_LOG. `why`: a sentence on the reason.

    `has_columns`: most lines have equally many cells, so that a text log without any metric may still be a table.
    """

    format: str
    why: str
    has_columns: bool = False


def detect_format(text: str) -> DetectedFormat:
    """The format of a text. The cost does not grow with its length: at most 450 lines are read."""
    lines = _sample(text)
    if _JSON.match(text[:WINDOW]):
        own = [line for line in lines[1:] if not _JSON_LINE.match(line) and _NAMED.search(line)]
        if 2 * len(own) <= len(lines):
            return DetectedFormat(JSON, "It begins as JSON.")
    numbered = [line for line in lines if re.search(r"\d", line)]
    if not numbered:
        return DetectedFormat(TABLE, "No line holds a number.")
    bare = [_QUOTED.sub("q", line) for line in numbered]
    named = sum(bool(_NAMED.search(line)) for line in bare)
    separator = _common_separator(lines)
    if separator and _has_header(lines, separator):
        return DetectedFormat(TABLE, f"Most lines have as many cells as the first, parted by {separator!r}.")
    if separator and _has_bare_numbers(bare, separator):
        return DetectedFormat(TABLE, f"The cells behind the first, parted by {separator!r}, are numbers without names.")
    if named >= NAMED_SHARE * len(numbered):
        why = f"{named} of {len(numbered)} lines with numbers name them, as in 'loss: 0.5'."
        return DetectedFormat(TEXT_LOG, why, has_columns=bool(separator))
    if separator:
        return DetectedFormat(TABLE, f"Most lines have equally many cells, parted by {separator!r}.")
    if _is_number_table(lines):
        return DetectedFormat(TABLE, "The lines are numbers, equally many in each.")
    if named > 1 or _has_titled_table(lines):
        return DetectedFormat(
            TEXT_LOG, "Some lines name their numbers, and the lines are no rows of equally many cells."
        )
    return DetectedFormat(TABLE, "No line names a number.")


def explain_unreadable(text: str) -> str:
    """One sentence on a text with numbers of which no line could be read: what it seems to be, and what to do."""
    lines = _sample(text)
    numbered = [line for line in lines if re.search(r"\d", line)]
    if any(line.startswith("Traceback (most recent call last)") for line in lines):
        return ("The file seems to be an error message of Python, and no line of it names a loss: drop what the run "
                "printed before.")  # fmt: skip
    settings = [match[1] for line in numbered if (match := re.match(r"\s*[-\"']*([\w.-]+)[\"']?\s*[:=]\s*\S", line))]
    if len(set(settings)) == len(settings) > 0.6 * len(numbered):
        return ("The file seems to be the settings of a run: each name stands there once. Drop what the run printed or "
                "logged while it trained.")  # fmt: skip
    return ("The file seems to be a text with numbers, but no line names a loss, as 'epoch 3 loss 0.5 val_loss 0.6' "
            "does: print such a line each epoch, or drop a CSV with a row each epoch.")  # fmt: skip


def _sample(text: str) -> list[str]:
    """Lines that are not blank, from the beginning, the middle and the end of a text."""
    if len(text) <= 3 * WINDOW:
        windows = [text]
    else:
        middle = len(text) // 2
        windows = [text[:WINDOW], text[middle : middle + WINDOW], text[-WINDOW:]]
    lines: list[str] = []
    for at, window in enumerate(windows):
        own = [line[:LONGEST_LINE] for line in window.split("\n") if line.strip()]
        own = own[1:] if at and len(own) > 1 else own  # the first may be cut
        if len(windows) == 1 and len(own) > 3 * MAX_LINES:
            middle = len(own) // 2
            own = own[:MAX_LINES] + own[middle : middle + MAX_LINES] + own[-MAX_LINES:]
        lines += own if len(windows) == 1 else own[:MAX_LINES]
    return lines


def _common_separator(lines: list[str]) -> str:
    """The separator that cuts nearly all lines into equally many cells; "" where none does."""
    for mark in "\t;,|":
        counts = Counter(line.count(mark) for line in lines)
        count, agree = counts.most_common(1)[0]
        if count and agree >= EQUAL_SHARE * len(lines):
            return mark
    return ""


def _has_header(lines: list[str], mark: str) -> bool:
    """True where a line of names stands above lines with equally many cells."""
    for line in lines[:5]:
        cells = _QUOTED.sub("q", line).split(mark)
        if len(cells) > 1 and line.count(mark) == lines[-1].count(mark):
            return not any(_NUMERIC.fullmatch(cell.strip()) or _NAMED.search(cell) for cell in cells) and not re.search(
                r"[:=]\s*(?:$|\S)", "".join(cells)
            )
    return False


def _has_bare_numbers(lines: list[str], mark: str) -> bool:
    """True for lines such as "Epoch 3,0.5": only the first cell names a number."""
    rows = [line.split(mark)[1:] for line in lines]
    if any(_NAMED.search(cell) for row in rows for cell in row):
        return False
    return sum(any(_NUMERIC.fullmatch(cell.strip()) for cell in row) for row in rows) >= EQUAL_SHARE * len(rows)


def _is_number_table(lines: list[str]) -> bool:
    """True where nearly all lines are equally many numbers between spaces; a line of names may stand above."""
    cells = [line.split() for line in lines]
    width = Counter(map(len, cells)).most_common(1)[0][0]
    own = [row for row in cells if len(row) == width]
    numbers = [row for row in own if sum(bool(_NUMERIC.fullmatch(cell)) for cell in row) * 2 >= width]
    return (
        len(own) >= EQUAL_SHARE * len(lines)
        and len(numbers) >= EQUAL_SHARE * (len(lines) - 1)
        and len(cells[0]) == width
    )


def _has_titled_table(lines: list[str]) -> bool:
    """True where a table with column names stands between lines of text."""
    titles: tuple[tuple[str, ...], ...] = ()
    found = 0
    for line in lines:
        one = parse_template(NUMBER.sub(PLACEHOLDER, line))
        titles = one.titles or titles
        found += any(len(heads) == len(cells) for heads, cells in zip(titles, one.cells, strict=False))
    return found > 1
