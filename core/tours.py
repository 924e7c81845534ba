"""Lessons: a Markdown file of stops, each an address of the site, a text, a question and its answer.

Each file `assets/tours/<number>-<key>.md` is one; the numbers put them in order. This is all that it may hold:

    # The lesson's title

    What one learns, in one line.

    ## The stop's heading

    [Open](/loss-curves?huber.delta=1)

    One to three sentences.

    > A question.

    Answer: Its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "assets" / "tours"
NAME_OF_FILE = re.compile(r"\d+-(?P<key>[a-z0-9]+(-[a-z0-9]+)*)\.md")
LINK = re.compile(r"\[Open\]\((?P<address>/[^\s#]*)\)")
HEADING, QUESTION, ANSWER = "## ", "> ", "Answer: "
STARTS = ("# ", HEADING, "[", QUESTION, ANSWER)  # that tell one kind of paragraph from another; a text has none


@dataclass(frozen=True)
class Stop:
    """One view of the site, and what is said and asked about it."""

    heading: str
    address: str  # within the site, such as "/loss-curves?huber.delta=1"
    text: str
    question: str
    answer: str


@dataclass(frozen=True)
class Tour:
    """A lesson."""

    key: str  # in the address
    title: str
    about: str  # what one learns
    stops: tuple[Stop, ...]

    def address(self, number: int) -> str:
        """The address that opens a stop; the first has number 1."""
        address = self.stops[number - 1].address
        return f"{address}{'&' if '?' in address else '?'}tour={self.key}&stop={number}"


@cache
def tours() -> Mapping[str, Tour]:
    """The lessons by key, in their order."""
    found = [read_tour(path) for path in sorted(FOLDER.glob("*.md"))]
    return {tour.key: tour for tour in found}


def read_tour(path: Path) -> Tour:
    """The lesson in a file. ValueError that names the file, the line and what is wrong."""
    return parse_tour(path.name, path.read_text(encoding="utf-8"))


def parse_tour(file: str, source: str) -> Tour:
    """The lesson that the text of a file is. ValueError that names the file, the line and what is wrong."""
    name = NAME_OF_FILE.fullmatch(file)
    if not name:
        raise ValueError(f"{file}: the file must be named like 1-what-is-a-loss.md: a number, small letters, hyphens")
    left = Paragraphs(file, source)
    title = left.take("# ", 'a title such as "# What is a loss"')
    about = left.take("", "a line on what one learns")
    stops = [read_stop(left)]
    while left.paragraphs:
        stops.append(read_stop(left))
    return Tour(name["key"], title, about, tuple(stops))


def read_stop(left: Paragraphs) -> Stop:
    """The next stop."""
    heading = left.take(HEADING, 'a stop\'s heading such as "## An error"')
    place = left.place
    link = LINK.fullmatch(left.take("[", "a link such as [Open](/loss-curves)"))
    if not link:
        raise ValueError(f"{place}: the link must be [Open](/...), with an address of this site")
    text = left.take("", "a text of one to three sentences")
    question = left.take(QUESTION, 'a question such as "> Where is it lowest?"')
    answer = left.take(ANSWER, 'an answer such as "Answer: At 5."')
    return Stop(heading, link["address"], text, question, answer)


class Paragraph(NamedTuple):
    """Lines of a file with no empty line between them, as one."""

    number: int  # of its first line
    text: str


class Paragraphs:
    """Those of a file that have not been read yet."""

    def __init__(self, file: str, source: str) -> None:
        self.file, self.end = file, max(1, len(source.splitlines()))
        self.paragraphs = list(paragraphs_of(source))

    @property
    def place(self) -> str:
        """The file and the line of the next one."""
        return f"{self.file}:{self.paragraphs[0].number if self.paragraphs else self.end}"

    def take(self, start: str, wanted: str) -> str:
        """The next one, without its start. ValueError unless it is of the kind that begins so."""
        place = self.place
        if not self.paragraphs:
            raise ValueError(f"{place}: expected {wanted}, got the end of the file")
        text = self.paragraphs.pop(0).text
        if next((one for one in STARTS if f"{text} ".startswith(one)), "") != start:
            raise ValueError(f"{place}: expected {wanted}, got {text!r:.80}")
        found = text if start == "[" else text[len(start) :]
        if not found:
            raise ValueError(f"{place}: expected {wanted}, got nothing behind {start.strip()!r}")
        return found


def paragraphs_of(source: str) -> Iterator[Paragraph]:
    lines: list[str] = []
    for number, line in enumerate([*source.splitlines(), ""], start=1):
        if line.strip():
            # A quotation may have its mark on each of its lines.
            lines.append(line.strip().removeprefix(QUESTION) if lines else line.strip())
        elif lines:
            yield Paragraph(number - len(lines), " ".join(lines))
            lines = []
