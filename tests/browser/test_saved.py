"""What is saved from the page: a file that works alone, a table with the curve's numbers, a picture."""

import csv
import struct
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from core.losses import LOSSES
from core.views.home.guess import STEPS
from tests.browser.stage import Open, grab, moved, path, ready, searched, slider_of


def saved(page: Page, kind: str, role: str = "link") -> Download:
    with page.expect_download() as download:
        page.locator(".stage-tools").get_by_role(role, name=kind, exact=True).click()
    return download.value


def opened(download: Download, browser: Browser, folder: Path, **options) -> tuple[Page, list[str]]:
    """The saved page, from disk, in a browser without a network; what it asks for; complaints fail the test."""
    place = folder / download.suggested_filename
    download.save_as(place)
    page = browser.new_context(offline=True, **options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda message: asked.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(place.as_uri())
    page.wait_for_selector(".stage[data-ready]")
    return page, asked


def test_html_works_from_disk_without_a_network(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = visit("/loss-curves")
    ready(page)
    grab(page, "Huber δ", 0.5)
    page.mouse.up()
    searched(page, "huber.delta=")
    delta = slider_of(page, "Huber δ").input_value()
    alone, asked = opened(saved(page, "HTML"), browser, tmp_path, color_scheme="dark")
    expect(slider_of(alone, "Huber δ")).to_have_value(delta)  # as it was when it was saved
    before = path(alone, "Huber")
    grab(alone, "Huber δ", 0.1)
    moved(alone, "Huber", before)
    held = slider_of(alone, "Huber δ").input_value()
    expect(alone.locator(".stage-card math").filter(has_text=f"≤{held}")).to_have_count(1)
    alone.get_by_label("Code to copy").select_option("NumPy")
    expect(alone.locator(".stage-card code:visible").filter(has_text=f"<= {held}")).to_have_count(1)
    alone.mouse.up()
    assert "At r = 3, the gradient is 6 for MSE" in alone.locator(".stage-summary").inner_text()
    expect(alone.locator(".stage-legend")).to_have_text("◇ corner: the slope or the curvature jumps")
    own = [address for address in asked if address == alone.url or address.startswith(("data:", "blob:"))]
    assert asked == own
    ink = alone.locator(".stage .xtick text").first
    light = ink.evaluate("text => getComputedStyle(text).fill")
    alone.emulate_media(color_scheme="light")
    expect(ink).not_to_have_css("fill", light)
    alone.context.close()


def test_a_saved_timeline_plays(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = visit(f"/?step={STEPS - 5}")
    alone, asked = opened(saved(ready(page), "HTML"), browser, tmp_path)
    expect(slider_of(alone, "Step")).to_have_value(str(STEPS - 5))
    alone.get_by_role("button", name="Play", exact=True).click()
    expect(slider_of(alone, "Step")).to_have_value(str(STEPS))
    assert asked == [alone.url]
    alone.context.close()


def test_csv_has_the_numbers_of_the_curves_and_png_is_a_picture_in_both_themes(visit: Open, tmp_path: Path) -> None:
    page, _ = visit("/loss-curves")
    ready(page)
    grab(page, "Huber δ", 0.5)
    page.mouse.up()
    delta = float(slider_of(page, "Huber δ").input_value())
    saved(page, "CSV").save_as(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    r = np.array([float(row["r"]) for row in rows])
    assert (r[0], r[-1]) == (-6, 6)
    for key, params in (("squared_error", {}), ("absolute_error", {}), ("huber", {"delta": delta})):
        for name, method in (("value", LOSSES[key].value), ("gradient", LOSSES[key].grad)):
            column = np.array([float(row[f"{key} {name}"]) for row in rows])
            np.testing.assert_allclose(column, method(r, 0, **params), rtol=1e-11, atol=1e-12)
    download = saved(page, "PNG", "button")  # what is in it: test_film.py
    assert download.suggested_filename.endswith(".png")
    download.save_as(tmp_path / "curves.png")
    content = (tmp_path / "curves.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert width == 2200
    assert 500 <= height <= 3000
    assert 20_000 < len(content) < 2_000_000
