"""A person's own words, such as the names in a file, where they stand in a picture: as they are, never as code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.record import DASHES
from core.sentences import plain_words
from core.views.kit import theme
from core.views.kit.theme import Stroke

MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # signs that may mean something in a card


def in_card(words: str) -> str:
    """Words as Markdown that shows them as they are."""
    return MARKDOWN.sub(r"\\\1", plain_words(words))


def strokes(names: Sequence[str]) -> dict[str, Stroke]:
    """A stroke for each name: another hue, and another dash."""
    return {
        name: Stroke(theme.SERIES[number % len(theme.SERIES)], DASHES[number % len(DASHES)])
        for number, name in enumerate(names)
    }
