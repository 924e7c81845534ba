"""How well scores, and the decisions made from them, fit labels of 0 and 1.

A score is the log-odds z, as everywhere here, so the probability is sigmoid(z). A threshold is in units of the score:
an example is predicted positive where score >= threshold. What is undefined is NaN, and `why` says the reason.
"""

from collections.abc import Mapping
from types import MappingProxyType

from core.metrics import decisions, scores
from core.metrics.counts import Confusion, always_negative, confusion
from core.metrics.curves import Calibration, Curve, calibration, precision_recall, roc
from core.metrics.metric import DecisionMetric, Gap, Metric, ScoreMetric
from core.record import collect

DECISION_METRICS = collect(DecisionMetric, decisions)
SCORE_METRICS = collect(ScoreMetric, scores)
METRICS: Mapping[str, Metric] = MappingProxyType({**DECISION_METRICS, **SCORE_METRICS})

__all__ = [
    "DECISION_METRICS",
    "METRICS",
    "SCORE_METRICS",
    "Calibration",
    "Confusion",
    "Curve",
    "DecisionMetric",
    "Gap",
    "Metric",
    "ScoreMetric",
    "always_negative",
    "calibration",
    "confusion",
    "precision_recall",
    "roc",
]
