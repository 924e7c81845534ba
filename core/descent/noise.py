"""Noise in the gradient between a landscape and its optimizers: the same draws for everyone who takes part.

Two runs from one seed meet the same noise at the same step, whatever optimizer, learning rate or start they have; only
how loud it is may differ from lane to lane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.landscapes.landscape import Surface
from core.optimizers.check import allowed, numbers
from core.record import NON_NEGATIVE

# (step, points [..., d], their gradients [..., d]) -> what the optimizers are shown [..., d]
Shown = Callable[[int, np.ndarray, np.ndarray], np.ndarray]


class Noise(Protocol):
    @property
    def shape(self) -> tuple[int, ...]:
        """The lanes that it makes, as axes [...]."""

    def shown(self, surface: Surface, shape: tuple[int, ...], steps: int, /) -> Shown:
        """What is shown at each step of a run over points of this shape [..., d]."""


@dataclass(frozen=True, eq=False)
class Gaussian:
    """The gradient plus `scale` [...] times a standard normal draw in each coordinate, one draw a step for all lanes.

    ValueError for a scale below 0.
    """

    scale: Any
    seed: int = 0

    def __post_init__(self) -> None:
        allowed("scale", self.scale, NON_NEGATIVE.holds(numbers(self.scale)), str(NON_NEGATIVE))

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.scale)

    def shown(self, _: Surface, shape: tuple[int, ...], steps: int) -> Shown:
        scale = numbers(self.scale)[..., None]
        draws = np.random.default_rng(self.seed).normal(size=(steps, shape[-1]))
        return lambda at, _, gradient: gradient + scale * draws[at]


@dataclass(frozen=True, eq=False)
class MiniBatch:
    """The mean gradient of `size` [...] of a landscape's examples, chosen anew at each step.

    There is one random order of all examples a step, of which each lane takes the first `size`: a small batch is part
    of a larger one, and a size of all examples or more is no noise. ValueError for sizes that are not whole numbers of
    at least 1, and for a landscape that is not a mean over examples.
    """

    size: Any
    seed: int = 0

    def __post_init__(self) -> None:
        size = numbers(self.size)
        allowed("size", self.size, bool(((size >= 1) & (size == np.floor(size))).all()), "whole numbers of at least 1")

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.size)

    def shown(self, surface: Surface, shape: tuple[int, ...], steps: int) -> Shown:
        sampled, examples = surface.sampled_grad, surface.examples
        if sampled is None:
            raise ValueError(f"mini-batches need a landscape that is a mean over examples, got {surface.key!r}")
        size = np.broadcast_to(np.minimum(numbers(self.size), examples), shape[:-1])
        if not size.size or size.min() == examples:
            return lambda _, __, gradient: gradient
        taken = int(size.max())
        weights = (np.arange(taken) < size[..., None]) / size[..., None]
        random = np.random.default_rng(self.seed)
        orders = [random.permutation(examples)[:taken] for _ in range(steps)]
        return lambda at, points, _: sampled(points, orders[at], weights)
