"""Each link does what it says: by the verdict and the numbers that the page shows at its address."""

import re

import numpy as np
import pytest

from core.diagnosis import NAMES, VerdictKind
from core.losses import LOSSES
from core.views.training_curves.presets import PRESETS
from tests.views.training_curves.shown import GRADIENT_SIZE, LOSS, arrived


def preset(name):
    words = dict(PRESETS[name].address)
    return arrived(f"{words.pop('task', 'wave')}_{words.pop('view', 'run')}", words)


def verdict(name, moved=None):
    text = preset(name).verdict_text(moved or {}).partition(".")[0]
    return next(kind for kind, known in NAMES.items() if known == text)


def curves(name):
    return (preset(name).trace(curve, LOSS, {})["y"] for curve in ("train", "validation"))


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_is_read_in_full_and_says_one_plain_sentence(name):
    shown, own = preset(name), dict(PRESETS[name].address)
    kept = {param.name: param.write(shown.choice[param.name]) for param in shown.view.params if param.name in own}
    kept |= {key: f"{value:g}" for key, value in shown.values.items()}
    own = {word: text for word, text in own.items() if word not in ("view", "task")}
    assert kept == own  # nothing is moved to another frame
    usual = {param.name: param.write(param.default) for param in shown.view.params}
    usual |= {slider.key: f"{slider.values[slider.start]:g}" for slider in shown.stage.sliders}
    assert not {word for word, text in own.items() if text == usual[word]}  # and nothing is said for nothing
    assert re.fullmatch(r"[A-Z][^.]+\.", PRESETS[name].shows)
    assert len(PRESETS[name].shows) < 120


VERDICTS = {
    "Healthy": VerdictKind.HEALTHY,
    "Underfit": VerdictKind.UNDERFITTING,
    "Overfit": VerdictKind.OVERFITTING,
    "Learning rate too large": VerdictKind.DIVERGING,
    "Learning rate too small": VerdictKind.LEARNING,
    "Early stopping helps": VerdictKind.OVERFITTING,
    "More data helps": VerdictKind.HEALTHY,
}


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdict_is_the_one_in_the_name(name):
    assert verdict(name) is VERDICTS[name]


def test_healthy_both_losses_fall_flatten_and_stay_together():
    for curve in curves("Healthy"):
        assert curve[-1] < 0.2 * curve[0]
        assert abs(curve[-1] - curve[150]) < 0.05 * curve[0]
    train, validation = curves("Healthy")
    assert validation[-1] - train[-1] < 0.1 * train[0]


def test_underfit_both_losses_are_flat_and_high():
    for curve in curves("Underfit"):
        assert curve[-1] > 0.4 * curve[0]
        assert abs(curve[-1] - curve[150]) < 0.01 * curve[0]


def test_overfit_training_falls_on_and_validation_turns():
    train, validation = curves("Overfit")
    turn = int(np.argmin(validation))
    assert 0 < turn < 150
    assert train[-1] < 0.95 * train[turn]
    assert validation[-1] > 1.15 * validation[turn]


def test_a_rate_too_large_climbs_out_of_the_picture():
    train, _ = curves("Learning rate too large")
    assert train[-1] > 10 * train[0]
    assert train[-1] > 10 ** preset("Learning rate too large").stage.figure.layout.yaxis.range[1]


def test_a_rate_too_small_leaves_most_of_the_loss_and_still_falls():
    train, _ = curves("Learning rate too small")
    least = preset("Learning rate too small").trace("train", LOSS, {"lr": 0.01})["y"].min()
    assert train[-1] - least > 0.5 * (train[0] - least)  # most of the loss is left
    assert (np.diff(train) < 0).all()
    assert verdict("Learning rate too small", {"lr": 0.003}) is not VerdictKind.STALLED


def test_early_stopping_keeps_a_better_model_than_the_last():
    shown = preset("Early stopping helps")
    train, validation = curves("Early stopping helps")
    stop, best = (int(shown.trace(name, LOSS, {})["x"].item()) for name in ("stopped early", "best epoch"))
    assert stop == best + 30
    assert stop < 300
    assert validation[best] < 0.85 * validation[-1]
    assert train[-1] < 0.1 * train[0]  # by heart
    assert shown.stage.slider("examples").nearest(30.0) == shown.at("examples", {})


def test_more_data_cures_what_overfits_without():
    assert verdict("More data helps", {"examples": 30.0}) is VerdictKind.OVERFITTING
    _, without = curves("Overfit")
    _, cured = curves("More data helps")
    assert cured[-1] < 0.5 * without[-1]


def test_a_slow_start_is_of_brier_and_not_of_cross_entropy():
    shown = preset("Slow start")
    plain, brier = (shown.trace(LOSSES[key].short, LOSS, {})["y"] for key in ("binary_cross_entropy", "brier"))
    assert plain[0] == brier[0] == pytest.approx(0.5)  # all of one class
    assert plain[50] > brier[50] + 0.2
    _, of_plain, of_brier = shown.numbers(shown.stage.summary, {})
    assert of_brier < 0.01 < 0.9 < of_plain
    assert (shown.trace("Brier gradient", GRADIENT_SIZE, {})["y"] < 1).all()
