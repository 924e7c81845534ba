"""The same noise for every run, the exact landscape in the Descent, and mini-batches of the right size."""

import numpy as np
import pytest

from core.descent import Gaussian, MiniBatch, descend, in_parallel
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from tests.optimizers.cases import START, Parabola

BOWL, RAVINE = LANDSCAPES["bowl"], LANDSCAPES["ravine"]
GD, ADAM = OPTIMIZERS["gradient_descent"], OPTIMIZERS["adam"]
LINE = fitted_landscape(line_model("tips"), LOSSES["huber"], "l2")
SCORE = fitted_landscape(logistic_model("iris"), LOSSES["binary_cross_entropy"])
FITTED = pytest.mark.parametrize("landscape", [LINE, SCORE], ids=["line", "scores"])


def added(run):
    return run.noisy_gradients - run.gradients[:-1]


def test_gaussian_noise_is_one_draw_a_step_times_the_scale():
    scale = np.array([0.0, 0.5, 3.0])
    run = descend(GD, BOWL, START, 50, noise=Gaussian(scale, 7), lr=0.01)
    draws = np.random.default_rng(7).normal(size=(50, 2))
    np.testing.assert_allclose(added(run), draws[:, None] * scale[:, None], atol=1e-13)
    np.testing.assert_allclose(run.points[1:], run.points[:-1] - 0.01 * run.noisy_gradients, rtol=1e-15)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_rate_and_start_gets_the_same_draws(key):
    one = descend(GD, BOWL, START, 20, noise=Gaussian(0.3, 5), lr=0.01)
    starts = np.random.default_rng(0).normal(size=(4, 1, 2))
    run = descend(OPTIMIZERS[key], RAVINE, starts, 20, noise=Gaussian(0.3, 5), lr=[1e-4, 1e-2, 0.1])
    np.testing.assert_allclose(added(run), np.broadcast_to(added(one)[:, None, None], (20, 4, 3, 2)), atol=1e-12)


def test_optimizers_in_parallel_get_the_same_draws():
    parallel = in_parallel([GD, ADAM])
    run = descend(parallel, BOWL, START, 20, noise=Gaussian([0.3, 0.6], 5), adam={"lr": [0.1, 0.1]})
    alone = descend(ADAM, BOWL, START, 20, noise=Gaussian([0.3, 0.6], 5), lr=[0.1, 0.1])
    assert np.array_equal(run.points[:, 1], alone.points)
    assert np.array_equal(run.noisy_gradients[:, 1], alone.noisy_gradients)


def test_what_is_recorded_is_the_true_landscape():
    run = descend(ADAM, RAVINE, START, 30, noise=Gaussian(2.0, 1), lr=0.1)
    np.testing.assert_allclose(run.values, RAVINE.value(run.points), rtol=1e-15)
    np.testing.assert_allclose(run.gradients, RAVINE.grad(run.points), rtol=1e-15)
    assert np.abs(added(run)).max() > 1


def test_no_noise_is_no_noise():
    quiet = descend(ADAM, RAVINE, START, 30, lr=0.1)
    assert np.array_equal(descend(ADAM, RAVINE, START, 30, noise=Gaussian(0.0, 1), lr=0.1).points, quiet.points)


def test_the_seed_decides_and_a_longer_run_begins_like_a_shorter_one():
    def path(seed, steps=20):
        return descend(GD, BOWL, START, steps, noise=Gaussian(1.0, seed), lr=0.01).points

    assert np.array_equal(path(1), path(1))
    assert not np.array_equal(path(1), path(2))
    assert np.array_equal(path(1), path(1, 40)[:21])


def test_gaussian_noise_is_standard_normal_in_any_number_of_coordinates():
    run = descend(GD, Parabola(np.ones(5)), np.zeros(5), 4000, noise=Gaussian(1.0, 3), lr=0.0)
    assert np.abs(run.noisy_gradients.mean(axis=0)).max() < 0.06
    np.testing.assert_allclose(np.cov(run.noisy_gradients.T), np.eye(5), atol=0.08)


@FITTED
def test_all_examples_are_no_noise(landscape):
    start = np.mean(landscape.window, axis=1) + 0.3
    quiet = descend(ADAM, landscape, start, 20, lr=0.1)
    for size in (landscape.examples, 10**6):
        assert np.array_equal(descend(ADAM, landscape, start, 20, noise=MiniBatch(size), lr=0.1).points, quiet.points)
    mixed = descend(ADAM, landscape, start, 20, noise=MiniBatch([8, landscape.examples]), lr=0.1)
    np.testing.assert_allclose(mixed.points[:, 1], quiet.points, rtol=1e-11)
    assert not np.allclose(mixed.points[:, 0], quiet.points)
    np.testing.assert_allclose(mixed.noisy_gradients[:, 1], mixed.gradients[:-1, 1], rtol=1e-11, atol=1e-12)


@FITTED
def test_a_batch_is_the_mean_over_the_first_examples_of_a_random_order(landscape):
    start, sizes, n = np.mean(landscape.window, axis=1), np.array([1, 3, 17, 90]), landscape.examples
    run = descend(GD, landscape, start, 6, noise=MiniBatch(sizes, 11), lr=0.0)
    random, surface = np.random.default_rng(11), landscape.at()
    for at in range(6):
        order = random.permutation(n)
        for index, size in enumerate(sizes):
            each = [surface.sampled_grad(start, np.array([row]), np.ones(1)) for row in order[:size]]
            np.testing.assert_allclose(run.noisy_gradients[at, index], np.mean(each, axis=0), rtol=1e-11, atol=1e-13)


@FITTED
def test_batches_are_right_on_average_and_the_larger_the_closer(landscape):
    start, sizes = np.mean(landscape.window, axis=1) + 0.5, np.array([1, 4, 16, 64])
    run = descend(GD, landscape, start, 3000, noise=MiniBatch(sizes, 2), lr=0.0)
    spread = added(run).std(axis=0)
    assert (np.abs(added(run).mean(axis=0)) < 4 * spread / np.sqrt(3000)).all()
    # Drawn without replacement: the variance is that of one example times (1 - size / n) / size, n - 1 in place of n.
    n = landscape.examples
    np.testing.assert_allclose(spread / spread[0], np.sqrt((n - sizes) / (n - 1) / sizes)[:, None] * [1, 1], rtol=0.08)


@FITTED
def test_every_optimizer_gets_the_same_batches(landscape):
    start = np.mean(landscape.window, axis=1)
    runs = [
        descend(OPTIMIZERS[key], landscape, start, 10, noise=MiniBatch([2, 8], 4), lr=0.0)
        for key in OPTIMIZERS
        if key != "adamw"
    ]
    for run in runs[1:]:
        assert np.array_equal(run.noisy_gradients, runs[0].noisy_gradients)
    own = {"adam": {"lr": 0.1}, "gradient_descent": {"lr": 0.01}}
    parallel = descend(in_parallel([GD, ADAM]), landscape, start, 10, noise=MiniBatch([[2, 8]], 4), **own)
    alone = descend(ADAM, landscape, start, 10, noise=MiniBatch([2, 8], 4), lr=0.1)
    np.testing.assert_allclose(parallel.points[:, 1], alone.points, rtol=1e-12)


def test_parameters_of_the_landscape_apply_to_its_batches():
    deltas = np.array([0.2, 5.0])
    start = np.mean(LINE.window, axis=1)
    run = descend(GD, LINE.at(delta=deltas, penalty=0.5, outlier=20.0), start, 15, noise=MiniBatch(6, 1), lr=0.05)
    for index, delta in enumerate(deltas):
        alone = descend(GD, LINE.at(delta=delta, penalty=0.5, outlier=20.0), start, 15, noise=MiniBatch(6, 1), lr=0.05)
        np.testing.assert_allclose(run.points[:, index], alone.points, rtol=1e-12)


def test_noisy_runs_that_blow_up_are_quiet():
    with np.errstate(all="raise", under="ignore"):
        run = descend(GD, BOWL, START, 500, noise=Gaussian([1e30, 1e300, 0.1]), lr=[10.0, 10.0, 0.1])
        descend(GD, LINE, START, 100, noise=MiniBatch([1, 5, 300]), lr=1e30)
    assert run.diverged_at.tolist()[2] == -1
    assert (run.diverged_at[:2] > 0).all()
