"""The figure of several losses on one task: one metric for all, and the gradient of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from core.datasets.curves import OUTLIER_HEIGHT
from core.expression.typed_loss import loss_of
from core.losses.sampled import KINK_OFFSET
from core.sentences import join_words
from core.stage import Live, Stage, Task, Text
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, GAP, Panel, Rows, axis, rows
from core.views.kit.plot import Plot
from core.views.training_curves.epoch_panel import draw_curve
from core.views.training_curves.fit_panel import ALONG, PHONE, SPARSE, FitPanel
from core.views.training_curves.run_figure import BETWEEN, CURVES, FIT, HIGH
from core.views.training_curves.settings import EPOCH, EPOCHS, EVERY, LEVEL
from core.views.training_curves.training_sweep import TrainingSweep

LOW = 150  # pixels
HEIGHT = EDGE + HIGH + GAP + LOW + FOOT
STEEPEST = 2.5  # size of a gradient that the panel of gradients shows


class ComparisonFigure:
    """The validation metric of each loss by epoch, its gradient under it, and its model beside them."""

    def __init__(self, runs: Mapping[str, TrainingSweep]) -> None:
        self.runs, self.first = runs, next(iter(runs.values()))
        self.task = self.first.task
        self.level = next((slider for slider in self.first.sweep.sliders if slider.name == LEVEL), None)
        self.metric = Panel(axis("epoch", (0, EPOCHS)), axis(ends=self.ends), height=HIGH, phone=PHONE,
                            title=f"{self.task.metric.name}, on the validation set")  # fmt: skip
        self.gradient = self.gradient_panel()
        self.fit = FitPanel(self.first, "Prediction of each model", HIGH + GAP + LOW, FIT)
        self.plot = Plot(self.layout())
        self.plot.upright("epoch", EPOCH, [self.metric], dash="dash", width=1.5)
        self.fit.draw_examples(self.plot)
        for key, own in runs.items():
            name, look, metric = loss_of(key).short, theme.look(key), finite(own.history.validation_metric)
            draw_curve(self.plot, self.metric, name, own, metric, look, point="now")
            self.draw_gradient(key)
            self.draw_model(key, own)
            self.plot.reading(name, look, own.at_epoch(metric[:, ::EVERY]), self.inspected_gradient(key))

    def layout(self) -> Rows:
        """The curves, and beside them the data; on a phone the gradients last."""
        left = rows([[self.metric], [self.gradient]], width=CURVES)
        phone = [[self.metric], [self.fit.panel], [self.gradient]]
        return rows([[left, self.fit.panel]], between=BETWEEN, phone=phone)

    def gradient_panel(self) -> Panel:
        """The size of each loss's gradient, against how wrong a prediction is."""
        what = "score of a positive example" if self.task.family.classes else "error r = prediction − true value"
        x = axis(what, (-self.task.reach, self.task.reach))
        steepest = max(float(sizes.max()) for _, sizes in self.gradients.values())
        y = axis(ends=(-0.05, 1.1 * min(steepest, STEEPEST)), nticks=4)
        return Panel(x, y, "Size of the gradient", LOW)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ends of the metric's axis."""
        if self.task.metric.share:
            return 0.0, 1.02
        values = np.concatenate([own.history.validation_metric for own in self.runs.values()])
        start = np.median([own.history.validation_metric[:, 0] for own in self.runs.values()])
        return 0.0, float(2 * start if np.isfinite(start) else np.nanmax(values))

    @property
    def truth(self) -> float:
        """The target of an inspected example: the class 1, or 0."""
        return float(self.task.family.classes)

    @cached_property
    def gradients(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Predictions, and the size of each loss's gradient there; at a jump from both sides, so that it is upright."""
        found, even = {}, np.linspace(-self.task.reach, self.task.reach, ALONG)
        for key in self.runs:
            loss = loss_of(key)
            jumps = np.array(loss.kinks(**loss.starts))
            wrong = [even[np.abs(even) > KINK_OFFSET], jumps - KINK_OFFSET, jumps + KINK_OFFSET]
            x = np.sort(np.concatenate(wrong))
            found[key] = (x, np.abs(loss.grad(x, self.truth, **loss.starts)))
        return found

    @cached_property
    def inspected(self) -> np.ndarray:
        """The prediction for an outlier; of classes the score of a confident wrong answer, for each initial score."""
        return -self.level.values if self.level else np.array(-OUTLIER_HEIGHT)

    def at_level(self, numbers: np.ndarray) -> Live:
        """A number of the inspected example."""
        return Live(numbers, self.level or ())

    def inspected_gradient(self, key: str) -> Live:
        """The size of a loss's gradient for the inspected example."""
        return self.at_level(np.abs(loss_of(key).grad(self.inspected, self.truth, **loss_of(key).starts)))

    def draw_gradient(self, key: str) -> None:
        """The size of the gradient, and a point at the inspected example."""
        look, name = theme.look(key), loss_of(key).short
        hover = f"%{{y:.3~g}} at %{{x:.3~g}}<extra>{name}</extra>"
        self.plot.line(self.gradient, f"{name} gradient", *self.gradients[key], look, width=2, hovertemplate=hover)
        x, y = self.at_level(self.inspected), self.inspected_gradient(key)
        mark = self.plot.marks(self.gradient, "inspected", x, y, theme.head(look), hoverinfo="skip")
        if self.level:
            self.plot.drag(mark, x=self.level)

    def draw_model(self, key: str, runs: TrainingSweep) -> None:
        """The boundary or the prediction: the more losses, the fewer of each fit into a payload."""
        look, name, every = theme.look(key), loss_of(key).short, len(self.runs)
        if self.task.family.classes:
            scores = self.fit.scores(runs, every * SPARSE)
            self.fit.draw_boundary(self.plot, f"{name} boundary", look, scores)
        else:
            hover = f"%{{y:.3~g}}<extra>{name}</extra>"
            self.fit.draw_curve(self.plot, f"{name} fit", runs, look, every=every, hovertemplate=hover)

    def summary(self) -> Text:
        """The gradient of each loss where it matters."""
        gradients = [self.inspected_gradient(key) for key in self.runs]
        each = join_words([f"{{}} under {loss_of(key).short}" for key in self.runs])
        if self.level:
            return Text(
                f"For a positive example whose score is {{}}, the gradient has the size {each}. Where it is near 0, "
                "training corrects a wrong answer slowly, however wrong it is.",
                self.at_level(self.inspected),
                *gradients,
            )
        return Text(
            f"For an outlier that is {OUTLIER_HEIGHT:g} too high, the gradient has the size {each}. The larger it is, "
            "the more the outlier changes the fit. One metric compares all, on examples without outliers.",
            *gradients,
        )

    def stage(self, **story: Any) -> Stage:
        names = join_words([loss_of(key).name for key in self.runs])
        return self.plot.stage(
            task=Task(
                "Drag “Initial score” up." if self.level else "Drag “Epoch” back to 0, and press Play.",
                "Where its gradient is small, a loss learns slowly, however wrong the model is.",
            ),
            name=f"Several losses: {self.task.name}",
            alt=f"{self.task.name}, under {names}: the same metric on the validation set for all, by epoch; the size "
            "of each loss's gradient against the error; and the prediction of each model.",
            summary=self.summary(),
            headings=(self.task.metric.short, "gradient"),
            **story,
        )


def finite(values: np.ndarray) -> np.ndarray:
    """The values that can be drawn, NaN in the place of the others."""
    return np.where(np.isfinite(values), values, np.nan)
