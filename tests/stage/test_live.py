"""Live arrays show what their sliders pick; an array or a text that does not fit its sliders is refused."""

import numpy as np
import pytest

from core.stage import Live, Sweep, Text, Words
from tests.stage.samples import BEND, CURVE, NUMBER, PATH, TIMELINE, X, sample, with_handle

SWEEP = Sweep((BEND, TIMELINE))  # the centre, three frames of bend, four of step
RUNS = np.arange(8.0 * 2 * 3).reshape(8, 2, 3)
GRID = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    ("live", "values", "shown"),
    [
        (Live(X), {}, X),
        (Live(CURVE, BEND), {}, CURVE[1]),
        (Live(CURVE, BEND), {"bend": 0.5}, CURVE[0]),
        (Live(CURVE, BEND), {"bend": 1.4}, CURVE[2]),
        (Live(NUMBER, (BEND, TIMELINE)), {"bend": 1.5, "step": 10}, NUMBER[2, 2]),
        (Live(PATH, BEND, grow=TIMELINE), {}, PATH[1, :1]),
        (Live(PATH, BEND, grow=TIMELINE), {"step": 10, "bend": 0.5}, PATH[0, :3]),
        (Live(PATH, BEND, grow=TIMELINE), {"step": 100}, PATH[1, :4]),
        (Live(GRID, across=BEND), {"bend": 1.5}, GRID[:, 2]),
        (Live(GRID, TIMELINE, across=BEND), {"bend": 0.5, "step": 10.0}, GRID[2, 0]),
        (Live(RUNS, SWEEP), {}, RUNS[0]),
        (Live(RUNS, SWEEP), {"bend": 1.0, "step": 0.0}, RUNS[0]),
        (Live(RUNS, SWEEP), {"bend": 0.5}, RUNS[1]),
        (Live(RUNS, SWEEP), {"bend": 1.5}, RUNS[3]),
        (Live(RUNS, SWEEP), {"step": 1.0}, RUNS[5]),
        (Live(RUNS, SWEEP), {"step": 100.0}, RUNS[7]),
        (Live(RUNS, SWEEP, across=BEND), {"bend": 0.5}, RUNS[1][:, 0]),
        (Live(CURVE[:1], Sweep()), {"bend": 0.5}, CURVE[0]),
        (Live(CURVE[None], (Sweep(), BEND)), {"bend": 0.5}, CURVE[0]),
    ],
)
def test_a_row_is_what_the_sliders_pick(live, values, shown):
    np.testing.assert_array_equal(live.row(values), shown)
    assert live.axes == np.ndim(shown)


def test_a_sweep_stands_around_its_centre():
    live = Live(RUNS, Sweep((BEND, TIMELINE), {"bend": 0.5}))
    np.testing.assert_array_equal(live.row({"bend": 0.5}), RUNS[0])
    np.testing.assert_array_equal(live.row({}), RUNS[2])  # bend back at its start
    np.testing.assert_array_equal(live.row({"bend": 0.5, "step": 10.0}), RUNS[6])
    with pytest.raises(ValueError, match=r"^only one of bend, step can leave the centre, got bend, step$"):
        live.row({"step": 10.0})


def test_every_so_many_frames_share_a_row():
    live = Live(np.arange(2.0), TIMELINE, every=2)
    assert [float(live.row({"step": value})) for value in TIMELINE.values] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("array", "by", "how", "sentence"),
    [
        (CURVE, TIMELINE, {}, r"^an array of shape \(3, 5\) does not fit step: \(4,\)$"),
        (CURVE, BEND, {"grow": TIMELINE}, r"^an array of shape \(3, 5\) does not fit bend, step: \(3, 4\)$"),
        (X, (BEND, TIMELINE), {}, r"^an array of shape \(5,\) does not fit bend, step: \(3, 4\)$"),
        (RUNS, Sweep((BEND,)), {}, r"^an array of shape \(8, 2, 3\) does not fit the sweep of bend: \(4,\)$"),
        (RUNS, Sweep(), {}, r"^an array of shape \(8, 2, 3\) does not fit a sweep without sliders: one run$"),
        (GRID, (), {"across": TIMELINE}, r"^an array of shape \(4, 3\) has no column for each frame of 'step'$"),
        (GRID, (TIMELINE, BEND), {"across": BEND}, r"^an array of shape \(4, 3\) has no column"),
        (np.arange(2.0), TIMELINE, {}, r"^an array of shape \(2,\) does not fit step: \(4,\)$"),
        (np.arange(2.0), (BEND, TIMELINE), {"every": 2}, r"does not fit bend, step: \(3, 2\)$"),
    ],
)
def test_an_array_that_does_not_fit_its_sliders_is_refused(array, by, how, sentence):
    with pytest.raises(ValueError, match=sentence):
        Live(array, by, **how)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Text("{}", Live(CURVE, BEND)), r"^slot '0' of '\{0\}' is a row of \(3, 5\), not a number$"),
        (lambda: Text("{n}", n=Live(NUMBER, BEND)), r"^slot 'n' of '\{n\}' is a row of \(3, 4\), not a number$"),
        (lambda: Text("none", n=Live(NUMBER, (BEND, TIMELINE))), r"^slot 'n' stands nowhere in 'none'$"),
        (lambda: Text("{}", Live(X[0]), Live(X[0])), r"^slot '1' stands nowhere in '\{0\}'$"),
        (lambda: Words(("one", "two"), BEND), r"^2 words for the 3 frames of 'bend'$"),
        (lambda: Words(("one",), Live(CURVE, BEND)), r"^words are picked by a number, not by a row of shape \(3, 5\)$"),
        *[
            (lambda number=number: Words(("a", "b", "c"), Live(np.full(8, number), SWEEP)), r"^3 words, but an array")
            for number in (3.0, -1.0, 0.5, np.nan)
        ],
    ],
)
def test_a_text_that_cannot_be_written_is_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_texts_are_all_that_is_written():
    assert [text.template for text in sample().texts] == ["{how}: {0}.", "{0}"]
    assert [text.template for text in with_handle().texts] == ["{how}: {0}.", "{0}", "It {0}."]
    note = with_handle().readings[0].note
    assert len(note.lives) == 2
    assert note.strings == ("It {0}.", "is at {x}", "rests", "fell")
