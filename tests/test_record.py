"""Domains, sliders, sources, and how records get their keys."""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest

from core.record import (
    BINARY,
    LABELS,
    POSITIVE,
    REAL,
    SHARE,
    FiniteSet,
    Interval,
    Labels,
    Look,
    Param,
    Source,
    collect,
    latex,
)


@dataclass(frozen=True)
class Thing:
    size: int
    key: str = ""


def module(name, **names):
    found = ModuleType(name)
    vars(found).update(names)
    return found


def test_collect_names_records_by_their_variables_in_reading_order():
    things = collect(Thing, module("a", big=Thing(9), note="x", small=Thing(1)), module("b", middle=Thing(5)))
    assert list(things) == ["big", "small", "middle"]
    assert things["small"] == Thing(1, key="small")
    with pytest.raises(TypeError):
        things["big"] = Thing(2)  # type: ignore[index]


def test_collect_refuses_a_key_twice():
    with pytest.raises(ValueError, match=r"^two records are named 'big'; the second is in b$"):
        collect(Thing, module("a", big=Thing(9)), module("b", big=Thing(5)))


@pytest.mark.parametrize(
    ("domain", "inside", "outside", "words"),
    [
        (REAL, [-1e300, 0, 1e300], [np.inf, -np.inf], "finite"),
        (POSITIVE, [1e-300, 5], [0, -1, np.inf], "greater than 0"),
        (SHARE, [0.5], [0, 1, -2, 3], "in (0, 1)"),
        (Interval(0, 1), [0, 0.5, 1], [-1e-9, 1.1], "in [0, 1]"),
        (Interval(0, 1, high_open=True), [0, 0.5], [1], "in [0, 1)"),
        (Interval(low=-1), [-1, 3], [-1.1, np.inf], "at least -1"),
        (Interval(high=2), [2, -3], [2.1, -np.inf], "at most 2"),
        (Interval(high=2, high_open=True), [1.9], [2], "less than 2"),
        (Interval(without=0.0), [-1, 1e-300], [0, np.inf], "finite and not 0"),
        (BINARY, [0, 1], [0.5, -1, 2, np.inf], "0 or 1"),
        (FiniteSet((-1, 0, 2)), [-1, 0, 2], [1], "-1 or 0 or 2"),
        (Labels(3), [0, 1, 2], [-1, 0.5, 3], "a whole number from 0 to 2"),
        (LABELS, [0, 7, 1e9], [-1, 0.5], "a whole number from 0"),
    ],
    ids=str,
)
def test_domains(domain, inside, outside, words):
    assert str(domain) == words
    assert domain.holds(np.array(inside, dtype=float))
    assert domain.holds(np.array([]))
    for value in [*outside, np.nan]:
        spoilt = np.array([*inside, value, *inside], dtype=float)
        assert not domain.holds(spoilt)
        assert np.flatnonzero(~domain.mask(spoilt)).tolist() == [len(inside)]
        assert not domain.holds(np.array(float(value)))


def test_frames_are_round_numbers_from_end_to_end():
    param = Param("delta", symbol="δ", latex=r"\delta", default=0.3, low=0.1, high=2.0, step=0.1)
    assert param.frames[[0, 2, -1]].tolist() == [0.1, 0.3, 2.0]
    assert len(param.frames) == 20
    assert param.but(default=0.5) == Param(
        "delta", symbol="δ", latex=r"\delta", default=0.5, low=0.1, high=2.0, step=0.1
    )


def test_sources_lead_somewhere():
    assert str(Source("Huber", 1964, "Robust Estimation")) == "Huber (1964), Robust Estimation"
    assert Source("", 1964, "", "doi:10.1214/aoms/1177703732").url == "https://doi.org/10.1214/aoms/1177703732"
    assert Source("", 2015, "", "arxiv:1504.08083").url == "https://arxiv.org/abs/1504.08083"
    assert Source("", 2011, "", "https://example.org/a#b").url == "https://example.org/a#b"
    assert Source("", 1757, "").url == ""
    brackets = Source("", 1950, "", "doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2").url
    assert not set(brackets) & set("()<> ")


def test_a_look_is_of_a_hue_and_a_dash_that_there_are():
    assert Look("teal") == Look("teal", "solid")
    with pytest.raises(ValueError, match=r"^hue must be one of blue, orange, .*, got 'cyan'$"):
        Look("cyan")
    with pytest.raises(ValueError, match=r"^dash must be one of solid, dash, dot, dashdot, got 'dotted'$"):
        Look("teal", "dotted")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.5, "0.5"),
        (3.0, "3"),
        (0.0, "0"),
        (-2.0, "(-2)"),
        (1e-8, "10^{-8}"),
        (2.5e-7, r"2.5 \cdot 10^{-7}"),
        (-1e30, r"(-1 \cdot 10^{30})"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_are_written_to_stand_in_a_formula(number, written):
    assert latex(number) == written
