"""Every metric and curve against scikit-learn: rows made by reference/make_metrics.py. Null means undefined."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.metrics import DECISION_METRICS, SCORE_METRICS, calibration, confusion, precision_recall, roc

BLOCKS = json.loads((Path(__file__).parent.parent / "reference" / "metrics.json").read_text())
DECISIONS, SCORES = (
    {key: one for key, one in kind.items() if one.sklearn} for kind in (DECISION_METRICS, SCORE_METRICS)
)


@pytest.fixture(params=BLOCKS, ids=lambda block: block["name"])
def block(request):
    return request.param


def agree(ours, theirs, atol=1e-15):
    np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=1e-12, atol=atol, equal_nan=True)


def test_decisions(block):
    for row in block["decisions"]:
        counts = confusion(block["target"], block["score"], row["threshold"])
        assert {name: getattr(counts, name) for name in row["counts"]} == row["counts"]
        for key, metric in DECISIONS.items():
            assert key in row, f"`make reference` asks scikit-learn for {key}"
            theirs = row[key]
            ours = metric.value(counts, beta=block["betas"]) if key == "f_beta" else metric.value(counts)
            agree(ours, theirs)
            assert bool(metric.why(counts)) == (theirs is None or theirs == [None] * len(block["betas"])), key


def test_scores(block):
    target, score = block["target"], block["score"]
    for key, metric in SCORES.items():
        assert key in block["scores"], f"`make reference` asks scikit-learn for {key}"
        theirs = block["scores"][key]
        agree(metric.value(target, score), theirs)
        assert bool(metric.why(target, score)) == (theirs is None), key


def test_roc_curve(block):
    curve, theirs = roc(block["target"], block["score"]), block["roc"]
    agree(curve.x, theirs["x"])
    agree(curve.y, theirs["y"])
    assert theirs["thresholds"][0] is None  # +inf is not in JSON
    assert curve.thresholds.tolist() == [np.inf, *theirs["thresholds"][1:]]


def test_precision_recall_curve(block):
    curve, theirs = precision_recall(block["target"], block["score"]), block["precision_recall"]
    agree(curve.x[1:], theirs["x"])
    agree(curve.y[1:], theirs["y"])


def test_calibration_curve(block):
    for theirs in block["calibration"]:
        ours = calibration(block["target"], block["score"], theirs["bins"])
        seen = ours.count > 0
        agree(ours.observed[seen], theirs["observed"])
        agree(ours.predicted[seen], theirs["predicted"])


def test_the_cases_hold_what_is_undefined_and_what_ties():
    assert {sum(block["target"]) / len(block["target"]) for block in BLOCKS} >= {0.0, 1.0, 1 / 500}
    assert any(len(set(block["score"])) < len(block["score"]) / 5 for block in BLOCKS)
    rows = [row for block in BLOCKS for row in block["decisions"]]
    nulls = {key for row in rows for key in DECISIONS if row[key] in (None, [None] * 5)}
    assert nulls == {key for key, metric in DECISIONS.items() if metric.gaps}
    nulls = {key for block in BLOCKS for key, value in block["scores"].items() if value is None}
    assert nulls == {key for key, metric in SCORES.items() if metric.gaps}
