"""Three questions, a slider, and the advice follows the experiment; a link brings it back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.stage import Open, grab, ready, say, searched

PLACE = "/which-loss"


def heading(page: Page, words: str) -> None:
    """When a card is headed so."""
    expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible()


def test_the_advice_follows_the_slider_and_a_link_brings_it_back(visit: Open) -> None:
    page, _ = visit(PLACE, viewport={"width": 1280, "height": 720})
    ready(page)
    assert say(page).startswith("Huber at δ = 3 wins in 200 of 200 seeds against MSE.")
    heading(page, "Take Huber at δ = 3")
    grab(page, "Share of outliers", 0.0)
    assert say(page).startswith("Here MSE wins in ")
    page.mouse.up()
    heading(page, "Take MSE")
    searched(page, "outliers=0")
    other, _ = visit(f"{PLACE}?outliers=0&code=pytorch")
    ready(other)
    assert say(other) == say(page)
    expect(other.locator(".stage pre").filter(has_text="mse_loss").first).to_be_visible()


def test_each_prediction_has_its_own_questions(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?predict=two_classes&ratio=50&code=numpy")
    ready(page)
    assert say(page).startswith("BCE at threshold 0.0196 wins in 200 of 200 seeds")
    expect(page.locator(".stage pre").filter(has_text=">= 0.0196").first).to_be_visible()
    page.get_by_role("radio", name="False positives more").or_(
        page.get_by_role("button", name="False positives more")
    ).first.click()
    page.wait_for_selector(".stage-summary:has-text('threshold 0.833')")
    searched(page, "cost=positive")
