"""Scores and labels against scikit-learn, on made files with ties and weights, and on real ones; what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from core.evaluation.bootstrap import Bootstrap
from core.evaluation.recalibration import FileRows, isotonic
from core.evaluation.scored import Scored
from core.evaluation.scored_model import ScoredModel
from core.metrics import SCORE_METRICS
from core.models.platt import platt_scaling

FOUND = json.loads((Path(__file__).parents[1] / "reference" / "scored.json").read_text())
CASES = {case["name"]: case for case in FOUND["cases"]}
PROBABILITIES = [name for name, case in CASES.items() if "log_loss" in case]
EVEN, ODD = slice(None, None, 2), slice(1, None, 2)


def columns(name):
    """Labels, scores and weights of a case; a weight of 1 where it has none."""
    case = CASES[name]
    target, score = np.array(case["target"]), np.array(case["score"])
    return target, score, np.ones_like(target) if case["weight"] is None else np.array(case["weight"])


def model(name):
    target, score, weight = columns(name)
    scored = Scored({"own": score}, target, weight=None if CASES[name]["weight"] is None else weight)
    return ScoredModel(scored, "own", Bootstrap(len(target)))


@pytest.mark.parametrize("name", CASES)
def test_areas_under_the_curves_are_those_of_scikit_learn(name):
    ranking = model(name).ranking
    assert ranking.roc_auc == pytest.approx(CASES[name]["roc_auc"], abs=1e-12)
    assert ranking.average_precision == pytest.approx(CASES[name]["average_precision"], abs=1e-12)


@pytest.mark.parametrize("name", PROBABILITIES)
def test_losses_and_counts_of_probabilities_are_those_of_scikit_learn(name):
    own, case = model(name), CASES[name]
    assert own.metrics["log_loss"].value == pytest.approx(case["log_loss"], rel=1e-9)
    assert own.metrics["brier"].value == pytest.approx(case["brier"], rel=1e-12)
    counts = own.counts(np.array(FOUND["thresholds"]))
    np.testing.assert_allclose(
        np.stack([counts.tn, counts.fp, counts.fn, counts.tp], axis=1), case["confusion"], atol=1e-9
    )


@pytest.mark.parametrize("name", [name for name in PROBABILITIES if CASES[name]["calibration"]])
def test_the_calibration_curve_is_that_of_scikit_learn(name):
    found = model(name).calibration()
    there = found.count > 0
    np.testing.assert_allclose([found.predicted[there], found.observed[there]], CASES[name]["calibration"], atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_isotonic_regression_is_that_of_scikit_learn(name):
    target, score, weight = columns(name)
    rows = FileRows(score[EVEN], score[EVEN], target[EVEN], weight[EVEN])
    np.testing.assert_allclose(isotonic(rows, score[ODD]), CASES[name]["isotonic"], atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_platt_scaling_is_that_of_scikit_learn(name):
    target, score, weight = columns(name)
    found = platt_scaling(target[EVEN], score[EVEN], weight[EVEN])
    slope, intercept = CASES[name]["platt"]
    np.testing.assert_allclose(
        expit(found.slope * score + found.intercept), expit(slope * score + intercept), atol=2e-3
    )


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["weight"] is None])
def test_metrics_without_weights_are_those_of_the_other_pages(name):
    target, own = np.array(CASES[name]["target"]), model(name)
    rounded = {"calibration_error"} if "ties" in name else set()  # on an edge of a bin, log-odds are rounded to a side
    for key in own.metrics.keys() - rounded:
        estimate = own.metrics[key]
        assert estimate.value == pytest.approx(SCORE_METRICS[key].value(target, own.scored.log_odds["own"]), rel=1e-9)


@pytest.mark.parametrize("name", [name for name in CASES if "whole weights" in name])
def test_a_weight_is_how_often_a_row_counts(name):
    target, score, weight = columns(name)
    often = weight.astype(int)
    once = Scored({"own": np.repeat(score, often)}, np.repeat(target, often))
    repeated, weighted = ScoredModel(once, "own", Bootstrap(len(once))), model(name)
    for key in SCORE_METRICS:
        assert weighted.metrics[key].value == pytest.approx(repeated.metrics[key].value, rel=1e-9)
    costs = np.geomspace(0.1, 100, 40)
    np.testing.assert_allclose(weighted.least_cost(costs), repeated.least_cost(costs))
    np.testing.assert_allclose(weighted.cheapest_threshold(costs), repeated.cheapest_threshold(costs))


def test_intervals_hold_the_metric_and_are_narrower_in_a_longer_file():
    widths = []
    for count in (200, 20_000):
        random = np.random.default_rng(3)
        z = random.normal(size=count)
        scored = Scored({"own": expit(z)}, (random.random(count) < expit(z)).astype(float))
        found = ScoredModel(scored, "own", Bootstrap(count)).metrics
        found.pop("calibration_error")
        assert all(estimate.low < estimate.value < estimate.high for estimate in found.values())
        widths.append([estimate.high - estimate.low for estimate in found.values()])
    np.testing.assert_allclose(np.divide(*widths), 10, rtol=0.35)  # a hundred times as many rows


def test_scores_that_are_no_probabilities_become_some_and_keep_their_order():
    random = np.random.default_rng(4)
    score = random.normal(size=400) * 300 + 4000
    target = (random.random(400) < expit((4000 - score) / 200)).astype(float)
    scored = Scored({"credit": score}, target)
    assert not scored.is_probability["credit"]
    p = scored.probability["credit"]
    np.testing.assert_array_equal(np.argsort(p), np.argsort(-score))  # a low score means positive here
    assert p.mean() == pytest.approx(target.mean(), abs=0.01)
    cut = scored.cut("credit", np.array([0.0, 0.2, 1.0]))
    np.testing.assert_allclose(scored.threshold("credit", cut), [0.0, 0.2, 1.0])


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200, 4e307])
def test_scores_of_any_size_are_read(size):
    score = np.array([-3.0, -1.0, 0.0, 2.0, 2.5, 4.0]) * size
    scored = Scored({"own": score}, np.array([0, 0, 1, 0, 1, 1]))
    assert np.isfinite(scored.log_odds["own"]).all()
    assert scored.probability["own"][-1] > scored.probability["own"][0]


def test_a_sample_of_a_long_file_stands_for_all_of_it():
    random = np.random.default_rng(8)
    target = np.zeros(200_000)
    target[[5, 90_000, 199_000]] = 1  # so few that random rows would hold none
    weight = random.integers(1, 3, len(target)).astype(float)
    scored = Scored({"own": random.normal(size=len(target)) + 20 * target - 7}, target, weight=weight)
    rows, mass = scored.sample
    assert len(rows) < len(target) / 2
    assert set(np.flatnonzero(target)) <= set(rows)
    assert mass @ target[rows] == pytest.approx(scored.positive.sum())
    assert mass.sum() == pytest.approx(weight.sum())


TARGET, SCORE = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.1, 0.8, 0.3, 0.6])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"models": {}}, "at least one model's scores are needed, got none"),
        ({"target": np.zeros(4)}, "target must hold both classes, got 0 positives and 4 negatives"),
        ({"target": np.ones(4)}, "target must hold both classes, got 4 positives and 0 negatives"),
        ({"target": TARGET + 1}, r"target must be 0 or 1, got 2 at \[1\]"),
        ({"target": TARGET[:3]}, "scores of own must have a number for each of 3 rows, got 4"),
        ({"models": {"own": np.full(4, 0.3)}}, "scores of own must differ, got 0.3 in every row"),
        ({"models": {"own": np.array([0.1, np.nan, 0.2, 0.3])}}, r"scores of own must be finite, got nan at \[1\]"),
        ({"models": {"own": SCORE[:, None]}}, r"scores of own must hold a number a row, got shape \(4, 1\)"),
        ({"weight": np.array([1.0, -1.0, 1.0, 1.0])}, r"weight must be in \[0, 1e\+100\], got -1 at \[1\]"),
        ({"weight": np.array([1.0, 0.0, 1.0, 0.0])}, "both classes, got 0 positives and 2 negatives"),
        ({"weight": np.ones(3)}, "weight must have a number for each of 4 rows, got 3"),
        ({"amount": np.array([1.0, np.inf, 1.0, 1.0])}, r"amount must be in \[0, 1e\+100\], got inf at \[1\]"),
        ({"amount": np.array([1.0, 0.0, 1.0, 0.0])}, "amount must be above 0 for some positive"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(given, says):
    with pytest.raises(ValueError, match=says):
        Scored(**({"models": {"own": SCORE}, "target": TARGET} | given))


def test_a_right_label_with_probability_0_is_counted():
    scored = Scored({"own": np.array([0.0, 0.0, 1.0, 1.0])}, TARGET)
    assert scored.contradicted("own") == 2
    assert Scored({"own": SCORE}, TARGET).contradicted("own") == 0
