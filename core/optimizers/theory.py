"""What theory says of descent on a quadratic landscape, to stand beside what is measured.

On a quadratic every direction of curvature goes its own way, and the distance to the minimum along it shrinks by a
constant factor a step once the method has settled in: the contraction. The slowest direction decides (Polyak 1964;
Nesterov 2004, chapters 2.1-2.2; Goh 2017 for the picture). Momentum is PyTorch's: v <- momentum v + g, x <- x - rate v.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalogue import Source
from core.landscapes.contract import Landscape
from core.landscapes.critical import eigen

POLYAK = Source(
    "Polyak", 1964, "Some methods of speeding up the convergence of iteration methods",
    "doi:10.1016/0041-5553(64)90137-5",
)  # fmt: skip
NESTEROV = Source("Nesterov", 2004, "Introductory Lectures on Convex Optimization", "doi:10.1007/978-1-4419-8853-9")
GOH = Source("Goh", 2017, "Why momentum really works", "doi:10.23915/distill.00006")

EQUAL = 1e-9  # of the curvature: Hessians this alike are one; sums over data round at 1e-13
PROBES = (0.0, 0.13, -0.37, 0.5, 2.0, -7.0)  # windows from the middle: in the picture, at its rim and far outside
FLAT = 1e-9  # of the larger curvature: a smaller one is none
# Of the largest distance, or of the height of the minimum: below it a distance to the minimum, computed from heights,
# is rounding. A height adds a few hundred terms at most, each with an error of 1e-16.
ROUNDING, ROUNDING_OF_HEIGHT = 1e-14, 1e-13
FEWEST, MOST = 5, 200  # distances from which a contraction is read: the slopes between all pairs of them


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
        each = [contraction(np.asarray(rate) * c, momentum, nesterov=nesterov) for c in (self.low, self.high)]
        return np.maximum(*each)


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
    return Quadratic(centre, height, float(curvatures[0]), float(curvatures[1]), directions)


def measured(values: Any, lowest: float) -> float:
    """The contraction of one path, from its heights [steps + 1] and the height of the minimum it goes to.

    Near a minimum the distance goes as the root of what is left above it. The slope of its logarithm is read over the
    last half of the steps before all is rounding, as the median of those between all pairs of points (Sen 1968): no
    swing through the minimum, where the distance dips, throws it off. NaN with fewer than 5 points.
    """
    heights = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(heights)
    left = heights[: len(heights) if finite.all() else int(np.argmin(finite))] - lowest
    distance = np.sqrt(np.maximum(left, 0.0))
    floor = max(ROUNDING * distance.max(initial=0.0), np.sqrt(ROUNDING_OF_HEIGHT * abs(lowest)))
    counted = np.flatnonzero(distance > floor)
    counted = counted[counted >= counted[-1:] / 2]
    if len(counted) < FEWEST:
        return np.nan
    counted = counted[:: len(counted) // MOST + 1]
    first, second = np.triu_indices(len(counted), k=1)  # not by SciPy, whose bounds of confidence take all the time
    logs = np.log(distance[counted])
    return float(np.exp(np.median((logs[second] - logs[first]) / (counted[second] - counted[first]))))
