"""A hundred starts: how often and how fast each optimizer converges, all with as many evaluations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.descent.minimisers import MINIMISERS, Minimiser
from core.descent.parallel import in_parallel
from core.descent.run import descend
from core.landscapes.landscape import Landscape
from core.landscapes.on_grid import FINE, LandscapeOnGrid
from core.optimizers import OPTIMIZERS, Optimizer
from core.sentences import join_words

SIDE = 10  # starts along each side of the window
INSET = 0.05  # of the window: from its edge to the outermost starts
NEAR = 1e-5  # of the starts' median height above the lowest minimum: who stays below this has converged
LIVE = "all"  # one learning rate for all
RATE = "lr"


@dataclass(frozen=True, eq=False)
class Multistart:
    """Each optimizer from every start, at every learning rate; SciPy's minimisers from every start."""

    landscape: Landscape
    rates: np.ndarray  # learning rates, [rates]
    runners: tuple[str, ...]
    rate: str  # LIVE: one for all; else each optimizer's own best
    budget: int  # evaluations

    @property
    def optimizers(self) -> list[str]:
        return [key for key in self.runners if key in OPTIMIZERS]

    @cached_property
    def points(self) -> np.ndarray:
        """The starts [starts, 2], evenly over the window."""
        low, high = np.array(self.landscape.window).T
        share = np.linspace(INSET, 1 - INSET, SIDE)
        return low + np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2) * (high - low)

    @cached_property
    def lowest(self) -> float:
        return float(LandscapeOnGrid(self.landscape, [self.landscape.defaults], FINE).lowest()["lowest"][0])

    @cached_property
    def bound(self) -> float:
        """The height below which a run has converged; NaN where there is no minimum in the window."""
        if not np.isfinite(self.lowest):
            return np.nan
        heights = self.landscape.value(self.points) - self.lowest
        return self.lowest + NEAR * float(np.median(heights[np.isfinite(heights)]))

    @cached_property
    def reached(self) -> dict[str, np.ndarray]:
        """By runner: the evaluations until it has converged, infinite where it has not, [rates, starts]."""
        found, landscape = {}, self.landscape
        if self.optimizers:
            parallel = in_parallel({key: OPTIMIZERS[key] for key in self.optimizers})
            rates: dict[str, Any] = {key: {RATE: self.rates[:, None]} for key in self.optimizers}
            runs = descend(parallel, landscape, self.points, self.budget, **rates)
            for number, key in enumerate(self.optimizers):
                found[key] = self.converged_after(runs.values[:, number], np.arange(self.budget + 1.0))
        for key in self.runners:
            if key in MINIMISERS:
                each = [MINIMISERS[key].run(landscape, start, self.budget) for start in self.points]
                after = [self.converged_after(run.values, run.evaluations.total.astype(float)) for run in each]
                found[key] = np.broadcast_to(np.array(after), (len(self.rates), len(after)))
        return {key: found[key] for key in self.runners}

    def converged_after(self, heights: np.ndarray, evaluations: np.ndarray) -> np.ndarray:
        """The evaluations [...] after which heights [steps + 1, ...] stay at or below the bound; infinite if never."""
        with np.errstate(invalid="ignore"):
            there = heights <= self.bound
        stays = np.logical_and.accumulate(there[::-1])[::-1]
        return np.where(stays.any(axis=0), evaluations[stays.argmax(axis=0)], np.inf)

    @cached_property
    def best(self) -> dict[str, int]:
        """By runner: the index of the learning rate at which it converges most often, then soonest."""
        chosen = {}
        for key, evaluations in self.reached.items():
            often = np.isfinite(evaluations).sum(axis=1)
            soon = np.where(np.isfinite(evaluations), evaluations, self.budget + 1).mean(axis=1)
            chosen[key] = int(np.lexsort((soon, -often))[0])
        return chosen

    @cached_property
    def shown(self) -> dict[str, np.ndarray]:
        """`reached` as the picture shows it, [frames, starts]: at every rate, or in one frame at each one's best."""
        if self.rate == LIVE:
            return self.reached
        return {key: evaluations[[self.best[key]]] for key, evaluations in self.reached.items()}

    def sentence(self, frame: int) -> str:
        """Which optimizers converge most often, and which of those that converge are fastest."""
        if not np.isfinite(self.lowest):
            return "There is no minimum in this window, so no optimizer can reach one."
        converged = {key: own[frame][np.isfinite(own[frame])] for key, own in self.shown.items()}
        most = max(map(len, converged.values()))
        if most == 0:
            rate = "this learning rate" if self.rate == LIVE else "any of the learning rates tried"
            where = f" at {rate}" if self.optimizers else ""
            return f"No optimizer converges within {self.budget} evaluations{where}."
        often = [key for key, evaluations in converged.items() if len(evaluations) == most]
        medians = {key: float(np.median(evaluations)) for key, evaluations in converged.items() if len(evaluations)}
        fastest = [key for key, median in medians.items() if median == min(medians.values())]
        verb, be = "converge" if len(often) > 1 else "converges", "are" if len(fastest) > 1 else "is"
        same = f"{'These' if len(fastest) > 1 else 'This'} {be} also"
        return (
            f"{names(often)} {verb} to the lowest minimum from {most} of {len(self.points)} starts. "
            f"{same if often == fastest else f'{names(fastest)} {be}'} the fastest, with a median of "
            f"{medians[fastest[0]]:.0f} evaluations over the converged runs."
        )

    def table(self, frame: int) -> dict[str, np.ndarray]:
        """A row for each start: its place, and after how many evaluations each has converged; NaN where never."""
        columns = dict(zip(self.landscape.axes, self.points.T, strict=True))
        for key, own in self.shown.items():
            columns[f"{key} evaluations"] = np.where(np.isfinite(own[frame]), own[frame], np.nan)
        return columns


def runner(key: str) -> Optimizer | Minimiser:
    return OPTIMIZERS.get(key) or MINIMISERS[key]


def names(runners: list[str]) -> str:
    return join_words([runner(key).name for key in runners])
