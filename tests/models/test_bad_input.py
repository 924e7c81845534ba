"""Errors name the argument, what is needed and what was given."""

import numpy as np
import pytest

from core.losses import LOSSES
from core.models import fit_constant, fit_line

HUBER = LOSSES["huber"]
NAN = float("nan")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, NAN],), r"target must be finite, got nan at \[1\] \(huber\)"),
        (([1.0, np.inf],), r"target must be finite, got inf at \[1\]"),
        (([],), r"target must hold at least one point on its last axis, got shape \(0,\)"),
        ((3.0,), r"target must hold at least one point on its last axis, got shape \(\)"),
        ((["a", "b"],), "target must be numbers, got"),
        (([1.0, 2.0], [1.0, -1.0]), r"weights must be at least 0, got -1 at \[1\] \(huber\)"),
        (([1.0, 2.0], [1.0, NAN]), r"weights must be at least 0, got nan at \[1\]"),
        (([1.0, 2.0], 0.0), r"weights must have one above 0 in each problem, got none \(huber\)"),
        (([1.0, 2.0], [[1.0, 0.0], [0.0, 0.0]]), r"one above 0 in each problem, got none at \[1\]"),
        (([1.0, 2.0], [1.0, 1.0, 1.0]), r"must broadcast, got target \(2,\), weights \(3,\), delta \(\)"),
        (([[1.0], [2.0]], [1.0, 1.0, 1.0]), r"must hold the same points, got target \(2, 1\), weights \(3,\)"),
    ],
)
def test_a_constant_needs_points(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_constant(HUBER, *arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, NAN], [1.0, 2.0]), r"x must be finite, got nan at \[1\] \(huber\)"),
        (([2.0, 2.0], [1.0, 2.0]), r"x must hold 2 different values of positive weight, got fewer \(huber\)"),
        (([1.0, 2.0, 2.0], [1.0, 2.0, 3.0], [[1, 1, 1], [0, 1, 1]]), r"2 different values .* got fewer at \[1\]"),
        (([1.0, 2.0], [1.0, 2.0], [0.0, 0.0]), "x must hold 2 different values of positive weight"),
        (([1.0, 2.0], [1.0, 2.0, 3.0]), r"must broadcast, got target \(3,\), weights \(1,\), x \(2,\)"),
        (([1.0, 2.0], [1.0]), r"must hold the same points, got target \(1,\), weights \(1,\), x \(2,\)"),
        (([1.0, 2.0], [1.0, 2.0], [1.0, 1.0, 1.0]), r"x and weights must broadcast, got \(2,\) and \(3,\)"),
        ((5.0, [1.0]), "x must hold 2 different values"),
    ],
)
def test_a_line_needs_points_at_two_places(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_line(HUBER, *arguments)


def test_parameters_are_checked():
    with pytest.raises(ValueError, match=r"delta must be greater than 0, got -3 \(huber\)"):
        fit_constant(HUBER, [1.0, 2.0], delta=-3)
    with pytest.raises(ValueError, match=r"delta must be greater than 0, got 0 at \[1\] \(huber\)"):
        fit_line(HUBER, [1.0, 2.0], [1.0, 2.0], delta=[1.0, 0.0])
    with pytest.raises(TypeError, match="huber has no parameter 'tau'; it takes delta"):
        fit_constant(HUBER, [1.0, 2.0], tau=0.5)
    with pytest.raises(ValueError, match="must broadcast"):
        fit_constant(HUBER, [[1.0, 2.0]] * 3, delta=[1.0, 2.0])


def test_a_target_outside_the_domain_of_its_loss_is_refused():
    with pytest.raises(ValueError, match=r"target must be finite and not 0, got 0 at \[1\]"):
        fit_constant(LOSSES["absolute_percentage_error"], [1.0, 0.0])
