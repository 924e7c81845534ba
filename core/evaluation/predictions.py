"""Several models' predictions of the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.evaluation.bootstrap import Bootstrap
from core.record import Interval, numbers

FEWEST = 2  # rows
MODERATE = Interval(-1e120, 1e120)  # beyond, sums of squares over rows could overflow


@dataclass(frozen=True, eq=False)
class Predictions:
    """True numbers, target [n], and for each model its predictions of them, [n] by the model's name.

    time: [n], when each was, where it is known; time_name: what it counts, such as "days since 2026-01-01".

    Raises ValueError for numbers that are not finite or beyond 1e120, for arrays of different lengths, for fewer than
    two rows and where there is no model.
    """

    target: np.ndarray
    models: Mapping[str, np.ndarray]
    time: np.ndarray | None = None
    time_name: str = ""

    def __post_init__(self) -> None:
        target = numbers("target", self.target, MODERATE)
        if target.ndim != 1 or len(target) < FEWEST:
            raise ValueError(f"target must hold at least {FEWEST} numbers [n], got shape {target.shape}")
        if not self.models:
            raise ValueError("at least one model's predictions are needed, got none")
        models = {name: numbers(f"predictions of {name}", pred, MODERATE) for name, pred in self.models.items()}
        for name, pred in models.items():
            if pred.shape != target.shape:
                raise ValueError(f"{name} must have a prediction for each of {len(target)} rows, got {pred.shape}")
        object.__setattr__(self, "target", target)
        object.__setattr__(self, "models", models)

    def __len__(self) -> int:
        return len(self.target)

    @property
    def names(self) -> list[str]:
        """The models' names."""
        return list(self.models)

    @cached_property
    def shuffled(self) -> np.ndarray:
        """The truth and the models' predictions in the order of `Bootstrap`, [1 + models, n]."""
        return np.stack([self.target, *self.models.values()])[:, Bootstrap(len(self)).order]

    @cached_property
    def residuals(self) -> np.ndarray:
        """Prediction less truth, [models, n]."""
        return np.stack(list(self.models.values())) - self.target

    def same_as(self, number: int) -> list[int]:
        """The numbers of the models that predict the same as this one in every row, itself among them."""
        models = list(self.models.values())
        return [other for other, pred in enumerate(models) if np.array_equal(pred, models[number])]

    @cached_property
    def typical_error(self) -> float:
        """The median size of an error, over all models; 1 where more than half of the errors are 0."""
        errors = np.abs(self.residuals)
        return float(np.median(errors)) or float(errors.mean()) or 1.0
