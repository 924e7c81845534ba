"""Scores and labels: what is drawn and written is what the rows come to, in every frame."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest
from scipy.special import expit, logit

from core.evaluation.scored import Scored
from core.sentences import LONGEST, plain_name
from core.stage.encode import payload
from core.stage.standalone import page
from core.stage.table import csv
from core.views.your_data.scores import HEADINGS, MOST_MODELS, scores_stage
from tests.pages.test_words import long_sentences, of_stage, private
from tests.views.texts import filled

LARGEST = 700_000  # bytes of a payload
SHIFT = np.log(5.0)
COST, PREVALENCE, THRESHOLD = "cost", "prevalence", "threshold"


def made(
    count=400, *, rate=-1.0, sharpness=1.0, amounts=False, weights=False, names=("calibrated", "weighted", "margin")
):
    """Models that are calibrated, that were trained with a weight of 5, and whose scores are no probabilities."""
    random = np.random.default_rng(11)
    z = random.normal(rate, 1.5, count)
    target = (random.random(count) < expit(z)).astype(float)
    scores = [expit(sharpness * z), expit(z + SHIFT), 10 * (z + random.normal(size=count)) + 3]
    models = dict(zip(names, (scores * 2)[: len(names)], strict=True))
    amount = random.exponential(30.0, count) if amounts else None
    weight = random.integers(1, 4, count).astype(float) if weights else None
    return Scored(models, target, amount, weight)


FILES = {
    "probabilities": {"names": ("calibrated", "weighted")},
    "one model": {"names": ("own",)},
    "rare positives": {"count": 2000, "rate": -5.0},
    "rare negatives": {"count": 2000, "rate": 4.0},
    "amounts": {"amounts": True},
    "weights and amounts": {"weights": True, "amounts": True},
    "six models": {"names": tuple("abcdef")},
    "few rows": {"count": 12},
    "confident models": {"sharpness": 9.0, "count": 2000, "names": ("too confident",)},
}


@pytest.fixture(scope="module", params=FILES)
def pair(request):
    """A file and its stage."""
    scored = made(**FILES[request.param])
    return scored, scores_stage(scored)


def ends(stage):
    """The sliders at their starts, and each at either end."""
    yield {}
    for slider in stage.sliders:
        for value in (slider.values[0], slider.values[-1]):
            yield {slider.key: float(value)}


def test_every_file_is_a_valid_figure_of_a_bounded_size(pair):
    stage = pair[1]
    go.Figure(stage.figure.to_plotly_json())
    assert len(payload(stage)) <= LARGEST


def test_every_frame_is_in_the_payload(pair):
    stage = pair[1]
    assert [slider.label.split(",")[0].split(" (")[0] for slider in stage.sliders] == [
        "Decision threshold", "Cost of a false negative", "Prevalence", "Undo a weight of positives in training",
    ]  # fmt: skip
    assert {slider.key for slider in stage.moving} == {slider.key for slider in stage.sliders}
    assert not any(slider.recomputed for slider in stage.sliders)
    for slider in stage.sliders:
        assert (np.diff(slider.values.round(10)) > 0).all()  # so they are encoded
        assert [slider.read(f"{value:g}") for value in slider.values] == slider.values.tolist()


def test_numbers_beside_the_picture_are_those_of_the_rows(pair):
    scored, stage = pair
    amount = np.ones(len(scored)) if scored.amount is None else scored.amount
    for values in ends(stage):
        threshold, cost, prevalence = (slider.values[slider.frame_at(values)] for slider in stage.sliders[:3])
        odds = scored.odds_ratio(prevalence)
        counts = scored.mass * np.where(scored.target == 1, odds, 1.0)
        for number, name in enumerate(scored.names):
            predicted = scored.ordered(name) >= scored.cut(name, threshold)
            cells = {heading: text.slots["0"].row(values)
                     for heading, text in zip(HEADINGS, stage.readings[number].cells, strict=True)}  # fmt: skip
            found = counts @ (predicted * scored.target)
            with np.errstate(invalid="ignore"):
                np.testing.assert_allclose(cells["precision"], found / (counts @ predicted))
            assert cells["recall"] == pytest.approx(found / (counts @ scored.target))
            wrong = np.where(scored.target == 1, cost * amount, 1.0) * (predicted != scored.target)
            assert cells["cost per row"] == pytest.approx(counts @ wrong / counts.sum())
            grid = [cell.number.slots["0"].row(values) for cell in stage.grids[number].cells]
            scale = scored.mass.sum() / counts.sum()
            by_hand = [counts @ ((predicted == p) & (scored.target == y)) for y, p in ((1, 0), (1, 1), (0, 0), (0, 1))]
            np.testing.assert_allclose(grid, scale * np.array(by_hand), atol=0.051)


def test_points_are_on_their_curves_at_the_threshold(pair):
    scored, stage = pair
    for name in scored.names:
        number = scored.names.index(name)
        for values in ends(stage):
            cells = [text.slots["0"].row(values) for text in stage.readings[number].cells]
            x = stage.drawn("at the threshold", "x", "y3")[number].row(values)
            y = stage.drawn("at the threshold", "y", "y3")[number].row(values)
            np.testing.assert_allclose([y[0], x[0]], cells[:2])


def test_no_drawn_cost_is_below_that_of_the_cheapest_threshold(pair):
    scored, stage = pair
    for number, name in enumerate(scored.names):
        for values in ends(stage):
            (least,) = stage.drawn("cheapest threshold", "y", "y")[number].row(values)
            costs = stage.drawn(name, "y", "y")[0].row(values)
            assert costs.min() >= least - 1e-9
            assert least <= 1 + 1e-9  # never worse than without a model


def test_the_sentence_is_about_the_cheapest_model_and_says_why(pair):
    scored, stage = pair
    for values in ends(stage):
        text = filled(stage.summary, values)
        assert text.startswith(tuple(f"{name}: " for name in scored.names))
        assert "calibrated probabilities would have it at " in text
        as_in_file = stage.slider(PREVALENCE).frame_at(values) == stage.slider(PREVALENCE).start
        assert ("1/(1 + c) = " in text) == (scored.amount is None and as_in_file)


def test_a_weight_in_training_is_seen_as_missing_calibration():
    stage = scores_stage(made(20_000, names=("calibrated", "weighted")))
    one = scores_stage(Scored({"weighted": made(20_000).models["weighted"]}, made(20_000).target))
    assert "about the same" in filled(stage.summary, {COST: 5})
    assert "too high there, not calibrated" in filled(one.summary, {COST: 5})
    few = made(60)
    assert "too few rows" in filled(scores_stage(few).summary, {COST: 100.0})


def test_scores_that_are_no_probabilities_are_said_to_be_none():
    stage = scores_stage(made())
    notes = [filled(reading.note, {}) for reading in stage.readings]
    assert "are probabilities: their mean is" in notes[0]
    assert "are not probabilities. Platt scaling" in notes[2]
    alone = Scored({"margin": made().models["margin"]}, made().target)
    label = scores_stage(alone).sliders[0].labels[3]
    assert "(score " in label
    text = filled(scores_stage(alone).summary, {}).replace("−", "-")
    best, score = map(float, re.findall(r"threshold is (\S+) .* a score of (\S+) in the file", text)[0])
    slope, intercept = alone.platt["margin"]
    assert score == pytest.approx((logit(best) - intercept) / slope, rel=2e-3, abs=2e-3)
    probable = Scored({"p": made().models[made().names[0]]}, made().target)
    assert "in the file" not in filled(scores_stage(probable).summary, {})


def test_names_are_shown_as_plain_text():
    names = ("<b>one</b>{0}", "$x$ | `two`\n*three*", "n" * 200)
    stage = scores_stage(made(names=names))
    text = filled(stage.summary, {})
    assert "{0}" not in text
    header = payload(stage) and page(stage, {})
    assert "<b>one" not in header
    assert len(plain_name(names[2])) == LONGEST
    assert not any("<math" in card.text.template for card in stage.cards)


def test_a_table_holds_every_threshold_of_every_model(pair):
    scored, stage = pair
    lines = csv(stage, {COST: 10}).splitlines()
    assert lines[0] == "model,threshold,tp,fp,fn,tn,precision,recall,cost"
    assert len(lines) == 1 + len(scored.names) * len(stage.sliders[0].values)


def test_words_are_the_fields_and_sentences_short(pair):
    texts = list(of_stage(pair[1]))
    assert private(texts) == []
    assert long_sentences(texts) == []


def test_too_many_models_are_refused():
    names = [f"m{number}" for number in range(MOST_MODELS + 1)]
    scored = made(names=("own",))
    with pytest.raises(ValueError, match=f"at most {MOST_MODELS} models fit into one picture, got {MOST_MODELS + 1}"):
        scores_stage(Scored(dict.fromkeys(names, scored.models["own"]), scored.target))


def test_calibration_is_drawn_in_bins_of_as_many_rows_each():
    for count, bins in ((75, 5), (3000, 10)):
        scored = made(count, names=("own",))
        stage = scores_stage(scored)
        x, y = (stage.drawn("own", axis, "y5")[0].row() for axis in "xy")
        order = np.argsort(scored.models["own"])
        parts = np.array_split(order, bins)
        np.testing.assert_allclose(x, [scored.models["own"][rows].mean() for rows in parts], atol=1e-9)
        np.testing.assert_allclose(y, [scored.target[rows].mean() for rows in parts], atol=1e-9)


def test_a_weight_is_undone_in_the_calibration_and_in_its_metrics():
    scored = made(4000, names=("calibrated", "weighted"))
    stage = scores_stage(scored)
    p, y = scored.models["weighted"], scored.target
    for weight in (1.0, 5.0, 20.0):
        right = p / (p + weight * (1 - p))
        x, observed = (stage.drawn("weighted, weight undone", axis)[0].row({"weight": weight}) for axis in "xy")
        if weight == 1:
            assert np.isnan(x).all()
        else:
            bins = np.array_split(np.argsort(p), len(x))
            np.testing.assert_allclose(x, [right[rows].mean() for rows in bins], atol=2e-3)
            np.testing.assert_allclose(observed, [y[rows].mean() for rows in bins], atol=6e-3)
        half = np.random.default_rng(1).permutation(len(y))[1::2]  # the rows that measure
        q, label = right[half], y[half]
        loss, brier = -np.log(np.where(label == 1, q, 1 - q)).mean(), ((q - label) ** 2).mean()
        text = filled(stage.cards[2].text, {"weight": weight})
        weighted = text.partition("**weighted**")[2]
        cells = re.search(rf"Weight {weight:g} undone \| (\S+) \| (\S+) \|", weighted).groups()
        np.testing.assert_allclose([float(cell) for cell in cells], [loss, brier], rtol=2e-3)


def test_scores_that_are_no_probabilities_have_no_weight_to_undo():
    scored = made(names=("own",))
    margins = Scored({"margin": 10 * logit(scored.models["own"])}, scored.target)
    assert "weight" not in {slider.key for slider in scores_stage(margins).sliders}


def test_percentages_under_the_calibration_curve_have_room():
    x = scores_stage(made(20_000, rate=-7.0)).figure.layout.xaxis5
    gaps = np.diff(x.tickvals) / np.ptp(x.range)
    assert len(gaps) > 0
    assert gaps.min() >= 0.2
