"""Convergence theory of gradient descent and momentum on a quadratic landscape, and measurements to compare with it.

On a quadratic the two directions of curvature are independent. After the first steps, each step multiplies the distance
to the minimum along a direction by a constant factor, its contraction; the largest of the two decides how fast a run
converges (Polyak 1964; Nesterov 2004, Introductory Lectures on Convex Optimization, doi:10.1007/978-1-4419-8853-9,
chapters 2.1-2.2; Goh 2017 with pictures). Momentum is PyTorch's: v <- momentum v + g, x <- x - rate v.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from core.landscapes.critical import eigen
from core.landscapes.landscape import Landscape
from core.record import Source

POLYAK = Source(
    "Polyak", 1964, "Some methods of speeding up the convergence of iteration methods",
    "doi:10.1016/0041-5553(64)90137-5",
)  # fmt: skip
GOH = Source("Goh", 2017, "Why momentum really works", "doi:10.23915/distill.00006")

EQUAL = 1e-9  # of the curvature: Hessians that differ by less are equal; sums over data round at 1e-13
PROBE_POINTS = (
    0.0,
    0.13,
    -0.37,
    0.5,
    2.0,
    -7.0,
)  # in window widths from the middle: inside the window, at its edge and far outside
ZERO_EIGENVALUE = 1e-9  # of the larger curvature: a smaller one is 0
ROUNDING = 1e-14  # of the largest distance: a smaller one is rounding
ROUNDING_OF_POINT = 1e-12  # of the centre's or a start's distance from the origin: a smaller component is rounding
ONE_ROOT = 1e-9  # of the larger singular value: with a smaller one, the numbers shrink by a single factor
TINY = np.finfo(np.float64).tiny
EXACT = 1e-15  # of a unit vector: a smaller component is the rounding of a sine
MIN_DISTANCES = 5  # distances that a contraction is measured from

RATE_LIMITED = ("gradient_descent", "momentum", "nesterov")  # optimizers whose steps are linear in the gradient


@dataclass(frozen=True, eq=False)
class Quadratic:
    """A landscape of constant curvature: height + (x - centre) H (x - centre) / 2.

    The best rates, momentum and contractions are NaN where the landscape has no single minimum.
    """

    centre: np.ndarray  # [2]: the minimum, or the saddle
    height: float
    low: float  # the smallest and the largest curvature, eigenvalues of H
    high: float
    directions: np.ndarray  # [2, 2]: the unit eigenvectors of `low` and `high`, in rows

    @property
    def convex(self) -> bool:
        """Whether there is a single minimum."""
        return self.low > ZERO_EIGENVALUE * self.high

    @property
    def condition(self) -> float:
        """The largest curvature over the smallest, κ."""
        return self.high / self.low if self.convex else np.nan

    @property
    def best_rate(self) -> float:
        """The learning rate of the smallest contraction of gradient descent; both directions then have the same."""
        return 2 / (self.low + self.high) if self.convex else np.nan

    @property
    def best_contraction(self) -> float:
        """The contraction of gradient descent at its best rate, (κ - 1) / (κ + 1)."""
        return (self.condition - 1) / (self.condition + 1)

    @property
    def best_momentum(self) -> float:
        """The momentum of the smallest contraction, ((√κ - 1) / (√κ + 1))² (Polyak 1964)."""
        return self.best_momentum_contraction**2

    @property
    def best_momentum_rate(self) -> float:
        """The learning rate for the best momentum."""
        return 4 / (np.sqrt(self.low) + np.sqrt(self.high)) ** 2 if self.convex else np.nan

    @property
    def best_momentum_contraction(self) -> float:
        """The contraction at the best momentum and its rate, (√κ - 1) / (√κ + 1); approached slowly."""
        root = np.sqrt(self.condition)
        return (root - 1) / (root + 1)

    def stable_rate(self, momentum: Any = 0.0, *, nesterov: bool = False) -> Any:
        """The largest stable learning rate [...]: 2 / high without momentum."""
        return stability(momentum, nesterov=nesterov) / self.high

    def contraction(self, rate: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> np.ndarray:
        """The factor [...] by which a step multiplies the distance to the centre, after many steps."""
        return np.maximum(*self.contractions(rate, momentum, nesterov=nesterov))

    def contractions(self, rate: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> list[np.ndarray]:
        """The contraction [...] along the direction of `low`, and that along the direction of `high`."""
        return [contraction(np.asarray(rate) * c, momentum, nesterov=nesterov) for c in (self.low, self.high)]


class Component(Enum):
    """How large the component of a start in one direction is."""

    NONE = "none"  # 0 at the start and at every step
    ROUNDING = "rounding"  # no more than rounding errors
    SOME = "some"


@dataclass(frozen=True)
class ObservedContraction:
    """The contraction of a path, measured and predicted, in the direction that has most of its distance at the end."""

    measured: float  # the factor by which a step multiplies the distance to the centre
    predicted: float  # the same by theory
    curvature: float  # in that direction
    other: float  # the predicted contraction in the other direction
    other_curvature: float
    start: Component  # the component of the start in that direction
    other_start: Component  # and in the other

    @property
    def slowest(self) -> bool:
        """Whether theory predicts no larger contraction in the other direction."""
        return self.other <= self.predicted * (1 + EQUAL)


def stability(momentum: Any = 0.0, *, nesterov: bool = False) -> Any:
    """The largest stable product of rate and curvature: 2 (1 + momentum), with Nesterov divided by 1 + 2 momentum."""
    above = 2 * (1 + np.asarray(momentum, dtype=np.float64))
    return above / (above - 1) if nesterov else above


def contraction(product: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> np.ndarray:
    """The contraction in one direction, from its product of rate and curvature; shapes [...] broadcast.

    It is the largest modulus of the roots of z² - (1 + momentum - product) z + momentum, or with Nesterov of
    z² - (1 + momentum) (1 - product) z + momentum (1 - product).
    """
    a, b = np.broadcast_arrays(np.asarray(product, dtype=np.float64), np.asarray(momentum, dtype=np.float64))
    trace, determinant = ((1 + b) * (1 - a), b * (1 - a)) if nesterov else (1 + b - a, b)
    discriminant = trace**2 - 4 * determinant
    real = (np.abs(trace) + np.sqrt(np.maximum(discriminant, 0.0))) / 2
    return np.where(discriminant >= 0, real, np.sqrt(np.maximum(determinant, 0.0)))  # a complex pair: |z|² = z z*


def quadratic(landscape: Landscape, **params: Any) -> Quadratic | None:
    """The landscape at these parameters as a Quadratic; None if it is not quadratic, or not with a single centre.

    It is quadratic if its Hessian is the same at points inside and far outside the window and its gradients fit that
    Hessian. The gradients are checked because a Hessian does not show a kink.
    """
    low, high = np.array(landscape.window).T
    probes = np.stack(np.meshgrid(PROBE_POINTS, PROBE_POINTS), axis=-1).reshape(-1, 2)
    points = (low + high) / 2 + probes * (high - low)
    hessians, gradients = landscape.hessian(points, **params), landscape.grad(points, **params)
    hessian = hessians[0]
    size = np.abs(hessian).max()
    with np.errstate(invalid="ignore", over="ignore"):
        errors = gradients - gradients[0] - (points - points[0]) @ hessian
        same = np.abs(hessians - hessian).max() <= EQUAL * size
        same &= np.abs(errors).max() <= EQUAL * np.abs(gradients).max()
    curvatures, directions = eigen(hessian)
    if not (same and np.abs(curvatures).min() > ZERO_EIGENVALUE * size > 0):  # constant along a line: no single centre
        return None
    centre = points[0] - np.linalg.solve(hessian, gradients[0])
    height = float(landscape.value(centre, **params))
    directions = np.where(np.abs(directions) < EXACT, 0.0, directions)  # so that a path on an axis stays on it
    return Quadratic(centre, height, float(curvatures[0]), float(curvatures[1]), directions)


def observe_contraction(
    points: Any, known: Quadratic, rate: float, momentum: float = 0.0, *, nesterov: bool = False
) -> ObservedContraction | None:
    """The measured and the predicted contraction of a path [steps + 1, 2] on the quadratic `known`.

    The path is that of a constant rate and momentum, without noise. A start without a component in one direction never
    gets its contraction, unless rounding errors add such a component: so one direction is measured, the one with most
    of the distance at the end. None with too few steps to measure.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        components = (np.asarray(points, dtype=np.float64) - known.centre) @ known.directions.T  # [steps + 1, 2]
    finite = np.isfinite(components).all(axis=-1)
    components = components[: len(components) if finite.all() else int(np.argmin(finite))]
    # Of two points in a row [steps, 2], because a path that oscillates about the centre is close to it now and then.
    size = np.hypot(components[:-1], components[1:])
    distance = np.hypot(size[:, 0], size[:, 1])
    floor = max(ROUNDING * distance.max(initial=0.0), ROUNDING_OF_POINT * float(np.hypot(*known.centre)))
    usable = np.flatnonzero(distance > floor)
    if not usable.size:
        return None
    axis = int(size[usable[-1]].argmax())
    usable = usable[(usable >= usable[-1] / 2) & (size[usable, axis] > floor)]
    if len(usable) < MIN_DISTANCES - 1:  # of pairs of steps
        return None
    measured = growth_factor(components[usable[0] : usable[-1] + 2, axis], terms=2 if momentum else 1)
    predicted = [float(each) for each in known.contractions(rate, momentum, nesterov=nesterov)]
    curvatures, share = (known.low, known.high), np.abs(components[0]) / max(np.hypot(*components[0]), TINY)
    starts = [
        Component.NONE
        if not components[:, each].any()
        else Component.ROUNDING
        if share[each] <= ROUNDING_OF_POINT
        else Component.SOME
        for each in (0, 1)
    ]
    return ObservedContraction(
        measured,
        predicted[axis],
        curvatures[axis],
        predicted[1 - axis],
        curvatures[1 - axis],
        starts[axis],
        starts[1 - axis],
    )


def growth_factor(numbers: np.ndarray, terms: int) -> float:
    """The factor by which numbers [n] grow in a step, fitted as a linear recurrence on the last one or two (`terms`).

    It is the largest modulus of the roots of z - a, or of z² - a z - b, with the a and b of least squares. So a change
    of sign does not disturb it. Numbers that shrink by a single factor fit many a and b; all of them give that factor.
    """
    scaled = numbers / np.abs(numbers).max()
    before = np.stack([scaled[terms - 1 - back : len(scaled) - 1 - back] for back in range(terms)], axis=-1)
    fitted = np.linalg.lstsq(before, scaled[terms:], rcond=ONE_ROOT)[0]
    return float(np.abs(np.roots([1.0, *-fitted])).max())


def rate_limit(optimizer: str, beta: np.ndarray) -> np.ndarray:
    """The bound of learning rate times curvature, [...] like beta; NaN for an optimizer whose steps are not linear in
    the gradient."""
    if optimizer not in RATE_LIMITED:
        return np.full_like(beta, np.nan)
    momentum = beta if optimizer != "gradient_descent" else np.zeros_like(beta)
    return stability(momentum, nesterov=optimizer == "nesterov")
