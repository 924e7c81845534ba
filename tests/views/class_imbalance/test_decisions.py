"""The numbers and marks of the picture of decisions are those of the models, wherever the sliders stand."""

import itertools
import math
import re

import numpy as np
import pytest
from scipy.special import expit, logit

from core.models.objectives import OBJECTIVES
from core.sentences import number_text
from core.views.class_imbalance.decision_figure import DRAWN
from tests.views.class_imbalance.shown import ORDER, READ, SHIFTED, Counts, arrived, columns

WEIGHT = "weighted_binary_cross_entropy.pos_weight"
CASES = {
    "at its defaults": ({}, {"share": 0.1}),
    "weighted": ({WEIGHT: "68", "cost": "50", "threshold": "0.11", "focal.gamma": "5"}, {WEIGHT: 2.2}),
    "frequent": ({"share": "0.3", "focal.alpha": "0.75", "points": "400"}, {"focal.gamma": 0.5}),
    "of a batch": ({"losses": "soft_f1,dice,hinge,brier", "share": "0.1", "points": "400"}, {"soft_f1.smooth": 10.0}),
    "balanced": ({"losses": "class_balanced,exponential", "features": "quadratic"}, {"class_balanced.beta": 0.9999}),
    "ring": ({"data": "ring", "features": "quadratic", "overlap": "much"}, {"share": 0.5}),
    "real": ({"data": "short_lives", "cost": "0.2"}, {"focal.gamma": 6.0}),
}  # fmt: skip
# Each as it stands, and with one slider of each kind moved.
MOVES = [
    pytest.param(words, move, id=f"{name}-{','.join(map(str, move)) or 'still'}")
    for name, (words, away) in CASES.items()
    for move in ({}, {"threshold": 0.0001}, {"threshold": 0.16}, {"threshold": 0.9999}, {"cost": 0.05}, away)
]
moves = pytest.mark.parametrize(("words", "moved"), MOVES)
cases = pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, (words, _) in CASES.items()])
PRECISION, ROC, CALIBRATION = range(3)


@moves
def test_the_matrix_and_the_numbers_are_those_of_the_test_set(words, moved):
    shown = arrived(words=words)
    positives = int(shown.split(moved).test.target.sum())
    for key, grid, reading in zip(shown.losses, shown.stage.grids, shown.stage.readings, strict=False):
        own = shown.counts(key, moved)
        (_, (fn, tp)), (_, (tn, fp)) = grid.rows
        found = Counts(*(int(shown.number(cell.number, moved)) for cell in (tp, fp, fn, tn)))
        assert found == own
        assert found.tp + found.fn == positives
        shares = [shown.row(cell.share, moved) for cell in (fn, tp, tn, fp)]
        rest = [1 - own.recall, own.recall, own.specificity, 1 - own.specificity]
        np.testing.assert_allclose(shares, rest, atol=1e-12)
        numbers = [shown.number(cell, moved) for cell in reading.cells]
        by_hand = [own.precision, own.recall, own.accuracy, own.cost(shown.at("cost", moved))]
        np.testing.assert_allclose(numbers, by_hand, rtol=1e-9)
    assert [grid.name for grid in shown.stage.grids] == [OBJECTIVES[key].short for key in shown.losses]


@moves
def test_never_calling_anything_positive_is_in_the_table_with_its_accuracy_and_cost(words, moved):
    shown = arrived(words=words)
    *_, baseline = shown.stage.readings
    assert baseline.name == "Always negative"
    rate = shown.split(moved).test.target.mean()
    precision, recall, accuracy, cost = baseline.cells
    assert (precision.template, recall.template) == ("–", "0")
    assert shown.number(accuracy, moved) == pytest.approx(1 - rate)
    assert shown.number(cost, moved) == pytest.approx(shown.at("cost", moved) * rate)


@moves
def test_the_moving_points_lie_where_the_table_says_and_on_their_curves(words, moved):
    shown = arrived(words=words)
    shared = 2 * len(shown.losses)
    t = shown.at("threshold", moved)
    for number, key in enumerate(shown.losses):
        own, name = shown.counts(key, moved), OBJECTIVES[key].short
        places = {PRECISION: (own.recall, own.precision), ROC: (1 - own.specificity, own.recall)}
        for panel, place in places.items():
            point = shown.traces("at the threshold", shared + panel, moved)[number]
            np.testing.assert_allclose([float(point["x"]), float(point["y"])], place, atol=1e-12)
            (curve,) = shown.traces(name, shared + panel, moved)
            if np.isfinite(place).all():  # a curve has 96 of its points: some are left out, but none far away
                away = np.abs(curve["x"] - place[0]) + np.abs(curve["y"] - place[1])
                spans = np.ptp(curve["x"]) + np.abs(np.diff(curve["y"])).sum()
                assert np.nanmin(away) <= spans / 95 + 1e-9
        point = shown.traces("at the threshold", shared + CALIBRATION, moved)[number]
        (curve,) = shown.traces(name, shared + CALIBRATION, moved)
        if key in ORDER:
            assert np.isnan([*curve["x"], *curve["y"], point["y"]]).all()
            continue
        x, y = (curve[letter][np.isfinite(curve[letter])] for letter in "xy")
        assert point["x"] == [t]
        if x[0] <= t <= x[-1]:
            assert float(point["y"]) == pytest.approx(np.interp(t, x, y))
        else:
            assert np.isnan(point["y"])


def all_cuts(target, score):
    """What comes of each decision that can be made."""
    levels = np.unique(score)
    tried = [-np.inf, *((levels[1:] + levels[:-1]) / 2), np.inf]
    return [Counts.of(target, score >= cut) for cut in tried]


def f1(counts):
    return 2 * counts.tp / (2 * counts.tp + counts.fn + counts.fp)


@cases
def test_marks_of_the_best_thresholds_are_those_of_the_training_set(words):
    shown, between = arrived(words=words), 0
    shared = 2 * len(shown.losses)
    for number, key in enumerate(shown.losses):
        seen, target = shown.score(key, "train", {}), shown.split({}).train.target
        test_scores, truth = shown.score(key, "test", {}), shown.split({}).test.target
        decisions = all_cuts(target, seen)
        for name, miss in (("Cheapest", shown.at("cost", {})), ("Cheapest", 1.0), ("Best F1", 1.0)):
            good = f1 if name == "Best F1" else lambda counts, miss=miss: -counts.cost(miss)
            (mark,) = shown.traces(name, len(shown.losses) + number, {"cost": miss})
            cut = float(mark["x"][0])
            if abs(cut) >= 9.2:  # at the edge of the picture, or beyond it
                continue
            between += 1
            assert good(Counts.of(target, seen >= cut)) == pytest.approx(max(map(good, decisions)), abs=1e-12)
            own = Counts.of(truth, test_scores >= cut)
            for panel, place in {
                PRECISION: (own.recall, own.precision),
                ROC: (1 - own.specificity, own.recall),
            }.items():
                at = shown.traces(name, shared + panel, {"cost": miss})[number]
                np.testing.assert_allclose([at["x"][0], at["y"][0]], place, atol=1e-12)
    assert between >= 2 * len(shown.losses)


@moves
def test_calibration_is_the_frequency_in_ten_bins_of_probability(words, moved):
    shown = arrived(words=words)
    target = shown.split(moved).test.target
    panel = 2 * len(shown.losses) + CALIBRATION
    for key in shown.losses:
        (curve,) = shown.traces(OBJECTIVES[key].short, panel, moved)
        points = [] if key in ORDER else observed(target, expit(shown.score(key, "test", moved)))
        assert_drawn(curve, points, 1e-9)
        thin = f"{OBJECTIVES[key].short} {'Platt-scaled' if key in ORDER else 'corrected'}"
        if key in ORDER or key in SHIFTED:
            (curve,) = shown.traces(thin, panel, moved)
            assert_drawn(curve, observed(target, expit(shown.log_odds(key, moved))), 1e-5)
        else:
            assert thin not in [name for name, _ in shown.places]


def observed(target, p):
    """Mean probability and frequency in each bin that holds any."""
    points = []
    for bin in range(10):
        inside = (p > bin / 10) & (p <= (bin + 1) / 10) | ((bin == 0) & (p == 0))
        if inside.any():
            points.append((p[inside].mean(), target[inside].mean()))
    return points


def assert_drawn(curve, points, rtol):
    found = np.stack([curve["x"], curve["y"]], axis=1)
    np.testing.assert_allclose(found[: len(points)], np.reshape(points, (-1, 2)), rtol=rtol, atol=1e-12)
    assert np.isnan(found[len(points) :]).all()


@moves
def test_a_histogram_holds_every_point_of_its_class(words, moved):
    shown = arrived(words=words)
    target = shown.split(moved).test.target
    for number, key in enumerate(shown.losses):
        score = shown.score(key, "test", moved)
        for label in (0, 1):
            (outline,) = shown.traces(f"class {label}", len(shown.losses) + number, moved)
            edges, heights = outline["x"][::2], outline["y"][1:-1:2]
            np.testing.assert_array_equal(outline["y"][2:-1:2], heights)
            assert outline["y"][0] == outline["y"][-1] == 0
            assert heights.max() == pytest.approx(0.85)
            own = score[target == label]
            confusion_by_hand = [((own >= low) & (own < high)).sum() for low, high in itertools.pairwise(edges)]
            confusion_by_hand[0] += (own < edges[0]).sum()
            confusion_by_hand[-1] += (own >= edges[-1]).sum()
            assert sum(confusion_by_hand) == len(own)
            np.testing.assert_allclose(heights / heights.sum(), np.divide(confusion_by_hand, len(own)), atol=1e-12)


@moves
def test_the_map_is_the_score_and_its_line_is_where_the_threshold_is(words, moved):
    shown = arrived(words=words)
    seen = shown.split(moved).train.features
    for number, key in enumerate(shown.losses):
        (score_map,), (line,) = (shown.traces(name, number, moved) for name in ("score", "boundary"))
        x, y = np.meshgrid(score_map["x"], score_map["y"])
        places = np.stack([x.ravel(), y.ravel()], axis=1)
        by_hand = columns(places, seen, shown.choice["features"]) @ shown.fit(key, moved).weights
        by_hand = READ.get(key, 1.0) * by_hand
        np.testing.assert_allclose(score_map["z"].ravel(), by_hand, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(line["z"], score_map["z"])
        assert float(line["level"][0]) == pytest.approx(logit(shown.at("threshold", moved)))


@cases
def test_the_points_on_a_map_are_of_the_test_set_at_its_share_of_positives(words):
    shown = arrived(words=words)
    ends = [{"share": end} for end in (0.001, 0.5)] if shown.choice["data"] != "short_lives" else []
    for moved in ({}, *ends):
        data = shown.split(moved).test
        one_in = math.ceil(len(data) / DRAWN)
        for label in (0, 1):
            own = {tuple(point) for point in data.features[data.target == label]}
            for number in range(len(shown.losses)):
                (dots,) = shown.traces(f"class {label}", number, moved)
                there = [(x, y) for x, y in zip(dots["x"], dots["y"], strict=True) if np.isfinite(x)]
                assert set(there) <= own
                assert len(set(there)) == len(own) / one_in
        texts = [entry.text for entry in shown.stage.legend if entry.symbol in "●◆"]
        assert [f"1 in {one_in} of the test set" in text for text in texts] == [one_in > 1] * 2


@moves
def test_the_sentence_says_what_each_loss_finds(words, moved):
    shown = arrived(words=words)
    sentence = shown.sentence(shown.stage.summary, moved)
    target = shown.split(moved).test.target
    assert sentence.startswith(f"At a threshold of {shown.at('threshold', moved):g}, ")
    for key in shown.losses:
        own = shown.counts(key, moved)
        at = f", at a score of {logit(shown.at('threshold', moved)):.3g},".replace("-", "−") if key in ORDER else ""
        found = f"finds {own.tp:,} of {target.sum():,.0f} positives (false positives: {own.fp:,})"
        match = f"{OBJECTIVES[key].short}{at} {found}"
        assert re.search(rf"(, |; ){re.escape(match)}[;.]", sentence), (match, sentence)
    assert sentence.endswith(f"has an accuracy of {100 * (1 - target.mean()):.4g} %.")


NOTE = re.compile(
    r"(?P<trained>.+?)\."
    r"(?: Its score estimates (?P<estimates>.+?)\.)?"
    r"(?: Its (?:probabilities|outputs p?) ?add up to (?P<total>[\d.,e-]+) positives \((?P<all>[\d,]+) in the test "
    r"set\); calibration error (?P<error>[\d.e-]+) %, log loss (?P<loss>[\d.e-]+)\.)?"
    r"(?: Without the weight, logit p′ = logit p − log (?P<w>[\d.,]+) or "
    r"p′ = p / \(p \+ (?P<again>[\d.,]+) \(1 − p\)\), they"
    r"| After inverting the relation between score and probability for this loss, they"
    r"| Its score is not a probability\. Platt scaling on the training set turns it into "
    r"p = σ\((?P<slope>-?[\d.e-]+) × score (?P<sign>[+−]) (?P<level>[\d.e-]+)\)\. These)?"
    r"(?: add up to (?P<right>[\d.,e-]+)(?: positives \((?P<there>[\d,]+) in the test set\))?; "
    r"calibration error (?P<right_error>[\d.e-]+) %, "
    r"log loss (?P<right_loss>[\d.e-]+)\.)?"
)


@moves
def test_each_row_says_how_its_model_was_trained_and_what_its_probabilities_are(words, moved):
    shown = arrived(words=words)
    y = shown.split(moved).test.target
    for key, reading in zip(shown.losses, shown.stage.readings, strict=False):
        sentence = shown.sentence(reading.note, moved)
        match = NOTE.fullmatch(sentence)
        assert match, sentence
        assert match["trained"] == shown.fit(key, moved).summary
        assert bool(match["estimates"]) == (key in READ)
        assert bool(match["w"]) == (key in SHIFTED and key != "focal")
        assert bool(match["slope"]) == (key in ORDER) != bool(match["total"])
        assert bool(match["right"]) == (key in ORDER or key in SHIFTED)
        groups = {"total": ("total", "error", "loss", shown.score(key, "test", moved), 1e-9)}
        groups["right"] = ("right", "right_error", "right_loss", shown.log_odds(key, moved), 1e-4)
        for total, error, loss, z, rtol in groups.values():
            if match[total]:
                numbers = [float(match[name].replace(",", "")) for name in (total, error, loss)]
                p = expit(z)
                gap = sum(abs(np.sum(p[own]) - np.sum(y[own])) for own in bins(p)) / len(y)
                by_hand = [p.sum(), 100 * gap, np.logaddexp(0, np.where(y == 1, -z, z)).mean()]
                assert numbers == pytest.approx(by_hand, rel=max(rtol, 6e-4), abs=1e-12)
        assert int((match["all"] or match["there"]).replace(",", "")) == y.sum()
        if match["w"]:
            assert match["w"] == match["again"] == number_text(shown.weight(key, moved))


def bins(p):
    places = np.ceil(10 * p).clip(1, 10)  # an edge belongs to the bin below
    return [places == place for place in np.unique(places)]


@pytest.mark.parametrize("key", ["weighted_binary_cross_entropy", "class_balanced"])
def test_the_identity_that_undoes_a_weight_is_what_the_numbers_do(key):
    """p / (p + w (1 - p)), from the outputs alone."""
    shown = arrived(words={"losses": key, "share": "0.1"})
    (reading, _) = shown.stage.readings
    for moved in ({}, {shown.stage.sliders[2].key: float(shown.stage.sliders[2].values[-1])}):
        p, w = expit(shown.raw(key, "test", moved)), shown.weight(key, moved)
        match = NOTE.fullmatch(shown.sentence(reading.note, moved))
        assert float(match["right"].replace(",", "")) == pytest.approx((p / (p + w * (1 - p))).sum(), rel=6e-4)
        assert float(match["total"].replace(",", "")) == pytest.approx(p.sum(), rel=6e-4)
        # And it helps: the corrected sum is nearer to what there is, and so is the calibration.
        assert float(match["right_error"]) < 0.3 * float(match["error"])
