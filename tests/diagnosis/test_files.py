"""Runs as tools logged them: the kind, the place of the lowest loss, and the words of an expert."""

import re

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose_run
from core.sentences import number_text
from tests.diagnosis.logged import LOGS, table

OVER, LEARNING, CONVERGED = VerdictKind.OVERFITTING, VerdictKind.LEARNING, VerdictKind.HEALTHY
# The kind, where the judged loss is lowest, and words of the sentence or the advice.
RIGHT: dict[str, tuple[VerdictKind, float, str]] = {
    "k01a": (OVER, 1599, r"validation loss: step 1599 \(0\.611\); 67 % higher at the end \(1\.0198\), while .* falls"),
    "k01b": (LEARNING, 400, r"lowest at the end \(0\.7005\), but 5 values are too few to call it done"),
    "k01e": (OVER, 330, r"step 330 \(0\.6207\)"),
    "k01f": (OVER, 2503, r"step 2503 \(0\.4953\d*\); 2\.1 times as high at the end \(1\.02"),
    "k02a": (VerdictKind.VALIDATION_TURNED, 8, r"step 8 \(0\.6454\); 83 % higher .* cannot be disting.*checkpoint"),
    "k03a": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher at the end \(0\.8995\)"),
    "k03c": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher"),
    "k03d": (OVER, 4, r"step 4 \(0\.6454\); 39 % higher"),
    "k03e": (OVER, 80, r"step 80 \(0\.6454\); 74 % higher"),
    "k03f": (OVER, 35, r"step 35 \(0\.6454\); 8 % higher at the end \(0\.696\)"),
    "k03g": (OVER, 16, r"step 16 \(0\.4725\); 57 % higher"),
    "k06a": (OVER, 16, r"step 16 \(0\.4725\); 57 % higher"),
    "k07a": (LEARNING, 39, r"Training loss still falls: from 0\.3167 at step 20 to 0\.1262 at the end"),
    "k07b": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher"),
    "k09a": (LEARNING, 2000, r"still falls: from 0\.010423 at step 1000 to 9\.94e−6 at the end"),
    "k09b": (LEARNING, 5, r"still falls"),
    "k10a": (CONVERGED, 40, r"flat .*not the same quantity: no gap"),
    "k12a": (CONVERGED, 1000, r"Validation loss is flat since step \d+ at 1\.64"),
    "k13a": (OVER, 16, r"step 16 \(0\.4725\); 57 % higher"),
    "k13b": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher"),
    "k13c": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher"),
    "k13d": (OVER, 12, r"step 12 \(82\.5\d+\); 27 % higher at the end \(105"),
    "k14a": (OVER, 8, r"step 8 \(0\.6454\); 39 % higher"),
    "k20b": (OVER, 2, r"step 2 \(0\.6762\); 62 % higher at the end \(1\.0925\).*Keep the model of step 2;"),
    "f04": (CONVERGED, 99, r"dropped after step 79 from 0\.9 to 0\.35\d*, 41 % of .* fall, and is flat since step 8\d"),
}  # fmt: skip


def verdict_of(name):
    return diagnose_run(*LOGS[name](), unit="step", comparable=name != "k10a")


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_gets_the_answer_of_its_readme(name):
    kind, best, words = RIGHT[name]
    verdict = verdict_of(name)
    assert verdict.kind is kind
    assert verdict.best_at == best
    assert re.search(words, f"{verdict.sentence} {verdict.advice}"), verdict.sentence
    assert "epoch" not in verdict.sentence + verdict.advice


@pytest.mark.parametrize("name", RIGHT)
def test_every_loss_in_a_sentence_is_a_value_of_the_file(name):
    values = {number_text(value, digits) for curve in LOGS[name]() if curve for value in curve[1] for digits in (4, 5)}
    text = re.sub(r"\d+\.\d times|[\d.]+ %|a factor of [\d,.]+", "", verdict_of(name).sentence)
    losses = re.findall(r"−?\d[\d,]*\.\d+(?:e−?\d+)?", text)
    assert losses
    assert set(losses) <= values


def test_only_one_epoch_is_called_the_lowest():
    verdict = verdict_of("k20b")
    assert set(re.findall(r"step (\d+)", verdict.sentence + verdict.advice)) == {"2"}


def test_validation_alone_is_never_spoken_of_as_training():
    verdict = verdict_of("k02a")
    text = verdict.sentence + verdict.advice
    assert "Training loss" not in text
    assert "rate" not in text.replace("separate", "")
    assert np.isnan(verdict.gap)


@pytest.mark.parametrize("fold", "12345")
def test_each_fold_of_ten_epochs_is_still_learning(fold):
    columns = ("epoch", "train_loss", "val_loss")
    verdict = diagnose_run(*table("k05a_folds.csv", *columns, only=("fold", fold)))
    assert (verdict.kind, verdict.best_at) == (LEARNING, 10)


WHY = "The targets of a critic move with the policy: its loss need not fall."


def test_losses_that_need_not_fall_get_a_reason_and_no_verdict():
    verdict = diagnose_run(*LOGS["k11a"](), not_judged=WHY)
    assert (verdict.kind, verdict.rule, verdict.best_at) == (VerdictKind.NOT_JUDGED, "", 1000)
    assert verdict.sentence == WHY
    assert "learning rate" not in verdict.advice
    assert np.isnan(verdict.since_at)


def test_two_quantities_have_no_gap():
    train, validation = LOGS["k10a"]()
    assert np.isnan(verdict_of("k10a").gap)
    assert diagnose_run(train, validation).gap > 0.9
    # The curve of one quantity is judged in its own falls, however large the other is.
    large = (train[0], 1e6 * train[1])
    assert diagnose_run(large, validation, comparable=False).kind is CONVERGED


def test_every_curve_that_is_read_has_its_right_answer():
    assert set(LOGS) - set(RIGHT) == {"k11a"}  # which gets no verdict
