"""Gradient descent on a slice of a landscape: every run that the sliders can show, computed in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.descent import Descent, descend
from core.descent.slice import LandscapeSlice, steepest_direction
from core.descent.theory import Quadratic, quadratic
from core.kept import kept
from core.optimizers import OPTIMIZERS
from core.stage import Slider, Sweep
from core.views.gradient_descent.problems import DescentProblem
from core.views.gradient_descent.sliders import LIVELY, RATE, RATES, STEP, rate_slider, swept
from core.views.kit.landscape_grid import LandscapeGrid

KEY = "gradient_descent"
STEPS, SLICE_FPS = 40, 6
START, STARTS = "start", np.round(np.linspace(-1, 1, 41), 2)  # of the way from the minimum to the picture's edge
BEGIN = 0.3
LARGEST_BEGIN = 1.0  # learning rate that it begins with
STOPS = np.linspace(-1.2, 1.2, 121)  # of that way: where the curve is computed


@dataclass(frozen=True)
class SliceRuns:
    """Gradient descent on the slice through a landscape's lowest minimum, in the direction of the largest curvature.

    Without a minimum the slice goes through the middle of the window. Nothing is computed before it is asked for.
    """

    problem: DescentProblem
    released: tuple[tuple[str, float], ...] = ()  # the centre: sliders' values that have left their start, by key

    def around(self, centre: Mapping[str, float]) -> SliceRuns:
        """The same around these values of the sliders."""
        return replace(self, released=tuple(sorted(centre.items())))

    # --- sliders and their sweeps ---

    @cached_property
    def centre(self) -> dict[str, float]:
        return dict(self.released)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        timeline = Slider(
            name=STEP, label="Step", values=np.arange(STEPS + 1.0), start=STEPS, kind="timeline", fps=SLICE_FPS
        )
        first = int(np.flatnonzero(STARTS == BEGIN)[0])
        start = swept(name=START, label="Start (±1 is the edge of the picture)", values=STARTS, start=first)
        own = (replace(slider, continuous=True) for slider in self.problem.sliders)
        found = (timeline, rate_slider(self.problem, RATES, begin=lively_rate(self.problem)), start, *own)
        return tuple(one.around(one.at(self.centre)) if one.continuous else one for one in found)

    def slider(self, key: str) -> Slider:
        return next(slider for slider in self.sliders if slider.key == key)

    @cached_property
    def sweep(self) -> Sweep:
        return Sweep([slider for slider in self.sliders if slider.recomputed], self.centre)

    # --- the slice, in each run of the landscape's own sweep ---

    @cached_property
    def grid(self) -> LandscapeGrid:
        own = {slider.key for slider in self.problem.sliders}
        return self.problem.grid([slider for slider in self.sliders if slider.key in own], self.centre)

    @cached_property
    def setting(self) -> np.ndarray:
        """The run of the landscape's sweep on which each run takes place, [runs]."""
        return self.sweep.runs_in(self.grid.sweep)

    @cached_property
    def quadratics(self) -> list[Quadratic | None]:
        """The landscape as a quadratic with a minimum, where it is one."""
        found = [quadratic(self.problem.landscape, **setting) for setting in self.grid.settings]
        return [known if known and known.convex else None for known in found]

    @property
    def exact(self) -> bool:
        """Whether the curvature is the same everywhere on each slice."""
        return all(known is not None for known in self.quadratics)

    @cached_property
    def has_minimum(self) -> np.ndarray:
        """Whether there is a minimum to go through, [settings]."""
        return np.isfinite(self.grid.lowest()["at x"])

    @cached_property
    def origin(self) -> np.ndarray:
        """The point [settings, 2] that each slice goes through."""
        lowest = self.grid.lowest()
        found = np.stack([lowest["at x"], lowest["at y"]], axis=-1)
        middle = np.mean(self.problem.landscape.window, axis=1)
        found = np.where(self.has_minimum[:, None], found, middle)
        known = [one.centre if one else own for one, own in zip(self.quadratics, found, strict=True)]
        return np.array(known)

    @cached_property
    def steepest(self) -> tuple[np.ndarray, np.ndarray]:
        """The largest curvature λmax at the minimum [settings], NaN without one, and its direction [settings, 2]."""
        curvature, direction = steepest_direction(self.problem.landscape, self.origin, self.landscape_params)
        return np.where(self.has_minimum, curvature, np.nan), direction

    @property
    def landscape_params(self) -> dict[str, np.ndarray]:
        """The landscape's parameters, each [settings]."""
        return {name: np.array([one[name] for one in self.grid.settings]) for name in self.grid.settings[0]}

    @cached_property
    def reach(self) -> float:
        """How far the picture shows the slice to either side: half of the window."""
        half = np.ptp(self.problem.landscape.window, axis=1) / 2
        with np.errstate(divide="ignore"):
            return float(np.min(half / np.abs(self.steepest[1][0])))

    @cached_property
    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions [stops] along the slice, and the loss there [settings, stops]."""
        positions = STOPS * self.reach
        params = {name: values[:, None] for name, values in self.landscape_params.items()}
        line = self.line(params, self.origin[:, None], self.steepest[1][:, None])
        with np.errstate(all="ignore"):
            return positions, line.value(positions[:, None])

    def line(self, params: Mapping[str, np.ndarray], origin: np.ndarray, direction: np.ndarray) -> LandscapeSlice:
        return LandscapeSlice(self.problem.landscape.at(**params), origin, direction)

    # --- the runs ---

    @property
    def rates(self) -> np.ndarray:
        """The learning rate of each run, [runs]."""
        return self.sweep.values[RATE]

    @cached_property
    def curvature(self) -> np.ndarray:
        """λmax in each run, [runs]."""
        return self.steepest[0][self.setting]

    @cached_property
    def descent(self) -> Descent:
        """All runs: points [steps + 1, runs, 1] are positions along the slice."""
        params = {name: values[self.setting] for name, values in self.landscape_params.items()}
        line = self.line(params, self.origin[self.setting], self.steepest[1][self.setting])
        start = (self.sweep.values[START] * self.reach)[:, None]
        return descend(OPTIMIZERS[KEY], line, start, STEPS, lr=self.rates)


@kept
def lively_rate(problem: DescentProblem) -> float:
    """A learning rate at which gradient descent jumps across the minimum, but less with each step: below 2 / the
    largest curvature at the start and at the known minima."""
    with np.errstate(all="ignore"):
        hessians = problem.landscape.hessian(np.array([problem.start, *problem.landscape.minima]))
        curvature = np.abs(np.linalg.eigvalsh(np.nan_to_num(hessians))).max()
    return float(np.clip(LIVELY / curvature if curvature > 0 else LARGEST_BEGIN, RATES[0], LARGEST_BEGIN))
