"""Models trained under several losses on the same rare positives, and their results on the test set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from core.kept import kept
from core.losses.loss import formula_in
from core.metrics import DECISION_METRICS, Confusion, calibration, confusion, precision_recall, roc
from core.models.classifier import ClassifierFit, Features, fit_classifier
from core.models.imbalance.data import COSTS, EDGE, THRESHOLDS, ImbalanceSettings
from core.models.imbalance.outputs import NO_QUALITY, Correction, Quality, Says, correction, drawn_score, says
from core.models.objectives import OBJECTIVES, objective_of
from core.models.threshold import best_thresholds

CUTS = logit(THRESHOLDS)
CURVE = 96  # points of a curve that is drawn
BINS_OF_P = 10  # of probability, on a calibration curve
BINS = 46  # of the scores, from -EDGE to EDGE
CELLS = 21  # of a map, along each side
Params = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class ModelResults:
    """One model on the test set: the threshold applies to its scores as `outputs.drawn_score` gives them.

    All NaN where there was nothing to learn from.
    """

    summary: str  # of its training
    is_trained: bool
    decisions: Confusion  # at each of THRESHOLDS
    cheapest: np.ndarray  # for each of COSTS the score at which to draw the line, by the training set
    cheapest_decisions: Confusion
    best_f: float  # the same for F1
    best_f_decisions: Confusion
    roc: np.ndarray  # [2, CURVE]: false positive rate and recall
    recall_precision: np.ndarray  # [2, CURVE]
    calibration: np.ndarray  # [2, bins]: probability and frequency, those that there are first; NaN of a mere order
    frequencies: np.ndarray  # the frequency at each of THRESHOLDS, where the curve has one
    corrected_calibration: np.ndarray  # [2, bins], of the scores as probabilities, corrected
    correction: Correction | None
    quality: Quality  # of the scores taken as log-odds
    corrected_quality: Quality
    density: np.ndarray  # [2, BINS]: of the scores of either class
    score_map: np.ndarray  # [CELLS, CELLS]: the `drawn_score` all over the picture


@kept
def trained_model(settings: ImbalanceSettings, share: float, key: str, params: Params) -> ClassifierFit | str:
    """The model trained under a loss on the training set, or why there is none. Shared by all visitors."""
    data = settings.split(share).train
    plain = next(iter(OBJECTIVES))
    begun = None if key == plain else trained_model(settings, share, plain, ())
    if isinstance(begun, str):
        return begun
    features = Features.of(data.features, settings.features)
    try:
        return fit_classifier(
            objective_of(key), features.basis(data.features), data.target, start=begun and begun.weights, **dict(params)
        )
    except ValueError as error:
        return str(error).removesuffix(f" ({key})")
    except ArithmeticError:
        if not formula_in(key):  # only under a typed loss anything may overflow
            raise
        return "no minimum could be found"


def scores(settings: ImbalanceSettings, share: float, fit: ClassifierFit, points: np.ndarray) -> np.ndarray:
    """The scores [n] of points [n, 2]."""
    return Features.of(settings.split(share).train.features, settings.features).basis(points) @ fit.weights


@kept
def correction_of(settings: ImbalanceSettings, share: float, key: str, params: Params) -> Correction:
    """The correction from a trained model's scores to log-odds, from the training set."""
    fit, data = trained_model(settings, share, key, params), settings.split(share).train
    assert isinstance(fit, ClassifierFit)
    return correction(key, dict(params), data.target, scores(settings, share, fit, data.features))


@kept
def model_results(settings: ImbalanceSettings, share: float, key: str, params: Params) -> ModelResults:
    """The results of a trained model on the test set."""
    fit, split = trained_model(settings, share, key, params), settings.split(share)
    if isinstance(fit, str):
        return untrained_results(fit)
    raw = [scores(settings, share, fit, data.features) for data in (split.train, split.test)]
    train_scores, test_scores = (drawn_score(key, score) for score in raw)
    target, way = split.test.target, correction_of(settings, share, key, params)
    log_odds, reading = way.log_odds(raw[1]), says(key)
    cheapest = best_thresholds(DECISION_METRICS["expected_cost"], split.train.target, train_scores, cost=COSTS)
    best_f = best_thresholds(DECISION_METRICS["f_beta"], split.train.target, train_scores)
    passed, traded = roc(target, test_scores), precision_recall(target, test_scores)
    if reading is Says.ORDER:
        curve, quality = np.full((2, BINS_OF_P), np.nan), NO_QUALITY
    else:
        curve, quality = calibration_curve(target, test_scores), Quality.of(target, test_scores)
    right = reading is Says.PROBABILITY  # as it is: nothing is to be corrected
    return ModelResults(
        summary=fit.summary,
        is_trained=True,
        decisions=confusion(target, test_scores, CUTS),
        cheapest=cheapest,
        cheapest_decisions=confusion(target, test_scores, cheapest),
        best_f=float(best_f),
        best_f_decisions=confusion(target, test_scores, best_f),
        roc=curve_points(passed.x, passed.y),
        recall_precision=curve_points(traded.x, traded.y),
        calibration=curve,
        frequencies=curve_heights(curve, THRESHOLDS),
        corrected_calibration=curve if right else calibration_curve(target, log_odds),
        correction=way,
        quality=quality,
        corrected_quality=quality if right else Quality.of(target, log_odds),
        density=np.stack([density(test_scores[target == label]) for label in (0, 1)]),
        score_map=drawn_score(key, scores(settings, share, fit, places(settings))).reshape(CELLS, CELLS),
    )


def untrained_results(why: str) -> ModelResults:
    """The results of a model that could not be trained: NaN."""
    none, costs, one = (Confusion(*np.zeros((4, *shape))) for shape in ((len(CUTS),), (len(COSTS),), ()))

    def lost(*shape: int) -> np.ndarray:
        return np.full(shape, np.nan)

    return ModelResults(
        summary=why,
        is_trained=False,
        decisions=none,
        cheapest=lost(len(COSTS)),
        cheapest_decisions=costs,
        best_f=np.nan,
        best_f_decisions=one,
        roc=lost(2, CURVE),
        recall_precision=lost(2, CURVE),
        calibration=lost(2, BINS_OF_P),
        frequencies=lost(len(CUTS)),
        corrected_calibration=lost(2, BINS_OF_P),
        correction=None,
        quality=NO_QUALITY,
        corrected_quality=NO_QUALITY,
        density=lost(2, BINS),
        score_map=lost(CELLS, CELLS),
    )


def calibration_curve(target: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """Mean probability and frequency of every bin that is not empty, those first and then NaN: [2, BINS_OF_P]."""
    found = calibration(target, log_odds, BINS_OF_P)
    there = np.flatnonzero(found.count)
    curve = np.stack([found.predicted, found.observed])[:, there]
    return np.pad(curve, ((0, 0), (0, BINS_OF_P - len(there))), constant_values=np.nan)


def curve_heights(curve: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The height of a curve [2, points] at each x, NaN beyond its ends."""
    points = curve[:, np.isfinite(curve[0])]
    return np.interp(x, points[0], points[1], left=np.nan, right=np.nan) if points.size else np.full(x.shape, np.nan)


def curve_points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """At most CURVE of a curve's defined points, evenly along it: [2, CURVE], the last one repeated."""
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    if not len(x):
        return np.full((2, CURVE), np.nan)
    distance = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    kept = np.searchsorted(distance, np.linspace(0, distance[-1], CURVE)).clip(0, len(x) - 1)
    return np.stack([x[kept], y[kept]])


def density(values: np.ndarray) -> np.ndarray:
    """The share of the scores in each bin; what lies beyond an edge is in the bin at the edge."""
    inside = np.clip(values, -EDGE, np.nextafter(EDGE, 0))
    return np.histogram(inside, BINS, (-EDGE, EDGE))[0] / max(1, len(values))


@kept
def window(settings: ImbalanceSettings) -> tuple[tuple[float, float], tuple[float, float]]:
    """The window of a picture: it holds nearly all points, whatever the positives' share."""
    points = np.concatenate([data.features for data in vars(settings.split(0.5)).values()])
    low, high = np.percentile(points, [0.1, 99.9], axis=0)
    room = 0.06 * (high - low)
    (left, down), (right, up) = (low - room).tolist(), (high + room).tolist()
    return (left, right), (down, up)


def places(settings: ImbalanceSettings) -> np.ndarray:
    """The grid of a map [CELLS^2, 2]."""
    return np.stack(np.meshgrid(*(np.linspace(*ends, CELLS) for ends in window(settings))), axis=-1).reshape(-1, 2)
