"""The verdict on a run as a file holds it: each curve at its own places."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.diagnosis.judge import diagnose_run
from core.diagnosis.verdict import Verdict

COUNTED = ("epoch", "step", "row")  # what an axis counts where it is recognised; along any other column it is points


class Curve(Protocol):
    """A curve: `values` [n] at rising `epochs` [n]."""

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


def verdict_of(run: Logged) -> Verdict | None:
    """The verdict on a run; None where it has no loss. For losses that need not fall it says why it judges nothing."""
    train, validation = (
        (curve.epochs, curve.values) if curve is not None and len(curve.values) else None
        for curve in (run.train, run.validation)
    )
    if train is None and validation is None:
        return None
    unit = run.unit if run.unit in COUNTED else "point"
    return diagnose_run(train, validation, unit=unit, comparable=run.comparable, not_judged=run.need_not_fall)
