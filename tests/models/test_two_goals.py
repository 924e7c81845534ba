"""Two goals in one loss: the best constant of each weight, the front of compromises, and what no weight reaches."""

import numpy as np
import pytest

from core.expression import ExpressionError
from core.models.two_goals import GoalFront, goal_weight, lower_hull, two_goals

SAMPLE = np.array([1.0, 2.0, 2.5, 4.0, 9.0])
WEIGHTS = np.array([0.01, 0.3, 0.7, 0.99])
HERE = np.zeros(len(WEIGHTS), dtype=int)


def front_of(formula, sample=SAMPLE, **params):
    return GoalFront(two_goals(formula), sample, {name: np.array([value]) for name, value in params.items()}, 1)


def test_between_the_squared_error_of_two_values_the_best_constant_is_their_weighted_mean():
    found, (first, second) = front_of("w (p - 2)^2 + (1 - w) (p - 5)^2").best(WEIGHTS, HERE)
    np.testing.assert_allclose(found, 2 * WEIGHTS + 5 * (1 - WEIGHTS), atol=1e-6)
    np.testing.assert_allclose(first, (found - 2) ** 2, atol=1e-6)
    np.testing.assert_allclose(second, (found - 5) ** 2, atol=1e-6)


def test_at_its_ends_a_weight_asks_for_one_goal_alone():
    found, _ = front_of("w r^2 + (1 - w) |r|").best(np.array([1.0, 0.0]), HERE[:2])
    np.testing.assert_allclose(found, [SAMPLE.mean(), np.median(SAMPLE)], atol=1e-6)


def test_another_parameter_has_its_value_in_each_run():
    loss = two_goals("w c (p - 2)^2 + (1 - w) (p - 5)^2")
    front = GoalFront(loss, SAMPLE, {"c": np.array([1.0, 3.0])}, 2)
    found, _ = front.best(np.full(2, 0.5), np.arange(2))
    np.testing.assert_allclose(found, [3.5, (3 * 2 + 5) / 4], atol=1e-6)


@pytest.mark.parametrize(
    "formula", ["w r^2 + (1 - w) |r|", "w min(r^2, 4) + (1 - w) (p - 8)^2", "w |r|^3 + (1 - w) |p|"]
)
def test_no_constant_costs_less_than_the_best_and_none_is_better_than_a_compromise_in_both_goals(formula):
    front = front_of(formula)
    first, second = front.grid[:, 0]
    _, costs = front.best(WEIGHTS, HERE)
    totals = WEIGHTS[:, None] * first + (1 - WEIGHTS[:, None]) * second
    assert np.all(WEIGHTS * costs[0] + (1 - WEIGHTS) * costs[1] <= totals.min(axis=1) + 1e-9)
    for at in range(len(first)):
        better = (first <= first[at]) & (second <= second[at]) & ((first < first[at]) | (second < second[at]))
        assert front.is_compromise[0, at] == (not better.any()) or np.isclose(first, first[at]).sum() > 1


def test_a_front_that_is_convex_is_reached_and_one_that_curves_away_is_not():
    convex = front_of("w (p - 2)^2 + (1 - w) (p - 5)^2")
    assert np.array_equal(convex.is_reached, convex.is_compromise)
    curved = front_of("w sqrt(|p - 2|) + (1 - w) sqrt(|p - 5|)")
    between = (curved.constants > 2.1) & (curved.constants < 4.9)
    assert curved.is_compromise[0, between].all()
    assert not curved.is_reached[0, between].any()
    found, _ = curved.best(WEIGHTS, HERE)
    np.testing.assert_allclose(found, [5, 5, 2, 2], atol=1e-5)  # one goal or the other


def test_the_weight_is_the_parameter_with_which_the_loss_is_linear_from_one_goal_to_the_other():
    assert goal_weight(two_goals("λ r^2 + (1 - w) |r| + w p^2")).name == "w"
    assert goal_weight(two_goals("max(τ r, (τ - 1) r)")).name == "tau"  # too low against too high
    for formula in ("r^2", "c r^2", "w^2 r^2 + (1 - w) |r|", "where(r > 0, 1 - a, a)^2 r^2"):
        with pytest.raises(ExpressionError, match="it does not weigh two goals"):
            two_goals(formula)


def test_lower_hull():
    x = np.arange(5.0)
    assert lower_hull(x, (x - 2) ** 2) == [0, 1, 2, 3, 4]
    assert lower_hull(x, -((x - 2) ** 2)) == [0, 4]
