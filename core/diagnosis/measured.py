"""The curves of a run with all their measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.diagnosis.features import (
    gap_measures,
    judged_measures,
    pair_measures,
    relative_places,
    shape_measures,
    total_fall,
    training_measures,
)
from core.diagnosis.loss_curve import LossCurve
from core.diagnosis.measures import MEASURES, MIN_VALUES, REGULAR, SMALL, SURE, SURE_OF_TURN
from core.diagnosis.patterns import NO_DROP, NO_LEAPS, Drop, Leaps, find_drop, find_leaps
from core.diagnosis.raw_curve import RawCurve
from core.diagnosis.swings import NO_SWINGS, Swings, measure_swings

FIRST = 0.95  # of the whole fall: a first value that takes more is set aside where the rest still falls
CLEAR_FALL = 10.0  # times the noise: how much the rest must fall for that
EXACT = 1e-9  # of a loss: less may be rounding
STILL = 0.02  # of both: within so much of its end a loss counts as flat since then
SUDDEN = 0.25  # of a period: a rise that takes no longer is a leap


@dataclass(frozen=True, eq=False)
class Measured:
    """The curves of a run with their measures. Losses are in the caller's unit divided by `unit`."""

    train: LossCurve | None  # with FEWEST values at least
    validation: LossCurve | None  # the same
    few: dict[str, RawCurve]  # by "training" and "validation": curves with fewer finite values, or none but 0
    lost_at: tuple[int, float]  # row and place from which on all values are not finite; (-1, NaN) if there is none
    unit: float
    fall_unit: float  # the whole fall of the loss, in which other falls and rises are measured
    band: float  # the judged loss is flat within this distance of its end
    baseline: float  # the loss of the best constant prediction, or the first loss
    baseline_name: str
    swings: Swings
    drop: Drop
    leaps: Leaps
    measures: dict[str, float]

    @property
    def judged(self) -> LossCurve | None:
        """Validation where there is one, else training."""
        return self.validation or self.train

    @property
    def first(self) -> LossCurve | None:
        """Training where there is one, else validation: the curve whose own shape is judged."""
        return self.train or self.validation

    @property
    def alone(self) -> bool:
        """True for a validation loss without a training loss."""
        return self.train is None and self.validation is not None


def measure_run(
    train: RawCurve | None,
    validation: RawCurve | None,
    *,
    baseline: float | None,
    floor: float | None,
    comparable: bool,
) -> Measured:
    """The measures of these curves, at least one.

    `baseline`: the loss of the best constant prediction, or None. `floor`: the lowest possible loss, or None where it
    is unknown. `comparable`: whether both losses are one quantity.
    """
    given = {"training": train, "validation": validation}
    points = {name: curve.finite for name, curve in given.items() if curve is not None}
    lost, lost_at = find_nonfinite_end([curve for curve in given.values() if curve is not None])
    # So that no square overflows.
    unit = float(max((np.abs(curve.value).max(initial=0.0) for curve in points.values()), default=0.0)) or 1.0
    points = {name: RawCurve(curve.x, curve.value / unit, curve.row) for name, curve in points.items()}
    zeros = [float(np.mean(curve.value == 0)) for curve in points.values() if len(curve)]
    few = {name: curve for name, curve in points.items() if len(curve) < MIN_VALUES or not curve.value.any()}
    whole = {name: curve for name, curve in points.items() if name not in few}
    measures = dict.fromkeys(MEASURES, np.nan)
    measures |= {"lost": float(lost), "zero": min(zeros, default=np.nan)}
    usable = whole or {name: curve for name, curve in few.items() if curve.value.any()} or points
    measures["values"] = float(max(map(len, usable.values()), default=0))
    if not whole:
        return Measured(
            None, None, few, lost_at, unit, np.nan, np.nan, np.nan, "", NO_SWINGS, NO_DROP, NO_LEAPS, measures
        )
    curves = {name: LossCurve.of(curve, relative_places(curve.x, whole)) for name, curve in whole.items()}
    t, v = curves.get("training"), curves.get("validation")
    head = t or v
    assert head is not None
    first, fall = head.start, max(0.0, head.start - head.least)
    head, cut = without_first_value(head)
    if cut is not None and t is not None and v is not None and v.x[-1] >= cut and (v.x >= cut).sum() >= MIN_VALUES:
        v = v.after(cut)
    t, v = (head, v) if t is not None else (None, head)
    judged = v or head

    # Where the loss counts from: what it can reach at best, or 0 for one that is never negative.
    lowest = min(float(curve.value.min()) for curve in (t, v) if curve is not None)
    zero = 0.0 if floor is None else floor / unit
    zero = zero if lowest >= zero and first > zero else np.nan
    size = first - zero
    # Where no zero is known a flat line has no size: its noise stands for it, and for a constant what rounding is not.
    reach = max(float(np.ptp(head.value)), EXACT * float(np.abs(head.value).max())) if np.isnan(size) else size
    reach = max(reach, np.finfo(float).tiny)
    fall_unit = max(total_fall(head), SMALL * reach)
    own = fall_unit if comparable or v is None else max(total_fall(v), SMALL * reach)
    level = first if baseline is None else baseline / unit
    swing = measure_swings(head.value)
    measures |= shape_measures(head, swing, fall_unit, reach)
    if t is None:
        measures["growth"] = min(swing.growth, 1.0)  # no divergence without a training loss
        fallen = max(head.start - head.least, SMALL * reach)
        measures["turned_alone"] = max(head.rise(SURE_OF_TURN), head.last_rise(SURE_OF_TURN)) / fallen
    else:
        measures |= training_measures(t, reach)
        measures["left"] = np.nan if floor is None else (t.end - zero) / (level - zero)
    measures["range"] = max(measures["range"], fall / reach)
    measures["moved"] = abs(first - head.end) / size
    measures["remains"] = (head.end - zero) / (level - zero)
    measures["points"] = sum(map(len, whole.values()))
    found = find_drop(judged, SURE)
    if found.depth and np.isnan(found.falling) and t is not None and (fell := find_drop(t, SURE)).depth:
        found = found._replace(after=fell.after, falling=fell.falling)  # too few validations since then
    measures |= judged_measures(judged, own, zero, found)
    # A rise between two validations is seen in training alone.
    leapt = find_leaps(max(head, judged, key=lambda curve: len(curve.value)), fall_unit)
    if swing.regular >= REGULAR and swing.sudden > SUDDEN:
        leapt = NO_LEAPS  # a swing that rises as slowly as it falls
    measures |= {"leaps": leapt.times, "leaps_fall": leapt.fall / fall_unit}
    if t is not None and v is not None:
        measures |= pair_measures(t, v, own, zero, max(t.start - t.least, SMALL * reach))
        if comparable:
            measures |= gap_measures(whole, curves, t, max(fall, fall_unit))
        if v.noise / max(v.trend, SMALL * reach) < measures["noise"]:
            # A noisy training loss is read at each validation, where it is averaged.
            measures["noise"] = v.noise / max(v.trend, SMALL * reach)
    band = STILL * own if np.isnan(zero) else STILL * min(own, abs(judged.end - zero))
    band = max(band, 4 * judged.level_error)
    flat = judged.last_outside(band)
    measures["steady"] = 1 - float(judged.place[flat])
    measures = {name: float(value) for name, value in measures.items()}
    reference = "its start" if baseline is None else "the baseline"
    return Measured(t, v, few, lost_at, unit, fall_unit, band, level, reference, swing, found, leapt, measures)


def find_nonfinite_end(curves: list[RawCurve]) -> tuple[int, tuple[int, float]]:
    """The largest number of values at a curve's end that are not finite; row and place of the first of them."""
    lost = [curve for curve in curves if curve.nonfinite_end]
    if not lost:
        return 0, (-1, np.nan)
    first = min(lost, key=lambda curve: curve.x[-curve.nonfinite_end])
    at = len(first) - first.nonfinite_end
    return max(curve.nonfinite_end for curve in lost), (int(first.row[at]), float(first.x[at]))


def without_first_value(curve: LossCurve) -> tuple[LossCurve, float | None]:
    """The curve without a first value that is nearly all of its fall, and where it begins then; else as it is, None."""
    rest = curve.value[1:]
    whole, further = curve.start - curve.least, rest[0] - curve.least
    if (
        len(rest) < MIN_VALUES
        or rest[0] > curve.start - FIRST * whole
        or further <= max(CLEAR_FALL * curve.noise, EXACT * whole)
    ):
        return curve, None
    return curve.after(curve.x[1]), float(curve.x[1])
