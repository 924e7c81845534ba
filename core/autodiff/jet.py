"""Numbers that carry their first and second derivatives in x and y with them, so that a formula is written once.

A formula such as `(1 - x) ** 2 + 100 * (y - x**2) ** 2`, given two jets instead of two arrays, returns its value,
gradient and Hessian: exact up to rounding, by the chain rule (Griewank and Walther 2008, Evaluating Derivatives,
chapter 13). Only the operations in RULES, comparisons and `where` are known; any other is a TypeError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from scipy.special import erf, expit, xlogy

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
    inside: Jet | None = None  # what this is the absolute value of, if of anything

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            return NotImplemented
        if ufunc in COMPARISONS:
            return ufunc(*(given.value if isinstance(given, Jet) else given for given in inputs))
        if ufunc not in RULES:
            return NotImplemented
        return RULES[ufunc](*(given if isinstance(given, Jet) else Jet(given) for given in inputs))

    def __array_function__(self, function: Callable[..., Any], _: Any, given: Sequence[Any], options: Any) -> Any:
        return NotImplemented if options or function is not np.where else _where(*given)


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


def _chain(a: Jet, value: Any, slopes: Slopes, speed: Jet | None = None) -> Jet:
    """f(a), from the value of f at a and its first and second derivative there.

    speed: a jet whose first derivatives, squared, are those of `a`, where `a` has a corner and they have none.
    """
    first, second = slopes
    speed = speed or a
    return Jet(
        value,
        first * a.x,
        first * a.y,
        second * speed.x * speed.x + first * a.xx,
        second * speed.x * speed.y + first * a.xy,
        second * speed.y * speed.y + first * a.yy,
    )


def _divide(a: Jet, b: Jet) -> Jet:
    # From a = q b: a_x = q_x b + q b_x, and so on. No power of b, which could overflow where the quotient does not.
    q = a.value / b.value
    x, y = (a.x - q * b.x) / b.value, (a.y - q * b.y) / b.value
    return Jet(
        q,
        x,
        y,
        (a.xx - 2 * x * b.x - q * b.xx) / b.value,
        (a.xy - x * b.y - y * b.x - q * b.xy) / b.value,
        (a.yy - 2 * y * b.y - q * b.yy) / b.value,
    )


def _is_number(given: Any) -> bool:
    return isinstance(given, float | int | np.bool_)


def _is_zero(given: Any) -> bool:
    return _is_number(given) and given == 0


def _choose(condition: Any, one: Any, other: Any) -> Any:
    """`one` where the condition holds, else `other`; of numbers a number, where there is no choice."""
    if _is_number(condition):
        return one if condition else other
    if _is_number(one) and _is_number(other) and one == other:
        return one
    return np.where(condition, one, other)


def _scaled_up(factor: Any, power: Any) -> Any:
    """factor * power, and 0 where the factor is 0 even if the power is infinite."""
    return _choose(factor == 0, 0.0, factor * power)


def _power(a: Jet, exponent: Jet) -> Jet:
    n = exponent.value
    value = a.value**n
    if _is_number(n) and n in (0, 1):
        return a if n else Jet(np.float64(1.0))
    first = _scaled_up(n, a.value ** (n - 1))
    # |u|^n has no corner at u = 0 where n > 1: there its curvature is n (n - 1) |u|^(n - 2) u'^2.
    of_base = _chain(a, value, (first, _scaled_up(n * (n - 1), a.value ** (n - 2))), a.inside)
    if all(map(_is_zero, (exponent.x, exponent.y))):
        return of_base
    # With the exponent n moving too: d a^n / dn = a^n log a, and the mixed derivative is a^(n-1) (1 + n log a).
    of_exponent = _chain(exponent, 0.0, (xlogy(value, a.value), xlogy(xlogy(value, a.value), a.value)))
    mixed = a.value ** (n - 1) + xlogy(first, a.value)
    both = Jet(
        0.0,
        xx=2 * mixed * a.x * exponent.x,
        xy=mixed * (a.x * exponent.y + a.y * exponent.x),
        yy=2 * mixed * a.y * exponent.y,
    )
    return _add(_add(of_base, of_exponent), both)


def _of(ufunc: np.ufunc, slopes: Callable[[Any, Any], Slopes]) -> Callable[[Jet], Jet]:
    """The rule of a function of one number; `slopes(at, value)` returns its first and second derivative."""

    def rule(a: Jet) -> Jet:
        value = ufunc(a.value)
        return _chain(a, value, slopes(a.value, value))

    return rule


def _root(_: Any, value: Any) -> Slopes:
    # At 0, the tip of a cone, the slope is taken as 0 and there is no second derivative.
    away = _choose(value == 0, 1.0, value)
    return _choose(value == 0, 0.0, 0.5 / away), _choose(value == 0, np.nan, -0.25 / away**3)


def _absolute(a: Jet) -> Jet:
    return replace(_of(np.absolute, lambda at, _: (np.sign(at), 0.0))(a), inside=a)


def _parts(pick: Callable[[Any, Any], Any], a: Jet, b: Jet, names: Sequence[str]) -> dict[str, Any]:
    """The parts of these names of a choice between two jets, each chosen by `pick(part of a, part of b)`."""
    return {name: pick(getattr(a, name), getattr(b, name)) for name in names}


def _where(condition: Any, a: Any, b: Any) -> Jet:
    condition = condition.value if isinstance(condition, Jet) else condition
    one, other = (given if isinstance(given, Jet) else Jet(given) for given in (a, b))
    return Jet(**_parts(lambda x, y: _choose(condition, x, y), one, other, PARTS))


def _extreme(ufunc: np.ufunc, wins: np.ufunc) -> Callable[[Jet, Jet], Jet]:
    """The rule of the larger or the smaller of two. At a tie the slope is the one between both that is nearest to 0."""

    def rule(a: Jet, b: Jet) -> Jet:
        first, second = wins(a.value, b.value), wins(b.value, a.value)

        def slope(one: Any, other: Any) -> Any:
            tie: Any = 0.0
            if not (_is_zero(one) or _is_zero(other)):
                tie = np.maximum(np.minimum(one, other), 0.0) + np.minimum(np.maximum(one, other), 0.0)
            return _choose(first, one, _choose(second, other, tie))

        curvatures = _parts(lambda one, other: _choose(first, one, other), a, b, ("xx", "xy", "yy"))
        return Jet(ufunc(a.value, b.value), **_parts(slope, a, b, ("x", "y")), **curvatures)

    return rule


def _logaddexp(a: Jet, b: Jet) -> Jet:
    # log(e^a + e^b): its slopes are the shares of both, sigmoid(a - b) and sigmoid(b - a)
    difference = a.value - b.value
    share, rest = expit(difference), expit(-difference)
    x, y, w = a.x - b.x, a.y - b.y, share * rest
    return Jet(
        np.logaddexp(a.value, b.value),
        share * a.x + rest * b.x,
        share * a.y + rest * b.y,
        share * a.xx + rest * b.xx + w * x * x,
        share * a.xy + rest * b.xy + w * x * y,
        share * a.yy + rest * b.yy + w * y * y,
    )


def _sigmoid(at: Any, value: Any) -> Slopes:
    rest = expit(-at)  # 1 - value, with all its digits
    return value * rest, value * rest * (rest - value)


def _tanh(at: Any, value: Any) -> Slopes:
    slope = 4 * expit(2 * at) * expit(-2 * at)  # 1 - tanh^2, without cancelling
    return slope, -2 * value * slope


def _arctan(at: Any, _: Any) -> Slopes:
    slope = 1 / (1 + at * at)
    return slope, -2 * at * slope * slope


def _erf(at: Any, _: Any) -> Slopes:
    slope = 2 / np.sqrt(np.pi) * np.exp(-at * at)
    return slope, -2 * at * slope


def _log(at: Any, _: Any) -> Slopes:
    inverse = 1.0 / at
    return inverse, -inverse * inverse


PARTS = ("value", "x", "y", "xx", "xy", "yy")
RULES: dict[np.ufunc, Callable[..., Jet]] = {
    np.add: _add,
    np.subtract: lambda a, b: _add(a, _scaled(b, -1.0)),
    np.negative: lambda a: _scaled(a, -1.0),
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.power: _power,
    np.square: lambda a: _multiply(a.inside or a, a.inside or a),
    np.exp: _of(np.exp, lambda _, value: (value, value)),
    np.expm1: _of(np.expm1, lambda _, value: (value + 1.0, value + 1.0)),
    np.log: _of(np.log, _log),
    np.log1p: _of(np.log1p, lambda at, _: _log(1.0 + at, None)),
    np.sin: _of(np.sin, lambda at, value: (np.cos(at), -value)),
    np.cos: _of(np.cos, lambda at, value: (-np.sin(at), -value)),
    np.tanh: _of(np.tanh, _tanh),
    np.arctan: _of(np.arctan, _arctan),
    np.sqrt: _of(np.sqrt, _root),
    np.absolute: _absolute,
    np.sign: _of(np.sign, lambda *_: (0.0, 0.0)),
    np.maximum: _extreme(np.maximum, np.greater),
    np.minimum: _extreme(np.minimum, np.less),
    np.logaddexp: _logaddexp,
    expit: _of(expit, _sigmoid),
    erf: _of(erf, _erf),
}
# What is true or false has no derivatives: the answer is no jet.
COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}
