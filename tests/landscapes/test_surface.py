"""A landscape set at its parameters is the same landscape, and its examples make up its gradient."""

import numpy as np
import pytest

from core.datasets import SHAPE_DATASETS
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import PENALTIES, fitted_landscape
from core.landscapes.slices import network_slice, random_plane
from core.losses import LOSSES
from core.training.trained_network import Recipe, train_network
from tests.landscapes.cases import FITS, PAIRS, inside, model_of, name_of, settings

MOONS = SHAPE_DATASETS["moons"].load(3)
ENTROPY = LOSSES["binary_cross_entropy"]


def fit(loss, model, penalty="none"):
    return fitted_landscape(model_of(model), loss, penalty)


def moons_slice(loss=ENTROPY):
    run = train_network(MOONS, ENTROPY, Recipe(sizes=(2, 8, 1), epochs=20))
    return network_slice(run, MOONS, loss, random_plane(run, 1), "slice", ("a", "b"))


@pytest.mark.parametrize(("landscape", "params"), PAIRS, ids=name_of)
def test_its_functions_are_the_landscapes(landscape, params):
    points, surface = inside(landscape, 9), landscape.at(**params)
    assert np.array_equal(surface.value(points), landscape.value(points, **params))
    assert np.array_equal(surface.grad(points), landscape.grad(points, **params))
    assert np.array_equal(surface.hessian(points), landscape.hessian(points, **params))
    assert (surface.key, surface.examples, surface.dimension) == (landscape.key, 0, 2)
    assert surface.sampled_grad is None


def test_parameters_are_checked_once_and_may_be_arrays():
    ravine, points = LANDSCAPES["ravine"], inside(LANDSCAPES["ravine"], 3)
    conditions = np.array([1.0, 2.0, 3.0])
    assert np.array_equal(ravine.at(condition=conditions).grad(points), ravine.grad(points, condition=conditions))
    assert np.array_equal(ravine.at().value(points), ravine.value(points))
    with pytest.raises(ValueError, match=r"^condition must be greater than 0, got 0 \(ravine\)$"):
        ravine.at(condition=0.0)
    with pytest.raises(TypeError, match=r"^ravine has no parameter 'size'; it takes condition$"):
        ravine.at(size=1.0)


@pytest.mark.parametrize(("loss", "model"), FITS, ids=name_of)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_all_examples_alike_are_the_gradient(loss, model, penalty):
    landscape = fit(loss, model, penalty)
    points, n = inside(landscape, 6), landscape.examples
    for params in (landscape.defaults, settings(landscape)[-1]):
        surface, order = landscape.at(**params), np.random.default_rng(0).permutation(n)
        expected = surface.grad(points)
        scale = np.nanmax(np.abs(expected), initial=1.0)
        found = surface.sampled_grad(points, order, np.full(n, 1 / n))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.parametrize("model", ["tips", "iris"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_mean_of_single_examples_is_the_gradient(model, penalty):
    landscape = fit(LOSSES["huber"] if model == "tips" else ENTROPY, model, penalty)
    points, surface = inside(landscape, 6), landscape.at()
    alone = [surface.sampled_grad(points, np.array([row]), np.ones(1)) for row in range(landscape.examples)]
    np.testing.assert_allclose(np.mean(alone, axis=0), landscape.grad(points), rtol=1e-12, atol=1e-13)
    assert np.ptp(alone, axis=0).min() > 1e-3


def test_every_point_and_every_copy_of_the_outlier_is_an_example():
    for name, loss in (("tips", "huber"), ("iris", "brier")):
        model = model_of(name)
        assert fit(LOSSES[loss], name).examples == len(model.target) + (model.outlier_copies if model.outlier else 0)


def test_an_example_has_the_slope_of_its_own_loss():
    landscape, model, loss = fit(LOSSES["squared_error"], "tips"), model_of("tips"), LOSSES["squared_error"]
    point = np.mean(landscape.window, axis=1)
    for row in (0, 100, 243):
        own = loss.grad(model.basis[row] @ point, model.target[row]) * model.basis[row]
        np.testing.assert_allclose(landscape.at().sampled_grad(point, np.array([row]), np.ones(1)), own, rtol=1e-13)
    of_outlier = loss.grad(np.dot(model.outlier_basis, point), 20.0) * np.array(model.outlier_basis)
    found = landscape.at(outlier=20.0).sampled_grad(point, np.array([len(model.target)]), np.ones(1))
    np.testing.assert_allclose(found, of_outlier, rtol=1e-13)


@pytest.mark.parametrize("landscape", [fit(LOSSES["huber"], "tips", "l2"), moons_slice()], ids=["fitted", "slice"])
def test_each_point_may_have_weights_of_its_own(landscape):
    points, rows = inside(landscape, 6).reshape(2, 3, 2), np.array([3, 1, 40, landscape.examples - 1])
    weights = np.random.default_rng(0).uniform(size=(2, 3, 4))
    surface = landscape.at()
    whole = surface.sampled_grad(points, rows, weights)
    assert whole.shape == (2, 3, 2)
    for place in np.ndindex(2, 3):
        alone = surface.sampled_grad(points[place], rows, weights[place])
        np.testing.assert_allclose(whole[place], alone, rtol=1e-12, atol=1e-14)
    one = surface.sampled_grad(points[0, 0], rows, weights)
    np.testing.assert_allclose(one[1, 2], surface.sampled_grad(points[0, 0], rows, weights[1, 2]), rtol=1e-12)


@pytest.mark.parametrize("key", ["binary_cross_entropy", "focal", "brier"])
def test_the_examples_of_a_slice_make_up_its_gradient(key):
    landscape = moons_slice(LOSSES[key])
    points, n, surface = inside(landscape, 5), landscape.examples, landscape.at()
    assert n == len(MOONS)
    order = np.random.default_rng(0).permutation(n)
    found = surface.sampled_grad(points, order, np.full(n, 1 / n))
    np.testing.assert_allclose(found, surface.grad(points), rtol=1e-11, atol=1e-13)
    alone = [surface.sampled_grad(points, np.array([row]), np.ones(1)) for row in range(n)]
    np.testing.assert_allclose(np.mean(alone, axis=0), surface.grad(points), rtol=1e-11, atol=1e-13)


def test_there_is_no_slope_where_there_is_no_network():
    surface, points = moons_slice().at(), np.array([[np.nan, 0.0], [0.0, 1e300], [0.1, 0.2]])
    found = surface.sampled_grad(points, np.arange(4), np.full(4, 0.25))
    assert np.isnan(found).all(axis=-1).tolist() == [True, True, False]


def test_examples_of_no_weight_and_no_examples_add_nothing():
    landscape = fit(LOSSES["huber"], "tips", "l2")
    point, surface = np.array([1.0, 2.0]), landscape.at(penalty=0.5)
    penalty_grad = 0.5 * 2 * point * model_of("tips").penalised
    np.testing.assert_allclose(surface.sampled_grad(point, np.array([0, 5]), np.zeros(2)), penalty_grad, atol=1e-15)
    np.testing.assert_allclose(
        surface.sampled_grad(point, np.array([], dtype=int), np.zeros(0)), penalty_grad, atol=1e-15
    )
