"""The batch equals the loop: each run has the numbers that it has alone."""

from itertools import islice

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS, SCHEDULES
from core.training import Perceptron, Plan, Setting, orders, train_runs
from core.training.history import CURVES
from core.training.run import mini_batches
from tests.training.cases import ENTROPY, SQUARE, VARIED, sample, varied


def assert_loop(setting, rtol=1e-9):
    train, validation = varied(setting.loss)
    together = train_runs(setting, VARIED, train, validation, keep=5)
    for number, plan in enumerate(VARIED):
        alone = train_runs(setting, [plan], train[number : number + 1], validation[number : number + 1], keep=5)
        for name in CURVES:
            ours, own = getattr(together, name)[number], getattr(alone, name)[0]
            np.testing.assert_allclose(ours, own, rtol=rtol, atol=1e-11, err_msg=f"{name} of {plan}")
        size = alone.weights.shape[-1]
        np.testing.assert_allclose(together.weights[number, :, :size], alone.weights[0], rtol=rtol, atol=1e-11)
        assert (together.weights[number, :, size:] == 0).all()
        np.testing.assert_allclose(
            together.predict(number, validation[0].x), alone.predict(0, validation[0].x), rtol=rtol, atol=1e-11
        )
        assert alone.train[0, -1] < alone.train[0, 0]
    return together


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [0, 8])
def test_every_optimizer(optimizer, batch):
    assert_loop(Setting(loss=SQUARE, optimizer=optimizer, epochs=12, batch=batch))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule(schedule):
    assert_loop(Setting(loss=ENTROPY, schedule=schedule, epochs=12, batch=6))


def test_many_epochs():
    assert_loop(Setting(loss=ENTROPY, epochs=120, batch=10), rtol=1e-8)


def test_a_schedule_goes_over_the_steps_that_a_run_makes_itself():
    """Beside a run of as many epochs and fewer steps; a line by hand."""
    setting = Setting(loss=SQUARE, optimizer="gradient_descent", schedule="cosine", epochs=3, batch=1)
    examples, few = sample(SQUARE, 7), sample(SQUARE, 4)
    plan = Plan(model=Perceptron(()), lr=0.1, seed=4)
    history = train_runs(setting, [plan, plan], [few, examples], [examples, examples])
    weight, bias = history.weights[1, 0]
    for rate, row in zip(0.05 * (1 + np.cos(np.pi * np.arange(21) / 21)), np.ravel(taken(4, 7, 3)), strict=True):
        x, y = examples.x[row, 0], examples.target[row]
        slope = 2 * (weight * x + bias - y)
        weight, bias = weight - rate * slope * x, bias - rate * slope
    np.testing.assert_allclose(history.weights[1, -1], [weight, bias], rtol=1e-12)


def taken(seed, examples, epochs):
    return list(islice(orders(seed, examples), epochs))


@pytest.mark.parametrize("size", [1, 3, 8, 30])
def test_an_epoch_takes_every_example_once(size):
    lengths = (9, 7, 8, 4, 4, 2) if size > 1 else (9, 8, 7, 4, 4, 2)
    rows = [next(orders(3, length)) for length in lengths]
    found = [[] for _ in lengths]
    for some, weights in mini_batches(rows, size):
        np.testing.assert_allclose(weights.sum(axis=-1), 1)
        assert some.shape == weights.shape
        for number, own in enumerate(found[: len(some)]):
            real = weights[number] > 0
            assert np.ptp(weights[number, real]) == 0
            own += some[number, real].tolist()
    assert found == [order.tolist() for order in rows]


def test_the_order_is_new_in_each_epoch_and_the_seeds_own():
    drawn, again, other = (taken(seed, 30, 3) for seed in (5, 5, 6))
    assert all(np.array_equal(np.sort(order), np.arange(30)) for order in drawn)
    assert not np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(drawn, again)
    assert not np.array_equal(drawn[0], other[0])


def test_a_batch_of_all_examples_or_more_is_all():
    train, validation = varied(SQUARE)
    all_of_them, as_many, more = (
        train_runs(Setting(loss=SQUARE, epochs=10, batch=batch), VARIED, train, validation) for batch in (0, 31, 99)
    )
    np.testing.assert_allclose(all_of_them.train, as_many.train, rtol=1e-9)
    np.testing.assert_allclose(all_of_them.train, more.train, rtol=1e-9)


def test_a_seed_names_a_run():
    examples = sample(SQUARE, 20)
    plans = [Plan(model=Perceptron((4,)), lr=0.05, seed=seed) for seed in (0, 0, 1)]
    runs = [
        train_runs(Setting(loss=SQUARE, epochs=10, batch=8), plans, [examples] * 3, [examples] * 3) for _ in range(2)
    ]
    for name in (*CURVES, "weights"):
        one, two = (getattr(run, name) for run in runs)
        assert np.array_equal(one, two)
        assert np.array_equal(one[0], one[1])
        assert not np.array_equal(one[0], one[2])


def test_progress_is_told_to_the_end():
    train, validation = varied(SQUARE)
    shares = []
    train_runs(Setting(loss=SQUARE, epochs=5, batch=10), VARIED, train, validation, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1.0


def test_without_validation_examples_the_training_examples_stand_in():
    train, _ = varied(SQUARE)
    alone, twice = (train_runs(Setting(loss=SQUARE, epochs=5), VARIED, train, *more) for more in ([], [list(train)]))
    for name in CURVES:
        assert np.array_equal(getattr(alone, name), getattr(twice, name))
    assert np.array_equal(alone.train, alone.validation)


def test_the_orders_of_the_examples_can_be_given():
    def rising(_seed, examples):
        while True:
            yield np.arange(examples)

    data, plan = sample(SQUARE, 9), Plan(model=Perceptron(()), lr=0.1)
    setting = Setting(loss=SQUARE, optimizer="gradient_descent", epochs=1, batch=1)
    weight, bias = plan.start(1)
    for x, y in zip(data.x[:, 0], data.target, strict=True):
        slope = 2 * (weight * x + bias - y)
        weight, bias = weight - 0.1 * slope * x, bias - 0.1 * slope
    history = train_runs(setting, [plan], [data], orders=rising)
    np.testing.assert_allclose(history.weights[0, -1], [weight, bias], rtol=1e-12)
