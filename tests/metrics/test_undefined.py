"""What has no value is NaN with a reason, never 0; the extremes have one and are quiet; inputs stay as they were."""

import itertools

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
from tests.metrics.cases import examples, small_counts


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.mark.parametrize("metric", DECISION_METRICS.values(), ids=str)
def test_undefined_exactly_where_there_is_a_reason(metric):
    counts = small_counts()
    value = metric.value(counts)
    reasons = [metric.why(counts[place]) for place in range(len(value))]
    assert metric.whys(counts) == reasons
    assert np.isnan(value).tolist() == [bool(reason) for reason in reasons]
    assert not np.isinf(value).any()
    assert "there are no examples" in reasons
    assert {type(reason) for reason in reasons} == {str}
    assert {gap.reason for gap in metric.gaps} <= set(reasons)


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_in_its_range(metric):
    """A decision metric takes both ends; -0 would be shown as "-0"."""
    low, high = metric.range
    if metric.key in DECISION_METRICS:
        value = metric.value(small_counts())
        assert (np.nanmin(value), np.nanmax(value)) == (low, high)
    else:
        scores = itertools.product([-3.0, 0.0, 3.0], repeat=4)
        value = np.array([metric.value([0, 1, 0, 1], score) for score in scores])
        assert low <= value.min() < value.max() <= high
    assert not np.signbit(value[value == 0]).any()


@pytest.mark.parametrize(
    ("key", "counts", "reason"),
    [
        ("precision", (0, 0, 3, 5), "nothing is predicted positive"),
        ("recall", (0, 2, 0, 5), "there are no positives"),
        ("specificity", (2, 0, 1, 0), "there are no negatives"),
        ("balanced_accuracy", (0, 2, 0, 5), "there are no positives"),
        ("balanced_accuracy", (2, 0, 1, 0), "there are no negatives"),
        ("f_beta", (0, 0, 0, 5), "there are no positives, and nothing is predicted positive"),
        ("f_beta", (0, 0, 3, 5), ""),
        ("mcc", (0, 0, 3, 5), "nothing is predicted positive"),
        ("mcc", (3, 5, 0, 0), "everything is predicted positive"),
        ("mcc", (3, 0, 5, 0), "there are no negatives"),
        ("accuracy", (0, 0, 0, 5), ""),
        ("expected_cost", (0, 0, 0, 0), "there are no examples"),
    ],
)
def test_reasons_of_decisions(key, counts, reason):
    assert DECISION_METRICS[key].why(Confusion(*counts)) == reason
    assert np.isnan(DECISION_METRICS[key].value(Confusion(*counts))) == bool(reason)


@pytest.mark.parametrize("metric", SCORE_METRICS.values(), ids=str)
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ([0, 0, 0], "there are no positives"),
        ([1, 1, 1], "there are no negatives"),
        ([0, 1, 1], ""),
        ([], "there are no examples"),
    ],
    ids=["all negative", "all positive", "both", "empty"],
)
def test_reasons_of_scores(metric, target, reason):
    undefined = reason in {"there are no examples", *(gap.reason for gap in metric.gaps)}
    value = metric.value(target, np.arange(len(target)) - 1.0)
    assert type(value) is float
    assert np.isnan(value) == undefined
    assert metric.why(target, np.arange(len(target)) - 1.0) == (reason if undefined else "")


def test_which_scores_have_no_value_without_positives_or_negatives():
    gaps = {key: [gap.reason for gap in SCORE_METRICS[key].gaps] for key in ("roc_auc", "average_precision", "brier")}
    assert gaps == {
        "roc_auc": ["there are no positives", "there are no negatives"],
        "average_precision": ["there are no positives"],
        "brier": [],
    }


@pytest.mark.parametrize("target", [[], [0, 0], [1, 1], [0], [1]], ids=str)
def test_curves_of_one_class_or_none(target):
    score = np.arange(len(target)) - 0.5
    found = roc(target, score)
    assert np.isnan(found.x).all() == (0 not in target)
    assert np.isnan(found.y).all() == (1 not in target)
    other = precision_recall(target, score)
    assert np.isnan(other.x).all() == (1 not in target)
    assert np.isnan(other.y).tolist() == [True] + [False] * len(target)
    bins = calibration(target, score)
    assert bins.count.sum() == len(target)
    assert always_negative(target).tn == target.count(0)


def test_no_score_is_too_large():
    """Exact at +-1e300; beyond what float64 can add up, infinite; NaN only where there is a reason."""
    scores = [-1.7e308, -1e300, -5e-324, 0.0, 5e-324, 1e300, 1.7e308]
    with np.errstate(all="raise", under="ignore"):
        for score in itertools.product(scores, repeat=3):
            for target in ([0, 1, 1], [1, 0, 0], [1, 1, 1]):
                for metric in SCORE_METRICS.values():
                    assert np.isnan(metric.value(target, score)) == bool(metric.why(target, score))
        assert SCORE_METRICS["log_loss"].value([0, 1, 0], [1e300, 0.0, -1e300]) == pytest.approx(1e300 / 3)
        assert SCORE_METRICS["log_loss"].value([0, 0], [1.7e308, 1.7e308]) == np.inf


@pytest.mark.parametrize("size", [0.0, 1e-300, 40.0, 745.0, 1e4, 1e300])
def test_scores_of_every_size(size):
    target, score = [0, 1, 0, 1], [-size, size, size, -size]
    for metric in SCORE_METRICS.values():
        assert np.isfinite(metric.value(target, score))
    wrong, right = SCORE_METRICS["log_loss"].value([0, 1], [size, -size]), SCORE_METRICS["log_loss"].value([1], [size])
    assert wrong == pytest.approx(size + np.log1p(np.exp(-size)), rel=1e-12)
    assert right == pytest.approx(np.log1p(np.exp(-size)), rel=1e-12)
    counts = confusion(target, score, [-np.inf, -size, size, np.inf])
    assert counts.predicted_positive.tolist() == ([4, 4, 4, 0] if size == 0 else [4, 4, 2, 0])
    for metric in DECISION_METRICS.values():
        assert metric.value(counts).shape == (4,)
    roc(target, score), precision_recall(target, score), calibration(target, score)


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_parameters_at_the_ends_of_their_domains(metric):
    data = [Confusion(2, 3, 4, 10**9)] if metric.key in DECISION_METRICS else examples()
    for param in metric.params:
        ends = (1, 100) if param.name == "bins" else (param.domain.low, param.domain.high)
        for end in (*ends, param.low, param.high):
            assert np.isfinite(metric.value(*data, **{param.name: end}))


@pytest.mark.parametrize("key", ["f_beta", "expected_cost"])
def test_parameters_broadcast_with_the_counts(key):
    metric, counts = DECISION_METRICS[key], small_counts(2)
    (name,) = metric.defaults
    turned = metric.params[0].frames[[0, 3, -1]]
    together = metric.value(counts, **{name: turned[:, None]})
    for row, setting in zip(together, turned, strict=True):
        np.testing.assert_array_equal(row, metric.value(counts, **{name: setting}))


def test_inputs_are_never_changed_nor_handed_back():
    target, score = examples()
    thresholds, cells = np.array([0.5, -0.5]), np.arange(8.0).reshape(4, 2)
    inputs = [target, score, thresholds, cells]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    counts = Confusion(*cells)
    found = [metric.value(counts) for metric in DECISION_METRICS.values()]
    for metric in SCORE_METRICS.values():
        metric.value(target, score)
    for record in (roc(target, score), precision_recall(target, score), calibration(target, score)):
        found += vars(record).values()
    found += vars(confusion(target, score, thresholds)).values()
    for result in found:
        assert result.dtype == np.float64
        assert not any(np.shares_memory(result, array) for array in inputs)
    assert all(np.array_equal(array, copy) for array, copy in zip(inputs, before, strict=True))


def test_any_number_type_gives_the_same():
    target, score = examples()
    for kind in (bool, np.int8, np.float32):
        for metric in SCORE_METRICS.values():
            assert metric.value(target.astype(kind), score.tolist()) == metric.value(target, score)
    counts = Confusion(tp=np.int32(2_000_000_000), fp=0, fn=0, tn=np.int32(2_000_000_000))
    assert counts.total == 4e9
