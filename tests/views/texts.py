"""A text as the browser writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.sentences import number_text
from core.stage import Live, Text, Words


def filled(text: Text, values: Mapping[str, float]) -> str:
    """The text at these values of the sliders, by key."""

    def slot_text(slot: Live | Words) -> str:
        if isinstance(slot, Live):
            return number_text(float(slot.row(values)))
        return slot.strings[int(slot.by.row(values)) if isinstance(slot.by, Live) else slot.by.frame_at(values)]

    def in_slot(found: re.Match[str]) -> str:
        return fill(slot_text(text.slots[found[1]])) if found[1] in text.slots else found[0]

    def fill(words: str) -> str:
        return re.sub(r"\{(\w+)\}", in_slot, words)

    return fill(text.template)


def number_in(text: str) -> float:
    """A number that is written as on a page."""
    return float(text.removesuffix(" %").replace(",", "").replace("−", "-"))
