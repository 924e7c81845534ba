"""What the columns of a table of scores are: the labels, the models' scores of them, amounts and weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.evaluation.classes import ScoredClasses
from core.evaluation.scored import AMOUNTS, Scored
from core.record import REAL
from core.sentences import plain_name
from core.tables.prediction_columns import MOST_MODELS, check_column, counts_rows, without_unit
from core.tables.table import Column, DataTable, NumberColumn, TextColumn

MOST_CLASSES = 12
LABEL_SAMPLE = 20_000  # rows that tell whether a column may hold labels, before all of them are looked at
_LABEL = re.compile(
    r"y|y_?true|truth|true|labels?|targets?|class|classes|species|outcome|actual|is_.*|.*_flag|fraud|churn(ed)?|"
    r"default(ed)?|klasse|betrug|kündigung|ausfall",  # in German too, as in prediction_columns.py
    re.IGNORECASE,
)
_SCORE = re.compile(r"score|prob|^p_|_p$|pred|logit|hat\b|model|margin|decision|wahrscheinlich", re.IGNORECASE)
_AMOUNT = re.compile(r"amounts?|costs?|value|price|exposure|loss|sum|balance|betrag|kosten|preis|wert", re.IGNORECASE)
_WEIGHT = re.compile(r"w|weights?|sample_?weights?|counts?|freq(uency)?|gewicht", re.IGNORECASE)
_POSITIVE = re.compile(
    r"1|true|yes|y|t|pos(itive)?|fraud|churn(ed)?|default(ed)?|bad|sick|spam|event|ja|betrug",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ScoreColumns:
    """The names of the columns of a table of scores; "" and () where there is none. `positive`: one of two labels."""

    label: str
    positive: str
    models: tuple[str, ...]
    amount: str = ""
    weight: str = ""


def named_as_label(name: str) -> bool:
    """Whether a column has a name that labels, or a target, usually have."""
    return bool(_LABEL.fullmatch(without_unit(name)))


def named_as_score(name: str) -> bool:
    """Whether a column has a name that a model's scores usually have."""
    return bool(_SCORE.search(name))


def label_columns(table: DataTable) -> dict[str, tuple[str, ...]]:
    """The columns that may hold labels, those with 2 to MOST_CLASSES distinct values, and these values as words."""
    found = {}
    for name, column in table.columns.items():
        values = column.kept if isinstance(column, NumberColumn) else column.codes
        few = len(np.unique(values[:LABEL_SAMPLE])) <= MOST_CLASSES + 1  # and one for what is missing
        if few and 2 <= len(classes := classes_of(column)[1]) <= MOST_CLASSES:
            found[name] = classes
    return found


def classes_of(column: Column) -> tuple[np.ndarray, tuple[str, ...]]:
    """The class of each row, int [n], -1 where it is missing, and the classes as words."""
    if isinstance(column, TextColumn):
        return column.codes.astype(int), column.texts
    values = column.values
    there = np.isfinite(values)
    distinct = np.unique(values[there])
    codes = np.where(
        there, np.searchsorted(distinct, np.where(there, values, distinct[:1] if len(distinct) else 0)), -1
    )
    return codes, tuple(f"{value:g}" for value in distinct)


def guess_scores(table: DataTable) -> ScoreColumns:
    """The columns of labels, scores, amounts and weights, by their names and their numbers.

    Raises ValueError, a sentence, where no column may hold labels.
    """
    labels = label_columns(table)
    if not labels:
        alone = {name: found[0] for name, column in table.columns.items() if len(found := classes_of(column)[1]) == 1}
        if label := next(filter(named_as_label, alone), ""):
            raise ValueError(f"{plain_name(label)} is {alone[label]} in every row; there must be rows of both classes")
        raise ValueError(f"no column has 2 to {MOST_CLASSES} distinct values, as labels have")
    label = next(filter(named_as_label, labels), next(iter(labels)))
    numbers = [name for name, one in table.numbers.items() if name != label and not one.is_time
               and not counts_rows(name, one)]  # fmt: skip
    scores = [*filter(named_as_score, numbers)]
    amount = next((name for name in numbers if _AMOUNT.fullmatch(without_unit(name))), "")
    weight = next((name for name in numbers if _WEIGHT.fullmatch(without_unit(name))), "")
    scores = [name for name in scores or numbers if name not in (amount, weight)]
    return ScoreColumns(label, usual_positive(table, label, labels[label]), tuple(scores[:MOST_MODELS]), amount, weight)


def is_positive_word(label: str) -> bool:
    """Whether a label is a word for "positive", such as 1, yes or fraud."""
    return bool(_POSITIVE.fullmatch(label.strip()))


def usual_positive(table: DataTable, label: str, classes: tuple[str, ...]) -> str:
    """The class that is meant by "positive": by its word, else the rarer of two."""
    named = list(filter(is_positive_word, classes))
    codes = classes_of(table.columns[label])[0]
    return (
        named[0] if len(named) == 1 else classes[int(np.bincount(codes[codes >= 0], minlength=len(classes)).argmin())]
    )


def scored_of(table: DataTable, chosen: ScoreColumns) -> tuple[Scored, int]:
    """The labels and scores in these columns, and how many rows were left out because something is missing in them.

    Raises ValueError, a sentence, where nothing can be computed.
    """
    codes, classes = classes_of(table.columns[chosen.label])
    names = dict.fromkeys([*chosen.models, *filter(None, (chosen.amount, chosen.weight))])
    numbers = {name: table.numbers[name].values for name in names}
    whole = np.logical_and.reduce([codes >= 0, *map(np.isfinite, numbers.values())])
    for name, values in numbers.items():
        check_column(table, name, values, AMOUNTS if name in (chosen.amount, chosen.weight) else REAL)
    if not whole.any():
        raise ValueError("no row has a label and a number in every chosen column")
    target = (codes[whole] == classes.index(chosen.positive)).astype(float)
    kept = {name: values[whole] for name, values in numbers.items()}
    found = Scored(
        {name: kept[name] for name in chosen.models}, target, kept.get(chosen.amount), kept.get(chosen.weight)
    )
    return found, len(table) - int(whole.sum())


def class_models(table: DataTable, label: str) -> Mapping[str, tuple[str, ...]]:
    """The models with a column of numbers for each class: those columns, in the order of the classes, by model.

    The name of such a column holds that of the class, as "p_setosa" does; what is left of it names the model.
    """
    classes = classes_of(table.columns[label])[1]
    found: dict[str, dict[str, str]] = {}
    for column in table.numbers:
        named = [
            one for one in classes if column != label and re.search(rf"(^|[^a-z0-9]){re.escape(one)}$", column, re.I)
        ]
        if named:
            best = max(named, key=len)
            model = column[: -len(best)].strip(" _-:./") or "model"
            found.setdefault(model, {})[best] = column
    whole = {model: columns for model, columns in found.items() if len(columns) == len(classes)}
    return {model: tuple(columns[one] for one in classes) for model, columns in whole.items()}


def scored_classes_of(table: DataTable, label: str) -> tuple[ScoredClasses, int]:
    """The labels of several classes, and the numbers of each class, as `scored_of`.

    Raises ValueError, a sentence, where no model has a column for each class.
    """
    codes, classes = classes_of(table.columns[label])
    models = class_models(table, label)
    if not models:
        wanted = " and ".join(f"p_{one}" for one in classes[:2])
        raise ValueError(f"{len(classes)} classes need a column of numbers for each: name them {wanted} and so on")
    numbers = {model: np.stack([table.numbers[one].values for one in columns], axis=1)
               for model, columns in models.items()}  # fmt: skip
    whole = np.logical_and.reduce([codes >= 0, *(np.isfinite(values).all(axis=1) for values in numbers.values())])
    if not whole.any():
        raise ValueError("no row has a label and a number for every class")
    found = ScoredClasses({model: values[whole] for model, values in numbers.items()}, codes[whole], classes)
    return found, len(table) - int(whole.sum())
