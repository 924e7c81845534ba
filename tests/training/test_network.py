"""The network is PyTorch's, its gradient is the slope of its loss, and training repeats itself."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets import SHAPE_DATASETS
from core.losses import LOSSES, losses_of
from core.models.objectives import has_slope
from core.optimizers import OPTIMIZERS
from core.training.network import count, initial, layers, loss_and_grad, scores
from core.training.trained_network import STOPS, Recipe, train_network

BLOCKS = json.loads((Path(__file__).parent.parent / "reference" / "networks.json").read_text())
BINARY = list(losses_of("binary").values())
MOONS = SHAPE_DATASETS["moons"].load(3)
ENTROPY = LOSSES["binary_cross_entropy"]
SIZES = [(2, 1), (2, 5, 1), (2, 16, 16, 1), (3, 4, 3, 2, 1)]
SMALL = Recipe(sizes=(2, 6, 1), epochs=40)


def sample(sizes, seed=0, count_of_points=9):
    """Parameters whose biases are not 0, points and classes."""
    random = np.random.default_rng(seed)
    theta = initial(sizes, random) + 0.3 * random.normal(size=count(sizes))
    x = random.normal(size=(count_of_points, sizes[0]))
    return theta, x, random.integers(0, 2, count_of_points).astype(float)


def name_of(sizes):
    return "-".join(map(str, sizes))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: name_of(block["sizes"]))
def test_scores_loss_and_gradient_are_those_of_pytorch(block):
    theta, x, target = (np.array(block[name]) for name in ("theta", "x", "target"))
    loss, grad = loss_and_grad(theta, x, target, block["sizes"], ENTROPY)
    np.testing.assert_allclose(scores(theta, x, block["sizes"]), block["scores"], rtol=1e-12)
    np.testing.assert_allclose(loss, block["loss"], rtol=1e-12)
    # A parameter's own slope is a sum that may cancel, so its digits are counted from the largest one's.
    np.testing.assert_allclose(grad, block["grad"], rtol=1e-12, atol=1e-15 * np.abs(block["grad"]).max())
    assert (block["library"], block["script"]) == ("PyTorch", "make_networks.py")


def test_the_references_are_three_networks_with_biases():
    assert [tuple(block["sizes"]) for block in BLOCKS] == [(2, 16, 16, 1), (2, 16, 1), (2, 8, 8, 8, 1)]
    for block in BLOCKS:
        assert len(block["theta"]) == len(block["grad"]) == count(block["sizes"])
        assert len(block["x"]) == len(block["scores"]) == 12
        assert all((layer.biases != 0).all() for layer in layers(np.array(block["theta"]), block["sizes"]))


@pytest.mark.parametrize("loss", BINARY, ids=str)
@pytest.mark.parametrize("sizes", SIZES, ids=name_of)
def test_the_gradient_is_the_slope_of_the_mean_loss(loss, sizes):
    theta, x, target = sample(sizes)
    z = scores(theta, x, sizes)
    h = 1e-4
    margins = (2 * target - 1) * z
    for kink in loss.kinks(**loss.defaults):
        assert np.abs(margins - kink).min() > 10 * h  # no point crosses it
    value, grad = loss_and_grad(theta, x, target, sizes, loss)
    assert value == pytest.approx(loss.value(z, target).mean(), rel=1e-14)

    def at(step):
        return loss_and_grad(theta + step * np.eye(len(theta)), x, target, sizes, loss)[0]

    found = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    np.testing.assert_allclose(grad, found, rtol=1e-8, atol=1e-10)
    assert (np.abs(grad).max() > 1e-3) == has_slope(loss)


@pytest.mark.parametrize("loss", BINARY, ids=str)
def test_the_parameters_of_a_loss_are_passed_on(loss):
    theta, x, target = sample((2, 5, 1))
    z = scores(theta, x, (2, 5, 1))
    for param in loss.params:
        value, _ = loss_and_grad(theta, x, target, (2, 5, 1), loss, **{param.name: param.high})
        assert value == pytest.approx(loss.value(z, target, **{param.name: param.high}).mean(), rel=1e-14)


@pytest.mark.parametrize("sizes", SIZES, ids=name_of)
def test_a_batch_of_networks_is_a_loop(sizes):
    _, x, target = sample(sizes)
    thetas = np.stack([sample(sizes, seed)[0] for seed in range(6)]).reshape(2, 3, -1)
    all_scores, (values, grads) = scores(thetas, x, sizes), loss_and_grad(thetas, x, target, sizes, ENTROPY)
    assert (all_scores.shape, values.shape, grads.shape) == ((2, 3, 9), (2, 3), thetas.shape)
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(all_scores[place], scores(thetas[place], x, sizes), rtol=1e-12)
        value, grad = loss_and_grad(thetas[place], x, target, sizes, ENTROPY)
        assert values[place] == pytest.approx(value, rel=1e-13)
        np.testing.assert_allclose(grads[place], grad, rtol=1e-10, atol=1e-15)


def test_scores_come_in_the_precision_of_the_parameters():
    theta, x, _ = sample((2, 16, 16, 1))
    short = scores(theta.astype(np.float32), x, (2, 16, 16, 1))
    assert short.dtype == np.float32
    assert scores(theta, x.astype(np.float32), (2, 16, 16, 1)).dtype == np.float64
    np.testing.assert_allclose(short, scores(theta, x, (2, 16, 16, 1)), atol=2e-6)


def test_nothing_given_is_changed():
    theta, x, target = sample((2, 5, 1))
    before = theta.copy(), x.copy(), target.copy()
    for array in (theta, x, target):
        array.flags.writeable = False
    _, grad = loss_and_grad(theta, x, target, (2, 5, 1), ENTROPY)
    grad += 1.0
    assert all(np.array_equal(*pair) for pair in zip((theta, x, target), before, strict=True))


@pytest.mark.parametrize("sizes", SIZES, ids=name_of)
@pytest.mark.parametrize("off", [-1, 1])
def test_too_few_or_too_many_parameters_are_refused(sizes, off):
    _, x, target = sample(sizes)
    wrong = np.zeros(count(sizes) + off)
    message = rf"^a network of \[{', '.join(map(str, sizes))}\] has {count(sizes)} parameters, got {len(wrong)}$"
    with pytest.raises(ValueError, match=message):
        scores(wrong, x, sizes)
    with pytest.raises(ValueError, match=message):
        loss_and_grad(wrong, x, target, sizes, ENTROPY)
    with pytest.raises(ValueError, match=message):
        list(layers(wrong, sizes))


def test_parameters_are_counted_and_laid_out_by_layer():
    assert [count(sizes) for sizes in SIZES] == [3, 21, 337, 42]
    first, last = layers(np.arange(13.0), (2, 3, 1))
    assert first.weights.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert first.biases.tolist() == [6, 7, 8]
    assert last.weights.tolist() == [[9], [10], [11]]
    assert last.biases.tolist() == [12]


@pytest.mark.parametrize("sizes", [(2, 16, 16, 1), (2, 100, 100, 1)], ids=name_of)
def test_weights_start_evenly_within_their_bound_and_biases_at_0(sizes):
    theta = initial(sizes, np.random.default_rng(4))
    for layer in layers(theta, sizes):
        bound = np.sqrt(6 / sum(layer.weights.shape))
        assert np.abs(layer.weights).max() <= bound
        assert (layer.biases == 0).all()
        if layer.weights.size > 1000:
            assert np.abs(layer.weights).max() > 0.99 * bound
            assert layer.weights.std() == pytest.approx(bound / np.sqrt(3), rel=0.03)
            assert layer.weights.mean() == pytest.approx(0, abs=0.03 * bound)
    assert np.array_equal(theta, initial(sizes, np.random.default_rng(4)))
    assert not np.array_equal(theta, initial(sizes, np.random.default_rng(5)))


def mean_loss(theta, recipe, loss=ENTROPY):
    return loss_and_grad(theta, MOONS.features, MOONS.target, recipe.sizes, loss)[0]


def test_a_seed_names_a_path():
    run, again = train_network(MOONS, ENTROPY, SMALL), train_network(MOONS, ENTROPY, SMALL)
    assert np.array_equal(run.path, again.path)
    other = train_network(MOONS, ENTROPY, Recipe(sizes=SMALL.sizes, epochs=40, seed=1))
    assert not np.array_equal(run.path[0], other.path[0])


@pytest.mark.parametrize("recipe", [SMALL, Recipe(sizes=(2, 6, 1), epochs=40, batch=16), Recipe(epochs=3, batch=64)])
def test_a_path_goes_from_the_first_parameters_to_the_last(recipe):
    run = train_network(MOONS, ENTROPY, recipe)
    first = initial(recipe.sizes, np.random.default_rng(recipe.seed))
    assert run.recipe == recipe
    assert run.path.shape == (min(STOPS, recipe.epochs + 1), count(recipe.sizes))
    assert np.array_equal(run.path[0], first)
    assert np.array_equal(run.path[-1], run.theta)
    assert (np.abs(np.diff(run.path, axis=0)).max(axis=1) > 0).all()


@pytest.mark.parametrize("loss", [loss for loss in BINARY if has_slope(loss)], ids=str)
@pytest.mark.parametrize("batch", [0, 16])
def test_training_lowers_every_loss(loss, batch):
    recipe = Recipe(sizes=(2, 6, 1), epochs=60, batch=batch)
    run = train_network(MOONS, loss, recipe)
    assert mean_loss(run.theta, recipe, loss) < 0.7 * mean_loss(run.path[0], recipe, loss)


def test_nothing_can_be_trained_on_the_error_rate():
    run = train_network(MOONS, LOSSES["zero_one"], SMALL)
    assert np.array_equal(run.theta, run.path[0])


def test_all_examples_at_once_is_a_batch_as_large_as_the_data():
    full, batch = (train_network(MOONS, ENTROPY, Recipe(sizes=(2, 6, 1), epochs=40, batch=size)) for size in (0, 200))
    np.testing.assert_allclose(full.path, batch.path, rtol=1e-12, atol=1e-14)
    larger = train_network(MOONS, ENTROPY, Recipe(sizes=(2, 6, 1), epochs=40, batch=1000))
    assert np.array_equal(full.path, larger.path)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: name_of(block["sizes"]))
@pytest.mark.parametrize("run", [0, 1], ids=["adam", "adamw"])
def test_training_is_that_of_pytorch(block, run):
    known, points = block["trained"][run], MOONS
    data = replace(points, features=block["x"], target=block["target"])
    recipe = Recipe(
        tuple(block["sizes"]), epochs=known["steps"], lr=known["rate"], weight_decay=known["decay"], seed=block["seed"]
    )
    np.testing.assert_allclose(train_network(data, ENTROPY, recipe).theta, known["theta"], rtol=1e-10, atol=1e-12)
    assert (known["decay"] > 0) == bool(run)


@pytest.mark.parametrize("batch", [0, 16, 200, 7])
def test_an_epoch_is_a_step_of_adam_for_each_mini_batch(batch):
    """By hand: the order of each epoch comes from the generator that drew the initial weights."""
    recipe = Recipe(sizes=(2, 6, 1), epochs=3, batch=batch, seed=4)
    adam, random, points = OPTIMIZERS["adam"], np.random.default_rng(4), MOONS
    theta = initial(recipe.sizes, random)
    path, state = [theta], adam.init(theta)
    for _ in range(3):
        order = random.permutation(200)
        for rows in np.split(order, range(batch, 200, batch)) if batch else [order]:
            _, grad = loss_and_grad(theta, points.features[rows], points.target[rows], recipe.sizes, ENTROPY)
            theta, state = adam.step(theta, grad, state, lr=0.01)
        path.append(theta)
    np.testing.assert_allclose(train_network(points, ENTROPY, recipe).path, path, rtol=1e-9, atol=1e-12)


def test_the_first_step_of_adam_goes_by_the_learning_rate_against_the_slope():
    recipe = Recipe(sizes=(2, 6, 1), epochs=1, lr=0.02)
    run = train_network(MOONS, ENTROPY, recipe)
    slope = loss_and_grad(run.path[0], MOONS.features, MOONS.target, recipe.sizes, ENTROPY)[1]
    assert np.abs(slope).min() > 1e-5
    np.testing.assert_allclose(run.theta - run.path[0], -0.02 * np.sign(slope), rtol=2e-3)


def test_weight_decay_shrinks_the_network():
    norms = [
        np.linalg.norm(train_network(MOONS, ENTROPY, Recipe(sizes=(2, 6, 1), epochs=150, weight_decay=decay)).theta)
        for decay in (0.0, 0.1, 1.0)
    ]
    assert norms[0] > 1.05 * norms[1] > 1.1 * norms[2]


def test_decay_is_decoupled_from_the_slope():
    """Where the loss has no slope, each step takes rate x decay off the weights, and no more (AdamW)."""
    recipe = Recipe(sizes=(2, 6, 1), epochs=10, weight_decay=0.5, lr=0.1)
    run = train_network(MOONS, LOSSES["zero_one"], recipe)
    np.testing.assert_allclose(run.theta, run.path[0] * 0.95**10, rtol=1e-13)
