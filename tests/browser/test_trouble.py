"""When a part does not come, the page says so in place of the chart, and trying again works."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.stage import Open, path, ready, slider_of

EXAMPLES = "/loss-curves?view=examples"  # a page without a stage: nothing has been asked for yet


def lost(route: Route) -> None:
    route.abort()


def busy(route: Route) -> None:
    route.fulfill(status=503, content_type="text/plain", body="503: many pictures are being drawn just now")


def cut(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.body()[:-100])


@pytest.mark.parametrize(
    ("part", "trouble", "words"),
    [
        ("**/view/**", lost, ""),
        ("**/view/**", busy, "many pictures are being drawn just now"),
        ("**/view/**", cut, "cut short"),
        ("**/plotly.js", lost, "the chart library did not load"),
    ],
    ids=["payload lost", "server busy", "payload cut short", "library lost"],
)
def test_a_message_and_a_way_to_try_again(part: str, trouble, words: str, first_visit: Open, server: str) -> None:
    page, seen = first_visit(EXAMPLES)
    seen.expected += ["net::ERR_FAILED", "503"]
    page.route(part, trouble)
    page.goto(f"{server}/loss-curves?huber.delta=2")
    message = page.get_by_role("alert").filter(has_text="The chart could not be shown")
    expect(message).to_be_visible()
    expect(message).to_contain_text(words)
    again = message.get_by_role("button", name="Try again")
    again.click()
    expect(again).to_be_visible()  # still no better
    page.unroute(part)
    again.click()
    ready(page)
    expect(message).to_be_hidden()
    assert path(page, "Huber")
    expect(slider_of(page, "Huber δ")).to_have_value("2")


def test_the_stages_own_script_lost(first_visit: Open, server: str) -> None:
    page, seen = first_visit(EXAMPLES)
    seen.expected += ["net::ERR_FAILED", "Failed to fetch dynamically imported module"]
    page.route("**/stage.js", lost)
    page.goto(f"{server}/loss-curves")
    again = page.get_by_role("button", name="The chart could not be loaded. Try again")
    expect(again).to_be_visible()
    page.unroute("**/stage.js")
    again.click()
    assert path(ready(page), "Huber")


def test_a_payload_of_a_version_that_is_no_longer_served(first_visit: Open, server: str) -> None:
    page, seen = first_visit(EXAMPLES)
    seen.expected += ["404"]
    page.route("**/view/**", lambda route: route.continue_(url=re.sub(r"\bv=\w+", "v=0123456789ab", route.request.url)))
    page.goto(f"{server}/loss-curves?huber.delta=2")
    message = page.get_by_role("alert").filter(has_text="the site has been updated since this page was opened")
    expect(message).to_be_visible()
    page.unroute("**/view/**")
    message.get_by_role("button", name="Reload").click()
    assert path(ready(page), "Huber")
    expect(slider_of(page, "Huber δ")).to_have_value("2")
