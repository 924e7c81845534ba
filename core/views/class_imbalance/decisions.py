"""The picture of decisions: each loss's model on the test set, and what a threshold makes of its scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.metrics import DECISION_METRICS, Confusion, always_negative
from core.models.objectives import OBJECTIVES
from core.stage.legacy import Pick
from core.views.class_imbalance.experiment import BINS, CELLS, CUTS, Experiment, Measured, window
from core.views.class_imbalance.layout import CALIBRATION, PRECISION, ROC, arranged
from core.views.class_imbalance.outputs import Says, says
from core.views.class_imbalance.settings import COST, COSTS, EDGE, SHARE, THRESHOLD, THRESHOLDS
from core.views.kit import theme
from core.views.kit.sheet import Sheet

DRAWN = {1: 120, 0: 280}  # at most so many points of a class on a map: more would hide each other
FILLS = {"start": -5.0, "end": 5.0, "size": 1.0, "coloring": "fill", "showlines": False}
SHOWN = {Says.PROBABILITY: "log-odds", Says.SHIFTED: "score", Says.ORDER: "score"}
CORRECTED = {Says.SHIFTED: "corrected", Says.ORDER: "Platt-scaled"}
LINE = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}


@dataclass
class Decisions(Sheet):
    """A map and the scores of each loss; for all of them the precision-recall, ROC and calibration curves."""

    experiment: Experiment

    def draw(self) -> None:
        losses = self.experiment.losses
        x, y = (np.linspace(*ends, CELLS) for ends in window(self.experiment.settings))
        steps = np.repeat(np.linspace(-EDGE, EDGE, BINS + 1), 2)
        self.arrays |= {"map x": x, "map y": y, "cut": CUTS[:, None], "p": THRESHOLDS[:, None], "steps": steps}
        self.arrays["p twice"] = np.repeat(THRESHOLDS[:, None], 2, axis=1)
        self.arrays |= {"ends": np.array([0.0, 1.0]), "threshold": np.repeat(CUTS[:, None], 2, axis=1)}
        self.points()
        self.guides()
        for number, key in enumerate(losses):
            self.decide(key)
            self.map(key, number)
            self.scores(key, number)
            self.curves(key)
        self.layout, self.narrow = arranged(self.experiment, [OBJECTIVES[key].short for key in losses])

    # --- arrays ---

    def keep(self, name: str, array: np.ndarray, star: tuple[str, ...]) -> Pick:
        """An array [lanes, ...]; one that nothing trains anew has a single lane, and no axis for it."""
        self.arrays[name] = array if star else array[0]
        return Pick(name, star=star)

    def of_models(self, key: str, name: str, rows: Iterable[Any]) -> Pick:
        """A row for each model of a loss."""
        return self.keep(f"{key} {name}", stacked(rows), self.experiment.star_of(key))

    def of_costs(self, key: str, name: str, rows: Iterable[Any]) -> Pick:
        """A row for each of the trial's `priced`."""
        return self.keep(f"{key} {name}", stacked(rows), (*self.experiment.star_of(key), COST))

    def at_threshold(self, key: str, name: str) -> Pick:
        return Pick(f"{key} {name}", (THRESHOLD,), star=self.experiment.star_of(key))

    def decide(self, key: str) -> None:
        """What becomes of the points at every threshold."""
        models = self.experiment.models[key]
        for name in ("tp", "fp", "fn", "tn"):
            self.of_models(key, name, (where_trained(model, getattr(model.decisions, name)) for model in models))
        for name in ("precision", "recall", "accuracy"):
            self.of_models(key, name, (DECISION_METRICS[name].value(model.decisions) for model in models))
        self.of_models(key, "missed", (1 - recall(model.decisions) for model in models))
        self.of_models(key, "false positive rate", (false_positive_rate(model.decisions) for model in models))
        self.of_models(key, "kept", (1 - false_positive_rate(model.decisions) for model in models))
        self.of_models(key, "calibrated", (model.calibrated for model in models))
        cost = DECISION_METRICS["expected_cost"]
        self.of_costs(
            key, "cost", (cost.value(model.decisions, cost=COSTS[at]) for model, at in self.experiment.priced(key))
        )

    def points(self) -> None:
        """Those of the test set, at every share."""
        shares = self.experiment.shares
        star = (SHARE,) if len(shares) > 1 else ()
        test_sets = [self.experiment.settings.split(share).test for share in shares]
        for label, most in DRAWN.items():
            rows = np.full((len(shares), most, 2), np.nan)
            for row, data in zip(rows, test_sets, strict=True):
                own = data.features[data.target == label][:most]
                row[: len(own)] = own
            for axis, letter in enumerate("xy"):
                self.keep(f"class {label} {letter}", rows[..., axis], star)
        rates = np.array([data.target.mean() if len(data) else np.nan for data in test_sets])
        self.keep("rate", np.repeat(rates[:, None], 2, axis=1), star)
        self.keep("positives", np.array([data.target.sum() for data in test_sets]), star)
        self.star = star
        self.baseline([always_negative(data.target) for data in test_sets])

    def baseline(self, always: Sequence[Confusion]) -> None:
        """How predicting everything negative does at every share, and at every cost."""
        right = np.array([DECISION_METRICS["accuracy"].value(counts) for counts in always])
        cost, here = DECISION_METRICS["expected_cost"], COSTS[self.experiment.cost()]
        dear = [cost.value(counts, cost=here) for counts in always] + [cost.value(always[0], cost=c) for c in COSTS]
        self.keep("baseline accuracy", right, self.star)
        self.keep("baseline percent", 100 * right, self.star)
        self.keep("baseline cost", np.array(dear), (*self.star, COST))

    # --- panels ---

    def map(self, key: str, number: int) -> None:
        """The score all over the picture, the boundary at the threshold, and the points."""
        axes = on(number)
        z = self.of_models(key, "ground", (model.ground for model in self.experiment.models[key]))
        plain = {"autocontour": False, "showscale": False} | axes
        self.add(
            go.Contour(
                name="score", contours=FILLS, zmin=-EDGE, zmax=EDGE, colorscale=theme.DECISION, opacity=0.45,
                hovertemplate=f"{SHOWN[says(key)]} %{{z:.3~g}}<extra></extra>", **plain,
            ),
            x=Pick("map x"), y=Pick("map y"), z=z,
        )  # fmt: skip
        look = theme.look(key)
        self.add(
            go.Contour(
                name="boundary", contours=LINE, hoverinfo="skip", colorscale=[[0, look.colour], [1, look.colour]],
                line={"color": look.colour, "width": 3, "dash": look.dash}, **plain,
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
        axes, models = on(len(self.experiment.losses) + number), self.experiment.models[key]
        for label in (0, 1):
            colour, _ = theme.CLASSES[label]
            self.add(
                go.Scatter(
                    name=f"class {label}", mode="lines", fill="toself", fillcolor=theme.faint(colour),
                    line={"color": colour, "width": 1.25, "simplify": False}, hoverinfo="skip", **axes,
                ),
                x=Pick("steps"),
                y=self.of_models(key, f"scores {label}", (outline(model.density[label]) for model in models)),
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
                x=self.best(key, name, "cut", lambda cut, _: np.clip(cut, -EDGE, EDGE)), y=Pick("mark"),
            )  # fmt: skip

    def guides(self) -> None:
        """What a model without skill would show, and what a calibrated one does."""
        thin = {"color": theme.NEUTRAL, "width": 1, "dash": "dot", "simplify": False}
        for panel, y in (
            (PRECISION, Pick("rate", star=self.star)),
            (ROC, Pick("ends")),
            (CALIBRATION, Pick("ends")),
        ):
            self.add(
                go.Scatter(name="no skill", mode="lines", line=thin, hoverinfo="skip", **self.shared(panel)),
                x=Pick("ends"), y=y,
            )  # fmt: skip
        probe, axes = theme.PROBE, self.shared(CALIBRATION)
        self.add(
            go.Scatter(name="threshold in probability", mode="lines", line=probe, hoverinfo="skip", **axes),
            x=Pick("p twice", (THRESHOLD,)), y=Pick("ends"),
        )  # fmt: skip

    def curves(self, key: str) -> None:
        """The precision-recall, ROC and calibration curves; a point at the threshold on each."""
        hover = {
            PRECISION: "recall %{x:.1%}, precision %{y:.1%}",
            ROC: "false positive rate %{x:.1%}, recall %{y:.1%}",
            CALIBRATION: "predicted %{x:.1%}, observed %{y:.1%}",
        }
        models = self.experiment.models[key]
        curves = {
            PRECISION: ([model.recall_precision for model in models], "recall", "precision"),
            ROC: ([model.roc for model in models], "false positive rate", "recall"),
            CALIBRATION: ([model.calibration for model in models], "", "calibrated"),
        }
        look, name = theme.look(key), OBJECTIVES[key].short
        stroke = {"color": look.colour, "dash": look.dash, "width": 2.25, "simplify": False}
        for panel, (drawn, across, up) in curves.items():
            axes = self.shared(panel)
            x, y = (
                self.of_models(key, f"curve {panel} {letter}", (curve[axis] for curve in drawn))
                for axis, letter in enumerate("xy")
            )
            about = f"{hover[panel]}<extra>{name}</extra>"
            self.add(go.Scatter(name=name, mode="lines", line=stroke, hovertemplate=about, **axes), x=x, y=y)
            self.add(
                go.Scatter(name="at the threshold", mode="markers", marker=theme.head(look), hoverinfo="skip", **axes),
                x=self.at_threshold(key, across) if across else Pick("p", (THRESHOLD,)),
                y=self.at_threshold(key, up),
            )
        if says(key) is not Says.PROBABILITY:
            self.corrected(key)
        for label, mark in theme.BEST.items():
            for panel, (of_x, of_y) in {PRECISION: (recall, precision), ROC: (false_positive_rate, recall)}.items():
                self.add(
                    go.Scatter(name=label, mode="markers", marker=mark | {"color": look.colour},
                               hovertemplate=f"{label} threshold<extra>{name}</extra>", **self.shared(panel)),
                    x=self.best(key, label, f"{panel} x", partial(of_counts, of_x)),
                    y=self.best(key, label, f"{panel} y", partial(of_counts, of_y)),
                )  # fmt: skip

    def corrected(self, key: str) -> None:
        """The calibration of the probabilities that become of outputs that are none: a thin line."""
        look, axes, how = theme.look(key), self.shared(CALIBRATION), CORRECTED[says(key)]
        curves = [model.corrected_calibration for model in self.experiment.models[key]]
        x, y = (
            self.of_models(key, f"corrected {letter}", (curve[axis] for curve in curves))
            for axis, letter in enumerate("xy")
        )
        about = f"predicted %{{x:.1%}}, observed %{{y:.1%}}<extra>{OBJECTIVES[key].short}, {how}</extra>"
        stroke = {"color": look.colour, "dash": look.dash, "width": 1.25, "simplify": False}
        self.add(
            go.Scatter(name=f"{OBJECTIVES[key].short} {how}", mode="lines+markers", line=stroke,
                       marker={"size": 4, "color": look.colour}, hovertemplate=about, **axes),
            x=x, y=y,
        )  # fmt: skip

    def best(self, key: str, label: str, name: str, value: Callable[[float, Confusion], Any]) -> Pick:
        """A value at the cheapest threshold, or at that of the best F1."""
        name = f"{label} {name}"
        if label == theme.BEST_F:
            models = self.experiment.models[key]
            return self.of_models(key, name, ([value(model.best_f, model.best_f_decisions)] for model in models))
        rows = ([value(model.cheapest[at], model.cheapest_decisions[at])] for model, at in self.experiment.priced(key))
        return self.of_costs(key, name, rows)

    def shared(self, panel: int) -> dict[str, str]:
        return on(2 * len(self.experiment.losses) + panel)


def on(number: int) -> dict[str, str]:
    """The axes of a panel."""
    return {"xaxis": f"x{number + 1 if number else ''}", "yaxis": f"y{number + 1 if number else ''}"}


def stacked(rows: Iterable[Any]) -> np.ndarray:
    return np.stack([np.asarray(row, dtype=float) for row in rows])


def of_counts(metric: Callable[[Confusion], np.ndarray], _: float, counts: Confusion) -> np.ndarray:
    return metric(counts)


def where_trained(model: Measured, counts: np.ndarray) -> np.ndarray:
    return counts if model.trained else np.full_like(counts, np.nan)


def outline(heights: np.ndarray) -> np.ndarray:
    """The heights of a histogram's outline, from the floor to the floor, relative to the tallest bar."""
    tallest = np.nanmax(heights, initial=0.0) or 1.0
    return np.concatenate([[0.0], np.repeat(heights / tallest * 0.85, 2), [0.0]])


def recall(counts: Confusion) -> np.ndarray:
    return DECISION_METRICS["recall"].value(counts)


def precision(counts: Confusion) -> np.ndarray:
    return DECISION_METRICS["precision"].value(counts)


def false_positive_rate(counts: Confusion) -> np.ndarray:
    """The share of the negatives that is predicted positive."""
    return 1 - DECISION_METRICS["specificity"].value(counts)
