"""A landscape in every frame of its sliders: heights, critical points, arrows downhill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.landscapes import Landscape
from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, CriticalPoints, critical_points, eigen, grid
from core.landscapes.landscape import Point, Window
from core.stage import Slider
from core.stage.legacy import Pick
from core.views.kit.theme import Stroke

SIZE, FINE = 61, 101  # of the grid, along each side: where sliders morph the ground, and where it stands still
X, Y = "x", "y"  # keys of the sliders that move the point through which the ground is cut
ARROWS = 9  # along each side
ARROW = 0.055  # longest, of the window


@dataclass(frozen=True, eq=False)
class Ground:
    """One landscape at every setting of a star of its sliders: the first setting is the centre (`core.stage.Pick`)."""

    key: str
    landscape: Landscape
    look: Stroke
    star: tuple[str, ...]  # keys of the sliders that it follows
    settings: Sequence[Mapping[str, float]]  # of its parameters
    size: int = SIZE
    path: np.ndarray | None = None  # [stops, 2]: a walk over it, drawn on the map
    sharp_at: np.ndarray | None = None  # [2]: where its sharpness is told of; the lowest minimum, if nowhere else

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return grid(self.landscape, self.size)

    @cached_property
    def heights(self) -> np.ndarray:
        """[settings, y, x]"""
        return self.landscape.sweep(self.axes[2], self.settings)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Each parameter at every setting."""
        return {name: np.array([setting[name] for setting in self.settings]) for name in self.settings[0]}

    @cached_property
    def critical(self) -> CriticalPoints:
        x, y, _ = self.axes
        return critical_points(self.landscape, x, y, self.heights, self.params)

    def pick(self, array: str, *sliders: str, across: str = "") -> Pick:
        return Pick(f"{self.key} {array}", sliders, across=across, star=self.star)

    def marked(self, kind: str, *, kink: bool) -> CriticalPoints:
        """The critical points of a kind: at kinks, where there is no curvature, or elsewhere."""
        at_kink = np.isnan(self.critical.eigenvalues[:, 0])
        return self.critical.take(np.flatnonzero((self.critical.kind == kind) & (at_kink == kink)))

    def marks(self, kind: str, *, kink: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, y and the numbers for the pointer [settings, points (, 7)] of these; NaN where a frame has fewer."""
        own = self.marked(kind, kink=kink)
        counts = np.bincount(own.frame, minlength=len(self.settings))
        most = max(1, counts.max(initial=0))
        column = np.concatenate([np.arange(count) for count in counts]).astype(int)
        places = np.full((len(self.settings), most, 2), np.nan)
        places[own.frame, column] = own.points
        told = np.full((len(self.settings), most, 7), np.nan)
        directions = own.directions.reshape(-1, 4)
        told[own.frame, column] = np.column_stack([own.values, own.eigenvalues, directions])
        return places[..., 0], places[..., 1], told

    def lowest(self) -> dict[str, np.ndarray]:
        """Of the lowest minimum in each frame: where it is, how high, how sharp; NaN where there is none."""
        own = self.critical.take(np.flatnonzero(self.critical.kind == MINIMUM))
        first = np.unique(own.frame, return_index=True)[1]
        own = own.take(first)
        found = np.full((len(self.settings), 5), np.nan)
        found[own.frame] = np.column_stack([own.points, own.values, own.eigenvalues])
        if self.sharp_at is not None:
            found[:, 3:] = eigen(self.landscape.hessian(self.sharp_at))[0]
        *place, flat, sharp = found.T
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.where(flat > 0, sharp / flat, np.nan)  # a slope, or a saddle, is not so many times as sharp
        return dict(zip(("at x", "at y", "lowest", "sharpness", "condition"), (*place, sharp, times), strict=True))

    def counts(self) -> dict[str, np.ndarray]:
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


def point_sliders(window: Window, axes: tuple[str, str], size: int, start: Point | None = None) -> tuple[Slider, ...]:
    """The point through which the ground is cut, on the grid: at first beside `start`, or else in the middle."""
    sliders = []
    for number, (key, ends) in enumerate(zip((X, Y), window, strict=True)):
        values = np.array([float(f"{value:.5g}") for value in np.linspace(*ends, size)])  # as an address writes them
        at = np.mean(ends) if start is None else start[number]
        nearest = int(np.argmin(np.abs(values - at)))
        sliders.append(Slider(name=key, label=f"Slice at {axes[number]}", values=values, start=nearest))
    return tuple(sliders)


def star(sliders: Sequence[Slider], names: Mapping[str, str], centre: Mapping[str, float]) -> list[dict[str, float]]:
    """The settings of a landscape's parameters in a star of these sliders; `names` says whose parameter each is."""
    middle = {names[slider.key]: centre.get(slider.key, float(slider.values[slider.start])) for slider in sliders}
    rays = [middle | {names[slider.key]: float(value)} for slider in sliders for value in slider.values]
    return [middle, *rays]


def own_names(ground: Ground) -> list[str]:
    """The parameter that each slider of the ground's star moves."""
    return [key.rpartition(".")[2] for key in ground.star]
