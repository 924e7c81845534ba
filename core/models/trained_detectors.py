"""Detectors trained under several losses, every few steps of their training, and what they find in the test set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.datasets import STRIP_DATASETS, StripSplit
from core.datasets.detection import STRIP_WIDTH
from core.kept import kept
from core.losses import BOX_LOSSES, LOSSES
from core.metrics.detection import COCO_THRESHOLDS, box_average_precision
from core.models.detector import (
    DetectionProblem,
    anchor_inputs,
    detections,
    initial_detector,
    object_anchors,
)
from core.optimizers import OPTIMIZERS
from core.optimizers.iterate import iterate

OPTIMIZER, RATE = "adam", 0.05
DETECTIONS = 6  # kept of a strip
IGNORED = 3  # columns beside the object's anchor
NEGATIVES = STRIP_WIDTH - 2 * IGNORED - 1  # the others of each strip
Run = tuple[tuple[str, float], ...]  # settings by name: weight, negatives, and the parameters of the loss


@dataclass(frozen=True)
class DetectorSettings:
    """What a training begins with: the probability of every score, the box loss, and a seed of strips and weights."""

    probability: float = 0.5
    box_loss: str = "giou"
    seed: int = 0

    def split(self) -> StripSplit:
        """The strips."""
        return STRIP_DATASETS["strips"].split(self.seed)


@dataclass(frozen=True, eq=False)
class TrainedDetectors:
    """Detectors [runs, frames, d], and of each its losses, shares of the gradient and average precision.

    classification, box: [runs, frames], means over objects, box before lambda. shares: [runs, frames, 4].
    precision: [runs, frames, thresholds], on the test set.
    """

    theta: np.ndarray
    weight: np.ndarray  # lambda, [runs]
    classification: np.ndarray
    box: np.ndarray
    shares: np.ndarray
    precision: np.ndarray

    @property
    def loss(self) -> np.ndarray:
        """What is descended, [runs, frames]."""
        return self.classification + self.weight[:, None] * self.box

    def on_strip(self, brightness: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of one strip [64]: the anchors' scores [runs, frames, 64], and the scores [runs, frames, most] and boxes
        [..., 4] of its detections."""
        flat = self.theta.reshape(-1, self.theta.shape[-1])
        scores, best, found = (one[:, 0].reshape(*self.theta.shape[:2], *one.shape[2:])
                               for one in detections(flat, brightness[None], most=DETECTIONS))  # fmt: skip
        return scores, best, found


def included_anchors(labels: np.ndarray, negatives: Sequence[float], seed: int) -> np.ndarray:
    """Which anchors are in the loss, 1 or 0, [runs, strips, 64]: the objects', and so many others of each strip.

    labels [strips, 64]; negatives [runs]. Those within IGNORED columns of the object are in none: they are neither
    object nor background. The same negatives are drawn first whatever their number.
    """
    near = np.abs(np.arange(labels.shape[-1]) - labels.argmax(axis=-1)[:, None]) <= IGNORED
    order = np.random.default_rng([seed, 2]).random(labels.shape) + np.where(near, np.inf, 0)
    rank = np.where(labels == 1, -1, order.argsort(axis=-1).argsort(axis=-1))
    return ((rank < np.asarray(negatives)[:, None, None]) & (~near | (labels == 1))).astype(float)


@kept
def train_detectors(
    settings: DetectorSettings, key: str, runs: tuple[Run, ...], steps: int, every: int
) -> TrainedDetectors:
    """Detectors under the loss of a key, trained by Adam on the training set; a row for each run.

    A run names `weight` (lambda), `negatives` (drawn for each object) and parameters of the loss; others are ignored.
    """
    loss = LOSSES[key]
    names = ("weight", "negatives", *loss.defaults)
    table = np.array([[dict(run)[name] for name in names] for run in runs])
    different, place = np.unique(table, axis=0, return_inverse=True)
    weight, negatives, *params = different.T
    train, test = settings.split()
    labels = object_anchors(train.boxes)
    inputs = anchor_inputs(train.brightness)
    problem = DetectionProblem(
        loss, BOX_LOSSES[settings.box_loss], inputs.reshape(-1, inputs.shape[-1]), labels.ravel(), train.boxes,
        included_anchors(labels, negatives, settings.seed).reshape(len(different), -1), weight,
        {name: column[:, None] for name, column in zip(loss.defaults, params, strict=True)},
    )  # fmt: skip
    start = np.repeat(initial_detector(settings.probability, settings.seed)[None], len(different), axis=0)
    thetas, values, shares = [], [], []

    def gradient(step: int, theta: np.ndarray) -> np.ndarray:
        heads = problem.heads(theta)
        if step % every == 0:
            thetas.append(theta)
            values.append(problem.values(heads))
            shares.append(problem.gradient_shares(heads))
        return problem.grad(heads)

    for _ in iterate(OPTIMIZERS[OPTIMIZER], start, gradient, steps + 1, lr=RATE):
        pass  # `gradient` sees every theta, that after the last step too
    classification, box = np.moveaxis(np.array(values), 0, -1)
    theta = np.stack(thetas, axis=1)
    precision = np.stack([test_precision(one, test.brightness, test.boxes) for one in theta])
    return TrainedDetectors(
        theta[place],
        weight[place],
        classification[place],
        box[place],
        np.stack(shares, axis=1)[place],
        precision[place],
    )


def test_precision(theta: np.ndarray, brightness: np.ndarray, truths: np.ndarray) -> np.ndarray:
    """The average precision of detectors [runs, d] at each of COCO's thresholds of IoU, [runs, 10]."""
    _, scores, found = detections(theta, brightness, most=DETECTIONS)
    return box_average_precision(found, scores, truths[:, None], COCO_THRESHOLDS)
