"""What a table gives to the pages that fit models: a target and one or two features, as their data sets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import minimize

from core.datasets import ClassDataset, Dataset, ImbalancedDataset, LineDataset, OwnData, Variable
from core.datasets.lines import OUTLIER
from core.numerics import sigmoid, softplus
from core.record import Source
from core.sentences import plain_name
from core.tables.prediction_columns import counts_rows, days, without_unit
from core.tables.score_columns import classes_of, is_positive_word, label_columns, named_as_label, usual_positive
from core.tables.table import DataTable, NumberColumn

LINE_POINTS, CLASS_POINTS, SPLIT_POINTS = 400, 400, 4000  # at most, of each data set: a row is a point of a picture
FEWEST = 5  # rows, and of either class
SMALLEST, LARGEST = 1e-30, 1e30  # of a number, without its sign: what is computed of it stays a number
DIGITS = 1e-4  # of a column's size: values on a slider are told apart by six digits
SQUARES_PENALTY = 1e-3  # on squared weights: without one, those of classes that a line can part have no end
WINDOW = (2.0, 12.0)  # how far from 0 the weights in the picture of a landscape go: at least, and at most
PLACES = 9  # steps of an outlier through the range of the targets; beyond it there are as many again
USUAL_SPREADS = (0.3, 20.0)  # standard deviations of a target
BEYOND = 0.5  # of the target's range: so far outside of it an outlier goes
# What people predict as a number, in English and in German.
_NUMBER_TARGET = re.compile(
    r"price|sales|revenue|income|salary|wage|rent|tip|demand|consumption|yield|charges|premium|turnover|"
    r"preis|umsatz|absatz|gehalt|miete|nachfrage|verbrauch|ertrag",
    re.IGNORECASE,
)
THROUGH_THE_MIDDLE = " The model has no intercept: its boundary goes through the middle of all points."
SOURCE = Source("Your table", 2026, "dropped on the page “Your data”")


@dataclass(frozen=True)
class ModelColumns:
    """The names of the columns of a table that a model is fitted to.

    positive: the label of the positive class; None where the target is a number.
    features: one for a target that is a number, two for a label.
    """

    target: str
    positive: str | None
    features: tuple[str, ...]


def target_columns(table: DataTable) -> dict[str, tuple[str, ...]]:
    """The columns that can be a target: () for numbers, and for labels what they are, as words.

    A column of text is labels. So is one of numbers with two distinct values.
    """
    labels = label_columns(table)
    found: dict[str, tuple[str, ...]] = {}
    for name, column in table.columns.items():
        if isinstance(column, NumberColumn) and not column.is_time and len(labels.get(name, ())) != 2:
            found[name] = ()
        elif name in labels:
            found[name] = labels[name]
    return {name: labels for name, labels in found.items() if len(feature_columns(table, name)) > bool(labels)}


def feature_columns(table: DataTable, target: str) -> list[str]:
    """The columns that can be a feature for this target; those that only number the rows come last."""
    names = [name for name in table.numbers if name != target]
    return sorted(names, key=lambda name: counts_rows(name, table.numbers[name]))


def guess_target(table: DataTable) -> ModelColumns:
    """The target and features, by their names and their numbers. ValueError, a sentence, where there are none."""
    targets = target_columns(table)
    if not targets:
        raise ValueError("a model needs two columns of numbers, or labels and two columns of numbers")
    numbers = [name for name, labels in targets.items() if not labels]
    last = next(reversed(targets))
    words = [last] if targets[last] else []
    outcomes = [name for name in words if any(map(is_positive_word, targets[name]))]
    amounts = [*filter(named_as_number, numbers)][-1:]
    named = [*filter(named_as_label, targets), *outcomes, *amounts, *words]
    target = next(iter([*named, *numbers[1:], *targets]))  # without such a name, the second number: as in x, y
    return usual_columns(table, target, targets[target])


def named_as_number(name: str) -> bool:
    """Whether a column has a name that a number which is predicted usually has."""
    return any(map(_NUMBER_TARGET.fullmatch, re.findall(r"[^\W\d_]+", without_unit(name))))


def usual_columns(table: DataTable, target: str, labels: Sequence[str]) -> ModelColumns:
    """The columns for a target before anything else is chosen."""
    positive = usual_positive(table, target, tuple(labels)) if labels else None
    return ModelColumns(target, positive, tuple(feature_columns(table, target)[: 2 if labels else 1]))


def own_data_of(table: DataTable, chosen: ModelColumns) -> tuple[OwnData, int]:
    """The data sets that these columns give, and how many rows have something missing in them.

    Raises ValueError, a sentence, where no model can be fitted to them.
    """
    if chosen.positive is not None:
        codes, classes = classes_of(table.columns[chosen.target])
        target = np.where(codes < 0, np.nan, codes == classes.index(chosen.positive))
    else:
        target = table.numbers[chosen.target].values
    columns = [table.numbers[name] for name in chosen.features]
    rows = np.stack([*(column.values for column in columns), target], axis=1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) < FEWEST:
        raise ValueError(f"at least {FEWEST} rows must have a value in every chosen column")
    names = [*chosen.features, chosen.target]
    for at, column in enumerate(columns):
        if column.is_time:
            rows[:, at], names[at] = days(rows[:, at])
    variables = [Variable(plain_name(name)) for name in names]
    check_spread(rows, variables, classes=chosen.positive is not None)
    left_out = len(table) - len(rows)
    if chosen.positive is not None:
        return OwnData(class_sets(rows, variables, chosen.positive)), left_out
    return OwnData((line_set(rows, variables),)), left_out


def check_spread(rows: np.ndarray, variables: Sequence[Variable], *, classes: bool) -> None:
    """ValueError, a sentence, unless a model can be fitted to these rows: features, then the target.

    classes: whether the target is a label, 0 or 1.
    """
    for variable, values in zip(variables, rows.T, strict=True):
        size = np.abs(values).max()
        if size and not SMALLEST < size < LARGEST:
            raise ValueError(f"the numbers of {variable} are too large or too small: divide them by their size")
        if np.ptp(values) == 0:
            raise ValueError(f"{variable} is {values[0]:g} in every row: choose a column in which the rows differ")
        if np.ptp(values) <= DIGITS * size:
            raise ValueError(f"the numbers of {variable} differ too little to learn from: subtract their mean")
    if classes and (fewest := int(np.bincount(rows[:, -1].astype(int), minlength=2).min())) < FEWEST:
        raise ValueError(f"either class needs at least {FEWEST} rows; one has {fewest}")


def line_set(rows: np.ndarray, variables: Sequence[Variable]) -> LineDataset:
    """The data set of a target that is a number, over one feature.

    The parameters of losses are sizes of errors, and their sliders go from about 0.1 to 5: a target of other size is
    counted in a power of ten.
    """
    x, target = sample(rows, LINE_POINTS).T
    unit = 10.0 ** np.floor(np.log10(target.std()))
    if not USUAL_SPREADS[0] <= target.std() < USUAL_SPREADS[1]:
        target, variables = (
            target / unit,
            [variables[0], Variable(variables[1].name, f"in {unit:,.0f}" if unit >= 1 else f"in {unit:g}")],
        )
    low, high = float(target.min()), float(target.max())
    step, room = round_step((high - low) / PLACES), BEYOND * (high - low)
    # Where no target is negative, or 0, no outlier is: some losses take no other target.
    first = np.floor((low if low >= 0 else low - room) / step)
    lowest = step * float(max(first, 1) if low > 0 else first)
    outlier = OUTLIER.but(low=lowest, high=step * float(np.ceil((high + room) / step)), step=step)
    farthest = float(outlier.frames[-1])
    return LineDataset(
        **description(rows, LINE_POINTS),
        points_of=partial(given, x, target),
        variables=(variables[0], variables[1]),
        outlier=outlier.but(default=farthest, start=farthest),
        outliers=0,
        outlier_x=float(x.max() - 0.1 * np.ptp(x)),
    )


def class_sets(rows: np.ndarray, variables: Sequence[Variable], positive: str) -> tuple[Dataset, ...]:
    """The data sets of a target that is a label, over two features: for a boundary, and with a training set."""
    few, many = sample_of_classes(rows, CLASS_POINTS), sample_of_classes(rows, SPLIT_POINTS)
    named: dict[str, Any] = {"variables": (variables[0], variables[1]), "positive": plain_name(positive)}
    return (
        ClassDataset(
            **description(rows, CLASS_POINTS, THROUGH_THE_MIDDLE),
            **named,
            points_of=partial(given, few[:, :2], few[:, 2]),
            weights=farthest_weights(few[:, :2], few[:, 2]),
        ),
        ImbalancedDataset(**description(rows, SPLIT_POINTS), **named, rows=partial(given, many[:, :2], many[:, 2])),
    )


def farthest_weights(features: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """How far the picture of a landscape goes on the side of 0 where its minimum is: about twice as far as that."""
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    rising = (2 * target - 1)[:, None] * standard  # a weight along it makes every example's margin larger

    def penalised(weights: np.ndarray) -> tuple[float, np.ndarray]:
        """The cross-entropy and its gradient."""
        margin = rising @ weights
        slope = -(rising * sigmoid(-margin)[:, None]).mean(axis=0)
        return softplus(-margin).mean() + SQUARES_PENALTY * weights @ weights, slope + 2 * SQUARES_PENALTY * weights

    first, second = minimize(penalised, np.zeros(2), jac=True).x
    far = float(np.clip(2 * max(abs(first), abs(second)), *WINDOW))
    return float(np.copysign(far, first)), float(np.copysign(far, second))


def description(rows: np.ndarray, most: int, more: str = "") -> dict[str, Any]:
    """What is known of a data set of at most so many of these rows, and `more`."""
    drawn = f"{most:,} of the {len(rows):,} rows of your table, drawn at random."
    about = drawn if len(rows) > most else f"The {len(rows):,} rows of your table."
    return {"name": "Your table", "about": about + more, "source": SOURCE}


def given(points: np.ndarray, target: np.ndarray, _: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """These points, whatever generator is given: they are measured."""
    return points, target


def sample(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the rows, each as likely, in their order."""
    if len(rows) <= most:
        return rows
    return rows[np.sort(np.random.default_rng(0).choice(len(rows), most, replace=False))]


def sample_of_classes(rows: np.ndarray, most: int) -> np.ndarray:
    """The same with the share of each class, but no class loses all of its rows: it keeps at least FEWEST."""
    if len(rows) <= most:
        return rows
    parts = [rows[rows[:, -1] == label] for label in (0, 1)]
    return np.concatenate([sample(part, max(FEWEST, round(most * len(part) / len(rows)))) for part in parts])


def round_step(step: float) -> float:
    """The next larger 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(power * next(digit for digit in (1, 2, 5, 10) if digit * power >= step * (1 - 1e-9)))
