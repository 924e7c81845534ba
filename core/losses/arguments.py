"""The check of a loss's arguments; its errors say in one sentence what was wrong and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from core.record import Domain, Labels, numbers


class Takes(Protocol):
    """The domains and shapes of a loss's arguments."""

    @property
    def key(self) -> str: ...

    @property
    def pred_domain(self) -> Domain: ...

    @property
    def target_domain(self) -> Domain: ...

    def with_defaults(self, params: Mapping[str, Any]) -> dict[str, np.ndarray]: ...


def check_arguments(
    loss: Takes, pred: Any, target: Any, params: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """`pred`, `target` and every parameter as float64 arrays, defaults filled in.

    Where targets are class labels, the last axis of `pred` holds the classes and says which labels there are. Raises
    ValueError for what is outside its domain and for shapes that do not broadcast, TypeError for an unknown parameter.
    """
    pred = numbers("pred", pred, loss.pred_domain, of=loss.key)
    shape, targets = pred.shape, loss.target_domain
    if isinstance(targets, Labels):
        shape, targets = pred.shape[:-1], Labels(class_count(loss, pred))
    target = numbers("target", target, targets, of=loss.key)
    values = loss.with_defaults(params)
    check_shapes(loss, {"pred": shape, "target": target.shape} | {name: value.shape for name, value in values.items()})
    return pred, target, values


def class_count(loss: Takes, pred: np.ndarray) -> int:
    """The number of classes: the length of the scores' last axis. ValueError for none."""
    if pred.ndim == 0 or pred.shape[-1] == 0:
        raise ValueError(
            f"pred must hold one score for each class on its last axis, got shape {pred.shape} ({loss.key})"
        )
    return pred.shape[-1]


def check_shapes(loss: Takes, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises ValueError for shapes that do not broadcast."""
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"shapes must broadcast, got {given} ({loss.key})") from error
