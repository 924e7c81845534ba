"""Small tables of live numbers under the picture, and the one height at which a contour draws its line."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.stage import Cell, Grid, Pick, Text, Track, Words
from core.stage.encode import payload
from tests.stage.samples import TIMELINE, Decoded, sample

SHARES = np.array([0.0, 0.3334333, 1.0])  # by frames of bend
FOUND, MISSED = 123.456789 * np.array([1.0, 2.0, 3.0]), 9.87654321 * np.array([3.0, 2.0, 1.0])
BEND = ("bend",)


def number(array):
    return Text(template="{n}", slots={"n": Pick(array, BEND)})


def grid(name="matrix", *, share=None, dash="dash"):
    """One row of two cells, then one of a cell whose number is in words."""
    counted = Text(template="about {n}", slots={"n": Words(("none", "some", "all"), "bend")})
    right = Cell(number("found"), share or Pick("share", BEND), "#00aa00")
    wrong = Cell(number("missed"), Pick("rest", BEND), "#aa0000")
    return Grid(
        name=name,
        colour="#123456",
        dash=dash,
        columns=("called positive", "called negative"),
        rows=(("positive", (right, wrong)), ("negative", (Cell(counted, Pick("share", BEND), "#00aa00"),))),
    )


def gridded(*grids, **changes):
    arrays = sample().arrays | {"found": FOUND, "missed": MISSED, "share": SHARES, "rest": 1 - SHARES}
    return sample(arrays=arrays, grids=grids or (grid(),), **changes)


def test_a_grids_cells_are_in_reading_order():
    stage = gridded(grid(), grid("another"))
    assert [cell.number.template for cell in grid().cells] == ["{n}", "{n}", "about {n}"]
    assert [cell.share.array for cell in stage.cells] == ["share", "rest", "share"] * 2
    assert sample().cells == ()


def test_a_bar_and_its_number_follow_the_sliders():
    first, second, _ = gridded().cells
    stage = gridded()
    for frame, value in enumerate((0.5, 1.0, 1.5)):
        assert stage.row(first.share, {"bend": value}) == SHARES[frame]
        assert stage.row(second.share, {"bend": value}) == 1 - SHARES[frame]
        assert stage.row(second.number.slots["n"], {"bend": value}) == MISSED[frame]


def test_what_stands_in_a_cell_is_written():
    plain = [text.template for text in sample().texts]
    assert [text.template for text in gridded().texts] == [*plain, "{n}", "{n}", "about {n}"]


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (Pick("curve", BEND), r"^a bar takes a row of 'curve', not a number$"),
        (Pick("share"), r"^a bar takes a row of 'share', not a number$"),
        (Pick("number", BEND), r"^a bar takes a row of 'number', not a number$"),
        (Pick("portion", BEND), r"^no array 'portion'$"),
        (Pick("share", ("bent",)), r"^no slider 'bent'; there are \['bend', 'step'\]$"),
        (Pick("share", ("step",)), r"^array 'share' is \(3,\), its sliders have \(4,\) frames$"),
    ],
)
def test_a_bar_needs_a_number(share, sentence):
    with pytest.raises(ValueError, match=sentence):
        gridded(grid(share=share))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (Text(template="{n}", slots={"n": Pick("curve", BEND)}), r"^slot 'n' picks a row of 'curve', not a number$"),
        (Text(template="many", slots={"n": Pick("share", BEND)}), r"^slot 'n' stands nowhere in 'many'$"),
        (Text(template="{n}", slots={"n": Words(("one", "two"), "bend")}), r"^words of 'bend': 2 strings$"),
    ],
)
def test_what_stands_in_a_cell_is_checked_as_every_text(text, sentence):
    cell = Cell(text, Pick("share", BEND), "#00aa00")
    with pytest.raises(ValueError, match=sentence):
        gridded(Grid(name="m", colour="#123456", columns=("a",), rows=(("r", (cell,)),)))


def test_header_holds_the_grids():
    rest = {"grow": "", "across": "", "star": [], "every": 1}
    found, other = Decoded.of(payload(gridded(grid(), grid("another", dash="solid")))).head["grids"]
    assert (found["name"], found["colour"], found["dash"]) == ("matrix", "#123456", "dash")
    assert (other["name"], other["dash"]) == ("another", "solid")
    assert found["columns"] == ["called positive", "called negative"]
    assert [row["name"] for row in found["rows"]] == ["positive", "negative"]
    (first, second), (third,) = (row["cells"] for row in found["rows"])
    assert first == {
        "number": {"template": "{n}", "slots": {"n": {"array": "found", "sliders": ["bend"], **rest}}},
        "share": {"array": "share", "sliders": ["bend"], **rest},
        "colour": "#00aa00",
    }
    assert (second["share"]["array"], second["colour"]) == ("rest", "#aa0000")
    assert third["number"]["slots"]["n"] == {"words": ["none", "some", "all"], "slider": "bend"}


def test_without_a_grid_there_is_none_in_the_header():
    assert Decoded.of(payload(sample())).head["grids"] == []


def test_a_cells_number_is_as_exact_as_what_is_written_and_its_bar_as_what_is_drawn():
    found = Decoded.of(payload(gridded())).arrays
    np.testing.assert_allclose(found["missed"], MISSED, rtol=8e-6)
    np.testing.assert_allclose(found["found"], FOUND, rtol=8e-6)
    np.testing.assert_allclose(found["share"], SHARES, rtol=3e-4)
    assert abs(found["share"][1] / SHARES[1] - 1) > 8e-6


HEIGHTS = np.array([[-2.0], [0.0], [0.5], [4.0]])  # by frames of step


def lined(**changes):
    """A contour beside the sample's curves, whose line moves with the timeline."""
    figure = go.Figure([go.Scatter(name="curve"), go.Scatter(name="path"), go.Contour(name="boundary")])
    arrays = sample().arrays | {"height": HEIGHTS, "ground": np.arange(6.0).reshape(2, 3)}
    tracks = (Track(2, "z", Pick("ground")), Track(2, "level", Pick("height", ("step",))))
    return sample(**({"figure": figure, "arrays": arrays, "tracks": tracks} | changes))


def test_a_contours_level_is_one_height_a_frame():
    stage = lined()
    heights = [stage.row(stage.tracks[1].pick, {"step": value}).tolist() for value in TIMELINE.values]
    assert heights == HEIGHTS.tolist()


def test_header_holds_the_level_as_an_attribute_of_its_contour():
    decoded = Decoded.of(payload(lined()))
    level = next(track for track in decoded.head["tracks"] if track["attribute"] == "level")
    assert decoded.head["data"][level["trace"]]["type"] == "contour"
    assert (level["pick"]["array"], level["pick"]["sliders"]) == ("height", ["step"])
    np.testing.assert_array_equal(decoded.arrays["height"], HEIGHTS)


def test_a_level_fits_its_sliders_as_every_track():
    with pytest.raises(ValueError, match=r"^array 'height' is \(4, 1\), its sliders have \(3,\) frames$"):
        lined(tracks=(Track(2, "level", Pick("height", BEND)),))
    with pytest.raises(ValueError, match=r"^track of trace 3: the figure has 3 traces$"):
        lined(tracks=(Track(3, "level", Pick("height", ("step",))),))
