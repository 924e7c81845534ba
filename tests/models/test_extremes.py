"""Fits to numbers as large and as small as float64 holds."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.models import fit_constant, fit_line
from tests.models.cases import FITTED, SETTINGS, least_descent, setting_name

SHAPES = ([1.0, -1.0], [1.0, 1.0], [1.0, 2.0, 4.0], [1.0, 1e-3, -1.0], [5.0, -3.0, 2.5, 4.0, -8.0])
X = np.array([0.0, 1.0, 3.0, 3.5, 7.0])
each_setting = pytest.mark.parametrize(("loss", "params"), SETTINGS, ids=setting_name)


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(all="raise", under="ignore"):
        yield


@each_setting
@pytest.mark.parametrize("size", [1e20, 1e155, 1e200, 1e299])
def test_large_numbers_have_a_fit_that_no_direction_leads_down_from(loss, params, size):
    for shape in map(np.array, SHAPES):
        target, x = size * shape, X[: len(shape)]
        number, line = fit_constant(loss, target, **params), fit_line(loss, x, target, **params)
        assert np.abs(number) <= np.abs(target).max()
        assert np.isfinite(line).all()
        if loss.convex:  # and of the others every point has a minimum of its own
            assert least_descent(loss, number, None, target, **params) >= -1e-5
            assert least_descent(loss, line, x, target, **params) >= -1e-5
        else:
            assert np.abs(number - target).min() <= 1e-12 * size


@each_setting
@pytest.mark.parametrize("size", [1e-154, 1e-300, 1e-320])
def test_small_numbers_are_fitted_as_those_of_ordinary_size_that_look_alike(loss, params, size):
    """Near 0 each of these losses is a square or has a corner, and looks the same at every distance."""
    near = {"epsilon": 0.0} if loss.key == "epsilon_insensitive" else params
    for shape in map(np.array, SHAPES):
        target, x = np.float64(size) * shape, X[: len(shape)]
        if not loss.target_domain.holds(target):
            continue
        there = 1e-30 * shape
        number, line = fit_constant(loss, target, **near), fit_line(loss, x, target, **near)
        rounding = 1e-9 * size + 1e-323 * 20  # of numbers below 2.2e-308, which have few digits
        if size > 1e-308 or loss.key != "absolute_percentage_error":  # where 1/|y| is still a number
            assert number == pytest.approx(fit_constant(loss, there, **near) / 1e-30 * size, rel=0, abs=rounding)
        if not loss.subgradient:  # one line is best
            assert line == pytest.approx(fit_line(loss, x, there, **near) / 1e-30 * size, rel=0, abs=rounding)
        assert np.isfinite(line).all()


@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e155, 1e300])
@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_x_may_be_of_any_size(loss, size):
    x, target = np.array([1.0, 2.0, 4.0, 5.0]), np.array([3.0, 5.0, 9.0, 11.0])
    intercept, slope = fit_line(loss, size * x, target)
    assert intercept == pytest.approx(1, abs=1e-7)
    assert slope == (
        np.inf if size < 1e-308 else pytest.approx(2 / size, rel=1e-7)
    )  # 2/5e-324 is more than float64 has


def test_what_they_are():
    """The example that was wrong, and others by hand."""
    for key in ("absolute_error", "huber", "squared_error", "smooth_l1", "log_cosh", "absolute_percentage_error"):
        assert fit_constant(LOSSES[key], [1e300, -1e300]) == 0
        assert fit_constant(LOSSES[key], [1e300]) == 1e300
        assert fit_constant(LOSSES[key], [5e-324, 5e-324]) == 5e-324
    # A weighted median: the weight of 1e-300 is 1e300. Where 1e300 is near 1, 1e-300 is 0, which has no percentage.
    assert fit_constant(LOSSES["absolute_percentage_error"], [1e300, 1e-300, 3.0, 4.0]) == 1e-300
    assert fit_constant(LOSSES["absolute_percentage_error"], [1e300, 1e-300], [1.0, 0.0]) == 1e300
    assert fit_constant(LOSSES["absolute_error"], [1e308, 1.5e308]) == pytest.approx(1.25e308)
    assert fit_constant(LOSSES["absolute_error"], [1e300, 2.0, 3.0]) == 3
    assert fit_constant(LOSSES["absolute_error"], [1e20, 1.0, -1e20, 7.0, 8.0]) == 7
    assert fit_constant(LOSSES["quantile"], [1e300, 2e300, 3e300, 4e300, 5e300], tau=0.7) == 4e300
    assert fit_constant(LOSSES["squared_error"], [1e300, 2e300, 6e300]) == pytest.approx(3e300, rel=1e-15)
    assert fit_constant(LOSSES["expectile"], [0.0, 4e300], tau=0.75) == pytest.approx(3e300, rel=1e-12)
    assert fit_constant(LOSSES["huber"], [0.0, 3e-300], delta=1.0) == pytest.approx(1.5e-300, rel=1e-12)
    assert fit_constant(LOSSES["squared_error"], [1e300, 3e300], [1e300, 3e300]) == pytest.approx(2.5e300, rel=1e-12)
    assert fit_constant(LOSSES["huber"], [1.0, 1.5], [1e-300, 3e-300]) == pytest.approx(1.375, rel=1e-12)
    np.testing.assert_allclose(fit_line(LOSSES["absolute_error"], [0, 1, 2], [1e300, 3e300, 5e300]), [1e300, 2e300])
    np.testing.assert_allclose(fit_line(LOSSES["squared_error"], [0, 1, 2], [1e-300, 3e-300, 5e-300]), [1e-300, 2e-300])


def test_rows_of_every_size_together():
    """One batch of ordinary and extreme rows: each as if it were alone."""
    rows = np.array([1e-300, 1e-20, 1.0, 1e20, 1e300])[:, None] * np.array([1.0, 2.0, 4.0, -3.0])
    for loss in FITTED:
        together = fit_constant(loss, rows)
        for one, row in zip(together, rows, strict=True):
            if loss.convex or np.abs(row).max() < 1e20:
                assert one == pytest.approx(float(fit_constant(loss, row)), rel=1e-9)
            else:  # each point is as good
                assert one in row
