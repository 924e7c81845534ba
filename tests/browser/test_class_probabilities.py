"""Scores under the finger: a dot that is dragged moves bars, arrows and numbers, and the link and the file keep it."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from scipy.special import softmax

from core.views.class_probabilities.example.figure import STARTS
from tests.browser.stage import PLOT, SPOTS, Open, drawn, grab, quiet, ready, say, searched, slider_of, spoken, word
from tests.browser.test_everybody import PHONE, wide
from tests.browser.test_saved import opened, saved

PAGE = "/class-probabilities"
DOT = "Score of A x 0"
MOVED = {"scores x 0", DOT, "softmax x2 0", "A x4 0", "Cross-entropy x3 0", "Multiclass focal after a step x2 0"}
# Pixels of a place in the first panel, from its values.
PIXELS = f"""([x, y]) => {{
  const box = {PLOT}.getBoundingClientRect(), {{xaxis, yaxis}} = {PLOT}._fullLayout
  return [box.left + xaxis._offset + xaxis.c2p(x), box.top + yaxis._offset + yaxis.c2p(y)]
}}"""


def outlines(drawn: dict[str, str]) -> dict[str, str]:
    """What is drawn, whether Plotly wrote the bars of a trace as one path or each as its own."""
    return {name: paths.replace(" null,", "") for name, paths in drawn.items()}


def says_the_softmax_of(page: Page, score: float) -> None:
    """The first row of the table and the sentence, with A's score at this value and the others at their starts."""
    chance = softmax([score, *STARTS[1:3]])
    cells = page.locator(".stage-grid tbody tr").first.locator("td")
    assert [float(text) for text in cells.all_inner_texts()] == pytest.approx(chance, abs=6e-4)
    assert f"a surprise of {-np.log(chance[0]):.4g} nats" in say(page)


def test_dragging_the_dot_of_a_score_moves_bars_arrows_and_numbers(
    visit: Open, browser: Browser, tmp_path: Path
) -> None:
    page, seen = quiet(visit, PAGE)
    before, sent, asked = drawn(page), len(seen.sent), len(seen.asked)
    page.locator(".stage-picture").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(PIXELS, [0, STARTS[0]]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(PIXELS, [0, 3.9]), steps=8)
    after = drawn(page)
    assert {name for name in MOVED if after[name] == before[name]} == set()
    assert outlines(after)["target x2 0"] == outlines(before)["target x2 0"]
    score = float(spoken(slider_of(page, "Score of A")))
    assert score == pytest.approx(3.9, abs=0.16)
    assert page.evaluate(SPOTS, DOT)[0] == pytest.approx([0, score], abs=0.05)
    says_the_softmax_of(page, score)
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    page.mouse.up()
    searched(page, "score_a=")
    ready(page)
    assert word(page, "score_a") == score
    says_the_softmax_of(page, score)
    assert page.evaluate(SPOTS, DOT)[0] == pytest.approx([0, score], abs=0.05)

    sentence = say(page)
    other, _ = visit(page.url.partition(page.url.split("/")[2])[2])
    expect(ready(other).locator(".stage-summary")).to_have_text(sentence)
    assert drawn(other) == drawn(page)

    alone, _ = opened(saved(page, "HTML"), browser, tmp_path)
    expect(alone.locator(".stage-summary")).to_have_text(sentence)
    grab(alone, "Score of A", 0.2)
    expect(alone.locator(".stage-summary")).not_to_have_text(sentence)
    says_the_softmax_of(alone, float(spoken(slider_of(alone, "Score of A"))))
    alone.context.close()


def test_bars_leave_nothing_behind_where_the_hand_rested_before_it_went_on(visit: Open) -> None:
    page, _ = quiet(visit, PAGE)
    many = "document.querySelectorAll('.stage-plot .js-line').length"
    whole = page.evaluate(many)
    grab(page, "Score of A", 0.2)
    assert page.evaluate(many) < whole
    page.wait_for_function(f"whole => {many} === whole", arg=whole)  # the hand rests, and Plotly draws each bar anew
    box = slider_of(page, "Score of A").bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    seen = outlines(drawn(page))
    page.mouse.up()
    searched(page, "score_a=")
    other, _ = visit(page.url.partition(page.url.split("/")[2])[2])
    assert seen == outlines(drawn(ready(other)))


def test_five_classes_fit_on_a_phone(visit: Open) -> None:
    page, _ = quiet(visit, f"{PAGE}?classes=5", viewport=PHONE)
    assert wide(page) == []
    table = page.locator(".stage-grid").bounding_box()
    assert table["x"] + table["width"] <= PHONE["width"]


def test_a_scene_of_large_scores_says_what_float32_makes_of_them(visit: Open) -> None:
    page, _ = quiet(visit, PAGE)
    page.get_by_role("link", name="Scores of 1,000").click()
    searched(page, "score_a=1000")
    expect(page.locator(".stage-summary")).to_contain_text("as its formula is written, that is NaN.")
    ready(page)
    expect(page.locator(".stage-card table tbody tr").first.locator("td")).to_have_text(["A", "NaN", "1"])
    grab(page, "Temperature T", 1.0)  # 100 is still too large a power
    expect(page.locator(".stage-summary")).to_contain_text("that is NaN.")
    page.mouse.up()
