"""Noisy points around a curve, for watching a model learn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.datasets.dataset import (
    PLANE,
    SPLIT_POINTS,
    VALIDATION,
    Dataset,
    RegressionData,
    TrainValidation,
    checked_split,
)  # fmt: skip
from core.kept import kept

REACH = 3.0  # x lies in [-REACH, REACH]
OUTLIER_HEIGHT = 6.0  # by so much an outlier is too high


@dataclass(frozen=True, kw_only=True, eq=False)
class CurveDataset(Dataset):
    """Points around the curve y = truth(x) with normal noise of standard deviation `noise`; x lies in [-3, 3]."""

    truth: Callable[[np.ndarray], np.ndarray]
    noise: float = 0.3
    noises: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8)  # frames of the noise's slider on /training-curves

    def split(
        self, points: int = 40, noise: float | None = None, seed: int = 0, corrupted: float = 0.0
    ) -> TrainValidation[RegressionData]:
        """A training set of so many points, x uniform, and a validation set of 200, x at even distances.

        A share `corrupted` of the training set is 6 too high. A smaller training set is the beginning of a larger
        one, and noise scales the same draws. Raises ValueError for what is out of range.
        """
        return _split(self, *checked_split(points, self.noise if noise is None else noise, seed, corrupted))


@kept
def _split(
    dataset: CurveDataset, points: int, noise: float, seed: int, corrupted: float
) -> TrainValidation[RegressionData]:
    def data(x: np.ndarray, noise: np.ndarray, part: int) -> RegressionData:
        source = dataset.drawn_by([seed, part])
        return RegressionData(dataset.name, x, dataset.truth(x) + noise, *PLANE, dataset.about, source)

    random = np.random.default_rng([seed, 0])
    x, drawn = random.uniform(-REACH, REACH, SPLIT_POINTS[-1]), random.normal(size=SPLIT_POINTS[-1])
    outlier = random.uniform(size=SPLIT_POINTS[-1]) < corrupted
    even, others = np.linspace(-REACH, REACH, VALIDATION), np.random.default_rng([seed, 1]).normal(size=VALIDATION)
    train = data(x[:points], (noise * drawn + OUTLIER_HEIGHT * outlier)[:points], 0)
    return TrainValidation(train, data(even, noise * others, 1))


wave = CurveDataset(
    name="A wave",
    about="Points around a rising wave: a straight line misses it, a too flexible curve fits the noise.",
    truth=lambda x: np.sin(2 * x) + x / 2,
)
