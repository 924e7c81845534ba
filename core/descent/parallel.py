"""Several optimizers as one, so that a race asks the landscape once a step for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from core.optimizers.check import agreed
from core.optimizers.optimizer import Bound, Optimizer, State

Own = Mapping[str, Mapping[str, Any]]  # optimizer's key -> its parameters


@dataclass(frozen=True, eq=False)
class Team:
    """Optimizers side by side: axis 0 of points [optimizers, ..., d] and of the states is the optimizer.

    Its parameters are a mapping for each optimizer, by key: `descend(team, landscape, start, steps, adam={"lr": 0.1})`.
    Those broadcast with [...]; a start, a noise and a landscape's parameters with [optimizers, ...].
    """

    optimizers: Mapping[str, Optimizer]

    @property
    def key(self) -> str:
        return "together"

    def init(self, x: Any) -> State:
        return tuple(one.init(own) for one, own in zip(self.optimizers.values(), np.asarray(x), strict=True))

    def step(self, x: Any, grad: Any, state: State, **params: Mapping[str, Any]) -> tuple[np.ndarray, State]:
        """The points [optimizers, ..., d] and states after one step of each optimizer."""
        with np.errstate(all="ignore"):
            return self.bind(np.shape(x), params)(np.asarray(x), np.asarray(grad), state)

    def shape(self, params: Own) -> tuple[int, ...]:
        """[1, ...]: the lanes of all parameters, behind the axis of the optimizers."""
        self._known(params)
        lanes = {key: one.shape(params.get(key, {})) for key, one in self.optimizers.items()}
        return (1, *agreed(lanes, self.key))

    def lanes(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """[optimizers, ...], for a batch of the shape [1 or optimizers, ...]."""
        if shape[0] not in (1, len(self.optimizers)):
            raise ValueError(
                f"axis 0 must be the {len(self.optimizers)} optimizers or 1, got lanes of shape {shape} ({self.key})"
            )
        return (len(self.optimizers), *shape[1:])

    def bind(self, shape: tuple[int, ...], params: Own) -> Bound:
        self._known(params)
        steps = [one.bind(shape[1:], params.get(key, {})) for key, one in self.optimizers.items()]

        def step(x: np.ndarray, grad: np.ndarray, state: State) -> tuple[np.ndarray, State]:
            made = [one(*own) for one, *own in zip(steps, x, grad, state, strict=True)]
            return np.stack([point for point, _ in made]), tuple(after for _, after in made)

        return step

    def _known(self, params: Own) -> None:
        for key, own in params.items():
            if key not in self.optimizers:
                raise TypeError(f"{self.key} has no optimizer {key!r}; it has {', '.join(self.optimizers)}")
            if not isinstance(own, Mapping):
                raise TypeError(f"{key} must be a mapping of its parameters, got {own!r:.80} ({self.key})")


def together(optimizers: Mapping[str, Optimizer] | Iterable[Optimizer]) -> Team:
    """The optimizers as one; named by their own keys unless by a mapping. ValueError for none, or one key twice."""
    several = list(optimizers.items() if isinstance(optimizers, Mapping) else ((one.key, one) for one in optimizers))
    named = dict(several)
    if not named or len(named) < len(several):
        raise ValueError(f"optimizers must have a key each, got {', '.join(key for key, _ in several) or 'none'}")
    return Team(MappingProxyType(named))
