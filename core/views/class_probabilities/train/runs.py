"""The models of the picture of training: the parameters and sliders, and the live numbers of every loss."""

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
from core.stage.parameters import OneOf, SomeOf, Whole
from core.views.kit import theme
from core.views.kit.loss_pickers import labels
from core.views.kit.loss_sliders import loss_sliders

AT_MINIMUM = "minimum"
STEPS, EVERY, SPARSE = 200, 5, 2  # of a training; from one kept model to the next, and from one map to the next
FRAMES = 6  # of a loss's own parameter
SHARES = np.linspace(0, 50, 6)  # percent of the labels

PARAMS = (
    OneOf(name="data", label="Data", options={key: one.label for key, one in MULTI_CLASS_DATASETS.items()},
          default="flowers"),
    SomeOf(name="losses", label="Losses", most=3, default=("categorical_cross_entropy", "generalized_cross_entropy"),
           options=labels({key: loss for key, loss in losses_of("multi-class").items() if is_trainable(loss)}),
           help="Those that are smooth, finite for every label, and whose scores become probabilities."),
    OneOf(name="features", label="Model", options={"linear": "Linear", "quadratic": "Quadratic"}, default="linear",
          help="Linear: a score is a weighted sum of both features. Quadratic: also of their squares and product."),
    OneOf(name="training", label="Training", default=AT_MINIMUM,
          options={AT_MINIMUM: "At the minimum", "gradient_descent": "Gradient descent", "momentum": "Momentum"},
          help="At the minimum: each model is trained until its loss cannot fall further."),
    Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1], advanced=True),
)  # fmt: skip
STEP = Slider(name="step", label="Step", values=np.arange(0.0, STEPS + 1, EVERY), start=STEPS // EVERY,
              kind="timeline")  # fmt: skip
RATE = Slider(name="lr", label="Learning rate", values=np.array([0.03, 0.1, 0.3, 1, 3, 10]), start=3, recomputed=True)
LEVEL = Slider(name="level", label="Initial score of the first class", values=np.arange(0, 9, 2.0), start=0,
               recomputed=True)  # fmt: skip
WRONG = Slider(name="wrong", label="Wrong labels (%)", values=SHARES, start=0)


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
        """The sliders of a loss's own parameters. Label smoothing is named like the setting of a library: by itself."""
        found = loss_sliders(LOSSES[key], most=FRAMES, recomputed=self.by_steps)
        return tuple(replace(one, owner="") if one.name == "label_smoothing" else one for one in found)

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

    by: tuple[Any, ...]
    trained: Trained

    def __init__(self, choice: TrainingChoice, key: str, centre: Mapping[str, float]) -> None:
        self.choice, self.key, own = choice, key, choice.own(key)
        self.look, self.name = theme.look(key), LOSSES[key].short
        self.sweep = Sweep((choice.wrong, RATE, LEVEL, *own), centre)
        if choice.by_steps:
            runs = tuple(tuple(run.items()) for run in self.sweep.runs())
            self.by = (self.sweep, STEP)
            self.trained = training(choice.settings, key, runs, optimizer=choice.training, steps=STEPS, every=EVERY)
        else:
            self.by = (choice.wrong, *own)
            params = tuple((one.name, tuple(one.values.tolist())) for one in own)
            self.trained = minima(choice.settings, key, tuple(SHARES.tolist()), params)

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
        """How far each class is ahead, as a map; step by step for the centre and for the wrong labels only."""
        part = Sweep((self.choice.wrong,), self.sweep.centre)  # the sweep of all sliders begins with the same runs
        some = (slice(len(part)), slice(None, None, SPARSE)) if self.choice.by_steps else ...
        by = (part, STEP) if self.choice.by_steps else self.by
        every = SPARSE if self.choice.by_steps else 1
        leads = self.trained.leads(some)
        return [Live(leads[..., label, :, :], by, every=every) for label in range(leads.shape[-3])]
