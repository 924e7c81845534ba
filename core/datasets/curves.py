"""Made data to watch a model learn from: examples as noisy as one likes, and others to judge it by."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from core.datasets.dataset import Axis, Classes, Dataset, checked_seed
from core.record import NON_NEGATIVE, Interval, Source, one_number

Data = TypeVar("Data", Dataset, Classes)
REACH = 3.0  # x lies in [-REACH, REACH]
UNSEEN = 200  # points to be judged by
POINTS = range(1, 1001)
SHARE = Interval(0.0, 1.0)
OUTLIER = 6.0  # by so much one is off


class Lesson(NamedTuple, Generic[Data]):
    """What is learned from, and what is judged by."""

    train: Data
    validation: Data


def wave(points: int = 40, noise: float = 0.3, seed: int = 0, outliers: float = 0.0) -> Lesson[Dataset]:
    """Points around y = sin(2x) + x/2 with normal noise of deviation `noise`: x uniform on [-3, 3], 200 others even.

    Each example, but none of the others, is 6 too high with probability `outliers`. Fewer points are the first
    of more, and noise scales the same draws. Raises ValueError for what is out of range.
    """
    return _wave(*checked(points, noise, seed), one_number("outliers", outliers, SHARE))


def noisy_moons(points: int = 100, noise: float = 0.15, seed: int = 0, flipped: float = 0.0) -> Lesson[Classes]:
    """Two half moons with normal noise of deviation `noise`, and 200 other points of the same noise.

    The examples' labels, but not those of the others, are each wrong with probability `flipped`. Fewer points are the
    first of more, of both classes by turns. Raises ValueError for what is out of range.
    """
    return _divided("moons", *checked(points, noise, seed), one_number("flipped", flipped, SHARE))


def noisy_circles(points: int = 100, noise: float = 0.12, seed: int = 0, flipped: float = 0.0) -> Lesson[Classes]:
    """A ring around a disc; all else as for `noisy_moons`."""
    return _divided("circles", *checked(points, noise, seed), one_number("flipped", flipped, SHARE))


@lru_cache(maxsize=64)
def _wave(points: int, noise: float, seed: int, outliers: float) -> Lesson[Dataset]:
    random = np.random.default_rng([seed, 0])
    x, drawn = random.uniform(-REACH, REACH, POINTS[-1]), random.normal(size=POINTS[-1])
    off = random.uniform(size=POINTS[-1]) < outliers
    y = truth(x) + noise * drawn + OUTLIER * off
    even, others = np.linspace(-REACH, REACH, UNSEEN), np.random.default_rng([seed, 1]).normal(size=UNSEEN)
    return Lesson(
        _line(x[:points], y[:points], f"Made by numpy.random.default_rng([{seed}, 0])"),
        _line(even, truth(even) + noise * others, f"Made by numpy.random.default_rng([{seed}, 1])"),
    )


def truth(x: np.ndarray) -> np.ndarray:
    """The curve that `wave` hides."""
    return np.sin(2 * x) + x / 2


def _line(x: np.ndarray, y: np.ndarray, made: str) -> Dataset:
    about = "Points around a rising wave: a straight line misses it, a too flexible curve fits the noise."
    return Dataset("A wave", x, y, Axis("x"), Axis("y"), about, Source("Lossarium", 2026, made))


@lru_cache(maxsize=64)
def _divided(shape: str, points: int, noise: float, seed: int, flipped: float) -> Lesson[Classes]:
    return Lesson(
        _classes(shape, points, noise, seed, 0, flipped), _classes(shape, UNSEEN, noise, seed, 1, flipped=0.0)
    )


def _classes(shape: str, points: int, noise: float, seed: int, part: int, flipped: float) -> Classes:
    random = np.random.default_rng([seed, part])
    target = np.arange(POINTS[-1]) % 2.0
    turn, drawn = random.uniform(size=POINTS[-1]), random.normal(size=(POINTS[-1], 2))
    wrong = random.uniform(size=POINTS[-1]) < flipped
    if shape == "moons":
        # The lower moon is the upper one turned by half a turn about the middle, which is moved to 0.
        angle, sign = np.pi * turn, 1 - 2 * target
        clean = sign[:, None] * (np.stack([np.cos(angle), np.sin(angle)], axis=-1) - [0.5, 0.25])
        name, about = "Two moons", "Two half moons that reach into each other."
    else:
        angle, radius = 2 * np.pi * turn, np.where(target, 0.5, 1.3)
        clean = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        name, about = "Circles", "A small circle inside a large one."
    features, labels = (clean + noise * drawn)[:points], np.where(wrong, 1 - target, target)[:points]
    source = Source("Lossarium", 2026, f"Made by numpy.random.default_rng([{seed}, {part}])")
    return Classes(name, features, labels, (Axis("x"), Axis("y")), "class 1", about, source)


def checked(points: Any, noise: Any, seed: Any) -> tuple[int, float, int]:
    if not isinstance(points, int | np.integer) or points not in POINTS:
        raise ValueError(f"points must be a whole number from {POINTS[0]} to {POINTS[-1]}, got {points!r:.40}")
    return int(points), one_number("noise", noise, NON_NEGATIVE), checked_seed(seed)
