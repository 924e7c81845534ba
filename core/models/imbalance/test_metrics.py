"""Every metric of a model on the test set: each part computed once, for longer than one re-run of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.kept import kept
from core.metrics import DECISION_METRICS, Confusion, ScoreMetric, always_negative, confusion
from core.models.classifier import ClassifierFit
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.measured import CUTS, Params, correction_of, scores, trained_model
from core.models.imbalance.outputs import PROBABILITY_METRICS, RANK_METRICS, Correction, Says, drawn_score, says
from core.models.threshold import best_thresholds
from core.numerics import sigmoid

UNTRAINED = "no model"
NO_PROBABILITY = "not a probability"
Column = tuple[tuple[float, str], ...]  # of each metric its value, and why there is none
Columns = tuple[tuple[np.ndarray, np.ndarray], ...]  # the same at many thresholds: [n] each


@dataclass(frozen=True)
class ModelScores:
    """One trained model and its scores; no scores, and the reason, where there was nothing to learn.

    The scores of the training set and of the test set are those of `outputs.drawn_score`.
    """

    key: str
    summary: str  # of its training
    train_scores: np.ndarray | None = None
    test_scores: np.ndarray | None = None
    raw: np.ndarray | None = None  # the test set's scores themselves
    log_odds: np.ndarray | None = None  # the same corrected to log-odds
    correction: Correction | None = None


@kept
def model(settings: ImbalanceSettings, share: float, key: str, params: Params) -> ModelScores:
    fit, split = trained_model(settings, share, key, params), settings.split(share)
    if not isinstance(fit, ClassifierFit):
        return ModelScores(key, fit)
    train_scores, raw = (scores(settings, share, fit, data.features) for data in (split.train, split.test))
    way = correction_of(settings, share, key, params)
    return ModelScores(
        key, fit.summary, drawn_score(key, train_scores), drawn_score(key, raw), raw, way.log_odds(raw), way
    )


@kept
def rank_metrics(settings: ImbalanceSettings, share: float, key: str, params: Params) -> Column:
    """Each of RANK_METRICS of a model."""
    return score_metrics(RANK_METRICS, settings, share, model(settings, share, key, params).test_scores)


@kept
def output_metrics(settings: ImbalanceSettings, share: float, key: str, params: Params) -> Column:
    """The sum, and each of PROBABILITY_METRICS, of the probabilities that a model gives as it is."""
    if says(key) is Says.ORDER and model(settings, share, key, params).test_scores is not None:
        return ((np.nan, NO_PROBABILITY),) * (1 + len(PROBABILITY_METRICS))
    return probable(settings, share, model(settings, share, key, params).test_scores)


@kept
def corrected_metrics(settings: ImbalanceSettings, share: float, key: str, params: Params) -> Column:
    """The same of the corrected probabilities."""
    return probable(settings, share, model(settings, share, key, params).log_odds)


def probable(settings: ImbalanceSettings, share: float, log_odds: np.ndarray | None) -> Column:
    total = (np.nan, UNTRAINED) if log_odds is None else (float(sigmoid(log_odds).sum()), "")
    return (total, *score_metrics(PROBABILITY_METRICS, settings, share, log_odds))


def score_metrics(
    metrics: Mapping[str, ScoreMetric], settings: ImbalanceSettings, share: float, score: np.ndarray | None
) -> Column:
    """Each of the metrics of scores of the test set."""
    if score is None:
        return tuple((np.nan, UNTRAINED) for _ in metrics)
    target = settings.split(share).test.target
    return tuple((metric.value(target, score), metric.why(target, score)) for metric in metrics.values())


@kept
def cheapest(settings: ImbalanceSettings, share: float, key: str, params: Params, cost: float) -> float:
    """The score from which on it is cheapest to predict positive, by the training set."""
    own = model(settings, share, key, params)
    if own.train_scores is None:
        return float("nan")
    target = settings.split(share).train.target
    return float(best_thresholds(DECISION_METRICS["expected_cost"], target, own.train_scores, cost=cost))


@kept
def decision_metrics(
    settings: ImbalanceSettings, share: float, key: str, params: Params, threshold: float, cost: float
) -> Column:
    """Each of DECISION_METRICS of what a model decides at a threshold, in units of the score."""
    own = model(settings, share, key, params)
    if own.test_scores is None:
        return tuple((float("nan"), UNTRAINED) for _ in DECISION_METRICS)
    if threshold in PLACES:
        return column_at(decision_columns(settings, share, key, params, cost), PLACES[threshold])
    return column(confusion(settings.split(share).test.target, own.test_scores, threshold), cost)


@kept
def decision_columns(settings: ImbalanceSettings, share: float, key: str, params: Params, cost: float) -> Columns:
    """The same of a trained model at each place of the threshold's slider."""
    scores = model(settings, share, key, params).test_scores
    return columns(confusion(settings.split(share).test.target, scores, CUTS), cost)


@kept
def baseline_metrics(settings: ImbalanceSettings, share: float, cost: float) -> Column:
    """The same of predicting everything negative."""
    return column(always_negative(settings.split(share).test.target), cost)


def column(counts: Confusion, cost: float) -> Column:
    """Each of DECISION_METRICS of counts of shape []."""
    return column_at(columns(Confusion(*(np.array([count]) for count in vars(counts).values())), cost), 0)


def columns(counts: Confusion, cost: float) -> Columns:
    """Each of DECISION_METRICS of counts [n]."""
    found = []
    for metric in DECISION_METRICS.values():
        params = {"cost": cost} if "cost" in metric.defaults else {}
        found.append((metric.value(counts, **params), np.array(metric.whys(counts), dtype=object)))
    return tuple(found)


def column_at(columns: Columns, place: int) -> Column:
    return tuple((float(values[place]), whys[place]) for values, whys in columns)


PLACES = {float(cut): place for place, cut in enumerate(CUTS)}
