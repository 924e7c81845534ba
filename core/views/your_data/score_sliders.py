"""The sliders of scores and labels: the threshold, the cost of a false negative and the prevalence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import logit

from core.evaluation.scored import Scored
from core.models.imbalance.data import probabilities
from core.sentences import number_text
from core.stage import Slider
from core.views.class_imbalance.settings import COST_SLIDER

LEAST_COST_RATIO = 0.1
START_COST_RATIO = 5.0
COST_OF_AMOUNT = "Cost of a false negative, times its amount (false positive = 1)"
PREVALENCES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
NEAR = 0.15  # of a prevalence: a frame so near to that of the file is left out
EVEN_THRESHOLDS = np.linspace(0.0, 1.0, 21)
QUANTILES = 36  # thresholds between the scores of a class, for all models together
POWERS = (-6, 6)  # of ten, of a mean amount: beyond, the numbers of a slider would be too long
WEIGHTS = np.array([0.03, 0.1, 0.3, 1, 2, 3, 5, 10, 20, 50, 100])
FEWER_WEIGHTS, MANY_ROWS = np.array([0.1, 1, 3, 10, 100]), 200_000  # each takes a look at every row
FARTHEST = 16.0  # log-odds of a threshold: a probability of 1e-7


def score_sliders(scored: Scored) -> tuple[Slider, Slider, Slider]:
    """The decision threshold, the cost of a false negative, the prevalence; all their frames are in the picture."""
    return threshold_slider(scored), cost_slider(scored), prevalence_slider(scored)


def weight_slider(scored: Scored) -> Slider:
    """The weight of the positives in training, which is undone; 1 at first: none."""
    values = WEIGHTS if len(scored) <= MANY_ROWS else FEWER_WEIGHTS
    start = int(np.flatnonzero(values == 1)[0])
    return Slider(name="weight", label="Undo a weight of positives in training", values=values, start=start)


def threshold_slider(scored: Scored) -> Slider:
    """Probabilities from 0 to 1: some at even distances, and more where there are scores of either class.

    Where there is one model whose scores are no probabilities, its score is written beside each.
    """
    levels = np.linspace(0.01, 0.99, max(4, QUANTILES // len(scored.models)))
    quantiles = [
        np.quantile(log_odds[scored.target == label], levels)
        for log_odds in scored.log_odds.values()
        for label in (0, 1)
    ]
    among_scores = probabilities(np.concatenate(quantiles).clip(-FARTHEST, FARTHEST))
    values = np.union1d(EVEN_THRESHOLDS.round(2), [float(f"{one:g}") for one in among_scores])  # as in an address
    return Slider(
        name="threshold", label="Decision threshold", values=values, start=int(np.abs(values - 0.5).argmin()),
        labels=score_labels(scored, values),
    )  # fmt: skip


def score_labels(scored: Scored, thresholds: np.ndarray) -> tuple[str, ...]:
    """How thresholds are written; () for the numbers alone."""
    if len(scored.models) > 1 or not scored.platt:
        return ()
    ((slope, intercept),) = scored.platt.values()
    with np.errstate(divide="ignore", over="ignore"):
        scores = (logit(thresholds) - intercept) / slope
    return tuple(
        f"{threshold:g} (score {number_text(score)})" if np.isfinite(score) else f"{threshold:g}"
        for threshold, score in zip(thresholds, scores, strict=True)
    )


def cost_slider(scored: Scored) -> Slider:
    """The cost ratio. Of amounts it is smaller by about their mean, in powers of ten."""
    chosen = COST_SLIDER.values >= LEAST_COST_RATIO
    values = COST_SLIDER.values[chosen]
    labels = tuple(np.array(COST_SLIDER.labels)[chosen].tolist())
    start, label = int(np.abs(values - START_COST_RATIO).argmin()), COST_SLIDER.label
    if scored.amount is not None:
        power = round(np.clip(np.log10(scored.mean_amount), *POWERS))
        values = np.array([float(f"{one:.3g}") for one in values / 10.0**power])
        labels, label = tuple(f"{one:.3g}" for one in values), COST_OF_AMOUNT
    return replace(COST_SLIDER, label=label, values=values, labels=labels, start=start, recomputed=False)


def prevalence_slider(scored: Scored) -> Slider:
    """The share of positives where the model is used: at first that of the file."""
    own = scored.prevalence
    others = [one for one in PREVALENCES if abs(one / own - 1) > NEAR]
    values = np.array(sorted([*others, own]))
    start = int(np.flatnonzero(values == own)[0])
    labels = [f"{100 * one:.3g} %" for one in values]
    labels[start] += " (this file)"
    return Slider(name="prevalence", label="Prevalence", values=values, start=start, labels=tuple(labels))
