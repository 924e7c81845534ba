"""The browser writes the sliders' values to the address itself: a release costs the server nothing."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.stage.files import stage_files, version
from core.views import VIEWS
from tests.browser.stage import Open, grab, quiet, ready, searched, slider_of, spoken, word
from tests.places import PLACES

# A slider of each page, and the words in its cards that move with it.
RELEASED = {
    "/": ("Your guess", ""),
    "/loss-curves": ("Huber δ", ".stage-card math"),
    "/loss-landscapes?view=line": ("Huber δ", ".stage-card math"),
    "/gradient-descent?code=pytorch": ("Learning rate", ".stage-card code"),
    "/gradient-descent?show=step": ("Learning rate", ".stage-card math"),
    "/class-imbalance": ("Decision threshold", ".stage-card td"),
    "/training-curves": ("Learning rate", ""),
    "/training-curves?view=losses": ("Epoch", ""),
}
LR = "Learning rate"
PATIENCE = 2000  # ms in which nothing may be sent: that nothing happens has no event to wait for


def released(page: Page, label: str) -> str:
    """Lets go of a slider, dragged to another place; what it says there."""
    grab(page, label, 0.4)
    page.mouse.up()
    return spoken(slider_of(page, label))


def choose_linear(page: Page) -> None:
    """Picks something, so that Python runs and writes its words."""
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("radio", name="Linear").click()
    searched(page, "scale=linear")
    page.keyboard.press("Escape")
    ready(page)


def test_a_release_sends_nothing_and_is_in_the_address_and_the_cards_at_once(visit: Open) -> None:
    quiet_since = []
    for place, (label, words) in RELEASED.items():
        page, seen = quiet(visit, place)
        before, text = page.url, page.locator(words).all_text_contents() if words else []
        quiet_since.append((place, seen, len(seen.sent)))
        grab(page, label, 0.4)
        spoken(slider_of(page, label))  # once it is drawn
        assert not words or page.locator(words).all_text_contents() != text, place  # in the hand already
        page.mouse.up()
        assert page.evaluate("location.href") != before, place
    page.wait_for_timeout(PATIENCE)
    assert {place: len(seen.sent) for place, seen, _ in quiet_since} == {place: sent for place, _, sent in quiet_since}


def test_a_picker_a_reload_and_a_link_keep_what_was_released(visit: Open) -> None:
    page, seen = quiet(visit, "/training-curves?seed=3")
    rate = released(page, LR)
    ready(page)  # the sweep around it came by a GET
    assert [request.url for request in seen.requests if f"&lr={word(page, 'lr'):g}" in request.url]
    choose_linear(page)
    searched(page, f"lr={word(page, 'lr'):g}")
    assert spoken(slider_of(page, LR)) == rate
    link = page.url
    page.reload()
    other, _ = visit(link.partition(link.split("/")[2])[2])
    for again in (page, other):
        assert spoken(slider_of(ready(again), LR)) == rate
        assert again.url == link


def test_back_shows_what_stood_there_and_a_second_tab_has_its_own(visit: Open) -> None:
    page, _ = quiet(visit, "/training-curves?lr=0.02")
    start = spoken(slider_of(page, LR))
    other, _ = quiet(visit, "/training-curves")
    page.bring_to_front()
    rate = released(page, LR)
    assert rate != start
    ready(page)
    choose_linear(page)
    moved = released(page, "Noise")
    page.go_back()
    searched(page, "-scale")
    expect(slider_of(page, LR)).to_have_attribute("aria-valuetext", rate)
    assert "noise=" not in ready(page).url
    page.go_forward()
    searched(page, "noise=")
    expect(slider_of(page, "Noise")).to_have_attribute("aria-valuetext", moved)
    assert "lr=" not in other.url


WEIGHT = "weighted_binary_cross_entropy.pos_weight"
AROUND = {
    "imbalance_decisions": ("/class-imbalance", {"threshold": 0.11, "share": 0.1, "cost": 50.0, WEIGHT: 68.0}),
    "textbook_race": ("/gradient-descent", {"x": 1.234, "lr": 0.02, "step": 40.0}),
    "wave_run": ("/training-curves", {"noise": 0.8, "capacity": 32.0, "lr": 0.1, "epoch": 45.0}),
    "regression_curves": ("/loss-curves", {"huber.delta": 2.0, "probe": -1.0}),
}


@pytest.mark.parametrize("key", AROUND)
def test_a_link_asks_for_the_payload_around_its_values(key: str, visit: Open) -> None:
    place, values = AROUND[key]
    page, seen = quiet(visit, f"{place}?{'&'.join(f'{name}={value:g}' for name, value in values.items())}")
    address = VIEWS[key].choose().around(values).address
    (asked,) = [request.url for request in seen.requests if "/view/" in request.url]
    assert asked.partition("/view/")[2] == f"{key}?{address}&v={version()}"
    for name, value in values.items():
        assert word(page, name) == value


def test_a_word_that_is_no_text_keeps_no_release_out_of_the_address(visit: Open) -> None:
    page, _ = quiet(visit, "/")
    page.evaluate("history.replaceState(history.state, '', '?%zz=1&%E0%A4=%')")
    released(page, "Your guess")
    searched(page, "guess=")
    assert "?%zz=1&%E0%A4=%&guess=" in page.url


def test_numbers_are_written_as_python_writes_them(visit: Open) -> None:
    """Of every slider of every view, and some that are larger and smaller than any."""
    page, _ = visit(PLACES["examples"].address)
    script = stage_files()["stage.js"].content.decode()
    sliders = [slider for view in VIEWS.values() for slider in view.choose().sliders.values()]
    numbers = {float(value) for slider in sliders for value in slider.values}
    numbers |= {1e-5, 1.5e-7, 123456.7, 1234567.0, -2.5e8, 1e22, 0.1 + 0.2, -0.00012345678, 1e-300}
    numbers = sorted(numbers)
    texts = page.evaluate(
        """async ([script, numbers]) => {
          const address = URL.createObjectURL(new Blob([script + '\\nexport {addressText}'], {type: 'text/javascript'}))
          const {addressText} = await import(address)
          return numbers.map(addressText)
        }""",
        [script, numbers],
    )
    assert len(numbers) > 500
    assert texts == [f"{number:g}" for number in np.add(numbers, 0.0)]


def test_a_value_that_another_picture_cannot_have_waits_for_the_one_that_can(visit: Open) -> None:
    page, _ = quiet(visit, "/gradient-descent?landscape=booth&x=7.5")
    at = slider_of(page, "Start x")
    for landscape, value in (("Himmelblau", ""), ("Booth", "7.5")):
        page.get_by_role("combobox", name="Landscape").click()
        page.get_by_role("option", name=landscape, exact=True).click()
        searched(page, f"landscape={landscape.lower()}")
        ready(page)
        searched(page, f"x={value}" if value else "-x=")
    expect(at).to_have_attribute("aria-valuetext", "7.5")
