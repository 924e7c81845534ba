"""The picture of training: what stands on it is what the definitions say of weights that are trained by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from core.datasets import DATASETS
from core.losses import LOSSES
from core.stage.table import csv
from core.views import VIEWS
from core.views.class_probabilities.train.runs import STEP
from tests.views import shown
from tests.views.class_probabilities.train_scenes import COLUMNS, note, reading
from tests.views.texts import filled

PENALTY = 1e-4
MAP_CELLS = 25


def arrived(**words):
    return shown.Shown(*shown.asked("class_train", words))


def standardised(seed=1, data="flowers", wrong=0.0):
    """Bases [n, 3] and labels of the training set and of the test set."""
    train, test = DATASETS[data].split(seed, wrong)
    mean, deviation = train.features.mean(axis=0), train.features.std(axis=0)
    bases = [np.column_stack([np.ones(len(one)), (one.features - mean) / deviation]) for one in (train, test)]
    return bases, [one.target.astype(int) for one in (train, test)]


def trained(key, wrong, **params):
    """The scores of the test set, of a model that SciPy trains, and its labels."""
    (basis, unseen), (target, labels) = standardised(wrong=wrong)
    loss = LOSSES[key]

    def objective(theta):
        w = theta.reshape(3, 3)
        z = basis @ w.T
        grad = loss.grad(z, target, **params).T @ basis / len(target)
        return (loss.value(z, target, **params).mean() + PENALTY * (w[:, 1:] ** 2).sum(),
                (grad + 2 * PENALTY * w * [0, 1, 1]).ravel())  # fmt: skip

    ends = [minimize(objective, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
            for start in (np.zeros(9), np.random.default_rng(0).normal(size=9))]  # fmt: skip
    return unseen @ min(ends, key=lambda end: end.fun).x.reshape(3, 3).T, labels


@pytest.mark.parametrize(
    ("key", "wrong", "sliders", "params"),
    [
        ("categorical_cross_entropy", 30, {"label_smoothing": 0.1}, {"label_smoothing": 0.1}),
        ("generalized_cross_entropy", 20, {"generalized_cross_entropy.s": 0.7}, {"s": 0.7}),
        ("multiclass_brier", 0, {}, {}),
    ],
)
def test_the_numbers_are_those_of_a_model_that_scipy_trains(key, wrong, sliders, params):
    page = arrived(losses=key)
    moved = {"wrong": float(wrong), **sliders}
    z, labels = trained(key, wrong / 100, **params)
    q, name = softmax(z, axis=1), LOSSES[key].short
    winner = z.argmax(axis=1)
    confusion = np.array([[np.sum((labels == i) & (winner == j)) for j in range(3)] for i in range(3)])
    f1 = [2 * confusion[k, k] / (confusion[k].sum() + confusion[:, k].sum()) for k in range(3)]
    expected = {
        "accuracy": np.mean(winner == labels),
        "macro_f1": np.mean(f1),
        "log_loss": -log_softmax(z, axis=1)[np.arange(len(labels)), labels].mean(),
        "brier": ((q - np.eye(3)[labels]) ** 2).sum(axis=1).mean(),
    }
    assert set(expected) == set(COLUMNS)
    for column, value in expected.items():
        assert reading(page, name, column, moved) == pytest.approx(value, rel=1e-4), column
    (grid,) = page.stage.grids
    cells = [[float(page.row(cell.number.lives[0], moved)) for cell in cells] for _, cells in grid.rows]
    np.testing.assert_array_equal(cells, confusion)
    shares = [[float(page.row(cell.share, moved)) for cell in cells] for _, cells in grid.rows]
    np.testing.assert_allclose(np.sum(shares, axis=1), 1)
    text = note(page, name, moved)
    assert f"it is right: {100 * q.max(axis=1).mean():.3g} % and {100 * expected['accuracy']:.3g} %" in text
    assert "Minimum: gradient norm" in text
    (bins,) = page.traces(name, 3, moved)
    middle = (q.max(axis=1) > 0.9) & (q.max(axis=1) <= 1.0)
    if middle.any():
        assert bins["x"][9] == pytest.approx(q.max(axis=1)[middle].mean(), rel=1e-4)
        assert bins["y"][9] == pytest.approx((winner == labels)[middle].mean())


def test_the_summary_says_the_numbers_of_the_key():
    page = arrived(wrong="30")
    plain, gce = (f"{100 * reading(page, name, 'accuracy', {}):.3g}" for name in ("Cross-entropy", "GCE"))
    text = filled(page.stage.summary, page.values)
    assert text.startswith(f"With 30 % wrong labels, test accuracy is {plain} % under Cross-entropy and {gce} % under")
    assert float(gce) > float(plain) + 10  # what the picture is opened for


def test_a_map_is_positive_where_its_class_wins_and_crosses_0_at_the_boundary():
    page = arrived(losses="kl_divergence")
    leads = np.array([one["z"] for one in page.traces("lead", 0, {})])
    assert leads.shape == (3, MAP_CELLS, MAP_CELLS)
    assert ((leads > 0).sum(axis=0) <= 1).all()
    assert np.abs(leads).max() <= 1
    lines = np.array([one["z"] for one in page.traces("boundary", 0, {})])
    np.testing.assert_array_equal(lines, leads[1:])  # the first class ends where another begins
    setosa, versicolor, virginica = leads
    assert setosa[0, 0] > 0.9
    assert virginica[-1, -1] > 0.9
    assert versicolor[MAP_CELLS // 2, MAP_CELLS // 2] > 0


def test_points_stand_by_the_label_that_is_trained_on_and_wrong_ones_have_a_ring():
    page = arrived()
    for wrong in (0.0, 30.0, 50.0):
        train = DATASETS["flowers"].split(1, wrong / 100).train
        for label, name in enumerate(train.names):
            drawn = page.traces(name, 0, {"wrong": wrong})[0]
            assert np.isfinite(drawn["x"]).sum() == (train.target == label).sum()
        rings = page.traces("wrong label", 0, {"wrong": wrong})[0]
        assert np.isfinite(rings["x"]).sum() == round(wrong / 100 * len(train))


def test_step_by_step_the_curves_are_gradient_descent():
    page = arrived(training="gradient_descent", losses="categorical_cross_entropy,multiclass_brier", level="8")
    (basis, unseen), (target, labels) = standardised()
    for name, key in (("Cross-entropy", "categorical_cross_entropy"), ("Multiclass Brier", "multiclass_brier")):
        loss, w, accuracy, norms = LOSSES[key], np.zeros((3, 3)), [], []
        w[0, 0] = 8.0
        for step in range(201):
            gradient = loss.grad(basis @ w.T, target).T @ basis / len(target) + 2 * PENALTY * w * [0, 1, 1]
            if step % 5 == 0:
                accuracy.append(np.mean((unseen @ w.T).argmax(axis=1) == labels))
                norms.append(np.linalg.norm(gradient))
            w -= 1.0 * gradient
        (curve,), (size,) = page.traces(name, 2, {}), page.traces(name, 3, {})
        np.testing.assert_allclose(curve["y"], accuracy)
        np.testing.assert_allclose(size["y"], norms, rtol=1e-9)
        np.testing.assert_array_equal(curve["x"], STEP.values)
        assert f"{np.linalg.norm(loss.grad([8.0, 0, 0], 1)):.3g} in its scores" in note(page, name, {})
    text = filled(page.stage.summary, page.values)
    assert text.startswith(f"The first gradient has the norm {1.14:g} under Cross-entropy and 0.0022")


def test_wrong_labels_of_none_say_nothing_about_wrong_labels():
    page = arrived()
    assert "Wrong labels" not in note(page, "GCE", {"wrong": 0.0})
    assert "Wrong labels cost" in note(page, "Cross-entropy", {"wrong": 30.0})


def test_the_file_has_every_flower_of_the_test_set_with_probabilities_that_sum_to_1():
    page = arrived(wrong="30", losses="one_vs_rest_cross_entropy,generalized_cross_entropy")
    lines = csv(page.stage, page.values).splitlines()
    assert lines[0].startswith("Petal length (cm),Petal width (cm),class,generalized_cross_entropy setosa")
    assert len(lines) == 76
    row = lines[1].split(",")
    assert row[2] == "setosa"
    assert [sum(map(float, part)) for part in (row[3:6], row[6:9])] == [pytest.approx(1), pytest.approx(1)]


def test_a_training_that_diverges_is_said_to_and_has_no_numbers():
    page = arrived(training="momentum", features="quadratic", losses="categorical_cross_entropy", data="three_clouds")
    text = note(page, "Cross-entropy", {"lr": 10.0})
    accuracy = reading(page, "Cross-entropy", "accuracy", {"lr": 10.0})
    assert np.isnan(accuracy) == ("diverges" in text)
    assert len(VIEWS["class_train"].choose().stage.cards) == 3


@pytest.mark.parametrize(("training", "most"), [("minimum", None), ("momentum", 3)])
def test_every_loss_can_be_shown(training, most):
    """At its minimum; step by step three of them, for time."""
    options = list(VIEWS["class_train"].param("losses").options)[:most]
    for first in range(0, len(options), 3):
        page = arrived(losses=",".join(options[first : first + 3]), training=training, data="three_clouds")
        numbers = [reading(page, LOSSES[key].short, "accuracy", {}) for key in options[first : first + 3]]
        assert min(numbers) > 0.8
