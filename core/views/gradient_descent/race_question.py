"""The question of a race: which optimizer arrives first."""

from __future__ import annotations

import numpy as np

from core.descent.outcome import Outcome, steps_text
from core.optimizers import OPTIMIZERS
from core.sentences import join_words
from core.stage import Live, Question, Text, Words
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.race_text import TELLING, name
from core.views.gradient_descent.sliders import STEP

TIE, NOBODY = "A tie", "None"


def question(race: Race) -> Question:
    """Which optimizer converges first, in every run of the sweep of all sliders."""
    runs = np.stack([race.sweep.runs_in(race.sweeps[key]) for key in race.optimizers])  # [optimizers, runs]
    at = np.arange(len(runs))[:, None], runs
    arrives = race.outcomes.code[at] == Outcome.CONVERGED
    steps = np.where(arrives, race.outcomes.step[at], np.inf)
    first = arrives & (steps == steps.min(axis=0))
    alone = len(runs) == 1
    tie, nobody = (len(runs), len(runs) + 1) if not alone else (0, 1)
    answer = np.where(arrives.any(axis=0), np.where(first.sum(axis=0) > 1, tie, first.argmax(axis=0)), nobody)
    names = tuple(OPTIMIZERS[key].name for key in race.optimizers)
    return Question(
        text=f"Does {name(race, 0)} reach the lowest minimum?" if alone else "Which reaches the lowest minimum first?",
        options=("Yes", "No") if alone else (*names, TIE, NOBODY),
        answer=Live(answer, race.sweep),
        why=Text(
            "{}", Words.each([why(race, run, step) for run, step in zip(runs.T, steps.T, strict=True)], race.sweep)
        ),
        reveal=STEP,
    )


def why(race: Race, runs: np.ndarray, steps: np.ndarray) -> str:
    """Who converges and when, and why another one does not; of one run of each optimizer, int [optimizers]."""
    order = sorted(np.flatnonzero(np.isfinite(steps)).tolist(), key=lambda number: float(steps[number]))
    others = [number for number in range(len(runs)) if not np.isfinite(steps[number])]
    there = join_words([f"{name(race, number)} at step {steps[number]:.0f}" for number in order])
    found = f"Converged: {there}." if order else f"Not converged within {steps_text(race.steps)}."
    if not others:
        return found
    codes = {number: Outcome(int(race.outcomes.code[number, runs[number]])) for number in others}
    telling = min(others, key=lambda number: TELLING.index(codes[number]))
    return f"{found} {race.outcomes.sentence((telling, runs[telling]), name(race, telling))}"
