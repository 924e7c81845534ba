"""The views of /training-curves: on each task one run, and several losses beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.losses.equivalents import LIBRARIES
from core.stage import Slider, Stage, Sweep
from core.training.history import CURVES, History
from core.training.tasks import TASKS, LearningTask
from core.views.kit.view import View
from core.views.training_curves.cards import comparison_cards, run_cards
from core.views.training_curves.comparison_figure import HEIGHT as COMPARISON_HEIGHT
from core.views.training_curves.comparison_figure import ComparisonFigure
from core.views.training_curves.run_figure import HEIGHT, RunFigure
from core.views.training_curves.settings import (
    EPOCH,
    EPOCHS,
    comparison_params,
    comparison_sliders,
    run_params,
    run_sliders,
)
from core.views.training_curves.training_sweep import TrainingSweep

DECADES = 2  # that the losses of a run span, for a logarithmic axis
WAIT = "Training the models"


@dataclass(frozen=True, eq=False)
class Comparison:
    """The picture of several losses on one task."""

    task: LearningTask
    swept: tuple[Slider, ...]
    losses: tuple[str, ...]
    choice: Mapping[str, Any]  # of what else the training needs

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (EPOCH, *self.swept)

    def runs(self, centre: Mapping[str, float]) -> dict[str, TrainingSweep]:
        """The runs under each loss, around these values of the sliders."""
        sweep = Sweep(self.swept, centre)
        return {key: TrainingSweep(self.task, {"loss": key, **self.choice}, sweep) for key in self.losses}

    def stage(self, centre: Mapping[str, float]) -> Stage:
        figure = ComparisonFigure(self.runs(centre))
        cards = comparison_cards(self.losses)
        return figure.stage(sliders=self.sliders, cards=cards, centre=centre, table=self.table)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each epoch, and the metric of each loss on the validation set."""
        metrics = {key: runs.history.validation_metric[0] for key, runs in self.runs(values).items()}
        return {"epoch": np.arange(EPOCHS + 1.0)} | metrics


@dataclass(frozen=True, eq=False)
class OneRun(Comparison):
    """The picture of one run, under one loss."""

    scale: str

    def stage(self, centre: Mapping[str, float]) -> Stage:
        (runs,) = self.runs(centre).values()
        logarithmic = self.scale == "log" or (self.scale == "auto" and spans_decades(runs.history))
        figure = RunFigure(runs, logarithmic=logarithmic)
        return figure.stage(sliders=self.sliders, cards=run_cards(*self.losses), centre=centre, table=self.table)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each epoch of the run at these values."""
        (runs,) = self.runs(values).values()
        return {"epoch": np.arange(EPOCHS + 1.0)} | {name: getattr(runs.history, name)[0] for name in CURVES}


def spans_decades(history: History) -> bool:
    """Whether the losses of the first run, which is at the centre, span as many powers of ten as ask for a logarithmic
    axis."""
    losses = np.concatenate([history.train[0], history.validation[0]])
    shown = losses[np.isfinite(losses) & (losses > 0)]
    return bool(len(shown)) and shown.max() >= 10.0**DECADES * shown.min()


def run_view(key: str, task: LearningTask) -> View:
    def picture(*, loss: str, scale: str, **choice: Any) -> OneRun:
        return OneRun(task, run_sliders(task), (loss,), choice, scale)

    params, code = run_params(task), tuple(LIBRARIES)
    return View(key=key, name=task.name, params=params, picture=picture, height=HEIGHT, wait=WAIT, code=code)


def comparison_view(key: str, task: LearningTask) -> View:
    def picture(*, losses: tuple[str, ...], **choice: Any) -> Comparison:
        return Comparison(task, comparison_sliders(task), losses, choice)

    params, height = comparison_params(task), COMPARISON_HEIGHT
    code = tuple(LIBRARIES)
    return View(key=key, name=task.name, params=params, picture=picture, height=height, wait=WAIT, code=code)


# By task.
RUNS = {key: run_view(f"{key}_run", task) for key, task in TASKS.items()}
COMPARISONS = {key: comparison_view(f"{key}_losses", task) for key, task in TASKS.items()}
VIEWS: Mapping[str, View] = {view.key: view for view in (*RUNS.values(), *COMPARISONS.values())}
