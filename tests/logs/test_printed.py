"""The files of printed/: the columns of each, and the same run printed in two ways."""

import json

import numpy as np
import pytest

from tests.logs.cases import check
from tests.logs.printed import FILES, PRINTED, log_of, path_of


def column(table, name):
    return table.columns[name].values.tolist()


def test_every_file_is_in_the_table():
    assert {path.name for path in FILES.iterdir()} == {name for name in PRINTED if path_of(name).parent == FILES}


@pytest.mark.parametrize("name", PRINTED)
def test_the_columns_of_a_file(name):
    expected = PRINTED[name]
    log = log_of(name)
    check(log)
    assert log.format == expected["format"]
    found = {key: (len(one.values), one.values[0], one.values[-1]) for key, one in log.table.columns.items()}
    assert list(found) == list(expected["columns"])
    for key, numbers in expected["columns"].items():
        assert list(found[key]) == pytest.approx(numbers, rel=1e-7), key


@pytest.mark.parametrize(
    ("printed", "saved", "names"),
    [
        ("xgboost.log", "xgboost_evals_result.json", ("train{}logloss", "eval{}logloss")),
        ("xgboost_classifier.log", "xgboost_classifier.json", ("validation_0{}logloss", "validation_1{}error")),
        ("lightgbm.log", "lightgbm_evals_result.json", ("training/binary_logloss", "valid_1/binary_logloss")),
    ],
)
def test_the_console_and_the_saved_history_of_one_run_agree(printed, saved, names):
    console, history = log_of(printed).table, log_of(saved).table
    for name in names:
        np.testing.assert_allclose(
            column(console, name.format("-")), column(history, name.format("/")), rtol=0, atol=6e-6
        )


def test_catboost_prints_what_it_saves():
    console, saved = log_of("catboost.log").table, log_of("catboost_training.json").table
    for name in ("learn", "test"):
        np.testing.assert_allclose(column(console, name), column(saved, f"{name}/Logloss"), rtol=0, atol=6e-8)
    raw = json.loads((FILES / "catboost_training.json").read_text())
    assert column(saved, "learn/Logloss") == [record["learn"][0] for record in raw["iterations"]]


def test_keras_tells_the_same_with_bars_and_with_lines():
    bars, lines = log_of("keras_bars.log").table, log_of("keras_lines.log").table
    for name in ("epoch", "loss", "val_loss", "mae", "val_mae"):
        assert column(bars, name) == column(lines, name)


def test_hugging_face_tells_the_same_with_bars_and_without():
    bars, lines = log_of("transformers_bars.log").table, log_of("transformers.log").table
    for name in ("epoch", "loss", "eval_loss"):
        assert column(bars, name) == column(lines, name)
