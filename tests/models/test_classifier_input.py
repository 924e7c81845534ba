"""What a classifier makes of odd problems, and what it says to wrong ones."""

import numpy as np
import pytest
from scipy.optimize import linprog

from core.datasets import DATASETS
from core.losses.loss import Loss
from core.models.classifier import Features, fit_classifier
from core.models.objectives import OBJECTIVES, mean_objective
from tests.models.test_classifier import EACH

BCE, WEIGHTED, HINGE = (OBJECTIVES[key] for key in ("binary_cross_entropy", "weighted_binary_cross_entropy", "hinge"))
SEPARABLE = ["focal", "brier", "exponential", "class_balanced", "binary_cross_entropy", "soft_f1", "dice"]


def problem(share=0.05, points=1000, kind="linear"):
    train = DATASETS["clouds"].split(share, points=points).train
    basis, target = Features.of(train.features, kind).basis(train.features), train.target.copy()
    basis.flags.writeable = target.flags.writeable = False  # so that every test sees that nothing given is changed
    return basis, target


def apart():
    """Two clouds with a gap between them."""
    train = DATASETS["clouds"].split(0.2, "none", points=400).train
    return Features.of(train.features).basis(train.features), train.target


@pytest.fixture(autouse=True)
def _loud():
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.mark.parametrize("weight", [1e9, 1e-9])
@pytest.mark.parametrize("kind", ["linear", "quadratic"])
def test_any_positive_weight_can_be_trained(weight, kind):
    """At 1e9 the scores go as high as that takes, at 1e-9 as low: the constant's score is log(odds x weight)."""
    basis, target = problem(kind=kind)
    fit = fit_classifier(WEIGHTED, basis, target, pos_weight=weight)
    assert fit.converged, fit.summary
    intercept = fit_classifier(WEIGHTED, np.ones((len(target), 1)), target, pos_weight=weight)
    assert intercept.weights[0] == pytest.approx(np.log(target.sum() / (1 - target).sum() * weight), rel=1e-12)
    assert fit.value <= intercept.value


@pytest.mark.parametrize("weight", [1e300, 1e-300])
def test_a_weight_beyond_reason_breaks_nothing(weight):
    fit = fit_classifier(WEIGHTED, *problem(), pos_weight=weight)
    assert np.isfinite(fit.weights).all()
    assert fit.converged or fit.summary.startswith("no minimum found")


@pytest.mark.parametrize(("objective", "params"), EACH, ids=str)
def test_one_positive_is_enough(objective, params):
    basis, _ = problem()
    target = np.zeros(len(basis))
    target[7] = 1
    fit = fit_classifier(objective, basis, target, **params)
    assert np.isfinite(fit.weights).all()
    assert fit.converged or fit.summary.startswith("no minimum: it falls towards")
    assert fit.converged or not objective.convex


@pytest.mark.parametrize(("objective", "params"), EACH, ids=str)
def test_classes_that_a_line_parts_are_held_by_the_penalty(objective, params):
    basis, target = apart()
    fit = fit_classifier(objective, basis, target, **params)
    assert fit.converged
    assert np.abs(fit.weights).max() < 40
    assert "; a line separates the classes, so only the penalty keeps the weights finite" in fit.summary


@pytest.mark.parametrize("key", SEPARABLE)
def test_without_a_penalty_they_run_away_and_it_says_so(key):
    fit = fit_classifier(OBJECTIVES[key], *apart(), penalty=0)
    assert not fit.converged
    assert np.isfinite(fit.weights).all()
    assert fit.summary == "no minimum found: a line separates the classes, and no penalty keeps the weights finite"


def test_a_hinge_is_content_once_the_margin_is_kept():
    fit = fit_classifier(HINGE, *apart(), penalty=0)
    assert fit.converged
    assert fit.value == 0
    assert "penalty" not in fit.summary


def test_weights_that_grow_without_end_are_no_minimum():
    """Every example of the right half is positive, and in the left half the classes are mixed: no line parts them."""
    points = np.stack([np.repeat([0.0, 1.0], [40, 10]), np.tile([0.3, -1.2, 2.0, 0.4, -0.7], 10)], axis=-1)
    target = np.concatenate([np.tile([0.0, 1.0], 20), np.ones(10)])
    basis = Features.of(points).basis(points)
    for key in ("binary_cross_entropy", "exponential", "brier"):
        fit = fit_classifier(OBJECTIVES[key], basis, target, penalty=0)
        assert not fit.converged
        assert fit.summary.startswith("no minimum found: the weights still grow")
    assert fit_classifier(BCE, basis, target, penalty=1e-9).converged


def test_features_that_never_change_carry_nothing():
    basis, target = problem()
    basis = basis * [1, 1, 0]
    for penalty in (0.0, 1e-4):
        fit = fit_classifier(BCE, basis, target, penalty=penalty)
        other = fit_classifier(BCE, basis[:, :2], target, penalty=penalty)
        assert fit.converged
        np.testing.assert_array_equal(fit.weights, [*other.weights, 0])


@pytest.mark.parametrize("kind", ["linear", "quadratic"])
def test_the_minimum_of_the_hinge_without_penalty_is_that_of_linear_programming(kind):
    basis, target = problem(0.2, 300, kind)
    n, k = basis.shape
    rows = np.hstack([-(2 * target - 1)[:, None] * basis, -np.eye(n)])
    best = linprog(
        np.append(np.zeros(k), np.ones(n) / n), rows, -np.ones(n), bounds=[(None, None)] * k + [(0, None)] * n
    )
    fit = fit_classifier(HINGE, basis, target, penalty=0)
    assert fit.converged
    assert fit.value == pytest.approx(best.fun, rel=1e-10)


def test_a_loss_of_tomorrow_with_kinks_is_trained_like_the_hinge():
    """Two kinks, curved between them, weighted by class: nothing of it is known but its record."""
    tomorrow = Loss.from_margin(
        name="Tomorrow",
        short="Tomorrow",
        value=lambda m: np.maximum(0, 1 - m) + 2 * np.maximum(0, -0.5 - m) + np.exp(-m) / 5,
        grad=lambda m: -1.0 * (m < 1) - 2.0 * (m < -0.5) - np.exp(-m) / 5,
        curvature=lambda m: np.exp(-m) / 5,
        weight=lambda y: np.where(y == 1, 7.0, 1.0),
        kinks=lambda: (-0.5, 1.0),
        subgradient="0 at a margin of 1",
        template="",
        estimates="",
        use_when="",
        watch_out="",
        source=HINGE.source,
        key="tomorrow",
    )
    objective, random = mean_objective(tomorrow), np.random.default_rng(2)
    assert not objective.smooth
    for kind in ("linear", "quadratic"):
        basis, target = problem(kind=kind)
        fit = fit_classifier(objective, basis, target)
        assert fit.converged, fit.summary
        assert "of the minimum" in fit.summary
        value = tomorrow.value(basis @ fit.weights, target).mean() + 1e-4 * fit.weights[1:] @ fit.weights[1:]
        assert fit.value == pytest.approx(value, rel=1e-14)
        moved = fit.weights + np.concatenate(
            [random.normal(0, size, (300, basis.shape[1])) for size in (1e-6, 1e-3, 0.1)]
        )
        others = tomorrow.value(moved @ basis.T, target).mean(axis=1) + 1e-4 * (moved[:, 1:] ** 2).sum(axis=1)
        assert others.min() >= fit.value


BASIS, TARGET = problem(points=200)


@pytest.mark.parametrize(
    ("basis", "target", "given", "message"),
    [
        (BASIS, 0 * TARGET, {}, r"^the training set has no positive: there is nothing to learn \(binary_cross_ent"),
        (BASIS, 0 * TARGET + 1, {}, "^the training set has no negative: there is nothing to learn"),
        (BASIS * [1, 1, np.nan], TARGET, {}, r"^basis must be finite, got nan at \[0, 2\]"),
        (BASIS * [1, np.inf, 1], TARGET, {}, r"^basis must be finite, got -?inf at \[0, 1\]"),
        (BASIS[:0], TARGET[:0], {}, r"^basis must be \[n, k\] and target \[n\], got \(0, 3\) and \(0,\)"),
        (BASIS, TARGET[1:], {}, r"^basis must be \[n, k\] and target \[n\], got \(100, 3\) and \(99,\)"),
        (BASIS[0], TARGET, {}, r"^basis must be \[n, k\] and target \[n\], got \(3,\) and \(100,\)"),
        (BASIS[:, 1:], TARGET, {}, "^column 0 of basis must be 1, the intercept's, got"),
        (BASIS, TARGET * 2, {}, r"^target must be 0 or 1, got 2 at"),
        (BASIS, TARGET, {"penalty": -1}, "^penalty must be at least 0, got -1"),
        (BASIS, TARGET, {"penalty": np.inf}, "^penalty must be at least 0, got inf"),
        (BASIS, TARGET, {"start": [0, np.nan, 0]}, r"^start must be finite, got nan at \[1\]"),
        (BASIS, TARGET, {"start": [0, 0]}, r"penalty must be one number and start \[k\], got \(\) and \(2,\)"),
    ],
)  # fmt: skip
def test_one_sentence_says_what_is_wrong(basis, target, given, message):
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=message):
        fit_classifier(BCE, basis, target, **given)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_weight_outside_its_domain_is_refused(weight):
    with pytest.raises(ValueError, match="pos_weight must be greater than 0, got"):
        fit_classifier(WEIGHTED, BASIS, TARGET, pos_weight=weight)
    with pytest.raises(TypeError, match="binary_cross_entropy has no parameter 'pos_weight'"):
        fit_classifier(BCE, BASIS, TARGET, pos_weight=1.0)
