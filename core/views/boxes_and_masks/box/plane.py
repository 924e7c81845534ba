"""The plane with the true box, and the sliders of a predicted box in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.losses import BOX_LOSSES
from core.models.box_descent import edges_of
from core.stage import Live, Slider, Sweep
from core.stage.parameters import SomeOf
from core.views.kit import theme
from core.views.kit.layout import Panel, axis
from core.views.kit.loss_pickers import labels
from core.views.kit.plot import Plot, corners
from core.views.kit.theme import Stroke

WIDE, HIGH = 12.0, 7.0  # of the plane
TRUE = np.array([WIDE / 2, HIGH / 2, 3.0, 2.0])  # the true box at first: its middle, its width and height
TRUTH = Stroke(theme.NEUTRAL)
PREDICTED = Stroke(theme.AMBER)  # no loss of boxes has this hue


def losses_param(*default: str, most: int) -> SomeOf:
    """The picker of some losses of boxes."""
    return SomeOf(name="losses", label="Losses", options=labels(BOX_LOSSES), default=default, most=most)


def slider(name: str, label: str, low: float, high: float, step: float, start: float) -> Slider:
    """A slider of the one-at-a-time sweep, which can be left between its frames."""
    values = np.round(np.arange(low, high + step / 2, step), 4)
    return Slider(name=name, label=label, values=values, start=int(np.abs(values - start).argmin()), recomputed=True,
                  continuous=True)  # fmt: skip


def placed_sliders(start: Sequence[float], *, every: int = 1) -> tuple[Slider, ...]:
    """The sliders of a box's middle, its width and height; `every`: so many times as coarse."""
    x, y, width, height = start
    return (
        slider("x", "Middle of the box across", 0.0, WIDE, 0.25 * every, x),
        slider("y", "Middle of the box up", 0.0, HIGH, 0.25 * every, y),
        slider("width", "Width of the box", 0.2, 6.2, 0.2 * every, width),
        slider("height", "Height of the box", 0.2, 6.2, 0.2 * every, height),
    )


def placed(sweep: Sweep) -> np.ndarray:
    """The box in each run of a sweep of its sliders: its middle and its size, [runs, 4]."""
    return np.stack([sweep.values[name] for name in ("x", "y", "width", "height")], axis=-1)


def edges(x: Any, y: Any, width: Any, height: Any) -> np.ndarray:
    """x1, y1, x2, y2 of boxes given by their middle and size, arrays [...] that broadcast: [..., 4]."""
    return edges_of(np.stack(np.broadcast_arrays(x, y, width, height), axis=-1).astype(float))


def plane_panel(title: str, height: int, phone: int, **how: Any) -> Panel:
    """A plane whose axes have one unit."""
    return Panel(axis("", (0, WIDE)), axis("", (0, HIGH)), title, height, phone, equal=True, **how)


def outline(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the corners of boxes [..., 4], and the gap after them: [..., 6]."""
    return corners(edges[..., 0], edges[..., 2]), corners(edges[..., 1], edges[..., 3], up=True)


def draw_box(plot: Plot, panel: Panel, name: str, edges: np.ndarray, by: Any, look: Stroke, **style: Any) -> int:
    """The outline of a box, in each run or frame: edges [..., 4]."""
    x, y = (Live(part, by) for part in outline(edges))
    return plot.line(panel, name, x, y, look, hoverinfo="skip", **style)


def draw_truth(plot: Plot, panel: Panel, edges: np.ndarray, by: Any = ()) -> None:
    """The true box, shaded."""
    draw_box(plot, panel, "true box", edges, by, TRUTH, fill="toself", fillcolor=theme.faint(TRUTH.colour))
    plot.explain("▮", "true box", TRUTH.colour)
