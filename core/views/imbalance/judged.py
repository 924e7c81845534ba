"""What the half that judges says of a model: each part computed once, for longer than one re-run of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.metrics import DECISION_METRICS, SCORE_METRICS, Confusion, always_negative, confusion
from core.models.classifier import Fit
from core.models.threshold import best_thresholds
from core.views.imbalance.scene import Scene
from core.views.imbalance.trial import Params, scores, trained

UNTRAINED = "no model"
Column = tuple[tuple[float, str], ...]  # of each metric its value, and why there is none


@dataclass(frozen=True)
class Model:
    """One trained model and its scores of both halves; no scores, and the reason, where there was nothing to learn."""

    key: str
    said: str
    seen: np.ndarray | None
    judged: np.ndarray | None


@lru_cache(maxsize=32)  # of up to 320 kB
def model(scene: Scene, share: float, key: str, params: Params) -> Model:
    fit, halves = trained(scene, share, key, params), scene.halves(share)
    if not isinstance(fit, Fit):
        return Model(key, fit, None, None)
    seen, judged = (scores(scene, share, fit, half.features) for half in (halves.train, halves.test))
    return Model(key, fit.said, seen, judged)


@lru_cache(maxsize=256)
def scored(scene: Scene, share: float, key: str, params: Params) -> Column:
    """Each of SCORE_METRICS of a model."""
    own, target = model(scene, share, key, params), scene.halves(share).test.target
    if own.judged is None:
        return tuple((np.nan, UNTRAINED) for _ in SCORE_METRICS)
    return tuple(
        (metric.value(target, own.judged), metric.why(target, own.judged)) for metric in SCORE_METRICS.values()
    )


@lru_cache(maxsize=512)
def cheapest(scene: Scene, share: float, key: str, params: Params, cost: float) -> float:
    """The score from which on it is cheapest to call a point positive, by the half that was learned from."""
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
    """The same of calling everything negative."""
    return column(always_negative(scene.halves(share).test.target), cost)


def column(counts: Confusion, cost: float) -> Column:
    found = []
    for metric in DECISION_METRICS.values():
        params = {"cost": cost} if "cost" in metric.defaults else {}
        found.append((float(metric.value(counts, **params)), metric.why(counts, **params)))
    return tuple(found)
