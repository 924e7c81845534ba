"""A stage that is made can be shown: what does not fit is refused with a sentence that says what."""

import numpy as np
import pytest

from core.stage import Handle, Live, Question, Slider, Text, Tick, Track, Words
from tests.stage.samples import POWER, TIMELINE, X, sample, with_handle

OTHER = Slider(name="other", label="Other", values=POWER.values, start=1)
LONGER = Slider(name="power", label="Power β", values=np.arange(5.0), start=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tracks": (Track(2, "y", Live(X)),)}, r"^track of trace 2: the figure has 2 traces$"),
        ({"tracks": (Track(-1, "y", Live(X)),)}, r"^track of trace -1: the figure has 2 traces$"),
        ({"tracks": (Track(0, "y", Live(X[:3], OTHER)),)}, r"^no slider 'other'; there are \['power', 'step'\]$"),
        (
            {"tracks": (Track(0, "y", Live(X, LONGER)),)},
            r"^slider 'power' has other frames in the stage",
        ),
        ({"summary": Text("{}", Live(X[:3], OTHER))}, r"^no slider 'other'"),
        ({"summary": Text("{}", Words(("a", "b", "c"), Live(np.zeros(3), OTHER)))}, r"^no slider 'other'"),
        ({"summary": Text("{}", Words(("a", "b", "c"), OTHER))}, r"^no slider 'other'"),
    ],
)
def test_what_does_not_fit_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        sample(**changes)


def test_a_handle_moves_sliders_that_there_are():
    assert Handle(trace=2, x="across", y="up").keys == ("across", "up")
    with pytest.raises(ValueError, match=r"^the handle of trace 2 moves no slider$"):
        with_handle(handles=(Handle(trace=2, rewinds="step"),))
    for keys in ({"x": "sideways"}, {"y": "sideways"}, {"along": "sideways"}, {"x": "across", "rewinds": "sideways"}):
        with pytest.raises(ValueError, match=r"^no slider 'sideways'"):
            with_handle(handles=(Handle(trace=2, **keys),))


def question(**changes):
    parts = {
        "text": "Which?",
        "options": ("a", "b"),
        "answer": Live([0, 1, 1], POWER),
        "why": Text("So."),
        "reveal": "step",
    }
    return Question(**(parts | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer": Live([0, 1, 2], POWER)}, r"^the answer to 'Which\?' must be the number of one of 2 options$"),
        ({"answer": Live(np.zeros((3, 2)), POWER)}, r"^the answer to 'Which\?' must be the number"),
        ({"answer": Live([0, 1, 1], OTHER)}, r"^no slider 'other'"),
        ({"why": Text("{}", Live(X[:3], OTHER))}, r"^no slider 'other'"),
        ({"reveal": "other"}, r"^no slider 'other'"),
        ({"reveal": "power", "at": 0.7}, r"^slider 'power' cannot be let go at 0.7$"),
    ],
)
def test_a_question_has_an_answer_that_a_slider_shows(changes, sentence):
    assert sample(question=question()).texts[-1].template == "So."
    with pytest.raises(ValueError, match=sentence):
        sample(question=question(**changes))


def test_a_tick_is_a_number_on_a_slider_that_there_is():
    words, at = Text("a bound"), Live(np.arange(4.0), TIMELINE)
    assert at in list(sample(ticks=(Tick("power", at, words),)).lives)
    with pytest.raises(ValueError, match=r"^no slider 'sideways'"):
        sample(ticks=(Tick("sideways", at, words),))
    with pytest.raises(ValueError, match=r"^a tick is at a number, not at a row of \(5,\)$"):
        sample(ticks=(Tick("power", Live(X), words),))


@pytest.mark.parametrize("trace", [-1, 3])
def test_a_handle_is_a_trace_of_the_figure(trace):
    with pytest.raises(ValueError, match=rf"^a handle is trace {trace}: the figure has 3 traces$"):
        with_handle(handles=(Handle(trace=trace, x="across", y="up"),))


def test_what_is_drawn_is_found_by_the_name_of_its_trace():
    stage = with_handle()
    (x,), (y,) = stage.drawn("curve", "x"), stage.drawn("curve", "y", "y")
    np.testing.assert_array_equal(x.array, X)
    assert y.sliders == (POWER,)
    assert list(stage.drawn("curve", "x", "y2")) == list(stage.drawn("nothing", "x")) == []
