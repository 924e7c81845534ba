"""Points with outliers among them, and what a loss fits to them wherever the outliers are dragged.

A picture of few fits holds every combination of its sliders' values. All combinations of many would take too long:
then it holds a one-at-a-time sweep around the values at which the sliders were released.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.expression.typed_loss import loss_of
from core.kept import kept
from core.losses import Loss
from core.models.outlier_fits import COUNTS, OutlierData, fits_at
from core.stage import Slider, Sweep
from core.views.kit.loss_sliders import loss_sliders

OUTLIER, COUNT = "outlier", "outliers"
FRAMES = {True: 20, False: 12}  # combinations of a loss's own parameters; fewer for a loss that is not convex
SMOOTH, ROUGH = 1, 5  # relative cost of a fit: by a few of Newton's steps, or by a search
LIMIT = 26  # of the cost of a picture, for each value and number of outliers

Frames = tuple[int, ...]  # one of each slider that moves a fit: the loss's own, the outliers' value, their number


def own_sliders(loss: Loss, *, recomputed: bool = False) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, with few values: there is a fit for each."""
    most = int(FRAMES[loss.convex] ** (1 / max(1, len(loss.params))))
    return loss_sliders(loss, most=most, recomputed=recomputed)


def outlier_sliders(data: OutlierData, *, recomputed: bool = False) -> tuple[Slider, Slider]:
    """The sliders of the outliers' value and of their number."""
    start = int(np.argmin(np.abs(data.places - data.start)))
    added = int(np.flatnonzero(data.added == COUNTS)[0])
    return (
        Slider(name=OUTLIER, label="Outlier value", values=data.places, start=start, recomputed=recomputed),
        Slider(name=COUNT, label="Number of outliers", values=COUNTS, start=added, recomputed=recomputed),
    )


def needs_sweep(losses: Sequence[str]) -> bool:
    """Whether every combination of the sliders' values would be too many fits."""

    def cost(loss: Loss) -> int:
        fit = SMOOTH if loss.convex and not loss.subgradient else ROUGH
        return fit * math.prod(len(slider.values) for slider in own_sliders(loss))

    return sum(cost(loss_of(key)) for key in losses) > LIMIT


def moving(key: str, data: OutlierData) -> tuple[Slider, ...]:
    """The sliders that move what a loss fits: its own, the outliers' value and their number."""
    return (*own_sliders(loss_of(key)), *outlier_sliders(data))


@dataclass(frozen=True, eq=False)
class Fits:
    """The fits of one loss at all values of the sliders in `by`: [*frames] of them, or [runs] of a sweep."""

    by: tuple[Slider, ...] | Sweep
    constants: np.ndarray
    moved: np.ndarray  # how far the outliers have moved each constant
    lines: np.ndarray  # [..., 2], intercept and slope
    lines_without: np.ndarray  # [..., 2], the same without the outliers
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


@kept
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
    values = [slider.values for slider in sliders]
    found = fits_at(loss_of(key), data, values, np.concatenate([flat, without, corners(sliders)]), line=False)
    constants, unmoved, spread = np.split(found, [len(flat), 2 * len(flat)])
    return Fits(
        by=by,
        constants=constants.reshape(frames.shape[:-1]),
        moved=(constants - unmoved).reshape(frames.shape[:-1]),
        lines=fits_at(loss_of(key), data, values, frames, line=True),
        lines_without=fits_at(loss_of(key), data, values, without.reshape(frames.shape), line=True),
        spread=spread,
    )


def corners(sliders: Sequence[Slider]) -> np.ndarray:
    """Frames [n, sliders]: the ends and starts of a loss's own sliders, outliers at a few values, and none."""
    *own, outlier, _ = sliders
    ends = [sorted({0, slider.start, len(slider.values) - 1}) for slider in own]
    places = np.linspace(0, len(outlier.values) - 1, 5).round().astype(int)
    grid = np.meshgrid(*ends, places, [0, len(COUNTS) - 1], indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, len(grid))
