"""The terms of the glossary on a page: which words are marked, and the tooltip on hover, focus and tap."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from core.glossary import GLOSSARY, meaning
from tests.browser.stage import Open, ready, slider_of
from tests.browser.test_everybody import PHONE, findings
from tests.browser.test_plotly_adapter import HOME, answer

# Of axe, while a tooltip is open; its other rules look at the marks in test_everybody.py.
RULES = ("color-contrast", "aria-tooltip-name", "aria-valid-attr-value", "aria-allowed-role", "nested-interactive")
MARKED = "block => [...block.querySelectorAll('.stage-term')].map(mark => mark.textContent)"
# How many terms of the summary are marked right after a slider was moved.
MOVED = """async (input, value) => {
  input.value = value
  input.dispatchEvent(new Event('input', {bubbles: true}))
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  return document.querySelectorAll('.stage-summary .stage-term').length
}"""
# Words of a block, and those of them that are marked.
WORDS = {
    "A gradient, two gradients and a Gradient": ["gradient"],
    "gradient descent on a quadratic diverges": ["gradient descent", "quadratic", "diverges"],
    "The learning rate, not a learning-rate": ["learning rate"],
    "megasteps, step_1, sub-step, steps": ["steps"],
    "κ, κ₂ and the condition number": ["κ"],
    "A loss after the <b>step</b>, <a href='#'>epochs</a> or <code>batch</code>": ["loss"],
    "<h4>Huber</h4> <math><mi>σ</mi></math> for <span data-slot='a'>outliers</span>": ["outliers"],
    "False positives (false positive rate), FOCAL": ["False positives"],
    "Area under the ROC curve, AUC and the roc curve": ["Area under the ROC curve"],
    "Binary cross-entropy (log loss)": ["Binary cross-entropy"],
}


def test_the_first_of_each_term_is_marked_once(browser: Browser) -> None:
    page = browser.new_page()
    page.route(f"{HOME}/**", answer)
    page.goto(HOME)
    found = page.evaluate(
        f"""async texts => {{
          const {{markTerms}} = await import('/stage/marks.js')
          return texts.map(html => {{
            const block = document.createElement('p')
            block.innerHTML = html
            const before = block.textContent
            markTerms(block)
            const once = block.innerHTML
            markTerms(block)
            return block.innerHTML === once && block.textContent === before && ({MARKED})(block)
          }})
        }}""",
        list(WORDS),
    )
    assert found == list(WORDS.values())
    page.close()


def terms(page: Page, block: str) -> Locator:
    return page.locator(f"{block} .stage-term")


def assert_explains(page: Page, mark: Locator, text: str) -> None:
    """The one tooltip describes this term, inside of the window and not over the term."""
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(text)
    assert mark.get_attribute("aria-describedby") == tip.get_attribute("id")
    word, box, window = mark.bounding_box(), tip.bounding_box(), page.viewport_size
    assert 0 <= box["x"] < box["x"] + box["width"] <= window["width"]
    assert 0 <= box["y"] < box["y"] + box["height"] <= window["height"]
    assert box["y"] + box["height"] <= word["y"] or word["y"] + word["height"] <= box["y"]


def test_a_term_is_explained_on_hover_focus_and_tap(visit: Open) -> None:
    page, _ = visit("/gradient-descent", color_scheme="dark", has_touch=True)
    tip, mark = ready(page).get_by_role("tooltip"), terms(page, ".stage-task").first
    mark.hover()
    assert_explains(page, mark, meaning("learning rate"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    # One stop of the Tab key for task and summary; the arrow keys go on.
    mark.focus()
    assert_explains(page, mark, GLOSSARY["learning rate"].example)
    page.keyboard.press("ArrowRight")
    second = terms(page, ".stage-task").nth(1)
    expect(second).to_be_focused()
    assert_explains(page, second, meaning("optimizer"))
    assert findings(page, *RULES) == []
    stops = page.locator(":is(.stage-task, .stage-summary) .stage-term[tabindex='0']")
    expect(stops).to_have_count(1)
    page.keyboard.press("Tab")
    expect(second).not_to_be_focused()
    assert second.get_attribute("aria-describedby") is None
    # A label still names its slider; nothing is marked while that moves.
    label = terms(page, ".stage-slider label").filter(has_text="Learning rate")
    label.click()
    assert_explains(page, label, meaning("learning rate"))
    expect(slider_of(page, "Learning rate")).not_to_be_focused()
    assert slider_of(page, "Learning rate").evaluate(MOVED, "50") == 0
    expect(terms(page, ".stage-summary")).not_to_have_count(0)
    # On a phone: a tap opens it, a tap elsewhere closes it.
    page.set_viewport_size(PHONE)
    for block, text in ((".stage-task", "learning rate"), (".stage-legend", "minimum")):
        mark = terms(page, block).first
        mark.scroll_into_view_if_needed()
        mark.tap()
        assert_explains(page, mark, meaning(text))
    page.touchscreen.tap(2, PHONE["height"] / 2)  # on the margin of the page
    expect(tip).to_be_hidden()
