"""What the numbers of softmax regressions say, a sentence or two for each model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import LOSSES
from core.models.trained_classes import AtMinimum, Run, Trained

CLOSE = 0.03  # of a mean probability and an accuracy: nearer is about the same
UNCHANGED = 0.005  # of an accuracy
GOOD = 0.8  # a test accuracy


def at_minimum(trained: AtMinimum) -> list[str]:
    """Of each model, flat: whether its winner is as sure as it is right, what wrong labels have changed, and how it is
    known that it is at a minimum."""
    right, sure = trained.measured("accuracy"), trained.measured("confidence")
    columns = (right, sure, right - right[:1], trained.metrics.calibration.error)
    summaries = trained.minima.summaries(LOSSES[trained.loss])
    first = right[0].size  # so many models have right labels only
    return [
        f"{certainty(sure, right)} (ECE {error:.2g}). {change(gain) if number >= first else ''}{how}."
        for number, (right, sure, gain, error, how) in enumerate(
            zip(*(column.ravel() for column in columns), summaries, strict=True)
        )
    ]


def certainty(sure: float, right: float) -> str:
    """Whether the winner's probability is how often it is right."""
    how = "about as sure as" if abs(sure - right) <= CLOSE else "surer than" if sure > right else "less sure than"
    return f"The winner is {how} it is right: {100 * sure:.3g} % and {100 * right:.3g} %"


def change(gain: float) -> str:
    """What wrong labels have done to the accuracy."""
    if abs(gain) < UNCHANGED:
        return "Wrong labels leave the accuracy as it is. "
    return f"Wrong labels {'cost' if gain < 0 else 'bring'} {100 * abs(gain):.2g} points of accuracy. "


def by_steps(trained: Trained, runs: Sequence[Run], steps: np.ndarray) -> list[str]:
    """Of each run: the first gradient of one example, and at which of these steps [frames] the model is good."""
    scores = np.zeros((len(runs), len(trained.settings.names)))
    scores[:, 0] = [run["level"] for run in runs]
    loss = LOSSES[trained.loss]
    own = {param.name: np.array([run[param.name] for run in runs]) for param in loss.params}
    sizes = np.linalg.norm(loss.grad(scores, np.ones(len(runs)), **own), axis=-1)
    return [
        f"An example of the second class first has a gradient of size {size:.3g} in its scores. {speed(curve, steps)}"
        for size, curve in zip(sizes, trained.measured("accuracy"), strict=True)
    ]


def speed(accuracy: np.ndarray, steps: np.ndarray) -> str:
    """At which of these steps an accuracy [frames] first is good."""
    if np.isnan(accuracy[-1]):
        return "Training diverges: the learning rate is too large."
    good, target = np.flatnonzero(accuracy >= GOOD), f"a test accuracy of {100 * GOOD:g} %"
    if len(good):
        return f"It first reaches {target} at step {steps[good[0]]:g}."
    return f"In {steps[-1]:g} steps it does not reach {target}."
