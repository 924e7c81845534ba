"""What a typed regression loss estimates: the constant that costs least on skewed samples, where mean, median,
quantiles and expectiles are far apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtri

from core.expression import TypedLoss

POINTS = 201  # of a sample, at evenly spaced levels: nothing in it is chance
CANDIDATES = 400
OUTSIDE = 0.5  # of a sample's range, how far outside of it a constant is looked for
SAME = 1e-9  # difference of two mean losses, relative to them, that may be rounding
LEVELS = (np.arange(POINTS) + 0.5) / POINTS
SAMPLES = {  # all positive: a loss may take logarithms
    "incomes": np.exp(0.9 * ndtri(LEVELS)),  # log-normal
    "waiting times": -2.0 * np.log1p(-LEVELS) + 0.01,  # exponential
    "exam results": 10.0 * LEVELS**0.25,  # of an easy exam
}


class Estimate(NamedTuple):
    """The best constant for a sample, and what is known of it. All are NaN where no constant costs least."""

    best: float
    mean: float
    median: float
    quantile: float  # the level of the quantile that is the best constant
    expectile: float  # the level of the expectile that is


def estimates(loss: TypedLoss, /, **params: float) -> dict[str, Estimate]:
    """The estimate for each of SAMPLES, by name. `params` are those of the loss."""
    return {name: estimate(loss, sample, **params) for name, sample in SAMPLES.items()}


def estimate(loss: TypedLoss, sample: np.ndarray, /, **params: float) -> Estimate:
    """The estimate for a sample, float64 [n]."""
    best = best_constant(loss, sample, **params)
    below, above = np.maximum(best - sample, 0).mean(), np.maximum(sample - best, 0).mean()
    level = 0.5 * ((sample < best).mean() + (sample <= best).mean()) if np.isfinite(best) else np.nan
    total = below + above
    expectile = float(below / total) if total > 0 else np.nan
    return Estimate(best, float(sample.mean()), float(np.median(sample)), float(level), expectile)


def best_constant(loss: TypedLoss, sample: np.ndarray, /, **params: float) -> float:
    """The constant whose mean loss on the sample is least, in the middle of those that cost as little; NaN if the loss
    still falls at the end of what is looked at, half the sample's range beyond it."""

    def mean_loss(constants: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", over="ignore"):  # of losses that are infinite
            found = loss.value(constants[:, None], sample, **params).mean(axis=1)
        return np.where(np.isnan(found), np.inf, found)

    reach = OUTSIDE * np.ptp(sample)
    at = np.unique([*sample, *np.linspace(sample.min() - reach, sample.max() + reach, CANDIDATES)])
    costs = mean_loss(at)
    lowest = costs.min()
    if not np.isfinite(lowest):
        return np.nan
    low, high = np.flatnonzero(costs <= lowest + SAME * abs(lowest))[[0, -1]]
    if low == 0 or high == len(at) - 1:
        return np.nan
    if high > low:
        return float(0.5 * (at[low] + at[high]))
    found = minimize_scalar(lambda c: float(mean_loss(np.array([c]))[0]), bounds=(at[low - 1], at[low + 1]),
                            method="bounded", options={"xatol": 1e-10})  # fmt: skip
    return float(found.x) if found.fun < lowest else float(at[low])
