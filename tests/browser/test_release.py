"""Nothing that is released gets lost, however fast one release follows the other and however late the answers come."""

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.stage import RELEASE, Open, ready, searched, slider_of, spoken


class Line:
    """The wire from a page to the server, on which what the page sends can be held back."""

    def __init__(self, wire: WebSocketRoute) -> None:
        self.server = wire.connect_to_server()
        self.held: list[str | bytes] | None = None
        wire.on_message(self.sent)

    def sent(self, message: str | bytes) -> None:
        if self.held is None:
            self.server.send(message)
        else:
            self.held.append(message)

    def let_go(self) -> None:
        held, self.held = self.held or [], None
        for message in held:
            self.server.send(message)


@pytest.mark.parametrize(
    ("place", "label", "key"),
    [
        ("/loss-curves", "Huber δ", "huber.delta"),
        ("/class-imbalance", "Decision threshold", "threshold"),
        ("/training-curves", "Epoch", "epoch"),
    ],
)
def test_every_key_counts_and_the_picture_stays_the_same_one(place: str, label: str, key: str, visit: Open) -> None:
    page, _ = visit(place)
    slider = slider_of(ready(page), label)
    page.evaluate("() => { document.querySelector('.stage').marked = true }")
    slider.focus()
    for _ in range(3):  # answers to some of a round overtake each other in the browser
        before = float(slider.input_value())
        for _ in range(8):
            page.keyboard.press("ArrowLeft")
        assert float(slider.input_value()) < before
        searched(page, f"{key}={spoken(slider)}")
        ready(page)
    expect(slider).to_be_focused()
    assert page.evaluate("() => document.querySelector('.stage').marked === true")


def test_what_is_released_while_a_new_picture_comes_is_not_taken_back(first_visit: Open, server: str) -> None:
    page, _ = first_visit("/loss-curves?view=examples")
    lines: list[Line] = []
    page.route_web_socket("**/_stcore/stream", lambda wire: lines.append(Line(wire)))
    page.goto(f"{server}/class-imbalance")
    threshold, gamma = slider_of(ready(page), "Decision threshold"), slider_of(page, "Focal γ")
    pictures = []
    page.route("**/view/**", lambda route: pictures.append(route))
    gamma.evaluate(RELEASE, "3.5")
    searched(page, "focal.gamma=3.5")
    (line,) = lines
    line.held = []
    threshold.evaluate(RELEASE, "40")
    page.wait_for_function("() => document.querySelector('.stage[aria-busy=true]')")
    assert line.held
    for picture in pictures:
        picture.continue_()
    ready(page)
    assert (threshold.input_value(), gamma.input_value()) == ("40", "3.5")
    line.let_go()
    searched(page, f"threshold={spoken(threshold)}")
    ready(page)
    assert (threshold.input_value(), gamma.input_value()) == ("40", "3.5")
