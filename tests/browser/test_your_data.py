"""A person's own table: dropped, compared under every loss, and seen by nobody else."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import PLOT, Open, differing, drawn, grab, ready, say, slider_of
from tests.browser.test_everybody import PHONE, wide
from tests.browser.test_saved import opened
from tests.browser.training import dropped, idle

PLACE = "/your-data"
SECRET = "Kessel 47"  # a name that only this file has
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.gamma(2.0, 5.0, 400).round(3)
MODELS = {SECRET: TRUTH + RANDOM.normal(0, 1, 400), "=1+1 {0} <b>": TRUTH + 3}
BAD = "a\n"


def table(columns) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


PREDICTED = table({"truth": TRUTH, **MODELS})
SCORE = RANDOM.normal(size=300)
LABELS = np.where(RANDOM.random(300) < 1 / (1 + np.exp(-2 * SCORE)), "yes", "no")
SCORED = table({"label": LABELS, "score": (1 / (1 + np.exp(-SCORE))).round(4)})


def arrived(visit: Open, address: str = PLACE, **options) -> Page:
    page, _ = visit(address, **options)
    return idle(ready(page))


def test_a_table_of_predictions_is_compared_under_every_loss(visit: Open) -> None:
    page = arrived(visit)
    assert "least squares" in say(page)  # the example, until a file is there
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    ready(page)
    assert say(page).startswith(f"Best is under squared error “{SECRET}”")
    squares = {name: f"{np.sqrt(np.mean((pred - TRUTH) ** 2)):.4g}" for name, pred in MODELS.items()}
    numbers = page.locator(".stage-readings tbody tr").all_inner_texts()
    assert [row.split()[-3] for row in numbers] == list(squares.values())
    assert "=1+1 (0) ‹b›" in numbers[1]
    before = drawn(page)
    grab(page, "Quantile τ", 0.0)
    assert differing(before, drawn(page))
    page.mouse.up()
    assert "at τ = 0.05" in say(page)


def test_nothing_of_a_file_is_in_an_address_or_in_another_session(visit: Open, server: str) -> None:
    page, seen = visit(PLACE)
    idle(ready(page))
    dropped(page, ("secret file.csv", PREDICTED))
    page.get_by_text("Worst rows", exact=True).first.click()
    page.wait_for_function("() => document.querySelector('.stage-summary')?.innerText.includes('worst')")
    ready(page)
    idle(page)
    grab(page, "Worst rows", 0.9)
    page.mouse.up()
    idle(page)
    assert page.url == f"{server}{PLACE}?data=own&show=rows"
    for address in seen.asked:
        assert "Kessel" not in address
        assert "secret" not in address
    other = arrived(visit, f"{PLACE}?show=rows")
    assert SECRET not in other.content()
    assert "secret file" not in other.content()


def test_after_a_reload_the_page_says_that_the_file_is_gone(visit: Open) -> None:
    gone = "was in this server's memory for one visit only"
    page = arrived(visit)
    expect(page.get_by_text(gone)).to_have_count(0)
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    idle(ready(page))
    page.reload()
    expect(page.get_by_text(gone)).to_be_visible()
    idle(ready(page))
    assert "least squares" in say(page)
    # What a link says of the columns of the file is about the file as well.
    page = arrived(visit, f"{PLACE}?data=own&kind=scores&label=1&scores=2,3")
    expect(page.get_by_text(gone)).to_be_visible()
    expect(page.get_by_text("Part of this link")).to_have_count(0)


def test_a_file_that_is_still_in_use_can_be_removed_where_it_was_dropped(visit: Open) -> None:
    page = arrived(visit)
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    page.get_by_role("link", name="Which loss", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Which loss'")
    idle(ready(page))
    page.get_by_role("link", name="Your data", exact=True).click()
    page.get_by_role("button", name="Remove mine.csv").click()
    page.wait_for_function("() => document.querySelector('.stage-summary')?.innerText.includes('least squares')")
    idle(ready(page))
    expect(page.get_by_role("button", name="Remove mine.csv")).to_have_count(0)


def test_the_names_on_an_axis_have_room_under_many_notes(visit: Open) -> None:
    page = arrived(visit)
    broken = "".join(f"{cell},1,2\n" * 10 for cell in ("a", "b"))
    dropped(page, ("mine.csv", PREDICTED + broken))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    ready(page)
    tops = page.locator(".stage .ytick text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().top).sort((a, b) => a - b)"
    )
    assert min(np.diff(tops)) >= 12


def test_scores_are_recognised_and_a_saved_table_has_no_formulas(visit: Open) -> None:
    page = arrived(visit)
    dropped(page, ("scores.csv", SCORED))
    page.wait_for_function("() => document.querySelector('.stage-summary')?.innerText.includes('cheapest threshold')")
    ready(page)
    before = say(page)
    grab(page, "Decision threshold", 0.9)
    page.mouse.up()
    grab(page, "Cost of a false negative (false positive = 1)", 0.9)
    page.mouse.up()
    assert say(page) != before
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text())))
    assert {row[1] for row in rows[1:]} == {SECRET, "'=1+1 {0} <b>"}


def test_a_slider_that_moves_some_panels_leaves_the_others_as_they_are(visit: Open) -> None:
    page = arrived(visit, f"{PLACE}?kind=scores")
    before = drawn(page)
    undone = {name for name in before if "weight undone" in name}  # nothing, at a weight of 1
    assert all(before[name] for name in before.keys() - undone)
    # Plotly gets the rows once the hand rests.
    page.evaluate(f"() => {{ window.rested = new Promise(done => {PLOT}.once('plotly_animated', done)) }}")
    grab(page, "Decision threshold", 0.7)
    page.mouse.up()
    page.evaluate("() => window.rested.then(() => true)")
    after = drawn(page)
    changed = differing(before, after)
    assert changed
    assert all(after[name] for name in after.keys() - undone)
    assert not any(name.startswith("cross-entropy x2") for name in changed)
    grab(page, "Undo a weight of positives in training", 0.8)
    page.mouse.up()
    weighted = drawn(page)
    assert all(weighted[name] for name in undone)
    assert differing(after, weighted) == undone


def test_a_file_that_cannot_be_read_says_why_and_the_example_stays(visit: Open) -> None:
    page = arrived(visit)
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.csv", "mimeType": "text/csv", "buffer": BAD.encode()}
    )
    expect(page.get_by_text("bad.csv: There is no row of data in the file")).to_be_visible()
    ready(page)
    assert "least squares" in say(page)


def test_a_saved_page_of_ones_own_data_works_alone(visit: Open, browser, tmp_path) -> None:
    page = arrived(visit)
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    alone, asked = opened(download.value, browser, tmp_path)
    assert SECRET in say(alone)
    grab(alone, "Quantile τ", 0.0)
    alone.mouse.up()
    assert "at τ = 0.05" in say(alone)
    assert [one for one in asked if not one.startswith(("file:", "data:", "blob:"))] == []


def test_on_a_phone_what_picks_and_removes_is_in_sight(visit: Open) -> None:
    page = arrived(visit, viewport=PHONE)
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    idle(ready(page))
    picks = [page.get_by_role("radio", name=name, exact=True) for name in ("A table", "Every cost: quantile")]
    removes = page.get_by_role("button", name="Remove mine.csv")
    for one in (*picks, page.get_by_role("button", name="Columns"), removes):
        expect(one).to_have_count(1)
        box = one.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
    assert not wide(page)


@pytest.mark.parametrize("kind", ["numbers", "scores", "classes"])
def test_it_fits_on_a_phone(visit: Open, kind: str) -> None:
    page = arrived(visit, f"{PLACE}?kind={kind}" if kind != "numbers" else PLACE, viewport=PHONE)
    assert not wide(page)
    assert (
        slider_of(
            page, {"numbers": "Quantile τ", "scores": "Decision threshold", "classes": "Least confidence"}[kind]
        ).count()
        == 1
    )
