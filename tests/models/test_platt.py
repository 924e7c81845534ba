"""Platt scaling: the slope and the level with the least cross-entropy, whatever the unit of the scores."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from core.models.platt import platt_scaling

RANDOM = np.random.default_rng(3)
Z = RANDOM.normal(size=4000)
Y = (RANDOM.random(4000) < expit(1.7 * Z - 2.0)).astype(float)


def least(y, z):
    """By search, with the penalty that the docstring names: 1e-4 on the slope in standard deviations."""
    sign, spread = 2 * y - 1, z.std()

    def loss(w):
        return np.logaddexp(0, -sign * (w[0] * z + w[1])).mean() + 1e-4 * (w[0] * spread) ** 2

    return minimize(loss, [1.0, 0.0], method="BFGS", options={"gtol": 1e-9}).x


def test_it_is_the_least_cross_entropy_and_finds_what_made_the_labels():
    found = platt_scaling(Y, Z)
    np.testing.assert_allclose(found, least(Y, Z), rtol=1e-5)
    np.testing.assert_allclose(found, (1.7, -2.0), atol=0.2)


@pytest.mark.parametrize(("unit", "shift"), [(1e-6, 0.0), (0.01, 5.0), (300.0, -40.0), (-1.0, 0.0)])
def test_the_probabilities_do_not_depend_on_the_scores_unit_or_origin(unit, shift):
    plain, other = platt_scaling(Y, Z), platt_scaling(Y, unit * Z + shift)
    np.testing.assert_allclose(other.slope * (unit * Z + shift) + other.level, plain.slope * Z + plain.level, atol=1e-6)


def test_probabilities_add_up_to_the_positives():
    found = platt_scaling(Y, Z)
    assert expit(found.slope * Z + found.level).sum() == pytest.approx(Y.sum(), rel=1e-9)


@pytest.mark.parametrize("level", [0.0, -1.0, 1e4])
def test_equal_scores_tell_the_rate_and_no_more(level):
    dust = level * (1 + 1e-14 * RANDOM.normal(size=len(Y)))
    found = platt_scaling(Y, dust)
    assert found.slope == 0
    assert found.level == pytest.approx(logit(Y.mean()))


def test_separated_classes_get_a_finite_slope():
    found = platt_scaling([0.0, 0, 1, 1], [-2.0, -1, 1, 2])
    assert 1 < found.slope < 100
    assert abs(found.level) < 1e-6


@pytest.mark.parametrize(
    ("target", "score", "message"),
    [
        ([0, 0], [1.0, 2.0], "the training set has no positive"),
        ([1, 1], [1.0, 2.0], "the training set has no negative"),
        ([0, 2], [1.0, 2.0], "^target must be 0 or 1"),
        ([0, 1], [np.nan, 2.0], "^score must be finite"),
        ([0, 1], [1.0], "^shapes must be the same"),
        ([], [], "basis must be"),
    ],
)
def test_one_sentence_says_what_is_wrong(target, score, message):
    with pytest.raises(ValueError, match=message):
        platt_scaling(target, score)
