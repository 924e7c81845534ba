"""The story of the home page: each step waits until it is done, and is in the address."""

from playwright.sync_api import expect

from core.views.home.guess import STEPS
from tests.browser.stage import RELEASE, Open, ready, searched, slider_of


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
    expect(story).to_contain_text("You found it")
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
