"""A person's own words, such as the names in a file, where they stand in a picture: as they are, never as code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from core.record import DASHES
from core.views.kit import theme
from core.views.kit.theme import Stroke

MARKDOWN = re.compile(r"([\\`*_\[\]$|#~<>!&])")


def in_sentence(words: str) -> str:
    """Words in a sentence, a table or a slider's label: as a template that holds no slot."""
    return words.replace("{", "(").replace("}", ")")


def in_chart(words: str) -> str:
    """Words in a name or a hover of Plotly, which would read tags and %{slots}."""
    return escape(in_sentence(words), quote=False)


def in_card(words: str) -> str:
    """Words in the Markdown of a card."""
    return MARKDOWN.sub(r"\\\1", in_sentence(words))


def strokes(names: Sequence[str]) -> dict[str, Stroke]:
    """A stroke for each name: another hue, and another dash."""
    return {
        name: Stroke(theme.SERIES[number % len(theme.SERIES)], DASHES[number % len(DASHES)])
        for number, name in enumerate(names)
    }
