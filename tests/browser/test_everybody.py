"""For every eye, hand and screen: names, contrast, phone width, both themes."""

import itertools
from collections.abc import Sequence
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from core.views import VIEWS
from core.views.kit import theme
from tests.browser.stage import (
    ADDRESSES,
    RELEASE,
    STAGES,
    TWO_FRAMES,
    Open,
    button,
    go,
    grab,
    moved,
    path,
    ready,
    searched,
    slider_of,
)
from tests.conftest import WINDOW
from tests.views.cases import chosen

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}
# Rules of axe whose findings are at most moderate, and which take it long.
MODERATE = ("region", "page-has-heading-one", "heading-order", "landmark-unique", "landmark-no-duplicate-main")
COLOUR_RULES = (
    "color-contrast",
    "link-in-text-block",
)  # axe's rules that look at colours; names and roles have no theme
DRAWING = ".main-svg"  # thousands of lines: no controls are in them, and axe judges no colour of SVG text
SMALLEST = 24  # CSS pixels: WCAG 2.2, 2.5.8
# Whether the picture has this name and this description.
DESCRIBED = """([name, alt]) => {
  const picture = document.querySelector('.stage-picture')
  return picture?.getAttribute('aria-label') === name
    && document.getElementById(picture.getAttribute('aria-describedby'))?.textContent === alt
}"""


def findings(page: Page, *rules: str, within: str = "") -> list[str]:
    """What axe calls serious or critical, one line each: by these of its rules, or by all; in a part of the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    chosen = {"runOnly": list(rules)} if rules else {"rules": {rule: {"enabled": False} for rule in MODERATE}}
    options = {"resultTypes": ["violations"]} | chosen
    context = {"include": [[within]]} if within else {"exclude": [[DRAWING]]}
    found = page.evaluate("([context, options]) => axe.run(context, options)", [context, options])
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def set_colour_scheme(page: Page, scheme: str) -> None:
    """Changes the system's theme, and waits until the page follows."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        """dark => {
          const colour = getComputedStyle(document.querySelector('.stApp')).backgroundColor
          return (colour.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) < 384) === dark
        }""",
        arg=scheme == "dark",
    )


def wide(page: Page) -> list[str]:
    """What sticks out of the window to the right."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName}.${e.className}`).slice(0, 10)"""
    )


# The places of each page, by its path.
PLACES = {path: [*places] for path, places in itertools.groupby(sorted(ADDRESSES), lambda at: at.partition("?")[0])}


@pytest.mark.parametrize("first", PLACES)
def test_named_readable_and_fit_for_a_phone(first: str, visit: Open) -> None:
    """The page, and then in the same visit each of its tabs and choices."""
    page, _ = visit(first)
    schemes, checks = ["light", "dark"], [readable, fit_for_a_phone]  # the next place begins with the last of each
    for place in PLACES[first]:
        if place != first:
            go(page, place)
        if place in STAGES:
            shown = chosen(VIEWS[STAGES[place]])
            page.wait_for_function(DESCRIBED, arg=[shown.name, shown.alt])
        else:
            page.wait_for_selector("#three-houses")
        ready(page)
        for check in checks:
            assert check(page, place, schemes) == [], place
        schemes.reverse()
        checks.reverse()


def readable(page: Page, _place: str, schemes: Sequence[str]) -> list[str]:
    page.set_viewport_size(WINDOW["viewport"])
    first, second = schemes
    set_colour_scheme(page, first)
    found = findings(page)
    set_colour_scheme(page, second)
    return found + findings(page, *COLOUR_RULES)


def fit_for_a_phone(page: Page, place: str, _schemes: Sequence[str]) -> list[str]:
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => innerWidth === 390")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stage .main-svg')].every(svg => svg.clientWidth <= 390)"
    )
    if place not in STAGES:
        return wide(page)
    sliders = [slider for slider in chosen(VIEWS[STAGES[place]]).sliders if slider.kind != "hidden"]
    return wide(page) + unreachable(page, [slider.label for slider in sliders])


def unreachable(page: Page, labels: list[str]) -> list[str]:
    """The controls of a stage on a phone that are missing, too small for a finger or stick out."""
    found = [] if page.locator(".stage input[type=range]").count() == len(labels) else ["not these sliders alone"]
    for label in labels:
        box = slider_of(page, label).bounding_box()
        if not (inside(box) and box["width"] > 120 and box["height"] >= SMALLEST):
            found.append(f"{label}: {box}")
    for control in page.locator(".stage-side").locator("button, select, a").all():
        if control.is_visible():
            box = control.bounding_box()
            if not (inside(box) and min(box["width"], box["height"]) >= SMALLEST):
                found.append(f"{control.inner_text()}: {box}")
    return found


def inside(box: dict[str, float]) -> bool:
    return 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]


def test_the_legend_stands_right_under_the_picture(visit: Open) -> None:
    page, _ = visit("/class-imbalance")
    ready(page)
    entries = chosen(VIEWS["imbalance_decisions"]).legend
    legend = page.locator(".stage-legend")
    for scheme, width in itertools.product(("light", "dark"), (1280, PHONE["width"])):
        set_colour_scheme(page, scheme)
        expect(legend).to_have_css("color", page.locator(".stage-notes").evaluate("e => getComputedStyle(e).color"))
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(
            "width => [...document.querySelectorAll('.stage .main-svg')].every(svg => svg.clientWidth <= width)",
            arg=width,
        )
        assert wide(page) == []
        expect(legend.locator("li")).to_have_text([f"{entry.symbol} {entry.text}" for entry in entries])
        picture, line = page.locator(".stage-picture").bounding_box(), legend.bounding_box()
        assert 0 <= line["y"] - (picture["y"] + picture["height"]) < 20
        assert 0 <= line["x"] < line["x"] + line["width"] <= width
        assert 16 < line["height"] < 20 * len(entries)


def test_a_finger_moves_the_curve(visit: Open) -> None:
    page, _ = visit("/loss-curves", viewport=PHONE, has_touch=True, is_mobile=True)
    slider = slider_of(ready(page), "Huber δ")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box["height"] >= 44  # where the pointer is a finger
    before = path(page, "Huber")
    page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    moved(page, "Huber", before)
    assert float(slider.input_value()) > 3
    searched(page, "huber.delta=")
    assert wide(page) == []


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_the_chart_follows_the_theme_at_once(visit: Open) -> None:
    page, _ = visit("/loss-curves?huber.delta=2", color_scheme="light")
    ready(page)
    curve = path(page, "Huber")
    for scheme in ("light", "dark", "light"):
        set_colour_scheme(page, scheme)
        for selector in (".xtick text", ".annotation text", ".xtitle"):
            expect(page.locator(f".stage {selector}").first).to_have_css("fill", rgb(theme.QUIET[scheme]))
        expect(page.locator(".stage .xgrid").first).to_have_css("stroke", rgb(theme.GRID[scheme]))
        box = page.locator(".stage .nsewdrag").first.bounding_box()
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
        expect(page.locator(".stage .hoverlayer text").first).to_have_css("fill", rgb(theme.INK[scheme]))
        page.mouse.move(0, 0)
    assert path(page, "Huber") == curve
    assert slider_of(page, "Huber δ").input_value() == "2"


# Of what has the focus: what it is, and the contrast of its outline, or of its box's, with what lies around it.
FOCUSED = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number)
  const luminance = text => numbers(text).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0)
  const painted = node => (numbers(getComputedStyle(node).backgroundColor)[3] ?? 1) > 0.5
  const under = node => !node || painted(node) ? node ?? document.querySelector('.stApp') : under(node.parentElement)
  const node = document.activeElement
  const contrasts = [node, node.parentElement].map(box => {
    const {outlineStyle, outlineWidth, outlineColor, outlineOffset} = getComputedStyle(box)
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 0
    const around = under(parseFloat(outlineOffset) < 0 ? box : box.parentElement)
    const [dark, light] = [outlineColor, getComputedStyle(around).backgroundColor].map(luminance).sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  })
  return [`${node.tagName} ${node.ariaLabel ?? node.innerText.slice(0, 30)}`, Math.max(...contrasts)]
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_shows_that_it_has_the_focus(scheme: str, visit: Open) -> None:
    page, _ = visit("/gradient-descent", color_scheme=scheme)
    ready(page)
    page.add_style_tag(content="* { transition: none !important }")
    found: dict[str, float] = {}
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "PNG":
        name, contrast = page.evaluate(FOCUSED)
        found[name] = min(contrast, found.get(name, contrast))
        page.keyboard.press("Tab")
    assert len(found) > 30
    assert {name: contrast for name, contrast in found.items() if contrast < 3} == {}


ANNOUNCED = """() => {
  const live = ':is([aria-live=polite], [role=status], output:not([aria-live=off]))'
  const regionOf = ({target}) => (target.nodeType === Node.TEXT_NODE ? target.parentElement : target).closest(live)
  window.announced = []
  const textsOf = changes => [...new Set(changes.map(regionOf))].filter(Boolean).map(node => node.textContent)
  new MutationObserver(changes => announced.push(...textsOf(changes))).observe(document.querySelector('.stage'),
    {subtree: true, childList: true, characterData: true})
}"""
SUMMARY = "document.querySelector('.stage-summary').textContent"


def test_a_screen_reader_hears_each_new_summary_once(visit: Open) -> None:
    page, _ = visit("/gradient-descent")
    ready(page)
    page.evaluate(ANNOUNCED)
    grab(page, "Learning rate", 0.5)
    assert page.evaluate("announced") == []  # while it is held
    page.mouse.up()
    ready(page)
    page.wait_for_function("() => announced.length")
    first = page.evaluate(SUMMARY)
    page.get_by_role("link", name="Saddle escape").click()
    page.wait_for_function(f"before => {SUMMARY} !== before", arg=first)
    page.wait_for_function("() => announced.length > 1")
    ready(page)
    second = page.evaluate(SUMMARY)
    slider_of(page, "Step").evaluate(RELEASE, "95")
    button(page, "Play").click()
    page.wait_for_function("() => document.querySelector('.stage-timeline output').textContent === '100'")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("announced") == [first, second]  # the summary is of the whole run: Play adds nothing to it


def test_a_drag_on_the_dark_page(visit: Open) -> None:
    page, _ = visit("/loss-curves", color_scheme="dark")
    ready(page)
    before = path(page, "Huber")
    grab(page, "Huber δ")
    moved(page, "Huber", before)
    page.mouse.up()
    expect(page.locator(".stage .xtick text").first).to_have_css("fill", rgb(theme.QUIET["dark"]))


@pytest.mark.parametrize("path", ["/gradient-descent", "/loss-curves", "/class-imbalance", "/class-probabilities"])
def test_no_picker_on_a_phone_leaves_a_gap_under_the_others(visit: Open, path: str) -> None:
    """They stand in one row that scrolls: the tallest, which may be out of sight, makes its height."""
    page, _ = visit(path, viewport=PHONE)
    ready(page)
    pickers = page.locator(".st-key-pickers > *")
    heights = pickers.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len(heights) > 2
    assert max(heights) - min(heights) < 12
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
