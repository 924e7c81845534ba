"""The address is the save file: reload, link, Back and tabs."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.stage import Open, grab, path, ready, searched, slider_of
from tests.browser.training import idle

CURVE = "Huber"


def query(url: str) -> str:
    return urlsplit(url).query


def test_a_reload_and_a_link_show_the_same(visit: Open) -> None:
    page, _ = visit("/loss-curves")
    ready(page)
    grab(page, "Huber δ", 0.45)
    page.mouse.up()
    searched(page, "huber.delta=")
    grab(page, "Error r to inspect", 0.3)
    page.mouse.up()
    searched(page, "probe=")
    page.get_by_role("radio", name="Normalised").click()
    searched(page, "scale=normalised")
    ready(page)
    shown = [
        path(page, CURVE),
        slider_of(page, "Huber δ").input_value(),
        slider_of(page, "Error r to inspect").input_value(),
    ]
    readings = page.locator(".stage-readings").inner_text()
    page.reload()
    other, _ = visit(page.url.partition(page.url.split("/")[2])[2])
    for again in (page, other):
        ready(again)
        assert [
            path(again, CURVE),
            slider_of(again, "Huber δ").input_value(),
            slider_of(again, "Error r to inspect").input_value(),
        ] == shown
        assert again.locator(".stage-readings").inner_text() == readings
        assert query(again.url) == query(page.url)


def test_a_reload_while_a_slider_is_held_shows_what_was_released(visit: Open) -> None:
    page, _ = visit("/loss-curves?huber.delta=2")
    ready(page)
    grab(page, "Huber δ", 0.9)
    page.reload()
    page.mouse.up()
    expect(slider_of(ready(page), "Huber δ")).to_have_value("2")


def test_tabs_are_in_the_address_and_keep_their_choices(visit: Open) -> None:
    page, seen = visit("/loss-curves?huber.delta=2")
    ready(page)
    page.get_by_role("tab", name="Fitted lines").click()
    searched(page, "view=fit")
    searched(page, "-huber")
    ready(page)
    expect(slider_of(page, "Outlier value")).to_be_visible()
    expect(page.locator(".stage")).to_have_count(1)  # only the open tab runs
    page.get_by_role("tab", name="Worked examples").click()
    searched(page, "view=examples")
    expect(page.get_by_role("heading", name="Four predictions")).to_be_visible()
    page.get_by_role("tab", name="Compare").click()
    searched(page, "huber.delta=2")
    expect(slider_of(ready(page), "Huber δ")).to_have_value("2")
    assert "view" not in query(page.url)
    views = [request.url for request in seen.requests if "/view/" in request.url]
    assert len(views) == len(set(views)) + 1  # the first one again, out of the browser's own cache


def test_back_goes_back(visit: Open) -> None:
    page, _ = visit("/loss-curves")
    ready(page)
    page.get_by_role("tab", name="Fitted lines").click()
    searched(page, "view=fit")
    ready(page)
    page.go_back()
    searched(page, "-view=fit")
    expect(page.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")
    expect(slider_of(ready(page), "Huber δ")).to_be_visible()
    page.go_forward()
    searched(page, "view=fit")
    expect(slider_of(ready(page), "Outlier value")).to_be_visible()


def test_the_home_page_leads_to_every_part(visit: Open) -> None:
    page, _ = visit("/")
    ready(page)
    for name, heading, search in [
        ("See the fitted lines", "Outlier value", "view=fit"),
        ("Compare the losses", "Huber δ", ""),
    ]:
        page.get_by_role("link", name=name).click()
        expect(slider_of(page, heading)).to_be_visible()
        searched(page, search)
        assert urlsplit(page.url).path == "/loss-curves"
        page.get_by_role("link", name="Lossarium", exact=True).click()
        expect(slider_of(page, "Your guess")).to_be_visible()
        assert (urlsplit(page.url).path, query(page.url)) == ("/", "")
        idle(page)  # at its end a run writes the address: a click before that would be overwritten
    page.get_by_role("link", name="Check the textbook numbers").click()
    expect(page.get_by_role("heading", name="Three houses")).to_be_visible()


def test_a_word_that_cannot_be_read_is_said_quietly(visit: Open) -> None:
    page, _ = visit("/loss-curves?huber.delta=nan&scale=log&colour=red")
    ready(page)
    expect(page.get_by_text("Part of this link could not be read")).to_have_count(1)
    expect(slider_of(page, "Huber δ")).to_have_value("1")
    searched(page, "-nan")
    searched(page, "-colour")
    searched(page, "scale=log")
