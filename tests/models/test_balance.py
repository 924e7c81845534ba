"""The effective number of examples, and the weight that follows from it."""

from fractions import Fraction

import numpy as np
import pytest

from core.models.balance import balanced_weight, effective_number


@pytest.mark.parametrize("beta", [Fraction(1, 10), Fraction(9, 10), Fraction(999, 1000), Fraction(999999, 1000000)])
@pytest.mark.parametrize("count", [1, 2, 7, 500, 5000])
def test_it_is_the_sum_of_a_geometric_series(beta, count):
    """1 + beta + ... + beta^(n - 1): each further example brings beta times what the one before brought."""
    beta = Fraction(float(beta))  # the float64 itself, so that all digits can be asked for
    exact = (1 - beta**count) / (1 - beta)
    assert effective_number(count, float(beta)) == pytest.approx(float(exact), rel=1e-13)


def test_the_ends():
    counts = np.array([1.0, 3.0, 1e9])
    assert (effective_number(counts, 0) == 1).all()
    assert (effective_number(counts, 1) == counts).all()
    np.testing.assert_allclose(effective_number(1, np.linspace(0, 1, 11)), 1, rtol=1e-15)


def test_far_out():
    """After a billion examples E is 1/(1 - beta), the most there can be; just below 1 it is still the count."""
    with np.errstate(all="raise", under="ignore"):
        assert effective_number(1e9, 0.999999) == pytest.approx(1e6, rel=1e-9)
        beta = 1 - 2.0**-40
        assert effective_number(1000, beta) == pytest.approx(1000 - 1000 * 999 / 2 * 2.0**-40, rel=1e-15)
        assert effective_number(1e9, np.nextafter(1, 0)) == pytest.approx(1e9, rel=1e-6)
        assert effective_number(1e9, 5e-324) == 1


def test_it_grows_with_both():
    betas, counts = np.linspace(0, 1, 41), np.array([1, 2, 5, 50, 5000])[:, None]
    grid = effective_number(counts, betas)
    assert (np.diff(grid, axis=0) >= 0).all()  # not beyond 1/(1 - beta)
    assert (np.diff(grid[:3], axis=0)[:, 1:] > 0).all()
    assert (np.diff(grid, axis=1)[1:] > 0).all()
    assert (grid <= counts * (1 + 1e-15)).all()


def test_the_weight_goes_from_none_to_the_inverse_counts():
    assert balanced_weight(20, 1980, 0) == 1
    assert balanced_weight(20, 1980, 1) == 99
    weights = balanced_weight(20, 1980, [0, 0.9, 0.99, 0.999, 0.9999, 1])
    assert (np.diff(weights) > 0).all()
    assert weights[1:4] == pytest.approx([1.138, 5.495, 43.51], rel=1e-3)  # the numbers beside the slider's stops
    assert balanced_weight(1980, 20, 0.99) == pytest.approx(1 / weights[2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 10, 0.9), r"positives must be at least 1, got 0$"),
        ((3, 0, 0.9), r"negatives must be at least 1, got 0$"),
        ((3, [5, np.nan], 0.9), r"negatives must be at least 1, got nan at \[1\]$"),
        ((3, 5, 1.5), r"beta must be in \[0, 1\], got 1.5$"),
        ((3, 5, -0.1), r"beta must be in \[0, 1\], got -0.1$"),
    ],
)
def test_what_is_wrong_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        balanced_weight(*arguments)
