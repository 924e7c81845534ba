"""The curves of /your-loss are the formula's, whatever its sliders say."""

import numpy as np
import pytest

from core.expression import typed_loss
from core.expression.examples import FORMULA_EXAMPLES
from core.expression.typed_loss import ADDRESS_WORDS, loss_of
from core.losses import LOSSES
from core.stage.encode import payload
from core.views import VIEWS
from tests.views.shown import Shown, asked
from tests.views.texts import filled

PANELS = ("value", "grad", "curvature")


def arrived(family, **words):
    return Shown(*asked(f"{family}_typed", words))


def moves(shown):
    """Nothing, and each slider at its ends."""
    own = [slider for slider in shown.stage.sliders if slider.key != "probe"]
    return [{}, *({slider.key: float(slider.values[end])} for slider in own for end in (0, -1))]


@pytest.mark.parametrize("example", FORMULA_EXAMPLES, ids=lambda example: example.title)
def test_the_curves_of_each_example(example):
    shown = arrived(example.family, formula=example.formula)
    loss = typed_loss(example.formula, example.family)
    for moved in moves(shown):
        params = {param.name: shown.at(f"{ADDRESS_WORDS[loss.family]}.{param.name}", moved) for param in loss.params}
        for panel, method in enumerate(PANELS):
            (line,) = [one for one in shown.traces("Your loss", panel, moved) if len(one["x"]) > 1]
            if example.family == "binary":
                pred, target = line["x"], 1.0
            else:
                target = 3.0 if loss.of_residual else shown.at("target", moved)
                pred = target + line["x"]
            expected = getattr(loss, method)(pred, target, **params)
            inside = np.isfinite(expected) & ~np.isnan(line["y"])
            assert inside.mean() > 0.9
            # Beside a corner x is rounded to it.
            apart = np.abs(line["y"] - expected)[inside] > 1e-4 * (1 + np.abs(expected[inside]))
            assert apart.sum() <= 8


def test_a_corner_is_marked_where_the_slope_jumps_and_nowhere_else():
    shown = arrived("regression", formula="min(r^2, cap) + |r| - |r|")
    for cap in (1.0, 4.0):
        (kinks,) = shown.traces("kink", 0, {"your_loss.cap": cap})
        found = np.sort(kinks["x"][~np.isnan(kinks["x"])])
        np.testing.assert_allclose(found, [-np.sqrt(cap), np.sqrt(cap)], atol=1e-6)
    smooth = arrived("regression", formula="r^2 + |r| - |r|")
    assert "kink" not in {trace.name for trace in smooth.stage.figure.data}


def test_each_curve_has_its_dot_in_each_panel_so_that_an_arrow_tells_one_that_is_beyond():
    shown = arrived("regression", formula="max(r,0) + 2 max(-r,0)", losses="squared_error")
    low, high = shown.stage.figure.layout.yaxis3.range
    for panel, expected in enumerate((4.0, 4.0, 2.0)):
        (dot,) = shown.traces(f"{LOSSES['squared_error'].name} probe", panel, {"probe": 2.0})
        assert dot["y"] == pytest.approx(expected)
    assert not low < 2 < high


def test_a_known_loss_stands_beside_it():
    shown = arrived("regression", formula="r^2", losses="huber,tukey")
    for key in ("huber", "tukey"):
        loss = LOSSES[key]
        for panel, method in enumerate(PANELS):
            (line,) = shown.traces(loss.name, panel, {})
            np.testing.assert_allclose(line["y"], getattr(loss, method)(line["x"], 0.0, **loss.starts), atol=1e-9)


def test_the_sentence_has_the_numbers_of_the_probe():
    shown = arrived("regression", formula="2 |r|^3")
    text = filled(shown.stage.summary, {"probe": 2.0})
    assert "At r = 2 your loss is 16 and its gradient 24." in text


def test_a_correction_is_told_on_the_card():
    *_, card, _ = arrived("regression", formula="r^2").stage.cards
    assert r"^ is a power: read as \*\*." in card.text.template


def test_the_diagnosis_is_that_of_the_released_values():
    first, *_ = arrived("regression", formula="min(r^2, cap)").stage.cards
    later, *_ = arrived("regression", formula="min(r^2, cap)", **{"your_loss.cap": "4"}).stage.cards
    assert "It has a corner at r = −1 and 1." in first.text.template
    assert "What it does at cap = 4" in later.text.template
    assert "It has a corner at r = −2 and 2." in later.text.template


def test_the_diagnosis_says_at_which_true_value_it_is_where_the_loss_looks_at_one():
    does, estimates, *_ = arrived("regression", formula="c * abs(p - y) / abs(y)", target="2").stage.cards
    assert "What it does at c = 1 and y = 2" in does.text.template
    assert "What it estimates at c = 1\n" in estimates.text.template  # on samples of its own


@pytest.mark.parametrize(
    "formula", ["1/r", "log(r)", "sqrt(r)", "exp(exp(exp(r)))", "r - r", "1", "where(r > 0, 1, 0)"]
)
def test_what_is_infinite_undefined_or_flat_is_a_picture_too(formula):
    stage = VIEWS["regression_typed"].choose(formula=formula).stage
    assert len(payload(stage)) < 100_000


def evidence(formula, name, moved=None):
    """The x of a mark in the loss's panel that are drawn."""
    shown = arrived("regression", formula=formula)
    drawn = any(trace.name == name for trace in shown.stage.figure.data)
    found = shown.traces(name, 0, moved or {}) if drawn else []
    return [x for one in found for x, y in zip(one["x"], one["y"], strict=True) if np.isfinite(x) and np.isfinite(y)]


def test_the_evidence_of_the_diagnosis_is_drawn_and_follows_the_sliders():
    flat, none = "flat: its gradient is 0, or hardly more", "no finite value"
    assert evidence("min(r^2, cap)", "least") == [0]
    assert min(abs(x) for x in evidence("min(r^2, cap)", flat)) > 1
    assert min(abs(x) for x in evidence("min(r^2, cap)", flat, {"your_loss.cap": 4.0})) > 2
    assert evidence("(r - b)^2", "least", {"your_loss.b": 2.0}) == pytest.approx([2], abs=0.05)
    assert evidence("max(0, |r| - 1)", "least") == pytest.approx([0], abs=1e-5)  # the middle of the bottom
    assert max(evidence("log(r)", none)) == 0
    assert evidence("log(r)", "least") == evidence("r^2", flat) == evidence("r^2", none) == []
    assert evidence("r", "least") == []


def test_the_table_has_the_curves_in_full_precision():
    shown = arrived("regression", formula="w r^2 + (1 - w) |r|")
    table = shown.stage.table({"your_loss.w": 0.25})
    np.testing.assert_allclose(table["loss"], 0.25 * table["r"] ** 2 + 0.75 * np.abs(table["r"]), rtol=1e-13)
    np.testing.assert_allclose(table["gradient"], 0.5 * table["r"] + 0.75 * np.sign(table["r"]), rtol=1e-13)


def test_what_it_estimates_and_what_it_is_nearest_to_are_on_the_cards():
    does, estimates, *_ = arrived("regression", formula="max(-0.9 r, 0.1 r)").stage.cards
    assert "Quantile with τ = 0.9 (no difference)" in does.text.template
    assert "It estimates the quantile of level 0.9, whatever the data." in estimates.text.template
    _, estimates, *_ = arrived("regression", formula="7 r^2 - 3").stage.cards
    assert "It estimates the mean, whatever the data." in estimates.text.template
    _, estimates, *_ = arrived("regression", formula="-|r|").stage.cards
    assert "Some samples have no best constant" in estimates.text.template


@pytest.mark.parametrize("example", FORMULA_EXAMPLES, ids=lambda example: example.title)
def test_its_links_open_pages_with_the_loss_chosen(example):
    *_, card = arrived(example.family, formula=example.formula).stage.cards
    assert len(card.links) == 4
    for link in card.links:
        loss = link.query.get("loss") or link.query["losses"]
        assert loss.endswith(f":{example.formula}")
        assert (
            loss_of(loss.removeprefix("squared_error,").removeprefix("binary_cross_entropy,")).family == example.family
        )


def test_a_loss_under_which_nothing_can_be_trained_leads_nowhere_and_says_why():
    *_, card = arrived("regression", formula="-r^2").stage.cards
    assert card.links == ()
    assert "No model can be trained under it: it has no lower bound" in card.text.template


@pytest.mark.parametrize("family", ["regression", "binary"])
def test_a_parameter_may_have_any_name(family):
    """Also one that is a word of the address, a slider's or an argument's."""
    variable = "r" if family == "regression" else "m"
    for name in ("probe", "formula", "losses", "family", "code", "self", "name", "count"):
        choice = VIEWS[f"{family}_typed"].choose(formula=f"{name} {variable}^2")
        assert f"{ADDRESS_WORDS[family]}.{name}" in choice.sliders
        assert payload(choice.stage)
