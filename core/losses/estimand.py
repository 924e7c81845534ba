"""The estimand of a loss: the prediction that costs least on average, in words and as a function of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Estimand:
    """The estimand of a loss, in words that follow "it estimates"; and the best prediction, which a test compares.

    `best(data, **params)` is the prediction whose mean loss is least. What the data are follows from the family:
    targets [n] for regression, the rate of y = 1 for a binary loss, the shares [..., K] of the classes, whose
    parameters may be arrays [..., 1]. `at` gives the same as functions of the data alone, for single values of a
    parameter: {"delta": {1e-6: np.median, 100.0: np.mean}}.
    """

    words: str
    best: Callable[..., Any] | None = None
    at: Mapping[str, Mapping[float, Callable[[Any], Any]]] = field(default_factory=dict)
    of_labels: bool = True  # of classes: also of labels drawn from the shares, not only of the shares as target

    def __str__(self) -> str:
        return self.words


def m_estimate(sample: np.ndarray, weight: Callable[[np.ndarray], np.ndarray]) -> float:
    """The mean of a sample [n] whose weights depend on each residual from it, reached from the median by iteration."""
    centre = float(np.median(sample))
    for _ in range(2000):
        before, centre = centre, float(np.average(sample, weights=weight(sample - centre)))
        if centre == before:
            break
    return centre


def weighted_median(sample: np.ndarray, weights: np.ndarray) -> float:
    """The least point of a sample [n] up to which half of the weights lie."""
    order = np.argsort(sample)
    return float(sample[order][np.cumsum(weights[order]) >= weights.sum() / 2][0])


def expectile_of(sample: np.ndarray, tau: float) -> float:
    """The value at which shortfalls weighted by tau balance excesses weighted by 1 - tau, in closed form.

    Between two neighbours of the sorted sample it is a weighted mean; it is the one that lies between its neighbours.
    """
    x = np.sort(sample)
    below = np.arange(len(x) + 1)  # so many lie below it
    total = np.concatenate([[0.0], np.cumsum(x)])
    means = ((1 - tau) * total + tau * (total[-1] - total)) / ((1 - tau) * below + tau * (len(x) - below))
    ends = np.concatenate([[-np.inf], x, [np.inf]])
    return float(means[(ends[:-1] <= means) & (means <= ends[1:])][0])


def decision(rate: np.ndarray) -> np.ndarray:
    """+1 where y = 1 is at least as likely, else -1."""
    return np.where(np.asarray(rate) >= 0.5, 1.0, -1.0)
