"""Points with outliers among them, and what a loss fits to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.datasets import LineDataset, RegressionData, dataset_of
from core.kept import kept
from core.losses import Loss
from core.models.fit import fit_constant, fit_line

COUNTS = np.array([0, 1, 2, 4, 8, 16.0])  # of outliers
MOST = int(COUNTS[-1])
BEYOND = 4  # so many stand at the first one and right of it, the others left of it
PLACES = 21  # values of the outliers, at most


@dataclass(frozen=True, eq=False)
class OutlierData:
    """Points, and where the outliers may stand: close together on the x axis, all at one dragged value."""

    data: RegressionData
    outlier_x: float
    places: np.ndarray  # float64 [frames]: the values that the outliers are dragged through
    start: float
    added: int  # outliers that are there at first, of COUNTS
    low: float  # of the picture
    high: float

    @property
    def outlier_xs(self) -> np.ndarray:
        """[MOST]: the first ones stand where fewer would."""
        steps = np.concatenate([np.arange(BEYOND), -np.arange(1, MOST - BEYOND + 1)])
        return self.outlier_x + 0.01 * np.ptp(self.data.x) * steps

    @property
    def ends(self) -> np.ndarray:
        """The x at which a line begins and ends in the picture, [2]."""
        room = 0.03 * np.ptp(self.data.x)
        return np.array([self.data.x.min() - room, self.data.x.max() + room])


@kept
def outlier_data(key: str, seed: int) -> OutlierData:
    """The data set of this key, and its outliers."""
    dataset = dataset_of(LineDataset, key)
    data, outlier = dataset.load(seed), dataset.outlier
    places = outlier.frames[:: math.ceil(len(outlier.frames) / PLACES)]
    low, high = min(data.target.min(), places[0]), max(data.target.max(), places[-1])
    room = 0.07 * (high - low)
    return OutlierData(data, dataset.outlier_x, places, outlier.starts_at, dataset.outliers, low - room, high + room)


def fits_at(
    loss: Loss, data: OutlierData, values: Sequence[np.ndarray], frames: np.ndarray, *, line: bool
) -> np.ndarray:
    """What a loss fits to the points and some outliers: constants [...], or lines [..., 2]. Equal problems are fitted
    once.

    values: the values of each parameter of the loss, then those of the outliers and of their number. frames: which of
    them, int [..., parameters + 2].
    """
    points = data.data
    shape = [len(stops) for stops in values]
    *own, place, count = np.moveaxis(frames, -1, 0)
    place = np.where(COUNTS[count] == 0, 0, place)  # without an outlier its value does not matter
    different, which = np.unique(np.ravel_multi_index((*own, place, count), shape), return_inverse=True)
    at = zip(values, np.unravel_index(different, shape), strict=True)
    *settings, places, counts = (stops[index][:, None] for stops, index in at)
    target, present = np.ones((2, len(different), len(points) + MOST))
    target[:, :-MOST], target[:, -MOST:] = points.target, places
    present[:, -MOST:] = np.arange(MOST) < counts
    params = {param.name: setting[:, 0] for param, setting in zip(loss.params, settings, strict=True)}
    if line:
        found = fit_line(loss, np.concatenate([points.x, data.outlier_xs]), target, present, **params)
    else:
        found = fit_constant(loss, target, present, **params)
    # A solver's last digits are noise, which a difference of two fits would show: -1.4e-12 for "it does not move".
    return (np.round(found, 8) + 0.0)[which.reshape(frames.shape[:-1])]
