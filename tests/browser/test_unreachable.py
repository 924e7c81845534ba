"""A server that is killed or busy, and a slow network: what a person sees, and that it mends itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.stage import Open, differing, drawn, quiet, ready, slider_of, spoken, word
from tests.conftest import Seen, answers, free_port, started

RACE = "/gradient-descent?optimizers=gradient_descent"
RATE = "Learning rate"
AGAIN = 30.0  # seconds in which a page finds the server that was started again
# What the browser says of a lost server.
LOST = [
    "ERR_CONNECTION",
    "ERR_EMPTY_RESPONSE",
    "ERR_INTERNET_DISCONNECTED",
    "WebSocket",
    "Failed to fetch",
    "server endpoint",
    "not responding",
]


class Killable:
    """A server that can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.log, self.port = folder / "log", free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = started(self.port, self.log)
        answers(self.process, self.address, self.log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def killable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    running = Killable(tmp_path_factory.mktemp("killable"))
    yield running
    running.kill()


def test_a_server_is_killed_while_a_slider_is_dragged_and_starts_again(first_visit: Open, killable: Killable) -> None:
    page, seen = quiet(first_visit, RACE, home=killable.address)
    seen.expected += LOST
    slider = slider_of(page, RATE)
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    killable.kill()
    before = drawn(page)
    page.mouse.move(box["x"] + 0.3 * box["width"], middle, steps=4)
    assert differing(before, drawn(page))  # the hand has all it needs
    page.mouse.up()
    assert f"{word(page, 'lr'):.3g}" == spoken(slider)
    message = page.get_by_role("alert").filter(has_text="The chart for these values could not be shown")
    expect(message).to_be_visible()
    expect(message).to_contain_text("the server does not answer")
    expect(page.locator(".stage-picture")).to_be_visible()
    before = drawn(page)
    slider.press("ArrowLeft")
    assert differing(before, drawn(page))
    rate = word(page, "lr")
    assert f"{rate:.3g}" == spoken(slider)

    frames = len(seen.received)
    killable.start()
    expect(message).to_be_hidden()
    connected(page, seen, frames)
    assert word(page, "lr") == rate
    goes_on(page)


def connected(page: Page, seen: Seen, frames: int) -> None:
    """When the page has had more than so many messages, because it is connected anew, and is drawn."""
    end = monotonic() + AGAIN
    while len(seen.received) == frames:
        assert monotonic() < end
        page.wait_for_timeout(20)
    ready(page)


def goes_on(page: Page) -> None:
    """A new session goes on with the same view, and the first that is picked counts."""
    page.get_by_role("radiogroup", name=RATE).get_by_text("Separate").click()
    page.wait_for_function("() => location.search.includes('rates=each')")
    ready(page)
    assert "optimizers=gradient_descent" in page.url


def test_a_laptop_that_slept_for_longer_than_its_session_lived(first_visit: Open, killable: Killable) -> None:
    page, seen = quiet(first_visit, RACE, home=killable.address)
    seen.expected += LOST
    page.context.set_offline(True)
    killable.kill()  # no server knows the session any more
    frames = len(seen.received)
    killable.start()
    before = drawn(page)
    slider = slider_of(page, RATE)
    slider.press("ArrowLeft")  # the hand is quicker than the network
    assert differing(before, drawn(page))
    rate = word(page, "lr")
    expect(page.get_by_role("alert").filter(has_text="the server does not answer")).to_be_visible()
    page.context.set_offline(False)
    connected(page, seen, frames)
    expect(page.get_by_role("alert").filter(has_text="the server does not answer")).to_be_hidden()
    assert word(page, "lr") == rate
    assert f"{rate:.3g}" == spoken(slider)
    goes_on(page)


def test_a_server_is_killed_while_a_payload_loads_and_starts_again(first_visit: Open, killable: Killable) -> None:
    page, seen = quiet(first_visit, RACE, home=killable.address)
    seen.expected += LOST

    def kill(route: Route) -> None:
        killable.kill()
        route.continue_()

    page.route("**/view/**", kill)
    page.get_by_role("radiogroup", name=RATE).get_by_text("Separate").click()
    message = page.get_by_role("alert").filter(has_text="the server does not answer")
    expect(message).to_be_visible()
    page.unroute("**/view/**")
    killable.start()
    expect(message).to_be_hidden()
    ready(page)
    assert drawn(page)
    assert "rates=each" in page.url


def test_a_busy_server_is_asked_again(visit: Open) -> None:
    page, seen = quiet(visit, RACE)
    seen.expected += ["503"]
    asked = []

    def busy(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.fulfill(status=503, headers={"Retry-After": "1"}, content_type="text/plain", body="503: busy")
        else:
            route.continue_()

    page.route("**/view/**", busy)
    slider = slider_of(page, RATE)
    slider.press("ArrowRight")
    picture = page.locator(".stage-picture")
    page.wait_for_function("() => document.querySelector('.stage-picture').dataset.wait.startsWith('Many pictures')")
    expect(picture).to_be_visible()
    ready(page)
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_on_a_slow_network_something_is_there_in_two_seconds(browser: Browser, server: str) -> None:
    """3G: 400 ms until an answer begins, 50 kB a second."""
    page = browser.new_context().new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.goto(server + "/loss-curves", wait_until="commit")
    words = page.get_by_text("Lossarium is loading")
    expect(words).to_be_visible()
    painted = page.wait_for_function("() => performance.getEntriesByType('paint')[0]?.startTime").json_value()
    assert painted < 2000
    network.send("Network.emulateNetworkConditions", slow | {"latency": 0, "downloadThroughput": -1})
    ready(page)
    expect(words).to_have_count(0)
    page.context.close()
