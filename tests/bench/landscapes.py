"""Landscapes: how fast they are computed, in how much memory, and how often they are drawn in a drag."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from time import perf_counter

import numpy as np
from playwright.sync_api import Browser

from core.datasets import SHAPE_DATASETS
from core.landscapes import Landscape
from core.landscapes.critical import grid
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model
from core.landscapes.networks import NETWORKS
from core.landscapes.slices import network_slice, random_plane
from core.losses import LOSSES, losses_of
from core.training.trained_network import Recipe, train_network
from tests.bench.browser import WINDOW, browser
from tests.bench.report import Row
from tests.bench.server import site

DRAGGED = {"map": 1000 / 30, "surface": 1000 / 20, "both": 1000 / 20}  # picture -> milliseconds of a repaint at most
SAMPLES = 60
# Moves a slider through its values, one a display frame, and times the frames. A frame counts if it is a new landscape.
FOLLOW = """async ([label, times]) => {
  const plot = document.querySelector('.stage .js-plotly-plot')
  const input = document.getElementById(
    [...document.querySelectorAll('.stage label')].find(node => node.textContent === label).htmlFor)
  const [low, high, step] = [input.min, input.max, input.step].map(Number)
  const stops = Math.round((high - low) / step)
  const shape = () => [...plot.querySelectorAll('.contourlayer path')].map(path => path.getAttribute('d')).join()
    + plot._fullData.filter(trace => trace.type === 'mesh3d').map(trace => trace.z[7] + trace.z[1700]).join()
  const frame = () => new Promise(requestAnimationFrame), taken = []
  let last = await frame(), before = shape()
  for (let i = 1; taken.length < times; i++) {
    const back = Math.floor(i / stops) % 2, at = back ? stops - i % stops : i % stops
    input.value = String(low + step * at)
    input.dispatchEvent(new Event('input', {bubbles: true}))
    const now = await frame(), after = shape()
    if (after !== before) { taken.push(now - last); last = now }
    before = after
  }
  return taken
}"""


def measure(quick: bool) -> Iterator[Row]:
    yield from computed()
    with site() as server, browser() as opened:
        for picture, bound in DRAGGED.items():
            address = f"{server.address}/loss-landscapes?view=line&picture={picture}"
            taken = dragged(opened, address, SAMPLES // 3 if quick else SAMPLES)
            note = f"95th percentile {quantiles(taken, n=20)[-1]:.0f} ms"
            yield Row(f"landscapes: a repaint of the {picture}, median", median(taken), "ms", bound, note)


def computed() -> Iterator[Row]:
    line = fitted_landscape(line_model("tips"), LOSSES["huber"])
    yield Row("landscapes: 101 x 101 on 244 points, Huber", best(line, 101), "ms", 60)
    slowest = max(
        (best(fitted_landscape(line_model("tips"), loss), 101), key) for key, loss in LOSSES.items() if fits(key)
    )
    yield Row("landscapes: the same under the slowest loss", slowest[0], "ms", note=slowest[1])
    data, loss = SHAPE_DATASETS["moons"].load(1), LOSSES["binary_cross_entropy"]
    run = train_network(data, loss, Recipe())
    plane = network_slice(run, data, loss, random_plane(run, 1), "slice", ("a", "b"))
    small, large = best(plane, 51), best(plane, 101)
    yield Row("landscapes: 51 x 51 slice of a 2-16-16-1 network, 200 points", small, "ms")
    yield Row("landscapes: 101 x 101 of it over 51 x 51", large / small, "times", 4.2)
    for name, landscape in (("data-fitted", line), ("slice", plane)):
        yield Row(f"landscapes: memory of 101 x 101, {name}", peak(landscape), "MB", 200)
    seconds = [timed(lambda recipe=recipe: train_network(data, loss, recipe)) for recipe in NETWORKS.values()]
    yield Row("landscapes: training a network, slowest", max(seconds), "s", 3)


def fits(key: str) -> bool:
    loss = LOSSES[key]
    return loss.key in losses_of("regression")


def timed(job: Callable[[], object]) -> float:
    begin = perf_counter()
    job()
    return perf_counter() - begin


def best(landscape: Landscape, size: int) -> float:
    """Milliseconds, the least of a few."""
    points = grid(landscape, size)[2]
    return 1000 * min(timed(lambda: landscape.value(points)) for _ in range(7))


def peak(landscape: Landscape) -> float:
    """MB that one computation has at most, what it returns included."""
    points = np.ascontiguousarray(grid(landscape, 101)[2])
    tracemalloc.start()
    landscape.value(points)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def dragged(opened: Browser, address: str, times: int) -> list[float]:
    """Milliseconds from one repaint of the landscape to the next."""
    page = opened.new_page(viewport=WINDOW)
    try:
        page.goto(address)
        page.wait_for_selector(".stage[data-ready=true]")
        page.wait_for_load_state("networkidle")
        return page.evaluate(FOLLOW, ["Huber δ", times])
    finally:
        page.close()
