"""Every piece of advice is complete, and held by its experiment."""

import numpy as np
import pytest

from core.advice import PREDICTIONS, SEEDS, boxes, classes, count, labels, number, two_classes

CELLS = [(word, *pair) for word, one in PREDICTIONS.items() for pair in one.advice]
cells = pytest.mark.parametrize(("word", "data", "cost"), CELLS)


def values_at(prediction, data, cost, **moved):
    """The factors in one run: at their starts, but for those that are moved."""
    return {one.name: np.array([float(moved.get(one.name, one.start))]) for one in prediction.factors(data, cost)}


def found(word, data, cost, **moved):
    prediction = PREDICTIONS[word]
    advice = prediction.advice[data, cost]
    return prediction.compare(advice, data, cost, values_at(prediction, data, cost, **moved))


@pytest.mark.parametrize("word", PREDICTIONS)
def test_there_is_advice_for_every_kind_of_data_and_of_cost(word):
    one = PREDICTIONS[word]
    assert set(one.advice) == {(data, cost) for data in one.data for cost in one.costs}
    assert one.begins in one.advice
    for advice in one.advice.values():
        assert advice.best.name != advice.other.name
        assert advice.best.losses is advice.other.losses
        assert {advice.best.key, advice.other.key, advice.second} <= set(advice.best.losses)
        assert all(text.endswith(".") for text in (advice.why, advice.otherwise, advice.differs))
        assert not advice.metric.endswith(".")
    for data in one.data:
        for cost in one.costs:
            factors = one.factors(data, cost)
            assert factors
            assert len({factor.name for factor in factors}) == len(factors)
            for factor in factors:
                assert list(factor.values) == sorted(set(factor.values))
                assert factor.start in factor.values


@cells
def test_the_advice_wins_where_the_sliders_start(word, data, cost):
    result = found(word, data, cost)
    assert result.best.shape == result.other.shape == (1, SEEDS)
    assert np.isfinite(result.best).all()
    assert np.isfinite(result.other).all()
    assert (result.best > 0).all()
    wins, losses = int(result.wins[0]), int(result.losses[0])
    assert wins > losses
    assert wins == (result.best < result.other * (1 - 1e-9)).sum()
    assert result.saving[0] >= 0
    np.testing.assert_array_equal(np.diff(result.ratio, axis=1) >= 0, True)


@cells
def test_the_advice_wins_on_samples_that_nobody_has_seen(word, data, cost, monkeypatch):
    """It was written while looking at others."""
    for module in (boxes, classes, count, labels, number, two_classes):
        monkeypatch.setattr(module, "LUCK", 4711)
    result = found(word, data, cost)
    assert result.wins[0] > result.losses[0]


@cells
def test_a_run_does_not_depend_on_the_runs_beside_it(word, data, cost):
    prediction = PREDICTIONS[word]
    factor = prediction.factors(data, cost)[0]
    ends = [factor.values[0], factor.values[-1], factor.start]
    values = {name: np.repeat(value, 3) for name, value in values_at(prediction, data, cost).items()}
    values[factor.name] = np.array(ends, dtype=float)
    together = prediction.compare(prediction.advice[data, cost], data, cost, values)
    for run, end in enumerate(ends):
        alone = found(word, data, cost, **{factor.name: end})
        np.testing.assert_allclose(together.best[run], alone.best[0], rtol=1e-5)
        np.testing.assert_allclose(together.other[run], alone.other[0], rtol=1e-5)


# Where the usual loss wins, and the page says so: without outliers, without heavy tails, without wrong labels ...
@pytest.mark.parametrize(
    ("word", "data", "cost", "moved"),
    [
        ("number", "outliers", "square", {"outliers": 0}),
        ("number", "heavy", "absolute", {"tail": 0}),
        ("number", "plain", "over", {"ratio": 1}),
        ("number", "plain", "quantile", {"level": 0.5}),
        ("classes", "wrong", "probability", {"flipped": 0}),
        ("two_classes", "wrong", "probability", {"flipped": 0}),
        ("mistakes", "squared", "usual", {"start": 0}),
        ("masks", "large", "iou", {"distance": 4}),
    ],
)
def test_the_other_loss_wins_where_the_data_have_nothing_special(word, data, cost, moved):
    result = found(word, data, cost, **moved)
    assert result.losses[0] > result.wins[0]
    assert not result.holds[0]


def test_both_thresholds_are_the_same_where_both_mistakes_cost_the_same():
    result = found("two_classes", "rare", "negative", ratio=1)
    assert result.wins[0] == result.losses[0] == 0
    assert result.holds[0]


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_promised_quantile_is_kept(level):
    first, _ = found("number", "plain", "quantile", level=level).metrics["targets below"]
    assert first[0] == pytest.approx(level, abs=0.03)


def test_accuracy_is_best_at_one_half_and_recall_is_not():
    accuracy, recall = (found("mistakes", "accuracy", "usual").metrics[name] for name in ("accuracy", "recall"))
    assert accuracy[1][0] > accuracy[0][0] > 0.9
    assert recall[1][0] < 0.2 < recall[0][0]


def test_a_method_says_its_settings():
    prediction = PREDICTIONS["number"]
    best = prediction.advice["plain", "over"].best
    assert best.settings({"noise": np.ones(2), "ratio": np.array([3.0, 1.0])}) == [
        "Quantile at τ = 0.25",
        "Quantile at τ = 0.5",
    ]
    best = PREDICTIONS["two_classes"].advice["rare", "negative"].best
    assert best.settings({"ratio": np.array([99.0])}) == ["BCE at threshold 0.01"]
