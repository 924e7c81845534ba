"""A number to guess: the loss of a guess, the steps that its gradient suggests, and what one wrong value does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from core.losses import LOSSES
from core.models.fit import fit_constant
from core.optimizers import OPTIMIZERS, iterate
from core.stage import Live, Slider, Stage, Story, Task, Text, Words
from core.views.home.guess_question import SHOWN, question
from core.views.home.story import story
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot, arrow
from core.views.kit.theme import Stroke

TRUTH = 5.0  # the number to guess
TIMES = 5  # how often it is written down; the last one may be an outlier
STEPS = 30
RATE = 0.3  # the learning rate
DIGITS = 4  # after the point: what is left after many steps is dust
ENDS = (-1.8, 16.0)  # of the y axis: above it squared error runs away from the others
BELOW = -1.0  # where the outlier is drawn, clear of the balls
HEIGHT = 400  # pixels

GUESS = Slider(name="guess", label="Your guess", values=np.round(np.arange(0.0, 10.01, 0.1), 10), start=15)
OUTLIER = Slider(name="outlier", label="Outlier ✕", values=np.arange(5.0, 10.1, 1.0), start=0)
STEP = Slider(name="step", label="Step", values=np.arange(STEPS + 1.0), start=0, kind="timeline", fps=8)


class Guess:
    """The picture of the home page."""

    story: Story = story(GUESS, OUTLIER, STEP, TRUTH)
    sliders = (GUESS, OUTLIER, STEP, story.slider)

    def stage(self, _: Mapping[str, float]) -> Stage:
        guesses, by = GUESS.values, (OUTLIER, GUESS)
        outlier, guess = OUTLIER.values[:, None, None], guesses[:, None]
        x = axis("guess", (-0.1, 10.1), zeroline=True, nticks=None, unifiedhovertitle={"text": "guess = %{x:.3~g}"})
        panel = Panel(x, axis(ends=ENDS, zeroline=True), "Loss of each guess", height=HEIGHT - EDGE - FOOT)
        plot = Plot(rows([[panel]]), hover="x unified", left=52)
        plot.thin(panel, "truth", [TRUTH, TRUTH], ENDS, Stroke(theme.NEUTRAL))
        plot.upright("guess", GUESS, [panel])
        away, gradients, best_guesses = [], [], []
        for key in SHOWN:
            loss, look, path = LOSSES[key], theme.look(key), descent(key, guess, outlier)
            value, gradient = (np.round(mean(of, path, outlier), DIGITS) for of in (loss.value, loss.grad))
            gradients.append(gradient[..., 0])
            curves = mean(loss.value, guesses, OUTLIER.values[:, None])
            plot.line(panel, loss.name, guesses, Live(curves, OUTLIER), look)
            steps = (Live(path, by, grow=STEP), Live(value, by, grow=STEP))
            plot.dots(panel, f"{loss.short} steps", *steps, look.colour, size=5, hoverinfo="skip")
            best = fit_constant(loss, measured(OUTLIER.values))
            lowest = mean(loss.value, best[:, None], OUTLIER.values[:, None])
            lowest_place = (Live(best[:, None], OUTLIER), Live(lowest, OUTLIER))
            best_guesses.append((f"{loss.short} best guess", lowest_place, theme.best(look.colour)))
            step = arrow(path, path - RATE * gradient, value, barb=0.18, spread=0.3)
            to_x, to_y = (Live(part, (*by, STEP)) for part in step)
            plot.line(panel, f"{loss.short} next step", to_x, to_y, look, hoverinfo="skip")
            here = (Live(path, (*by, STEP)), Live(value, (*by, STEP)))
            ball = plot.dots(panel, f"{loss.short} guess", *here, look.colour, size=13, hoverinfo="skip")
            plot.drag(ball, x=GUESS, rewinds=STEP)
            plot.reading(loss.short, Stroke(look.colour), *here, Live(gradient, (*by, STEP)))
            away.append(Live(np.round(np.abs(path - TRUTH), DIGITS), (*by, STEP)))
        for name, place, marker in best_guesses:  # over the balls that end there
            plot.marks(panel, name, *place, marker, hoverinfo="skip")
        there = Live(OUTLIER.values[:, None], OUTLIER)
        cross = plot.dots(panel, "outlier", there, [BELOW], theme.RED, size=11, symbol="x-thin", hoverinfo="skip")
        plot.drag(cross, x=OUTLIER)
        plot.explain("●", "guess")
        plot.explain("★", "best guess of a loss")
        plot.explain("✕", f"one of the {TIMES} values, maybe wrong", theme.RED)
        lesson = np.ones((len(OUTLIER.values), STEPS + 1))  # the number of the sentence about the steps
        lesson[:, 0], lesson[1:] = 0, 2
        return plot.stage(
            name="Guess the number",
            alt=f"The number to guess is {TRUTH:g}. Three curves show the loss of every guess from 0 to 10 under "
            "squared error, absolute error and Huber; without an outlier all are lowest at the number. A dot on each "
            "curve marks the guess, an arrow the next step against the gradient there. Play takes the steps. A cross "
            f"is the last of the {TIMES} values of the number, and can be moved away from it.",
            sliders=self.sliders,
            story=self.story,
            task=Task(
                "Drag a ball, or “Your guess”, to the other side of the number. Then press Play.",
                "The arrow turns round: it points downhill on either side.",
            ),
            question=question(by, STEP, [one.array for one in away], gradients, RATE),
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
                Words((FIRST, THEN, MOVED), Live(lesson, (OUTLIER, STEP))),
            ),
            table=lambda values: (
                {"guess": guesses}
                | {key: mean(LOSSES[key].value, guesses, np.array([OUTLIER.at(values)])) for key in SHOWN}
            ),
        )


FIRST = "Press Play: each step goes against the gradient of its own loss"
THEN = "A large gradient takes a long step: squared error slows down near the number, absolute error does not"
MOVED = "The outlier moves the best guess of squared error: it is the mean of the five values"


def measured(outlier: np.ndarray) -> np.ndarray:
    """The values of the number, [..., TIMES], of which the last is the outlier [...]."""
    return np.stack([*[np.full_like(outlier, TRUTH)] * (TIMES - 1), outlier], axis=-1)


def mean(of: Callable[..., Any], guess: np.ndarray, outlier: np.ndarray) -> np.ndarray:
    """The mean over all values of the number of what a loss gives for a guess; both broadcast."""
    return np.asarray(of(guess[..., None], measured(outlier))).mean(axis=-1)


def descent(key: str, guess: np.ndarray, outlier: np.ndarray) -> np.ndarray:
    """The path of gradient descent on a mean loss from every guess [..., 1]: [outliers, guesses, steps + 1]."""

    def gradient(_: int, x: np.ndarray) -> np.ndarray:
        return mean(LOSSES[key].grad, x, outlier)

    start = np.broadcast_to(guess, np.broadcast_shapes(guess.shape, outlier.shape))
    run = iterate(OPTIMIZERS["gradient_descent"], start, gradient, STEPS, lr=RATE)
    return np.concatenate([x for x, _ in run], axis=-1)
