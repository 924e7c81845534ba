"""The fits of thousands of samples at once, against a general minimiser on each alone."""

import numpy as np
import pytest
from scipy.optimize import minimize

from core.advice import fit
from core.losses import LOSSES

PLACES = np.linspace(-2.0, 2.0, 9)
BASIS = np.stack([np.ones_like(PLACES), PLACES], axis=1)
PROBLEMS = 5


def samples(labels, rows=150):
    """Counts [P, labels, places] of examples whose label rises with the place."""
    random = np.random.default_rng(3)
    chance = np.exp(np.arange(labels)[:, None] * (0.3 + PLACES))
    chance /= chance.sum() * len(PLACES) / 9
    return random.multinomial(rows, (chance / chance.sum()).ravel(), PROBLEMS).reshape(PROBLEMS, labels, -1) * 1.0


def lowest(objective, start):
    """The minimum of a function of a flat theta, by a general method without derivatives of ours."""
    found = minimize(objective, start, method="BFGS", options={"gtol": 1e-9})
    return found.x, found.fun


@pytest.mark.parametrize("key", ["binary_cross_entropy", "brier", "weighted_binary_cross_entropy", "exponential"])
def test_scores_of_two_classes(key):
    loss, seen = LOSSES[key], samples(2)
    params = {"pos_weight": np.full(PROBLEMS, 3.0)} if key.startswith("weighted") else {}
    theta = fit.fit_scores(loss, BASIS, np.array([[[0.0], [1.0]]]), seen, params)
    for own, counts in zip(theta, seen, strict=True):
        y = np.repeat([0.0, 1.0], counts.sum(axis=1).astype(int))
        x = np.concatenate([np.repeat(PLACES, row.astype(int)) for row in counts])  # a row for each example

        def objective(given, x=x, y=y):
            each = loss.value(given[0] + given[1] * x, y, **{name: value[0] for name, value in params.items()})
            return each.mean() + fit.PENALTY * given[1] ** 2

        best, least = lowest(objective, np.zeros(2))
        assert objective(own) <= least + 1e-9
        np.testing.assert_allclose(own, best, atol=2e-4)


@pytest.mark.parametrize("key", ["poisson", "squared_error"])
def test_curves_that_are_always_positive(key):
    random = np.random.default_rng(5)
    counts = random.poisson(np.exp(0.5 + 0.6 * PLACES), (PROBLEMS, 4, len(PLACES))) * 1.0
    theta = fit.fit_scores(LOSSES[key], BASIS, counts, np.ones((1, 4, len(PLACES))), {}, exponential=True)
    for own, y in zip(theta, counts, strict=True):

        def objective(given, y=y):
            return LOSSES[key].value(np.exp(BASIS @ given), y).mean() + fit.PENALTY * given[1] ** 2

        best, least = lowest(objective, own + 0.05)
        assert objective(own) <= least + 1e-8
        np.testing.assert_allclose(own, best, atol=1e-3)


FORMS = {
    "categorical_cross_entropy": (fit.CROSS_ENTROPY, {}),
    "generalized_cross_entropy": (fit.generalized(0.7), {"s": 0.7}),
    "multiclass_focal": (fit.focal(2.0), {"gamma": 2.0}),
}


@pytest.mark.parametrize("key", FORMS)
def test_a_loss_of_the_right_class_alone_is_the_one_of_its_record(key):
    form, params = FORMS[key]
    logs = np.log(np.array([0.9, 0.5, 0.05, 1e-4]))
    z = np.stack([logs, np.log1p(-np.exp(logs))], axis=-1)  # scores whose softmax these are
    np.testing.assert_allclose(form.value(logs), LOSSES[key].value(z, np.zeros(4), **params), rtol=1e-9)
    step = 1e-5
    slope = (form.value(logs + step) - form.value(logs - step)) / (2 * step)
    curvature = (form.slope(logs + step) - form.slope(logs - step)) / (2 * step)
    np.testing.assert_allclose(form.slope(logs), slope, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(form.curvature(logs), curvature, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("key", FORMS)
def test_scores_of_three_classes(key):
    form, params = FORMS[key]
    seen = samples(3)
    usual = fit.fit_classes(fit.CROSS_ENTROPY, BASIS, seen)
    theta = fit.fit_classes(form, BASIS, seen, usual)
    penalty = np.tile([fit.PENALTY / 10, fit.PENALTY], 3)
    for own, counts in zip(theta, seen, strict=True):

        def objective(given, counts=counts):
            z = BASIS @ given.reshape(3, 2).T
            each = np.stack([LOSSES[key].value(z, np.full(len(z), float(label)), **params) for label in range(3)])
            return (counts * each).sum() / counts.sum() + penalty @ given**2

        _, least = lowest(objective, own.ravel() + 0.02)
        assert objective(own.ravel()) <= least + 1e-7
    assert (key == "categorical_cross_entropy") == np.allclose(theta, usual)


def test_positive_lines():
    random = np.random.default_rng(7)
    x = random.uniform(0, 5, (PROBLEMS, 40))
    y = (2 + x) * np.exp(0.6 * random.normal(size=(2, PROBLEMS, 40)))
    loss = LOSSES["squared_log_error"]
    theta = fit.fit_positive_lines(loss, x, y)
    assert theta.shape == (2, PROBLEMS, 2)
    for run in range(2):
        for problem in range(PROBLEMS):

            def objective(given, run=run, problem=problem):
                pred = given[0] + given[1] * x[problem]
                return loss.value(pred, y[run, problem]).mean() if (pred > -1).all() else np.inf

            best, least = lowest(objective, theta[run, problem] * 1.02)
            assert objective(theta[run, problem]) <= least + 1e-9
            np.testing.assert_allclose(theta[run, problem], best, atol=1e-3)
