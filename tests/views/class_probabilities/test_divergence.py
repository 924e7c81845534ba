"""Two distributions: what is drawn and densities against the definitions, at the ends of every slider."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from scipy.special import rel_entr, softmax
from scipy.stats import norm

from core.stage import Slider
from core.views import VIEWS
from tests.pages.test_words import long_sentences, of_stage, private
from tests.views.cases import chosen
from tests.views.class_probabilities.shown import Shown, arrived
from tests.views.test_tasks import LABEL
from tests.views.texts import filled

KINDS = tuple(VIEWS["class_divergence"].param("of").options)
kinds = pytest.mark.parametrize("of", KINDS)


def shown(of: str, **values: float) -> Shown:
    return arrived({"view": "divergence", "of": of} | {key: f"{value:g}" for key, value in values.items()})


def ends(slider: Slider) -> set[float]:
    return {float(slider.values[0]), slider.default, float(slider.values[-1])}


@kinds
def test_its_words_are_plain_and_its_task_names_its_sliders(of):
    stage = chosen(VIEWS["class_divergence"], of=of)
    texts = list(of_stage(stage))
    assert private(texts) == long_sentences(texts) == []
    labels = {slider.label for slider in stage.sliders}
    assert set(LABEL.findall(stage.task.do)) <= labels
    assert max(len(stage.task.do), len(stage.task.look_for)) < 120
    table = stage.table({})
    assert len({len(column) for column in table.values()}) == 1


# --- a Gaussian fitted to two modes ---


@pytest.mark.parametrize(("separation", "together"), [(1, True), (2, True), (2.5, False), (6, False)])
def test_two_modes_that_make_one_peak_are_said_to(separation, together):
    """An equal mixture of two Gaussians of sd 1 has two peaks only where they are more than 2 apart."""
    summary = filled(shown("gaussians").stage.summary, {"separation": separation})
    assert ("The target has one peak alone" in summary) == together


def test_the_fits_are_drawn_as_their_key_says_them_at_every_end():
    one = shown("gaussians")
    separation, share, start = one.stage.sliders[1:]
    moves = [{}, *({slider.key: value} for slider in (separation, share, start) for value in ends(slider))]
    for moved, step in itertools.product(moves, (0.0, 30.0, 75.0)):
        at = {**moved, "step": step}
        places = one.at("separation", moved) * np.array([-0.5, 0.5])
        weights = np.array([1 - one.at("share", moved), one.at("share", moved)])
        for name, (value, mean, sd, outside) in one.numbers(at).items():
            (curve,) = one.traces(name, 0, at)
            np.testing.assert_allclose(curve["y"], norm.pdf(curve["x"], mean, sd), atol=1e-3)
            (target,) = one.traces("target", 0, at)
            p = weights @ norm.pdf(target["x"], places[:, None])
            np.testing.assert_allclose(target["y"], p, atol=1e-4)
            missed = weights @ (norm.cdf(mean - 2 * sd, places) + norm.sf(mean + 2 * sd, places))
            assert outside == pytest.approx(100 * missed, abs=0.3)
            (part,) = one.traces(name, 1, at)
            if sd < 1.5 and abs(mean) < 3.1 and name != "Forward KL":  # otherwise some of it is outside of the picture
                assert np.trapezoid(part["y"], part["x"]) == pytest.approx(value, abs=0.02)
            if step == 0:
                assert (mean, sd) == (one.at("start", moved), 1)


def test_forward_kl_ends_at_the_moments_of_the_target():
    for values in ({}, {"separation": 2.0}, {"share": 0.2}):
        one = shown("gaussians", **values)
        weight, apart = one.at("share", {}), one.at("separation", {})
        _, mean, sd, _ = one.numbers({})["Forward KL"]
        assert mean == pytest.approx((weight - 0.5) * apart, abs=0.05)
        assert sd**2 == pytest.approx(1 + weight * (1 - weight) * apart**2, rel=0.02)


def test_what_the_sentence_says_of_covering_is_so():
    for values in ({}, {"separation": 2.0}, {"share": 0.1}, {"start": -3.0}):
        one = shown("gaussians", **values)
        places = one.at("separation", {}) * np.array([-0.5, 0.5])
        weight = one.at("share", {})
        between = [(1 - weight) * norm.pdf(0, places[0]) + weight * norm.pdf(0, places[1])]
        for name, (_, mean, sd, _) in one.numbers({}).items():
            left, right = norm.cdf(mean - 2 * sd, places) + norm.sf(mean + 2 * sd, places) > 0.5
            says = "leaves out the left mode" if left else "leaves out the right mode" if right else "covers both modes"
            assert f"{name} {says}" in one.summary({})
            between.append(norm.pdf(0, mean, sd))
        densities = re.findall(r"\d+(?:\.\d+)?", one.summary({}))
        np.testing.assert_allclose([float(word) for word in densities], between, atol=3e-4)


# --- uniforms ---


def test_where_the_support_is_missed_kl_is_infinite_and_js_log_2_without_a_gradient():
    one = shown("support")
    for position, width in itertools.product((-4.0, -2.5, -1.0, 0.0, 0.5, 4.0), (1.0, 2.0, 4.0)):
        at = {"position": position, "width": width}
        forward, reverse, js = one.numbers(at).values()
        assert np.isfinite(forward[0]) == (position - width / 2 <= -1 and position + width / 2 >= 1)
        assert np.isfinite(reverse[0]) == (position - width / 2 >= -1 and position + width / 2 <= 1)
        assert 0 <= js[0] <= np.log(2)
        if abs(position) >= 1 + width / 2:
            assert (js[0], js[1]) == (np.log(2), 0)
            assert one.summary(at).startswith("The two have nothing in common")
            assert "Forward KL is ∞, reverse KL ∞" in one.summary(at)


# --- four outcomes ---


def test_cross_entropy_is_the_bar_of_entropy_and_kl():
    one = shown("bars")
    for slider in one.stage.sliders:
        for value in ends(slider):
            at = {slider.key: value}
            weights = np.array([one.at(other.key, at) for other in one.stage.sliders]).reshape(2, 4)
            p, q = weights / weights.sum(axis=1, keepdims=True)
            rows = {name: row[0] for name, row in one.numbers(at).items()}
            assert rows["KL(p, q)"] == pytest.approx(rel_entr(p, q).sum())
            assert rows["KL(q, p)"] == pytest.approx(rel_entr(q, p).sum())
            assert rows["H(p, q)"] == pytest.approx(rows["H(p)"] + rows["KL(p, q)"])
            assert rows["JS"] <= np.log(2)
            (upper,) = one.traces("KL(p, q)", 1, at)
            (lower,) = one.traces("H(p)", 1, at)
            assert np.nanmin(upper["x"]) == pytest.approx(np.nanmax(lower["x"])) == pytest.approx(rows["H(p)"])
            if np.isfinite(rows["H(p, q)"]):
                assert np.nanmax(upper["x"]) == pytest.approx(rows["H(p, q)"])
    assert one.numbers({"q_D": 0})["KL(p, q)"][0] == np.inf > one.numbers({"q_D": 0})["KL(q, p)"][0]


# --- distillation ---


def test_the_gradient_is_the_difference_of_the_softmaxes_times_the_temperature():
    one = shown("distillation")
    temperature, *scores = one.stage.sliders
    teacher = one.stage.table({})["teacher score"]
    for slider in scores:
        for value, heat in itertools.product(ends(slider), ends(temperature)):
            at = {slider.key: value, "temperature": heat}
            student = np.array([one.at(other.key, at) for other in scores])
            p, q = softmax(teacher / heat), softmax(student / heat)
            limit = (student - student.mean() - teacher + teacher.mean()) / 4
            expected = np.stack([p, q, heat * (q - p), limit], axis=-1)
            np.testing.assert_allclose(list(one.numbers(at).values()), expected, rtol=1e-9, atol=1e-12)
    hot = np.array(list(one.numbers({"temperature": 100.0}).values()))
    np.testing.assert_allclose(hot[:, 2], hot[:, 3], atol=0.05)
