"""/class-imbalance: its address is its save file, its table follows the sliders, its links lead to what they say."""

import re
from dataclasses import fields

import numpy as np
import pytest
from scipy.special import expit

from core.metrics import METRICS
from core.models.objectives import OBJECTIVES
from core.stage.files import version
from core.views import VIEWS
from core.views.class_imbalance.presets import PRESETS
from tests.pages.site import assert_restored, cards, complaints, opened, ran, reloaded, stages
from tests.views.class_imbalance.shown import Counts, arrived

WEIGHT = "weighted_binary_cross_entropy.pos_weight"
VIEW = VIEWS["imbalance_decisions"]
LINKS = {
    "rare": {
        "data": "ring", "losses": "weighted_binary_cross_entropy,focal,soft_f1", "features": "quadratic",
        "overlap": "little", "points": "400", "seed": "17", "threshold": "0.11", "share": "0.3", "cost": "50",
        WEIGHT: "68", "focal.gamma": "5", "focal.alpha": "0.75", "soft_f1.smooth": "10",
    },
    "rare-sources": {
        "losses": "binary_cross_entropy,focal,class_balanced", "features": "quadratic", "overlap": "much",
        "points": "400", "seed": "0", "share": "0.1", "focal.gamma": "0", "class_balanced.beta": "0.9",
    },
}  # fmt: skip


@pytest.mark.parametrize("place", LINKS)
def test_a_link_restores_every_choice(place):
    assert_restored(place, LINKS[place])


def test_a_link_to_the_real_rows_restores_them():
    assert_restored("rare", {"data": "short_lives", "losses": "hinge", "threshold": "0.27"})


def test_defaults_are_left_out_of_the_address():
    usual = {param.name: param.write(param.default) for param in VIEW.params}
    usual |= {slider.key: f"{slider.values[slider.start]:g}" for slider in VIEW.choose().picture.sliders}
    site = opened("rare", show="decisions", **usual)
    assert complaints(site) == []
    assert site.query_params == {}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_link_that_is_read_in_full(name):
    site = opened("rare", **PRESETS[name].address)
    assert complaints(site) == []
    assert site.query_params == dict(PRESETS[name].address)
    assert len(stages(site)) == 1


def rows(site):
    """The table of metrics as it stands on the page: by row, of the first group that has it."""
    text = cards(site)
    found = {}
    _, _, *lines = [line for line in text.splitlines() if line.startswith("|")]
    for line in lines:
        name, *values = [cell.strip(" *") for cell in line.strip("|").split("|")]
        found.setdefault(name, values)
    return found


def percent(text):
    return float(text.removesuffix(" %")) / 100


def test_what_is_released_reaches_the_address_and_the_table():
    values = {"threshold": 0.11, "share": 0.1, "cost": 50.0, WEIGHT: 68.0}
    site = reloaded(opened("rare"), **values)
    assert site.query_params == {key: f"{value:g}" for key, value in values.items()}
    (stage,) = stages(site)
    assert stage["payload"] == f"/view/{VIEW.key}?{VIEW.choose().address}&v={version()}"
    assert stage["values"] == values
    shown, found = arrived(words={key: f"{value:g}" for key, value in values.items()}), rows(site)
    assert "At the threshold 0.11" in found
    target = shown.split({}).test.target
    for number, key in enumerate(shown.losses):
        own = Counts.of(target, expit(shown.score(key, "test", {})) >= 0.11)
        assert percent(found["Accuracy"][number]) == pytest.approx(own.accuracy, abs=1e-4)
        assert percent(found["Recall (sensitivity)"][number]) == pytest.approx(own.recall, abs=1e-4)
        assert float(found["Expected cost (lower is better)"][number]) == pytest.approx(own.cost(50), rel=5e-3)
    assert percent(found["Accuracy"][-1]) == pytest.approx(1 - target.mean(), abs=1e-4)
    assert "If a false negative costs as much as 50 false positives" in cards(site)


def test_the_threshold_alone_moves_the_table_and_not_the_payload():
    site = opened("rare")
    (before,), first = stages(site), rows(site)
    site = reloaded(site, threshold=0.0001)
    (after,), then = stages(site), rows(site)
    assert after["payload"] == before["payload"]
    assert then["Recall (sensitivity)"] != first["Recall (sensitivity)"]
    assert then["Area under the ROC curve"] == first["Area under the ROC curve"]
    assert then["Threshold"] == first["Threshold"]


ENDS = [(slider.key, float(slider.values[end])) for slider in VIEW.choose().picture.sliders for end in (0, -1)]


@pytest.mark.parametrize(("key", "value"), ENDS)
def test_every_slider_at_its_ends(key, value):
    site = reloaded(opened("rare"), **{key: value})
    assert site.query_params == {key: f"{value:g}"}
    assert complaints(site) == []
    assert "nan" not in cards(site)


def test_every_slider_at_its_end_at_once():
    for end in (0, -1):
        ends = {slider.key: float(slider.values[end]) for slider in VIEW.choose().picture.sliders}
        site = reloaded(opened("rare", points="400"), **ends)
        assert complaints(site) == []
        assert {key: float(text) for key, text in site.query_params.items() if key != "points"} == pytest.approx(ends)


def test_without_a_positive_to_learn_from_the_page_says_so():
    site = opened("rare", points="400", share="0.001")
    assert complaints(site) == []
    assert "The training set has no positive: there is nothing to learn." in cards(site)
    assert set(rows(site)["Accuracy"][:-1]) == {"no model"}
    assert "nan" not in cards(site)


BAD = {
    "weight of nought": {WEIGHT: "0"},
    "weight far too large": {WEIGHT: "1e9"},
    "threshold beyond certainty": {"threshold": "2"},
    "threshold no number": {"threshold": "nan"},
    "share of everything": {"share": "1"},
    "share of nothing": {"share": "0"},
    "cost negative": {"cost": "-1"},
    "gamma infinite": {"focal.gamma": "inf"},
    "loss that is none": {"losses": "binary_cross_entropi"},
    "loss without a slope": {"losses": "zero_one"},
    "loss of another kind": {"losses": "huber"},
    "points that there are not": {"points": "4"},
    "data that are none": {"data": "fraud"},
    "picture that is none": {"show": "everything"},
    "parameter of a loss that is not shown": {"dice.smooth": "2"},
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_read_falls_back_and_is_said_once(bad):
    site = opened("rare", **BAD[bad])
    (complaint,) = complaints(site)
    assert len(complaint) < 700
    assert stages(site)[0]["payload"] == f"/view/{VIEW.key}?{VIEW.choose().address}&v={version()}"
    assert stages(site)[0]["values"] == {}
    assert site.query_params == {}
    assert complaints(ran(site.run())) == []


def test_a_share_has_no_place_in_real_rows_and_a_threshold_keeps_its_own():
    site = reloaded(opened("rare"), share=0.3, threshold=0.11)
    site.segmented_control(key=f"{VIEW.state}.data").set_value("short_lives")
    ran(site.run())
    assert complaints(site) == []
    assert site.query_params == {"data": "short_lives", "threshold": "0.11"}
    (complaint,) = complaints(opened("rare", data="short_lives", share="0.3"))
    assert "share" in complaint


def test_both_pictures_show_what_was_chosen_and_released_on_one():
    site = reloaded(opened("rare", losses="hinge", data="ring"), share=0.3, threshold=0.11)
    words = {"losses": "hinge", "data": "ring", "share": "0.3"}
    assert site.query_params == words | {"threshold": "0.11"}
    for show, own in (("sources", {"show": "sources"}), ("decisions", {"threshold": "0.11"})):
        site.segmented_control(key="view.show").set_value(show)
        ran(site.run())
        (stage,) = stages(site)
        assert stage["payload"].startswith(f"/view/imbalance_{show}?data=ring&losses=hinge")
        assert stage["values"]["share"] == 0.3
        assert site.query_params == words | own
    site.segmented_control(key="view.show").set_value("sources")
    reloaded(ran(site.run()), share=0.11)
    site.segmented_control(key="view.show").set_value("decisions")
    assert ran(site.run()).query_params == words | {"share": "0.1"}  # that link has no threshold


def test_a_card_for_each_loss_beside_the_sources_with_the_numbers_of_the_sliders():
    site = opened("rare-sources", losses="focal,soft_f1", **{"focal.gamma": "5", "soft_f1.smooth": "2.5"})
    for key, params in (("focal", {"gamma": 5.0, "alpha": 0.25}), ("soft_f1", {"smooth": 2.5})):
        assert f"#### {OBJECTIVES[key].name}\n" in cards(site)
        assert OBJECTIVES[key].formula_at(**params) in cards(site)
    released = reloaded(site, **{"focal.gamma": 1.0, "focal.alpha": 0.75})
    assert OBJECTIVES["focal"].formula_at(gamma=1.0, alpha=0.75) in cards(released)


def test_the_sentences_under_the_table_name_every_loss_but_the_plain_one():
    losses = re.findall(r"^• \*\*(.+?)\*\*", cards(opened("rare", losses="binary_cross_entropy,brier,dice")), re.M)
    assert losses == ["Brier", "Dice"]
    assert np.all([name in cards(opened("rare", losses="hinge")) for name in ("**Hinge**", "BCE")])


def test_every_text_of_a_metrics_record_stands_on_the_page():
    """Names, formula, what it tells, when it is undefined, its parameters and its source."""
    shown = cards(opened("rare", cost="50"))
    for metric in METRICS.values():
        texts = {part.name: getattr(metric, part.name) for part in fields(metric)}
        texts = {name: text for name, text in texts.items() if isinstance(text, str)}
        assert texts.pop("key") in METRICS
        assert f"$${metric.formula}$$" in shown
        assert texts.pop("template")
        assert f"{metric.name}" in shown
        assert f"the {'higher' if texts.pop('best') == 'high' else 'lower'} the better" in card_of(shown, metric)
        assert set(texts) == {"name", "short", "about", "sklearn"}
        assert not texts.pop("sklearn").startswith("sklearn")  # for the tests: of sklearn.metrics
        for text in texts.values():
            assert text in card_of(shown, metric)
        assert f"[{metric.source}]({metric.source.url})" in card_of(shown, metric)
        for gap in metric.gaps:
            assert gap.reason in card_of(shown, metric)
        for param in metric.params:
            value = 50 if param.name == "cost" else param.default
            assert f"${param.latex} = {value:g}$" in card_of(shown, metric)


def card_of(shown, metric):
    """From its name to that of the next."""
    _, own = shown.split(f"\n**{metric.name}", 1)
    return f"**{metric.name}{own}".split("\n\n**", 1)[0]


def test_the_legend_explains_the_kinds_of_scores_that_are_shown_and_no_others():
    plain, shifted, order = (
        cards(opened("rare", losses=losses)) for losses in ("binary_cross_entropy,brier,exponential", "focal", "hinge")
    )
    assert ["on purpose" in text for text in (plain, shifted, order)] == [False, True, False]
    assert ["has no calibration" in text for text in (plain, shifted, order)] == [False, False, True]


def test_the_identity_that_undoes_a_weight_stands_on_the_page_with_its_numbers():
    site = opened("rare", losses="weighted_binary_cross_entropy", threshold="0.11", **{WEIGHT: "68"})
    identity = re.search(r"p' = p \\, / \\, \(p \+ 68 \\, \(1 - p\)\)\$, so that 0.11 becomes ([\d.]+)", cards(site))
    assert float(identity[1]) == pytest.approx(0.11 / (0.11 + 68 * 0.89), rel=5e-3)
    assert r"\operatorname{logit} p' = \operatorname{logit} p - \log 68" in cards(site)
