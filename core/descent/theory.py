"""What theory says of descent on a quadratic landscape, to stand beside what is measured.

On a quadratic every direction of curvature goes its own way, and the distance to the minimum along it shrinks by a
constant factor a step once the method has settled in: the contraction. The slowest direction decides (Polyak 1964;
Nesterov 2004, chapters 2.1-2.2; Goh 2017 for the picture). Momentum is PyTorch's: v <- momentum v + g, x <- x - rate v.
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
NESTEROV = Source("Nesterov", 2004, "Introductory Lectures on Convex Optimization", "doi:10.1007/978-1-4419-8853-9")
GOH = Source("Goh", 2017, "Why momentum really works", "doi:10.23915/distill.00006")

EQUAL = 1e-9  # of the curvature: Hessians this alike are one; sums over data round at 1e-13
PROBES = (0.0, 0.13, -0.37, 0.5, 2.0, -7.0)  # windows from the middle: in the picture, at its rim and far outside
FLAT = 1e-9  # of the larger curvature: a smaller one is none
ROUNDING = 1e-14  # of the largest distance: a smaller one is rounding
ROUNDING_OF_PLACE = 1e-12  # of the centre's distance from the origin, and of a start's: below it a part is rounding
ONE_ROOT = 1e-9  # of the larger singular value: a smaller one is the rounding of numbers that shrink by one factor
TINY = np.finfo(np.float64).tiny
EXACT = 1e-15  # of a unit vector: a smaller part of it is the rounding of a sine
FEWEST = 5  # distances from which a contraction is read


@dataclass(frozen=True, eq=False)
class Quadratic:
    """A landscape of constant curvature: height + (x - centre) H (x - centre) / 2.

    What speaks of a best rate, or of a momentum, is NaN where the landscape has no single minimum.
    """

    centre: np.ndarray  # [2]: the minimum, or the saddle
    height: float
    low: float  # the smallest and the largest curvature, eigenvalues of H
    high: float
    directions: np.ndarray  # [2, 2]: their unit eigenvectors in the rows

    @property
    def bowl(self) -> bool:
        """Whether there is a single minimum."""
        return self.low > FLAT * self.high

    @property
    def condition(self) -> float:
        """The largest curvature over the smallest, κ."""
        return self.high / self.low if self.bowl else np.nan

    @property
    def best_rate(self) -> float:
        """The learning rate at which gradient descent contracts fastest: it shrinks both directions alike."""
        return 2 / (self.low + self.high) if self.bowl else np.nan

    @property
    def best_contraction(self) -> float:
        """(κ - 1) / (κ + 1), gradient descent's at its best rate."""
        return (self.condition - 1) / (self.condition + 1)

    @property
    def best_momentum(self) -> float:
        """The heavy ball's, ((√κ - 1) / (√κ + 1))²: both directions critically damped (Polyak 1964)."""
        return self.best_momentum_contraction**2

    @property
    def best_momentum_rate(self) -> float:
        """The learning rate that goes with it."""
        return 4 / (np.sqrt(self.low) + np.sqrt(self.high)) ** 2 if self.bowl else np.nan

    @property
    def best_momentum_contraction(self) -> float:
        """(√κ - 1) / (√κ + 1), the heavy ball's at its best; reached slowly, as k times its k-th power is."""
        root = np.sqrt(self.condition)
        return (root - 1) / (root + 1)

    def stable_rate(self, momentum: Any = 0.0, *, nesterov: bool = False) -> Any:
        """The learning rate [...] above which the steps grow: 2 / high without momentum."""
        return stability(momentum, nesterov=nesterov) / self.high

    def contraction(self, rate: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> np.ndarray:
        """The factor [...] by which the distance to the centre changes in a step, after many; above 1 it grows."""
        return np.maximum(*self.contractions(rate, momentum, nesterov=nesterov))

    def contractions(self, rate: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> list[np.ndarray]:
        """The same along each of its directions by itself, each [...]."""
        return [contraction(np.asarray(rate) * c, momentum, nesterov=nesterov) for c in (self.low, self.high)]


class Part(Enum):
    """How much of a path lies in a direction."""

    NONE = "none"  # exactly nothing, at every step
    ROUNDING = "rounding"  # of its start, no more than rounding
    SOME = "some"


@dataclass(frozen=True)
class Observed:
    """A path on a quadratic, beside theory: both in the direction in which most of its distance is at the end."""

    measured: float  # the factor by which a step changes the distance to the centre
    predicted: float
    curvature: float  # in that direction
    other: float  # what theory says of the other direction
    other_curvature: float
    start: Part  # of the start, in that direction
    other_start: Part  # in the other

    @property
    def slowest(self) -> bool:
        """Whether no direction shrinks more slowly: then all others have had their day."""
        return self.other <= self.predicted * (1 + EQUAL)


def stability(momentum: Any = 0.0, *, nesterov: bool = False) -> Any:
    """The product of rate and curvature above which steps grow: 2 (1 + momentum), Nesterov's over 1 + 2 momentum."""
    above = 2 * (1 + np.asarray(momentum, dtype=np.float64))
    return above / (above - 1) if nesterov else above


def contraction(product: Any, momentum: Any = 0.0, *, nesterov: bool = False) -> np.ndarray:
    """The factor a step in one direction, at this product of rate and curvature: the largest modulus of the roots of

    z² - (1 + momentum - product) z + momentum, or for Nesterov's z² - (1 + momentum) (1 - product) z + momentum
    (1 - product). Shapes [...] broadcast.
    """
    a, b = np.broadcast_arrays(np.asarray(product, dtype=np.float64), np.asarray(momentum, dtype=np.float64))
    trace, determinant = ((1 + b) * (1 - a), b * (1 - a)) if nesterov else (1 + b - a, b)
    inside = trace**2 - 4 * determinant
    real = (np.abs(trace) + np.sqrt(np.maximum(inside, 0.0))) / 2
    return np.where(inside >= 0, real, np.sqrt(np.maximum(determinant, 0.0)))  # a complex pair: |z|² = z z*


def quadratic(landscape: Landscape, **params: Any) -> Quadratic | None:
    """The landscape's numbers if it is quadratic, at these settings of its parameters, else None.

    Found from its Hessians and slopes at places inside and far outside the window: a Hessian that is the same
    everywhere and slopes that fit to it. So a kink is seen, which no Hessian shows.
    """
    low, high = np.array(landscape.window).T
    places = np.stack(np.meshgrid(PROBES, PROBES), axis=-1).reshape(-1, 2)
    points = (low + high) / 2 + places * (high - low)
    bends, slopes = landscape.hessian(points, **params), landscape.grad(points, **params)
    bend = bends[0]
    size = np.abs(bend).max()
    with np.errstate(invalid="ignore", over="ignore"):
        fits = slopes - slopes[0] - (points - points[0]) @ bend
        same = np.abs(bends - bend).max() <= EQUAL * size
        same &= np.abs(fits).max() <= EQUAL * np.abs(slopes).max()
    curvatures, directions = eigen(bend)
    if not (same and np.abs(curvatures).min() > FLAT * size > 0):  # level along a line: no single centre
        return None
    centre = points[0] - np.linalg.solve(bend, slopes[0])
    height = float(landscape.value(centre, **params))
    directions = np.where(np.abs(directions) < EXACT, 0.0, directions)  # so that a path on an axis stays on it
    return Quadratic(centre, height, float(curvatures[0]), float(curvatures[1]), directions)


def observed(
    points: Any, known: Quadratic, rate: float, momentum: float = 0.0, *, nesterov: bool = False
) -> Observed | None:
    """The path [steps + 1, 2] of a constant rate without noise, beside what theory says of it: `Observed`.

    Each direction of curvature goes its own way, so each is measured by itself: a start that has no part in one of them
    never meets its factor, unless rounding brings it in. None with too few steps to measure.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        parts = (np.asarray(points, dtype=np.float64) - known.centre) @ known.directions.T
    finite = np.isfinite(parts).all(axis=-1)
    parts = parts[: len(parts) if finite.all() else int(np.argmin(finite))]
    # Of two steps in a row [steps, 2], because what swings through the centre is near it now and then.
    size = np.hypot(parts[:-1], parts[1:])
    distance = np.hypot(size[:, 0], size[:, 1])
    floor = max(ROUNDING * distance.max(initial=0.0), ROUNDING_OF_PLACE * float(np.hypot(*known.centre)))
    counted = np.flatnonzero(distance > floor)
    if not counted.size:
        return None
    own = int(size[counted[-1]].argmax())
    counted = counted[(counted >= counted[-1] / 2) & (size[counted, own] > floor)]
    if len(counted) < FEWEST - 1:  # of pairs of steps
        return None
    factor = growth(parts[counted[0] : counted[-1] + 2, own], terms=2 if momentum else 1)
    predicted = [float(each) for each in known.contractions(rate, momentum, nesterov=nesterov)]
    curvatures, share = (known.low, known.high), np.abs(parts[0]) / max(np.hypot(*parts[0]), TINY)
    starts = [
        Part.NONE if not parts[:, axis].any() else Part.ROUNDING if share[axis] <= ROUNDING_OF_PLACE else Part.SOME
        for axis in (0, 1)
    ]
    return Observed(
        factor, predicted[own], curvatures[own], predicted[1 - own], curvatures[1 - own], starts[own], starts[1 - own]
    )


def growth(numbers: np.ndarray, terms: int) -> float:
    """The factor by which numbers [n] change in a step that each follow from the one or two (`terms`) before.

    The largest modulus of the roots of z - a, or of z² - a z - b, with the a and b that fit best. So a swing through 0
    is no change of pace, and numbers that only shrink by a factor, which fit to many a and b, give that factor.
    """
    scaled = numbers / np.abs(numbers).max()
    before = np.stack([scaled[terms - 1 - back : len(scaled) - 1 - back] for back in range(terms)], axis=-1)
    fitted = np.linalg.lstsq(before, scaled[terms:], rcond=ONE_ROOT)[0]
    return float(np.abs(np.roots([1.0, *-fitted])).max())
