"""Losses of a whole batch: by hand, by other libraries, by differences, far out, and with what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.losses import BATCH_LOSSES, LOSSES
from tests.losses.cases import settings

BLOCKS = json.loads((Path(__file__).parents[1] / "reference" / "classifier.json").read_text())["batch"]
EACH = [(loss, params) for loss in BATCH_LOSSES.values() for params in settings(loss)]
H = 1e-3


def sample(n=30, seed=0, share=0.3):
    random = np.random.default_rng(seed)
    return random.normal(0, 2, n), (random.random(n) < share).astype(float)


def test_by_hand():
    """Scores 0 and ln 3 are probabilities 1/2 and 3/4; the second example is the positive one."""
    pred, target = [0.0, np.log(3.0)], [0.0, 1.0]
    for smooth in (0.0, 1.0, 5.0):
        soft_f1 = 1 - (2 * 0.75 + smooth) / (1.25 + 1 + smooth)
        dice = 1 - (2 * 0.75 + smooth) / (0.25 + 0.5625 + 1 + smooth)
        assert BATCH_LOSSES["soft_f1"].value(pred, target, smooth=smooth) == pytest.approx(soft_f1, rel=1e-14)
        assert BATCH_LOSSES["dice"].value(pred, target, smooth=smooth) == pytest.approx(dice, rel=1e-14)


def test_of_sure_scores_it_is_one_minus_f1():
    pred = 800.0 * np.array([1, 1, 1, -1, -1, 1, -1, -1, -1, -1])
    target = np.array([1, 1, 0, 1, 0, 0, 0, 0, 1, 0])  # 2 right, 2 false alarms, 2 missed
    for loss in (BATCH_LOSSES["soft_f1"], BATCH_LOSSES["dice"]):
        assert loss.value(pred, target, smooth=0) == pytest.approx(1 - 2 * 2 / (2 * 2 + 2 + 2), rel=1e-14)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: f"{b['key']}-{b['library']}-{b['params']['smooth']:g}")
def test_value_and_gradient_are_those_of_other_libraries(block):
    loss = BATCH_LOSSES[block["key"]]
    arguments = block["pred"], block["target"]
    np.testing.assert_allclose(loss.value(*arguments, **block["params"]), block["value"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(loss.grad(*arguments, **block["params"]), block["grad"], rtol=1e-10, atol=1e-15)


def test_each_is_compared_with_two_libraries():
    compared = {block["key"] for block in BLOCKS}
    assert {"soft_f1", "dice"} <= compared <= set(BATCH_LOSSES)
    assert {(block["key"], block["library"]) for block in BLOCKS} == {
        (key, library) for key in compared for library in ("torch", "monai")
    }


@pytest.mark.parametrize(("loss", "params"), EACH, ids=str)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_gradient_is_the_slope_and_turned_that_of_the_gradient(loss, params, share):
    pred, target = sample(share=share)

    def along(f):
        steps = [f(pred + k * H * np.eye(len(pred))) for k in (-2, -1, 1, 2)]
        return (8 * (steps[2] - steps[1]) - (steps[3] - steps[0])) / (12 * H)

    grad = loss.grad(pred, target, **params)
    np.testing.assert_allclose(grad, along(lambda z: loss.value(z, target, **params)), atol=1e-11)
    assert (np.abs(grad).max() > 1e-4) == (share > 0 or params["smooth"] > 0)
    second = along(lambda z: loss.grad(z, target, **params))
    columns = np.random.default_rng(3).normal(size=(len(pred), 4))
    np.testing.assert_allclose(loss.hessian_product_of(pred, target, columns, **params), second @ columns, atol=1e-10)


@pytest.mark.parametrize("loss", BATCH_LOSSES.values(), ids=str)
@pytest.mark.parametrize("smooth", [0.0, 1e-300, 1.0])
def test_finite_and_quiet_far_out(loss, smooth):
    ends = np.array([-1e4, -745.0, -40.0, -1e-8, 0.0, 36.0, 745.0, 1e4])
    for target in (np.zeros(8), np.ones(8), np.arange(8) % 2):
        for pred in (ends, ends[::-1], np.full(8, -1e4), np.full(8, 1e4), np.full(8, -360.0)):
            with np.errstate(all="raise", under="ignore"):
                value, grad = loss.value(pred, target, smooth=smooth), loss.grad(pred, target, smooth=smooth)
            assert 0 <= value <= 1
            assert np.isfinite(grad).all()


@pytest.mark.parametrize("loss", [BATCH_LOSSES["soft_f1"], BATCH_LOSSES["dice"]], ids=str)
def test_a_batch_that_is_nearly_right_keeps_its_digits(loss):
    """At scores of 50 each term that is wrong is e^-50 or its square, which 1 - (1 - e^-50) would lose."""
    value = loss.value([50.0, -50.0], [1, 0], smooth=0)
    wrong = 1 / (1 + np.exp(50.0))
    assert value == pytest.approx({"soft_f1": wrong, "dice": wrong**2}[loss.key], rel=1e-12)


@pytest.mark.parametrize("loss", BATCH_LOSSES.values(), ids=str)
def test_without_a_positive_and_without_smoothing_every_score_costs_1(loss):
    for pred in ([3.0, -1.0], [-800.0, -900.0], [-1e4, 1e4]):
        assert loss.value(pred, [0, 0], smooth=0) == 1
        assert not loss.grad(pred, [0, 0], smooth=0).any()
    assert loss.value([-800.0, -900.0], [0, 0], smooth=1) == 0  # nothing said, nothing missed


@pytest.mark.parametrize("loss", BATCH_LOSSES.values(), ids=str)
def test_the_best_probabilities_are_what_it_says_it_estimates(loss):
    """Groups of many examples with 10, 40 and 80 % positives: the best probability of each, against what is reached."""
    rates, many = np.array([0.1, 0.4, 0.8]), 1000
    target = np.concatenate([np.arange(many) < rate * many for rate in rates]).astype(float)
    grid = np.linspace(0, 1, 101)
    with np.errstate(divide="ignore"):
        scores = np.clip(np.log(grid) - np.log1p(-grid), -50, 50)
    p = np.array([0.5, 0.5, 0.5])
    for _ in range(6):  # each group in turn
        for group in range(3):
            tried = np.repeat(np.tile(scores[np.round(100 * p).astype(int)], (101, 1)), many, axis=1)
            tried[:, group * many : (group + 1) * many] = scores[:, None]
            p[group] = grid[loss.value(tried, target, smooth=0).argmin()]
    reached = 1 - loss.value(np.repeat(scores[np.round(100 * p).astype(int)], many), target, smooth=0)
    np.testing.assert_allclose(p, loss.estimates.best(rates, reached=reached), atol=0.011)


@pytest.mark.parametrize("loss", BATCH_LOSSES.values(), ids=str)
def test_batches_are_a_loop_and_nothing_given_is_changed(loss):
    pred, target = np.stack([sample(seed=seed)[0] for seed in range(6)]).reshape(2, 3, 30), sample()[1]
    smooth = np.array([0.5, 2.0, 7.0])
    for array in (pred, target, smooth):
        array.flags.writeable = False
    value, grad = loss.value(pred, target, smooth=smooth), loss.grad(pred, target, smooth=smooth)
    assert (value.shape, grad.shape) == ((2, 3), pred.shape)
    for i, j in np.ndindex(2, 3):
        assert value[i, j] == pytest.approx(float(loss.value(pred[i, j], target, smooth=smooth[j])), rel=1e-14)
        np.testing.assert_allclose(grad[i, j], loss.grad(pred[i, j], target, smooth=smooth[j]), rtol=1e-12)
    grad += 1
    one = loss.value(pred[0, 0], np.stack([target, 1 - target]))
    assert one.shape == (2,)
    assert one.dtype == np.float64


@pytest.mark.parametrize(
    ("arguments", "params", "message"),
    [
        (([1, np.nan], [0, 1]), {}, r"pred must be finite, got nan at \[1\] \(dice\)"),
        (([1, 2], [0, 0.5]), {}, r"target must be 0 or 1, got 0.5 at \[1\] \(dice\)"),
        (([1, 2], [0, 1]), {"smooth": -1}, r"smooth must be at least 0, got -1 \(dice\)"),
        (([1, 2], [0, 1]), {"smooth": [1, np.nan]}, r"smooth must be at least 0, got nan at \[1\] \(dice\)"),
        (([1, 2], [0, 1, 1]), {}, r"shapes must broadcast, got pred \(2,\), target \(3,\)"),
        (([], []), {}, r"must hold a batch of examples on their last axis, got \(0,\) and \(0,\) \(dice\)"),
        ((1.0, 1), {}, r"must hold a batch of examples on their last axis, got \(\) and \(\) \(dice\)"),
        ((["a"], [1]), {}, r"pred must be numbers, got \['a'\] \(dice\)"),
    ],
)
def test_one_sentence_says_what_is_wrong(arguments, params, message):
    for f in (BATCH_LOSSES["dice"].value, BATCH_LOSSES["dice"].grad):
        with pytest.raises(ValueError, match=message):
            f(*arguments, **params)
    with pytest.raises(TypeError, match="dice has no parameter 'gamma'; it takes smooth"):
        BATCH_LOSSES["dice"].value([1.0], [1], gamma=2)


def test_records_are_complete():
    assert {"soft_f1", "dice"} <= set(BATCH_LOSSES)
    assert not set(BATCH_LOSSES) & set(LOSSES)
    for key, loss in BATCH_LOSSES.items():
        assert key == loss.key == str(loss)
        assert "2.5" in loss.formula_at(smooth=2.5)
        assert all(text.endswith(".") for text in (loss.use_when, loss.watch_out))
        assert loss.source.url.startswith("https://")
        assert all(param.default in param.frames for param in loss.params)
        assert all("smooth" not in one.at(smooth=1) for one in loss.equivalents.values())
