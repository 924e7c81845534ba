"""The picture of a hundred starts: on the map the fastest optimizer from each, beside it the shares that converge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.descent.multistart import LIVE, Multistart, names, runner
from core.optimizers import OPTIMIZERS
from core.stage import Live, Slider, Stage, Task, Text, Words
from core.views.gradient_descent.cards import starts_cards
from core.views.gradient_descent.problems import DescentProblem
from core.views.gradient_descent.sliders import RATE, RATES
from core.views.kit import theme
from core.views.kit.colour_scale import scales
from core.views.kit.landscape_figure import draw_contours, draw_critical_points, window_axes
from core.views.kit.landscape_grid import LandscapeGrid
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot

ROW, PHONE_MAP, PHONE_SHARES = 430, 300, 200  # pixels
HEIGHT = EDGE + ROW + FOOT
FIRST = 0.01  # where the slider of the learning rate starts
EVERY = 5  # each so many-th learning rate is run; where data make the landscape, each tenth
FADE = 0.75  # opacity of the map under the marks
NONE = {"color": theme.NEUTRAL, "size": 8, "symbol": "x-thin-open"}


def multistart(problem: DescentProblem, runners: tuple[str, ...], rate: str, budget: int) -> MultistartPicture:
    """The picture of these optimizers on a problem, with so many evaluations from each start."""
    rates = RATES[:: EVERY * (2 if problem.landscape.examples else 1)]
    return MultistartPicture(problem, Multistart(problem.landscape, rates, runners, rate, budget))


@dataclass(frozen=True, eq=False)
class MultistartPicture:
    """A mark for each start on the map, and a curve for each optimizer."""

    problem: DescentProblem
    starts: Multistart

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The learning rate, where there is one for all."""
        if self.starts.rate != LIVE:
            return ()
        first = int(np.abs(np.log(self.starts.rates / FIRST)).argmin())
        return (Slider(name=RATE, label="Learning rate", values=self.starts.rates, start=first),)

    @cached_property
    def grid(self) -> LandscapeGrid:
        return self.problem.grid()

    def live(self, array: Any) -> Live:
        """An array [frames, ...], by the learning rate where there is one for all."""
        return Live(array, self.sliders) if self.sliders else Live(array[0])

    def stage(self, _: Mapping[str, float]) -> Stage:
        starts, landscape = self.starts, self.problem.landscape
        evaluations = axis("evaluations", (0, starts.budget))
        where = Panel(*window_axes(self.grid), f"{landscape.name}: fastest optimizer by start",
                      height=ROW, phone=PHONE_MAP, width=0.54)  # fmt: skip
        shares = Panel(evaluations, axis(ends=(-0.02, 1.02), tickformat=".0%"), "Share of starts that have converged",
                       height=ROW, phone=PHONE_SHARES, width=0.38)  # fmt: skip
        plot = Plot(rows([[where, shares]]))
        [scale] = scales([self.grid], "auto", comparable=True)[0]
        draw_contours(plot, where, scale, FADE)
        self.draw_fastest(plot, where)
        draw_critical_points(plot, where, self.grid)
        for key, converged in starts.shown.items():
            self.draw_share(plot, shares, key, converged)
        frames = range(len(starts.rates) if self.sliders else 1)
        sentences = [starts.sentence(frame) for frame in frames]
        return plot.stage(
            name=f"{len(starts.points)} starts on {landscape.name}",
            alt=f"{self.problem.about} The map shows for each of {len(starts.points)} starts which of "
            f"{names([*starts.runners])} converges to the lowest minimum first. Beside it is the share of starts from "
            "which each has converged, by evaluations.",
            sliders=self.sliders,
            task=Task(
                "Choose another landscape, or other optimizers.",
                "The colour of a start says who arrives first from there.",
            ),
            cards=starts_cards(starts),
            summary=Text("{}", Words.each(sentences, self.sliders[0])) if self.sliders else Text(sentences[0]),
            headings=("converged", "median", *(("rate",) if starts.rate != LIVE else ())),
            table=lambda values: starts.table(self.sliders[0].frame_at(values) if self.sliders else 0),
        )

    def draw_fastest(self, plot: Plot, panel: Panel) -> None:
        """A mark at each start, of the optimizer that converges first from there."""
        after = np.stack(list(self.starts.shown.values()))  # [runners, frames, starts]
        first = np.where(np.isfinite(after).any(axis=0), after.argmin(axis=0), -1)
        for number, key in enumerate(self.starts.runners):
            look = theme.look(key)
            symbol = theme.POINT_SYMBOLS[look.dash]
            marker = {"color": look.colour, "size": 11, "symbol": symbol, "line": {"width": 1}}
            self.mark(plot, panel, first == number, f"{runner(key).name} converges first", marker)
        self.mark(plot, panel, first == -1, "none converges", NONE)
        plot.explain("×", "none converges from here")

    def mark(self, plot: Plot, panel: Panel, which: np.ndarray, label: str, marker: dict[str, Any]) -> None:
        """The same marker at some of the starts, bool [frames, starts]."""
        x, y = (self.live(np.where(which, column, np.nan)) for column in self.starts.points.T)
        hover = "from (%{x:.3~g}, %{y:.3~g})<extra>" + label + "</extra>"
        plot.marks(panel, label, x, y, marker, hovertemplate=hover)

    def draw_share(self, plot: Plot, panel: Panel, key: str, after: np.ndarray) -> None:
        """The share of the starts [frames, starts] from which an optimizer has converged, and its row in the key."""
        starts, one, look, converged = self.starts, runner(key), theme.look(key), np.isfinite(after)
        evaluations = np.arange(starts.budget + 1.0)
        share = np.stack([(after <= count).mean(axis=1) for count in evaluations], axis=1)
        hover = "%{y:.0%} after %{x:.0f} evaluations<extra>" + one.name + "</extra>"
        plot.line(panel, one.name, evaluations, self.live(share), look, line_shape="hv", hovertemplate=hover)
        medians = [
            np.median(row[there]) if there.any() else np.nan for row, there in zip(after, converged, strict=True)
        ]
        cells = [Text("{} %", self.live(100.0 * converged.mean(axis=1))), Text("{}", self.live(medians))]
        if starts.rate != LIVE:
            rate = f"{starts.rates[starts.best[key]]:g}" if converged.any() else "–"
            cells.append(Text(rate if key in OPTIMIZERS else "its own"))
        plot.reading(one.short, look, *cells)
