"""Fits that are computed around what was released: dragged without the server, and the same as a link shows."""

import csv
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from core.datasets import DATASETS
from core.losses import LOSSES
from core.models import fit_constant
from tests.browser.stage import RANGE, Open, answered, grab, moved, path, ready, say, searched, slider_of
from tests.browser.test_saved import opened, saved

PLACE = "/loss-curves?view=fit&losses=quantile,cauchy,tukey"
DRAGS = [  # a slider, where to, what the address then holds, and a curve that it moves
    ("Tukey c", 0.1, "tukey.c=", "Tukey biweight"),
    ("Outlier value", 0.3, "outlier=", "Cauchy (Lorentzian)"),
    ("Quantile τ", 0.95, "quantile.tau=", "Quantile (pinball)"),
    ("Number of outliers", 1.0, "outliers=16", "Cauchy (Lorentzian)"),
]


AXES = ("y", "y2")  # of the lines, and of the constants


def test_sliders_are_dragged_one_after_the_other_and_a_link_shows_the_same(visit: Open) -> None:
    page, seen = visit(PLACE)
    ready(page)
    view = page.evaluate(RANGE)
    for label, part, word, curve in DRAGS:
        answered(page, seen)
        before, sent, asked = [path(page, curve, axis) for axis in AXES], len(seen.sent), len(seen.asked)
        grab(page, label, part)
        for axis, shape in zip(AXES, before, strict=True):
            moved(page, curve, shape, axis)
        assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
        with page.expect_response(lambda response: "/view/tips_fit" in response.url):
            page.mouse.up()
        searched(page, word)
        ready(page)
    assert page.evaluate(RANGE) == view
    page.mouse.move(0, 0)
    readings, summary = page.locator(".stage-readings").inner_text(), say(page)
    other, _ = visit(page.url.partition(page.url.split("/")[2])[2])
    ready(other)
    expect(other.locator(".stage-readings")).to_have_text(readings, use_inner_text=True)
    expect(other.locator(".stage-summary")).to_have_text(summary)
    for _, _, _, curve in DRAGS:
        for axis in AXES:
            assert path(other, curve, axis) == path(page, curve, axis)


def test_the_numbers_are_those_of_the_released_sliders(visit: Open, tmp_path: Path) -> None:
    page, _ = visit(f"{PLACE}&tukey.c=8&quantile.tau=0.99&outlier=3&outliers=4")
    target = np.append(DATASETS["tips"].load().target, [3.0] * 4)
    fitted = [
        float(fit_constant(LOSSES[key], target, **params))
        for key, params in (("quantile", {"tau": 0.99}), ("cauchy", {}), ("tukey", {"c": 8.0}))
    ]
    rows = ready(page).locator(".stage-readings tbody tr")
    for row, constant in zip(rows.all(), fitted, strict=True):
        assert float(row.locator("td").first.inner_text()) == pytest.approx(constant, rel=1e-3)
    saved(page, "CSV").save_as(tmp_path / "fits.csv")
    with (tmp_path / "fits.csv").open() as lines:
        table = list(csv.DictReader(lines))
    assert len(table) == len(target)
    for key, constant in zip(("quantile", "cauchy", "tukey"), fitted, strict=True):
        (written,) = {float(row[f"{key} constant"]) for row in table}
        assert written == pytest.approx(constant, abs=1e-6)


def test_a_saved_page_begins_at_what_was_released(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = visit(f"{PLACE}&tukey.c=8&outlier=3&outliers=4")
    ready(page)
    shown = {curve: path(page, curve) for _, _, _, curve in DRAGS}
    readings = page.locator(".stage-readings").inner_text()
    alone, _ = opened(saved(page, "HTML"), browser, tmp_path)
    expect(alone.locator(".stage-readings")).to_have_text(readings, use_inner_text=True)
    expect(slider_of(alone, "Outlier value")).to_have_value("3")
    before = path(alone, "Cauchy (Lorentzian)")
    assert all(shown.values())
    slider_of(alone, "Outlier value").press("End")
    moved(alone, "Cauchy (Lorentzian)", before)
    alone.context.close()
