"""A payload, taken apart by its description, is the stage again, to the digits that are promised."""

import numpy as np
import pytest

from core.stage.encode import DRAWN_BITS, WRITTEN_BITS, payload, rounded
from core.views import VIEWS, View
from tests.stage.samples import Decoded, aimed, sample
from tests.views.cases import packed
from tests.views.cases import stage as made


def written(stage):
    """The arrays that a number on the page is read from."""
    return {slot.array for text in stage.texts for slot in text.slots.values() if hasattr(slot, "array")}


@pytest.mark.parametrize("shown", [sample, aimed, *VIEWS.values()], ids=lambda shown: getattr(shown, "key", None))
def test_arrays_come_back(shown):
    if isinstance(shown, View):
        of = shown.key, shown.address(shown.defaults)
        stage, content = made(*of), packed(*of)
    else:
        stage = shown()
        content = payload(stage)
    found = Decoded.of(content).arrays
    assert found.keys() == stage.arrays.keys()
    for name, array in stage.arrays.items():
        assert found[name].shape == array.shape
        error = 8e-6 if name in written(stage) else 3e-4
        large = np.abs(array) > np.finfo(np.float32).max  # infinite there; NaN and infinity are equal
        expected = np.where(large, np.copysign(np.inf, array), array)
        np.testing.assert_allclose(
            found[name], expected, rtol=error, atol=1e-37, err_msg=name
        )  # NaN and infinity equal


def test_header_holds_what_the_browser_needs():
    stage = sample()
    head = Decoded.of(payload(stage)).head
    assert (head["name"], head["alt"], head["headings"]) == (stage.name, stage.alt, ["number"])
    assert [trace["name"] for trace in head["data"]] == ["curve", "path"]
    assert "template" not in head["layout"]
    assert set(head["templates"]) == {"light", "dark"}
    slider, timeline = head["sliders"]
    assert (slider["values"], slider["step"], slider["start"]) == ([0.5, 1.0, 1.5], 0.5, 1)
    assert (timeline["kind"], timeline["step"], timeline["values"]) == ("timeline", None, [0, 1, 10, 100])
    assert head["tracks"][2] == {
        "trace": 1,
        "attribute": "y",
        "pick": {"array": "path", "sliders": ["bend"], "grow": "step", "across": "", "star": [], "every": 1},
    }
    assert head["summary"]["slots"]["how"] == {"words": ["low", "middle", "high"], "slider": "bend"}
    assert head["readings"][0]["cells"][0]["slots"]["n"]["array"] == "number"
    assert head["readings"][0]["note"] is None
    assert head["aim"] is None


def test_header_holds_the_mark_the_free_sliders_and_the_words_that_a_number_picks():
    head = Decoded.of(payload(aimed())).head
    assert head["aim"] == {"trace": 2, "sliders": ["across", "up"]}
    bend, _, across, up = head["sliders"]
    assert [slider["continuous"] for slider in head["sliders"]] == [False, False, True, True]
    assert [slider["recomputed"] for slider in head["sliders"]] == [False, False, True, True]
    assert (across["step"], up["step"], bend["step"]) == (None, None, 0.5)
    assert (across["centre"], across["start"]) == (aimed().slider("across").frame(0.5), 1)
    assert (up["centre"], up["start"]) == (2, 2)
    (reading,) = head["readings"]
    assert reading["dash"] == "dot"
    star = {"sliders": [], "grow": "", "across": "", "star": ["across", "up"], "every": 1}
    assert reading["note"] == {
        "template": "It {fate}.",
        "slots": {
            "fate": {"words": ["is at {x}", "rests", "fell"], "pick": {"array": "fate", **star}},
            "x": {"array": "mark x", **star},
        },
    }
    assert reading["cells"][0]["slots"]["n"] == {
        "array": "every other",
        **star,
        "star": [],
        "sliders": ["step"],
        "every": 2,
    }


def test_what_is_counted_or_remarked_is_as_exact_as_what_is_written():
    stage = aimed(arrays=aimed().arrays | {"mark x": np.full(9, 1.23456789), "path": np.full((3, 4, 2), 1.23456789)})
    found = Decoded.of(payload(stage)).arrays
    np.testing.assert_allclose(found["mark x"], 1.23456789, rtol=8e-6)
    np.testing.assert_array_equal(found["fate"], stage.arrays["fate"])
    assert np.abs(found["path"] - 1.23456789).max() > 2e-5


def test_same_stage_same_bytes():
    assert payload(sample()) == payload(sample())


def test_a_stage_without_arrays_has_an_empty_block():
    text = type(sample().summary)(template="Nothing moves.")
    decoded = Decoded.of(payload(sample(arrays={}, tracks=(), summary=text, readings=())))
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


@pytest.mark.parametrize("bits", [WRITTEN_BITS, DRAWN_BITS])
def test_what_is_beyond_float32_is_infinite_and_nothing_warns(bits):
    numbers = np.array([3.4e38, 3.5e38, -1e39, 1e300, -1e-300, np.nan])
    found = rounded(numbers, bits)
    np.testing.assert_array_equal(found[1:], [np.inf, -np.inf, np.inf, 0.0, np.nan])
    assert found[0] == pytest.approx(3.4e38, rel=3e-4)


def test_the_largest_numbers_stay_finite_or_become_infinite_but_never_no_number():
    most = np.finfo(np.float32).max
    found = rounded(np.array([most, -most, np.nextafter(np.float32(most), np.float32(0))]), DRAWN_BITS)
    assert not np.isnan(found).any()
