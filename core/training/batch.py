"""Several networks as one batch: narrower ones are padded with units of weight 0, fewer examples with weight 0.

Each network has the numbers that it has alone, to rounding. (One that has diverged may turn from inf to NaN sooner.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from core.losses import Loss
from core.training.metrics import weighted
from core.training.network import backward, count, forward
from core.training.records import Examples, Model, Plan, Setting, Span

SIGNALS = 50_000  # outputs of one layer at once: they stay in the processor's cache


class PaddedExamples(NamedTuple):
    """The examples of G runs, padded to as many as the largest run has."""

    x: np.ndarray  # [G, n, inputs], the network's inputs
    target: np.ndarray  # [G, n]
    weights: np.ndarray  # [G, n], 1 / (examples of the run); 0 for padding

    def at(self, rows: np.ndarray, weights: np.ndarray) -> PaddedExamples:
        """The examples of these numbers `rows` [some of G, m], with these weights, of the first runs."""
        runs = np.arange(len(rows))[:, None]
        return PaddedExamples(self.x[runs, rows], self.target[runs, rows], weights)


@dataclass(frozen=True, eq=False)
class NetworkBatch:
    """G networks of one depth: parameters are [G, P] in the layout of `sizes`, the widest of each layer."""

    sizes: tuple[int, ...]
    places: Sequence[np.ndarray]  # of each network: the indices of its own parameters [own P]
    penalised: np.ndarray  # [P], 1 for a weight and 0 for a bias
    l1: np.ndarray  # [G, 1]
    l2: np.ndarray
    loss: Loss
    loss_params: Mapping[str, Any]
    precision: type[np.floating]

    @classmethod
    def of(
        cls,
        plans: Sequence[Plan],
        sizes: Sequence[Sequence[int]],
        setting: Setting,
        precision: type[np.floating],
    ) -> NetworkBatch:
        """The batch of networks of these sizes, all of one depth."""
        wide = tuple(max(layer) for layer in zip(*sizes, strict=True))
        return cls(
            sizes=wide,
            places=[parameter_places(own, wide) for own in sizes],
            penalised=weight_mask(wide),
            l1=np.array([[plan.l1] for plan in plans]),
            l2=np.array([[plan.l2] for plan in plans]),
            loss=setting.loss,
            loss_params=setting.loss.with_defaults(setting.loss_params),
            precision=precision,
        )

    def padded_parameters(self, own: Sequence[np.ndarray]) -> np.ndarray:
        """Parameters [G, P] from those of each network [own P]."""
        theta = np.zeros((len(own), count(self.sizes)))
        for row, values, places in zip(theta, own, self.places, strict=True):
            row[places] = values
        return theta

    def padded_examples(
        self, models: Sequence[Model], spans: Sequence[Span], examples: Sequence[Examples]
    ) -> PaddedExamples:
        """The examples of each run as the inputs of its model."""
        most = max(map(len, examples))
        x = np.zeros((len(examples), most, self.sizes[0]), dtype=self.precision)
        target = np.ones((len(examples), most))  # 1 is a target that every loss can take
        weights = np.zeros_like(target)
        for run, (model, span, own) in enumerate(zip(models, spans, examples, strict=True)):
            features = model.features(own.x, span)
            x[run, : len(own), : features.shape[1]] = features
            target[run, : len(own)], weights[run, : len(own)] = own.target, 1 / len(own)
        return PaddedExamples(x, target, weights)

    def scores(self, theta: np.ndarray, points: PaddedExamples) -> np.ndarray:
        """Raw scores [G, n], float64."""
        narrow, found = theta.astype(self.precision, copy=False), np.empty(points.target.shape)
        for some in self.chunks(points):
            found[some] = forward(narrow[some], points.x[some], self.sizes)[1]
        return found

    def scores_and_grad(self, theta: np.ndarray, points: PaddedExamples) -> tuple[np.ndarray, np.ndarray]:
        """Scores [G, n], and the gradient [G, P] of mean loss and penalty.

        Theta and points may be those of the first runs alone.
        """
        narrow, found = theta.astype(self.precision, copy=False), np.empty(points.target.shape)
        grad = self.penalty_grad(theta)
        for some in self.chunks(points):
            entering, found[some] = forward(narrow[some], points.x[some], self.sizes)
            of_each = self.loss.grad_of(found[some], points.target[some], **self.loss_params)
            score_grad = weighted(of_each, points.weights[some]).astype(self.precision, copy=False)
            grad[some] += backward(narrow[some], entering, score_grad, self.sizes)
        return found, grad

    def penalty_grad(self, theta: np.ndarray) -> np.ndarray:
        """The gradient [G, P] of the penalties alone; at a weight of 0 that of |w| is taken as 0."""
        if not self.any_penalty:
            return np.zeros_like(theta)
        return self.penalised * (self.l1[: len(theta)] * np.sign(theta) + 2 * self.l2[: len(theta)] * theta)

    @cached_property
    def any_penalty(self) -> bool:
        """Whether any run has a penalty."""
        return bool(self.l1.any() or self.l2.any())

    def chunks(self, points: PaddedExamples) -> Iterator[slice]:
        """Slices of a few runs, which together are all."""
        runs, examples = points.target.shape
        size = max(1, SIGNALS // (examples * max(self.sizes)))
        return (slice(begin, begin + size) for begin in range(0, runs, size))

    def mean_loss(self, scores: np.ndarray, points: PaddedExamples) -> np.ndarray:
        """The mean loss [G], without the penalty, from scores [G, n]."""
        value = self.loss.value_of(scores, points.target, **self.loss_params)
        return weighted(value, points.weights).sum(axis=-1)


def parameter_places(own: Sequence[int], wide: Sequence[int]) -> np.ndarray:
    """The indices [own P] of the parameters of a network of sizes `own` in one of sizes `wide`."""
    parts: list[np.ndarray] = []
    at = 0
    for (inputs, outputs), (rows, columns) in zip(pairwise(own), pairwise(wide), strict=True):
        weights = at + np.arange(rows * columns).reshape(rows, columns)
        biases = at + rows * columns + np.arange(columns)
        parts += [weights[:inputs, :outputs].ravel(), biases[:outputs]]
        at += (rows + 1) * columns
    return np.concatenate(parts)


def weight_mask(sizes: Sequence[int]) -> np.ndarray:
    """A mask of the flat parameters [P]: 1 for each weight, 0 for each bias."""
    return np.concatenate([np.repeat([1.0, 0.0], [i * o, o]) for i, o in pairwise(sizes)])


def orders(seed: int, examples: int) -> Iterator[np.ndarray]:
    """Yields an order of the examples for each epoch [examples]. By the seed alone, so that models are comparable."""
    random = np.random.default_rng([seed, 1])
    while True:
        yield random.permutation(examples)
