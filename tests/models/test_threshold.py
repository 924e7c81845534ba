"""The best threshold is the best of all, by trying all; with what ties, what is undefined, and what theory says."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit, logit

from core.metrics import DECISION_METRICS, Confusion
from core.models.threshold import best_thresholds, candidate_thresholds

COST, F = DECISION_METRICS["expected_cost"], DECISION_METRICS["f_beta"]
# Better with every mistake less, of either kind: recall, for one, does not care about false alarms.
STRICT = ("accuracy", "balanced_accuracy", "f_beta", "mcc", "expected_cost")


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="raise", under="ignore"):
        yield


def examples(seed, count=60, digits=1, skill=1.0):
    """Labels of both classes, and scores; few digits make ties, a negative skill scores that are worse than none."""
    random = np.random.default_rng(seed)
    target = (random.random(count) < random.choice([0.05, 0.3, 0.8])).astype(float)
    target[:2] = 0, 1
    return target, random.normal(skill * (2 * target - 1), 1.5).round(digits)


def decided(target, score, threshold):
    """The counts at one threshold, example by example."""
    called = [(float(z) >= threshold, y == 1) for z, y in zip(score, target, strict=True)]
    return Confusion(*(called.count(cell) for cell in ((True, True), (True, False), (False, True), (False, False))))


def every_decision(target, score):
    """A threshold for each decision that can be made, rising, and its counts."""
    places = sorted(set(np.asarray(score).tolist()))
    thresholds = [-np.inf, *((a + b) / 2 for a, b in pairwise(places)), np.inf]
    return thresholds, [decided(target, score, threshold) for threshold in thresholds]


def all_best(metric, target, score, **params):
    """The thresholds that are as good as any, and how good."""
    thresholds, counts = every_decision(target, score)
    values = [float(metric.value(count, **params)) for count in counts]
    known = [value for value in values if not np.isnan(value)]
    if not known:
        return [], np.nan
    best = max(known) if metric.best == "high" else min(known)
    return [threshold for threshold, value in zip(thresholds, values, strict=True) if value == best], best


@pytest.mark.parametrize("metric", DECISION_METRICS.values(), ids=str)
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("skill", [1.0, 0.0, -1.0])
def test_no_other_threshold_is_better(metric, seed, skill):
    target, score = examples(seed, skill=skill)
    settings = [{}, *({param.name: end} for param in metric.params for end in (param.low, param.high))]
    for params in settings:
        equal, best = all_best(metric, target, score, **params)
        found = float(best_thresholds(metric, target, score, **params))
        assert float(metric.value(decided(target, score, found), **params)) == best
        if metric.key in STRICT:
            before, after = sum(other < found for other in equal), sum(other > found for other in equal)
            assert found in equal
            assert abs(before - after) <= 1  # the middle one


def test_the_cases_hold_ties_of_scores_and_of_thresholds():
    trials = [examples(seed, skill=skill) for seed in range(12) for skill in (1.0, 0.0, -1.0)]
    assert all(len(set(score)) < len(score) for _, score in trials)
    ties = [len(all_best(DECISION_METRICS[key], *trial)[0]) for key in STRICT for trial in trials]
    assert sum(count >= 2 for count in ties) >= 10


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("metric", DECISION_METRICS.values(), ids=str)
def test_of_a_few_examples_too(metric, count):
    """Every labelling of so few, some of one class alone, and some where the metric is nowhere defined."""
    score = np.array([-1.0, 0.0, 0.5, 0.5])[:count]
    for labels in np.ndindex((2,) * count):
        _, best = all_best(metric, labels, score)
        found = float(best_thresholds(metric, labels, score))
        assert np.isnan(found) == np.isnan(best)
        if not np.isnan(best):
            assert float(metric.value(decided(labels, score, found))) == best


def test_halfway_between_the_scores_that_it_parts():
    assert best_thresholds(F, [0, 0, 1, 1], [-3.0, -1.0, 2.0, 5.0]) == 0.5


def test_between_scores_that_nothing_lies_between():
    low = 1.0
    high = np.nextafter(low, 2.0)
    for score in ([low, high], [-high, -low], [0.0, 5e-324], [-5e-324, 0.0], [-1.7e308, 1.7e308], [1.6e308, 1.7e308]):
        found = float(best_thresholds(COST, [0, 1], score))
        assert score[0] < found <= score[1]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8])
def test_of_equally_good_ones_the_middle(count):
    """Positives and negatives in turn: at a cost of 1, moving past one of each changes nothing. Both ends are worse."""
    score, target = np.arange(2.0 * count), np.tile([0, 1], count)
    score, target = np.concatenate([[-9], score, [99]]), np.concatenate([[0], target, [1]])
    equal, _ = all_best(COST, target, score, cost=1)
    assert equal == [2 * place + 0.5 for place in range(count)]
    found = float(best_thresholds(COST, target, score, cost=1))
    assert found in (equal[(count - 1) // 2], equal[count // 2])


@pytest.mark.parametrize("seed", range(6))
def test_each_cost_has_its_threshold(seed):
    target, score = examples(seed, count=200, digits=2)
    costs = np.array([[0.1, 1.0, 3.0], [10.0, 30.0, 100.0]])
    found = best_thresholds(COST, target, score, cost=costs)
    assert found.shape == (2, 3)
    for place in np.ndindex(costs.shape):
        assert found[place] == best_thresholds(COST, target, score, cost=costs[place])
    assert (found.ravel()[1:] <= found.ravel()[:-1]).all()  # the dearer a miss, the more is called positive
    assert len(set(found.ravel())) > 2
    assert best_thresholds(COST, target, score, cost=[]).shape == (0,)
    assert best_thresholds(COST, target, score).shape == ()


def test_without_a_cost_it_is_the_records_own():
    target, score = examples(3, count=200)
    assert best_thresholds(COST, target, score) == best_thresholds(COST, target, score, cost=COST.params[0].default)


def test_everything_or_nothing_is_called_positive_where_that_is_cheapest():
    target, score = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), np.arange(6.0)
    cheap, dear = best_thresholds(COST, target, score, cost=[1e-3, 1e3])
    assert (cheap, dear) == (np.inf, -np.inf)
    assert best_thresholds(DECISION_METRICS["recall"], [1, 0], [0.0, 1.0]) == -np.inf
    assert best_thresholds(DECISION_METRICS["specificity"], [1, 0], [0.0, 1.0]) == np.inf


@pytest.mark.parametrize(
    ("key", "target"),
    [
        *((key, []) for key in DECISION_METRICS),
        ("recall", [0, 0]),
        ("balanced_accuracy", [0, 0]),
        ("balanced_accuracy", [1, 1]),
        ("specificity", [1, 1]),
        ("mcc", [0, 0]),
        ("mcc", [1, 1]),
    ],
)
def test_undefined_for_all_is_no_number(key, target):
    metric, score = DECISION_METRICS[key], np.arange(float(len(target)))
    assert np.isnan(best_thresholds(metric, target, score))
    for param in metric.params:
        assert np.isnan(best_thresholds(metric, target, score, **{param.name: [1.0, 2.0]})).tolist() == [True, True]


def test_undefined_for_some_are_not_the_best():
    """Precision has no value where nothing is called, Matthews' correlation none at either end."""
    assert best_thresholds(DECISION_METRICS["precision"], [0, 1], [1.0, 2.0]) == 1.5
    assert best_thresholds(DECISION_METRICS["mcc"], [1, 1, 0], [1.0, 2.0, 3.0]) in (1.5, 2.5)  # worse than a coin


@pytest.mark.parametrize("cost", [0.1, 1.0, 4.0, 20.0, 100.0])
def test_right_probabilities_are_cut_at_one_in_one_plus_c(cost):
    random = np.random.default_rng(8)
    score = random.normal(-2.0, 1.5, 400_000)
    target = random.random(score.size) < expit(score)
    found = best_thresholds(COST, target, score, cost=cost)
    assert found == pytest.approx(logit(1 / (1 + cost)), abs=0.25)
    shifted = best_thresholds(COST, target, score + 3, cost=cost)  # as weights on the rare class leave them
    assert shifted == pytest.approx(found + 3, abs=1e-9)


def test_inputs_are_never_changed():
    target, score = examples(0)
    costs = np.array([1.0, 5.0])
    given = (target, score, costs)
    before = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False
    first = best_thresholds(COST, target, score, cost=costs)
    assert np.array_equal(first, best_thresholds(COST, target.tolist(), score.tolist(), cost=[1, 5]))
    assert all(np.array_equal(array, copy) for array, copy in zip(given, before, strict=True))
    assert not any(np.shares_memory(first, array) for array in given)
    order = np.random.default_rng(1).permutation(len(score))
    assert np.array_equal(first, best_thresholds(COST, target[order], score[order], cost=costs))


@pytest.mark.parametrize(
    ("target", "score", "params", "sentence"),
    [
        ([0, 2], [1, 2], {}, r"target must be 0 or 1, got 2 at \[1\]"),
        ([0, 1], [1, np.nan], {}, r"score must be finite, got nan at \[1\]"),
        ([0, 1], ["a", "b"], {}, r"score must be numbers, got \['a', 'b'\]"),
        ([0, 1], None, {}, "score must be numbers, got None"),
        ([0, 1], [1, 2, 3], {}, r"shapes must be the same, got target \(2,\), score \(3,\)"),
        ([0, 1], [1, 2], {"cost": -1}, r"cost must be in \[0, 1e\+09\], got -1 \(expected_cost\)"),
    ],
)
def test_one_sentence_says_what_is_wrong(target, score, params, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        best_thresholds(COST, target, score, **params)


def test_an_unknown_parameter_is_named():
    with pytest.raises(TypeError, match=r"^expected_cost has no parameter 'beta'; it takes cost$"):
        best_thresholds(COST, [0, 1], [1, 2], beta=1)


def test_with_a_rare_class_few_thresholds_are_left_to_try():
    target, score = np.arange(20_000) < 20, np.random.default_rng(4).normal(size=20_000)
    tried = candidate_thresholds(target.astype(float), score)
    assert len(tried) <= 20 + 4  # below each positive, and at both ends two
    assert (np.diff(tried[1:-1]) > 0).all()
