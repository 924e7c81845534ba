"""Every record is complete, and says of itself what is true."""

import re

import numpy as np
import pytest

from core.metrics import DECISION_METRICS, METRICS, SCORE_METRICS, Confusion

DECISIONS = "accuracy balanced_accuracy precision recall specificity f_beta mcc expected_cost"
SCORES = "roc_auc average_precision log_loss brier calibration_error"


def test_keys():
    assert set(DECISION_METRICS) >= set(DECISIONS.split())
    assert set(SCORE_METRICS) >= set(SCORES.split())
    assert list(METRICS) == [*DECISION_METRICS, *SCORE_METRICS]
    assert all(key == metric.key == str(metric) for key, metric in METRICS.items())
    with pytest.raises(TypeError):
        METRICS["accuracy"] = METRICS["recall"]


def test_names_differ():
    for field in ("name", "short", "about"):
        assert len({getattr(metric, field) for metric in METRICS.values()}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_says_what_it_is(metric):
    assert 1 <= len(re.findall(r"[.!?](?: |$)", metric.about)) <= 3
    assert metric.about.endswith(".")
    assert len(metric.short) <= 12
    assert metric.source.authors
    assert 1900 < metric.source.year < 2030
    assert metric.source.url.startswith("https://")
    assert {gap.reason[-1] for gap in metric.gaps}.isdisjoint(".!")


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_formula_holds_the_parameters(metric):
    for formula in (metric.formula, metric.formula_at()):
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
        assert formula.count(r"\left") == formula.count(r"\right")
    for param in metric.params:
        assert param.latex in metric.formula
        assert "37" in metric.formula_at(**{param.name: 37})


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_sliders_start_on_a_frame(metric):
    for param in metric.params:
        assert param.default in param.frames
        assert param.domain.holds(param.frames)
        np.testing.assert_allclose(np.diff(param.frames), param.step, rtol=1e-9)
        assert param.symbol


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_best_is_best(metric):
    """Sure and right beats sure and wrong, on the side that the record names."""
    if metric.key in DECISION_METRICS:
        right, wrong = metric.value(Confusion(5, 0, 0, 5)), metric.value(Confusion(0, 5, 5, 0))
    else:
        right, wrong = (metric.value([0, 0, 1, 1], side * np.array([-9, -8, 8, 9])) for side in (1, -1))
    assert (right > wrong) == (metric.best == "high")
    assert right == pytest.approx(1 if metric.best == "high" else 0, abs=1e-3)
