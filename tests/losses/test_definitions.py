"""What each loss estimates: a slope that matches its value cannot show that the value itself is the right one."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, logit
from scipy.stats import cauchy, gaussian_kde, norm

from core.losses import LOSSES, losses_of

SAMPLE = np.random.default_rng(4).gamma(2.0, 1.5, 201) + 0.2  # skewed: mean, median and mode lie apart; odd in number
MEAN, MEDIAN = SAMPLE.mean(), np.median(SAMPLE)


def best_constant(key, sample=SAMPLE, **params):
    """The prediction with the least mean loss: the best of a fine grid, then refined around it."""

    def cost(p):
        return LOSSES[key].value(p, sample, **params).mean()

    grid = np.linspace(sample.min(), sample.max(), 2001)
    near = grid[np.argmin(LOSSES[key].value(grid[:, None], sample, **params).mean(axis=1))]
    width = grid[1] - grid[0]
    return minimize_scalar(cost, bounds=(near - width, near + width), method="bounded", options={"xatol": 1e-11}).x


def expectile(tau):
    """Shortfalls weighted by tau balance excesses weighted by 1 - tau."""

    def imbalance(m):
        return tau * np.maximum(SAMPLE - m, 0).sum() - (1 - tau) * np.maximum(m - SAMPLE, 0).sum()

    return brentq(imbalance, SAMPLE.min(), SAMPLE.max(), xtol=1e-12)


def weighted_median(weights):
    order = np.argsort(SAMPLE)
    heavy = np.cumsum(weights[order]) >= weights.sum() / 2
    return SAMPLE[order][heavy][0]


def nearest_median():
    """The lowest point of the sample that is a median under the weights y / (p + y)^2 of its own p."""
    found = [p for p in SAMPLE if weighted_median(SAMPLE / (p + SAMPLE) ** 2) == p]
    costs = [np.mean(2 * np.abs(p - SAMPLE) / (p + SAMPLE)) for p in found]
    return found[int(np.argmin(costs))]


def fixed_point(weight):
    """The weighted mean whose weights fall with the distance from it, started at the median."""
    m = MEDIAN
    for _ in range(2000):
        w = weight(SAMPLE - m)
        m = np.average(SAMPLE, weights=w)
    return m


def likeliest_centre(scale):
    return minimize_scalar(
        lambda m: -cauchy.logpdf(SAMPLE, m, scale).sum(), bounds=(0.2, 8), method="bounded", options={"xatol": 1e-11}
    ).x


def peak_of_density(width):
    density = gaussian_kde(SAMPLE, bw_method=width / SAMPLE.std(ddof=1))
    near = np.linspace(0, 10, 2001)[np.argmax(density(np.linspace(0, 10, 2001)))]
    found = minimize_scalar(lambda m: -density(m)[0], bounds=(near - 0.01, near + 0.01), method="bounded")
    return found.x


ESTIMATES = [
    ("squared_error", {}, lambda: MEAN),
    ("absolute_error", {}, lambda: MEDIAN),
    ("quantile", {"tau": 0.5}, lambda: MEDIAN),
    ("quantile", {"tau": 0.9}, lambda: np.quantile(SAMPLE, 0.9, method="inverted_cdf")),
    ("quantile", {"tau": 0.05}, lambda: np.quantile(SAMPLE, 0.05, method="inverted_cdf")),
    ("expectile", {"tau": 0.5}, lambda: MEAN),
    ("expectile", {"tau": 0.9}, lambda: expectile(0.9)),
    ("expectile", {"tau": 0.1}, lambda: expectile(0.1)),
    ("asymmetric_squared", {"under_weight": 3, "over_weight": 1}, lambda: expectile(0.75)),
    ("asymmetric_squared", {"under_weight": 2, "over_weight": 6}, lambda: expectile(0.25)),
    ("squared_log_error", {}, lambda: np.expm1(np.log1p(SAMPLE).mean())),
    ("absolute_percentage_error", {}, lambda: weighted_median(1 / SAMPLE)),
    ("huber", {"delta": 100.0}, lambda: MEAN),
    ("huber", {"delta": 1e-6}, lambda: MEDIAN),
    ("huber", {"delta": 1.0}, lambda: fixed_point(lambda r: np.minimum(1.0, 1.0 / np.maximum(np.abs(r), 1e-12)))),
    ("smooth_l1", {"beta": 100.0}, lambda: MEAN),
    ("smooth_l1", {"beta": 1e-6}, lambda: MEDIAN),
    ("log_cosh", {}, lambda: brentq(lambda m: np.tanh(SAMPLE - m).sum(), 0, 10, xtol=1e-12)),
    ("epsilon_insensitive", {"epsilon": 0.0}, lambda: MEDIAN),
    ("poisson", {}, lambda: MEAN),
    ("tweedie", {"power": 1.0}, lambda: MEAN),
    ("tweedie", {"power": 1.5}, lambda: MEAN),
    ("tweedie", {"power": 2.0}, lambda: MEAN),
    ("symmetric_absolute_percentage_error", {}, lambda: nearest_median()),
    ("gaussian_nll", {"var": 3.0}, lambda: MEAN),
    ("cauchy", {"c": 0.5}, lambda: likeliest_centre(np.sqrt(2) * 0.5)),
    ("welsch", {"c": 0.6}, lambda: peak_of_density(0.6)),
    ("welsch", {"c": 1e3}, lambda: MEAN),
    ("geman_mcclure", {"c": 1e3}, lambda: MEAN),
    ("geman_mcclure", {"c": 1.0}, lambda: fixed_point(lambda r: (1 + r**2 / 4) ** -2)),
    ("tukey", {"c": 1e3}, lambda: MEAN),
    ("tukey", {"c": 4.7}, lambda: fixed_point(lambda r: np.where(np.abs(r) < 4.7, 1 - (r / 4.7) ** 2, 0) ** 2)),
]


@pytest.mark.parametrize(("key", "params", "functional"), ESTIMATES)
def test_the_best_constant_is_what_the_record_says(key, params, functional):
    assert best_constant(key, **params) == pytest.approx(functional(), abs=3e-5)


def test_mean_median_and_quantile_are_not_one_number():
    """Else the tests above could not tell the losses apart."""
    apart = [MEAN, MEDIAN, expectile(0.9), np.quantile(SAMPLE, 0.9), weighted_median(1 / SAMPLE), peak_of_density(0.6)]
    assert np.diff(sorted(apart)).min() > 0.05


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
    slope, bend = LOSSES["tukey"].grad(r, 0, c=4.685), LOSSES["tukey"].curvature(r, 0, c=4.685)
    assert (bend @ weight) ** 2 / (slope**2 @ weight) == pytest.approx(0.95, abs=1e-4)


def best_score(key, rate, **params):
    """The one score that costs least when a share `rate` of the labels is 1: the best of a grid, then refined."""

    def cost(z):
        return rate * LOSSES[key].value(z, 1, **params) + (1 - rate) * LOSSES[key].value(z, 0, **params)

    grid = np.linspace(-8, 8, 1601)
    near = grid[np.argmin(cost(grid))]
    return minimize_scalar(cost, bounds=(near - 0.02, near + 0.02), method="bounded", options={"xatol": 1e-11}).x


RATES = [0.01, 0.2, 0.5, 0.7, 0.97]

SCORES = {  # the best score at a given rate of positives
    "binary_cross_entropy": ({}, logit),
    "weighted_binary_cross_entropy": ({"pos_weight": 7.0}, lambda rate: logit(rate) + np.log(7)),
    "brier": ({}, logit),
    "squared_hinge": ({}, lambda rate: 2 * rate - 1),
    "exponential": ({}, lambda rate: logit(rate) / 2),
    "hinge": ({}, lambda rate: np.sign(rate - 0.5)),
}


@pytest.mark.parametrize("key", SCORES)
@pytest.mark.parametrize("rate", RATES)
def test_the_best_score_is_what_the_record_says(key, rate):
    params, score = SCORES[key]
    if key == "hinge" and rate == 0.5:
        costs = [LOSSES[key].value(z, 1) + LOSSES[key].value(z, 0) for z in (-1.0, 0.0, 1.0)]
        assert costs == [2, 2, 2]  # undecided: every score within the margin is as good
    else:
        assert best_score(key, rate, **params) == pytest.approx(score(rate), abs=2e-4)


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


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_categorical_estimates_the_shares_of_the_classes(smoothing):
    """The mean slope is 0 where softmax(z) is the smoothed share; and a shift of all scores changes nothing."""
    share = np.array([0.5, 0.3, 0.2])
    z = np.log((1 - smoothing) * share + smoothing / 3) + 4.0
    slopes = LOSSES["categorical_cross_entropy"].grad(z, np.arange(3), label_smoothing=smoothing)
    np.testing.assert_allclose(share @ slopes, 0, atol=1e-15)


def test_every_loss_has_a_definition_test():
    elsewhere = {"focal", "zero_one", "categorical_cross_entropy"}
    assert {key for key, _, _ in ESTIMATES} | set(SCORES) | elsewhere == set(LOSSES)


BINARY = list(losses_of("binary").values())
TELLING = [loss for loss in BINARY if loss.log_odds]


def extremes(loss):
    """The defaults, and each parameter at either end of its slider."""
    ends = [{param.name: end} for param in loss.params for end in (param.low, param.high)]
    return [loss.defaults | own for own in [{}, *ends]]


@pytest.mark.parametrize("loss", TELLING, ids=str)
def test_log_odds_are_those_for_which_a_score_is_the_best_one(loss):
    """They lead from the minimum, found by search, back to the rate that it was the minimum of."""
    rates = np.array([0.01, 0.2, 0.5, 0.7, 0.97])[:, None]
    grid = np.linspace(-14, 14, 280_001)
    for params in extremes(loss):
        costs = rates * loss.value(grid, 1, **params) + (1 - rates) * loss.value(grid, 0, **params)
        best = grid[costs.argmin(axis=1)]
        np.testing.assert_allclose(expit(loss.log_odds(best, **params)), rates[:, 0], atol=2e-3, err_msg=str(params))


@pytest.mark.parametrize("loss", TELLING, ids=str)
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
    assert proper == ["binary_cross_entropy", "brier"]
    for loss in TELLING:
        same = np.allclose(loss.log_odds(z, **loss.starts), z)
        assert same == loss.proper


@pytest.mark.parametrize("loss", [loss for loss in BINARY if not loss.log_odds], ids=str)
def test_where_no_log_odds_are_told_rates_share_a_best_score_or_a_score_has_no_rate(loss):
    """Hinge and zero-one: one score is best at many rates. Squared hinge: no rate has its best score beyond 1."""
    rates, grid = np.array([0.6, 0.75, 0.9])[:, None], np.linspace(-4, 4, 8001)
    costs = rates * loss.value(grid, 1) + (1 - rates) * loss.value(grid, 0)
    best = [set(np.round(grid[np.isclose(cost, cost.min(), atol=1e-12)], 6)) for cost in costs]
    shared = set.intersection(*best)
    assert shared or (max(map(max, best)) < 1 and loss.key == "squared_hinge")


def test_other_families_tell_no_log_odds():
    assert not any(loss.log_odds for loss in LOSSES.values() if loss not in BINARY)
