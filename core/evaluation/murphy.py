"""Murphy diagrams: which model is best for every loss at once that asks for the same number.

Every loss that asks for the mean is a mixture of elementary losses, one for each threshold. At a threshold a model that
is on the wrong side of it pays. If one model is below another at every threshold, it is better under all of these
losses (Ehm, Gneiting, Jordan, Krüger 2016, doi:10.1111/rssb.12154).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def elementary_mean(pred: np.ndarray, target: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """The mean elementary loss of the mean at each threshold, [thresholds].

    |target - threshold| where the threshold lies between prediction and target, else 0. The area under it is half the
    mean squared error.
    """
    found = np.zeros(len(thresholds))
    for low, high, wrong, sign in ((target, pred, target < pred, 1.0), (pred, target, pred < target, -1.0)):
        for ends, began in ((low[wrong], 1.0), (high[wrong], -1.0)):
            order = np.argsort(ends)
            count = np.searchsorted(ends[order], thresholds, side="right")
            truth = np.concatenate([[0.0], np.cumsum(target[wrong][order])])
            found += sign * began * (thresholds * count - truth[count])
    return np.maximum(found, 0.0) / len(target)


def elementary_quantile(pred: np.ndarray, target: np.ndarray, thresholds: np.ndarray, tau: Any) -> np.ndarray:
    """The mean elementary loss of a quantile at each threshold, [*taus, thresholds].

    tau: [*taus]. A target above a threshold that the prediction does not reach costs tau; one below it that the
    prediction exceeds costs 1 - tau. The area under it is the mean quantile loss.
    """
    too_low, too_high = (
        between(low[wrong], high[wrong], thresholds) / len(target)
        for low, high, wrong in ((pred, target, pred < target), (target, pred, pred > target))
    )
    tau = np.asarray(tau, dtype=float)[..., None]
    return tau * too_low + (1 - tau) * too_high


def between(low: np.ndarray, high: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """How many rows have low <= threshold < high, [thresholds]."""
    below, above = (np.searchsorted(np.sort(ends), thresholds, side="right") for ends in (low, high))
    return (below - above).astype(np.float64)


def drawn_thresholds(predictions: list[np.ndarray], target: np.ndarray, count: int) -> np.ndarray:
    """Thresholds at which a diagram is drawn: even over nearly all of the numbers, [count]."""
    values = np.concatenate([target, *predictions])
    low, high = np.quantile(values, (0.002, 0.998))
    return np.linspace(low, high if high > low else low + 1.0, count)
