"""An error says which argument, what is allowed, and what was given; points without a height get none."""

import re

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from tests.landscapes.cases import inside

EACH = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
METHODS = ("value", "grad", "hessian")
NAN = float("nan")


def every(landscape):
    return [getattr(landscape, method) for method in METHODS]


@EACH
@pytest.mark.parametrize(
    ("points", "shape_text"),
    [(3.0, "()"), ([1.0, 2.0, 3.0], "(3,)"), (np.ones((2, 1)), "(2, 1)"), (np.ones(0), "(0,)")],
)
def test_points_have_an_x_and_a_y(landscape, points, shape_text):
    message = f"points must hold x and y on their last axis, got shape {shape_text} ({landscape.key})"
    for f in every(landscape):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            f(points)


@EACH
@pytest.mark.parametrize("points", [None, "ab", ["1", "2"], [None, 1.0], 1 + 2j, [1j, 2j], {1: 2}])
def test_points_are_numbers(landscape, points):
    message = f"points must be numbers, got {points!r:.80} ({landscape.key})"
    for f in every(landscape):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            f(points)


@EACH
def test_rows_of_different_lengths_are_no_points(landscape):
    for f in every(landscape):
        with pytest.raises(ValueError, match="inhomogeneous"):
            f([[1.0, 2.0], [3.0]])


@EACH
def test_an_unknown_parameter_is_named(landscape):
    known = ", ".join(landscape.defaults) or "none"
    for f in every(landscape):
        with pytest.raises(TypeError, match=f"^{landscape} has no parameter 'size'; it takes {known}$"):
            f([0.0, 0.0], size=1.0)


@pytest.mark.parametrize("given", [0.0, -1.0, NAN, np.inf, [1.0, 0.0], None])
def test_a_parameter_outside_its_domain_is_named(given):
    for f in every(LANDSCAPES["ravine"]):
        with pytest.raises(ValueError, match=r"^condition must be (greater than 0|numbers), got .*\(ravine\)$"):
            f([0.0, 0.0], condition=given)


@EACH
def test_every_edge_of_every_domain_is_guarded(landscape):
    for param in landscape.params:
        for end, step in ((param.domain.low, -1e-9), (param.domain.high, 1e-9)):
            if np.isfinite(end):
                for f in every(landscape):
                    with pytest.raises(ValueError, match=f"^{param.name} must be .* \\({landscape}\\)$"):
                        f([0.0, 0.0], **{param.name: end + step})


def test_a_parameter_that_does_not_broadcast_is_named():
    for f in every(LANDSCAPES["ravine"]):
        with pytest.raises(ValueError, match=r"^condition must broadcast with the points, got \(2,\) and \(3,\)"):
            f(np.ones((3, 2)), condition=[1.0, 2.0])


@EACH
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_no_points_have_no_heights(landscape, shape):
    points = np.empty((*shape, 2))
    assert landscape.value(points).shape == shape
    assert landscape.grad(points).shape == (*shape, 2)
    assert landscape.hessian(points).shape == (*shape, 2, 2)
    assert landscape.sweep(points, [landscape.defaults] * 3).shape == (3, *shape)


@EACH
@pytest.mark.parametrize("size", [1e160, 1e200, 1.7e308, np.inf])
def test_heights_beyond_float64_are_not_clipped_and_no_accident(landscape, size):
    points = np.array([[size, size], [-size, size], [size, -size], [-size, -size], [size, 0.0], [0.0, size]])
    with np.errstate(all="raise", under="ignore"):
        value, slope, hessian = (f(points) for f in every(landscape))
    flat_far_out = {"plateau", "ackley", "sharp_and_flat"}  # far out; these have a height even there
    assert landscape.key in flat_far_out or not np.isfinite(value).all()
    assert (value.shape, slope.shape, hessian.shape) == ((6,), (6, 2), (6, 2, 2))


@EACH
def test_where_a_coordinate_is_missing_so_is_the_height(landscape):
    points = inside(landscape, 4)
    points[1], points[2, 0], points[3, 1] = NAN, NAN, NAN
    with np.errstate(all="raise", under="ignore"):
        value, slope, _ = (f(points) for f in every(landscape))
    assert np.isnan(value).tolist() == [False, True, True, True]
    assert np.isnan(slope).any(axis=-1).tolist() == [False, True, True, True]
    assert np.isnan(slope[1]).all()
