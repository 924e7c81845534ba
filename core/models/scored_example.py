"""One example of several classes: what its scores say of the right answers, and what a loss asks of the scores."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from core.losses import Loss
from core.losses.link import SIGMOIDS
from core.losses.softmax import weighted_sum
from core.numerics import log_softmax

FARTHEST = 1e9  # an infinite gradient takes a score so far


@dataclass(frozen=True, eq=False)
class ScoredExample:
    """The scores of one example for K classes, in as many settings as the leading axes hold.

    scores: [..., K]. right: the same shape, 0 to 1, how right each answer is; several may be, so it may sum to more
    than 1. temperature: [...], above 0; every loss gets the scores divided by it.
    """

    scores: np.ndarray
    right: np.ndarray
    temperature: np.ndarray

    @cached_property
    def divided(self) -> np.ndarray:
        """The scores divided by the temperature."""
        return self.scores / self.temperature[..., None]

    @cached_property
    def target(self) -> np.ndarray:
        """The right answers as probabilities: each its share, [..., K]."""
        return self.right / self.right.sum(axis=-1, keepdims=True)

    @cached_property
    def softmax(self) -> np.ndarray:
        """The probabilities, [..., K]."""
        return np.exp(log_softmax(self.divided))

    @cached_property
    def sigmoids(self) -> np.ndarray:
        """A probability for each class by itself, [..., K]."""
        return SIGMOIDS.probabilities(self.divided)

    @cached_property
    def surprise(self) -> np.ndarray:
        """-log of each class's probability, in nats, [..., K]."""
        return -log_softmax(self.divided)

    @cached_property
    def cross_entropy(self) -> np.ndarray:
        """The mean surprise under the target, in nats, [...]."""
        return weighted_sum(self.target, self.surprise)

    @cached_property
    def entropy(self) -> np.ndarray:
        """The least cross-entropy that any probabilities have, in nats, [...]."""
        return weighted_sum(self.target, -np.log(np.where(self.target > 0, self.target, 1.0)))

    @cached_property
    def naive_softmax(self) -> np.ndarray:
        """e^z / sum e^z in float32, as the formula says: what overflows is infinite, infinity by infinity NaN."""
        with np.errstate(all="ignore"):
            powers = np.exp(self.divided.astype(np.float32))
            return powers / powers.sum(axis=-1, keepdims=True)

    @cached_property
    def naive_cross_entropy(self) -> np.ndarray:
        """The cross-entropy of those, in float32, [...]."""
        with np.errstate(all="ignore"):
            return weighted_sum(self.target.astype(np.float32), -np.log(self.naive_softmax))

    def value(self, loss: Loss, **params: Any) -> np.ndarray:
        """A loss of it, [...]; its parameters are [...] too."""
        return loss.value(self.divided, self._target_of(loss), **params)

    def grad(self, loss: Loss, **params: Any) -> np.ndarray:
        """The derivative of a loss in each score, [..., K]."""
        return loss.grad(self.divided, self._target_of(loss), **params) / self.temperature[..., None]

    def after_step(self, loss: Loss, rate: np.ndarray, **params: Any) -> ScoredExample:
        """The same example after one step of gradient descent on its scores, at a learning rate [...]."""
        scores = self.scores - rate[..., None] * self.grad(loss, **params)
        return replace(self, scores=np.clip(scores, -FARTHEST, FARTHEST))

    def _target_of(self, loss: Loss) -> np.ndarray:
        return self.right if loss.link is SIGMOIDS else self.target  # a sigmoid has a right answer of its own


def smoothed(right: np.ndarray, smoothing: np.ndarray) -> np.ndarray:
    """Right answers [..., K] of which a part [...] is shared equally among all classes."""
    part = smoothing[..., None]
    return (1 - part) * right + part * right.mean(axis=-1, keepdims=True)


def perplexity(nats: np.ndarray) -> np.ndarray:
    """How many equally likely answers surprise as much; infinite above 709 nats."""
    with np.errstate(over="ignore"):
        return np.exp(nats)


def bits(nats: np.ndarray) -> np.ndarray:
    """The same surprise in bits."""
    return nats / math.log(2)
