"""What a loss is asked to compute, checked first: one sentence says what was wrong and what was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.record import Documented, Domain, Labels, numbers

if TYPE_CHECKING:
    from core.losses.loss import Loss


def checked(
    loss: Loss, pred: Any, target: Any, params: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """The arguments as float64 arrays, defaults filled in, or ValueError (TypeError for an unknown parameter)."""
    known = {param.name: param for param in loss.params}
    for name in params:
        if name not in known:
            expected = f"it takes {', '.join(known)}" if known else "it takes none"
            raise TypeError(f"{loss.key} has no parameter {name!r}; {expected}")
    pred = inside(loss, "pred", pred, loss.pred_domain)
    classed = loss.family == "multi-class"  # the last axis of pred holds the classes: it bounds the labels
    target = inside(loss, "target", target, Labels(classes(loss, pred)) if classed else loss.target_domain)
    values = {name: inside(loss, name, params.get(name, param.default), param.domain) for name, param in known.items()}
    shape = pred.shape[:-1] if classed else pred.shape
    agree(loss, {"pred": shape, "target": target.shape} | {name: value.shape for name, value in values.items()})
    return pred, target, values


def inside(record: Documented, name: str, given: Any, domain: Domain) -> np.ndarray:
    """What a loss, or what is made of one, is given: as float64, every number of it in the domain."""
    return numbers(name, given, domain, of=record.key)


def classes(loss: Loss, pred: np.ndarray) -> int:
    """How many classes the last axis of the scores holds."""
    if pred.ndim == 0 or pred.shape[-1] == 0:
        raise ValueError(
            f"pred must hold one score for each class on its last axis, got shape {pred.shape} ({loss.key})"
        )
    return pred.shape[-1]


def agree(loss: Loss, shapes: dict[str, tuple[int, ...]]) -> None:
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"shapes must broadcast, got {given} ({loss.key})") from error
