"""How high ground is coloured, and on which scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.views.kit.landscape_grid import Ground

STEEP = 12.0  # times: where the highest ground is so much higher than the middle, colours are logarithmic by themselves
FLOOR = 1e-4  # of the range: what a logarithmic scale shows as the lowest
HIGHEST = 98.0  # percent of the ground that a linear scale shows; what is higher has the last colour


@dataclass(frozen=True, eq=False)
class Scale:
    """How high ground is shown: by its colour, on the surface and in the cross-sections.

    `raw` shows the heights themselves, over the range of all the landscapes in `group`. Else each frame is shown from
    its own lowest to its own highest ground: raw values of different losses, or of one at different settings, do not
    compare, and the shape is what the frames are to show.
    """

    ground: Ground
    logarithmic: bool
    raw: bool
    group: Sequence[Ground]

    def ends_of(self, heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lowest height and the extent above it [..., 1], over the last axis."""
        finite = np.where(np.isfinite(heights), heights, np.nan)
        lowest = np.nanmin(finite, axis=-1, keepdims=True)
        top = np.nanmax(finite, axis=-1) if self.logarithmic else np.nanpercentile(finite, HIGHEST, axis=-1)
        extent = top[..., None] - lowest
        return lowest, np.where(extent > 0, extent, 1.0)

    @cached_property
    def shown(self) -> np.ndarray:
        """The shades [settings, y, x]."""
        heights = self.ground.heights
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
        return np.concatenate([ground.heights[0].ravel() for ground in self.group])[None] if self.raw else flat

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest shade."""
        if not self.raw:
            return (float(np.log10(FLOOR)), 0.0) if self.logarithmic else (0.0, 1.0)
        lowest, extent = (float(end[0, 0]) for end in self.ends_of(self._compared(self.ground.heights)))
        return (
            (float(np.log10(FLOOR * extent)), float(np.log10(extent)))
            if self.logarithmic
            else (lowest, lowest + extent)
        )

    @property
    def ticks(self) -> dict[str, Any]:
        """For an axis of shades: up to the highest at the centre, beyond what has a colour of its own."""
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


def steepness(ground: Ground) -> float:
    """How many times as high the highest ground is as the middle of it, both above the lowest; at the centre."""
    heights = ground.heights[0]
    above = heights[np.isfinite(heights)] - np.nanmin(
        np.append(heights[np.isfinite(heights)], ground.lowest()["lowest"][0])
    )
    return float(above.max() / (np.median(above) or 1.0))


def scales(grounds: Sequence[Ground], asked: str, comparable: bool) -> tuple[list[Scale], str]:
    """A scale for each landscape, `auto`, `linear` or `log`, and a sentence about it."""
    times = max(map(steepness, grounds))
    logarithmic = asked == "log" or (asked == "auto" and times > STEEP)
    kind = "logarithmic" if logarithmic else "linear"
    raw = comparable and not grounds[0].star
    reason = f"Colours are on a {kind} scale"
    own = "." if comparable else "; each loss has its own, because values of different losses cannot be compared."
    return [Scale(ground, logarithmic, raw, grounds if raw else [ground]) for ground in grounds], reason + own
