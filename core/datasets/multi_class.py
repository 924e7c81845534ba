"""Points of three classes, with a share of wrong labels in the training set if asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from core.datasets import classes
from core.datasets.dataset import IRIS, PLANE, SHARE, ClassPoints, Dataset, Variable, checked_seed
from core.kept import kept
from core.record import one_number


@dataclass(frozen=True, eq=False)
class MultiClassData(ClassPoints):
    """Points of K classes, 0 ... K - 1, and the names of the classes."""

    names: tuple[str, ...]


class MultiClassSplit(NamedTuple):
    """A training set, some of whose labels may be wrong, and a test set, whose labels are all right."""

    train: MultiClassData
    test: MultiClassData


@dataclass(frozen=True, kw_only=True, eq=False)
class MultiClassDataset(Dataset):
    """Several classes: a softmax regression is fitted to them.

    `points_of(random)` returns features [n, 2] and labels [n], 0 ... K - 1; measured data do not use the generator.
    `trained` is the share of each class that is in the training set.
    """

    points_of: Callable[[np.random.Generator], tuple[Any, Any]]
    variables: tuple[Variable, Variable] = PLANE
    names: tuple[str, ...] = ("A", "B", "C")
    trained: float = 0.5

    def load(self, seed: int = 0) -> MultiClassData:
        """All points, shared and read-only. Measured data are the same for every seed.

        Raises ValueError for a seed that is not a whole number from 0 to 999.
        """
        return _points(self, checked_seed(seed) if self.generated else 0)

    def split(self, seed: int = 0, wrong: float = 0.0) -> MultiClassSplit:
        """The points, each class dealt out by the seed, with a share `wrong` of the training set's labels wrong.

        A wrong label is one of the other classes, each as likely. The labels that are wrong at one share are wrong at
        every larger one too. Raises ValueError for a seed that is none, and for a share outside 0 ... 1.
        """
        return _split(self, checked_seed(seed), one_number("wrong", wrong, SHARE))


@kept
def _points(dataset: MultiClassDataset, seed: int) -> MultiClassData:
    features, target = dataset.points_of(np.random.default_rng(seed))
    return MultiClassData(
        dataset.name, features, target, dataset.variables, dataset.about, dataset.drawn_by(seed), dataset.names
    )


@kept
def _split(dataset: MultiClassDataset, seed: int, wrong: float) -> MultiClassSplit:
    data, random = dataset.load(seed), np.random.default_rng([seed, 1])
    order = random.permutation(len(data))
    dealt = [order[data.target[order] == label] for label in range(len(data.names))]
    parts = [np.split(own, [round(dataset.trained * len(own))]) for own in dealt]
    train, test = (np.concatenate(part) for part in zip(*parts, strict=True))
    target, shift = data.target[train], random.integers(1, len(data.names), len(train))
    moved = random.permutation(len(train))[: round(wrong * len(train))]
    target[moved] = (target[moved] + shift[moved]) % len(data.names)

    def part(rows: np.ndarray, labels: np.ndarray) -> MultiClassData:
        return MultiClassData(
            data.name, data.features[rows], labels, data.variables, data.about, data.source, data.names
        )

    return MultiClassSplit(part(train, target), part(test, data.target[test]))


def _flowers(_: np.random.Generator) -> tuple[Any, Any]:
    # Two rows differ from the paper in the file that plotly has, as in UCI's. scikit-learn gives them as Fisher does.
    petals = IRIS[["petal_length", "petal_width"]].to_numpy(copy=True)
    petals[34], petals[37] = (1.5, 0.2), (1.4, 0.1)
    return petals, IRIS["species_id"].to_numpy() - 1


flowers = MultiClassDataset(
    name="Three iris species",
    about="150 flowers; setosa stands apart, versicolor and virginica overlap a little.",
    points_of=_flowers,
    variables=classes.iris.variables,
    names=("setosa", "versicolor", "virginica"),
    source=classes.iris.source,
)


def _clouds(random: np.random.Generator, *, centres, spreads, points) -> tuple[Any, Any]:
    """Normal clouds of so many points each: their centres [K, 2], and their standard deviations [K, 2]."""
    target = np.repeat(np.arange(len(centres)), points)
    return np.array(centres)[target] + np.array(spreads)[target] * random.normal(size=(len(target), 2)), target


three_clouds = MultiClassDataset(
    name="Three clouds",
    about="450 points in three clouds that overlap a little; class C lies far from the others.",
    points_of=partial(
        _clouds, centres=[(-1.5, 0.0), (1.5, 0.0), (0.0, 5.0)], spreads=[(1.0, 1.0), (1.0, 1.0), (2.5, 1.2)], points=150
    ),
    trained=1 / 3,
)
