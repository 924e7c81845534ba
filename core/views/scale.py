"""How values and slopes of several losses are shown on shared axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.views.axes import Axis
from core.views.bend import Bend
from core.views.canvas import Panel

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
        mean = mean_height(bent.x, bent.value - least)
        return least, np.where(mean > 0, mean, 1.0)

    def panels(self, bents: Sequence[Bend], axis: Axis, curvature: bool) -> list[Panel]:
        named = {"raw": "Loss", "normalised": "Loss, each in units of its own mean", "log": "Loss (log axis)"}
        shown = [Panel(title=named[self.name], weight=1.35, **self._range([self.values(b) for b in bents]))]
        pull = axis.pull + (", size on a log axis" if self.name == "log" else "")
        shown.append(Panel(title=pull, **self._range([self.slopes(b, b.grad) for b in bents])))
        if curvature:
            title = "Curvature: the second derivative"
            shown.append(Panel(title=title, weight=0.8, **self._range([self.slopes(b, b.curvature) for b in bents])))
        return shown

    def values(self, bent: Bend) -> np.ndarray:
        shift, size = self.shift_and_size(bent)
        return self._visible((bent.value - shift) / size)

    def slopes(self, bent: Bend, slope: np.ndarray) -> np.ndarray:
        _, size = self.shift_and_size(bent)
        return self._visible(np.abs(slope) if self.name == "log" else slope / size)

    def _visible(self, array: np.ndarray) -> np.ndarray:
        return np.where(array > 0, array, np.nan) if self.name == "log" else array  # a log axis has no 0

    def _range(self, curves: Sequence[np.ndarray]) -> dict[str, Any]:
        """One window for all frames: a picture whose axes jump while it is dragged cannot be read.

        Its ends come from the losses' own largest values, so that one steep loss does not flatten the others.
        """
        if self.name == "log":
            return {"low": 1e-3, "high": 100.0, "log": True}
        high = clear_view([float(np.nanmax(curve)) for curve in curves])
        low = -clear_view([-float(np.nanmin(curve)) for curve in curves])
        room = 0.05 * (high - low) or 0.5
        return {"low": low - room, "high": high + room}


def mean_height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The area under a curve over the width of the part that is drawn, [..., 1]. (The mean of its points would be drawn
    to where they lie closest.)"""
    there = np.isfinite(y)
    widths = np.where(there[..., 1:] & there[..., :-1], np.diff(x), 0.0)
    heights = np.where(there, y, 0.0)
    area = np.sum(widths * (heights[..., 1:] + heights[..., :-1]) / 2, axis=-1, keepdims=True)
    return area / np.sum(widths, axis=-1, keepdims=True)


def clear_view(peaks: Sequence[float]) -> float:
    """Where to end an axis so that the middle one of several curves fills it."""
    return max(0.0, min(max(peaks), 1.25 * float(np.median(peaks))))
