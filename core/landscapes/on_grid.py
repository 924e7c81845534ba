"""A landscape on a grid at several settings of its parameters: heights, critical points, arrows downhill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, CriticalPoints, critical_points, eigen, grid
from core.landscapes.landscape import Landscape

SIZE, FINE = 61, 101  # points along each side: where there are many settings, and where there is one
ARROWS = 9  # along each side
ARROW = 0.055  # longest, of the window


@dataclass(eq=False)
class LandscapeOnGrid:
    """One landscape over its window, `size` points along each side.

    settings: the values of its parameters, by name. sharp_at: the point [2] at which the curvature is read; without it
    the lowest minimum.
    """

    landscape: Landscape
    settings: Sequence[Mapping[str, float]]
    size: int = SIZE
    sharp_at: np.ndarray | None = None

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x [size], y [size] and the points [size, size, 2]."""
        return grid(self.landscape, self.size)

    @cached_property
    def heights(self) -> np.ndarray:
        """The height over the grid, [settings, y, x]."""
        return self.landscape.sweep(self.axes[2], self.settings)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Each parameter at every setting, [settings]."""
        return {name: np.array([setting[name] for setting in self.settings]) for name in self.settings[0]}

    @cached_property
    def critical(self) -> CriticalPoints:
        x, y, _ = self.axes
        return critical_points(self.landscape, x, y, self.heights, self.params)

    def marked(self, kind: str, *, kink: bool) -> CriticalPoints:
        """The critical points of a kind, at all settings: those at kinks, where there is no curvature, or the
        others."""
        at_kink = np.isnan(self.critical.eigenvalues[:, 0])
        return self.critical.take(np.flatnonzero((self.critical.kind == kind) & (at_kink == kink)))

    def marks(self, kind: str, *, kink: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, y [settings, points] and the numbers under the pointer [settings, points, 7] of these; NaN where a
        setting has fewer."""
        own = self.marked(kind, kink=kink)
        counts = np.bincount(own.frame, minlength=len(self.settings))
        most = max(1, counts.max(initial=0))
        column = np.concatenate([np.arange(count) for count in counts]).astype(int)
        places = np.full((len(self.settings), most, 2), np.nan)
        places[own.frame, column] = own.points
        about = np.full((len(self.settings), most, 7), np.nan)
        directions = own.directions.reshape(-1, 4)
        about[own.frame, column] = np.column_stack([own.values, own.eigenvalues, directions])
        return places[..., 0], places[..., 1], about

    def lowest(self) -> dict[str, np.ndarray]:
        """The lowest minimum at each setting [settings]: its place, its height, its largest curvature, and its
        condition number; NaN where there is none."""
        own = self.critical.take(np.flatnonzero(self.critical.kind == MINIMUM))
        first = np.unique(own.frame, return_index=True)[1]
        own = own.take(first)
        found = np.full((len(self.settings), 5), np.nan)
        found[own.frame] = np.column_stack([own.points, own.values, own.eigenvalues])
        if self.sharp_at is not None:
            found[:, 3:] = eigen(self.landscape.hessian(self.sharp_at))[0]
        *place, flat, sharp = found.T
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.where(flat > 0, sharp / flat, np.nan)  # a slope or a saddle has no condition number
        return dict(zip(("at x", "at y", "lowest", "sharpness", "condition"), (*place, sharp, times), strict=True))

    @property
    def steepness(self) -> float:
        """The highest point over the median one, both above the lowest, at the first setting."""
        heights = self.heights[0][np.isfinite(self.heights[0])]
        above = heights - np.nanmin(np.append(heights, self.lowest()["lowest"][0]))
        return float(above.max() / (np.median(above) or 1.0))

    def counts(self) -> dict[str, np.ndarray]:
        """The number of critical points of each kind, [settings]."""
        return {
            kind: np.bincount(self.critical.frame[self.critical.kind == kind], minlength=len(self.settings)).astype(
                float
            )
            for kind in (MINIMUM, SADDLE, MAXIMUM)
        }

    def arrows(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y [settings, points] of arrows that point downhill, longer where it is steeper; each ends in a gap."""
        span = np.array([np.ptp(ends) for ends in self.landscape.window])
        inner = np.linspace(0.5 / ARROWS, 1 - 0.5 / ARROWS, ARROWS)
        at = np.stack(np.meshgrid(inner, inner), axis=-1).reshape(-1, 2)
        low = np.array([ends[0] for ends in self.landscape.window])
        params = {name: values[:, None] for name, values in self.params.items()}
        downhill = -self.landscape.grad(low + at * span, **params) * span
        steep = np.linalg.norm(downhill, axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            length = ARROW * (steep / np.nanmax(steep)) ** 0.25
            run = np.where(steep > 0, downhill / steep, 0.0) * length
        tip, back = at + run, 0.35 * run
        side = np.stack([-back[..., 1], back[..., 0]], axis=-1) * 0.7
        base = np.broadcast_to(at, tip.shape)
        path = [base - run * 0.2, tip, tip - back + side, tip, tip - back - side, np.full_like(tip, np.nan)]
        drawn = low + np.stack(path, axis=-2).reshape(len(self.settings), -1, 2) * span
        return drawn[..., 0], drawn[..., 1]


def triangles(size: int) -> np.ndarray:
    """The corners of a surface's triangles, two for each cell of a grid, int16 [3, triangles].

    A mesh, because Plotly's own surface refines every grid to 128 lines: 80 ms a frame.
    """
    corner = (np.arange(size - 1)[:, None] * size + np.arange(size - 1)).ravel()
    lower = np.stack([corner, corner + 1, corner + size], axis=-1)
    upper = np.stack([corner + 1, corner + size + 1, corner + size], axis=-1)
    return np.concatenate([lower, upper]).astype(np.int16).T


def typical_gradient(landscape: Landscape) -> float:
    """The median gradient norm in the window."""
    points = grid(landscape, 15)[2]
    with np.errstate(all="ignore"):
        return float(np.nanmedian(np.linalg.norm(landscape.grad(points), axis=-1)))
