"""A person's own table in the views that fit models: the same points give the same numbers as the site's own data."""

import numpy as np
import pytest

from core.datasets import CLASS_DATASETS, IMBALANCED_DATASETS, LINE_DATASETS, OwnData
from core.kept import KEPT
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import logistic_model
from core.losses import LOSSES
from core.stage.encode import payload
from core.stage.parameters import own_option
from core.tables.model_columns import ModelColumns, own_data_of
from core.tables.table import DataTable, NumberColumn
from core.views import VIEWS
from tests.views.texts import filled


def table(columns):
    made = {name: NumberColumn.of(np.asarray(values, float)) for name, values in columns.items()}
    return DataTable("a.csv", "CSV", made, np.arange(1, 1 + len(next(iter(columns.values())))))


def own_line(key: str) -> OwnData:
    data = LINE_DATASETS[key].load()
    return own_data_of(table({"x": data.x, "y": data.target}), ModelColumns("y", None, ("x",)))[0]


def own_classes(features, target) -> OwnData:
    columns = {"a": features[:, 0], "b": features[:, 1], "label": target}
    return own_data_of(table(columns), ModelColumns("label", "1", ("a", "b")))[0]


IRIS = CLASS_DATASETS["iris"].load()
LIVES = IMBALANCED_DATASETS["short_lives"].rows()
OWN = {"line": own_line("tips"), "iris": own_classes(IRIS.features, IRIS.target), "lives": own_classes(*LIVES)}
TAKING = [
    (view, param) for view in VIEWS.values() for param in view.params if own_option(param) and view.key != "own_fit"
]


def own_choice(view, param):
    own = next(one for one in OWN.values() if one.of_kind(own_option(param).kind))
    return own, view.choose(**{param.name: own.key})


@pytest.mark.parametrize(("view", "param"), TAKING, ids=[view.key for view, _ in TAKING])
def test_every_view_that_takes_a_table_shows_it_and_keeps_nothing_of_it(view, param):
    own, choice = own_choice(view, param)
    before = KEPT.size
    with choice.keeping():
        packed = payload(choice.stage)
    assert packed
    assert own.key in choice.address
    assert KEPT.size <= before
    assert own.store.size > 0


def test_the_views_are_those_of_four_pages():
    kinds = {"line": 0, "classifier": 0, "imbalance": 0, "logistic": 0}
    for view, _ in TAKING:
        kinds[view.key.split("_")[0]] += 1
    assert all(kinds.values())


def test_lines_are_those_of_the_same_points():
    own = OWN["line"]
    found, expected = (
        VIEWS[key].choose(**chosen).stage for key, chosen in (("own_fit", {"table": own.key}), ("tips_fit", {}))
    )
    one, other = (stage.table({"outliers": 0.0}) for stage in (found, expected))
    for name in ("squared_error line", "absolute_error line", "huber constant"):
        np.testing.assert_array_equal(one[name], other[name])


def test_a_landscape_is_that_of_the_same_points():
    points = np.random.default_rng(1).normal(size=(50, 2))
    own, theirs = (
        fitted_landscape(logistic_model(key), LOSSES["binary_cross_entropy"]) for key in (OWN["iris"].key, "iris")
    )
    np.testing.assert_allclose(own.value(points), theirs.value(points), rtol=1e-12)


def test_decisions_are_those_of_the_same_points():
    own = OWN["lives"]
    view = VIEWS["imbalance_decisions"]
    found, expected = (view.choose(data=key).stage for key in (own.key, "short_lives"))
    for values in ({}, {"threshold": 0.2}):
        assert filled(found.summary, values) == filled(expected.summary, values)
