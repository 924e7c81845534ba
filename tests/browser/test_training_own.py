"""A person's own logs: drawn with a verdict each, smoothed under the finger, saved, and gone with the session."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from core.diagnosis import diagnose
from core.logs import exponential_average
from core.views.training_curves.own_figure import WEIGHTS
from tests.browser.stage import SPOTS, TRACES, TWO_FRAMES, Open, differing, drawn, grab, ready, say, searched, slider_of
from tests.browser.test_everybody import COLOUR_RULES, PHONE, findings, set_colour_scheme, wide
from tests.browser.test_saved import opened
from tests.browser.training import PAGE, dropped, idle, rows

# The highest place that is drawn of the thin curve.
PEAK = f"""() => {{
  const {{paths: [path], y}} = {TRACES}['loss x 0']
  return y.p2c(Math.min(...path.getAttribute('d').match(/,[-\\d.]+/g).map(text => Number(text.slice(1)))))
}}"""
EPOCHS = np.arange(60)
WIGGLE = 1 + 0.1 * np.sin(2.7 * EPOCHS)
TRAIN = np.exp(-EPOCHS / 8) * WIGGLE + 0.01
TURNS = np.exp(-EPOCHS / 8) + 0.15 + 0.012 * EPOCHS  # validation that turns
CLIMBS = 0.5 * 1.2**EPOCHS
KERAS = "\n".join(
    ["epoch,loss,val_loss", *(f"{at},{a:.9g},{b:.9g}" for at, a, b in zip(EPOCHS, TRAIN, TURNS, strict=True))]
)
LINES = "\n".join(json.dumps({"step": at, "train_loss": loss}) for at, loss in enumerate(CLIMBS.tolist()))
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00\x1f\xf3\xffa"


def arrived(visit: Open, **options):
    page, seen = visit(f"{PAGE}?view=own", **options)
    expect(page.locator("input[type=file]")).to_be_attached()
    return idle(page), seen


def curves(page: Page) -> set[str]:
    """What is drawn but the evidence of the verdicts."""
    return {name for name in drawn(page) if ".csv: " not in name and ".jsonl: " not in name}


def notes(page: Page) -> list[str]:
    return page.locator(".stage-notes li").all_inner_texts()


def verdict_text(*curves: np.ndarray, unit: str = "epoch") -> str:
    verdict = diagnose(*curves, epochs=EPOCHS, unit=unit)
    return verdict.text


def test_logs_are_drawn_with_a_verdict_each_and_smoothed_under_the_finger(visit: Open) -> None:
    page, seen = arrived(visit)
    assert page.locator(".stage").count() == 0
    dropped(page, ("keras.csv", KERAS))
    ready(page)
    assert say(page) == verdict_text(TRAIN, TURNS)
    assert say(page).startswith("Overfitting. ")
    assert curves(page) == {f"{name} x 0" for curve in ("loss", "val_loss") for name in (curve, f"{curve}, smoothed")}
    assert "lowest validation loss, rises after" in page.locator(".stage .textpoint").all_text_contents()
    dropped(page, ("run.jsonl", LINES))
    page.wait_for_function("() => document.querySelectorAll('.stage-notes li').length === 2")
    ready(page)
    assert verdict_text(TRAIN, TURNS) in notes(page)[0]
    assert verdict_text(CLIMBS, unit="step") in notes(page)[1]
    before, notes_before, numbers, sent = drawn(page), notes(page), rows(page), len(seen.sent)
    assert all(before.values())
    grab(page, "Smoothing", 0.6)
    assert differing(before, drawn(page)) == {name for name in before if ", smoothed" in name}
    assert (notes(page), rows(page)) == (notes_before, numbers)
    assert len(seen.sent) == sent
    page.mouse.up()
    weight, moved = slider_of(page, "Smoothing").input_value(), drawn(page)
    ready(page)
    idle(page)
    expect(slider_of(page, "Smoothing")).to_have_value(weight)
    assert drawn(page) == moved
    page.reload()
    expect(page.locator("input[type=file]")).to_be_attached()
    idle(page)
    assert page.locator(".stage").count() == 0
    assert page.get_by_text("keras.csv").count() == 0


def test_a_long_log_keeps_its_spike_and_its_thick_curve_is_the_average(visit: Open) -> None:
    page, _ = arrived(visit)
    losses = np.geomspace(1, 0.1, 3000) * np.random.default_rng(3).lognormal(sigma=0.3, size=3000)
    losses[1001], losses[1500:1510] = 9, np.nan
    dropped(
        page, ("long.csv", "\n".join(["step,loss", *(f"{at},{loss!r}" for at, loss in enumerate(losses.tolist()))]))
    )
    ready(page)
    grab(page, "Smoothing", 18 / 21)
    page.evaluate(TWO_FRAMES)
    places = np.array(page.evaluate(SPOTS, "loss, smoothed x 0"))
    expected = exponential_average(losses, WEIGHTS[18])
    assert len(places) == 5  # one path, on both sides of the gap
    for at, value in places:
        near = expected[max(0, int(at) - 6) : int(at) + 7]  # there are five rows from point to point
        assert np.nanmin(near) - 0.01 <= value <= np.nanmax(near) + 0.01
    page.mouse.up()
    assert page.evaluate(PEAK) == pytest.approx(9, rel=1e-3)


def test_what_cannot_be_read_gets_its_sentence_and_the_rest_is_drawn(visit: Open) -> None:
    page, _ = arrived(visit)
    dropped(page, ("picture.csv", PNG))
    box = page.locator("[data-testid=stExpander]").filter(has_text="picture.csv")
    expect(box).to_contain_text("not readable")
    expect(box.locator("[data-testid=stText]")).to_contain_text("PNG")
    assert page.locator(".stage").count() == 0
    broken = KERAS.replace("\n5,", "\n5,nan,nan\n5,", 1) + "\n60,inf,inf"
    dropped(page, ("broken.csv", broken), ("empty.log", b""))
    ready(page)
    assert say(page).startswith("Diverging. ")
    assert page.locator("[data-testid=stException]").count() == 0
    assert box.locator("[data-testid=stText]").is_visible()


def test_columns_are_picked_by_hand(visit: Open) -> None:
    page, _ = arrived(visit)
    table = KERAS.replace("epoch,loss,val_loss", "when,first,second")
    dropped(page, ("any.csv", table))
    assert page.locator(".stage").count() == 0  # nothing is recognised, so the boxes are open
    for label, column in (("Training", "first"), ("Validation", "second"), ("Along", "when")):
        box = page.get_by_role("combobox", name=label)
        box.scroll_into_view_if_needed()  # a list that is open closes when the page scrolls
        page.evaluate(TWO_FRAMES)
        box.click()
        page.get_by_role("option", name=column, exact=True).click()
        expect(page.locator(".stage")).to_contain_text(column)
        ready(page)
    assert say(page).startswith("Overfitting. ")
    searched(page, "x=when")
    searched(page, "train=first")


def test_what_is_downloaded(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = arrived(visit)
    dropped(page, ("keras.csv", KERAS), ("run.jsonl", LINES))
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    alone, asked = opened(download.value, browser, tmp_path)
    assert len(notes(alone)) == 2
    before = drawn(alone)
    grab(alone, "Smoothing", 0.5)
    assert differing(before, drawn(alone)) == {name for name in before if ", smoothed" in name}
    alone.mouse.up()
    assert asked == [alone.url]
    alone.context.close()
    for _ in range(3):  # one after the other: what a click makes is not forgotten before it has come
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV", exact=True).click()
        download.value.save_as(tmp_path / "own.csv")
    with (tmp_path / "own.csv").open() as lines:
        found = list(csv.DictReader(lines))
    known = {("keras.csv", "loss"): TRAIN, ("keras.csv", "val_loss"): TURNS, ("run.jsonl", "train_loss"): CLIMBS}
    assert len(found) == 3 * len(EPOCHS)
    for (file, curve), values in known.items():
        own = [row for row in found if (row["run"], row["curve"]) == (file, curve)]
        assert [float(row["at"]) for row in own] == EPOCHS.tolist()
        np.testing.assert_allclose([float(row["value"]) for row in own], values, rtol=1e-8)


def test_named_readable_and_fit_for_a_phone_with_files_and_without(visit: Open) -> None:
    page, _ = arrived(visit, color_scheme="dark")
    assert findings(page) == []
    set_colour_scheme(page, "light")
    assert findings(page, *COLOUR_RULES) == []
    dropped(page, ("keras.csv", KERAS), ("run.jsonl", LINES))
    ready(page)
    assert findings(page) == []
    set_colour_scheme(page, "dark")
    assert findings(page, *COLOUR_RULES) == []
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => innerWidth === 390")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stage .main-svg')].every(svg => svg.clientWidth <= 390)"
    )
    assert wide(page) == []
