"""Numbers and statements that the pages show."""

import math

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import gamma

from core.losses import LOSSES

R = np.linspace(-6, 6, 49)
SQUARED, ABSOLUTE, BCE = LOSSES["squared_error"], LOSSES["absolute_error"], LOSSES["binary_cross_entropy"]


def value(key, r, **params):
    return LOSSES[key].value(r, 0, **params)


@pytest.mark.parametrize(
    ("pred", "target", "mse", "mae"),
    [
        ([300000, 450000, 200000], [250000, 460000, 180000], 1e9, 80000 / 3),
        ([2.5, 5, 3, 8], [3, 5, 2.5, 7], 0.3750, 0.5),
    ],
)
def test_worked_examples_of_regression(pred, target, mse, mae):
    assert SQUARED.value(pred, target).mean() == pytest.approx(mse, rel=1e-12)
    assert ABSOLUTE.value(pred, target).mean() == pytest.approx(mae, rel=1e-12)


def test_worked_examples_of_cross_entropy():
    cost = BCE.value(logit([0.9, 0.1, 0.8, 0.4]), [1, 0, 1, 1])
    assert cost.mean() == pytest.approx(0.3375, abs=5e-5)
    assert BCE.value(logit([0.9, 0.1]), 1) == pytest.approx([0.105, 2.303], abs=5e-4)


def test_one_large_error_or_many_small_ones():
    assert SQUARED.value(50_000, 0) == 25 * SQUARED.value(10_000, 0) == 2.5e9
    assert SQUARED.value([10_000] * 5, 0).sum() == 5e8
    assert ABSOLUTE.value(50_000, 0) == ABSOLUTE.value([10_000] * 5, 0).sum()
    assert SQUARED.value(10, 0) == 100 * SQUARED.value(1, 0)
    assert SQUARED.value([-3, -2, -1, 0, 1, 2, 3], 0).tolist() == [9, 4, 1, 0, 1, 4, 9]


def test_huber_is_half_the_square_inside_and_straight_outside():
    assert value("huber", 3, delta=1) == 2.5
    np.testing.assert_allclose(value("huber", R, delta=100), R**2 / 2)
    np.testing.assert_allclose(value("huber", R, delta=1e-9) / 1e-9, np.abs(R), atol=1e-8)


@pytest.mark.parametrize("corner", [0.05, 1.0, 5.0])
def test_huber_is_delta_times_smooth_l1(corner):
    np.testing.assert_allclose(value("huber", R, delta=corner), corner * value("smooth_l1", R, beta=corner), rtol=1e-14)
    assert np.abs(LOSSES["smooth_l1"].grad(R, 0, beta=corner)).max() == 1
    assert np.abs(LOSSES["huber"].grad(R, 0, delta=corner)).max() == corner


def test_log_cosh_is_half_the_square_near_and_straight_far():
    near = np.array([1e-8, 1e-6, 1e-4])
    np.testing.assert_allclose(value("log_cosh", near), near**2 / 2, rtol=1e-8)
    assert value("log_cosh", 1e4) == 1e4 - math.log(2)
    assert value("log_cosh", 0.0) == 0


def test_halves_of_squared_and_absolute_error():
    np.testing.assert_allclose(value("quantile", R, tau=0.5), np.abs(R) / 2)
    np.testing.assert_allclose(value("expectile", R, tau=0.5), R**2 / 2)
    np.testing.assert_allclose(value("asymmetric_squared", R, under_weight=1, over_weight=1), R**2)
    np.testing.assert_allclose(
        value("asymmetric_squared", R, under_weight=3, over_weight=1), 4 * value("expectile", R, tau=0.75)
    )
    np.testing.assert_allclose(value("epsilon_insensitive", R, epsilon=0), np.abs(R))


def test_which_side_costs_more():
    """pred - target = -1 is a prediction that is too low."""
    assert value("quantile", [-1, 1], tau=0.9) == pytest.approx([0.9, 0.1])
    assert value("expectile", [-1, 1], tau=0.9) == pytest.approx([0.9, 0.1])
    assert value("asymmetric_squared", [-1, 1]).tolist() == [2, 1]
    for key in ("squared_log_error", "poisson"):
        low, right, high = LOSSES[key].value([3.0, 5.0, 7.0], 5.0)
        assert low > high > right
    assert LOSSES["absolute_percentage_error"].value([0.0, 5.0, 15.0, 50.0], 5.0).tolist() == [1, 0, 2, 9]


@pytest.mark.parametrize("c", [0.5, 2.0])
def test_scales_of_the_robust_family(c):
    """Cauchy, Welsch and Geman-McClure are (r/c)^2/2 near 0, Tukey is r^2/2; two are bounded whatever c is."""
    assert LOSSES["tukey"].curvature(0, 0, c=c) == 1
    for key in ("cauchy", "welsch", "geman_mcclure"):
        assert LOSSES[key].curvature(0, 0, c=c) == 1 / c**2
    far = 1e6
    assert value("welsch", far, c=c) == pytest.approx(1)
    assert value("geman_mcclure", far, c=c) == pytest.approx(2)
    assert value("tukey", far, c=c) == c**2 / 6
    assert value("cauchy", far, c=c) > 20


def test_gradients_of_the_robust_family_fade():
    r = np.linspace(0, 40, 40_001)
    assert r[np.argmax(LOSSES["cauchy"].grad(r, 0, c=2.0))] == pytest.approx(2 * math.sqrt(2), abs=1e-3)
    slope = LOSSES["welsch"].grad(r, 0, c=2.0)
    assert slope[r > 8].max() < 0.01 * slope.max()


POWERS = np.array([[1.0], [1.2], [1.5], [1.9], [2.0]])
AMOUNTS = np.array([1e-3, 0.2, 1.0, 3.7, 4e4])


@pytest.mark.parametrize("target", [0.0, 0.7, 12.0])
def test_tweedie_ends_at_poisson_and_at_gamma(target):
    tweedie, p = LOSSES["tweedie"], AMOUNTS
    poisson = LOSSES["poisson"]
    np.testing.assert_allclose(tweedie.value(p, target, power=1) + 1, poisson.value(p, target), rtol=1e-14)
    np.testing.assert_allclose(tweedie.value(p, target, power=2) + target, np.log(p) + target / p, rtol=1e-13)
    for near, end in ((1 + 1e-9, 1.0), (2 - 1e-9, 2.0)):  # and nothing jumps on the way there
        np.testing.assert_allclose(tweedie.value(p, target, power=near), tweedie.value(p, target, power=end), rtol=1e-6)
    for method in ("grad", "curvature"):
        at_1 = getattr(tweedie, method)(p, target, power=1)
        np.testing.assert_allclose(at_1, getattr(poisson, method)(p, target), rtol=1e-13)
    if target:  # the density of a gamma distribution of shape 1, with this mean
        density = -gamma.logpdf(target, 1.0, scale=p)
        np.testing.assert_allclose(tweedie.value(p, target, power=2) + target, density, rtol=1e-12)


def test_half_the_tweedie_deviance():
    """Jørgensen's unit deviance, halved: the loss less what a perfect prediction costs."""
    p, y, power = AMOUNTS, AMOUNTS[:, None], POWERS[1:4, :, None]
    deviance = y ** (2 - power) / (1 - power) / (2 - power) - y * p ** (1 - power) / (1 - power)
    deviance += p ** (2 - power) / (2 - power)
    loss = LOSSES["tweedie"]
    excess = loss.value(p, y, power=power) - loss.value(y, y, power=power)
    np.testing.assert_allclose(excess, deviance, rtol=1e-9, atol=1e-9)
    assert (excess >= 0).all()


def test_tweedie_is_convex_in_the_logarithm_of_the_prediction():
    eta = np.linspace(-6, 6, 241)
    for y in (0.0, 0.3, 5.0):
        for power in POWERS.ravel():
            value = LOSSES["tweedie"].value(np.exp(eta), y, power=power)
            assert (np.diff(value, 2) >= -1e-12 * np.abs(value[1:-1])).all()


def test_the_symmetric_percentage_error():
    """Both ways round the same number; too low costs more; a target of 0 costs 2; no error costs 0, at 0 too."""
    smape = LOSSES["symmetric_absolute_percentage_error"]
    assert smape.value([50.0, 150.0, 100.0, 0.0, 0.0, 7.0], [100.0, 100.0, 100.0, 100.0, 0.0, 0.0]) == pytest.approx(
        [2 / 3, 0.4, 0, 2, 0, 2], rel=1e-15
    )
    p, y = np.random.default_rng(0).gamma(1.0, 3.0, (2, 50))
    np.testing.assert_array_equal(smape.value(p, y), smape.value(y, p))
    np.testing.assert_allclose(smape.value(8 * p, 8 * y), smape.value(p, y), rtol=1e-15)  # no unit
    r = np.minimum(p, y) / 2
    assert (smape.value(y - r, y) > smape.value(y + r, y)).all()
    assert smape.grad(0.0, 0.0) == smape.grad(3.0, 3.0) == smape.grad(3.0, 0.0) == 0
    np.testing.assert_allclose(smape.grad(3.0 + np.array([-1e-9, 1e-9]), 3.0), [-1 / 3, 1 / 3], rtol=1e-8)


def test_what_the_card_of_squared_error_says_of_its_root():
    """RMSE has MSE's minimiser, the target's units, and MSE's gradient divided by 2 RMSE."""
    random = np.random.default_rng(1)
    x, target = random.normal(size=(2, 40))
    lines = random.normal(size=(500, 2, 1))

    def mse(line):
        return SQUARED.value(line[..., 0, :] + line[..., 1, :] * x, target).mean(axis=-1)

    assert (np.argsort(mse(lines)) == np.argsort(np.sqrt(mse(lines)))).all()
    assert np.sqrt(mse(7 * lines[:3])).shape == (3,)
    line, step = lines[0], 1e-5 * np.eye(2)[:, :, None]
    slope = (mse(line + step) - mse(line - step)) / 2e-5
    root = (np.sqrt(mse(line + step)) - np.sqrt(mse(line - step))) / 2e-5
    np.testing.assert_allclose(root, slope / (2 * np.sqrt(mse(line))), rtol=1e-8)
    assert "gradient is that of the mean divided by 2 RMSE" in SQUARED.use_when


def test_weights_of_the_classes():
    z = np.linspace(-5, 5, 21)
    weighted, focal = LOSSES["weighted_binary_cross_entropy"], LOSSES["focal"]
    np.testing.assert_allclose(weighted.value(z, 1, pos_weight=4), 4 * BCE.value(z, 1))
    np.testing.assert_allclose(weighted.value(z, 0, pos_weight=4), BCE.value(z, 0))
    np.testing.assert_allclose(focal.value(z, 1, gamma=0, alpha=0.25), 0.25 * BCE.value(z, 1))
    np.testing.assert_allclose(focal.value(z, 0, gamma=0, alpha=0.25), 0.75 * BCE.value(z, 0))


def test_where_focal_has_a_larger_gradient_than_cross_entropy():
    p = np.linspace(1e-4, 1 - 1e-4, 100_001)
    ratio = LOSSES["focal"].grad(logit(p), 1, gamma=2, alpha=1.0) / BCE.grad(logit(p), 1)
    assert p[ratio > 1].max() == pytest.approx(0.298, abs=5e-4)
    assert ratio.max() == pytest.approx(1.22, abs=5e-3)
    assert p[np.argmax(ratio)] == pytest.approx(0.104, abs=5e-4)
    assert (LOSSES["focal"].value(logit(p), 1, gamma=2, alpha=1.0) <= BCE.value(logit(p), 1)).all()


def test_brier_saturates_where_cross_entropy_does_not():
    assert LOSSES["brier"].grad(-6, 1) == pytest.approx(-0.0049, abs=5e-5)
    assert BCE.grad(-6, 1) == pytest.approx(-0.998, abs=5e-4)
    z = np.linspace(-5, 5, 21)
    for y in (0, 1):
        np.testing.assert_allclose(LOSSES["brier"].value(z, y), (expit(z) - y) ** 2)
    assert LOSSES["brier"].value(-1e4, 1) == 1


def test_hinge_takes_0_and_1_and_uses_minus_1_and_1():
    z = np.array([-2.0, 0.0, 0.5, 1.0, 3.0])
    assert LOSSES["hinge"].value(z, 1).tolist() == [3, 1, 0.5, 0, 0]
    assert LOSSES["hinge"].value(-z, 0).tolist() == [3, 1, 0.5, 0, 0]
    assert LOSSES["squared_hinge"].value(z, 1).tolist() == [9, 1, 0.25, 0, 0]
    assert LOSSES["hinge"].grad(1.0, 1) == 0
    assert LOSSES["exponential"].value([0.0, -1.0], 1) == pytest.approx([1, math.e])


def test_smoothing_charges_a_perfect_prediction():
    loss = LOSSES["categorical_cross_entropy"]
    assert loss.value([0.0, 0.0, 0.0, 0.0], 2, label_smoothing=0) == pytest.approx(math.log(4))
    assert loss.value([1e4, 0.0], 0, label_smoothing=0) == 0
    assert loss.value([10.0, 0.0], 0, label_smoothing=0.1) > loss.value([3.0, 0.0], 0, label_smoothing=0.1) > 0.19
