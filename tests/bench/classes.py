"""Class probabilities: how every panel follows a dragged score and a dragged true probability, and how soon a released
slider has the next sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page

from tests.bench.browser import WINDOW, browser
from tests.bench.drag import READY
from tests.bench.race import AT_REST
from tests.bench.report import Row
from tests.bench.server import site

PAGE = "class-probabilities"
FOLLOWED = {"example": "Score of A", "simplex": "Probability of A"}  # what is dragged in each view
SAMPLES, RELEASES = 200, 20


def measure(quick: bool) -> Iterator[Row]:
    with site() as server, browser() as opened:
        for view, label in FOLLOWED.items():
            address = f"{server.address}/{PAGE}?view={view}"
            yield from dragged(opened, address, f"classes: {view}", label, 4 if quick else 1)


def dragged(opened: Browser, address: str, name: str, label: str, fewer: int, most_ms: float = 300) -> Iterator[Row]:
    """The rows of one view, by `name`, whose slider is dragged; `most_ms`: until it has the next sweep."""
    page = opened.new_page(viewport=WINDOW)
    try:
        page.add_init_script(path=Path(__file__).with_name("drag.js"))
        page.goto(address)
        page.wait_for_selector(READY, state="attached")
        page.wait_for_function(AT_REST)
        sent = page.evaluate("bench.sent")
        taken = page.evaluate("([label, times]) => bench.followAll(label, times)", [label, SAMPLES // fewer])
        during = page.evaluate("bench.sent") - sent
        released = [release(page, label, turn) for turn in range(RELEASES // fewer)]
    finally:
        page.close()
    row = f"{name}, “{label}”"
    yield Row(f"{row} to picture, median", median(taken), "ms", 20, f"{len(taken)} changes, all panels")
    yield Row(f"{row} to picture, 95th percentile", quantiles(taken, n=20)[-1], "ms", 34)
    yield Row(f"{row}, WebSocket frames before release", during, "frames", 0)
    note = f"{len(released)} releases at values that nobody has asked for; slowest {max(released):.0f} ms"
    yield Row(f"{row}, release to the next sweep, median", median(released), "ms", most_ms, note)


def release(page: Page, label: str, turn: int) -> float:
    """Milliseconds from the slider's release by the mouse until the sweep around its value is drawn."""
    box = page.get_by_label(label, exact=True).first.bounding_box()
    if box is None:
        raise LookupError(f"{label} is not on the screen")
    height = box["y"] + box["height"] / 2
    page.wait_for_function(AT_REST)
    page.mouse.move(box["x"] + box["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (0.1 + 0.8 * (turn * 0.37 % 1)), height, steps=10)
    page.evaluate("label => { bench.next = bench.swept(label) }", label)
    page.mouse.up()
    return page.evaluate("bench.next")
