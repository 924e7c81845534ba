"""What a loss is fitted to in a picture of its landscape: data, a model of two weights, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from core.datasets import Classes, Dataset, blobs, income, iris_pair, made, separable, tips
from core.landscapes.fitted import Model
from core.record import REAL, Param

STRAYS = 4  # copies of the outlier
ROOM = 1.6  # deviations of the targets, to either side of the least-squares line: what the picture shows
SEED = 1


def line(data: Dataset, *, outlier_x: float, outlier: Param) -> Model:
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


def logistic(data: Classes, *, window: float) -> Model:
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


def outlier(default: float, low: float, high: float, step: float) -> Param:
    return Param("outlier", symbol="y₀", latex="y_0", default=default, low=low, high=high, step=step, domain=REAL)


@cache
def tips_line() -> Model:
    return line(tips(), outlier_x=44.0, outlier=outlier(12.0, 1.0, 21.0, 1.0))


@cache
def income_line() -> Model:
    return line(income(), outlier_x=4.6, outlier=outlier(60.0, 20.0, 90.0, 5.0))


@cache
def made_line() -> Model:
    return line(made(SEED), outlier_x=9.0, outlier=outlier(16.0, 1.0, 21.0, 1.0))


@cache
def iris_scores() -> Model:
    return logistic(iris_pair(), window=12.0)


@cache
def blob_scores() -> Model:
    return logistic(blobs(SEED), window=6.0)


@cache
def separable_scores() -> Model:
    return logistic(separable(SEED), window=12.0)


LINES: Mapping[str, Callable[[], Model]] = MappingProxyType(
    {"tips": tips_line, "income": income_line, "made": made_line}
)
SCORES: Mapping[str, Callable[[], Model]] = MappingProxyType(
    {"iris": iris_scores, "blobs": blob_scores, "separable": separable_scores}
)
