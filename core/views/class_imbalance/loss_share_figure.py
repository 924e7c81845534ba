"""The figure of the shares that examples have of a loss, and of the weight that each loss gives an example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.models.imbalance.loss_shares import GROUPS, MARGINS, loss_shares
from core.models.objectives import objective_of
from core.numerics import sigmoid
from core.sentences import join_words
from core.stage import Live, Stage, Task, Text, Words
from core.views.class_imbalance.experiment import Experiment
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Axis, Panel, axis, rows
from core.views.kit.plot import Plot, corners
from core.views.kit.theme import Stroke

THICK, APART = 0.3, 0.36  # of a bar, and between the two of a loss, where losses are 1 apart
ROW, PHONE_ROW = 330, 260  # pixels
HEIGHT = EDGE + ROW + FOOT
WEIGHT_RANGE = (-3, 3)  # powers of ten of an example's weight: what the picture shows


class LossShareFigure:
    """Two bars for each loss in each of two panels, before training and after, and the weight of an example."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.names = [objective_of(key).short for key in experiment.losses]
        up = self.bar_axis()
        hard_or_easy, easy_or_hard = colour_keys()
        self.panels = [
            Panel(share_axis(hard_or_easy), up, "Share of the loss", ROW, PHONE_ROW),
            Panel(share_axis(easy_or_hard), dict(up), "Share of the gradient", ROW, PHONE_ROW),
            Panel(
                share_axis("σ(score for the true class)"),
                axis("times cross-entropy", WEIGHT_RANGE, type="log", exponentformat="power", nticks=7),
                "Weight of an example", ROW, PHONE_ROW,
            ),
        ]  # fmt: skip
        self.plot = Plot(rows([self.panels]))
        self.parts: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # shares of the loss and of the gradient, by loss
        for number, key in enumerate(experiment.losses):
            found = [loss_shares(experiment.settings, share, key, params) for share, params in experiment.runs(key)]
            self.parts[key] = np.stack([one.loss for one in found]), np.stack([one.gradient for one in found])
            for panel, parts in zip(self.panels, self.parts[key], strict=False):
                self.draw_bars(key, number, panel, parts)
            self.draw_weights(key, np.stack([one.weight for one in found]))
            self.add_reading(key)
        for panel in self.panels[:2]:
            for number, name in enumerate(self.names):
                self.plot.label(panel, name, 0, number)

    def bar_axis(self) -> Axis:
        """The bars from top to bottom, two for each loss."""
        many = len(self.names)
        places = [number + at + THICK / 2 for number in range(many) for at in (0, APART)]
        return axis(ends=(many - 0.15, -0.3), showgrid=False, tickvals=places, ticktext=["before", "after"] * many)

    def live(self, key: str, array: np.ndarray) -> Live:
        """An array [runs, ...] of a loss's models."""
        return Live(array, self.experiment.sweep(key))

    def draw_bars(self, key: str, number: int, panel: Panel, parts: np.ndarray) -> None:
        """The bars of a loss, from parts [runs, 2, groups] that add up to 1."""
        ends = np.cumsum(np.concatenate([np.zeros((*parts.shape[:2], 1)), parts], axis=-1), axis=-1)
        up = np.concatenate([corners(top, top + THICK, up=True) for top in (number, number + APART)])
        name = objective_of(key).short
        for group, (label, colour) in enumerate(zip(GROUPS, theme.GROUPS, strict=True)):
            x = np.concatenate([corners(ends[:, bar, group], ends[:, bar, group + 1]) for bar in (0, 1)], axis=-1)
            self.plot.line(
                panel, label, self.live(key, x), up, Stroke(colour), width=0, fill="toself", fillcolor=colour,
                hoveron="fills", text=f"{name}: {label}", hoverinfo="text",
            )  # fmt: skip

    def draw_weights(self, key: str, ratio: np.ndarray) -> None:
        """The weight of an example, [runs, 2, margins]: of a negative, a thin line, and of a positive."""
        drawn, name = np.where(ratio > 0, ratio, np.nan), objective_of(key).short  # the axis is logarithmic
        for label, what in enumerate(("negative", "positive")):
            hover = f"%{{y:.3~g}} times at σ = %{{x:.3~g}}<extra>{name}, {what}</extra>"
            self.plot.line(
                self.panels[2], name, sigmoid(MARGINS), self.live(key, drawn[:, label]), theme.look(key),
                width=1.25 + 1.75 * label, hovertemplate=hover,
            )  # fmt: skip
        self.plot.explain("━", "weight of a positive")
        self.plot.explain("─", "weight of a negative")

    def add_reading(self, key: str) -> None:
        """The percentages that the positives have of the loss before and after training, and of the gradient after."""
        loss, gradient = self.parts[key]
        shares = [100 * part.sum(axis=-1) for part in (loss[:, 0, :2], loss[:, 1, :2], gradient[:, 1, :2])]
        cells = [Text("{} %", self.live(key, share)) for share in shares]
        if not is_mean(key):
            cells[:2] = [Text("–"), Text("–")]
        self.plot.reading(objective_of(key).short, theme.look(key), *cells)

    def summary(self) -> Text:
        """The shares that the positives and the easy negatives have of each loss."""
        slots: dict[str, Live | Words] = {}
        means = [key for key in self.experiment.losses if is_mean(key)]
        for number, key in enumerate(means):
            loss, _ = self.parts[key]
            before, after = (100 * loss[:, at, :2].sum(axis=-1) for at in (0, 1))
            easy = self.live(key, 100 * loss[:, 1, 2])
            state = np.where(np.isnan(before), 1.0, np.where(np.isnan(after), 2.0, 0.0))
            name = objective_of(key).short
            words = (
                f"{{p{number}}} % of {name} (easy negatives {{n{number}}} %)",
                f"no share of {name} (nothing to learn from)",
                f"no share of {name} (the loss is 0)",
            )
            slots |= {f"loss{number}": Words(words, self.live(key, state)), f"p{number}": self.live(key, after)}
            slots[f"n{number}"] = easy
        whole = [objective_of(key).short for key in self.experiment.losses if not is_mean(key)]
        each = join_words([f"{{loss{number}}}" for number in range(len(means))]) if means else ""
        sentences = [f"After training the positives make up {each}."] if means else []
        if whole:
            are = "is" if len(whole) == 1 else "are"
            sentences.append(f"{join_words(whole)} {are} one number for the whole batch: no example has a share.")
        return Text(" ".join(sentences), **slots)

    def stage(self, **story: Any) -> Stage:
        names = join_words([objective_of(key).name for key in self.experiment.losses])
        return self.plot.stage(
            task=Task(
                "Drag “Positive share” to its left end.",
                "Before training nearly all of the loss is that of the many negatives. How much of it is afterwards?",
            ),
            name="Where the loss comes from",
            alt=f"For {names}: bars of the shares that hard and easy positives and negatives have of the loss, and of "
            "its gradient, before training and after. Beside them curves show how much an example counts under each "
            "loss. They are relative to cross-entropy, over the sigmoid of the score for the true class.",
            summary=self.summary(),
            headings=("before", "after", "gradient"),
            **story,
        )


def is_mean(key: str) -> bool:
    """Whether the loss is a mean over examples, each with a part in it."""
    return objective_of(key).per_example_of is not None


def share_axis(title: str) -> Axis:
    return axis(title, (0, 1), tickformat=".0%")


def colour_keys() -> Sequence[str]:
    """The key to the bars' colours, as Plotly writes it: one class under either panel, with room for no more."""
    squares = [f'<span style="color:{colour}">■</span>' for colour in theme.GROUPS]
    hard, easy, right, wrong = squares
    return f"{hard} hard, {easy} easy positives", f"{right} easy, {wrong} hard negatives"
