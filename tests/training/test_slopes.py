"""The gradient of the objective is its slope, for every loss, with penalties, wider neighbours and missing examples."""

import numpy as np
import pytest

from core.losses import FAMILIES
from core.training import Examples, Perceptron, Plan, Polynomial, Setting
from core.training.batch import NetworkBatch, parameter_places, weight_mask
from core.training.network import count, initial
from tests.training.cases import FITTING, SQUARE, sample

PLANS = [
    Plan(model=Perceptron((4, 2)), lr=0.1, l1=0.02),
    Plan(model=Perceptron((1, 5)), lr=0.1, l2=0.03),
    Plan(model=Perceptron((3, 3)), lr=0.1, l1=0.05, l2=0.01),
]
COUNTS = (9, 4, 6)


def network_batch(loss, plans=PLANS, counts=COUNTS, precision=np.float64, inputs=1):
    """A batch, its examples, and parameters of which no bias and no own weight is 0."""
    sizes = [plan.model.sizes(inputs) for plan in plans]
    batch = NetworkBatch.of(plans, sizes, Setting(loss=loss), precision)
    examples = [sample(loss, count, seed, inputs) for seed, count in enumerate(counts)]
    points = batch.padded_examples([plan.model for plan in plans], [(-2.0, 2.0)] * len(plans), examples)
    random = np.random.default_rng(7)
    own = [initial(one, random) + 0.3 * random.normal(size=count(one)) for one in sizes]
    return batch, points, batch.padded_parameters(own), own


def objective(batch, theta, points):
    """Written out: mean loss, l1 |w| and l2 w^2 of all that are no biases."""
    weights = theta * weight_mask(batch.sizes)
    penalty = batch.l1[:, 0] * np.abs(weights).sum(axis=-1) + batch.l2[:, 0] * (weights**2).sum(axis=-1)
    return batch.mean_loss(batch.scores(theta, points), points) + penalty


@pytest.mark.parametrize("loss", FITTING, ids=str)
def test_the_gradient_is_the_slope_of_the_objective(loss):
    batch, points, theta, _ = network_batch(loss)
    scores, grad = batch.scores_and_grad(theta, points)
    assert np.array_equal(scores, batch.scores(theta, points))
    h = 1e-4
    gap = FAMILIES[loss.family].coordinate(scores, points.target)
    for kink in loss.kinks(**loss.defaults):
        assert np.abs(gap - kink).min() > 5 * h  # no example crosses it
    for run, places in enumerate(batch.places):
        for place in places:
            step = np.zeros_like(theta)
            step[run, place] = h
            near, far = (
                objective(batch, theta + k * step, points)[run] - objective(batch, theta - k * step, points)[run]
                for k in (1, 2)
            )
            assert grad[run, place] == pytest.approx((8 * near - far) / (12 * h), rel=1e-7, abs=1e-9)
        others = np.delete(grad[run], places)
        assert len(others)
        assert (others == 0).all()


def test_the_mean_is_over_the_examples_of_each_run():
    batch, points, theta, _ = network_batch(SQUARE)
    scores = batch.scores(theta, points)
    for run, count_of_points in enumerate(COUNTS):
        own = slice(count_of_points)
        mean = ((scores[run] - points.target[run]) ** 2)[own].mean()
        assert batch.mean_loss(scores, points)[run] == pytest.approx(mean, rel=1e-14)


def test_a_mini_batch_is_the_mean_over_its_rows():
    batch, points, theta, _ = network_batch(SQUARE)
    rows = np.array([[3, 8], [0, 1], [5, 5]])
    some = points.at(rows, np.array([[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]))
    _, grad = batch.scores_and_grad(theta, some)
    for run, own in enumerate([[3, 8], [0, 1], [5]]):
        alone = Examples(points.x[run, own], points.target[run, own])
        single, its, at, _ = network_batch(SQUARE, PLANS[run : run + 1], (len(own),))
        its = single.padded_examples([PLANS[run].model], [(-2.0, 2.0)], [alone])
        at = theta[run : run + 1, batch.places[run]]
        _, expected = single.scores_and_grad(at, its)
        np.testing.assert_allclose(grad[run, batch.places[run]], expected[0], rtol=1e-12, atol=1e-14)


def test_the_penalty_is_of_weights_and_not_of_biases_or_the_level():
    assert weight_mask((2, 3, 1)).tolist() == [1] * 6 + [0] * 3 + [1] * 3 + [0]
    plan = Plan(model=Polynomial(3), lr=0.1, l1=10.0, l2=4.0)
    batch, points, theta, own = network_batch(SQUARE, [plan], (5,))
    bare, *_ = network_batch(SQUARE, [Plan(model=Polynomial(3), lr=0.1)], (5,))
    difference = batch.scores_and_grad(theta, points)[1] - bare.scores_and_grad(theta, points)[1]
    expected = 10 * np.sign(own[0]) + 8 * own[0]
    np.testing.assert_allclose(difference[0], [*expected[:3], 0], rtol=1e-12, atol=1e-12)
    assert batch.scores_and_grad(np.zeros_like(theta), points)[1] == pytest.approx(
        bare.scores_and_grad(np.zeros_like(theta), points)[1]
    )


def test_a_network_stands_in_a_wider_one_weight_by_weight():
    wide = np.zeros(count((2, 3, 1)))
    wide[parameter_places((1, 2, 1), (2, 3, 1))] = range(1, 8)
    assert wide.tolist() == [1, 2, 0, 0, 0, 0, 3, 4, 0, 5, 6, 0, 7]


def test_many_runs_are_computed_a_few_at_once(monkeypatch):
    batch, points, theta, _ = network_batch(SQUARE)
    whole = batch.scores_and_grad(theta, points)
    monkeypatch.setattr("core.training.batch.SIGNALS", 1)
    assert len(list(batch.chunks(points))) == 3
    for one, other in zip(whole, batch.scores_and_grad(theta, points), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-14)


def test_float32_loses_what_it_says():
    exact, points, theta, _ = network_batch(SQUARE)
    fast, few, *_ = network_batch(SQUARE, precision=np.float32)
    assert few.x.dtype == np.float32
    (scores, grad), (near, steep) = exact.scores_and_grad(theta, points), fast.scores_and_grad(theta, few)
    assert near.dtype == steep.dtype == np.float64
    np.testing.assert_allclose(near, scores, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(steep, grad, rtol=1e-5, atol=1e-6)
    assert not np.array_equal(near, scores)
