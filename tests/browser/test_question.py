"""A question before Play: it is answered, the run tells, and it is gone until a link asks it again."""

from playwright.sync_api import Page, expect

from core.views import VIEWS
from tests.browser.stage import PLOT, RELEASE, Open, button, ready, searched, slider_of, word
from tests.browser.test_everybody import PHONE
from tests.views.cases import chosen
from tests.views.texts import filled

QUESTION, SUMMARY = ".stage-question", ".stage-summary"


def asked(page: Page, answer: str) -> None:
    """Answers the question of a page."""
    page.locator(QUESTION).get_by_role("button", name=answer, exact=True).click()
    expect(page.locator(QUESTION)).to_contain_text(f"You said: {answer}. Now ")


def gone(page: Page) -> None:
    expect(page.locator(QUESTION)).to_be_hidden()
    expect(page.locator(SUMMARY)).to_have_css("opacity", "1")
    expect(page.locator(SUMMARY)).not_to_have_attribute("aria-hidden", "true")


def test_a_race_is_predicted_played_and_told(first_visit: Open) -> None:
    page, _ = first_visit("/gradient-descent?lr=0.02", reduced_motion="reduce")
    ready(page)
    gone(page)  # a link shows what it says
    page.goto(page.url.partition("?")[0])
    ready(page)
    question, result = page.locator(QUESTION), page.locator(".stage-readings .stage-words").first
    expect(question).to_contain_text("Which reaches the lowest minimum first?")
    expect(page.locator(SUMMARY)).to_have_css("opacity", "0")
    expect(slider_of(page, "Step")).to_have_attribute("aria-valuetext", "0")
    expect(result).to_be_hidden()  # it says who arrives
    asked(page, "Momentum")
    expect(button(page, "Momentum")).to_have_attribute("aria-pressed", "true")
    button(page, "Play").click()
    expect(question).to_contain_text("You said: Momentum. Right is: RMSprop. Converged: RMSprop at step 19, ")
    expect(page.locator(".stage [aria-live]").first).to_contain_text("Right is: RMSprop.")  # for a screen reader
    expect(result).to_have_text("converged at step 72")
    button(page, "Close").click()
    gone(page)
    page.reload()
    ready(page)
    gone(page)
    page.goto(f"{page.url.partition('?')[0]}?question=1")
    ready(page)
    searched(page, "question=1")
    slider_of(page, "Learning rate").evaluate(RELEASE, 0)  # whoever does something else first wants no question
    gone(page)
    expect(slider_of(page, "Step")).to_have_attribute("aria-valuetext", "200")


def test_a_mark_stays_under_the_hand_when_the_question_goes(visit: Open) -> None:
    """On a phone the question stands above the picture."""
    page, _ = visit("/gradient-descent?question=1", viewport=PHONE)
    picture = ready(page).locator(".stage-picture")
    expect(page.locator(QUESTION)).to_be_visible()
    top = picture.bounding_box()["y"]
    x, y = page.evaluate(
        f"""() => {{
          const box = {PLOT}.getBoundingClientRect(), {{xaxis, yaxis}} = {PLOT}._fullLayout
          const {{x, y}} = {PLOT}._fullData.find(trace => trace.name === 'start')
          return [box.left + xaxis._offset + xaxis.c2p(x[0]), box.top + yaxis._offset + yaxis.c2p(y[0])]
        }}"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 40, steps=5)
    expect(page.locator(QUESTION)).to_be_hidden()
    assert picture.bounding_box()["y"] == top
    page.mouse.up()
    searched(page, "x=")
    expect(picture).to_have_css("margin-top", "0px")


def test_fitted_lines_are_predicted_dragged_and_told(first_visit: Open) -> None:
    page, _ = first_visit("/loss-curves?view=fit&embed=true")
    ready(page)
    gone(page)  # in a frame it is asked only where the address says so
    page.goto(page.url.partition("?")[0] + "?view=fit")
    ready(page)
    asked(page, "MSE")
    slider_of(page, "Huber δ").evaluate(RELEASE, 0)  # another slider shows nothing yet
    expect(page.locator(QUESTION)).to_contain_text("You said: MSE. Now drag “Outlier value” to 21.")
    slider_of(page, "Outlier value").evaluate(RELEASE, 21)
    question, delta = chosen(VIEWS["tips_fit"]).question, word(page, "huber.delta")
    assert question
    why = filled(question.why, {"huber.delta": delta, "outlier": 21.0})
    expect(page.locator(QUESTION)).to_contain_text(f"MSE: right. {why}")
    slider_of(page, "Huber δ").evaluate(RELEASE, 1)
    gone(page)
