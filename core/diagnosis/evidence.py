"""The points that the verdict on a run of a log rests on, in words and places of its curves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.diagnosis.logged import LoggedCurve, LoggedRun
from core.diagnosis.verdict import Verdict, VerdictKind

BEGINS = {  # what begins at the place that a verdict names
    VerdictKind.OVERFITTING: "no longer follows training",
    VerdictKind.DIVERGING: "diverges from here",
    VerdictKind.HEALTHY: "flat from here",
    VerdictKind.STALLED: "flat from here",
    VerdictKind.UNDERFITTING: "flat from here",
}
OF_BOTH = (VerdictKind.OVERFITTING, VerdictKind.HEALTHY)  # verdicts on both curves, marked on the validation curve
TURNS = {"turned", "parted", "turned_alone"}  # rules of which the lowest point is the whole evidence


class Evidence(NamedTuple):
    """A point of a curve."""

    kind: str  # "best": the lowest loss; "since": where a change begins
    words: str
    x: float
    y: float
    curve: LoggedCurve


def evidence_of(run: LoggedRun, verdict: Verdict | None) -> list[Evidence]:
    """The points that the verdict on a run rests on; none where there is no verdict."""
    train, validation = (curve if curve is not None and len(curve.values) else None
                         for curve in (run.train, run.validation))  # fmt: skip
    seen, first = validation or train, train or validation
    if verdict is None or verdict.kind is VerdictKind.NOT_JUDGED or seen is None or first is None:
        return []
    lowest = "lowest validation loss" if validation else "lowest loss"
    if verdict.rule in TURNS:
        return [_point("best", f"{lowest}, rises after", verdict.best_at, seen)]
    found = [_point("best", lowest, verdict.best_at, seen)]
    if verdict.kind in BEGINS:
        found.append(
            _point("since", BEGINS[verdict.kind], verdict.since_at, seen if verdict.kind in OF_BOTH else first)
        )
    return [point for point in found if np.isfinite(point.x)]


def _point(kind: str, words: str, x: float, curve: LoggedCurve) -> Evidence:
    """The point of a curve at a place, as high as the last finite value up to it."""
    before = curve.values[: int(np.searchsorted(curve.epochs, x, side="right"))]
    finite = before[np.isfinite(before)]
    return Evidence(kind, words, x, float(finite[-1]) if len(finite) else np.nan, curve)
