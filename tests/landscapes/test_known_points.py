"""What the records say of their points is so, and so is what the literature says of the functions."""

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, grid
from tests.landscapes.cases import declared, inside, name_of, settings, span, typical_slope

POINTS = [
    (landscape, params, point, kind)
    for landscape in LANDSCAPES.values()
    for params in settings(landscape)
    for point, kind in declared(landscape)
]
MINIMA = [(landscape, point) for landscape in LANDSCAPES.values() for point in landscape.minima]

each_point = pytest.mark.parametrize(("landscape", "params", "point", "kind"), POINTS, ids=name_of)

each = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
with_minima = pytest.mark.parametrize("landscape", [one for one in LANDSCAPES.values() if one.minima], ids=str)


def around(landscape, point, size):
    """A ring of points, `size` of the window away."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    return point + size * span(landscape) * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


@each_point
@pytest.mark.parametrize("size", [1e-4, 1e-3, 5e-3])
def test_the_heights_around_are_as_the_kind_says(landscape, params, point, kind, size):
    rise = landscape.value(around(landscape, point, size), **params) - landscape.value(point, **params)
    if kind == MINIMUM:
        assert (rise > 0).all()
    elif kind == MAXIMUM:
        assert (rise < 0).all()
    else:
        assert (rise > 0).any()
        assert (rise < 0).any()


@each_point
def test_the_slope_is_zero(landscape, params, point, kind):  # noqa: ARG001
    slope = np.linalg.norm(landscape.grad(point, **params))
    assert slope <= 1e-9 * typical_slope(landscape, **params)


@each_point
def test_the_curvatures_have_the_signs_of_the_kind(landscape, params, point, kind):
    hessian = landscape.hessian(point, **params)
    if point in landscape.degenerate:
        assert np.isnan(hessian).any() or np.abs(np.linalg.eigvalsh(hessian)).min() == 0
        return
    least, most = np.linalg.eigvalsh(hessian)
    small = 1e-6 * max(abs(least), abs(most))
    expected = {MINIMUM: (1, 1), SADDLE: (-1, 1), MAXIMUM: (-1, -1)}[kind]
    assert (np.sign(least), np.sign(most)) == expected
    assert min(abs(least), abs(most)) > small


@each
def test_minima_are_as_deep_as_the_literature_says(landscape):
    assert len(landscape.minimum_values) == len(landscape.minima)
    values = [landscape.value(point) for point in landscape.minima]
    assert values == pytest.approx(landscape.minimum_values, rel=1e-13, abs=1e-14)


@with_minima
def test_nowhere_in_the_window_is_lower_than_the_deepest(landscape):
    deepest = landscape.value(landscape.minima).min()
    points = grid(landscape, 301)[2]
    if landscape.bounds:
        low, high = np.transpose(landscape.bounds)
        outside = (points < low).any(axis=-1) | (points > high).any(axis=-1)
        assert landscape.value(points[outside]).min() < deepest, "else its bounds are not needed"
        points = points[~outside]
    assert landscape.value(points).min() >= deepest - 1e-14


@pytest.mark.parametrize("condition", [1.0, 2.0, 20.0, 100.0, 1e4])
def test_a_ravine_has_the_condition_number_of_its_name(condition):
    ravine = LANDSCAPES["ravine"]
    for point in ([0.0, 0.0], [2.0, -1.0]):
        assert np.linalg.cond(ravine.hessian(point, condition=condition)) == pytest.approx(condition, rel=1e-14)


def test_the_sharp_hole_is_as_deep_as_the_wide_one_and_many_times_as_sharp():
    landscape = LANDSCAPES["sharp_and_flat"]
    sharp, wide = landscape.minima
    assert landscape.value(sharp) == landscape.value(wide) == 0.0
    assert np.linalg.eigvalsh(landscape.hessian(sharp)).min() >= 10 * np.linalg.eigvalsh(landscape.hessian(wide)).max()


@each
def test_values_elsewhere_are_those_of_the_definition(landscape):
    assert set(landscape.known_values) - set(landscape.minima), "a value by hand away from the minima"
    for point, value in landscape.known_values.items():
        assert landscape.value(point) == pytest.approx(value, rel=1e-13, abs=1e-14)


# The sentences under the pictures.


def test_a_bowl_points_straight_at_its_minimum():
    points = inside(LANDSCAPES["bowl"], 50)
    slope = LANDSCAPES["bowl"].grad(points)
    assert slope / np.linalg.norm(slope, axis=-1, keepdims=True) == pytest.approx(
        points / np.linalg.norm(points, axis=-1, keepdims=True), abs=1e-14
    )


def test_booth_is_convex_and_its_slope_points_at_the_minimum_on_its_axes_alone():
    booth = LANDSCAPES["booth"]
    hessian = booth.hessian([0.0, 0.0])
    curvatures, axes = np.linalg.eigh(hessian)
    assert curvatures.min() > 0
    assert booth.hessian(inside(booth, 50)) == pytest.approx(np.broadcast_to(hessian, (50, 2, 2)))

    def turned(offset):
        slope = booth.grad(booth.minima[0] + offset)
        return abs(offset[0] * slope[1] - offset[1] * slope[0]) / np.linalg.norm(offset) / np.linalg.norm(slope)

    assert all(turned(2 * axis) < 1e-12 for axis in axes.T)
    assert turned(np.array([2.0, 0.0])) > 0.1


def test_matyas_is_25_times_as_steep_across_as_along():
    assert np.linalg.cond(LANDSCAPES["matyas"].hessian([0.0, 0.0])) == pytest.approx(25, rel=1e-13)


def test_the_plateau_is_nearly_level_three_steps_away():
    plateau = LANDSCAPES["plateau"]
    steepest = np.linalg.norm(plateau.grad(grid(plateau, 201)[2]), axis=-1).max()
    assert steepest == pytest.approx(np.exp(-0.5), rel=1e-3)
    assert np.linalg.norm(plateau.grad([[3.0, 0.0], [0.0, -3.0]]), axis=-1).max() < 0.06 * steepest


def test_a_monkey_saddle_has_three_ways_down_and_three_up():
    angle = (np.arange(360) + 0.5) * np.pi / 180
    height = LANDSCAPES["monkey_saddle"].value(np.stack([np.cos(angle), np.sin(angle)], axis=-1))
    assert np.sum(np.diff(np.sign(height), append=np.sign(height[0])) > 0) == 3
    assert np.sum(np.diff(np.sign(height), append=np.sign(height[0])) < 0) == 3


def test_three_of_four_descents_on_styblinski_tang_end_too_high():
    values = LANDSCAPES["styblinski_tang"].value(LANDSCAPES["styblinski_tang"].minima)
    assert np.sum(values == values.min()) == 1
    assert len(values) == 4


def test_the_camels_are_the_same_seen_from_either_side():
    for key in ("six_hump_camel", "three_hump_camel"):
        points = inside(LANDSCAPES[key], 50)
        assert LANDSCAPES[key].value(-points) == pytest.approx(LANDSCAPES[key].value(points), rel=1e-14, abs=1e-15)


def test_each_floor_of_mccormick_lies_one_step_of_pi_higher():
    mccormick = LANDSCAPES["mccormick"]
    points = inside(mccormick, 50)
    assert mccormick.value(points + np.pi) - mccormick.value(points) == pytest.approx(np.full(50, np.pi), abs=1e-12)


def test_the_walls_of_goldstein_price_are_higher_than_400_000():
    highest = LANDSCAPES["goldstein_price"].value(grid(LANDSCAPES["goldstein_price"], 101)[2]).max()
    assert 4e5 < highest < 5e5


def test_at_ackleys_tip_the_slope_jumps():
    ackley = LANDSCAPES["ackley"]
    left, right = ackley.grad([[-1e-9, 0.0], [1e-9, 0.0]])[:, 0]
    assert (left, right) == pytest.approx((-4 / np.sqrt(2), 4 / np.sqrt(2)), rel=1e-6)  # 20 * 0.2 r / sqrt 2
    assert np.array_equal(ackley.grad([0.0, 0.0]), [0.0, 0.0])
    assert np.isnan(ackley.hessian([0.0, 0.0])).any()
