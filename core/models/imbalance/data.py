"""The data of an experiment with rare positives, and the values at which its models are measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets import ImbalancedDataset, TrainTest, dataset_of
from core.numerics import sigmoid

THRESHOLD, SHARE, COST = "threshold", "share", "cost"  # what an experiment varies, beside the losses' parameters
MANY = 10_000  # points: from here on a model takes ten times as long,
SPARSE = 3  # and there are models at every third frame of a slider only


def even_ratios(low: float, high: float, count: int) -> np.ndarray:
    """So many numbers of two digits from low to high, each about as many times the one before."""
    return np.unique([float(f"{value:.2g}") for value in np.geomspace(low, high, count)])


def probabilities(score: np.ndarray) -> np.ndarray:
    """The probabilities of scores, to two digits of what is missing to 0 or to 1."""
    less = np.array([float(f"{part:.2g}") for part in sigmoid(-np.abs(score))])
    return np.unique(np.round(np.where(score < 0, less, 1 - less), 8))


EDGE = 9.2  # the score beyond which nothing is told apart: a probability of 0.0001, or of 0.9999
THRESHOLDS = probabilities(np.round(np.arange(-EDGE, EDGE + 0.05, 0.1), 1))
# Positive shares that are round to say, and of which every number of examples here from 1,000 on holds exactly so many.
SHARES = np.array([
    0.001, 0.002, 0.003, 0.004, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3,
    0.4, 0.5,
])  # fmt: skip
FEW_SHARES = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5])  # where there are many points
COSTS = np.array([1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100.0])
COSTS = np.unique(np.concatenate([np.round(1 / COSTS, 6), COSTS]))


@dataclass(frozen=True)
class ImbalanceSettings:
    """The points and the kind of model: what all losses of a picture share. The positive share is left open."""

    data: str
    overlap: str
    points: int
    seed: int
    features: str

    @classmethod
    def of(cls, choice: Mapping[str, Any]) -> ImbalanceSettings:
        return cls(choice["data"], choice["overlap"], int(choice["points"]), choice["seed"], choice["features"])

    @property
    def dataset(self) -> ImbalancedDataset:
        return dataset_of(ImbalancedDataset, self.data)

    @property
    def made(self) -> bool:
        """Whether the share of the positives can be chosen."""
        return self.dataset.generated

    @property
    def sparse(self) -> int:
        """Every how many-th frame has models."""
        return SPARSE if self.made and self.points >= MANY else 1

    @property
    def shares(self) -> np.ndarray:
        """The positive shares at which there are models, if the share can be chosen."""
        return FEW_SHARES if self.sparse > 1 else SHARES

    def split(self, share: float) -> TrainTest:
        """The points, at this share of positives if they are made."""
        if not self.made:
            return self.dataset.split(seed=self.seed)
        return self.dataset.split(share, self.overlap, self.seed, self.points)
