"""Tables to try /your-data with, made of measured data and of models that are fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import numpy as np
from scipy.special import softmax

from core.datasets.dataset import GAPMINDER, IRIS
from core.datasets.lines import tips
from core.datasets.multi_class import flowers
from core.losses import LOSSES
from core.models.classifier import Features, fit_classifier
from core.models.fit import fit_line
from core.models.objectives import OBJECTIVES
from core.models.softmax_regression import SoftmaxProblem
from core.models.softmax_regression import fit as fit_softmax
from core.models.softmax_regression import scores as scores_of
from core.numerics import sigmoid
from core.tables.table import DataTable, NumberColumn, TextColumn

PENALTY = 0.01
CLASSIFIERS = {  # to the objective and its parameters
    "cross-entropy": ("binary_cross_entropy", {}),
    "positives count 5 times": ("weighted_binary_cross_entropy", {"pos_weight": 5.0}),
    "hinge": ("hinge", {}),
}
LINES = {
    "least squares": ("squared_error", {}),
    "least absolute": ("absolute_error", {}),
    "90 % quantile": ("quantile", {"tau": 0.9}),
}


@cache
def tip_predictions() -> DataTable:
    """The tips of 244 bills, and three lines that are fitted to them under different losses."""
    data = tips.load()
    columns = {"Tip": data.target, **lines_through(data.x, data.target)}
    return table_of("Restaurant tips", columns)


@cache
def life_predictions() -> DataTable:
    """The life expectancy of 142 countries in twelve years, and three lines over the logarithm of income."""
    x, target = np.log10(GAPMINDER["gdpPercap"].to_numpy()), GAPMINDER["lifeExp"].to_numpy()
    columns = {"year": GAPMINDER["year"].to_numpy(), "Life expectancy": target, **lines_through(x, target)}
    return table_of("Life expectancy", columns)


@cache
def flower_scores() -> DataTable:
    """Which irises are virginica, by the sepals of flowers that three classifiers have not seen.

    The hinge gives scores that are no probabilities.
    """
    points, target = IRIS[["sepal_length", "sepal_width"]].to_numpy(), (IRIS["species"] == "virginica").to_numpy(float)
    train, test = slice(None, None, 2), slice(1, None, 2)
    features = Features.of(points[train])
    scores = {}
    for name, (key, params) in CLASSIFIERS.items():
        fit = fit_classifier(OBJECTIVES[key], features.basis(points[train]), target[train], penalty=PENALTY, **params)
        found = features.basis(points[test]) @ fit.weights
        scores[name] = found if key == "hinge" else sigmoid(found)
    return table_of("Irises: virginica or not", {"is_virginica": target[test], **scores})


@cache
def flower_classes() -> DataTable:
    """The species of irises that two softmax regressions have not seen, and the probabilities that they give."""
    split, names = flowers.split(0), flowers.names
    columns: dict[str, np.ndarray] = {}
    for kind in ("linear", "quadratic"):
        features = Features.of(split.train.features, kind)
        loss = LOSSES["categorical_cross_entropy"]
        basis = features.basis(split.train.features)
        problem = SoftmaxProblem.of(loss, basis, split.train.target, classes=len(names), penalty=PENALTY)
        theta = fit_softmax(problem).theta[0]
        found = softmax(scores_of(theta, features.basis(split.test.features), len(names)), axis=-1)
        columns |= {f"{kind} {name}": found[:, at] for at, name in enumerate(names)}
    table = table_of("Irises: three species", columns)
    species = TextColumn(split.test.target.astype(np.int32), names)
    return replace(table, columns={"species": species, **table.columns})


def lines_through(x: np.ndarray, target: np.ndarray) -> dict[str, np.ndarray]:
    """The predictions of three lines, each best under another loss, [n] by what is fitted."""
    found = {}
    for name, (key, params) in LINES.items():
        intercept, slope = fit_line(LOSSES[key], x, target, **params)
        found[name] = intercept + slope * x
    return found


def table_of(name: str, columns: Mapping[str, np.ndarray]) -> DataTable:
    """The table of these numbers."""
    found: dict[str, NumberColumn | TextColumn] = {
        key: NumberColumn.of(np.asarray(values, dtype=np.float64)) for key, values in columns.items()
    }
    return DataTable(name, "example", found, np.arange(1, 1 + len(next(iter(columns.values())))))


EXAMPLES: Mapping[str, Callable[[], DataTable]] = MappingProxyType(
    {"tips": tip_predictions, "gapminder": life_predictions, "iris": flower_scores, "species": flower_classes}
)
