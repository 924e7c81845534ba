"""Which columns are recognised, and the predictions in them."""

import numpy as np
import pytest

from core.tables import read_table
from core.tables.examples import EXAMPLES
from core.tables.prediction_columns import PredictionColumns, guess_columns, predictions_of


def table(header: str, rows: int = 4):
    random = np.random.default_rng(0)
    columns = header.split(",")
    lines = [
        ",".join(f"{place + 1 if name in ('id', '') else random.normal():.6g}" for name in columns)
        for place in range(rows)
    ]
    return read_table("a.csv", "\n".join([header, *lines]).encode())


@pytest.mark.parametrize(
    ("header", "truth", "models", "time"),
    [
        ("y_true,y_pred", "y_true", ("y_pred",), ""),
        ("id,actual,forest,linear", "actual", ("forest", "linear"), ""),
        (",target,pred_a,pred_b,weight", "target", ("pred_a", "pred_b"), ""),
        ("week,sales,forecast 1,forecast 2", "sales", ("forecast 1", "forecast 2"), "week"),
        ("yhat,y", "y", ("yhat",), ""),
        ("a,b,c", "a", ("b", "c"), ""),
        ("Ist-Umsatz (€),Prognose Alt,Prognose Neu [€]", "Ist-Umsatz (€)", ("Prognose Alt", "Prognose Neu [€]"), ""),
        ("Woche,Absatz,Vorhersage", "Absatz", ("Vorhersage",), "Woche"),
        ("noise,demand (units),forecast", "demand (units)", ("forecast",), ""),
    ],
)
def test_columns_are_recognised(header, truth, models, time):
    assert guess_columns(table(header)) == PredictionColumns(truth, models, time)


def test_the_examples_are_recognised():
    for make in (EXAMPLES["tips"], EXAMPLES["gapminder"]):
        found = guess_columns(make())
        assert found.models == ("least squares", "least absolute", "90 % quantile")
        own, left_out = predictions_of(make(), found)
        assert left_out == 0
        assert len(own) == len(make())


def test_rows_without_a_number_are_left_out():
    own = read_table("a.csv", b"day,y,m\n2026-01-05,1,2\n2026-01-01,,3\n2026-01-03,3,\n2026-01-02,4,5\n")
    found, left_out = predictions_of(own, PredictionColumns("y", ("m",), "day"))
    assert left_out == 2
    assert found.target.tolist() == [1, 4]
    assert found.time.tolist() == [3, 0]
    assert found.time_name == "days since 2026-01-02"


def test_nothing_to_compare_is_said():
    own = read_table("a.csv", b"y,m\n1,\n,2\n3,3\n")
    with pytest.raises(ValueError, match="at least 2 rows"):
        predictions_of(own, PredictionColumns("y", ("m",)))
    with pytest.raises(ValueError, match="“m” holds no number"):
        predictions_of(read_table("a.csv", b"y,m\n1,\n2,\n3,\n"), PredictionColumns("y", ("m",)))
    with pytest.raises(ValueError, match="row 3 of “m” is 1e\\+300"):
        predictions_of(read_table("a.csv", b"y,m\n1,2\n2,1e300\n3,1\n"), PredictionColumns("y", ("m",)))
    with pytest.raises(ValueError, match="at least one model"):
        predictions_of(read_table("a.csv", b"y,m\n1,1\n3,3\n"), PredictionColumns("y", ()))
