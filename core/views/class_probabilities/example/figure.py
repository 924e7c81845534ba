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
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

LETTERS = "ABCDE"
STARTS = (0.6, 1.8, -0.9, -0.3, -1.5)  # scores
SCORES = np.round(np.linspace(-6, 6, 41), 1)
SCALES = {"small": 1, "large": 200}  # times SCORES
TARGETS = {"a": (1,), "b": (0, 1), "c": (0, 0, 1), "two": (1, 1), "soft": (0.6, 0.3, 0.1)}
FRAMES = 21  # values of a loss's own parameter
UPPER, PHONE_UPPER, LOWER, GAP = 214, 170, 150, 52  # pixels
HEIGHT = EDGE + UPPER + GAP + LOWER + FOOT
LIMITS = np.array([1.1, 2.2, 5.5, 11.0, 22.0])  # of the axis of gradients
MOST_SURPRISE = 7.0  # nats that are drawn
WIDTH, SPREAD = 0.8, 0.05  # of what is drawn at a class, where classes are 1 apart; half of an arrow's head
SOFTMAX = Stroke(theme.BLUE)
BARS = {  # each with its symbol in the legend
    "softmax": ("▮", SOFTMAX),
    "target": ("▯", Stroke(theme.NEUTRAL, "dot")),
    "sigmoid of each class": ("▥", theme.look("one_vs_rest_cross_entropy")),
}
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
    def bars(self) -> dict[str, np.ndarray]:
        """What stands beside each other for every class, [runs, K] by a key of BARS."""
        example = self.example
        found = {"softmax": example.softmax, "target": example.target}
        apart = any(LOSSES[key].link is SIGMOIDS for key in self.losses)
        return found | ({"sigmoid of each class": example.sigmoids} if apart else {})

    def live(self, array: np.ndarray) -> Live:
        return Live(array, self.sweep)


class ExampleFigure:
    """The four panels, in each run."""

    def __init__(self, runs: Runs) -> None:
        self.runs, self.places = runs, np.arange(float(len(runs.letters)))
        largest = max(np.abs(grad[0][np.isfinite(grad[0])]).max(initial=0) for grad in runs.grads.values())
        limit = LIMITS[min(np.searchsorted(LIMITS, largest), len(LIMITS) - 1)]
        reach = 1.16 * np.abs(runs.scores[0].values).max()  # room for a whole dot at the end
        self.scores = Panel(self.classes(), axis(ends=(-reach, reach), zeroline=True), "Scores", UPPER, PHONE_UPPER)
        self.chances = Panel(self.classes(), axis(ends=(0, 1.05)), "Softmax beside the target", UPPER, PHONE_UPPER)
        self.grads = Panel(self.classes(), axis(ends=(-limit, limit), zeroline=True), "Gradient on each score", LOWER)
        self.surprise = Panel(axis("probability", (0, 1.02)), axis(ends=(0, MOST_SURPRISE)),
                              "Surprise of the right answers, in nats", LOWER)  # fmt: skip
        self.plot = Plot(rows([[self.scores, self.chances], [self.grads, self.surprise]], gap=GAP, between=0.09))
        self.draw_bars()
        self.draw_surprise()
        for number, key in enumerate(runs.losses):
            self.draw_loss(key, (number + 0.5) / len(runs.losses))
        self.plot.explain("↓", "gradient below 0: a step raises this score")
        self.plot.explain("•", "in a loss's colour: softmax after its step")

    def classes(self) -> dict[str, Any]:
        """An axis with a place for each class."""
        ends = (-0.6, len(self.places) - 0.4)
        return axis(ends=ends, showgrid=False, tickvals=self.places.tolist(), ticktext=list(self.runs.letters))

    def draw_bars(self) -> None:
        """The scores, each with a dot that can be dragged, and the probabilities."""
        runs, scores, half = self.runs, self.runs.example.scores, WIDTH / 2
        fill = theme.faint(SOFTMAX.colour)
        self.plot.bars(self.scores, "scores", self.places - half / 2, half, scores, runs.sweep, SOFTMAX, fill=fill)
        for at, slider in enumerate(runs.scores):
            place, score = self.places[at : at + 1], runs.live(scores[:, at : at + 1])
            self.plot.drag(self.plot.dots(self.scores, slider.label, place, score, SOFTMAX.colour, size=11), y=slider)
        self.plot.explain("●", "a score: drag it", SOFTMAX.colour)
        width = WIDTH / len(runs.bars)
        for number, (name, heights) in enumerate(runs.bars.items()):
            symbol, look = BARS[name]
            self.plot.bars(self.chances, name, self.places - half + number * width, width, heights, runs.sweep, look,
                           fill=fill if look is SOFTMAX else theme.CLEAR)  # fmt: skip
            self.plot.explain(symbol, name, look.colour)

    def draw_surprise(self) -> None:
        """-log of a probability, and the right answers on it."""
        nats, example = np.linspace(0, MOST_SURPRISE, 71), self.runs.example
        self.plot.line(self.surprise, "surprise", np.exp(-nats), nats, Stroke(theme.NEUTRAL), width=1.5,
                       hovertemplate="%{y:.3~g} nats at %{x:.3~g}<extra></extra>")  # fmt: skip
        right = np.where(example.target > 0, example.surprise, np.nan)
        for at, letter in enumerate(self.runs.letters):
            x, y = (self.runs.live(array[:, at : at + 1]) for array in (example.softmax, right))
            self.plot.dots(self.surprise, letter, x, y, SOFTMAX.colour, size=10, symbol=SYMBOLS[at],
                           hovertemplate=f"{letter}: %{{y:.4~g}} nats<extra></extra>")  # fmt: skip

    def draw_loss(self, key: str, part: float) -> None:
        """An arrow on each score, the softmax after a step, the loss in the key; `part` of the way across a place."""
        runs, look, name, after = self.runs, theme.look(key), LOSSES[key].short, self.runs.after[key]
        arrows = self.places + WIDTH * (part - 0.5)
        self.plot.arrows(self.grads, name, arrows, runs.grads[key], runs.sweep, look, spread=SPREAD)
        marks = self.places + WIDTH * (part / len(runs.bars) - 0.5)
        self.plot.dots(self.chances, f"{name} after a step", marks, runs.live(after.softmax), look.colour, size=7,
                       symbol=theme.POINT_SYMBOLS[look.dash])  # fmt: skip
        losses = (example.value(LOSSES[key], **runs.params(key)) for example in (runs.example, after))
        self.plot.reading(name, look, *map(runs.live, losses))
