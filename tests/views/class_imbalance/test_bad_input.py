"""Too few positives, scores that are all the same, classes that are parted: a sentence, and never an exception."""

import csv
import io

import numpy as np
import pytest
from scipy.special import expit

from core.stage import Sweep
from core.stage.encode import payload
from core.stage.table import csv as saved
from core.views import VIEWS
from core.views.class_imbalance.cards import table
from tests.models.imbalance.test_report import assert_so, report
from tests.views.class_imbalance.shown import ORDER, Counts, arrived
from tests.views.texts import filled

FEW = {"points": "400"}
HARD = {
    "no positive": FEW | {"share": "0.001"},
    "one positive, to learn from": FEW | {"share": "0.002"},
    "one in each set": FEW | {"share": "0.005"},
    "all scores equal": FEW | {"share": "0.015", "overlap": "much", "losses": "hinge,soft_f1", "threshold": "0.27"},
    "nothing is called": FEW | {"data": "ring", "share": "0.005", "overlap": "much", "losses": "hinge,soft_f1"},
    "no loss is left": FEW | {"overlap": "none", "losses": "hinge,squared_hinge", "share": "0.5"},
    "parted": FEW | {"overlap": "none", "losses": "exponential,squared_hinge,focal", "share": "0.5"},
    "ring": FEW | {"data": "ring", "overlap": "none", "features": "quadratic", "share": "0.5"},
    "at every end": FEW | {"share": "0.5", "threshold": "0.0001", "cost": "100", "focal.gamma": "6",
                           "focal.alpha": "0.95", "weighted_binary_cross_entropy.pos_weight": "100"},
}  # fmt: skip
hard = pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in HARD.items()])


@hard
def test_it_is_shown_and_told_in_whole_sentences(words):
    for show in ("decisions", "sources"):
        own = words if show == "decisions" else {key: words[key] for key in words if key not in ("threshold", "cost")}
        shown = arrived(show, own)
        assert len(payload(shown.stage)) < 700_000
        for text in (shown.stage.summary, *(row.note for row in shown.stage.readings if row.note)):
            for ends in [{}] + [
                {slider.key: float(slider.values[end])} for slider in shown.stage.sliders for end in (0, -1)
            ]:
                sentence = shown.sentence(text, ends)
                assert sentence.endswith(".")
                assert "–" not in sentence
    sentences = report(arrived(words=words)).sentences()
    assert all(sentence.endswith(".") and "nan" not in sentence for sentence in sentences)
    if report(arrived(words=words)).plain.test_scores is not None:
        assert_so(arrived(words=words))
    made = report(arrived(words=words))
    assert "nan" not in filled(table(made.losses, [made], Sweep()), {})


def test_without_a_positive_to_learn_from_there_is_no_model_and_it_is_said_everywhere():
    shown = arrived(words=HARD["no positive"])
    why = "the training set has no positive: there is nothing to learn"
    for reading in shown.stage.readings[:-1]:
        assert shown.sentence(reading.note, {}) == f"{why}."
        assert np.isnan([shown.number(cell, {}) for cell in reading.cells]).all()
    for name in ("BCE", "Weighted BCE", "Focal"):
        assert f"{name} has nothing to learn from" in shown.sentence(shown.stage.summary, {})
    for grid in shown.stage.grids:
        assert np.isnan([shown.number(cell.number, {}) for cell in grid.cells]).all()
    sentences = report(shown).sentences()
    assert f"{why.capitalize()}." in sentences
    for rows in report(shown).groups().values():
        for name, entries in rows.items():
            assert {entry.text for entry in entries[:-1]} == {"–" if name == "Threshold" else "no model"}
    # The same picture, at shares where there is something to learn.
    assert shown.sentence(shown.stage.readings[0].note, {"share": 0.5}).startswith("converged in ")


def test_an_only_positive_is_learned_from_and_none_is_left_to_judge_by():
    shown = arrived(words=HARD["one positive, to learn from"])
    split = shown.split({})
    assert (split.train.target.sum(), split.test.target.sum()) == (1, 0)
    assert report(shown).sentences()[0].startswith("None of the 199 points of the test set is positive")
    here, _, whole, *_ = report(shown).groups().values()
    for entries in (here["Recall (sensitivity)"], whole["Area under the ROC curve"][:-1]):
        assert {entry.text for entry in entries} == {"undefined: there are no positives"}
    assert "finds 0 of 0 positives" in shown.sentence(shown.stage.summary, {})


def test_of_one_positive_it_is_said_that_everything_rests_on_it():
    first, *_ = report(arrived(words=HARD["one in each set"])).sentences()
    assert first == "Only 1 of the 200 points of the test set is positive: every number about positives rests on it."


def test_scores_that_are_all_the_same_are_judged_as_they_are():
    shown = arrived(words=HARD["all scores equal"])
    score = shown.score("hinge", "test", {})
    assert np.ptp(score) < 1e-9
    assert score[0] == pytest.approx(-1)
    sentences = report(shown).sentences()
    (sentence,) = [sentence for sentence in sentences if sentence.startswith("**Hinge**")]
    assert sentence.startswith("**Hinge** predicts nothing positive at a score of −0.9946.")
    _, _, whole, *_ = report(shown).groups().values()
    assert whole["Area under the ROC curve"][0].text == "0.5"
    fn, tp, tn, fp = (shown.number(cell.number, {"threshold": 0.26}) for cell in shown.stage.grids[0].cells)
    assert (fn, tn) == (0, 0)  # a threshold just below calls every point
    assert tp + fp == len(score)


@pytest.mark.parametrize("share", ["0.05", "0.5"])  # with rounding in the way, and without
def test_where_all_loss_is_gone_nobody_has_a_part_in_it(share):
    shown = arrived("sources", HARD["no loss is left"] | {"share": share})
    hinge, squared = shown.stage.readings
    assert np.isnan(shown.number(hinge.cells[1], {}))
    assert np.isfinite(shown.number(squared.cells[1], {}))
    assert "no share of Hinge (the loss is 0)" in shown.sentence(shown.stage.summary, {})
    nothing = arrived("sources", HARD["no positive"])
    assert "no share of Focal (nothing to learn from)" in nothing.sentence(nothing.stage.summary, {})
    assert "no share" not in nothing.sentence(nothing.stage.summary, {"share": 0.5})


@pytest.mark.parametrize("name", ["parted", "ring"])
def test_of_parted_classes_it_is_said_that_the_penalty_holds_the_weights(name):
    shown = arrived(words=HARD[name])
    shape = {"linear": "line", "quadratic": "curve"}[shown.choice["features"]]
    for key, reading in zip(shown.losses, shown.stage.readings, strict=False):
        score, y = shown.score(key, "train", {}), shown.split({}).train.target
        assert score[y == 1].min() > score[y == 0].max()
        assert shown.fit(key, {}).summary in shown.sentence(reading.note, {})
        assert f"{shown.fit(key, {}).summary}.".endswith(
            f"a {shape} separates the classes, so only the penalty keeps the weights finite.")  # fmt: skip
        assert np.abs(shown.fit(key, {}).weights).max() < 1000


@hard
def test_the_file_holds_every_point_of_the_test_set_and_agrees_with_the_matrix(words):
    shown = arrived(words=words)
    data = shown.split({}).test
    text = saved(shown.stage, shown.values)
    assert "nan" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(data)
    names = list(rows[0])
    assert names[:3] == [*map(str, data.variables), data.positive]
    points = np.array([[float(row[name]) for name in names[:3]] for row in rows])
    np.testing.assert_allclose(points, np.column_stack([data.features, data.target]), rtol=1e-11)
    for key, grid in zip(shown.losses, shown.stage.grids, strict=True):
        score, p, called = (
            np.array([float(row[f"{key} {name}"] or "nan") for row in rows])
            for name in ("score", "Platt-scaled probability" if key in ORDER else "probability", "predicted")
        )
        (_, (fn, tp)), (_, (tn, fp)) = grid.rows
        matrix = [shown.number(cell.number, {}) for cell in (tp, fp, fn, tn)]
        if not data.target.any() and words is HARD["no positive"]:
            assert np.isnan([*score, *p, *called, *matrix]).all()
            continue
        np.testing.assert_allclose(score, shown.raw(key, "test", {}), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(p, expit(shown.log_odds(key, {})), rtol=1e-4, atol=1e-9)
        assert set(called) <= {0, 1}
        assert vars(Counts.of(data.target, called == 1)) == dict(zip(("tp", "fp", "fn", "tn"), matrix, strict=True))


BAD = {
    "losses": ["binary_cross_entropi", "zero_one", "huber", ""],
    "data": ["fraud"], "features": ["cubic"], "overlap": ["all"], "points": ["4", "1000000"], "seed": ["-1", "1000"],
}  # fmt: skip
OUT = {
    "threshold": ["0", "1", "2", "-1", "nan", "inf"],
    "share": ["0", "0.6", "-0.1", "1e-9", "nan"],
    "cost": ["0", "1e9", "nan"],
    "weighted_binary_cross_entropy.pos_weight": ["0", "1e9", "-1", "nan"],
    "focal.gamma": ["-1", "1e9"],
    "focal.alpha": ["0", "1", "2"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_a_choice_that_there_is_not_is_refused_in_one_sentence(name, text):
    for show in ("decisions", "sources"):
        param = VIEWS[f"imbalance_{show}"].param(name)
        with pytest.raises(ValueError, match=rf"^(unknown )?{name} [^\n]+$"):
            param.read(text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in OUT.items() for text in texts])
def test_a_slider_cannot_be_put_outside_its_range(name, text):
    view = VIEWS["imbalance_decisions"]
    (slider,) = [slider for slider in view.choose().picture.sliders if slider.key == name]
    with pytest.raises(ValueError, match=rf"^{name} must be a number from [\d.e-]+ to [\d.]+, got '{text}'$"):
        slider.read(text)
