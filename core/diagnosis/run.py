"""The verdict on the loss curves of a training run."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from core.diagnosis.loss_curve import LossCurve
from core.diagnosis.measured import Measured, measure_run
from core.diagnosis.measures import MEASURES
from core.diagnosis.onset import NOWHERE, onset
from core.diagnosis.raw_curve import RawCurve, check_rising, number_row
from core.diagnosis.rules import RULES
from core.diagnosis.sentences import NOT_JUDGED
from core.diagnosis.text import verdict_text
from core.diagnosis.verdict import NAMES, Verdict, VerdictKind


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
    """The verdict on a run with these losses.

        diagnose_run((steps, train_loss), (validation_steps, val_loss), unit="step").name  ->  "Overfitting"

    Args:
        train, validation: each a pair (x, values), float [n] and [n] with rising x, or None. Both x count the same.
        unit: what the sentences call one of x.
        baseline: the loss of the best constant prediction; without it the first training loss.
        floor: the lowest possible loss. None: it is unknown, no run is called underfitting, and losses count from 0 as
            long as none is below.
        comparable: False where the two are not one quantity (a cross-entropy beside an absolute error). Each is judged
            in its own falls then, without a gap.
        not_judged: a sentence on why these losses need not fall. It becomes the verdict, beside the lowest value.

    Values that are not finite are left out; a run that ends with them has diverged. Where the two are compared,
    training is averaged up to each validation. A curve with fewer than five finite values, or of zeros only, is not
    judged beside a better one, and the sentence names it. An empty run is "too short to say".

    Multiplying every loss (baseline and floor too) by a positive number changes nothing, nor does adding one to all
    where the floor is given. Raises ValueError for x and values that are not rows of numbers of one length, for x that
    does not rise, and for a baseline that is not finite or not above the floor.
    """
    curves = (RawCurve.of("train", train), RawCurve.of("validation", validation))
    return _verdict(*curves, unit, baseline, floor, comparable, not_judged)


def diagnose(
    train: Any,
    validation: Any = None,
    *,
    epochs: Any = None,
    unit: str = "epoch",
    baseline: float | None = None,
    floor: float | None = None,
) -> Verdict:
    """The verdict on training losses [n] and validation losses [n] with a row for each epoch; see `diagnose_run`.

    A loss is NaN where it was not logged. The run has diverged where its last row holds an infinity, or no number in
    any curve. `epochs` [n] rise; they are 0 ... n - 1 unless given. Raises ValueError as `diagnose_run` does.
    """
    train = number_row("train", train)
    validation = None if validation is None else number_row("validation", validation, len(train))
    x = np.arange(len(train), dtype=float) if epochs is None else number_row("epochs", epochs, len(train))
    check_rising("epochs", x)
    rows = [curve for curve in (train, validation) if curve is not None]
    bad = np.all([np.isnan(curve) for curve in rows], axis=0) | np.any([np.isinf(curve) for curve in rows], axis=0)
    good = np.flatnonzero(~bad)
    end = int(good[-1]) + 1 if len(good) else 0

    def logged_points(curve: np.ndarray | None) -> RawCurve | None:
        if curve is None:
            return None
        row = np.flatnonzero(np.isfinite(curve) | (np.arange(len(curve)) >= end))
        return RawCurve(x[row], curve[row], row)

    return _verdict(logged_points(train), logged_points(validation), unit, baseline, floor)


def _verdict(
    train: RawCurve | None,
    validation: RawCurve | None,
    unit: str,
    baseline: float | None,
    floor: float | None,
    comparable: bool = True,
    not_judged: str = "",
) -> Verdict:
    """The verdict on checked curves. Raises ValueError for a floor or a baseline that is not valid."""
    if floor is not None and not np.isfinite(floor):
        raise ValueError(f"floor must be finite or None, got {floor}")
    if baseline is not None and not (np.isfinite(baseline) and (floor is None or baseline > floor)):
        raise ValueError(f"baseline must be finite and above the floor, got {baseline}")
    best = _lowest_point(validation) or _lowest_point(train) or NOWHERE
    if not_judged:
        sentence, advice = not_judged, NOT_JUDGED
        kind, key, since, gap = VerdictKind.NOT_JUDGED, "", NOWHERE, float("nan")
        evidence = dict.fromkeys(MEASURES, float("nan"))
    else:
        with np.errstate(all="ignore"):
            measured = measure_run(train, validation, baseline=baseline, floor=floor, comparable=comparable)
            rule = next(rule for rule in RULES.values() if rule.holds(measured.measures))
            since = onset(rule, measured)
            sentence, advice = verdict_text(rule, measured, since[1], unit, comparable)
        kind, key, evidence = rule.kind, rule.key, measured.measures
        gap = _final_gap(measured) if comparable else float("nan")
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


def _lowest_point(curve: RawCurve | None) -> tuple[int, float] | None:
    """Row and place of the lowest finite value; None where there is none."""
    finite = None if curve is None else curve.finite
    if finite is None or not len(finite):
        return None
    at = int(np.argmin(finite.value))
    return int(finite.row[at]), float(finite.x[at])


def _final_gap(measured: Measured) -> float:
    """(validation - training) / |validation| at the ends of both; NaN without both."""
    ends = [_final_loss(measured, "training", measured.train), _final_loss(measured, "validation", measured.validation)]
    return (ends[1] - ends[0]) / abs(ends[1]) if ends[1] else float("nan")


def _final_loss(measured: Measured, name: str, curve: LossCurve | None) -> float:
    """The loss at the end of a curve, also of one with few values; NaN without any."""
    few = measured.few.get(name)
    if curve is not None:
        return curve.end
    return float(few.value[-1]) if few is not None and len(few) else float("nan")
