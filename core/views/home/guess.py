"""A number to guess: what a loss says of a guess, and the steps that its gradient suggests."""

from __future__ import annotations

import numpy as np

from core.losses import LOSSES
from core.optimizers import OPTIMIZERS, iterate
from core.stage import Pick, Reading, Slider, Stage, Text, Words
from core.views.kit import theme
from core.views.kit.canvas import Canvas, Panel
from core.views.kit.theme import Stroke
from core.views.kit.view import View

TRUTH = 5.0  # the number to guess
SHOWN = ("squared_error", "absolute_error", "huber")
GUESSES = np.round(np.arange(0.0, 10.01, 0.1), 10)
STEPS = 30
RATE = 0.3  # of the slope, and so long is each step
DIGITS = 4  # after the point: what is left after many steps is dust
TOP = 16.0  # of the picture: beyond it squared error runs away from the others
HEIGHT = 400


def sliders() -> tuple[Slider, ...]:
    rounds = np.arange(STEPS + 1.0)
    return (
        Slider(key="guess", label="Your guess", values=GUESSES, start=15),
        Slider(key="step", label="Step", values=rounds, start=0, kind="timeline", fps=8),
    )


def walk(key: str) -> np.ndarray:
    """The path of gradient descent on this loss from every guess, [guesses, steps + 1]."""
    loss, guesses = LOSSES[key], GUESSES[:, None]  # points in one dimension
    run = iterate(OPTIMIZERS["gradient_descent"], guesses, lambda _, x: loss.grad(x, TRUTH), STEPS, lr=RATE)
    return np.concatenate([x for x, _ in run], axis=-1)


def arrow(tail: np.ndarray, head: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A level arrow drawn in one stroke, [..., 5] x and y: to its head, and the two barbs there."""
    barb = np.clip(head - tail, -0.18, 0.18)
    x = np.stack([tail, head, head - barb, head, head - barb], axis=-1)
    y = height[..., None] + np.array([0.0, 0.0, 0.3, 0.0, -0.3])
    return x, y


def whose() -> tuple[str, ...]:
    """The guess that the slider chose, at each step."""
    return ("Your guess is", *("Your first guess was" for _ in range(STEPS)))


def when() -> tuple[str, ...]:
    return ("Before the first step", "After 1 step", *(f"After {step} steps" for step in range(2, STEPS + 1)))


def lesson() -> tuple[str, ...]:
    """What to notice before the first step, and afterwards."""
    rolling = "A large gradient takes a long step: squared error slows down near the number, absolute error does not"
    return ("Press Play: each step goes against the gradient of its own loss", *(rolling for _ in range(STEPS)))


def guess() -> Stage:
    panel = Panel(title="Loss of each guess", low=-0.6, high=TOP)
    canvas = Canvas([panel], "guess", "guess", x_low=0.0, x_high=10.0, height=HEIGHT)
    arrays = {"guess": GUESSES, "stem": np.repeat(GUESSES[:, None], 2, axis=-1), "floor": np.array([-0.6, TOP])}
    arrays["far"] = np.round(np.abs(GUESSES - TRUTH), DIGITS)
    arrays["truth"] = np.array([TRUTH, TRUTH])
    canvas.thin("truth", Pick("truth"), Pick("floor"), Stroke(theme.NEUTRAL))
    canvas.thin("guess", Pick("stem", ("guess",)), Pick("floor"), Stroke(theme.NEUTRAL, "dot"))
    for key in SHOWN:
        loss, looks, path = LOSSES[key], theme.look(key), walk(key)
        value, slope = np.round(loss.value(path, TRUTH), DIGITS), np.round(loss.grad(path, TRUTH), DIGITS)
        arrays |= {
            f"{key} curve": loss.value(GUESSES, TRUTH),
            f"{key} path": path,
            f"{key} heights": value,
            f"{key} slope": slope,
            f"{key} off": np.round(np.abs(path - TRUTH), DIGITS),
        }
        arrays[f"{key} step x"], arrays[f"{key} step y"] = arrow(path, path - RATE * slope, value)
        canvas.line(loss.name, Pick("guess"), Pick(f"{key} curve"), looks)
        ball, steps = ("guess", "step"), ("guess",)
        x, y = Pick(f"{key} path", steps, grow="step"), Pick(f"{key} heights", steps, grow="step")
        canvas.dots(f"{loss.short} steps", x, y, looks.colour, size=5, hoverinfo="skip")
        x, y = Pick(f"{key} step x", ball), Pick(f"{key} step y", ball)
        canvas.line(f"{loss.short} next step", x, y, looks, hoverinfo="skip")
        x, y = Pick(f"{key} path", ball), Pick(f"{key} heights", ball)
        canvas.dots(f"{loss.short} guess", x, y, looks.colour, size=13, hoverinfo="skip")
    return canvas.stage(
        name="Guess the number",
        alt=f"The number to guess is {TRUTH:g}. Three curves show the loss of every guess from 0 to 10 under squared "
        "error, absolute error and Huber; all are lowest at the number. A dot on each curve marks the guess, an "
        "arrow the next step against the gradient there. Play takes the steps.",
        arrays=arrays,
        sliders=sliders(),
        headings=("guess", "loss", "gradient"),
        readings=tuple(
            Reading(
                name=LOSSES[key].short,
                colour=theme.look(key).colour,
                cells=tuple(
                    Text(template="{n}", slots={"n": Pick(f"{key} {name}", ("guess", "step"))})
                    for name in ("path", "heights", "slope")
                ),
            )
            for key in SHOWN
        ),
        summary=Text(
            template="{whose} {far} away from the number (solid line). {when}, squared error is {n0} away, absolute "
            "error {n1} and Huber {n2}. {lesson}.",
            slots={
                "whose": Words(whose(), "step"),
                "when": Words(when(), "step"),
                "lesson": Words(lesson(), "step"),
            }
            | {"far": Pick("far", ("guess",))}
            | {f"n{number}": Pick(f"{key} off", ("guess", "step")) for number, key in enumerate(SHOWN)},
        ),
        table=lambda _: {"guess": GUESSES} | {key: LOSSES[key].value(GUESSES, TRUTH) for key in SHOWN},
    )


guess_the_number = View(name="Guess the number", params=(), sliders=sliders, stage=guess, height=HEIGHT)
