"""Strips with one object each: the smallest pictures in which a detector has something to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.datasets.dataset import Dataset, checked_seed, freeze
from core.kept import kept
from core.record import Source

STRIP_WIDTH, STRIP_HEIGHT = 64, 12  # pixels; an object is as high as its strip
TRAINING_STRIPS, TEST_STRIPS = 32, 48
OBJECT_WIDTHS = (8.0, 20.0)  # pixels
CLUTTER, CLUTTER_WIDTHS = 2, (2.0, 5.0)  # narrow bright bars in each strip, which are no object
BRIGHTNESS = (0.8, 1.2)


@dataclass(frozen=True, eq=False)
class StripData:
    """Strips, each with one object.

    `brightness` float64 [n, 64] by column of pixels; `boxes` float64 [n, 4], the objects as x1, y1, x2, y2 in pixels.
    """

    name: str
    brightness: np.ndarray
    boxes: np.ndarray
    about: str
    source: Source

    def __post_init__(self) -> None:
        freeze(self, "brightness", "boxes")

    def __len__(self) -> int:
        return len(self.boxes)


class StripSplit(NamedTuple):
    """A training set and a test set."""

    train: StripData
    test: StripData


@dataclass(frozen=True, kw_only=True, eq=False)
class StripDataset(Dataset):
    """Strips with one bright object, narrower bright bars beside it, and normal noise of this deviation."""

    noise: float

    def split(self, seed: int = 0) -> StripSplit:
        """32 strips to train on and 48 to test with, shared and read-only.

        Raises ValueError for a seed that is not a whole number from 0 to 999.
        """
        return _drawn(self, checked_seed(seed))


@kept
def _drawn(dataset: StripDataset, seed: int) -> StripSplit:
    def part(number: int, count: int) -> StripData:
        random = np.random.default_rng([seed, number])
        width = random.uniform(*OBJECT_WIDTHS, count)
        left = random.uniform(1, STRIP_WIDTH - 1 - width)
        brightness = random.uniform(*BRIGHTNESS, (count, 1)) * coverage(left, width)
        for _ in range(CLUTTER):
            narrow, edge = random.uniform(*CLUTTER_WIDTHS, count), random.uniform(0, STRIP_WIDTH, count)
            brightness = brightness + random.uniform(*BRIGHTNESS, (count, 1)) * coverage(edge, narrow)
        brightness = brightness + dataset.noise * random.normal(size=brightness.shape)
        boxes = np.stack([left, np.zeros(count), left + width, np.full(count, float(STRIP_HEIGHT))], axis=-1)
        return StripData(dataset.name, brightness, boxes, dataset.about, dataset.drawn_by([seed, number]))

    return StripSplit(part(0, TRAINING_STRIPS), part(1, TEST_STRIPS))


def coverage(left: Any, width: Any) -> np.ndarray:
    """How much of each column of pixels is covered from `left` [n] on, over `width` [n]: 0 to 1, [n, 64]."""
    left, right = left[:, None], (left + width)[:, None]
    column = np.arange(STRIP_WIDTH)
    return np.clip(np.minimum(column + 1, right) - np.maximum(column, left), 0, 1)


strips = StripDataset(
    name="One object in a strip",
    short="Strips",
    about="A strip of 64 × 12 pixels with one bright object, 8 to 20 pixels wide, two narrower bright bars and noise.",
    noise=0.35,
)
