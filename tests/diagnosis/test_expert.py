"""Runs as one meets them, and what somebody who trains every day would say of each."""

import re

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose_run

E = np.arange(1, 101.0)
X = E / 100
S = np.arange(0, 10_000, 10.0)
DRAW = np.random.default_rng(5).standard_normal((4, 1000))
MODEL = 2.6 + 8 * (1 + S / 20) ** -0.5  # a language model
SPIKE = 0.3 + 2 * np.exp(-4 * X) + 1.5 * ((E > 40) & (E < 45))
SIX = np.arange(1, 7.0)

# Training, validation, the kind, words of the text and words that are not in it.
RUNS: dict[str, tuple] = {
    "chance level": (
        (E, 0.693 + 0.002 * DRAW[0, :100]),
        (E, 0.694 + 0.002 * DRAW[1, :100]),
        VerdictKind.STALLED,
        "flat at",
        "",
    ),
    "language model": (
        (S, MODEL + 0.05 * DRAW[0]),
        (S[99::100], MODEL[99::100]),
        VerdictKind.LEARNING,
        "still falls",
        "",
    ),
    "three evaluations": (
        (S[:300], 0.1 + np.exp(-S[:300] / 800) + 0.03 * DRAW[0, :300]),
        ([1000, 2000, 2990], [0.5, 0.45, 0.6]),
        VerdictKind.LEARNING,
        "Only 3 validation losses (lowest 0.45 at epoch 2000)",
        "",
    ),
    "validation rises at once": (
        (E, 2 * np.exp(-3 * X)),
        (E, 0.5 + 0.5 * X),
        VerdictKind.OVERFITTING,
        "epoch 1 (0.505)",
        "",
    ),
    "both rise": ((E, 1 + X), (E, 1.1 + X), VerdictKind.DIVERGING, "has climbed since", "still falls"),
    "both rise a little": (
        (E, 0.5 + np.exp(-20 * X) + 0.15 * np.maximum(0, X - 0.4)),
        (E, 0.6 + np.exp(-20 * X) + 0.3 * np.maximum(0, X - 0.4)),
        VerdictKind.DIVERGING,
        "and validation loss rises too",
        "still falls",
    ),
    "a spike that heals": ((E, SPIKE), None, VerdictKind.LEARNING, "still falls", "leaps"),
    "a density": ((E, -90 + 30 * np.exp(-20 * X) + 0.1 * DRAW[0, :100]), None, VerdictKind.HEALTHY, "at −90", "times"),
    "a density that falls": ((E, -90 + 30 * np.exp(-1.5 * X)), None, VerdictKind.LEARNING, "still falls", ""),
    "validation alone at chance": (
        None,
        (E, 2.3 + 0.005 * DRAW[0, :100]),
        VerdictKind.STALLED,
        "Validation loss is flat",
        "rate",
    ),
    "a step": ((E, 1.0 * (E < 70) + 0.3), None, VerdictKind.HEALTHY, "after epoch 69 from 1.3 to 0.3, 100 % of", ""),
    "a step at the end": ((E, 1.0 * (E < 95) + 0.3), None, VerdictKind.LEARNING, "too little of the run is left", ""),
    "down to 0": ((E, np.maximum(0, 1 - 2 * X)), None, VerdictKind.HEALTHY, "at 0.", ""),
    "six epochs, flat": (
        (SIX, [1, 0.5, 0.41, 0.4, 0.401, 0.4005]),
        None,
        VerdictKind.TOO_SHORT,
        "6 values are too few",
        "",
    ),
    "six epochs, turned": (
        (SIX, [1, 0.5, 0.3, 0.2, 0.1, 0.05]),
        (SIX, [0.9, 0.6, 0.5, 0.52, 0.6, 0.7]),
        VerdictKind.OVERFITTING,
        "epoch 3 (0.5)",
        "",
    ),
    "dropout in training alone": (
        (E, 0.5 + 1.5 * np.exp(-10 * X)),
        (E, 0.35 + 1.5 * np.exp(-12 * X)),
        VerdictKind.HEALTHY,
        "flat",
        "",
    ),
    "double descent": (
        (E, np.exp(-6 * X)),
        (E, 0.3 + 0.7 * np.exp(-10 * X) + 0.4 * np.exp(-(((X - 0.4) / 0.12) ** 2)) - 0.15 * X),
        VerdictKind.LEARNING,
        "still falls",
        "",
    ),
    "a slow swing of validation": (
        (E, 0.2 + np.exp(-10 * X)),
        (E, 0.5 + np.exp(-10 * X) + 0.1 * np.sin(14 * X)),
        VerdictKind.OSCILLATING,
        "slowly up and down",
        "flat",
    ),
    "a warm-up": (
        (E, 1 + 0.5 * np.exp(-(((X - 0.05) / 0.03) ** 2)) - 0.7 * -np.expm1(-4 * X)),
        None,
        VerdictKind.LEARNING,
        "still",
        "leaps",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_an_expert_says(name):
    train, validation, kind, words, never = RUNS[name]
    verdict = diagnose_run(train, validation)
    text = f"{verdict.sentence} {verdict.advice}"
    assert verdict.kind is kind, text
    assert words in text
    assert not never or never not in text


def test_no_share_is_above_100_percent():
    for fall in (np.where(E < 70, 1.3, 0.3), np.where(E < 95, 1.3, 0.3), 1 - X, np.exp(-2 * X) + 0.3 * (E < 60)):
        for noise in (0.0, 0.03):
            sentence = diagnose_run((E, fall + noise * DRAW[0, :100])).sentence
            shares = [float(number) for number in re.findall(r"([\d.]+) %", sentence)]
            assert shares
            assert max(shares) <= 100


def test_what_is_counted_has_its_plural():
    for unit in ("epoch", "step", "round"):
        assert f"with a period of about 2 {unit}s" in diagnose_run((E, 1 + 0.4 * (-1.0) ** E), unit=unit).sentence
        assert diagnose_run(([1], [0.5]), unit=unit).sentence == f"1 {unit} with a loss: too few to judge."
        assert diagnose_run(unit=unit).sentence == f"No {unit}s with a loss: too few to judge."
