"""The ends of sliders, typed after a formula: "c |r| with c from 0 to 20"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from core.expression.error import ExpressionError
from core.expression.letters import plain_letter
from core.record import REAL, Param

WITH = re.compile(r"\bwith\b")
RANGE = re.compile(r"\s*(?:and\s+)?(?P<name>\w+)\s+from\s+(?P<low>\S+)\s+to\s+(?P<high>\S+)\s*")
TYPED_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?")
LARGEST = 1e6
EXAMPLE = "say it so: with c from 0 to 20, d from 1 to 3"
SLIDER_STEPS = 100  # of a slider, where those of the guessed one are too few or too many
FEWEST_STEPS, MOST_STEPS = 10, 200


class TypedRange(NamedTuple):
    """The ends of one slider, and the place of its name in the text."""

    low: float
    high: float
    position: int


def formula_and_ranges(text: str) -> tuple[str, dict[str, TypedRange]]:
    """The formula before "with", and the ranges after it, by the name as it was typed.

    Raises ExpressionError for a range that cannot be read.
    """
    found = WITH.search(text)
    if not found:
        return text, {}
    ranges: dict[str, TypedRange] = {}
    begin = found.end()
    for piece in re.split("[,;]", text[begin:]):
        ranges |= read_range(piece, begin + 1)
        begin += len(piece) + 1
    return text[: found.start()], ranges


def read_range(piece: str, position: int) -> dict[str, TypedRange]:
    """One range; its text begins at this place."""
    plain = "".join("-" if letter in "−–" else plain_letter(letter) for letter in piece)
    found = RANGE.fullmatch(plain)
    if not found:
        raise ExpressionError(f'"{piece.strip():.30}" is no range of a slider: {EXAMPLE}', position)
    ends = []
    for name in ("low", "high"):
        if not TYPED_NUMBER.fullmatch(found[name]) or abs(float(found[name])) > LARGEST:
            raise ExpressionError(f'"{found[name]:.20}" is no number up to a million: {EXAMPLE}', position)
        ends.append(float(found[name]))
    low, high = ends
    if not low < high:
        raise ExpressionError(f"a range goes up, and this one goes from {low:g} to {high:g}", position)
    return {found["name"]: TypedRange(low, high, position)}


def with_ranges(params: Sequence[Param], ranges: Mapping[str, TypedRange]) -> tuple[Param, ...]:
    """The parameters with these ends of their sliders.

    Raises ExpressionError for a range of what is no parameter.
    """
    found, left = [], dict(ranges)
    for param in params:
        typed = left.pop(param.name, None) or left.pop(param.symbol, None)
        found.append(param if typed is None else ranged(param, typed))
    for name, typed in left.items():
        known = ", ".join(param.symbol for param in params) or "it has none"
        raise ExpressionError(f'"{name:.20}" is no parameter of this formula: {known}', typed.position)
    return tuple(found)


def ranged(param: Param, typed: TypedRange) -> Param:
    """The parameter with other ends of its slider; it starts as near as can be to where it did."""
    steps = (typed.high - typed.low) / param.step
    step = (
        param.step
        if FEWEST_STEPS <= steps <= MOST_STEPS and steps == round(steps)
        else (typed.high - typed.low) / SLIDER_STEPS
    )
    changes: dict[str, Any] = {"low": typed.low, "high": typed.high, "step": step}
    frames = param.but(**changes).frames
    if not param.domain.holds(frames):
        changes["domain"] = REAL
    return param.but(**changes, default=float(frames[np.abs(frames - param.default).argmin()]))
