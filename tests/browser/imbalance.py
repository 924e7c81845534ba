"""How a test looks at the page of rare classes: at every trace, at every number, and at what they must be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from scipy.special import logit

from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.measured import scores, trained_model
from core.models.objectives import OBJECTIVES
from core.views import VIEWS
from tests.browser.stage import SPOTS, TWO_FRAMES, Open, quiet, slider_of, spoken
from tests.conftest import Visit
from tests.views.class_imbalance.shown import SHIFTED

PAGE, LABEL = "/class-imbalance", "Decision threshold"
DEFAULTS = VIEWS["imbalance_decisions"].defaults
LOSSES = DEFAULTS["losses"]
NAMES = [OBJECTIVES[key].short for key in LOSSES]
BCE, WEIGHTED, FOCAL = NAMES
MAPS, SCORES, SHARED = ("x", "x2", "x3"), ("x4", "x5", "x6"), ("x7", "x8", "x9")  # panels, by their x axis
PRECISION, ROC, CALIBRATION = SHARED
AT_THRESHOLD = {f"at the threshold {panel} {number}" for panel in SHARED for number in range(3)}
# What each loss has of its own, to draw: on its map, among its scores, and on the panels that all share.
OWN = [
    {f"{name} {MAPS[at]} 0" for name in ("score", "boundary")}
    | {f"{name} {SCORES[at]} 0" for name in ("class 0", "class 1", "Cheapest", "Best F1")}
    | {f"{name} {panel} 0" for panel in SHARED}
    | ({f"{name} corrected {CALIBRATION} 0"} if LOSSES[at] in SHIFTED else set())
    | {f"at the threshold {panel} {at}" for panel in SHARED}
    | {f"{mark} {panel} {at}" for mark in ("Cheapest", "Best F1") for panel in (PRECISION, ROC)}
    for at, name in enumerate(NAMES)
]
BEST = {f"{mark} {panel} {at}" for mark in ("Cheapest", "Best F1") for panel in (PRECISION, ROC) for at in range(3)}
TEXTS = """() => {
  const text = node => node.textContent, rows = {}, grids = {}
  for (const row of document.querySelectorAll('.stage-readings tbody tr'))
    rows[text(row.querySelector('th'))] = [...row.querySelectorAll('td')].map(text)
  for (const grid of document.querySelectorAll('.stage-grid'))
    grids[text(grid.caption)] = [...grid.querySelectorAll('tbody td')]
      .map(cell => [text(cell), Number(cell.style.getPropertyValue('--share'))])
  return {rows, grids, summary: text(document.querySelector('.stage-summary'))}
}"""


def visited(visit: Open, query: str = "", **options: Any) -> Visit:
    return quiet(visit, PAGE + query, **options)


def texts(page: Page) -> dict[str, Any]:
    page.evaluate(TWO_FRAMES)
    return page.evaluate(TEXTS)


def standing(page: Page) -> float:
    """The threshold that the slider stands at."""
    return float(spoken(slider_of(page, LABEL)))


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-").replace("–", "nan"))


def confusion_by_hand(
    key: str, threshold: float, share: float = 0.01, query: str = "", **params: float
) -> dict[str, int]:
    """The confusion counts of a model on the test set, counted here once more."""
    settings = ImbalanceSettings.of(DEFAULTS | dict(part.split("=") for part in query.split("&") if part))
    own = tuple((param.name, params.get(param.name, param.starts_at)) for param in OBJECTIVES[key].params)
    data = settings.split(share).test
    called = scores(settings, share, trained_model(settings, share, key, own), data.features) >= logit(threshold)
    true = data.target == 1
    return {"tp": (called & true).sum(), "fp": (called & ~true).sum(),
            "fn": (~called & true).sum(), "tn": (~called & ~true).sum()}  # fmt: skip


def agrees(page: Page, name: str, at: int, c: dict[str, int], cost: float = 10) -> None:
    """Everything that is shown of a loss at the threshold is what was counted."""
    shown = texts(page)
    (fn, missed), (tp, found), (tn, kept), (fp, alarms) = shown["grids"][name]
    assert [number(text) for text in (tp, fp, fn, tn)] == [c[cell] for cell in ("tp", "fp", "fn", "tn")]
    positives, negatives = c["tp"] + c["fn"], c["fp"] + c["tn"]
    shares = [c["tp"] / positives, c["fn"] / positives, c["fp"] / negatives, c["tn"] / negatives]
    assert [found, missed, alarms, kept] == pytest.approx(shares, rel=1e-3)
    precision = c["tp"] / (c["tp"] + c["fp"]) if c["tp"] + c["fp"] else np.nan
    right = (c["tp"] + c["tn"]) / (positives + negatives)
    dear = (cost * c["fn"] + c["fp"]) / (positives + negatives)
    expected = [precision, shares[0], right, dear]
    assert [number(text) for text in shown["rows"][name]] == pytest.approx(expected, rel=1e-3, nan_ok=True)
    assert f"{name} finds {c['tp']:,} of {positives:,} positives (false positives: {c['fp']:,})" in shown["summary"]
    points = [[shares[0], precision]] * (not np.isnan(precision))
    assert page.evaluate(SPOTS, f"at the threshold {PRECISION} {at}") == [pytest.approx(p, abs=2e-3) for p in points]
    (point,) = page.evaluate(SPOTS, f"at the threshold {ROC} {at}")
    assert point == pytest.approx([shares[2], shares[0]], abs=2e-3)


def lines_are_at(page: Page, threshold: float, share: float = 0.01, query: str = "", only: int | None = None) -> None:
    """The boundary of each map, and each line through the scores, is where the threshold is."""
    settings = ImbalanceSettings.of(DEFAULTS | dict(part.split("=") for part in query.split("&") if part))
    for at, key in enumerate(LOSSES):
        if only not in (None, at):
            continue
        fit = trained_model(
            settings, share, key, tuple((param.name, param.starts_at) for param in OBJECTIVES[key].params)
        )
        places = np.array(page.evaluate(SPOTS, f"boundary {MAPS[at]} 0"))
        assert len(places) >= 5
        np.testing.assert_allclose(scores(settings, share, fit, places), logit(threshold), atol=0.05)
        line = np.array(page.evaluate(SPOTS, f"threshold {SCORES[at]} 0"))
        np.testing.assert_allclose(line[:, 0], logit(threshold), atol=0.05)
    line = np.array(page.evaluate(SPOTS, f"threshold in probability {CALIBRATION} 0"))
    np.testing.assert_allclose(line[:, 0], threshold, atol=5e-3)
