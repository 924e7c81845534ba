"""Platt scaling: the slope and the intercept with the least cross-entropy at Platt's targets."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from core.models.platt import platt_scaling

RANDOM = np.random.default_rng(3)
Z = RANDOM.normal(size=4000)
Y = (RANDOM.random(4000) < expit(1.7 * Z - 2.0)).astype(float)
RARE = (RANDOM.random(4000) < expit(2.5 * Z - 9.0)).astype(float)  # a few dozen positives


def targets(y):
    """What Platt (1999), section 2.2, puts in the place of 1 and 0."""
    positives, negatives = y.sum(), (1 - y).sum()
    return np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def least(y, z):
    """By search, in another form of the same objective."""

    def loss(w):
        p = expit(w[0] * z + w[1])
        return -np.mean(targets(y) * np.log(p) + (1 - targets(y)) * np.log1p(-p))

    return minimize(loss, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-15}).x


def test_it_is_the_least_cross_entropy_and_finds_what_made_the_labels():
    found = platt_scaling(Y, Z)
    np.testing.assert_allclose(found, least(Y, Z), rtol=1e-5)
    np.testing.assert_allclose(found, (1.7, -2.0), atol=0.2)


def test_it_is_what_scikit_learn_computes():
    """sklearn.calibration._sigmoid_calibration(z, y) of scikit-learn 1.9.1 gives its a = -slope and b = -intercept."""
    z = np.array([-2.0, -1.5, -1.0, -0.4, -0.1, 0.3, 0.9, 1.6, 2.2, 3.0])
    y = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 1])
    np.testing.assert_allclose(platt_scaling(y, z), (0.6322994159, -0.1746253471), rtol=1e-5)


def test_nothing_holds_the_slope_down_but_the_targets():
    """With few positives a penalty on the slope, however small it looks, is not: this one has none."""
    assert 5 < RARE.sum() < 60
    np.testing.assert_allclose(platt_scaling(RARE, Z), least(RARE, Z), rtol=1e-5)


@pytest.mark.parametrize(("unit", "shift"), [(1e-6, 0.0), (0.01, 5.0), (300.0, -40.0), (-1.0, 0.0)])
def test_the_probabilities_do_not_depend_on_the_scores_unit_or_origin(unit, shift):
    plain, other = platt_scaling(Y, Z), platt_scaling(Y, unit * Z + shift)
    np.testing.assert_allclose(
        other.slope * (unit * Z + shift) + other.intercept, plain.slope * Z + plain.intercept, atol=1e-6
    )


def test_probabilities_add_up_to_the_targets():
    found = platt_scaling(Y, Z)
    assert expit(found.slope * Z + found.intercept).sum() == pytest.approx(targets(Y).sum(), rel=1e-9)


@pytest.mark.parametrize("level", [0.0, -1.0, 1e4])
def test_equal_scores_tell_the_rate_and_no_more(level):
    dust = level * (1 + 1e-14 * RANDOM.normal(size=len(Y)))
    found = platt_scaling(Y, dust)
    assert found.slope == 0
    assert found.intercept == pytest.approx(logit(targets(Y).mean()))


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e6])
def test_separated_classes_get_a_finite_slope(size):
    z = size * np.array([-2.0, -1, 1, 2])
    found = platt_scaling([0.0, 0, 1, 1], z)
    np.testing.assert_allclose(found, (least(np.array([0.0, 0, 1, 1]), z / size)[0] / size, 0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("target", "score", "message"),
    [
        ([0, 0], [1.0, 2.0], "^target must hold both classes, got 0 positives and 2 negatives$"),
        ([1, 1], [1.0, 2.0], "^target must hold both classes, got 2 positives and 0 negatives$"),
        ([0, 2], [1.0, 2.0], "^target must be 0 or 1"),
        ([0, 1], [np.nan, 2.0], "^score must be finite"),
        ([0, 1], [1.0], "^shapes must be the same"),
        ([], [], "^target must hold both classes"),
    ],
)
def test_one_sentence_says_what_is_wrong(target, score, message):
    with pytest.raises(ValueError, match=message):
        platt_scaling(target, score)


def test_scores_that_differ_by_rounding_alone_are_equal():
    mean = targets(Y).mean()
    assert platt_scaling(Y, 1e9 + 0.1 * Z) == (0.0, pytest.approx(logit(mean)))
    assert platt_scaling(Y, 1e9 + 1e3 * Z).slope > 0
