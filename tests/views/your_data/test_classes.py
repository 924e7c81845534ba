"""Several classes: what is drawn and written is what the rows come to, in every frame."""

import numpy as np
import plotly.graph_objects as go
import pytest
from scipy.special import softmax

from core.evaluation.classes import ScoredClasses
from core.stage.encode import payload
from core.stage.table import csv
from core.views.your_data.classes import MOST_CLASS_MODELS, MOST_CLASSES, classes_stage
from tests.pages.test_words import long_sentences, of_stage, private
from tests.views.texts import filled

LARGEST = 700_000  # bytes of a payload


def made(count=400, classes=3, *, models=2, seed=5, names=None):
    """Probabilities of the first model, scores of the others."""
    random = np.random.default_rng(seed)
    target = random.integers(0, classes, count)
    scores = [random.normal(size=(count, classes)) + (2 - 0.3 * number) * np.eye(classes)[target]
              for number in range(models)]  # fmt: skip
    given = {f"model {number}": score if number else softmax(score, axis=1) for number, score in enumerate(scores)}
    return ScoredClasses(given, target, names or [f"class {label}" for label in range(classes)])


FILES = {
    "three": {},
    "many": {"count": 900, "classes": MOST_CLASSES, "models": MOST_CLASS_MODELS},
    "few rows": {"count": 5, "models": 1},
    "long names": {"names": ["n" * 100, "n" * 101, "<b>{0}|$x$"]},
}


@pytest.fixture(scope="module", params=FILES)
def pair(request):
    """A file and its stage."""
    scored = made(**FILES[request.param])
    return scored, classes_stage(scored)


def test_it_is_a_valid_figure_of_a_bounded_size(pair):
    go.Figure(pair[1].figure.to_plotly_json())
    assert len(payload(pair[1])) <= LARGEST
    assert {slider.key for slider in pair[1].moving} == {"confidence", "class"}


def test_numbers_beside_the_picture_are_those_of_the_rows(pair):
    scored, stage = pair
    for value in (0.0, 0.5, stage.sliders[0].values[-1]):
        values = {"confidence": stage.sliders[0].nearest(value)}
        for number, p in enumerate(scored.probabilities.values()):
            rows = p.max(axis=1) >= values["confidence"]
            share, right, _ = (text.slots["0"].row(values) for text in stage.readings[number].cells)
            assert share == pytest.approx(rows.mean())
            wins = p.argmax(axis=1)[rows]
            if rows.any():
                assert right == pytest.approx((wins == scored.target[rows]).mean())
            cells = np.array([cell.number.slots["0"].row(values) for cell in stage.grids[number].cells])
            by_hand = np.zeros((len(scored.names),) * 2)
            np.add.at(by_hand, (scored.target[rows], wins), 1)
            np.testing.assert_array_equal(cells, by_hand.ravel())


def test_the_curves_are_those_of_the_chosen_class():
    scored = made()
    stage = classes_stage(scored)
    for label in range(3):
        recall, precision = (stage.drawn("model 0", axis, "y3")[0].row({"class": float(label)}) for axis in "xy")
        p, is_class = scored.probabilities["model 0"][:, label], scored.target == label
        rows = p >= np.quantile(p, 0.5)
        here = np.array([(is_class & rows).sum() / is_class.sum(), (is_class & rows).sum() / rows.sum()])
        assert np.nanmin(np.hypot(recall - here[0], precision - here[1])) < 0.02
        assert recall[-1] == 1


def test_the_sentence_ends_and_is_short_in_every_frame(pair):
    stage = pair[1]
    for value in stage.sliders[0].values:
        text = filled(stage.summary, {"confidence": float(value)})
        assert text.endswith("it is right.")
        assert "–" not in text
    assert private(of_stage(stage)) == []
    assert long_sentences(of_stage(stage)) == []


def test_a_table_has_a_row_for_each_model_and_class(pair):
    scored, stage = pair
    lines = csv(stage, {}).splitlines()
    assert lines[0] == "model,class,rows,predicted,precision,recall,f1,roc_auc"
    assert len(lines) == 1 + len(scored.models) * len(scored.names)


def test_too_many_classes_or_models_are_refused():
    with pytest.raises(ValueError, match=f"at most {MOST_CLASSES} classes fit into one picture, got"):
        classes_stage(made(classes=MOST_CLASSES + 1))
    with pytest.raises(ValueError, match=f"at most {MOST_CLASS_MODELS} models fit into one picture, got"):
        classes_stage(made(models=MOST_CLASS_MODELS + 1))
