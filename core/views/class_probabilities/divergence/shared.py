"""What the pictures of two distributions share: their names, their two panels, bars, and their cards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.models.gaussian_fit import FITTED
from core.stage import Card, Live, Slider, Sweep, Text
from core.views.kit import theme
from core.views.kit.cards import loss_cards
from core.views.kit.layout import EDGE, FOOT, Axis, Panel, Rows, axis, rows
from core.views.kit.plot import Plot, corners
from core.views.kit.theme import Stroke

UPPER, LOWER, BETWEEN_PANELS = 250, 170, 48  # pixels
HEIGHT = EDGE + UPPER + BETWEEN_PANELS + LOWER + FOOT
DIVERGENCE_NAMES = dict(zip(FITTED, ("Forward KL", "Reverse KL", "Jensen-Shannon"), strict=True))
P, Q = Stroke(theme.NEUTRAL), Stroke(theme.TEAL)  # of the target and of the model
Steered = Sequence[Sweep | Slider]  # what moves a live array
BAR = 0.36  # width of a bar, where two of them stand side by side at each outcome


def two_panels(
    x: Axis, title: str, ends: Sequence[float], below: str, low_ends: Sequence[float], title_below: str = ""
) -> tuple[Panel, Panel, Rows]:
    """A panel over another one, with one x axis."""
    upper = Panel(x, axis(ends=ends), title, UPPER, 200)
    lower = Panel(x, axis(title_below, low_ends, zeroline=True), below, LOWER, 150)
    return upper, lower, rows([[upper], [lower]], gap=BETWEEN_PANELS)


def bar(
    plot: Plot,
    panel: Panel,
    name: str,
    at: float,
    low: np.ndarray,
    high: np.ndarray,
    by: Steered,
    look: Stroke,
    *,
    up: bool = True,
) -> None:
    """A bar between two numbers, [frames of the sliders]: upright at a place on the x axis, or lying on the y axis."""
    sides, ends = corners(at - BAR / 2, at + BAR / 2, up=not up), Live(corners(low, high, up=up), by)
    x, y = (sides, ends) if up else (ends, sides)
    plot.line(panel, name, x, y, look, width=1, fill="toself", fillcolor=f"{look.colour}b0", hoverinfo="skip")


def divergence_cards(text: Text) -> tuple[Card, ...]:
    """What the picture is about, and the three divergences with their code."""
    return (Card(text=text, wide=True), *loss_cards(tuple(DIVERGENCE_NAMES)))
