"""Numbers in the sentences of a verdict."""

from __future__ import annotations

import numpy as np

from core.sentences import number_text


def count_text(count: int, what: str, plural: str = "s") -> str:
    """A count with its noun: "1 epoch", "3 losses" (`plural` is "es")."""
    return f"{count} {what}" if count == 1 else f"{count} {what}{plural}"


def place_text(x: float) -> str:
    """A value of x, as a file writes it."""
    if np.isnan(x):
        return ""
    return f"{x:.0f}" if x == round(x) and abs(x) < 1e15 else f"{x:.4g}" if abs(x) < 1e4 else f"{x:.10g}"


def loss_text(value: float) -> str:
    """A loss with four digits; with five where it has no more, or all of them stand before the point."""
    return number_text(value, 5 if abs(float(f"{value:.5g}") - value) <= 1e-9 * abs(value) else 4)


def rise_text(rise: float, lowest: float, loss: str) -> str:
    """The rise of a loss: "12 % higher", "2.5 times as high"; absolute (`loss`) for one that is not positive."""
    if lowest <= 0:
        return f"{loss} higher"
    return f"{100 * rise / lowest:.0f} % higher" if rise < lowest else f"{(rise + lowest) / lowest:.1f} times as high"


def fall_text(before: float, after: float) -> str:
    """The fall of a positive loss: "12 % less", or over decades "a factor of 300"."""
    if 0 < after < before / 20:
        return f"a factor of {before / after:,.0f}"
    return f"{percent(max(0.0, before - after) / before)} less"


def percent(part: float) -> str:
    """A share as a percentage, below 10 % with one decimal."""
    return f"{100 * part:.{0 if abs(part) >= 0.1 else 1}f} %"


def percent_at_least(part: float) -> str:
    """A share as a percentage, rounded up to 0.1 %."""
    return percent(max(part, 0.001))
