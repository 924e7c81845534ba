"""What can be chosen of a training, and what is live: the task, its loss, and the sliders it is trained around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from core.datasets import CURVE_DATASETS, SEEDS, SHAPE_DATASETS, CurveDataset, ShapeDataset
from core.losses import FAMILIES, losses_of
from core.models.objectives import has_slope
from core.stage import Slider
from core.training import Model, Perceptron, Polynomial
from core.training.metrics import METRICS, Recorded
from core.views.gradient_descent.views import RUNNER, SCHEDULE
from core.views.kit.view import OneOf, Parameter, SomeOf, Whole

EPOCH = "epoch"  # keys of the sliders
CAPACITY, RATE, PENALTY, EXAMPLES, NOISE = "capacity", "lr", "penalty", "examples", "noise"
STRAY, LEVEL = "outliers", "level"  # of the picture of several losses
EPOCHS, EVERY = 300, 5  # of a run, and from one kept model to the next


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to learn, and how large a model of which kind may be."""

    name: str
    data: CurveDataset | ShapeDataset
    widths: tuple[int, ...]  # of the capacity's slider
    capacity: int  # where that stands at first
    size: str  # what the capacity is called
    rate: float
    rival_rate: float  # the rate where losses are beside each other
    examples: int

    @property
    def family(self) -> str:
        """The family of the losses that fit it."""
        return "binary" if isinstance(self.data, ShapeDataset) else "regression"

    @property
    def noise(self) -> float:
        """Where the noise's slider starts."""
        return self.data.noises[len(self.data.noises) // 2]

    @property
    def classes(self) -> bool:
        """Whether classes are learned, drawn as a map; else a curve."""
        return FAMILIES[self.family].classes

    @property
    def metric(self) -> Recorded:
        """What is measured beside the loss."""
        return METRICS[FAMILIES[self.family].metric]

    def model(self, capacity: float) -> Model:
        whole = int(capacity)
        return Polynomial(whole) if self.size == "degree" else Perceptron((whole, whole))


def network_task(data: CurveDataset | ShapeDataset) -> Task:
    """These data, learned by a network."""
    classes = isinstance(data, ShapeDataset)
    return Task(
        name=f"{data.name}, by a network",
        data=data,
        widths=(1, 2, 3, 5, 8, 16, 32),
        capacity=8 if classes else 16,
        size="units a layer",
        rate=0.01,
        rival_rate=0.1 if classes else 0.03,
        examples=100 if classes else 50,
    )


def polynomial_task(data: CurveDataset) -> Task:
    """These data, learned by a polynomial."""
    return replace(
        network_task(data),
        name=f"{data.name}, by a polynomial",
        widths=(0, 1, 2, 3, 5, 8, 12, 20),
        capacity=5,
        size="degree",
        rate=0.03,
        examples=30,
    )


TASKS: Mapping[str, Task] = {
    **{key: network_task(data) for key, data in CURVE_DATASETS.items()},
    "polynomial": polynomial_task(CURVE_DATASETS["wave"]),
    **{key: network_task(data) for key, data in SHAPE_DATASETS.items() if data.noises},
}
RATES = np.array([1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0])
PENALTIES = np.array([0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.03])
SIZES = np.array([10, 20, 30, 50, 100, 200.0])


LEVELS = np.arange(0.0, 9.0)  # the score of every example, with which training begins
STRAYS = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.3])
RIVALS = {"regression": ("squared_error", "absolute_error", "huber"), "binary": ("binary_cross_entropy", "brier")}


def fitting(family: str) -> dict[str, str]:
    """The losses for a task, by key: what they are called. Those of any score and any target, with a slope to follow.

    The wave crosses 0, of which no percentage can be taken.
    """
    losses, targets = losses_of(family).items(), FAMILIES[family].targets
    return {
        key: loss.name
        for key, loss in losses
        if loss.fits("network") and loss.target_domain == targets and has_slope(loss)
    }


BATCH = OneOf(
    name="batch", label="Batch size", options={"0": "All", "32": "32", "8": "8"}, default="0", advanced=True,
    help="Examples in one step. With fewer than all, the gradient is noisy.",
)  # fmt: skip
PATIENCE = OneOf(
    name="patience", label="Early stopping", options={"0": "Never", "10": "10", "30": "30"}, default="0", advanced=True,
    help="Stop when the validation loss has not improved for this many epochs, and return to the best model.",
)  # fmt: skip
OUTLIERS = OneOf(
    name="outliers", label="Outliers", options={"0": "None", "0.05": "5 %", "0.2": "20 %"}, default="0", advanced=True,
    help="Share of outliers in the training set; the validation set has none.",
)  # fmt: skip
NORM = OneOf(
    name="norm", label="Penalty", options={"l2": "L2", "l1": "L1"}, default="l2", advanced=True,
    help="Added to the loss: the strength times the sum of the squared weights (L2) or of their sizes (L1), without "
    "biases.",
)  # fmt: skip
SCALE = OneOf(name="scale", label="Loss axis", options={"log": "Log", "linear": "Linear"}, default="log", advanced=True)
SEED = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1], advanced=True)


def loss_of(task: str) -> OneOf:
    options = fitting(TASKS[task].family)
    return OneOf(name="loss", label="Loss", options=options, default=next(iter(options)))


def rivals_of(task: str) -> tuple[Parameter, ...]:
    """What can be chosen where losses are beside each other."""
    family = TASKS[task].family
    losses = SomeOf(name="losses", label="Losses", options=fitting(family), default=RIVALS[family], most=4)
    # Adam would make up for a small gradient: it divides by the gradient's usual size.
    return (losses, replace(RUNNER, default="momentum"), SCHEDULE, BATCH, SEED)


def params_of(task: str) -> tuple[Parameter, ...]:
    """What can be chosen of a training of this task."""
    stray = () if TASKS[task].classes else (OUTLIERS,)
    return (loss_of(task), RUNNER, SCHEDULE, BATCH, NORM, PATIENCE, *stray, SCALE, SEED)


@cache  # a page asks again and again
def sliders_of(task: str) -> tuple[Slider, ...]:
    """The timeline, and what there are runs for, each around the others' released values."""
    own = TASKS[task]
    return (
        timeline(),
        recomputed(CAPACITY, f"Capacity ({own.size})", own.widths, own.capacity),
        recomputed(RATE, "Learning rate", RATES, own.rate),
        recomputed(PENALTY, "Penalty", PENALTIES, 0.0),
        recomputed(EXAMPLES, "Training examples", SIZES, own.examples),
        recomputed(NOISE, "Noise", own.data.noises, own.noise),
    )


@cache
def rival_sliders(task: str) -> tuple[Slider, ...]:
    """Those of several losses: how sure of one class training begins, or how many outliers there are."""
    own = TASKS[task]
    if own.classes:
        mine = recomputed(LEVEL, "Initial score", LEVELS, 6.0)
    else:
        labels = tuple(f"{100 * share:g} %" for share in STRAYS)
        mine = recomputed(STRAY, "Outliers", STRAYS, 0.1, labels)
    return (
        timeline(),
        mine,
        recomputed(RATE, "Learning rate", RATES, own.rival_rate),
        recomputed(NOISE, "Noise", own.data.noises, own.noise),
    )


def timeline() -> Slider:
    epochs = np.arange(0.0, EPOCHS + 1, EVERY)
    return Slider(name=EPOCH, label="Epoch", values=epochs, start=len(epochs) - 1, kind="timeline", fps=15)


def recomputed(key: str, label: str, values: Any, start: float, labels: tuple[str, ...] = ()) -> Slider:
    array = np.array(values, dtype=float)
    first = int(np.abs(array - start).argmin())
    return Slider(name=key, label=label, values=array, start=first, labels=labels, recomputed=True)
