"""A rare class under the finger: every panel follows the threshold, and what it has nothing to do with stays."""

from playwright.sync_api import Page, expect
from scipy.special import logit

from core.models.imbalance.data import THRESHOLDS
from tests.browser.imbalance import (
    AT_THRESHOLD,
    BCE,
    BEST,
    CALIBRATION,
    FOCAL,
    LABEL,
    LOSSES,
    MAPS,
    NAMES,
    OWN,
    PRECISION,
    SCORES,
    WEIGHTED,
    agrees,
    confusion_by_hand,
    lines_are_at,
    standing,
    texts,
    visited,
)
from tests.browser.stage import (
    RELEASE,
    Open,
    answered,
    differing,
    drawn,
    grab,
    hold,
    ready,
    say,
    searched,
    slider_of,
    spoken,
    word,
)
from tests.conftest import Seen
from tests.views.class_imbalance.shown import arrived

LOOKS_OLD = "() => getComputedStyle(document.querySelector('.stage-summary')).opacity === '0.5'"


def test_every_panel_follows_the_threshold_before_release_and_nothing_is_sent(visit: Open) -> None:
    page, seen = visited(visit)
    before, first = drawn(page), texts(page)
    sent, asked = len(seen.sent), len(seen.asked)
    grab(page, LABEL, 0.4)
    after, now = drawn(page), texts(page)
    lines = {f"boundary {panel} 0" for panel in MAPS} | {f"threshold {panel} 0" for panel in SCORES}
    assert differing(before, after) == lines | AT_THRESHOLD | {f"threshold in probability {CALIBRATION} 0"}
    threshold = standing(page)
    assert 0.05 < threshold < 0.3
    assert differing(first["rows"], now["rows"]) == set(NAMES)  # not of predicting everything negative
    for name in NAMES:
        for (was, share), (is_, bar) in zip(first["grids"][name], now["grids"][name], strict=True):
            assert was != is_
            assert share != bar
    assert now["summary"].startswith(f"At a threshold of {threshold:g}, ")
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    lines_are_at(page, threshold)
    for at, (name, key) in enumerate(zip(NAMES, LOSSES, strict=True)):
        agrees(page, name, at, confusion_by_hand(key, threshold))
    page.mouse.up()
    searched(page, f"threshold={threshold:g}")
    expect(page.get_by_role("cell", name=f"At the threshold {threshold:.3g}")).to_be_visible()
    ready(page)
    assert drawn(page) == after  # Python has nothing to add
    assert texts(page) == now


def test_percentages_on_axes_have_a_space_before_their_sign(visit: Open) -> None:
    page, _ = visited(visit)
    written = page.locator(".stage-plot text").all_text_contents()
    assert written.count("20 %") >= 6
    assert "20%" not in written


SLIDERS = {  # a slider: where it is dragged, what must move, what may, and what of the readings does
    "Positive share": (
        0.8,
        set().union(*OWN) | {f"class 1 {panel} 0" for panel in MAPS} | {f"no skill {PRECISION} 0"},
        {f"class 0 {panel} 0" for panel in MAPS},
        [*NAMES, "Always negative"],
    ),
    "Focal γ": (0.8, OWN[2] - BEST - AT_THRESHOLD, OWN[2], [FOCAL]),
    "Weighted BCE w₊": (0.9, OWN[1] - BEST, OWN[1], [WEIGHTED]),
    "Cost of a false negative (false positive = 1)": (
        0.97,
        {f"Cheapest {panel} 0" for panel in SCORES} | {name for name in BEST if "Cheapest" in name},
        set(),
        [*NAMES, "Always negative"],
    ),
}


def test_a_slider_moves_what_it_has_to_do_with(visit: Open) -> None:
    page, seen = visited(visit, "?threshold=0.354")
    start = texts(page)
    for label in SLIDERS:
        slider = slider_of(page, label)
        value = slider.input_value()
        moves_what_it_has_to_do_with(page, seen, label)
        page.mouse.up()
        ready(page)
        slider.evaluate(RELEASE, value)
        ready(page)
        answered(page, seen)
        assert texts(page) == start, label


def moves_what_it_has_to_do_with(page: Page, seen: Seen, label: str) -> None:
    """While the slider is held."""
    part, must, may, rows = SLIDERS[label]
    before, first = drawn(page), texts(page)
    sent, asked = len(seen.sent), len(seen.asked)
    grab(page, label, part)
    moved, now = differing(before, drawn(page)), texts(page)
    assert must <= moved, label
    assert moved <= must | may, label
    assert differing(first["rows"], now["rows"]) == set(rows), label
    if label.startswith("Cost of"):
        assert now["grids"] == first["grids"], label
        assert now["summary"] == first["summary"], label
        for old, new in zip(first["rows"].values(), now["rows"].values(), strict=True):
            assert old[:3] == new[:3], label
    else:
        assert differing(first["grids"], now["grids"]) == {name for name in rows if name in NAMES}, label
        assert now["summary"] != first["summary"], label
    assert (len(seen.sent), seen.asked[asked:]) == (sent, []), label


def test_the_numbers_are_pythons_around_every_released_value(visit: Open) -> None:
    page, _ = visited(visit)
    grab(page, "Positive share", 0.7)
    page.mouse.up()
    searched(page, "share=")
    grab(page, "Focal γ", 0.25)
    page.mouse.up()
    searched(page, "focal.gamma=1.5")
    ready(page)
    share = word(page, "share")
    assert share > 0.05
    for part in (0.3, 0.55, 0.62):
        grab(page, LABEL, part)
        for at, (name, key) in enumerate(zip(NAMES, LOSSES, strict=True)):
            gamma = {"gamma": 1.5} if key == "focal" else {}
            agrees(page, name, at, confusion_by_hand(key, standing(page), share, **gamma))
        lines_are_at(page, standing(page), share, only=0)
        page.mouse.up()
        searched(page, "threshold=")
        ready(page)


def test_the_threshold_moves_while_a_new_sweep_is_on_its_way(visit: Open) -> None:
    """Training takes a while: whoever goes on dragging sees the model that was released, and no other."""
    page, _ = visited(visit)
    let_go = hold(page, "**/view/**")
    grab(page, "Positive share", 0.7)
    page.mouse.up()
    searched(page, "share=")
    page.wait_for_function("() => document.querySelector('.stage[aria-busy=true]')")
    page.wait_for_function(LOOKS_OLD)  # a wait that a person notices
    share = word(page, "share")
    grab(page, LABEL, 0.4)
    lines_are_at(page, standing(page), share)
    for at, (name, key) in enumerate(zip(NAMES, LOSSES, strict=True)):
        agrees(page, name, at, confusion_by_hand(key, standing(page), share))
    page.mouse.up()
    threshold = standing(page)
    searched(page, f"threshold={threshold:g}")
    before, first = drawn(page), texts(page)
    grab(page, "Focal γ", 0.9)  # for which there is no frame yet: what stands there stays true
    assert drawn(page) == before
    assert texts(page) == first
    expect(page.locator(".stage-summary.stage-stale")).to_have_count(1)  # and looks like what it is
    page.mouse.up()
    let_go()
    searched(page, "focal.gamma=")
    page.wait_for_function(
        "first => document.querySelector('.stage-summary').textContent !== first",
        arg=first["summary"],
    )
    ready(page)
    gamma = word(page, "focal.gamma")
    assert standing(page) == threshold
    agrees(page, FOCAL, 2, confusion_by_hand("focal", threshold, share, gamma=gamma))
    expect(page.locator(".stage-stale")).to_have_count(0)
    assert not page.evaluate(LOOKS_OLD)


def test_a_late_sweep_leaves_the_threshold_where_it_was_released(visit: Open) -> None:
    page, _ = visited(visit)
    let_go = hold(page, "**/view/**")
    grab(page, "Positive share", 0.7)
    page.mouse.up()
    searched(page, "share=")
    grab(page, LABEL, 0.4)
    page.mouse.up()
    threshold = standing(page)
    searched(page, f"threshold={threshold:g}")
    let_go()
    ready(page)
    assert standing(page) == threshold
    lines_are_at(page, threshold, word(page, "share"))


def test_what_had_nothing_to_show_appears_under_the_finger(visit: Open) -> None:
    page, seen = visited(visit, f"?threshold={THRESHOLDS[-1]:g}")  # nothing is predicted positive: no precision
    points = {name for name in AT_THRESHOLD if PRECISION in name}
    assert {name for name, path in drawn(page).items() if name in points and path} == set()
    sent = len(seen.sent)
    grab(page, LABEL, 0.4)
    shown = drawn(page)
    assert all(shown[name] for name in AT_THRESHOLD)
    agrees(page, BCE, 0, confusion_by_hand("binary_cross_entropy", standing(page)))
    assert len(seen.sent) == sent
    page.mouse.up()


def test_models_appear_where_there_was_nothing_to_learn_from(visit: Open) -> None:
    page, seen = visited(visit, "?points=400&share=0.001")  # no positive in the training set
    own = {name for name in set().union(*OWN) if "class" not in name}  # of the scores the floor stays
    assert {name for name, path in drawn(page).items() if name in own and path} == set()
    assert "nothing to learn from" in say(page)
    sent = len(seen.sent)
    grab(page, "Positive share", 0.9)
    shown = drawn(page)
    assert {name for name in own if not shown[name]} == set()
    assert "has nothing" not in say(page)
    assert len(seen.sent) == sent
    page.mouse.up()
    page.wait_for_function("() => !location.search.includes('share=0.001')")
    ready(page)
    share = word(page, "share")
    lines_are_at(page, standing(page), share, "points=400")
    agrees(page, BCE, 0, confusion_by_hand("binary_cross_entropy", standing(page), share, "points=400"))


def test_the_weight_is_undone_under_the_finger_with_the_identity_in_current_numbers(visit: Open) -> None:
    page, seen = visited(visit, "?losses=weighted_binary_cross_entropy,hinge&share=0.1")
    sent, asked = len(seen.sent), len(seen.asked)
    for part in (0.2, 0.9):
        grab(page, "Weighted BCE w₊", part)
        weight = float(spoken(slider_of(page, "Weighted BCE w₊")))
        shown = arrived(words={"losses": "weighted_binary_cross_entropy,hinge", "share": "0.1"})
        moved = {f"{LOSSES[1]}.pos_weight": weight}
        for reading in shown.stage.readings[:2]:
            sentence = shown.sentence(reading.note, moved)
            expect(page.locator(".stage")).to_contain_text(sentence.partition(".")[2].strip())
        assert f"p′ = p / (p + {weight:g} (1 − p))" in page.locator(".stage").inner_text()
    assert (len(seen.sent), seen.asked[asked:]) == (sent, [])
    page.mouse.up()
    ready(page)
    grab(page, LABEL, 0.4)
    threshold = standing(page)
    cut = f"{logit(threshold):.3g}".replace("-", "−")
    assert f"Hinge, at a score of {cut}, finds " in texts(page)["summary"]
    page.mouse.up()
