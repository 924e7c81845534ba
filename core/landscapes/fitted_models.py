"""The fitted models that pictures show: each is data, a model of two weights for them, and where to look."""

from __future__ import annotations

import numpy as np

from core.datasets import BinaryData, ClassDataset, LineDataset, RegressionData, dataset_of
from core.kept import kept
from core.landscapes.fitted import FittedModel
from core.record import Param

OUTLIER_COPIES = 4
ROOM = 1.6  # standard deviations of the targets, to either side of the least-squares line, in the window
SEED = 1


def line_on(data: RegressionData, *, outlier_x: float, outlier: Param | None) -> FittedModel:
    """A straight line through data, intercept and slope over the standardised x, with copies of an outlier.

    outlier_x: where the outlier lies; outlier: its target, a parameter of the landscape; None for no outlier.

    x is standardised so that both weights have one scale. The window is centred at the least-squares line.
    """
    u = (data.x - data.x.mean()) / data.x.std()
    slope, intercept = np.polyfit(u, data.target, 1)
    room = ROOM * data.target.std()
    return FittedModel(
        basis=np.stack([np.ones_like(u), u], axis=-1),
        target=data.target,
        axes=("intercept", "slope"),
        window=((intercept - room, intercept + room), (slope - room, slope + room)),
        formula=r"w_1 + w_2\, u_i",
        about=data.about,
        source=data.source,
        penalised=(0.0, 1.0),  # as usual: an intercept is not penalised
        data=data,
        outlier=outlier,
        outlier_copies=OUTLIER_COPIES if outlier else 0,
        outlier_basis=(1.0, float((outlier_x - data.x.mean()) / data.x.std())),
    )


def logistic_on(data: BinaryData, *, weights: tuple[float, float]) -> FittedModel:
    """A logistic model of two standardised features, without an intercept: its boundary goes through their mean.

    weights: the farthest ones from 0 in the window; to the other side of 0 it goes a third as far.
    """
    window = [(min(end, -end / 3), max(end, -end / 3)) for end in weights]
    centred = data.features - data.features.mean(axis=0)
    return FittedModel(
        basis=centred / centred.std(axis=0),
        target=data.target,
        axes=("first weight", "second weight"),
        window=(window[0], window[1]),
        formula=r"w_1 u_i + w_2 v_i",
        about=data.about,
        source=data.source,
        penalised=(1.0, 1.0),
        data=data,
    )


@kept
def line_model(key: str) -> FittedModel:
    """The line on the data set of this key, with the outlier of its record if outliers are added to it."""
    dataset = dataset_of(LineDataset, key)
    if not dataset.outliers:
        return line_on(dataset.load(SEED), outlier_x=dataset.outlier_x, outlier=None)
    data, outlier = dataset.load(SEED), dataset.outlier.but(start=None)
    if data.target.min() > 0:  # so is the outlier: some losses take no other target
        outlier = outlier.but(low=float(outlier.frames[outlier.frames > 0][0]))
    return line_on(data, outlier_x=dataset.outlier_x, outlier=outlier)


@kept
def logistic_model(key: str) -> FittedModel:
    """The logistic model on the data set of this key."""
    dataset = dataset_of(ClassDataset, key)
    return logistic_on(dataset.load(SEED), weights=dataset.weights)
