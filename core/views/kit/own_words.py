"""A person's own words, such as the names in a file, where they stand in a picture: as they are, never as code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.record import DASHES
from core.views.kit import theme
from core.views.kit.theme import Stroke

LONGEST = 40  # letters of a name
REPLACED = str.maketrans("{}<>\n\r\t", "()‹›   ")  # what would be a slot of a sentence, or a tag in a chart
MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # signs that may mean something in a card


def plain_words(words: str) -> str:
    """Words as plain text for a sentence, a table or a chart: they hold no slot and no tag."""
    return " ".join(words.translate(REPLACED).split())


def plain_name(name: str) -> str:
    """A name as plain text, and not long."""
    text = plain_words(name) or "column"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def in_card(words: str) -> str:
    """Words as Markdown that shows them as they are."""
    return MARKDOWN.sub(r"\\\1", plain_words(words))


def strokes(names: Sequence[str]) -> dict[str, Stroke]:
    """A stroke for each name: another hue, and another dash."""
    return {
        name: Stroke(theme.SERIES[number % len(theme.SERIES)], DASHES[number % len(DASHES)])
        for number, name in enumerate(names)
    }
