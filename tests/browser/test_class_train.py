"""Training three classes under the finger: maps, curves, numbers and confusion matrices follow, and nothing is sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.imbalance import texts
from tests.browser.stage import Open, button, differing, drawn, grab, quiet, ready, say, searched, slider_of, spoken
from tests.browser.test_everybody import PHONE, findings, wide

TRAIN = "/class-probabilities?view=train"
BY_STEPS = f"{TRAIN}&training=gradient_descent&losses=categorical_cross_entropy,multiclass_brier&level=8"
MAPS = ("x", "x2")
NAMES = ("Cross-entropy", "GCE")


def named(traces: set[str], name: str) -> set[str]:
    return {trace for trace in traces if trace.rpartition(" x")[0] == name}


def test_wrong_labels_move_every_map_point_number_and_sentence_before_release(visit: Open) -> None:
    page, seen = quiet(visit, TRAIN)
    before, first, sent, asked = drawn(page), texts(page), len(seen.sent), len(seen.asked)
    grab(page, "Wrong labels (%)", 0.6)
    after, now = drawn(page), texts(page)
    moved = differing(before, after)
    assert spoken(slider_of(page, "Wrong labels (%)")) == "30"
    of_maps = [f"{name} {panel}" for name in ("lead", "boundary") for panel in MAPS]
    assert {f"{name} {number}" for name in of_maps for number in range(2)} <= moved
    assert {f"{name} {panel} 0" for name in ("setosa", "wrong label") for panel in MAPS} <= moved
    assert len(named(moved, "now")) == 4
    assert not named(moved, "calibrated")
    for name in NAMES:
        assert len(differing(dict(enumerate(first["rows"][name])), dict(enumerate(now["rows"][name])))) == 4
        assert first["grids"][name] != now["grids"][name]
    assert "With 30 % wrong labels, test accuracy is 76 % under Cross-entropy and 89.3 %" in now["summary"]
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    page.mouse.up()
    searched(page, "wrong=30")
    ready(page)
    assert (drawn(page), texts(page)) == (after, now)
    # A link brings it all back.
    again, _ = quiet(visit, f"{TRAIN}&wrong=30")
    assert texts(again) == now


def test_a_step_is_scrubbed_to_and_a_release_of_the_initial_score_trains_anew(visit: Open) -> None:
    page, seen = quiet(visit, BY_STEPS)
    before, sent = drawn(page), len(seen.sent)
    assert "0.002232 under Multiclass Brier" in say(page)
    grab(page, "Step", 0.1)
    moved = differing(before, drawn(page))
    assert {"lead x 0", "lead x 1", "boundary x 0"} <= moved
    assert len(named(moved, "now")) == 4
    assert not {"Cross-entropy x3 0", "Cross-entropy x4 0"} & moved  # the curves stand
    assert len(seen.sent) == sent
    page.mouse.up()
    grab(page, "Initial score of the first class", 0.0)
    assert "0.5306 under Multiclass Brier" in say(page)
    page.mouse.up()
    searched(page, "-level")
    ready(page)
    button(page, "Play").click()
    page.wait_for_function(
        "() => Number(document.querySelector('.stage-timeline input').getAttribute('aria-valuetext')) > 60"
    )
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()


def dragged(page: Page, panel: str, part: float) -> None:
    """Takes hold of the first point in a panel, and moves it to this part of the panel's width."""
    box = page.locator(f".stage .{panel} .nsewdrag, .stage .nsewdrag[data-subplot={panel}]").first.bounding_box()
    at = page.locator(f".stage .subplot.{panel} .trace path.point").first.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + part * box["width"], at["y"], steps=8)
    page.mouse.up()


def test_a_point_on_a_curve_can_be_dragged(visit: Open) -> None:
    page, _ = quiet(visit, TRAIN)
    dragged(page, "x3y3", 0.8)
    assert spoken(slider_of(page, "Wrong labels (%)")) == "40"
    searched(page, "wrong=40")


def test_on_a_phone_nothing_is_wider_than_the_page_and_axe_finds_nothing(visit: Open) -> None:
    page, _ = quiet(visit, f"{TRAIN}&wrong=30", viewport=PHONE)
    assert not wide(page)
    assert findings(page) == []


def test_the_picker_of_losses_finds_a_loss_by_its_other_names(visit: Open) -> None:
    page, _ = quiet(visit, f"{TRAIN}&losses=multiclass_brier")  # what is chosen is not among the options
    page.get_by_role("combobox", name="Losses").fill("log loss")
    option = page.get_by_role("option", name="Categorical cross-entropy (log loss)")
    expect(option.first).to_be_visible()
