"""Words put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

BARE_PERCENT = re.compile(r"(?<=\d)%")


def join_words(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def space_percents(text: str) -> str:
    """A text with a space between each number and its percent sign, which Python's own "%" format leaves out."""
    return BARE_PERCENT.sub(" %", text)
