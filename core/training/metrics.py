"""Metrics recorded beside the loss: (raw scores [..., n], target [..., n], weights [..., n] that sum to 1) -> [...]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def weighted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Values [..., n] times their weights; 0 at weight 0 even where a value is not finite."""
    return np.where(weights > 0, values, 0.0) * weights


def accuracy(scores: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share [...] of examples that are classified correctly by the sign of their score; NaN where one is NaN."""
    right = np.where(np.isnan(scores), np.nan, (scores > 0) == (target > 0))
    return weighted(right, weights).sum(axis=-1)


def root_mean_squared_error(scores: np.ndarray, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The root mean squared error [...]."""
    return np.sqrt(weighted((scores - target) ** 2, weights).sum(axis=-1))


@dataclass(frozen=True)
class Recorded:
    """A metric that is recorded while a model is trained; `share`: it lies between 0 and 1, and 1 is best."""

    name: str
    short: str
    of: Metric
    share: bool = False


METRICS: Mapping[str, Recorded] = MappingProxyType(  # a family of losses names its own by key
    {
        "root_mean_squared_error": Recorded("Root mean squared error", "RMSE", root_mean_squared_error),
        "accuracy": Recorded("Accuracy", "accuracy", accuracy, share=True),
    }
)
