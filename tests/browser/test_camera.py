"""Where a person looks at a surface from stays as it is, at every angle, whatever happens to the picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from playwright.sync_api import Page

from tests.browser.stage import PLOT, RANGE, Open, grab, ready, searched, slider_of, spoken, zoomed
from tests.browser.test_everybody import set_colour_scheme
from tests.browser.test_landscapes import MESHES, changed

SCENES = f"({PLOT}._fullLayout._subplots.gl3d ?? []).map(name => {PLOT}._fullLayout[name]._scene)"
# The view matrix of every WebGL scene: not what Plotly was asked for, and unlike an eye it says which side is up.
VIEWS = f"{SCENES}.map(scene => (scene.getCamera(), Array.from(scene.camera.view.computedMatrix)))"
KAPPA = "Condition κ"
Act = Callable[[Page], None]


def views(page: Page) -> np.ndarray:
    """The view matrix of every surface, once none glides any more: `[surface, 16]`."""
    return np.array(
        page.evaluate(
            f"""() => new Promise(done => {{
              let last, same = 0
              requestAnimationFrame(function tick() {{
                const views = {VIEWS}, now = JSON.stringify(views)
                same = now === last ? same + 1 : 0
                last = now
                same < 4 ? requestAnimationFrame(tick) : done(views)
              }})
            }})"""
        )
    )


def height(page: Page, surface: int = 0) -> float:
    """The angle, in degrees, at which one looks down on what is in the middle: 90 is straight from above."""
    return np.degrees(np.arcsin(np.clip(views(page)[surface][10], -1, 1)))


def listening(page: Page) -> None:
    """For half a second after it was drawn Plotly's camera takes no movement."""
    page.wait_for_function(f"() => {SCENES}.every(({{camera}}) => camera.view.lastT() < performance.now())")


def spot(page: Page, across: float, down: float, surface: int = 0) -> tuple[float, float]:
    """A place on the screen, given in parts of a surface's box."""
    box = page.evaluate(f"surface => {SCENES}[surface].container.getBoundingClientRect().toJSON()", surface)
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def turn(
    page: Page, across: float, down: float, by: tuple[float, float], button: Any = "left", surface: int = 0
) -> None:
    """Drags a surface, from a place in parts of its box, by pixels."""
    listening(page)
    before, (x, y) = page.evaluate(VIEWS), spot(page, across, down, surface)
    page.mouse.move(x, y)
    page.mouse.down(button=button)
    page.mouse.move(x + by[0], y + by[1], steps=6)
    page.mouse.up(button=button)
    changed(page, VIEWS, before)


def flick(page: Page) -> None:
    """The hand lets go while it moves: the surface glides on after it."""
    listening(page)
    x, y = spot(page, 0.5, 0.3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=4)
    let_go = views(page)
    page.evaluate(
        f"""([clientX, clientY]) => {{
          for (const [name, buttons] of [['mousemove', 1], ['mouseup', 0]])
            {SCENES}[0].glplot.canvas.dispatchEvent(new MouseEvent(name, {{clientX, clientY, buttons, bubbles: true}}))
        }}""",
        [x + 70, y + 22],
    )
    page.mouse.up()
    changed(page, VIEWS, let_go.tolist())


def wheel(page: Page, by: float) -> None:
    listening(page)
    before = page.evaluate(VIEWS)
    page.mouse.move(*spot(page, 0.5, 0.5))
    page.keyboard.down("Control")  # without it, the wheel scrolls the page
    page.mouse.wheel(0, by)
    page.keyboard.up("Control")
    changed(page, VIEWS, before)


def from_above_and_moved(page: Page) -> None:
    turn(page, 0.4, 0.1, (50, 250))
    turn(page, 0.7, 0.5, (-90, 30), "right")  # moves what is looked at
    turn(page, 0.3, 0.5, (70, 10))


def from_the_side_and_near(page: Page) -> None:
    turn(page, 0.5, 0.8, (0, -100))
    wheel(page, -200)


def press(page: Page) -> None:
    """A key on the slider: another surface, and then another payload around it."""
    before, slider = page.evaluate(MESHES), slider_of(page, KAPPA)
    slider.press("Home" if slider.input_value() == slider.get_attribute("max") else "End")
    changed(page, MESHES, before)
    searched(page, f"condition={spoken(slider)}")
    ready(page)


def drag(page: Page) -> None:
    before, slider = page.evaluate(MESHES), slider_of(page, KAPPA)
    grab(page, KAPPA, 0.7)
    changed(page, MESHES, before)
    page.mouse.up()
    searched(page, f"condition={spoken(slider)}")
    ready(page)


def choose(page: Page, name: str, option: str, value: str) -> None:
    radio = page.get_by_role("radio", name=option, exact=True)
    if not radio.count():
        page.get_by_role("button", name="More", exact=True).click()
    radio.click()
    page.keyboard.press("Escape")
    searched(page, f"{name}={value}")
    ready(page)


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        f"() => Math.abs({PLOT}._fullLayout.width - document.querySelector('.stage-picture').clientWidth) < 1"
    )


def zoom(page: Page) -> None:
    """Into the map beside the surface, and out again."""
    before = page.evaluate(RANGE)
    zoomed(page, (0.3, 0.3), (0.7, 0.7))
    page.locator(".stage .nsewdrag").first.dblclick()
    page.wait_for_function(f"before => JSON.stringify({RANGE}) === JSON.stringify(before)", arg=before)


def follow(page: Page, scheme: str) -> None:
    set_colour_scheme(page, scheme)
    page.wait_for_function("scheme => document.querySelector('.stage').style.colorScheme === scheme", arg=scheme)


def by_way_of_the_map(page: Page) -> None:
    choose(page, "picture", "Map", "map")
    choose(page, "picture", "Surface", "surface")


def keeps(page: Page, act: Act) -> bool:
    """Whether every surface is looked at after the act as before."""
    before = views(page)
    act(page)
    after = views(page)
    return after.shape == before.shape and np.allclose(after, before, atol=1e-3)


ANGLES: dict[str, tuple[Act, float, float]] = {
    "let go while it moves": (flick, 30, 89),
    "let go outside": (partial(turn, across=0.5, down=0.6, by=(0, 400)), 89.99, 90),
    "straight from above, moved aside": (from_above_and_moved, 89.99, 90),
    "from the side, near": (from_the_side_and_near, -60, 60),
    "straight from below": (partial(turn, across=0.3, down=0.9, by=(40, -420)), -90, -89.99),
}


def test_every_angle_is_kept_through_a_key_and_the_payload_that_it_brings(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?picture=surface&landscape=ravine")
    ready(page)
    for name, (move, low, high) in ANGLES.items():
        move(page)
        assert low <= height(page) <= high, name
        assert keeps(page, press), name


ACTS: dict[str, Act] = {
    "a drag and its release": drag,
    "the map's zoom and double click": zoom,
    "dark": partial(follow, scheme="dark"),
    "other colours": partial(choose, name="colours", option="Linear", value="linear"),
    "a narrow window": partial(resize, width=420),
    "a wide window": partial(resize, width=1280),
    "another picture": partial(choose, name="picture", option="Surface", value="surface"),
    "no surface for a while": by_way_of_the_map,
}


def test_an_angle_is_kept_whatever_happens_to_the_picture(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?landscape=ravine", color_scheme="light")
    ready(page)
    start = views(page)
    from_above_and_moved(page)
    for name, act in ACTS.items():
        flick(page)  # Plotly itself has not noted this angle
        assert keeps(page, act), name
    page.locator(".stage-picture").hover()
    page.locator(".stage .modebar-btn[data-title='Reset views']").click()
    np.testing.assert_allclose(views(page), start, atol=1e-6)


def test_surfaces_side_by_side_keep_an_angle_each(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?view=line&losses=squared_error,absolute_error&picture=surface")
    ready(page)
    turn(page, 0.5, 0.6, (0, 400), surface=0)
    turn(page, 0.5, 0.3, (-80, -20), surface=1)
    slider = slider_of(page, "Outlier value")
    before = page.evaluate(MESHES)

    def released(page: Page) -> None:
        slider.press("End")
        changed(page, MESHES, before)
        searched(page, f"outlier={spoken(slider)}")
        ready(page)

    assert keeps(page, released)
    one, other = views(page)
    assert not np.allclose(one, other, atol=0.1)


def test_what_the_mouse_does_is_kept_and_can_be_taken_back(visit: Open) -> None:
    page, _ = visit("/loss-landscapes?picture=surface&landscape=ravine")
    ready(page)
    bar = page.locator(".stage .modebar")
    page.locator(".stage-picture").hover()
    bar.get_by_role("button", name="Pan").click()
    turn(page, 0.5, 0.5, (60, 40))
    moved = views(page)[0]
    assert keeps(page, press)
    turn(page, 0.5, 0.5, (60, 40))  # still moves it
    np.testing.assert_allclose(views(page)[0][:12], moved[:12], atol=1e-6)
    page.locator(".stage-picture").hover()
    bar.get_by_role("button", name="Turntable rotation").click()
    turn(page, 0.5, 0.5, (60, 40))
    assert not np.allclose(views(page)[0][:12], moved[:12], atol=0.1)
