"""The iteration that every run shares: gradient, step, gradient, step ..., for a batch of starts at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from core.optimizers.optimizer import BoundStep, State

Gradient = Callable[[int, np.ndarray], np.ndarray]  # (number of the step, x [..., d]) -> gradient [..., d]


class Stepper(Protocol):
    """What `iterate` needs: an Optimizer, or anything that makes states and steps as one does."""

    def init(self, x: np.ndarray) -> State:
        """The state before the first step from x [..., d]."""

    def bind(self, shape: tuple[int, ...], params: Mapping[str, Any]) -> BoundStep:
        """The step (x, gradient, state) -> (x, state) for points of this shape [..., d] at these parameters."""


def iterate(
    optimizer: Stepper, start: np.ndarray, gradient: Gradient, steps: int, **params: Any
) -> Iterator[tuple[np.ndarray, State]]:
    """Yield the point and the optimizer's state before the first step and after each step: `steps` + 1 pairs.

    start: float64 [..., d], already broadcast with the parameters; its leading axes are a batch.
    gradient: called as `gradient(number, x)` once before each step, numbers from 0; returns [..., d]. It is called
        only when the next pair is asked for, so a caller may stop early or look at each point first.
    params: the optimizer's, numbers or arrays [...]; a missing one takes its default.

    Nothing is clipped or stored. Overflow gives infinities and NaN: wrap the loop in `np.errstate(all="ignore")` where
    that may happen. Raises ValueError or TypeError for parameters that the optimizer does not take.
    """
    x, state = start, optimizer.init(start)
    step = optimizer.bind(start.shape, params)
    yield x, state
    for number in range(steps):
        x, state = step(x, gradient(number, x), state)
        yield x, state
