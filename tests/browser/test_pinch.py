"""Two fingers on a picture zoom it and not the page, a tap leaves the zoom as it is, and two taps reset it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.stage import RANGE, TWO_FRAMES, Open, ready, searched

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PANEL = ".stage .nsewdrag"
SCALE = "visualViewport.scale"
SAME = f"before => {RANGE}.every((end, i) => Math.abs(end - before[i]) < 1e-6)"
MAP_ONLY = "/gradient-descent?optimizers=gradient_descent"


def touch(client: CDPSession, kind: str, points: Sequence[tuple[float, float]] = ()) -> None:
    fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    client.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": fingers})


def pinch(page: Page, client: CDPSession, middle: tuple[float, float], begin: float, end: float) -> None:
    """Two fingers beside each other, from so many pixels apart to so many."""

    def fingers(apart: float) -> list[tuple[float, float]]:
        return [(middle[0] - apart / 2, middle[1]), (middle[0] + apart / 2, middle[1])]

    touch(client, "Start", fingers(begin)[:1])
    touch(client, "Start", fingers(begin))
    for part in range(1, 9):
        touch(client, "Move", fingers(begin + part / 8 * (end - begin)))
    touch(client, "End")
    page.evaluate(TWO_FRAMES)


def tap(page: Page, client: CDPSession, at: tuple[float, float]) -> None:
    touch(client, "Start", [at])
    touch(client, "End")
    page.evaluate(TWO_FRAMES)


def test_one_finger_drags_a_mark_across(visit: Open) -> None:
    """The browser does not take the finger away, to scroll the page."""
    page, _ = visit("/?story=0", **PHONE)
    ready(page)
    client = page.context.new_cdp_session(page)
    box = page.locator(PANEL).first.bounding_box()
    x, y, across = box["x"] + 0.15 * box["width"], box["y"] + 0.5 * box["height"], 0.35 * box["width"]
    touch(client, "Start", [(x, y)])
    for part in range(1, 15):
        touch(client, "Move", [(x + part / 14 * across, y + part % 3)])
    touch(client, "End")
    searched(page, "guess=5")


def test_two_fingers_zoom_the_panel_between_them_and_two_taps_reset_it(visit: Open) -> None:
    page, _ = visit(MAP_ONLY, **PHONE)
    ready(page)
    client = page.context.new_cdp_session(page)
    box = page.locator(PANEL).first.bounding_box()
    middle = box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"]
    before, starts = page.evaluate(RANGE), page.evaluate("location.search")
    pinch(page, client, middle, 60, 120)
    # The relayout that follows has the ranges that were drawn.
    halved = "([low, high]) => Math.abs(2 * ({0}[1] - {0}[0]) / (high - low) - 1) < 0.02".replace("{0}", RANGE)
    page.wait_for_function(halved, arg=before[:2])
    x_low, x_high, y_low, y_high = page.evaluate(RANGE)
    assert x_high - x_low == pytest.approx((before[1] - before[0]) / 2, rel=0.02)
    assert y_high - y_low == pytest.approx((before[3] - before[2]) / 2, rel=0.02)
    assert x_low + 0.7 * (x_high - x_low) == pytest.approx(before[0] + 0.7 * (before[1] - before[0]), rel=0.02)
    assert y_low + 0.7 * (y_high - y_low) == pytest.approx(before[2] + 0.7 * (before[3] - before[2]), rel=0.02)
    assert page.evaluate(SCALE) == 1
    assert page.evaluate("location.search") == starts  # no mark has moved
    zoomed = page.evaluate(RANGE)
    page.wait_for_timeout(320)  # no second click for Plotly
    tap(page, client, middle)
    page.wait_for_timeout(620)  # till the next tap is no second one
    assert page.evaluate(SAME, zoomed)
    tap(page, client, middle)
    tap(page, client, middle)
    page.wait_for_function(SAME, arg=before)
