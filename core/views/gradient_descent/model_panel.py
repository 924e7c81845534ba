"""What a point of the landscape stands for, beside the map: the line or the boundary that moves as a path moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import plotly.graph_objects as go

from core.datasets import BinaryData, RegressionData
from core.landscapes.fitted import FittedModel
from core.landscapes.slices import FARTHEST, plane_scores
from core.numerics import sigmoid
from core.optimizers import OPTIMIZERS, Optimizer
from core.stage.legacy import Pick
from core.views.gradient_descent.problems import Slice
from core.views.gradient_descent.race import Race
from core.views.kit import theme

ROOM = 0.04  # of the data's extent, around it
EVERY, CELLS = 5, 21  # steps from one map of a network's decisions to the next; its points along each side
AXES = {"xaxis": "x5", "yaxis": "y5"}
Traces = Iterator[tuple[Any, dict[str, Pick]]]


class Exhibit(Protocol):
    title: str

    @property
    def axes(self) -> dict[str, dict[str, Any]]: ...
    def traces(self, race: Race) -> Traces: ...
    def arrays(self, race: Race) -> dict[str, np.ndarray]: ...


def exhibit(race: Race) -> Exhibit | None:
    """Of a landscape that data make; nothing for a textbook one."""
    arena = race.arena
    if arena.slice is not None:
        return Decision(arena.slice, OPTIMIZERS[race.optimizers[0]])
    if arena.model is None:
        return None
    data = arena.model.data
    return Lines(arena.model, data) if isinstance(data, RegressionData) else Boundaries(arena.model, data)


class Lines:
    """The points, the outlier, and the straight line of each optimizer."""

    def __init__(self, model: FittedModel, data: RegressionData) -> None:
        self.model, self.data = model, data
        self.title = f"{data.target_variable}: data and line of each optimizer"

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        x, y = around(self.data.x), around(self.data.target)
        if self.model.outlier:
            x = [x[0], max(x[1], self.outlier_x + ROOM * np.ptp(self.data.x))]
        return {"x": {"range": x, "title": {"text": str(self.data.x_variable)}}, "y": {"range": y}}

    @property
    def outlier_x(self) -> float:
        return float(self.data.x.mean() + self.data.x.std() * self.model.outlier_basis[1])

    @property
    def ends(self) -> np.ndarray:
        return np.array(self.axes["x"]["range"])

    def arrays(self, race: Race) -> dict[str, np.ndarray]:
        u = (self.ends - self.data.x.mean()) / self.data.x.std()
        found = {"data x": self.data.x, "data y": self.data.target, "line ends": self.ends}
        for number, key in enumerate(race.optimizers):
            points = np.moveaxis(race.run.points[:, number], 0, 1)[..., None, :]
            with np.errstate(all="ignore"):
                lines = points[..., 0] + points[..., 1] * u
            found[f"{key} line"] = np.where(np.isfinite(lines), lines, np.nan)
        if self.model.outlier:
            places = race.ground.params[self.model.outlier.name]
            found |= {"outlier x": np.array([self.outlier_x]), "outlier y": places[:, None]}
        return found

    def traces(self, race: Race) -> Traces:
        dots = {"color": theme.NEUTRAL, "size": 5, "opacity": 0.6}
        yield go.Scatter(name="data", mode="markers", marker=dots, hoverinfo="skip", **AXES), {
            "x": Pick("data x"), "y": Pick("data y"),
        }  # fmt: skip
        if self.model.outlier:
            cross = {"color": theme.RED, "size": 10, "symbol": "x-thin", "line": {"width": 2, "color": theme.RED}}
            yield go.Scatter(name="outlier", mode="markers", marker=cross, hoverinfo="skip", **AXES), {
                "x": Pick("outlier x"), "y": race.of_ground("outlier y"),
            }  # fmt: skip
        for key in race.optimizers:
            picks = {"x": Pick("line ends"), "y": race.at_step(key, f"{key} line")}
            yield stroke(key), picks


class Boundaries:
    """The points of both classes, and the straight boundary of each optimizer."""

    def __init__(self, model: FittedModel, data: BinaryData) -> None:
        self.model, self.data = model, data
        self.title = "Data, and boundary of each optimizer"

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        return scatter_axes(self.data)

    def arrays(self, race: Race) -> dict[str, np.ndarray]:
        features = self.data.features
        middle, spread = features.mean(axis=0), features.std(axis=0)
        found = classes(self.data)
        far = np.array([-1.0, 1.0]) * 3 * np.ptp((features - middle) / spread)
        for number, key in enumerate(race.optimizers):
            weights = np.moveaxis(race.run.points[:, number], 0, 1)
            with np.errstate(all="ignore"):
                along = np.stack([-weights[..., 1], weights[..., 0]], axis=-1)
                along = along / np.linalg.norm(along, axis=-1, keepdims=True)
            ends = middle + spread * along[..., None, :] * far[:, None]
            found[f"{key} boundary x"], found[f"{key} boundary y"] = ends[..., 0], ends[..., 1]
        return found

    def traces(self, race: Race) -> Traces:
        yield from class_dots()
        for key in race.optimizers:
            picks = {letter: race.at_step(key, f"{key} boundary {letter}") for letter in "xy"}
            yield stroke(key), picks


class Decision:
    """What the network makes of every place among the data, where the first of the optimizers is."""

    def __init__(self, own: Slice, whose: Optimizer) -> None:
        self.own, self.data = own, own.data
        self.title = f"Prediction of the network of {whose.short}, every {EVERY} steps"

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        return scatter_axes(self.data)

    def arrays(self, race: Race) -> dict[str, np.ndarray]:
        x, y = (np.linspace(low, high, CELLS) for low, high in (axis["range"] for axis in self.axes.values()))
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        points = np.moveaxis(race.run.points[::EVERY, 0], 0, 1)
        flat = points.reshape(-1, 2)
        scores = np.full((len(flat), len(places)), np.nan)
        there = np.flatnonzero((np.abs(flat) < FARTHEST).all(axis=-1))
        for part in np.array_split(there, max(1, len(there) // 64)):
            scores[part] = plane_scores(self.own.plane, flat[part], places, self.own.run.recipe.sizes)
        shares = sigmoid(scores).reshape(*points.shape[:2], CELLS, CELLS)
        return {"decision x": x, "decision y": y, "decision": shares} | classes(self.data)

    def traces(self, race: Race) -> Traces:
        levels = {"start": 0.1, "end": 0.9, "size": 0.1, "coloring": "fill"}
        yield go.Contour(
            name="decision", contours=levels, autocontour=False, zmin=0, zmax=1, showscale=False, line={"width": 0.4},
            colorscale=theme.DECISION, opacity=0.45, hovertemplate="%{z:.0%} class 1<extra></extra>", **AXES,
        ), {
            "x": Pick("decision x"), "y": Pick("decision y"),
            "z": race.at_step(race.optimizers[0], "decision", EVERY),
        }  # fmt: skip
        yield from class_dots()


def scatter_axes(data: BinaryData) -> dict[str, dict[str, Any]]:
    return {
        letter: {"range": around(data.features[:, number]), "title": {"text": str(data.variables[number])}}
        for number, letter in enumerate("xy")
    }


def classes(data: BinaryData) -> dict[str, np.ndarray]:
    """The points of each class."""
    found = {}
    for label in (0, 1):
        found[f"class {label} x"], found[f"class {label} y"] = data.features[data.target == label].T
    return found


def class_dots() -> Traces:
    for label, (colour, symbol) in enumerate(theme.CLASSES):
        dots = theme.dots(colour, symbol)
        yield go.Scatter(name=f"class {label}", mode="markers", marker=dots, hoverinfo="skip", **AXES), {
            "x": Pick(f"class {label} x"), "y": Pick(f"class {label} y"),
        }  # fmt: skip


def stroke(key: str) -> go.Scatter:
    look = theme.look(key)
    line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
    return go.Scatter(name=OPTIMIZERS[key].name, mode="lines", line=line, hoverinfo="skip", **AXES)


def around(values: np.ndarray) -> list[float]:
    room = ROOM * np.ptp(values)
    return [float(values.min() - room), float(values.max() + room)]
