"""The shared iteration: what it yields, when it asks for a gradient, and how a caller may stop it."""

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS, iterate, with_weight_decay
from tests.optimizers.cases import fed, gradients

EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)


@EACH
def test_points_and_states_are_those_of_the_rule_step_by_step(optimizer):
    sequence, rates = gradients(9, (4, 2)), np.array([0.001, 0.01, 0.1, 1.0])
    start = np.ones((4, 2))
    pairs = list(iterate(optimizer, start, lambda number, _: sequence[number], 9, lr=rates))
    points, state = fed(optimizer, start, sequence, lr=rates), optimizer.init(start)
    np.testing.assert_allclose([x for x, _ in pairs], points, rtol=1e-12, atol=1e-13)
    for x, grad, (_, made) in zip(points, sequence, pairs[1:], strict=False):
        _, state = optimizer.step(x, grad, state, lr=rates)
        for found, wanted in zip(made, state, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-300)


def test_the_gradient_is_computed_once_a_step_at_the_current_point():
    asked = []

    def gradient(number, x):
        asked.append((number, x.item()))
        return 2 * x

    points = [x.item() for x, _ in iterate(OPTIMIZERS["gradient_descent"], np.array([8.0]), gradient, 3, lr=0.25)]
    assert points == [8.0, 4.0, 2.0, 1.0]
    assert asked == [(0, 8.0), (1, 4.0), (2, 2.0)]


def test_a_step_is_computed_only_when_it_is_needed():
    asked = []
    pairs = iterate(OPTIMIZERS["adam"], np.ones(2), lambda number, x: asked.append(number) or x, 100)
    next(pairs)
    assert asked == []
    next(pairs)
    assert asked == [0]
    pairs.close()
    assert asked == [0]


def test_no_steps_are_the_start_alone():
    start = np.array([1.0, 2.0])
    ((point, state),) = iterate(OPTIMIZERS["momentum"], start, lambda *_: pytest.fail("no gradient is needed"), 0)
    assert point is start
    assert state.v.tolist() == [0.0, 0.0]


def test_wrapped_rules_iterate_too_and_wrong_parameters_are_named():
    decayed = with_weight_decay(OPTIMIZERS["gradient_descent"], 0.5)
    *_, (point, _) = iterate(decayed, np.array([1.0]), lambda _, x: np.zeros_like(x), 2, lr=1.0)
    assert point.tolist() == [0.25]
    with pytest.raises(TypeError, match="rate"):
        next(iterate(decayed, np.array([1.0]), lambda _, x: x, 2, rate=1.0))
