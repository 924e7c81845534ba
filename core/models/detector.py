"""A detector of one kind of object in strips: for each anchor a score and a box, from one shared hidden layer.

Its loss is the sum over anchors of a classification loss plus lambda times that over objects of a box loss, both
divided by the number of objects. Many detectors are trained side by side, each a row of theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.datasets.detection import STRIP_HEIGHT, STRIP_WIDTH
from core.losses import Loss
from core.losses.boxes import BoxLoss, boxes
from core.metrics.detection import box_overlap
from core.record import BINARY, NON_NEGATIVE, numbers

ANCHOR = 12.0  # pixels: the width of an anchor, in the middle of every column
CELL_WIDTH, CELLS_SEEN = 3, 9  # an anchor sees the mean brightness of 9 cells, each 3 columns wide, around its middle
INPUTS = CELLS_SEEN + 1  # and a constant
HIDDEN = 6
WIDEST = 4.0  # of the logarithm of a box's width in anchors: beyond, the width stays and has no slope
SHARES = ("object", "hard negatives", "easy negatives", "box loss")  # who supplies the gradient


def anchors() -> np.ndarray:
    """The boxes of the anchors, [64, 4]."""
    middle, half = np.arange(STRIP_WIDTH) + 0.5, ANCHOR / 2
    return np.stack([middle - half, np.zeros(STRIP_WIDTH), middle + half, np.full(STRIP_WIDTH, STRIP_HEIGHT)], axis=-1)


def anchor_inputs(brightness: np.ndarray) -> np.ndarray:
    """What each anchor sees of strips [..., 64]: [..., 64, 10]; beyond the ends it is dark."""
    reach = CELL_WIDTH * CELLS_SEEN // 2
    wide = np.pad(brightness, [(0, 0)] * (brightness.ndim - 1) + [(reach, reach)])
    window = np.lib.stride_tricks.sliding_window_view(wide, CELL_WIDTH * CELLS_SEEN, axis=-1)
    cells = window.reshape(*brightness.shape, CELLS_SEEN, CELL_WIDTH).mean(axis=-1)
    return np.concatenate([cells, np.ones((*brightness.shape, 1))], axis=-1)


def object_anchors(truths: Any) -> np.ndarray:
    """The label of each anchor, [strips, 64]: 1 for the one whose middle is nearest to the object's, else 0.

    Raises ValueError for a box whose second edge lies before its first.
    """
    truths = boxes("truths", truths, "detector")
    apart = np.abs((truths[:, :1] + truths[:, 2:3]) / 2 - anchors()[:, [0, 2]].mean(axis=-1))
    return (np.arange(STRIP_WIDTH) == apart.argmin(axis=-1)[:, None]).astype(float)


class Layers(NamedTuple):
    """The weights of some detectors: an activation is softsign(hidden @ inputs)."""

    hidden: np.ndarray  # [runs, hidden, inputs]
    score: np.ndarray  # [runs, hidden]: from the activations to the score
    bias: np.ndarray  # [runs, 1]
    box: np.ndarray  # [runs, 2, hidden]: to the box's shift, and to the logarithm of its width, in anchors
    base: np.ndarray  # [runs, 2]

    @classmethod
    def of(cls, theta: np.ndarray) -> Layers:
        """From rows [runs, d]."""
        shapes = ((HIDDEN, INPUTS), (HIDDEN,), (1,), (2, HIDDEN), (2,))
        parts = np.split(theta, np.cumsum([np.prod(shape) for shape in shapes])[:-1], axis=-1)
        return cls(*(part.reshape(len(theta), *shape) for part, shape in zip(parts, shapes, strict=True)))

    def theta(self) -> np.ndarray:
        """As rows [runs, d]."""
        return np.concatenate([part.reshape(len(part), -1) for part in self], axis=-1)

    def activations(self, inputs: np.ndarray) -> np.ndarray:
        """[runs, hidden, n] of inputs [n, 10]: softsign, x / (1 + |x|), quicker than tanh."""
        rows = self.hidden.reshape(-1, INPUTS) @ inputs.T
        return np.divide(rows, 1 + np.abs(rows), out=rows).reshape(len(self.hidden), HIDDEN, len(inputs))

    def scores(self, activations: np.ndarray) -> np.ndarray:
        """[runs, n]."""
        return np.matmul(self.score[:, None], activations)[:, 0] + self.bias

    def boxes(self, activations: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The boxes [runs, n, 4] of anchors in these columns [n] or [runs, n]."""
        shift, log_width = np.moveaxis(np.matmul(self.box, activations) + self.base[..., None], 1, 0)
        middle, half = columns + 0.5 + ANCHOR * shift, ANCHOR / 2 * np.exp(np.minimum(log_width, WIDEST))
        return np.stack([middle - half, np.zeros_like(half), middle + half, np.full_like(half, STRIP_HEIGHT)], axis=-1)


def initial_detector(probability: float, seed: int = 0) -> np.ndarray:
    """Random weights, of variance 1 over the number of inputs; the bias gives a score of 0 this probability: [d]."""
    random = np.random.default_rng(seed)
    hidden = random.normal(size=(1, HIDDEN, INPUTS)) / np.sqrt(INPUTS)
    score, box = (random.normal(size=shape) / np.sqrt(HIDDEN) for shape in ((1, HIDDEN), (1, 2, HIDDEN)))
    bias = np.log(probability) - np.log1p(-probability)
    return Layers(hidden, score, np.full((1, 1), bias), box, np.zeros((1, 2))).theta()[0]


class Heads(NamedTuple):
    """What some detectors say on the training set, and the slope of their loss in it."""

    layers: Layers
    active: np.ndarray  # [runs, hidden, n]: the shared activations
    own: np.ndarray  # [runs, hidden, objects]: those of the anchors that are 1
    scores: np.ndarray  # [runs, n]
    boxes: np.ndarray  # [runs, objects, 4]
    by_score: np.ndarray  # [runs, n]
    by_box: np.ndarray  # [runs, 2, objects]: in shift and log width


@dataclass(frozen=True, eq=False)
class DetectionProblem:
    """The training of detectors: what their anchors see, what they should say, and how much it counts.

    inputs [n, 10]: of every anchor of every strip. labels [n]: 0 or 1. truths [objects, 4]: of the anchors that are 1.
    included [runs, n] or [n]: 1 for an anchor that is in the loss, else 0. params: of the classification loss, by name,
    [runs, 1]. Raises ValueError for other labels and for boxes that are none.
    """

    loss: Loss
    box_loss: BoxLoss
    inputs: np.ndarray
    labels: np.ndarray
    truths: np.ndarray
    included: np.ndarray
    weight: np.ndarray  # lambda, [runs]
    params: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        labels = numbers("labels", self.labels, BINARY, of="detector")
        truths = boxes("truths", self.truths, "detector")
        numbers("weight", self.weight, NON_NEGATIVE, of="detector")
        if labels.shape != self.inputs.shape[:1] or len(truths) != labels.sum():
            raise ValueError(
                f"each of the inputs {self.inputs.shape} needs a label and each label of 1 a box, got labels "
                f"{labels.shape} with {labels.sum():g} objects and {len(truths)} boxes (detector)"
            )

    @cached_property
    def objects(self) -> np.ndarray:
        """The places of the anchors that are 1, [objects]."""
        return np.flatnonzero(self.labels)

    def heads(self, theta: np.ndarray) -> Heads:
        """Of detectors [runs, d]."""
        layers, count = Layers.of(theta), len(self.objects)
        active = layers.activations(self.inputs)
        own, scores = active[..., self.objects], layers.scores(active)
        found = layers.boxes(own, self.objects % STRIP_WIDTH)
        by_score = self.loss.grad(scores, self.labels, **self.params) * self.included / count
        by_box = self._box_grad(layers, own, found) * (self.weight / count)[:, None, None]
        return Heads(layers, active, own, scores, found, by_score, by_box)

    def grad(self, heads: Heads) -> np.ndarray:
        """The gradient of classification + lambda box in theta, [runs, d]."""
        layers, active, own, _, _, by_score, by_box = heads
        # From both heads back to the activations, where they meet, and on to the hidden layer.
        back = by_score[:, None] * layers.score[..., None]
        back[..., self.objects] += np.matmul(layers.box.transpose(0, 2, 1), by_box)
        slope = 1 - np.abs(active)  # its square is softsign's
        back *= slope
        back *= slope
        hidden = (back.reshape(-1, len(self.inputs)) @ self.inputs).reshape(layers.hidden.shape)
        score = np.matmul(active, by_score[..., None])[..., 0]
        bias, box = by_score.sum(axis=-1, keepdims=True), np.matmul(by_box, own.transpose(0, 2, 1))
        return Layers(hidden, score, bias, box, by_box.sum(axis=-1)).theta()

    def values(self, heads: Heads) -> tuple[np.ndarray, np.ndarray]:
        """The classification loss and the box loss, before lambda, each [runs] and a mean over objects."""
        each = self.loss.value(heads.scores, self.labels, **self.params) * self.included
        box = self.box_loss.value(heads.boxes / ANCHOR, self.truths / ANCHOR)
        return each.sum(axis=-1) / len(self.objects), box.mean(axis=-1)

    def gradient_shares(self, heads: Heads) -> np.ndarray:
        """Who supplies the gradient that reaches the shared activations, [runs, 4], in the order of SHARES.

        The gradients of each anchor have a length; these are added up over a group, and divided by the sum of all.
        """
        layers, _, _, scores, _, by_score, by_box = heads
        length = np.abs(by_score) * np.linalg.norm(layers.score, axis=-1)[:, None]
        negative, easy = self.labels == 0, scores < 0
        groups = [np.broadcast_to(~negative, easy.shape), negative & ~easy, negative & easy]
        from_box = np.linalg.norm(np.matmul(layers.box.transpose(0, 2, 1), by_box), axis=1)
        parts = np.stack([*((length * group).sum(axis=-1) for group in groups), from_box.sum(axis=-1)], axis=-1)
        return parts / parts.sum(axis=-1, keepdims=True)

    def _box_grad(self, layers: Layers, own: np.ndarray, found: np.ndarray) -> np.ndarray:
        """The slope of the box loss of each object in shift and log width, [runs, 2, objects]."""
        edges = self.box_loss.grad(found / ANCHOR, self.truths / ANCHOR)
        log_width = np.matmul(layers.box[:, 1:], own)[:, 0] + layers.base[:, 1:]
        half = np.where(log_width < WIDEST, (found[..., 2] - found[..., 0]) / (2 * ANCHOR), 0.0)
        return np.stack([edges[..., 0] + edges[..., 2], half * (edges[..., 2] - edges[..., 0])], axis=1)


def detections(
    theta: np.ndarray, brightness: np.ndarray, *, most: int, overlap: float = 0.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What detectors [runs, d] find in strips [strips, 64].

    Returns the scores of all anchors [runs, strips, 64], and of the best `most` by falling score their scores
    [runs, strips, most] and boxes [runs, strips, most, 4]. Non-maximum suppression: a box that overlaps a better one by
    more than this IoU gets a score of -inf.
    """
    layers, inputs = Layers.of(theta), anchor_inputs(brightness)
    active = layers.activations(inputs.reshape(-1, INPUTS))
    scores = layers.scores(active).reshape(len(theta), *brightness.shape)
    columns = np.argsort(-scores, axis=-1, kind="stable")[..., :most]
    anchor = (columns + STRIP_WIDTH * np.arange(len(brightness))[:, None]).reshape(len(theta), -1)
    best = np.take_along_axis(scores, columns, axis=-1)
    found = layers.boxes(np.take_along_axis(active, anchor[:, None], axis=-1), anchor % STRIP_WIDTH)
    found = found.reshape(*best.shape, 4)
    alike, kept = box_overlap(found, found) > overlap, np.ones(best.shape, dtype=bool)
    for place in range(best.shape[-1] - 1):
        kept[..., place + 1 :] &= ~(kept[..., place, None] & alike[..., place, place + 1 :])
    return scores, np.where(kept, best, -np.inf), found
