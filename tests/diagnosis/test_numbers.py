"""The best epoch, from when on, the gap, and the numbers in the sentence."""

import re

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose
from core.diagnosis.amounts import fall_text
from core.diagnosis.loss_curve import LossCurve
from core.diagnosis.raw_curve import RawCurve
from core.sentences import number_text
from tests.diagnosis.cases import BUILDERS, way


@pytest.mark.parametrize("n", [40, 200, 1000, 5000])
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03])
def test_overfitting_begins_where_validation_is_least(n, noise):
    off = []
    for seed in range(30):
        rng = np.random.default_rng([seed, n])
        run = BUILDERS["overfitting"](n, rng).noisy(noise, rng)
        verdict = run.verdict()
        assert verdict.best == np.argmin(run.validation)
        off.append(abs(verdict.since / (n - 1) - run.since))
    # The bottom is as flat as a parabola's: noise of 1 % hides an eighth of its width.
    assert np.median(off) <= 0.03 + noise
    assert max(off) <= 0.08 + 5 * noise


@pytest.mark.parametrize("n", [20, 200, 5000])
def test_being_thrown_out_is_dated_to_the_row(n):
    x, rng = way(n), np.random.default_rng(n)
    row = n * 3 // 5
    loss = 0.1 + np.exp(-15 * x) + 0.01 * rng.standard_normal(n)
    loss[row:] += 5.0
    assert diagnose(loss).since == row


def test_blowing_up_is_dated_to_where_it_left_the_least():
    loss = np.concatenate([np.linspace(1.0, 0.2, 30), 0.2 * 2.0 ** np.arange(1, 31)])
    verdict = diagnose(loss)
    assert verdict.kind is VerdictKind.DIVERGING
    assert verdict.since == 30  # the first that is above the least by more than a tenth of the fall
    assert verdict.best == 29


@pytest.mark.parametrize("stop", [0.1, 0.3, 0.4])
def test_a_stalled_run_stopped_where_it_became_flat(stop):
    loss = 1 - 0.04 * np.clip(way(200) / stop, 0, 1)
    verdict = diagnose(loss)
    assert verdict.kind is VerdictKind.STALLED
    assert verdict.since / 199 == pytest.approx(stop, abs=0.07)


@pytest.mark.parametrize("kind", ["learning", "oscillating", "noisy"])
def test_what_has_no_beginning_has_none(kind):
    rng = np.random.default_rng(0)
    assert BUILDERS[kind](100, rng).verdict().since == -1


def test_the_gap_is_validation_less_training_over_validation():
    fall = np.exp(-20 * way(100))
    noise = np.random.default_rng(0).standard_normal((2, 100))
    assert diagnose(0.3 + fall, 0.4 + fall).gap == pytest.approx(0.25)
    assert diagnose(0.3 + fall + 0.01 * noise[0], 0.4 + fall + 0.01 * noise[1]).gap == pytest.approx(0.25, abs=0.03)
    assert diagnose(fall - 3, fall - 2).gap == pytest.approx(0.5)  # of the size of a negative loss
    assert np.isnan(diagnose(fall).gap)


def test_best_is_the_least_validation_loss_or_else_training_loss():
    train, validation = np.linspace(1, 0.1, 20), np.abs(np.arange(20) - 7) + 1.0
    assert diagnose(train).best == 19
    assert diagnose(train, validation).best == 7
    assert diagnose([np.nan] * 3).best == -1


def test_the_sentence_of_overfitting_has_its_numbers():
    x = way(101)
    verdict = diagnose(np.exp(-4 * x), 0.2 + 2 * (x - 0.4) ** 2, epochs=2 * np.arange(101))
    assert verdict.sentence == (
        "Lowest validation loss: epoch 80 (0.2); 4.6 times as high at the end (0.92), while training loss still falls."
    )
    assert verdict.advice.startswith("Keep the model of epoch 80;")


def test_the_end_in_a_sentence_is_the_last_value_or_about_what_is_usual_at_the_end():
    """The last value stands elsewhere too: another number for the end says that it is one of several."""
    grown = np.concatenate([np.linspace(1.0, 0.2, 30), 0.2 * 9.0 ** np.arange(1, 31)])
    assert diagnose(grown).sentence.endswith(f"has climbed since to {number_text(grown[-1])}.")
    grown[-1] = 1.0  # one value that is no sign of where the loss was going
    assert diagnose(grown).sentence.endswith(f"has climbed since to about {number_text(np.median(grown[-5:]))}.")
    x = way(101)
    turned = np.append(0.2 + 2 * (x - 0.4) ** 2, 0.3)
    assert re.search(r"at the end \(about 0\.8\d*\)", diagnose(np.exp(-4 * np.append(x, 1.01)), turned).sentence)


def test_a_steady_fall_asks_for_a_larger_rate():
    x = way(100)
    assert "raise the learning rate" in diagnose(1 - 0.2 * x).advice
    assert "raise" not in diagnose(np.exp(-2.5 * x)).advice


def test_a_first_epoch_that_dwarfs_the_rest_hides_nothing():
    x = way(60)
    train, validation = np.exp(-4 * x), 0.3 + (x - 0.4) ** 2
    train[0], validation[0] = 500.0, 480.0
    verdict = diagnose(train, validation)
    assert verdict.kind is VerdictKind.OVERFITTING
    assert verdict.since == pytest.approx(24, abs=2)
    alone = diagnose(np.append(500.0, np.linspace(2, 1, 59)))
    assert alone.kind is VerdictKind.LEARNING


def test_a_harder_validation_set_is_no_overfitting():
    fall = np.exp(-20 * way(100))
    assert diagnose(0.1 + fall, 0.9 + fall).kind is VerdictKind.HEALTHY


def test_a_baseline_says_what_high_is():
    loss = 0.9 + 9 * np.exp(-20 * way(100))
    assert diagnose(loss, floor=0.0).kind is VerdictKind.HEALTHY
    assert diagnose(loss, baseline=1.0, floor=0.0).kind is VerdictKind.UNDERFITTING
    assert "90 % of the baseline 1" in diagnose(loss, baseline=1.0, floor=0.0).sentence
    pretrained = np.full(100, 0.05)
    assert diagnose(pretrained).kind is VerdictKind.STALLED
    assert diagnose(pretrained, baseline=1.0, floor=0.0).kind is not VerdictKind.UNDERFITTING


def test_a_fall_over_decades_is_a_factor_and_a_smaller_one_a_share():
    assert fall_text(1.0, 0.2) == "80 % less"
    assert fall_text(6.0, 0.02) == "a factor of 300"


def test_the_end_is_known_to_the_level_error():
    """The median of n normal numbers has a standard error of 1.25 sigma / sqrt(n); that of a difference is larger."""
    random, row = np.random.default_rng(8), np.arange(400)
    noise = 0.1 * random.standard_normal((200, 400))
    curves = [LossCurve.of(RawCurve(1.0 * row, 1 + own, row), row / 399) for own in noise]
    spread = np.std([curve.end for curve in curves])
    assert spread < np.mean([curve.level_error for curve in curves]) < 1.5 * spread
