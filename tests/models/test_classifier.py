"""Trained classifiers: known answers, other libraries' answers, and a zero gradient for every objective."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.datasets import DATASETS
from core.models.classifier import Features, fit_classifier
from core.models.objectives import OBJECTIVES
from tests.models.test_objectives import settings

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "classifier.json").read_text())
EACH = [(objective, params) for objective in OBJECTIVES.values() for params in settings(objective)]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def constant(key, positives=10, n=1000, **params):
    """What is trained when no feature changes, as a probability."""
    points = np.tile([3.1, 0.1], (n, 1))
    target = (np.arange(n) < positives).astype(float)
    fit = fit_classifier(OBJECTIVES[key], Features.of(points, "quadratic").basis(points), target, **params)
    assert fit.converged, fit.summary
    assert not fit.weights[1:].any()
    return sigmoid(fit.weights[0])


def test_the_best_constants_at_a_rate_of_1_percent_come_out_of_the_training():
    assert constant("binary_cross_entropy") == pytest.approx(0.01, rel=1e-12)
    assert constant("brier") == pytest.approx(0.01, rel=1e-10)
    assert round(constant("focal", gamma=2, alpha=0.5), 3) == 0.154
    assert round(constant("focal", gamma=2, alpha=0.25), 3) == 0.108
    assert constant("weighted_binary_cross_entropy", pos_weight=99) == pytest.approx(0.5, rel=1e-12)
    assert constant("class_balanced", beta=1) == pytest.approx(0.5, rel=1e-12)
    assert constant("class_balanced", beta=0) == pytest.approx(0.01, rel=1e-12)
    assert constant("dice", smooth=0) == pytest.approx(0.1, rel=1e-10)  # the root of the rate


@pytest.mark.parametrize("key", ["hinge", "squared_hinge", "exponential"])
def test_the_constants_of_margin_losses(key):
    """The sign, 2 P - 1 and half the log-odds."""
    score = {"hinge": -1.0, "squared_hinge": -0.98, "exponential": 0.5 * np.log(1 / 99)}[key]
    assert constant(key) == pytest.approx(sigmoid(score), rel=1e-12)


@pytest.mark.parametrize("block", REFERENCE["fits"], ids=lambda b: f"{b['key']}-{b['params']}-{b['kind']}")
def test_weights_are_those_of_other_libraries(block):
    points, target = np.array(REFERENCE["points"]), np.array(REFERENCE["target"])
    objective, basis = OBJECTIVES[block["key"]], Features.of(points, block["kind"]).basis(points)
    fit = fit_classifier(objective, basis, target, penalty=block["penalty"], **block["params"])
    assert fit.converged, fit.summary
    # libsvm stops at about 1e-6; the others where their gradients are below 1e-8.
    near = 2e-5 if block["key"] == "hinge" else 1e-7
    np.testing.assert_allclose(fit.weights, block["weights"], atol=near)
    assert fit.value <= block["value"] * (1 + 1e-12)
    assert fit.value == pytest.approx(block["value"], rel=1e-6 if block["key"] == "hinge" else 1e-12)


def test_every_objective_was_compared_with_another_library():
    compared = {block["key"] for block in REFERENCE["fits"]}
    assert {key for key, one in OBJECTIVES.items() if one.equivalents} <= compared <= set(OBJECTIVES), (
        "run `make reference`"
    )
    assert {block["library"] for block in REFERENCE["fits"]} == {"scikit-learn", "torch"}


def gradient(objective, basis, target, weights, penalty, params):
    """Largest component, of what it would be were all of one sign; from the objective's own checked slope."""
    slope = objective.grad(basis @ weights, target, **params)
    penalty_grad = 2 * penalty * np.append(0, weights[1:])
    return np.abs(slope @ basis + penalty_grad).max() / (np.abs(slope) @ np.abs(basis) + np.abs(penalty_grad)).max()


@pytest.mark.parametrize("share", [0.001, 0.02, 0.5])
@pytest.mark.parametrize("kind", ["linear", "quadratic"])
@pytest.mark.parametrize("data", [DATASETS["clouds"], DATASETS["ring"]], ids=str)
def test_every_objective_ends_at_a_minimum(data, kind, share):
    """Its gradient is zero, and nothing near by is lower; or it says that there is no minimum, and why."""
    train = data.split(share, points=2000).train
    basis, random = Features.of(train.features, kind).basis(train.features), np.random.default_rng(0)
    for objective, params in EACH:
        fit = fit_classifier(objective, basis, train.target, **params)
        if not fit.converged:
            assert not objective.convex
            assert fit.summary.startswith("no minimum: it falls towards"), fit.summary
            continue

        def total(w, objective=objective, params=params):
            return objective.value(basis @ w, train.target, **params) + 1e-4 * w[1:] @ w[1:]

        assert fit.value == pytest.approx(total(fit.weights), rel=1e-13)
        if objective.smooth:
            assert gradient(objective, basis, train.target, fit.weights, 1e-4, params) < 1e-11
        assert fit.gradient < 1e-9
        for size in (1e-4, 1e-2):
            for move in random.normal(0, size, (4, basis.shape[1])):
                assert total(fit.weights + move) >= fit.value * (1 - 1e-14)


def test_soft_f1_of_scores_that_tell_nothing_has_no_minimum():
    """10 positives in 1,000: with smoothing 1 calling nothing positive costs 1 - 1/11, without it everything does."""
    target = (np.arange(1000) < 10).astype(float)
    for smooth, limit, sign in ((1.0, "0.909", "−"), (0.0, "0.98", "+")):
        fit = fit_classifier(OBJECTIVES["soft_f1"], np.ones((1000, 1)), target, smooth=smooth)
        assert not fit.converged
        assert fit.summary == f"no minimum: it falls towards {limit} as all scores go to {sign}∞ together"


@pytest.mark.parametrize(
    ("key", "smooth", "share", "overlap", "seed", "minima"),
    [
        ("soft_f1", 0, 0.02, "much", 0, (0.43725, 0.49329, 0.45606)),  # from plain scores, balanced ones and half these
        ("soft_f1", 1, 0.1, "some", 0, (0.21096, 0.19586, 0.19586)),
        ("dice", 0, 0.02, "much", 2, (0.36018, 0.36018, 0.34909)),
    ],
)
def test_the_lowest_of_several_minima_is_taken(key, smooth, share, overlap, seed, minima):
    """Each start is the best one somewhere."""
    train = DATASETS["clouds"].split(share, overlap, seed, points=1000).train
    basis = Features.of(train.features, "quadratic").basis(train.features)
    fit = fit_classifier(OBJECTIVES[key], basis, train.target, smooth=smooth)
    assert fit.converged
    assert "lowest of 3 starts" in fit.summary
    assert fit.value == pytest.approx(min(minima), abs=1e-5)
    for start in np.random.default_rng(0).normal(0, 2, (3, 6)):
        other = fit_classifier(OBJECTIVES[key], basis, train.target, smooth=smooth, start=start)
        assert "lowest of 4 starts" in other.summary
        assert other.value <= fit.value * (1 + 1e-12)


@pytest.mark.parametrize("kind", ["linear", "quadratic"])
def test_convex_ones_end_at_the_same_place_from_anywhere(kind):
    train = DATASETS["clouds"].split(0.05, points=1500).train
    basis, random = Features.of(train.features, kind).basis(train.features), np.random.default_rng(5)
    for objective, params in EACH:
        if objective.convex:
            fit = fit_classifier(objective, basis, train.target, **params)
            for start in random.normal(0, 1.5, (3, basis.shape[1])):
                other = fit_classifier(objective, basis, train.target, start=start, **params)
                assert other.value == pytest.approx(fit.value, rel=1e-12)
                np.testing.assert_allclose(other.weights, fit.weights, atol=1e-7)


def test_the_weight_of_the_positives_moves_the_scores_by_its_logarithm():
    """Where the model holds the truth and the points are many, weighting is a threshold moved."""
    train = DATASETS["clouds"].split(0.3, points=20_000).train
    basis = Features.of(train.features).basis(train.features)
    plain = fit_classifier(OBJECTIVES["binary_cross_entropy"], basis, train.target, penalty=0.0)
    weighted = fit_classifier(
        OBJECTIVES["weighted_binary_cross_entropy"], basis, train.target, penalty=0.0, pos_weight=8.0
    )
    np.testing.assert_allclose(weighted.weights - plain.weights, [np.log(8), 0, 0], atol=0.15)


def test_a_warm_start_gets_there_in_fewer_steps():
    before, after = (DATASETS["clouds"].split(share).train for share in (0.05, 0.052))
    for key in ("binary_cross_entropy", "weighted_binary_cross_entropy", "squared_hinge", "exponential"):
        first, second = (
            fit_classifier(OBJECTIVES[key], Features.of(train.features).basis(train.features), train.target)
            for train in (before, after)
        )
        basis = Features.of(after.features).basis(after.features)
        warm = fit_classifier(OBJECTIVES[key], basis, after.target, start=first.weights)
        assert warm.steps < second.steps
        np.testing.assert_allclose(warm.weights, second.weights, atol=1e-10)
