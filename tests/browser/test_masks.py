"""A predicted mask under the finger: its middle is dragged, and the maps of pixels follow."""

import pytest

from tests.browser.stage import PLOT, Open, quiet, ready, say, searched, slider_of, spoken, word
from tests.browser.test_class_probabilities import PIXELS

PAGE = "/boxes-and-masks?view=mask"
MAPS = f"[...{PLOT}.querySelectorAll('.heatmaplayer image')].map(image => image.getAttribute('href'))"
# From the left, where each map begins and ends in pixels.
PLACES = f"""['xaxis', 'xaxis2', 'xaxis3', 'xaxis4'].map(name => {PLOT}._fullLayout[name])
  .map(({{_offset, _length}}) => [_offset, _offset + _length])"""


def test_dragging_the_middle_moves_every_map_at_once_without_the_server(visit: Open) -> None:
    page, seen = quiet(visit, PAGE)
    before, sentence, sent, asked = page.evaluate(MAPS), say(page), len(seen.sent), len(seen.asked)
    assert len(before) == 4
    page.locator(".stage-picture").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(PIXELS, [28, 24]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(PIXELS, [18, 24]), steps=8)
    moved = page.evaluate(MAPS)
    assert all(one != other for one, other in zip(before, moved, strict=True))
    assert spoken(slider_of(page, "Shift of the prediction (pixels)")).replace("−", "-") == "-6"
    assert say(page) != sentence
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    page.mouse.up()
    searched(page, "shift=")
    ready(page)
    assert word(page, "shift") == -6
    assert page.evaluate(MAPS) == moved  # as Plotly draws them


def test_maps_whose_y_axis_points_down_stand_beside_each_other(visit: Open) -> None:
    page, _ = quiet(visit, PAGE)
    places = page.evaluate(PLACES)
    assert all(end < begin for (_, end), (begin, _) in zip(places, places[1:], strict=False))
    assert [end - begin for begin, end in places] == [pytest.approx(places[0][1] - places[0][0], abs=1)] * 4
