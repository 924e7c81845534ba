"""Landscapes change while a slider is held, and the server is sent nothing."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import PLOT, RANGE, Open, grab, ready, say, searched, slider_of, zoomed

MAPS = f"""[...{PLOT}.querySelectorAll('.contourlayer')].map(layer =>
  [...layer.querySelectorAll('path')].map(path => path.getAttribute('d')).join())"""
MESHES = f"{PLOT}._fullData.filter(trace => trace.type === 'mesh3d').map(trace => Array.from(trace.z))"
MOVES = {
    "/loss-landscapes?landscape=ravine": "Condition κ",
    "/loss-landscapes?view=line": "Huber δ",
    "/loss-landscapes?view=line&norm=l2&losses=squared_error,absolute_error": "Penalty λ",
    "/loss-landscapes?view=classifier&losses=focal": "Focal γ",
}


def maps(page: Page) -> list[str]:
    """The outlines of each map's heights, as they are drawn."""
    return page.evaluate(MAPS)


def meshes(page: Page) -> list[list[float]]:
    return page.evaluate(MESHES)


def scene(page: Page) -> dict[str, float]:
    """Where the surface is on the screen."""
    return page.evaluate(f"{PLOT}._fullLayout.scene._scene.container.getBoundingClientRect().toJSON()")


def changed(page: Page, expression: str, before: Any) -> Any:
    page.wait_for_function(f"before => JSON.stringify({expression}) !== JSON.stringify(before)", arg=before)
    return page.evaluate(expression)


@pytest.mark.parametrize("place", MOVES)
def test_the_landscape_follows_before_release_and_nothing_is_sent(place: str, visit: Open) -> None:
    page, seen = visit(place)
    ready(page)
    flat, solid = maps(page), meshes(page)
    assert len(flat) == len(solid) == (2 if "absolute" in place else 1)
    sent, asked = len(seen.sent), len(seen.asked)
    grab(page, MOVES[place], 0.85)
    for before, after in zip(flat, changed(page, MAPS, flat), strict=True):
        assert before != after
    for before, after in zip(solid, changed(page, MESHES, solid), strict=True):
        assert before != after
    assert len(seen.sent) == sent
    assert seen.asked[asked:] == []
    page.mouse.up()


def test_what_is_released_is_what_a_link_shows(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?view=line&picture=map")
    ready(page)
    for label, word, part in (("Huber δ", "huber.delta=", 0.7), ("Outlier value", "outlier=", 0.9)):
        before = maps(page)
        grab(page, label, part)
        changed(page, MAPS, before)
        page.mouse.up()
        searched(page, word)
    ready(page)
    page.mouse.move(0, 0)
    summary, readings = say(page), page.locator(".stage-readings").inner_text()
    other, _ = visit(page.url.partition(page.url.split("/")[2])[2])
    ready(other)
    expect(other.locator(".stage-summary")).to_have_text(summary)
    expect(other.locator(".stage-readings")).to_have_text(readings, use_inner_text=True)
    assert maps(other) == maps(page)
    for label in ("Huber δ", "Outlier value"):
        assert slider_of(other, label).input_value() == slider_of(page, label).input_value()


def test_a_map_keeps_its_zoom_when_the_landscape_changes(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?landscape=ravine&picture=map")
    ready(page)
    view, before = zoomed(page, (0.3, 0.3), (0.7, 0.7)), maps(page)
    grab(page, "Condition κ", 0.8)
    changed(page, MAPS, before)
    page.mouse.up()
    searched(page, "condition=")
    ready(page)
    assert page.evaluate(RANGE) == pytest.approx(view)


def test_a_critical_point_says_what_it_is(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?landscape=himmelblau&picture=map")
    ready(page)
    drawn = f"{PLOT}._fullData.filter(one => one.mode === 'markers' && one.xaxis === 'x').map(one => one.name)"
    assert page.evaluate(drawn) == ["minimum", "saddle", "maximum"]
    number = page.evaluate(f"{PLOT}._fullData.find(trace => trace.name === 'maximum').uid")
    box = page.locator(f".trace{number} path.point").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    label = page.locator(".stage .hoverlayer .hovertext").first
    expect(label).to_contain_text("maximum")
    expect(label).to_contain_text("181.6")
    expect(label).to_contain_text("along")


def test_the_pointer_reads_the_loss_and_not_its_colour(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?landscape=bowl&colours=log&picture=map")
    ready(page)
    reads_the_loss(page, page.locator(".stage .nsewdrag").first.bounding_box(), 0.6)  # beside the mark of the minimum
    page.mouse.move(0, 0)
    page.get_by_role("radio", name="Surface", exact=True).click()
    searched(page, "picture=surface")
    ready(page)
    expect(page.locator(".stage .hovertext")).to_have_count(0)
    reads_the_loss(page, scene(page), 0.5)


def reads_the_loss(page: Page, box: dict[str, float], down: float) -> None:
    label = page.locator(".stage .hovertext").first
    for step in range(200):  # WebGL without a graphics card takes its time to say what is under the pointer
        page.mouse.move(box["x"] + box["width"] * 0.47 + step % 4, box["y"] + box["height"] * down)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        if label.count():
            break
    expect(label).to_contain_text("loss")
    place, height = label.text_content().replace("−", "-").split("loss")
    x, y = (float(part.strip("() ")) for part in place.split(","))
    assert float(height) == pytest.approx(x**2 + y**2, rel=2e-3, abs=2e-3)


def test_a_saved_landscape_morphs_with_no_server(visit: Open, tmp_path: Path) -> None:
    page, _ = visit("/loss-landscapes?view=line")
    ready(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="HTML").click()
    path = tmp_path / "saved.html"
    saved.value.save_as(path)
    other = page.context.new_page()
    other.goto(f"file://{path}")
    other.wait_for_selector(".stage[data-ready=true]")
    before = maps(other)
    slider = other.get_by_role("slider", name="Huber δ")
    slider.press("End")
    between = changed(other, MAPS, before)
    other.get_by_role("slider", name="Outlier value").press("Home")
    changed(other, MAPS, between)
    assert slider.input_value() != slider.get_attribute("max")  # only one leaves the centre, where no server helps
    other.close()


def test_without_webgl_the_map_stays_and_it_is_said(browser: Browser, server: str) -> None:
    page = browser.new_context().new_page()
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.includes('webgl') ? null : get.call(this, kind, ...rest) }"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/loss-landscapes?landscape=ravine")
    ready(page)
    assert "no WebGL" in say(page)
    before = maps(page)
    grab(page, "Condition κ", 0.9)
    changed(page, MAPS, before)
    page.mouse.up()
    searched(page, "condition=")
    assert errors == []
    page.context.close()


def test_a_narrower_window_rearranges_the_maps(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?view=line&picture=map&losses=squared_error,huber")
    ready(page)
    beside = f"{PLOT}._fullLayout.yaxis.domain[0] === {PLOT}._fullLayout.yaxis2.domain[0]"
    assert page.evaluate(beside)
    for width, wanted in ((390, "!"), (1280, "")):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(f"() => {wanted}({beside})")
        page.wait_for_function(f"() => {PLOT}._fullLayout.width <= {width}")
        assert len(set(maps(page))) == 2


def test_on_a_phone_every_slider_can_be_reached(visit: Open) -> None:
    page, _ = visit(
        "/loss-landscapes?view=line", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    ready(page)
    for label in ("Huber δ", "Outlier value", "Slice at intercept"):
        slider = slider_of(page, label)
        slider.scroll_into_view_if_needed()
        before = slider.input_value()
        low, high = (float(str(slider.get_attribute(end))) for end in ("min", "max"))
        across = 40 if float(before) > (low + high) / 2 else 280  # to where the thumb is not
        slider.tap(position={"x": across, "y": 10})  # fails if something lies on top of it
        page.wait_for_function("([input, before]) => input.value !== before", arg=[slider.element_handle(), before])


@pytest.mark.parametrize("view", ["line", "classifier"])
def test_no_title_of_a_panel_is_cut(visit: Open, view: str) -> None:
    page, _ = visit(f"/loss-landscapes?view={view}", viewport={"width": 1280, "height": 720})
    ready(page)
    ends = page.evaluate(
        """() => [...document.querySelectorAll('.stage .annotation text')].filter(text => text.textContent).map(text =>
          [text.textContent, text.getBoundingClientRect().right, text.closest('svg').getBoundingClientRect().right])"""
    )
    assert len(ends) == 4
    assert [title for title, end, edge in ends if end > edge] == []
