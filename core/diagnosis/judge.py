"""From the curves of a training run to a verdict."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from core.diagnosis.curve import Curve, jitter
from core.diagnosis.measure import FLAT, MEASURES, Seen, see
from core.diagnosis.points import Points, check_rising, one_row
from core.diagnosis.rules import RULES, Rule
from core.diagnosis.verdict import NAMES, Kind, Verdict
from core.diagnosis.words import NOT_JUDGED, told

NOWHERE = (-1, float("nan"))  # row and place of what there is none of


def diagnose_run(
    train: Any = None,
    validation: Any = None,
    *,
    unit: str = "epoch",
    baseline: float | None = None,
    floor: float | None = None,
    comparable: bool = True,
    not_judged: str = "",
) -> Verdict:
    """What became of a run with these losses: each a pair (x, values) at rising places of its own, or None.

    Both x count the same, and `unit` is what the sentences call one of it. A value that is infinite or not a number is
    left out; from such a one on to the end of a curve, the run has diverged. Training is averaged over the interval up
    to each validation where the two are compared, and judged on all of its points otherwise. A validation loss alone is
    judged as what it is. A curve with fewer than five finite values, or of nothing but 0, is not judged beside a better
    one, and the sentence says so.

    `baseline` is the loss of the best constant prediction, in whose place the first training loss stands. `floor` is
    the lowest possible loss; with None (a log that anybody brings) no run is called underfitting, and losses count from
    0 as long as none is below. `comparable` is False where the two are not the same quantity (a cross-entropy beside an
    absolute error): each is judged in its own falls, without a gap. `not_judged` is a sentence why these losses need
    not fall: it becomes the verdict, beside the lowest value.

    Multiplying every loss (baseline and floor too) by a positive number changes nothing, nor does adding one to all,
    if floor is given. Never raises for what the losses are; an empty run is "too short to say".

    Raises ValueError for a curve that is no pair of rows of numbers of one length, for places that do not rise, and for
    a baseline that is not finite or not above the floor.
    """
    curves = (Points.of("train", train), Points.of("validation", validation))
    return judge(*curves, unit, baseline, floor, comparable, not_judged)


def diagnose(
    train: Any,
    validation: Any = None,
    *,
    epochs: Any = None,
    unit: str = "epoch",
    baseline: float | None = None,
    floor: float | None = None,
) -> Verdict:
    """`diagnose_run` on training losses [n] and validation losses [n] in one table, one epoch a row.

    NaN where a curve was not logged. A last row without a number in any curve, or with an infinity, is one that
    diverged. `epochs` [n] are rising numbers, 0 ... n - 1 unless given. Raises ValueError as `diagnose_run` does.
    """
    train = one_row("train", train)
    validation = None if validation is None else one_row("validation", validation, len(train))
    x = np.arange(len(train), dtype=float) if epochs is None else one_row("epochs", epochs, len(train))
    check_rising("epochs", x)
    rows = [curve for curve in (train, validation) if curve is not None]
    bad = np.all([np.isnan(curve) for curve in rows], axis=0) | np.any([np.isinf(curve) for curve in rows], axis=0)
    good = np.flatnonzero(~bad)
    end = int(good[-1]) + 1 if len(good) else 0

    def logged(curve: np.ndarray | None) -> Points | None:
        if curve is None:
            return None
        row = np.flatnonzero(np.isfinite(curve) | (np.arange(len(curve)) >= end))
        return Points(x[row], curve[row], row)

    return judge(logged(train), logged(validation), unit, baseline, floor)


def judge(
    train: Points | None,
    validation: Points | None,
    unit: str,
    baseline: float | None,
    floor: float | None,
    comparable: bool = True,
    not_judged: str = "",
) -> Verdict:
    """The verdict on curves that were checked."""
    if floor is not None and not np.isfinite(floor):
        raise ValueError(f"floor must be finite or None, got {floor}")
    if baseline is not None and not (np.isfinite(baseline) and (floor is None or baseline > floor)):
        raise ValueError(f"baseline must be finite and above the floor, got {baseline}")
    best = lowest(validation) or lowest(train) or NOWHERE
    if not_judged:
        sentence, advice = not_judged, NOT_JUDGED
        kind, key, since, gap = Kind.NOT_JUDGED, "", NOWHERE, float("nan")
        evidence = dict.fromkeys(MEASURES, float("nan"))
    else:
        with np.errstate(all="ignore"):
            seen = see(train, validation, baseline=baseline, floor=floor, comparable=comparable)
            rule = next(rule for rule in RULES.values() if rule.holds(seen.measures))
            since = began(rule, seen)
            sentence, advice = told(rule, seen, since[1], unit, comparable)
        kind, key, evidence = rule.kind, rule.key, seen.measures
        gap = gap_of(seen) if comparable else float("nan")
    return Verdict(
        kind=kind,
        name=NAMES[kind],
        sentence=sentence,
        advice=advice,
        best=best[0],
        since=since[0],
        best_at=best[1],
        since_at=since[1],
        gap=gap,
        evidence=MappingProxyType(evidence),
        rule=key,
    )


def lowest(curve: Points | None) -> tuple[int, float] | None:
    """Row and place of the lowest finite value."""
    finite = None if curve is None else curve.finite
    if finite is None or not len(finite):
        return None
    at = int(np.argmin(finite.value))
    return int(finite.row[at]), float(finite.x[at])


def gap_of(seen: Seen) -> float:
    """(validation - training) / |validation| at the end of both."""
    ends = [end_of(seen, "training", seen.train), end_of(seen, "validation", seen.validation)]
    return (ends[1] - ends[0]) / abs(ends[1]) if ends[1] else float("nan")


def end_of(seen: Seen, name: str, curve: Curve | None) -> float:
    """Where a curve ends, also one with few values; NaN without any."""
    few = seen.few.get(name)
    if curve is not None:
        return curve.end
    return float(few.value[-1]) if few is not None and len(few) else float("nan")


def began(rule: Rule, seen: Seen) -> tuple[int, float]:
    """Row and place from which on it is so (see Verdict)."""
    t, v, judged = seen.train, seen.validation, seen.judged
    if rule.key == "lost":
        left = None if seen.first is None or t is None else departure(t)
        return min((spot for spot in (left, seen.lost_at) if spot), key=lambda spot: spot[1])
    if judged is None:
        return NOWHERE
    if rule.kind is Kind.DIVERGING and t is not None:
        if rule.key == "growing_swings":
            return spot(t, int(np.argmax(t.value > t.value[: len(t.value) // 2].max())))
        if rule.key == "wild":
            return spot(t, 1)
        return (departure(t) or NOWHERE) if rule.key != "rising" else spot(t, t.turn)
    if rule.key in ("turned", "parted", "turned_alone"):
        return spot(judged, judged.turn)
    if rule.key in ("widening_gap", "wide_gap"):
        assert v is not None
        return spot(v, v.last_outside(max(FLAT * seen.yard, 4 * v.level_error)))
    if rule.kind in (Kind.STALLED, Kind.UNDERFITTING):
        assert seen.first is not None
        return spot(seen.first, seen.first.last_outside(max(FLAT * seen.yard, 4 * seen.first.level_error)))
    if rule.kind is Kind.HEALTHY and rule.key != "restarts":
        return spot(judged, judged.last_outside(seen.band))
    return NOWHERE


def spot(curve: Curve, at: int) -> tuple[int, float]:
    """Row and place of a value."""
    return int(curve.rows[at]), float(curve.x[at])


def departure(t: Curve) -> tuple[int, float] | None:
    """Row and place of the first value from which on the curve stays above its lowest; None if it ends there."""
    least = t.value.min()
    band = max(4 * jitter(t.value[: t.turn + 1]), 0.1 * (t.start - least))
    near = np.flatnonzero(t.value <= least + band)
    return spot(t, int(near[-1]) + 1) if near[-1] + 1 < len(t.value) else None
