"""A formula is typed, and the picture follows; a link brings it back."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import DRAWN, Open, differing, drawn, grab, ready, say, searched, slider_of

PLACE = "/your-loss"
STOCK = "where(r < 0, 2, 1) r^2"  # a forecast that is too low costs twice as much


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Formula of your loss")


def says(page: Page, words: str) -> None:
    """When the sentence has these words."""
    page.wait_for_function("words => document.querySelector('.stage-summary')?.innerText.includes(words)", arg=words)


def test_the_picture_follows_what_is_typed_and_a_link_brings_it_back(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?formula=1", viewport={"width": 1280, "height": 720})
    ready(page)
    before = drawn(page)
    field(page).fill("")
    field(page).press_sequentially(STOCK, delay=20)  # no Enter: it is live
    says(page, "your loss is 9 and its gradient 6")
    ready(page)
    assert drawn(page) != before
    searched(page, f"formula={STOCK}".replace("+", "%2B"))
    grab(page, "Error r to inspect", 0.25)  # r = -3
    assert "At r = −3 your loss is 18 and its gradient −12." in say(page)
    page.mouse.up()
    searched(page, "probe=-3")
    other, _ = visit(page.url.partition("//")[2].partition("/")[2].join(["/", ""]))
    ready(other)
    expect(field(other)).to_have_value(STOCK)
    assert "your loss is 18 and its gradient −12" in say(other)


def test_what_cannot_be_read_is_told_and_the_last_picture_stays(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?formula=r%5E2")
    ready(page)
    shown, places = drawn(page), [page.get_by_text("Beside it").bounding_box(), page.locator(".stage").bounding_box()]
    field(page).fill("foo(r)")  # a long sentence: it says what is known
    expect(page.get_by_text("foo at 1 is no known function")).to_be_visible()
    field(page).fill("2 (r +")
    expect(page.get_by_text("something must follow + at 6")).to_be_visible()
    field(page).fill("2 (r + 1")
    expect(page.get_by_text("the bracket opened at 3 is not closed")).to_be_visible()
    ready(page)
    assert drawn(page) == shown
    assert [page.get_by_text("Beside it").bounding_box(), page.locator(".stage").bounding_box()] == places
    field(page).fill("2 (r + 1)^2")
    says(page, "your loss is 32 and its gradient 16")
    expect(page.get_by_text("is not closed")).to_have_count(0)


def test_a_new_name_is_a_slider_and_code_has_its_number(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?formula=min(r%5E2,cap)&code=numpy")
    ready(page)
    grab(page, "Parameter cap", 1.0)
    assert "your loss is 5 and its gradient 0" in say(page)
    page.mouse.up()
    searched(page, "your_loss.cap=5")
    expect(page.locator(".stage-cards code, .stage-cards pre").filter(has_text="cap=5").first).to_be_visible()
    field(page).fill("min(r^2, cap) + |r - shift|")
    expect(slider_of(page, "Parameter shift")).to_be_visible()
    searched(page, "your_loss.cap=5")  # what was released stays


def test_a_binary_loss_of_the_score(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?family=binary&formula=max(0,1-m)")
    ready(page)
    assert "your loss is 4 and its gradient −1" in say(page)  # z = -3, y = 1
    page.get_by_text("y = 0", exact=True).click()
    searched(page, "truth=0")
    ready(page)
    assert "your loss is 4 and its gradient 1" in say(page)  # z = 3


def test_a_typed_loss_leads_to_the_line_that_it_fits_and_a_link_shares_it(visit: Open) -> None:
    """Whoever knows a formula types it, follows it to another page, moves what it fits, and hands the link on."""
    page, _ = visit(PLACE)
    ready(page)
    field(page).fill(f"{STOCK} with c from 0 to 5".replace("2, 1", "c, 1"))
    expect(slider_of(page, "Parameter c")).to_have_attribute("max", "5")  # that of the formula before it goes to 10
    ready(page)
    grab(page, "Parameter c", 0.6)
    page.mouse.up()
    searched(page, "your_loss.c=3")
    page.get_by_role("link", name="The line that it fits, with outliers").click()
    expect(page.get_by_role("heading", name="Loss curves")).to_be_visible()
    ready(page)
    expect(field(page)).to_have_value(f"{STOCK} with c from 0 to 5".replace("2, 1", "c, 1"))
    assert "for Your loss" in say(page)
    before = drawn(page)
    grab(page, "Outlier value", 0.9)
    page.wait_for_function(f"before => ({DRAWN})()['Your loss x 0'] !== before", arg=before["Your loss x 0"])
    page.mouse.up()
    other, _ = visit(page.url.partition("//")[2].partition("/")[2].join(["/", ""]))
    ready(other)
    assert say(other) == say(page)
    expect(field(other)).to_have_value(field(page).input_value())


def test_chosen_in_a_picker_a_formula_is_typed_there_and_drawn_at_once(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?view=line", viewport={"width": 1280, "height": 800})
    ready(page)
    picker = page.get_by_role("combobox", name="Losses")
    picker.fill("Your")  # the list shows what fits
    page.get_by_role("option", name="Your loss").click()
    page.keyboard.press("Escape")
    field(page).fill("log(r)")
    expect(page.get_by_text("a prediction can be any number")).to_be_visible()
    field(page).fill("min(|r|, 2)")
    searched(page, "losses=huber,your_loss:min(|r|,+2)")
    ready(page)
    expect(page.locator(".stage-card").filter(has_text="What your loss does")).to_have_count(1)
    page.reload()
    ready(page)
    expect(field(page)).to_have_value("min(|r|, 2)")


def test_the_weight_of_two_goals_moves_the_point_along_the_front(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?family=two_goals")
    ready(page)
    before = drawn(page)
    grab(page, "Parameter w", 0.9)
    after = drawn(page)
    page.mouse.up()
    changed = differing(before, after)
    assert {"best x 0", "best x2 0", "same total x 0", "Total x2 0"} <= changed
    assert not {"front x 0", "constants x 0", "Goal A x2 0", "Goal B x2 0"} & changed


def test_one_step_back_leads_from_a_trained_network_to_the_formula(visit: Open) -> None:
    page, _ = visit(f"{PLACE}?formula=2+r%5E2")
    ready(page)
    page.get_by_role("link", name="A network trained under it").click()
    page.wait_for_url("**/training-curves?*")
    ready(page)
    page.go_back()
    page.wait_for_url("**/your-loss?*")
    ready(page)
    expect(field(page)).to_have_value("2 r^2")
