"""What a classifier can be trained under: which there are, and that each one's derivatives are its own."""

import itertools

import numpy as np
import pytest

from core.losses import BATCH_LOSSES, LOSSES, losses_of
from core.models.balance import balanced_weight
from core.models.objectives import OBJECTIVES, has_slope

H = 1e-3
BINARY = list(losses_of("binary"))


def settings(objective):
    """Every combination of the sliders' ends and defaults."""
    choices = [sorted({param.frames[0], param.default, param.frames[-1]}) for param in objective.params]
    return [dict(zip(objective.defaults, map(float, values), strict=True)) for values in itertools.product(*choices)]


EACH = [(objective, params) for objective in OBJECTIVES.values() for params in settings(objective)]


def sample(n=25, seed=1):
    """Scores none of which is near a kink, and both classes."""
    random = np.random.default_rng(seed)
    score = random.normal(0, 2, n)
    assert np.abs(np.abs(score) - 1).min() > 5 * H
    return score, (np.arange(n) % 4 == 0).astype(float)


def test_every_loss_with_a_slope_is_there_in_the_order_of_the_pickers():
    assert list(OBJECTIVES) == [*(key for key in BINARY if has_slope(LOSSES[key])), "class_balanced", *BATCH_LOSSES]
    assert {key for key in BINARY if not has_slope(LOSSES[key])} >= {"zero_one"}
    for key, objective in OBJECTIVES.items():
        assert key == objective.key == str(objective)
        for record in {**LOSSES, **BATCH_LOSSES}.values():
            if record.key == key:
                assert (objective.name, objective.short) == (record.name, record.short)
                assert (objective.params, objective.formula) == (record.params, record.formula)
    assert len({objective.short for objective in OBJECTIVES.values()}) == len(OBJECTIVES)


def test_an_objective_is_convex_and_smooth_where_its_loss_is():
    assert not any(OBJECTIVES[key].convex for key in ("focal", "brier", *BATCH_LOSSES))
    assert OBJECTIVES["binary_cross_entropy"].convex
    for key in BINARY:
        if key in OBJECTIVES:
            assert (OBJECTIVES[key].convex, OBJECTIVES[key].smooth) == (LOSSES[key].convex, not LOSSES[key].subgradient)


@pytest.mark.parametrize(("objective", "params"), EACH, ids=str)
def test_slope_and_curvature_are_derivatives(objective, params):
    score, target = sample()

    def along(f):
        steps = [np.array([f(score + k * H * row) for row in np.eye(len(score))]) for k in (-2, -1, 1, 2)]
        return (8 * (steps[2] - steps[1]) - (steps[3] - steps[0])) / (12 * H)

    slope = objective.grad(score, target, **params)
    found = along(lambda z: objective.value(z, target, **params))
    np.testing.assert_allclose(slope, found, atol=1e-9 * max(1, np.abs(found).max()))
    second = along(lambda z: objective.grad(z, target, **params))
    tolerance = 1e-8 * max(1, np.abs(second).max())
    turned = objective.hessian_product_of(score, target, np.eye(len(score)), **objective.formula_params(target, params))
    np.testing.assert_allclose(turned, second, atol=tolerance)
    curvature = objective.curvature(score, target, **params)
    if curvature is not None:
        np.testing.assert_allclose(np.diag(curvature), second, atol=tolerance)
    assert (curvature is None) == (objective.key in BATCH_LOSSES)


@pytest.mark.parametrize(("objective", "params"), EACH, ids=str)
def test_the_value_is_the_mean_of_each_where_examples_have_their_own(objective, params):
    score, target = sample()
    value, each = objective.value(score, target, **params), objective.per_example(score, target, **params)
    if each is None:
        assert value == BATCH_LOSSES[objective.key].value(score, target, **params)
    else:
        assert each.shape == score.shape
        assert value == pytest.approx(each.mean(), rel=1e-14)
        if objective.key in LOSSES:
            np.testing.assert_array_equal(each, LOSSES[objective.key].value(score, target, **params))


def test_class_balanced_is_weighted_by_the_counts_it_sees():
    score, _ = sample(40)
    for positives in (1, 5, 20):
        target = (np.arange(len(score)) < positives).astype(float)
        for beta in OBJECTIVES["class_balanced"].params[0].frames:
            weight = balanced_weight(positives, len(score) - positives, beta)
            same = OBJECTIVES["weighted_binary_cross_entropy"].value(score, target, pos_weight=weight)
            assert OBJECTIVES["class_balanced"].value(score, target, beta=beta) == pytest.approx(same, rel=1e-14)
    assert OBJECTIVES["class_balanced"].value(score, target, beta=0) == pytest.approx(
        OBJECTIVES["binary_cross_entropy"].value(score, target), rel=1e-14
    )


def test_sliders_and_formulas():
    for objective in OBJECTIVES.values():
        for param in objective.params:
            assert param.default in param.frames
            assert (param.frames[0], param.frames[-1]) == (param.low, param.high)
            assert (np.diff(param.frames) > 0).all()
            assert param.domain.holds(param.frames)
            assert param.latex in objective.formula
        assert "%(" not in objective.formula_at()
    assert r"\beta = 0.99999" in OBJECTIVES["class_balanced"].formula_at(beta=0.99999)


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=str)
def test_what_is_wrong_is_said_and_nothing_given_is_changed(objective):
    score, target = sample()
    score.flags.writeable = target.flags.writeable = False
    for f in (objective.value, objective.grad, objective.curvature, objective.per_example):
        f(score, target)
        for given, message in (
            (([1.0, np.nan], [0, 1]), rf"score must be finite, got nan at \[1\] \({objective}\)"),
            (([1.0, 2.0], [0, 2]), rf"target must be 0 or 1, got 2 at \[1\] \({objective}\)"),
            (([1.0, 2.0], [0, 1, 1]), r"one row of as many examples, got \(2,\) and \(3,\)"),
            (([], []), r"one row of as many examples, got \(0,\) and \(0,\)"),
            ((1.0, 1), r"one row of as many examples, got \(\) and \(\)"),
        ):
            with pytest.raises(ValueError, match=message):
                f(*given)
        with pytest.raises(TypeError, match=f"{objective} has no parameter 'c'"):
            f(score, target, c=1)
        for param in objective.params:
            with pytest.raises(ValueError, match=f"{param.name} must be one number, got shape"):
                f(score, target, **{param.name: param.frames[:2]})
            with pytest.raises(ValueError, match=f"{param.name} must be .*, got .*-1"):
                f(score, target, **{param.name: -1})


def test_class_balanced_needs_both_classes():
    with pytest.raises(ValueError, match="positives must be at least 1, got 0"):
        OBJECTIVES["class_balanced"].value([1.0, 2.0], [0, 0])
    with pytest.raises(ValueError, match="negatives must be at least 1, got 0"):
        OBJECTIVES["class_balanced"].grad([1.0, 2.0], [1, 1])
