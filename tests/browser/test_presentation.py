"""Scenes, tasks, and a page in a lecture or with controls left out."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from core.views import VIEWS
from core.views.class_probabilities.presets import PRESETS as PROBABILITIES
from core.views.gradient_descent.presets import PRESETS
from tests.browser.stage import PLOT, Open, grab, ready, searched, slider_of

PHONE = {"width": 390, "height": 844}
NAMES = list(PRESETS)
ACTIVE = ".st-key-header a[aria-current=true]"


def active(page: Page, name: str) -> None:
    """The scene of this name is marked, and its story stands above the picture."""
    expect(page.locator(ACTIVE)).to_have_text(name)
    expect(page.locator(".stage-task")).to_contain_text(PRESETS[name].shows)
    ready(page)


def test_a_scene_is_marked_and_told_until_something_else_is_picked(visit: Open) -> None:
    page, _ = visit("/gradient-descent")
    ready(page)
    task = page.locator(".stage-task")
    expect(task).to_contain_text("Do Drag the start")
    expect(task).to_contain_text("Look for")
    expect(page.locator(ACTIVE)).to_have_count(0)
    page.get_by_role("link", name="Cliff").click()
    active(page, "Cliff")
    grab(page, "Learning rate", 0.3)  # a task may ask for it
    page.mouse.up()
    searched(page, "-lr=0.0125")
    active(page, "Cliff")
    page.get_by_role("link", name="Overshoot").click()
    active(page, "Overshoot")
    page.get_by_role("radio", name="One step").click()
    searched(page, "show=step")
    ready(page)
    expect(page.locator(ACTIVE)).to_have_count(0)
    expect(task).to_contain_text("Do Drag “Step”")


def test_a_switch_leads_to_the_counterpart_of_a_scene_and_back(visit: Open) -> None:
    page, seen = visit("/gradient-descent?lecture=1&" + urlencode(PRESETS["Overshoot"].address))
    slow, fast = sides(page, "Overshoot")
    expect(slow).to_have_attribute("aria-current", "true")
    sent = len(seen.sent)
    fast.click()  # only a slider moves: Python hears of nothing
    searched(page, "lr=0.05")
    expect(page.locator(".stage-summary")).to_contain_text("diverged at step 1")
    assert len(seen.sent) == sent
    expect(fast).to_have_attribute("aria-current", "true")
    expect(slow).not_to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowLeft")  # from the first scene to the last
    cold, warm = sides(page, "Warm-up helps")
    expect(warm).to_have_attribute("aria-current", "true")
    cold.click()
    searched(page, "schedule=cosine")
    searched(page, "lecture=1")
    expect(cold).to_have_attribute("aria-current", "true")
    expect(page.locator(".stage-summary")).to_contain_text("diverged at step 5")
    expect(cold).to_be_focused()
    warm.press("Enter")
    searched(page, "schedule=warmup_cosine")
    expect(page.locator(".stage-summary")).to_contain_text("converges first")
    sides(page, "Warm-up helps")


def test_a_slider_that_passes_the_place_of_a_scene_opens_none(visit: Open) -> None:
    """At this rate the bowl is the side without noise of "Noisy gradients"."""
    side = PRESETS["Noisy gradients"].variants[0]
    rates = VIEWS["textbook_race"].choose(landscape="bowl").sliders["lr"].values
    before = rates[list(rates).index(0.2) - 1]
    page, _ = visit(f"/gradient-descent?landscape=bowl&lr={before:g}")
    ready(page)
    slider_of(page, "Learning rate").press("ArrowRight")
    searched(page, "lr=0.2")
    expect(page.locator(ACTIVE)).to_have_count(0)
    other = page.get_by_role("link", name=f"{side.name}: {side.verdict}", exact=True)
    expect(other).to_have_count(0)
    page.reload()
    expect(other).to_have_attribute("aria-current", "true")  # who comes to this address is shown its scene


def test_controls_that_are_hidden_stay_hidden_in_the_next_scene(visit: Open) -> None:
    page, _ = visit("/training-curves?lecture=1&hide=noise")
    expect(slider_of(ready(page), "Noise")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator(ACTIVE)).to_have_count(1)
    searched(page, "hide=noise")
    page.reload()
    expect(slider_of(ready(page), "Noise")).to_be_hidden()


def test_at_the_counterpart_of_a_scene_stands_the_task_of_the_picture_and_nothing_moves(visit: Open) -> None:
    """Also where the counterpart is what a person finds who has picked nothing of the scene."""
    page, _ = visit("/class-probabilities?view=train")
    ready(page)
    preset = PROBABILITIES["Wrong labels"]
    away, at_home = sorted(preset.variants, key=lambda side: preset.words(side) == {"view": "train"})
    assert preset.words(away) == preset.address
    task, picture = page.locator(".stage-task"), page.locator(".stage-picture")
    story = task.get_by_text(preset.shows)
    expect(story).to_be_hidden()
    place = picture.bounding_box()
    own, other = (page.get_by_role("link", name=f"{one.name}: {one.verdict}", exact=True) for one in (away, at_home))
    expect(other).to_have_attribute("aria-current", "true")
    own.click()
    expect(own).to_have_attribute("aria-current", "true")
    ready(page)
    expect(story).to_be_visible()
    assert picture.bounding_box() == place
    other.click()
    expect(story).to_be_hidden()
    ready(page)
    assert picture.bounding_box() == place
    assert preset.task
    expect(task.get_by_text(preset.task.do)).to_be_hidden()


def sides(page: Page, name: str) -> list[Locator]:
    """The links to the two sides of a scene, which is the active one."""
    active_in_lecture(page, name)
    expect(page.locator(f'{ACTIVE}:has-text("{name}")')).to_have_count(1)
    return [page.get_by_role("link", name=f"{one.name}: {one.verdict}", exact=True) for one in PRESETS[name].variants]


def test_in_a_lecture_the_picture_fills_the_window_and_the_arrow_keys_step_through_the_scenes(visit: Open) -> None:
    page, _ = visit("/gradient-descent?lecture=1", viewport={"width": 1280, "height": 720})
    ready(page)
    for part in (".stAppHeader", ".st-key-header", ".st-key-pickers", ".stage-cards", ".stage-tools"):
        expect(page.locator(part).first).to_be_hidden()
    height = page.locator(".stage-picture").bounding_box()["height"]
    assert height > 0.75 * 720
    for part in (".stage-summary", ".stage-task"):
        expect(page.locator(part)).to_have_css("font-size", "18px")
    assert page.evaluate(f"{PLOT}._fullLayout.xaxis.tickfont.size") == 18
    page.keyboard.press("ArrowRight")
    active_in_lecture(page, NAMES[0])
    page.keyboard.press("ArrowRight")
    active_in_lecture(page, NAMES[1])
    page.keyboard.press("ArrowLeft")
    active_in_lecture(page, NAMES[0])
    slider_of(page, "Learning rate").press("ArrowRight")  # a slider keeps its keys
    searched(page, "lecture=1")
    active_in_lecture(page, NAMES[0])
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('lecture')")
    ready(page)
    expect(page.locator(".st-key-header")).to_be_visible()


def active_in_lecture(page: Page, name: str) -> None:
    expect(page.locator(".stage-task")).to_contain_text(PRESETS[name].shows)
    searched(page, "lecture=1")
    ready(page)


def test_controls_that_an_address_hides_are_gone_and_their_values_stay(visit: Open) -> None:
    page, _ = visit("/gradient-descent?landscape=himmelblau&lr=0.02&hide=lr,landscape")
    ready(page)
    expect(slider_of(page, "Learning rate")).to_be_hidden()
    expect(slider_of(page, "Step")).to_be_visible()
    expect(page.get_by_role("combobox", name="Landscape")).to_have_count(0)
    grab(page, "Momentum β", 0.4)
    page.mouse.up()
    searched(page, "beta=")
    for word in ("hide=lr,landscape", "lr=0.02", "landscape=himmelblau"):
        searched(page, word)


def test_in_a_frame_there_is_a_picture_with_its_sliders_alone(visit: Open) -> None:
    page, _ = visit("/loss-curves?embed=true")
    ready(page)
    expect(page.locator(".stage-picture")).to_be_visible()
    expect(slider_of(page, "Huber δ")).to_be_visible()
    for part in (".st-key-header", ".st-key-pickers", ".stTabs [role=tablist]", ".stage-cards"):
        expect(page.locator(part).first).to_be_hidden()


def test_the_keyboard_reaches_play_by_the_link_to_the_picture(visit: Open) -> None:
    page, _ = visit("/gradient-descent")
    ready(page)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to the picture")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".stage-picture")).to_be_focused()
    for _ in range(10):  # with the two before, twelve keys
        page.keyboard.press("Tab")
        if focused.get_attribute("aria-label") == "Play":
            break
    expect(focused).to_have_attribute("aria-label", "Play")


def test_on_a_phone_the_menu_closes_after_a_tap(visit: Open) -> None:
    page, _ = visit("/loss-curves", viewport=PHONE, has_touch=True, is_mobile=True)
    ready(page)
    page.get_by_test_id("stExpandSidebarButton").tap()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Class imbalance").tap()
    page.wait_for_url("**/class-imbalance")
    page.wait_for_function("() => document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")
    ready(page)
