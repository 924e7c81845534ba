"""The picture of decisions: what each loss's model makes of the points, and what a threshold makes of its scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.metrics import DECISION_METRICS, Confusion
from core.models.objectives import OBJECTIVES
from core.stage import Cell, Grid, Pick, Text
from core.views import theme
from core.views.imbalance.layout import CALIBRATION, FALSE_ALARMS, PRECISION, arranged
from core.views.imbalance.scene import COST, COSTS, EDGE, SHARE, THRESHOLD, THRESHOLDS
from core.views.imbalance.trial import BINS, CELLS, CUTS, Measured, Trial, window
from core.views.sheet import Sheet

DRAWN = {1: 120, 0: 280}  # at most so many points of a class on a map: more would hide each other
FILLS = {"start": -5.0, "end": 5.0, "size": 1.0, "coloring": "fill", "showlines": False}
LINE = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}
CELL_ROWS = {"positive": (("fn", False), ("tp", True)), "negative": (("tn", True), ("fp", False))}
PER = 1000  # cases that a cost is told of


@dataclass
class Decisions(Sheet):
    """A map and the scores of each loss; for all of them precision, recall, false alarms and calibration."""

    trial: Trial

    def draw(self) -> None:
        losses = self.trial.losses
        x, y = (np.linspace(*ends, CELLS) for ends in window(self.trial.scene))
        steps = np.repeat(np.linspace(-EDGE, EDGE, BINS + 1), 2)
        self.arrays |= {"map x": x, "map y": y, "cut": CUTS[:, None], "p": THRESHOLDS[:, None], "steps": steps}
        self.arrays |= {"ends": np.array([0.0, 1.0]), "threshold": np.repeat(CUTS[:, None], 2, axis=1)}
        self.points()
        self.guides()
        for number, key in enumerate(losses):
            self.decide(key)
            self.map(key, number)
            self.scores(key, number)
            self.curves(key)
        self.layout, self.narrow = arranged(self.trial, [OBJECTIVES[key].short for key in losses])

    # --- arrays ---

    def keep(self, name: str, array: np.ndarray, star: tuple[str, ...], *reels: str) -> Pick:
        """An array [lanes, ...]; one that nothing trains anew has a single lane, and no axis for it."""
        self.arrays[name] = array if star else array[0]
        return Pick(name, reels, star=star)

    def of_models(self, key: str, name: str, value: Callable[[Measured], Any], *reels: str) -> Pick:
        """A value of each model of a loss."""
        return self.keep(f"{key} {name}", self.trial.of_models(key, value), self.trial.star_of(key), *reels)

    def of_costs(self, key: str, name: str, value: Callable[[Measured, int], Any], *reels: str) -> Pick:
        """The same, where it depends on the cost."""
        star = (*self.trial.star_of(key), COST)
        return self.keep(f"{key} {name}", self.trial.of_costs(key, value), star, *reels)

    def at_threshold(self, key: str, name: str) -> Pick:
        return Pick(f"{key} {name}", (THRESHOLD,), star=self.trial.star_of(key))

    def decide(self, key: str) -> None:
        """What becomes of the points at every threshold."""
        for name in ("tp", "fp", "fn", "tn"):
            self.of_models(key, name, lambda model, name=name: getattr(model.decisions, name))
        for name in ("precision", "recall", "accuracy"):
            self.of_models(key, name, lambda model, metric=DECISION_METRICS[name]: metric.value(model.decisions))
        self.of_models(key, "percent right", lambda model: 100 * DECISION_METRICS["accuracy"].value(model.decisions))
        self.of_models(key, "false alarms", lambda model: false_alarms(model.decisions))
        self.of_models(key, "kept", lambda model: 1 - false_alarms(model.decisions))
        self.of_models(key, "missed", lambda model: 1 - DECISION_METRICS["recall"].value(model.decisions))
        cost = DECISION_METRICS["expected_cost"]
        self.of_costs(key, "cost", lambda model, at: PER * cost.value(model.decisions, cost=COSTS[at]))

    def points(self) -> None:
        """Those of the half that judges, at every share."""
        shares = self.trial.shares
        star = (SHARE,) if len(shares) > 1 else ()
        halves = [self.trial.scene.halves(share).test for share in shares]
        for label, most in DRAWN.items():
            rows = np.full((len(shares), most, 2), np.nan)
            for row, half in zip(rows, halves, strict=True):
                own = half.features[half.target == label][:most]
                row[: len(own)] = own
            for axis, letter in enumerate("xy"):
                self.keep(f"class {label} {letter}", rows[..., axis], star)
        rates = np.array([half.target.mean() if len(half) else np.nan for half in halves])
        self.keep("rate", np.repeat(rates[:, None], 2, axis=1), star)
        self.star = star

    # --- panels ---

    def map(self, key: str, number: int) -> None:
        """The score all over the picture, the boundary at the threshold, and the points."""
        axes = on(number)
        z = self.of_models(key, "ground", lambda model: model.ground)
        plain = {"autocontour": False, "showscale": False} | axes
        self.add(
            go.Contour(
                name="score", contours=FILLS, zmin=-EDGE, zmax=EDGE, colorscale=theme.DECISION, opacity=0.45,
                hovertemplate="score %{z:.3~g}<extra></extra>", **plain,
            ),
            x=Pick("map x"), y=Pick("map y"), z=z,
        )  # fmt: skip
        colour = theme.look(key).colour
        self.add(
            go.Contour(
                name="boundary", contours=LINE, line={"color": colour, "width": 3}, hoverinfo="skip", **plain,
                colorscale=[[0, colour], [1, colour]],
            ),
            x=Pick("map x"), y=Pick("map y"), z=z, level=Pick("cut", (THRESHOLD,)),
        )  # fmt: skip
        for label in (0, 1):
            dots = theme.dots(*theme.CLASSES[label])
            self.add(
                go.Scatter(name=f"class {label}", mode="markers", marker=dots, hoverinfo="skip", **axes),
                **{letter: Pick(f"class {label} {letter}", star=self.star) for letter in "xy"},
            )

    def scores(self, key: str, number: int) -> None:
        """How the scores of either class are spread, the threshold among them, and the best thresholds."""
        axes = on(len(self.trial.losses) + number)
        for label in (0, 1):
            colour, _ = theme.CLASSES[label]
            self.add(
                go.Scatter(
                    name=f"class {label}", mode="lines", fill="toself", fillcolor=theme.faint(colour),
                    line={"color": colour, "width": 1.25, "simplify": False}, hoverinfo="skip", **axes,
                ),
                x=Pick("steps"),
                y=self.of_models(key, f"scores {label}", lambda model, label=label: outline(model.density[label])),
            )  # fmt: skip
        self.add(
            go.Scatter(name="threshold", mode="lines", line=theme.PROBE, hoverinfo="skip", **axes),
            x=Pick("threshold", (THRESHOLD,)), y=Pick("ends"),
        )  # fmt: skip
        self.arrays |= {"mark": np.array([0.94])}
        for name, mark in theme.BEST.items():
            self.add(
                go.Scatter(name=name, mode="markers", marker=mark | {"color": theme.look(key).colour},
                           hovertemplate=f"{name} threshold<extra></extra>", **axes),
                x=self.best(key, name, "cut", lambda model, cut, _: [np.clip(cut, -EDGE, EDGE)]), y=Pick("mark"),
            )  # fmt: skip

    def guides(self) -> None:
        """What a model without skill would show, and what a calibrated one does."""
        thin = {"color": theme.NEUTRAL, "width": 1, "dash": "dot", "simplify": False}
        for panel, y in ((PRECISION, Pick("rate", star=self.star)), (FALSE_ALARMS, Pick("ends")), (CALIBRATION, Pick("ends"))):
            self.add(
                go.Scatter(name="no skill", mode="lines", line=thin, hoverinfo="skip", **self.shared(panel)),
                x=Pick("ends"), y=y,
            )  # fmt: skip
        self.add(
            go.Scatter(name="threshold", mode="lines", line=theme.PROBE, hoverinfo="skip", **self.shared(CALIBRATION)),
            x=self.doubled(), y=Pick("ends"),
        )  # fmt: skip

    def doubled(self) -> Pick:
        self.arrays["p twice"] = np.repeat(THRESHOLDS[:, None], 2, axis=1)
        return Pick("p twice", (THRESHOLD,))

    def curves(self, key: str) -> None:
        """Recall against precision and against false alarms, and calibration; a point at the threshold on each."""
        hover = {
            PRECISION: "recall %{x:.1%}, precision %{y:.1%}",
            FALSE_ALARMS: "false alarms %{x:.1%}, recall %{y:.1%}",
            CALIBRATION: "predicted %{x:.1%}, observed %{y:.1%}",
        }
        curves = {
            PRECISION: (lambda model: model.recall_precision, "recall", "precision"),
            FALSE_ALARMS: (lambda model: model.roc, "false alarms", "recall"),
            CALIBRATION: (lambda model: model.calibration, "", "calibrated"),
        }
        self.of_models(key, "calibrated", lambda model: model.calibrated)
        look, name = theme.look(key), OBJECTIVES[key].short
        stroke = {"color": look.colour, "dash": look.dash, "width": 2.25, "simplify": False}
        for panel, (curve, across, up) in curves.items():
            axes = self.shared(panel)
            self.add(
                go.Scatter(name=name, mode="lines", line=stroke, **axes,
                           hovertemplate=f"{hover[panel]}<extra>{name}</extra>"),
                **{letter: self.of_models(key, f"curve {panel} {letter}", lambda model, axis=axis, of=curve: of(model)[axis])
                   for axis, letter in enumerate("xy")},
            )  # fmt: skip
            self.add(
                go.Scatter(name=f"{name} at the threshold", mode="markers", marker=theme.head(look), hoverinfo="skip", **axes),
                x=self.at_threshold(key, across) if across else Pick("p", (THRESHOLD,)), y=self.at_threshold(key, up),
            )
        for label, mark in theme.BEST.items():
            for panel, across, up in ((PRECISION, recall, precision), (FALSE_ALARMS, false_alarms, recall)):
                self.add(
                    go.Scatter(name=label, mode="markers", marker=mark | {"color": look.colour},
                               hovertemplate=f"{label} threshold<extra>{name}</extra>", **self.shared(panel)),
                    x=self.best(key, label, f"{panel} x", lambda model, _, c, of=across: [of(c)]),
                    y=self.best(key, label, f"{panel} y", lambda model, _, c, of=up: [of(c)]),
                )  # fmt: skip

    def best(self, key: str, label: str, name: str, value: Callable[[Measured, float, Confusion], Any]) -> Pick:
        """A value at the cheapest threshold, or at that of the best F1."""
        if label == "Best F1":
            return self.of_models(key, f"{label} {name}", lambda model: value(model, model.best_f, model.best_f_decisions))
        return self.of_costs(
            key, f"{label} {name}", lambda model, at: value(model, model.cheapest[at], model.cheapest_decisions[at])
        )

    def shared(self, panel: int) -> dict[str, str]:
        return on(2 * len(self.trial.losses) + panel)

    # --- words ---

    def grid(self, key: str) -> Grid:
        """The confusion matrix of a loss at the threshold."""
        bars = {"tp": "recall", "fn": "missed", "tn": "kept", "fp": "false alarms"}

        def cell(name: str, right: bool) -> Cell:
            number = Text(template="{n}", slots={"n": self.at_threshold(key, name)})
            return Cell(number, self.at_threshold(key, bars[name]), theme.RIGHT if right else theme.WRONG)

        look = theme.look(key)
        return Grid(
            name=OBJECTIVES[key].short, colour=look.colour, dash=look.dash, columns=("called negative", "called positive"),
            rows=tuple((row, tuple(cell(*of) for of in cells)) for row, cells in CELL_ROWS.items()),
        )  # fmt: skip


def on(number: int) -> dict[str, str]:
    """The axes of a panel."""
    return {"xaxis": f"x{number + 1 if number else ''}", "yaxis": f"y{number + 1 if number else ''}"}


def outline(heights: np.ndarray) -> np.ndarray:
    """The heights of a histogram's outline, from the floor to the floor, relative to the tallest bar."""
    tallest = np.nanmax(heights, initial=0.0) or 1.0
    return np.concatenate([[0.0], np.repeat(heights / tallest * 0.85, 2), [0.0]])


def recall(counts: Confusion) -> np.ndarray:
    return DECISION_METRICS["recall"].value(counts)


def precision(counts: Confusion) -> np.ndarray:
    return DECISION_METRICS["precision"].value(counts)


def false_alarms(counts: Confusion) -> np.ndarray:
    """The share of the negatives that is called positive."""
    return 1 - DECISION_METRICS["specificity"].value(counts)

