"""A slider: its frames, where it stands, and what an address may ask of it."""

import numpy as np
import pytest

from core.record import Param
from core.stage import Slider
from tests.stage.samples import ACROSS, POWER, TIMELINE, UP

PARAM = Param("delta", symbol="δ", default=1.0, low=0.05, high=5.0, step=0.05)


def test_a_key_names_the_owner_and_the_parameter():
    assert POWER.key == "power"
    assert Slider.of(PARAM, owner="huber", label="Huber δ").key == "huber.delta"
    assert Slider.of(PARAM, label="δ").key == "delta"


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), ("1.5", 1.5), ("1", 1.0), ("1.3", 1.5), ("1e0", 1.0), ("0.74", 0.5)]
)
def test_an_address_reads_as_the_nearest_frame(text, value):
    assert POWER.read(text) == value


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "-inf", "0.49", "1.51", "-1", "1e400", "one", "1,0", "0x1", "9" * 5000, "１２３ＸＸ"]
)
def test_a_value_that_the_slider_cannot_have_is_refused(text):
    with pytest.raises(ValueError, match=r"^power must be a number from 0\.5 to 1\.5, got '.{0,40}$"):
        POWER.read(text)


def test_where_it_stands_among_values_by_key():
    assert (POWER.default, POWER.at({}), POWER.at({"power": 0.5, "step": 9.0})) == (1.0, 1.0, 0.5)
    assert (POWER.frame_at({}), POWER.frame_at({"power": 1.4}), POWER.frame_at({"step": 0.0})) == (1, 2, 1)


def test_step_only_where_frames_are_evenly_apart():
    assert POWER.step == 0.5
    assert TIMELINE.step is None
    assert Slider(name="k", label="K", values=np.array([2.0]), start=0).step is None


@pytest.mark.parametrize("most", [None, 1, 2, 3, 7, 19, 20, 50, 99, 100, 101, 1000])
@pytest.mark.parametrize("default", [0.05, 0.1, 1.0, 2.35, 5.0])
def test_a_slider_through_a_parameter_keeps_its_default(most, default):
    slider = Slider.of(PARAM.but(default=default), owner="huber", label="Huber δ", most=most)
    assert slider.values[slider.start] == default
    assert 1 <= len(slider.values) <= (most or 100)
    assert np.isin(slider.values, PARAM.frames).all()
    if most is None or most > 2:
        assert tuple(slider.values[[0, -1]]) == (PARAM.low, PARAM.high)
        assert np.diff(slider.values).max() < 2 * (PARAM.high - PARAM.low) / (min(most or 100, 100) - 1)
    if most is None or most >= 100:
        np.testing.assert_array_equal(slider.values, PARAM.frames)


@pytest.mark.parametrize(
    ("text", "value"),
    [("-2", -2.0), ("2", 2.0), ("0.3", 0.3), ("-1.23456", -1.235), ("1e-6", 1e-6), ("0.000123456", 0.0001235)],
)
def test_a_continuous_slider_stands_where_it_is_left_to_four_digits(text, value):
    assert ACROSS.read(text) == value


@pytest.mark.parametrize("text", ["", "nan", "-2.001", "2.1", "inf", "there", "9" * 5000])
def test_a_continuous_slider_keeps_to_its_ends(text):
    with pytest.raises(ValueError, match=r"^across must be a number from -2 to 2, got '.{0,40}$"):
        ACROSS.read(text)


def test_the_ends_of_a_continuous_slider_are_its_own_however_many_digits_they_have():
    slider = Slider(name="odd", label="Odd", values=np.array([-1.23456, 0.0, 5.20756]), start=1, continuous=True)
    for end in slider.values[[0, -1]]:
        value = slider.read(f"{end:g}")
        assert slider.values[0] <= value <= slider.values[-1]
        assert value == pytest.approx(end, abs=2e-3)
        assert slider.read(f"{value:g}") == value  # as the page's address writes it


@pytest.mark.parametrize("slider", [ACROSS, UP], ids=lambda slider: slider.key)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.26, 0.3, 0.5, 0.74, 0.76, 0.99, 1.0])
def test_around_a_value_there_is_a_frame_and_the_ends_and_the_start_stay(slider, share):
    low, high = slider.values[[0, -1]]
    value = float(low + share * (high - low))
    found = slider.around(value)
    assert value in found.values
    assert found.values[found.frame(value)] == value
    assert (np.diff(found.values) > 0).all()
    assert tuple(found.values[[0, -1]]) == (low, high)
    if len(slider.values) > 3:
        assert found.values[found.start] == slider.values[slider.start]


def test_a_continuous_slider_has_no_step():
    assert ACROSS.step is None
    assert Slider(name="k", label="K", values=ACROSS.values, start=0).step == 1.0
