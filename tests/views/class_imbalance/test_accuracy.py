"""Accuracy on a rare class: the dots, the bars and the sentence are those of the examples and the trained model."""

import numpy as np
import pytest

from core.models.imbalance.data import SHARES
from core.models.imbalance.sample import EXAMPLES
from core.stage.encode import payload
from core.views.class_imbalance.accuracy_figure import METRICS, MODELS
from core.views.kit import theme
from tests.views.class_imbalance.shown import Counts, arrived

LARGEST = 60_000  # bytes of the payload
CASES = [
    {},
    {"share": "0.001"},
    {"share": "0.001", "model": "1"},
    {"share": "0.5", "model": "2", "threshold": "0.0001"},
    {"share": "0.1", "model": "2", "overlap": "much", "seed": "3"},
    {"share": "0.02", "model": "2", "threshold": "0.9999", "overlap": "none"},
]
cases = pytest.mark.parametrize("words", CASES, ids=str)


def by_hand(shown, model):
    """The counts of a model on the examples that the table of the picture lists."""
    table = shown.stage.table(shown.values)
    chance = {"Always negative": 0.0, "Always positive": 1.0}.get(model, table["BCE probability"])
    return Counts.of(table["label"], np.broadcast_to(chance, EXAMPLES) >= shown.at("threshold", {}))


@cases
def test_the_dots_are_1000_examples_at_exactly_the_share_that_the_slider_says(words):
    shown = arrived("accuracy", words)
    share, model = shown.at("share", {}), list(MODELS)[int(shown.at("model", {}))]
    own, places = by_hand(shown, model), []
    for name, count in zip(theme.OUTCOMES, (own.tp, own.fn, own.fp, own.tn), strict=True):
        (dots,) = shown.traces(name, 0, {})
        there = np.isfinite(dots["y"])
        assert there.sum() == count
        places += zip(dots["x"][there], dots["y"][there], strict=True)
    assert len(set(places)) == EXAMPLES == own.all
    assert own.tp + own.fn == pytest.approx(share * EXAMPLES)


@cases
def test_the_bars_the_table_and_the_sentence_are_the_metrics_of_each_model(words):
    shown = arrived("accuracy", words)
    drawn = list(MODELS)[int(shown.at("model", {}))]
    for model, reading in zip(MODELS, shown.stage.readings, strict=True):
        own = by_hand(shown, model)
        numbers = [getattr(own, metric) for metric in METRICS]
        written = ["–" if np.isnan(value) else f"{100 * value:.3g} %" for value in numbers]
        assert [shown.sentence(cell, {}) for cell in reading.cells] == written
        faint, filled = shown.traces(model, 1, {})
        np.testing.assert_allclose(faint["x"][2::6], numbers)
        assert np.isfinite(filled["x"]).any() == (model == drawn)
    own = by_hand(shown, drawn)
    name = f"BCE at a threshold of {shown.at('threshold', {}):g}" if drawn == "BCE" else drawn
    assert shown.sentence(shown.stage.summary, {}).startswith(
        f"{name} is right {own.tp + own.tn:,} of 1,000 times and finds {own.tp} of {own.tp + own.fn} "
        f"positive{'s' * (own.tp + own.fn != 1)}: "
    )


def test_at_one_in_a_thousand_always_negative_is_right_999_times_and_finds_nothing():
    shown = arrived("accuracy", {"share": "0.001"})
    assert shown.sentence(shown.stage.summary, {}) == (
        "Always negative is right 999 of 1,000 times and finds 0 of 1 positive: its accuracy is 99.9 %, its recall 0 %."
    )


def test_what_the_task_says():
    """At its first threshold the trained model is about as accurate as one that finds nothing; it finds some."""
    shown = arrived("accuracy")
    always, _, bce = (by_hand(shown, model) for model in MODELS)
    assert abs(bce.accuracy - always.accuracy) < 0.01
    assert always.recall == 0 < bce.recall
    recall = shown.stage.readings[2].cells[1]
    lower = [float(shown.sentence(recall, {"threshold": at})[:-2]) for at in (0.5, 0.05, 0.001)]
    assert lower == sorted(lower)
    assert lower[-1] > lower[0]


def test_the_trained_model_is_calibrated_on_the_examples_and_sorts_each_class():
    table = arrived("accuracy", {"share": "0.5"}).stage.table({"share": 0.5})
    assert table["BCE probability"].mean() == pytest.approx(0.5, abs=0.03)
    for label in (1, 0):
        assert (np.diff(table["BCE probability"][table["label"] == label]) <= 0).all()


def test_its_payload_is_small():
    assert len(payload(arrived("accuracy", {"share": "0.5", "model": "2"}).stage)) < LARGEST


def test_every_share_of_the_slider_is_said_as_it_is():
    slider = arrived("accuracy").stage.slider("share")
    np.testing.assert_array_equal(slider.values, SHARES)
    assert [float(label.removesuffix(" %")) for label in slider.labels] == pytest.approx(list(100 * SHARES))
    assert slider.values[0] == 0.001
