"""What a newcomer does first, on every tab: all is in sight, and whatever looks as if it could be dragged, can."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page

from core.stage import Handle, Stage
from core.views import VIEWS
from tests.browser.stage import (
    PLOT,
    RANGE,
    STAGES,
    TWO_FRAMES,
    Open,
    ready,
    searched,
    slider_of,
)
from tests.views.cases import chosen

WINDOWS = {(1280, 720), (1366, 768)}
PHONE = {"width": 390, "height": 844}
# Huber's gradient is the same for every outlier that is far away. From other starts, fits of near modes end alike.
ALONE = {"/gradient-descent?view=line": ("outlier",), "/class-probabilities?view=divergence": ("start",)}
FAR = 60  # pixels that a mark is dragged
# The first mark of a trace as it is drawn, and its panel, in pixels: left, top, width, height.
MARK = f"""number => {{
  const plot = {PLOT}, trace = plot._fullData[number], box = plot.getBoundingClientRect()
  const [x, y] = [trace.xaxis, trace.yaxis].map(name => plot._fullLayout[name.replace(/^([xy])/, '$1axis')])
  const group = plot.querySelector(`.trace${{trace.uid}}`)
  const drawn = [...group.querySelectorAll('.point, .js-line')].find(one => one.style.display !== 'none')
  const {{left, top, width, height}} = drawn.getBoundingClientRect()
  return [[left, top, width, height], [box.left + x._offset, box.top + y._offset, x._length, y._length]]
}}"""
# The paths of every line and mark, by the number of its trace.
DRAWN = f"""() => Object.fromEntries({PLOT}._fullData.map(({{uid}}, number) =>
  [number, [...{PLOT}.querySelectorAll(`.trace${{uid}} path`)].map(path =>
    [path.style.display, path.getAttribute('d'), path.getAttribute('transform')].join()).join()]))"""


def kinds(stage: Stage) -> dict[str, Handle]:
    """One handle for each kind of movement: a line or a mark, and the sliders that it moves."""
    found: dict[str, Handle] = {}
    for handle in stage.handles:
        found.setdefault(f"{stage.figure.data[handle.trace].mode} {handle.keys}", handle)
    return found


def values(page: Page, stage: Stage, handle: Handle) -> list[str]:
    """Where the sliders of a handle stand."""
    return [slider_of(page, stage.slider(key).label).get_attribute("aria-valuetext") for key in handle.keys]


def is_in_sight(page: Page, place: str) -> None:
    """Title, picture, the first slider and the sentence stand inside of the window."""
    height = page.viewport_size["height"]
    for part in ("h1", ".stage-picture", ".stage-slider input[type=range]", ".stage-summary"):
        for box in [one.bounding_box() for one in page.locator(part).all()[:1]]:
            assert 0 <= box["y"] < box["y"] + box["height"] <= height, (place, part, page.viewport_size)
    for table in page.locator(".stage-readings").all():
        assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth"), place


def drag(page: Page, place: str, stage: Stage, handle: Handle, starts: list[str]) -> None:
    """Drags a mark: what depends on it moves while it is held, and the axes do not; then it is in the address.

    starts: where the sliders of the handle start. What stands there is not in the address.
    """
    trace = stage.figure.data[handle.trace].name
    (x, y, wide, high), (left, top, width, height) = page.evaluate(MARK, handle.trace)
    # Not where two lines cross in the middle of the panel; beyond the panel, where the arrow stands.
    x, y = np.clip(x + 0.43 * wide, left, left + width), np.clip(y + 0.43 * high, top, top + height)
    across = FAR if x < left + width / 2 else -FAR
    down = FAR / 2 if y < top + height / 2 else -FAR / 2
    before, ranges, paths = values(page, stage, handle), page.evaluate(RANGE), page.evaluate(DRAWN)
    page.mouse.move(x, y)
    page.mouse.down()
    # A mark that moves along a curve may be at an end of it; any may come to stand where its slider starts.
    for right, up in ((1, 1), (-1, 1), (1, -1), (-1, -1), (-3, 3), (-3, 0))[: None if handle.along else 2]:
        page.mouse.move(x + right * across, y + up * down, steps=8)
        now = values(page, stage, handle)
        if now != before and not set(now) & set(starts):
            break
    alone = place in ALONE and handle.keys == ALONE[place]
    page.wait_for_function(
        f"""([own, alone, before]) => Object.entries(({DRAWN})()).some(([one, path]) =>
          (one === own) === alone && path !== before[one])""",
        arg=[str(handle.trace), alone, paths],
    )
    if not stage.slider(handle.keys[0]).continuous:
        assert values(page, stage, handle) != before, trace
    page.mouse.up()
    for key in handle.keys:
        searched(page, f"{key}=")
    ready(page)
    assert values(page, stage, handle) != before, trace
    assert page.evaluate(RANGE) == ranges, trace


@pytest.mark.parametrize("place", STAGES)
def test_all_is_in_sight_and_what_looks_so_can_be_dragged(place: str, visit: Open) -> None:
    stage = chosen(VIEWS[STAGES[place]])
    words = [*(["question=1"] if stage.question else []), *(["story=0"] if stage.story else [])]
    address = "&".join([place, *words]) if "?" in place else "?".join([place, "&".join(words)])
    page, _ = visit(address, viewport={"width": 1280, "height": 720})
    ready(page)
    is_in_sight(page, place)
    if stage.question:
        page.get_by_role("button", name="Skip", exact=True).click()
        page.evaluate(TWO_FRAMES)
        is_in_sight(page, place)
    handles = list(kinds(stage).values())
    starts = [values(page, stage, handle) for handle in handles]
    for handle, start in zip(handles, starts, strict=True):
        drag(page, place, stage, handle, start)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.evaluate(TWO_FRAMES)
    is_in_sight(page, place)
    page.set_viewport_size(PHONE)
    page.wait_for_function(f"() => {PLOT}.clientWidth < 390")
    page.evaluate(TWO_FRAMES)
    for slider in page.locator(".stage input[type=range]").all():
        slider.scroll_into_view_if_needed()
        page.evaluate(TWO_FRAMES)
        for box in (slider.bounding_box(), page.locator(".stage-picture").bounding_box()):
            assert 0 <= box["y"] < box["y"] + box["height"] <= PHONE["height"] + 0.5, place


def test_three_landscapes_with_their_surfaces_are_in_sight(visit: Open) -> None:
    place = "/loss-landscapes?view=line&losses=squared_error,absolute_error,huber"
    page, _ = visit(place, viewport={"width": 1280, "height": 720})
    is_in_sight(ready(page), place)


def test_a_ball_that_has_moved_on_is_taken_back_to_its_first_guess(visit: Open) -> None:
    """After some steps all guesses are near the number: there, no place on the screen tells them apart."""
    page, _ = visit("/?guess=1.5&step=12")
    ready(page)
    ball = next(one for one in chosen(VIEWS["guess_the_number"]).handles if one.rewinds)
    (x, y, wide, high), (left, _, width, _) = page.evaluate(MARK, ball.trace)
    page.mouse.move(x + wide / 2, y + high / 2)
    page.mouse.down()
    page.mouse.move(left + 8.1 / 10.2 * width, y, steps=6)
    page.mouse.up()
    searched(page, "guess=8")
    searched(page, "-step")
