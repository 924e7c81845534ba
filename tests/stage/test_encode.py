"""A payload, taken apart by its description, is the stage again, to the digits that are promised."""

import numpy as np
import pytest

from core.stage.encode import DRAWN_BITS, WRITTEN_BITS, payload, rounded
from core.views import VIEWS

from .samples import Decoded, sample


def written(stage):
    """The arrays that a number on the page is read from."""
    return {slot.array for text in stage.texts for slot in text.slots.values() if hasattr(slot, "array")}


@pytest.mark.parametrize(
    "stage", [sample(), *(view.stage(**view.defaults) for view in VIEWS.values())], ids=lambda s: s.name
)
def test_arrays_come_back(stage):
    found = Decoded.of(payload(stage)).arrays
    assert found.keys() == stage.arrays.keys()
    for name, array in stage.arrays.items():
        assert found[name].shape == array.shape
        error = 8e-6 if name in written(stage) else 3e-4
        np.testing.assert_allclose(found[name], array, rtol=error, atol=1e-37, err_msg=name)  # NaN and infinity equal


def test_header_holds_what_the_browser_needs():
    stage = sample()
    head = Decoded.of(payload(stage)).head
    assert (head["name"], head["alt"], head["headings"]) == (stage.name, stage.alt, ["number"])
    assert [trace["name"] for trace in head["data"]] == ["curve", "path"]
    assert "template" not in head["layout"]
    assert set(head["templates"]) == {"light", "dark"}
    slider, timeline = head["reels"]
    assert (slider["values"], slider["step"], slider["start"]) == ([0.5, 1.0, 1.5], 0.5, 1)
    assert (timeline["kind"], timeline["step"], timeline["values"]) == ("timeline", None, [0, 1, 10, 100])
    assert head["tracks"][2] == {
        "trace": 1,
        "attribute": "y",
        "pick": {"array": "path", "reels": ["bend"], "grow": "step", "across": "", "star": []},
    }
    assert head["notice"]["slots"]["how"] == {"words": ["low", "middle", "high"], "reel": "bend"}
    assert head["readings"][0]["cells"][0]["slots"]["n"]["array"] == "number"


def test_same_stage_same_bytes():
    assert payload(sample()) == payload(sample())


def test_a_stage_without_arrays_has_an_empty_block():
    text = type(sample().notice)(template="Nothing moves.")
    decoded = Decoded.of(payload(sample(arrays={}, tracks=(), notice=text, readings=())))
    assert decoded.head["count"] == 0
    assert decoded.arrays == {}


@pytest.mark.parametrize("bits", [WRITTEN_BITS, DRAWN_BITS])
def test_rounding_is_to_the_nearest_and_keeps_what_is_no_number(bits):
    numbers = np.random.default_rng(3).normal(size=5000) * 10.0 ** np.random.default_rng(4).integers(-30, 30, 5000)
    found = rounded(numbers, bits)
    assert found.dtype == np.float32
    assert np.abs(found / numbers - 1).max() <= 2.0 ** -(bits + 1) + 2.0**-24
    assert not (found.view(np.uint32) & np.uint32((1 << (23 - bits)) - 1)).any()
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -2.0])
    np.testing.assert_array_equal(rounded(odd, bits), odd.astype(np.float32))
    np.testing.assert_array_equal(rounded(found, bits), found)


def test_rounding_takes_arrays_that_are_not_contiguous():
    grid = np.arange(12.0).reshape(3, 4).T
    np.testing.assert_array_equal(rounded(grid, DRAWN_BITS), grid)
