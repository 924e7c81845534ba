"""A text as the browser writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

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


def number_text(value: float) -> str:
    """As numberText in assets/stage/numbers.js."""
    if not np.isfinite(value):
        return "–" if np.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and (size < 1e-4 or size >= 1e7):
        digits, power = f"{value:.2e}".split("e")
        text = f"{digits}e{int(power)}"
    elif size >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{float(f'{value:.4g}'):g}"
    return text.replace("-", "−")
