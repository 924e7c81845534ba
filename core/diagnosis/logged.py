"""The verdict on a run of a log: each curve at its own places."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.diagnosis.run import diagnose_run
from core.diagnosis.verdict import Verdict

KNOWN_UNITS = (
    "epoch",
    "step",
    "row",
)  # of an axis; along any other column the sentences call them points


class LoggedCurve(Protocol):
    """A curve: `values` [n] at rising `epochs` [n]."""

    @property
    def epochs(self) -> np.ndarray: ...
    @property
    def values(self) -> np.ndarray: ...


class LoggedRun(Protocol):
    """The parts of a run of core.logs that a verdict uses."""

    @property
    def train(self) -> LoggedCurve | None: ...
    @property
    def validation(self) -> LoggedCurve | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def comparable(self) -> bool: ...
    @property
    def need_not_fall(self) -> str: ...


def verdict_of(run: LoggedRun) -> Verdict | None:
    """The verdict on a run of a log; None where it has no loss. Losses that need not fall are not judged."""
    train, validation = (
        (curve.epochs, curve.values) if curve is not None and len(curve.values) else None
        for curve in (run.train, run.validation)
    )
    if train is None and validation is None:
        return None
    unit = run.unit if run.unit in KNOWN_UNITS else "point"
    return diagnose_run(train, validation, unit=unit, comparable=run.comparable, not_judged=run.need_not_fall)
