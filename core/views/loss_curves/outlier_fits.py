"""Points with outliers among them, and what a loss fits to them wherever the outliers are dragged.

A picture of few fits holds every combination of its sliders' values. All combinations of many would take too long:
then it holds a one-at-a-time sweep around the values at which the sliders were released.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.datasets import LINE_DATASETS, RegressionData
from core.losses import LOSSES, Loss
from core.models import fit_constant, fit_line
from core.stage import Slider, Sweep
from core.views.kit.loss_sliders import loss_sliders

OUTLIER, COUNT = "outlier", "outliers"
COUNTS = np.arange(5.0)
PLACES = 21  # values of the outliers, at most
FRAMES = {True: 20, False: 12}  # combinations of a loss's own parameters; fewer for a loss that is not convex
SMOOTH, ROUGH = 1, 5  # relative cost of a fit: by a few of Newton's steps, or by a search
LIMIT = 26  # of the cost of a picture, for each value and number of outliers

Frames = tuple[int, ...]  # one of each slider that moves a fit: the loss's own, the outliers' value, their number


@dataclass(frozen=True, eq=False)
class OutlierData:
    """Points, and where the outliers may stand: close together on the x axis, all at one dragged value."""

    data: RegressionData
    outlier_x: float
    places: np.ndarray  # float64 [frames]: the values that the outliers are dragged through
    start: float
    low: float  # of the picture
    high: float

    @property
    def outlier_xs(self) -> np.ndarray:
        return self.outlier_x + 0.01 * np.ptp(self.data.x) * np.arange(len(COUNTS) - 1)

    @property
    def ends(self) -> np.ndarray:
        """The x at which a line begins and ends in the picture, [2]."""
        room = 0.03 * np.ptp(self.data.x)
        return np.array([self.data.x.min() - room, self.data.x.max() + room])


@lru_cache(maxsize=32)
def outlier_data(key: str, seed: int) -> OutlierData:
    """The data set of this key, and its outliers."""
    dataset = LINE_DATASETS[key]
    data, outlier = dataset.load(seed), dataset.outlier
    places = outlier.frames[:: math.ceil(len(outlier.frames) / PLACES)]
    low, high = min(data.target.min(), places[0]), max(data.target.max(), places[-1])
    room = 0.07 * (high - low)
    return OutlierData(data, dataset.outlier_x, places, outlier.starts_at, low - room, high + room)


def own_sliders(loss: Loss, *, recomputed: bool = False) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, with few values: there is a fit for each."""
    most = int(FRAMES[loss.convex] ** (1 / max(1, len(loss.params))))
    return loss_sliders(loss, most=most, recomputed=recomputed)


def outlier_sliders(data: OutlierData, *, recomputed: bool = False) -> tuple[Slider, Slider]:
    """The sliders of the outliers' value and of their number."""
    start = int(np.argmin(np.abs(data.places - data.start)))
    return (
        Slider(name=OUTLIER, label="Outlier value", values=data.places, start=start, recomputed=recomputed),
        Slider(name=COUNT, label="Number of outliers", values=COUNTS, start=3, recomputed=recomputed),
    )


def needs_sweep(losses: Sequence[str]) -> bool:
    """Whether every combination of the sliders' values would be too many fits."""

    def cost(loss: Loss) -> int:
        fit = SMOOTH if loss.convex and not loss.subgradient else ROUGH
        return fit * math.prod(len(slider.values) for slider in own_sliders(loss))

    return sum(cost(LOSSES[key]) for key in losses) > LIMIT


def moving(key: str, data: OutlierData) -> tuple[Slider, ...]:
    """The sliders that move what a loss fits: its own, the outliers' value and their number."""
    return (*own_sliders(LOSSES[key]), *outlier_sliders(data))


@dataclass(frozen=True, eq=False)
class Fits:
    """The fits of one loss at all values of the sliders in `by`: [*frames] of them, or [runs] of a sweep."""

    by: tuple[Slider, ...] | Sweep
    constants: np.ndarray
    moved: np.ndarray  # how far the outliers have moved each constant
    lines: np.ndarray  # [..., 2], intercept and slope
    spread: np.ndarray  # some constants at values from everywhere, the same around every centre

    def at(self, values: Mapping[str, float]) -> Frames:
        """The index of the fit at these values of the sliders, by key."""
        if isinstance(self.by, Sweep):
            return (self.by.run(values),)
        return tuple(slider.frame_at(values) for slider in self.by)


def fits(key: str, data: OutlierData, centre: Mapping[str, float] | None) -> Fits:
    """Every fit of one loss in a picture: a sweep around the centre, or every combination where there is none."""
    sliders = moving(key, data)
    return cached_fits(key, data, None if centre is None else tuple(slider.frame_at(centre) for slider in sliders))


@lru_cache(maxsize=512)  # of 70 kB at most; a picture with one more loss has only that one to fit
def cached_fits(key: str, data: OutlierData, centre: Frames | None) -> Fits:
    """The same around the frames of the centre."""
    sliders = moving(key, data)
    by: tuple[Slider, ...] | Sweep = sliders
    frames = np.moveaxis(np.indices([len(slider.values) for slider in sliders]), 0, -1)
    if centre is not None:
        at = {slider.key: float(slider.values[frame]) for slider, frame in zip(sliders, centre, strict=True)}
        by = Sweep(sliders, at)
        frames = by.frames
    flat = frames.reshape(-1, len(sliders))
    without = flat.copy()
    without[:, -1] = 0
    found = fitted(key, data, np.concatenate([flat, without, corners(sliders)]), line=False)
    constants, unmoved, spread = np.split(found, [len(flat), 2 * len(flat)])
    return Fits(
        by=by,
        constants=constants.reshape(frames.shape[:-1]),
        moved=(constants - unmoved).reshape(frames.shape[:-1]),
        lines=fitted(key, data, frames, line=True),
        spread=spread,
    )


def corners(sliders: Sequence[Slider]) -> np.ndarray:
    """Frames [n, sliders]: the ends and starts of a loss's own sliders, outliers at a few values, and none."""
    *own, outlier, _ = sliders
    ends = [sorted({0, slider.start, len(slider.values) - 1}) for slider in own]
    places = np.linspace(0, len(outlier.values) - 1, 5).round().astype(int)
    grid = np.meshgrid(*ends, places, [0, len(COUNTS) - 1], indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, len(grid))


def fitted(key: str, data: OutlierData, frames: np.ndarray, *, line: bool) -> np.ndarray:
    """The constants [...] or the lines [..., 2] at frames [..., sliders]; equal problems are fitted once."""
    loss, points, most = LOSSES[key], data.data, len(COUNTS) - 1
    stops = [slider.values for slider in moving(key, data)]
    shape = [len(values) for values in stops]
    *own, place, count = np.moveaxis(frames, -1, 0)
    place = np.where(COUNTS[count] == 0, 0, place)  # without an outlier its value does not matter
    different, which = np.unique(np.ravel_multi_index((*own, place, count), shape), return_inverse=True)
    at = zip(stops, np.unravel_index(different, shape), strict=True)
    *settings, places, counts = (values[index][:, None] for values, index in at)
    target, present = np.ones((2, len(different), len(points) + most))
    target[:, :-most], target[:, -most:] = points.target, places
    present[:, -most:] = np.arange(most) < counts
    params = {param.name: setting[:, 0] for param, setting in zip(loss.params, settings, strict=True)}
    if line:
        found = fit_line(loss, np.concatenate([points.x, data.outlier_xs]), target, present, **params)
    else:
        found = fit_constant(loss, target, present, **params)
    # A solver's last digits are noise, which a difference of two fits would show: -1.4e-12 for "it does not move".
    return (np.round(found, 8) + 0.0)[which.reshape(frames.shape[:-1])]
