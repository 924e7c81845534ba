"""Numbers that carry their first and second derivatives in x and y with them, so that a formula is written once.

A formula such as `(1 - x) ** 2 + 100 * (y - x**2) ** 2`, given two jets instead of two arrays, returns its value,
gradient and Hessian: exact up to rounding, by the chain rule (Griewank and Walther 2008, Evaluating Derivatives,
chapter 13). Only the operations that the landscapes are made of are known; any other is a TypeError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Slopes = tuple[Any, Any]  # a function's first and second derivative at a place


@dataclass(frozen=True, eq=False)
class Jet(NDArrayOperatorsMixin):
    """A quantity and its first and second derivatives in x and y: arrays of one shape, or numbers."""

    value: Any
    x: Any = 0.0
    y: Any = 0.0
    xx: Any = 0.0
    xy: Any = 0.0
    yy: Any = 0.0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in RULES:
            return NotImplemented
        return RULES[ufunc](*(given if isinstance(given, Jet) else Jet(given) for given in inputs))


def _add(a: Jet, b: Jet) -> Jet:
    return Jet(a.value + b.value, a.x + b.x, a.y + b.y, a.xx + b.xx, a.xy + b.xy, a.yy + b.yy)


def _scaled(a: Jet, factor: float) -> Jet:
    return Jet(factor * a.value, factor * a.x, factor * a.y, factor * a.xx, factor * a.xy, factor * a.yy)


def _multiply(a: Jet, b: Jet) -> Jet:
    return Jet(
        a.value * b.value,
        a.x * b.value + a.value * b.x,
        a.y * b.value + a.value * b.y,
        a.xx * b.value + 2 * a.x * b.x + a.value * b.xx,
        a.xy * b.value + a.x * b.y + a.y * b.x + a.value * b.xy,
        a.yy * b.value + 2 * a.y * b.y + a.value * b.yy,
    )


def _chain(a: Jet, value: Any, slopes: Slopes) -> Jet:
    """f(a), from the value of f at a and its first and second derivative there."""
    first, second = slopes
    return Jet(
        value,
        first * a.x,
        first * a.y,
        second * a.x * a.x + first * a.xx,
        second * a.x * a.y + first * a.xy,
        second * a.y * a.y + first * a.yy,
    )


def _divide(a: Jet, b: Jet) -> Jet:
    inverse = 1.0 / b.value
    return _multiply(a, _chain(b, inverse, (-(inverse**2), 2 * inverse**3)))


def _power(a: Jet, exponent: Jet) -> Jet:
    n = exponent.value
    if np.ndim(n) or np.any(exponent.x) or np.any(exponent.y) or n != int(n) or n < 2:
        raise TypeError(f"a jet is only raised to a whole number of 2 or more, got {n!r:.40}")
    return _chain(a, a.value**n, (n * a.value ** (n - 1), n * (n - 1) * a.value ** (n - 2)))


def _of(ufunc: np.ufunc, slopes: Callable[[Any, Any], Slopes]) -> Callable[[Jet], Jet]:
    """The rule of a function of one number; `slopes(at, value)` returns its first and second derivative."""

    def rule(a: Jet) -> Jet:
        value = ufunc(a.value)
        return _chain(a, value, slopes(a.value, value))

    return rule


def _root(_: Any, value: Any) -> Slopes:
    # At 0, the tip of a cone, the slope is taken as 0 and there is no second derivative.
    away = np.where(value > 0, value, 1.0)
    return np.where(value > 0, 0.5 / away, 0.0), np.where(value > 0, -0.25 / away**3, np.nan)


RULES: dict[np.ufunc, Callable[..., Jet]] = {
    np.add: _add,
    np.subtract: lambda a, b: _add(a, _scaled(b, -1.0)),
    np.negative: lambda a: _scaled(a, -1.0),
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.power: _power,
    np.square: lambda a: _multiply(a, a),
    np.exp: _of(np.exp, lambda _, value: (value, value)),
    np.expm1: _of(np.expm1, lambda _, value: (value + 1.0, value + 1.0)),
    np.sin: _of(np.sin, lambda at, value: (np.cos(at), -value)),
    np.cos: _of(np.cos, lambda at, value: (-np.sin(at), -value)),
    np.sqrt: _of(np.sqrt, _root),
}
