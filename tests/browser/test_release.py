"""Nothing that is released gets lost, however fast one release follows the other and however late the answers come."""

import pytest
from playwright.sync_api import expect

from tests.browser.stage import RELEASE, Open, ready, searched, slider_of, spoken


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


def test_what_is_released_while_a_new_picture_comes_is_not_taken_back(visit: Open) -> None:
    page, seen = visit("/class-imbalance")
    threshold, gamma = slider_of(ready(page), "Decision threshold"), slider_of(page, "Focal γ")
    pictures, sent = [], len(seen.sent)
    page.route("**/view/**", lambda route: pictures.append(route))
    gamma.evaluate(RELEASE, "3.5")
    searched(page, "focal.gamma=3.5")
    threshold.evaluate(RELEASE, "40")
    searched(page, f"threshold={spoken(threshold)}")
    page.wait_for_function("() => document.querySelector('.stage[aria-busy=true]')")
    for picture in pictures:
        picture.continue_()
    ready(page)
    assert (threshold.input_value(), gamma.input_value()) == ("40", "3.5")
    assert len(seen.sent) == sent
