"""The question of a rare class: what a lower threshold does to the precision."""

from __future__ import annotations

import numpy as np

from core.metrics import DECISION_METRICS
from core.models.imbalance.data import THRESHOLD, THRESHOLDS
from core.models.imbalance.measured import ModelResults
from core.models.objectives import objective_of
from core.stage import Live, Question, Text, Words
from core.views.class_imbalance.experiment import Experiment

HIGH, LOW = 0.5, 0.1  # the threshold before and after
AT = [int(np.argmin(np.abs(THRESHOLDS - threshold))) for threshold in (HIGH, LOW)]
RISES, FALLS, STAYS, UNDEFINED = range(4)
OPTIONS = ("Rise", "Fall", "Hardly change", "Be undefined")
POINT = 0.01


def question(experiment: Experiment) -> Question:
    """What becomes of the precision of the first loss, in each run of its sweep."""
    key = experiment.losses[0]
    models, sweep = experiment.models[key], experiment.sweep(key)
    return Question(
        text=f"The threshold falls from {HIGH:g} to {LOW:g}: what will the precision of {objective_of(key).short} do?",
        options=OPTIONS,
        answer=Live(np.array([change(precisions(model)) for model in models]), sweep),
        why=Text("{}", Words.each([why(model) for model in models], sweep)),
        reveal=THRESHOLD,
        at=float(THRESHOLDS[AT[1]]),
    )


def precisions(model: ModelResults) -> np.ndarray:
    """The precision at the two thresholds, NaN where nothing is predicted positive."""
    return DECISION_METRICS["precision"].value(model.decisions)[AT]


def change(found: np.ndarray) -> int:
    """The number of the option that says what a precision has done."""
    if np.isnan(found).any():
        return UNDEFINED
    before, after = found
    if abs(after - before) <= POINT:
        return STAYS
    return RISES if after > before else FALLS


def why(model: ModelResults) -> str:
    """The counts at both thresholds."""
    if not model.is_trained:
        return "There is nothing to learn from: no positive is in the training set."
    counts = model.decisions
    sentences = []
    for threshold, at, precision in zip((HIGH, LOW), AT, precisions(model), strict=True):
        true, false, positives = (
            int(number) for number in (counts.tp[at], counts.fp[at], counts.tp[at] + counts.fn[at])
        )
        share = "so precision is undefined" if np.isnan(precision) else f"precision {100 * precision:.3g} %"
        sentences.append(
            f"at {threshold:g} it finds {true} of {positives} positives, with {false} false positives: {share}"
        )
    found = "; ".join(sentences)
    return f"{found[0].upper()}{found[1:]}."
