"""Words put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 40  # letters of a person's own name
REPLACED = str.maketrans("{}<>\n\r\t", "()‹›   ")  # what would be a slot of a sentence, or a tag in a chart
BARE_PERCENT = re.compile(r"(?<=\d)%")


def join_words(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def plain_words(words: str) -> str:
    """A person's own words as plain text for a sentence, a table or a chart: they hold no slot and no tag."""
    return " ".join(words.translate(REPLACED).split())


def plain_name(name: str) -> str:
    """A person's own name for something, as plain text, and not long."""
    text = plain_words(name) or "column"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def space_percents(text: str) -> str:
    """A text with a space between each number and its percent sign, which Python's own "%" format leaves out."""
    return BARE_PERCENT.sub(" %", text)
