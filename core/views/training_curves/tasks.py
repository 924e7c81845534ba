"""The tasks of /training-curves: data, and the models that learn them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.datasets import CURVE_DATASETS, SHAPE_DATASETS, CurveDataset, ShapeDataset
from core.losses import FAMILIES, losses_of
from core.losses.family import Family
from core.models.objectives import has_slope
from core.training import Model, Perceptron, Polynomial
from core.training.metrics import METRICS, Recorded


@dataclass(frozen=True, kw_only=True, eq=False)
class LearningTask:
    """Data, the kind of model that learns them, and where the sliders start."""

    name: str
    data: CurveDataset | ShapeDataset
    family: Family  # of the losses that fit it
    model: Callable[[int], Model]  # the model of a capacity
    size: str  # what the capacity is called
    capacities: tuple[int, ...]
    capacity: int
    rate: float
    examples: int
    compared: tuple[str, ...]  # losses that stand beside each other at first
    compared_rate: float  # the learning rate there
    reach: float  # how far from the right prediction their gradients are drawn

    @property
    def noise(self) -> float:
        """Where the noise's slider starts."""
        return self.data.noises[len(self.data.noises) // 2]

    @property
    def metric(self) -> Recorded:
        """What is measured beside the loss."""
        return METRICS[self.family.metric]

    @property
    def losses(self) -> dict[str, str]:
        """The names of the losses to choose from, by key: those of any score and any target, with a slope to follow.

        The wave crosses 0, of which no percentage can be taken.
        """
        return {
            key: loss.name
            for key, loss in losses_of(self.family.key).items()
            if loss.fits("network") and loss.target_domain == self.family.targets and has_slope(loss)
        }


def curve_task(data: CurveDataset) -> LearningTask:
    """A curve, learned by a network."""
    return LearningTask(
        name=f"{data.name}, by a network",
        data=data,
        family=FAMILIES["regression"],
        model=network,
        size="units a layer",
        capacities=(1, 2, 3, 5, 8, 16, 32),
        capacity=16,
        rate=0.01,
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
        model=network,
        size="units a layer",
        capacities=(1, 2, 3, 5, 8, 16, 32),
        capacity=8,
        rate=0.01,
        examples=100,
        compared=("binary_cross_entropy", "brier"),
        compared_rate=0.1,
        reach=10.0,
    )


def network(units: int) -> Perceptron:
    return Perceptron((units, units))


TASKS: Mapping[str, LearningTask] = {
    **{key: curve_task(data) for key, data in CURVE_DATASETS.items()},
    "polynomial": polynomial_task(CURVE_DATASETS["wave"]),
    **{key: class_task(data) for key, data in SHAPE_DATASETS.items() if data.noises},
}
