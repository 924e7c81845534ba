"""The scales on which several losses are compared: raw, normalised, or logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.losses.sampled import SampledLoss, without_offset
from core.views.kit.layout import Axis, axis

SHOWN = 97  # percent of a curve's points, over all frames, that its window has to show: some have poles
SCALES = {"raw": "Raw", "normalised": "Normalised", "log": "Log"}
TITLES = {"raw": "Loss", "normalised": "Loss, shifted to 0, divided by its average", "log": "Loss (log axis)"}
HIGHER = 2  # times: a curve that is so much higher than its axis would be still sets it
LOG_ENDS = (-3, 2)  # powers of ten


@dataclass(frozen=True)
class Scale:
    """A scale of values and gradients: raw, divided by each loss's average, or on log axes."""

    name: str

    @property
    def log(self) -> bool:
        return self.name == "log"

    @property
    def headings(self) -> tuple[str, str]:
        """The headings of the numbers at the inspected error."""
        return ("loss / average", "gradient / average") if self.name == "normalised" else ("loss", "gradient")

    def value(self, loss: SampledLoss, value: np.ndarray) -> np.ndarray:
        """Values of a loss on this scale."""
        if self.name != "normalised":
            return value
        return (value - loss.least) / np.where(loss.mean_excess > 0, loss.mean_excess, 1.0)

    def slope(self, loss: SampledLoss, slope: np.ndarray) -> np.ndarray:
        """Derivatives of a loss on this scale, with their sign."""
        return slope / np.where(loss.mean_excess > 0, loss.mean_excess, 1.0) if self.name == "normalised" else slope

    def drawn(self, array: np.ndarray, *, size: bool = False) -> np.ndarray:
        """Numbers as a panel shows them: on a log axis only what is above 0, of slopes their `size`."""
        if not self.log:
            return array
        array = np.abs(array) if size else array
        return np.where(array > 0, array, np.nan)

    def curves(self, loss: SampledLoss, *, curvature: bool) -> list[np.ndarray]:
        """The curves of a loss, one for each panel: value, gradient and, if asked for, curvature."""
        value, slopes = self.value(loss, loss.value), [loss.grad, *([loss.curvature] if curvature else [])]
        return [
            self.drawn(value) if self.log else without_offset(value),
            *(self.drawn(self.slope(loss, slope), size=True) for slope in slopes),
        ]

    def axis(self, curves: Sequence[np.ndarray]) -> Axis:
        """One y axis for all frames: a picture whose axes jump while it is dragged cannot be read.

        Its ends come from the losses' own largest values, so that one steep loss does not flatten the others.
        """
        if self.log:
            return axis(ends=LOG_ENDS, type="log", exponentformat="power")
        drawn = [curve[np.isfinite(curve)] for curve in curves if np.isfinite(curve).any()] or [np.zeros(1)]
        high = self._end([float(np.percentile(curve, SHOWN)) for curve in drawn])
        low = -self._end([-float(np.percentile(curve, 100 - SHOWN)) for curve in drawn])
        room = 0.05 * (high - low) or 0.5
        return axis(ends=(low - room, high + room), zeroline=True, exponentformat="power")

    def _end(self, peaks: Sequence[float]) -> float:
        """The end of an axis: the middle one of several curves fills it. The highest does once normalised, or where it
        is not much higher."""
        enough = 1.25 * float(np.median(peaks))
        fits_all = self.name == "normalised" or max(peaks) <= HIGHER * enough
        return max(0.0, max(peaks) if fits_all else min(enough, max(peaks)))
