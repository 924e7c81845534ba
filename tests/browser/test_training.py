"""Training under the finger: the curves and the model follow the epoch, and the verdict follows what causes them."""

import csv
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.losses import LOSSES
from core.views.training_curves.settings import EPOCHS
from tests.browser.stage import PLOT, SPOTS, Open, button, differing, drawn, grab, ready, say, searched, slider_of
from tests.browser.test_everybody import COLOUR_RULES, PHONE, findings, set_colour_scheme, wide
from tests.browser.test_saved import saved
from tests.browser.training import (
    CURVES,
    GRADIENT_SIZE,
    LINE,
    MAP,
    NOW,
    PREDICTION,
    PROBES,
    agrees,
    epoch,
    fits,
    rows,
    run_at,
    runs,
    visited,
)

FOLLOWING = {"wave": {LINE}, "moons": MAP}  # what shows the model of an epoch


def past(page: Page, epochs: int) -> None:
    page.wait_for_function(
        "epochs => Number(document.querySelector('.stage-timeline input').getAttribute('aria-valuetext')) > epochs",
        arg=epochs,
    )


@pytest.mark.parametrize("task", FOLLOWING)
def test_an_epoch_is_scrubbed_to_and_played_from_and_moves_the_points_and_the_model(task: str, visit: Open) -> None:
    page, seen = visited(visit, f"?task={task}")
    assert epoch(page) == EPOCHS
    first, sent = drawn(page), len(seen.sent)
    for part in (0.55, 0.1):
        grab(page, "Epoch", part)
        assert epoch(page) == pytest.approx(part * EPOCHS, abs=10)
        assert differing(first, drawn(page)) == NOW | PROBES | FOLLOWING[task]
        agrees(page, task)
        fits(page, task)
        assert len(seen.sent) == sent
        page.mouse.up()
        searched(page, f"epoch={epoch(page)}")
        ready(page)
        sent = len(seen.sent)
    first, asked = drawn(page), len(seen.asked)
    button(page, "Play").click()
    past(page, epoch(page) + 20)
    second = drawn(page)
    # The curves stand, and all else that belongs to an epoch goes on.
    assert differing(first, second) == NOW | PROBES | FOLLOWING[task]
    past(page, epoch(page) + 20)
    assert differing(second, drawn(page)) >= NOW | PROBES | FOLLOWING[task]
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    searched(page, f"epoch={epoch(page)}")
    assert len(seen.sent) == sent
    agrees(page, task)
    fits(page, task)


DRAGGED = {  # a slider: where it is dragged, to which value, and its key
    "Learning rate": (0.88, 0.3, "lr"),
    "Capacity (units a layer)": (0.33, 3, "capacity"),
}


@pytest.mark.parametrize("label", DRAGGED)
def test_what_causes_the_curves_moves_them_and_the_verdict_before_release(label: str, visit: Open) -> None:
    page, seen = visited(visit, "?epoch=150")
    part, value, key = DRAGGED[label]
    agrees(page, "wave")
    before, summary_before, sent, asked = drawn(page), say(page), len(seen.sent), len(seen.asked)
    grab(page, label, part)
    moved = differing(before, drawn(page))
    assert moved >= CURVES | NOW | {LINE}
    assert not moved & PROBES
    assert say(page) != summary_before
    at = run_at("wave", key, value)
    agrees(page, "wave", at)
    fits(page, "wave", at)
    assert runs("wave").verdicts[at].name != runs("wave").verdicts[0].name
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    page.mouse.up()
    searched(page, f"{key}={value:g}")
    ready(page)
    agrees(page, "wave", at)  # of a new sweep, whose centre this run is
    standing, summary, numbers = drawn(page), say(page), rows(page)
    page.reload()
    ready(page)
    assert (drawn(page), say(page), rows(page)) == (standing, summary, numbers)
    assert epoch(page) == 150


def test_a_released_slider_is_where_the_next_one_begins(visit: Open) -> None:
    page, _ = visited(visit, "?task=polynomial&lr=1&optimizer=gradient_descent")
    assert say(page).startswith("Diverging. ")
    grab(page, "Learning rate", 0.5)
    assert not say(page).startswith("Diverging. ")
    page.mouse.up()
    searched(page, "lr=0.01")
    ready(page)
    grab(page, "Capacity (degree)", 0)  # around the rate that was released
    assert not say(page).startswith("Diverging. ")
    page.mouse.up()
    searched(page, "capacity=0")
    ready(page)


def test_csv_has_the_numbers_of_the_run_and_a_preset_is_a_click_away(visit: Open, tmp_path: Path) -> None:
    page, _ = visited(visit)
    expect(slider_of(page, "Epoch")).to_be_visible()
    saved(page, "CSV").save_as(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open() as lines:
        found = list(csv.DictReader(lines))
    assert [float(row["epoch"]) for row in found] == list(range(EPOCHS + 1))
    for name in ("train", "validation", "train_metric", "validation_metric"):
        known = getattr(runs("wave").history, name)[0]
        np.testing.assert_allclose([float(row[name]) for row in found], known, rtol=1e-5)
    page.get_by_role("link", name="Early stopping helps").click()
    searched(page, "patience=30")
    ready(page)
    assert say(page).startswith("Overfitting. ")
    marks = {name: path for name, path in drawn(page).items() if name.startswith(("best", "stopped"))}
    assert len(marks) == 2
    assert all(marks.values())


def test_the_points_on_the_gradients_follow_the_initial_score(visit: Open) -> None:
    page, seen = visited(visit, "?view=losses&task=moons")
    names = [f"inspected {GRADIENT_SIZE} 0", f"inspected {GRADIENT_SIZE} 1"]
    first, sent = drawn(page), len(seen.sent)
    for part, level in ((0.25, 2), (1.0, 8)):
        grab(page, "Initial score", part)
        assert differing(first, drawn(page)) >= {*names, "BCE x 0", "Brier x 0", f"BCE boundary {PREDICTION} 0"}
        for name, key in zip(names, ("binary_cross_entropy", "brier"), strict=True):
            (point,) = page.evaluate(SPOTS, name)
            size = abs(float(LOSSES[key].grad(np.float64(-level), 1.0)))
            assert point == pytest.approx([-level, size], abs=5e-3)
        assert f"whose score is −{level}, " in say(page)
        assert len(seen.sent) == sent
        page.mouse.up()
        searched(page, f"level={level}")
        ready(page)
        first, sent = drawn(page), len(seen.sent)


@pytest.mark.parametrize("query", ["?task=moons", "?view=losses&task=polynomial"])
def test_dragged_in_the_dark_on_a_phone(query: str, visit: Open) -> None:
    page, _ = visited(visit, query, viewport=PHONE, color_scheme="dark")
    before = drawn(page)
    grab(page, "Learning rate", 0.2)
    assert differing(before, drawn(page))
    page.mouse.up()
    searched(page, "lr=")
    ready(page)
    assert wide(page) == []
    assert findings(page) == []
    set_colour_scheme(page, "light")
    assert findings(page, *COLOUR_RULES) == []


def test_of_a_run_that_diverges_arrows_and_numbers_stay_in_their_places(visit: Open) -> None:
    """Arrows at the edges say how far off a mark is, in their panel; long numbers do not widen the table."""
    page, _ = visit("/training-curves?task=polynomial&optimizer=gradient_descent&lr=1")
    ready(page)
    arrows = page.locator(".stage-edges span")
    texts = arrows.all_inner_texts()
    assert len(texts) >= 4
    assert not any("∞" in text for text in texts), texts  # the run has diverged, to numbers that are finite
    ends = "([, axis]) => axis._offset + axis._length + plot.getBoundingClientRect().left"
    axes = "Object.entries(plot._fullLayout).filter(([key]) => /^xaxis/.test(key))"
    right = page.evaluate(f"(plot => {axes}.map({ends}))({PLOT})")
    for at in range(arrows.count()):
        box = arrows.nth(at).bounding_box()
        assert box
        assert not any(box["x"] < end - 15 and end + 15 < box["x"] + box["width"] for end in right)
    wide = (
        "[...document.querySelectorAll('.stage-readings, .stage-side')].map(box => box.getBoundingClientRect().right)"
    )
    table, column = sorted(page.evaluate(wide))
    assert table == pytest.approx(column, abs=1)
