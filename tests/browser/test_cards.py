"""The cards under a picture: what a person opens, asks for and presses stays, through releases, links and Back."""

from playwright.sync_api import Page, expect

from tests.browser.stage import Open, grab, ready, searched, slider_of, spoken


def code_for(page: Page) -> str:
    return page.get_by_label("Code to copy").input_value()


def test_what_is_open_stays_open_when_a_new_payload_comes(visit: Open) -> None:
    page, seen = visit("/class-imbalance")
    card = ready(page).locator("details.stage-card")
    card.locator("summary").click()
    asked = len(seen.asked)
    grab(page, "Weighted BCE w₊", 0.8)
    page.mouse.up()
    ready(page)
    assert seen.asked[asked:]  # the payload around what was released
    expect(card).to_have_attribute("open", "")
    expect(card.locator("math").first).to_be_visible()


def test_numbers_that_wait_stay_and_grow_pale_and_those_that_do_not_go_on(visit: Open) -> None:
    page, _ = visit("/class-imbalance?threshold=0.11")
    cells = ready(page).locator(".stage-card td [data-slot]")
    before = cells.all_text_contents()
    grab(page, "Weighted BCE w₊", 0.8)
    spoken(slider_of(page, "Weighted BCE w₊"))
    assert page.locator(".stage-card .stage-stale").count() > 100
    assert cells.all_text_contents() == before
    page.mouse.up()
    ready(page)
    expect(page.locator(".stage-card .stage-stale")).to_have_count(0)
    assert cells.all_text_contents() != before


def test_a_button_sets_each_to_its_best_learning_rate(visit: Open) -> None:
    page, seen = visit("/gradient-descent?rates=each&optimizers=gradient_descent,adam&adam.lr=0.00001")
    ready(page)
    sent, rate = len(seen.sent), slider_of(page, "Adam learning rate")
    before = spoken(rate)
    page.get_by_role("button", name="Set each to its best learning rate").click()
    expect(rate).not_to_have_attribute("aria-valuetext", before)
    ready(page)
    assert "adam.lr=0.00001" not in page.evaluate("location.search")
    assert float(spoken(rate)) > 0.01
    assert (
        "Adam converged" in page.locator(".stage").inner_text()
        or "converged" in page.locator(".stage-readings").inner_text()
    )
    assert len(seen.sent) == sent


def test_code_stays_through_tabs_and_goes_back_with_the_address(visit: Open) -> None:
    page, _ = visit("/loss-curves")
    ready(page).get_by_label("Code to copy").select_option("Keras")
    searched(page, "code=keras")
    page.get_by_role("tab", name="Fitted lines").click()
    searched(page, "view=fit")
    assert code_for(ready(page)) == "Keras"
    searched(page, "code=keras")
    page.get_by_role("link", name="Loss landscapes").click()
    page.wait_for_url("**/loss-landscapes")
    page.get_by_role("tab", name="A line").click()
    searched(page, "view=line")
    expect(ready(page).get_by_label("Code to copy")).to_have_value("None")  # the page before may still stand there
    searched(page, "-code")


def test_a_link_to_the_race_takes_the_sliders_along(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?landscape=ravine")
    grab(ready(page), "Condition κ", 0.7)
    condition = spoken(slider_of(page, "Condition κ"))
    page.mouse.up()
    page.get_by_role("link", name="Run optimizers on this landscape").click()
    page.wait_for_url("**/gradient-descent?*")
    assert spoken(slider_of(ready(page), "Condition κ")) == condition
