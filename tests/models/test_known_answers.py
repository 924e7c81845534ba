"""Fits whose answer is known from elsewhere: a mean, a median, a quantile, least squares, a linear program."""

import numpy as np
import pytest
from scipy.optimize import brentq, least_squares

from core.losses import LOSSES
from core.models import fit_constant, fit_line
from tests.models.cases import by_linear_programming, objective, samples, tips_with_outliers

of_samples = pytest.mark.parametrize("sample", samples())


@pytest.fixture
def numbers():
    return np.random.default_rng(8).normal(loc=3, scale=5, size=(20, 11))


def test_squared_error_picks_the_mean(numbers):
    weights = np.random.default_rng(1).uniform(size=11)
    assert fit_constant(LOSSES["squared_error"], numbers) == pytest.approx(numbers.mean(-1), abs=1e-13)
    found = fit_constant(LOSSES["squared_error"], numbers, weights)
    assert found == pytest.approx(np.average(numbers, axis=-1, weights=weights), abs=1e-13)


def test_gaussian_nll_picks_the_mean_whatever_its_variance(numbers):
    found = fit_constant(LOSSES["gaussian_nll"], numbers, var=np.linspace(0.1, 8, 20))
    assert found == pytest.approx(numbers.mean(-1), abs=1e-12)


def test_absolute_error_picks_the_median(numbers):
    assert np.array_equal(fit_constant(LOSSES["absolute_error"], numbers), np.median(numbers, axis=-1))


def test_of_an_even_number_of_points_it_picks_the_middle_of_the_middle_two(numbers):
    assert fit_constant(LOSSES["absolute_error"], [1.0, 2.0, 3.0, 100.0]) == 2.5
    found = fit_constant(LOSSES["absolute_error"], numbers[:, :10])
    assert found == pytest.approx(np.median(numbers[:, :10], axis=-1), abs=1e-14)
    assert fit_constant(LOSSES["absolute_error"], [1.0, 2.0, 2.5, 3.0, 100.0], [1, 1, 0, 1, 1]) == 2.5


def test_weights_shift_the_median():
    # half of the weight, 5, is first reached at 3
    assert fit_constant(LOSSES["absolute_error"], [5.0, 1.0, 3.0, 9.0], [3, 2.5, 2.5, 2]) == 4  # 3 and 5 halve it
    assert fit_constant(LOSSES["absolute_error"], [5.0, 1.0, 3.0, 9.0], [3, 2.5, 2.6, 2]) == 3


@pytest.mark.parametrize("method", ["inverted_cdf", "averaged_inverted_cdf"])
def test_quantile_loss_picks_the_quantile(numbers, method):
    tau = np.arange(1, 100) / 100
    found = fit_constant(LOSSES["quantile"], numbers[:, None, :], tau=tau)
    # With 11 points no share k/11 is among the tau: one point is the quantile, and the two rules agree.
    assert np.array_equal(found, np.quantile(numbers, tau, axis=-1, method=method).T)


def test_where_a_quantile_is_an_interval_its_middle_is_picked(numbers):
    tau = np.arange(1, 10) / 10
    found = fit_constant(LOSSES["quantile"], numbers[:, None, :10], tau=tau)
    expected = np.quantile(numbers[:, :10], tau, axis=-1, method="averaged_inverted_cdf").T
    assert found == pytest.approx(expected, abs=1e-14)


def test_percentage_error_picks_the_median_weighted_by_one_over_the_target():
    target = np.array([1.0, 2.0, 5.0, 10.0, 40.0])
    assert fit_constant(LOSSES["absolute_percentage_error"], target) == 1.0  # 1 against 0.5 + 0.2 + 0.1 + 0.025
    weighted = fit_constant(LOSSES["absolute_error"], target[1:], 1 / target[1:])
    assert fit_constant(LOSSES["absolute_percentage_error"], target[1:]) == weighted == 2.0


def test_an_expectile_balances_shortfalls_against_excesses(numbers):
    tau = np.linspace(0.01, 0.99, 20)
    found = fit_constant(LOSSES["expectile"], numbers, tau=tau)
    for row, share, value in zip(numbers, tau, found, strict=True):

        def imbalance(c, row=row, share=share):
            return share * np.maximum(row - c, 0).sum() - (1 - share) * np.maximum(c - row, 0).sum()

        assert value == pytest.approx(brentq(imbalance, row.min(), row.max(), xtol=1e-13), abs=1e-10)
    assert fit_constant(LOSSES["expectile"], numbers, tau=0.5) == pytest.approx(numbers.mean(-1), abs=1e-12)


def test_asymmetric_squared_error_picks_the_expectile_of_its_weights(numbers):
    found = fit_constant(LOSSES["asymmetric_squared"], numbers, under_weight=3.0, over_weight=1.0)
    assert found == pytest.approx(fit_constant(LOSSES["expectile"], numbers, tau=0.75), abs=1e-12)


def test_huber_goes_from_the_median_to_the_mean():
    target = np.array([0.0, 1.0, 2.0, 3.0, 40.0])
    found = fit_constant(LOSSES["huber"], target, delta=np.array([1e-3, 0.5, 1, 5, 1e3]))
    assert found[0] == pytest.approx(2, abs=1e-3)
    assert found[-1] == pytest.approx(target.mean(), abs=1e-12)
    assert np.all(np.diff(found) > -1e-12)
    assert found[3] == pytest.approx((0 + 1 + 2 + 3 + 5) / 4)  # the outlier's gradient is 5 and no more


def test_smooth_l1_fits_what_huber_fits():
    x, target = tips_with_outliers()
    deltas = np.array([0.05, 1.0, 5.0])
    lines = fit_line(LOSSES["huber"], x, target, delta=deltas)
    assert fit_line(LOSSES["smooth_l1"], x, target, beta=deltas) == pytest.approx(lines, abs=1e-8)


def test_between_two_far_groups_huber_picks_the_middle_of_its_flat_interval():
    found = fit_constant(LOSSES["huber"], [0.0, 0.5, 10.0, 12.0], delta=np.array([0.1, 1.0, 2.0]))
    assert found == pytest.approx([(0.6 + 9.9) / 2, (1.5 + 9) / 2, (2.5 + 8) / 2], abs=1e-12)
    # the stretch ends at the kinks of the points that are there
    assert fit_constant(LOSSES["huber"], [0.0, 10.0, 5.0], [1, 1, 0], delta=1.0) == pytest.approx(5)
    assert fit_constant(LOSSES["huber"], [0.0, 3.0, 10.0, 10.0], delta=1.0) == pytest.approx((4 + 9) / 2)


def test_the_middle_is_picked_from_whichever_end_the_descent_came():
    # Tenths, so that kinks and sums are rounded and the stretch is often reached at its very end
    target = np.round(np.random.default_rng(0).normal(size=(500, 6)) * 4, 1)
    ordered = np.sort(target, axis=-1)
    low, high = ordered[:, 2] + 0.3, ordered[:, 3] - 0.3
    wide = low < high - 0.01
    assert wide.sum() > 300
    found = fit_constant(LOSSES["huber"], target, delta=0.3)
    assert found[wide] == pytest.approx(((low + high) / 2)[wide], abs=1e-9)


def test_within_the_tolerance_every_number_is_as_good_and_the_middle_is_picked():
    # 8 - 3 <= c <= 1 + 6 while every error is below epsilon
    assert fit_constant(LOSSES["epsilon_insensitive"], [1.0, 4.0, 8.0], epsilon=[6.0, 0.0]) == pytest.approx([4.5, 4])


@of_samples
def test_squared_error_fits_the_line_of_least_squares(sample):
    x, target = samples()[sample]
    expected = np.linalg.lstsq(np.stack([np.ones_like(x), x], 1), target)[0]
    assert fit_line(LOSSES["squared_error"], x, target) == pytest.approx(expected, rel=1e-8)


@of_samples
def test_absolute_error_fits_the_line_of_the_linear_program(sample):
    x, target = samples()[sample]
    line = fit_line(LOSSES["absolute_error"], x, target)
    least, _ = by_linear_programming(x, target, np.ones_like(x), 1.0, 1.0)
    assert objective(LOSSES["absolute_error"], line, x, target) == pytest.approx(least, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("tau", [0.01, 0.1, 0.5, 0.75, 0.99])
@of_samples
def test_quantile_loss_fits_the_line_of_the_linear_program(sample, tau):
    x, target = samples()[sample]
    line = fit_line(LOSSES["quantile"], x, target, tau=tau)
    least, _ = by_linear_programming(x, target, np.ones_like(x), tau, 1 - tau)
    assert objective(LOSSES["quantile"], line, x, target, tau=tau) == pytest.approx(least, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.5, 3.0])
@of_samples
def test_epsilon_insensitive_loss_fits_the_line_of_the_linear_program(sample, epsilon):
    x, target = samples()[sample]
    loss = LOSSES["epsilon_insensitive"]
    line = fit_line(loss, x, target, epsilon=epsilon)
    least, _ = by_linear_programming(x, target, np.ones_like(x), 1.0, 1.0, slack=epsilon)
    assert objective(loss, line, x, target, epsilon=epsilon) == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_the_lines_of_the_page_are_those_of_the_linear_program():
    x, _ = tips_with_outliers()
    values, counts = np.array([-10.0, 0.0, 3.5, 40.0]), np.arange(6)
    target = np.stack([tips_with_outliers(value)[1] for value in values])
    weights = (np.arange(249) < 244 + counts[:, None]).astype(float)
    lines = fit_line(LOSSES["absolute_error"], x, target[:, None], weights)
    for i, j in np.ndindex(4, 6):
        least, _ = by_linear_programming(x, target[i], weights[j], 1.0, 1.0)
        here = objective(LOSSES["absolute_error"], lines[i, j], x, target[i], weights[j])
        assert here == pytest.approx(least, rel=1e-9)


def test_weighted_lines_of_random_data_are_those_of_the_linear_program():
    rng = np.random.default_rng(4)
    x, weights = rng.integers(0, 6, size=(60, 12)).astype(float), rng.uniform(size=(60, 12)).round(1)
    target = rng.integers(-3, 4, size=(60, 12)).astype(float)  # many ties and many points on one line
    lines = fit_line(LOSSES["quantile"], x, target, weights, tau=0.3)
    for row in range(60):
        least, _ = by_linear_programming(x[row], target[row], weights[row], 0.3, 0.7)
        here = objective(LOSSES["quantile"], lines[row], x[row], target[row], weights[row], tau=0.3)
        assert here == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_of_lines_that_are_equally_good_the_middle_one_is_picked():
    # Two points at each end: any line between them, rising, falling or horizontal, costs as much.
    x, target = [0.0, 0.0, 1.0, 1.0], np.array([0.0, 1.0, 0.0, 1.0])
    assert fit_line(LOSSES["absolute_error"], x, target) == pytest.approx([0.5, 0])
    assert fit_line(LOSSES["absolute_error"], x, target + np.array([0, 2, 0, 0])) == pytest.approx([1.5, -1])
    shuffled = [2, 0, 3, 1]
    assert fit_line(LOSSES["absolute_error"], np.array(x)[shuffled], target[shuffled]) == pytest.approx([0.5, 0])
    assert fit_line(LOSSES["epsilon_insensitive"], x, target, epsilon=1.5) == pytest.approx([0.5, 0])


@pytest.mark.parametrize("delta", [0.05, 0.5, 1.345, 5.0])
@of_samples
def test_huber_fits_as_low_a_line_as_scipy(sample, delta):
    x, target = samples()[sample]
    middle = x.mean()

    def errors(theta):
        return theta[0] + theta[1] * (x - middle) - target

    start = np.array([np.median(target), 0.0])
    # SciPy's cost is half the sum of rho((r / f_scale)^2) f_scale^2: the sum of Huber's losses
    theirs = least_squares(errors, start, loss="huber", f_scale=delta, xtol=1e-15, ftol=1e-15, gtol=1e-12).cost
    ours = objective(LOSSES["huber"], fit_line(LOSSES["huber"], x, target, delta=delta), x, target, delta=delta)
    assert ours <= theirs * (1 + 1e-9) + 1e-12
    assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-9)


def test_a_line_moves_with_the_units_of_x():
    x, target = samples()["made"]
    for key in ("squared_error", "absolute_error", "huber", "tukey"):
        line = fit_line(LOSSES[key], x, target)
        moved = fit_line(LOSSES[key], 1e3 * x + 1e5, target)
        assert moved[1] == pytest.approx(line[1] / 1e3, rel=1e-8)
        assert moved[0] + moved[1] * 1e5 == pytest.approx(line[0], rel=1e-6, abs=1e-7)


def test_five_outliers_move_the_mean_line_and_hardly_the_others():
    clean, spoilt = tips_with_outliers(count=0), tips_with_outliers(40.0, 5)
    moved = {
        key: np.diff([np.dot(fit_line(LOSSES[key], *data), [1, 48]) for data in (clean, spoilt)])[0]
        for key in ("squared_error", "huber", "absolute_error", "tukey")
    }
    assert moved["squared_error"] > 5 > 1 > moved["huber"] > moved["absolute_error"] > 0
    assert moved["tukey"] == pytest.approx(0, abs=1e-3)  # farther than c away: no say at all
