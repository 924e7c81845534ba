"""The triangles under the finger: the ring is dragged across and up at once, and everything follows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.stage import PLOT, Open, drawn, grab, ready, say, searched, slider_of, spoken, word
from tests.conftest import Visit

PLACE = "/class-probabilities?view=simplex&losses=multiclass_focal,generalized_cross_entropy"
# Where a place of the first triangle is on the page.
PIXEL = f"""([x, y]) => {{
  const {{xaxis, yaxis}} = {PLOT}._fullLayout, box = {PLOT}.getBoundingClientRect()
  return [box.left + xaxis._offset + xaxis.c2p(x), box.top + yaxis._offset + yaxis.c2p(y)]
}}"""
SIDES = f"""(() => {{
  const {{xaxis, yaxis}} = {PLOT}._fullLayout
  const corner = (x, y) => [xaxis.c2p(x), yaxis.c2p(y)], [a, b, c] = [corner(0.5, 1), corner(1, 0), corner(0, 0)]
  return [[a, b], [b, c], [c, a]].map(([one, other]) => Math.hypot(one[0] - other[0], one[1] - other[1]))
}})()"""


def pixel(page: Page, a: float, share: float) -> tuple[float, float]:
    """Where the ring is at these values of the sliders."""
    x, y = page.evaluate(PIXEL, [(1 - a) * share + a / 2, a])
    return x, y


@pytest.fixture
def visited(visit: Open) -> Visit:
    page, seen = visit(PLACE, viewport={"width": 1280, "height": 720})
    ready(page)
    return Visit(page, seen)


def test_the_ring_is_dragged_and_clicked_and_the_map_and_the_marks_follow(visited: Visit) -> None:
    page, _ = visited
    sides = page.evaluate(SIDES)
    assert max(sides) - min(sides) < 1  # an equilateral triangle
    before, text = drawn(page), say(page)
    page.mouse.move(*pixel(page, 0.6, 0.75))
    page.mouse.down()
    page.mouse.move(*pixel(page, 0.3, 0.4), steps=8)
    page.wait_for_function("text => document.querySelector('.stage-summary').innerText !== text", arg=text)
    near = "input => Math.abs(Number(input.getAttribute('aria-valuetext')) - 0.3) < 0.01"
    page.wait_for_function(near, arg=slider_of(page, "Probability of A").element_handle())
    during = drawn(page)  # by a draft: it is not let go yet
    moved = {name for name in before if before[name] != during[name]}
    for name in (
        "expected loss x 0",
        "expected loss x2 0",
        "Multiclass focal asked x 0",
        "GCE asked x2 0",
        "true x2 0",
    ):
        assert name in moved
    assert "p_a" not in page.url
    page.mouse.up()
    searched(page, "p_a=")
    ready(page)
    assert word(page, "p_a") == pytest.approx(0.3, abs=0.01)
    assert word(page, "b_of_rest") == pytest.approx(0.4, abs=0.02)
    corner = page.evaluate(PIXEL, [1.0, 0.9])  # beyond the side between A and B: the nearest place at this height
    page.mouse.click(*corner)
    searched(page, "b_of_rest=1")
    ready(page)
    assert word(page, "p_a") == pytest.approx(0.9, abs=0.01)


def test_a_map_with_gaps_is_drawn_in_every_frame_of_a_slider(visited: Visit) -> None:
    page, _ = visited
    before = drawn(page)
    grab(page, "Probability of A", 0.2)
    assert spoken(slider_of(page, "Probability of A")) == "0.2"
    after = drawn(page)
    assert before["expected loss x 0"] != after["expected loss x 0"]
    assert "NaN" not in after["expected loss x 0"]
    page.mouse.up()
    searched(page, "p_a=0.2")
    ready(page)
    grab(page, "Temperature T", 0.9)
    page.mouse.up()
    assert "◇" in page.locator(".stage").inner_text()
