"""A predicted box that moves by gradient descent: its middle and its size, under a loss of boxes.

A placed box is x and y of its middle, its width and its height, on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.losses import BOX_LOSSES, BoxLoss
from core.optimizers import OPTIMIZERS
from core.optimizers.iterate import iterate
from core.optimizers.optimizer import BoundStep, State

LEAST_SIZE = 0.05  # a width and a height never fall below this
RULE = OPTIMIZERS["gradient_descent"]


def edges_of(placed: np.ndarray) -> np.ndarray:
    """x1, y1, x2, y2 of placed boxes, [..., 4]."""
    middle, half = placed[..., :2], placed[..., 2:] / 2
    return np.concatenate([middle - half, middle + half], axis=-1)


def gradient(loss: BoxLoss, placed: np.ndarray, target: np.ndarray, **params: Any) -> np.ndarray:
    """d loss / d (x, y, width, height) of placed boxes, [..., 4]; the target is given by its edges."""
    grad = loss.grad(edges_of(placed), target, **params)
    near, far = grad[..., :2], grad[..., 2:]
    return np.concatenate([near + far, (far - near) / 2], axis=-1)


def iou_of(boxes: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The IoU of boxes with true ones, [...]; both by their edges [..., 4]."""
    return 1 - BOX_LOSSES["iou"].value(boxes, target)


class _KeepsSize:
    """Gradient descent whose boxes keep a width and a height of at least LEAST_SIZE."""

    def init(self, x: np.ndarray) -> State:
        return RULE.init(x)

    def bind(self, shape: tuple[int, ...], params: Mapping[str, Any]) -> BoundStep:
        step = RULE.bind(shape, params)

        def kept(x: np.ndarray, grad: np.ndarray, state: State) -> tuple[np.ndarray, State]:
            x, state = step(x, grad, state)
            return np.concatenate([x[..., :2], np.maximum(x[..., 2:], LEAST_SIZE)], axis=-1), state

        return kept


def descend_box(
    loss: BoxLoss, start: np.ndarray, target: np.ndarray, steps: int, *, rate: Any, **params: Any
) -> np.ndarray:
    """The placed boxes of a batch of descents, each with its start first: [steps + 1, ..., 4].

    start: placed boxes [..., 4]. target: the true box by its edges, [4] or [..., 4]. rate, params: the learning rate
    and the loss's own parameters, numbers or arrays [...]. A width or height that a step would take below LEAST_SIZE
    stays there. Raises ValueError for what the loss does not take.
    """
    start = np.asarray(start, dtype=float)

    def slope(_: int, placed: np.ndarray) -> np.ndarray:
        return gradient(loss, placed, target, **params)

    return np.stack([placed for placed, _ in iterate(_KeepsSize(), start, slope, steps, lr=rate)])
