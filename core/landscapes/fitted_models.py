"""What a loss is fitted to in a picture of its landscape: data, a model of two weights, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import MappingProxyType

import numpy as np

from core.datasets import CLASS_DATASETS, LINE_DATASETS, BinaryData, RegressionData
from core.landscapes.fitted import Model
from core.record import Param

STRAYS = 4  # copies of the outlier
ROOM = 1.6  # deviations of the targets, to either side of the least-squares line: what the picture shows
SEED = 1


def line(data: RegressionData, *, outlier_x: float, outlier: Param) -> Model:
    """A straight line over x in deviations from its mean, so that the two weights are seen at one scale."""
    u = (data.x - data.x.mean()) / data.x.std()
    slope, level = np.polyfit(u, data.target, 1)
    room = ROOM * data.target.std()
    return Model(
        basis=np.stack([np.ones_like(u), u], axis=-1),
        target=data.target,
        axes=("intercept", "slope"),
        window=((level - room, level + room), (slope - room, slope + room)),
        formula=r"w_1 + w_2\, u_i",
        about=data.about,
        source=data.source,
        penalised=(0.0, 1.0),  # as usual: the level of a line is no complexity
        stray=STRAYS,
        stray_basis=(1.0, float((outlier_x - data.x.mean()) / data.x.std())),
        outlier=outlier,
        data=data,
    )


def logistic(data: BinaryData, *, window: float) -> Model:
    """A raw score from two features in deviations from their means: the boundary goes through the data's middle."""
    centred = data.features - data.features.mean(axis=0)
    return Model(
        basis=centred / centred.std(axis=0),
        target=data.target,
        axes=("first weight", "second weight"),
        window=((-window / 3, window), (-window / 3, window)),
        formula=r"w_1 u_i + w_2 v_i",
        about=data.about,
        source=data.source,
        penalised=(1.0, 1.0),
        data=data,
    )


@cache
def line_model(key: str) -> Model:
    """A line through the data set of this key, and an outlier whose value can be dragged."""
    dataset = LINE_DATASETS[key]
    data, outlier = dataset.load(SEED), dataset.outlier.but(start=None)
    if data.target.min() > 0:  # so is the outlier: some losses take no other target
        outlier = outlier.but(low=float(outlier.frames[outlier.frames > 0][0]))
    return line(data, outlier_x=dataset.outlier_x, outlier=outlier)


@cache
def logistic_model(key: str) -> Model:
    """A logistic model of the data set of this key."""
    dataset = CLASS_DATASETS[key]
    return logistic(dataset.load(SEED), window=dataset.weights)


LINES: Mapping[str, Callable[[], Model]] = MappingProxyType({key: partial(line_model, key) for key in LINE_DATASETS})
SCORES: Mapping[str, Callable[[], Model]] = MappingProxyType(
    {key: partial(logistic_model, key) for key in CLASS_DATASETS}
)
