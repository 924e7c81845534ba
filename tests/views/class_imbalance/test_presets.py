"""Each link does what it says: by the numbers that the page shows at its address."""

import re

import numpy as np
import pytest
from scipy.special import expit

from core.views.class_imbalance.presets import PRESETS
from tests.views.class_imbalance.shown import PLAIN, arrived

WEIGHTED = "weighted_binary_cross_entropy"


def preset(name):
    words = dict(PRESETS[name].address)
    return arrived(words.pop("show", "decisions"), words)


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_is_read_in_full_and_says_one_plain_sentence(name):
    shown, own = preset(name), dict(PRESETS[name].address)
    view = shown.view
    own.pop("show", None)
    kept = {param.name: param.write(shown.choice[param.name]) for param in view.params if param.name in own}
    kept |= {key: f"{value:g}" for key, value in shown.values.items()}
    assert kept == own  # nothing is moved to another frame
    usual = {param.name: param.write(param.default) for param in view.params}
    usual |= {slider.key: f"{slider.values[slider.start]:g}" for slider in view.choose(**shown.choice).picture.sliders}
    assert not {word for word, text in own.items() if text == usual[word]}  # and nothing is said for nothing
    shows = PRESETS[name].shows
    assert re.fullmatch(r"[A-Z].+\.", shows)
    assert not re.search(r"\. [A-Z]", shows)
    assert len(shows) < 120


def test_of_fraud_nothing_is_found_by_calling_nothing_so_and_that_is_right_for_999_of_1000():
    shown = preset("Fraud, 0.1 %")
    assert shown.split({}).test.target.mean() == 0.001
    *_, baseline = shown.stage.readings
    _, recall, accuracy, _ = baseline.cells
    assert recall.template == "0"
    assert shown.number(accuracy, {}) == pytest.approx(0.999)
    assert shown.sentence(shown.stage.summary, {}).endswith("finds none, and has an accuracy of 99.9 %.")


@pytest.mark.parametrize(("name", "pays"), [("Screening", 1 / 51), ("Spam", 20 / 21)])
def test_the_threshold_that_pays_is_far_from_one_half(name, pays):
    shown = preset(name)
    assert shown.at("cost", {}) == pytest.approx(1 / pays - 1)
    assert shown.at("threshold", {}) == pytest.approx(pays, abs=0.005)  # the link opens there
    assert abs(pays - 0.5) > 0.45
    report = shown.report
    found = expit(report.cheapest(PLAIN))
    assert (found < 0.1) if pays < 0.5 else (found > 0.9)  # of the points too, not only of theory
    own, at_one_half = (shown.counts(PLAIN, moved).cost(shown.at("cost", {})) for moved in ({}, {"threshold": 0.5}))
    assert own < 0.8 * at_one_half


def test_half_and_half_accuracy_can_be_trusted_and_weights_move_the_boundary_and_do_not_turn_it():
    shown = preset("Balanced")
    assert shown.split({}).test.target.mean() == 0.5
    *_, baseline = shown.stage.readings
    assert shown.number(baseline.cells[2], {}) == 0.5  # nobody looks good who finds nothing
    for key in shown.losses:
        own = shown.counts(key, {})
        assert own.accuracy == pytest.approx((own.recall + own.specificity) / 2)
        assert own.accuracy > 0.75
    plain, weighted = (shown.fit(key, {}).weights for key in (PLAIN, WEIGHTED))
    across = [weights[1:] / np.linalg.norm(weights[1:]) for weights in (plain, weighted)]
    assert np.degrees(np.arccos(across[0] @ across[1])) < 5
    apart = weighted[0] / np.linalg.norm(weighted[1:]) - plain[0] / np.linalg.norm(plain[1:])
    assert apart > 0.3  # deviations: far enough to be seen


def test_short_lives_are_one_row_in_fourteen():
    shown = preset("Real data: low life expectancy")
    split = shown.split({})
    rows = np.concatenate([split.train.target, split.test.target])
    assert round(1 / rows.mean()) == 14
    assert (split.test.positive, [axis.name for axis in split.test.variables]) == (
        "life expectancy under 40", ["log10 of income per head", "Year"])  # fmt: skip
