"""Every run that a person can see by moving the sliders: a one-at-a-time sweep, trained in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.diagnosis import Verdict, diagnose
from core.expression.typed_loss import loss_of
from core.kept import kept
from core.stage import Live, Sweep
from core.training import Examples, History, Plan, Setting, train_runs
from core.training.tasks import LearningTask
from core.views.training_curves.settings import (
    CAPACITY,
    EPOCH,
    EPOCHS,
    EXAMPLES,
    LEVEL,
    NOISE,
    OUTLIERS,
    PENALTY,
    RATE,
)

Items = tuple[tuple[str, Any], ...]  # of a mapping, to be hashed


@dataclass(frozen=True, eq=False)
class TrainingSweep:
    """The runs of one choice of parameters, one for each run of a sweep over the sliders."""

    task: LearningTask
    choice: Mapping[str, Any]
    sweep: Sweep

    @cached_property
    def data(self) -> list[tuple[Examples, Examples]]:
        """The training set and the validation set of each run."""
        return [data_of(self.task, self.choice, run) for run in self.sweep.runs()]

    @cached_property
    def history(self) -> History:
        """The result of training them all."""
        runs = tuple(tuple(run.items()) for run in self.sweep.runs())
        return training_history(self.task, tuple(self.choice.items()), runs)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        history = self.history
        return [diagnose(*curves, floor=0.0) for curves in zip(history.train, history.validation, strict=True)]

    def of_run(self, array: np.ndarray) -> Live:
        """A row for each run, of an array [runs, *row]."""
        return Live(array, self.sweep)

    def at_epoch(self, array: np.ndarray, every: int = 1) -> Live:
        """A row for each kept epoch of each run, or for every so many-th: of an array [runs, epochs, *row]."""
        return Live(array, (self.sweep, EPOCH), every=every)


def data_of(task: LearningTask, choice: Mapping[str, Any], run: Mapping[str, float]) -> tuple[Examples, Examples]:
    """The training set and the validation set of one run of the sliders."""
    count, noise = int(run.get(EXAMPLES, task.examples)), run.get(NOISE, task.noise)
    return examples(task, count, noise, choice["seed"], float(run.get(OUTLIERS, choice.get(OUTLIERS, 0))))


@kept
def examples(task: LearningTask, count: int, noise: float, seed: int, outliers: float) -> tuple[Examples, Examples]:
    """The training set and the validation set of a task, shared by all runs that have the same."""
    train, validation = task.data.split(count, noise, seed, outliers)
    return Examples.of(train), Examples.of(validation)


@kept
def training_history(task: LearningTask, choice: Items, runs: tuple[Items, ...]) -> History:
    """The history of all runs, trained together once for all visitors; a run that is there twice is trained once."""
    words, different = dict(choice), list(dict.fromkeys(runs))
    plans = [plan_of(task, words, dict(run)) for run in different]
    train, validation = zip(*(data_of(task, words, dict(run)) for run in different), strict=True)
    found = train_runs(setting_of(words), plans, train, validation, keep=len(EPOCH.values), precision=np.float32)
    return found.take([different.index(run) for run in runs])


def setting_of(choice: Mapping[str, Any]) -> Setting:
    """The settings that all runs share."""
    loss = loss_of(choice["loss"])
    return Setting(
        loss=loss,
        loss_params=loss.starts,
        optimizer=choice["optimizer"],
        schedule=choice["schedule"],
        epochs=EPOCHS,
        batch=int(choice["batch"]),
        patience=int(choice.get("patience", 0)),
    )


def plan_of(task: LearningTask, choice: Mapping[str, Any], run: Mapping[str, float]) -> Plan:
    """The settings of one run."""
    return Plan(
        model=task.model(int(run.get(CAPACITY, task.capacity))),
        lr=run[RATE],
        **{choice.get("norm", "l2"): run.get(PENALTY, 0.0)},
        initial_score=run.get(LEVEL, 0.0),
        seed=choice["seed"],
    )
