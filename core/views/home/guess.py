"""A number to guess: the loss of a guess, and the steps that its gradient suggests."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.losses import LOSSES
from core.optimizers import OPTIMIZERS, iterate
from core.stage import Live, Slider, Stage, Task, Text, Words
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

TRUTH = 5.0  # the number to guess
SHOWN = ("squared_error", "absolute_error", "huber")
STEPS = 30
RATE = 0.3  # the learning rate
DIGITS = 4  # after the point: what is left after many steps is dust
ENDS = (-0.6, 16.0)  # of the y axis: above it squared error runs away from the others
HEIGHT = 400  # pixels

GUESS = Slider(name="guess", label="Your guess", values=np.round(np.arange(0.0, 10.01, 0.1), 10), start=15)
STEP = Slider(name="step", label="Step", values=np.arange(STEPS + 1.0), start=0, kind="timeline", fps=8)


class Guess:
    """The picture of the home page."""

    sliders = (GUESS, STEP)

    def stage(self, _: Mapping[str, float]) -> Stage:
        guesses = GUESS.values
        x = axis("guess", (0.0, 10.0), zeroline=True, nticks=None, unifiedhovertitle={"text": "guess = %{x:.3~g}"})
        panel = Panel(x, axis(ends=ENDS, zeroline=True), "Loss of each guess", height=HEIGHT - EDGE - FOOT)
        plot = Plot(rows([[panel]]), hover="x unified", left=52)
        plot.thin(panel, "truth", [TRUTH, TRUTH], ENDS, Stroke(theme.NEUTRAL))
        plot.upright("guess", GUESS, [panel])
        away = []
        for key in SHOWN:
            loss, look, path = LOSSES[key], theme.look(key), descent(key)
            value, gradient = (np.round(of(path, TRUTH), DIGITS) for of in (loss.value, loss.grad))
            plot.line(panel, loss.name, guesses, loss.value(guesses, TRUTH), look)
            steps = (Live(path, GUESS, grow=STEP), Live(value, GUESS, grow=STEP))
            plot.dots(panel, f"{loss.short} steps", *steps, look.colour, size=5, hoverinfo="skip")
            to_x, to_y = (Live(part, (GUESS, STEP)) for part in arrow(path, path - RATE * gradient, value))
            plot.line(panel, f"{loss.short} next step", to_x, to_y, look, hoverinfo="skip")
            here = (Live(path, (GUESS, STEP)), Live(value, (GUESS, STEP)))
            ball = plot.dots(panel, f"{loss.short} guess", *here, look.colour, size=13, hoverinfo="skip")
            plot.drag(ball, x=GUESS, rewinds=STEP)
            plot.reading(loss.short, Stroke(look.colour), *here, Live(gradient, (GUESS, STEP)))
            away.append(Live(np.round(np.abs(path - TRUTH), DIGITS), (GUESS, STEP)))
        return plot.stage(
            name="Guess the number",
            alt=f"The number to guess is {TRUTH:g}. Three curves show the loss of every guess from 0 to 10 under "
            "squared error, absolute error and Huber; all are lowest at the number. A dot on each curve marks the "
            "guess, an arrow the next step against the gradient there. Play takes the steps.",
            sliders=self.sliders,
            task=Task(
                "Drag a ball, or “Your guess”, to the other side of the number. Then press Play.",
                "The arrow turns round: it points downhill on either side.",
            ),
            headings=("guess", "loss", "gradient"),
            summary=Text(
                "{} {} away from the number (solid line). {}, squared error is {} away, absolute error {} and Huber "
                "{}. {}.",
                Words(("Your guess is", *["Your first guess was"] * STEPS), STEP),
                Live(np.round(np.abs(guesses - TRUTH), DIGITS), GUESS),
                Words(
                    ("Before the first step", "After 1 step", *(f"After {n:g} steps" for n in range(2, STEPS + 1))),
                    STEP,
                ),
                *away,
                Words((FIRST, *[THEN] * STEPS), STEP),
            ),
            table=lambda _: {"guess": guesses} | {key: LOSSES[key].value(guesses, TRUTH) for key in SHOWN},
        )


FIRST = "Press Play: each step goes against the gradient of its own loss"
THEN = "A large gradient takes a long step: squared error slows down near the number, absolute error does not"


def descent(key: str) -> np.ndarray:
    """The path of gradient descent on a loss from every guess, [guesses, steps + 1]."""
    guesses = GUESS.values[:, None]  # points in one dimension
    run = iterate(OPTIMIZERS["gradient_descent"], guesses, lambda _, x: LOSSES[key].grad(x, TRUTH), STEPS, lr=RATE)
    return np.concatenate([x for x, _ in run], axis=-1)


def arrow(tail: np.ndarray, head: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y [..., 5] of a level arrow drawn in one stroke: to its head, and the two barbs there."""
    barb = np.clip(head - tail, -0.18, 0.18)
    x = np.stack([tail, head, head - barb, head, head - barb], axis=-1)
    y = height[..., None] + np.array([0.0, 0.0, 0.3, 0.0, -0.3])
    return x, y
