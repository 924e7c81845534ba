"""A predicted box under the finger: its dot and its corner are dragged, descents play; the menu holds every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.views.boxes_and_masks.box.gradients import BESIDE
from pages.site import PAGES
from tests.browser.stage import PLOT, Open, drawn, grab, ready, say, searched, slider_of, word

WINDOW = {"width": 1280, "height": 720}
# Where a place of the first panel is on the page.
PIXEL = f"""([x, y]) => {{
  const {{xaxis, yaxis}} = {PLOT}._fullLayout, box = {PLOT}.getBoundingClientRect()
  return [box.left + xaxis._offset + xaxis.c2p(x), box.top + yaxis._offset + yaxis.c2p(y)]
}}"""


def test_a_box_is_dragged_by_its_dot_and_by_its_corner(visit: Open) -> None:
    page, _ = visit("/boxes-and-masks", viewport=WINDOW)
    ready(page)
    before, text = drawn(page), say(page)
    page.mouse.move(*page.evaluate(PIXEL, [4.25, 2.75]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(PIXEL, [1.5, 5.5]), steps=8)
    page.wait_for_function("text => document.querySelector('.stage-summary').innerText !== text", arg=text)
    page.wait_for_function("() => document.querySelector('.stage-summary').innerText.startsWith('Without overlap')")
    during = drawn(page)  # by a draft: it is not let go yet
    moved = {name for name in before if before[name] != during[name]}
    assert {"predicted box x 0", "enclosing box x 0", "overlap x 0", "IoU step x 0", "GIoU step x 0"} <= moved
    assert "true box x 0" not in moved
    page.mouse.up()
    searched(page, "y=")
    ready(page)
    assert word(page, "x") == pytest.approx(1.5, abs=0.01)
    assert word(page, "y") == pytest.approx(5.5, abs=0.01)
    x, y = word(page, "x") + BESIDE, word(page, "y") + BESIDE
    page.mouse.move(*page.evaluate(PIXEL, [x + 1.2, y + 1.3]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(PIXEL, [x + 2, y + 0.5]), steps=8)
    page.mouse.up()
    searched(page, "width=")
    assert word(page, "width") == pytest.approx(4, abs=0.01)
    assert word(page, "height") == pytest.approx(1, abs=0.01)


def test_boxes_descend_when_it_is_played(visit: Open) -> None:
    page, _ = visit("/boxes-and-masks?show=descent&losses=iou,giou", viewport=WINDOW)
    ready(page)
    before = drawn(page)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "input => Number(input.getAttribute('aria-valuetext')) > 40", arg=slider_of(page, "Step").element_handle()
    )
    page.get_by_role("button", name="Pause").click()
    after = drawn(page)
    assert before["predicted box x2 0"] != after["predicted box x2 0"]  # of GIoU
    assert before["predicted box x 0"] == after["predicted box x 0"]  # of IoU, which does not reach the true one


@pytest.mark.parametrize(
    ("words", "label", "moves"),
    [
        ("show=starts", "Steps", "error x2 0"),
        ("view=mask&show=descent", "Learning rate", "Dice x2 0"),
        ("view=detection&step=60", "Weight λ of the box loss", "BCE x3 0"),
    ],
)
def test_pictures_follow_a_slider_before_it_is_released(visit: Open, words: str, label: str, moves: str) -> None:
    page, seen = visit(f"/boxes-and-masks?{words}", viewport=WINDOW)
    ready(page)
    before, asked = drawn(page), len(seen.asked)
    grab(page, label, 0.9)
    after = drawn(page)
    assert before[moves] != after[moves]
    assert len(seen.asked) == asked
    page.mouse.up()


def test_scenes_are_those_of_the_open_tab(visit: Open) -> None:
    page, _ = visit("/boxes-and-masks", viewport=WINDOW)
    ready(page)
    header = page.locator(".st-key-header")
    expect(header.get_by_role("link", name="Concentric")).to_be_visible()
    page.get_by_role("tab", name="A mask").click()
    expect(header.get_by_role("link", name="Concentric")).to_have_count(0)
    expect(header.get_by_role("link", name="A rare object")).to_be_visible()


def test_every_page_stands_in_the_menu(visit: Open) -> None:
    page, _ = visit("/glossary", viewport=WINDOW)
    expect(page.get_by_test_id("stTopNavLink").last).to_be_visible()
    page.wait_for_function(
        "count => [...document.querySelectorAll('[data-testid=stTopNavLink]')].filter(one => one.checkVisibility("
        "{opacityProperty: true}) && one.getBoundingClientRect().left > 0).length === count",
        arg=len(PAGES),
    )
    ends = page.get_by_test_id("stTopNavLink").evaluate_all(
        "links => links.map(one => one.getBoundingClientRect().right)"
    )
    assert ends == sorted(ends)  # one beside the other, none on top of another
