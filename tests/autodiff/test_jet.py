"""Each rule of the jets is calculus: compared with differences of the operation itself, and with the chain rule."""

import operator

import numpy as np
import pytest
from scipy.special import erf, expit, ndtr

from core.autodiff.jet import RULES, Jet

H = 1e-3
PLACES = np.random.default_rng(5).uniform(-0.5, 0.5, size=(40, 2))
UNARY = (
    *(np.negative, np.square, np.exp, np.expm1, np.log, np.log1p, np.sin, np.cos, np.tanh, np.arctan, np.sqrt),
    *(np.absolute, np.sign, expit, erf),
)
BINARY = (*(np.add, np.subtract, np.multiply, np.true_divide, np.power, np.maximum, np.minimum, np.logaddexp),)


class Quantity:
    """A polynomial of degree 2, its derivatives written down by hand."""

    def __init__(self, value, x, y, xx, xy, yy):
        self.value, self.x, self.y, self.xx, self.xy, self.yy = value, x, y, xx, xy, yy

    def at(self, points):
        x, y = points[..., 0], points[..., 1]
        return self.value + self.x * x + self.y * y + self.xx * x**2 / 2 + self.xy * x * y + self.yy * y**2 / 2

    def jet(self, points):
        x, y = points[..., 0], points[..., 1]
        slopes = self.x + self.xx * x + self.xy * y, self.y + self.xy * x + self.yy * y
        return Jet(self.at(points), *slopes, self.xx, self.xy, self.yy)


# Both stay above 0.5 where they are tried, so that they may be divided by and have roots.
U, V = Quantity(2.0, 0.4, -0.7, 0.6, 0.3, -0.5), Quantity(3.0, -1.1, 0.8, 0.9, -0.4, 0.7)


def differences(f):
    """First and second derivatives of f(points) by 4th-order central differences, in the order x, y, xx, xy, yy."""
    weights = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}
    ways = np.eye(2) * H

    def slope(g, way):
        return lambda p: sum(weight * g(p + k * way) for k, weight in weights.items()) / H

    x, y = (slope(f, way) for way in ways)
    return [d(PLACES) for d in (x, y, slope(x, ways[0]), slope(x, ways[1]), slope(y, ways[1]))]


def assert_rule(jet, f):
    assert isinstance(jet, Jet)
    np.testing.assert_allclose(jet.value, f(PLACES), rtol=1e-15)
    found = [np.broadcast_to(part, len(PLACES)) for part in (jet.x, jet.y, jet.xx, jet.xy, jet.yy)]
    for ours, theirs in zip(found, differences(f), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=2e-8)


def test_every_rule_is_tried_here():
    assert {*UNARY, *BINARY} == set(RULES)


@pytest.mark.parametrize("ufunc", UNARY)
def test_functions_of_one_number(ufunc):
    assert_rule(ufunc(U.jet(PLACES)), lambda p: ufunc(U.at(p)))


@pytest.mark.parametrize("ufunc", [np.tanh, np.arctan, np.absolute, np.sign, expit, erf])
def test_functions_of_a_negative_number(ufunc):
    assert_rule(ufunc(-U.jet(PLACES)), lambda p: ufunc(-U.at(p)))


@pytest.mark.parametrize("ufunc", BINARY)
def test_operations_of_two(ufunc):
    assert_rule(ufunc(U.jet(PLACES), V.jet(PLACES)), lambda p: ufunc(U.at(p), V.at(p)))
    assert_rule(ufunc(V.jet(PLACES), U.jet(PLACES)), lambda p: ufunc(V.at(p), U.at(p)))


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_a_choice_has_the_slopes_of_what_is_chosen(compare):
    u, v = U.jet(PLACES) - 2.0, V.jet(PLACES)
    found = np.where(compare(u, 0.1), u * v, 2.0)
    chosen = np.where(compare(u.value, 0.1), True, False)
    assert 0 < chosen.sum() < len(PLACES)
    for part, of_product in ((found.x, (u * v).x), (found.xy, (u * v).xy)):
        np.testing.assert_array_equal(part, np.where(chosen, of_product, 0.0))


@pytest.mark.parametrize(
    ("one", "other", "slope"), [(1.0, 3.0, 1.0), (-1.0, 3.0, 0.0), (-1.0, -3.0, -1.0), (0.0, 2.0, 0.0), (2.0, 0.0, 0.0)]
)
def test_the_slope_at_a_tie_is_the_one_nearest_to_zero(one, other, slope):
    for ufunc in (np.maximum, np.minimum):
        assert float(ufunc(Jet(np.array(2.0), x=one), Jet(np.array(2.0), x=other)).x) == slope


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize("number", [3, -0.7, np.float64(2.5)])
def test_operations_with_a_number_on_either_side(operation, number):
    assert_rule(operation(U.jet(PLACES), number), lambda p: operation(U.at(p), number))
    assert_rule(operation(number, U.jet(PLACES)), lambda p: operation(number, U.at(p)))


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_operations_with_an_array_on_either_side(operation):
    array = np.linspace(1.0, 2.0, len(PLACES))
    assert_rule(operation(U.jet(PLACES), array), lambda p: operation(U.at(p), array))
    assert_rule(operation(array, U.jet(PLACES)), lambda p: operation(array, U.at(p)))


@pytest.mark.parametrize("exponent", [2, 3, 4, 6, 2.0, np.int64(3)])
def test_whole_powers(exponent):
    assert_rule(U.jet(PLACES) ** exponent, lambda p: U.at(p) ** exponent)
    shifted = U.jet(PLACES) - 2.0  # of both signs
    assert_rule(shifted**exponent, lambda p: (U.at(p) - 2.0) ** exponent)


def test_powers_at_zero_are_exact():
    zero = Jet(0.0, x=1.0) ** 2
    assert (zero.value, zero.x, zero.xx) == (0.0, 0.0, 2.0)
    zero = Jet(0.0, x=1.0) ** 3
    assert (zero.value, zero.x, zero.xx) == (0.0, 0.0, 0.0)


def test_a_long_formula_is_its_parts_one_after_the_other():
    def formula(u, v):
        return np.exp(-np.sqrt(u**2 + v**2) / 3) * np.cos(2 * u) - np.sin(u * v) / (1 + np.square(v)) + np.expm1(-u)

    assert_rule(formula(U.jet(PLACES), V.jet(PLACES)), lambda p: formula(U.at(p), V.at(p)))


def test_the_tip_of_a_cone_is_level_and_has_no_second_derivative():
    x, y = Jet(np.array([0.0, 3.0]), x=1.0), Jet(np.array([0.0, 4.0]), y=1.0)
    with np.errstate(all="raise"):
        cone = np.sqrt(x**2 + y**2)
    assert cone.value.tolist() == [0.0, 5.0]
    assert (cone.x[0], cone.y[0]) == (0.0, 0.0)
    assert (cone.x[1], cone.y[1]) == pytest.approx((0.6, 0.8))
    assert np.isnan([cone.xx[0], cone.yy[0]]).all()
    assert cone.xx[1] == pytest.approx(16 / 125)
    assert cone.xy[1] == pytest.approx(-12 / 125)


@pytest.mark.parametrize("ufunc", [np.tan, np.cbrt, np.floor, ndtr])
def test_a_function_without_a_rule_is_refused(ufunc):
    with pytest.raises(TypeError, match="Jet"):
        ufunc(Jet(1.0, x=1.0))


@pytest.mark.parametrize("ufunc", [np.arctan2, np.hypot, np.logical_and, np.floor_divide])
def test_an_operation_without_a_rule_is_refused(ufunc):
    for pair in ((Jet(1.0, x=1.0), 2.0), (2.0, Jet(1.0, x=1.0))):
        with pytest.raises(TypeError, match="Jet"):
            ufunc(*pair)


@pytest.mark.parametrize("call", [np.add.reduce, np.multiply.accumulate])
def test_sums_over_an_axis_are_refused(call):
    with pytest.raises(TypeError, match="Jet"):
        call(Jet(np.ones(3), x=1.0))


def test_other_functions_of_arrays_are_refused():
    with pytest.raises(TypeError, match="no implementation found"):
        np.clip(np.ones(2), Jet(1.0), 2.0)
    with pytest.raises(TypeError, match="no implementation found"):
        np.sum(Jet(np.ones(3)))


def test_options_of_an_operation_are_refused():
    with pytest.raises(TypeError, match="Jet"):
        np.exp(Jet(1.0, x=1.0), out=np.zeros(()))
    with pytest.raises(TypeError, match="Jet"):
        np.add(Jet(np.ones(2)), 1.0, where=np.array([True, False]))


@pytest.mark.parametrize("exponent", [0.5, 2.5, 1, 0, -1, -2.0, np.array(2.5)])
def test_other_powers(exponent):
    assert_rule((U.jet(PLACES) / 2) ** exponent, lambda p: (U.at(p) / 2) ** exponent)


def test_a_power_that_varies():
    assert_rule(2.0 ** U.jet(PLACES), lambda p: 2.0 ** U.at(p))
    assert_rule(U.jet(PLACES) ** (U.jet(PLACES) - 2), lambda p: U.at(p) ** (U.at(p) - 2))


def test_a_factor_of_zero_beats_an_infinite_power():
    """n (n - 1) a^(n - 2) at a = 0: the curvature of a^1 is 0, and the slope of a^0 too."""
    with np.errstate(divide="ignore", invalid="ignore"):
        for exponent in (1.0, 0.0):
            found = Jet(np.zeros(2), x=1.0) ** np.array(exponent)
            assert np.all(found.x == exponent)
            assert np.all(found.xx == 0.0)


@pytest.mark.parametrize(("exponent", "curvature"), [(2, 2.0), (2.0, 2.0), (3.0, 0.0), (1.5, np.inf), (1.0, 0.0)])
def test_an_even_power_has_its_curvature_where_the_absolute_value_has_a_corner(exponent, curvature):
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 to a power below 0
        power = np.abs(Jet(np.array([0.0]), 1.0)) ** np.array([exponent])
    assert (power.x, power.xx) == ([0.0], [curvature])


def test_a_squared_absolute_value_is_a_square():
    square = np.square(np.abs(Jet(np.array([-1.0, 0.0, 1.0]), 1.0)))
    assert (square.x.tolist(), square.xx.tolist()) == ([-2.0, 0.0, 2.0], [2.0, 2.0, 2.0])
