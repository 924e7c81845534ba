"""The panel of the data: the examples, and what models make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Live
from core.training import Examples
from core.views.kit import theme
from core.views.kit.layout import Panel, axis
from core.views.kit.plot import Plot
from core.views.training_curves.training_sweep import TrainingSweep

ALONG, CELLS = 91, 19  # points of a fitted curve; of a map along each side
SPARSE = 2  # kept models from one map to the next
FAINT = 0.35  # opacity of the validation set
PHONE = 260  # pixels
PLAIN = {"autocontour": False, "showscale": False, "hoverinfo": "skip"}  # of contours


class FitPanel:
    """The panel in which the data of some runs lie. It shows nearly all examples of all of them."""

    def __init__(self, runs: TrainingSweep, title: str, height: int, width: float) -> None:
        self.runs = runs
        every = np.concatenate([places(part) for data in runs.data for part in data])
        low, high = np.percentile(every, [0.5, 99.5], axis=0)
        room = 0.08 * (high - low)
        self.across, self.up = zip((low - room).tolist(), (high + room).tolist(), strict=True)
        self.panel = Panel(axis(ends=self.across), axis(ends=self.up), title, height, PHONE, width)

    def draw_examples(self, plot: Plot) -> None:
        """The training set by class; of a curve both sets, over their one input."""
        if self.runs.task.family.classes:
            for label, (colour, symbol) in enumerate(theme.CLASSES):
                points = [train.x[train.target == label] for train, _ in self.runs.data]
                self._draw_points(plot, f"class {label}", points, theme.dots(colour, symbol))
            return
        for number, (name, look) in enumerate(theme.SETS.items()):
            points = [places(data[number]) for data in self.runs.data]
            marker = theme.dots(look.colour, "circle") | {"opacity": FAINT if number else 1.0}
            self._draw_points(plot, name, points, marker)

    def _draw_points(self, plot: Plot, name: str, points: Sequence[np.ndarray], marker: dict[str, Any]) -> None:
        """The points [n, 2] of each run; those that are the same in all runs stand still."""
        array = np.full((len(points), max(map(len, points)), 2), np.nan)
        for row, own in zip(array, points, strict=True):
            row[: len(own)] = own
        alike = np.array_equal(array, np.broadcast_to(array[:1], array.shape), equal_nan=True)
        x, y = (Live(array[0, :, at]) if alike else self.runs.of_run(array[..., at]) for at in (0, 1))
        plot.marks(self.panel, name, x, y, marker, hoverinfo="skip")

    def draw_curve(
        self, plot: Plot, name: str, runs: TrainingSweep, look: theme.Stroke, *, every: int = 1, **style: Any
    ) -> None:
        """The predictions of every so many-th kept model of each run, over the one input."""
        x = np.linspace(*self.across, ALONG)
        found = runs.history.predict(slice(None), x[:, None])[:, ::every]
        plot.line(self.panel, name, x, runs.at_epoch(found, every), look, **style)

    def scores(self, runs: TrainingSweep, every: int = SPARSE) -> dict[str, Any]:
        """The score all over the panel, of every so many-th kept model of each run: x, y and z of a contour trace."""
        x, y = (np.linspace(*ends, CELLS) for ends in (self.across, self.up))
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        found = runs.history.predict(slice(None), grid)[:, ::every]
        return {"x": x, "y": y, "z": runs.at_epoch(found.reshape(*found.shape[:2], CELLS, CELLS), every)}

    def draw_map(self, plot: Plot, scores: dict[str, Any]) -> None:
        """The score as a colour."""
        fills = {"start": -5, "end": 5, "size": 1, "coloring": "fill", "showlines": False}
        colours = {"zmin": -5, "zmax": 5, "colorscale": theme.DECISION, "opacity": 0.45}
        plot.add(self.panel, go.Contour(name="score", contours=fills, **colours, **PLAIN), **scores)

    def draw_boundary(self, plot: Plot, name: str, look: theme.Stroke, scores: dict[str, Any]) -> None:
        """The decision boundary: where the score is 0."""
        trace = go.Contour(
            name=name, contours={"start": 0, "end": 0, "size": 1, "coloring": "none"},
            line={"color": look.colour, "dash": look.dash, "width": 3},
            colorscale=[[0, look.colour], [1, look.colour]], **PLAIN,
        )  # fmt: skip
        plot.add(self.panel, trace, **scores)


def places(examples: Examples) -> np.ndarray:
    """The places of examples [n, 2]: their two inputs, or their one input and the target."""
    return examples.x if examples.x.shape[1] > 1 else np.stack([examples.x[:, 0], examples.target], axis=-1)
