"""Points as far out and as close to 0 as float64 holds: the height and its slopes, or infinity, never NaN."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from core.landscapes import LANDSCAPES

SIZES = [0.0, 5e-324, 1e-300, 3.0, 1e100, 1e154, 1e200, 1e300]
POINTS = np.array(list(itertools.product([*SIZES, *(-size for size in SIZES[1:])], repeat=2)))
FAR = np.array(
    [
        point
        for point in itertools.product([0.0, 3.0, -1e100, 1e154, 1e201, -1e300], repeat=2)
        if max(map(abs, point)) > 3
    ]
)
POLYNOMIALS = {  # as the literature writes them
    "saddle": lambda x, y: x**2 - y**2,
    "monkey_saddle": lambda x, y: x**3 - 3 * x * y**2,
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda x, y: Fraction(0.26) * (x**2 + y**2) - Fraction(0.48) * x * y,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": lambda x, y: sum(
        (Fraction(c) - x + x * y**power) ** 2 for c, power in ((1.5, 1), (2.25, 2), (2.625, 3))
    ),
    "three_hump_camel": lambda x, y: 2 * x**2 - Fraction(1.05) * x**4 + x**6 / 6 + x * y + y**2,
    "six_hump_camel": lambda x, y: (
        (4 - Fraction(2.1) * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2
    ),
    "styblinski_tang": lambda x, y: sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2,
    "goldstein_price": lambda x, y: (
        (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2))
        * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))
    ),
}  # fmt: skip


def rounded(number):
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


def slope_weight(k):
    """The derivative at 0 of the polynomial that is 1 at k and 0 at the other places."""
    others = [m for m in PLACES if m != k]
    below = np.prod([Fraction(k - m) for m in others])
    above = sum(np.prod([Fraction(-m) for m in others if m != left]) for left in others)
    return above / below


PLACES = range(-4, 5)
SLOPE_WEIGHTS = {k: weight for k in PLACES if (weight := slope_weight(k))}  # that of 0 is 0


def along(polynomial, point, axis):
    """The exact slope of a polynomial of degree 8 at most: through nine of its values (Lagrange)."""
    x, y = point
    return sum(weight * (polynomial(x, y + k) if axis else polynomial(x + k, y)) for k, weight in SLOPE_WEIGHTS.items())


@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
def test_nothing_is_nan(landscape):
    with np.errstate(all="raise", under="ignore"):
        assert not np.isnan(landscape.value(POINTS)).any()
        assert not np.isnan(landscape.grad(POINTS)).any()
        curved = landscape.hessian(POINTS)[POINTS.any(axis=1)]  # at (0, 0) Ackley's function has a tip
    assert not np.isnan(curved).any()


def steady(of, point, here):
    """Whether a change of the point's last digits is no large change of the number: else rounding decides it."""
    near = (of(point[0] * (1 + Fraction(1, 2**52)), point[1]), of(point[0], point[1] * (1 + Fraction(1, 2**52))))
    return all(abs(there - here) <= abs(here) / 10**13 for there in near)


@pytest.mark.parametrize("key", POLYNOMIALS)
def test_polynomials_are_exact_however_far_out(key):
    landscape, polynomial = LANDSCAPES[key], POLYNOMIALS[key]
    wholes = [polynomial, *(lambda *point, axis=axis: along(polynomial, point, axis) for axis in (0, 1))]
    ours = np.column_stack([landscape.value(FAR), landscape.grad(FAR)])
    seen = 0
    for found, point in zip(ours, FAR, strict=True):
        exact = [Fraction(number) for number in point]
        for number, of in zip(found, wholes, strict=True):
            here = of(*exact)
            if steady(of, exact, here):
                assert number == pytest.approx(rounded(here), rel=1e-12), point
                seen += 1
    assert seen >= 60
