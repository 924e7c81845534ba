"""Early stopping by curves made by hand, divergence, and the weights that are kept."""

import numpy as np
import pytest

from core.optimizers import OPTIMIZERS
from core.training import Examples, History, Perceptron, Plan, Polynomial, Setting, train_runs
from core.training.history import CURVES, FAR, diverged_epochs, patience_epochs
from tests.training.cases import SQUARE, VARIED, sample, varied

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("curve", "patience", "stopped"),
    [
        ([5, 4, 3, 2, 1], 1, -1),
        ([5, 4, 3, 4, 5, 6], 2, 4),
        ([5, 4, 3, 4, 5, 1], 2, 4),  # what would have come later is not waited for
        ([5, 4, 3, 4, 5, 1], 3, -1),
        ([5, 4, 4, 4, 4], 2, 3),  # an equal is no improvement
        ([1, 2, 3, 4], 2, 2),
        ([1, 2, 3, 4], 0, -1),
        ([3, 2, NAN, NAN, NAN, NAN], 3, 4),
        ([3, NAN, 2, INF, INF], 3, -1),
        ([NAN, NAN, NAN], 2, 2),
        ([3, -INF, 2, 5, 5], 2, 4),  # nor is what is not finite
    ],
)
def test_early_stopping(curve, patience, stopped):
    history = of_curves(curve, patience)
    assert history.stop_epoch.tolist() == [stopped]


def of_curves(validation, patience=0, train=None):
    validation = np.array([validation], dtype=float)
    train = validation if train is None else np.array([train], dtype=float)
    nothing = np.zeros_like(validation)
    return History(
        models=(Polynomial(1),),
        spans=((-1.0, 1.0),),
        inputs=1,
        patience=patience,
        train=train,
        validation=validation,
        train_metric=nothing,
        validation_metric=nothing,
        gradient=nothing,
        epochs_kept=np.array([0, 1]),
        weights=np.array([[[0.0, 1.0], [2.0, 3.0]]]),
        precision=np.float64,
    )


def test_the_best_epoch_is_the_first_of_the_least_finite_losses():
    assert of_curves([3, 2, 1, 1, NAN]).best_epoch == [2]
    assert of_curves([3, NAN, -INF, 2, INF]).best_epoch == [3]
    assert of_curves([NAN, INF]).best_epoch == [0]


def test_stopping_is_asked_of_each_run():
    curves = np.array([[3.0, 2, 1, 0], [0, 1, 2, 3]])
    assert patience_epochs(curves, 2).tolist() == [-1, 2]
    assert patience_epochs(curves, 0).tolist() == [-1, -1]


def test_a_loss_that_is_not_finite_or_far_too_large_has_diverged():
    fine = [1.0, 2, 3, 4]
    for curve, epoch in (
        (fine, -1),
        ([1, NAN, 2, 2], 1),
        ([1, 2, INF, 2], 2),
        ([1, 2, -INF, 2], 2),
        ([1, 2, 2, 2.1 * FAR], 3),
        ([1, 2, 2, 1.9 * FAR], -1),
        ([-1, 0, 1, 2], -1),
        ([0, 0, 1, 2], -1),
        ([NAN, 1, 1, 1], 0),
        ([INF, 1, 1, 1], 0),
    ):
        for train, validation in ((curve, fine), (fine, curve)):
            assert diverged_epochs(np.array([train], float), np.array([validation], float)).tolist() == [epoch]
            assert of_curves(validation, train=train).diverged_epoch.tolist() == [epoch]


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("batch", [0, 8])
def test_a_huge_rate_diverges_by_itself(precision, batch):
    train, validation = varied(SQUARE)
    setting = Setting(loss=SQUARE, optimizer="gradient_descent", epochs=200, batch=batch)
    wild = [Plan(model=plan.model, lr=1e3 if number % 2 else plan.lr) for number, plan in enumerate(VARIED)]
    with np.errstate(all="raise", under="ignore"):
        history = train_runs(setting, wild, train, validation, precision=precision)
        scores = history.predict(slice(None), validation[0].x)
        assert history.best_epoch.shape == history.stop_epoch.shape == (8,)
    assert (history.diverged_epoch >= 0).tolist() == [False, True] * 4
    assert (history.diverged_epoch[1::2] > 0).all()
    assert not np.isfinite(history.train[1::2, -1]).any()
    assert np.isfinite(history.train[::2]).all()
    assert np.isfinite(scores[::2]).all()
    calm = train_runs(setting, wild[::2], train[::2], validation[::2], precision=precision)
    np.testing.assert_allclose(history.train[::2], calm.train, rtol=1e-9 if precision == np.float64 else 1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_warns_or_fails_when_it_diverges(optimizer):
    examples = sample(SQUARE, 6)
    huge = Examples(examples.x, 1e100 * examples.target)
    plans = [Plan(model=model, lr=1e300) for model in (Perceptron((2,)), Polynomial(2))]
    with np.errstate(all="raise", under="ignore"):
        history = train_runs(Setting(loss=SQUARE, optimizer=optimizer, epochs=5), plans, [huge] * 2, [examples] * 2)
    assert (history.diverged_epoch > 0).all()


def test_kept_epochs_are_spread_and_their_models_predict_what_was_recorded():
    train, validation = varied(SQUARE)
    history = train_runs(Setting(loss=SQUARE, epochs=50), VARIED, train, validation, keep=6)
    assert history.epochs_kept.tolist() == [0, 10, 20, 30, 40, 50]
    assert history.train.shape == history.gradient.shape == (8, 51)
    recorded = [
        (train, history.train, history.train_metric),
        (validation, history.validation, history.validation_metric),
    ]
    for lists, curve, metric in recorded:
        for run, examples in enumerate(lists):
            scores = history.predict(run, examples.x)
            assert scores.shape == (6, len(examples))
            losses = ((scores - examples.target) ** 2).mean(axis=-1)
            np.testing.assert_allclose(losses, curve[run, history.epochs_kept], rtol=1e-9)
            np.testing.assert_allclose(np.sqrt(losses), metric[run, history.epochs_kept], rtol=1e-9)
    x = np.linspace(-2, 2, 9)[:, None]
    assert np.array_equal(history.predict(slice(2, 5), x), [history.predict(run, x) for run in (2, 3, 4)])
    assert np.array_equal(history.predict(-1, x), history.predict(7, x))
    assert history.predict(slice(0, 0), x).shape == (0, 6, 9)


@pytest.mark.parametrize("batch", [0, 4])
def test_the_models_are_the_same_where_no_curves_are_measured(batch):
    train, validation = varied(SQUARE)
    setting = Setting(loss=SQUARE, epochs=9, batch=batch)
    measured, not_measured = (train_runs(setting, VARIED, train, validation, curves=curves) for curves in (True, False))
    np.testing.assert_array_equal(measured.weights, not_measured.weights)
    assert np.isnan([getattr(not_measured, name) for name in CURVES]).all()


def test_a_history_of_some_runs():
    train, validation = varied(SQUARE)
    history = train_runs(Setting(loss=SQUARE, epochs=9, patience=1), VARIED, train, validation)
    rows = [3, 0, 3]
    some = history.take(rows)
    for name in (*CURVES, "weights", "best_epoch", "stop_epoch", "diverged_epoch"):
        assert np.array_equal(getattr(some, name), getattr(history, name)[rows]), name
    assert some.models == tuple(VARIED[run].model for run in rows)
    x = np.linspace(-2, 2, 5)[:, None]
    assert np.array_equal(some.predict(slice(None), x), history.predict(slice(None), x)[rows])


def test_a_prediction_needs_points_of_as_many_inputs():
    for x in (np.zeros(3), np.zeros((3, 2))):
        with pytest.raises(ValueError, match=r"x must be points \[n, 1\], got shape \(3"):
            of_curves([1, 2]).predict(0, x)
