"""A slice is the network's own loss along two directions, and the directions are what their names promise."""

import tracemalloc
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from core.datasets import SHAPE_DATASETS
from core.landscapes.critical import grid
from core.landscapes.slices import WINDOW, Plane, network_slice, path_plane, random_plane
from core.losses import LOSSES, losses_of
from core.training.network import layers, loss_and_grad, scores
from core.training.trained_network import Recipe, train_network
from tests.landscapes.cases import central_differences, inside

MOONS = SHAPE_DATASETS["moons"].load(3)
ENTROPY = LOSSES["binary_cross_entropy"]
AXES = ("a", "b")
RECIPES = {
    "shallow": Recipe(sizes=(2, 16, 1), epochs=60),
    "usual": Recipe(epochs=150),
    "deep": Recipe(sizes=(2, 8, 8, 8, 1), epochs=60, batch=32, seed=3),
    "linear": Recipe(sizes=(2, 1), epochs=60),
}
METHODS = ("value", "grad", "hessian")
EACH = pytest.mark.parametrize("recipe", RECIPES)
OF_PLANES = pytest.mark.parametrize("kind", ["random", "path"])
BINARY = list(losses_of("binary").values())
SMOOTH = [loss.key for loss in BINARY if not loss.kinks(**loss.defaults)]


@cache
def trained(recipe, loss="binary_cross_entropy"):
    return train_network(MOONS, LOSSES[loss], RECIPES[recipe])


def plane_of(run, kind):
    return random_plane(run, 1) if kind == "random" else path_plane(run)[0]


def slice_of(recipe, kind="random", loss="binary_cross_entropy"):
    run = trained(recipe, loss)
    plane = plane_of(run, kind)
    return run, plane, network_slice(run, MOONS, LOSSES[loss], plane, recipe, AXES)


def exact(run, plane, point, loss=ENTROPY):
    """The mean loss at one point of the plane, in float64 and one network at a time."""
    theta = plane.centre + point[0] * plane.first + point[1] * plane.second
    return loss.value(
        scores(theta, MOONS.features, run.recipe.sizes),
        MOONS.target,
    ).mean()


@EACH
@OF_PLANES
def test_heights_are_those_of_the_network_in_float64(recipe, kind):
    run, plane, landscape = slice_of(recipe, kind)
    points = grid(landscape, 15)[2]
    theirs = np.array([[exact(run, plane, point) for point in row] for row in points])
    np.testing.assert_allclose(landscape.value(points), theirs, rtol=1e-6)
    assert np.ptp(theirs) > 1e-3


@pytest.mark.parametrize("loss", BINARY, ids=str)
def test_heights_are_the_mean_of_any_binary_loss(loss):
    run, plane = trained("usual"), plane_of(trained("usual"), "random")
    points = inside(slice_of("usual")[2], 20)
    heights = network_slice(run, MOONS, loss, plane, "", AXES).value(points)
    np.testing.assert_allclose(heights, [exact(run, plane, point, loss) for point in points], rtol=2e-6)


@EACH
@OF_PLANES
def test_the_centre_is_where_training_ended(recipe, kind):
    run, _, landscape = slice_of(recipe, kind)
    ended, slope = loss_and_grad(
        run.theta,
        MOONS.features,
        MOONS.target,
        run.recipe.sizes,
        ENTROPY,
    )
    assert landscape.value([0.0, 0.0]) == pytest.approx(ended, rel=1e-6)
    plane = plane_of(run, kind)
    assert landscape.grad([0.0, 0.0]) == pytest.approx([slope @ plane.first, slope @ plane.second], rel=1e-12)


@pytest.mark.parametrize("loss", SMOOTH)
@pytest.mark.parametrize("recipe", ["shallow", "deep"])
def test_the_gradient_is_the_slope_along_the_two_directions(recipe, loss):
    run, plane, landscape = slice_of(recipe, loss=loss)
    points = inside(landscape, 10, seed=2)

    def along(places):
        return np.array([exact(run, plane, place, LOSSES[loss]) for place in places])

    found = central_differences(along, points, np.full(2, 1e-3))
    np.testing.assert_allclose(landscape.grad(points), found, rtol=1e-6, atol=1e-8 * np.abs(found).max())


@EACH
@OF_PLANES
def test_the_hessian_is_the_slope_of_the_gradient(recipe, kind):
    _, _, landscape = slice_of(recipe, kind)
    points = inside(landscape, 10, seed=2)
    hessian = landscape.hessian(points)
    found = central_differences(landscape.grad, points, np.full(2, 1e-3))
    np.testing.assert_allclose(hessian, found, atol=1e-5 * np.abs(found).max())
    assert np.array_equal(hessian, np.swapaxes(hessian, -1, -2))


@EACH
def test_a_batch_is_a_loop(recipe):
    _, _, landscape = slice_of(recipe)
    points = inside(landscape, 15).reshape(5, 3, 2)
    before = points.copy()
    # Heights come from float32, whose sums depend on how many are summed at once; slopes do not.
    for method, shape, rtol in zip(METHODS, ((), (2,), (2, 2)), (1e-6, 1e-10, 1e-6), strict=True):
        f = getattr(landscape, method)
        batch = f(points)
        assert batch.shape == (5, 3, *shape)
        assert batch.dtype == np.float64
        for place in np.ndindex(5, 3):
            np.testing.assert_allclose(batch[place], f(points[place]), rtol=rtol, atol=rtol * np.abs(batch).max())
        assert f(np.empty((0, 2))).shape == (0, *shape)
        assert f(np.empty((3, 0, 2))).shape == (3, 0, *shape)
    assert np.array_equal(points, before)
    swept = landscape.sweep(points, [{}, {}])
    np.testing.assert_allclose(swept, [landscape.value(points)] * 2, rtol=1e-12)


@EACH
def test_every_chunk_of_a_large_grid_is_in_its_place(recipe):
    _, _, landscape = slice_of(recipe)
    points = inside(landscape, 2000)
    heights = landscape.value(points)
    for i in (0, 1, 61, 62, 63, 500, 1998, 1999):
        assert heights[i] == pytest.approx(landscape.value(points[i]), rel=1e-6)


def test_the_record_is_complete_and_takes_no_parameters():
    _, _, landscape = slice_of("usual")
    assert landscape.window == WINDOW
    assert (landscape.name, landscape.axes) == ("usual", AXES)
    assert landscape.about == MOONS.about
    assert landscape.source.url.startswith("https://")
    assert not landscape.convex
    assert landscape.formula.count("{") == landscape.formula.count("}")
    with pytest.raises(TypeError, match=r"has no parameter 'size'; it takes none$"):
        landscape.value([0.0, 0.0], size=1.0)
    with pytest.raises(ValueError, match="points must hold x and y on their last axis"):
        landscape.value([0.0, 0.0, 0.0])


@pytest.mark.parametrize("method", METHODS)
def test_where_a_coordinate_is_missing_so_is_the_height(method):
    """As of every landscape: a descent that ran away gets no exception."""
    _, _, landscape = slice_of("usual")
    with np.errstate(all="raise", under="ignore"):
        answer = getattr(landscape, method)([[np.nan, 0.0], [0.1, 0.2]])
    assert np.isnan(answer[0]).all()
    assert np.isfinite(answer[1]).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [1e10, 1e30, 1e200])
def test_far_away_there_is_no_exception_and_no_warning(method, size):
    _, _, landscape = slice_of("usual")
    with np.errstate(all="raise", under="ignore"):
        getattr(landscape, method)([[size, 0.0], [-size, size]])


# Random directions


@EACH
def test_random_directions_have_filters_as_long_as_the_networks_own(recipe):
    run = trained(recipe)
    plane = random_plane(run, 7)
    assert np.array_equal(plane.centre, run.theta)
    own = list(layers(run.theta, run.recipe.sizes))
    for direction in (plane.first, plane.second):
        assert direction.shape == run.theta.shape
        for ours, theirs, (inputs, outputs) in zip(
            layers(direction, run.recipe.sizes), own, pairwise(run.recipe.sizes), strict=True
        ):
            assert ours.weights.shape == (inputs, outputs)
            np.testing.assert_allclose(
                [np.linalg.norm(ours.weights[:, unit]) for unit in range(outputs)],
                [np.linalg.norm(theirs.weights[:, unit]) for unit in range(outputs)],
                rtol=1e-12,
            )
            assert (ours.biases == 0).all()


def cosine(plane):
    return plane.first @ plane.second / np.linalg.norm(plane.first) / np.linalg.norm(plane.second)


def test_random_directions_differ_and_a_seed_names_them():
    run = trained("usual")
    plane, again, other = random_plane(run, 7), random_plane(run, 7), random_plane(run, 8)
    assert np.array_equal(plane.first, again.first)
    assert np.array_equal(plane.second, again.second)
    assert not np.array_equal(plane.first, other.first)
    # Hundreds of random numbers: any two such directions are nearly at right angles.
    assert abs(np.mean([cosine(random_plane(run, seed)) for seed in range(50)])) < 0.05
    assert all(abs(cosine(random_plane(run, seed))) < 0.35 for seed in range(50))


def test_a_plane_is_a_point_and_two_directions():
    plane = Plane(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, 10.0, 0.0]))
    assert plane.at(np.array([0.0, 0.0])).tolist() == [1, 2, 3]
    assert plane.at(np.array([[2.0, 0.5], [0.0, -1.0]])).tolist() == [[3, 7, 3], [1, -8, 3]]


# The plane of the path


@EACH
def test_the_plane_of_a_path_is_that_of_its_principal_components(recipe):
    """Once more by the eigenvalues of the path's Gram matrix, which share nothing with the singular values."""
    run = trained(recipe)
    plane, path, shares = path_plane(run)
    moved = run.path - run.theta
    sizes, vectors = np.linalg.eigh(moved @ moved.T)
    np.testing.assert_allclose(shares, sizes[::-1][:2] / sizes.sum(), rtol=1e-8)
    assert shares[0] >= shares[1] >= 0
    assert shares.sum() <= 1 + 1e-12
    for number, direction in enumerate((plane.first, plane.second)):
        unit = direction / np.linalg.norm(direction)
        other = vectors[:, -1 - number] @ moved
        assert abs(unit @ other) == pytest.approx(np.linalg.norm(other), rel=1e-8)
        # The path's coordinates are in units of the direction's own length.
        np.testing.assert_allclose(path[:, number] * np.linalg.norm(direction), moved @ unit, atol=1e-10)


@EACH
def test_the_path_ends_at_the_origin_inside_the_window(recipe):
    run = trained(recipe)
    plane, path, _ = path_plane(run)
    assert path.shape == (len(run.path), 2)
    assert np.array_equal(plane.centre, run.theta)
    assert path[-1] == pytest.approx([0, 0], abs=1e-14)
    assert np.abs(path).max() <= 1
    assert np.abs(path).max(axis=0) == pytest.approx([0.8, 0.8])  # room of a quarter around its farthest point
    assert cosine(plane) == pytest.approx(0, abs=1e-10)


def test_the_plane_holds_more_of_the_path_than_a_random_one():
    run = trained("usual")
    moved = run.path - run.theta
    _, _, shares = path_plane(run)
    for seed in range(20):
        plane = random_plane(run, seed)
        basis = np.linalg.qr(np.stack([plane.first, plane.second], axis=-1))[0]
        assert np.sum((moved @ basis) ** 2) / np.sum(moved**2) < 0.5 * shares.sum()


def test_memory_does_not_grow_with_the_grid():
    data = SHAPE_DATASETS["spirals"].load(1)
    run = train_network(data, ENTROPY, Recipe(epochs=5))
    landscape = network_slice(run, data, ENTROPY, random_plane(run, 1), "", AXES)
    points = grid(landscape, 101)[2]
    tracemalloc.start()
    try:
        landscape.value(points)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20e6  # the signals of one layer at every point would be 130 MB


@pytest.mark.parametrize("data", SHAPE_DATASETS)
def test_every_set_of_classes_has_slices(data):
    points = SHAPE_DATASETS[data].load()
    run = train_network(points, ENTROPY, Recipe(sizes=(2, 4, 1), epochs=20))
    for plane in (random_plane(run, 1), path_plane(run)[0]):
        heights = network_slice(run, points, ENTROPY, plane, data, AXES).value(inside(slice_of("shallow")[2], 9))
        assert np.isfinite(heights).all()
        assert (heights > 0).all()
