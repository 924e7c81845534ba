"""The page of rare classes: how fast its models are made, and how every panel follows a dragged threshold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from playwright.sync_api import Page

from core.models.imbalance.data import SHARE, SHARES, ImbalanceSettings
from core.models.imbalance.measured import model_results
from core.models.objectives import OBJECTIVES
from core.views import VIEWS
from tests.bench.browser import WINDOW, browser
from tests.bench.drag import READY
from tests.bench.race import AT_REST
from tests.bench.report import ROOT, Row
from tests.bench.server import site

PAGE, VIEW = "class-imbalance", VIEWS["imbalance_decisions"]
LABEL = "Decision threshold"
FOUR = ("binary_cross_entropy", "weighted_binary_cross_entropy", "focal", "soft_f1")
SAMPLES, PROCESSES = 200, 3


def measure(quick: bool) -> Iterator[Row]:
    seconds = median(cold() for _ in range(PROCESSES))
    points = len(ImbalanceSettings.of(VIEW.defaults).split(float(SHARES[-1])).train)
    what = f"{len(SHARES)} shares x {len(FOUR)} losses x {points:,} points"
    yield Row(f"imbalance: {what}, fitted and measured, cold", seconds, "s", 1.5, "in a fresh process")
    with site() as server, browser() as opened:
        page = opened.new_page(viewport=WINDOW)
        page.add_init_script(path=Path(__file__).with_name("drag.js"))
        page.goto(f"{server.address}/{PAGE}")
        page.wait_for_selector(READY, state="attached")
        page.wait_for_function(AT_REST)
        yield from dragged(page, SAMPLES // 4 if quick else SAMPLES)


def dragged(page: Page, times: int) -> Iterator[Row]:
    sent = page.evaluate("bench.sent")
    taken = page.evaluate("([label, times]) => bench.followAll(label, times)", [LABEL, times])
    during = page.evaluate("bench.sent") - sent
    losses = len(VIEW.defaults["losses"])
    yield Row("imbalance: threshold to picture, median", median(taken), "ms", 20,
              f"{times} changes, all panels of {losses} losses")  # fmt: skip
    yield Row("imbalance: threshold to picture, 95th percentile", quantiles(taken, n=20)[-1], "ms", 34)
    yield Row("imbalance: WebSocket frames before release", during, "frames", 0)


def cold() -> float:
    """Seconds, in a process that has only imported the code."""
    command = [sys.executable, "-m", "tests.bench.imbalance"]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def fitted() -> float:
    """Seconds that a model of each loss at each share takes, trained and measured."""
    settings = ImbalanceSettings.of(VIEW.defaults)
    begin = perf_counter()
    for key in FOUR:
        params = tuple((param.name, param.starts_at) for param in OBJECTIVES[key].params)
        for share in SHARES:
            if not model_results(settings, float(share), key, params).is_trained:
                raise LookupError(f"{key} has nothing to learn from at a {SHARE} of {share:g}")
    return perf_counter() - begin


if __name__ == "__main__":
    print(fitted())
