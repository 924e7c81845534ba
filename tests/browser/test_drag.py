"""What moves, moves under the finger: before release, and without a word to the server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import (
    RANGE,
    STAGES,
    Open,
    answered,
    grab,
    moved,
    path,
    ready,
    say,
    searched,
    slider_of,
    zoomed,
)

MOVES = {  # a slider of each stage, and a curve that it moves, with its y axis if that is not the first
    "/": ("Your guess", "guess"),
    "/?view=darts": ("Throw", "with loss", "y3"),
    "/loss-curves": ("Huber δ", "Huber"),
    "/loss-curves?family=binary": ("Focal γ", "Focal"),
    "/loss-curves?view=fit": ("Outlier value", "Squared error (MSE)"),
    "/loss-curves?view=fit&data=made": ("Number of outliers", "Squared error (MSE)"),
}
# test_landscapes.py, test_descent.py, test_imbalance.py, test_training.py, test_class_*.py, test_your_loss.py
ELSEWHERE = (
    "landscapes", "descent", "imbalance", "training", "probabilities", "boxes", "your-loss", "your-data", "which-loss",
)  # fmt: skip


@pytest.mark.parametrize("place", MOVES)
def test_a_curve_follows_before_release_and_nothing_is_sent(place: str, visit: Open) -> None:
    page, seen = visit(place)
    ready(page)
    answered(page, seen)  # the home page's pictures come after its chart
    label, curve, *axis = MOVES[place]
    before, text = path(page, curve, *axis), say(page)
    sent, asked = len(seen.sent), len(seen.asked)
    grab(page, label, 0.6)
    between = moved(page, curve, before, *axis)
    page.mouse.up()
    page.mouse.move(0, 0)
    grab(page, label, 0.2)  # from where it was left
    moved(page, curve, between, *axis)
    assert say(page) != text
    assert seen.asked[asked:] == []
    assert len(seen.sent) - sent <= 1  # of the first release
    page.mouse.up()


def test_dragging_huber(visit: Open) -> None:
    page, seen = visit("/loss-curves?code=pytorch")
    ready(page)
    start = path(page, "Huber")
    other = path(page, "Absolute error (MAE)")
    sent = len(seen.sent)
    grab(page, "Huber δ")
    moved(page, "Huber", start)
    delta = slider_of(page, "Huber δ").input_value()
    assert 3 < float(delta) < 4.5
    assert page.locator(".stage-slider output").first.inner_text() == delta
    assert path(page, "Absolute error (MAE)") == other
    assert len(seen.sent) == sent
    assert "huber" not in page.url
    expect(page.locator(".stage-card code:visible").filter(has_text=f"delta={delta}")).to_have_count(1)
    expect(page.locator(".stage-card math").filter(has_text=f"≤{delta}")).to_have_count(1)
    page.mouse.up()
    searched(page, f"huber.delta={delta}")
    assert len(seen.sent) == sent


KEYS = [
    ("ArrowRight", "1.05"), ("ArrowUp", "1.1"), ("ArrowLeft", "1.05"), ("ArrowDown", "1"), ("End", "5"),
    ("ArrowRight", "5"), ("Home", "0.05"), ("ArrowLeft", "0.05"),
]  # fmt: skip


def test_keyboard(visit: Open) -> None:
    page, _ = visit("/loss-curves")
    slider = slider_of(ready(page), "Huber δ")
    slider.focus()
    for key, value in KEYS:
        page.keyboard.press(key)
        expect(slider).to_have_value(value)
        expect(slider).to_have_attribute("aria-valuetext", value)
    before = path(page, "Huber")
    page.keyboard.press("PageUp")
    up = float(slider.input_value())
    assert up > 0.2  # several arrows' worth
    moved(page, "Huber", before)
    searched(page, f"huber.delta={up:g}")
    page.keyboard.press("PageDown")
    expect(slider).to_have_value("0.05")
    searched(page, "huber.delta=0.05")
    expect(slider).to_be_focused()  # through all the re-runs


def test_probe_reads_every_curve(visit: Open) -> None:
    page, _ = visit("/loss-curves?probe=0")
    slider = slider_of(ready(page), "Error r to inspect")
    cells = page.locator(".stage-readings tbody tr")
    expect(cells).to_have_text([re.compile(r"MSE\s*0\s*0"), re.compile(r"MAE\s*0\s*0"), re.compile(r"Huber\s*0\s*0")])
    slider.focus()
    tangent = path(page, "Squared error (MSE) tangent")
    page.keyboard.press("End")
    expect(cells).to_have_text(
        [re.compile(r"MSE\s*36\s*12"), re.compile(r"MAE\s*6\s*1"), re.compile(r"Huber\s*5\.5\s*1")]
    )
    moved(page, "Squared error (MSE) tangent", tangent)
    assert say(page).startswith("At r = 6, the gradient is 12 for MSE, 1 for MAE and 1 for Huber.")


def test_a_released_slider_stays_where_it_was_left_while_the_next_is_dragged(visit: Open) -> None:
    """Python still answers to the first release: it must not take the second slider out of the hand."""
    page, _ = visit("/loss-curves")
    ready(page)
    grab(page, "Huber δ", 0.9)
    page.mouse.up()
    left = slider_of(page, "Huber δ").input_value()
    grab(page, "Error r to inspect", 0.2)
    searched(page, f"huber.delta={left}")
    held = slider_of(page, "Error r to inspect").input_value()
    assert float(held) < -2
    page.mouse.up()
    searched(page, f"probe={held}")
    assert (slider_of(page, "Huber δ").input_value(), slider_of(page, "Error r to inspect").input_value()) == (
        left,
        held,
    )


def test_hover_tells_numbers_and_zoom_survives_a_move_and_a_release(visit: Open) -> None:
    page, _ = visit("/loss-curves")
    ready(page)
    box = page.locator(".stage .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
    label = page.locator(".stage .hoverlayer")
    expect(label).to_contain_text(re.compile(r"r = \d"))
    for name in ("Squared error (MSE)", "Absolute error (MAE)", "Huber"):
        expect(label).to_contain_text(re.compile(re.escape(name) + r" : \d"))
    view = zoomed(page, (0.3, 0.3), (0.7, 0.8))
    before = path(page, "Huber")
    grab(page, "Huber δ", 0.5)
    moved(page, "Huber", before)
    assert page.evaluate(RANGE) == view
    page.mouse.up()
    searched(page, "huber.delta=")
    ready(page)
    assert page.evaluate(RANGE) == view


def test_zoom_and_sliders_survive_another_loss(visit: Open) -> None:
    page, _ = visit("/loss-curves?huber.delta=2.5")
    ready(page)
    view = zoomed(page, (0.3, 0.3), (0.7, 0.8))
    page.get_by_role("combobox", name="Losses").click()
    page.get_by_role("option", name="Quantile (pinball)").click()
    page.keyboard.press("Escape")  # an open list hides the rest of the page from assistive technology
    expect(slider_of(page, "Quantile τ")).to_be_visible()
    ready(page)
    assert path(page, "Quantile (pinball)")
    expect(slider_of(page, "Huber δ")).to_have_value("2.5")
    assert page.evaluate(RANGE) == view
    page.locator(".stage .nsewdrag").first.dblclick()
    page.wait_for_function(f"() => {RANGE}[0] === -6 && {RANGE}[1] === 6")  # all of it again
    searched(page, "huber.delta=2.5")
    searched(page, "-probe=")  # a double click is no click, which puts the probe there


def test_every_stage_is_moved_here() -> None:
    here = {place for place in STAGES if not any(word in place for word in ELSEWHERE)}
    assert set(MOVES) == here
