"""The model at a point of the landscape, drawn beside the map: a line, a boundary or a network's prediction."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from core.datasets import BinaryData, RegressionData
from core.landscapes.fitted import FittedModel
from core.landscapes.slices import FARTHEST, plane_scores
from core.numerics import sigmoid
from core.optimizers import OPTIMIZERS
from core.stage import Live
from core.views.gradient_descent.problems import NetworkPlane
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import STEP
from core.views.kit import theme
from core.views.kit.layout import Panel, axis
from core.views.kit.plot import Plot

PHONE = 240  # pixels high on a phone
ROOM = 0.04  # of the data's extent, around it
EVERY, CELLS = 5, 21  # steps from one map of a network's decisions to the next; its points along each side


class ModelPanel(Protocol):
    """A panel, and what draws on it."""

    panel: Panel

    def draw(self, plot: Plot, race: Race) -> None: ...


def model_panel(race: Race, height: int) -> ModelPanel | None:
    """The panel of a landscape that data make; None for a textbook one."""
    model = race.problem.model
    if isinstance(model, NetworkPlane):
        return PredictionMap(model, OPTIMIZERS[race.optimizers[0]].short, height)
    if model is None:
        return None
    return (
        Lines(model, model.data, height) if isinstance(model.data, RegressionData) else Boundaries(model.data, height)
    )


class Lines:
    """The points, the outlier, and the straight line of each optimizer."""

    def __init__(self, model: FittedModel, data: RegressionData, height: int) -> None:
        self.model, self.data = model, data
        self.mean, self.spread = data.x.mean(), data.x.std()
        self.ends = around(data.x)
        if model.outlier:
            self.outlier_x = float(self.mean + self.spread * model.outlier_basis[1])
            self.ends = (self.ends[0], max(self.ends[1], self.outlier_x + ROOM * np.ptp(data.x)))
        x, y = axis(str(data.x_variable), self.ends), axis(ends=around(data.target))
        self.panel = Panel(x, y, f"{data.target_variable}: data and line of each optimizer", height, PHONE)

    def draw(self, plot: Plot, race: Race) -> None:
        marker = {"color": theme.NEUTRAL, "size": 5, "opacity": 0.6}
        plot.marks(self.panel, "data", self.data.x, self.data.target, marker, hoverinfo="skip")
        if self.model.outlier:
            cross = {"color": theme.RED, "size": 10, "symbol": "x-thin", "line": {"width": 2, "color": theme.RED}}
            height = race.grid.live(race.grid.params[self.model.outlier.name])
            mark = plot.marks(self.panel, "outlier", [self.outlier_x], height, cross, hoverinfo="skip")
            plot.drag(mark, y=next(slider for slider in race.sliders if slider.name == self.model.outlier.name))
        standard = (np.array(self.ends) - self.mean) / self.spread
        for key in race.optimizers:
            intercept, slope = np.moveaxis(weights(race, key), -1, 0)[..., None]
            with np.errstate(all="ignore"):
                line = intercept + slope * standard
            draw_fit(plot, self.panel, race, key, self.ends, np.where(np.isfinite(line), line, np.nan))


class Boundaries:
    """The points of both classes, and the straight boundary of each optimizer."""

    def __init__(self, data: BinaryData, height: int) -> None:
        self.data = data
        self.panel = class_panel(data, "Data, and boundary of each optimizer", height)

    def draw(self, plot: Plot, race: Race) -> None:
        draw_classes(plot, self.panel, self.data)
        features = self.data.features
        middle, spread = features.mean(axis=0), features.std(axis=0)
        far = np.array([-1.0, 1.0]) * 3 * np.ptp((features - middle) / spread)
        for key in race.optimizers:
            first, second = np.moveaxis(weights(race, key), -1, 0)
            with np.errstate(all="ignore"):
                along = np.stack([-second, first], axis=-1)
                along = along / np.linalg.norm(along, axis=-1, keepdims=True)
            ends = middle + spread * along[..., None, :] * far[:, None]
            draw_fit(plot, self.panel, race, key, ends[..., 0], ends[..., 1])


class PredictionMap:
    """The network's prediction at every place among the data, with the weights that the first optimizer is at."""

    def __init__(self, own: NetworkPlane, optimizer: str, height: int) -> None:
        self.own = own
        self.panel = class_panel(own.data, f"Prediction of the network of {optimizer}, every {EVERY} steps", height)

    def draw(self, plot: Plot, race: Race) -> None:
        x, y = (np.linspace(*around(column), CELLS) for column in self.own.data.features.T)
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        points = weights(race, race.optimizers[0])[:, ::EVERY]
        flat = points.reshape(-1, 2)
        scores = np.full((len(flat), len(places)), np.nan)
        there = np.flatnonzero((np.abs(flat) < FARTHEST).all(axis=-1))
        for part in np.array_split(there, max(1, len(there) // 64)):
            scores[part] = plane_scores(self.own.plane, flat[part], places, self.own.network.recipe.sizes)
        shares = sigmoid(scores).reshape(*points.shape[:2], CELLS, CELLS)
        levels = {"start": 0.1, "end": 0.9, "size": 0.1, "coloring": "fill"}
        trace = {
            "type": "contour", "name": "decision", "contours": levels, "autocontour": False, "zmin": 0, "zmax": 1,
            "showscale": False, "line": {"width": 0.4}, "colorscale": theme.DECISION, "opacity": 0.45,
            "hovertemplate": "%{z:.0%} class 1<extra></extra>",
        }  # fmt: skip
        plot.add(self.panel, trace, x=x, y=y, z=Live(shares, (race.shared, race.slider(STEP)), every=EVERY))
        draw_classes(plot, self.panel, self.own.data)


def weights(race: Race, key: str) -> np.ndarray:
    """The paths of an optimizer, [runs, steps + 1, 2]."""
    return np.moveaxis(race.descent.points[:, race.optimizers.index(key)], 0, 1)


def draw_fit(plot: Plot, panel: Panel, race: Race, key: str, x: Any, y: np.ndarray) -> None:
    """The straight line of an optimizer at each step: its ends x and y, [runs, steps + 1, 2]."""
    by = (race.sweeps[key], race.slider(STEP))
    ends = Live(x, by) if isinstance(x, np.ndarray) else x
    plot.line(panel, OPTIMIZERS[key].name, ends, Live(y, by), theme.look(key), hoverinfo="skip")


def class_panel(data: BinaryData, title: str, height: int) -> Panel:
    x, y = (axis(str(name), around(column)) for name, column in zip(data.variables, data.features.T, strict=True))
    return Panel(x, y, title, height, PHONE)


def draw_classes(plot: Plot, panel: Panel, data: BinaryData) -> None:
    """The points of each class."""
    for label, (colour, symbol) in enumerate(theme.CLASSES):
        x, y = data.features[data.target == label].T
        plot.marks(panel, f"class {label}", x, y, theme.dots(colour, symbol), hoverinfo="skip")


def around(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis that shows all of these values."""
    room = ROOM * np.ptp(values)
    return float(values.min() - room), float(values.max() + room)
