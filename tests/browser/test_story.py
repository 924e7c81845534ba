"""The story of the home page: each step waits until it is done, and is in the address."""

import pytest
from playwright.sync_api import expect

from core.views.home.guess import STEPS
from tests.browser.stage import RELEASE, Open, ready, searched, slider_of
from tests.browser.test_everybody import PHONE


def test_the_story_goes_on_when_what_it_asks_for_is_done(visit: Open) -> None:
    page, _ = visit("/")
    ready(page)
    story, following = page.locator(".stage-story"), page.get_by_role("button", name="Next")
    expect(story).to_contain_text("Step 1 of 5")
    expect(following).to_be_disabled()
    for guess, word in ((3, "Warmer"), (1, "Colder")):
        slider_of(page, "Your guess").evaluate(RELEASE, guess)
        expect(story).to_contain_text(f"{word}.")
    expect(following).to_be_disabled()
    slider_of(page, "Your guess").evaluate(RELEASE, 5)
    expect(story).to_contain_text("You found it", use_inner_text=True)
    following.click()
    expect(story).to_contain_text("Step 2 of 5")
    searched(page, "story=2")
    expect(following).to_be_disabled()
    page.locator(".stage-question").get_by_role("button", name="Huber").click()
    expect(story).to_contain_text("Step 3 of 5")
    expect(following).to_be_disabled()
    slider_of(page, "Step").evaluate(RELEASE, STEPS)
    expect(page.locator(".stage-question")).to_contain_text("You said: Huber. Right is: Squared error (MSE).")
    following.click()
    expect(page.locator(".stage-question")).to_be_hidden()
    searched(page, f"step={STEPS}&story=4")
    page.reload()
    ready(page)
    expect(story).to_contain_text("Step 4 of 5")
    slider_of(page, "Outlier ✕").evaluate(RELEASE, 9)
    following.click()
    expect(story.get_by_role("link")).to_have_count(5)
    story.get_by_role("button", name="Close the story").click()
    expect(story).to_be_hidden()
    expect(page.locator(".stage-task")).to_be_visible()
    searched(page, "story=0")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(("step", "label", "value"), [(1, "Your guess", 5), (3, "Step", STEPS), (4, "Outlier ✕", 9)])
def test_nothing_moves_when_a_step_is_done(step, label, value, viewport, visit: Open) -> None:
    page, _ = visit(f"/?story={step}&question=0", viewport=viewport)
    ready(page)
    top = "document.querySelector('.stage-picture').getBoundingClientRect().top"
    before, following = page.evaluate(top), page.get_by_role("button", name="Next")
    expect(following).to_be_disabled()
    slider_of(page, label).evaluate(RELEASE, value)
    expect(following).to_be_enabled()
    assert page.evaluate(top) == before
