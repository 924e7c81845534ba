"""The picture of an advice: its dots, its sentence and its words are what the experiment found."""

import re

import numpy as np
import pytest
from scipy.stats import binomtest

from core.advice import PREDICTIONS, SEEDS
from core.losses.equivalents import LIBRARIES
from core.stage.table import csv
from core.views import VIEWS
from core.views.which_loss.figure import PANEL, PHONE, TICK_ROOM, ratio_ticks
from core.views.which_loss.presets import PRESETS
from core.views.which_loss.texts import link_of
from pages.site import PAGES
from tests.places import PLACES
from tests.views.texts import filled
from tests.views.which_loss.shown import arrived

ENDS = re.compile(
    r" less(: take it|\. That may be chance: take either|\. That may be chance, and on average it costs [\d.]+ % more"
    r"|, but on average it costs [\d.]+ % more: take it if a few very high costs do no harm)\.$"
)


def moves(word):
    prediction = PREDICTIONS[word]
    factor = prediction.factors(*prediction.begins)[0]
    return [{}, {factor.name: float(factor.values[0])}, {factor.name: float(factor.values[-1])}]


@pytest.mark.parametrize("word", PREDICTIONS)
def test_the_dots_and_the_sentence_are_what_the_experiment_found(word):
    shown = arrived(word)
    for moved in moves(word):
        result = shown.experiment(moved)
        wins, losses = int(result.wins[0]), int(result.losses[0])
        (less,), (more,) = (shown.traces(f"advised costs {which}", 0, moved) for which in ("less", "more"))
        below, above = (trace["y"][np.isfinite(trace["y"])] for trace in (less, more))
        assert (len(below), len(above)) == (wins, losses)
        assert (below < 1).all()
        assert (above > 1).all()
        expected = np.clip(result.ratio[0], 0.01, 100)
        np.testing.assert_allclose(np.concatenate([below, above]), np.r_[expected[:wins], expected[SEEDS - losses :]],
                                   rtol=1e-5)  # fmt: skip
        text = filled(shown.stage.summary, moved)
        if wins > losses:
            assert f"wins in {wins} of {SEEDS} seeds against" in text
            assert ENDS.search(text), text
            if found := re.search(r"costs ([\d.]+) % less", text):
                assert float(found[1]) == pytest.approx(100 * result.saving[0], rel=0.06)
        elif losses:
            assert text.startswith("Here ")
            assert f"wins in {losses} of {SEEDS} seeds against" in text
        else:
            assert "cost the same in all" in text


@pytest.mark.parametrize("word", PREDICTIONS)
def test_the_key_and_the_curves_are_those_of_the_experiment(word):
    shown = arrived(word)
    for moved in moves(word):
        result = shown.experiment(moved)
        for reading, costs, curve, name in zip(
            shown.stage.readings, (result.best, result.other), (result.best_curve, result.other_curve),
            ("advised", "other"), strict=True,
        ):  # fmt: skip
            (number,) = reading.cells[0].slots.values()
            assert float(shown.row(number, moved)) == pytest.approx(costs.mean(), rel=1e-4)
            assert len(reading.cells) == len(shown.stage.headings)
            (trace,) = shown.traces(name, 1, moved)
            drawn = trace["y"][np.isfinite(trace["y"])]
            np.testing.assert_allclose(drawn, curve[0].ravel(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("word", PREDICTIONS)
def test_the_sentence_weighs_chance_and_what_is_dearer_on_average(word):
    kinds = set()
    for data, cost in PREDICTIONS[word].advice:
        asked = {"data": data, "cost": cost}
        shown = arrived(word, **{param.name: asked[param.name] for param in VIEWS[f"which_{word}"].params})
        result, text = shown.experiment({}), filled(shown.stage.summary, {})
        wins, losses = int(result.wins[0]), int(result.losses[0])
        if wins == losses == 0:
            continue
        by_chance = binomtest(wins, wins + losses).pvalue > 0.05
        taken, left = (result.best, result.other) if wins > losses else (result.other, result.best)
        more = 100 * (taken.mean() / left.mean() - 1)
        kinds.add("either" if by_chance else "dearer" if more > 1.05 else "take it" if more < 0.95 else "near")
        if by_chance != (abs(wins - losses) < 1.96 * np.sqrt(wins + losses)):
            continue  # the exact test and the normal one differ at the rim
        assert by_chance == ("That may be chance" in text), text
        if abs(more - 1) > 0.05:
            found = re.search(r"on average it costs ([\d.]+) % more", text)
            assert bool(found) == (more > 1), text
            assert not found or float(found[1]) == pytest.approx(more, rel=0.06)
    assert "take it" in kinds
    if word == "number":
        assert kinds >= {"either", "dearer"}


def test_what_is_taken_follows_the_experiment():
    shown = arrived("number")
    answer, code = shown.stage.cards[:2]
    for moved, name, call in (
        ({}, "Huber at δ = 3", "delta=3"),
        ({"noise": 1.0}, "Huber at δ = 1.5", "delta=1.5"),
        ({"outliers": 0.0}, "MSE", "mse_loss"),
    ):
        assert filled(answer.text, moved).startswith(f"#### Take {name}\n\n**Why:** ")
        assert call in filled(code.code["PyTorch"], moved)
        assert set(code.code) == set(LIBRARIES)


def test_code_of_a_decision_has_its_threshold():
    shown = arrived("two_classes", ratio="50")
    code = shown.stage.cards[1].code["NumPy"]
    assert filled(code, shown.values).endswith("# predict positive where sigmoid(pred) >= 0.0196")
    (line,) = shown.traces("advised threshold", 1, shown.values)
    np.testing.assert_allclose(line["y"], 1 / 51, rtol=1e-4)


@pytest.mark.parametrize("word", PREDICTIONS)
def test_what_to_know_of_a_program_stands_beside_it(word):
    shown = arrived(word)
    losses = {method.loss.short: method.loss for method in (shown.advice.best, shown.advice.other)}
    for library, note in shown.stage.cards[1].notes.items():
        own = {name: loss.equivalents[library].note for name, loss in losses.items() if library in loss.equivalents}
        assert note == "\n\n".join(f"{name}: {text}" for name, text in own.items() if text)


@pytest.mark.parametrize("word", PREDICTIONS)
def test_a_second_best_loss_that_is_not_tried_says_so(word):
    shown = arrived(word)
    advice = shown.advice
    assert shown.experiment({}).holds[0]
    end = "." if advice.second == advice.other.key else " (not in this experiment)."
    second = f"**Second best:** {advice.best.losses[advice.second].name}{end}"
    assert second in filled(shown.stage.cards[0].text, {})


@pytest.mark.parametrize("low", [0.01, 0.1, 0.3, 0.7, 0.8])
@pytest.mark.parametrize("high", [1.25, 1.5, 2.5, 8.0, 100.0])
@pytest.mark.parametrize("pixels", [PHONE, PANEL])
def test_numbers_on_the_axis_of_ratios_keep_apart(low, high, pixels):
    ticks = ratio_ticks(low, high, pixels)
    places = np.log10(ticks["tickvals"]) / np.log10(high / low) * pixels
    assert len(places) > 1
    assert np.diff(places).min() >= TICK_ROOM
    assert 1.0 in ticks["tickvals"]
    assert ticks["ticktext"] == [f"{value:g}" for value in ticks["tickvals"]]


def test_the_table_has_a_row_for_each_seed():
    shown = arrived("number", cost="over", data="plain")
    moved = {"ratio": 5.0}
    result = shown.experiment(moved)
    lines = csv(shown.stage, moved).splitlines()
    assert lines[0] == "seed,cost under Quantile,cost under MSE"
    assert len(lines) == SEEDS + 1
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines[1:]])
    np.testing.assert_allclose(rows[:, 1:], np.stack([result.best[0], result.other[0]], axis=1), rtol=1e-9)


CLAIMS = {  # what the sentence of a preset's picture says
    "Heavy tails": r"MAE wins in 1[5-9]\d of 200 seeds against MSE\. .* costs [1-4](\.\d)? % less",
    "Too high costs 3 times": r"Quantile at τ = 0\.25 wins in 19\d of 200",
    "Too low costs 5 times": r"Quantile at τ = 0\.833 wins in (19\d|200) of 200",
    "Large counts": r"Poisson wins in 1\d\d of 200 seeds against MSLE",
    "Fraud, 0.1 %": r"BCE at threshold 0\.0099 wins",
    "Cancer screening": r"BCE at threshold 0\.00498 wins in 200",
    "Loan approval": r"BCE at threshold 0\.923 wins in 200",
    "Right labels": r"Here Cross-entropy wins in 200 of 200 seeds against GCE",
    "Anchors that miss": r"EIoU wins in 200 of 200 seeds against IoU",
    "Objects of all sizes": r"EIoU wins in 1[5-9]\d of 200 seeds against Smooth L1",
    "Lesion of 1 %": r"Dice at threshold 0\.5 wins in 200 of 200 seeds against Pixel BCE at threshold 0\.5",
    "A missed pixel costs 20": r"Pixel BCE at w₊ = 20 and threshold 0\.5 wins in 200 of 200 seeds against Dice",
    "A learning rate that is too small": r"BCE \(rate by its loss\) wins in 200 of 200",
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_what_it_says(name):
    words = dict(PRESETS[name].address)
    shown = arrived(words.pop("predict", "number"), **words)
    assert re.match(CLAIMS[name], filled(shown.stage.summary, shown.values))


VIEWS_OF = {  # the view that a link of the answer opens
    "number": "regression_curves", "count": "regression_curves", "two_classes": "imbalance_decisions",
    "classes": "class_train", "labels": "class_example", "mistakes": "imbalance_accuracy",
    "boxes": "box_descent", "masks": "mask_gradients",
}  # fmt: skip


@pytest.mark.parametrize("word", PREDICTIONS)
def test_the_link_of_an_answer_opens_a_page_that_has_both_losses(word):
    (link,) = arrived(word).stage.cards[0].links
    (page,) = (one for one in PAGES if one.path == link.page)
    words = {name: text for name, text in link.query.items() if name != "losses"}
    assert words in [place.query for place in PLACES.values() if (place.page, place.view) == (page.key, VIEWS_OF[word])]
    for advice in PREDICTIONS[word].advice.values():
        query = link_of(word, advice).query
        if "losses" in query:
            read = VIEWS[VIEWS_OF[word]].param("losses").read(query["losses"])
            assert set(read) == {advice.best.key, advice.other.key}
