"""The triangles of /class-probabilities: what is drawn and notes is what the losses give."""

from __future__ import annotations

import numpy as np
import pytest

from core.losses import LOSSES
from core.losses.link import SOFTMAX
from core.stage.encode import payload
from core.views import VIEWS
from core.views.class_probabilities.simplex.texts import NOTES
from core.views.class_probabilities.simplex.view import TEMPERATURES
from tests.stage.samples import Decoded
from tests.views.class_probabilities.shown import arrived
from tests.views.texts import filled

VIEW = VIEWS["class_simplex"]
TRIO = VIEW.defaults["losses"]
OTHERS = ("multiclass_brier", "one_vs_rest_cross_entropy", "crammer_singer_hinge")
CHOICES = {losses: arrived({"view": "simplex", "losses": ",".join(losses)}) for losses in (TRIO, OTHERS)}
MOVES = [{}, {"p_a": 0.2}, {"b_of_rest": 0.1}, {"p_a": 1.0}, {"p_a": 0.0}]
OWN = [{"categorical_cross_entropy.label_smoothing": 0.3}, {"multiclass_focal.gamma": 5.0}]
CASES = [(losses, moved) for losses in CHOICES for moved in MOVES] + [(TRIO, moved) for moved in OWN]


def true(shown, moved):
    a, share = shown.at("p_a", moved), shown.at("b_of_rest", moved)
    return np.array([a, (1 - a) * share, (1 - a) * (1 - share)])


def params(shown, key, moved):
    return {param.name: shown.at(f"{key}.{param.name}", moved) for param in LOSSES[key].params}


def place(q):
    return q[1] + q[0] / 2, q[0]


def spot(shown, name, panel, moved):
    (found,) = shown.traces(name, panel, moved)
    return found["x"].item(), found["y"].item()


@pytest.mark.parametrize(("losses", "moved"), CASES)
def test_the_ring_is_at_the_true_probabilities_and_the_mark_where_the_loss_is_least(losses, moved):
    shown = CHOICES[losses]
    p = true(shown, moved)
    for panel, key in enumerate(losses):
        loss = LOSSES[key]
        best = loss.estimates.best(p, **params(shown, key, moved))
        q = (loss.link or SOFTMAX).probabilities(best)
        assert spot(shown, "true", panel, moved) == pytest.approx(place(p), abs=1e-12)
        assert spot(shown, f"{loss.short} asked", panel, moved) == pytest.approx(place(q), abs=1e-12)


@pytest.mark.parametrize(("losses", "moved"), CASES)
def test_the_map_is_lowest_near_the_mark_and_its_heights_are_the_expected_loss(losses, moved):
    shown = CHOICES[losses]
    p = true(shown, moved)
    for panel, key in enumerate(losses):
        loss, own = LOSSES[key], params(shown, key, moved)
        (drawn,) = shown.traces("expected loss", panel, moved)
        x, y = np.meshgrid(drawn["x"], drawn["y"])
        inside = np.isfinite(drawn["z"])
        q = np.stack([y, x - y / 2, 1 - x - y / 2], axis=-1)
        np.testing.assert_array_equal(inside, (q > -1e-9).all(axis=-1))
        middle = (q > 0.05).all(axis=-1)  # nearer to a side a probability of 0 is taken as a small one
        z = (loss.link or SOFTMAX).scores(q[middle])
        costs = sum(p[label] * loss.value(z, np.full(len(z), label), **own) for label in range(3))
        best = loss.estimates.best(p, **own)
        least = sum(p[label] * loss.value(best, label, **own) for label in range(3))
        heights = drawn["z"][middle] ** 2  # the share of the highest
        scale = (costs - least).max() / heights.max()
        np.testing.assert_allclose(heights * scale, costs - least, atol=0.02 * scale)
        assert np.nanmax(drawn["z"]) == 1
        assert np.nanmin(drawn["z"]) >= 0


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_diamond_has_the_same_scores_divided_by_the_temperature(temperature):
    shown = CHOICES[TRIO]
    moved = {"temperature": float(temperature)}
    for panel, key in enumerate(TRIO):
        q = LOSSES[key].estimates.best(true(shown, moved), **params(shown, key, moved)) / temperature
        found = spot(shown, f"{LOSSES[key].short} after T", panel, moved)
        if temperature == 1:
            assert np.isnan(found).all()  # it would be where the other mark is
        else:
            assert found == pytest.approx(place(SOFTMAX.probabilities(q)), abs=1e-12)
        note = shown.sentence(shown.stage.readings[panel + 1].note, moved)
        assert ("◇" in note) == (temperature != 1)


def test_losses_without_a_softmax_have_no_temperature():
    shown = arrived({"view": "simplex", "losses": "crammer_singer_hinge,one_vs_rest_cross_entropy"})
    assert [slider.key for slider in shown.stage.sliders] == ["p_a", "b_of_rest"]
    assert "◇" not in [entry.symbol for entry in shown.stage.legend]


def test_the_sentences_at_the_start():
    shown = CHOICES[TRIO]
    assert shown.sentence(shown.stage.summary, {}) == (
        "Cross-entropy asks for exactly the true probabilities; Multiclass focal is up to 11.1 points off the "
        "true probabilities; GCE is up to 30.8 points off the true probabilities."
    )
    others = CHOICES[OTHERS]
    assert others.sentence(others.stage.summary, {"p_a": 0.4}) == (
        "Multiclass Brier asks for exactly the true probabilities; One-vs-rest asks for exactly the true "
        "probabilities; Crammer-Singer asks for a tie."
    )
    assert others.sentence(others.stage.readings[-1].note, {}).startswith("It asks for a score of A that leads by 1.")


@pytest.mark.parametrize(("losses", "moved"), CASES)
def test_the_points_in_the_sentences_are_the_largest_difference(losses, moved):
    shown = CHOICES[losses]
    p = true(shown, moved)
    for reading, key in zip(shown.stage.readings[1:], losses, strict=True):
        loss = LOSSES[key]
        if loss.link is None:
            continue
        q = loss.link.probabilities(loss.estimates.best(p, **params(shown, key, moved)))
        off = 100 * np.abs(q - p).max()
        note = shown.sentence(reading.note, moved)
        if off < 1e-7:
            assert note.startswith("It asks for exactly the true probabilities")
        else:
            assert f"up to {off:.1f}".removesuffix(".0") + " points away" in note
            assert ("more confident" in note) == (q.max() > p.max())
        assert [float(shown.row(cell.lives[0], moved)) for cell in reading.cells[:3]] == pytest.approx(q, abs=5e-4)


def test_every_kind_of_answer_has_a_sentence_that_some_picture_says():
    corner = arrived({"view": "simplex", "losses": "generalized_cross_entropy", "generalized_cross_entropy.s": "1"})
    pictures = [
        (CHOICES[TRIO], {}),
        (CHOICES[TRIO], {"p_a": 1.0}),
        (CHOICES[OTHERS], {}),
        (CHOICES[OTHERS], {"p_a": 0.4}),
    ]
    pictures += [(corner, {}), (arrived({"view": "simplex", "losses": "generalized_cross_entropy", "p_a": "0.5",
                                         "b_of_rest": "1", "generalized_cross_entropy.s": "1"}), {})]  # fmt: skip
    notes = [shown.sentence(one.note, moved) for shown, moved in pictures for one in shown.stage.readings[1:]]
    begins = {kind: sentence.partition("{")[0] for kind, sentence in NOTES.items()}
    assert [kind for kind, begin in begins.items() if not any(one.startswith(begin) for one in notes)] == []


def test_a_draft_holds_the_map_and_the_marks_at_the_ring_and_is_small():
    choice = VIEW.choose()
    draft = choice.around({"p_a": 0.4567, "b_of_rest": 0.2345}, draft=True)
    packed = payload(draft.stage, draft=True)
    assert len(packed) < 15_000
    head = Decoded.of(packed).head
    attributes = [track["attribute"] for track in head["tracks"]]
    assert attributes.count("z") == len(TRIO)
    assert not any(track["live"]["sweep"] for track in head["tracks"])
    whole = choice.around({"p_a": 0.4567, "b_of_rest": 0.2345}).stage
    at = {"p_a": 0.4567, "b_of_rest": 0.2345}
    for quick, full in zip(draft.stage.tracks, whole.tracks, strict=True):
        np.testing.assert_allclose(quick.live.row(at), full.live.row(at), rtol=1e-9)
    assert filled(draft.stage.summary, at) == filled(whole.summary, at)


def test_the_table_has_the_expected_loss_of_every_prediction():
    shown = CHOICES[OTHERS]
    table = shown.stage.table({"p_a": 0.2})
    q = np.stack([table[name] for name in "ABC"], axis=-1)
    np.testing.assert_allclose(q.sum(axis=-1), 1)
    brier = ((q[:, None] - np.eye(3)) ** 2).sum(axis=-1) @ true(shown, {"p_a": 0.2})
    inside = q.min(axis=-1) > 0
    np.testing.assert_allclose(table["multiclass_brier"][inside], brier[inside], atol=0.01)


@pytest.mark.parametrize("key", VIEW.param("losses").options)
def test_the_curve_of_one_loss_is_what_it_asks_for_at_every_probability(key):
    shown, loss = arrived({"view": "simplex", "losses": key}), LOSSES[key]
    for moved in ({}, {"p_a": 0.2}, {"b_of_rest": 0.1}):
        (drawn,) = shown.traces(f"{loss.short} asks", 1, moved)
        a, share = drawn["x"], shown.at("b_of_rest", moved)
        p = np.stack([a, (1 - a) * share, (1 - a) * (1 - share)], axis=-1)
        q = (loss.link or SOFTMAX).probabilities(loss.estimates.best(p, **params(shown, key, moved)))
        np.testing.assert_allclose(drawn["y"], q[:, 0], atol=1e-6)
        x, y = spot(shown, "asked here", 1, moved)
        assert (x, y) == pytest.approx((shown.at("p_a", moved), np.interp(x, a, drawn["y"])), abs=0.02)
