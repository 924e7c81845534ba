"""A race: several optimizers from one start on one landscape, at every frame of every slider, in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.descent import Descent, Gaussian, MiniBatch, descend, in_parallel
from core.descent.classify import classify
from core.descent.outcome import Outcome, Outcomes
from core.descent.parallel import ParallelOptimizers
from core.descent.theory import Quadratic, quadratic, stability
from core.landscapes.critical import grid
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, scheduled, with_weight_decay
from core.optimizers.params import DECAY
from core.stage import Slider
from core.stage.legacy import Pick
from core.views.gradient_descent.problems import Arena
from core.views.gradient_descent.sliders import BATCH, BETA, NOISE, RATE, STEP, X, Y, kept
from core.views.kit.landscape_grid import OldGrid as Ground
from core.views.kit.landscape_grid import star

SEED = 1
PLAIN = "constant"  # the schedule that changes nothing
THEORY = ("gradient_descent", "momentum", "nesterov")  # whose steps are linear in the gradient
ROUNDING = 1e-14  # of the lowest height: a difference to it that is none


@dataclass(frozen=True, eq=False)
class Race:
    """Every run that a person can see by moving the sliders: for each optimizer a star of lanes around the centre."""

    arena: Arena
    optimizers: tuple[str, ...]
    sliders: tuple[Slider, ...]
    centre: Mapping[str, float]
    steps: int
    schedule: str = PLAIN
    decay: float = 0.0  # decoupled weight decay, for all that have none of their own

    @cached_property
    def ground(self) -> Ground:
        return self.arena.ground([slider for slider in self.sliders if slider.key in self.arena.names], self.centre)

    def star_of(self, key: str) -> tuple[str, ...]:
        """The sliders that move this optimizer, the whole picture's rate or its own among them."""
        others = set(self.optimizers) - {key}
        return tuple(
            slider.key for slider in self.sliders if slider.recomputed and slider.key.partition(".")[0] not in others
        )

    def lanes(self, key: str) -> list[dict[str, float]]:
        """Where each lane's sliders stand, by key; the rate's is RATE, whosever it is."""
        own = self.star_of(key)
        sliders = [slider for slider in self.sliders if slider.key in own]
        names = {name: name for name in own} | {f"{key}.{RATE}": RATE}
        return star(sliders, names, self.centre)

    @cached_property
    def settings(self) -> dict[str, np.ndarray]:
        """Each number of the lanes [lanes]: the same for every optimizer but for the rate, [optimizers, lanes]."""
        lanes = [self.lanes(key) for key in self.optimizers]
        same = {name: np.array([lane[name] for lane in lanes[0]]) for name in lanes[0][0]}
        return same | {RATE: np.array([[lane[RATE] for lane in own] for own in lanes])}

    @cached_property
    def run(self) -> Descent:
        """All of it: points [steps + 1, optimizers, lanes, 2]."""
        sampled = self.sampled
        if sampled.all() or not sampled.any():
            return self.descended(np.arange(len(sampled)))
        # Lanes that see only some of the examples ask for two gradients a step; the others run by themselves.
        parts = [np.flatnonzero(sampled == few) for few in (False, True)]
        runs, order = [self.descended(lanes) for lanes in parts], np.argsort(np.concatenate(parts))
        lanes = {"points": 2, "values": 2, "gradients": 2, "noisy_gradients": 2, "diverged_at": 1}
        joined = {
            name: np.concatenate([getattr(run, name) for run in runs], axis=axis).take(order, axis=axis)
            for name, axis in lanes.items()
        }
        return Descent(**joined, evaluations=runs[0].evaluations)

    def descended(self, lanes: np.ndarray) -> Descent:
        """Some of the lanes."""
        found = {name: numbers[..., lanes] for name, numbers in self.settings.items()}
        ground = {name: found[key] for key, name in self.arena.names.items()}
        own = {}
        for number, key in enumerate(self.optimizers):
            own[key] = {RATE: found[RATE][number]}
            if kept(key):
                own[key][kept(key)] = found[BETA]
        start = np.stack([found[X], found[Y]], axis=-1)
        landscape = self.arena.landscape.at(**ground)
        return descend(self.runner, landscape, start, self.steps, noise=self.noise(found), **own)

    def noise(self, found: Mapping[str, np.ndarray]) -> Gaussian | MiniBatch | None:
        """Between the landscape and the optimizers, under these settings."""
        if BATCH in found:
            few = (found[BATCH] < (self.arena.landscape.examples or 0)).any()
            return MiniBatch(found[BATCH].astype(int), SEED) if few else None
        return Gaussian(found[NOISE] * self.typical, SEED) if found[NOISE].any() else None

    @property
    def plain(self) -> bool:
        """Whether the rules run as they are: the theory of them says nothing of schedules and decay."""
        return self.schedule == PLAIN and not self.decay

    @property
    def sampled(self) -> np.ndarray:
        """Whether a lane's gradients leave out some of the examples [lanes]."""
        sizes = self.settings.get(BATCH, np.full(len(self.settings[X]), np.inf))
        return sizes < (self.arena.landscape.examples or 0)

    @property
    def runner(self) -> ParallelOptimizers:
        return in_parallel({key: self.rule(key) for key in self.optimizers})

    def rule(self, key: str) -> Optimizer:
        """An optimizer with the weight decay and the schedule that are chosen."""
        found = OPTIMIZERS[key]
        if self.decay and DECAY.name not in found.defaults:
            found = with_weight_decay(found, self.decay)
        if self.schedule != PLAIN:
            found = scheduled(found, SCHEDULES[self.schedule], self.steps)
        return found

    @cached_property
    def typical(self) -> float:
        """The gradient's typical size in the picture: what noise is measured in."""
        points = grid(self.arena.landscape, 15)[2]
        with np.errstate(all="ignore"):
            return float(np.nanmedian(np.linalg.norm(self.arena.landscape.grad(points), axis=-1)))

    @cached_property
    def setting(self) -> np.ndarray:
        """Which of the ground's settings each lane runs on [lanes]."""
        star = self.star_of(self.optimizers[0])
        found, offset = np.zeros(self.run.values.shape[2], dtype=int), 1
        for key in self.ground.star:
            frames = len(self.slider(key).values)
            found[self.ray(star, key)] = offset + np.arange(frames)
            offset += frames
        return found

    @cached_property
    def quadratics(self) -> list[Quadratic | None]:
        """What theory can say of each of the ground's settings."""
        if self.arena.costly:
            return [None] * len(self.ground.settings)
        return [quadratic(self.arena.landscape, **setting) for setting in self.ground.settings]

    @cached_property
    def lowest(self) -> np.ndarray:
        """The height of the lowest minimum in sight, under each lane's landscape [lanes]; NaN where there is none."""
        return self.ground.lowest()["lowest"][self.setting]

    @property
    def above(self) -> bool:
        """Whether there is a minimum that heights can be counted from."""
        return bool(np.isfinite(self.lowest).all())

    @cached_property
    def heights(self) -> np.ndarray:
        """[steps + 1, optimizers, lanes], above the lowest minimum in sight where there is one."""
        if not self.above:
            return self.run.values
        heights = self.run.values - self.lowest
        return np.where(np.abs(heights) <= ROUNDING * np.abs(self.lowest), 0.0, heights)

    @property
    def height_title(self) -> str:
        return "Loss above the minimum" if self.above else "Loss"

    # --- along the rays of the star ---

    def slider(self, key: str) -> Slider:
        return next(slider for slider in self.sliders if slider.key == key)

    def rate_of(self, key: str) -> str:
        """The slider of an optimizer's learning rate: everybody's, or its own."""
        return next(name for name in self.star_of(key) if name.rpartition(".")[2] == RATE)

    @property
    def rates(self) -> np.ndarray:
        return self.slider(self.rate_of(self.optimizers[0])).values

    def ray(self, star: tuple[str, ...], key: str) -> slice:
        """The lanes along one slider of a star."""
        begin = 1 + sum(len(self.slider(before).values) for before in star[: star.index(key)])
        return slice(begin, begin + len(self.slider(key).values))

    def lane(self, key: str, values: Mapping[str, float]) -> int:
        """The lane of an optimizer at these values of the sliders, of which one can have left the centre."""
        star = self.star_of(key)
        for name in star:
            slider = self.slider(name)
            frame = slider.frame(values.get(name, self.centre.get(name, slider.values[slider.start])))
            if frame != slider.frame(self.centre.get(name, slider.values[slider.start])):
                return self.ray(star, name).start + frame
        return 0

    def ends(self, number: int) -> np.ndarray:
        """Where an optimizer ends at every learning rate [rates], all else at the centre."""
        key = self.optimizers[number]
        return self.heights[-1, number, self.ray(self.star_of(key), self.rate_of(key))]

    def best(self, number: int) -> float:
        """The learning rate of the sweep that is there first, else that ends lowest; all else at the centre."""
        key, ends = self.optimizers[number], self.ends(number)
        ray = self.ray(self.star_of(key), self.rate_of(key))
        there, step = self.outcomes.code[number, ray] == Outcome.CONVERGED, self.outcomes.step[number, ray]
        low = np.where(np.isfinite(ends) & (self.outcomes.code[number, ray] != Outcome.DIVERGED), ends, np.inf)
        return float(self.rates[np.lexsort((low, np.where(there, step, 0), ~there))[0]])

    def stable(self, number: int) -> np.ndarray:
        """At which learning rates it does not end higher than it began [rates]."""
        key = self.optimizers[number]
        ray = self.ray(self.star_of(key), self.rate_of(key))
        ends, lost = self.heights[-1, number, ray], self.outcomes.code[number, ray] == Outcome.DIVERGED
        return np.isfinite(ends) & ~lost & (ends <= self.heights[0, number, ray])

    @property
    def starts(self) -> np.ndarray:
        """Where the runs begin, in a star of the two coordinates alone [1 + places + places, 2]."""
        found = self.run.points[0, 0]
        star = self.star_of(self.optimizers[0])
        return np.concatenate([found[:1], found[self.ray(star, X)], found[self.ray(star, Y)]])

    # --- what of an array is shown ---

    def of_lane(self, key: str, array: str) -> Pick:
        """One row for each lane of an optimizer."""
        return Pick(array, star=self.star_of(key))

    def at_step(self, key: str, array: str, every: int = 1) -> Pick:
        """One row for each step of each lane."""
        return Pick(array, (STEP,), star=self.star_of(key), every=every)

    def up_to_step(self, key: str, array: str) -> Pick:
        """The part of each lane's row that has been run."""
        return Pick(array, star=self.star_of(key), grow=STEP)

    def of_ground(self, array: str) -> Pick:
        """One row for each setting of the landscape."""
        return Pick(array, star=self.ground.star)

    # --- what came of it ---

    @cached_property
    def outcomes(self) -> Outcomes:
        """How every lane ended [optimizers, lanes], judged by the minima of its own setting of the landscape."""
        run, rates = self.run, self.settings[RATE]
        beta = self.settings.get(BETA, np.zeros(rates.shape[1]))
        shape = rates.shape
        return classify(
            run.points,
            run.values,
            run.gradients,
            self.arena.landscape,
            rate=rates,
            limit=np.stack([self.limit(key, beta) for key in self.optimizers]),
            critical=self.ground.critical,
            frame=np.broadcast_to(self.setting, shape),
            params={name: np.broadcast_to(self.settings[key], shape) for key, name in self.arena.names.items()},
        )

    def limit(self, key: str, beta: np.ndarray) -> np.ndarray:
        """Of rate times curvature [lanes], where theory knows one: for a constant rate and nothing adaptive."""
        if key not in THEORY or not self.plain:
            return np.full_like(beta, np.nan)
        return np.broadcast_to(stability(beta if kept(key) else 0.0, nesterov=key == "nesterov"), beta.shape)
