"""A landscape along the line of its largest curvature: in one dimension, where gradient descent can be seen to bounce.

On a quadratic the directions of curvature are independent: gradient descent in the plane moves along this line exactly
as it does on the slice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.landscapes.critical import eigen
from core.landscapes.landscape import BoundLandscape, Landscape

WIDE = 0.05  # of the window: over so much, the mean curvature stands for that of a point which has none
NEGLIGIBLE = 1e-9  # of the typical curvature of the window: a smaller one is none


@dataclass(frozen=True, eq=False)
class LandscapeSlice:
    """A landscape along a line, for positions [..., 1] in units of its axes, counted from `origin`.

    `descend` takes it as a landscape of one dimension. The landscape's own parameters are set already.
    """

    landscape: BoundLandscape
    origin: np.ndarray  # [..., 2]
    direction: np.ndarray  # [..., 2], of length 1

    def points(self, positions: np.ndarray) -> np.ndarray:
        """The points [..., 2] of the plane at positions [..., 1]."""
        return self.origin + positions * self.direction

    def value(self, positions: np.ndarray) -> np.ndarray:
        """The value [...] at positions [..., 1]."""
        return self.landscape.value(self.points(positions))

    def grad(self, positions: np.ndarray) -> np.ndarray:
        """The slope [..., 1] along the line at positions [..., 1]."""
        return np.sum(self.landscape.grad(self.points(positions)) * self.direction, axis=-1, keepdims=True)


def steepest_direction(
    landscape: Landscape, at: np.ndarray, params: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The largest curvature [n] of a landscape at points [n, 2], NaN where there is none, and its direction [n, 2].

    Where the slope jumps, or the landscape is flat, the direction is that of the mean curvature of the neighbourhood.
    params: the landscape's, each [n].
    """
    span = np.array([np.ptp(ends) for ends in landscape.window])
    with np.errstate(all="ignore"):
        hessians = landscape.hessian(at, **params)
        around = mean_hessian(landscape, at, params, WIDE * span)
    typical = np.abs(around).max(axis=(-1, -2))
    sizes = np.abs(hessians).max(axis=(-1, -2))
    known = np.isfinite(hessians).all(axis=(-1, -2)) & (sizes > NEGLIGIBLE * typical)
    curvatures, directions = eigen(np.where(known[:, None, None], hessians, np.nan_to_num(around)))
    steepest = directions[:, 1]
    largest = np.take_along_axis(steepest, np.abs(steepest).argmax(axis=-1)[:, None], axis=-1)
    return np.where(known & (curvatures[:, 1] > 0), curvatures[:, 1], np.nan), steepest * np.sign(largest)


def mean_hessian(
    landscape: Landscape, at: np.ndarray, params: Mapping[str, np.ndarray], reach: np.ndarray
) -> np.ndarray:
    """The mean second derivatives [n, 2, 2] over `reach` [2] to either side of points [n, 2]."""
    columns = [
        (landscape.grad(at + step, **params) - landscape.grad(at - step, **params)) / (2 * step.sum())
        for step in np.diag(reach)
    ]
    found = np.stack(columns, axis=-1)
    return (found + np.swapaxes(found, -1, -2)) / 2
