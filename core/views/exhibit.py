"""What a point of the landscape stands for, beside the map: the line or the boundary that moves as a path moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import plotly.graph_objects as go

from core.datasets import Classes, Dataset
from core.landscapes.fitted import Model
from core.optimizers import OPTIMIZERS
from core.stage import Pick
from core.views import theme
from core.views.arenas import Arena
from core.views.controls import STEP
from core.views.race import Race

ROOM = 0.04  # of the data's extent, around it
AXES = {"xaxis": "x5", "yaxis": "y5"}
Traces = Iterator[tuple[Any, dict[str, Pick]]]


class Exhibit(Protocol):
    title: str

    @property
    def axes(self) -> dict[str, dict[str, Any]]: ...
    def traces(self, race: Race) -> Traces: ...
    def arrays(self, race: Race) -> dict[str, np.ndarray]: ...


def exhibit(arena: Arena) -> Exhibit | None:
    """Of a landscape that data make; nothing for a textbook one."""
    if arena.model is None:
        return None
    if isinstance(arena.model.data, Dataset):
        return Lines(arena.model, arena.model.data)
    return Boundaries(arena.model, arena.model.data)


class Lines:
    """The points, the outlier, and the straight line of each optimizer."""

    def __init__(self, model: Model, data: Dataset) -> None:
        self.model, self.data = model, data
        self.title = f"{data.target_axis}, and the line of each optimizer"

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        x, y = around(self.data.x), around(self.data.target)
        if self.model.outlier:
            x = [x[0], max(x[1], self.stray_x + ROOM * np.ptp(self.data.x))]
        return {"x": {"range": x, "title": {"text": str(self.data.x_axis)}}, "y": {"range": y}}

    @property
    def stray_x(self) -> float:
        return float(self.data.x.mean() + self.data.x.std() * self.model.stray_basis[1])

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
            found |= {"outlier x": np.array([self.stray_x]), "outlier y": places[:, None]}
        return found

    def traces(self, race: Race) -> Traces:
        dots = {"color": theme.NEUTRAL, "size": 5, "opacity": 0.6}
        yield go.Scatter(name="data", mode="markers", marker=dots, hoverinfo="skip", **AXES), {
            "x": Pick("data x"), "y": Pick("data y"),
        }  # fmt: skip
        if self.model.outlier:
            cross = {"color": theme.RED, "size": 10, "symbol": "x-thin", "line": {"width": 2, "color": theme.RED}}
            yield go.Scatter(name="outlier", mode="markers", marker=cross, hoverinfo="skip", **AXES), {
                "x": Pick("outlier x"), "y": race.ground_pick("outlier y"),
            }  # fmt: skip
        for key in race.optimizers:
            picks = {"x": Pick("line ends"), "y": Pick(f"{key} line", (STEP,), star=race.star_of(key))}
            yield stroke(key), picks


class Boundaries:
    """The points of both classes, and the straight boundary of each optimizer."""

    def __init__(self, model: Model, data: Classes) -> None:
        self.model, self.data = model, data
        self.title = "The data, and the boundary of each optimizer"

    @property
    def axes(self) -> dict[str, dict[str, Any]]:
        features = self.data.features
        return {
            letter: {"range": around(features[:, number]), "title": {"text": str(self.data.axes[number])}}
            for number, letter in enumerate("xy")
        }

    def arrays(self, race: Race) -> dict[str, np.ndarray]:
        features, target = self.data.features, self.data.target
        middle, spread = features.mean(axis=0), features.std(axis=0)
        found = {}
        for label in (0, 1):
            found[f"class {label} x"], found[f"class {label} y"] = features[target == label].T
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
        for label, (colour, symbol) in enumerate(theme.CLASSES):
            dots = {"color": colour, "size": 6, "symbol": symbol, "opacity": 0.75}
            yield go.Scatter(name=f"class {label}", mode="markers", marker=dots, hoverinfo="skip", **AXES), {
                "x": Pick(f"class {label} x"), "y": Pick(f"class {label} y"),
            }  # fmt: skip
        for key in race.optimizers:
            picks = {letter: Pick(f"{key} boundary {letter}", (STEP,), star=race.star_of(key)) for letter in "xy"}
            yield stroke(key), picks


def stroke(key: str) -> go.Scatter:
    look = theme.look(key)
    line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
    return go.Scatter(name=OPTIMIZERS[key].name, mode="lines", line=line, hoverinfo="skip", **AXES)


def around(values: np.ndarray) -> list[float]:
    room = ROOM * np.ptp(values)
    return [float(values.min() - room), float(values.max() + room)]
