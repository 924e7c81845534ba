"""Softmax regression: slopes against differences, scikit-learn's answers, and minima that are minima."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.datasets import MULTI_CLASS_DATASETS
from core.losses import LOSSES, losses_of
from core.models.classifier import Features
from core.models.softmax_regression import SoftmaxProblem, descend, fit, is_trainable, lowest, minima_below
from core.models.trained_classes import ClassSettings, minima, training

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "softmax.json").read_text())
TRAINABLE = [loss for loss in losses_of("multi-class").values() if is_trainable(loss)]
SETTINGS = [(loss, params) for loss in TRAINABLE
            for params in ({}, *({one.name: end} for one in loss.params for end in (one.low, one.high)))]  # fmt: skip
CLOUDS = ClassSettings("three_clouds", "linear", 3)


def name_of(value):
    return getattr(value, "key", str(value))


def problem(loss, params, wrong=0.2, data="three_clouds", kind="quadratic", **rest):
    train = MULTI_CLASS_DATASETS[data].split(3, wrong).train
    basis = Features.of(train.features, kind).basis(train.features)
    return SoftmaxProblem.of(loss, basis, train.target, classes=3, params=params, **rest)


def test_what_cannot_be_trained_has_a_corner_no_probability_or_no_finite_value():
    left = set(losses_of("multi-class")) - {loss.key for loss in TRAINABLE}
    assert left == {"reverse_kl_divergence", "crammer_singer_hinge"}


@pytest.mark.parametrize(("loss", "params"), SETTINGS, ids=name_of)
def test_the_slopes_are_those_of_differences(loss, params):
    one = problem(loss, params)
    theta, step = np.random.default_rng(0).normal(size=(1, 18)), 1e-4 * np.eye(18)
    many = one.take(np.zeros(18, dtype=int))
    slope = (many.value(theta + step) - many.value(theta - step)) / 2e-4
    np.testing.assert_allclose(one.gradient(theta)[0], slope, rtol=1e-5, atol=1e-7)
    curvature = (many.gradient(theta + step) - many.gradient(theta - step)) / 2e-4
    np.testing.assert_allclose(one.hessian(theta)[0], curvature, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("block", REFERENCE["fits"], ids=lambda b: f"{b['data']}-{b['kind']}-{b['penalty']}")
def test_cross_entropy_ends_where_scikit_learn_does(block):
    data = REFERENCE["data"][block["data"]]
    basis = Features.of(data["points"], block["kind"]).basis(data["points"])
    one = SoftmaxProblem.of(LOSSES["categorical_cross_entropy"], basis, data["target"], classes=3,
                            penalty=block["penalty"])  # fmt: skip
    found = fit(one)
    weights = found.theta[0].reshape(3, -1)
    assert found.converged.all()
    np.testing.assert_allclose(weights - weights.mean(axis=0), block["weights"], atol=1e-6)
    penalty = block["penalty"] * (np.array(block["weights"])[:, 1:] ** 2).sum()
    assert found.value[0] == pytest.approx(block["log_loss"] + penalty, rel=1e-9)


@pytest.mark.parametrize(("loss", "params"), SETTINGS, ids=name_of)
def test_every_minimum_has_no_gradient_and_no_lower_neighbour(loss, params):
    own = tuple((name, (value,)) for name, value in params.items())
    found = minima(CLOUDS, loss.key, (0.0, 30.0), own)
    assert found.minima.converged.all(), found.minima.summaries(loss)
    assert found.gradient.max() < 1e-8
    one = problem(loss, params, 0.3, kind="linear")
    theta = found.theta.reshape(2, -1)[1:]
    assert np.linalg.norm(one.gradient(theta)) < 1e-8
    around = theta + 1e-3 * np.random.default_rng(1).normal(size=(200, 9))
    assert (one.take(np.zeros(200, dtype=int)).value(around) > one.value(theta)).all()
    assert np.linalg.eigvalsh(one.hessian(theta)[0]).min() > -1e-9


def test_of_a_loss_that_is_not_convex_the_lowest_of_several_starts_is_taken():
    loss = LOSSES["generalized_cross_entropy"]
    one, plain = problem(loss, {"s": 1.0}), problem(LOSSES["kl_divergence"], {})
    near = fit(plain).theta
    found = fit(one, near)
    ends = [minima_below(one, times * near) for times in (0.0, 0.5, 1.0, 2.0)]
    assert found.starts == len(ends)
    assert found.value[0] == min(end.value[0] for end in ends)
    assert lowest(ends).value[0] == found.value[0]
    with pytest.raises(ValueError, match="not convex"):
        fit(one)


def test_problems_of_a_batch_are_as_if_each_were_alone():
    loss = LOSSES["multiclass_focal"]
    shares, gammas = (0.0, 0.2, 0.4), (0.0, 2.0)
    labels = np.array([MULTI_CLASS_DATASETS["three_clouds"].split(3, wrong).train.target for wrong in shares])
    train = MULTI_CLASS_DATASETS["three_clouds"].split(3).train
    basis = Features.of(train.features).basis(train.features)
    together = SoftmaxProblem.of(loss, basis, np.repeat(labels, 2, axis=0), classes=3,
                                 params={"gamma": np.tile(gammas, 3)})  # fmt: skip
    theta = np.random.default_rng(5).normal(size=(6, 9))
    for row, (target, gamma) in enumerate((target, gamma) for target in labels for gamma in gammas):
        alone = SoftmaxProblem.of(loss, basis, target, classes=3, params={"gamma": gamma})
        assert alone.value(theta[row : row + 1])[0] == pytest.approx(together.value(theta)[row], rel=1e-12)
    ends = minima_below(together, np.zeros((6, 9)))
    assert ends.converged.all()


def test_descent_is_gradient_descent_by_hand_and_ends_at_the_minimum():
    one = problem(LOSSES["categorical_cross_entropy"], {}, kind="linear", penalty=0.01)
    start = np.zeros((1, 9))
    theta, norms = descend(one, start, optimizer="gradient_descent", steps=2000, every=1000, lr=0.5)
    first, _ = descend(one, start, optimizer="gradient_descent", steps=1, every=1, lr=0.5)
    np.testing.assert_allclose(first[:, 1], start - 0.5 * one.gradient(start))
    assert norms.shape == (1, 3)
    assert norms[0, -1] < 1e-6
    assert one.value(theta[:, -1])[0] == pytest.approx(fit(one).value[0], rel=1e-9)


def test_a_confident_wrong_start_has_almost_no_gradient_under_squared_error():
    runs = tuple(tuple({"wrong": 0.0, "lr": 1.0, "level": level}.items()) for level in (0.0, 8.0))
    brier = training(CLOUDS, "multiclass_brier", runs, optimizer="gradient_descent", steps=200, every=5)
    plain = training(CLOUDS, "kl_divergence", runs, optimizer="gradient_descent", steps=200, every=5)
    assert brier.gradient.shape == (2, 41)
    assert brier.gradient[1, 0] < 0.01 * brier.gradient[0, 0]
    assert plain.gradient[1, 0] > plain.gradient[0, 0]
    assert brier.measured("accuracy")[1, -1] < 0.5 < 0.9 < plain.measured("accuracy")[1, -1]


def test_what_diverges_is_undefined():
    runs = tuple(tuple({"wrong": 0.0, "lr": rate, "level": 0.0}.items()) for rate in (1.0, 1e200))
    found = training(CLOUDS, "kl_divergence", runs, optimizer="gradient_descent", steps=20, every=5)
    assert found.diverged.tolist() == [[False] * 5, [False, True, True, True, True]]
    assert np.isnan(found.measured("accuracy")).tolist() == found.diverged.tolist()
    assert np.isnan(found.leads()[1, 1:]).all()


def test_a_map_says_how_far_each_class_is_ahead():
    found = minima(CLOUDS, "kl_divergence", (0.0,), ())
    leads = found.leads()[0]
    x, y = CLOUDS.grid
    q = found.probabilities(np.array([[x[3], y[7]]]))[0, 0]
    order = np.sort(q)
    expected = np.where(q == order[-1], order[-1] - order[-2], q - order[-1])
    np.testing.assert_allclose(leads[:, 7, 3], expected, atol=1 / 256)
    assert (np.sort(leads, axis=0)[-2] <= 0).all()


@pytest.mark.parametrize(
    ("basis", "target", "rest", "message"),
    [
        ([[1, 2.0]], [3], {}, "target must be a whole number from 0 to 2, got 3"),
        ([[1, 2.0]], [0, 1], {}, r"basis must be \[n, k\] and target \[P, n\] or \[n\]"),
        ([[2, 2.0]], [0], {}, "column 0 of basis must be 1"),
        ([[1, np.nan]], [0], {}, "basis must be"),
        ([[1, 2.0]], [0], {"penalty": -1}, "penalty must be"),
        ([[1, 2.0]], [0], {"params": {"label_smoothing": 2}}, "label_smoothing must be"),
    ],
)
def test_bad_input_is_refused(basis, target, rest, message):
    with pytest.raises(ValueError, match=message):
        SoftmaxProblem.of(LOSSES["categorical_cross_entropy"], basis, target, classes=3, **rest)
