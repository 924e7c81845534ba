"""One example: what is drawn and written of it is what the definitions give, wherever the sliders stand."""

import math

import numpy as np
import pytest
from scipy.special import expit, softmax

from core.losses import LOSSES
from core.stage.table import csv
from tests.views.class_probabilities.shown import arrived

CROSS_ENTROPY = "categorical_cross_entropy"
SCORES, CHANCES, GRADIENTS, SURPRISE = range(4)  # panels
WORDS = {"score_a": "1.5", "score_b": "2.345", "temperature": "0.5"}
MOVES = [{}, {"score_a": -6.0}, {"score_c": 6.0}, {"temperature": 10.0}, {"smoothing": 0.2}]


def by_hand(shown, moved, target=(1.0, 0.0, 0.0)):
    """Scores, softmax and target."""
    z = np.array([shown.at(f"score_{letter}", moved) for letter in "abc"])
    part = shown.at("smoothing", moved)
    return z, softmax(z / shown.at("temperature", moved)), (1 - part) * np.array(target) + part / 3


def heights(shown, name, moved, panel=CHANCES):
    """Of the bars of this name: an outline has six points, and the second is at the top."""
    (bars,) = shown.traces(name, panel, moved)
    return bars["y"].reshape(-1, 6)[:, 1]


def tips(shown, name, moved):
    """The ends of a loss's arrows: each shaft has a gap before it."""
    shafts, _ = shown.traces(name, GRADIENTS, moved)
    return shafts["y"].reshape(-1, 3)[:, 2]


@pytest.mark.parametrize("moved", MOVES, ids=str)
def test_bars_arrows_and_surprise_are_those_of_the_definitions(moved):
    shown = arrived(WORDS)
    z, q, t = by_hand(shown, moved)
    np.testing.assert_allclose(heights(shown, "scores", moved, SCORES), z)
    np.testing.assert_allclose(heights(shown, "softmax", moved), q)
    np.testing.assert_allclose(heights(shown, "target", moved), t)
    temperature = shown.at("temperature", moved)
    np.testing.assert_allclose(tips(shown, "Cross-entropy", moved), (q - t) / temperature, atol=1e-12)
    for letter, chance, right in zip("ABC", q, t, strict=True):
        (dot,) = shown.traces(letter, SURPRISE, moved)
        np.testing.assert_allclose(dot["x"], [chance])
        np.testing.assert_allclose(dot["y"], [-math.log(chance) if right else np.nan])


@pytest.mark.parametrize("moved", [*MOVES, {"rate": 10.0}, {"multiclass_focal.gamma": 0.0}], ids=str)
def test_the_key_gives_each_loss_before_and_after_a_step(moved):
    shown = arrived(WORDS)
    z, _, t = by_hand(shown, moved)
    temperature, rate = shown.at("temperature", moved), shown.at("rate", moved)
    for key, reading in zip(shown.choice["losses"], shown.stage.readings, strict=True):
        own = {param.name: shown.at(f"{key}.{param.name}", moved) for param in LOSSES[key].params
               if param.name != "label_smoothing"}  # fmt: skip
        after = z - rate * LOSSES[key].grad(z / temperature, t, **own) / temperature
        found = [float(shown.row(cell.lives[0], moved)) for cell in reading.cells]
        expected = [float(LOSSES[key].value(scores / temperature, t, **own)) for scores in (z, after)]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
        (dots,) = shown.traces(f"{LOSSES[key].short} after a step", CHANCES, moved)
        np.testing.assert_allclose(dots["y"], softmax(after / temperature), atol=1e-12)


def test_the_sentence_says_the_surprise_in_nats_and_in_bits():
    shown = arrived({"score_a": "2.89", "score_b": "0", "score_c": "0"})
    sentence = shown.sentence(shown.stage.summary, {})
    assert sentence.startswith("The right answer A has probability 0.9: a surprise of 0.1054 nats or 0.1521 bits, ")
    wrong = arrived({"score_a": "0", "score_b": "2.197", "score_c": "-6"})
    assert "a surprise of 2.303 nats or 3.322 bits, perplexity 10." in wrong.sentence(wrong.stage.summary, {})
    after = wrong.traces("Cross-entropy after a step", CHANCES, {})[0]["y"][0]
    assert wrong.sentence(wrong.stage.summary, {}).endswith(
        f"One step of Cross-entropy makes the probability {after:.4g}."
    )


def test_of_several_right_answers_it_says_the_least_that_is_possible():
    shown = arrived({"target": "soft"})
    least = -sum(p * math.log(p) for p in (0.6, 0.3, 0.1))
    _, q, t = by_hand(shown, {}, (0.6, 0.3, 0.1))
    sentence = shown.sentence(shown.stage.summary, {})
    assert f"the cross-entropy, is {-(t @ np.log(q)):.4g} nats" in sentence
    assert f"No softmax comes below {least:.4g} nats" in sentence
    two = arrived({"target": "two"})
    assert "No softmax comes below 0.6931 nats" in two.sentence(two.stage.summary, {})


def test_sigmoids_are_drawn_where_a_loss_has_them():
    shown = arrived({"target": "two", "losses": f"{CROSS_ENTROPY},one_vs_rest_cross_entropy"})
    z, _, _ = by_hand(shown, {})
    np.testing.assert_allclose(heights(shown, "sigmoid of each class", {}), expit(z))
    np.testing.assert_allclose(heights(shown, "target", {}), [0.5, 0.5, 0])
    np.testing.assert_allclose(tips(shown, "One-vs-rest", {}), expit(z) - [1, 1, 0])
    assert "sigmoid of each class" not in {name for name, _ in arrived({}).places}


@pytest.mark.parametrize(
    ("words", "moved", "named"),
    [
        ({"scale": "large", "score_a": "1000", "score_b": "0", "score_c": "0"}, {}, "NaN"),
        ({"scale": "large", "score_a": "1000", "score_b": "0", "score_c": "0"}, {"score_a": 60.0}, ""),
        ({"scale": "large", "score_a": "-120", "score_b": "0", "score_c": "0"}, {}, "infinity"),
        ({}, {}, ""),
    ],
)
def test_an_overflow_is_named_where_numpy_has_one(words, moved, named):
    shown = arrived(words)
    z, _, _ = by_hand(shown, moved)
    with np.errstate(all="ignore"):
        powers = np.exp(z.astype(np.float32))
        naive = -np.log(powers / powers.sum())[0]
    assert {"NaN": np.isnan, "infinity": np.isinf, "": np.isfinite}[named](naive)
    sentence = shown.sentence(shown.stage.summary, moved)
    assert ("as its formula is written" in sentence) == bool(named)
    assert f"that is {named}." in sentence or not named


def test_each_score_is_dragged_by_its_dot_and_nothing_else():
    shown = arrived({"classes": "5"})
    handles = {shown.stage.figure.data[handle.trace].name: handle for handle in shown.stage.handles}
    assert set(handles) == {f"Score of {letter}" for letter in "ABCDE"}
    for name, handle in handles.items():
        assert shown.stage.slider(handle.y).label == name
        assert not handle.x


@pytest.mark.parametrize("temperature", ["0.1", "0.5", "10"])
def test_the_axis_of_gradients_holds_every_arrow_of_the_link(temperature):
    shown = arrived({"temperature": temperature})
    largest = max(np.abs(tips(shown, LOSSES[key].short, {})).max() for key in shown.choice["losses"])
    high = shown.stage.figure.layout.yaxis3.range[1]
    assert largest <= high


def test_extremes_of_every_slider_leave_numbers():
    losses = ",".join(("reverse_kl_divergence", "crammer_singer_hinge", "jensen_shannon", "kl_divergence"))
    for words in ({"losses": losses}, {"losses": losses, "scale": "large", "target": "two"}, {"classes": "5"}):
        shown = arrived(words)
        for slider in shown.stage.sliders:
            for value in slider.values[[0, -1]]:
                moved = {slider.key: float(value)}
                assert heights(shown, "softmax", moved).sum() == pytest.approx(1)
                assert "–" not in shown.sentence(shown.stage.summary, moved)
                assert not any(shown.sentence(cell, moved) == "–" for one in shown.stage.readings for cell in one.cells)


def test_the_table_has_every_number_in_full():
    shown = arrived(WORDS)
    z, q, t = by_hand(shown, {})
    lines = [line.split(",") for line in csv(shown.stage, shown.values).splitlines()]
    columns = {name: [row[at] for row in lines[1:]] for at, name in enumerate(lines[0])}
    assert columns["class"] == ["A", "B", "C"]
    for name, expected in (("score", z), ("softmax", q), ("target", t), (f"{CROSS_ENTROPY} gradient", (q - t) / 0.5)):
        np.testing.assert_allclose(np.array(columns[name], dtype=float), expected, rtol=1e-10)
