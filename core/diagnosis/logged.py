"""The verdict on a run as it was logged: curves that stand at places of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from core.diagnosis.judge import diagnose
from core.diagnosis.verdict import Kind, Verdict

COUNTED = ("epoch", "step", "row")
GRAVE = (Kind.DIVERGING, Kind.OVERFITTING, Kind.OSCILLATING, Kind.STALLED)


class Curve(Protocol):
    """A curve: `values` [n] at rising `epochs` [n]."""

    @property
    def name(self) -> str: ...
    @property
    def epochs(self) -> np.ndarray: ...
    @property
    def values(self) -> np.ndarray: ...


class Logged(Protocol):
    """What a verdict needs of a run."""

    @property
    def train(self) -> Curve | None: ...
    @property
    def validation(self) -> Curve | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def comparable(self) -> bool: ...
    @property
    def need_not_fall(self) -> str: ...


class Judged(NamedTuple):
    """A verdict, and the place of the best value on the run's axis; NaN where there is none."""

    verdict: Verdict
    best_at: float


def verdict_of(run: Logged) -> Judged | None:
    """The verdict on a run; None where it has no loss, or one that need not fall."""
    if run.need_not_fall:
        return None
    unit = run.unit if run.unit in COUNTED else "point"
    train, validation = _drawn(run.train), _drawn(run.validation)
    if train is None or validation is None:
        alone = train or validation
        return None if alone is None else _one(alone, unit)
    if not run.comparable:
        own, other = _one(train, unit), _one(validation, unit)
        first = other if other.verdict.kind in GRAVE and own.verdict.kind not in GRAVE else own
        sentence = f"{train.name}: {own.verdict.sentence} {validation.name}: {other.verdict.sentence}"
        return first._replace(verdict=replace(first.verdict, sentence=sentence))
    return _both(train, validation, unit)


def _drawn(curve: Curve | None) -> Curve | None:
    return curve if curve is not None and len(curve.values) else None


def _one(curve: Curve, unit: str) -> Judged:
    return _placed(diagnose(_ended(curve.values), epochs=curve.epochs, unit=unit), curve.epochs)


def _both(train: Curve, validation: Curve, unit: str) -> Judged:
    """Training averaged over the interval up to each validation, where the two were logged at other places."""
    x, known = validation.epochs, np.isin(train.epochs, validation.epochs).mean()
    if known == 1.0 and len(x) == len(train.epochs):
        averaged = _ended(train.values)
    else:
        values = _ended(train.values)
        at = np.searchsorted(x, train.epochs)
        inside = at < len(x)
        with np.errstate(invalid="ignore"):
            sums = np.bincount(at[inside], values[inside], len(x))
            counts = np.bincount(at[inside], minlength=len(x))
            averaged = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return _placed(diagnose(averaged, _ended(validation.values), epochs=x, unit=unit), x)


def _placed(verdict: Verdict, x: np.ndarray) -> Judged:
    return Judged(verdict, float(x[verdict.best]) if verdict.best >= 0 else float("nan"))


def _ended(values: np.ndarray) -> np.ndarray:
    """The values, infinite where they are NaN from some row on to the end: to `diagnose` NaN was not logged."""
    odd = np.isnan(values)
    first = int(odd.argmax()) if len(odd) else 0
    return np.where(odd, np.inf, values) if first > 0 and odd[first:].all() else values
