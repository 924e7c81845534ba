"""What the columns of a table are: the truth, the models' predictions of it, and when each was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from core.evaluation.predictions import FEWEST, MODERATE, Predictions
from core.record import REAL, Interval
from core.tables.table import DataTable, NumberColumn

MOST_MODELS = 6  # in one picture
DAY = 86_400.0  # seconds
ALIKE = 0.6  # the least correlation of a truth and its predictions, where no name says what a column is
SQUARES = 1e150  # of larger numbers there are no squares
# What a truth is called beside predictions; the other names of a truth are those of a target as well.
# In English, and in German: files with decimal commas are read as well.
_COMPARED = (
    r"y_?true|truth|true|true_?(value|y)|actuals?|observed|observations?|ground_?truth|gt|ist([ _-]?werte?|[ _-].+)?"
)
_TRUTH = re.compile(rf"{_COMPARED}|y|targets?|label|demand|sales|absatz|umsatz|nachfrage|bedarf", re.IGNORECASE)
_MODEL = re.compile(
    r"pred|hat\b|_hat|forecast|^fc(_|\b)|_fc$|estimate|fitted|model|yhat|prognose|vorhersage|schätzung", re.IGNORECASE
)
_TIME = re.compile(
    r"(date|time|timestamp|day|month|year|week|hour|when|ds|step|period)s?|datum|zeit(punkt)?|tag|monat|jahr|woche|kw",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s*(\(.*\)|\[.*\])\s*$")  # "Sales (EUR)"
_COUNTER = re.compile(r"(unnamed: ?\d*|index|idx|id|row|no|nr|#|.*_id|column 1)", re.IGNORECASE)


@dataclass(frozen=True)
class PredictionColumns:
    """The names of the columns of a table of predictions; "" and () where there is none."""

    truth: str
    models: tuple[str, ...]
    time: str = ""


def without_unit(name: str) -> str:
    """A name without a unit in brackets at its end, and without spaces around it."""
    return _UNIT.sub("", name).strip()


def named_as_prediction(name: str) -> bool:
    """Whether a column has a name that only predictions have, or the truth beside them: a target is not yet one."""
    return bool(_MODEL.search(name) or re.fullmatch(_COMPARED, without_unit(name), re.IGNORECASE))


def guess_columns(table: DataTable) -> PredictionColumns:
    """The columns that hold the truth, the predictions and the time, by their names and their numbers."""
    numbers = table.numbers
    time = next((name for name, one in numbers.items() if one.is_time or _TIME.fullmatch(without_unit(name))), "")
    free = [name for name, one in numbers.items() if name != time and not one.is_time and not counts_rows(name, one)]
    named = [name for name in free if _MODEL.search(name)]
    truth = next((name for name in free if _TRUTH.fullmatch(without_unit(name)) and name not in named), "")
    truth = truth or next((name for name in free if name not in named), "")
    models = named or [name for name in free if name != truth]
    return PredictionColumns(truth, tuple(name for name in models if name != truth)[:MOST_MODELS], time)


def resembles(truth: np.ndarray, other: np.ndarray) -> bool:
    """Whether numbers could be predictions of others: of the same size, and larger where these are larger."""
    both = np.isfinite(truth) & np.isfinite(other)
    if both.sum() < FEWEST or min(np.ptp(truth[both]), np.ptp(other[both])) == 0:
        return False
    size = np.abs(truth[both]).max(), np.abs(other[both]).max()
    if not max(size) < SQUARES:
        return False
    truth, other = truth[both], other[both]
    alike = np.corrcoef(truth, other)[0, 1]
    return bool(
        alike > ALIKE and abs(other.mean() - truth.mean()) < truth.std() and 0.3 < other.std() / truth.std() < 3
    )


def counts_rows(name: str, column: NumberColumn) -> bool:
    """Whether a column does no more than number the rows."""
    values = column.values
    return bool(_COUNTER.fullmatch(name.strip())) and len(values) > 1 and bool(np.all(np.diff(values) == 1))


def predictions_of(table: DataTable, chosen: PredictionColumns) -> tuple[Predictions, int]:
    """The predictions in these columns, and how many rows were left out because a number is missing in them.

    Raises ValueError, a sentence, where there is nothing to compare.
    """
    truth, names, time = chosen.truth, chosen.models, chosen.time
    columns = {name: table.numbers[name].values for name in dict.fromkeys((truth, *names, *([time] if time else [])))}
    whole = np.logical_and.reduce([np.isfinite(values) for values in columns.values()])
    for name, values in columns.items():
        check_column(table, name, values, MODERATE if name != time else REAL)
    if whole.sum() < FEWEST:
        raise ValueError(f"at least {FEWEST} rows must have a number in every chosen column")
    kept = {name: values[whole] for name, values in columns.items()}
    models = {name: kept[name] for name in names}
    left_out = len(table) - int(whole.sum())
    if not time:
        return Predictions(kept[truth], models), left_out
    when, name = kept[time], time
    if table.numbers[time].is_time:
        when, name = days(when)
    return Predictions(kept[truth], models, when, name), left_out


def check_column(table: DataTable, name: str, values: np.ndarray, domain: Interval) -> None:
    """ValueError, a sentence, where a column of the table holds no number, or one outside of the domain."""
    there = np.isfinite(values)
    if not there.any():
        raise ValueError(f"“{name}” holds no number: choose another column")
    if len(wrong := np.flatnonzero(there & ~domain.mask(values))):
        row, value = table.rows[wrong[0]], values[wrong[0]]
        ends = f"{domain.low:g} to {domain.high:g}"
        raise ValueError(f"row {row} of “{name}” is {value:g}, and must be from {ends}: leave it out of the file")


def days(moments: np.ndarray) -> tuple[np.ndarray, str]:
    """Moments, in seconds since 1970, as days since the first of them, and what to call these."""
    first = float(moments.min())
    return (moments - first) / DAY, f"days since {datetime.fromtimestamp(first, UTC):%Y-%m-%d}"
