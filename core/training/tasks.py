"""Learning tasks: data, the models that learn them, and the training that suits them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.datasets import CURVE_DATASETS, SHAPE_DATASETS, CurveDataset, ShapeDataset
from core.losses import FAMILIES
from core.losses.family import Family
from core.training.metrics import METRICS, Recorded
from core.training.records import Model, Perceptron, Polynomial


@dataclass(frozen=True, kw_only=True, eq=False)
class LearningTask:
    """Data, the kind of model that learns them, and the settings to begin with."""

    name: str
    data: CurveDataset | ShapeDataset
    family: Family  # of the losses that fit it
    model: Callable[[int], Model] = lambda units: Perceptron((units, units))  # of a capacity
    size: str = "units a layer"  # what the capacity is called
    capacities: tuple[int, ...] = (1, 2, 3, 5, 8, 16, 32)
    capacity: int
    rate: float = 0.01
    examples: int
    compared: tuple[str, ...]  # losses to compare
    compared_rate: float  # the learning rate there
    reach: float  # errors, or scores, up to this size are of interest

    @property
    def noise(self) -> float:
        """The noise to begin with."""
        return self.data.noises[len(self.data.noises) // 2]

    @property
    def metric(self) -> Recorded:
        """The metric beside the loss."""
        return METRICS[self.family.metric]


def curve_task(data: CurveDataset) -> LearningTask:
    """A curve, learned by a network."""
    return LearningTask(
        name=f"{data.name}, by a network",
        data=data,
        family=FAMILIES["regression"],
        capacity=16,
        examples=50,
        compared=("squared_error", "absolute_error", "huber"),
        compared_rate=0.03,
        reach=8.0,
    )


def polynomial_task(data: CurveDataset) -> LearningTask:
    """A curve, learned by a polynomial."""
    return replace(
        curve_task(data),
        name=f"{data.name}, by a polynomial",
        model=Polynomial,
        size="degree",
        capacities=(0, 1, 2, 3, 5, 8, 12, 20),
        capacity=5,
        rate=0.03,
        examples=30,
    )


def class_task(data: ShapeDataset) -> LearningTask:
    """Two classes, learned by a network."""
    return LearningTask(
        name=f"{data.name}, by a network",
        data=data,
        family=FAMILIES["binary"],
        capacity=8,
        examples=100,
        compared=("binary_cross_entropy", "brier"),
        compared_rate=0.1,
        reach=10.0,
    )


TASKS: Mapping[str, LearningTask] = {
    **{key: curve_task(data) for key, data in CURVE_DATASETS.items()},
    "polynomial": polynomial_task(CURVE_DATASETS["wave"]),
    **{key: class_task(data) for key, data in SHAPE_DATASETS.items() if data.noises},
}
