"""Darts in the dark: a player who hears after each throw where it landed, and one who hears nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.losses import LOSSES
from core.optimizers import OPTIMIZERS, iterate
from core.stage import Live, Slider, Stage, Task, Text, Words
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

THROWS = 30
FIRST_AIM = np.array([-12.0, 9.0])  # cm from the bull's eye, which is at 0: the player cannot see it
RINGS = (1.6, 5.0, 10.7, 17.0)  # radii in cm
BOARD_ENDS = (-19.0, 19.0)
LAST = 10  # throws, of which the mean distance is said
BOARD, PHONE_BOARD, CHART, BETWEEN = 270, 150, 110, 40  # pixels
HEIGHT = EDGE + BOARD + BETWEEN + CHART + FOOT

LEARNING_RATE = Slider(name="rate", label="Learning rate", values=np.round(np.arange(0, 1.01, 0.05), 10), start=6)
SPREAD = Slider(name="spread", label="Spread of the hand (cm)", values=np.arange(0.0, 6.01, 0.5), start=4)
THROW = Slider(name="throw", label="Throw", values=np.arange(1.0, THROWS + 1), start=0, kind="timeline", fps=4)
BY = (LEARNING_RATE, SPREAD)
PLAYERS = {
    "with loss": (LEARNING_RATE.values, Stroke(theme.GREEN)),
    "without loss": (0 * LEARNING_RATE.values, Stroke(theme.NEUTRAL, "dash")),
}


class Darts:
    """Two boards, and the distance of every throw from the bull's eye."""

    sliders = (*BY, THROW)

    def stage(self, _: Mapping[str, float]) -> Stage:
        x, y = (axis("", BOARD_ENDS, visible=False) for _ in range(2))
        size: dict[str, Any] = {"height": BOARD, "phone": PHONE_BOARD, "equal": True}
        with_loss = Panel(x, y, "With a loss", **size)
        without_loss = Panel(x | {"matches": x}, y | {"matches": y}, "Without a loss", **size)
        chart = Panel(
            axis("throw", (1, THROWS)), axis("cm", (0, 25), nticks=4), "Distance from the bull's eye", height=CHART
        )
        plot = Plot(
            rows([[with_loss, without_loss], [chart]], gap=BETWEEN, phone=[[with_loss, without_loss], [chart]]), left=46
        )
        means = []
        for (name, (rates, stroke)), board in zip(PLAYERS.items(), (with_loss, without_loss), strict=True):
            landed = throws(rates)  # [rates, spreads, throws, 2]
            distance = np.linalg.norm(landed, axis=-1)
            for radius in RINGS:
                plot.line(board, "ring", *ring(radius), Stroke(theme.NEUTRAL), width=1, hoverinfo="skip")
            right, up = (np.ascontiguousarray(part) for part in np.moveaxis(landed, -1, 0))
            so_far = (Live(right, BY, grow=THROW), Live(up, BY, grow=THROW))
            plot.dots(board, f"{name} darts", *so_far, theme.faint(stroke.colour), size=7, hoverinfo="skip")
            here = (Live(right[..., None], (*BY, THROW)), Live(up[..., None], (*BY, THROW)))
            plot.dots(board, f"{name} last dart", *here, stroke.colour, size=12, hoverinfo="skip")
            plot.line(chart, name, Live(THROW.values, grow=THROW), Live(distance, BY, grow=THROW), stroke)
            means.append(mean_of_last(distance))
            plot.reading(name, stroke, Live(distance, (*BY, THROW)), Live(means[-1], (*BY, THROW)))
        plot.explain("●", "where a dart landed; the last one is large")
        plot.explain("◎", "the bull's eye, in the middle")
        better = np.sign(np.round(means[1] - means[0], 1)) + 1  # the number of the last sentence
        return plot.stage(
            name="Throw darts",
            alt="Two dart boards and a chart. On the first board the player hears where each dart landed and moves "
            "the aim towards the bull's eye; on the second the player hears nothing. The chart shows the distance "
            "of each throw from the bull's eye.",
            sliders=self.sliders,
            task=Task(
                "Press Play: one player hears where each dart landed, one does not. Then drag "
                f"“{LEARNING_RATE.label}” to 1.",
                "Without a loss nobody gets better. With a rate of 1 the aim follows every shake of the hand.",
            ),
            headings=("this throw", f"last {LAST}"),
            summary=Text(
                f"Throw {{}}. Both players aim {np.linalg.norm(FIRST_AIM):g} cm off at first and cannot see the board. "
                f"Mean distance of the last {LAST} throws: {{}} cm with a loss, {{}} cm without. {{}}.",
                Live(THROW.values, THROW),
                *(Live(np.round(mean, 1), (*BY, THROW)) for mean in means),
                Words((HARM, SAME, HELP), Live(better, (*BY, THROW))),
            ),
            table=lambda values: {"throw": THROW.values} | {
                f"{name} {letter}": throws(rates)[LEARNING_RATE.frame_at(values), SPREAD.frame_at(values), :, part]
                for name, (rates, _) in PLAYERS.items() for part, letter in enumerate("xy")
            },
        )  # fmt: skip


HELP = "The loss says how wrong a throw is, and which way is better"
SAME = "There is no difference yet"
HARM = "The loss is no help here"


def mean_of_last(distance: np.ndarray) -> np.ndarray:
    """The mean over each throw and those before it, LAST at most: [..., throws]."""
    total = np.cumsum(distance, axis=-1)
    total[..., LAST:] -= total[..., :-LAST].copy()
    return total / np.minimum(np.arange(1, THROWS + 1), LAST)


def throws(rates: np.ndarray) -> np.ndarray:
    """Where every dart lands, by learning rate and spread of the hand: cm, [rates, spreads, throws, 2].

    After a throw the aim takes a step against the gradient of half the squared distance from the bull's eye. The shakes
    of the hand are the same for all.
    """
    shakes = np.random.default_rng(7).normal(size=(THROWS, 2)) * SPREAD.values[:, None, None]  # [spreads, throws, 2]

    def gradient(number: int, aim: np.ndarray) -> np.ndarray:
        return LOSSES["squared_error"].grad(aim + shakes[:, number], 0.0) / 2

    start = np.broadcast_to(FIRST_AIM, (len(rates), len(SPREAD.values), 2))
    run = iterate(OPTIMIZERS["gradient_descent"], start, gradient, THROWS - 1, lr=rates[:, None])
    return np.stack([aim for aim, _ in run], axis=-2) + shakes


def ring(radius: float) -> tuple[np.ndarray, np.ndarray]:
    """x and y of a circle."""
    angle = np.linspace(0, 2 * np.pi, 73)
    return radius * np.cos(angle), radius * np.sin(angle)
