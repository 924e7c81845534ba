"""Two distributions: where a fit ends follows its start, a dot is dragged, and what is missed costs infinity."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.stage import SPOTS, TWO_FRAMES, Open, drawn, grab, ready, say, searched

PLACE = "/class-probabilities?view=divergence"


def drag(page: Page, trace: str, x: float, y: float) -> None:
    """Drags a mark to a place in the units of its axes; it is let go of there."""
    page.evaluate(TWO_FRAMES)
    name = trace.rpartition(" ")[0].rpartition(" ")[0]
    ends = page.evaluate(
        """([name, to]) => {
          const plot = document.querySelector('.stage .js-plotly-plot'), box = plot.getBoundingClientRect()
          const {xaxis, yaxis, x, y} = plot._fullData.find(trace => trace.name === name)
          const axis = short => plot._fullLayout[short.replace(/^([xy])/, '$1axis')]
          return to.map(([across, up]) => [box.left + axis(xaxis)._offset + axis(xaxis).d2p(across),
            box.top + axis(yaxis)._offset + axis(yaxis).d2p(up)])
        }""",
        [name, [*page.evaluate(SPOTS, trace), [x, y]]],
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=8)
    page.mouse.up()


def test_reverse_kl_changes_modes_with_its_start_and_forward_kl_covers_both(visit: Open) -> None:
    page, _ = visit(PLACE, viewport={"width": 1280, "height": 720})
    ready(page)
    assert "Reverse KL leaves out the left mode" in say(page)
    before = drawn(page)
    grab(page, "Start of the mean", 0.0)
    assert drawn(page)["Reverse KL x 0"] != before["Reverse KL x 0"]
    assert "Reverse KL leaves out the right mode" in say(page)
    assert say(page).startswith("Forward KL covers both modes")
    page.mouse.up()
    searched(page, "start=-3")
    ready(page)
    grab(page, "Step", 0.0)
    now = drawn(page)
    assert now["Forward KL x 0"] == now["Reverse KL x 0"]  # all begin with the same Gaussian
    page.mouse.up()


def test_a_uniform_model_is_dragged_over_its_target(visit: Open) -> None:
    page, _ = visit(f"{PLACE}&of=support", viewport={"width": 1280, "height": 720})
    ready(page)
    assert "Forward KL is ∞, reverse KL ∞, Jensen-Shannon 0.6931" in say(page)
    drag(page, "middle of the model x 0", 0.0, 0.33)
    searched(page, "position=0")
    assert say(page).startswith("The model covers all of the target: forward KL is finite")


def test_a_bar_is_dragged_down_to_an_infinite_kl(visit: Open) -> None:
    page, _ = visit(f"{PLACE}&of=bars", viewport={"width": 390, "height": 844})
    ready(page)
    drag(page, "q of D: drag x 0", 3.0, 0.0)
    searched(page, "q_D=0")
    assert "1.089 + ∞ = ∞ nats" in say(page)
