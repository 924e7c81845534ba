"""The picture of one update: its arrows on the map, and enlarged at one length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.optimizers import OPTIMIZERS
from core.stage import Live, Slider, Stage, Task, Text
from core.views.gradient_descent.cards import step_cards
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.race_figure import draw_map, draw_start
from core.views.gradient_descent.sliders import STEP
from core.views.gradient_descent.stable_rate import stable_rates
from core.views.gradient_descent.update import STEP_SYMBOL, Update, plain
from core.views.kit import theme
from core.views.kit.landscape_figure import window_axes
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

ROW, PHONE_MAP, PHONE_ENLARGED = 430, 300, 240  # pixels
HEIGHT = EDGE + ROW + FOOT
SHORT = 0.12  # of the window: an arrow on the map that only shows a direction
REACH, HEAD = 1.3, 0.14  # of the enlarged arrows, which are 1 long: from the middle to the edge, and an arrow's head
ON_MAP = 0.035  # of the window: an arrow's head on the map


@dataclass(frozen=True)
class StepPicture:
    """The updates of a race of one optimizer."""

    race: Race

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.race.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return StepFigure(Update(self.race.around(centre))).stage()

    def draft(self, centre: Mapping[str, float]) -> Stage:
        return StepFigure(Update(self.race.draft_around(centre))).stage()


class StepFigure:
    """The map with the path up to an update, and the arrows of the update there and beside it."""

    def __init__(self, update: Update) -> None:
        self.update, self.race, self.look = update, update.race, theme.look(update.key)
        self.points = np.moveaxis(self.race.descent.points[:-1, 0], 0, 1)  # [runs, updates, 2]
        landscape = self.race.problem.landscape
        near = axis(ends=(-REACH, REACH), showgrid=False, showticklabels=False, zeroline=True)
        self.map = Panel(*window_axes(self.race.grid), landscape.name, ROW, PHONE_MAP, 0.56, equal=landscape.one_unit)
        self.enlarged = Panel(near, near | {"scaleanchor": "x2"}, "Enlarged: all arrows at one length",
                              height=ROW, phone=PHONE_ENLARGED, width=0.38)  # fmt: skip
        self.plot = Plot(rows([[self.map, self.enlarged]], between=0.06), draft=self.race.draft)

    def stage(self) -> Stage:
        race, update, name = self.race, self.update, OPTIMIZERS[self.update.key].name
        draw_map(self.plot, self.map, race)
        x, y = (Live(column, race.shared, grow=race.slider(STEP)) for column in np.moveaxis(self.points, -1, 0))
        thin = Stroke(self.look.colour)
        self.plot.path(self.map, "path so far", x, y, thin, width=2, hoverinfo="skip")
        for symbol in self.arrows:
            self.draw_arrow(symbol)
        x, y = (self.at_step(column) for column in np.moveaxis(self.points, -1, 0))
        head = self.plot.marks(self.map, name, x, y, theme.head(self.look), hoverinfo="skip")
        self.plot.drag(head, along=race.slider(STEP))
        draw_start(self.plot, self.map, race, hoverinfo="skip")
        for symbol in update.terms:
            self.add_reading(symbol)
        return self.plot.stage(
            name=f"One update of {name}",
            alt=f"{race.problem.about} The map shows the path of {name} up to the chosen step. Arrows show the step "
            "there, the negative gradient and the averages of earlier gradients; beside it all have one length. The "
            "table beside the picture gives every quantity of the update along both axes.",
            sliders=race.sliders,
            task=Task(
                "Drag “Step” back to 0, or the dot along its path.",
                "The step is not always along the negative gradient: averages of earlier gradients turn it.",
            ),
            cards=() if race.draft else step_cards(update),
            summary=Text(
                "The gradient norm is {} here. The step is {} long, at {}° to the negative gradient.",
                *map(self.at_step, update.step_comparison()),
            ),
            headings=race.problem.landscape.axes,
            table=lambda values: Update(race.holding(values)).table(values),
            centre=race.centre,
            ticks=stable_rates(race),
        )

    def at_step(self, array: np.ndarray) -> Live:
        """A row for each update of each run."""
        return Live(array, (self.race.shared, self.race.slider(STEP)))

    @property
    def arrows(self) -> dict[str, tuple[str, Stroke]]:
        """The quantities that are arrows: a name and a stroke for each."""
        step = (f"step of {OPTIMIZERS[self.update.key].name}", Stroke(self.look.colour))
        others = {symbol: (name, Stroke(theme.ARROW, dash)) for symbol, (name, dash) in self.update.arrows.items()}
        return {STEP_SYMBOL: step} | others

    def draw_arrow(self, symbol: str) -> None:
        """Draws an arrow. On the map the step has its own length, others a visible one; enlarged, all are alike."""
        label, stroke = self.arrows[symbol]
        span = np.array([np.ptp(ends) for ends in self.race.problem.landscape.window])
        own = symbol == STEP_SYMBOL
        vectors = self.update.terms[symbol] if own else -self.update.terms[symbol]
        direction = unit(vectors, span)
        with np.errstate(all="ignore"):
            ends = self.points + (vectors if own else SHORT * direction * span)
            on_map = arrow(self.points, ends, span, ON_MAP)
            enlarged = arrow(np.zeros_like(self.points), direction, np.ones(2), HEAD)
        for panel, shape in ((self.map, on_map), (self.enlarged, enlarged)):
            x, y = (self.at_step(column) for column in np.moveaxis(shape, -1, 0))
            draw = self.plot.path if panel is self.map else self.plot.line
            draw(panel, label, x, y, stroke, width=3 if own else 2, hoverinfo="skip")

    def add_reading(self, symbol: str) -> None:
        """A quantity along both axes, with the stroke of its arrow."""
        _, stroke = self.arrows.get(symbol, ("", Stroke(theme.NEUTRAL, "none")))
        name = f"{plain(symbol)} (arrow: −{symbol})" if symbol in self.update.arrows else plain(symbol)
        self.plot.reading(name, stroke, *map(self.at_step, np.moveaxis(self.update.terms[symbol], -1, 0)))


def unit(vectors: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Directions [..., 2] of length 1 as the picture shows them, where a window's sides are alike; 0 for none."""
    with np.errstate(all="ignore"):
        scaled = vectors / span
        length = np.hypot(scaled[..., 0], scaled[..., 1])[..., None]
        return np.where(length > 0, scaled / length, 0.0)


def arrow(begin: np.ndarray, end: np.ndarray, span: np.ndarray, head: float) -> np.ndarray:
    """A line from begin to end [..., 2] with a head, at most `head` spans or half of it long: [..., 6, 2]."""
    with np.errstate(all="ignore"):
        run = (end - begin) / span
        length = np.hypot(run[..., 0], run[..., 1])[..., None]
        back = np.where(length > 0, run / length, 0.0) * np.minimum(head, length / 2)
        side = np.stack([-back[..., 1], back[..., 0]], axis=-1) * 0.55
        gap = np.full_like(end, np.nan)
        shape = np.stack([begin, end, end + (side - back) * span, gap, end, end - (side + back) * span], axis=-2)
        return np.where(np.isfinite(shape), shape, np.nan)
