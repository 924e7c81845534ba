"""Costs of decisions: the cheapest threshold by search, where it is 1/(1 + c), and what a prevalence changes."""

import numpy as np
import pytest
from scipy.special import expit, logit

from core.evaluation.bootstrap import Bootstrap
from core.evaluation.recalibration import Recalibration, intercept_shift, training_weight
from core.evaluation.scored import Scored
from core.evaluation.scored_model import ScoredModel

COSTS = np.array([0.1, 0.5, 1.0, 3.0, 10.0, 100.0])
WEIGHT = 5.0  # of the positives in a training


def made(count, *, seed=0, shift=0.0, digits=6, amounts=False, weights=False, rate=-1.0):
    """A file whose log-odds are off by `shift`: calibrated without."""
    random = np.random.default_rng(seed)
    z = random.normal(rate, 1.5, count)
    target = (random.random(count) < expit(z)).astype(float)
    amount = random.exponential(20.0, count) if amounts else None
    weight = random.integers(0, 4, count).astype(float) if weights else None
    scored = Scored({"own": expit(z + shift).round(digits)}, target, amount, weight)
    return ScoredModel(scored, "own", Bootstrap(count))


def cost_by_hand(model, threshold, cost, odds=1.0):
    """The mean cost of the rows, one after the other."""
    scored = model.scored
    amount = np.ones(len(scored)) if scored.amount is None else scored.amount
    wrong = (scored.models["own"] >= threshold) != scored.target
    counts = scored.mass * np.where(scored.target == 1, odds, 1.0)
    return (counts * wrong * np.where(scored.target == 1, cost * amount, 1.0)).sum() / counts.sum()


FILES = {
    "plain": {"count": 300},
    "ties": {"count": 300, "digits": 1},
    "amounts": {"count": 300, "amounts": True},
    "weights": {"count": 300, "weights": True},
    "all of it": {"count": 300, "digits": 1, "amounts": True, "weights": True},
    "two rows of either class": {"count": 4, "seed": 2, "rate": 0.0},
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("odds", [1.0, 0.05, 30.0])
def test_no_threshold_is_cheaper_than_the_cheapest(name, odds):
    model = made(**FILES[name])
    tried = np.append(np.unique(model.scored.models["own"]), 2.0)
    for cost in COSTS:
        least = min(cost_by_hand(model, threshold, cost, odds) for threshold in tried)
        assert model.least_cost(cost, odds) == pytest.approx(least, rel=1e-9)
        place = model.ranking.cheapest(cost * odds)
        found = np.inf if place == len(model.ranking.score) else model.thresholds(place)
        assert cost_by_hand(model, found, cost, odds) == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize("name", FILES)
def test_the_cost_at_a_threshold_is_that_of_its_rows(name):
    model = made(**FILES[name])
    thresholds = np.array([0.0, 0.1, 0.35, 0.5, 0.9])
    found = model.costs(thresholds, 3.0, 2.0)
    np.testing.assert_allclose(found, [cost_by_hand(model, one, 3.0, 2.0) for one in thresholds])


def test_each_row_at_its_own_threshold_is_cheaper_where_amounts_differ_and_scores_are_calibrated():
    model = made(20_000, amounts=True)
    scored = model.scored
    for cost, odds in ((0.01, 1.0), (0.05, 1.0), (0.05, 4.0), (1.0, 0.5)):
        p, stake = scored.models["own"], cost * scored.amount
        predicted = p >= 1 / (1 + stake * odds)
        counts = np.where(scored.target == 1, odds, 1.0)
        wrong = np.where(scored.target == 1, stake, 1.0) * (predicted != scored.target)
        assert model.cost_by_amount(cost, odds) == pytest.approx(counts @ wrong / counts.sum(), rel=1e-9)
        assert model.cost_by_amount(cost, odds) < model.least_cost(cost, odds)
    plain = made(500)
    np.testing.assert_allclose(plain.cost_by_amount(COSTS), plain.costs(plain.calibrated_threshold(COSTS), COSTS))


def test_the_cheapest_threshold_is_that_of_the_formula_only_if_calibrated():
    calibrated, shifted = made(200_000), made(200_000, shift=np.log(WEIGHT))
    theory = calibrated.calibrated_threshold(COSTS)
    np.testing.assert_allclose(theory, 1 / (1 + COSTS))
    np.testing.assert_allclose(logit(calibrated.cheapest_threshold(COSTS)), logit(theory), atol=0.35)
    gap = logit(shifted.cheapest_threshold(COSTS)) - logit(theory)
    np.testing.assert_allclose(gap, np.log(WEIGHT), atol=0.35)
    low = shifted.threshold_interval(COSTS[:5])[0]
    assert (low > theory[:5]).all()
    assert (np.abs(shifted.surprise(theory, shifted.cheapest_threshold(COSTS))[:5]) > 5).all()


def test_where_the_thresholds_differ_only_by_chance_there_is_no_surprise():
    surprises = [
        model.surprise(0.0, 1.0) for model in (made(300, seed=seed, weights=seed % 2 == 0) for seed in range(200))
    ]
    assert 0.85 < np.std(surprises) < 1.15
    assert abs(np.mean(surprises)) < 0.2
    assert made(300).surprise(0.3, 0.3) == 0


def test_positives_that_count_more_are_positives_that_are_there_more_often():
    once = made(400, amounts=True)
    scored, often = once.scored, np.where(once.scored.target == 1, 3, 1)
    score, target, amount = (np.repeat(one, often) for one in (scored.models["own"], scored.target, scored.amount))
    repeated = Scored({"own": score}, target, amount)
    other = ScoredModel(repeated, "own", Bootstrap(len(repeated)))
    assert scored.odds_ratio(repeated.prevalence) == pytest.approx(3)
    thresholds = np.linspace(0, 1, 11)
    np.testing.assert_allclose(once.costs(thresholds, 2.0, 3.0), other.costs(thresholds, 2.0))
    np.testing.assert_allclose(once.least_cost(COSTS, 3.0), other.least_cost(COSTS))
    np.testing.assert_allclose(once.cheapest_threshold(COSTS, 3.0), other.cheapest_threshold(COSTS))
    np.testing.assert_allclose(once.calibration(odds_ratio=3.0).observed, other.calibration().observed)
    np.testing.assert_allclose(once.calibration(odds_ratio=3.0).predicted, other.calibration().predicted)
    assert scored.odds_ratio(scored.prevalence) == 1


@pytest.mark.parametrize("name", ["plain", "ties", "weights"])
def test_the_area_under_the_elementary_costs_is_half_the_brier_score(name):
    model = made(**FILES[name])
    middle = (np.arange(500_000) + 0.5) / 500_000
    assert 2 * model.elementary_costs(middle).mean() == pytest.approx(model.metrics["brier"].value, abs=1e-5)


@pytest.mark.parametrize("name", FILES)
def test_the_cost_curve_is_the_least_cost_of_every_ratio(name):
    model = made(**FILES[name])
    odds = 0.4
    share = model.cost_share(COSTS, odds)
    worst = [
        cost_by_hand(model, np.inf, cost, odds) + cost_by_hand(model, -np.inf, cost, odds) for cost in COSTS
    ]  # every positive missed, and every negative predicted positive
    np.testing.assert_allclose(model.cost_curve(share), model.least_cost(COSTS, odds) / worst)
    shares = np.linspace(0, 1, 101)
    curve, calibrated = model.cost_curve(shares), model.cost_at_calibrated(shares)
    assert (curve <= np.minimum(shares, 1 - shares) + 1e-12).all()
    assert (curve <= calibrated + 1e-12).all()


def test_the_interval_is_around_the_threshold_and_narrows():
    widths = []
    for count in (300, 30_000):
        model = made(count)
        low, high = model.threshold_interval(COSTS)
        best = model.cheapest_threshold(COSTS)
        assert (low <= best).all()
        assert (best <= high).all()
        widths.append((high - low)[1:5].mean())
    assert widths[1] < widths[0] / 2


def test_a_file_with_one_positive_has_an_interval():
    scored = Scored({"own": np.linspace(0.1, 0.9, 30)}, np.eye(30)[25])
    model = ScoredModel(scored, "own", Bootstrap(30))
    assert np.isfinite(model.threshold_interval(COSTS)).all()
    model.metrics.pop("calibration_error")
    assert np.isfinite(list(model.metrics.values())).all()


def test_a_positive_among_very_many_rows_is_no_tie_of_its_neighbours():
    random = np.random.default_rng(2)
    score, target = random.random(20_000), np.zeros(20_000)
    target[7], score[7] = 1, 0.9
    model = ScoredModel(Scored({"own": score}, target), "own", Bootstrap(len(target)))
    ratios = np.array([100.0, 1e4])
    low, high = model.threshold_interval(ratios)
    best = model.cheapest_threshold(ratios)
    assert best[0] == 1  # some 2,000 negatives score higher: one false negative is cheaper
    assert best[1] == pytest.approx(0.9, abs=1e-3)
    np.testing.assert_allclose([low[1], high[1]], best[1])
    assert len(model.ranking.thinned(100)) <= 100


def test_a_weight_in_training_is_found_and_undone():
    model = made(50_000, shift=np.log(WEIGHT), digits=9)
    assert training_weight(model.scored, "own") == pytest.approx(WEIGHT, rel=0.05)
    assert training_weight(made(50_000, digits=9).scored, "own") == pytest.approx(1, rel=0.05)


def test_the_intercept_makes_the_probabilities_add_up():
    scored = made(500, weights=True).scored
    z = scored.log_odds["own"]
    shift = intercept_shift(scored.target, z, scored.mass)
    assert expit(z + shift) @ scored.mass == pytest.approx(scored.target @ scored.mass, rel=1e-9)


def test_recalibration_mends_what_is_not_calibrated():
    found = Recalibration(made(20_000, shift=np.log(WEIGHT)).scored, "own").metrics
    as_it_is = found["As it is"]
    for way in ("Intercept only", "Platt scaling", "Isotonic"):
        assert found[way].brier < 0.9 * as_it_is.brier
        assert found[way].calibration_error < 0.2 * as_it_is.calibration_error
    right = Recalibration(made(20_000).scored, "own").metrics
    assert right["Platt scaling"].log_loss == pytest.approx(right["As it is"].log_loss, rel=0.01)


def test_without_both_classes_in_either_half_nothing_is_recalibrated():
    scored = Scored({"own": np.linspace(0.1, 0.9, 30)}, np.eye(30)[25])
    assert Recalibration(scored, "own").metrics == {}


def test_a_long_file_is_resampled_by_groups_as_by_rows():
    """The same rows four times: the intervals of groups are as wide as those of single rows of as many rows."""
    model = made(8000)
    low, high = (np.array([getattr(one, end) for one in model.metrics.values()]) for end in ("low", "high"))
    assert model.bootstrap.groups == 2000
    alone = np.random.default_rng(0)
    scored, aucs = model.scored, []
    for _ in range(200):
        rows = alone.integers(0, 8000, 8000)
        other = Scored({"own": scored.models["own"][rows]}, scored.target[rows])
        aucs.append(ScoredModel(other, "own", Bootstrap(8000)).ranking.roc_auc)
    assert high[0] - low[0] == pytest.approx(np.ptp(np.percentile(aucs, [2.5, 97.5])), rel=0.25)
