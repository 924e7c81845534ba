"""The race under the finger: it plays over its map, moves while a rate is dragged, and begins where a person says."""

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.stage.files import stage_files
from tests.browser.stage import (
    PLOT,
    RANGE,
    RELEASE,
    TWO_FRAMES,
    Open,
    button,
    grab,
    moved,
    path,
    quiet,
    ready,
    say,
    searched,
    slider_of,
    spoken,
    word,
)
from tests.browser.test_everybody import PHONE, set_colour_scheme, wide
from tests.browser.test_landscapes import MAPS, changed, maps
from tests.browser.test_saved import opened, saved
from tests.conftest import Visit

RACE = "/gradient-descent"
RUNNERS = ["Gradient descent", "Momentum", "RMSprop", "Adam"]  # the ones a race begins with
STEPS = 200
# A trace of the map, by its name and mode.
OWN = f"""(name, mode) => {PLOT}._fullData.find(
  trace => trace.name === name && trace.mode === mode && trace.yaxis === 'y')"""
LINE = f"name => {PLOT}.querySelector(`.trace${{({OWN})(name, 'lines').uid}} path.js-line`).getAttribute('d')"
LINES = f"""name => [...{PLOT}.querySelectorAll(`.trace${{({OWN})(name, 'lines').uid}} path.js-line`)]
  .map(path => path.getAttribute('d')).join()"""
# Where the head of a runner is on the map, or the mark of the start.
SPOT = f"""([name, mode]) => {PLOT}
  .querySelector(`.trace${{({OWN})(name, mode).uid}} path.point`)?.getAttribute('transform')"""
# One look at everything that moves, and at the map under it.
LOOK = f"""names => {{
  const fills = [...{PLOT}.querySelectorAll('.contourlayer .contourfill path')]
  const seen = fill => fill.isConnected && getComputedStyle(fill).fill !== 'none' && fill.getBBox().width > 0
  return {{
    step: Number(document.querySelector('.stage-timeline input[type=range]').value),
    playing: document.querySelector('.stage-play').getAttribute('aria-label') === 'Pause',
    fills: fills.filter(seen).length,
    map: fills.map(fill => fill.getAttribute('d')).join(),
    paths: names.map(name => ({LINE})(name).length),
    heads: names.map(name => ({SPOT})([name, 'markers'])),
  }}
}}"""
WATCH = f"""([names, frames]) => new Promise(done => {{
  const look = {LOOK}, seen = []
  requestAnimationFrame(function tick() {{
    seen.push(look(names))
    seen.length < frames ? requestAnimationFrame(tick) : done(seen)
  }})
}})"""
PIXEL = f"""([x, y]) => {{
  const plot = {PLOT}, {{xaxis, yaxis}} = plot._fullLayout, box = plot.getBoundingClientRect()
  return [box.left + xaxis._offset + xaxis.c2p(x), box.top + yaxis._offset + yaxis.c2p(y)]
}}"""


def visited(visit: Open, query: str = "", **options: Any) -> Visit:
    return quiet(visit, RACE + query, **options)


def look(page: Page) -> dict:
    return page.evaluate(LOOK, RUNNERS)


def head(page: Page, name: str, mode: str = "markers") -> str:
    return page.evaluate(SPOT, [name, mode])


def pixel(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the map, on the screen."""
    page.locator(".stage-picture").scroll_into_view_if_needed()
    across, down = page.evaluate(PIXEL, [x, y])
    return across, down


def begins(page: Page, name: str) -> list[float]:
    """The first point of a runner's path, in the landscape's units."""
    return page.evaluate(
        f"""name => {{
          const {{xaxis, yaxis}} = {PLOT}._fullLayout
          const [x, y] = ({LINE})(name).slice(1).split(/[,L]/).map(Number)
          return [xaxis.p2c(x), yaxis.p2c(y)]
        }}""",
        name,
    )


def test_everything_a_race_needs_is_there_by_name_in_both_themes_and_a_preset_is_a_click_away(visit: Open) -> None:
    page, _ = visited(visit)
    for label in ("Learning rate", "Step", "Start x", "Start y", "Momentum β", "Noise in the gradient"):
        expect(slider_of(page, label)).to_be_visible()
        assert slider_of(page, label).get_attribute("type") == "range"
    for name in ("Play", "One step", "Loop"):
        expect(button(page, name)).to_be_visible()
    assert [len(page.locator(f".stage-readings th:has-text('{OPTIMIZERS[key].short}')").all()) for key in
            ("gradient_descent", "momentum", "rmsprop", "adam")] == [1] * 4  # fmt: skip
    assert page.locator(".stage-notes li").count() == 4
    shapes, map_, fills = {name: path(page, name) for name in RUNNERS}, maps(page), look(page)["fills"]
    for scheme in ("dark", "light"):
        set_colour_scheme(page, scheme)
        page.wait_for_function(
            "dark => getComputedStyle(document.querySelector('.stage')).colorScheme === (dark ? 'dark' : 'light')",
            arg=scheme == "dark",
        )
        assert {name: path(page, name) for name in RUNNERS} == shapes
        assert maps(page) == map_
        assert look(page)["fills"] == fills
    page.get_by_role("link", name="Local minimum").click()
    searched(page, "landscape=rastrigin")
    ready(page)
    assert page.locator(".stage-notes li").count() == 3
    for note in page.locator(".stage-notes li").all():
        assert "local minimum" in note.inner_text()
    page.go_back()
    searched(page, "-landscape")


def test_it_plays_over_the_map_and_nothing_vanishes_and_the_space_bar_plays_too(visit: Open) -> None:
    page, seen = visited(visit, "?step=0")
    sent, still = len(seen.sent), look(page)
    assert still["fills"] > 5
    page.get_by_label("Speed").select_option("0.25")  # it is not over before 60 frames, however slow they are
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function(f"() => ({LOOK})({RUNNERS!r}).step > 2")
    frames = page.evaluate(WATCH, [RUNNERS, 60])
    assert all(frame["playing"] for frame in frames)
    assert frames[-1]["step"] > frames[0]["step"] + 3
    for frame in frames:  # what Plotly's own animation loses: plotly.js issues 4491 and 4596
        assert frame["fills"] == still["fills"]
        assert frame["map"] == still["map"]
    for runner in range(4):
        lengths = [frame["paths"][runner] for frame in frames]
        assert lengths == sorted(lengths)
        assert lengths[-1] > lengths[0]
        assert frames[-1]["heads"][runner] != frames[0]["heads"][runner]
    on_chart = f"name => {PLOT}._fullData.filter(trace => trace.name === name && trace.yaxis === 'y2').length"
    heights = [page.evaluate(on_chart, name) for name in RUNNERS]
    assert heights == [2, 2, 2, 2]  # a line and a head, in step on the chart too
    assert len(seen.sent) == sent
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    step = int(slider_of(page, "Step").input_value())
    assert 0 < step < STEPS
    searched(page, f"step={step}")
    rest = look(page)
    assert page.evaluate(WATCH, [RUNNERS, 20])[-1] == rest
    assert rest["fills"] == still["fills"]
    slider_of(page, "Learning rate").focus()
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function(f"() => ({LOOK})({RUNNERS!r}).step > {step + 3}")
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()


def test_one_step_is_one_step_the_end_is_the_beginning_and_it_loops_until_told_not_to(visit: Open) -> None:
    page, _ = visited(visit, f"?step={STEPS - 2}")
    for expected in (STEPS - 1, STEPS, 0, 1):
        before = head(page, "Gradient descent")
        button(page, "One step").click()
        expect(slider_of(page, "Step")).to_have_value(str(expected))
        if expected in (0, 1):
            page.wait_for_function(f"before => ({SPOT})(['Gradient descent', 'markers']) !== before", arg=before)
    searched(page, "step=1")
    slider_of(page, "Step").evaluate(RELEASE, STEPS - 10)
    page.get_by_label("Speed").select_option("4")
    loop = button(page, "Loop")
    loop.click()
    expect(loop).to_have_attribute("aria-pressed", "true")
    button(page, "Play").click()
    page.wait_for_function(f"() => ({LOOK})({RUNNERS!r}).step > {STEPS - 8}")
    page.wait_for_function(f"() => {{ const now = ({LOOK})({RUNNERS!r}); return now.playing && now.step < 60 }}")
    loop.click()
    expect(loop).to_have_attribute("aria-pressed", "false")
    expect(button(page, "Play")).to_be_visible()
    expect(slider_of(page, "Step")).to_have_value(str(STEPS))


def test_step_rate_and_landscape_move_what_they_should_before_they_are_released(visit: Open) -> None:
    page, seen = visited(visit)
    whole, chart = path(page, "Adam"), path(page, "Adam", "y2")
    there, sent, cells = head(page, "Adam"), len(seen.sent), page.locator(".stage-readings").inner_text()
    grab(page, "Step", 0.1)
    short = moved(page, "Adam", whole)
    assert len(short) < len(whole)
    assert whole.startswith(short[:20])
    assert moved(page, "Adam", chart, "y2") != chart
    assert head(page, "Adam") != there
    assert page.locator(".stage-readings").inner_text() != cells
    assert len(seen.sent) == sent
    page.mouse.up()
    searched(page, "step=")
    before = {name: path(page, name) for name in RUNNERS}
    summary, sent, asked, map_ = say(page), len(seen.sent), len(seen.asked), maps(page)
    mark = head(page, "Adam") or page.evaluate(f"() => ({SPOT})(['Adam', 'markers'])")
    grab(page, "Learning rate", 0.3)
    for name in RUNNERS:
        moved(page, name, before[name])
    assert say(page) != summary
    assert page.evaluate(SPOT, ["Adam", "markers"]) != mark
    assert maps(page) == map_
    assert len(seen.sent) == sent
    assert seen.asked[asked:] == []
    rate = page.locator(".stage-slider", has_text="Learning rate").locator("output").inner_text()
    page.mouse.up()
    searched(page, f"lr={float(rate):g}")
    ready(page)
    curve, sent = path(page, "Gradient descent"), len(seen.sent)
    grab(page, "Condition κ", 0.9)
    changed(page, MAPS, map_)
    moved(page, "Gradient descent", curve)
    assert len(seen.sent) == sent
    page.mouse.up()
    searched(page, "condition=")


def numbers(d: str) -> np.ndarray:
    return np.array([float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", d)]).reshape(-1, 2)


def test_a_path_that_diverges_is_cut_off_outside_the_picture(visit: Open) -> None:
    """Dashes all the way to 1e300 take a browser seconds; the part in the picture is as it was."""
    page, _ = visited(visit, "?landscape=goldstein_price&optimizers=gradient_descent,momentum,adam")
    size = page.evaluate(f"[{PLOT}._fullLayout.xaxis._length, {PLOT}._fullLayout.yaxis._length]")
    for part in (0.95, 0.5, 0.8):
        before = path(page, "Gradient descent")
        grab(page, "Learning rate", part)
        moved(page, "Gradient descent", before)
        for name in ("Gradient descent", "Momentum"):
            ends = numbers(path(page, name))
            assert (ends >= -51).all()
            assert (ends <= np.array(size) + 51).all()
        page.mouse.up()
        ready(page)
    assert "diverged" in say(page)
    assert "NaN" not in page.locator(".stage").inner_text()


def test_the_start_is_clicked_dragged_typed_and_moved_with_arrow_keys(visit: Open) -> None:
    page, seen = visited(visit)
    before = path(page, "Adam")
    page.mouse.click(*pixel(page, 1.5, -2.0))
    searched(page, "x=")
    searched(page, "y=")
    moved(page, "Adam", before)
    ready(page)
    x, y = word(page, "x"), word(page, "y")
    assert (x, y) == (pytest.approx(1.5, abs=0.03), pytest.approx(-2.0, abs=0.03))
    for name in RUNNERS:
        assert begins(page, name) == [pytest.approx(x, abs=0.02), pytest.approx(y, abs=0.02)]
    expect(page.get_by_label("Start x, typed")).to_have_value(f"{x:g}")
    expect(page.get_by_label("Start y, typed")).to_have_value(f"{y:g}")

    view, sent, before = page.evaluate(RANGE), len(seen.sent), path(page, "Momentum")
    page.mouse.move(*pixel(page, x, y))
    page.mouse.down()
    page.mouse.move(*pixel(page, 1.83, 0.7), steps=10)
    before = moved(page, "Momentum", before)  # a draft has come, with frames of its own
    page.mouse.move(*pixel(page, 2.0, 2.5), steps=10)
    page.evaluate(TWO_FRAMES)
    place = page.evaluate(SPOT, ["start", "markers"])
    across, down = (float(part) for part in re.findall(r"-?\d+\.?\d*", place))
    expected = page.evaluate(f"[{PLOT}._fullLayout.xaxis.c2p(2), {PLOT}._fullLayout.yaxis.c2p(2.5)]")
    assert [across, down] == pytest.approx(expected, abs=0.1)  # it follows the pointer
    moved(page, "Momentum", before)  # and so do the paths, which drafts bring
    drafts = [request for request in seen.requests if "draft=1" in request.url]
    assert drafts
    assert len(seen.sent) == sent
    assert page.evaluate(RANGE) == view
    assert word(page, "x") == x
    page.mouse.up()
    page.wait_for_function("x => Number(new URLSearchParams(location.search).get('x')) !== x", arg=x)
    ready(page)
    assert (word(page, "x"), word(page, "y")) == (pytest.approx(2.0, abs=2e-3), pytest.approx(2.5, abs=2e-3))
    assert begins(page, "Momentum") == [pytest.approx(2.0, abs=0.03), pytest.approx(2.5, abs=0.03)]
    assert page.evaluate(RANGE) == view  # the map is not zoomed

    before = path(page, "Adam")
    field = page.get_by_label("Start x, typed")
    field.fill("0.123")
    field.press("Enter")
    searched(page, "x=0.123")
    moved(page, "Adam", before)
    ready(page)
    assert begins(page, "Adam")[0] == pytest.approx(0.123, abs=0.02)
    field.fill("77")
    field.press("Enter")
    expect(field).to_have_value("0.123")
    assert word(page, "x") == 0.123

    slider, before = slider_of(page, "Start x"), path(page, "Adam")
    slider.focus()
    first = float(page.get_by_label("Start x, typed").input_value())
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    x = float(spoken(slider))
    assert x > first
    assert float(page.get_by_label("Start x, typed").input_value()) == x
    moved(page, "Adam", before)
    searched(page, f"x={x:g}")
    ready(page)
    expect(slider).to_be_focused()
    assert begins(page, "Adam")[0] == pytest.approx(x, abs=0.02)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("x => Number(new URLSearchParams(location.search).get('x')) < x", arg=x)


def test_a_draft_that_comes_late_leaves_the_mark_in_the_hand(visit: Open) -> None:
    page, _ = visited(visit, "?x=1.5&y=-2")
    late: list[Route] = []
    page.route(re.compile("draft=1"), lambda route: late.append(route))
    before = path(page, "Momentum")
    page.mouse.move(*pixel(page, 1.5, -2.0))
    page.mouse.down()
    page.mouse.move(*pixel(page, 1.0, 0.0), steps=3)
    while not late:
        page.wait_for_timeout(10)  # lets the browser's messages in
    page.mouse.move(*pixel(page, -1.0, 2.5), steps=3)
    first = late.pop(0)
    first.continue_()
    moved(page, "Momentum", before)
    place = page.evaluate(SPOT, ["start", "markers"])
    across, down = (float(part) for part in re.findall(r"-?\d+\.?\d*", place))
    expected = page.evaluate(f"[{PLOT}._fullLayout.xaxis.c2p(-1), {PLOT}._fullLayout.yaxis.c2p(2.5)]")
    assert [across, down] == pytest.approx(expected, abs=2)
    page.unroute(re.compile("draft=1"))
    page.mouse.up()
    ready(page)


def test_the_fitted_line_moves_as_the_path_does_and_the_mark_stays_on_the_landscape(visit: Open) -> None:
    page, seen = visited(visit, "?view=line")
    before, sent = path(page, "Adam", "y2"), len(seen.sent)
    grab(page, "Step", 0.05)
    between = moved(page, "Adam", before, "y2")
    assert len(numbers(between)) == 2  # a straight line
    assert len(seen.sent) == sent
    page.mouse.up()
    page.mouse.move(0, 0)
    grab(page, "Learning rate", 0.3)
    moved(page, "Adam", between, "y2")
    page.mouse.up()
    fills = page.locator(".stage .contourlayer .contourfill path").count()
    assert fills > 5
    searched(page, "lr=")
    ready(page)
    _, right, low, high = page.evaluate(RANGE)
    page.mouse.move(*pixel(page, *begins(page, "Adam")))
    page.mouse.down()
    beyond = pixel(page, right, (low + high) / 2)
    page.mouse.move(beyond[0] + 40, beyond[1], steps=6)
    page.mouse.up()
    searched(page, "x=")
    ready(page)
    assert word(page, "x") == pytest.approx(right, rel=1e-3)  # to the digits of an address
    expect(page.get_by_text("could not be read")).to_have_count(0)
    assert begins(page, "Adam")[0] == pytest.approx(right, rel=1e-3)
    assert not seen.errors


def test_a_start_beside_the_first_one_survives_another_slider(visit: Open) -> None:
    """What is not at its start stands in the address: also where the start's own frame made room for it."""
    page, _ = visited(visit)
    field = page.get_by_label("Start x, typed")
    field.fill("-2.3")
    field.press("Enter")
    searched(page, "x=-2.3")
    ready(page)
    grab(page, "Learning rate", 0.5)
    page.mouse.up()
    searched(page, "lr=")
    ready(page)
    assert word(page, "x") == -2.3
    assert begins(page, "Adam")[0] == pytest.approx(-2.3, abs=0.01)


def test_after_a_start_at_the_rim_the_rim_can_still_be_reached(visit: Open) -> None:
    page, _ = visited(visit, "?x=-2.95")
    slider = slider_of(page, "Start x")
    slider.focus()
    page.keyboard.press("Home")
    searched(page, "x=-3")


def test_two_sliders_are_released_one_after_the_other(visit: Open) -> None:
    """A payload stands around what was released: both count, and a link to it shows the same."""
    page, _ = visited(visit)
    moves = (("Learning rate", "lr", 0.45), ("Momentum β", "beta", 0.3), ("Condition κ", "condition", 0.9))
    for label, name, part in moves:
        grab(page, label, part)
        page.mouse.up()
        searched(page, f"{name}=")
        ready(page)
    page.mouse.move(0, 0)
    summary, table = say(page), page.locator(".stage-readings").inner_text()
    shapes = {name: path(page, name) for name in RUNNERS}
    other, _ = visited(visit, "?" + page.url.partition("?")[2])
    expect(other.locator(".stage-summary")).to_have_text(summary)
    expect(other.locator(".stage-readings")).to_have_text(table, use_inner_text=True)
    assert {name: path(other, name) for name in RUNNERS} == shapes
    assert maps(other) == maps(page)


def test_the_networks_decisions_are_drawn_anew(visit: Open) -> None:
    page, _ = visited(visit, "?view=network")
    before = maps(page)
    assert len(before) == 2  # the plane, and the decisions in the plane of the data
    grab(page, "Step", 0.1)
    after = changed(page, MAPS, before)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    page.mouse.up()


def test_on_a_phone_a_finger_sets_the_start_and_plays(visit: Open) -> None:
    page, _ = visited(visit, "?step=0", viewport=PHONE, has_touch=True, is_mobile=True)
    assert wide(page) == []
    page.touchscreen.tap(*pixel(page, 1.0, -1.0))
    searched(page, "x=")
    ready(page)
    assert word(page, "x") == pytest.approx(1.0, abs=0.1)
    assert word(page, "y") == pytest.approx(-1.0, abs=0.1)
    play = button(page, "Play")
    play.scroll_into_view_if_needed()
    play.tap()
    page.wait_for_function(f"() => ({LOOK})({RUNNERS!r}).step > 3")
    assert look(page)["fills"] > 5
    boxes = page.evaluate(
        f"['xaxis', 'xaxis2', 'xaxis3'].map(name => {PLOT}._fullLayout[name]).map(axis => axis._offset + axis._length)"
    )
    assert max(boxes) <= 390
    assert wide(page) == []


def test_a_saved_race_plays_with_no_network(visit: Open, browser: Browser, tmp_path: Path) -> None:
    page, _ = visited(visit, "?step=20&lr=0.05&x=1.234")
    alone, asked = opened(saved(page, "HTML"), browser, tmp_path)
    assert look(alone)["fills"] == look(page)["fills"]
    assert len(maps(alone)) == len(maps(page)) == 1
    expect(slider_of(alone, "Step")).to_have_value("20")
    assert begins(alone, "Adam")[0] == pytest.approx(1.234, abs=0.02)
    before = look(alone)
    button(alone, "Play").click()
    alone.wait_for_function(f"() => ({LOOK})({RUNNERS!r}).step > 30")
    frames = alone.evaluate(WATCH, [RUNNERS, 10])
    assert all(frame["fills"] == before["fills"] for frame in frames)
    assert frames[-1]["paths"] > before["paths"]
    button(alone, "Pause").click()
    shape = path(alone, "Momentum")
    grab(alone, "Learning rate", 0.3)
    moved(alone, "Momentum", shape)
    alone.mouse.up()
    assert [address for address in asked if not address.startswith(("data:", "blob:"))] == [alone.url]
    alone.context.close()


def test_csv_has_the_paths(visit: Open, tmp_path: Path) -> None:
    page, _ = visited(visit, "?landscape=rosenbrock&optimizers=momentum,adam&lr=0.001&x=-1.234&y=2")
    saved(page, "CSV").save_as(tmp_path / "paths.csv")
    with (tmp_path / "paths.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    for key in ("momentum", "adam"):
        own = [row for row in rows if row["optimizer"] == key]
        assert [float(row["step"]) for row in own] == list(range(STEPS + 1))
        expected = descend(OPTIMIZERS[key], LANDSCAPES["rosenbrock"], [-1.234, 2.0], STEPS, lr=0.001)
        known = np.array([[float(row[name] or "nan") for name in ("x", "y", "height")] for row in own])
        there = np.isfinite(known).all(axis=1)
        np.testing.assert_allclose(known[there, :2], expected.points[there], rtol=1e-9)
        np.testing.assert_allclose(known[there, 2], expected.values[there], rtol=1e-9)


FAR_AWAY = "?condition=45&optimizers=gradient_descent&lr=8&x=-2.6&y=1.2&step=15"  # at 2e38, 1e40 pixels off


def test_a_head_that_is_farther_away_than_svg_can_write_is_left_out_without_a_complaint(visit: Open) -> None:
    """Where Plotly draws it, and where the painter moves it: at the end the page's console is looked at."""
    page, _ = quiet(visit, RACE + FAR_AWAY)
    heads = f"[...{PLOT}.querySelectorAll('path.point')].map(point => point.getAttribute('transform') ?? '')"
    for step in (15, 2, 15):
        slider_of(page, "Step").fill(str(step))
        page.evaluate(TWO_FRAMES)
        assert not [place for place in page.evaluate(heads) if re.search(r"e\+(3[1-9]|[4-9])", place)]
    expect(page.locator(".stage-edges span").first).to_be_visible()  # an arrow says where the head is


def test_a_path_that_diverges_stays_on_the_line_that_its_steps_are_on(visit: Open) -> None:
    """On the round bowl each step multiplies the place by 1 less twice the rate, until it is 1e35 pictures away."""
    page, _ = quiet(visit, "/gradient-descent?landscape=bowl&optimizers=gradient_descent&lr=1.25")
    grab(page, "Learning rate", 0.9)
    for at_rest in (False, True):
        if at_rest:
            page.mouse.up()
            searched(page, "lr=")
            ready(page)
        places = np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", page.evaluate(LINES, RUNNERS[0])), float)
        assert len(places) >= 4  # three swings, to either side
        ahead = (places[1] - places[0]) / np.hypot(*(places[1] - places[0]))
        assert np.abs((places - places[0]) @ [ahead[1], -ahead[0]]).max() < 6  # pixels, at up to 4,000 away


def test_a_line_is_cut_off_without_moving_where_it_is_seen(visit: Open) -> None:
    """Also one that is so steep that both its ends are a million panels away; not one that rounding decides about."""
    page, _ = visit(RACE)
    script = stage_files()["stage.js"].content.decode() + "\nexport {nearbyLine, svgPath}"
    steep, swing, plain = page.evaluate(
        """async script => {
          const lines = await import(URL.createObjectURL(new Blob([script], {type: 'text/javascript'})))
          const axis = {length: 1, pixel: value => value}
          const both = (x, y) => [lines.nearbyLine(x, y, [0, 1], [1, 0]), lines.svgPath(x, y, axis, axis)]
          return [both([0.2, 0.6], [-1e6, 1e6]), both([-1e20, 1.5e20], [-1e20, 1.5e20]), both([0, 0.5, 1], [0, 3, 1])]
        }""",
        script,
    )
    (x, y), drawn = ([part for part in steep[0][name] if part is not None] for name in "xy"), steep[1]
    np.testing.assert_allclose(x, 0.4 + 0.4 * np.array(y) / 2e6, atol=1e-12)
    assert np.ptp(y) == pytest.approx(21)
    np.testing.assert_allclose(np.array(re.findall(r"(-?[\d.]+),", drawn), float), 0.4, atol=0.01)
    assert swing == [{"x": [], "y": []}, "M0,0"]
    assert plain[0] == {"x": [0, 0.5, 1], "y": [0, 3, 1]}
