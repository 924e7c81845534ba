"""Sweeps within sweeps, and words that are given for each run."""

import numpy as np
import pytest

from core.stage import Slider, Sweep, Words

A, B, C = (
    Slider(name=name, label=name, values=np.arange(float(frames)), start=1, recomputed=True)
    for name, frames in (("a", 3), ("b", 4), ("c", 2))
)
CENTRE = {"b": 2.0}


def test_the_runs_of_a_part_are_those_at_the_same_values_of_its_sliders():
    whole = Sweep((A, B, C), CENTRE)
    for part in (Sweep((C, A), CENTRE), Sweep((B,), CENTRE), Sweep((), CENTRE), whole):
        found = whole.runs_in(part)
        assert len(found) == len(whole)
        for key, values in part.values.items():
            np.testing.assert_array_equal(values[found], whole.values[key])
        away = [key for key in whole.keys if key not in part.keys]
        assert all((found[whole.arm(key)] == 0).all() for key in away)


def test_words_of_each_run_are_held_once_and_found_again():
    strings = ["still", "fast", "still", "slow", "fast"]
    words = Words.each(strings, Sweep((B,), CENTRE))
    assert words.strings == ("still", "fast", "slow")
    assert [words.strings[int(words.by.row({"b": value}))] for value in (0.0, 1.0, 3.0)] == ["fast", "still", "fast"]
    assert words.strings[int(words.by.row(CENTRE))] == "still"


def test_words_of_each_frame():
    words = Words.each(["one", "two", "one"], A)
    assert [words.strings[int(words.by.row({"a": value}))] for value in A.values] == ["one", "two", "one"]


def test_a_slider_without_an_arm_stays_at_the_centre_in_every_run():
    whole, part = Sweep((A, B, C), CENTRE), Sweep((A, B, C), CENTRE, without_arm=("b",))
    assert (part.keys, len(part)) == (("a", "c"), len(whole) - len(B.values))
    np.testing.assert_array_equal(part.values["b"], np.full(len(part), 2.0))
    for key in part.keys:
        np.testing.assert_array_equal(part.values[key][part.arm(key)], whole.values[key][whole.arm(key)])
        np.testing.assert_array_equal(part.frames[part.arm(key)], whole.frames[whole.arm(key)])
    found = whole.runs_in(part)
    assert (found[whole.arm("b")] == 0).all()
    np.testing.assert_array_equal(part.runs_in(whole)[part.arm("c")], np.arange(len(whole))[whole.arm("c")])
    with pytest.raises(ValueError, match=r"^no slider 'b' in this sweep"):
        part.arm("b")
