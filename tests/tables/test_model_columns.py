"""What a table gives to the pages that fit models: which columns, which rows, and what is refused."""

import gc
import pickle

import numpy as np
import pandas as pd
import plotly.data
import pytest
from scipy.optimize import minimize

from core.datasets import ClassDataset, ImbalancedDataset, LineDataset, dataset_of, find_own
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import logistic_model
from core.losses import LOSSES
from core.numerics import sigmoid
from core.tables import read_table
from core.tables.kind import guess_kind
from core.tables.model_columns import FEWEST, ModelColumns, guess_target, own_data_of, target_columns
from core.tables.table import DataTable, NumberColumn, TextColumn


def table(**columns):
    made = {name: TextColumn(np.unique(values, return_inverse=True)[1].astype(np.int32), tuple(np.unique(values)))
            if isinstance(values[0], str) else NumberColumn.of(np.asarray(values, float))
            for name, values in columns.items()}  # fmt: skip
    return DataTable("a.csv", "CSV", made, np.arange(1, 1 + len(next(iter(columns.values())))))


def measured(frame):
    return read_table("a.csv", frame.to_csv(index=False).encode())


RANDOM = np.random.default_rng(3)
AREA = RANDOM.uniform(20, 200, 50)
CITIES = ["Bonn", "Jena", "Jena", "Bonn", "Jena"] * 10
HOUSES = pd.DataFrame({"area_m2": AREA, "Sale price (€)": 3000 * AREA, "city": CITIES})
PAYMENTS = pd.DataFrame({"price": AREA, "hour": RANDOM.integers(0, 24, 50), "flagged": ["no", "yes"] * 25})
NUMBERS = {"x": RANDOM.normal(size=50), "y": RANDOM.normal(size=50)}


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (plotly.data.tips(), ModelColumns("tip", None, ("total_bill",))),
        (plotly.data.gapminder(), ModelColumns("lifeExp", None, ("year",))),
        (plotly.data.iris(), ModelColumns("species", "setosa", ("sepal_length", "sepal_width"))),
        (HOUSES, ModelColumns("Sale price (€)", None, ("area_m2",))),  # a city is no outcome
        (PAYMENTS, ModelColumns("flagged", "yes", ("price", "hour"))),
        (HOUSES.rename(columns={"Sale price (€)": "z"}), ModelColumns("city", "Bonn", ("area_m2", "z"))),
    ],
    ids=["tips", "gapminder", "iris", "houses", "payments", "no name that says it"],
)
def test_the_columns_that_are_meant(frame, expected):
    found = guess_target(measured(frame))
    assert found == expected
    own, left_out = own_data_of(measured(frame), found)
    assert left_out == 0
    kinds = (ClassDataset, ImbalancedDataset) if expected.positive is not None else (LineDataset,)
    assert tuple(map(type, own.datasets)) == kinds


def test_labels_are_text_or_two_numbers():
    found = target_columns(table(**NUMBERS, two=[0, 1] * 25, three=[0, 1, 2, 0, 1] * 10, word=["a", "b"] * 25))
    assert found == {"x": (), "y": (), "two": ("0", "1"), "three": (), "word": ("a", "b")}
    assert target_columns(table(x=[1, 2, 3], word=["a", "b", "a"])) == {}  # a label needs two features
    with pytest.raises(ValueError, match="two columns of numbers"):
        guess_target(table(x=[1, 2, 3]))


def test_the_points_are_those_of_the_rows_that_have_a_value_everywhere():
    x, y = NUMBERS["x"].copy(), NUMBERS["y"].copy()
    x[3], y[7] = np.nan, np.inf
    own, left_out = own_data_of(table(x=x, y=y), ModelColumns("y", None, ("x",)))
    data = dataset_of(LineDataset, own.key).load()
    assert left_out == 2
    np.testing.assert_array_equal(data.x, np.delete(x, [3, 7]))
    np.testing.assert_array_equal(data.target, np.delete(y, [3, 7]))
    assert (str(data.x_variable), str(data.target_variable)) == ("x", "y")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"x": NUMBERS["x"], "y": NUMBERS["y"]}, "table"),
        ({"truth": NUMBERS["x"], "Kessel": NUMBERS["y"]}, "numbers"),
        ({"y": NUMBERS["x"], "y_hat": NUMBERS["y"]}, "numbers"),
        ({"demand": NUMBERS["x"], "forecast": NUMBERS["y"]}, "numbers"),
        ({"demand": NUMBERS["x"], "fc_low": NUMBERS["y"]}, "numbers"),
        ({"y": NUMBERS["x"], "a": NUMBERS["x"] + 0.3 * NUMBERS["y"], "b": 0.9 * NUMBERS["x"]}, "numbers"),
        ({"y": NUMBERS["x"], "a": 40 * NUMBERS["x"], "b": 0.9 * NUMBERS["x"]}, "table"),
        ({"churn": [0, 1] * 25, "age": 40 + NUMBERS["x"], "income": NUMBERS["y"]}, "table"),
        ({"churn": [0, 1] * 25, "score": NUMBERS["x"]}, "scores"),
        ({"label": ["yes", "no"] * 25, "net": RANDOM.uniform(size=50)}, "scores"),
        ({"label": ["a", "b", "c", "a", "b"] * 10, **{f"p_{one}": NUMBERS["x"] for one in "abc"}}, "classes"),
        ({"word": ["a", "b"] * 25, "x": NUMBERS["x"]}, "numbers"),  # nothing to learn from, and nothing to compare
    ],
)
def test_the_kind_that_is_meant(columns, kind):
    assert guess_kind(table(**columns)) == kind


def test_a_large_table_is_drawn_from_and_keeps_its_classes():
    many = 20_000
    rare = np.arange(many) % 1000 == 0  # 20 of them
    columns = {"a": RANDOM.normal(size=many), "b": RANDOM.normal(size=many), "rare": rare.astype(float)}
    own, _ = own_data_of(table(**columns), ModelColumns("rare", "1", ("a", "b")))
    classes, imbalanced = dataset_of(ClassDataset, own.key), dataset_of(ImbalancedDataset, own.key)
    assert classes.load().target.sum() == FEWEST
    split = imbalanced.split()
    assert len(split.train) + len(split.test) == pytest.approx(4000, abs=2)
    assert split.train.target.sum() + split.test.target.sum() == FEWEST
    assert "4,000 of the 20,000 rows" in imbalanced.about
    line = own_data_of(table(**columns), ModelColumns("a", None, ("b",)))[0]
    assert len(dataset_of(LineDataset, line.key).load()) == 400


@pytest.mark.parametrize("shift", [0.0, 5.0, -7.0, 1000.0])
@pytest.mark.parametrize("scale", [1e-12, 0.003, 1.0, 40_000.0, 1e12])
def test_outliers_reach_beyond_the_targets_but_not_below_a_0_that_none_crosses(scale, shift):
    target = (np.linspace(-1, 1, 60) + shift) * scale
    own, _ = own_data_of(
        table(x=NUMBERS["x"][:50].tolist() * 2, y=np.resize(target, 100)), ModelColumns("y", None, ("x",))
    )
    dataset = dataset_of(LineDataset, own.key)
    outlier, found = dataset.outlier, dataset.load().target
    frames = outlier.frames
    assert 0.3 <= found.std() < 20
    unit = float(dataset.variables[1].unit.removeprefix("in ").replace(",", "") or 1)
    np.testing.assert_allclose(found * unit, np.resize(target, 100), rtol=1e-12)
    assert len(np.unique(frames)) == len(frames) <= 60
    assert frames[-1] > found.max() + 0.4 * np.ptp(found)
    assert (frames[0] > 0) == (found.min() > 0)
    assert {outlier.default, outlier.start} <= set(frames)


@pytest.mark.parametrize(
    ("columns", "chosen", "message"),
    [
        ({"x": [1.0] * 50, "y": NUMBERS["y"]}, ModelColumns("y", None, ("x",)), "x is 1 in every row"),
        ({"x": NUMBERS["x"], "y": 1e6 + NUMBERS["y"]}, ModelColumns("y", None, ("x",)), "y differ too little"),
        ({"x": NUMBERS["x"], "y": 1e40 * NUMBERS["y"]}, ModelColumns("y", None, ("x",)), "y are too large"),
        ({"x": NUMBERS["x"], "y": 1e-40 * NUMBERS["y"]}, ModelColumns("y", None, ("x",)), "too small"),
        ({"x": [np.nan] * 50, "y": NUMBERS["y"]}, ModelColumns("y", None, ("x",)), "at least 5 rows"),
        ({**NUMBERS, "c": [1, 0, 0, 0, 0] + [0] * 45}, ModelColumns("c", "1", ("x", "y")), "either class needs"),
    ],
)
def test_what_no_model_can_be_fitted_to(columns, chosen, message):
    with pytest.raises(ValueError, match=message):
        own_data_of(table(**columns), chosen)


def test_a_table_is_there_as_long_as_somebody_holds_it():
    own, _ = own_data_of(table(**NUMBERS), ModelColumns("y", None, ("x",)))
    key, there = own.key, pickle.dumps(own)
    assert find_own(key) is own
    with pytest.raises(KeyError):
        dataset_of(ClassDataset, key)
    del own
    gc.collect()
    with pytest.raises(ValueError, match="not here any more"):
        dataset_of(LineDataset, key)
    again = pickle.loads(there)  # as in another process
    assert find_own(key) is again
    np.testing.assert_array_equal(dataset_of(LineDataset, key).load().x, NUMBERS["x"])


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@pytest.mark.parametrize("strength", [0.1, 1.0, 3.0])
def test_the_minimum_of_the_cross_entropy_lies_in_the_picture(signs, strength):
    random = np.random.default_rng(5)
    features = random.normal(size=(300, 2)) * [3.0, 0.01] + [50.0, 0.0]
    score = strength * ((features - features.mean(axis=0)) / features.std(axis=0)) @ np.array(signs)
    label = (random.random(300) < sigmoid(score)).astype(float)
    own, _ = own_data_of(table(a=features[:, 0], b=features[:, 1], label=label), ModelColumns("label", "1", ("a", "b")))
    landscape = fitted_landscape(logistic_model(own.key), LOSSES["binary_cross_entropy"])
    lowest = minimize(lambda w: (landscape.value(w), landscape.grad(w)), np.zeros(2), jac=True).x
    for weight, (low, high) in zip(lowest, landscape.window, strict=True):
        assert low < weight < high
        assert high - low < 20 * max(abs(weight), 1)
