"""The known losses that a typed loss is nearest to, whatever their units."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from core.expression.typed_loss import TypedLoss
from core.losses import LOSSES, losses_of
from core.record import Param

REACH = 6.0  # of residuals and scores that count
POINTS = np.linspace(-REACH, REACH, 241)
TRUTHS = {"regression": np.array([3.0]), "binary": np.array([0.0, 1.0])}
COUNT = 2
DIGITS = 12  # of a difference; more are rounding
MOST = 9  # values of a parameter that are tried
SEARCHED = 4  # losses, the nearest at the values tried, between which values are searched too
EXACT = 1e-9  # a difference that no search makes smaller


class Nearest(NamedTuple):
    """A known loss at the values of its parameters where it is nearest, and how much is left between the two."""

    key: str
    params: Mapping[str, float]
    difference: float  # root mean square of what is left after scaling and shifting, as a share of the spread


class Known(NamedTuple):
    """The known losses of a family at many settings of their parameters, as curves to compare with."""

    keys: tuple[str, ...]
    settings: tuple[Mapping[str, float], ...]
    curves: np.ndarray  # [curves, points], each less its mean and divided by its length


def nearest_losses(loss: TypedLoss, /, **params: float) -> tuple[Nearest, ...]:
    """The COUNT nearest known losses of the family, the nearest first; none where the typed loss is flat or not finite.

    Two losses that differ by a positive factor and a constant have the same minima: they count as the same.
    """
    own = loss.value(*places(loss.family), **params).ravel()
    if not np.isfinite(own).all() or np.ptp(own) == 0:
        return ()
    own = own - own.mean()
    known, size = known_losses(loss.family), np.linalg.norm(own)
    alike = known.curves @ own / size
    # What is left when a curve, scaled, is taken away: by subtraction, for 1 less the square of `alike` is rounding.
    left = np.linalg.norm(own / size - alike[:, None] * known.curves, axis=1)
    left = np.where(alike > 0, np.round(left, DIGITS), np.inf)  # of those that are as near, the first
    found: dict[str, Nearest] = {}
    for at in np.argsort(left, kind="stable"):
        if np.isfinite(left[at]) and known.keys[at] not in found:
            found[known.keys[at]] = Nearest(known.keys[at], known.settings[at], float(left[at]))
    closest = [searched(one, loss.family, own / size) for one in list(found.values())[:SEARCHED]]
    return tuple(sorted(closest, key=lambda one: one.difference)[:COUNT])


def searched(one: Nearest, family: str, own: np.ndarray) -> Nearest:
    """The same loss at the values of its parameters, within their sliders, that are nearest to a curve of length 1."""
    known, (pred, truth) = LOSSES[one.key], places(family)
    if not known.params or one.difference < EXACT:
        return one
    names = [param.name for param in known.params]

    def difference(values: np.ndarray) -> float:
        # The formula itself: its arguments are good, and to check them takes longer than to compute it.
        curve = known.value_of(pred, truth, **dict(zip(names, values, strict=True))).ravel()
        curve = curve - curve.mean()
        size = np.linalg.norm(curve)
        alike = curve @ own / size if size else 0.0
        return float(np.linalg.norm(own - alike * curve / size)) if alike > 0 else np.inf

    # The difference has a corner at 0, so that no derivative leads there.
    with np.errstate(over="ignore"):
        best = minimize(difference, [one.params[name] for name in names], method="Nelder-Mead",
                        bounds=[(param.low, param.high) for param in known.params],
                        options={"xatol": EXACT, "fatol": EXACT, "maxfev": 120 * len(names)})  # fmt: skip
    if best.fun >= one.difference:
        return one
    return Nearest(one.key, dict(zip(names, best.x.tolist(), strict=True)), float(best.fun))


def places(family: str) -> tuple[np.ndarray, np.ndarray]:
    """Predictions and truths at which losses are compared."""
    truth = TRUTHS[family][:, None]
    return truth + POINTS if family == "regression" else np.broadcast_to(POINTS, (len(truth), len(POINTS))), truth


@cache
def known_losses(family: str) -> Known:
    """Those that have a value at all `places`, and are not flat."""
    pred, truth = places(family)
    keys, settings, curves = [], [], []
    for known in losses_of(family).values():
        if known.pred_domain.holds(pred):
            names = [one.name for one in known.params]
            for values in itertools.product(*(tried(one) for one in known.params)):
                setting = dict(zip(names, values, strict=True))
                curve = known.value(pred, truth, **setting).ravel()
                curve = curve - curve.mean()
                if size := np.linalg.norm(curve):
                    keys.append(known.key)
                    settings.append(setting)
                    curves.append(curve / size)
    return Known(tuple(keys), tuple(settings), np.array(curves))


def tried(param: Param) -> list[float]:
    """Some values of a parameter from one end of its slider to the other, its start among them."""
    even = param.frames[np.linspace(0, len(param.frames) - 1, MOST).round().astype(int)]
    return sorted({*even.tolist(), param.starts_at})
