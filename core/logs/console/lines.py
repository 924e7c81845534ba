"""Splits a text log into lines: for each its template and its numbers.

Each template is parsed once, and the numbers of all lines are converted together: a file costs about as much as a
search for its numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from core.logs.console.masks import NUMBER, PLACEHOLDER
from core.logs.console.parser import parse_template
from core.logs.console.template import LineTemplate
from core.logs.formats.decode import line_blocks

MAX_TEMPLATES = 5_000  # a log has a few hundred; a page of prose has one for each line
MAX_LIKELY_TEMPLATES = 15_000  # with a word such as loss or epoch
MAX_TEMPLATE_LETTERS = 3_000_000  # in all templates
MAX_LINE_LENGTH = 20_000
MAX_NUMBERS, MAX_LINES = 8_000_000, 1_500_000  # that are read; a log of 50 MB has fewer
_DECIMAL_COMMA = re.compile(r"[A-Za-z)\]'\"]\s?[:=]\s?['\"]?[-+]?\d+,\d{2,}(?![\d,.])")
_DECIMAL_POINT = re.compile(r"[A-Za-z)\]'\"]\s?[:=]\s?['\"]?[-+]?\d+\.\d")
_LOG_WORD = re.compile(r"loss|epoch|iter|step|err", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class ConsoleLines:
    """The n lines that hold a count, a metric or a heading."""

    rows: np.ndarray  # int64 [n], from 1
    templates: np.ndarray  # int64 [n], places in `known`
    starts: np.ndarray  # int64 [n], the place in `numbers` of the first number of each line
    numbers: np.ndarray  # float64, of all lines
    known: list[LineTemplate]


class TemplateIndex(dict[str, int]):
    """The places of templates in `known` by their text, each parsed when it is first asked for; -1 beyond the limit."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[LineTemplate] = []
        self.letters = 0
        self.beyond = 0

    def __missing__(self, text: str) -> int:
        most = MAX_LIKELY_TEMPLATES if _LOG_WORD.search(text) else MAX_TEMPLATES
        if len(self.known) >= most or self.letters > MAX_TEMPLATE_LETTERS:
            self.beyond += PLACEHOLDER in text
            return -1
        self.letters += len(text)
        self[text] = at = len(self.known)
        self.known.append(parse_template(text))
        return at


def parse_lines(text: str) -> tuple[ConsoleLines, list[str]]:
    """The informative lines of a text, and notes on the lines that are left out."""
    notes = []
    sample = text[: 2**18]
    comma = len(_DECIMAL_COMMA.findall(sample)) > 1 and not _DECIMAL_POINT.search(sample)
    if comma:
        notes.append("A comma inside a number is read as a decimal comma.")
    templates = TemplateIndex()
    parts: list[tuple[np.ndarray, ...]] = []
    first, count, too_long, size = 1, 0, 0, 0
    for lines in line_blocks(text):
        if count > MAX_NUMBERS or size > MAX_LINES:
            notes.append(f"The file has too many numbers for a log; it is read to line {first - 1}.")
            break
        places = [at for at, line in enumerate(lines) if line]
        rows = np.array(places, dtype=np.int64) + first
        first += len(lines)
        if not places:
            continue
        if len(places) < len(lines):
            lines = [lines[at] for at in places]
        if max(map(len, lines)) > MAX_LINE_LENGTH:
            too_long += sum(len(line) > MAX_LINE_LENGTH for line in lines)
            lines = [line if len(line) <= MAX_LINE_LENGTH else "" for line in lines]
        block = "\n".join(lines).replace(PLACEHOLDER, " ")
        if comma:
            block = re.sub(r"(?<=\d),(?=\d)", ".", block)
        pieces = NUMBER.split(block)
        texts = PLACEHOLDER.join(pieces[::2]).split("\n")
        ids = np.fromiter(map(templates.__getitem__, texts), np.int64, len(texts))
        counts = np.fromiter((text.count(PLACEHOLDER) for text in texts), np.int64, len(texts))
        informative = np.array([one.is_informative for one in templates.known] + [False])
        keep = informative[ids]
        if keep.any():
            numbers = np.array(pieces[1::2], dtype=object)[np.repeat(keep, counts)]
            values = _to_floats(numbers.tolist())
            starts = np.cumsum(counts[keep]) - counts[keep] + count
            parts.append((rows[keep], ids[keep], starts, values))
            count += len(values)
            size += int(keep.sum())
    if templates.beyond:
        notes.append(f"{templates.beyond} lines are unlike any other; they are left out.")
    if too_long:
        which = (
            "A line of more than 20000 letters is"
            if too_long == 1
            else f"{too_long} lines of more than 20000 letters are"
        )
        notes.append(f"{which} left out.")
    nothing = np.empty(0, np.int64)
    rows, ids, starts, numbers = (
        map(np.concatenate, zip(*parts, strict=True)) if parts else (nothing, nothing, nothing, np.empty(0))
    )
    return ConsoleLines(rows, ids, starts, numbers, templates.known), notes


def _to_floats(numbers: list[str]) -> np.ndarray:
    """Texts of numbers as float64 [n]; a comma in one parts thousands."""
    try:
        return np.fromiter(map(float, numbers), np.float64, len(numbers))
    except ValueError:
        return np.fromiter(map(float, "\n".join(numbers).replace(",", "").split("\n")), np.float64, len(numbers))
