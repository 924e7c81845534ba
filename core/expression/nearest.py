"""The known losses that a typed loss is nearest to, whatever their units."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from core.expression.typed_loss import TypedLoss
from core.losses import Loss, losses_of
from core.record import Param

REACH = 6.0  # of residuals and scores that count
POINTS = np.linspace(-REACH, REACH, 241)
TRUTHS = {"regression": np.array([3.0]), "binary": np.array([0.0, 1.0])}
COUNT = 2
MOST = 9  # values of a parameter that are tried


class Nearest(NamedTuple):
    """A known loss at the values of its parameters where it is nearest, and how much is left between the two."""

    key: str
    params: Mapping[str, float]
    difference: float  # root mean square of what is left after scaling and shifting, as a share of the spread


def nearest_losses(loss: TypedLoss, /, **params: float) -> tuple[Nearest, ...]:
    """The COUNT nearest known losses of the family, the nearest first; none where the typed loss is flat or not finite.

    Two losses that differ by a positive factor and a constant have the same minima: they count as the same.
    """
    truth = TRUTHS[loss.family][:, None]
    pred = truth + POINTS if loss.family == "regression" else np.broadcast_to(POINTS, (len(truth), len(POINTS)))
    own = loss.value(pred, truth, **params).ravel()
    if not np.isfinite(own).all() or np.ptp(own) == 0:
        return ()
    found = [nearest(known, own, pred, truth) for known in losses_of(loss.family).values()]
    return tuple(sorted((one for one in found if one), key=lambda one: one.difference)[:COUNT])


def nearest(known: Loss, own: np.ndarray, pred: np.ndarray, truth: np.ndarray) -> Nearest | None:
    """A known loss at its nearest; None where it is not defined for all of these residuals, or goes the other way."""
    if not known.pred_domain.holds(pred):
        return None
    settings = [dict(zip([one.name for one in known.params], values, strict=True))
                for values in itertools.product(*(tried(one) for one in known.params))]  # fmt: skip
    found = [(left_over(own, known.value(pred, truth, **setting).ravel()), setting) for setting in settings]
    difference, setting = min(found, key=lambda one: one[0])
    return Nearest(known.key, setting, difference) if np.isfinite(difference) else None


def tried(param: Param) -> list[float]:
    """Some values of a parameter from one end of its slider to the other, its start among them."""
    even = param.frames[np.linspace(0, len(param.frames) - 1, MOST).round().astype(int)]
    return sorted({*even.tolist(), param.starts_at})


def left_over(own: np.ndarray, other: np.ndarray) -> float:
    """What is left of a loss when another, scaled and shifted, is taken from it, as a share of its spread."""
    a, b = own - own.mean(), other - other.mean()
    size = b @ b
    factor = (a @ b) / size if size > 0 else 0.0
    if not factor > 0:
        return np.inf
    return float(np.sqrt(((a - factor * b) ** 2).mean()) / a.std())
