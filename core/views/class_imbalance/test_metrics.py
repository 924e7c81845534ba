"""Every metric of a model on the test set: each part computed once, for longer than one re-run of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.metrics import DECISION_METRICS, Confusion, ScoreMetric, always_negative, confusion
from core.models.classifier import ClassifierFit
from core.models.threshold import best_thresholds
from core.numerics import sigmoid
from core.views.class_imbalance.experiment import Params, correction_of, scores, trained
from core.views.class_imbalance.outputs import PROBABILITY_METRICS, RANK_METRICS, Correction, Says, says, shown
from core.views.class_imbalance.settings import Scene

UNTRAINED = "no model"
NO_PROBABILITY = "not a probability"
Column = tuple[tuple[float, str], ...]  # of each metric its value, and why there is none


@dataclass(frozen=True)
class Model:
    """One trained model and its scores; no scores, and the reason, where there was nothing to learn.

    `seen` and `judged` are the scores of the training set and of the test set as they are `shown`, see outputs.py.
    """

    key: str
    said: str
    seen: np.ndarray | None = None
    judged: np.ndarray | None = None
    raw: np.ndarray | None = None  # the test set's scores themselves
    log_odds: np.ndarray | None = None  # the same corrected to log-odds
    correction: Correction | None = None


@lru_cache(maxsize=32)  # of up to 640 kB
def model(scene: Scene, share: float, key: str, params: Params) -> Model:
    fit, halves = trained(scene, share, key, params), scene.halves(share)
    if not isinstance(fit, ClassifierFit):
        return Model(key, fit)
    seen, raw = (scores(scene, share, fit, half.features) for half in (halves.train, halves.test))
    way = correction_of(scene, share, key, params)
    return Model(key, fit.summary, shown(key, seen), shown(key, raw), raw, way.log_odds(raw), way)


@lru_cache(maxsize=256)
def ranked(scene: Scene, share: float, key: str, params: Params) -> Column:
    """Each of RANK_METRICS of a model."""
    return scored(RANK_METRICS, scene, share, model(scene, share, key, params).judged)


@lru_cache(maxsize=256)
def taken(scene: Scene, share: float, key: str, params: Params) -> Column:
    """The sum, and each of PROBABILITY_METRICS, of the probabilities that a model gives as it is."""
    if says(key) is Says.ORDER and model(scene, share, key, params).judged is not None:
        return ((np.nan, NO_PROBABILITY),) * (1 + len(PROBABILITY_METRICS))
    return probable(scene, share, model(scene, share, key, params).judged)


@lru_cache(maxsize=256)
def corrected(scene: Scene, share: float, key: str, params: Params) -> Column:
    """The same of the corrected probabilities."""
    return probable(scene, share, model(scene, share, key, params).log_odds)


def probable(scene: Scene, share: float, log_odds: np.ndarray | None) -> Column:
    total = (np.nan, UNTRAINED) if log_odds is None else (float(sigmoid(log_odds).sum()), "")
    return (total, *scored(PROBABILITY_METRICS, scene, share, log_odds))


def scored(metrics: Mapping[str, ScoreMetric], scene: Scene, share: float, score: np.ndarray | None) -> Column:
    """Of the test set."""
    if score is None:
        return tuple((np.nan, UNTRAINED) for _ in metrics)
    target = scene.halves(share).test.target
    return tuple((metric.value(target, score), metric.why(target, score)) for metric in metrics.values())


@lru_cache(maxsize=512)
def cheapest(scene: Scene, share: float, key: str, params: Params, cost: float) -> float:
    """The score from which on it is cheapest to predict positive, by the training set."""
    own = model(scene, share, key, params)
    if own.seen is None:
        return float("nan")
    target = scene.halves(share).train.target
    return float(best_thresholds(DECISION_METRICS["expected_cost"], target, own.seen, cost=cost))


@lru_cache(maxsize=512)
def decided(scene: Scene, share: float, key: str, params: Params, threshold: float, cost: float) -> Column:
    """Each of DECISION_METRICS of what a model decides at a threshold, in units of the score."""
    own = model(scene, share, key, params)
    if own.judged is None:
        return tuple((float("nan"), UNTRAINED) for _ in DECISION_METRICS)
    return column(confusion(scene.halves(share).test.target, own.judged, threshold), cost)


@lru_cache(maxsize=512)
def undecided(scene: Scene, share: float, cost: float) -> Column:
    """The same of predicting everything negative."""
    return column(always_negative(scene.halves(share).test.target), cost)


def column(counts: Confusion, cost: float) -> Column:
    found = []
    for metric in DECISION_METRICS.values():
        params = {"cost": cost} if "cost" in metric.defaults else {}
        found.append((float(metric.value(counts, **params)), metric.why(counts, **params)))
    return tuple(found)
