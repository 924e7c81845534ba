"""The finder finds what is known to be there, calls it what it is, and invents nothing."""

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.optimize import brentq

from core.datasets import CLASS_DATASETS
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.critical import (
    MAXIMUM,
    MINIMUM,
    SADDLE,
    CriticalPoints,
    convex_minima,
    distinct_indices,
    eigen,
    grid,
)
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import SEED
from core.losses import LOSSES
from core.models import fit_line
from tests.datasets.cases import parted
from tests.landscapes.cases import FITS, PAIRS, declared, found, model_of, name_of, span

EACH = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)
CONVEX = [(loss, model) for loss, model in FITS if loss.convex]

COUNTS = {  # minima, saddles, maxima in the window
    "bowl": (1, 0, 0),
    "ravine": (1, 0, 0),
    "booth": (1, 0, 0),
    "matyas": (1, 0, 0),
    "saddle": (0, 1, 0),
    "monkey_saddle": (0, 1, 0),
    "plateau": (1, 0, 0),
    "rosenbrock": (1, 0, 0),
    "beale": (1, 2, 0),
    "himmelblau": (4, 4, 1),
    "styblinski_tang": (4, 4, 1),
    "three_hump_camel": (3, 2, 0),
    "six_hump_camel": (6, 7, 2),
    "mccormick": (2, 2, 0),
    "goldstein_price": (4, 4, 1),
    "sharp_and_flat": (2, 1, 0),
}

# What a landscape that is made for a test says of itself.
ABOUT = {field: getattr(LANDSCAPES["bowl"], field) for field in ("name", "template", "window", "about", "source")}


def counts(critical: CriticalPoints) -> tuple[int, ...]:
    kinds = Counter(critical.kind.tolist())
    return tuple(kinds[kind] for kind in (MINIMUM, SADDLE, MAXIMUM))


def assert_same(one: CriticalPoints, other: CriticalPoints, ignoring: tuple[str, ...] = ()):
    for field in fields(CriticalPoints):
        if field.name not in ignoring:
            ours, theirs = getattr(one, field.name), getattr(other, field.name)
            if field.name == "kind":
                assert np.array_equal(ours, theirs)
            else:
                np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("landscape", "params"), PAIRS, ids=name_of)
@pytest.mark.parametrize("size", [61, 101])
def test_every_declared_point_is_found(landscape, params, size):
    critical = found(landscape, params, size=size)
    for point, kind in declared(landscape):
        distance = np.linalg.norm((critical.points - point) / span(landscape), axis=1)
        assert distance.min() < 1e-6
        assert critical.kind[distance.argmin()] == kind
        assert np.sum(distance < 1e-3) == 1


@EACH
@pytest.mark.parametrize("shift", [(0.004, 0.007), (-0.011, 0.003), (0.0061, -0.0097)], ids=str)
def test_every_declared_point_is_found_wherever_the_grid_falls(landscape, shift):
    """Not only where a line of the grid goes through it, as through the middle of a window with an odd grid."""
    moved = np.array(landscape.window) + (shift * span(landscape))[:, None]
    critical = found(replace(landscape, window=tuple(map(tuple, moved.tolist()))), size=61)
    for point, kind in declared(landscape):
        distance = np.linalg.norm((critical.points - point) / span(landscape), axis=1)
        assert distance.min() < 1e-6
        assert critical.kind[distance.argmin()] == kind


@pytest.mark.parametrize("degrees", [0, 15, 30, 45, 60, 75, 90])
@pytest.mark.parametrize("along", [-1.0, -0.1, 0.1, 1.0])
def test_a_point_is_found_whichever_way_it_lies(degrees, along):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    for x0, y0 in np.random.default_rng(degrees).uniform(-2.5, 2.5, size=(5, 2)):
        quadratic = Landscape.of(
            lambda x, y, x0=x0, y0=y0: (c * (x - x0) + s * (y - y0)) ** 2 + along * (c * (y - y0) - s * (x - x0)) ** 2,
            **ABOUT,
        )
        critical = found(quadratic, size=61)
        assert len(critical) == 1
        assert critical.points[0] == pytest.approx([x0, y0], abs=1e-9)
        assert critical.kind[0] == (MINIMUM if along > 0 else SADDLE)
        assert critical.eigenvalues[0] == pytest.approx(sorted([2 * along, 2.0]), rel=1e-9)


@pytest.mark.parametrize("key", COUNTS)
def test_there_are_as_many_as_is_known(key):
    assert counts(found(LANDSCAPES[key])) == COUNTS[key]


def test_all_that_rastrigin_has_are_found():
    """It is a sum over x and y: its critical points are pairs of those of one sum, counted by their signs changing."""

    def slope(x):
        return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)

    rastrigin = LANDSCAPES["rastrigin"]
    (low, high), _ = rastrigin.window
    ends = np.linspace(low, high, 1000)  # an even number: 0 itself is not among them
    changes = np.flatnonzero(np.diff(np.sign(slope(ends))))
    roots = np.array([brentq(slope, ends[i], ends[i + 1], xtol=1e-14) for i in changes])
    up = 2 + 40 * np.pi**2 * np.cos(2 * np.pi * roots) > 0
    critical = found(rastrigin)
    assert counts(critical) == (up.sum() ** 2, 2 * up.sum() * (~up).sum(), (~up).sum() ** 2)
    expected = np.stack(np.meshgrid(roots, roots), axis=-1).reshape(-1, 2)
    nearest = np.linalg.norm(critical.points[:, None] - expected, axis=-1).min(axis=0)
    assert nearest.max() < 1e-8


def test_ackleys_tip_is_a_minimum_without_curvatures_and_the_only_one():
    critical = found(LANDSCAPES["ackley"])
    kinks = np.isnan(critical.eigenvalues).any(axis=1)
    assert np.flatnonzero(kinks).tolist() == [0]  # the lowest stands first
    assert np.isnan(critical.eigenvalues[0]).all()
    assert critical.kind[0] == MINIMUM
    assert np.abs(critical.points[0]).max() < 1e-7
    assert critical.values[0] == pytest.approx(0, abs=1e-6)


@EACH
def test_at_each_the_slope_is_zero_and_the_curvatures_decide(landscape):
    critical = found(landscape)
    smooth = ~np.isnan(critical.eigenvalues).any(axis=1)
    points, (least, most) = critical.points[smooth], critical.eigenvalues[smooth].T
    steepest = np.linalg.norm(landscape.grad(grid(landscape, 101)[2]), axis=-1).max()
    assert np.linalg.norm(landscape.grad(points), axis=-1).max() <= 1e-10 * steepest
    assert (least <= most).all()
    decided = np.abs(least * most) > 1e-12 * most.max(initial=0.0) ** 2
    expected = np.where(least > 0, MINIMUM, np.where(most < 0, MAXIMUM, SADDLE))
    assert np.array_equal(critical.kind[smooth][decided], expected[decided])


@EACH
def test_directions_are_those_of_the_curvatures(landscape):
    critical = found(landscape)
    critical = critical.take(np.flatnonzero(~np.isnan(critical.eigenvalues).any(axis=1)))
    hessian = landscape.hessian(critical.points)
    turned = np.einsum("kij,knj->kni", hessian, critical.directions)
    scaled = critical.eigenvalues[..., None] * critical.directions
    np.testing.assert_allclose(turned, scaled, rtol=1e-9, atol=1e-12 * np.abs(hessian).max())
    upright = np.einsum("kni,kmi->knm", critical.directions, critical.directions)
    np.testing.assert_allclose(upright, np.broadcast_to(np.eye(2), upright.shape), atol=1e-14)


@EACH
def test_the_lowest_stands_first_and_all_lie_in_the_window(landscape):
    critical = found(landscape)
    low, high = np.array(landscape.window).T
    assert (np.diff(critical.values) >= 0).all()
    assert np.array_equal(critical.values, landscape.value(critical.points))
    assert ((critical.points >= low) & (critical.points <= high)).all()
    assert (critical.frame == 0).all()
    apart = np.linalg.norm((critical.points[:, None] - critical.points) / span(landscape), axis=-1)
    assert (apart + np.eye(len(critical)) > 1e-3).all()


def test_eigenvalues_are_those_of_linear_algebra():
    matrices = np.random.default_rng(3).normal(size=(200, 2, 2))
    matrices = matrices + np.swapaxes(matrices, -1, -2)
    matrices[:3] = [np.zeros((2, 2)), np.diag([5.0, 5.0]), np.diag([-1.0, 3.0])]
    values, directions = eigen(matrices)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(matrices), atol=1e-14)
    np.testing.assert_allclose(np.einsum("pni,pn,pnj->pij", directions, values, directions), matrices, atol=1e-14)


def test_several_frames_at_once_are_each_frame_alone():
    ravine = LANDSCAPES["ravine"]
    conditions = [{"condition": value} for value in (1.0, 3.0, 20.0, 100.0)]
    together = found(ravine, *conditions)
    assert together.frame.tolist() == [0, 1, 2, 3]
    for number, one in enumerate(conditions):
        own = together.of(number)
        assert_same(own, found(ravine, one), ignoring=("frame",))
        assert own.eigenvalues.tolist() == [[1.0, one["condition"]]]


@pytest.mark.parametrize(("key", "name"), [("huber", "deltas"), ("welsch", "scales"), ("quantile", "shares")])
def test_frames_of_a_fitted_landscape_are_each_frame_alone(key, name):  # noqa: ARG001 (names the case)
    loss = LOSSES[key]
    landscape = fitted_landscape(model_of("made"), loss)
    (param,) = loss.params
    frames = [
        {param.name: value, "outlier": outlier} for value in (param.low, param.default) for outlier in (1.0, 21.0)
    ]
    together = found(landscape, *frames, size=61)
    assert (np.diff(together.frame) >= 0).all()
    for number, one in enumerate(frames):
        assert_same(together.of(number), found(landscape, one, size=61), ignoring=("frame",))


def test_points_that_are_one_are_counted_once():
    frame = np.array([0, 0, 0, 1, 1, 0])
    places = np.array([[0.5, 0.5], [0.50001, 0.5], [0.6, 0.5], [0.5, 0.5], [0.7, 0.7], [0.60001, 0.5]])
    assert distinct_indices(frame, places).tolist() == [0, 2, 3, 4]
    assert distinct_indices(frame[:0], places[:0]).tolist() == []


@pytest.mark.parametrize("slope", [(1.0, 0.0), (0.3, -2.0)])
def test_a_slope_has_no_critical_points(slope):
    plane = Landscape.of(
        lambda x, y: slope[0] * x + slope[1] * y,
        **ABOUT,
    )
    assert len(found(plane)) == 0


def test_a_flat_landscape_has_no_critical_points():
    flat = Landscape.of(
        lambda x, y: 0 * x + 0 * y + 3,
        **ABOUT,
    )
    assert len(found(flat, size=31)) == 0


@pytest.mark.parametrize(("loss", "model"), FITS, ids=name_of)
def test_a_fitted_landscape_is_searched_without_a_warning(loss, model):
    landscape = fitted_landscape(model_of(model), loss)
    with np.errstate(all="raise", under="ignore"):
        critical = found(landscape, size=61)
    assert np.isfinite(critical.points).all()
    assert np.isfinite(critical.values).all()


@pytest.mark.parametrize(("loss", "model"), CONVEX, ids=name_of)
def test_a_convex_landscape_has_minima_alone_and_no_more_than_one(loss, model):
    landscape = fitted_landscape(model_of(model), loss)
    critical = found(landscape, size=61)
    assert set(critical.kind.tolist()) <= {MINIMUM}
    assert len(critical) <= 1
    separable = model in CLASS_DATASETS and parted(CLASS_DATASETS[model].load(SEED))
    if not separable:  # a separable one has no minimum: larger weights are always better
        assert len(critical) == 1, "its minimum is outside of the window"
        assert critical.values[0] <= np.nanmin(landscape.value(grid(landscape, 61)[2]))


@pytest.mark.parametrize("key", ["squared_error", "absolute_error", "huber", "quantile", "epsilon_insensitive"])
@pytest.mark.parametrize("outlier", [1.0, 12.0, 21.0])
def test_the_lowest_of_a_convex_landscape_needs_no_critical_point(key, outlier):
    """By the ellipsoid method alone, as for a frame in which nothing was found."""
    model, loss = model_of("tips"), LOSSES[key]
    landscape = fitted_landscape(model, loss)
    params = {name: np.full(2, value) for name, value in loss.defaults.items()} | {"outlier": np.full(2, outlier)}
    points = convex_minima(landscape, params, 2)
    assert np.array_equal(points[0], points[1])
    u = np.append(model.basis[:, 1], np.full(model.outlier_copies, model.outlier_basis[1]))
    line = fit_line(loss, u, np.append(model.target, np.full(model.outlier_copies, outlier)))
    reached, least = landscape.value(np.stack([points[0], line]), outlier=outlier)
    assert reached == pytest.approx(least, rel=1e-12)


def test_of_no_frames_there_are_no_lowest_points():
    landscape = fitted_landscape(model_of("tips"), LOSSES["squared_error"])
    assert convex_minima(landscape, {"outlier": np.zeros(0)}, 0).shape == (0, 2)
