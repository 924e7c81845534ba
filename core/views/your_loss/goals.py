"""Two goals in one loss: the front of the best compromises, and the one that a weight chooses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from core.expression.code import STYLES
from core.expression.typed_loss import TypedLoss
from core.losses.loss import owner_of
from core.models.two_goals import GoalFront, goal_weight
from core.models.typed_estimates import SAMPLES
from core.stage import Card, Live, Slider, Stage, Sweep, Task, Text, Words
from core.views.kit import theme
from core.views.kit.cards import typed_card
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.your_loss.texts import where_it_leads

FRONT_HEIGHT = 420
PANEL, PHONE = 348, 230  # pixels of a panel
THIN, WIDE = 1.25, 4.0  # pixels of a line
MOST_OF_SAMPLE = 0.95  # of its points are in the window of the constants
AROUND, ROOM = 0.3, 0.05  # of what is drawn: around the front, and below the totals
REACH = 0.35  # of the front's size: half of the line that touches it
A, B = Stroke(theme.BLUE), Stroke(theme.ORANGE, "dash")
READING = (
    "#### How to read it\n\nEvery point of the curve on the left is one constant prediction: to the right it does"
    " worse in goal A, upwards in goal B. **Goal A** is your loss at {w} = 1, **goal B** at {w} = 0. A constant "
    "is a **best compromise** if no other one is better in one goal and as good in the other. All of them "
    "together are the **front**. The dotted line joins what costs as much in total as the best constant. It "
    "touches the front there, and turns as {w} moves. Where the front curves away from 0 no such line can touch "
    "it: no {w} reaches that part."
)


class TwoGoalsPicture:
    """The picture of two goals on a sample, a key of SAMPLES."""

    def __init__(self, loss: TypedLoss, sample: str) -> None:
        self.loss, self.sample = loss, sample

    @cached_property
    def weight(self) -> Slider:
        return self.slider(goal_weight(self.loss).name)

    @cached_property
    def others(self) -> tuple[Slider, ...]:
        """The sliders of the other parameters."""
        weight = goal_weight(self.loss).name
        return tuple(self.slider(one.name) for one in self.loss.params if one.name != weight)

    def slider(self, name: str) -> Slider:
        param = self.loss.param(name)
        return Slider.of(param, owner=owner_of(self.loss.key), label=f"Parameter {param.symbol}", recomputed=True)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (self.weight, *self.others)

    def front(self, sweep: Sweep) -> GoalFront:
        """The costs of constants in each run of a sweep."""
        params = {one.name: sweep.values[one.key] for one in self.others}
        return GoalFront(self.loss, SAMPLES[self.sample], params, len(sweep))

    def stage(self, centre: Mapping[str, float]) -> Stage:
        figure = TwoGoalsFigure(self, centre)
        symbol, mine = goal_weight(self.loss).symbol, {one.name: one for one in self.sliders}
        return figure.plot.stage(
            name="Two goals",
            alt="On the left is the mean loss of every constant in both goals, with the best compromises among them. "
            "A point is the constant that the weight chooses. On the right are both means over the constant, and their "
            "weighted sum.",
            sliders=self.sliders,
            task=Task(
                f"Drag “{self.weight.label}” from one end to the other.",
                "The point goes along the front. Where the front curves away from 0, it jumps.",
            ),
            summary=figure.summary(),
            headings=("mean loss",),
            cards=(
                Card(text=Text(READING.replace("{w}", symbol))),
                typed_card(self.loss, mine, {name: name for name in STYLES}),
                where_it_leads(self.loss),
            ),
            centre=centre,
            table=self.table,
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every constant, its mean loss in both goals, and what it is, at these values of the sliders."""
        front = self.front(Sweep(self.others, values))
        return {
            "constant": front.constants, "goal A": front.grid[0, 0], "goal B": front.grid[1, 0],
            "best compromise": front.is_compromise[0].astype(float), "reached": front.is_reached[0].astype(float),
        }  # fmt: skip


class TwoGoalsFigure:
    """The front and the totals, in each run of a one-at-a-time sweep of all parameters around the released values."""

    def __init__(self, picture: TwoGoalsPicture, centre: Mapping[str, float]) -> None:
        self.look, self.symbol = theme.look(picture.loss), goal_weight(picture.loss).symbol
        self.sweep, self.others = Sweep(picture.sliders, centre), Sweep(picture.others, centre)
        self.front, self.weight = picture.front(self.others), self.sweep.values[picture.weight.key]
        self.run = self.sweep.runs_in(self.others)
        self.constant, self.costs = self.front.best(self.weight, self.run)
        shown = self.front.grid[:, 0, self.front.is_compromise[0]]
        self.size = float(np.ptp(shown, axis=1).max())
        x, y = (axis(title, window(values)) for title, values in zip(("mean loss in goal A", ""), shown, strict=True))
        self.left = Panel(x, y, "Mean loss in goal B", PANEL, PHONE)
        low, high = window(np.quantile(SAMPLES[picture.sample], (0.0, MOST_OF_SAMPLE)))
        near = self.front.grid[:, 0, (self.front.constants >= low) & (self.front.constants <= high)]
        near = near[np.isfinite(near)]
        room = ROOM * np.ptp(near)
        y = axis("", (near.min() - room, near.max()))
        self.right = Panel(axis("constant prediction", (low, high)), y, "Mean loss", PANEL, PHONE)
        self.plot = Plot(rows([[self.left, self.right]]), left=52)
        self.draw_front()
        self.draw_totals()

    def draw_front(self) -> None:
        """Every constant, the best compromises among them, those that no weight reaches, and the one of this weight."""
        front = self.front
        unreached = front.is_compromise & ~front.is_reached
        for name, where, look, width in (
            ("constants", np.ones_like(unreached), Stroke(theme.NEUTRAL), THIN),
            ("front", front.is_compromise, Stroke(theme.GREEN), WIDE),
            ("reached by no weight", unreached, Stroke(theme.PURPLE), WIDE),
        ):
            x, y = (Live(np.where(where, values, np.nan), self.others) for values in front.grid)
            self.plot.line(self.left, name, x, y, look, width=width, hoverinfo="skip")
        reach = REACH * self.size * np.stack([1 - self.weight, -self.weight])
        x, y = (
            Live(np.stack([cost - side, cost + side], axis=-1), self.sweep)
            for cost, side in zip(self.costs, reach, strict=True)
        )
        self.plot.thin(self.left, "same total", x, y, Stroke(theme.NEUTRAL, "dot"))
        x, y = (Live(cost[:, None], self.sweep) for cost in self.costs)
        self.plot.dots(self.left, "best", x, y, self.look.colour)
        self.plot.explain("━", "best compromises: the front", theme.GREEN)
        if unreached.any():
            self.plot.explain("▬", "reached by no weight", theme.PURPLE)
        self.plot.explain("●", "best constant for this weight", self.look.colour)
        self.plot.explain("····", "what costs as much in total")
        self.plot.explain("─", "all other constants", theme.NEUTRAL)

    def draw_totals(self) -> None:
        """Both goals over the constant, their weighted sum, and where it is least."""
        share, goals = np.stack([self.weight, 1 - self.weight]), self.front.grid
        total, lowest = (share[..., None] * goals[:, self.run]).sum(axis=0), (share * self.costs).sum(axis=0)
        for name, says, values, cost, by, look in (
            ("Goal A", f"Goal A: {self.symbol} = 1", goals[0], self.costs[0], self.others, A),
            ("Goal B", f"Goal B: {self.symbol} = 0", goals[1], self.costs[1], self.others, B),
            ("Total", "Your loss", total, lowest, self.sweep, self.look),
        ):
            self.plot.line(self.right, name, self.front.constants, Live(values, by), look)
            self.plot.reading(says, look, Live(cost, self.sweep))
        x, y = (Live(values[:, None], self.sweep) for values in (self.constant, lowest))
        self.plot.dots(self.right, "best", x, y, self.look.colour)

    def summary(self) -> Text:
        """The best constant, what it costs in both goals, and what no weight reaches."""
        numbers = (Live(values, self.sweep) for values in (self.weight, self.constant, *self.costs))
        sentences = [missed(self.front, run, self.symbol) for run in range(len(self.others))]
        return Text(
            f"At {self.symbol} = {{}} the best constant is {{}}. "
            "It costs {} in goal A and {} in goal B; {missed}.",
            *numbers,
            missed=Words.each(sentences, self.others),
        )


def window(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis around the front."""
    room = AROUND * (np.ptp(values) or 1.0)
    return float(values.min() - room), float(values.max() + room)


def missed(front: GoalFront, run: int, symbol: str) -> str:
    """What part of the constants that are a best compromise no weight reaches, as the end of a sentence."""
    compromise, reached = front.is_compromise[run], front.is_reached[run]
    if np.array_equal(compromise, reached):
        return f"every best compromise is reached by some {symbol}"
    width = np.gradient(front.constants)  # that a constant stands for
    share = 1 - width[reached].sum() / width[compromise].sum()
    return f"no {symbol} reaches {100 * share:.0f} % of the best compromises"
