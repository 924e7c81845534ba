"""A landscape in every run of a sweep of its sliders, and the sliders of a point on it."""

from __future__ import annotations

import numpy as np

from core.landscapes import Landscape
from core.landscapes.landscape import Point, Window
from core.landscapes.on_grid import FINE, SIZE, LandscapeOnGrid
from core.stage import Live, Slider, Sweep
from core.views.kit.theme import Stroke

X, Y = "x", "y"  # of the point through which the cross-sections go


class LandscapeGrid(LandscapeOnGrid):
    """One landscape on a grid over its window, in every run of a sweep of sliders named as its parameters.

    path: [points, 2], drawn on the map.
    """

    def __init__(
        self, key: str, landscape: Landscape, look: Stroke, sweep: Sweep, *,
        path: np.ndarray | None = None, sharp_at: np.ndarray | None = None, size: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(landscape, sweep.runs(), size or (SIZE if sweep.sliders else FINE), sharp_at)
        self.key, self.look, self.sweep, self.path = key, look, sweep, path

    def live(self, array: np.ndarray, *sliders: Slider, across: Slider | None = None) -> Live:
        """An array [runs, *frames of the sliders, ...], live."""
        return Live(array, (self.sweep, *sliders), across=across)


def point_sliders(
    window: Window, axes: tuple[str, str], size: int, start: Point | None = None
) -> tuple[Slider, Slider]:
    """The sliders of the point through which the cross-sections go: on the grid, at first beside `start`, or else in
    the middle."""

    def one(number: int, name: str) -> Slider:
        ends = window[number]
        values = np.array([float(f"{value:.5g}") for value in np.linspace(*ends, size)])  # as an address writes them
        at = np.mean(ends) if start is None else start[number]
        nearest = int(np.argmin(np.abs(values - at)))
        return Slider(name=name, label=f"Slice at {axes[number]}", values=values, start=nearest)

    return one(0, X), one(1, Y)
