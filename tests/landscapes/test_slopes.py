"""The gradient is the slope of the value, the Hessian that of the gradient; one call for many is many calls."""

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from tests.landscapes.cases import PAIRS, away, central_differences, inside, name_of, settings, span

H = 1e-3  # of the differences, in x and y; the fastest wave of any landscape is 1 long
EACH_SETTING = pytest.mark.parametrize(("landscape", "params"), PAIRS, ids=name_of)
EACH = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
METHODS = ("value", "grad", "hessian")


def assert_slope(given, found):
    """Equal but for what 4th-order differences leave over: a share of the slope, and rounding of the largest one."""
    np.testing.assert_allclose(given, found, rtol=1e-7, atol=1e-8 * np.abs(found).max())


@EACH_SETTING
def test_gradient_and_hessian_are_slopes(landscape, params):
    points = away(landscape, inside(landscape, 300), gap=0.1)
    h = np.full(2, H)
    assert len(points) > 250
    assert_slope(
        landscape.grad(points, **params), central_differences(lambda p: landscape.value(p, **params), points, h)
    )
    assert_slope(
        landscape.hessian(points, **params), central_differences(lambda p: landscape.grad(p, **params), points, h)
    )


@pytest.mark.parametrize("condition", [1e-3, 1e6])
def test_slopes_hold_beyond_the_slider_too(condition):
    ravine = LANDSCAPES["ravine"]
    points, h = inside(ravine, 50), np.full(2, H)
    assert_slope(
        ravine.grad(points, condition=condition),
        central_differences(lambda p: ravine.value(p, condition=condition), points, h),
    )
    assert_slope(
        ravine.hessian(points, condition=condition),
        central_differences(lambda p: ravine.grad(p, condition=condition), points, h),
    )


@EACH_SETTING
def test_hessians_are_symmetric(landscape, params):
    hessian = landscape.hessian(inside(landscape, 100), **params)
    assert np.array_equal(hessian, np.swapaxes(hessian, -1, -2))


@EACH_SETTING
def test_a_batch_is_a_loop(landscape, params):
    points = inside(landscape, 15).reshape(5, 3, 2)
    for method, shape in zip(METHODS, ((), (2,), (2, 2)), strict=True):
        f = getattr(landscape, method)
        batch = f(points, **params)
        assert batch.shape == (5, 3, *shape)
        assert batch.dtype == np.float64
        for place in np.ndindex(5, 3):
            alone = f(points[place], **params)
            assert alone.shape == shape
            np.testing.assert_allclose(batch[place], alone, rtol=1e-13, atol=1e-13 * np.abs(batch).max())


@pytest.mark.parametrize("landscape", [one for one in LANDSCAPES.values() if one.params], ids=str)
def test_parameters_may_be_arrays(landscape):
    points = inside(landscape, 15).reshape(5, 3, 2)
    tried = settings(landscape)
    params = {name: np.array([one[name] for one in tried])[:, None, None] for name in landscape.defaults}
    for method in METHODS:
        f = getattr(landscape, method)
        wide = f(points, **params)
        assert len(wide) == len(tried)
        for row, one in zip(wide, tried, strict=True):
            np.testing.assert_allclose(row, f(points, **one), rtol=1e-14)
    frames = landscape.sweep(points, tried)
    assert frames.shape == (len(tried), 5, 3)
    np.testing.assert_allclose(frames, landscape.value(points, **params), rtol=1e-14)


def test_one_point_at_many_settings_gives_many_answers():
    ravine, conditions = LANDSCAPES["ravine"], np.array([1.0, 4.0, 9.0])
    assert np.array_equal(ravine.value([1.0, 2.0], condition=conditions), [2.5, 8.5, 18.5])
    assert np.array_equal(ravine.grad([1.0, 2.0], condition=conditions), [[1, 2], [1, 8], [1, 18]])
    assert np.array_equal(
        ravine.hessian([1.0, 2.0], condition=conditions), [[[1, 0], [0, kappa]] for kappa in conditions]
    )


@EACH
def test_a_sweep_without_settings_of_its_own_is_the_value(landscape):
    points = inside(landscape, 6)
    assert np.array_equal(landscape.sweep(points, [landscape.defaults] * 2), [landscape.value(points)] * 2)


@EACH
def test_nothing_given_is_changed(landscape):
    points = inside(landscape, 6)
    params = {param.name: np.array([param.low, param.high])[:, None] for param in landscape.params}
    before = points.copy(), {name: array.copy() for name, array in params.items()}
    points.flags.writeable = False
    answers = [getattr(landscape, method)(points, **params) for method in METHODS]
    answers.append(landscape.sweep(points, [landscape.defaults]))
    assert not any(np.shares_memory(answer, points) for answer in answers)
    for answer in answers:
        answer += 1.0  # an answer is the caller's own
    assert np.array_equal(points, before[0])
    assert all(np.array_equal(params[name], before[1][name]) for name in params)


@EACH
def test_whole_numbers_lists_and_short_floats_are_points_too(landscape):
    place = np.round(np.mean(landscape.window, axis=1) + 0.2 * span(landscape))
    for method in METHODS:
        f = getattr(landscape, method)
        expected = f(place)
        for given in (place.astype(int), place.astype(int).tolist(), tuple(place), place.astype(np.float32)):
            assert np.array_equal(f(given), expected)
            assert f(given).dtype == np.float64
