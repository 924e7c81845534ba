"""The answer to a question about a loss, and how it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.expression.curve import WINDOW, LossLine
from core.sentences import number_text

ROUNDING = 1e-9  # a difference this small, relative to the numbers, may be rounding
NOTHING = 1e-12  # a number this small may be a rounding error


@dataclass(frozen=True)
class Finding:
    """The answer to one question about a loss, what it rests on, and one sentence without a full stop."""

    key: str
    answer: str  # one of a few words, named where the question is asked
    sentence: str
    evidence: Mapping[str, Any] = field(default_factory=dict)  # numbers and places


def stretches(x: np.ndarray, where: np.ndarray) -> list[tuple[float, float]]:
    """The first and the last point of each run of neighbours at which the condition holds."""
    padded = np.concatenate([[False], where, [False]])
    starts, ends = np.flatnonzero(padded[1:] & ~padded[:-1]), np.flatnonzero(~padded[1:] & padded[:-1])
    return [(float(x[start]), float(x[end - 1])) for start, end in zip(starts, ends, strict=True)]


def region_text(symbol: str, region: tuple[float, float], line: LossLine) -> str:
    """A stretch in words: r < -2, or r from 1 to 3."""
    low, high = region
    if low <= -WINDOW and high >= WINDOW:
        return f"every {symbol}"
    if low <= -WINDOW:
        return f"{symbol} up to {few_digits(high)}"
    if high >= WINDOW or high >= line.x[-1]:
        return f"{symbol} from {few_digits(low)} on"
    return f"{symbol} = {few_digits(low)}" if low == high else f"{symbol} from {few_digits(low)} to {few_digits(high)}"


def few_digits(number: float) -> str:
    """A number to three digits; one that may be a rounding error is 0."""
    return number_text(number if abs(number) > NOTHING else 0, digits=3)
