"""From points to the columns of a basis."""

import numpy as np
import pytest

from core.models.classifier import Features, fit_classifier
from core.models.objectives import OBJECTIVES

POINTS = np.random.default_rng(0).normal(size=(50, 2)) * [1e4, 1e-3] + [-7e5, 3.0]


def test_columns_are_those_of_the_standardised_points():
    basis = Features.of(POINTS, "quadratic").basis(POINTS)
    one, u, v, uu, uv, vv = basis.T
    assert (one == 1).all()
    np.testing.assert_allclose([u.mean(), v.mean()], 0, atol=1e-11)
    np.testing.assert_allclose([u.std(), v.std()], 1, rtol=1e-12)
    np.testing.assert_array_equal([uu, uv, vv], [u * u, u * v, v * v])
    np.testing.assert_allclose(u, (POINTS[:, 0] - POINTS[:, 0].mean()) / POINTS[:, 0].std(), rtol=1e-12)
    np.testing.assert_array_equal(Features.of(POINTS).basis(POINTS), basis[:, :3])


def test_other_points_are_seen_as_the_first_ones_were():
    features = Features.of(POINTS, "quadratic")
    grid = POINTS[:12].reshape(3, 4, 2)
    np.testing.assert_array_equal(features.basis(grid), features.basis(POINTS)[:12].reshape(3, 4, 6))
    assert features.basis(features.centre).tolist() == [1, 0, 0, 0, 0, 0]
    np.testing.assert_allclose(features.basis(features.centre + 2 * features.spread), [1, 2, 2, 4, 4, 4], rtol=1e-9)


def test_a_column_that_does_not_change_is_zero():
    """0.1 three times has a mean that is not 0.1 in float64, and a deviation that is not 0."""
    points = np.stack([np.arange(3.0), np.full(3, 0.1)], axis=-1)
    basis = Features.of(points, "quadratic").basis(points)
    assert not basis[:, [2, 4, 5]].any()
    assert basis[:, 1].any()


def test_units_do_not_matter():
    target = (np.arange(50) % 7 == 0).astype(float)
    fits = [
        fit_classifier(OBJECTIVES["binary_cross_entropy"], Features.of(points).basis(points), target)
        for points in (POINTS, POINTS * [1e-3, 50] + [1, 2])
    ]
    np.testing.assert_allclose(fits[0].weights, fits[1].weights, rtol=1e-9)


@pytest.mark.parametrize(
    ("points", "kind", "message"),
    [
        (POINTS, "cubic", "kind must be one of linear, quadratic, got 'cubic'"),
        ([[1.0, np.nan]], "linear", r"points must be finite, got nan at \[0, 1\]"),
        ([[np.inf, 1.0]], "linear", r"points must be finite, got inf at \[0, 0\]"),
        (np.empty((0, 2)), "linear", r"points must be \[n, 2\] with at least one point, got shape \(0, 2\)"),
        ([1.0, 2.0], "linear", r"points must be \[n, 2\] with at least one point, got shape \(2,\)"),
        ([[1.0], [2.0]], "linear", r"points must be pairs, \[..., 2\], got shape \(2, 1\)"),
        ([["a", "b"]], "linear", "points must be numbers, got"),
    ],
)
def test_what_is_wrong_is_said(points, kind, message):
    with pytest.raises(ValueError, match=message):
        Features.of(points, kind)
