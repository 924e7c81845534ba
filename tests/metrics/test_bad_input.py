"""An error says which argument, what is allowed, and what was given."""

import re

import numpy as np
import pytest

from core.metrics import (
    DECISION_METRICS,
    METRICS,
    SCORE_METRICS,
    Confusion,
    always_negative,
    calibration,
    confusion,
    precision_recall,
    roc,
)

OF_EXAMPLES = {
    "confusion": lambda target, score: confusion(target, score, 0.0),
    "roc": roc,
    "precision_recall": precision_recall,
    "calibration": calibration,
    **{f"{key}.value": metric.value for key, metric in SCORE_METRICS.items()},
    **{f"{key}.why": metric.why for key, metric in SCORE_METRICS.items()},
}


def refuses(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@pytest.mark.parametrize("name", OF_EXAMPLES)
@pytest.mark.parametrize(
    ("target", "score", "message"),
    [
        ([0, 1, 0.5], [1, 2, 3], "target must be 0 or 1, got 0.5 at [2]"),
        ([-1, 1], [1, 2], "target must be 0 or 1, got -1 at [0]"),
        ([0, np.nan], [1, 2], "target must be 0 or 1, got nan at [1]"),
        ([0, 1], [np.nan, 1], "score must be finite, got nan at [0]"),
        ([0, 1], [1, -np.inf], "score must be finite, got -inf at [1]"),
        ([0, 1], [1, 2, 3], "shapes must be the same, got target (2,), score (3,)"),
        ([0, 1], 1.0, "shapes must be the same, got target (2,), score ()"),
        ([[0, 1]], [[1, 2]], "target and score must be of shape [n], got (1, 2)"),
        (1, 2.0, "target and score must be of shape [n], got ()"),
        (["0", "1"], [1, 2], "target must be numbers, got ['0', '1']"),
        ([0, 1], ["a", "b"], "score must be numbers, got ['a', 'b']"),
        ([0, 1], None, "score must be numbers, got None"),
        ([0, 1], [1, 2j], "score must be numbers, got [1, 2j]"),
        ([[0, 1], [1]], [1, 2], "target must be an array of numbers, got [[0, 1], [1]]"),
        ([0, 1], [[1, 2], [3]], "score must be an array of numbers, got [[1, 2], [3]]"),
    ],
)
def test_one_sentence_says_what_is_wrong(name, target, score, message):
    with np.errstate(all="raise", under="ignore"), refuses(message):
        OF_EXAMPLES[name](target, score)


def test_the_baseline_checks_its_labels():
    with refuses("target must be 0 or 1, got 2 at [1]"):
        always_negative([0, 2])


def test_a_threshold_that_is_no_number():
    with refuses("threshold must be a number or infinite, got nan"):
        confusion([0, 1], [1, 2], [0.0, np.nan])
    with refuses("threshold must be numbers, got 'high'"):
        confusion([0, 1], [1, 2], "high")


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((1, 2, -3, 4), "fn must be at least 0, got -3"),
        ((1, [2, np.nan], 3, 4), "fp must be at least 0, got nan at [1]"),
        ((np.inf, 2, 3, 4), "tp must be at least 0, got inf"),
        ((1, 2, 3, None), "tn must be numbers, got None"),
        (([1, 2], 2, 3, 4), "shapes must be the same, got tp (2,), fp (), fn (), tn ()"),
    ],
)
def test_counts_that_are_none(counts, message):
    with refuses(message):
        Confusion(*counts)


@pytest.mark.parametrize("metric", DECISION_METRICS.values(), ids=str)
def test_many_counts_have_no_one_reason(metric):
    with refuses("one confusion has one reason, got shape (1,); pick one by [place]"):
        metric.why(confusion([0, 1], [1, 2], [0.0]))


@pytest.mark.parametrize(
    ("key", "params", "message"),
    [
        ("f_beta", {"beta": 0}, "beta must be in [0.01, 100], got 0 (f_beta)"),
        ("expected_cost", {"cost": -1}, "cost must be in [0, 1e+09], got -1 (expected_cost)"),
        ("expected_cost", {"cost": np.nan}, "cost must be in [0, 1e+09], got nan (expected_cost)"),
        ("calibration_error", {"bins": 0}, "bins must be a whole number from 1 to 100, got 0 (calibration_error)"),
        (
            "calibration_error",
            {"bins": 2.5},
            "bins must be a whole number from 1 to 100, got 2.5 (calibration_error)",
        ),
        (
            "calibration_error",
            {"bins": 101},
            "bins must be a whole number from 1 to 100, got 101 (calibration_error)",
        ),
    ],
)
def test_parameters_out_of_their_domain(key, params, message):
    data = (Confusion(1, 2, 3, 4),) if key in DECISION_METRICS else ([0, 1], [1.0, 2.0])
    for call in (METRICS[key].value, METRICS[key].why):
        with refuses(message):
            call(*data, **params)


def test_bins_of_a_calibration():
    with refuses("bins must be a whole number from 1 to 100, got 2.5"):
        calibration([0, 1], [1.0, 2.0], 2.5)
    with refuses("bins must be one number, got shape (2,)"):
        calibration([0, 1], [1.0, 2.0], [5, 10])


def test_an_unknown_parameter_is_named():
    with pytest.raises(TypeError, match=r"^precision has no parameter 'beta'; it takes none$"):
        METRICS["precision"].value(Confusion(1, 2, 3, 4), beta=1)
    with pytest.raises(TypeError, match=r"^calibration_error has no parameter 'cost'; it takes bins$"):
        METRICS["calibration_error"].value([0, 1], [1.0, 2.0], cost=1)
