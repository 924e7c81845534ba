"""The row from which on a verdict holds: where validation turned, or a curve left its lowest."""

from __future__ import annotations

import numpy as np

from core.diagnosis.loss_curve import LossCurve
from core.diagnosis.measured import Measured
from core.diagnosis.measures import FLAT_FALL
from core.diagnosis.rule import Rule
from core.diagnosis.smoothing import noise_deviation
from core.diagnosis.verdict import VerdictKind

NOWHERE = (-1, float("nan"))  # row and place where there is none


def onset(rule: Rule, measured: Measured) -> tuple[int, float]:
    """Row and place from which on the verdict of a rule holds; NOWHERE where it has none (see Verdict.since)."""
    t, v, judged = measured.train, measured.validation, measured.judged
    if rule.key == "lost":
        left = None if t is None else departure(t)
        return min((point for point in (left, measured.lost_at) if point), key=lambda point: point[1])
    if judged is None:
        return NOWHERE
    if rule.kind is VerdictKind.DIVERGING and t is not None:
        if rule.key == "growing_swings":
            return point_at(t, int(np.argmax(t.value > t.value[: len(t.value) // 2].max())))
        if rule.key == "wild":
            return point_at(t, 1)
        return (departure(t) or NOWHERE) if rule.key != "rising" else point_at(t, t.turn)
    if rule.key in ("turned", "parted", "turned_alone"):
        return point_at(judged, judged.turn)
    if rule.key in ("widening_gap", "wide_gap"):
        assert v is not None
        return point_at(v, v.last_outside(max(FLAT_FALL * measured.fall_unit, 4 * v.level_error)))
    if rule.kind in (VerdictKind.STALLED, VerdictKind.UNDERFITTING):
        assert measured.first is not None
        return point_at(
            measured.first,
            measured.first.last_outside(max(FLAT_FALL * measured.fall_unit, 4 * measured.first.level_error)),
        )
    if rule.kind is VerdictKind.HEALTHY and rule.key != "restarts":
        return point_at(judged, judged.last_outside(measured.band))
    return NOWHERE


def point_at(curve: LossCurve, at: int) -> tuple[int, float]:
    """Row and place of value number `at`."""
    return int(curve.rows[at]), float(curve.x[at])


def departure(t: LossCurve) -> tuple[int, float] | None:
    """Row and place of the first value from which on the curve stays above its lowest; None if it ends there."""
    least = t.value.min()
    band = max(4 * noise_deviation(t.value[: t.turn + 1]), 0.1 * (t.start - least))
    near = np.flatnonzero(t.value <= least + band)
    return point_at(t, int(near[-1]) + 1) if near[-1] + 1 < len(t.value) else None
