"""The picture of a training: its curves, and in step with them what the model makes of the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.panels import EDGE, FOOT, Box, laid_out
from core.views.training_curves.field import FIT, SPARSE, Field, on
from core.views.training_curves.runs import Runs
from core.views.training_curves.settings import EPOCH, EPOCHS, EVERY

LOSS, METRIC, GRADIENT = 0, 1, 2  # the panels beside FIT
HIGH, LOW, GAP = 290, 110, 64  # pixels: heights of the rows, and between them
TALL_FIT = 260  # on a phone
SEAM = (0.53, 0.6)  # of the width: where the curves end and the data begin
INSIDE = (0.24, 0.31)  # the same between the two small panels
FEWEST = 1e-12  # of a loss on a logarithmic axis
TALLEST = {LOSS: 4.0, METRIC: 4.0, GRADIENT: 30.0}  # times what training usually begins with: an axis ends there
LOWEST = 1e-5  # of the highest, on a logarithmic axis
HIGHEST = 99  # percent of what is drawn of a curve, over all runs, that the axis shows


class Training(Field):
    """The loss of both halves against the epoch, the metric and the gradient under it, and the model beside them."""

    def __init__(self, runs: Runs, *, logarithmic: bool) -> None:
        super().__init__(runs)
        self.logarithmic = logarithmic

    def draw(self) -> None:
        history = self.runs.history
        self.arrays |= {"epochs": np.arange(EPOCHS + 1.0), "epoch": np.arange(0.0, EPOCHS + 1, EVERY)[:, None]}
        self.probe()
        for half, look in theme.HALVES.items():
            self.curve(half, half, getattr(history, half), look, LOSS)
            self.curve(f"{half} metric", half, getattr(history, f"{half}_metric"), look, METRIC)
        self.curve("gradient", "gradient", history.gradient, theme.Stroke(theme.NEUTRAL), GRADIENT)
        self.marks()
        (self.map if self.runs.own.classes else self.line)()
        self.place()

    # --- the curves ---

    def curve(self, name: str, label: str, values: np.ndarray, look: theme.Stroke, panel: int) -> None:
        """A curve over the epochs of every run, and a point on it at the epoch that is shown."""
        drawn = self.visible(values, panel)
        self.arrays |= {name: drawn, f"{name} now": drawn[:, ::EVERY], f"{name} read": values[:, ::EVERY]}
        line = {"color": look.colour, "dash": look.dash, "width": 2.25, "simplify": False}
        hover = "%{y:.4~g} at epoch %{x:.0f}<extra>" + label + "</extra>"
        self.add(
            go.Scatter(name=label, mode="lines", line=line, hovertemplate=hover, **on(panel)),
            x=Pick("epochs"), y=self.runs.of_lane(name),
        )  # fmt: skip
        self.add(
            go.Scatter(name=f"{label} now", mode="markers", marker=theme.head(look), hoverinfo="skip", **on(panel)),
            x=Pick("epoch", (EPOCH,)), y=self.runs.at_epoch(f"{name} now"),
        )  # fmt: skip

    def visible(self, values: np.ndarray, panel: int) -> np.ndarray:
        """What can be drawn: nothing that is no number, and on a logarithmic axis nothing at or below 0."""
        shown = np.where(np.isfinite(values), values, np.nan)
        return np.where(shown > 0, np.maximum(shown, FEWEST), np.nan) if self.log(panel) else shown

    def log(self, panel: int) -> bool:
        return panel == GRADIENT or (panel == LOSS and self.logarithmic)

    def probe(self) -> None:
        """The epoch that is shown, through all panels of curves."""
        self.arrays["epoch twice"] = np.repeat(self.arrays["epoch"], 2, axis=1)
        for panel in (LOSS, METRIC, GRADIENT):
            self.arrays[f"ends {panel}"] = np.array(self.extent(panel))
            self.add(
                go.Scatter(name="epoch", mode="lines", line=theme.PROBE, hoverinfo="skip", **on(panel)),
                x=Pick("epoch twice", (EPOCH,)), y=Pick(f"ends {panel}"),
            )  # fmt: skip

    def marks(self) -> None:
        """The best epoch of each run, and where early stopping would have ended it."""
        history = self.runs.history
        rows = np.arange(len(history.best_epoch))
        losses = self.visible(history.validation, LOSS)
        for name, epochs in {"best": history.best_epoch, "stop": history.stop_epoch}.items():
            there = epochs >= 0
            self.arrays[f"{name} x"] = np.where(there, epochs, np.nan)[:, None]
            self.arrays[f"{name} y"] = np.where(there, losses[rows, np.maximum(epochs, 0)], np.nan)[:, None]
            hover = f"{theme.MARKED[name]['name']}: epoch %{{x:.0f}}<extra></extra>"
            self.add(
                go.Scatter(mode="markers", hovertemplate=hover, **theme.MARKED[name], **on(LOSS)),
                x=self.runs.of_lane(f"{name} x"), y=self.runs.of_lane(f"{name} y"),
            )  # fmt: skip

    def extent(self, panel: int) -> tuple[float, float]:
        """The ends of a panel's axis, the same for all runs: a picture whose axes jump cannot be read."""
        history = self.runs.history
        curves = {
            LOSS: (history.train, history.validation),
            METRIC: (history.train_metric, history.validation_metric),
            GRADIENT: (history.gradient,),
        }[panel]
        shown = np.concatenate([self.visible(curve, panel).ravel() for curve in curves])
        shown = shown[np.isfinite(shown)]
        if not len(shown):
            return (0.1, 1.0)
        # Runs that diverge, at rates too large, would flatten all others: they leave the picture at its top.
        usual = float(np.nanmedian([self.visible(curve, panel)[:, 0] for curve in curves]))
        share = panel == METRIC and self.runs.own.metric.share
        top = float(shown.max()) if share else min(float(np.percentile(shown, HIGHEST)), TALLEST[panel] * usual)
        low = float(shown.min())
        if self.log(panel):
            low = max(low, float(np.percentile(shown, 100 - HIGHEST)), top * LOWEST)
            return low / 1.3, top * 1.3
        room = 0.05 * (top - low) or 0.5
        return low - room, top + room

    # --- the model ---

    def line(self) -> None:
        """The points of both halves, and the curve that the model draws through them."""
        self.examples()
        self.arrays["fit"] = self.fitted(self.runs)
        stroke = {"color": theme.look(self.runs.choice["loss"]).colour, "width": 3, "simplify": False}
        self.add(
            go.Scatter(name="fit", mode="lines", line=stroke, hovertemplate="%{y:.3~g}<extra>fit</extra>", **on(FIT)),
            x=Pick("along"), y=self.runs.at_epoch("fit"),
        )  # fmt: skip

    def map(self) -> None:
        """The score all over the picture, the boundary where it is 0, and the points to learn from."""
        self.arrays["score"] = self.scored(self.runs)
        z = self.runs.at_epoch("score", SPARSE)
        self.add(
            go.Contour(
                name="score", zmin=-5, zmax=5, colorscale=theme.DECISION, opacity=0.45, autocontour=False,
                showscale=False, hoverinfo="skip", **on(FIT),
                contours={"start": -5, "end": 5, "size": 1, "coloring": "fill", "showlines": False},
            ),
            x=Pick("across"), y=Pick("up"), z=z,
        )  # fmt: skip
        self.line_at_zero("boundary", theme.Stroke(theme.look(self.runs.choice["loss"]).colour), z)
        self.classes()

    # --- where everything stands ---

    def place(self) -> None:
        epochs = {"range": [0, EPOCHS], "zeroline": False, "nticks": 7}
        axes: dict[int, dict[str, dict[str, Any]]] = {
            panel: {"x": epochs | {"title": {"text": "epoch"}}, "y": self.upright(panel)}
            for panel in (LOSS, METRIC, GRADIENT)
        }
        across, up = self.sides()
        plain = {"zeroline": False, "nticks": 6}
        axes[FIT] = {"x": plain | {"range": list(across)}, "y": plain | {"range": list(up)}}
        titles = {
            LOSS: "Loss", METRIC: self.runs.metric, GRADIENT: "Gradient norm",
            FIT: "Model prediction",
        }  # fmt: skip
        revision = f"training {self.runs.task} {self.logarithmic}"

        def boxed(panel: int, left: float, right: float, top: float, height: float) -> Box:
            return Box(panel + 1, panel + 1, left, right, top, top + height, titles[panel])

        below = EDGE + HIGH + GAP
        wide = [
            boxed(LOSS, 0.0, SEAM[0], EDGE, HIGH),
            boxed(METRIC, 0.0, INSIDE[0], below, LOW),
            boxed(GRADIENT, INSIDE[1], SEAM[0], below, LOW),
            boxed(FIT, SEAM[1], 1.0, EDGE, HIGH + GAP + LOW),
        ]
        heights, tops = {LOSS: TALL_FIT, FIT: TALL_FIT, METRIC: LOW, GRADIENT: LOW}, {}
        top = float(EDGE)
        for panel, height in heights.items():
            tops[panel] = top
            top += height + GAP
        tall = [boxed(panel, 0.0, 1.0, tops[panel], height) for panel, height in heights.items()]
        self.layout, self.narrow = (
            laid_out(boxes, total, lambda box: axes[box.x - 1], revision)
            for boxes, total in ((wide, below + LOW + FOOT), (tall, top - GAP + FOOT))
        )

    def upright(self, panel: int) -> dict[str, Any]:
        ends = self.extent(panel)
        plain: dict[str, Any] = {"zeroline": False, "nticks": 5}
        if self.log(panel):
            low, high = np.log10(ends).tolist()
            powers = max(1, round((high - low) / 4))  # from tick to tick
            return plain | {"type": "log", "range": [low, high], "exponentformat": "power", "dtick": powers}
        return plain | {"range": list(ends)}
