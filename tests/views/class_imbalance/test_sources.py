"""Where a loss comes from: the shares that are drawn and told are those of the examples, before training and after."""

import csv
import io

import numpy as np
import pytest
from scipy.special import expit

from core.losses import LOSSES
from core.models.objectives import OBJECTIVES
from core.stage.table import csv as saved
from tests.views.class_imbalance.shown import arrived

WEIGHT = "weighted_binary_cross_entropy.pos_weight"
CASES = {
    "at its defaults": ({}, {"share": 0.1}),
    "weighted": ({WEIGHT: "68", "share": "0.03"}, {WEIGHT: 2.2}),
    "focal": ({"losses": "focal,brier", "focal.gamma": "5", "focal.alpha": "0.75"}, {"focal.gamma": 0.5}),
    "margins": ({"losses": "hinge,squared_hinge,exponential,class_balanced", "points": "400", "share": "0.3"},
                {"class_balanced.beta": 0.9}),
    "real": ({"data": "short_lives"}, {"focal.alpha": 0.05}),
}  # fmt: skip
MOVES = [
    pytest.param(words, move, id=f"{name}-{'moved' if move else 'still'}")
    for name, (words, away) in CASES.items()
    for move in ({}, away)
]
moves = pytest.mark.parametrize(("words", "moved"), MOVES)
GROUPS = ("hard positives", "easy positives", "easy negatives", "hard negatives")


def by_hand(shown, key, moved):
    """[loss and gradient, before and after, groups]: the shares, from the loss of each example and its slope."""
    data, params = shown.split(moved).train, shown.params(key, moved)
    y = data.target
    loss = LOSSES.get(key) or LOSSES["weighted_binary_cross_entropy"]
    if key == "class_balanced":  # Cui et al.: the effective number of a class is (1 - beta^n)/(1 - beta)
        negatives, positives = (1 - params["beta"] ** n for n in (np.sum(y == 0), np.sum(y == 1)))
        params = {"pos_weight": negatives / positives}
    shares = []
    for z in (np.zeros(len(y)), shown.raw(key, "train", moved)):
        easy = np.where(y == 1, expit(z), expit(-z)) > 0.5
        members = [(y == 1) & ~easy, (y == 1) & easy, (y == 0) & easy, (y == 0) & ~easy]
        for each in (loss.value(z, y, **params), np.abs(loss.grad(z, y, **params))):
            shares.append([each[own].sum() / each.sum() for own in members])
    return np.array(shares).reshape(2, 2, 4).swapaxes(0, 1)


def bars(shown, panel, moved):
    """The widths of the bars [losses, before and after, groups]."""
    widths = []
    for group in GROUPS:
        x = np.stack([trace["x"] for trace in shown.traces(group, panel, moved)])
        widths.append(np.ptp(x.reshape(-1, 2, 6)[..., :5], axis=-1))
    return np.stack(widths, axis=-1)


@moves
def test_shares_add_up_and_are_those_of_the_examples(words, moved):
    shown = arrived("sources", words)
    drawn = np.stack([bars(shown, panel, moved) for panel in (0, 1)], axis=1)
    np.testing.assert_allclose(drawn.sum(axis=-1), 1, atol=1e-9)
    for number, key in enumerate(shown.losses):
        np.testing.assert_allclose(drawn[number], by_hand(shown, key, moved), atol=1e-9, err_msg=key)


@moves
def test_the_numbers_are_those_of_the_bars(words, moved):
    shown = arrived("sources", words)
    for key, reading in zip(shown.losses, shown.stage.readings, strict=True):
        loss, gradient = by_hand(shown, key, moved)
        positives = [loss[0, :2].sum(), loss[1, :2].sum(), gradient[1, :2].sum()]
        shares = [shown.number(cell, moved) for cell in reading.cells]
        np.testing.assert_allclose(shares, 100 * np.array(positives), rtol=1e-9)
        expected = f"{100 * positives[1]:.4g} % of {OBJECTIVES[key].short} (easy negatives {100 * loss[1, 2]:.4g} %)"
        assert expected in shown.sentence(shown.stage.summary, moved)


@pytest.mark.parametrize("share", [0.001, 0.03, 0.5])
@pytest.mark.parametrize("weight", [1.0, 10.0, 100.0])
def test_before_training_the_classes_share_the_loss_by_their_counts_times_their_weights(share, weight):
    words = {"losses": "binary_cross_entropy,weighted_binary_cross_entropy", "share": f"{share:g}"}
    shown = arrived("sources", words)
    positives, negatives = share * 2000, (1 - share) * 2000
    plain, weighted = (shown.number(reading.cells[0], {WEIGHT: weight}) for reading in shown.stage.readings)
    assert plain == pytest.approx(100 * share)
    assert weighted == pytest.approx(100 * weight * positives / (weight * positives + negatives))


@moves
def test_after_training_both_classes_have_half_of_the_gradient(words, moved):
    """The level's slope is the difference of the two shares; at a kink there is no slope."""
    shown = arrived("sources", words)
    for number, key in enumerate(shown.losses):
        if OBJECTIVES[key].smooth:
            assert bars(shown, 1, moved)[number, 1, :2].sum() == pytest.approx(0.5, abs=1e-6)


def lines(shown, key, moved):
    """The weight of an example [negative and positive, points], over the probability of its true class."""
    traces = shown.traces(OBJECTIVES[key].short, 2, moved)
    return traces[0]["x"], np.stack([trace["y"] for trace in traces])


@pytest.mark.parametrize(("gamma", "alpha"), [(0, 0.5), (2, 0.25), (5, 0.75), (6, 0.05)])
def test_focal_weighs_an_example_by_its_modulating_factor(gamma, alpha):
    words = {"losses": "focal", "points": "400", "share": "0.1"}
    shown = arrived("sources", words | {"focal.gamma": str(gamma), "focal.alpha": str(alpha)})
    p, weight = lines(shown, "focal", {})
    alpha_t = np.array([[1 - alpha], [alpha]])
    np.testing.assert_allclose(weight, alpha_t * (1 - p) ** gamma, rtol=1e-9)


@pytest.mark.parametrize("w", [1.0, 10.0, 100.0])
def test_a_weight_is_the_positives_and_no_more(w):
    words = {"losses": "binary_cross_entropy,weighted_binary_cross_entropy", "points": "400", "share": "0.1"}
    shown = arrived("sources", words)
    _, weighted = lines(shown, "weighted_binary_cross_entropy", {WEIGHT: w})
    np.testing.assert_allclose(weighted, np.array([[1.0], [w]]) * np.ones(weighted.shape), rtol=1e-9)
    _, plain = lines(shown, "binary_cross_entropy", {WEIGHT: w})
    np.testing.assert_allclose(plain, 1.0, rtol=1e-9)


def test_a_loss_of_all_examples_together_says_that_it_has_no_parts():
    shown = arrived("sources", {"losses": "binary_cross_entropy,soft_f1,dice", "points": "400", "share": "0.1"})
    plain, *whole = shown.stage.readings
    assert all(cell.slots for cell in plain.cells)
    drawn = bars(shown, 0, {})
    assert np.isfinite(drawn[0]).all()
    assert np.isnan(drawn[1:]).all()
    for number, reading in enumerate(whole, start=1):
        assert [cell.template for cell in reading.cells[:2]] == ["–", "–"]
        assert shown.number(reading.cells[2], {}) == pytest.approx(50, abs=1e-4)  # but every example has a gradient
        assert bars(shown, 1, {})[number].sum(axis=-1) == pytest.approx([1, 1])
    sentence = shown.sentence(shown.stage.summary, {})
    assert sentence.endswith("Soft F1 and Dice are one number for the whole batch: no example has a share.")
    assert "nan" not in sentence


@moves
def test_the_table_holds_what_is_drawn(words, moved):
    shown = arrived("sources", words)
    rows = list(csv.DictReader(io.StringIO(saved(shown.stage, {**shown.values, **moved}))))
    order = [(key, when, group) for key in shown.losses for when in ("before", "after") for group in GROUPS]
    assert [(row["loss"], row["training"], row["examples"]) for row in rows] == order
    for panel, name in enumerate(("share of the loss", "share of the gradient")):
        shares = [float(row[name] or "nan") for row in rows]
        np.testing.assert_allclose(shares, bars(shown, panel, moved).ravel(), atol=1e-9)
