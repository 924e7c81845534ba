"""The ends of sliders that are typed after a formula."""

import numpy as np
import pytest

from core.expression import ExpressionError, parse


def ends(text):
    return {param.name: (param.low, param.high, param.default) for param in parse(text).parameters}


def test_a_range_after_the_formula_is_that_of_the_slider():
    found = ends("c |r| + r^δ with c from 0 to 20, δ from 1 to 3")
    assert found == {"c": (0.0, 20.0, 1.0), "delta": (1.0, 3.0, 2.0)}
    assert ends("c |r| with c from −5 to 1e3")["c"][:2] == (-5.0, 1000.0)
    assert ends("c |r| with c from 4 to 5")["c"] == (4.0, 5.0, 4.0)  # as near as can be to the usual 1


@pytest.mark.parametrize("text", ["c |r| with c from 0 to 20", "τ r with τ from -2 to 0.5", "r^n with n from 0.5 to 7"])
def test_the_start_is_a_value_of_the_slider_and_every_value_is_allowed(text):
    (param,) = parse(text).parameters
    assert param.default in param.frames
    assert param.domain.holds(param.frames)
    assert 5 < len(param.frames) <= 201
    assert np.isfinite(parse(text).value(r=1.5, **{param.name: param.high}))


def test_the_formula_is_the_same_one():
    typed = parse("w r^2 + (1 - w) |r| with w from 0.2 to 0.4")
    assert typed.text == parse("w r^2 + (1 - w) |r|").text
    assert typed.of_family().parameters == typed.parameters


@pytest.mark.parametrize(
    ("text", "why", "position"),
    [
        ("c r^2 with", "is no range of a slider", 11),
        ("c r^2 with c", '"c" is no range of a slider: say it so: with c from 0 to 20', 11),
        ("c r^2 with c from 3 to 1", "a range goes up, and this one goes from 3 to 1", 11),
        ("c r^2 with c from x to 1", '"x" is no number up to a million', 11),
        ("c r^2 with c from 0 to 9e9", "is no number up to a million", 11),
        ("c r^2 with c from 0 to 9, d from 0 to 1", '"d" is no parameter of this formula: c', 26),
        ("r^2 with r from 0 to 1", '"r" is no parameter of this formula: it has none', 9),
        ("with c from 0 to 1", "there is no formula yet", 1),
    ],
)
def test_a_range_that_cannot_be_read_is_told_with_its_place(text, why, position):
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert why in error.value.sentence
    assert error.value.position == position
