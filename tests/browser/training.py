"""How a test looks at the page of training curves: at what is drawn and said, and at what the models say."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.views import VIEWS
from core.views.training_curves.fit_panel import ALONG
from core.views.training_curves.run_figure import RunFigure
from core.views.training_curves.settings import EVERY
from core.views.training_curves.training_sweep import TrainingSweep
from tests.browser.imbalance import number
from tests.browser.stage import SPOTS, TWO_FRAMES, Open, quiet, say, slider_of, spoken
from tests.conftest import Visit

PAGE = "/training-curves"
LOSS, METRIC, GRADIENT, FIT = "x", "x2", "x3", "x4"  # panels of one run, by their x axis
GRADIENT_SIZE, PREDICTION = "x2", "x3"  # panels of several losses
SETS = {"train": "Training", "validation": "Validation"}  # traces, and rows of the key
CURVES = {f"{name} {panel} 0" for name in SETS for panel in (LOSS, METRIC)} | {f"gradient {GRADIENT} 0"}
NOW = {f"{name} now {panel} 0" for name in SETS for panel in (LOSS, METRIC)} | {f"gradient now {GRADIENT} 0"}
PROBES = {f"epoch {panel} 0" for panel in (LOSS, METRIC, GRADIENT)}
LINE = f"fit {FIT} 0"
MAP = {f"score {FIT} 0", f"boundary {FIT} 0"}
ROWS = """() => Object.fromEntries([...document.querySelectorAll('.stage-readings tbody tr')].map(row =>
  [row.querySelector('th').textContent, [...row.querySelectorAll('td')].map(cell => cell.textContent)]))"""


def visited(visit: Open, query: str = "", **options: Any) -> Visit:
    return quiet(visit, PAGE + query, **options)


def idle(page: Page) -> Page:
    """When the page has run, with or without a stage."""
    page.wait_for_function(
        "() => document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'"
    )
    return page


def rows(page: Page) -> dict[str, list[str]]:
    page.evaluate(TWO_FRAMES)
    return page.evaluate(ROWS)


def epoch(page: Page) -> int:
    """The epoch that the timeline stands at."""
    return int(spoken(slider_of(page, "Epoch")))


@cache
def runs(task: str) -> TrainingSweep:
    """What the page shows at its defaults, computed here once more."""
    (found,) = VIEWS[f"{task}_run"].choose().picture.runs({}).values()
    return found


@cache
def along(task: str) -> np.ndarray:
    """Where the curve of a model is drawn."""
    return np.linspace(*RunFigure(runs(task), logarithmic=True).fit.across, ALONG)


def run_at(task: str, key: str, value: float) -> int:
    """The number of the run with one slider moved to this value."""
    return runs(task).sweep.run({key: value})


def agrees(page: Page, task: str, at: int = 0) -> None:
    """The sentence, the numbers and the points on the curves are those of this run at this epoch."""
    now, own = epoch(page), runs(task)
    history, verdict = own.history, own.verdicts[at]
    assert say(page) == verdict.text
    shown = rows(page)
    for curve, name in SETS.items():
        known = [*(getattr(history, column)[at, now] for column in (curve, f"{curve}_metric")), now]
        loss, metric, norm, there = shown[name]
        assert [number(text) for text in (loss, metric, there)] == pytest.approx(known, rel=1e-3)
        if curve == "train":
            assert number(norm) == pytest.approx(history.gradient[at, now], rel=1e-3)
        (point,) = page.evaluate(SPOTS, f"{curve} now {LOSS} 0")
        assert point == pytest.approx([now, known[0]], rel=5e-3, abs=1e-3)


def fits(page: Page, task: str, at: int = 0) -> None:
    """The curve, or the boundary, is that of the model of this epoch: so the model itself says."""
    history, kept = runs(task).history, epoch(page) // EVERY
    if task == "moons":
        places = np.array(page.evaluate(SPOTS, f"boundary {FIT} 0"))
        assert len(places) >= 5
        score = history.predict(slice(at, at + 1), places)[0, kept // 2 * 2]
        np.testing.assert_allclose(score, 0, atol=0.6)  # a grid of 19 x 19
        return
    places = np.array(page.evaluate(SPOTS, LINE))
    fit = history.predict(slice(at, at + 1), along(task)[:, None])[0, kept]
    straight = np.interp(places[:, 0], along(task), fit)  # as the curve is from one point to the next
    np.testing.assert_allclose(places[:, 1], straight, atol=0.03)


def dropped(page: Page, *files: tuple[str, bytes | str]) -> None:
    """Files of these names and contents, dropped at once."""
    page.locator("input[type=file]").set_input_files(
        [
            {
                "name": name,
                "mimeType": "text/csv",
                "buffer": content.encode() if isinstance(content, str) else content,
            }
            for name, content in files
        ]
    )
    for name, _ in files:
        expect(page.locator("[data-testid=stExpander]").filter(has_text=name).first).to_be_visible()
    idle(page)
