"""The dialog "Share": its links open as they say, and it is fit for every hand and eye."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.stage import Open, button, ready, slider_of
from tests.browser.test_everybody import findings, set_colour_scheme, wide

PHONE = {"width": 390, "height": 844}


def shared(page: Page, *boxes: str) -> str:
    """The link of the dialog with these check boxes on. Escape closes it, back to the button."""
    button(page, "Share").focus()
    page.keyboard.press("Enter")
    for name in boxes:
        page.locator(f"dialog input[name={name}]").focus()
        page.keyboard.press("Space")
    link = page.get_by_role("textbox", name="Link", exact=True).input_value()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page, "Share")).to_be_focused()
    return link


def test_a_link_opens_as_the_dialog_says(visit: Open) -> None:
    page, _ = visit("/loss-curves?losses=huber,log_cosh&huber.delta=2")
    ready(page)
    slider_of(page, "Error r to inspect").press("ArrowLeft")  # from 3
    link = shared(page, "huber\\.delta", "losses", "lecture")
    assert link.endswith("/loss-curves?losses=huber,log_cosh&huber.delta=2&probe=2.9&lecture=1&hide=losses,huber.delta")
    frame = shared(page, "embed", "probe")
    assert frame.endswith("/loss-curves?losses=huber,log_cosh&huber.delta=2&probe=2.9&embed=true&hide=probe")
    page.goto(link)
    ready(page)
    expect(page.locator(".stAppHeader")).to_be_hidden()
    expect(button(page, "Share")).to_be_hidden()
    expect(slider_of(page, "Huber δ")).to_be_hidden()
    expect(slider_of(page, "Error r to inspect")).to_have_attribute("aria-valuetext", "2.9")
    expect(page.locator(".stage-readings th")).to_have_text(["loss", "gradient", "Huber", "Log-cosh"])
    page.goto(frame)
    ready(page)
    expect(slider_of(page, "Error r to inspect")).to_be_hidden()
    expect(slider_of(page, "Huber δ")).to_have_attribute("aria-valuetext", "2")
    for part in (".stAppHeader", ".st-key-header", ".st-key-pickers", ".stage-cards", ".stage-tools"):
        expect(page.locator(part).first).to_be_hidden()


def test_the_dialog_is_fit_for_a_phone_and_for_both_themes(visit: Open) -> None:
    page, _ = visit("/loss-curves?hide=curvature", viewport=PHONE)
    ready(page)
    button(page, "Share").click()
    dialog = page.get_by_role("dialog", name="Share this view")
    expect(dialog.locator("input[name=curvature]")).to_be_checked()
    expect(dialog).to_contain_text('LOSSARIUM_FRAME_ANCESTORS="https://school.example"')
    code = dialog.get_by_role("textbox", name="Code for a frame").input_value()
    assert code.startswith('<iframe src="http')
    assert 'embed=true" width="100%"' in code
    assert re.search(r'</iframe>\n<p><a href="http[^"]+">[^<]+</a></p>$', code)  # where the frame is blocked
    box = dialog.bounding_box()
    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
    assert wide(page) == []
    assert findings(page, within="dialog") == []
    set_colour_scheme(page, "dark")
    assert findings(page, "color-contrast", within="dialog") == []
    dialog.get_by_role("button", name="Close").click()
