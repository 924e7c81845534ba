"""What a person leaves on the page of rare classes stays: drawn anew, reloaded, sent as a link, on a phone, on disk."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.imbalance import (
    AT_THRESHOLD,
    LABEL,
    LOSSES,
    MAPS,
    NAMES,
    PAGE,
    SCORES,
    agrees,
    confusion_by_hand,
    lines_are_at,
    standing,
    texts,
    visited,
)
from tests.browser.stage import PLOT, RANGE, Open, differing, drawn, grab, ready, searched, slider_of, zoomed
from tests.browser.test_everybody import PHONE, set_colour_scheme, wide
from tests.browser.test_landscapes import MAPS as OUTLINES
from tests.browser.test_landscapes import changed
from tests.browser.test_saved import opened, saved

WIDTH = f"{PLOT}._fullLayout.width"
SCROLLS = "[data-testid=stMain]"  # all of a page


def resized(page: Page, width: int) -> None:
    before = page.evaluate(WIDTH)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(f"before => {WIDTH} !== before", arg=before)


def test_line_and_zoom_stay_when_the_picture_is_drawn_anew_also_in_mid_drag_and_for_a_new_sweep(visit: Open) -> None:
    page, _ = visited(visit)
    view = zoomed(page, (0.3, 0.1), (0.95, 0.8))
    grab(page, LABEL, 0.44)
    threshold = standing(page)
    lines_are_at(page, threshold)
    assert page.evaluate(RANGE) == view
    page.mouse.up()
    searched(page, f"threshold={threshold:g}")
    ready(page)
    for scheme in ("dark", "light"):
        set_colour_scheme(page, scheme)
        lines_are_at(page, threshold)
        assert page.evaluate(RANGE) == view
    for width in (1000, 640, 1280):  # smaller, arranged as on a phone, and back
        resized(page, width)
        lines_are_at(page, threshold)
        assert page.evaluate(RANGE) == view
    page.evaluate(f"() => Plotly.redraw({PLOT})")
    lines_are_at(page, threshold)
    page.evaluate(f"() => Plotly.react({PLOT}, {PLOT}.data, {PLOT}.layout)")
    lines_are_at(page, threshold)
    grab(page, LABEL, 0.38)  # and it can be dragged on
    lines_are_at(page, standing(page))
    assert standing(page) < threshold
    for scheme in ("dark", "light"):
        set_colour_scheme(page, scheme)
        lines_are_at(page, standing(page))
    resized(page, 1100)
    lines_are_at(page, standing(page))
    agrees(page, NAMES[0], 0, confusion_by_hand(LOSSES[0], standing(page)))
    page.mouse.up()
    threshold = standing(page)
    before = page.evaluate(OUTLINES)
    assert page.evaluate(RANGE) == view
    grab(page, "Focal γ", 0.9)
    changed(page, OUTLINES, before)
    assert page.evaluate(RANGE) == view
    page.mouse.up()
    searched(page, "focal.gamma=")
    ready(page)
    assert page.evaluate(RANGE) == view
    lines_are_at(page, threshold, only=0)


def test_with_the_keyboard_alone_and_a_reload_and_a_link(visit: Open) -> None:
    page, _ = visited(visit)
    before, first = drawn(page), texts(page)
    slider = slider_of(page, LABEL)
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    threshold = standing(page)
    assert 0.3 < threshold < 0.5
    moved, now = differing(before, drawn(page)), texts(page)
    assert {f"boundary {panel} 0" for panel in MAPS} | {f"threshold {panel} 0" for panel in SCORES} <= moved
    assert differing(first["rows"], now["rows"]) <= set(NAMES)
    searched(page, f"threshold={threshold:g}")
    expect(slider).to_be_focused()  # through the re-runs
    page.keyboard.press("PageDown")
    slider_of(page, "Positive share").focus()
    page.keyboard.press("ArrowRight")
    searched(page, "share=")
    ready(page)
    assert standing(page) < threshold
    shown, picture = texts(page), drawn(page)
    page.reload()
    ready(page)
    assert texts(page) == shown
    assert drawn(page).keys() == picture.keys()
    other, _ = visited(visit, page.url.partition(PAGE)[2])
    for again in (page, other):
        assert texts(again) == shown
        assert standing(again) == standing(page)
        assert drawn(again) == drawn(page)
        assert slider_of(again, "Positive share").input_value() == slider_of(page, "Positive share").input_value()


def bottom(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate("node => node.getBoundingClientRect().bottom")


def test_on_a_phone_the_threshold_moves_under_the_finger_beside_the_picture(visit: Open) -> None:
    page, _ = visited(visit, viewport=PHONE, has_touch=True, is_mobile=True)
    slider = slider_of(page, LABEL)
    assert wide(page) == []
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box["height"] >= 44
    before = drawn(page)
    page.touchscreen.tap(box["x"] + 0.42 * box["width"], box["y"] + box["height"] / 2)
    assert AT_THRESHOLD & differing(before, drawn(page))
    searched(page, f"threshold={standing(page):g}")
    ready(page)
    lines_are_at(page, standing(page))
    for node in page.locator(".stage :is(.stage-readings, .stage-grid, .stage-summary, .stage-notes)").all():
        box = node.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
        assert node.evaluate("node => node.scrollWidth <= node.clientWidth")
    cells = page.locator(".stage :is(.stage-readings, .stage-grid) :is(td, th)")
    apart = "nodes => nodes.every(node => node.scrollWidth <= node.clientWidth + 1)"
    assert cells.evaluate_all(apart)
    assert wide(page) == []


def test_the_saved_page_moves_everything_with_no_server(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = visited(visit)
    grab(page, LABEL, 0.55)
    page.mouse.up()
    searched(page, "threshold=")
    threshold = standing(page)
    alone, asked = opened(saved(ready(page), "HTML"), browser, tmp_path, viewport={"width": 1280, "height": 900})
    assert standing(alone) == threshold
    before, first = drawn(alone), texts(alone)
    grab(alone, LABEL, 0.4)
    lines = {f"boundary {panel} 0" for panel in MAPS} | {f"threshold {panel} 0" for panel in SCORES}
    assert lines | AT_THRESHOLD <= differing(before, drawn(alone))
    assert differing(first["rows"], texts(alone)["rows"]) == set(NAMES)
    lines_are_at(alone, standing(alone))
    for at, (name, key) in enumerate(zip(NAMES, LOSSES, strict=True)):
        agrees(alone, name, at, confusion_by_hand(key, standing(alone)))
    alone.mouse.up()
    lines_are_at(alone, standing(alone))
    assert asked == [alone.url]
    alone.context.close()
