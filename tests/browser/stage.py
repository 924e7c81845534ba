"""How a test looks at a stage and moves it: as a person does, and at what Plotly has drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.conftest import PATIENCE, Seen, Visit
from tests.places import PLACES

Open = Callable[..., Visit]
# Where the page is like another, with another data set or task.
ALIKE = {"step-classifier", "starts-line", "training-polynomial", "training-losses-polynomial"}
# Every page and tab with a stage: its address, and its view.
STAGES = {place.address: place.view for name, place in PLACES.items() if place.view and name not in ALIKE}
ADDRESSES = [*STAGES, PLACES["examples"].address]
expect.set_options(timeout=1000 * PATIENCE)

PLOT = "document.querySelector('.stage .js-plotly-plot')"
PATH = f"""([name, axis]) => {{
  const plot = {PLOT}
  const trace = plot._fullData.find(trace => trace.name === name && trace.yaxis === axis)
  return plot.querySelector(`.trace${{trace.uid}} path.js-line`)?.getAttribute('d')
}}"""
DOTS = f"""name => {{
  const plot = {PLOT}
  const trace = plot._fullData.find(trace => trace.name === name)
  const dots = [...plot.querySelectorAll(`.trace${{trace.uid}} path.point`)]
  return dots.filter(dot => dot.style.display !== 'none').length
}}"""
# The paths that are drawn of every trace, by its name, panel and number among those of that name there, and its axes.
TRACES = f"""(() => {{
  const plot = {PLOT}, maps = [...plot.querySelectorAll('g.contour')], found = {{}}, many = {{}}
  const axis = name => plot._fullLayout[name.replace(/^([xy])/, '$1axis')]
  for (const {{type, name, xaxis, yaxis, uid}} of plot._fullData) {{
    const group = type === 'contour' ? maps.find(map => map.__data__[0].trace.uid === uid)
      : plot.querySelector(`.trace${{uid}}`)
    const key = `${{name}} ${{xaxis}}`
    many[key] = (many[key] ?? -1) + 1
    const paths = [...group?.querySelectorAll('path') ?? []].filter(path => path.style.display !== 'none')
    found[`${{key}} ${{many[key]}}`] = {{paths, x: axis(xaxis), y: axis(yaxis)}}
  }}
  return found
}})()"""
DRAWN = f"""() => Object.fromEntries(Object.entries({TRACES}).map(([name, {{paths}}]) =>
  [name, paths.map(path => `${{path.getAttribute('d')}} ${{path.getAttribute('transform')}}`).join()]))"""
# Where one of them is, in the units of its axes: its points, or five places along each of its lines.
SPOTS = f"""name => {{
  const {{paths, x, y}} = {TRACES}[name]
  return paths.flatMap(path => {{
    const put = /translate\\(([^,]+),([^)]+)\\)/.exec(path.getAttribute('transform'))
    const long = path.getTotalLength()
    const along = [0, 0.25, 0.5, 0.75, 1].map(part => path.getPointAtLength(part * long)).map(at => [at.x, at.y])
    return (put ? [[Number(put[1]), Number(put[2])]] : along).map(at => [x.p2c(at[0]), y.p2c(at[1])])
  }})
}}"""
RELEASE = """(input, value) => {
  input.value = value
  for (const event of ['input', 'change']) input.dispatchEvent(new Event(event, {bubbles: true}))
}"""
RANGE = f"[...{PLOT}._fullLayout.xaxis.range, ...{PLOT}._fullLayout.yaxis.range]"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def ready(page: Page) -> Page:
    """When the page has run and its stage, if it has one, is drawn."""
    page.wait_for_selector("h1", state="attached")
    page.wait_for_function(
        """() => {
          const running = document.querySelector('[data-test-script-state=running]')
          const stages = [...document.querySelectorAll('.stage')]
          const expected = !document.querySelector('#three-houses')
          return !running && (stages.length > 0) === expected
            && stages.every(stage => stage.dataset.ready && stage.getAttribute('aria-busy') === 'false')
        }"""
    )
    return page


def go(page: Page, address: str) -> None:
    """To another address of the site in the same visit, as Back and Forward go: nothing is loaded anew."""
    page.evaluate(
        "address => { history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate')) }", address
    )


def quiet(visit: Open, address: str, **options: Any) -> Visit:
    """A page that is drawn, and asks for nothing more."""
    page, seen = visit(address, **options)
    ready(page)
    answered(page, seen)
    return Visit(page, seen)


def answered(page: Page, seen: Seen) -> None:
    """When the page waits for no answer any more, its pictures included."""
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    page.evaluate(TWO_FRAMES)
    while seen.pending:
        page.wait_for_timeout(10)  # lets the browser's messages in


def slider_of(page: Page, label: str) -> Locator:
    return page.locator(".stage").get_by_role("slider", name=label, exact=True)


def spoken(slider: Locator) -> str:
    """What a slider says it stands at, once what was moved is drawn."""
    slider.page.evaluate(TWO_FRAMES)
    return slider.get_attribute("aria-valuetext").replace("−", "-")


def button(page: Page, name: str) -> Locator:
    return page.locator(".stage").get_by_role("button", name=name, exact=True)


def word(page: Page, name: str) -> float:
    """A number in the address."""
    return float(page.evaluate("name => new URLSearchParams(location.search).get(name)", name))


def drawn(page: Page) -> dict[str, str]:
    """The paths of every trace, once what was moved is drawn."""
    page.evaluate(TWO_FRAMES)
    return page.evaluate(DRAWN)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


def path(page: Page, name: str, axis: str = "y") -> str:
    """The outline of a curve, as it is drawn."""
    return page.evaluate(PATH, [name, axis])


def moved(page: Page, name: str, before: str, axis: str = "y") -> str:
    """The outline of a curve, as soon as it is another than before."""
    page.wait_for_function(f"([name, axis, before]) => ({PATH})([name, axis]) !== before", arg=[name, axis, before])
    return path(page, name, axis)


def grab(page: Page, label: str, part: float = 0.75) -> None:
    """Presses the mouse on a slider's thumb and holds it at this part of the track, until that is drawn."""
    slider = slider_of(page, label)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    low, high, value = (float(slider.evaluate(f"input => input.{name}")) for name in ("min", "max", "value"))
    thumb, y = 18, box["y"] + box["height"] / 2

    def x(share: float) -> float:
        return box["x"] + thumb / 2 + share * (box["width"] - thumb)

    page.mouse.move(x((value - low) / (high - low)), y)
    page.mouse.down()
    page.mouse.move(x(part), y, steps=12)
    page.evaluate(TWO_FRAMES)


def zoomed(page: Page, start: tuple[float, float], end: tuple[float, float]) -> list[float]:
    """Zooms with the mouse in the first panel, between two places in parts of it; the ranges of the axes."""
    before = page.evaluate(RANGE)
    page.locator(".stage-picture").hover()
    page.locator(".stage [data-title=Zoom]").first.click()
    box = page.locator(".stage .nsewdrag").first.bounding_box()

    def place(across: float, down: float) -> tuple[float, float]:
        return box["x"] + across * box["width"], box["y"] + down * box["height"]

    page.mouse.move(*place(*start))
    page.mouse.down()
    page.mouse.move(*place(*end), steps=5)
    page.mouse.up()
    page.wait_for_function(f"before => {RANGE}.every((end, i) => end !== before[i])", arg=before)
    return page.evaluate(RANGE)


def hold(page: Page, pattern: str) -> Callable[[], None]:
    """Hold every request that fits the pattern; what is returned lets go of them, and of every later one."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))

    def let_go() -> None:
        page.route(pattern, lambda route: route.continue_())  # the newest answer to a pattern is taken first
        for route in held:
            route.continue_()

    return let_go


def searched(page: Page, text: str) -> None:
    """When the address holds "name=value", exactly this value, or "name=", any; with "-" before it, no such text."""
    page.wait_for_function(
        """text => {
          if (text.startsWith('-')) return !decodeURIComponent(location.search).includes(text.slice(1))
          const [[name, value] = []] = new URLSearchParams(text)
          const found = new URLSearchParams(location.search).get(name)
          return name === undefined || (value === '' ? found !== null : found === value)
        }""",
        arg=text,
    )


def say(page: Page) -> str:
    return page.locator(".stage-summary").inner_text()
