"""What a loss is asked to compute, checked before it is computed: one sentence says what was wrong and what was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.catalogue import Interval

if TYPE_CHECKING:
    from core.losses.contract import Loss


def checked(loss: Loss, pred: Any, target: Any, params: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """The arguments as float64 arrays (integer labels for a multi-class target), defaults filled in, or ValueError."""
    known = {param.name: param for param in loss.params}
    for name in params:
        if name not in known:
            expected = f"it takes {', '.join(known)}" if known else "it takes none"
            raise TypeError(f"{loss.key} has no parameter {name!r}; {expected}")
    pred = inside(loss, "pred", pred, loss.pred_domain)
    target = inside(loss, "target", target, loss.target_domain)
    values = {name: inside(loss, name, params.get(name, param.default), param.domain) for name, param in known.items()}
    agree(loss, pred, target, values)
    return pred, target, values


def inside(loss: Loss, name: str, given: Any, domain: Interval) -> np.ndarray:
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, got {given!r:.80} ({loss.key})") from error
    if not domain.holds(array):
        raise ValueError(f"{name} must be {domain}, got {first_outside(array, domain)} ({loss.key})")
    return array


def first_outside(array: np.ndarray, domain: Interval) -> str:
    """The first offending number, with its place when there are several."""
    flat = array.ravel()
    place = next(i for i, value in enumerate(flat) if not domain.holds(value))
    at = f" at {list(map(int, np.unravel_index(place, array.shape)))}" if array.ndim else ""
    return f"{flat[place]:g}{at}"


def agree(loss: Loss, pred: np.ndarray, target: np.ndarray, params: dict[str, np.ndarray]) -> None:
    try:
        np.broadcast_shapes(pred.shape, target.shape, *(value.shape for value in params.values()))
    except ValueError as error:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in {"pred": pred, "target": target, **params}.items())
        raise ValueError(f"shapes do not broadcast: {shapes} ({loss.key})") from error
