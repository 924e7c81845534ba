"""The figure of one run: its curves, and in step with them what the model makes of the data."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.expression.typed_loss import loss_of
from core.optimizers import OPTIMIZERS
from core.stage import Live, Stage, Task, Text, Words
from core.training import History
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, GAP, Rows, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.training_curves.epoch_panel import EpochPanel, draw_curve
from core.views.training_curves.fit_panel import PHONE, FitPanel
from core.views.training_curves.run_question import question
from core.views.training_curves.settings import EPOCH, EVERY
from core.views.training_curves.training_sweep import TrainingSweep

HIGH, LOW = 290, 110  # pixels: heights of the two rows
HEIGHT = EDGE + HIGH + GAP + LOW + FOOT
CURVES, BETWEEN, FIT = 0.53, 0.07, 0.4  # of the width: the curves, the gap, the data
METRIC, GRADIENT = 0.24, 0.22  # the same of the two small panels under the loss
CEILING, GRADIENT_CEILING = 4.0, 30.0  # of an axis, times what training usually begins with
LINEAR_CEILING = 1.5  # on a linear axis a higher one would hide a rise by a fifth
RISE = 0.2  # of the lowest validation loss: a rise by so much is to look like one,
SHOWN = 1 / 5.6  # it takes this part of the axis
FALLING = 90  # percent of the epochs that are to be in sight then: the others fall from above
NAMES = {"train": "Training", "validation": "Validation"}  # of the sets, in the key


RATE_TASK = Task(
    "Drag “Learning rate” to its left end, and then to its right end.",
    "Too small, and the loss is still high after 300 epochs. Too large, and it first shoots up.",
)
DEGREE_TASK = Task(
    "Drag “Capacity (degree)” to 20.",
    "The training loss falls further, and the validation loss ends higher: the model overfits.",
)


class RunFigure:
    """The loss of both sets by epoch, the metric and the gradient norm under it, and the model beside them."""

    def __init__(self, runs: TrainingSweep, *, logarithmic: bool) -> None:
        self.runs, history = runs, runs.history
        metric = runs.task.metric
        self.loss = EpochPanel(
            title="Loss", curves={"train": history.train, "validation": history.validation},
            log=logarithmic, ceiling=CEILING if logarithmic else LINEAR_CEILING,
            top=np.inf if logarithmic else top_that_shows_a_rise(history), size={"height": HIGH, "phone": PHONE},
        )  # fmt: skip
        self.metric = EpochPanel(
            title=metric.name, curves={"train": history.train_metric, "validation": history.validation_metric},
            ceiling=np.inf if metric.share else CEILING, size={"height": LOW, "width": METRIC},
        )  # fmt: skip
        self.gradient = EpochPanel(
            title="Gradient norm", curves={"gradient": history.gradient},
            log=True, ceiling=GRADIENT_CEILING, size={"height": LOW, "width": GRADIENT},
        )  # fmt: skip
        self.fit = FitPanel(runs, "Model prediction", HIGH + GAP + LOW, FIT)
        self.plot = Plot(self.layout())
        over_epochs = (self.loss, self.metric, self.gradient)
        self.plot.upright("epoch", EPOCH, [one.panel for one in over_epochs], dash="dash", width=1.5)
        for panel in over_epochs:
            self.draw_curves(panel)
        self.draw_marks()
        self.draw_model()
        self.add_readings()

    def layout(self) -> Rows:
        """The curves, and beside them the data; on a phone the data directly under the loss."""
        loss, metric, gradient, fit = (one.panel for one in (self.loss, self.metric, self.gradient, self.fit))
        left = rows([[loss], [metric, gradient]], between=BETWEEN / CURVES, width=CURVES)
        return rows([[left, fit]], between=BETWEEN, phone=[[loss], [fit], [metric], [gradient]])

    def draw_curves(self, on: EpochPanel) -> None:
        """The curves of every run, and a point on each at the epoch that is shown."""
        for name, values in on.curves.items():
            look = theme.SETS.get(name, Stroke(theme.NEUTRAL))
            draw_curve(self.plot, on.panel, name, self.runs, on.visible(values), look, point=f"{name} now")

    def draw_marks(self) -> None:
        """The best epoch of each run, and where early stopping would have ended it."""
        history = self.runs.history
        losses = self.loss.visible(history.validation)
        marked = (("best", "best epoch", history.best_epoch), ("stop", "stopped early", history.stop_epoch))
        for kind, name, epochs in marked:
            there = epochs >= 0
            heights = losses[np.arange(len(epochs)), np.maximum(epochs, 0)]
            x, y = (self.runs.of_run(np.where(there, values, np.nan)) for values in (epochs, heights))
            hover = f"{name}: epoch %{{x:.0f}}<extra></extra>"
            self.plot.marks(self.loss.panel, name, x, y, theme.EPOCH_MARKS[kind], hovertemplate=hover)

    def draw_model(self) -> None:
        """Draws the examples, with the score and its boundary for classes, or the predicted curve."""
        look = Stroke(theme.look(self.runs.choice["loss"]).colour)
        if self.runs.task.family.classes:
            scores = self.fit.scores(self.runs)
            self.fit.draw_map(self.plot, scores)
            self.fit.draw_boundary(self.plot, "boundary", look, scores)
            self.fit.draw_examples(self.plot)
        else:
            self.fit.draw_examples(self.plot)
            self.fit.draw_curve(self.plot, "fit", self.runs, look, width=3, hovertemplate="%{y:.3~g}<extra>fit</extra>")

    def add_readings(self) -> None:
        """Loss, metric and epoch of both sets as shown, and of the lowest validation loss; of training the gradient
        norm."""
        shown = Live(EPOCH.values, EPOCH)
        for key, name in NAMES.items():
            loss, metric = (self.now(panel, key) for panel in (self.loss, self.metric))
            gradient = self.now(self.gradient, "gradient") if key == "train" else Text("")
            self.plot.reading(name, theme.SETS[key], loss, metric, gradient, shown)
        best = self.runs.history.best_epoch
        at_best = [panel.curves["validation"][np.arange(len(best)), best] for panel in (self.loss, self.metric)]
        lowest = Stroke(theme.EPOCH_MARKS["best"]["color"])
        loss, metric, epoch = map(self.runs.of_run, (*at_best, best))
        self.plot.reading("Lowest validation", lowest, loss, metric, Text(""), epoch)

    def now(self, panel: EpochPanel, curve: str) -> Live:
        """The number of a curve at the epoch that is shown."""
        return self.runs.at_epoch(panel.curves[curve][:, ::EVERY])

    def stage(self, **story: Any) -> Stage:
        """The stage, with the verdict on the run, its evidence, and what to try."""
        task, choice = self.runs.task, self.runs.choice
        loss, optimizer = loss_of(choice["loss"]).name, OPTIMIZERS[choice["optimizer"]].name
        sentences = [verdict.text for verdict in self.runs.verdicts]
        return self.plot.stage(
            task=DEGREE_TASK if task.size == "degree" else RATE_TASK,
            name=f"Training curves: {task.name}",
            alt=f"{task.name}, under {loss} with {optimizer}: the training loss and the validation loss by epoch, with "
            f"the best epoch marked; below them {task.metric.name.lower()} and the gradient norm; beside them the "
            "prediction of the model at the epoch that is shown.",
            summary=Text("{verdict}", verdict=Words.each(sentences, self.runs.sweep)),
            question=question(self.runs),
            headings=("loss", task.metric.short, "gradient norm", "epoch"),
            **story,
        )


def top_that_shows_a_rise(history: History) -> float:
    """The top of a linear axis on which the validation loss of the first run, at the centre, rises for all to see.

    Infinite where it does not rise.
    """
    train, validation = history.train[0], history.validation[0]
    if not np.isfinite([train, validation]).all():
        return np.inf
    after = validation[history.best_epoch[0] :]
    rise = after[-1] - after[0]
    if rise < RISE * abs(after[0]):
        return np.inf
    finite = [curve[np.isfinite(curve)].min() for curve in (history.train, history.validation)]
    usual = np.percentile([train, validation], FALLING, axis=1).max()
    return float(max(min(finite) + rise / SHOWN, after.max() + RISE * rise / 2, usual))
