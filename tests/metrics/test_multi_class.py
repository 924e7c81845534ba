"""Metrics of several classes: by hand, by definition, and scikit-learn's."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.losses import LOSSES
from core.metrics.multi_class import ClassMetrics
from core.models.classifier import Features
from core.numerics import log_softmax

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "softmax.json").read_text())
Q = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.2, 0.2, 0.6], [0.75, 0.25, 0.0]])
Y = [0, 0, 2, 1]


def test_by_hand():
    found = ClassMetrics.of(Q, Y)
    assert found.winner.tolist() == [0, 1, 2, 0]
    assert found.confusion.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert found.accuracy == 0.5
    assert found.macro_f1 == pytest.approx((2 / 4 + 0 + 1) / 3)
    assert found.log_loss == pytest.approx(-np.log([0.7, 0.4, 0.6, 0.25]).mean())
    assert found.brier == pytest.approx((0.14 + 0.62 + 0.24 + 1.125) / 4)
    assert found.confidence == pytest.approx((0.7 + 0.5 + 0.6 + 0.75) / 4)


def test_the_calibration_error_is_the_mean_gap_over_the_bins():
    """0.5 lies in the fifth bin of ten, an edge belonging to the bin below it; 0.7 in the seventh, 0.75 in the next."""
    found = ClassMetrics.of(Q, Y).calibration
    assert found.count.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0]
    np.testing.assert_allclose(found.predicted[4:8], [0.5, 0.6, 0.7, 0.75])
    np.testing.assert_allclose(found.observed[4:8], [0, 1, 1, 0])
    assert found.error == pytest.approx((0.5 + 0.4 + 0.3 + 0.75) / 4)


def test_many_models_are_as_each_alone():
    random = np.random.default_rng(2)
    scores = random.normal(size=(4, 3, 50, 5)) * 3
    target = random.integers(0, 5, 50)
    together = ClassMetrics.of(np.exp(log_softmax(scores)), target)
    for place in np.ndindex(4, 3):
        alone = ClassMetrics.of(np.exp(log_softmax(scores[place])), target)
        for name in ("confusion", "accuracy", "macro_f1", "log_loss", "brier", "confidence"):
            np.testing.assert_allclose(getattr(together, name)[place], getattr(alone, name))
        assert together.calibration.error[place] == pytest.approx(alone.calibration.error)
    np.testing.assert_allclose(
        together.brier, LOSSES["multiclass_brier"].value(scores, np.broadcast_to(target, (4, 3, 50))).mean(axis=-1)
    )


def test_a_winner_that_is_right_as_often_as_it_says_is_calibrated():
    random = np.random.default_rng(0)
    q = np.exp(log_softmax(random.normal(size=(200_000, 3)) * 2))
    target = (random.uniform(size=(len(q), 1)) > q.cumsum(axis=-1)).sum(axis=-1).clip(0, 2)
    assert ClassMetrics.of(q, target).calibration.error < 0.005
    assert ClassMetrics.of(q**2 / (q**2).sum(axis=-1, keepdims=True), target).calibration.error > 0.05


@pytest.mark.parametrize("block", REFERENCE["fits"], ids=lambda b: f"{b['data']}-{b['kind']}-{b['penalty']}")
def test_scikit_learn_has_the_same_numbers(block):
    data = REFERENCE["data"][block["data"]]
    z = Features.of(data["points"], block["kind"]).basis(data["points"]) @ np.array(block["weights"]).T
    found = ClassMetrics.of(np.exp(log_softmax(z)), data["target"])
    for name in ("log_loss", "accuracy", "macro_f1", "brier", "confusion"):
        np.testing.assert_allclose(getattr(found, name), block[name], rtol=1e-9)


def test_a_class_that_is_never_there_has_no_f1_and_a_probability_of_0_no_infinity():
    found = ClassMetrics.of([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [0, 0])
    assert np.isnan(found.macro_f1)
    assert np.isfinite(found.log_loss)
    assert found.brier == 1


@pytest.mark.parametrize(
    ("q", "y", "message"),
    [
        ([0.5, 0.5], [0], "probabilities must be"),
        ([[0.5, 0.5]], [2], "target must be a whole number from 0 to 1"),
        ([[0.5, 0.5]], [0, 1], "one for each row"),
        ([[1.5, -0.5]], [0], "probabilities must be a number from 0 to 1|probabilities must be"),
        ([[1.0]], [0], "two classes or more"),
    ],
)
def test_bad_input_is_refused(q, y, message):
    with pytest.raises(ValueError, match=message):
        ClassMetrics.of(q, y)
