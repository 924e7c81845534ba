"""A first visit in Chromium with an empty cache: bytes that travel, and when the first chart stands there, beside a
minimal st.plotly_chart page's in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser

from tests.bench.browser import WINDOW, browser
from tests.bench.report import Row
from tests.bench.server import bare, site

MINIMAL = """
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(x=[0, 1, 2], y=[0, 1, 4], mode="lines")))
"""
VISITS = 7
QUIET = 1500  # ms without a request, after which a page has loaded
# From the start of the navigation to the end of rendering of the first frame with a drawn line in the chart.
WATCH = """
window.charted = new Promise(resolve => {
  const look = () => requestAnimationFrame(() => {
    if (![...document.querySelectorAll('%s path.js-line')].some(path => path.getAttribute('d'))) return look()
    const {port1, port2} = new MessageChannel()
    port1.onmessage = () => { port1.close(); resolve(performance.now()) }
    port2.postMessage(null)
  })
  look()
})
"""
PAGES = {"site": ("/loss-curves", ".stage[data-ready=true]"), "minimal": ("/", "[data-testid=stPlotlyChart]")}


def measure(quick: bool) -> Iterator[Row]:
    times: dict[str, list[float]] = {"site": [], "minimal": []}
    sizes: dict[str, float] = {}
    with site() as app, bare(MINIMAL) as plain, browser() as opened:
        for _ in range(2 if quick else VISITS):
            for name, server in (("minimal", plain), ("site", app)):
                path, chart = PAGES[name]
                seconds, sizes[name] = visit(opened, server.address + path, chart)
                times[name].append(seconds)
    ours, theirs = median(times["site"]), median(times["minimal"])
    note = f"{len(times['site'])} visits each"
    yield Row("load: /loss-curves, transferred", sizes["site"] / 1e6, "MB", 2.8)
    yield Row("load: minimal st.plotly_chart, transferred", sizes["minimal"] / 1e6, "MB")
    yield Row("load: first chart over the minimal page's", ours / theirs, "times", 1, note)
    yield Row("load: /loss-curves, first chart", ours, "ms")
    yield Row("load: minimal st.plotly_chart, first chart", theirs, "ms")


def visit(opened: Browser, address: str, chart: str) -> tuple[float, float]:
    """Milliseconds to the first chart, and bytes of all answers as they came over the wire."""
    context = opened.new_context(viewport=WINDOW)  # a context has its own, empty cache
    try:
        page = context.new_page()
        sizes: list[float] = []
        network = context.new_cdp_session(page)
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        network.send("Network.enable")
        page.add_init_script(WATCH % chart)
        page.goto(address, wait_until="commit")
        charted = page.evaluate("charted")
        seen = -1
        while seen != len(sizes):
            seen = len(sizes)
            page.wait_for_timeout(QUIET)
        return charted, sum(sizes)
    finally:
        context.close()
