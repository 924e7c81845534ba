"""The records of the advice: what is predicted, what the data are like, what a mistake costs, and the loss for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from core.losses import LOSSES, BoxLoss, Loss, MaskLoss
from core.sentences import join_words

SEEDS = 200  # samples of every experiment
LUCK = 19  # of the generator that draws them: all runs share it, so that only the sliders differ

Values = Mapping[str, np.ndarray]  # the factors of an experiment by name, [runs] each
Formula = Callable[[Values], np.ndarray]  # -> [runs]
AnyLoss = Loss | BoxLoss | MaskLoss


@dataclass(frozen=True)
class Factor:
    """A number that describes the data or the cost: its name in an address, its label, its values, its start."""

    name: str
    label: str
    values: tuple[float, ...]
    start: float
    percent: bool = False  # how a person reads it


@dataclass(frozen=True)
class Option:
    """A kind of data or of cost: its name, and what describes it more closely."""

    name: str
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True)
class Method:
    """A loss with its parameters and, where classes are decided, the threshold, as functions of the factors."""

    key: str  # of `losses`
    params: Mapping[str, Formula] = field(default_factory=dict)
    threshold: Formula | None = None
    decides: str = ""  # by which threshold, in words that tell it from another method with the same loss
    losses: Mapping[str, AnyLoss] = field(default_factory=lambda: LOSSES)

    @property
    def name(self) -> str:
        """What a person reads beside its curve."""
        return f"{self.loss.short} ({self.decides})" if self.decides else self.loss.short

    def settings(self, values: Values) -> list[str]:
        """Its loss, parameters and threshold in words, for each run."""
        params, thresholds = {name: formula(values) for name, formula in self.params.items()}, self.decides_at(values)
        symbols = {param.name: param.symbol for param in self.loss.params}
        found = []
        for run, threshold in enumerate(thresholds):
            words = [f"{symbols[name]} = {value[run]:.3g}" for name, value in params.items()]
            words += [] if np.isnan(threshold) else [f"threshold {threshold:.3g}"]
            found.append(f"{self.loss.short} at {join_words(words)}" if words else self.name)
        return found

    @property
    def loss(self) -> Any:
        """One of AnyLoss."""
        return self.losses[self.key]

    def at(self, values: Values) -> dict[str, np.ndarray]:
        """Every parameter of the loss, [runs] each; one that is not said is at its default."""
        count = runs_of(values)
        found = {param.name: np.full(count, param.default) for param in self.loss.params}
        return found | {name: formula(values) for name, formula in self.params.items()}

    def decides_at(self, values: Values) -> np.ndarray:
        """The threshold of the probability, [runs]; NaN where nothing is decided."""
        return np.full(runs_of(values), np.nan) if self.threshold is None else self.threshold(values)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What to minimise for a kind of data and of cost, beside what, and why."""

    best: Method
    other: Method  # with which it is compared: the usual one, or if that is best itself the next one
    second: str  # the key of the second best loss, of those of the best
    why: str  # one sentence
    otherwise: str  # why the other one wins where it does
    metric: str  # to watch beside the loss
    differs: str  # why the metric is not the loss


class ExperimentResult(NamedTuple):
    """What an experiment found, in R runs of S seeds; the curves and points are those of the first seed."""

    best: np.ndarray  # [R, S], the mean cost under the advised method
    other: np.ndarray  # [R, S]
    x: np.ndarray  # [m], places of the feature
    best_curve: np.ndarray  # [R, lines, m], what it predicts there
    other_curve: np.ndarray  # [R, lines, m]
    truth: np.ndarray  # [R, lines, m]
    points: tuple[np.ndarray, np.ndarray]  # x and y of what it was fitted to, [n] or [R, n] each
    best_spread: np.ndarray  # [R], the variance of a prediction from seed to seed; 1 where it says nothing
    other_spread: np.ndarray  # [R]
    metrics: Mapping[str, tuple[np.ndarray, np.ndarray]] = MappingProxyType({})  # shares by name, of both, [R] each

    @property
    def wins(self) -> np.ndarray:
        """In how many seeds the advised method costs less, int [R]."""
        return (self.best < self.other * (1 - SAME)).sum(axis=1)

    @property
    def losses(self) -> np.ndarray:
        """In how many seeds it costs more, int [R]."""
        return (self.other < self.best * (1 - SAME)).sum(axis=1)

    @property
    def saving(self) -> np.ndarray:
        """What share of the cost it saves in the middle one of the seeds, [R]; negative where it costs more."""
        return 1 - np.median(self.ratio, axis=1)

    @property
    def ratio(self) -> np.ndarray:
        """Its cost divided by that of the other method, rising within each run, [R, S]."""
        return np.sort(self.best / self.other, axis=1)

    @property
    def scatter(self) -> np.ndarray:
        """How much more its predictions vary from seed to seed than those of the other method, as a ratio of standard
        deviations, [R]."""
        return np.sqrt(self.best_spread / self.other_spread)

    @property
    def holds(self) -> np.ndarray:
        """Whether the advice holds, bool [R]: it wins more often than it loses, or both cost the same in every seed."""
        return (self.wins > self.losses) | (self.wins + self.losses == 0)


SAME = 1e-9  # of a cost: what differs by less is rounding
TRIED = (
    f"Both losses are fitted to {SEEDS} training sets, each with a seed of its own. The cost that you chose is then "
    "found for new data whose truth is known."
)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Something to predict: its kinds of data and of cost, the advice for each pair, and the experiment.

    `compare` takes an advice, a key of `data`, one of `costs`, and the factors of both.
    """

    name: str
    data: Mapping[str, Option]
    costs: Mapping[str, Option]
    advice: Mapping[tuple[str, str], Advice]
    compare: Callable[[Advice, str, str, Values], ExperimentResult]
    axes: tuple[str, str]  # what is drawn: the feature, and what is predicted
    shows: str  # what the points are
    about: str  # how the data are made, in sentences
    begins: tuple[str, str]  # the kinds of data and of cost before anybody chooses
    asks: str = "The data"  # the label of the choice of data
    asks_cost: str = "What a mistake costs"
    tried: str = TRIED  # what is done with the data, in sentences

    def factors(self, data: str, cost: str) -> tuple[Factor, ...]:
        """What describes this choice."""
        return (*self.data[data].factors, *self.costs[cost].factors)


def runs_of(values: Values) -> int:
    """The number of runs."""
    return len(next(iter(values.values())))


def fixed(number: float) -> Formula:
    """A parameter that does not depend on the factors."""
    return lambda values: np.full(runs_of(values), number)


def spread(curves: Any) -> np.ndarray:
    """The mean variance from seed to seed of predictions [R, S, ...], [R]."""
    found = np.asarray(curves).var(axis=1)
    return found.reshape(len(found), -1).mean(axis=1)
