"""The home page's timeline: it plays, pauses, is scrubbed, and keeps still for people who ask for that."""

from playwright.sync_api import Page, expect

from core.views.home.guess import STEPS
from tests.browser.stage import DOTS, Open, grab, path, ready, searched, slider_of

TRAIL = "MSE steps"
FRAMES = """() => new Promise(done => {
  let frames = 0
  requestAnimationFrame(function tick() { ++frames > 30 ? done() : requestAnimationFrame(tick) })
})"""


def plays_on(page: Page) -> None:
    """The path grows by two steps at least."""
    before = page.evaluate(DOTS, TRAIL)
    page.wait_for_function(f"([name, before]) => ({DOTS})(name) > before + 1", arg=[TRAIL, before])


def stands_still(page: Page) -> None:
    """The timeline has not moved after 30 frames of the display."""
    step = slider_of(page, "Step").input_value()
    page.evaluate(FRAMES)
    expect(slider_of(page, "Step")).to_have_value(step)


def test_it_is_played_and_paused_with_the_button_and_with_space_and_the_hand_takes_over(visit: Open) -> None:
    page, seen = visit("/")
    stage = ready(page).locator(".stage")
    sent = len(seen.sent)
    stage.get_by_role("button", name="Play", exact=True).click()
    expect(stage.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    plays_on(page)
    assert len(seen.sent) == sent
    stage.get_by_role("button", name="Pause", exact=True).click()
    expect(stage.get_by_role("button", name="Play", exact=True)).to_be_visible()
    step = slider_of(page, "Step").input_value()
    assert 0 < int(step) < STEPS
    searched(page, f"step={step}")
    stands_still(page)
    assert page.evaluate(DOTS, TRAIL) == int(step) + 1
    slider_of(page, "Your guess").focus()
    page.keyboard.press("Space")
    expect(stage.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    plays_on(page)
    page.keyboard.press("Space")
    expect(stage.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stands_still(page)
    page.keyboard.press("Space")
    plays_on(page)
    grab(page, "Step", 0.9)  # a hand on the timeline stops it
    expect(stage.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.mouse.up()
    assert int(slider_of(page, "Step").input_value()) > 0.8 * STEPS
    stands_still(page)
    stage.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")  # once, as on any button
    expect(stage.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_play_runs_to_the_end_and_starts_again(visit: Open) -> None:
    page, _ = visit(f"/?step={STEPS - 3}")
    stage = ready(page).locator(".stage")
    stage.get_by_label("Speed").select_option("4")
    stage.get_by_role("button", name="Play", exact=True).click()
    expect(slider_of(page, "Step")).to_have_value(str(STEPS))
    expect(stage.get_by_role("button", name="Play", exact=True)).to_be_visible()
    searched(page, f"step={STEPS}")
    stage.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"name => ({DOTS})(name) < {STEPS}", arg=TRAIL)
    plays_on(page)


def test_with_reduced_motion_play_goes_to_the_end_at_once(visit: Open) -> None:
    page, _ = visit("/", reduced_motion="reduce")
    stage = ready(page).locator(".stage")
    play = stage.get_by_role("button", name="Play", exact=True)
    # Looked at before the browser can show another frame: there is nothing between the start and the end.
    named = play.evaluate("button => { button.click(); return button.getAttribute('aria-label') }")
    assert (named, slider_of(page, "Step").input_value()) == ("Play", str(STEPS))
    page.wait_for_function(f"name => ({DOTS})(name) === {STEPS + 1}", arg=TRAIL)
    searched(page, f"step={STEPS}")
    before = path(page, "guess")
    grab(page, "Your guess", 0.9)  # what a person moves still moves
    page.wait_for_function(
        "before => document.querySelector('.stage-summary').textContent.includes('first guess was')", arg=before
    )
    page.mouse.up()
