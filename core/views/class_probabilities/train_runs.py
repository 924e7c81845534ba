"""The models of the picture of training: their settings and sliders, and the live numbers of every loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from core.datasets import MULTI_CLASS_DATASETS, SEEDS
from core.losses import LOSSES, losses_of
from core.models.softmax_regression import is_trainable
from core.models.trained_classes import ClassSettings, Trained, minima, training
from core.stage import Live, Slider, Sweep
from core.stage.parameters import OneOf, SomeOf, Whole, names_of
from core.views.kit import theme
from core.views.kit.loss_sliders import loss_sliders

AT_MINIMUM = "minimum"
STEPS, EVERY = 200, 5  # of a training, and from one kept model to the next
SPARSE = 2  # kept models from one map to the next
FRAMES = 5  # of a loss's own parameter
SHARES, RATES, LEVELS = np.linspace(0, 0.5, 6).round(1), np.array([0.03, 0.1, 0.3, 1, 3, 10]), np.arange(0, 9, 2.0)
SHARE_LABELS = tuple(f"{100 * share:.0f} %" for share in SHARES)

DATA = OneOf(name="data", label="Data", default="flowers",
             options={key: dataset.label for key, dataset in MULTI_CLASS_DATASETS.items()})  # fmt: skip
LOSSES_SHOWN = SomeOf(
    name="losses", label="Losses", most=3, default=("categorical_cross_entropy", "generalized_cross_entropy"),
    options=names_of({key: loss for key, loss in losses_of("multi-class").items() if is_trainable(loss)}),
    help="Those that are smooth, finite for every label, and whose scores become probabilities.",
)  # fmt: skip
FEATURES = OneOf(
    name="features", label="Model", options={"linear": "Linear", "quadratic": "Quadratic"}, default="linear",
    help="Linear: a score is a weighted sum of the two features. Quadratic: also of their squares and their product.",
)  # fmt: skip
TRAINING = OneOf(
    name="training", label="Training", default=AT_MINIMUM,
    options={AT_MINIMUM: "At the minimum", "gradient_descent": "Gradient descent", "momentum": "Momentum"},
    help="At the minimum: each model is trained until its loss cannot fall further.",
)  # fmt: skip
SEED = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1], advanced=True)
PARAMS = (DATA, LOSSES_SHOWN, FEATURES, TRAINING, SEED)

STEP = Slider(name="step", label="Step", values=np.arange(0.0, STEPS + 1, EVERY), start=STEPS // EVERY,
              kind="timeline")  # fmt: skip
RATE = Slider(name="lr", label="Learning rate", values=RATES, start=3, recomputed=True)
LEVEL = Slider(name="level", label="Initial score of the first class", values=LEVELS, start=0, recomputed=True)
WRONG = Slider(name="wrong", label="Wrong labels", values=SHARES, labels=SHARE_LABELS, start=0)


@dataclass(frozen=True, eq=False)
class TrainingChoice:
    """What a person has chosen, and the sliders that follow from it."""

    losses: tuple[str, ...]
    training: str
    settings: ClassSettings

    @property
    def by_steps(self) -> bool:
        """Whether the models are trained step by step."""
        return self.training != AT_MINIMUM

    def own(self, key: str) -> tuple[Slider, ...]:
        """The sliders of a loss's own parameters. No label is smoothed before somebody asks for it."""
        found = loss_sliders(LOSSES[key], most=FRAMES, recomputed=self.by_steps)
        return tuple(replace(one, owner="", start=0) if one.name == "label_smoothing" else one for one in found)

    @cached_property
    def wrong(self) -> Slider:
        return replace(WRONG, recomputed=self.by_steps)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        own = [slider for key in self.losses for slider in self.own(key)]
        return (*((STEP, RATE, LEVEL) if self.by_steps else ()), self.wrong, *own)

    @property
    def across(self) -> Slider:
        """The slider whose values are the x axis of the curves."""
        return STEP if self.by_steps else self.wrong


class LossModels:
    """Every model of a loss that a person can see by moving the sliders.

    At the minimum there is one for all combinations of wrong labels and of the loss's own parameters. Step by step
    there is a one-at-a-time sweep, and in each of its runs a model at every frame of the timeline.
    """

    def __init__(self, choice: TrainingChoice, key: str, centre: Mapping[str, float]) -> None:
        self.choice, self.key, own = choice, key, choice.own(key)
        self.sweep = Sweep((choice.wrong, RATE, LEVEL, *own), centre)
        self.map_sweep = Sweep((choice.wrong,), centre)
        if choice.by_steps:
            runs = tuple(tuple(run.items()) for run in self.sweep.runs())
            self.trained: Trained = training(
                choice.settings, key, runs, optimizer=choice.training, steps=STEPS, every=EVERY
            )
            self.by: tuple[Any, ...] = (self.sweep, STEP)
        else:
            params = tuple((one.name, tuple(one.values.tolist())) for one in own)
            self.trained = minima(choice.settings, key, tuple(SHARES.tolist()), params)
            self.by = (choice.wrong, *own)

    def live(self, values: Any) -> Live:
        """A row for each model, of an array [*models, *row]."""
        return Live(values, self.by)

    def metric(self, name: str) -> Live:
        """A metric of each model on the test set."""
        return self.live(self.trained.measured(name))

    def curve(self, values: np.ndarray) -> Live:
        """The numbers [*models] as rows along the x axis of the curves."""
        return Live(values, self.sweep) if self.choice.by_steps else Live(np.moveaxis(values, 0, -1), self.by[1:])

    @cached_property
    def leads(self) -> list[Live]:
        """How far each class is ahead, as a map; step by step of fewer models than there are."""
        if not self.choice.by_steps:
            return [self.live(self.trained.leads()[..., label, :, :]) for label in range(3)]
        first = self.map_sweep.runs_in(self.map_sweep)  # the sweep of all sliders begins with the same runs
        leads = self.trained.leads((first, slice(None, None, SPARSE)))
        return [Live(leads[:, :, label], (self.map_sweep, STEP), every=SPARSE) for label in range(3)]

    @property
    def look(self) -> theme.Stroke:
        return theme.look(self.key)

    @property
    def name(self) -> str:
        return LOSSES[self.key].short
