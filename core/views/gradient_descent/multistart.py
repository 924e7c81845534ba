"""A hundred starts: who reaches the minimum how often and how fast, all with as many evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.descent import MINIMISERS, Minimiser, descend, in_parallel
from core.optimizers import OPTIMIZERS, Optimizer
from core.views.gradient_descent.problems import Arena
from core.views.gradient_descent.sliders import RATE, RATES
from core.views.kit.landscape_grid import OldGrid as Ground
from core.views.kit.view import listed

SIDE = 10  # starts along each side of the picture
INSET = 0.05  # of the window: where the outermost of them stand
NEAR = 1e-5  # of the starts' median height above the lowest minimum: who is lower, and stays so, has reached it
LIVE, FIRST = "all", 0.01  # one learning rate for all, and where its slider starts
EVERY = 5  # of the learning rates; where a gradient takes long, every tenth


@dataclass(frozen=True, eq=False)
class Starts:
    """Each optimizer from every start, at every learning rate; SciPy's minimisers from every start."""

    arena: Arena
    runners: tuple[str, ...]
    rate: str  # LIVE: one for all; else each optimizer's own best of them
    most: int  # evaluations

    @property
    def optimizers(self) -> list[str]:
        return [key for key in self.runners if key in OPTIMIZERS]

    @property
    def rates(self) -> np.ndarray:
        return RATES[:: EVERY * (2 if self.arena.landscape.examples else 1)]

    @cached_property
    def ground(self) -> Ground:
        return self.arena.ground([], {slider.key: float(slider.values[slider.start]) for slider in self.arena.sliders})

    @cached_property
    def points(self) -> np.ndarray:
        """The starts [starts, 2], evenly over the picture."""
        low, high = np.array(self.arena.landscape.window).T
        share = np.linspace(INSET, 1 - INSET, SIDE)
        return low + np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2) * (high - low)

    @cached_property
    def lowest(self) -> float:
        return float(self.ground.lowest()["lowest"][0])

    @cached_property
    def bound(self) -> float:
        """The height that counts as being there; NaN where there is no minimum to reach."""
        if not np.isfinite(self.lowest):
            return np.nan
        heights = self.arena.landscape.value(self.points) - self.lowest
        return self.lowest + NEAR * float(np.median(heights[np.isfinite(heights)]))

    @cached_property
    def reached(self) -> dict[str, np.ndarray]:
        """By runner: evaluations until it has reached the lowest minimum, infinite where it has not [rates, starts]."""
        found = {}
        if self.optimizers:
            parallel = in_parallel({key: OPTIMIZERS[key] for key in self.optimizers})
            rates: dict[str, Any] = {key: {RATE: self.rates[:, None]} for key in self.optimizers}
            run = descend(parallel, self.arena.landscape, self.points, self.most, **rates)
            for number, key in enumerate(self.optimizers):
                found[key] = self.navigation(run.values[:, number], np.arange(self.most + 1.0))
        for key in self.runners:
            if key in MINIMISERS:
                runs = [MINIMISERS[key].run(self.arena.landscape, start, self.most) for start in self.points]
                each = [self.navigation(run.values, run.evaluations.total.astype(float)) for run in runs]
                found[key] = np.broadcast_to(np.array(each), (len(self.rates), len(each)))
        return {key: found[key] for key in self.runners}

    def navigation(self, heights: np.ndarray, evaluations: np.ndarray) -> np.ndarray:
        """From when on heights [steps + 1, ...] stay at or below the bound, in evaluations [...]."""
        with np.errstate(invalid="ignore"):
            there = heights <= self.bound
        stays = np.logical_and.accumulate(there[::-1])[::-1]
        return np.where(stays.any(axis=0), evaluations[stays.argmax(axis=0)], np.inf)

    @cached_property
    def best(self) -> dict[str, int]:
        """The index of the rate at which each reaches it most often, then soonest."""
        chosen = {}
        for key, arrivals in self.reached.items():
            often = np.isfinite(arrivals).sum(axis=1)
            soon = np.where(np.isfinite(arrivals), arrivals, self.most + 1).mean(axis=1)
            chosen[key] = int(np.lexsort((soon, -often))[0])
        return chosen

    @cached_property
    def shown(self) -> dict[str, np.ndarray]:
        """`reached` as the picture has it [frames, starts]: at every rate, or in one frame at each one's best."""
        if self.rate == LIVE:
            return self.reached
        return {key: arrivals[[self.best[key]]] for key, arrivals in self.reached.items()}

    def sentence(self, frame: int) -> str:
        """Who gets there most often, and who is fastest of those that do get there."""
        if not np.isfinite(self.lowest):
            return "There is no minimum in this window, so no optimizer can reach one."
        arrived = {key: own[frame][np.isfinite(own[frame])] for key, own in self.shown.items()}
        total, top = len(self.points), max(map(len, arrived.values()))
        if top == 0:
            rate = "this learning rate" if self.rate == LIVE else "any of the learning rates tried"
            where = f" at {rate}" if self.optimizers else ""
            return f"No optimizer converges within {self.most} evaluations{where}."
        often = [key for key, evaluations in arrived.items() if len(evaluations) == top]
        verb = "converge" if len(often) > 1 else "converges"
        names = listed([runner(key).name for key in often])
        said = f"{names} {verb} to the lowest minimum from {top} of {total} starts"
        soon = {key: float(np.median(evaluations)) for key, evaluations in arrived.items() if len(evaluations)}
        fastest = [key for key, median in soon.items() if median == min(soon.values())]
        be = "are" if len(fastest) > 1 else "is"
        names = listed([runner(key).name for key in fastest])
        who = f"{'These' if len(fastest) > 1 else 'This'} {be} also" if often == fastest else f"{names} {be}"
        median = f"a median of {soon[fastest[0]]:.0f} evaluations over the converged runs"
        return f"{said}. {who} the fastest, with {median}."

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each start: where it is, and after how many evaluations each has arrived; empty where never."""
        frame = int(np.abs(self.rates - values.get(RATE, FIRST)).argmin()) if self.rate == LIVE else 0
        columns = dict(zip(self.arena.landscape.axes, self.points.T, strict=True))
        for key, own in self.shown.items():
            columns[f"{key} evaluations"] = np.where(np.isfinite(own[frame]), own[frame], np.nan)
        return columns


def runner(key: str) -> Optimizer | Minimiser:
    return OPTIMIZERS.get(key) or MINIMISERS[key]
