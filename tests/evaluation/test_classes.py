"""Several classes against scikit-learn, on made files with ties and with classes that are missing; what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.evaluation import classes
from core.evaluation.bootstrap import Bootstrap
from core.evaluation.classes import ClassModel, ScoredClasses, accuracy

FOUND = json.loads((Path(__file__).parents[1] / "reference" / "classes.json").read_text())
CASES = {case["name"]: case for case in FOUND["cases"]}


def model(name):
    target, p = np.array(CASES[name]["target"]), np.array(CASES[name]["probabilities"])
    scored = ScoredClasses({"own": p}, target, [str(label) for label in range(p.shape[1])])
    return ClassModel(scored, "own", Bootstrap(len(target)))


def known(values):
    """As float64, NaN where there is no value."""
    return np.array([np.nan if value is None else value for value in np.atleast_1d(values)], dtype=float)


@pytest.mark.parametrize("key", ["accuracy", "macro_f1", "log_loss", "precision", "recall", "f1"])
@pytest.mark.parametrize("name", CASES)
def test_metrics_are_those_of_scikit_learn(name, key):
    found = np.atleast_1d(model(name).estimates[key].value)
    np.testing.assert_allclose(found, known(CASES[name][key]), rtol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_areas_of_one_class_against_all_others_are_those_of_scikit_learn(name):
    np.testing.assert_allclose(
        [one.roc_auc for one in model(name).one_against_all], known(CASES[name]["roc_auc"]), rtol=1e-9
    )


@pytest.mark.parametrize("name", CASES)
def test_confusion_matrices_of_confident_rows_are_those_of_scikit_learn(name):
    np.testing.assert_array_equal(model(name).confusions(np.array(FOUND["least"])), CASES[name]["confusion"])


@pytest.mark.parametrize("name", CASES)
def test_metrics_are_those_of_the_page_of_class_probabilities(name):
    own = model(name)
    assert own.estimates["accuracy"].value == pytest.approx(float(own.metrics.accuracy))
    assert own.estimates["log_loss"].value == pytest.approx(float(own.metrics.log_loss))
    assert own.estimates["brier"].value == pytest.approx(float(own.metrics.brier))


@pytest.mark.parametrize("name", CASES)
def test_intervals_hold_the_metric(name):
    for found in model(name).estimates.values():
        there = np.isfinite(found.value)
        assert (found.low[there] <= found.value[there]).all()
        assert (found.value[there] <= found.high[there]).all()


def test_resampled_confusion_matrices_are_those_of_resampled_rows():
    own = model("3 classes")
    right = (own.metrics.winner == own.scored.target)[own.bootstrap.order].astype(
        float
    )  # of so few rows each is a group
    np.testing.assert_allclose(accuracy(own.resampled_confusions), own.bootstrap.means(right))


def test_numbers_that_do_not_sum_to_1_are_scores():
    scores = np.array([[2.0, 0.0, -1.0], [0.0, 3.0, 1.0], [-1.0, 0.0, 1.0]])
    scored = ScoredClasses({"scores": scores, "shares": np.full((3, 3), 1 / 3).round(3)}, np.arange(3), "abc")
    assert scored.is_probability == {"scores": False, "shares": True}
    exponentials = np.exp(scores)
    np.testing.assert_allclose(scored.probabilities["scores"], exponentials / exponentials.sum(axis=1, keepdims=True))


def test_rounding_in_a_long_file_changes_no_digit_that_is_shown(monkeypatch):
    random = np.random.default_rng(6)
    target = random.integers(0, 3, 20_000)
    p = random.dirichlet(np.ones(3), 20_000) * 0.5 + 0.5 * random.dirichlet(np.ones(3), 3)[target]
    own = ClassModel(ScoredClasses({"own": p}, target, "abc"), "own", Bootstrap(len(target)))
    exact = [own.ranking(label).roc_auc for label in range(3)]
    monkeypatch.setattr(classes, "MOST_SORTED", 1000)
    assert len(own.ranking(0).score) < len(np.unique(p[:, 0]))
    np.testing.assert_allclose([own.ranking(label).roc_auc for label in range(3)], exact, atol=1e-5)


P = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"models": {}}, "at least one model's probabilities are needed, got none"),
        ({"names": "a"}, "at least 2 classes are needed, got 1"),
        ({"target": np.zeros(3)}, "target must hold several classes"),
        ({"target": np.array([0, 1, 3])}, r"target must be a whole number from 0 to 2, got 3 at \[2\]"),
        ({"models": {"own": P[:2]}}, r"own must have a number for each of 3 rows and 3 classes, got \(2, 3\)"),
        ({"models": {"own": np.full((3, 3), np.nan)}}, "numbers of own must be finite, got nan"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(given, says):
    with pytest.raises(ValueError, match=says):
        ScoredClasses(**({"models": {"own": P}, "target": np.arange(3), "names": "abc"} | given))
