"""The examples of each task: to learn from, and to be judged by."""

from __future__ import annotations

from functools import lru_cache

from core.datasets import noisy_moons, wave
from core.training import Examples


@lru_cache(maxsize=256)
def examples(task: str, count: int, noise: float, seed: int, outliers: float) -> tuple[Examples, Examples]:
    """Of a task, kept for all runs that share them."""
    if task == "moons":
        halves = noisy_moons(count, noise, seed)
        return tuple(Examples(half.features, half.target) for half in halves)  # type: ignore[return-value]
    return tuple(Examples(half.x[:, None], half.target) for half in wave(count, noise, seed, outliers))  # type: ignore[return-value]
