"""The training set and the validation set of each task."""

from __future__ import annotations

from functools import lru_cache

from core.training import Examples
from core.views.training_curves.settings import TASKS


@lru_cache(maxsize=256)
def examples(task: str, count: int, noise: float, seed: int, outliers: float) -> tuple[Examples, Examples]:
    """The training set and the validation set of a task, kept for all runs that share them."""
    train, validation = TASKS[task].data.split(count, noise, seed, outliers)
    return Examples.of(train), Examples.of(validation)
