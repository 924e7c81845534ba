"""The picture of a race: the paths on the map, the losses step by step, and the final loss at each learning rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.optimizers import OPTIMIZERS
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Task
from core.views.gradient_descent.cards import race_cards
from core.views.gradient_descent.model_panel import model_panel
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.race_question import question
from core.views.gradient_descent.race_text import note, result, summary
from core.views.gradient_descent.script import script_of
from core.views.gradient_descent.sliders import STEP, X, Y
from core.views.gradient_descent.stable_rate import stable_rates
from core.views.kit import theme
from core.views.kit.colour_scale import scales
from core.views.kit.landscape_figure import draw_contours, draw_critical_points, window_axes
from core.views.kit.layout import EDGE, FOOT, GAP, SEAM, Axis, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

CHART, STRIP = 190, 24  # pixels: heights of a chart, and of the strip of stable rates in it
MAP = 2 * CHART + GAP  # the map's
PHONE_MAP, PHONE_CHART = 300, 150
HEIGHT = EDGE + MAP + FOOT
DRAG = "start: drag it, or click elsewhere<extra></extra>"
FADE = 0.75  # opacity of the map under what is drawn on it
MARKER_ROOM = 0.03  # of the steps, and of the decades of rates: at either end, for a marker
LOSS_DECADES = 10  # that a logarithmic loss axis shows at most


@dataclass(frozen=True)
class RacePicture:
    """A race, with its losses on a logarithmic axis where they can be."""

    race: Race
    logarithmic: bool

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.race.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        race = self.race.around(centre)
        return RaceFigure(race, self.logarithmic and race.above).stage()

    def draft(self, centre: Mapping[str, float]) -> Stage:
        race = self.race.draft_around(centre)
        return RaceFigure(race, self.logarithmic and race.above).stage()


class RaceFigure:
    """The map with the paths on it, what is fitted there beside it, and the two charts."""

    def __init__(self, race: Race, logarithmic: bool) -> None:
        self.race, self.model, landscape = race, model_panel(race, MAP), race.problem.landscape
        losses = loss_axis(race, logarithmic, race.heights[:, :, 0])
        finals = np.array([race.heights[-1][race.by_rate(key)] for key in race.optimizers])
        self.map = Panel(*window_axes(race.grid), landscape.name, MAP, PHONE_MAP, equal=landscape.one_unit)
        self.losses = Panel(
            axis("step", (-MARKER_ROOM * race.steps, (1 + MARKER_ROOM) * race.steps)), losses,
            "Loss above the minimum" if race.above else "Loss", CHART, PHONE_CHART,
        )  # fmt: skip
        rates, title = rate_axis(race), f"Loss after {race.steps} steps, by learning rate"
        self.finals = Panel(
            rates, loss_axis(race, logarithmic, finals), title, CHART - STRIP - SEAM, PHONE_CHART - STRIP - SEAM
        )
        stable = axis(ends=(len(race.optimizers), 0), showgrid=False, showticklabels=False)
        self.strip = Panel(rates, stable, height=STRIP)
        charts = rows([[self.losses], [rows([[self.finals], [self.strip]], gap=SEAM)]])
        middle = [self.model.panel] if self.model else []
        self.plot = Plot(rows([[self.map, *middle, charts]], between=0.07), draft=race.draft)

    def stage(self) -> Stage:
        race = self.race
        draw_map(self.plot, self.map, race)
        for key in race.optimizers:
            self.draw_runs(key)
            self.draw_final_losses(key)
        draw_start(self.plot, self.map, race, hovertemplate=DRAG)
        self.plot.explain("▬", "stable learning rates: the final loss is not above the initial loss")
        if self.model:
            self.model.draw(self.plot, race)
        names = join_words([OPTIMIZERS[key].name for key in race.optimizers])
        return self.plot.stage(
            name=f"Descent on {race.problem.landscape.name}",
            alt=f"{race.problem.about} The map shows the paths of {names} from one start. Beside it are their losses "
            "step by step, and the final loss of each at every learning rate, with a bar over its stable rates. "
            "The table beside the picture gives the loss and the result of each.",
            sliders=race.sliders,
            task=Task(
                "Drag the start ◯ across the map. Then drag “Learning rate”."
                if not race.separate
                else "Drag the start ◯ across the map.",
                "Which optimizer arrives first, and which diverges?",
            ),
            question=None if race.draft else question(race),
            cards=() if race.draft else race_cards(race),
            summary=summary(race),
            headings=("above min." if race.above else "loss", "result"),
            table=lambda values: table(race, values),
            script=script_of(race),
            centre=race.centre,
            ticks=stable_rates(race),
        )

    def draw_runs(self, key: str) -> None:
        """The path of an optimizer, its losses against the step, and its row of the key."""
        race, number, look = self.race, self.race.optimizers.index(key), theme.look(key)
        x, y = np.moveaxis(finite(race.descent.points[:, number]), -1, 0)
        losses = finite(race.heights[:, number]).T
        self.draw_path(self.map, key, x.T, y.T, "(%{x:.4~g}, %{y:.4~g})")
        self.draw_path(self.losses, key, np.arange(race.steps + 1.0), losses, "%{y:.4~g}")
        now = Live(race.readable[:, number].T, (race.sweeps[key], race.slider(STEP)))
        self.plot.reading(OPTIMIZERS[key].short, look, now, result(race, key), note=note(race, key))

    def draw_path(self, panel: Panel, key: str, x: np.ndarray, y: np.ndarray, hover: str) -> None:
        """A line up to the step that is shown and a head there: y [runs, steps + 1], x as y or [steps + 1]."""
        look, name, timeline = theme.look(key), OPTIMIZERS[key].name, self.race.slider(STEP)
        y_by = [self.race.sweeps[key]]
        x_by = y_by if x.ndim > 1 else []
        hover += f"<extra>{name}</extra>"
        draw = self.plot.path if panel is self.map else self.plot.line
        draw(panel, name, Live(x, x_by, grow=timeline), Live(y, y_by, grow=timeline), look, hovertemplate=hover)
        head = Live(x, [*x_by, timeline]), Live(y, [*y_by, timeline])
        self.plot.drag(self.plot.marks(panel, name, *head, theme.head(look), hovertemplate=hover), along=timeline)

    def draw_final_losses(self, key: str) -> None:
        """The final loss at every learning rate, and a bar over the stable ones."""
        race, look, name = self.race, theme.look(key), OPTIMIZERS[key].name
        number, rate = race.optimizers.index(key), race.rate(key)
        finals = finite(race.heights[-1])
        hover = f"final loss %{{y:.4~g}} at learning rate %{{x:.4~g}}<extra>{name}</extra>"
        self.plot.line(self.finals, name, rate.values, finals[race.by_rate(key)], look, hovertemplate=hover)
        here, now = Live(rate.values, rate), Live(finals[number], race.sweeps[key])
        self.plot.drag(self.plot.marks(self.finals, name, here, now, theme.head(look), hovertemplate=hover), x=rate)
        bar, width = np.where(race.stable(key), number + 0.5, np.nan), min(4.0, STRIP / len(race.optimizers) - 1)
        self.plot.line(self.strip, name, rate.values, bar, Stroke(look.colour), width=width, hoverinfo="skip")


def draw_map(plot: Plot, panel: Panel, race: Race) -> None:
    """The landscape of a race, paler than what is drawn on it."""
    [scale] = scales([race.grid], "auto", comparable=True)[0]
    draw_contours(plot, panel, scale, FADE)
    draw_critical_points(plot, panel, race.grid)


def draw_start(plot: Plot, panel: Panel, race: Race, **style: Any) -> None:
    """The start, on top of all that is drawn before."""
    plot.explain("◯", "start: drag it, click elsewhere or type it")
    sliders = race.slider(X), race.slider(Y)
    sweep = Sweep(sliders, race.centre)
    x, y = (Live(sweep.values[slider.key], sweep) for slider in sliders)
    plot.drag(plot.marks(panel, "start", x, y, theme.START, **style), x=sliders[0], y=sliders[1])


def rate_axis(race: Race) -> Axis:
    """The learning rates, from the smallest to the largest."""
    low, high = np.log10(race.rates[[0, -1]])
    room = MARKER_ROOM * (high - low)
    ends = (low - room, high + room)
    return axis("learning rate", ends, type="log", exponentformat="power", dtick=1, tickangle=0)


def loss_axis(race: Race, logarithmic: bool, shown: np.ndarray) -> Axis:
    """The axis of these losses: from a little above the centre's start down to the lowest of them."""
    finite, begin = shown[np.isfinite(shown)], float(race.heights[0, 0, 0])
    start = begin if np.isfinite(begin) else float(finite.max(initial=1.0))
    if not logarithmic:
        # A landscape that falls without end: what left the window would leave no room for anything else.
        floor = float(np.nanmin(race.grid.heights))
        low = max(float(finite.min(initial=start)), min(floor, start))
        room = (start - low) or 1.0
        return axis(ends=(low - 0.08 * room, start + 0.25 * room), nticks=5)
    top = np.log10(start) if start > 0 else 0.0
    low = np.log10(max(finite[finite > 0].min(initial=start or 1.0), (start or 1.0) * 10.0**-LOSS_DECADES))
    low, high = min(low, top - 1) - 0.3, top + 0.8
    return axis(ends=(low, high), nticks=5, type="log", exponentformat="power", dtick=max(1, round((high - low) / 4)))


def finite(numbers: np.ndarray) -> np.ndarray:
    """The numbers, NaN where they are infinite: a path that has diverged is not drawn there."""
    return np.where(np.isfinite(numbers), numbers, np.nan)


def table(race: Race, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each step of each optimizer, at the released values."""
    race = race.holding(values)
    whole = [race.at(key, values) for key in race.optimizers]
    points = np.concatenate([race.descent.points[:, number, run] for number, run in whole])
    heights = np.concatenate([race.descent.values[:, number, run] for number, run in whole])
    rows = race.steps + 1
    columns = dict(zip(race.problem.landscape.axes, points.T, strict=True))
    step = np.tile(np.arange(rows), len(whole))
    return {"optimizer": np.repeat(race.optimizers, rows), "step": step} | columns | {"height": heights}
