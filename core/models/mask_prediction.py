"""Objects on a picture of SIZE x SIZE pixels, and a prediction of them whose faults are set by a few numbers.

An object is a disc. A pixel belongs to it if its middle lies inside. Lengths are in pixels, y points down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.losses.masks import MaskLoss
from core.numerics import sigmoid

SIZE = 48  # pixels of the picture, across and up
MIDDLES = np.arange(SIZE) + 0.5  # of the pixels, along either axis


class Disc(NamedTuple):
    """An object: its middle, and its radius as a multiple of the first object's."""

    x: float
    y: float
    size: float = 1.0


LAYOUTS: Mapping[str, tuple[Disc, ...]] = {
    "one": (Disc(24, 24),),
    "two": (Disc(18, 28), Disc(41.5, 8.5, 0.25)),  # in the middle of a pixel: the small one is never without pixels
    "empty": (),
}
PREDICTED = {key: discs or LAYOUTS["one"] for key, discs in LAYOUTS.items()}  # on an empty picture there is one too


def inside(x: Any, y: Any, radius: Any) -> np.ndarray:
    """How far the middle of each pixel lies inside of discs [...], [..., SIZE, SIZE]; below 0 outside."""
    x, y, radius = (np.asarray(one, dtype=float)[..., None, None] for one in (x, y, radius))
    return radius - np.hypot(MIDDLES - x, MIDDLES[:, None] - y)


def first_radius(share: np.ndarray, discs: tuple[Disc, ...]) -> np.ndarray:
    """The radius of the first of some discs that cover this share of the picture together."""
    return np.sqrt(np.asarray(share) * SIZE**2 / (np.pi * sum(one.size**2 for one in discs)))


@dataclass(frozen=True, eq=False)
class MaskPrediction:
    """Objects and a prediction of them, in each of several runs: every number is an array [runs].

    layout: a key of LAYOUTS. share: of the picture that the objects cover, 0 to 1. shift: of the prediction to the
    right. size: its radii as multiples of the objects'. blur: of its edges. confidence: the largest score, up or down.
    found: how much of that the second object gets, from 0, not predicted, to 1. leak: a probability that every pixel
    belongs to an object, whatever the rest says.
    """

    layout: str
    share: np.ndarray
    shift: np.ndarray
    size: np.ndarray
    blur: np.ndarray
    confidence: np.ndarray
    found: np.ndarray
    leak: np.ndarray

    @cached_property
    def objects(self) -> np.ndarray:
        """The mask of each object, bool [objects, runs, SIZE, SIZE]."""
        radius = first_radius(self.share, PREDICTED[self.layout])
        masks = [inside(one.x, one.y, radius * one.size) > 0 for one in LAYOUTS[self.layout]]
        return np.array(masks).reshape(-1, len(self.share), SIZE, SIZE)

    @cached_property
    def target(self) -> np.ndarray:
        """1 where a pixel belongs to an object, else 0, [runs, SIZE, SIZE]."""
        return self.objects.any(axis=0).astype(float)

    @cached_property
    def logits(self) -> np.ndarray:
        """The predicted score of each pixel, [runs, SIZE, SIZE]."""
        discs = PREDICTED[self.layout]
        radius = first_radius(self.share, discs) * self.size
        blur, confidence, leak = (one[:, None, None] for one in (self.blur, self.confidence, self.leak))
        scores = []
        for number, one in enumerate(discs):
            found = self.found[:, None, None] if number else 1.0
            rise = 1 + np.tanh(inside(one.x + self.shift, np.full_like(self.shift, one.y), radius * one.size) / blur)
            scores.append(confidence * (found * rise - 1))
        # p + leak (1 - p) as a score: of z = log p/(1 - p) it is log (e^z + leak)/(1 - leak)
        with np.errstate(divide="ignore"):
            return np.logaddexp(np.max(scores, axis=0), np.log(leak)) - np.log1p(-leak)

    @cached_property
    def probability(self) -> np.ndarray:
        """Of belonging to an object, of each pixel, [runs, SIZE, SIZE]."""
        return sigmoid(self.logits)

    @property
    def hard(self) -> np.ndarray:
        """The pixels whose probability is at least one half, bool [runs, SIZE, SIZE]."""
        return self.logits >= 0

    def grad(self, loss: MaskLoss, **params: np.ndarray) -> np.ndarray:
        """The gradient of a loss in the score of each pixel, [runs, SIZE, SIZE]; parameters [runs]."""
        return loss.grad(self.logits, self.target, **params)


def share_on(grad: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The part of a gradient's absolute values [..., h, w] that lies on the pixels of a mask, [...]; NaN where there
    is no gradient."""
    size = np.abs(grad)
    total = size.sum(axis=(-2, -1))
    return np.divide((size * mask).sum(axis=(-2, -1)), total, out=np.full(total.shape, np.nan), where=total > 0)


def outline(mask: np.ndarray) -> np.ndarray:
    """x and y of the corners around the pixels of a mask [h, w], [points, 2]: closed lines with NaN between them."""
    mask = np.pad(np.asarray(mask, dtype=bool), 1)
    onward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    # The four sides of a pixel, clockwise, each between corners: drawn where the neighbour there is not in the mask
    for (down, right), (start, end) in {(-1, 0): ((0, 0), (1, 0)), (0, 1): ((1, 0), (1, 1)), (1, 0): ((1, 1), (0, 1)),
                                        (0, -1): ((0, 1), (0, 0))}.items():  # fmt: skip
        for row, column in np.argwhere(mask & ~np.roll(mask, (-down, -right), axis=(0, 1))) - 1:
            onward.setdefault((column + start[0], row + start[1]), []).append((column + end[0], row + end[1]))
    points: list[tuple[float, float]] = []
    while onward:
        first = here = next(iter(onward))
        line = [first]
        while len(line) == 1 or here != first:
            ways = onward[here]
            previous, here = here, ways.pop()
            line.append(here)
            if not ways:
                del onward[previous]
        points += [*line, (np.nan, np.nan)]
    return np.array(points[:-1], dtype=float).reshape(-1, 2)


def outlines(masks: np.ndarray) -> np.ndarray:
    """The outline of each mask [runs, h, w], [runs, points, 2], with NaN after the shorter ones."""
    found = [outline(mask) for mask in masks]
    padded = np.full((len(found), max(1, *map(len, found), 1), 2), np.nan)
    for row, points in zip(padded, found, strict=True):
        row[: len(points)] = points
    return padded
