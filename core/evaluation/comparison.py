"""Which of several models is best under a loss, and whether that is more than noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.evaluation.bootstrap import Bootstrap, interval
from core.evaluation.predictions import Predictions
from core.losses import Loss

AT_ONCE = 16_000  # losses that are computed together: they fit in a processor's cache
TINY = 1e-300


@dataclass(frozen=True, eq=False)
class ModelComparison:
    """The models under one loss, at each of some settings of its parameters.

    Losses are counted from what a perfect model costs, which is 0 for most losses. So a ratio has a meaning for every
    loss, also for one that can be negative.
    """

    mean: np.ndarray  # [settings, models], the mean loss as it is defined
    ratio: np.ndarray  # [settings, models], to that of the best model; infinite where the best one is perfect
    low: np.ndarray  # [settings, models], ends of the 95 % interval of the ratio
    high: np.ndarray
    best: np.ndarray  # int [settings], the number of the best model

    @property
    def perhaps_best(self) -> np.ndarray:
        """Models that may be as good as the best one, as far as these rows can tell: bool [settings, models]."""
        return self.low <= 1.0


def outside_domain(loss: Loss, predictions: Predictions) -> str:
    """Why a loss cannot be computed of these numbers, as the end of a sentence; "" where it can."""
    for name, values, domain in (
        ("truth", predictions.target, loss.target_domain),
        *((f"prediction of {name}", pred, loss.pred_domain) for name, pred in predictions.models.items()),
    ):
        wrong = np.count_nonzero(~domain.mask(values))
        if wrong:
            rows = "1 row is not" if wrong == 1 else f"{wrong:,} rows are not"
            return f"needs every {name} to be {domain}, and {rows}"
    return ""


def compare(loss: Loss, predictions: Predictions, bootstrap: Bootstrap, **params: np.ndarray) -> ModelComparison:
    """The models under a regression loss; `params` are arrays [settings], a missing one is at its default.

    Raises ValueError where a number is outside the loss's domain: see `outside_domain`.
    """
    if why := outside_domain(loss, predictions):
        raise ValueError(f"{loss.name} {why}")
    settings = max((len(values) for values in params.values()), default=1)
    params = {
        one.name: np.broadcast_to(params.get(one.name, one.default), (settings,)).astype(float)[:, None]
        for one in loss.params
    }
    target, *models = predictions.shuffled
    perfect = perfect_sums(loss, target, params, bootstrap)
    sums = np.stack([group_sums(loss, pred, target, params, bootstrap) for pred in models], axis=1)
    count = len(predictions)
    above = np.maximum(sums - perfect[:, None], 0.0)  # [settings, models, groups]
    means = above.sum(axis=-1) / count
    best = means.argmin(axis=-1)
    resampled = bootstrap.means(above)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = ratio_to(means, np.take_along_axis(means, best[:, None], axis=1))
        ratios = ratio_to(resampled, np.take_along_axis(resampled, best[:, None, None], axis=1))
    low, high = interval(ratios)
    return ModelComparison(sums.sum(axis=-1) / count, ratio, low, high, best)


def perfect_sums(loss: Loss, target: np.ndarray, params: dict[str, np.ndarray], bootstrap: Bootstrap) -> np.ndarray:
    """What a perfect model would have, as `group_sums`. A prediction that may not be 0 comes as near as it can."""
    if loss.of_residual:
        return np.atleast_2d(loss.value_of(np.zeros(1), 0.0, **params)) * bootstrap.sizes
    return group_sums(loss, np.where(loss.pred_domain.mask(target), target, TINY), target, params, bootstrap)


def ratio_to(values: np.ndarray, best: np.ndarray) -> np.ndarray:
    """The values over the best one; 1 where both are 0."""
    return np.where(values == best, 1.0, values / best)


def group_sums(
    loss: Loss, pred: np.ndarray, target: np.ndarray, params: dict[str, np.ndarray], bootstrap: Bootstrap
) -> np.ndarray:
    """The sums of losses over the groups of rows, [settings, groups]; `params` are [settings, 1]."""
    settings = len(next(iter(params.values()))) if params else 1
    edges = np.append(bootstrap.starts, len(target))
    found = np.empty((settings, bootstrap.groups))
    step = max(1, AT_ONCE * bootstrap.groups // (settings * len(target)))
    with np.errstate(over="ignore"):
        for first in range(0, bootstrap.groups, step):
            groups = slice(first, min(first + step, bootstrap.groups))
            rows = slice(edges[groups.start], edges[groups.stop])
            values = np.atleast_2d(loss.value_of(pred[rows], target[rows], **params))
            found[:, groups] = np.add.reduceat(values, edges[groups] - rows.start, axis=-1)
    return found
