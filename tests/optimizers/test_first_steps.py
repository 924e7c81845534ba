"""The first two steps of every rule from x = 1, worked out by hand from the papers' formulas.

The numbers are chosen so that roots come out even: 9 and 16 under the roots of AdaGrad, a mean square of 9/4 twice for
those that average with a share of 3/4. Where a fraction is left it is written as one.
"""

from math import log, sqrt

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS
from core.optimizers.refined import Rectified
from tests.optimizers.cases import fed

KIN = {"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5}
ROOT = sqrt(36 / 7)  # of v2 = 9/4 over 1 - (3/4)^2 = 7/16
HALVED = log(0.5) / log(0.96)  # with this decay 0.96^(t psi) is 1/2^t, and NAdam's momenta are 0.6, 0.7, 0.75
NADAM_1 = 1 - 0.1 * (0.42 / 0.58 + 3) / 3.5
NADAM = KIN | {"beta1": 0.8, "momentum_decay": HALVED}

STEPS = {
    # x = 1 - 0.1 g
    "gradient_descent": ({"lr": 0.1}, (3.0, 4.0), (0.7, 0.3)),
    # v = 3, then 1.5 + 4
    "momentum": ({"lr": 0.1, "momentum": 0.5}, (3.0, 4.0), (0.7, 0.15)),
    # the same v, and steps of g + v/2: 4.5, then 6.75
    "nesterov": ({"lr": 0.1, "momentum": 0.5}, (3.0, 4.0), (0.55, -0.125)),
    # s = 9, then 25
    "adagrad": ({"lr": 0.1, "eps": 1.0}, (3.0, 4.0), (1 - 0.3 / 4, 1 - 0.3 / 4 - 0.4 / 6)),
    # s = 9/4 both times
    "rmsprop": ({"lr": 0.1, "rho": 0.75, "eps": 0.5}, (3.0, 1.5), (0.85, 0.775)),
    # sqrt(0.75 / 3) 3 = 1.5; then u = 9/16 and sqrt((9/16 + 3/4) / 3) 1.5
    "adadelta": ({"lr": 0.1, "rho": 0.75, "eps": 0.75}, (3.0, 1.5), (0.85, 0.85 - 0.15 * sqrt(7 / 16))),
    # m = 1.5, corrected 3; v = 9/4, corrected 9; then m = 1.5 corrected 2
    "adam": (KIN, (3.0, 1.5), (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.2 / (ROOT + 0.5))),
    # v would fall to 1.7775; m = 0.75 + 0.3, corrected 1.4
    "amsgrad": (KIN, (3.0, 0.6), (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.14 / (ROOT + 0.5))),
    # Adam's steps, and 2 % off before each
    "adamw": (
        KIN | {"weight_decay": 0.2},
        (3.0, 1.5),
        (0.98 - 0.3 / 3.5, 0.98 * (0.98 - 0.3 / 3.5) - 0.2 / (ROOT + 0.5)),
    ),
    # u = 3.5, then max(1.75, 1.5); m = 1.25, corrected 5/3
    "adamax": (KIN | {"beta2": 0.5}, (3.0, 1.0), (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.5 / 3 / 1.75)),
    # m = 0.6 and the momenta 0.6, 0.7 (0.42 together): 0.7 m / (1 - 0.42) + 0.4 g / (1 - 0.6);
    # m = 0.78 and 0.7, 0.75 (0.315 together): 0.75 m / (1 - 0.315) + 0.3 g / (1 - 0.42)
    "nadam": (
        NADAM,
        (3.0, 1.5),
        (NADAM_1, NADAM_1 - 0.1 * (0.585 / 0.685 + 0.45 / 0.58) / (ROOT + 0.5)),
    ),
    # too early to trust v: m corrected, 3, then 2
    "radam": (KIN, (3.0, 1.5), (0.7, 0.5)),
    # c = 1.5; m = 0.75; c = 0.375 - 0.5 turns the sign
    "lion": ({"lr": 0.1, "beta1": 0.5, "beta2": 0.75}, (3.0, -1.0), (0.9, 1.0)),
}


def test_every_rule_is_worked_out():
    assert set(STEPS) == set(OPTIMIZERS)


@pytest.mark.parametrize("key", STEPS)
def test_two_steps(key):
    params, sequence, expected = STEPS[key]
    points = fed(OPTIMIZERS[key], np.ones(1), np.array(sequence)[:, None], **params)
    np.testing.assert_allclose(points[1:, 0], expected, rtol=1e-14)


def test_a_later_step_of_radam_trusts_its_second_moment_in_part():
    """Step 10 at beta2 = 0.9: rho = 8.2932 of at most 19, so r = 0.49269 (both worked out in 30 digits)."""
    before = Rectified(9, np.ones(1), np.full(1, 4.0), np.ones(1), np.zeros(()))
    after, state = OPTIMIZERS["radam"].step(np.ones(1), np.full(1, 3.0), before, lr=0.1, beta1=0.5, beta2=0.9, eps=0.5)
    assert state.r == pytest.approx(0.492688071040367575, rel=1e-14)
    assert state.v[0] == pytest.approx(4.5, rel=1e-15)
    assert after[0] == pytest.approx(0.969632852772285085, rel=1e-14)


def test_radam_takes_five_steps_of_momentum_first():
    radam = OPTIMIZERS["radam"]
    state, shares = radam.init(np.ones(1)), []
    for _ in range(7):
        _, state = radam.step(np.ones(1), np.ones(1), state)
        shares.append(float(state.r))
    assert shares[:5] == [0.0] * 5
    assert all(share > 0 for share in shares[5:])


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate_whatever_the_slope():
    for slope in (1e-3, 1.0, 1e6):
        assert fed(OPTIMIZERS["adam"], np.zeros(1), np.full((1, 1), slope), lr=0.1)[1, 0] == pytest.approx(
            -0.1, rel=1e-4
        )


def test_the_averaged_form_of_momentum_is_the_same_path_at_a_rate_so_many_times_as_large():
    """v = mu v + (1 - mu) g at the rate lr / (1 - mu), which is how some write it."""
    sequence, mu, lr = np.array([3.0, 4.0, -1.0, 2.0, 0.5]), 0.9, 0.1
    x, v, points = 1.0, 0.0, [1.0]
    for grad in sequence:
        v = mu * v + (1 - mu) * grad
        x -= lr / (1 - mu) * v
        points.append(x)
    ours = fed(OPTIMIZERS["momentum"], np.ones(1), sequence[:, None], lr=lr, momentum=mu)
    np.testing.assert_allclose(ours[:, 0], points, rtol=1e-13)


@pytest.mark.parametrize("key", ["momentum", "nesterov"])
def test_without_momentum_it_is_gradient_descent(key):
    sequence = np.array([[3.0], [4.0], [-1.0]])
    ours = fed(OPTIMIZERS[key], np.ones(1), sequence, lr=0.1, momentum=0.0)
    assert np.array_equal(ours, fed(OPTIMIZERS["gradient_descent"], np.ones(1), sequence, lr=0.1))
