"""How values and slopes of several losses are shown on shared axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.losses.axis import Axis
from core.views.kit.canvas import Panel
from core.views.loss_curves.sampled_loss import Bend

MOST_OF_IT = 97  # percent of a curve's points, over all frames, that its window has to show: some have poles
SCALES = {"raw": "Raw", "normalised": "Normalised", "log": "Log"}


@dataclass(frozen=True)
class Scale:
    """How values and slopes are shown: as they are, by each loss's own size, or on log axes."""

    name: str

    def shift_and_size(self, bent: Bend) -> tuple[np.ndarray, np.ndarray]:
        """Normalised: the excess over the loss's least value in the window, in units of its mean excess there."""
        if self.name != "normalised":
            return np.zeros(()), np.ones(())
        least = np.nanmin(bent.value, axis=-1, keepdims=True)
        x, value, slope = bent.close()
        mean = mean_height(x, value - least, slope)
        return least, np.where(mean > 0, mean, 1.0)

    def panels(self, bents: Sequence[Bend], axis: Axis, curvature: bool) -> list[Panel]:
        named = {"raw": "Loss", "normalised": "Loss, shifted to 0, divided by its average", "log": "Loss (log axis)"}
        values = [b.usual(self.values(b)) for b in bents]
        shown = [Panel(title=named[self.name], weight=1.35, **self._range(values))]
        gradient = axis.gradient + (", absolute value (log axis)" if self.name == "log" else "")
        shown.append(Panel(title=gradient, **self._range([b.usual(self.slopes(b, b.grad)) for b in bents])))
        if curvature:
            title = "Curvature: the second derivative"
            bends = [b.usual(self.slopes(b, b.curvature)) for b in bents]
            shown.append(Panel(title=title, weight=0.8, **self._range(bends)))
        return shown

    @property
    def headings(self) -> tuple[str, str]:
        """Of the numbers read at the probe."""
        return ("loss / average", "gradient / average") if self.name == "normalised" else ("loss", "gradient")

    def values(self, bent: Bend) -> np.ndarray:
        shift, size = self.shift_and_size(bent)
        return self.visible((bent.value - shift) / size)

    def slopes(self, bent: Bend, slope: np.ndarray) -> np.ndarray:
        _, size = self.shift_and_size(bent)
        return self.visible(np.abs(slope) if self.name == "log" else slope / size)

    def visible(self, array: np.ndarray) -> np.ndarray:
        return np.where(array > 0, array, np.nan) if self.name == "log" else array  # a log axis has no 0

    def _range(self, curves: Sequence[np.ndarray]) -> dict[str, Any]:
        """One window for all frames: a picture whose axes jump while it is dragged cannot be read.

        Its ends come from the losses' own largest values, so that one steep loss does not flatten the others.
        """
        if self.name == "log":
            return {"low": 1e-3, "high": 100.0, "log": True}
        high = self._end([float(np.nanpercentile(curve, MOST_OF_IT)) for curve in curves])
        low = -self._end([-float(np.nanpercentile(curve, 100 - MOST_OF_IT)) for curve in curves])
        room = 0.05 * (high - low) or 0.5
        return {"low": low - room, "high": high + room}

    def _end(self, peaks: Sequence[float]) -> float:
        """Where to end an axis: where the middle one of several curves fills it, or all of them once normalised."""
        enough = max(peaks) if self.name == "normalised" else 1.25 * float(np.median(peaks))
        return max(0.0, min(enough, max(peaks)))


def mean_height(x: np.ndarray, y: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The area under a curve over the width of the part that is drawn, [..., 1]. (The mean of its points would be drawn
    to where they lie closest.) Trapezia corrected by the slopes at their ends: exact where the curve is a cubic."""
    there = np.isfinite(y) & np.isfinite(slope)
    widths = np.where(there[..., 1:] & there[..., :-1], np.diff(x), 0.0)
    y, slope = np.where(there, y, 0.0), np.where(there, slope, 0.0)
    areas = widths * (y[..., 1:] + y[..., :-1]) / 2 + widths**2 * (slope[..., :-1] - slope[..., 1:]) / 12
    return np.sum(areas, axis=-1, keepdims=True) / np.sum(widths, axis=-1, keepdims=True)
