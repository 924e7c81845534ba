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
HIGH, LOW, PHONE = 348, 348, 230  # pixels of a panel
MOST_OF_SAMPLE = 0.95  # of its points are in the window of the constants
AROUND = 0.3  # of the front's size, on either side of it
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
        every, symbol = Sweep(self.sliders, centre), goal_weight(self.loss).symbol
        sweep = Sweep(self.others, centre)
        front, weight = self.front(sweep), every.values[self.weight.key]
        run = every.runs_in(sweep)
        constant, (cost_a, cost_b) = front.best(weight, run)
        on = front.grid[:, 0, front.is_compromise[0]]
        ends = [window(values) for values in on]
        left = Panel(axis("mean loss in goal A", ends[0]), axis("", ends[1]), "Mean loss in goal B", HIGH, PHONE)
        sample = SAMPLES[self.sample]
        low, high = window(np.quantile(sample, (0.0, MOST_OF_SAMPLE)))
        shown = front.grid[:, 0, (front.constants >= low) & (front.constants <= high)]
        top = float(np.nanmax(shown))
        right = Panel(axis("constant prediction", (low, high)), axis("", (-0.05 * top, top)), "Mean loss", LOW, PHONE)
        plot = Plot(rows([[left, right]]), left=52)
        lines = (
            ("constants", np.ones_like(front.is_compromise), Stroke(theme.NEUTRAL), 1.25),
            ("front", front.is_compromise, Stroke(theme.GREEN), 4.0),
            ("reached by no weight", front.is_compromise & ~front.is_reached, Stroke(theme.PURPLE), 4.0),
        )
        for name, where, look, width in lines:
            x, y = (Live(np.where(where, values, np.nan), sweep) for values in front.grid)
            plot.line(left, name, x, y, look, width=width, hoverinfo="skip")
        touch = np.stack([cost_a - REACH * (1 - weight) * size(on), cost_a + REACH * (1 - weight) * size(on)], axis=-1)
        rise = np.stack([cost_b + REACH * weight * size(on), cost_b - REACH * weight * size(on)], axis=-1)
        plot.thin(left, "same total", Live(touch, every), Live(rise, every), Stroke(theme.NEUTRAL, "dot"))
        plot.dots(
            left, "best", Live(cost_a[:, None], every), Live(cost_b[:, None], every), theme.look(self.loss).colour
        )
        share = weight[:, None]
        total = share * front.grid[0, run] + (1 - share) * front.grid[1, run]
        for name, values, by, look in (
            ("goal A", front.grid[0], sweep, A), ("goal B", front.grid[1], sweep, B),
            ("total", total, every, theme.look(self.loss)),
        ):  # fmt: skip
            plot.line(right, name, front.constants, Live(values, by), look)
        lowest = weight * cost_a + (1 - weight) * cost_b
        plot.dots(
            right, "best", Live(constant[:, None], every), Live(lowest[:, None], every), theme.look(self.loss).colour
        )
        for name, values, look in (
            ("Goal A", cost_a, A),
            ("Goal B", cost_b, B),
            ("Total", lowest, theme.look(self.loss)),
        ):
            plot.reading(name, look, Live(values, every))
        plot.explain("━", "best compromises: the front", theme.GREEN)
        if (front.is_compromise & ~front.is_reached).any():
            plot.explain("▬", "reached by no weight", theme.PURPLE)
        plot.explain("●", "best constant for this weight", theme.look(self.loss).colour)
        mine = {one.name: one for one in self.sliders}
        return plot.stage(
            name="Two goals",
            alt="On the left is the mean loss of every constant in both goals, with the best compromises among them. "
            "A point is the constant that the weight chooses. On the right are both means over the constant, and their "
            "weighted sum.",
            sliders=self.sliders,
            task=Task(f"Drag “{self.weight.label}” from one end to the other.", "The point goes along the front. "
                      "Where the front curves away from 0, it jumps."),
            summary=Text(
                f"At {symbol} = {{}} the best constant is {{}}. It costs {{}} in goal A and {{}} in goal B. {{missed}}",
                *(Live(values, every) for values in (weight, constant, cost_a, cost_b)),
                missed=Words.each([missed(front, run, symbol) for run in range(len(sweep))], sweep),
            ),
            headings=("mean loss",),
            cards=(Card(text=Text(READING.replace("{w}", symbol))),
                   typed_card(self.loss, mine, {name: name for name in STYLES}), where_it_leads(self.loss)),
            centre=centre,
            table=self.table,
        )  # fmt: skip

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every constant, its mean loss in both goals, and what it is, at these values of the sliders."""
        front = self.front(Sweep(self.others, values))
        return {
            "constant": front.constants, "goal A": front.grid[0, 0], "goal B": front.grid[1, 0],
            "best compromise": front.is_compromise[0].astype(float), "reached": front.is_reached[0].astype(float),
        }  # fmt: skip


REACH = 0.35  # of the front's size: half of the line that touches it


def size(front: np.ndarray) -> float:
    """The larger side of the front's points, [2, n]."""
    return float(np.ptp(front, axis=1).max())


def window(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis around the front."""
    room = AROUND * (np.ptp(values) or 1.0)
    return float(values.min() - room), float(values.max() + room)


def missed(front: GoalFront, run: int, symbol: str) -> str:
    """What part of the constants that are a best compromise no weight reaches, as a sentence."""
    compromise, reached = front.is_compromise[run], front.is_reached[run]
    if np.array_equal(compromise, reached):
        return f"Every best compromise is reached by some {symbol}."
    width = np.gradient(front.constants)  # that a constant stands for
    share = 1 - width[reached].sum() / width[compromise].sum()
    return f"No {symbol} reaches {100 * share:.0f} % of the best compromises."
