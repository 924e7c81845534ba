"""What each loss estimates: a slope that matches its value cannot show that the value itself is the right one."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit
from scipy.stats import norm

from core.losses import BATCH_LOSSES, LOSSES, Loss, losses_of
from core.losses.estimand import expectile_of, weighted_median
from core.losses.link import SIGMOIDS
from tests.losses.cases import name_of, settings

SAMPLE = np.random.default_rng(4).gamma(2.0, 1.5, 201) + 0.2  # skewed: mean, median and mode lie apart; odd in number
MEAN, MEDIAN = SAMPLE.mean(), np.median(SAMPLE)
RATES = [0.01, 0.2, 0.5, 0.7, 0.97]
SHARES = np.array([0.5, 0.3, 0.2])


@pytest.mark.parametrize("loss", [*LOSSES.values(), *BATCH_LOSSES.values()], ids=str)
def test_values_by_hand(loss):
    """Each record has some, and they are not all 0."""
    for (pred, target), value in loss.by_hand.items():
        assert loss.value(pred, target) == pytest.approx(value, rel=1e-13, abs=1e-300), (pred, target)
    assert any(loss.by_hand.values())


def least(cost, low, high):
    """The best argument, and the lowest and the highest cost on the way: a fine grid, then refined around its best."""
    grid = np.linspace(low, high, 4001)
    costs = cost(grid)
    width, near = grid[1] - grid[0], grid[costs.argmin()]
    found = minimize_scalar(cost, bounds=(near - width, near + width), method="bounded", options={"xatol": 1e-11})
    return (found.x, found.fun, costs.max()) if found.fun < costs.min() else (near, costs.min(), costs.max())


def mean_cost(loss, sample, params):
    """The mean loss over a sample of predictions [...]."""
    return lambda pred: loss.value(np.asarray(pred)[..., None], sample, **params).mean(axis=-1)


def mean_cost_at(loss, rate, params):
    """The mean loss of scores [...] when a share `rate` of the labels is 1."""
    return lambda z: rate * loss.value(z, 1, **params) + (1 - rate) * loss.value(z, 0, **params)


def assert_best(cost, place, low, high):
    """No argument costs less than this one, but for rounding: 1e-12 of the range of the costs."""
    best, lowest, highest = least(cost, low, high)
    assert cost(place) <= lowest + 1e-12 * (highest - lowest), f"{place} is not the best, {best} is"


def functionals(loss):
    """Settings of the parameters, and for each the best prediction as a function of the data."""
    own = loss.estimates
    if own.best:
        yield from ((params, partial(own.best, **params)) for params in settings(loss))
    for name, values in own.at.items():
        yield from ((loss.defaults | {name: value}, functional) for value, functional in values.items())


def label(part):
    return "" if callable(part) and not isinstance(part, Loss) else name_of(part)


REGRESSION = [(loss, *one) for loss in losses_of("regression").values() for one in functionals(loss)]


@pytest.mark.parametrize(("loss", "params", "functional"), REGRESSION, ids=label)
def test_the_best_prediction_of_a_sample_is_what_the_record_says(loss, params, functional):
    assert_best(mean_cost(loss, SAMPLE, params), functional(SAMPLE), SAMPLE.min(), SAMPLE.max())


BY_SCORE = [(loss, *one) for loss in losses_of("binary").values() for one in functionals(loss)]


@pytest.mark.parametrize(("loss", "params", "functional"), BY_SCORE, ids=label)
@pytest.mark.parametrize("rate", RATES)
def test_the_best_score_at_a_rate_is_what_the_record_says(loss, params, functional, rate):
    assert_best(mean_cost_at(loss, rate, params), functional(rate), -8, 8)


BY_SHARES = [(loss, *one) for loss in losses_of("multi-class").values() for one in functionals(loss)]


@pytest.mark.parametrize(("loss", "params", "functional"), BY_SHARES, ids=label)
def test_the_best_scores_at_these_shares_are_what_the_record_says(loss, params, functional):
    """No step from them, large or small, costs less; and a shift of all scores changes nothing but sigmoids."""

    def cost(z):
        if loss.estimates.of_labels:
            return loss.value(z[..., None, :], np.arange(3), **params) @ SHARES
        return loss.value(z, np.broadcast_to(SHARES, z.shape), **params)

    best = functional(SHARES)
    steps = np.random.default_rng(2).normal(size=(500, 3)) * np.geomspace(1e-4, 10, 500)[:, None]
    assert (cost(best + steps) >= cost(best) - 1e-14).all()
    if loss.link is not SIGMOIDS:
        assert cost(best + 4.0) == pytest.approx(float(cost(best)), rel=1e-13)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_what_a_loss_estimates_is_a_function_that_is_checked(loss):
    assert loss.estimates.best or loss.estimates.at or loss.log_odds  # the last is checked below
    params = {param.name for param in loss.params}
    assert set(loss.estimates.at) <= params


def test_mean_median_and_quantile_are_not_one_number():
    """Else the tests above could not tell the losses apart."""
    log_mean = np.expm1(np.log1p(SAMPLE).mean())
    apart = [MEAN, MEDIAN, expectile_of(SAMPLE, 0.9), np.quantile(SAMPLE, 0.9), weighted_median(SAMPLE, 1 / SAMPLE)]
    assert np.diff(sorted([*apart, log_mean])).min() > 0.03


@pytest.mark.parametrize("tau", [0.01, 0.3, 0.5, 0.9])
def test_an_expectile_balances_shortfalls_and_excesses(tau):
    for sample in (SAMPLE, SAMPLE[:1], SAMPLE[:2], np.array([1.0, 1.0, 1.0, 5.0])):
        m = expectile_of(sample, tau)
        over, under = np.maximum(sample - m, 0).sum(), np.maximum(m - sample, 0).sum()
        assert tau * over == pytest.approx((1 - tau) * under, rel=1e-12, abs=1e-14)


def best_constant(key, sample=SAMPLE, **params):
    """The prediction with the least mean loss."""
    return least(mean_cost(LOSSES[key], sample, params), sample.min(), sample.max())[0]


def test_epsilon_insensitive_balances_what_lies_outside_its_tube():
    m = best_constant("epsilon_insensitive", epsilon=0.8)
    assert abs(np.sum(m + 0.8 < SAMPLE) - np.sum(m - 0.8 > SAMPLE)) <= 1


def test_an_even_number_of_points_has_many_medians():
    costs = LOSSES["absolute_error"].value(np.array([[2.0], [2.5], [3.0], [3.5]]), [1.0, 2.0, 3.0, 9.0]).sum(axis=1)
    assert costs[0] == costs[1] == costs[2] < costs[3]


def test_gaussian_nll_finds_the_variance_too():
    var = np.linspace(0.5, 10, 9501)
    costs = LOSSES["gaussian_nll"].value(MEAN, SAMPLE, var=var[:, None]).mean(axis=1)
    assert var[np.argmin(costs)] == pytest.approx(SAMPLE.var(), abs=1e-3)
    r = np.linspace(-4, 4, 9)
    exact = -norm.logpdf(r, scale=np.sqrt(2.0)) - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(LOSSES["gaussian_nll"].value(r, 0, var=2.0), exact, rtol=1e-12)


@pytest.mark.parametrize("key", ["cauchy", "welsch", "geman_mcclure", "tukey"])
def test_the_robust_family_goes_with_the_majority(key):
    """Seven points near 0 and three near 50: the mean is 15."""
    sample = np.array([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 49.9, 50, 50.1])
    assert abs(best_constant(key, sample, c=2.0)) < 0.6
    assert best_constant("squared_error", sample) == pytest.approx(15)


def test_tukey_is_flat_beyond_c():
    tukey = LOSSES["tukey"]
    beyond = np.array([-1e4, -3.0, 3.0, 1e4])
    assert (tukey.value(beyond, 0, c=3.0) == 9 / 6).all()
    assert (tukey.grad(beyond, 0, c=3.0) == 0).all()
    assert tukey.grad(2.9, 0, c=3.0) > 0


def test_tukey_at_4_685_keeps_95_percent_efficiency_on_normal_errors():
    """Variance of the mean over that of the M-estimator: (E psi')^2 / E psi^2."""
    r = np.linspace(-10, 10, 200_001)
    weight = norm.pdf(r) * (r[1] - r[0])
    slope, curvature = LOSSES["tukey"].grad(r, 0, c=4.685), LOSSES["tukey"].curvature(r, 0, c=4.685)
    assert (curvature @ weight) ** 2 / (slope**2 @ weight) == pytest.approx(0.95, abs=1e-4)


def best_score(key, rate, **params):
    """The one score that costs least when a share `rate` of the labels is 1."""
    return least(mean_cost_at(LOSSES[key], rate, params), -8, 8)[0]


@pytest.mark.parametrize(
    ("key", "params", "best"),
    [
        ("binary_cross_entropy", {}, 0.01),
        ("weighted_binary_cross_entropy", {"pos_weight": 99.0}, 0.50),
        ("focal", {"gamma": 2.0, "alpha": 0.5}, 0.154),
        ("focal", {"gamma": 2.0, "alpha": 0.25}, 0.108),
        ("focal", {"gamma": 0.0, "alpha": 0.5}, 0.01),
    ],
)
def test_best_probability_at_a_rate_of_one_percent(key, params, best):
    assert expit(best_score(key, 0.01, **params)) == pytest.approx(best, abs=5e-4)


def test_focal_draws_probabilities_to_the_middle():
    for rate in (0.05, 0.3, 0.8):
        assert 0 < (0.5 - expit(best_score("focal", rate, alpha=0.5))) / (0.5 - rate) < 1


def test_zero_one_counts_errors():
    z, y = np.array([-2.0, -0.1, 0.0, 0.3, 5.0, 1.0]), np.array([0, 1, 1, 0, 1, 1])
    assert LOSSES["zero_one"].value(z, y).mean() == 3 / 6
    grid = np.array([-1.0, 1.0])
    for rate in (0.2, 0.7):
        cost = rate * LOSSES["zero_one"].value(grid, 1) + (1 - rate) * LOSSES["zero_one"].value(grid, 0)
        assert grid[np.argmin(cost)] == np.sign(rate - 0.5)
        assert cost.min() == pytest.approx(min(rate, 1 - rate))


def test_categorical_with_two_classes_is_binary():
    categorical, binary = LOSSES["categorical_cross_entropy"], LOSSES["binary_cross_entropy"]
    z, y = np.linspace(-40, 40, 81), np.arange(81) % 2
    pair = np.stack([np.zeros_like(z), z], axis=-1)
    np.testing.assert_allclose(categorical.value(pair, y, label_smoothing=0), binary.value(z, y), rtol=1e-13)
    np.testing.assert_allclose(categorical.grad(pair, y, label_smoothing=0)[:, 1], binary.grad(z, y), rtol=1e-13)


BINARY = list(losses_of("binary").values())
WITH_LOG_ODDS = [loss for loss in BINARY if loss.log_odds]


def extremes(loss):
    """The defaults, and each parameter at either end of its slider."""
    ends = [{param.name: end} for param in loss.params for end in (param.low, param.high)]
    return [loss.defaults | own for own in [{}, *ends]]


@pytest.mark.parametrize("loss", WITH_LOG_ODDS, ids=str)
def test_log_odds_are_those_for_which_a_score_is_the_best_one(loss):
    """They lead from the minimum, found by search, back to the rate that it was the minimum of."""
    rates = np.array([0.01, 0.2, 0.5, 0.7, 0.97])[:, None]
    grid = np.linspace(-14, 14, 280_001)
    for params in extremes(loss):
        costs = rates * loss.value(grid, 1, **params) + (1 - rates) * loss.value(grid, 0, **params)
        best = grid[costs.argmin(axis=1)]
        np.testing.assert_allclose(expit(loss.log_odds(best, **params)), rates[:, 0], atol=2e-3, err_msg=str(params))


@pytest.mark.parametrize("loss", WITH_LOG_ODDS, ids=str)
def test_log_odds_balance_the_slopes_of_both_labels(loss):
    """p L1' + (1 - p) L0' = 0 at a minimum: exact, wherever the slopes hold their digits."""
    z = np.linspace(-6, 6, 241)
    for params in extremes(loss):
        by_slopes = np.log(loss.grad(z, 0, **params)) - np.log(-loss.grad(z, 1, **params))
        np.testing.assert_allclose(loss.log_odds(z, **params), by_slopes, rtol=1e-9, atol=1e-9)
        far = loss.log_odds(np.array([-1e300, -1e4, 0, 1e4, 1e300]), **params)
        assert np.isfinite(far).all()
        assert (np.diff(far) > 0).all()


def test_proper_losses_are_those_whose_best_score_is_the_log_odds_itself():
    z = np.linspace(-6, 6, 25)
    proper = [loss.key for loss in BINARY if loss.proper]
    assert {"binary_cross_entropy", "brier"} <= set(proper)
    for loss in WITH_LOG_ODDS:
        same = np.allclose(loss.log_odds(z, **loss.starts), z)
        assert same == loss.proper


@pytest.mark.parametrize("loss", [loss for loss in BINARY if not loss.log_odds], ids=str)
def test_without_log_odds_rates_share_a_best_score_or_a_score_has_no_rate(loss):
    """Hinge and zero-one: one score is best at many rates. Squared hinge: no rate has its best score beyond 1."""
    rates, grid = np.array([0.6, 0.75, 0.9])[:, None], np.linspace(-4, 4, 8001)
    costs = rates * loss.value(grid, 1) + (1 - rates) * loss.value(grid, 0)
    best = [set(np.round(grid[np.isclose(cost, cost.min(), atol=1e-12)], 6)) for cost in costs]
    shared = set.intersection(*best)
    assert shared or max(map(max, best)) < 1


def test_other_families_have_no_log_odds():
    assert not any(loss.log_odds for loss in LOSSES.values() if loss not in BINARY)
