"""Points with outliers among them, and what a loss fits to them wherever the outliers are dragged.

A picture of few fits holds every combination of its sliders' frames. All combinations of many would be too long in
coming: then it holds a star of them (`core.stage.Pick`) around the values at which the sliders were left.
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
from core.stage import Slider
from core.stage.legacy import Pick
from core.views.kit import theme

OUTLIER, COUNT = "outlier", "outliers"
COUNTS = np.arange(5.0)
PLACES = 21  # values of the outliers, at most
FRAMES = {True: 20, False: 12}  # of a loss's own parameters together, by convexity: without it each fit is a search
SMOOTH, ROUGH = 1, 5  # what a fit takes: where a few of Newton's steps end it, and where it has to be searched for
LIMIT = 26  # of what a picture may take, for each place and number of outliers

Frames = tuple[int, ...]  # one of each slider that moves a loss: its own, the outliers' value and their number


@dataclass(frozen=True, eq=False)
class OutlierData:
    """Points, and where the outliers may stand: all at one place on the x axis, a hair apart, at one dragged value."""

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
        """Where a line begins and ends in the picture."""
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
    most = int(FRAMES[loss.convex] ** (1 / max(1, len(loss.params))))
    colour = theme.look(loss.key).colour
    return tuple(
        Slider.of(
            param,
            owner=loss.key,
            label=f"{loss.short} {param.symbol}",
            colour=colour,
            most=most,
            recomputed=recomputed,
        )
        for param in loss.params
    )


def outlier_sliders(scene: OutlierData, *, recomputed: bool = False) -> tuple[Slider, Slider]:
    start = int(np.argmin(np.abs(scene.places - scene.start)))
    return (
        Slider(name=OUTLIER, label="Outlier value", values=scene.places, start=start, recomputed=recomputed),
        Slider(name=COUNT, label="Number of outliers", values=COUNTS, start=3, recomputed=recomputed),
    )


def starred(losses: Sequence[str]) -> bool:
    """Whether a picture of these losses holds a star of frames instead of every combination."""

    def effort(loss: Loss) -> int:
        fit = SMOOTH if loss.convex and not loss.subgradient else ROUGH
        return fit * math.prod(len(slider.values) for slider in own_sliders(loss))

    return sum(effort(LOSSES[key]) for key in losses) > LIMIT


def sliders(scene: OutlierData, losses: Sequence[str]) -> tuple[Slider, ...]:
    recomputed = starred(losses)
    own = [slider for key in losses for slider in own_sliders(LOSSES[key], recomputed=recomputed)]
    return (*outlier_sliders(scene, recomputed=recomputed), *own)


def moving(key: str, scene: OutlierData) -> tuple[Slider, ...]:
    """The sliders that move what a loss fits: its own, the outliers' value and their number."""
    return (*own_sliders(LOSSES[key]), *outlier_sliders(scene))


def frames_at(key: str, scene: OutlierData, values: Mapping[str, float]) -> Frames:
    """The frames of a loss's sliders at these values (by key; a missing one is at its start)."""
    return tuple(slider.frame(values.get(slider.key, slider.values[slider.start])) for slider in moving(key, scene))


@dataclass(frozen=True, eq=False)
class Fits:
    """What one loss fits in all frames of a picture: [*frames] of its sliders, or [rays] of a star of them."""

    constants: np.ndarray
    moved: np.ndarray  # how far the outliers have moved each constant
    lines: np.ndarray  # [..., 2], intercept and slope
    spread: np.ndarray  # some constants from all over the combinations of frames, the same around every centre


def combinations(key: str, scene: OutlierData, centre: Frames | None) -> np.ndarray:
    """Frames [..., sliders] of a loss's sliders: every combination, or a star around a centre."""
    counts = [len(slider.values) for slider in moving(key, scene)]
    if centre is None:
        return np.moveaxis(np.indices(counts), 0, -1)
    rays = np.repeat([centre], 1 + sum(counts), axis=0)
    for slider, count in enumerate(counts):
        begin = 1 + sum(counts[:slider])
        rays[begin : begin + count, slider] = np.arange(count)
    return rays


def corners(key: str, scene: OutlierData) -> np.ndarray:
    """Frames [n, sliders]: the ends and the starts of a loss's own sliders, with outliers at a few places and
    without."""
    *own, outlier, _ = moving(key, scene)
    ends = [sorted({0, slider.start, len(slider.values) - 1}) for slider in own]
    places = np.linspace(0, len(outlier.values) - 1, 5).round().astype(int)
    grid = np.meshgrid(*ends, places, [0, len(COUNTS) - 1], indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, len(grid))


@lru_cache(maxsize=512)  # of 70 kB at most; a picture with one more loss has only that one to fit
def fits(key: str, scene: OutlierData, centre: Frames | None) -> Fits:
    """Every fit of one loss in a picture."""
    frames = combinations(key, scene, centre)
    flat = frames.reshape(-1, frames.shape[-1])
    without = flat.copy()
    without[:, -1] = 0
    found = fitted(key, scene, np.concatenate([flat, without, corners(key, scene)]), line=False)
    constants, unmoved, spread = np.split(found, [len(flat), 2 * len(flat)])
    shape = frames.shape[:-1]
    return Fits(
        constants=constants.reshape(shape),
        moved=(constants - unmoved).reshape(shape),
        lines=fitted(key, scene, frames, line=True),
        spread=spread,
    )


def fitted(key: str, scene: OutlierData, frames: np.ndarray, *, line: bool) -> np.ndarray:
    """The constants [...] or the lines [..., 2] at frames [..., sliders]; what is the same in several is fitted
    once."""
    loss, data, most = LOSSES[key], scene.data, len(COUNTS) - 1
    stops = [slider.values for slider in moving(key, scene)]
    shape = [len(values) for values in stops]
    *own, place, count = np.moveaxis(frames, -1, 0)
    place = np.where(COUNTS[count] == 0, 0, place)  # without an outlier its place does not matter
    different, which = np.unique(np.ravel_multi_index((*own, place, count), shape), return_inverse=True)
    at = zip(stops, np.unravel_index(different, shape), strict=True)
    *settings, places, counts = (values[index][:, None] for values, index in at)
    target, present = np.ones((2, len(different), len(data) + most))
    target[:, :-most], target[:, -most:] = data.target, places
    present[:, -most:] = np.arange(most) < counts
    params = {param.name: setting[:, 0] for param, setting in zip(loss.params, settings, strict=True)}
    if line:
        found = fit_line(loss, np.concatenate([data.x, scene.outlier_xs]), target, present, **params)
    else:
        found = fit_constant(loss, target, present, **params)
    # A solver's last digits are noise, which a difference of two fits would show: -1.4e-12 for "it does not move".
    return (np.round(found, 8) + 0.0)[which.reshape(frames.shape[:-1])]


def pick(array: str, key: str, scene: OutlierData, *, star: bool) -> Pick:
    """What an array of `Fits` shows, as the sliders stand."""
    keys = tuple(slider.key for slider in moving(key, scene))
    return Pick(array, star=keys) if star else Pick(array, keys)
