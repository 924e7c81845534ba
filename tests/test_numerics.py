"""The stable forms, against values known to every digit and against their plain definitions where those hold."""

import math
from fractions import Fraction

import numpy as np
import pytest

from core import numerics

X = np.linspace(-15, 15, 301)
FAR = np.array([-1e4, -745.2, -40.0, 0.0, 40.0, 745.2, 1e4])

PLAIN = {
    numerics.sigmoid: lambda x: 1 / (1 + np.exp(-x)),
    numerics.softplus: lambda x: np.log(1 + np.exp(x)),
    numerics.log_cosh: lambda x: np.log(np.cosh(x)),
    numerics.sech_squared: lambda x: 1 / np.cosh(x) ** 2,
}


@pytest.mark.parametrize("function", PLAIN, ids=lambda f: f.__name__)
def test_is_its_definition(function):
    np.testing.assert_allclose(function(X), PLAIN[function](X), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("function", [*PLAIN, numerics.log_softmax], ids=lambda f: f.__name__)
def test_is_quiet_and_finite_far_out(function):
    before = FAR.copy()
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(function(FAR)).all()
    assert np.array_equal(FAR, before)


def test_digits_are_kept_where_the_answer_is_tiny():
    tail = math.exp(-50)
    assert numerics.softplus(-50.0) == pytest.approx(tail, rel=1e-15)
    assert numerics.sigmoid(-50.0) == pytest.approx(tail, rel=1e-15)
    assert numerics.sech_squared(50.0) == pytest.approx(4 * tail**2, rel=1e-14)
    np.testing.assert_allclose(numerics.log_softmax(np.array([150.0, 100.0])), [-tail, -50], rtol=1e-15)


def test_log_cosh_of_a_small_number_is_its_series():
    """x^2/2 - x^4/12 + x^6/45, in exact fractions."""
    for x in (Fraction(1, 2**10), Fraction(1, 2**30)):
        series = x**2 / 2 - x**4 / 12 + x**6 / 45
        assert numerics.log_cosh(float(x)) == pytest.approx(float(series), rel=1e-15)


def test_log_cosh_joins_at_one():
    below, above = numerics.log_cosh(np.nextafter(1.0, 0)), numerics.log_cosh(1.0)
    assert above == pytest.approx(math.log(math.cosh(1.0)), rel=1e-15)
    assert below == pytest.approx(above, rel=1e-15)


def test_xlogy_of_nothing_is_nothing():
    assert numerics.xlogy(0.0, 0.0) == 0
    assert numerics.xlogy(2.0, 3.0) == 2 * math.log(3)


def test_softmax_adds_up_to_one_and_ignores_a_shift():
    z = np.random.default_rng(0).normal(0, 30, (5, 7, 4))
    np.testing.assert_allclose(np.exp(numerics.log_softmax(z)).sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(numerics.log_softmax(z + 1e3), numerics.log_softmax(z), rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(numerics.log_softmax(np.zeros(4)), -math.log(4))
