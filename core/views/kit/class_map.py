"""What pictures of several classes share: a map of where each of them wins, and the confusion matrix as a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from core.stage import Cell, Grid, Live, Text
from core.views.kit import theme
from core.views.kit.layout import Panel
from core.views.kit.plot import Plot, Shown
from core.views.kit.theme import Stroke

FILLS = {"start": 0.0, "end": 1.0, "size": 0.1, "coloring": "fill", "showlines": False}
LINE = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}
PLAIN: dict[str, Any] = {"autocontour": False, "showscale": False, "hoverinfo": "skip"}
STRENGTH = 0.5  # opacity of the colours: points are seen on them


def draw_leads(plot: Plot, panel: Panel, x: Shown, y: Shown, leads: Sequence[Live], look: Stroke) -> None:
    """How far each class's probability is ahead of the highest other: its colour where it is, and the boundaries.

    leads: of each class, on the grid of x and y.
    """
    for lead, (colour, _) in zip(leads, theme.THREE_CLASSES, strict=True):
        scale = theme.rising(colour)
        fills = go.Contour(name="lead", contours=FILLS, zmin=0, zmax=1, colorscale=scale, opacity=STRENGTH, **PLAIN)
        plot.add(panel, fills, x=x, y=y, z=lead)
    stroke = {"color": look.colour, "width": 2}
    for lead in leads[1:]:  # every boundary is one of these classes'
        scale = [[0, look.colour], [1, look.colour]]
        line = go.Contour(name="boundary", contours=LINE, line=stroke, colorscale=scale, **PLAIN)
        plot.add(panel, line, x=x, y=y, z=lead)


class Count(NamedTuple):
    """A cell of a confusion matrix: how many examples, which share of their true class, and whether that is right."""

    number: Live
    share: Live
    right: bool


def confusion_grid(name: str, look: Stroke, columns: Sequence[str], rows: Mapping[str, Sequence[Count]]) -> Grid:
    """A confusion matrix, a row for each true class; a bar is as long as the cell's share of its row."""
    cells = {
        row: tuple(Cell(Text("{}", one.number), one.share, theme.RIGHT if one.right else theme.WRONG) for one in counts)
        for row, counts in rows.items()
    }
    return Grid(name=name, colour=look.colour, dash=look.dash, columns=tuple(columns), rows=tuple(cells.items()))
