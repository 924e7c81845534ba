"""The scales on which several losses are compared: raw, normalised, or logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.losses.axis import LossAxis
from core.views.kit.layout import Axis, axis
from core.views.loss_curves.sampled_loss import SampledLoss, tidy

SHOWN = 97  # percent of a curve's points, over all frames, that its window has to show: some have poles
SCALES = {"raw": "Raw", "normalised": "Normalised", "log": "Log"}
TITLES = {"raw": "Loss", "normalised": "Loss, shifted to 0, divided by its average", "log": "Loss (log axis)"}
LOG_ENDS = (1e-3, 100.0)  # of both panels
HEIGHTS = {2: (226, 168), 3: (177, 132, 105)}  # pixels of the panels, from top to bottom, by their number


@dataclass(frozen=True)
class Range:
    """What a panel shows on its y axis."""

    title: str
    ends: tuple[float, float]
    axis: Axis
    height: int


@dataclass(frozen=True)
class Scale:
    """How values and gradients are shown: as they are, divided by each loss's average, or on log axes."""

    name: str

    @property
    def headings(self) -> tuple[str, str]:
        """Of the numbers read at the probe."""
        return ("loss / average", "gradient / average") if self.name == "normalised" else ("loss", "gradient")

    def shift_and_size(self, loss: SampledLoss) -> tuple[np.ndarray, np.ndarray]:
        """What is taken off a value, and what the rest is divided by: the least value in the window, and the mean
        excess over it, where the scale is normalised."""
        if self.name != "normalised":
            return np.zeros(()), np.ones(())
        least = np.nanmin(loss.value, axis=-1, keepdims=True)
        x, value, slope = loss.fine()
        mean = mean_height(x, value - least, slope)
        return least, np.where(mean > 0, mean, 1.0)

    def shown(self, loss: SampledLoss, value: np.ndarray) -> np.ndarray:
        """Values of a loss on this scale."""
        shift, size = self.shift_and_size(loss)
        return (value - shift) / size

    def values(self, loss: SampledLoss) -> np.ndarray:
        """The curve."""
        shown = self.shown(loss, loss.value)
        return self.visible(shown) if self.name == "log" else tidy(shown)

    def slopes(self, loss: SampledLoss, slope: np.ndarray) -> np.ndarray:
        """The curve of a derivative; on a log axis its absolute value."""
        return self.visible(self.sized(slope / self.shift_and_size(loss)[1]))

    def value_at(self, loss: SampledLoss) -> np.ndarray:
        """The value at every stop of the probe."""
        return self.shown(loss, loss.probe_value)

    def gradient_at(self, loss: SampledLoss) -> np.ndarray:
        """The gradient at every stop of the probe, with its sign."""
        return loss.probe_grad / self.shift_and_size(loss)[1]

    def sized(self, slope: np.ndarray) -> np.ndarray:
        """A derivative as its panel shows it: a log axis has no sign."""
        return np.abs(slope) if self.name == "log" else slope

    def visible(self, array: np.ndarray) -> np.ndarray:
        """Without what a log axis cannot show."""
        return np.where(array > 0, array, np.nan) if self.name == "log" else array

    def ranges(self, losses: Sequence[SampledLoss], x: LossAxis, *, curvature: bool) -> list[Range]:
        """Of the panels of value, gradient and curvature."""
        curves = {
            TITLES[self.name]: [loss.usual(self.values(loss)) for loss in losses],
            x.gradient + (", absolute value (log axis)" if self.name == "log" else ""): [
                loss.usual(self.slopes(loss, loss.grad)) for loss in losses
            ],
        }
        if curvature:
            curves["Curvature: the second derivative"] = [
                loss.usual(self.slopes(loss, loss.curvature)) for loss in losses
            ]
        return [
            self._range(title, own, height)
            for (title, own), height in zip(curves.items(), HEIGHTS[len(curves)], strict=True)
        ]

    def _range(self, title: str, curves: Sequence[np.ndarray], height: int) -> Range:
        """One window for all frames: a picture whose axes jump while it is dragged cannot be read.

        Its ends come from the losses' own largest values, so that one steep loss does not flatten the others.
        """
        if self.name == "log":
            return Range(title, LOG_ENDS, axis(ends=(-3, 2), type="log", exponentformat="power"), height)
        high = self._end([float(np.nanpercentile(curve, SHOWN)) for curve in curves])
        low = -self._end([-float(np.nanpercentile(curve, 100 - SHOWN)) for curve in curves])
        room = 0.05 * (high - low) or 0.5
        ends = (low - room, high + room)
        return Range(title, ends, axis(ends=ends, zeroline=True, exponentformat="power"), height)

    def _end(self, peaks: Sequence[float]) -> float:
        """Where to end an axis: where the middle one of several curves fills it, or all of them once normalised."""
        enough = max(peaks) if self.name == "normalised" else 1.25 * float(np.median(peaks))
        return max(0.0, min(enough, max(peaks)))


def mean_height(x: np.ndarray, y: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The area under a curve over the width of the part that is drawn, [..., 1].

    x, y, slope: [..., points], the slope in x. The mean of the points would be drawn to where they lie closest.
    Trapezia corrected by the slopes at their ends: exact where the curve is a cubic.
    """
    there = np.isfinite(y) & np.isfinite(slope)
    widths = np.where(there[..., 1:] & there[..., :-1], np.diff(x), 0.0)
    y, slope = np.where(there, y, 0.0), np.where(there, slope, 0.0)
    areas = widths * (y[..., 1:] + y[..., :-1]) / 2 + widths**2 * (slope[..., :-1] - slope[..., 1:]) / 12
    return np.sum(areas, axis=-1, keepdims=True) / np.sum(widths, axis=-1, keepdims=True)
