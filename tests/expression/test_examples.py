"""What is said of each example is so."""

import numpy as np
import pytest

from core.expression import typed_loss
from core.expression.examples import FORMULA_EXAMPLES
from core.losses import LOSSES

LOSS = {example.title: typed_loss(example.formula, example.family) for example in FORMULA_EXAMPLES}
R = np.linspace(-8, 8, 161)
Z = np.linspace(-8, 8, 161)


def at(title, r, **params):
    return LOSS[title].value(r, 0.0, **params)


def test_too_low_costs_twice_as_much():
    np.testing.assert_allclose(at("Out of stock costs twice", -R[R > 0]), 2 * at("Out of stock costs twice", R[R > 0]))


def test_a_false_negative_weighs_ten_times_as_much():
    loss = LOSS["A missed cancer costs tenfold"]
    np.testing.assert_allclose(loss.value(-Z, 1), 10 * loss.value(Z, 0))


def test_squared_error_never_exceeds_the_cap():
    capped = at("Capped squared error", R, cap=2.5)
    np.testing.assert_allclose(capped, np.minimum(R**2, 2.5))
    assert (LOSS["Capped squared error"].grad(R[np.abs(R) > 2], 0.0, cap=2.5) == 0).all()


@pytest.mark.parametrize("delta", [0.5, 2.0])
def test_huber_by_hand_is_huber(delta):
    np.testing.assert_allclose(at("Huber by hand", R, delta=delta), LOSSES["huber"].value(R, 0, delta=delta))
    slopes = LOSS["Huber by hand"].grad(np.array([delta - 1e-9, delta + 1e-9]), 0.0, delta=delta)
    assert np.ptp(slopes) < 1e-8  # without a corner


def test_log_cosh_is_log_cosh():
    np.testing.assert_allclose(at("Log-cosh", R), LOSSES["log_cosh"].value(R, 0), atol=1e-14)


def test_the_hinge_is_straight_a_parabola_and_nothing():
    hinge = LOSS["Hinge with a squared foot"]
    np.testing.assert_allclose(hinge.value([2.0, 1.0, 0.5, 0.0, -1.0], 1), [0, 0, 0.125, 0.5, 1.5])
    slopes = [hinge.grad(np.array([m - 1e-9, m + 1e-9]), 1) for m in (0.0, 1.0)]
    assert np.ptp(slopes, axis=1).max() < 1e-8


def test_two_goals_are_weighed_by_w():
    for w in (0.0, 0.3, 1.0):
        np.testing.assert_allclose(at("Two goals in one", R, w=w), w * R**2 + (1 - w) * np.abs(R))


def test_the_elastic_penalty_is_a_price_of_the_prediction():
    loss, p = LOSS["Elastic penalty"], 1.7
    for alpha, price in ((1.0, p), (0.0, p**2 / 2)):  # the lasso's, that of ridge regression
        assert loss.value(p, p, lam=3.0, alpha=alpha) == pytest.approx(3 * price)


def test_linex_is_exponential_on_one_side_and_almost_linear_on_the_other():
    right, left = (
        LOSS["Asymmetric exponential"].grad(r, 0.0, a=1.0) for r in (np.array([6.0, 7.0]), np.array([-6.0, -7.0]))
    )
    assert right[1] / right[0] == pytest.approx(np.e, rel=0.01)
    assert left[1] == pytest.approx(left[0], rel=0.01)


def test_focal_by_hand_is_focal():
    for y in (0, 1):
        expected = LOSSES["focal"].value(Z, y, gamma=2.0, alpha=0.25)
        np.testing.assert_allclose(LOSS["Focal by hand"].value(Z, y, gamma=2.0, alpha=0.25), expected, rtol=1e-12)
