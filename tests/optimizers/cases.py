"""Parameters, gradients and landscapes that tests give to optimizers."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, Optimizer

# Between them: a curved valley, several minima, a parameter, and a plateau.
SAMPLE_LANDSCAPES = [LANDSCAPES[key] for key in ("rosenbrock", "himmelblau", "ravine", "plateau")]
START = (-1.2, 1.0)


def ends(optimizer: Optimizer) -> list[dict[str, float]]:
    """The defaults, every slider at its low end, and every one at its high end."""
    picks = (lambda one: one.default, lambda one: one.low, lambda one: one.high)
    return [{param.name: pick(param) for param in optimizer.params} for pick in picks]


SETTINGS = [(optimizer, params) for optimizer in OPTIMIZERS.values() for params in ends(optimizer)]


def name_of(case: Any) -> str:
    """The id of a case in a test report."""
    if not isinstance(case, dict):
        return str(case)
    return ",".join(f"{name}={value:g}" for name, value in case.items()) or "-"


def gradients(steps: int, shape: tuple[int, ...] = (2,), seed: int = 0) -> np.ndarray:
    """A sequence of gradients [steps, *shape], of both signs and several sizes."""
    random = np.random.default_rng(seed)
    return random.normal(size=(steps, *shape)) * 10.0 ** random.integers(-2, 2, size=(steps, *shape))


def fed(optimizer: Optimizer, x: np.ndarray, sequence: np.ndarray, **params: Any) -> np.ndarray:
    """The points [steps + 1, ...] of the optimizer with these gradients, one after the other."""
    state, points = optimizer.init(x), [np.asarray(x, dtype=float)]
    for grad in sequence:
        after, state = optimizer.step(points[-1], grad, state, **params)
        points.append(after)
    return np.array(points)


@dataclass
class Parabola:
    """A landscape of any dimension that is no record, and counts how often its gradient is asked for."""

    curvature: np.ndarray
    calls: list[tuple[int, ...]] = field(default_factory=list)

    def value(self, points):
        return 0.5 * np.sum(self.curvature * points**2, axis=-1)

    def grad(self, points):
        self.calls.append(points.shape)
        return self.curvature * points
