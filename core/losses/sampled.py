"""A loss sampled along an axis, at every combination of its parameters' values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.losses.axis import LossAxis
from core.losses.loss import Loss
from core.numerics import mean_height
from core.record import REAL

KINK_OFFSET = 1e-6  # a curve is sampled on both sides of a kink, so that a jump is a vertical line
FINER = 16  # times as many points, for an integral over a curve
USUAL = 0.5  # the least true value for which a picture's window is made; curves at others may leave it


@dataclass(frozen=True, eq=False)
class SampledLoss:
    """A loss at x [*frames, points], where the frames are all combinations of `params`' values and of `truths`.

    params: the values of every parameter of the loss, by name, float64 [values]. truths: true values, float64 [truths],
    for a loss that depends on more than its residual; none for the others.
    """

    loss: Loss
    axis: LossAxis
    params: Mapping[str, np.ndarray] = field(default_factory=dict)
    truths: np.ndarray | None = None

    @cached_property
    def grids(self) -> list[np.ndarray]:
        """Each parameter, and the true value if there is one, in every frame: [*frames, 1]."""
        every = [*self.params.values(), *([] if self.truths is None else [self.truths])]
        return [grid[..., None] for grid in np.meshgrid(*every, indexing="ij")] if every else []

    @property
    def frames(self) -> tuple[int, ...]:
        """The shape of the frames."""
        return self.grids[0].shape[:-1] if self.grids else ()

    def at(self, method: Callable[..., np.ndarray], x: np.ndarray) -> np.ndarray:
        """The values of a method of the loss at x [..., points]: [*frames, points], NaN outside the loss's domain.

        Of a typed loss it is NaN too where the value is infinite: there may be such places anywhere.
        """
        truth = np.zeros(()) if self.truths is None else self.grids[-1]
        params = self.grids[: len(self.params)]
        pred, target, _, *spread = np.broadcast_arrays(
            *self.axis.to_loss(x, truth), np.empty((*self.frames, 1)), *params
        )
        inside = self.loss.pred_domain.mask(pred)
        found = np.full(pred.shape, np.nan)
        own = {name: array[inside] for name, array in zip(self.params, spread, strict=True)}
        found[inside] = method(pred[inside], target[inside], **own)
        return found if self.loss.fits_confirmed else np.where(np.isfinite(found), found, np.nan)

    @cached_property
    def kinks(self) -> np.ndarray:
        """The kinks on the axis, [*frames, kinks]; NaN where a frame has fewer than another."""
        params = {name: grid[..., 0] for name, grid in zip(self.params, self.grids, strict=False)}
        truth = np.zeros(self.frames) if self.truths is None else self.grids[-1][..., 0]
        return self.loss.kinks_on(self.axis, params, truth)

    @cached_property
    def x(self) -> np.ndarray:
        """The points, rising, with one on either side of each kink: [*frames, points], or [points] where no kink
        moves."""
        x = with_sides(self.axis.grid, self.kinks)
        rows = x.reshape(-1, x.shape[-1])
        return x if np.ptp(rows, axis=0).any() else rows[0]

    @cached_property
    def value(self) -> np.ndarray:
        return self.at(self.loss.value, self.x)

    @cached_property
    def grad(self) -> np.ndarray:
        """The derivative in the prediction."""
        return self.at(self.loss.grad, self.x)

    @cached_property
    def curvature(self) -> np.ndarray:
        """The second derivative in the prediction."""
        return self.at(self.loss.curvature, self.x)

    @cached_property
    def kink_values(self) -> np.ndarray:
        """The value at each kink, [*frames, kinks]."""
        return np.where(np.isnan(self.kinks), np.nan, self.at(self.loss.value, np.nan_to_num(self.kinks)))

    @cached_property
    def least(self) -> np.ndarray:
        """The lowest value in the window, [*frames, 1]."""
        return np.min(self.value, axis=-1, keepdims=True, where=~np.isnan(self.value), initial=np.inf)

    @cached_property
    def mean_excess(self) -> np.ndarray:
        """The mean of the value less the lowest, over the part of the window that is drawn, [*frames, 1]."""
        if self.loss.pred_domain == REAL:
            return mean_height(self.x, self.value - self.least, self.grad * self.axis.stretch(self.x))
        # A pole is steeper than the points are close.
        parts = self.x[..., :-1, None] + np.diff(self.x)[..., None] * np.arange(FINER) / FINER
        x = np.concatenate([parts.reshape(*self.x.shape[:-1], -1), self.x[..., -1:]], axis=-1)
        drawn = x >= np.where(np.isfinite(self.value), self.x, np.inf).min(axis=-1, keepdims=True)
        value = np.where(drawn, self.at(self.loss.value, x), np.nan)
        slope = np.where(drawn, self.at(self.loss.grad, x) * self.axis.stretch(x), np.nan)
        return mean_height(x, value - self.least, slope)

    def usual(self, curves: np.ndarray) -> np.ndarray:
        """The curves [*frames, points] without those whose true value is close to 0."""
        return curves if self.truths is None else curves[..., self.truths >= USUAL, :]


def with_sides(grid: np.ndarray, kinks: np.ndarray) -> np.ndarray:
    """The points of a grid with one on either side of each kink [*frames, kinks], rising: [*frames, points].

    A kink that is NaN adds the grid's first point again: every frame has as many.
    """
    shared = np.broadcast_to(grid, (*kinks.shape[:-1], len(grid)))
    sides = np.concatenate([kinks - KINK_OFFSET, kinks + KINK_OFFSET], axis=-1)
    every = np.concatenate([shared, np.nan_to_num(sides, nan=grid[0])], axis=-1)
    return np.clip(np.sort(every, axis=-1), grid[0], grid[-1])


def without_offset(array: np.ndarray) -> np.ndarray:
    """The numbers, those within KINK_OFFSET of 0 as 0: a curve is sampled beside its kinks, and would be read so."""
    return np.where(np.abs(array) <= 2 * KINK_OFFSET, 0.0, array)
