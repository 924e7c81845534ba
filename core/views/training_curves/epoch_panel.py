"""Panels of curves over the epochs, with one y axis for all runs: a picture whose axes jump cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.stage import Live
from core.views.kit import theme
from core.views.kit.layout import Axis, Panel, axis
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.training_curves.settings import EPOCH, EPOCHS, EVERY
from core.views.training_curves.training_sweep import TrainingSweep

SMALLEST = 1e-12  # of a number on a logarithmic axis
LOWEST = 1e-5  # of the highest, on a logarithmic axis
LOW_PANEL = 150  # pixels
HIGHEST = 99  # percent of what is drawn of a curve, over all runs, that the axis shows


@dataclass(frozen=True, eq=False, kw_only=True)
class EpochPanel:
    """Curves [runs, epochs] by the names of their traces, and how their panel shows them."""

    title: str
    curves: Mapping[str, np.ndarray]
    log: bool = False
    ceiling: float = np.inf  # times what training usually begins with: the axis ends there
    top: float = np.inf  # the axis ends there, if it would not end lower
    size: Mapping[str, Any]  # of the panel: height, width, phone

    @cached_property
    def panel(self) -> Panel:
        return Panel(axis("epoch", (0, EPOCHS), nticks=7), self._y(), self.title, **self.size)

    def visible(self, values: np.ndarray) -> np.ndarray:
        """The values as they are drawn: NaN where not finite, and where at or below 0 on a logarithmic axis."""
        shown = np.where(np.isfinite(values), values, np.nan)
        return np.where(shown > 0, np.maximum(shown, SMALLEST), np.nan) if self.log else shown

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ends of the y axis. Runs that diverge would flatten all others: they leave the picture at its top."""
        curves = [self.visible(curve) for curve in self.curves.values()]
        shown = np.concatenate([curve[np.isfinite(curve)] for curve in curves])
        if not len(shown):
            return 0.1, 1.0
        low, top = float(shown.min()), float(shown.max())
        if np.isfinite(self.ceiling):
            usual = float(np.nanmedian([curve[:, 0] for curve in curves]))
            top = min(float(np.percentile(shown, HIGHEST)), self.ceiling * usual)
        if self.log:
            low = max(low, float(np.percentile(shown, 100 - HIGHEST)), top * LOWEST)
            return low / 1.3, top * 1.3
        if self.top < top:
            return low - 0.03 * (self.top - low), self.top
        room = 0.05 * (top - low) or 0.5
        return low - room, top + room

    def _y(self) -> Axis:
        if not self.log:
            return axis(ends=self.ends, nticks=5)
        powers = np.log10(self.ends)
        # Powers of ten from tick to tick: a low panel has room for few.
        tick = max(1, round((powers[1] - powers[0]) / (4 if self.size["height"] > LOW_PANEL else 2)))
        return axis(ends=powers, nticks=5, type="log", exponentformat="power", dtick=tick)


def draw_curve(
    plot: Plot, panel: Panel, name: str, runs: TrainingSweep, values: np.ndarray, look: Stroke, *, point: str
) -> None:
    """A curve [runs, epochs] that can be drawn, and a point on it, of this name, at the epoch that is shown."""
    hover = f"%{{y:.4~g}} at epoch %{{x:.0f}}<extra>{name}</extra>"
    plot.line(panel, name, np.arange(EPOCHS + 1), runs.of_run(values), look, width=2.25, hovertemplate=hover)
    epoch, now = Live(EPOCH.values, EPOCH), runs.at_epoch(values[:, ::EVERY])
    plot.drag(plot.marks(panel, point, epoch, now, theme.head(look), hoverinfo="skip"), x=EPOCH)
