"""The parameters and sliders of training runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core.datasets import SEEDS
from core.losses import Loss, losses_of
from core.models.objectives import has_slope
from core.stage import Slider
from core.stage.parameters import OneOf, Parameter, Whole
from core.training.tasks import LearningTask
from core.views.gradient_descent.views import RUNNER, SCALE, SCHEDULE
from core.views.kit.loss_pickers import one_loss, some_losses

EPOCHS, EVERY = 300, 5  # of a run, and from one kept model to the next
# Names of the sliders: of both pictures, and of that of several losses alone.
CAPACITY, RATE, PENALTY, EXAMPLES, NOISE = "capacity", "lr", "penalty", "examples", "noise"
# A rise by a fifth is to look like one: a logarithmic axis is for a loss that falls by decades.
LOSS_AXIS = replace(
    SCALE, options={"auto": "Auto", **SCALE.options}, default="auto",
    help="Auto: logarithmic where the losses of the run span two powers of ten or more.",
)  # fmt: skip
OUTLIERS, LEVEL = "outliers", "level"
RATES = np.array([1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0])
PENALTIES = np.array([0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.03])
SIZES = np.array([10, 20, 30, 50, 100, 200.0])  # of the training set
LEVELS = np.arange(0.0, 9.0)  # the score of every example, with which training begins
OUTLIER_SHARES = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.3])

BATCH = OneOf(
    name="batch", label="Batch size", options={"0": "All", "32": "32", "8": "8"}, default="0", advanced=True,
)  # fmt: skip
PATIENCE = OneOf(
    name="patience", label="Early stopping", options={"0": "Never", "10": "10", "30": "30"}, default="0", advanced=True,
    help="Stop when the validation loss has not improved for this many epochs, and return to the best model.",
)  # fmt: skip
OUTLIER_SHARE = OneOf(
    name=OUTLIERS, label="Outliers", options={"0": "None", "0.05": "5 %", "0.2": "20 %"}, default="0", advanced=True,
    help="Share of outliers in the training set; the validation set has none.",
)  # fmt: skip
NORM = OneOf(
    name="norm", label="Kind of penalty", options={"l2": "L2", "l1": "L1"}, default="l2", advanced=True,
    help="Added to the loss: the strength times the sum of the squared weights (L2) or of their sizes (L1), without "
    "biases.",
)  # fmt: skip
SEED = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1], advanced=True)


def losses_for(task: LearningTask) -> dict[str, Loss]:
    """The losses to choose from, by key: those of any score and any target, with a slope to follow.

    The wave crosses 0, of which no percentage can be taken.
    """
    return {
        key: loss
        for key, loss in losses_of(task.family.key).items()
        if loss.fits("network") and loss.target_domain == task.family.targets and has_slope(loss)
    }


def run_params(task: LearningTask) -> tuple[Parameter, ...]:
    """The parameters of one run."""
    losses = losses_for(task)
    loss = one_loss(losses, task.family.key, next(iter(losses)))
    outliers = () if task.family.classes else (OUTLIER_SHARE,)
    return (loss, RUNNER, SCHEDULE, BATCH, NORM, PATIENCE, *outliers, LOSS_AXIS, SEED)


def comparison_params(task: LearningTask) -> tuple[Parameter, ...]:
    """The parameters of a comparison of losses."""
    losses = some_losses(losses_for(task), task.family.key, task.compared, most=4)
    # Adam would make up for a small gradient: it divides by the gradient's usual size.
    return (losses, replace(RUNNER, default="momentum"), SCHEDULE, BATCH, SEED)


def swept(name: str, label: str, values: Any, start: float, **rest: Any) -> Slider:
    """A slider of a one-at-a-time sweep; it starts at the value nearest to `start`."""
    frames = np.array(values, dtype=float)
    first = int(np.abs(frames - start).argmin())
    return Slider(name=name, label=label, values=frames, start=first, recomputed=True, **rest)


def run_sliders(task: LearningTask) -> tuple[Slider, ...]:
    """The sliders of one run, around whose values it is trained."""
    return (
        swept(CAPACITY, f"Capacity ({task.size})", task.capacities, task.capacity),
        swept(RATE, "Learning rate", RATES, task.rate),
        swept(PENALTY, "Penalty", PENALTIES, 0.0),
        swept(EXAMPLES, "Training examples", SIZES, task.examples),
        swept(NOISE, "Noise", task.data.noises, task.noise),
    )


def comparison_sliders(task: LearningTask) -> tuple[Slider, ...]:
    """The sliders of several losses: the score with which training begins, or the share of outliers, leads them."""
    if task.family.classes:
        first = swept(LEVEL, "Initial score", LEVELS, 6.0)
    else:
        labels = tuple(f"{100 * share:g} %" for share in OUTLIER_SHARES)
        first = swept(OUTLIERS, "Outliers", OUTLIER_SHARES, 0.1, labels=labels)
    return (
        first,
        swept(RATE, "Learning rate", RATES, task.compared_rate),
        swept(NOISE, "Noise", task.data.noises, task.noise),
    )


_KEPT = np.arange(0.0, EPOCHS + 1, EVERY)
EPOCH = Slider(name="epoch", label="Epoch", values=_KEPT, start=len(_KEPT) - 1, kind="timeline", fps=15)
