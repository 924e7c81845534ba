"""Live arrays show what their sliders pick; an array or a text that does not fit its sliders is refused."""

import numpy as np
import pytest

from core.stage import Live, Sweep, Text, Words
from tests.stage.samples import CURVE, NUMBER, PATH, POWER, TIMELINE, X, sample, with_handle

SWEEP = Sweep((POWER, TIMELINE))  # the centre, three frames of power, four of step
RUNS = np.arange(8.0 * 2 * 3).reshape(8, 2, 3)
GRID = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    ("live", "values", "shown"),
    [
        (Live(X), {}, X),
        (Live(CURVE, POWER), {}, CURVE[1]),
        (Live(CURVE, POWER), {"power": 0.5}, CURVE[0]),
        (Live(CURVE, POWER), {"power": 1.4}, CURVE[2]),
        (Live(NUMBER, (POWER, TIMELINE)), {"power": 1.5, "step": 10}, NUMBER[2, 2]),
        (Live(PATH, POWER, grow=TIMELINE), {}, PATH[1, :1]),
        (Live(PATH, POWER, grow=TIMELINE), {"step": 10, "power": 0.5}, PATH[0, :3]),
        (Live(PATH, POWER, grow=TIMELINE), {"step": 100}, PATH[1, :4]),
        (Live(GRID, across=POWER), {"power": 1.5}, GRID[:, 2]),
        (Live(GRID, TIMELINE, across=POWER), {"power": 0.5, "step": 10.0}, GRID[2, 0]),
        (Live(RUNS, SWEEP), {}, RUNS[0]),
        (Live(RUNS, SWEEP), {"power": 1.0, "step": 0.0}, RUNS[0]),
        (Live(RUNS, SWEEP), {"power": 0.5}, RUNS[1]),
        (Live(RUNS, SWEEP), {"power": 1.5}, RUNS[3]),
        (Live(RUNS, SWEEP), {"step": 1.0}, RUNS[5]),
        (Live(RUNS, SWEEP), {"step": 100.0}, RUNS[7]),
        (Live(RUNS, SWEEP, across=POWER), {"power": 0.5}, RUNS[1][:, 0]),
        (Live(CURVE[:1], Sweep()), {"power": 0.5}, CURVE[0]),
        (Live(CURVE[None], (Sweep(), POWER)), {"power": 0.5}, CURVE[0]),
    ],
)
def test_a_row_is_what_the_sliders_pick(live, values, shown):
    np.testing.assert_array_equal(live.row(values), shown)
    assert live.axes == np.ndim(shown)


def test_a_sweep_stands_around_its_centre():
    live = Live(RUNS, Sweep((POWER, TIMELINE), {"power": 0.5}))
    np.testing.assert_array_equal(live.row({"power": 0.5}), RUNS[0])
    np.testing.assert_array_equal(live.row({}), RUNS[2])  # power back at its start
    np.testing.assert_array_equal(live.row({"power": 0.5, "step": 10.0}), RUNS[6])
    with pytest.raises(ValueError, match=r"^only one of power, step can leave the centre, got power, step$"):
        live.row({"step": 10.0})


def test_every_so_many_frames_share_a_row():
    live = Live(np.arange(2.0), TIMELINE, every=2)
    assert [float(live.row({"step": value})) for value in TIMELINE.values] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("array", "by", "how", "sentence"),
    [
        (CURVE, TIMELINE, {}, r"^an array of shape \(3, 5\) does not fit step: \(4,\)$"),
        (CURVE, POWER, {"grow": TIMELINE}, r"^an array of shape \(3, 5\) does not fit power, step: \(3, 4\)$"),
        (X, (POWER, TIMELINE), {}, r"^an array of shape \(5,\) does not fit power, step: \(3, 4\)$"),
        (RUNS, Sweep((POWER,)), {}, r"^an array of shape \(8, 2, 3\) does not fit the sweep of power: \(4,\)$"),
        (RUNS, Sweep(), {}, r"^an array of shape \(8, 2, 3\) does not fit a sweep without sliders: one run$"),
        (GRID, (), {"across": TIMELINE}, r"^an array of shape \(4, 3\) has no column for each frame of 'step'$"),
        (GRID, (TIMELINE, POWER), {"across": POWER}, r"^an array of shape \(4, 3\) has no column"),
        (np.arange(2.0), TIMELINE, {}, r"^an array of shape \(2,\) does not fit step: \(4,\)$"),
        (np.arange(2.0), (POWER, TIMELINE), {"every": 2}, r"does not fit power, step: \(3, 2\)$"),
    ],
)
def test_an_array_that_does_not_fit_its_sliders_is_refused(array, by, how, sentence):
    with pytest.raises(ValueError, match=sentence):
        Live(array, by, **how)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Text("{}", Live(CURVE, POWER)), r"^slot '0' of '\{0\}' is a row of \(3, 5\), not a number$"),
        (lambda: Text("{n}", n=Live(NUMBER, POWER)), r"^slot 'n' of '\{n\}' is a row of \(3, 4\), not a number$"),
        (lambda: Text("none", n=Live(NUMBER, (POWER, TIMELINE))), r"^slot 'n' stands nowhere in 'none'$"),
        (lambda: Text("{}", Live(X[0]), Live(X[0])), r"^slot '1' stands nowhere in '\{0\}'$"),
        (lambda: Words(("one", "two"), POWER), r"^2 words for the 3 frames of 'power'$"),
        (
            lambda: Words(("one",), Live(CURVE, POWER)),
            r"^words are picked by a number, not by a row of shape \(3, 5\)$",
        ),
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
