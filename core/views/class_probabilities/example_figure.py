"""The figure of one example: scores and probabilities as bars, gradients as arrows, surprise as a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.losses import LOSSES
from core.losses.link import SIGMOIDS
from core.models.imbalance.data import even_ratios
from core.models.scored_example import ScoredExample, smoothed
from core.stage import Live, Slider, Sweep
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.loss_sliders import loss_sliders
from core.views.kit.plot import Plot, arrow, corners
from core.views.kit.theme import Stroke

LETTERS = "ABCDE"
STARTS = (0.6, 1.8, -0.9, -0.3, -1.5)  # scores
SCORES = np.round(np.linspace(-6, 6, 41), 1)
SCALES = {"small": 1, "large": 200}  # times SCORES
TARGETS = {"a": (1,), "b": (0, 1), "c": (0, 0, 1), "two": (1, 1), "soft": (0.6, 0.3, 0.1)}
FRAMES = 21  # values of a loss's own parameter
BARS, PHONE_BARS, LOWER, GAP = 214, 170, 150, 52  # pixels
HEIGHT = EDGE + BARS + GAP + LOWER + FOOT
LIMITS = np.array([1.1, 2.2, 5.5, 11.0, 22.0])  # of the axis of gradients
MOST_SURPRISE = 7.0  # nats that are drawn
SOFTMAX, TARGET, SIGMOID = Stroke(theme.BLUE), Stroke(theme.NEUTRAL, "dot"), theme.look("one_vs_rest_cross_entropy")
HEAD, SPREAD = 0.12, 0.05  # of an arrow: its length at most, of half the axis, and half its width, of a class
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down")  # of the classes


def swept(name: str, label: str, values: np.ndarray, start: float, **how: Any) -> Slider:
    """A slider of the one-at-a-time sweep."""
    first = int(np.abs(values - start).argmin())
    return Slider(name=name, label=label, values=values, start=first, recomputed=True, **how)


TEMPERATURE = swept("temperature", "Temperature T", even_ratios(0.1, 10, 41), 1)
SMOOTHING = swept("smoothing", "Label smoothing ε", np.round(np.arange(0, 0.51, 0.02), 2), 0)
RATE = swept("rate", "Learning rate", even_ratios(0.1, 10, 21), 1)


def sliders(losses: Sequence[str], letters: str, scale: str) -> tuple[Slider, ...]:
    """The scores, the temperature, the smoothing, each loss's own parameters, the learning rate of the step."""
    values = np.round(SCALES[scale] * SCORES, 1)
    scores = [
        swept(f"score_{letter.lower()}", f"Score of {letter}", values, SCALES[scale] * start, continuous=True)
        for letter, start in zip(letters, STARTS, strict=False)
    ]  # fmt: skip
    own = [slider for key in losses for slider in loss_sliders(LOSSES[key], most=FRAMES, recomputed=True)]
    return (*scores, TEMPERATURE, SMOOTHING, *(one for one in own if one.name != "label_smoothing"), RATE)


@dataclass(frozen=True, eq=False)
class Runs:
    """An example in each run of a sweep of its sliders, and what losses say of it there."""

    losses: Sequence[str]
    letters: str
    target: str
    sweep: Sweep

    @property
    def scores(self) -> Sequence[Slider]:
        return self.sweep.sliders[: len(self.letters)]

    @property
    def answer(self) -> int | None:
        """The one right answer, or None where there are several."""
        return TARGETS[self.target].index(1) if sum(map(bool, TARGETS[self.target])) == 1 else None

    @cached_property
    def example(self) -> ScoredExample:
        scores = np.stack([self.sweep.values[one.key] for one in self.scores], axis=-1)
        right = np.pad(np.array(TARGETS[self.target], float), (0, len(LETTERS)))[: len(self.letters)]
        right = smoothed(np.broadcast_to(right, scores.shape), self.sweep.values[SMOOTHING.key])
        return ScoredExample(scores, right, self.sweep.values[TEMPERATURE.key])

    def params(self, key: str) -> dict[str, np.ndarray]:
        """The parameters of a loss, [runs] by name. Of cross-entropy none: the smoothing is in the target."""
        return {one.name: self.sweep.values[one.key] for one in self.sweep.sliders if one.owner == key}

    def value(self, key: str) -> np.ndarray:
        return self.example.value(LOSSES[key], **self.params(key))

    @cached_property
    def grads(self) -> dict[str, np.ndarray]:
        """The gradient of each loss on every score, [runs, K] by key."""
        return {key: self.example.grad(LOSSES[key], **self.params(key)) for key in self.losses}

    @cached_property
    def after(self) -> dict[str, ScoredExample]:
        """The example after one step under each loss, by key."""
        rate = self.sweep.values[RATE.key]
        return {key: self.example.after_step(LOSSES[key], rate, **self.params(key)) for key in self.losses}

    @property
    def sigmoids(self) -> bool:
        """Whether one of the losses gives each class a probability by itself."""
        return any(LOSSES[key].link is SIGMOIDS for key in self.losses)

    def live(self, array: np.ndarray) -> Live:
        return Live(array, self.sweep)


class ExampleFigure:
    """The four panels, in each run."""

    def __init__(self, runs: Runs) -> None:
        self.runs, self.places = runs, np.arange(float(len(runs.letters)))
        grads = [np.abs(grad[0][np.isfinite(grad[0])]).max(initial=0) for grad in runs.grads.values()]
        limit = LIMITS[min(np.searchsorted(LIMITS, max(grads)), len(LIMITS) - 1)]
        reach = 1.06 * np.abs(runs.scores[0].values).max()
        self.scores = Panel(self.classes(), axis(ends=(-reach, reach), zeroline=True), "Scores", BARS, PHONE_BARS)
        self.chances = Panel(self.classes(), axis(ends=(0, 1.05)), "Softmax beside the target", BARS, PHONE_BARS)
        self.arrows = Panel(self.classes(), axis(ends=(-limit, limit), zeroline=True), "Gradient on each score", LOWER)
        self.surprise = Panel(axis("probability", (0, 1.02)), axis(ends=(0, MOST_SURPRISE)),
                              "Surprise of the right answers, in nats", LOWER)  # fmt: skip
        self.plot = Plot(rows([[self.scores, self.chances], [self.arrows, self.surprise]], gap=GAP, between=0.09))
        self.draw_scores()
        self.draw_probabilities()
        self.draw_surprise()
        for number, key in enumerate(runs.losses):
            self.draw_loss(number, key)
        self.plot.explain("↓", "gradient below 0: a step raises this score")
        self.plot.explain("•", "in a loss's colour: probability after its step")

    def classes(self) -> dict[str, Any]:
        """An axis with a place for each class."""
        ends = (-0.6, len(self.places) - 0.4)
        return axis(ends=ends, showgrid=False, tickvals=self.places.tolist(), ticktext=list(self.runs.letters))

    def bars(self, panel: Panel, name: str, left: float, heights: np.ndarray, look: Stroke, fill: str) -> None:
        """A bar at each class, as wide as a half of its place at most."""
        x = corners(self.places + left, self.places + left + self.width).ravel()
        y = corners(np.zeros_like(heights), heights, up=True).reshape(len(heights), -1)
        self.plot.line(panel, name, x, self.runs.live(y), look, width=1.5, fill="toself", fillcolor=fill,
                       hoverinfo="skip")  # fmt: skip

    @property
    def width(self) -> float:
        return 0.8 / (3 if self.runs.sigmoids else 2)

    def draw_scores(self) -> None:
        """Bars, and a dot at the end of each that can be dragged."""
        found = self.runs.example.scores
        self.bars(self.scores, "scores", -self.width / 2, found, SOFTMAX, theme.faint(SOFTMAX.colour))
        for at, slider in enumerate(self.runs.scores):
            place, score = self.places[at : at + 1], self.runs.live(found[:, at : at + 1])
            self.plot.drag(self.plot.dots(self.scores, slider.label, place, score, SOFTMAX.colour, size=11), y=slider)
        self.plot.explain("●", "a score: drag it", SOFTMAX.colour)

    def draw_probabilities(self) -> None:
        """The softmax, the target, and the sigmoids where a loss has them."""
        example = self.runs.example
        shown = {"softmax": (example.softmax, SOFTMAX, "▮"), "target": (example.right, TARGET, "▯")}
        if self.runs.sigmoids:
            shown["sigmoid of each class"] = (example.sigmoids, SIGMOID, "▥")
        for number, (name, (heights, look, symbol)) in enumerate(shown.items()):
            fill = theme.faint(look.colour) if look is SOFTMAX else "rgba(0,0,0,0)"
            self.bars(self.chances, name, number * self.width - 0.4, heights, look, fill)
            self.plot.explain(symbol, name, look.colour)

    def draw_surprise(self) -> None:
        """-log of a probability, and the right answers on it."""
        nats = np.linspace(0, MOST_SURPRISE, 71)
        self.plot.line(self.surprise, "surprise", np.exp(-nats), nats, Stroke(theme.NEUTRAL), width=1.5,
                       hovertemplate="%{y:.3~g} nats at %{x:.3~g}<extra></extra>")  # fmt: skip
        example = self.runs.example
        for at, letter in enumerate(self.runs.letters):
            asked = np.where(example.right > 0, example.surprise, np.nan)[:, at : at + 1]
            self.plot.dots(self.surprise, letter, self.runs.live(example.softmax[:, at : at + 1]),
                           self.runs.live(asked), SOFTMAX.colour, size=10,
                           symbol=SYMBOLS[at], hovertemplate=f"{letter}: %{{y:.4~g}} nats<extra></extra>")  # fmt: skip

    def draw_loss(self, number: int, key: str) -> None:
        """An arrow on each score, the probabilities after a step, and the loss in the key."""
        runs, look, count = self.runs, theme.look(key), len(self.runs.losses)
        grad, after, name = runs.grads[key], runs.after[key], LOSSES[key].short
        barb = HEAD * self.arrows.y["range"][1]
        place = self.places + (number - (count - 1) / 2) * 0.7 / count
        up, across = arrow(np.zeros_like(grad), grad, np.broadcast_to(place, grad.shape), barb=barb,
                           spread=SPREAD * np.minimum(1, np.abs(grad) / barb))  # fmt: skip
        for part, stroke in ((slice(0, 2), look), (slice(1, 5), Stroke(look.colour))):  # a dash would break the head
            x, y = (runs.live(with_gaps(points[..., part])) for points in (across, up))
            self.plot.line(self.arrows, name, x, y, stroke, hoverinfo="skip")
        place = self.places - 0.4 + self.width * (number + 0.5) / count
        self.plot.dots(self.chances, f"{name} after a step", place, runs.live(after.softmax), look.colour, size=7,
                       symbol=theme.POINT_SYMBOLS[look.dash])  # fmt: skip
        self.plot.reading(name, look, runs.live(runs.value(key)),
                          runs.live(after.value(LOSSES[key], **runs.params(key))))  # fmt: skip


def with_gaps(points: np.ndarray) -> np.ndarray:
    """Points of lines [runs, lines, points] as one row with a gap after each line."""
    return np.pad(points, ((0, 0), (0, 0), (0, 1)), constant_values=np.nan).reshape(len(points), -1)
