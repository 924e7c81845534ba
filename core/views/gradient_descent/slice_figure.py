"""The picture of gradient descent in one dimension: its jumps from side to side of the valley, and its distance step by
step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.optimizers import OPTIMIZERS
from core.stage import Live, Slider, Stage, Task, Text, Tick, Words
from core.views.gradient_descent.race_figure import finite
from core.views.gradient_descent.slice_cards import slice_cards
from core.views.gradient_descent.slice_runs import KEY, START, STEPS, SliceRuns
from core.views.gradient_descent.sliders import RATE, STEP
from core.views.gradient_descent.stable_rate import tick
from core.views.gradient_descent.step_figure import arrow
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

ROW, PHONE_CURVE, PHONE_DISTANCE = 430, 300, 160  # pixels
HEIGHT = EDGE + ROW + FOOT
STEP_HEAD = 0.025  # of the panel: an arrow's head
CURVE_ROOM, MARKER_ROOM = 0.06, 0.03  # beyond the curve's ends; on either side of the steps
DISTANCE_DECADES = (-4, 3)  # of the distance, around the picture's edge
SAME_PRODUCT = 1e-9  # of the stable learning rate: nearer is equal
FAR = 1e15  # in units of the axes: a mark that is farther off has left every picture
AFTER = f"After {STEPS} steps the distance is {{ratio}} times that of the start"
AT_REST = "It starts where the slope is 0, and stays there"
DRAG_START = "start: drag it along the curve<extra></extra>"


@dataclass(frozen=True)
class SlicePicture:
    """Gradient descent in one dimension."""

    runs: SliceRuns

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.runs.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return SliceFigure(self.runs.around(centre)).stage()


class SliceFigure:
    """The loss along the slice with the positions of gradient descent on it, and the distance at each step."""

    def __init__(self, runs: SliceRuns) -> None:
        self.runs, self.look = runs, theme.look(KEY)
        self.timeline = runs.slider(STEP)
        # [runs, steps + 1]; what is farther off than SVG can write is at the same place
        found = runs.descent.points[..., 0].T, runs.descent.values.T
        self.positions, self.losses = (np.clip(one, -FAR, FAR) for one in found)
        reach, (_, losses) = runs.reach, runs.curve
        own = losses[0][np.isfinite(losses[0])]
        low, high = (float(own.min()), float(own.max())) if own.size else (0.0, 1.0)
        room = CURVE_ROOM * ((high - low) or 1.0)
        self.span = np.array([2 * reach, (high - low) or 1.0])
        across, up = axis(f"position from {self.middle}", (-1.1 * reach, 1.1 * reach)), axis(ends=(low - room, high))
        self.curve = Panel(across, up, "Loss in the direction of the largest curvature", ROW, PHONE_CURVE, 0.6)
        ends = np.log10(reach) + np.array(DISTANCE_DECADES)
        steps = axis("step", (-MARKER_ROOM * STEPS, (1 + MARKER_ROOM) * STEPS))
        distance = axis(ends=ends, type="log", exponentformat="power", dtick=1)
        self.distance = Panel(steps, distance, f"Distance from {self.middle}", ROW, PHONE_DISTANCE, 0.4)
        self.plot = Plot(rows([[self.curve, self.distance]], between=0.08))

    @property
    def middle(self) -> str:
        """What the slice goes through."""
        return "the minimum" if self.runs.has_minimum.all() else "the middle of the window"

    def stage(self) -> Stage:
        runs, landscape = self.runs, self.runs.problem.landscape
        positions, losses = runs.curve
        self.plot.line(
            self.curve, "loss", positions, runs.grid.live(finite(losses)), runs.problem.look, hoverinfo="skip"
        )
        self.draw_path()
        self.draw_distance()
        return self.plot.stage(
            name=f"Gradient descent on {landscape.name} in one dimension",
            alt=f"{runs.problem.about} A curve is its loss in the direction of its largest curvature, through "
            f"{self.middle}. Dots on it are the positions of gradient descent on this curve, joined by arrows. Beside "
            "it, the distance at each step, on a logarithmic axis.",
            sliders=runs.sliders,
            task=Task(
                "Drag “Learning rate” past the tick at 2/λmax, and back.",
                "Above the tick the jumps from side to side grow, below it they shrink.",
            )
            if (2 / runs.curvature < runs.rates.max()).any()
            else Task("Drag “Learning rate” to the right, and back.", "How far does each step jump?"),
            cards=slice_cards(runs),
            summary=self.summary(),
            headings=("distance", "loss"),
            table=lambda values: table(runs, values),
            centre=runs.centre,
            ticks=self.ticks(),
        )

    def draw_path(self) -> None:
        """The positions up to the step that is shown, with an arrow to each; the start, and the current position."""
        runs, timeline, name = self.runs, self.timeline, OPTIMIZERS[KEY].name
        at = np.stack([self.positions, self.losses], axis=-1)
        places = np.where((np.abs(at) < FAR).all(axis=-1, keepdims=True), at, np.nan)
        arrows = arrow(places[:, :-1], places[:, 1:], self.span, STEP_HEAD)
        arrows = np.pad(arrows, ((0, 0), (1, 0), (0, 1), (0, 0)), constant_values=np.nan)  # none leads to the start
        x, y = (Live(one, runs.sweep, grow=timeline) for one in np.moveaxis(arrows, -1, 0))
        self.plot.line(self.curve, "step", x, y, Stroke(self.look.colour), width=1.75, hoverinfo="skip")
        x, y = (Live(one, runs.sweep, grow=timeline) for one in np.moveaxis(places, -1, 0))
        hover = f"position %{{x:.4~g}}, loss %{{y:.4~g}}<extra>{name}</extra>"
        self.plot.dots(self.curve, name, x, y, self.look.colour, size=6, hovertemplate=hover)
        self.plot.explain("●→", "positions of gradient descent, step by step", self.look.colour)
        x, y = (Live(one, (runs.sweep, timeline)) for one in np.moveaxis(at, -1, 0))
        now = self.plot.marks(self.curve, "now", x, y, theme.head(self.look), hoverinfo="skip")
        self.plot.drag(now, along=timeline)
        x, y = (Live(one[:, 0], runs.sweep) for one in np.moveaxis(places, -1, 0))
        start = self.plot.marks(self.curve, "start", x, y, theme.START, hovertemplate=DRAG_START)
        self.plot.drag(start, x=runs.slider(START))
        self.plot.explain("◯", "start: drag it, or click elsewhere")
        self.plot.reading(OPTIMIZERS[KEY].short, self.look, self.cell(np.abs(self.positions)), self.cell(self.losses))

    def draw_distance(self) -> None:
        """The distance at each step up to the one that is shown."""
        runs, timeline, name = self.runs, self.timeline, OPTIMIZERS[KEY].name
        distance = np.where(self.positions == 0, np.nan, np.abs(self.positions))
        hover = f"%{{y:.4~g}} at step %{{x}}<extra>{name}</extra>"
        grown = Live(distance, runs.sweep, grow=timeline)
        self.plot.line(self.distance, name, timeline.values, grown, self.look, hovertemplate=hover)
        x, y = Live(timeline.values, timeline), Live(distance, (runs.sweep, timeline))
        head = self.plot.marks(self.distance, name, x, y, theme.head(self.look), hoverinfo="skip")
        self.plot.drag(head, along=timeline)

    def cell(self, numbers: np.ndarray) -> Text:
        """The number of the step that is shown, [runs, steps + 1], until the run has diverged."""
        runs, by = self.runs, (self.runs.sweep, self.timeline)
        at = runs.descent.diverged_at[:, None]
        gone = ((at >= 0) & (np.arange(STEPS + 1) >= at)).astype(float)
        return Text("{now}", now=Words(("{number}", "diverged"), Live(gone, by)), number=Live(numbers, by))

    def ticks(self) -> tuple[Tick, ...]:
        bound = 2 / self.runs.curvature
        if not np.isfinite(bound).any():
            return ()
        return (tick(RATE, KEY, Live(bound, self.runs.sweep), exact=self.runs.exact),)

    def summary(self) -> Text:
        """The factor |1 - rate λmax| by which, says theory, a step multiplies the distance; and what a run came to."""
        runs, exact = self.runs, self.runs.exact
        products = runs.rates * runs.curvature
        positions, diverged = runs.descent.points[..., 0], runs.descent.diverged_at
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.abs(positions[-1] / positions[0])
        theory = [factor_text(product, exact=exact) for product in products]
        seen = [
            f"It diverged at step {step}" if step >= 0 else AFTER if np.isfinite(ratio) else AT_REST
            for step, ratio in zip(diverged, ratios, strict=True)
        ]
        numbers = {"factor": np.abs(1 - products), "ratio": ratios}
        words = {"theory": Words.each(theory, runs.sweep), "seen": Words.each(seen, runs.sweep)}
        named = {
            name: Live(one, runs.sweep)
            for name, one in numbers.items()
            if any(f"{{{name}}}" in string for string in (*theory, *seen))
        }
        return Text("{theory}{seen}.", **words, **named)


def factor_text(product: float, *, exact: bool) -> str:
    """What gradient descent does where the learning rate times the curvature is `product`, with a slot for the factor;
    "" for NaN."""
    if np.isnan(product):
        return ""
    each = "Each" if exact else "Near the minimum, each"
    if abs(product - 2) <= SAME_PRODUCT:
        what = "it jumps from side to side for ever"
    elif abs(product - 1) <= SAME_PRODUCT:
        return f"One step leads {'to' if exact else 'near'} the minimum. "
    elif product > 2:
        what = "the jumps from side to side grow"
    elif product > 1:
        what = "each jumps to the other side, and the jumps shrink"
    else:
        what = "it shrinks, and no step jumps to the other side"
    return f"{each} step multiplies the distance by {{factor}}: {what}. "


def table(runs: SliceRuns, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each step, at the released values."""
    moved = {one.key: one.at(values) for one in runs.sweep.sliders if one.at(values) != one.default}
    run = runs.around(moved).descent
    return {"step": np.arange(STEPS + 1), "position": run.points[:, 0, 0], "loss": run.values[:, 0]}
