"""What training comes to where the answer is known in closed form, and what every loss and model makes of it."""

import numpy as np
import pytest
from numpy.polynomial import legendre

from core.datasets import DATASETS
from core.losses import LOSSES
from core.models.objectives import has_slope
from core.training import Examples, Perceptron, Plan, Polynomial, Setting, accuracy, root_mean_squared_error, train_runs
from core.training.network import initial
from tests.training.cases import ENTROPY, FITTING, SQUARE, sample

LONG = Setting(loss=SQUARE, optimizer="momentum", epochs=4000)


def lesson(points=60):
    both = DATASETS["wave"].split(points, 0.3, seed=2)
    return Examples.of(both.train), Examples.of(both.validation)


def basis(x, degree):
    return legendre.legvander(x[:, 0] / 3, degree)  # the validation points span [-3, 3]


@pytest.mark.parametrize("degree", [0, 1, 3, 6])
def test_a_polynomial_reaches_the_least_squares_fit(degree):
    train, validation = lesson()
    history = train_runs(LONG, [Plan(model=Polynomial(degree), lr=0.1)], [train], [validation])
    level_last = np.roll(np.linalg.lstsq(basis(train.x, degree), train.target)[0], -1)
    np.testing.assert_allclose(history.weights[0, -1], level_last, rtol=1e-9, atol=1e-11)
    residual = basis(train.x, degree) @ np.roll(level_last, 1) - train.target
    assert history.train[0, -1] == pytest.approx((residual**2).mean())
    assert history.train_metric[0, -1] == pytest.approx(np.sqrt((residual**2).mean()))
    assert history.gradient[0, -1] < 1e-10
    np.testing.assert_allclose(
        history.predict(0, validation.x)[-1], basis(validation.x, degree) @ np.roll(level_last, 1), atol=1e-9
    )


def test_with_l2_it_reaches_the_ridge_fit():
    train, validation = lesson()
    features, n = basis(train.x, 6), len(train)
    plans = [Plan(model=Polynomial(6), lr=0.1, l2=l2) for l2 in (0.001, 0.1, 10.0)]
    plans[2] = Plan(model=Polynomial(6), lr=0.02, l2=10.0)
    history = train_runs(LONG, plans, [train] * 3, [validation] * 3)
    for run, plan in enumerate(plans):
        penalty = n * plan.l2 * np.diag([0.0] + [1.0] * 6)
        ridge = np.linalg.solve(features.T @ features + penalty, features.T @ train.target)
        np.testing.assert_allclose(np.roll(history.weights[run, -1], 1), ridge, rtol=1e-8, atol=1e-10)


def test_l1_shrinks_weights_to_nothing_but_not_the_level():
    train, validation = lesson()
    plan = Plan(model=Polynomial(5), lr=0.001, l1=100.0)
    setting = Setting(loss=SQUARE, optimizer="gradient_descent", epochs=4000)
    history = train_runs(setting, [plan], [train], [validation])
    assert np.abs(history.weights[0, -1, :5]).max() <= 0.11  # a step is lr x l1
    assert history.weights[0, -1, 5] == pytest.approx(train.target.mean(), abs=0.1)


def test_a_perceptron_starts_as_the_network_of_the_landscapes_and_a_polynomial_at_0():
    train, validation = lesson()
    plans = [Plan(model=Perceptron((6, 3)), lr=0.1, seed=11), Plan(model=Polynomial(4), lr=0.1, seed=11)]
    history = train_runs(Setting(loss=SQUARE, epochs=2), plans, [train] * 2, [validation] * 2)
    assert np.array_equal(history.weights[0, 0], initial((1, 6, 3, 1), np.random.default_rng(11)))
    assert (history.weights[1, 0] == 0).all()
    assert history.train[1, 0] == pytest.approx((train.target**2).mean())


@pytest.mark.parametrize("model", [Perceptron((3,)), Perceptron(()), Polynomial(4), Polynomial(0)], ids=str)
def test_every_score_starts_higher_by_the_level(model):
    train, validation = lesson()
    plans = [Plan(model=model, lr=0.1, seed=5, initial_score=initial_score) for initial_score in (0.0, -2.5)]
    history = train_runs(Setting(loss=SQUARE, epochs=2), plans, [train] * 2, [validation] * 2)
    plain, lower = history.predict(slice(None), train.x)[:, 0]
    np.testing.assert_allclose(lower, plain - 2.5, atol=1e-12)


@pytest.mark.parametrize("loss", FITTING, ids=str)
@pytest.mark.parametrize("model", [Perceptron((8,)), Polynomial(5)], ids=str)
def test_training_lowers_every_loss_but_the_error_rate(loss, model):
    examples = sample(loss, 30)
    history = train_runs(Setting(loss=loss, epochs=60), [Plan(model=model, lr=0.03)], [examples], [examples])
    if not has_slope(loss):
        assert (history.train == history.train[:, :1]).all()
        assert (history.gradient == 0).all()
    else:
        assert history.train[0, -1] < 0.95 * history.train[0, 0]
    assert np.array_equal(history.train, history.validation)


def test_the_parameters_of_a_loss_are_passed_on():
    train, validation = lesson(20)
    for delta in (0.1, 2.0):
        setting = Setting(loss=LOSSES["huber"], loss_params={"delta": delta}, epochs=1)
        history = train_runs(setting, [Plan(model=Polynomial(2), lr=0.1)], [train], [validation])
        assert history.train[0, 0] == pytest.approx(LOSSES["huber"].value(0.0, train.target, delta=delta).mean())


def test_metrics():
    z, y = np.array([[2.0, -1.0, 0.0, 5.0]]), np.array([[1.0, 1.0, 0.0, 0.0]])
    assert accuracy(z, y, np.full((1, 4), 0.25)) == pytest.approx([0.5])
    assert accuracy(z, y, np.array([[0.5, 0.25, 0.25, 0.0]])) == pytest.approx([0.75])
    assert np.isnan(accuracy(np.array([np.nan]), np.ones(1), np.ones(1)))
    assert root_mean_squared_error(z, y, np.full((1, 4), 0.25)) == pytest.approx([np.sqrt((1 + 4 + 0 + 25) / 4)])
    assert root_mean_squared_error(np.array([1.0, np.inf]), np.zeros(2), np.array([1.0, 0.0])) == 1.0


def test_two_moons_are_learned_and_the_metric_may_be_ones_own():
    both = DATASETS["moons"].split(100, 0.1)
    train, validation = Examples.of(both.train), Examples.of(both.validation)
    plan = Plan(model=Perceptron((16, 16)), lr=0.02)
    history = train_runs(Setting(loss=ENTROPY), [plan], [train], [validation])
    assert history.validation_metric[0, -1] > 0.97
    assert history.validation_metric[0, 0] < 0.9

    def largest(scores, _target, _weights):
        return scores.max(axis=-1)

    own = train_runs(Setting(loss=ENTROPY, epochs=3, metric=largest), [plan], [train], [validation], keep=9)
    np.testing.assert_allclose(own.train_metric, own.predict(slice(None), train.x).max(axis=-1), rtol=1e-12)
    assert own.epochs_kept.tolist() == [0, 1, 2, 3]


def test_a_high_degree_follows_the_noise():
    both = DATASETS["wave"].split(30, 0.4, seed=1)
    train, validation = Examples.of(both.train), Examples.of(both.validation)
    plans = [Plan(model=Polynomial(degree), lr=0.05) for degree in (1, 6, 20)]
    history = train_runs(Setting(loss=SQUARE, epochs=600), plans, [train] * 3, [validation] * 3)
    low, right, high = history.train[:, -1]
    assert low > 2 * right > 2 * high
    low, right, high = history.validation[:, -1]
    assert low > 2 * right
    assert high > 10 * right
    assert history.validation[2].min() < 0.2 * high  # it was better before
