"""What to do and what to look for, above every picture: the control is there, and what is said of it is so."""

import re

import numpy as np
import pytest

from core.views import VIEWS
from tests.views.cases import chosen
from tests.views.training_curves import shown as training

LABEL = re.compile("“([^”]+)”")
# What a task may name beside sliders: what the picture shows, and the page's own widgets.
OTHERS = (
    "ball", "Huber δ", "dotted line", "red crosses", "map", "start ◯", "Choose another landscape", "dot along",
    "amber box", "the start",
)  # fmt: skip
SHOWN = {key: view for key, view in VIEWS.items() if not key.startswith("own")}


@pytest.mark.parametrize("key", SHOWN)
def test_every_picture_says_what_to_do_with_a_control_that_it_has(key):
    stage = chosen(VIEWS[key])
    assert stage.task is not None
    labels = {slider.label for slider in stage.sliders}
    named = LABEL.findall(stage.task.do)
    assert set(named) <= labels
    assert named or any(other in stage.task.do for other in OTHERS)
    for sentence in (stage.task.do, stage.task.look_for):
        assert sentence[-1] in ".?"
        assert len(sentence) < 120


@pytest.mark.parametrize("key", ["wave_run", "moons_run"])
def test_the_loss_stays_high_at_the_left_end_of_the_learning_rate_and_shoots_up_at_the_right_one(key):
    shown = training.arrived(key)
    rate = shown.stage.slider("lr")
    usual, small, large = (
        shown.trace("train", training.LOSS, {"lr": float(value)})["y"]
        for value in (rate.default, rate.values[0], rate.values[-1])
    )
    assert small[-1] > 1.5 * usual[-1]
    assert usual.max() == usual[0]
    assert large.max() > 2 * large[0]


def test_a_polynomial_of_a_high_degree_overfits():
    stage = chosen(VIEWS["polynomial_run"])
    training, validation = (reading.cells[0].lives[0] for reading in stage.readings[:2])
    degree = stage.slider("capacity")
    low, high = ({"capacity": float(value)} for value in (degree.default, degree.values[-1]))
    assert float(np.squeeze(training.row(high))) < float(np.squeeze(training.row(low)))
    assert float(np.squeeze(validation.row(high))) > 1.5 * float(np.squeeze(validation.row(low)))


def test_huber_with_a_small_delta_is_flat_away_from_0():
    stage = chosen(VIEWS["regression_curves"])
    gradient = next(reading for reading in stage.readings if reading.name == "Huber").cells[1].lives[0]
    delta = stage.slider("huber.delta")
    at = delta.nearest(0.2)
    found = [float(gradient.row({"huber.delta": at, "probe": probe})) for probe in (0.5, 1.0, 3.0, 6.0)]
    assert found == [pytest.approx(at)] * 4


def test_before_training_the_positives_have_hardly_a_share_of_the_loss():
    stage = chosen(VIEWS["imbalance_sources"])
    before = stage.readings[0].cells[0].lives[0]
    share = stage.slider("share")
    assert float(before.row({"share": float(share.values[0])})) < 2
