"""Noise in the gradients that optimizers get from a landscape.

Two runs with one seed get the same draws at the same step, whatever optimizer, learning rate or start they have; only
the size of the noise may differ from run to run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.landscapes.landscape import BoundLandscape
from core.optimizers.check import float_array, require
from core.record import NON_NEGATIVE

# (step, points [..., d], their gradients [..., d]) -> noisy gradients [..., d]
NoisyGradient = Callable[[int, np.ndarray, np.ndarray], np.ndarray]


class Noise(Protocol):
    """What `descend` takes as noise."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape [...] of its parameters, which broadcasts with the runs."""

    def noisy_gradient(self, surface: BoundLandscape, shape: tuple[int, ...], steps: int, /) -> NoisyGradient:
        """The function that makes the noisy gradients of a run of `steps` on points of this shape [..., d]."""


@dataclass(frozen=True, eq=False)
class Gaussian:
    """The gradient plus `scale` [...] times a standard normal draw in each coordinate, one draw a step for all runs.

    Raises ValueError for a scale below 0.
    """

    scale: Any
    seed: int = 0

    def __post_init__(self) -> None:
        require("scale", self.scale, NON_NEGATIVE.holds(float_array(self.scale)), str(NON_NEGATIVE))

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.scale)

    def noisy_gradient(self, _: BoundLandscape, shape: tuple[int, ...], steps: int) -> NoisyGradient:
        scale = float_array(self.scale)[..., None]
        draws = np.random.default_rng(self.seed).normal(size=(steps, shape[-1]))
        return lambda step, _, gradient: gradient + scale * draws[step]


@dataclass(frozen=True, eq=False)
class MiniBatch:
    """The mean gradient of `size` [...] of a landscape's examples, chosen anew at each step.

    Each step has one random order of all examples, and each run takes the first `size` of it: a small batch is part of
    a larger one, and a size of all examples or more is no noise. Raises ValueError for sizes that are not whole numbers
    of at least 1, and in `noisy_gradient` for a landscape that is not a mean over examples.
    """

    size: Any
    seed: int = 0

    def __post_init__(self) -> None:
        size = float_array(self.size)
        require("size", self.size, bool(((size >= 1) & (size == np.floor(size))).all()), "whole numbers of at least 1")

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.size)

    def noisy_gradient(self, surface: BoundLandscape, shape: tuple[int, ...], steps: int) -> NoisyGradient:
        sampled, examples = surface.sampled_grad, surface.examples
        if sampled is None:
            raise ValueError(f"mini-batches need a landscape that is a mean over examples, got {surface.key!r}")
        size = np.broadcast_to(np.minimum(float_array(self.size), examples), shape[:-1])
        if not size.size or size.min() == examples:
            return lambda _, __, gradient: gradient
        taken = int(size.max())
        weights = (np.arange(taken) < size[..., None]) / size[..., None]
        random = np.random.default_rng(self.seed)
        orders = [random.permutation(examples)[:taken] for _ in range(steps)]
        return lambda step, points, _: sampled(points, orders[step], weights)
