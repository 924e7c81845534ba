"""A target and features of a person's own table, on every page that fits models: seen, moved, and kept to oneself."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import PLOT, Open, answered, differing, drawn, grab, quiet, ready, say, searched
from tests.browser.test_saved import opened
from tests.browser.test_your_data import PLACE, SECRET, table
from tests.browser.training import dropped, idle
from tests.conftest import Seen

RANDOM = np.random.default_rng(7)
X = RANDOM.normal(50, 10, 120).round(3)
NUMBERS = table({SECRET: X, "negative {0} <b>": (0.3 * X - 40 + RANDOM.normal(0, 2, 120)).round(3)})
SIDE = np.where(X + RANDOM.normal(0, 5, 120) > 58, "ill", "well")
LABELS = table({SECRET: X, "second": RANDOM.normal(size=120).round(3), "outcome": SIDE})
KEY = re.compile(r"own-[0-9a-f]{32}")
CHOSEN = """() => document.querySelector('.st-key-pickers').innerText.includes('Your table')
  || [...document.querySelectorAll('.st-key-pickers input')].some(field => field.value === 'Your table')"""
LINE = {
    "Fitted lines": ("/loss-curves?view=fit&data=own", "Huber δ", "huber.delta="),
    "Loss landscapes": ("/loss-landscapes?view=line&data=own", "Huber δ", "huber.delta="),
    "Gradient descent": ("/gradient-descent?view=line&data=own", "Learning rate", "lr="),
}
CLASSES = {
    "Class imbalance": ("/class-imbalance?data=own", "Focal γ", "focal.gamma="),
    "Loss landscapes": ("/loss-landscapes?view=classifier&data=own", "Slice at first weight", "&x="),
    "Gradient descent": ("/gradient-descent?view=classifier&data=own", "Learning rate", "lr="),
}


def with_table(visit: Open, text: str) -> tuple[Page, Seen]:
    page, seen = quiet(visit, PLACE)
    dropped(page, ("mine.csv", text))
    page.wait_for_function(f"name => JSON.stringify({PLOT}?.layout ?? '').includes(name)", arg=SECRET)
    ready(page)
    return page, seen


def follow(page: Page, link: str) -> None:
    page.get_by_test_id("stPageLink").get_by_role("link", name=link, exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText !== 'Your data'")
    idle(ready(page))


@pytest.mark.parametrize(("text", "places"), [(NUMBERS, LINE), (LABELS, CLASSES)], ids=["numbers", "labels"])
def test_your_table_stands_among_the_data_and_its_sliders_move_it(visit: Open, server: str, text, places) -> None:
    page, seen = with_table(visit, text)
    for link, (address, slider, word) in places.items():
        follow(page, link)
        assert page.url == server + address
        page.wait_for_function(CHOSEN)
        picture = page.locator(".js-plotly-plot").first
        before = picture.screenshot()
        grab(page, slider, 0.8)
        page.mouse.up()
        searched(page, word)
        answered(page, seen)
        assert picture.screenshot() != before
        page.get_by_role("link", name="Your data", exact=True).click()
        page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Your data'")
        ready(page)
    for asked in seen.asked:
        assert "Kessel" not in asked
        assert not KEY.search(asked) or "/view/" in asked
    assert not KEY.search(page.url)


def test_a_link_to_ones_own_table_shows_others_the_default_and_says_so(visit: Open) -> None:
    with_table(visit, NUMBERS)
    for address, _, _ in LINE.values():
        other, _ = quiet(visit, address)
        expect(other.get_by_text("kept for one visit only")).to_be_visible()
        assert SECRET not in other.content()


def test_a_loss_that_does_not_take_the_targets_says_so(visit: Open) -> None:
    page, seen = with_table(visit, NUMBERS)
    seen.expected += ["400"]
    page.get_by_test_id("stPageLink").get_by_role("link", name="Gradient descent", exact=True).click()
    idle(ready(page))
    page.get_by_role("combobox", name="Loss", exact=True).click()
    page.get_by_role("option", name="Poisson", exact=False).first.click()
    expect(page.get_by_text("takes targets that are")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_what_is_saved_of_it_holds_the_points_and_no_key(visit: Open, browser, tmp_path) -> None:
    page, _ = with_table(visit, NUMBERS)
    with page.expect_download() as download:
        page.get_by_role("link", name="HTML", exact=True).click()
    text = download.value.path().read_text()
    assert not KEY.search(text)
    alone, _ = opened(download.value, browser, tmp_path)
    before = drawn(alone)
    grab(alone, "Huber δ", 0.9)
    alone.mouse.up()
    assert differing(before, drawn(alone))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert str(X[0]) in download.value.path().read_text()


def test_another_target_is_another_picture(visit: Open) -> None:
    page, _ = with_table(visit, NUMBERS)
    name = f"{PLOT}._fullLayout.xaxis.title.text"
    assert page.evaluate(name) == SECRET
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("combobox", name="Target").click()
    page.get_by_role("option", name=SECRET).click()
    page.wait_for_function(f"() => {name} === 'negative (0) ‹b›'")
    ready(page)
    assert "best single prediction is" in say(page)
