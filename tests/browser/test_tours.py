"""A lesson: its bar leads from stop to stop, and leaves room for the picture."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.tours import tours
from tests.browser.stage import Open, grab, ready, searched
from tests.browser.test_everybody import findings
from tests.browser.test_first_minute import is_in_sight

KEY = "accuracy-lies"  # of the page with the highest picture
STOPS = tours()[KEY].stops


def at_stop(page: Page, number: int) -> None:
    searched(page, f"stop={number}")
    bar = page.get_by_role("region", name="Lesson: Accuracy lies")
    expect(bar).to_contain_text(f"{number} of {len(STOPS)}")
    expect(bar).to_contain_text(STOPS[number - 1].question)
    ready(page)


def test_a_lesson_leads_from_stop_to_stop(visit: Open) -> None:
    page, _ = visit(f"/class-imbalance?tour={KEY}&stop=4", viewport={"width": 1280, "height": 720})
    searched(page, "threshold=0.1")  # a link that names the stop alone leads to what it shows
    at_stop(page, 4)
    expect(page.locator(".stage-task")).to_be_hidden()
    answer = page.get_by_text(STOPS[3].answer)
    expect(answer).to_be_hidden()
    page.get_by_role("button", name="Show answer").click()
    expect(answer).to_be_visible()
    assert findings(page, within=".stage-tour") == []
    grab(page, "Decision threshold", 0.5)
    page.mouse.up()
    searched(page, "-threshold")  # its start
    at_stop(page, 4)
    page.get_by_role("link", name="Next").press("Enter")
    at_stop(page, 5)
    expect(page.get_by_role("link", name="Next")).to_be_focused()
    searched(page, "cost=50")
    is_in_sight(page, "stop 5")
    page.get_by_role("link", name="Back").click()
    at_stop(page, 4)
    searched(page, "threshold=0.1")
    searched(page, "-cost")
    page.go_back()
    at_stop(page, 5)
    page.get_by_role("link", name="Leave").click()
    expect(page.locator(".stage-tour")).to_have_count(0)
    searched(page, "-tour")
    searched(page, "cost=50")
    ready(page)


def test_on_a_phone_the_picture_stays_in_sight_with_its_first_slider(visit: Open) -> None:
    page, _ = visit(tours()["what-is-a-loss"].address(4), viewport={"width": 390, "height": 844})
    ready(page)
    bar = page.locator(".stage-tour").bounding_box()
    assert 0 <= bar["x"] < bar["x"] + bar["width"] <= 390
    assert bar["y"] + bar["height"] <= page.locator(".stage-picture").bounding_box()["y"]
    slider = page.locator(".stage input[type=range]").first
    slider.scroll_into_view_if_needed()
    for box in (slider.bounding_box(), page.locator(".stage-picture").bounding_box()):
        assert 0 <= box["y"] < box["y"] + box["height"] <= 844.5


def test_in_a_lecture_the_arrow_keys_step_through_the_stops(visit: Open) -> None:
    page, _ = visit(f"{tours()['what-is-a-loss'].address(3)}&lecture=1")
    ready(page)
    for key, number in (("ArrowRight", 4), ("ArrowLeft", 3)):
        page.keyboard.press(key)
        searched(page, f"stop={number}")
        expect(page.locator(".stage-tour")).to_contain_text(f"{number} of 7")
        searched(page, "lecture=1")
        ready(page)
