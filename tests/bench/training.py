"""Training curves: how fast the runs are trained, how the picture follows the epoch and the rate, and a large log."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np
from playwright.sync_api import Browser

from core.logs import read_log
from core.logs.own_run import OwnRun
from core.stage.standalone import base64_payload
from core.training import Perceptron, Plan, train_runs
from core.training.tasks import TASKS
from core.views import VIEWS
from core.views.training_curves.own_figure import own_stage
from core.views.training_curves.settings import EPOCHS, EVERY
from core.views.training_curves.training_sweep import examples, setting_of
from tests.bench.browser import WINDOW, browser
from tests.bench.drag import READY
from tests.bench.race import AT_REST
from tests.bench.report import ROOT, Row
from tests.bench.server import site

PAGE, VIEW = "training-curves", VIEWS["wave_run"]
RUNS, POINTS, ROWS = 30, 200, 200_000
SAMPLES, PROCESSES = 200, 3
FOLLOWED = {  # what is dragged: its label, the address, and the curve; None is every panel, maps too
    "scrub": ("Epoch", "", "fit"),
    "scrub over a map": ("Epoch", "?task=moons", None),
    "rate": ("Learning rate", "", "train"),
}
# The timeline leaves the verdict alone, so of all that bench.followAll looks at only the panels are looked at here.
PANELS = "document.querySelectorAll('.stage .stage-summary').forEach(notice => { notice.className = '' })"


def measure(quick: bool) -> Iterator[Row]:
    seconds = median(cold("fitted") for _ in range(PROCESSES))
    what = f"{RUNS} runs of 1-16-16-1, {POINTS} points, {EPOCHS} epochs"
    yield Row(f"training: {what}, cold", seconds, "s", 2.5, "in a fresh process")
    seconds = median(cold("logged") for _ in range(PROCESSES))
    yield Row(f"training: a log of {ROWS:,} rows, read, thinned and packed", seconds, "s", 2, "in a fresh process")
    with site() as server, browser() as opened:
        for what in FOLLOWED:
            yield from dragged(opened, server.address, what, SAMPLES // 4 if quick else SAMPLES)


def dragged(opened: Browser, address: str, what: str, times: int) -> Iterator[Row]:
    label, query, curve = FOLLOWED[what]
    page = opened.new_page(viewport=WINDOW)
    try:
        page.add_init_script(path=Path(__file__).with_name("drag.js"))
        page.goto(f"{address}/{PAGE}{query}")
        page.wait_for_selector(READY, state="attached")
        page.wait_for_function(AT_REST)
        sent = page.evaluate("bench.sent")
        if curve is None:
            page.evaluate(PANELS)
            taken = page.evaluate("([label, times]) => bench.followAll(label, times)", [label, times])
        else:
            taken = page.evaluate("([label, curve, times]) => bench.follow(label, curve, times)", [label, curve, times])
        during = page.evaluate("bench.sent") - sent
    finally:
        page.close()
    followed = f'"{curve}"' if curve else "all panels"
    yield Row(f"training: {what} to picture, median", median(taken), "ms", 20, f"{times} changes, {followed}")
    yield Row(f"training: {what} to picture, 95th percentile", quantiles(taken, n=20)[-1], "ms", 34)
    yield Row(f"training: {what}, WebSocket frames before release", during, "frames", 0)


def cold(job: str) -> float:
    """Seconds, in a process that has only imported the code."""
    command = [sys.executable, "-m", "tests.bench.training", job]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def fitted() -> float:
    """Seconds of training, each run at a rate and from a start of its own; models are kept as on the page."""
    train, validation = examples(TASKS["wave"], POINTS, 0.3, 1, 0.0)
    rates = np.geomspace(1e-3, 0.1, RUNS)
    plans = [Plan(model=Perceptron((16, 16)), lr=float(lr), seed=seed) for seed, lr in enumerate(rates)]
    begin = perf_counter()
    found = train_runs(
        setting_of(VIEW.defaults), plans, [train] * RUNS, [validation] * RUNS,
        keep=EPOCHS // EVERY + 1, precision=np.float32,
    )  # fmt: skip
    seconds = perf_counter() - begin
    if not (found.train[:, -1] < found.train[:, 0]).all():
        raise LookupError("a run has learned nothing")
    return seconds


def logged() -> float:
    """Seconds from the bytes of a log to what the browser gets."""
    numbers = np.random.default_rng(1).lognormal(size=(ROWS, 2)) * np.geomspace(1, 0.01, ROWS)[:, None]
    numbers[ROWS // 3, 0] = 1e3  # a spike of one row
    lines = (f"{row},{own!r},{other!r}" for row, (own, other) in enumerate(numbers.tolist()))
    content = "\n".join(["step,loss,val_loss", *lines]).encode()
    begin = perf_counter()
    log = read_log("own.csv", content)
    stage = own_stage([OwnRun(log.name, log.runs[0])], logarithmic=False)
    base64_payload(stage)
    seconds = perf_counter() - begin
    if not any(np.nanmax(live.array) == 1e3 for live in stage.drawn("loss", "y")):
        raise LookupError("the spike is lost")
    return seconds


if __name__ == "__main__":
    print({"fitted": fitted, "logged": logged}[sys.argv[1]]())
