"""A stage that is made can be shown: what does not fit is refused with a sentence that says what."""

import numpy as np
import pytest

from core.record import Param
from core.stage import Aim, Pick, Slider, Text, Track, Words
from tests.stage.samples import ACROSS, SLIDER, TIMELINE, UP, aimed, sample


def notice(slot, template="{n}"):
    return {"summary": Text(template=template, slots={"n": slot})}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tracks": (Track(2, "y", Pick("x")),)}, r"^track of trace 2: the figure has 2 traces$"),
        ({"tracks": (Track(-1, "y", Pick("x")),)}, r"^track of trace -1: the figure has 2 traces$"),
        ({"tracks": (Track(0, "y", Pick("z")),)}, r"^no array 'z'$"),
        ({"tracks": (Track(0, "y", Pick("curve", ("bent",))),)}, r"^no slider 'bent'; there are \['bend', 'step'\]$"),
        (
            {"tracks": (Track(0, "y", Pick("curve", ("step",))),)},
            r"^array 'curve' is \(3, 5\), its sliders have \(4,\) frames$",
        ),
        (
            {"tracks": (Track(0, "y", Pick("curve", ("bend",), grow="step")),)},
            r"is \(3, 5\), its sliders have \(3, 4\) frames$",
        ),
        (
            {"tracks": (Track(0, "y", Pick("x", ("bend", "step"))),)},
            r"^array 'x' is \(5,\), its sliders have \(3, 4\) frames$",
        ),
        ({"tracks": (Track(0, "y", Pick("path", ("bend",), grow="stop")),)}, r"^no slider 'stop'"),
        (notice(Pick("curve", ("bend",))), r"^slot 'n' picks a row of 'curve', not a number$"),
        (notice(Pick("number", ("bend",))), r"^slot 'n' picks a row of 'number', not a number$"),
        (notice(Pick("missing")), r"^no array 'missing'$"),
        (notice(Pick("number", ("bend", "step")), "none"), r"^slot 'n' stands nowhere in 'none'$"),
        (notice(Words(("one", "two"), "bend")), r"^words of 'bend': 2 strings$"),
        (notice(Words(("one",), "bent")), r"^no slider 'bent'"),
    ],
)
def test_what_does_not_fit_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        sample(**changes)


def test_texts_are_all_that_is_written():
    stage = sample()
    assert [text.template for text in stage.texts] == ["{how}: {n}.", "{n}"]


@pytest.mark.parametrize(
    ("pick", "values", "index"),
    [
        (Pick("x"), {}, np.s_[:]),
        (Pick("curve", ("bend",)), {}, np.s_[1]),
        (Pick("curve", ("bend",)), {"bend": 0.5}, np.s_[0]),
        (Pick("curve", ("bend",)), {"bend": 1.4}, np.s_[2]),
        (Pick("number", ("bend", "step")), {"bend": 1.5, "step": 10}, np.s_[2, 2]),
        (Pick("path", ("bend",), grow="step"), {}, np.s_[1, :1]),
        (Pick("path", ("bend",), grow="step"), {"step": 10, "bend": 0.5}, np.s_[0, :3]),
        (Pick("path", ("bend",), grow="step"), {"step": 100}, np.s_[1, :4]),
    ],
)
def test_row_is_what_the_sliders_pick(pick, values, index):
    stage = sample()
    np.testing.assert_array_equal(stage.row(pick, values), stage.arrays[pick.array][index])


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), ("1.5", 1.5), ("1", 1.0), ("1.3", 1.5), ("1e0", 1.0), ("0.74", 0.5)]
)
def test_an_address_reads_as_the_nearest_frame(text, value):
    assert SLIDER.read(text) == value


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "-inf", "0.49", "1.51", "-1", "1e400", "one", "1,0", "0x1", "9" * 5000, "１２３ＸＸ"]
)
def test_what_the_slider_cannot_stand_at_is_refused(text):
    with pytest.raises(ValueError, match=r"^bend must be a number from 0\.5 to 1\.5, got '.{0,40}$"):
        SLIDER.read(text)


def test_step_only_where_frames_are_evenly_apart():
    assert SLIDER.step == 0.5
    assert TIMELINE.step is None
    assert Slider(key="k", label="K", values=np.array([2.0]), start=0).step is None


PARAM = Param("delta", symbol="δ", default=1.0, low=0.05, high=5.0, step=0.05)


@pytest.mark.parametrize("most", [None, 1, 2, 3, 7, 19, 20, 50, 99, 100, 101, 1000])
@pytest.mark.parametrize("default", [0.05, 0.1, 1.0, 2.35, 5.0])
def test_a_slider_through_a_parameter_keeps_its_default(most, default):
    slider = Slider.of(PARAM.but(default=default), key="huber.delta", label="Huber δ", most=most)
    assert slider.values[slider.start] == default
    assert 1 <= len(slider.values) <= (most or 100)
    assert np.isin(slider.values, PARAM.frames).all()
    if most is None or most > 2:
        assert tuple(slider.values[[0, -1]]) == (PARAM.low, PARAM.high)
        assert np.diff(slider.values).max() < 2 * (PARAM.high - PARAM.low) / (min(most or 100, 100) - 1)
    if most is None or most >= 100:
        np.testing.assert_array_equal(slider.values, PARAM.frames)


STAR = Pick("star", star=("bend", "step"))  # the centre, three frames of bend, four of step
GRID = {"star": np.arange(8.0 * 2 * 3).reshape(8, 2, 3), "grid": np.arange(12.0).reshape(4, 3)}


def starred(**changes):
    arrays = sample().arrays | GRID
    return sample(arrays=arrays, **changes)


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ({}, 0),
        ({"bend": 1.0, "step": 0.0}, 0),
        ({"bend": 0.5}, 1),
        ({"bend": 1.5}, 3),
        ({"step": 1.0}, 5),
        ({"step": 100.0}, 7),
    ],
)
def test_a_star_holds_each_slider_alone(values, index):
    np.testing.assert_array_equal(starred().row(STAR, values), GRID["star"][index])


def test_a_star_stands_around_the_stages_centre():
    stage = starred(centre={"bend": 0.5})
    np.testing.assert_array_equal(stage.row(STAR, {"bend": 0.5}), GRID["star"][0])
    np.testing.assert_array_equal(stage.row(STAR, {}), GRID["star"][2])  # bend back at its start
    np.testing.assert_array_equal(stage.row(STAR, {"bend": 0.5, "step": 10.0}), GRID["star"][6])
    with pytest.raises(ValueError, match=r"^only one of bend, step can leave the centre, got bend, step$"):
        stage.row(STAR, {"step": 10.0})


def test_a_slider_picks_across_a_grid():
    stage = starred()
    np.testing.assert_array_equal(stage.row(Pick("grid", across="bend"), {"bend": 1.5}), GRID["grid"][:, 2])
    assert stage.row(Pick("grid", ("step",), across="bend"), {"bend": 0.5, "step": 10.0}) == GRID["grid"][2, 0]
    picked = stage.row(Pick("star", across="bend", star=("bend", "step")), {"bend": 0.5})
    np.testing.assert_array_equal(picked, GRID["star"][1][:, 0])


@pytest.mark.parametrize(
    ("pick", "sentence"),
    [
        (Pick("star", star=("bend",)), r"^array 'star' is \(8, 2, 3\), its sliders have \(4,\) frames$"),
        (Pick("grid", across="step"), r"^array 'grid' is \(4, 3\): not a grid with the frames of 'step' across$"),
        (Pick("grid", ("step", "bend"), across="bend"), r"^array 'grid' is \(4, 3\): not a grid"),
    ],
)
def test_a_star_or_a_grid_that_does_not_fit_is_refused(pick, sentence):
    with pytest.raises(ValueError, match=sentence):
        starred(tracks=(Track(0, "y", pick),))


# --- a mark that is dragged, free sliders, words that a number counts to ---


@pytest.mark.parametrize(
    ("text", "value"),
    [("-2", -2.0), ("2", 2.0), ("0.3", 0.3), ("-1.23456", -1.235), ("1e-6", 1e-6), ("0.000123456", 0.0001235)],
)
def test_a_free_slider_stands_where_it_is_left_to_four_digits(text, value):
    assert ACROSS.read(text) == value


@pytest.mark.parametrize("text", ["", "nan", "-2.001", "2.1", "inf", "there", "9" * 5000])
def test_a_free_slider_keeps_to_its_ends(text):
    with pytest.raises(ValueError, match=r"^across must be a number from -2 to 2, got '.{0,40}$"):
        ACROSS.read(text)


def test_a_free_sliders_ends_are_its_own_however_many_digits_they_have():
    slider = Slider(key="odd", label="Odd", values=np.array([-1.23456, 0.0, 5.20756]), start=1, continuous=True)
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


def test_a_free_slider_has_no_step():
    assert ACROSS.step is None
    assert Slider(key="k", label="K", values=ACROSS.values, start=0).step == 1.0


def test_a_mark_is_dragged_by_two_free_sliders():
    assert aimed().aim == Aim(2, ("across", "up"))
    with pytest.raises(ValueError, match=r"^a mark can be dragged to any place, but slider 'bend' is not free$"):
        aimed(aim=Aim(2, ("across", "bend")))
    with pytest.raises(ValueError, match=r"^no slider 'sideways'"):
        aimed(aim=Aim(2, ("sideways", "up")))


@pytest.mark.parametrize("trace", [-1, 3])
def test_a_mark_is_a_trace_of_the_figure(trace):
    with pytest.raises(ValueError, match=rf"trace {trace}: the figure has 3 traces$"):
        aimed(aim=Aim(trace, ("across", "up")))


@pytest.mark.parametrize("fate", [3.0, -1.0, 0.5, np.nan])
def test_words_must_be_there_for_every_number(fate):
    arrays = aimed().arrays | {"fate": np.full(9, fate)}
    with pytest.raises(ValueError, match=r"^words of 'fate': 3 strings$"):
        aimed(arrays=arrays)


def test_words_are_picked_by_a_number_not_by_a_row():
    arrays = aimed().arrays | {"fate": np.zeros((9, 2))}
    with pytest.raises(ValueError, match=r"^slot 'fate' picks a row of 'fate', not a number$"):
        aimed(arrays=arrays)


def test_a_remark_is_written_too():
    assert [text.template for text in aimed().texts] == ["{how}: {n}.", "{n}", "It {fate}."]
    remark = aimed().readings[0].note
    assert {pick.array for pick in remark.picks} == {"fate", "mark x"}
    assert remark.strings == ("It {fate}.", "is at {x}", "rests", "fell")


def test_every_so_many_frames_share_a_row():
    stage, pick = aimed(), Pick("every other", ("step",), every=2)
    assert [float(stage.row(pick, {"step": value})) for value in TIMELINE.values] == [0, 0, 1, 1]
    with pytest.raises(ValueError, match=r"^array 'every other' is \(2,\), its sliders have \(4,\) frames$"):
        sample(arrays=stage.arrays, tracks=(Track(0, "y", Pick("every other", ("step",))),))
    with pytest.raises(ValueError, match=r"its sliders have \(3, 2\) frames$"):
        sample(arrays=stage.arrays, tracks=(Track(0, "y", Pick("every other", ("bend", "step"), every=2)),))
