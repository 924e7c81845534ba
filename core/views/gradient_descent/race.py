"""A race: several optimizers from one start on one landscape, in every run of their sweeps, computed in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.descent import Descent, Gaussian, MiniBatch, descend, in_parallel
from core.descent.classify import classify
from core.descent.outcome import Outcome, Outcomes
from core.descent.run import concatenated
from core.descent.theory import Quadratic, quadratic, rate_limit
from core.kept import kept_while_it_grows
from core.landscapes.on_grid import typical_gradient
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, with_schedule, with_weight_decay
from core.optimizers.params import DECAY
from core.stage import Slider, Sweep
from core.views.gradient_descent.problems import DescentProblem
from core.views.gradient_descent.sliders import BATCH, BETA, NOISE, RATE, X, Y, momentum_param, race_sliders
from core.views.kit.landscape_grid import LandscapeGrid

SEED = 1
PLAIN = "constant"  # the schedule that changes nothing
RUNAWAY = 1e6  # times the height of its start: beyond, a height says no more than that the run has diverged
ROUNDING = 1e-14  # of the lowest height: a smaller difference from it is a rounding error


@dataclass(frozen=True)
class Race:
    """All runs of a race that its sliders can show: for each optimizer a sweep.

    Nothing is computed before it is asked for. Arrays [optimizers, runs] hold each optimizer's own runs, in the order
    of its sweep; all sweeps have as many.
    """

    problem: DescentProblem
    optimizers: tuple[str, ...]
    steps: int
    schedule: str = PLAIN
    decay: float = 0.0  # decoupled weight decay, for optimizers that have none of their own
    separate: bool = False  # a learning rate for each optimizer
    few: bool = False  # few frames of each slider
    beyond: int = 0  # steps that are computed beyond the timeline's last
    released: tuple[tuple[str, float], ...] = ()  # the centre: sliders' values that have left their start, by key
    draft: bool = False  # the runs at the centre and along the learning rates alone: quickly computed

    def around(self, centre: Mapping[str, float]) -> Race:
        """The same race around these values of the sliders: one object as long as it is in use."""
        return _kept(replace(self, released=tuple(sorted(centre.items()))))

    def draft_around(self, centre: Mapping[str, float]) -> Race:
        """A draft of it around these values, for a start that is on its way. It is not kept."""
        return replace(self, released=tuple(sorted(centre.items())), draft=True)

    def holding(self, values: Mapping[str, float]) -> Race:
        """A race whose sweeps hold the runs at these values of the sliders: this one, or else the one around them."""
        moved = [one for one in self.sweep.sliders if one.frame_at(values) != one.frame_at(self.centre)]
        if len(moved) < 2:
            return self
        return self.around({one.key: one.at(values) for one in self.sweep.sliders if one.at(values) != one.default})

    # --- sliders and their sweeps ---

    @cached_property
    def centre(self) -> dict[str, float]:
        return dict(self.released)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """All of the picture; a continuous one has a frame where it was released."""
        found = race_sliders(
            self.problem, self.optimizers, separate=self.separate, steps=self.steps - self.beyond, few=self.few
        )
        return tuple(one.around(one.at(self.centre)) if one.continuous else one for one in found)

    def slider(self, key: str) -> Slider:
        return next(slider for slider in self.sliders if slider.key == key)

    @cached_property
    def sweep(self) -> Sweep:
        """The sweep of all sliders, for the sentence about all optimizers."""
        sliders = [slider for slider in self.sliders if slider.recomputed]
        without = [slider.key for slider in sliders if slider.name != RATE] if self.draft else []
        return Sweep(sliders, self.centre, without)

    @cached_property
    def sweeps(self) -> dict[str, Sweep]:
        """The sweep of each optimizer: the sliders that all share, and its own learning rate."""
        everybody = set(self.optimizers)
        return {
            key: replace(self.sweep, sliders=[one for one in self.sweep.sliders if one.owner not in everybody - {key}])
            for key in self.optimizers
        }

    def worded(self, sweep: Sweep) -> Sweep:
        """The first runs of a sweep, about which there are words: all, or in a draft the one at the centre."""
        return replace(sweep, without_arm=[slider.key for slider in sweep.sliders]) if self.draft else sweep

    @property
    def shared(self) -> Sweep:
        """A sweep that moves the landscape and the start as every optimizer's does."""
        return self.sweeps[self.optimizers[0]]

    def rate(self, key: str) -> Slider:
        """The slider of an optimizer's learning rate: the one for all, or its own."""
        return next(slider for slider in self.sweeps[key].sliders if slider.name == RATE)

    @property
    def rates(self) -> np.ndarray:
        return self.rate(self.optimizers[0]).values

    def at(self, key: str, values: Mapping[str, float]) -> tuple[int, int]:
        """The index of an optimizer's run at these values of the sliders, in arrays [..., optimizers, runs]."""
        return self.optimizers.index(key), self.sweeps[key].run(values)

    def by_rate(self, key: str) -> tuple[int, slice]:
        """The index of an optimizer's runs along its learning rate, in arrays [..., optimizers, runs]."""
        return self.optimizers.index(key), self.sweeps[key].arm(self.rate(key).key)

    @cached_property
    def settings(self) -> dict[str, np.ndarray]:
        """The value of each shared slider by key, [runs]; under RATE the learning rates, [optimizers, runs]."""
        rates = [sweep.values[self.rate(key).key] for key, sweep in self.sweeps.items()]
        return dict(self.shared.values) | {RATE: np.stack(rates)}

    # --- the runs ---

    @cached_property
    def descent(self) -> Descent:
        """All runs: points [steps + 1, optimizers, runs, 2]."""
        sampled = self.sampled
        if sampled.all() or not sampled.any():
            return self.descents_of(np.arange(len(sampled)))
        # Runs that see only some of the examples need two gradients a step; the others are computed by themselves.
        parts = [np.flatnonzero(sampled == few) for few in (False, True)]
        return concatenated([self.descents_of(runs) for runs in parts], np.concatenate(parts))

    def descents_of(self, runs: np.ndarray, *, noisy: bool = True) -> Descent:
        """The descents of some of the runs, by their numbers; as they would be without noise if not `noisy`."""
        found = {name: numbers[..., runs] for name, numbers in self.settings.items()}
        own = {}
        for number, key in enumerate(self.optimizers):
            own[key] = {RATE: found[RATE][number]}
            if name := momentum_param(key):
                own[key][name] = found[BETA]
        start = np.stack([found[X], found[Y]], axis=-1)
        landscape = self.problem.landscape.at(**self.problem.params(found))
        together = in_parallel({key: self.optimizer(key) for key in self.optimizers})
        return descend(together, landscape, start, self.steps, noise=self.noise(found) if noisy else None, **own)

    @property
    def quiet(self) -> np.ndarray:
        """The values [steps + 1, optimizers, runs] as they would be without noise in the gradients."""
        runs = np.flatnonzero(self.sampled | (self.settings.get(NOISE, np.zeros(1)) > 0))
        values = self.descent.values.copy()
        if runs.size:
            values[..., runs] = self.descents_of(runs, noisy=False).values
        return values

    def noise(self, settings: Mapping[str, np.ndarray]) -> Gaussian | MiniBatch | None:
        """The noise in the gradients under these settings."""
        if BATCH in settings:
            few = (settings[BATCH] < (self.problem.landscape.examples or 0)).any()
            return MiniBatch(settings[BATCH].astype(int), SEED) if few else None
        return Gaussian(settings[NOISE] * self.typical, SEED) if settings[NOISE].any() else None

    @cached_property
    def typical(self) -> float:
        """The median gradient norm in the window: the unit of the noise."""
        return typical_gradient(self.problem.landscape)

    @property
    def sampled(self) -> np.ndarray:
        """Whether a run's gradients leave out some of the examples, [runs]."""
        sizes = self.settings.get(BATCH, np.full(len(self.settings[X]), np.inf))
        return sizes < (self.problem.landscape.examples or 0)

    @property
    def plain(self) -> bool:
        """Whether the optimizers run as they are: theory does not cover schedules and weight decay."""
        return self.schedule == PLAIN and not self.decay

    def optimizer(self, key: str) -> Optimizer:
        """An optimizer with the chosen weight decay and schedule."""
        found = OPTIMIZERS[key]
        if self.decay and DECAY.name not in found.defaults:
            found = with_weight_decay(found, self.decay)
        return found if self.schedule == PLAIN else with_schedule(found, SCHEDULES[self.schedule], self.steps)

    # --- the landscape under them ---

    @cached_property
    def grid(self) -> LandscapeGrid:
        if self.draft:  # that of the race which is on the screen: a start does not move it
            return (
                replace(self, draft=False, released=())
                .around({key: value for key, value in self.released if key not in (X, Y)})
                .grid
            )
        own = {slider.key for slider in self.problem.sliders}
        return self.problem.grid([slider for slider in self.sliders if slider.key in own], self.centre)

    @cached_property
    def setting(self) -> np.ndarray:
        """The run of the landscape's sweep on which each run takes place, [runs]."""
        return self.shared.runs_in(self.grid.sweep)

    @cached_property
    def quadratics(self) -> list[Quadratic | None]:
        """The landscape as a quadratic in each run of its sweep, where it is one."""
        landscape, costly = self.problem.landscape, self.problem.costly
        settings = self.grid.settings[:1] if self.draft else self.grid.settings
        return [None if costly else quadratic(landscape, **setting) for setting in settings]

    @cached_property
    def lowest(self) -> np.ndarray:
        """The height of the lowest minimum in the window, [runs]; NaN where there is none."""
        return self.grid.lowest()["lowest"][self.setting]

    @cached_property
    def above(self) -> bool:
        """Whether heights are counted from a minimum."""
        return bool(np.isfinite(self.lowest).all())

    @cached_property
    def heights(self) -> np.ndarray:
        """[steps + 1, optimizers, runs], above the lowest minimum in the window where there is one."""
        if not self.above:
            return self.descent.values
        heights = self.descent.values - self.lowest
        return np.where(np.abs(heights) <= ROUNDING * np.abs(self.lowest), 0.0, heights)

    @cached_property
    def readable(self) -> np.ndarray:
        """The heights as numbers to read: NaN where a run has run away, up or down, from its start."""
        scale = np.maximum(np.abs(self.heights[0]), 1.0)
        return np.where(np.abs(self.heights) < RUNAWAY * scale, self.heights, np.nan)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcome of every run [optimizers, runs], by the minima of the landscape that it ran on."""
        descent, rates = self.descent, self.settings[RATE]
        beta = self.settings.get(BETA, np.zeros(rates.shape[1]))
        params = self.problem.params(self.settings)
        return classify(
            descent.points, descent.values, descent.gradients, self.problem.landscape, rate=rates,
            limit=np.stack([rate_limit(key if self.plain else "", beta) for key in self.optimizers]),
            critical=self.grid.critical,
            frame=np.broadcast_to(self.setting, rates.shape),
            params={name: np.broadcast_to(values, rates.shape) for name, values in params.items()},
            quiet=self.quiet,
        )  # fmt: skip

    def best(self, key: str) -> float:
        """The learning rate at which an optimizer converges first, or else ends lowest; all else at the centre."""
        along = self.by_rate(key)
        code, ends = self.outcomes.code[along], self.heights[-1][along]
        there, low = code == Outcome.CONVERGED, np.where(np.isfinite(ends) & (code != Outcome.DIVERGED), ends, np.inf)
        return float(self.rates[np.lexsort((low, np.where(there, self.outcomes.step[along], 0), ~there))[0]])

    def stable(self, key: str) -> np.ndarray:
        """Whether an optimizer's final loss is not above its initial loss, by learning rate, [rates]."""
        along = self.by_rate(key)
        ends, diverged = self.heights[-1][along], self.outcomes.code[along] == Outcome.DIVERGED
        return np.isfinite(ends) & ~diverged & (ends <= self.heights[0][along])


@kept_while_it_grows  # a race is asked for again on another scale, for its table, by its card
def _kept(race: Race) -> Race:
    return race
