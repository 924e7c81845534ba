"""The detectors of the picture: the parameters and sliders, and the live numbers of every classification loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.datasets import SEEDS
from core.datasets.detection import TEST_STRIPS
from core.losses import BOX_LOSSES, LOSSES
from core.metrics.detection import COCO_THRESHOLDS
from core.models.trained_detectors import NEGATIVES, DetectorSettings, train_detectors
from core.numerics import sigmoid
from core.stage import Live, Slider, Sweep
from core.stage.parameters import OneOf, SomeOf, Whole
from core.views.kit import theme
from core.views.kit.loss_pickers import labels
from core.views.kit.loss_sliders import loss_sliders

TRAINING_STEPS, KEPT_EVERY = 120, 5
OWN_FRAMES = 5  # of a loss's own parameter
CLASSIFICATION = ("binary_cross_entropy", "focal", "weighted_binary_cross_entropy")
PARAMS = (
    SomeOf(name="losses", label="Classification loss", most=2, default=("binary_cross_entropy", "focal"),
           options=labels({key: LOSSES[key] for key in CLASSIFICATION})),
    OneOf(name="box_loss", label="Box loss", options=labels(BOX_LOSSES), default="giou"),
    OneOf(name="probability", label="Initial probability", default="0.5", options={"0.5": "0.5", "0.01": "0.01"},
          help="That every anchor shows the object, before training. RetinaNet begins at 0.01, by the bias of the "
          "score."),
    Whole(name="strip", label="Test strip", default=2, low=1, high=TEST_STRIPS),
    Whole(name="seed", label="Seed", default=0, low=SEEDS[0], high=SEEDS[-1], advanced=True),
)  # fmt: skip
STEP = Slider(name="step", label="Step", values=np.arange(0.0, TRAINING_STEPS + 1, KEPT_EVERY), start=8,
              kind="timeline", fps=6)  # fmt: skip
WEIGHT = Slider(name="weight", label="Weight λ of the box loss", values=np.array([0, 0.1, 1, 3, 10]), start=2,
                recomputed=True)  # fmt: skip
SAMPLED = Slider(name="negatives", label="Negatives per object", values=np.array([3.0, 10, 30, NEGATIVES]), start=3,
                 recomputed=True)  # fmt: skip
THRESHOLD = Slider(name="threshold", label="IoU threshold of AP", values=np.round(COCO_THRESHOLDS, 2), start=0)


@dataclass(frozen=True, eq=False)
class DetectionChoice:
    """What a person has chosen, and the sliders that follow from it."""

    losses: tuple[str, ...]
    strip: int
    settings: DetectorSettings

    def own(self, key: str) -> tuple[Slider, ...]:
        """The sliders of a loss's own parameters."""
        return loss_sliders(LOSSES[key], most=OWN_FRAMES, recomputed=True)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        return (STEP, WEIGHT, *(slider for key in self.losses for slider in self.own(key)), SAMPLED, THRESHOLD)


class LossDetectors:
    """Every detector of one classification loss that a person can see: a run of a sweep, and in it a step."""

    def __init__(self, choice: DetectionChoice, key: str, centre: Mapping[str, float]) -> None:
        self.look, self.name = theme.look(key), LOSSES[key].short
        self.sweep = Sweep((WEIGHT, SAMPLED, *choice.own(key)), centre)
        runs = tuple(tuple(run.items()) for run in self.sweep.runs())
        self.trained = train_detectors(choice.settings, key, runs, TRAINING_STEPS, KEPT_EVERY)
        brightness = choice.settings.split().test.brightness[choice.strip - 1]
        scores, best, self.boxes = self.trained.on_strip(brightness)
        self.probability, self.best = sigmoid(scores), sigmoid(best)  # 0 where a box is suppressed

    def live(self, array: Any) -> Live:
        """An array [runs, steps, *row]."""
        return Live(array, (self.sweep, STEP))

    @cached_property
    def precision(self) -> np.ndarray:
        """The average precision on the test set, [runs, thresholds, steps]."""
        return np.moveaxis(self.trained.precision, -1, 1)

    @cached_property
    def relative_loss(self) -> np.ndarray:
        """The loss that is descended, relative to its start, [runs, steps]."""
        return self.trained.loss / self.trained.loss[:, :1]

    @cached_property
    def lowest(self) -> np.ndarray:
        """The frame of the lowest loss, int [runs]."""
        return self.trained.loss.argmin(axis=-1)

    @cached_property
    def highest(self) -> np.ndarray:
        """The first frame of the highest average precision, int [runs, thresholds]."""
        return self.precision.argmax(axis=-1)
