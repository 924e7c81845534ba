"""Softmax regressions of one data set under one loss, at their minima or step by step, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.datasets import MULTI_CLASS_DATASETS, MultiClassSplit
from core.kept import kept, kept_while_it_grows
from core.losses import LOSSES
from core.metrics.multi_class import ClassMetrics
from core.models.classifier import Features
from core.models.softmax_regression import Minima, SoftmaxProblem, descend, fit, scores

CONVEX = "kl_divergence"  # of labels it is cross-entropy without smoothing: near its minima other losses begin
CELLS = 25  # of a map along each side
DIGITS = 256  # of a map: a part of 1 that is finer than any colour
ROOM = 0.08  # of the points' range, around them
DIVERGED = 1e6  # a weight beyond this

Run = Mapping[str, float]  # of parameters by name
Items = tuple[tuple[str, float], ...]  # the same, to be hashed


@dataclass(frozen=True)
class ClassSettings:
    """The points and the kind of model: what all losses of a picture share."""

    data: str  # a key of MULTI_CLASS_DATASETS
    features: str  # as `Features` knows it
    seed: int

    def split(self, wrong: float = 0.0) -> MultiClassSplit:
        """The training set, with this share of wrong labels, and the test set."""
        return MULTI_CLASS_DATASETS[self.data].split(self.seed, wrong)

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the classes."""
        return MULTI_CLASS_DATASETS[self.data].names

    @cached_property
    def basis_of(self) -> Features:
        """The features of the training set."""
        return Features.of(self.split().train.features, self.features)

    @cached_property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Places along x and along y that span all points: those of a map."""
        points = np.concatenate([part.features for part in self.split()])
        low, high = points.min(axis=0), points.max(axis=0)
        room = ROOM * (high - low)
        x, y = (np.linspace(*ends, CELLS) for ends in zip(low - room, high + room, strict=True))
        return x, y


@dataclass(frozen=True, eq=False)
class Trained:
    """Softmax regressions under one loss: theta [*models, K k]."""

    settings: ClassSettings
    loss: str
    theta: np.ndarray
    gradient: np.ndarray  # its norm in training [*models]

    def probabilities(self, points: np.ndarray) -> np.ndarray:
        """Those of the classes at points [n, 2], [*models, n, K]; NaN where a training has diverged.

        Sigmoids, of which each is a probability of its own, are divided by their sum.
        """
        link, basis = LOSSES[self.loss].link, self.settings.basis_of.basis(points)
        assert link is not None, "a loss that is trainable has one"
        theta = np.where(self.diverged[..., None], 0.0, self.theta)
        found = link.probabilities(scores(theta, basis, len(self.settings.names)))
        found = found / found.sum(axis=-1, keepdims=True)
        found[self.diverged] = np.nan
        return found

    @cached_property
    def diverged(self) -> np.ndarray:
        """Whether the training has diverged [*models]."""
        return ~(np.abs(self.theta).max(axis=-1) <= DIVERGED)

    @cached_property
    def metrics(self) -> ClassMetrics:
        """The metrics [*models] on the test set, of equal probabilities where a training has diverged."""
        test = self.settings.split().test
        found = self.probabilities(test.features)
        found[self.diverged] = 1 / found.shape[-1]
        return ClassMetrics.of(found, test.target)

    def measured(self, name: str) -> np.ndarray:
        """One of the metrics, NaN where a training has diverged."""
        values = np.array(getattr(self.metrics, name), dtype=float)
        values[self.diverged] = np.nan
        return values

    def leads(self, some: Any = ...) -> np.ndarray:
        """How far each class's probability is ahead of the highest other, all over the grid, of some of the models.

        [*some, K, CELLS, CELLS]: positive where the class wins.
        """
        x, y = self.settings.grid
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        found = Trained(self.settings, self.loss, self.theta[some], self.gradient[some]).probabilities(places)
        ordered = np.sort(found, axis=-1)
        first, second = ordered[..., -1:], ordered[..., -2:-1]
        leads = np.where(found == first, found - second, found - first)
        leads = np.round(DIGITS * leads) / DIGITS
        return np.moveaxis(leads, -1, -2).reshape(*found.shape[:-2], -1, CELLS, CELLS)


@dataclass(frozen=True, eq=False)
class AtMinimum(Trained):
    """At the minima, [percents of wrong labels, *values of the loss's own parameters]."""

    minima: Minima  # flat, in the order of theta


def problem_of(
    settings: ClassSettings, loss: str, wrong: Sequence[float], params: Mapping[str, np.ndarray] | None = None
) -> SoftmaxProblem:
    """The problems with these percents of wrong labels [P], and parameters of the loss [P]."""
    basis = settings.basis_of.basis(settings.split().train.features)
    target = np.array([settings.split(percent / 100).train.target for percent in wrong])
    return SoftmaxProblem.of(LOSSES[loss], basis, target, classes=len(settings.names), params=params)


@kept
def nearby(settings: ClassSettings, wrong: tuple[float, ...]) -> np.ndarray:
    """Theta [P, K k] of the minima of cross-entropy, by percent of wrong labels."""
    return fit(problem_of(settings, CONVEX, wrong)).theta


@kept_while_it_grows
def minima(
    settings: ClassSettings, loss: str, wrong: tuple[float, ...], params: tuple[tuple[str, tuple[float, ...]], ...]
) -> AtMinimum:
    """The minima at all combinations of these percents of wrong labels and values of the loss's own parameters."""
    values = dict(params)
    places = np.meshgrid(np.arange(len(wrong)), *values.values(), indexing="ij")
    rows = places[0].ravel()
    own = {name: value.ravel() for name, value in zip(values, places[1:], strict=True)}
    begin = None if LOSSES[loss].convex else nearby(settings, wrong)[rows]
    found = fit(problem_of(settings, loss, [wrong[row] for row in rows], own), begin)
    shape = places[0].shape
    return AtMinimum(settings, loss, found.theta.reshape(*shape, -1), found.gradient.reshape(shape), found)


@kept_while_it_grows
def training(
    settings: ClassSettings, loss: str, runs: tuple[Items, ...], *, optimizer: str, steps: int, every: int
) -> Trained:
    """The training of each run: its percent of "wrong" labels, its learning rate "lr", and its "level".

    The level is the score of the first class with which training begins; all other weights begin at 0. What else a run
    has are the loss's own parameters.
    """
    different = list(dict.fromkeys(runs))
    columns = {name: np.array([dict(run)[name] for run in different]) for name, _ in different[0]}
    wrong, rates, levels = (columns.pop(name) for name in ("wrong", "lr", "level"))
    problem = problem_of(settings, loss, wrong.tolist(), columns)
    start = np.zeros((len(different), problem.shape[0] * problem.shape[1]))
    start[:, 0] = levels
    theta, gradient = descend(problem, start, optimizer=optimizer, steps=steps, every=every, lr=rates)
    rows = [different.index(run) for run in runs]
    return Trained(settings, loss, theta[rows], gradient[rows])
