"""Colour scales of landscapes: linear or logarithmic, shared or one for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.views.kit.landscape_grid import LandscapeGrid

STEEP = 12.0  # where the highest point is so many times as high as the median one, colours are logarithmic by default
FLOOR = 1e-4  # of the range: the lowest that a logarithmic scale shows
HIGHEST = 98.0  # percent of the points that a linear scale tells apart; higher ones have the last colour


@dataclass(frozen=True, eq=False)
class ColourScale:
    """A scale of heights, for colours, the surface and the cross-sections.

    A `raw` scale shows the heights themselves, over the range of all the landscapes in `group`. Otherwise each run is
    shown from its own lowest to its own highest point: values of different losses, or of one loss at different
    settings, cannot be compared, and the runs are there to show the shape.
    """

    grid: LandscapeGrid
    logarithmic: bool
    raw: bool
    group: Sequence[LandscapeGrid]

    def ends_of(self, heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lowest height and the extent above it, [..., 1], over the last axis."""
        finite = np.where(np.isfinite(heights), heights, np.nan)
        lowest = np.nanmin(finite, axis=-1, keepdims=True)
        top = np.nanmax(finite, axis=-1) if self.logarithmic else np.nanpercentile(finite, HIGHEST, axis=-1)
        extent = top[..., None] - lowest
        return lowest, np.where(extent > 0, extent, 1.0)

    @cached_property
    def shown(self) -> np.ndarray:
        """The scaled heights, [runs, y, x]."""
        heights = self.grid.heights
        lowest, extent = (end[..., None] for end in self.ends_of(self._compared(heights.reshape(len(heights), -1))))
        if self.raw and not self.logarithmic:
            return heights
        with np.errstate(invalid="ignore"):
            above = np.maximum(heights - lowest, 0.0)
            return (
                np.log10((above + FLOOR * extent) / (1.0 if self.raw else extent))
                if self.logarithmic
                else above / extent
            )

    def _compared(self, flat: np.ndarray) -> np.ndarray:
        return np.concatenate([grid.heights[0].ravel() for grid in self.group])[None] if self.raw else flat

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest of what is shown."""
        if not self.raw:
            return (float(np.log10(FLOOR)), 0.0) if self.logarithmic else (0.0, 1.0)
        lowest, extent = (float(end[0, 0]) for end in self.ends_of(self._compared(self.grid.heights)))
        return (
            (float(np.log10(FLOOR * extent)), float(np.log10(extent)))
            if self.logarithmic
            else (lowest, lowest + extent)
        )

    @property
    def ticks(self) -> dict[str, Any]:
        """For an axis of what is shown: up to the highest at the centre, which may lie above the last colour."""
        low, high = self.ends
        high = max(high, float(np.nanmax(np.where(np.isfinite(self.shown[0]), self.shown[0], np.nan))))
        room = 0.03 * (high - low)
        found: dict[str, Any] = {"range": [low - room, high + room]}
        if self.logarithmic:
            powers = np.arange(np.ceil(low), np.floor(high) + 1)
            powers = powers[:: max(1, len(powers) // 4)]
            found |= {"tickvals": powers.tolist(), "ticktext": [f"10<sup>{int(power)}</sup>" for power in powers]}
        elif not self.raw:
            found |= {"tickformat": ".0%"}
        return found


def scales(grids: Sequence[LandscapeGrid], asked: str, comparable: bool) -> tuple[list[ColourScale], str]:
    """A scale for each landscape, and a sentence about it.

    asked: "auto", "linear" or "log". comparable: whether the landscapes' heights mean the same.
    """
    times = max(grid.steepness for grid in grids)
    logarithmic = asked == "log" or (asked == "auto" and times > STEEP)
    kind = "logarithmic" if logarithmic else "linear"
    raw = comparable and not grids[0].sweep.sliders
    reason = f"Colours are on a {kind} scale"
    own = "." if comparable else "; each loss has its own, because values of different losses cannot be compared."
    return [ColourScale(grid, logarithmic, raw, grids if raw else [grid]) for grid in grids], reason + own
