"""The race: how fast it is computed, how it plays over its map, and how it follows a dragged learning rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page

from core.descent import descend, in_parallel
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.stage.encode import payload
from core.views import VIEWS
from core.views.gradient_descent.sliders import RATES
from tests.bench.browser import WINDOW, browser
from tests.bench.drag import IDLE, READY
from tests.bench.landscapes import timed
from tests.bench.report import Row
from tests.bench.server import site
from tests.views.gradient_descent.races import race_of

SIX = ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
CHOICE = {"landscape": "rosenbrock", "optimizers": ",".join(SIX)}
PATH = "/gradient-descent?" + "&".join(f"{name}={text}" for name, text in CHOICE.items())
STEPS, FRAMES, SAMPLES = 200, 400, 200
TORCH = 1800.0  # ms: the torch.optim loop of Adam, one rate after the other, on the machine of PLATFORM.md
AT_REST = f"() => {IDLE}"  # as a function: the page's policy lets no expression be asked for again and again
# Milliseconds between display frames while the race plays, of which each shows another step; and how many fills the map
# has in them at least. Looking at the map takes time, so it is looked at now and then.
PLAY = """async frames => {
  const stage = document.querySelector('.stage'), fills = () => [...stage.querySelectorAll('.contourfill path')]
    .filter(path => path.getAttribute('d') && getComputedStyle(path).fill !== 'none').length
  const frame = () => new Promise(requestAnimationFrame), taken = [], seen = []
  let last = await frame()
  for (let i = 0; i < frames; i++) {
    const now = await frame()
    taken.push(now - last)
    last = now
    if (i % 50 === 0) { seen.push(fills()); last = await frame() }
  }
  return {taken, fills: Math.min(...seen), step: Number(stage.querySelector('.stage-timeline input').value)}
}"""


def measure(quick: bool) -> Iterator[Row]:
    yield from computed()
    with site() as server, browser() as opened:
        page = opened.new_page(viewport=WINDOW)
        page.add_init_script(path=Path(__file__).with_name("drag.js"))
        page.goto(server.address + PATH)
        page.wait_for_selector(READY, state="attached")
        page.wait_for_function(AT_REST)
        yield from played(page, FRAMES // 4 if quick else FRAMES)
        yield from dragged(page, SAMPLES // 4 if quick else SAMPLES)


def computed() -> Iterator[Row]:
    landscape, start = LANDSCAPES["rosenbrock"], [-1.52, 2.28]
    six = in_parallel(OPTIMIZERS[key] for key in SIX)
    rates = {key: {"lr": RATES} for key in SIX}
    whole = best(lambda: descend(six, landscape, start, STEPS, **rates))
    yield Row(f"race: six optimizers x {len(RATES)} rates x {STEPS} steps", whole, "ms", 60)
    adam = best(lambda: descend(OPTIMIZERS["adam"], landscape, start, STEPS, lr=RATES))
    note = f"torch.optim: {TORCH:,.0f} ms, measured once"
    yield Row(f"race: Adam, {len(RATES)} rates x {STEPS} steps", adam, "ms", TORCH / 300, note)
    view = VIEWS["textbook_race"]
    choice = view.choose(**{name: view.param(name).read(text) for name, text in CHOICE.items()})
    race = race_of(choice)
    yield Row(
        "race: all that a person can see by one slider, six optimizers", best(lambda: replace(race).descent), "ms",
        note=f"{race.descent.values[0].size} runs of {STEPS} steps",
    )  # fmt: skip
    yield Row("race: six optimizers, compressed", len(payload(choice.stage)) / 1000, "kB", 700)


def best(job: Callable[[], object]) -> float:
    """Milliseconds, the least of a few."""
    return 1000 * min(timed(job) for _ in range(9))


def played(page: Page, frames: int) -> Iterator[Row]:
    page.get_by_label("Speed").select_option("2")  # 80 steps a second: every frame of the display shows another
    page.get_by_role("button", name="Loop", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.stage-pause')")
    shown = page.evaluate(PLAY, frames)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_label("Step", exact=True).press("End")
    page.wait_for_function(AT_REST)
    if not shown["fills"]:
        raise LookupError("the map vanished while the race was played")
    taken, note = shown["taken"], f"{frames} frames, {shown['fills']} fills of the map in each"
    yield Row("race: playback of six optimizers, median frame", median(taken), "ms", 17, note)
    yield Row("race: playback, 95th percentile", quantiles(taken, n=20)[-1], "ms", 20)


def dragged(page: Page, times: int) -> Iterator[Row]:
    sent = page.evaluate("bench.sent")
    taken = page.evaluate("([label, curve, times]) => bench.follow(label, curve, times)",
                          ["Learning rate", "Adam", times])  # fmt: skip
    during = page.evaluate("bench.sent") - sent
    yield Row("race: rate to picture, median", median(taken), "ms", 20, f"{times} changes, {STEPS} steps of six")
    yield Row("race: rate to picture, 95th percentile", quantiles(taken, n=20)[-1], "ms", 34)
    yield Row("race: WebSocket frames before release", during, "frames", 0)
