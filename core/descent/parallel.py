"""Several optimizers in parallel: a race then evaluates the landscape once a step for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from core.optimizers.check import common_shape
from core.optimizers.optimizer import BoundStep, Optimizer, State

ParamsByKey = Mapping[str, Mapping[str, Any]]  # optimizer's key -> its parameters


@dataclass(frozen=True, eq=False)
class ParallelOptimizers:
    """Optimizers in parallel, for `descend`. Axis 0 of points [optimizers, ..., d] and of the states is the optimizer.

    Parameters are a mapping for each optimizer, by key: `descend(parallel, landscape, start, steps, adam={"lr": 0.1})`.
    These broadcast with [...]; a start, a noise and a landscape's parameters broadcast with [optimizers, ...].
    """

    optimizers: Mapping[str, Optimizer]

    @property
    def key(self) -> str:
        return "in parallel"

    def init(self, x: Any) -> State:
        """The states before the first step from x [optimizers, ..., d], a tuple."""
        return tuple(one.init(own) for one, own in zip(self.optimizers.values(), np.asarray(x), strict=True))

    def batch_shape(self, params: ParamsByKey) -> tuple[int, ...]:
        """[1, ...]: the shape that all parameters broadcast to, behind the axis of the optimizers."""
        self._check_keys(params)
        shapes = {key: one.batch_shape(params.get(key, {})) for key, one in self.optimizers.items()}
        return (1, *common_shape(shapes, self.key))

    def run_shape(self, batch: tuple[int, ...]) -> tuple[int, ...]:
        """[optimizers, ...] for a batch [1 or optimizers, ...]; ValueError for another first axis."""
        count = len(self.optimizers)
        if batch[0] not in (1, count):
            raise ValueError(f"axis 0 must be the {count} optimizers or 1, got runs of shape {batch} ({self.key})")
        return (count, *batch[1:])

    def bind(self, shape: tuple[int, ...], params: ParamsByKey) -> BoundStep:
        """The step (x, grad, states) for points of this shape [optimizers, ..., d] at these parameters."""
        self._check_keys(params)
        steps = [one.bind(shape[1:], params.get(key, {})) for key, one in self.optimizers.items()]

        def step(x: np.ndarray, grad: np.ndarray, state: State) -> tuple[np.ndarray, State]:
            made = [one(*own) for one, *own in zip(steps, x, grad, state, strict=True)]
            return np.stack([point for point, _ in made]), tuple(after for _, after in made)

        return step

    def _check_keys(self, params: ParamsByKey) -> None:
        for key, own in params.items():
            if key not in self.optimizers:
                raise TypeError(f"{self.key} has no optimizer {key!r}; it has {', '.join(self.optimizers)}")
            if not isinstance(own, Mapping):
                raise TypeError(f"{key} must be a mapping of its parameters, got {own!r:.80} ({self.key})")


def in_parallel(optimizers: Mapping[str, Optimizer] | Iterable[Optimizer]) -> ParallelOptimizers:
    """The optimizers in parallel, by their own keys or those of a mapping.

    Raises ValueError for no optimizer, and for two with one key.
    """
    pairs = list(optimizers.items() if isinstance(optimizers, Mapping) else ((one.key, one) for one in optimizers))
    by_key = dict(pairs)
    if not by_key or len(by_key) < len(pairs):
        raise ValueError(f"optimizers must have a key each, got {', '.join(key for key, _ in pairs) or 'none'}")
    return ParallelOptimizers(MappingProxyType(by_key))
