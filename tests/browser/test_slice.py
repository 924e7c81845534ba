"""Gradient descent in one dimension: the tick on the learning rate, and the jumps that grow beyond it."""

from __future__ import annotations

from playwright.sync_api import Page

from core.views import VIEWS
from tests.browser.stage import TWO_FRAMES, Open, drawn, grab, ready, say, slider_of
from tests.browser.test_first_minute import is_in_sight
from tests.views.cases import chosen

PLACE = "/gradient-descent?show=slice"
THUMB = 18


def tick_at(page: Page) -> float:
    """How far along the track the tick is, from 0 to 1."""
    page.evaluate(TWO_FRAMES)
    track, mark = slider_of(page, "Learning rate").bounding_box(), page.locator(".stage-tick").bounding_box()
    return (mark["x"] + mark["width"] / 2 - track["x"] - THUMB / 2) / (track["width"] - THUMB)


def share(rate: float) -> float:
    """How far along its track the thumb of this learning rate is: the input counts its frames."""
    slider = chosen(VIEWS["textbook_slice"]).slider("lr")
    return slider.frame(rate) / (len(slider.values) - 1)


def test_past_the_tick_the_jumps_grow(visit: Open) -> None:
    page, _ = visit(PLACE, viewport={"width": 1280, "height": 720})
    is_in_sight(ready(page), PLACE)
    assert abs(tick_at(page) - share(0.1)) < 0.005
    assert "jumps shrink" in say(page)
    before = drawn(page)
    grab(page, "Learning rate", share(0.2))
    after = drawn(page)
    assert before["step x 0"] != after["step x 0"]
    assert "multiplies the distance by 3: the jumps from side to side grow" in say(page)
    page.mouse.up()
    ready(page)
    grab(page, "Condition κ", 1.0)  # 100: a fifth of the learning rate is stable
    assert abs(tick_at(page) - share(0.02)) < 0.005
    page.mouse.up()
    ready(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(TWO_FRAMES)
    for words in (page.locator(".stage-tick-words").bounding_box(),):
        assert 0 <= words["x"] < words["x"] + words["width"] <= 390
        assert words["height"] < 40  # at most two lines
