"""The x axes over which losses are drawn: a residual, a raw score, a probability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.numerics import sigmoid


@dataclass(frozen=True, kw_only=True)
class LossAxis:
    """An axis of losses: the meaning of x, and how a loss takes it."""

    title: str
    symbol: str  # in a sentence
    grid: np.ndarray  # float64 [points]: where curves are drawn
    stops: np.ndarray  # float64 [frames]: where the slider of the inspected point stops
    start: float
    to_loss: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # x, true value -> pred, target
    stretch: Callable[[np.ndarray], np.ndarray]  # d pred / d x
    from_kink: Callable[[np.ndarray], np.ndarray]  # where a loss's kink lies on x
    noun: str  # the name of one x
    gradient: str  # the title of the gradient's panel
    lowers: str  # the number that a step changes and the gradient is taken in

    @property
    def low(self) -> float:
        """The least x."""
        return float(self.stops[0])

    @property
    def high(self) -> float:
        """The largest x."""
        return float(self.stops[-1])


def around_zero(reach: float, points: int, focus: float) -> np.ndarray:
    """Points from -reach to reach, float64 [points], closer together around 0, where small parameters act."""
    return reach * np.sinh(focus * np.linspace(-1, 1, points)) / np.sinh(focus)


RESIDUAL = LossAxis(
    title="error r = prediction − true value",
    symbol="r",
    grid=around_zero(6.0, 161, 2.0),
    stops=np.round(np.linspace(-6, 6, 121), 10),
    start=3.0,
    to_loss=lambda r, truth: (truth + r, truth),
    stretch=np.ones_like,
    from_kink=lambda kink: kink,
    noun="Error",
    gradient="Gradient dL/dr",
    lowers="prediction",
)


def score_axis(truth: int) -> LossAxis:
    """The raw score z of an example whose label is `truth`, 0 or 1."""
    side = 2 * truth - 1
    return LossAxis(
        title=f"raw score z (logit), true label y = {truth}",
        symbol="z",
        grid=around_zero(6.0, 141, 1.5),
        stops=np.round(np.linspace(-6, 6, 121), 10),
        start=-3.0 * side,
        to_loss=lambda z, _: (z, np.asarray(float(truth))),
        stretch=np.ones_like,
        from_kink=lambda margin: side * margin,
        noun="Score",
        gradient="Gradient dL/dz",
        lowers="score",
    )


def probability_axis(truth: int) -> LossAxis:
    """The predicted probability p = sigmoid(z) of an example whose label is `truth`, 0 or 1."""
    side = 2 * truth - 1
    return LossAxis(
        title=f"predicted probability p = sigmoid(z), true label y = {truth}",
        symbol="p",
        grid=sigmoid(around_zero(6.9, 141, 0.5)),
        stops=np.round(np.linspace(0.01, 0.99, 99), 10),
        start=0.05 if truth else 0.95,
        to_loss=lambda p, _: (np.log(p) - np.log1p(-p), np.asarray(float(truth))),
        stretch=lambda p: 1 / (p * (1 - p)),
        from_kink=lambda margin: sigmoid(side * margin),
        noun="Probability",
        gradient="Gradient in the score, dL/dz",
        lowers="score",
    )
