"""Data to fit: real measurements and made ones, as read-only arrays with the names and units of their axes.

A dataset is a function that returns a record; the mappings list them for pickers. Made data takes a seed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.datasets.classes import blobs, circles, iris_pair, moons, separable, spirals
from core.datasets.curves import Lesson, noisy_circles, noisy_moons, wave
from core.datasets.dataset import SEEDS, Axis, Classes, Dataset
from core.datasets.points import income, made, tips
from core.datasets.rare import DISTANCES, RARE, Halves, clouds, ring, short_lives

DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType({"tips": tips, "income": income, "made": made})
CLASSES: Mapping[str, Callable[..., Classes]] = MappingProxyType(
    {
        "iris": iris_pair,
        "blobs": blobs,
        "separable": separable,
        "moons": moons,
        "circles": circles,
        "spirals": spirals,
    }
)

__all__ = [
    "CLASSES",
    "DATASETS",
    "DISTANCES",
    "RARE",
    "SEEDS",
    "Axis",
    "Classes",
    "Dataset",
    "Halves",
    "Lesson",
    "blobs",
    "circles",
    "clouds",
    "income",
    "iris_pair",
    "made",
    "moons",
    "noisy_circles",
    "noisy_moons",
    "ring",
    "separable",
    "short_lives",
    "spirals",
    "tips",
    "wave",
]
