"""The stage's modules as a browser loads them unjoined, and its adapter: it makes the same picture of the same numbers
as Plotly itself."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route
from plotly.offline import get_plotlyjs_version

from core.sentences import number_text
from core.stage.files import ASSETS, SOLID, stage_files
from core.stage.standalone import base64_payload
from tests.browser.stage import TWO_FRAMES
from tests.stage.samples import sample

HOME = "http://stage.test"  # answered by `answer`
ADAPTER = (ASSETS / "stage" / "plotly_adapter.js").read_text()
# One trace of every kind that the adapter paints; two of the flat ones have nothing to draw.
FIGURE = """(() => {
  const z = [[0, 1, 2], [1, 3, 2], [0, 1, 4]]
  return {
    data: [
      {name: 'curve', mode: 'lines+markers', x: [1, 2, 3, 4, 5], y: [1, 10, null, 100, 10]},
      {name: 'band', mode: 'lines', fill: 'toself', x: [1, 5, 5, 1], y: [2, 2, 20, 20]},
      {name: 'map', type: 'contour', showscale: false, z, xaxis: 'x2', yaxis: 'y2'},
      {name: 'level', type: 'contour', showscale: false, z, xaxis: 'x2', yaxis: 'y2', autocontour: false,
        contours: {coloring: 'lines', start: 1.5, end: 1.5, size: 1}},
      {name: 'surface', type: 'mesh3d', x: [0, 1, 0, 1], y: [0, 0, 1, 1], z: [0, 1, 1, 0.5],
        i: [0, 1], j: [1, 2], k: [2, 3]},
      {name: 'late', mode: 'lines+markers', x: [null, null, null], y: [null, null, null]},
      {name: 'empty', type: 'contour', showscale: false, z: [[null, null], [null, null]], xaxis: 'x2', yaxis: 'y2'},
      {name: 'gaps', type: 'contour', showscale: false, z: [[0, 1, null], [1, 3, 2], [null, 1, 4]], xaxis: 'x2',
        yaxis: 'y2'},
      {name: 'pixels', type: 'heatmap', showscale: false, z, zmin: 0, zmax: 4, xaxis: 'x2', yaxis: 'y2'},
    ],
    layout: {
      width: 900, height: 400, showlegend: false,
      xaxis: {domain: [0, 0.3], range: [0, 6]}, yaxis: {type: 'log', range: [0, 2.5]},
      xaxis2: {domain: [0.35, 0.65], anchor: 'y2'}, yaxis2: {anchor: 'x2'},
      scene: {domain: {x: [0.7, 1], y: [0, 1]}, camera: {eye: {x: 1.2, y: 1.3, z: 1.4}}, aspectmode: 'cube',
        zaxis: {range: [0, 2]}},
    },
  }
})()"""
CURVE, BAND, MAP, LEVEL, SURFACE, LATE, EMPTY, GAPS, PIXELS = range(9)
# The figure with these rows of one trace, drawn by Plotly in an element of its own.
SETUP = f"""
window.drawn = async (trace, rows) => {{
  document.querySelector('main')?.remove()
  const plot = document.createElement('main')
  document.body.append(plot)
  const figure = {FIGURE}
  if (trace !== undefined) Object.assign(figure.data[trace], rows)
  await Plotly.newPlot(plot, figure.data, figure.layout, {{displayModeBar: true}})
  return plot
}}
window.paths = (plot, part) => [...plot.querySelectorAll(`${{part}} path`)]
  .map(path => [path.getAttribute('d'), path.getAttribute('transform'), path.style.display])
"""
SCATTER, CONTOUR = "'.scatterlayer'", "'.contourlayer'"


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(HOME)
    if path == "/":
        route.fulfill(body="<!DOCTYPE html><title>Stage</title><body></body>", content_type="text/html")
    else:
        route.fulfill(body=(ASSETS / path.removeprefix("/")).read_text(), content_type="text/javascript")


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Page]:
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{HOME}/**", answer)
    page.goto(HOME)
    page.add_script_tag(content=stage_files()[SOLID].content.decode())
    page.add_script_tag(content=SETUP)
    page.evaluate("async () => { window.adapter = await import('/stage/plotly_adapter.js') }")
    yield page
    page.context.close()
    assert errors == []


@pytest.fixture
def plot(opened: Page) -> Page:
    """A page with the figure as `window.plot`."""
    opened.evaluate("async () => { window.plot = await drawn() }")
    return opened


def again(page: Page, trace: int, rows: dict[str, Any], look: str) -> Any:
    """What `look` finds in the figure that Plotly draws with other rows of one trace."""
    return page.evaluate(f"async ([trace, rows]) => paths(await drawn(trace, rows), {look})", [trace, rows])


def test_checked_with_the_release_that_is_bundled(opened: Page) -> None:
    checked = re.search(r"CHECKED_WITH = '([\d.]+)'", ADAPTER)[1]
    assert checked == get_plotlyjs_version() == opened.evaluate("Plotly.version"), (
        "a new plotly.js: run tests/browser, then write its version into assets/stage/plotly_adapter.js"
    )


def test_every_function_of_the_adapter_is_tested_here() -> None:
    exported = re.findall(r"^export (?:const|function) ([a-z]\w+)", ADAPTER, re.MULTILINE)
    assert len(exported) == len(re.findall("^export", ADAPTER, re.MULTILINE)) - 1  # and CHECKED_WITH
    for name in exported:
        assert "test_" + re.sub("[A-Z]+[a-z]*", lambda part: "_" + part[0].lower(), name) in globals()


def test_the_modules_show_a_stage_without_being_joined(opened: Page) -> None:
    opened.evaluate(
        """async packed => {
          const module = await import('/stage/main.js')
          const root = document.createElement('section')
          document.body.append(root)
          await module.open(root, packed, {})
        }""",
        base64_payload(sample()),
    )
    assert opened.locator(".stage[data-ready] path.js-line").first.get_attribute("d")
    opened.evaluate("document.querySelector('.stage').parentElement.remove()")


def test_a_number_is_written_as_in_the_sentences_of_the_server(opened: Page) -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=4000) * 10.0 ** rng.integers(-12, 12, 4000)
    ties = [sign * (whole + part) for whole in (1, 100, 999, 1234) for part in (0.25, 0.5) for sign in (1, -1)]
    numbers = [0.0, -0.0, 999.96, 9.99996e-5, 9999999.6, 1e300, -1e-300, *ties, *numbers.tolist()]
    texts = opened.evaluate(
        "async numbers => { const {numberText} = await import('/stage/numbers.js'); return numbers.map(numberText) }",
        numbers,
    )
    assert texts == [number_text(number) for number in numbers]


def test_is_drawn(plot: Page) -> None:
    assert plot.evaluate("[adapter.isDrawn(plot), adapter.isDrawn(document.createElement('div'))]") == [True, False]


def test_is_visible(plot: Page) -> None:
    seen = plot.evaluate("plot.data.map((_, trace) => adapter.isVisible(plot, trace))")
    assert [trace for trace, visible in enumerate(seen) if not visible] == [EMPTY]


def test_is_on_modebar(plot: Page) -> None:
    nodes = "[plot.querySelector('.modebar-btn path'), plot.querySelector('.nsewdrag')]"
    assert plot.evaluate(f"{nodes}.map(adapter.isOnModebar)") == [True, False]


def test_axes_of(plot: Page) -> None:
    """Pixels as Plotly has put the points, on a log axis too; the box of the panel, before and after it is resized."""
    places = f"""() => {{
      const [x, y] = adapter.axesOf(plot, {CURVE})
      const points = [...plot.querySelectorAll('.scatterlayer .point')].slice(0, 2)
        .map(point => /translate\\(([\\d.]+),([\\d.]+)\\)/.exec(point.getAttribute('transform')).slice(1).map(Number))
      const box = plot.querySelector('.nsewdrag').getBoundingClientRect(), own = plot.getBoundingClientRect()
      return {{
        points: points.flat(), pixels: [x.pixel(1), y.pixel(1), x.pixel(2), y.pixel(10)],
        back: [x.value(x.pixel(3)), y.value(y.pixel(30))],
        ours: [x.offset, y.offset, x.length, y.length], nowhere: !Number.isFinite(y.pixel(0)),
        box: [box.left - own.left, box.top - own.top, box.width, box.height],
      }}
    }}"""
    before = plot.evaluate(places)
    plot.evaluate("Plotly.relayout(plot, {width: 700})")
    after = plot.evaluate(places)
    assert after["box"] != before["box"]
    for found in (before, after):
        assert found["pixels"] == pytest.approx(found["points"], abs=0.01)
        assert found["ours"] == pytest.approx(found["box"], abs=1)
        assert found["back"] == pytest.approx([3, 30], rel=1e-3)
        assert found["nowhere"]


def test_scatter_parts(plot: Page) -> None:
    """Of the curve's two lines, before and after the gap, one path stays; the band has a fill and no points."""
    found = plot.evaluate(
        f"""() => [{CURVE}, {BAND}, {LATE}].map(trace => {{
          const group = plot.querySelector(`.trace${{plot._fullData[trace].uid}}`)
          const lines = () => group?.querySelectorAll('.js-line').length ?? 0
          const before = lines(), {{line, fill, points, hasPoints}} = adapter.scatterParts(plot, trace)
          const holds = node => Boolean(node && group.contains(node))
          return [before, lines(), holds(line), holds(fill), points.length, hasPoints]
        }})"""
    )
    assert found == [[2, 1, True, False, 4, True], [1, 1, True, True, 0, False], [0, 0, False, False, 0, True]]


def test_with_other_panels(plot: Page) -> None:
    for traces, found in (([BAND], [BAND, MAP]), ([GAPS, LATE], [GAPS, LATE]), ([MAP], [MAP, CURVE])):
        assert plot.evaluate("traces => adapter.withOtherPanels(plot, traces)", traces) == found


def test_paint_new_scatter(plot: Page) -> None:
    rows = {"x": [1, 2, 4], "y": [5, 50, 20]}
    before = plot.evaluate(f"paths(plot, {SCATTER})")
    plot.evaluate("([trace, rows]) => adapter.paintNewScatter(plot, trace, rows)", [LATE, rows])
    painted = plot.evaluate(f"paths(plot, {SCATTER})")
    assert len(painted) == len(before) + 1 + 3
    assert painted == again(plot, LATE, rows, SCATTER)


@pytest.mark.parametrize(
    ("trace", "z"),
    [
        (MAP, [[5, 1, 2], [0, 2, 2], [3, 1, 0]]),
        (LEVEL, [[5, 1, 2], [0, 2, 2], [3, 1, 0]]),
        (GAPS, [[5, 1, None], [0, 2, 2], [None, 1, None]]),  # a gap where there was none: Plotly fills all of them
    ],
)
def test_paint_maps(trace: int, z: list[list[int | None]], plot: Page) -> None:
    rows = {"z": z}
    before = plot.evaluate(f"paths(plot, {CONTOUR})")
    paint = "([trace, rows]) => { adapter.setMap(plot, trace, rows); adapter.paintMaps(plot, [trace]) }"
    plot.evaluate(paint, [trace, rows])
    painted = plot.evaluate(f"paths(plot, {CONTOUR})")
    # Contours of the same steps: it is Plotly that chooses them, and only when it draws the whole figure.
    steps = plot.evaluate(
        "trace => { const {start, end, size} = plot._fullData[trace].contours; return {start, end, size} }", trace
    )
    kept = {"autocontour": False, "contours": steps | ({"coloring": "lines"} if trace == LEVEL else {})}
    colours = {} if trace == LEVEL else {"zmin": 0, "zmax": 4}
    assert painted != before
    assert painted == again(plot, trace, rows | kept | colours, CONTOUR)


def test_paint_maps_with_gaps(plot: Page) -> None:
    """Lines go straight on into the gaps, as with these heights there, and are cut off where Plotly cuts them off."""
    fills, cuts = "'.contourlayer .contourfill'", "'clipPath'"
    rows, on = {"z": [[5, 1, None], [0, 2, 2], [None, 1, 0]]}, {"z": [[5, 1, 0.5], [0, 2, 2], [-1.5, 1, 0]]}
    plot.evaluate(f"rows => {{ adapter.setMap(plot, {GAPS}, rows); adapter.paintMaps(plot, [{GAPS}]) }}", rows)
    painted, cut = (plot.evaluate(f"paths(plot, {part})") for part in (fills, cuts))
    steps = plot.evaluate(
        f"() => {{ const {{start, end, size}} = plot._fullData[{GAPS}].contours; return {{start, end, size}} }}"
    )
    kept = {"autocontour": False, "contours": steps, "zmin": 0, "zmax": 4}
    assert painted == again(plot, GAPS, on | kept, fills)
    assert len(cut) > 0
    assert cut == again(plot, GAPS, rows | kept, cuts)


def test_paint_maps_of_pixels(plot: Page) -> None:
    """The picture that Plotly draws of the same heights; the contours of the panel stay as they are."""
    rows = {"z": [[0, 4, 1], [2, 2, 0], [1, 3, 4]]}
    images = "plot => [...plot.querySelectorAll('.heatmaplayer image')].map(image => image.getAttribute('href'))"
    before = plot.evaluate(f"({images})(plot)"), plot.evaluate(f"paths(plot, {CONTOUR})")
    paint = "([trace, rows]) => { adapter.setMap(plot, trace, rows); adapter.paintMaps(plot, [trace]) }"
    plot.evaluate(paint, [PIXELS, rows])
    painted = plot.evaluate(f"({images})(plot)"), plot.evaluate(f"paths(plot, {CONTOUR})")
    assert len(painted[0]) == 1
    assert painted[0] != before[0]
    assert painted[1] == before[1]
    assert painted[0] == plot.evaluate(f"async ([trace, rows]) => ({images})(await drawn(trace, rows))", [PIXELS, rows])


def test_set_map(plot: Page) -> None:
    """A level line moves to another height of the same map."""
    plot.evaluate(f"adapter.setMap(plot, {LEVEL}, {{level: [2.5]}})")
    plot.evaluate(f"adapter.paintMaps(plot, [{LEVEL}])")
    painted = plot.evaluate(f"paths(plot, {CONTOUR})")
    rows = {"contours": {"coloring": "lines", "start": 2.5, "end": 2.5, "size": 1}}
    assert painted == again(plot, LEVEL, rows, CONTOUR)
    assert painted != again(plot, LEVEL, {}, CONTOUR)


def test_paint_mesh(plot: Page) -> None:
    """The surface as it looks on the screen, and as Plotly draws the same heights. They reach as high as before: a
    scene's light and ticks follow only when Plotly draws it."""

    def screen(last: bytes = b"") -> bytes:
        """Once it stands still."""
        plot.evaluate(TWO_FRAMES)
        now = plot.locator("main").screenshot()
        return now if now == last else screen(now)

    before, rows = screen(), {"z": [1, 0.2, 0, 0.6]}
    assert plot.evaluate("([trace, rows]) => adapter.paintMesh(plot, trace, rows)", [SURFACE, rows])
    painted = screen()
    again(plot, SURFACE, rows, CONTOUR)
    assert painted != before
    assert painted == screen()
    assert not plot.evaluate(
        f"""async () => {{
          const flat = await drawn({SURFACE}, {{visible: false}})
          return adapter.paintMesh(flat, {SURFACE}, {{}})
        }}"""
    )


def test_track_cameras(plot: Page) -> None:
    """Every movement of a camera is noted, also one that Plotly is not told of. More: test_camera.py."""
    cameras = plot.evaluate(
        """async () => {
          const cameras = {}
          adapter.trackCameras(plot, cameras, plot.layout)
          const scene = plot._fullLayout.scene._scene
          const {camera} = plot._fullLayout.scene
          scene.setViewport({...plot._fullLayout.scene, camera: {...camera, eye: {x: 2, y: 0, z: 1}}})
          await new Promise(done => setTimeout(done, 300))
          return [cameras.scene, plot.layout.scene.camera]
        }"""
    )
    for camera in cameras:
        assert [camera["eye"][axis] for axis in "xyz"] == pytest.approx([2, 0, 1], abs=1e-6)
