"""The first two steps of every rule from x = 1, as its record works them out by hand from the source's formula."""

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS
from core.optimizers.refined import RAdamState
from tests.optimizers.cases import fed

EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)


@EACH
def test_two_steps(optimizer):
    params, gradients, expected = optimizer.first_steps
    points = fed(optimizer, np.ones(1), np.array(gradients)[:, None], **params)
    np.testing.assert_allclose(points[1:, 0], expected, rtol=1e-14)


@EACH
def test_the_steps_by_hand_would_tell_another_rule(optimizer):
    """Every parameter is given, away from 0 and 1 where it does nothing, and the steps differ from each other."""
    params, gradients, points = optimizer.first_steps
    assert set(params) == set(optimizer.defaults)
    assert not {0.0, 1.0} & {value for name, value in params.items() if name != "eps"}
    assert abs(points[0] - 1) > 1e-3
    assert abs(points[1] - points[0]) > 1e-3
    assert gradients[0] != gradients[1]


def test_a_later_step_of_radam_trusts_its_second_moment_in_part():
    """Step 10 at beta2 = 0.9: rho = 8.2932 of at most 19, so r = 0.49269 (both worked out in 30 digits)."""
    before = RAdamState(9, np.ones(1), np.full(1, 4.0), np.ones(1), np.zeros(()))
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
    for gradient in (1e-3, 1.0, 1e6):
        assert fed(OPTIMIZERS["adam"], np.zeros(1), np.full((1, 1), gradient), lr=0.1)[1, 0] == pytest.approx(
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
