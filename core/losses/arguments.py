"""The check of a loss's arguments; its errors say in one sentence what was wrong and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from core.record import Domain, Interval, Labels, numbers

PROBABILITY = Interval(0.0, 1.0)
SUM_TOLERANCE = 1e-6  # of a row of probabilities, as they come out of single precision


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

    Where targets are classes, the last axis of `pred` [..., K] holds their scores, the target comes back as
    probabilities [..., K] and every parameter with an axis of length 1 for them. Raises ValueError for what is outside
    its domain and for shapes that do not broadcast, TypeError for an unknown parameter.
    """
    pred = numbers("pred", pred, loss.pred_domain, of=loss.key)
    shape, targets = pred.shape, loss.target_domain
    values = loss.with_defaults(params)
    if isinstance(targets, Labels):
        shape, target = pred.shape[:-1], class_probabilities(loss, pred, target, several=targets.several)
        given = target.shape[:-1]
    else:
        target = numbers("target", target, targets, of=loss.key)
        given = target.shape
    check_shapes(loss, {"pred": shape, "target": given} | {name: value.shape for name, value in values.items()})
    if isinstance(targets, Labels):
        values = {name: value[..., None] for name, value in values.items()}
    return pred, target, values


def class_probabilities(loss: Takes, pred: np.ndarray, target: Any, *, several: bool) -> np.ndarray:
    """A target of classes as probabilities [..., K], K being the length of the scores' last axis.

    A target with fewer axes than `pred` is labels [...], of which each is all of the probability; one with as many is
    probabilities. Raises ValueError for a label that is none and for a row that is no distribution, unless `several`
    classes may be right at once.
    """
    count = class_count(loss, pred)
    if np.ndim(target) < pred.ndim:
        labels = numbers("target", target, Labels(count), of=loss.key)
        return (labels[..., None] == np.arange(count)).astype(np.float64)
    shares = numbers("target", target, PROBABILITY, of=loss.key)
    if shares.shape[-1] != count:
        raise ValueError(
            f"target must be labels, one axis fewer than pred, or probabilities of {count} classes on its last axis, "
            f"got shape {shares.shape} for pred {pred.shape} ({loss.key})"
        )
    total = shares.sum(axis=-1)
    wrong = np.argwhere(np.abs(total - 1) > SUM_TOLERANCE)
    if len(wrong) and not several:
        row = tuple(wrong[0].tolist())
        place = f" at {list(row)}" if row else ""
        raise ValueError(
            f"target must be probabilities that sum to 1, got a sum of {total[row]:.9g}{place}; divide the row by its "
            f"sum ({loss.key})"
        )
    return shares


def class_count(loss: Takes, pred: np.ndarray) -> int:
    """The number of classes: the length of the scores' last axis. ValueError for fewer than two."""
    if pred.ndim == 0 or pred.shape[-1] == 0:
        raise ValueError(
            f"pred must hold one score for each class on its last axis, got shape {pred.shape} ({loss.key})"
        )
    if pred.shape[-1] == 1:
        raise ValueError(
            f"pred must hold the scores of two classes or more on its last axis, got one, shape {pred.shape}; a single "
            f"score is for a binary loss ({loss.key})"
        )
    return pred.shape[-1]


def check_shapes(loss: Takes, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raises ValueError for shapes that do not broadcast."""
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"shapes must broadcast, got {given} ({loss.key})") from error
