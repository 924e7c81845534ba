"""Thinning keeps every spike, end and gap; smoothing is its formula."""

import numpy as np
import pytest

from core.logs import exponential_average, thin_points
from core.logs.drawing import exponential_averages

RANDOM = np.random.default_rng(5)


def curves():
    for count in (2001, 2999, 5000, 20_000, 200_001):
        yield np.cumsum(RANDOM.normal(size=count))
        spiked = np.zeros(count)
        spiked[RANDOM.choice(count, 300, replace=False)] = RANDOM.normal(0, 100, 300)
        yield spiked
        holed = RANDOM.normal(size=count)
        holed[RANDOM.random(count) < 0.3] = np.nan
        holed[RANDOM.choice(count, 5)] = np.inf
        holed[RANDOM.choice(count, 5)] = -np.inf
        yield holed
        yield np.full(count, np.nan)
        yield np.where(np.arange(count) < count // 2, np.exp(-np.arange(count) / count), np.nan)


@pytest.mark.parametrize("y", list(curves()), ids=len)
@pytest.mark.parametrize("most", [8, 100, 2000])
def test_what_thinning_keeps(y, most):
    before, x = y.copy(), np.cumsum(RANDOM.random(len(y)) + 0.1)
    thin_x, thin_y = thin_points(x, y, most)
    np.testing.assert_array_equal(y, before)
    at = np.searchsorted(x, thin_x)
    np.testing.assert_array_equal(x[at], thin_x)  # the points are points of the curve, in order
    np.testing.assert_array_equal(y[at], thin_y)
    assert len(at) <= most
    assert (np.diff(at) > 0).all()
    assert (at[0], at[-1]) == (0, len(y) - 1)
    finite = np.isfinite(y)
    if finite.any():
        assert (np.nanmin(thin_y[np.isfinite(thin_y)]), np.nanmax(thin_y[np.isfinite(thin_y)])) == (
            y[finite].min(),
            y[finite].max(),
        )
    for kind in (np.isnan, np.isposinf, np.isneginf):
        assert kind(thin_y).any() == kind(y).any()
    if (~finite).any():  # the epoch at which a run diverged
        assert np.argmax(~finite) in at


def test_each_stretch_keeps_its_own_extremes():
    y = RANDOM.normal(size=10_000)
    kept = set(thin_points(np.arange(10_000.0), y, 202)[1].tolist())
    for part in y.reshape(100, 100):
        assert {part.min(), part.max()} <= kept


def test_a_single_point_out_of_many_is_kept_wherever_it_is():
    for at in (1, 777, 50_000, 199_998):
        for value in (50.0, -50.0, np.nan, np.inf):
            y = np.sin(np.arange(200_000) / 1e4)
            y[at] = value
            x, thin = thin_points(np.arange(200_000.0), y)
            assert at in x
            assert np.array_equal(thin[x == at], [value], equal_nan=True)


@pytest.mark.parametrize("count", [0, 1, 2, 1999, 2000])
def test_a_short_curve_stays_whole(count):
    y = RANDOM.normal(size=count)
    x, thin = thin_points(np.arange(float(count)), y)
    np.testing.assert_array_equal(thin, y)
    assert len(x) == count


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.zeros(3), np.zeros(4)), r"x and y must have one shape"),
        ((np.zeros((3, 2)), np.zeros((3, 2))), r"x and y must have one shape"),
        ((np.zeros(3), np.zeros(3), 7), r"most must be at least 8, got 7"),
    ],
)
def test_misuse_of_thinning(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        thin_points(*arguments)


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9, 0.999])
def test_smoothing_is_its_formula(weight):
    """As TensorBoard draws it: an average that starts at 0, divided by 1 - weight^t."""
    values = RANDOM.normal(3, 2, 500)
    t = np.arange(500)
    weights = np.tril(np.where(t[:, None] >= t, weight ** np.maximum(t[:, None] - t, 0), 0.0))
    expected = ((1 - weight) * weights @ values) / (1 - weight ** (t + 1))
    np.testing.assert_allclose(exponential_average(values, weight), expected, rtol=1e-12)


def test_limits_of_smoothing():
    values = RANDOM.normal(size=100)
    np.testing.assert_array_equal(exponential_average(values, 0.0), values)
    np.testing.assert_allclose(exponential_average(np.full(50, 0.1), 0.97), 0.1, rtol=1e-14)
    np.testing.assert_allclose(exponential_average(values, 1 - 1e-9)[-1], values.mean(), rtol=1e-6)
    assert exponential_average(values, 0.9)[0] == values[0]
    assert len(exponential_average(np.empty(0), 0.5)) == 0
    np.testing.assert_allclose(
        exponential_average(np.array([1e308, -1e308, 1e308]), 0.5), [1e308, -1e308 / 3, 1e308 * (3 / 7)]
    )


def test_smoothing_goes_on_after_what_is_no_number():
    values = np.array([1.0, np.nan, 3.0, np.inf, -np.inf, 5.0])
    result = exponential_average(values, 0.6)
    np.testing.assert_array_equal(result[[1, 3, 4]], [np.nan, np.inf, -np.inf])
    np.testing.assert_allclose(result[[0, 2, 5]], exponential_average(np.array([1.0, 3.0, 5.0]), 0.6), rtol=1e-14)


@pytest.mark.parametrize("weight", [-0.1, 1.0, 1.5, np.nan])
def test_misuse_of_smoothing(weight):
    with pytest.raises(ValueError, match=r"^weight must be at least 0 and less than 1, got "):
        exponential_average(np.zeros(3), weight)


@pytest.mark.parametrize("lost", [[], [0, 1, 40, 41, 42, 99], range(100)])
def test_all_weights_at_once_are_each_weight_alone(lost):
    values = RANDOM.normal(3, 2, 100)
    values[list(lost)] = RANDOM.choice([np.nan, np.inf, -np.inf], len(lost))
    weights, kept = np.array([0.0, 0.5, 0.99]), np.array([0, 1, 2, 30, 41, 43, 98, 99])
    each = [exponential_average(values, weight)[kept] for weight in weights]
    np.testing.assert_allclose(exponential_averages(values, weights, kept), each, rtol=1e-12)
