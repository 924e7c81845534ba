"""From the curves of a training run to a verdict."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from core.catalogue import numbers
from core.diagnosis.curve import jitter
from core.diagnosis.measure import Seen, see
from core.diagnosis.rules import FLAT, RULES, Rule
from core.diagnosis.verdict import NAMES, Kind, Verdict
from core.diagnosis.words import told


def diagnose(
    train: Any,
    validation: Any = None,
    *,
    epochs: Any = None,
    unit: str = "epoch",
    baseline: float | None = None,
    floor: float | None = 0.0,
) -> Verdict:
    """What became of a run with these training losses [n] and validation losses [n], one a row.

    NaN where a curve was not logged. A last row without a number in any curve, or with an infinity, is one that
    diverged. `epochs` [n] are rising numbers, 0 ... n - 1 unless given; `unit` is what the sentences call one of them.
    `baseline` is the loss of the best constant prediction, in whose place the first training loss stands; `floor` the
    least loss there can be. Where a loss lies below the floor, or with None, nobody can say from the curves whether an
    end is high, and no run is called underfitting. Never raises for what the losses are; an empty run is "too short to
    say".

    Multiplying every loss (and the baseline) by a positive number changes nothing, nor does adding one to all, if it
    is added to baseline and floor too.

    Raises ValueError for curves that are no rows of numbers or differ in length, epochs that do not rise, a baseline
    that is not finite or not above the floor.
    """
    train = row("train", train)
    validation = None if validation is None else row("validation", validation, len(train))
    epochs = np.arange(len(train), dtype=float) if epochs is None else row("epochs", epochs, len(train))
    if not np.isfinite(epochs).all() or (np.diff(epochs) <= 0).any():
        raise ValueError("epochs must be finite and rise from row to row")
    if floor is not None and not np.isfinite(floor):
        raise ValueError(f"floor must be finite or None, got {floor}")
    if baseline is not None and not (np.isfinite(baseline) and (floor is None or baseline > floor)):
        raise ValueError(f"baseline must be finite and above the floor, got {baseline}")
    with np.errstate(all="ignore"):
        half = epochs / 2  # the difference of two numbers may be none
        place = (half - half[0]) / (half[-1] - half[0]) if len(epochs) > 1 else np.zeros(len(epochs))
        seen = see(train, validation, place, baseline, floor)
        rule = next(rule for rule in RULES.values() if rule.holds(seen.measures))
        since = began(rule, seen, len(train))
        sentence, advice = told(rule, seen, since, epochs, unit)
    judged = seen.validation or seen.train
    return Verdict(
        kind=rule.kind,
        name=NAMES[rule.kind],
        sentence=sentence,
        advice=advice,
        best=judged.best if judged else -1,
        since=since,
        gap=gap(seen),
        evidence=MappingProxyType(seen.measures),
        rule=rule.key,
    )


def row(name: str, given: Any, count: int | None = None) -> np.ndarray:
    """The numbers as float64 [n]."""
    array = numbers(name, given) if np.size(given) else np.empty(0)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, got the shape {array.shape}")
    if count is not None and len(array) != count:
        raise ValueError(f"{name} must be as long as train ({count}), got {len(array)}")
    return array


def gap(seen: Seen) -> float:
    if seen.train is None or seen.validation is None or seen.validation.end == 0:
        return float("nan")
    return (seen.validation.end - seen.train.end) / abs(seen.validation.end)


def began(rule: Rule, seen: Seen, count: int) -> int:
    """The row from which on it is so (see Verdict)."""
    t, v = seen.train, seen.validation
    if rule.kind is Kind.DIVERGING:
        if rule.key == "growing_swings" and t is not None:
            return int(t.rows[np.argmax(t.value > t.value[: len(t.value) // 2].max())])
        if rule.key == "wild":
            return 1
        left = count if t is None else departure(t.value, jitter(t.value[: t.turn + 1]), t.rows)
        return min(left, count - max(seen.lost, 1))
    if t is None or rule.kind not in (Kind.OVERFITTING, Kind.STALLED, Kind.UNDERFITTING, Kind.HEALTHY):
        return -1
    if rule.kind is not Kind.OVERFITTING or v is None:
        return t.last_outside(max(FLAT * seen.yard, 4 * t.level_error))
    band = max(FLAT * seen.yard, 4 * v.level_error)
    # A gap without a turn begins where validation stops falling.
    return int(v.rows[v.turn]) if rule.key == "turned" else v.last_outside(band)


def departure(value: np.ndarray, noise: float, rows: np.ndarray) -> int:
    """The first row after which the values [m] never come back to about their least."""
    least = value.min()
    band = max(4 * noise, 0.1 * (value[0] - least))
    near = np.flatnonzero(value <= least + band)
    return int(rows[near[-1] + 1]) if near[-1] + 1 < len(rows) else int(rows[-1]) + 1
