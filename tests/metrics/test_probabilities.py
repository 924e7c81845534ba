"""Metrics of the probabilities, by hand; and what the records say of a rare class."""

import numpy as np
import pytest
from scipy.special import logit

from core.losses import LOSSES
from core.metrics import DECISION_METRICS, SCORE_METRICS, Confusion, calibration
from tests.metrics.cases import examples

TARGET, P = [1, 0, 1, 1], np.array([0.9, 0.1, 0.8, 0.4])


def at_rates(recall, specificity, rates):
    """The counts of a million examples with this recall and specificity, one for each rate of positives."""
    positives = 1e6 * np.asarray(rates)
    negatives = 1e6 - positives
    tp, tn = recall * positives, specificity * negatives
    return Confusion(tp=tp, fp=negatives - tn, fn=positives - tp, tn=tn)


def test_log_loss_and_brier_by_hand():
    value = {key: SCORE_METRICS[key].value(TARGET, logit(P)) for key in ("log_loss", "brier")}
    assert value["log_loss"] == pytest.approx(0.3375, abs=5e-5)
    assert value["log_loss"] == pytest.approx(-np.log([0.9, 0.9, 0.8, 0.4]).mean(), rel=1e-12)
    assert value["brier"] == pytest.approx((0.01 + 0.01 + 0.04 + 0.36) / 4, rel=1e-12)


def test_calibration_by_hand():
    found = calibration([1, 0, 1, 1, 0], logit([0.1, 0.15, 0.3, 0.45, 0.9]), 4)
    assert found.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found.count.tolist() == [2, 2, 0, 1]
    np.testing.assert_allclose(found.predicted, [0.125, 0.375, np.nan, 0.9], rtol=1e-12)
    np.testing.assert_allclose(found.observed, [0.5, 1, np.nan, 0])
    error = SCORE_METRICS["calibration_error"].value([1, 0, 1, 1, 0], logit([0.1, 0.15, 0.3, 0.45, 0.9]), bins=4)
    assert error == pytest.approx((2 * 0.375 + 2 * 0.625 + 0.9) / 5, rel=1e-12)


def test_an_edge_belongs_to_the_bin_below_it():
    assert calibration([1, 0, 1], [-1e4, 0.0, 1e4], 10).count.tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert calibration([1], [0.0], 2).count.tolist() == [1, 0]


@pytest.mark.parametrize("bins", [1, 2, 7, 10, 100])
def test_bins_part_the_examples(bins):
    target, score = examples(1000)
    found = calibration(target, score, bins)
    assert found.count.sum() == 1000
    assert found.edges.shape == (bins + 1,)
    assert np.nansum(found.count * found.observed) == pytest.approx(target.sum())
    seen = found.count > 0
    assert (np.isnan(found.predicted) == ~seen).all()
    assert (np.isnan(found.observed) == ~seen).all()
    assert (found.predicted[seen] >= found.edges[:-1][seen] - 1e-15).all()
    assert (found.predicted[seen] <= found.edges[1:][seen] + 1e-15).all()


def test_in_one_bin_only_the_rate_counts():
    target, score = examples()
    gap = abs(target.mean() - (1 / (1 + np.exp(-score))).mean())
    assert SCORE_METRICS["calibration_error"].value(target, score, bins=1) == pytest.approx(gap, rel=1e-12)


@pytest.mark.parametrize("rate", [0.5, 0.05, 0.01])
def test_giving_every_example_the_rate(rate):
    """What the cards say of it: no calibration error, a Brier score of rate (1 - rate), and a low log loss if rare."""
    target = np.arange(1000) < 1000 * rate
    score = np.full(1000, logit(rate))
    assert SCORE_METRICS["calibration_error"].value(target, score) == pytest.approx(0, abs=1e-15)
    assert SCORE_METRICS["brier"].value(target, score) == pytest.approx(rate * (1 - rate), rel=1e-12)
    entropy = LOSSES["binary_cross_entropy"].value(logit(rate), [1, 0]) @ [rate, 1 - rate]
    assert SCORE_METRICS["log_loss"].value(target, score) == pytest.approx(entropy, rel=1e-12)
    assert SCORE_METRICS["average_precision"].value(target, score) == pytest.approx(rate)
    assert SCORE_METRICS["roc_auc"].value(target, score) == 0.5


def test_the_rate_alone_moves_some_metrics():
    counts = at_rates(0.9, 0.9, [0.5, 0.1, 0.01, 0.001])
    for key in ("precision", "f_beta", "mcc"):
        assert (np.diff(DECISION_METRICS[key].value(counts)) < 0).all(), key
    for key in ("recall", "specificity", "balanced_accuracy"):
        np.testing.assert_allclose(DECISION_METRICS[key].value(counts), 0.9, rtol=1e-12)
    assert DECISION_METRICS["mcc"].value(counts[0]) == pytest.approx(0.8)
    assert DECISION_METRICS["mcc"].value(counts[2]) < 0.8 / 3


def test_a_high_specificity_still_means_as_many_false_alarms_as_positives():
    counts = at_rates(1.0, 0.99, [0.01])
    assert counts.fp / counts.positives == pytest.approx(0.99)
    assert DECISION_METRICS["balanced_accuracy"].value(counts) > 0.99
    assert DECISION_METRICS["precision"].value(counts) == pytest.approx(0.5, abs=0.003)


def test_a_high_area_under_roc_with_mostly_false_alarms():
    random = np.random.default_rng(3)
    target = np.arange(100_000) < 500
    score = random.normal(2.0 * target, 1.0)
    assert SCORE_METRICS["roc_auc"].value(target, score) > 0.9
    assert SCORE_METRICS["average_precision"].value(target, score) < 0.3


def test_one_confident_mistake_can_outweigh_all_else():
    target, score = np.ones(1001), np.append(np.full(1000, 3.0), -1000.0)
    value = SCORE_METRICS["log_loss"].value
    assert value(target, score) > 10 * value(target[:-1], score[:-1])
    assert SCORE_METRICS["brier"].value(target, score) < 0.004
