"""Small tables of live numbers under the picture, and the one height at which a contour draws its line."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.stage import Cell, Grid, Live, Text, Track, Words
from core.stage.encode import payload
from tests.stage.samples import CURVE, POWER, TIMELINE, Decoded, sample

SHARES = np.array([0.0, 0.3334333, 1.0])  # by frames of power
FOUND, MISSED = 123.456789 * np.array([1.0, 2.0, 3.0]), 9.87654321 * np.array([3.0, 2.0, 1.0])


def number(array):
    return Text("{}", Live(array, POWER))


def grid(name="matrix", *, share=None, dash="dash"):
    """One row of two cells, then one of a cell whose number is in words."""
    shares = Live(SHARES, POWER)
    cells = Text("about {}", Words(("none", "some", "all"), POWER))
    right = Cell(number(FOUND), share or shares, "#00aa00")
    wrong = Cell(number(MISSED), Live(1 - SHARES, POWER), "#aa0000")
    return Grid(
        name=name,
        colour="#123456",
        dash=dash,
        columns=("predicted positive", "predicted negative"),
        rows=(("positive", (right, wrong)), ("negative", (Cell(cells, shares, "#00aa00"),))),
    )


def gridded(*grids, **changes):
    return sample(grids=grids or (grid(),), **changes)


def test_a_cell_holds_the_number_of_its_frame():
    first, second, _ = gridded().cells
    for frame, value in enumerate(POWER.values):
        assert first.number.lives[0].row({"power": value}) == FOUND[frame]
        assert second.number.lives[0].row({"power": value}) == MISSED[frame]
        assert first.share.row({"power": value}) == SHARES[frame]


def test_what_stands_in_a_cell_is_written():
    plain = [text.template for text in sample().texts]
    assert [text.template for text in gridded().texts] == [*plain, "{0}", "{0}", "about {0}"]


@pytest.mark.parametrize("share", [Live(CURVE, POWER), Live(SHARES), Live(np.zeros((3, 4)), POWER)])
def test_a_bar_needs_a_number(share):
    with pytest.raises(ValueError, match=r"^a bar takes a number, not a row of \(3"):
        gridded(grid(share=share))


def test_header_holds_the_grids():
    decoded = Decoded.of(payload(gridded(grid(), grid("another", dash="solid"))))
    found, other = decoded.head["grids"]
    assert (found["name"], found["colour"], found["dash"]) == ("matrix", "#123456", "dash")
    assert (other["name"], other["dash"]) == ("another", "solid")
    assert found["columns"] == ["predicted positive", "predicted negative"]
    assert [row["name"] for row in found["rows"]] == ["positive", "negative"]
    (first, second), (third,) = (row["cells"] for row in found["rows"])
    assert (first["colour"], second["colour"]) == ("#00aa00", "#aa0000")
    assert (first["number"]["template"], first["number"]["slots"]["0"]["sliders"]) == ("{0}", ["power"])
    np.testing.assert_allclose(decoded.arrays[first["number"]["slots"]["0"]["array"]], FOUND, rtol=8e-6)
    np.testing.assert_allclose(decoded.arrays[second["number"]["slots"]["0"]["array"]], MISSED, rtol=8e-6)
    bar = decoded.arrays[first["share"]["array"]]
    np.testing.assert_allclose(bar, SHARES, rtol=3e-4)
    assert abs(bar[1] / SHARES[1] - 1) > 8e-6  # drawn, not written
    assert third["number"]["slots"]["0"] == {"words": ["none", "some", "all"], "slider": "power"}


def test_without_a_grid_there_is_none_in_the_header():
    assert Decoded.of(payload(sample())).head["grids"] == []


HEIGHTS = np.array([[-2.0], [0.0], [0.5], [4.0]])  # by frames of step


def test_a_contours_level_is_one_height_a_frame():
    figure = go.Figure([go.Scatter(name="curve"), go.Scatter(name="path"), go.Contour(name="boundary")])
    level = Live(HEIGHTS, TIMELINE)
    stage = sample(figure=figure, tracks=(Track(2, "z", Live(np.arange(6.0).reshape(2, 3))), Track(2, "level", level)))
    assert [level.row({"step": value}).tolist() for value in TIMELINE.values] == HEIGHTS.tolist()
    decoded = Decoded.of(payload(stage))
    track = next(track for track in decoded.head["tracks"] if track["attribute"] == "level")
    assert decoded.head["data"][track["trace"]]["type"] == "contour"
    assert track["live"]["sliders"] == ["step"]
    np.testing.assert_array_equal(decoded.arrays[track["live"]["array"]], HEIGHTS)
