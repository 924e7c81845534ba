"""What each metric means, by hand, by brute force, and by what must not change it."""

import numpy as np
import pytest
from scipy.special import expit, logit

from core.metrics import (
    DECISION_METRICS,
    METRICS,
    SCORE_METRICS,
    Confusion,
    always_negative,
    confusion,
    precision_recall,
    roc,
)
from core.metrics.metric import BY_HAND, SCORED_BY_HAND
from tests.metrics.cases import examples, small_counts

ROOT = np.sqrt(8 * 9 * 12 * 11)


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_by_hand(metric):
    data = [BY_HAND] if metric.key in DECISION_METRICS else SCORED_BY_HAND
    assert metric.value(*data) == pytest.approx(metric.by_hand, rel=1e-14)


@pytest.mark.parametrize(
    ("key", "params", "value"),
    [
        ("f_beta", {"beta": 2}, 30 / 44),
        ("expected_cost", {"cost": 4}, 14 / 20),
        ("expected_cost", {"cost": 0}, 2 / 20),
    ],
)
def test_by_hand_at_other_parameters(key, params, value):
    assert DECISION_METRICS[key].value(BY_HAND, **params) == pytest.approx(value, rel=1e-14)


def test_counts_by_hand():
    """A score at the threshold is predicted positive."""
    found = confusion([0, 1, 1, 0, 1], [-1.0, -1.0, 0.5, 0.5, 3.0], [[-np.inf, -1.0, -0.9], [0.5, 3.0, np.inf]])
    assert found.tp.tolist() == [[3, 3, 2], [2, 1, 0]]
    assert found.fp.tolist() == [[2, 2, 1], [1, 0, 0]]
    assert found.fn.tolist() == [[0, 0, 1], [1, 2, 3]]
    assert found.tn.tolist() == [[0, 0, 1], [1, 2, 2]]
    assert (found.positives == 3).all()
    assert (found.negatives == 2).all()
    assert (found.total == 5).all()
    assert found.predicted_positive.tolist() == [[5, 5, 3], [3, 1, 0]]
    assert (found[1, 0].tp, found[1, 0].fp, found[1, 0].fn, found[1, 0].tn) == (2, 1, 1, 1)


def test_many_thresholds_are_many_counts():
    target, score = examples()
    thresholds = np.linspace(-6, 6, 121).reshape(11, 11)
    many = confusion(target, score, thresholds)
    for place in np.ndindex(thresholds.shape):
        predicted = score >= thresholds[place]
        assert many.tp[place] == np.sum(predicted & (target == 1))
        assert many.fp[place] == np.sum(predicted & (target == 0))
        assert many.fn[place] == np.sum(~predicted & (target == 1))
        assert many.tn[place] == np.sum(~predicted & (target == 0))


@pytest.mark.parametrize("rate", [0.5, 0.1, 0.01])
def test_predicting_no_positive_is_accurate_and_no_better_than_a_coin(rate):
    target = np.arange(1000) < 1000 * rate
    baseline = always_negative(target)
    assert DECISION_METRICS["accuracy"].value(baseline) == 1 - rate
    assert DECISION_METRICS["balanced_accuracy"].value(baseline) == 0.5
    assert DECISION_METRICS["recall"].value(baseline) == 0
    assert DECISION_METRICS["expected_cost"].value(baseline, cost=7) == pytest.approx(7 * rate)
    assert DECISION_METRICS["precision"].why(baseline) == "nothing is predicted positive"


def test_f_score_is_the_weighted_harmonic_mean():
    counts = small_counts()
    precision, recall = (DECISION_METRICS[key].value(counts) for key in ("precision", "recall"))
    for beta in (0.25, 1.0, 3.0):
        with np.errstate(divide="ignore"):
            mean = (1 + beta**2) / (1 / precision + beta**2 / recall)
        known = counts.tp > 0
        np.testing.assert_allclose(DECISION_METRICS["f_beta"].value(counts, beta=beta)[known], mean[known], rtol=1e-12)


def test_mcc_is_the_correlation_of_predictions_and_labels():
    for counts in (BY_HAND, Confusion(1, 40, 2, 900), Confusion(3, 9, 12, 5)):
        cells = [int(count) for count in (counts.tp, counts.fp, counts.fn, counts.tn)]
        predicted, label = np.repeat([1, 1, 0, 0], cells), np.repeat([1, 0, 1, 0], cells)
        assert DECISION_METRICS["mcc"].value(counts) == pytest.approx(np.corrcoef(predicted, label)[0, 1], rel=1e-12)


def test_mcc_knows_no_first_class():
    """Other names for the classes leave it; predictions turned round turn its sign."""
    c, mcc = small_counts(), DECISION_METRICS["mcc"].value
    np.testing.assert_array_equal(mcc(c), mcc(Confusion(tp=c.tn, fp=c.fn, fn=c.fp, tn=c.tp)))
    np.testing.assert_allclose(mcc(c), -mcc(Confusion(tp=c.fn, fp=c.tn, fn=c.tp, tn=c.fp)), rtol=1e-15)


def test_mcc_keeps_its_digits_when_counts_are_large():
    mcc = DECISION_METRICS["mcc"].value
    assert mcc(Confusion(10**9, 0, 0, 10**9)) == 1
    assert mcc(Confusion(0, 10**9, 10**9, 0)) == -1
    assert mcc(Confusion(10**9, 10**9, 10**9, 10**9)) == 0
    assert mcc(Confusion(6 * 10**8, 2 * 10**8, 3 * 10**8, 9 * 10**8)) == pytest.approx(48 / ROOT, rel=1e-14)
    n, m = np.random.default_rng(2).integers(1, 10**9, (2, 500)).astype(float)
    assert (mcc(Confusion(n, 0 * n, 0 * n, m)) == 1).all()
    assert (mcc(Confusion(0 * n, n, m, 0 * n)) >= -1).all()
    for column in (np.int32, np.int64):
        assert mcc(Confusion(*np.array([[10**9], [3], [4], [10**9]], dtype=column)))[0] == pytest.approx(1, abs=1e-8)


def test_auc_is_the_chance_that_a_positive_outranks_a_negative():
    target, score = examples()
    pairs = np.sign(score[target == 1][:, None] - score[target == 0])
    assert (pairs == 0).any()
    auc = SCORE_METRICS["roc_auc"].value(target, score)
    assert auc == pytest.approx((pairs + 1).mean() / 2, rel=1e-12)
    curve = roc(target, score)
    assert auc == pytest.approx(np.trapezoid(curve.y, curve.x), rel=1e-12)


def test_auc_of_no_knowledge_and_of_scores_turned_round():
    target, score = examples()
    auc = SCORE_METRICS["roc_auc"].value
    assert auc(target, np.full_like(score, 3.0)) == 0.5
    assert auc(target, -score) == pytest.approx(1 - auc(target, score), rel=1e-12)


def test_average_precision_sums_the_steps_of_recall():
    target, score = examples()
    total, before = 0.0, 0.0
    for threshold in sorted(set(score), reverse=True):
        predicted = score >= threshold
        found = target[predicted].sum() / target.sum()
        total += (found - before) * target[predicted].mean()
        before = found
    assert SCORE_METRICS["average_precision"].value(target, score) == pytest.approx(total, rel=1e-12)
    assert SCORE_METRICS["average_precision"].value(target, 0 * score) == pytest.approx(target.mean())
    assert SCORE_METRICS["average_precision"].value([0, 1, 0, 1], [4, 3, 2, 1]) == pytest.approx((1 / 2 + 2 / 4) / 2)


@pytest.mark.parametrize("key", ["roc_auc", "average_precision"])
def test_ranks_are_all_that_counts(key):
    target, score = examples()
    value = SCORE_METRICS[key].value
    for raised in (3 * score - 7, score**3, np.exp(score), expit(score)):
        assert value(target, raised) == pytest.approx(value(target, score), rel=1e-14)
    order = np.random.default_rng(1).permutation(len(target))
    assert value(target[order], score[order]) == pytest.approx(value(target, score), rel=1e-14)


def test_curves_run_from_nothing_predicted_positive_to_everything():
    target, score = examples()
    rate, curve, other = target.mean(), roc(target, score), precision_recall(target, score)
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
    assert (other.x[0], other.x[-1], other.y[-1]) == (0, 1, rate)
    assert np.isnan(other.y[0])
    assert not np.isnan(other.y[1:]).any()
    for points in (curve, other):
        assert points.thresholds[0] == np.inf
        assert points.thresholds[1:].tolist() == sorted(set(score), reverse=True)
    found = confusion(target, score, curve.thresholds)
    np.testing.assert_array_equal(curve.y, DECISION_METRICS["recall"].value(found))
    np.testing.assert_allclose(curve.x, 1 - DECISION_METRICS["specificity"].value(found), atol=1e-15)
    np.testing.assert_array_equal(other.y, DECISION_METRICS["precision"].value(found))


@pytest.mark.parametrize("cost", [1.0, 4.0, 30.0])
def test_right_probabilities_cost_least_at_one_in_one_plus_c(cost):
    random = np.random.default_rng(5)
    score = random.normal(-2.0, 1.5, 400_000)
    target = random.random(score.size) < expit(score)
    best = logit(1 / (1 + cost))
    value = DECISION_METRICS["expected_cost"].value(
        confusion(target, score, best + np.array([0, -0.5, 0.5])), cost=cost
    )
    assert value[0] < value[1:].min()


def test_right_probabilities_are_calibrated_and_wrong_ones_are_not():
    random = np.random.default_rng(6)
    score = random.normal(-2.0, 1.5, 200_000)
    target = random.random(score.size) < expit(score)
    error = SCORE_METRICS["calibration_error"].value
    assert error(target, score) < 0.004
    assert error(target, 2 * score) > 0.03
    assert error(target, score + np.log(9)) > 0.1  # as weights on the rare class leave it
    for proper in ("log_loss", "brier"):
        value = SCORE_METRICS[proper].value
        assert value(target, score) < min(value(target, 2 * score), value(target, score / 2), value(target, score + 1))
