"""A live slider in a real Chromium: from a changed value to the picture, and from its release to the address and text.

"Value to picture" runs from the input event, sent at a random phase of a frame, to the end of rendering (script, style,
layout and paint) of the first display frame in which the curve's path has changed: then the browser hands that frame to
the screen. drag.js does the timing inside the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page

from tests.bench.browser import WINDOW, browser
from tests.bench.report import Row
from tests.bench.server import site

PATH = "/loss-curves?losses=squared_error,absolute_error,huber,log_cosh"
LABEL, CURVE, NAME = "Huber δ", "Huber", "huber.delta"
READY = ".stage[data-ready=true] path.js-line"
SAMPLES, RELEASES = 200, 20


def measure(quick: bool) -> Iterator[Row]:
    with site() as server, browser() as opened:
        page = opened.new_page(viewport=WINDOW)
        page.add_init_script(path=Path(__file__).with_suffix(".js"))
        page.goto(server.address + PATH)
        page.wait_for_selector(READY, state="attached")
        page.wait_for_function(IDLE)
        sent = page.evaluate("bench.sent")
        times = page.evaluate("([label, curve, times]) => bench.follow(label, curve, times)",
                              [LABEL, CURVE, SAMPLES // 4 if quick else SAMPLES])  # fmt: skip
        during = page.evaluate("bench.sent") - sent
        releases = [release(page, turn) for turn in range(RELEASES // 4 if quick else RELEASES)]
    yield Row("drag: value to picture, median", median(times), "ms", 17, f"{len(times)} changes")
    yield Row("drag: value to picture, 95th percentile", quantiles(times, n=20)[-1], "ms", 34)
    yield Row("drag: WebSocket frames before release", max(during, *(turn["sent"] for turn in releases)), "frames", 0)
    for part in ("address", "text"):
        found = [turn[part] for turn in releases]
        note = f"median {median(found):.0f} ms of {len(found)} releases"
        yield Row(f"drag: release to the new {part}, slowest", max(found), "ms", 150, note)


IDLE = "document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'"


def release(page: Page, turn: int) -> dict[str, float]:
    """Drag the slider with the mouse and let go: frames sent while it moved, and milliseconds until all is said."""
    box = page.get_by_label(LABEL).bounding_box()
    if box is None:
        raise LookupError(f"{LABEL} is not on the screen")
    height = box["y"] + box["height"] / 2
    page.wait_for_function(IDLE)
    page.evaluate("([label, name]) => { bench.settled = bench.settle(label, name) }", [LABEL, NAME])
    sent = page.evaluate("bench.sent")
    page.mouse.move(box["x"] + box["width"] * 0.5, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (0.1 + 0.8 * (turn * 0.37 % 1)), height, steps=10)
    moved = page.evaluate("bench.sent") - sent
    page.mouse.up()
    return page.evaluate("bench.settled") | {"sent": moved}
