"""The figure of decisions: each loss's model on the test set, and what a threshold makes of its scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
from scipy.special import logit

from core.metrics import DECISION_METRICS, Confusion
from core.models.imbalance.data import COSTS, EDGE, THRESHOLDS
from core.models.imbalance.measured import BINS, CELLS, CUTS, ModelResults, window
from core.models.imbalance.outputs import Says, says
from core.models.objectives import objective_of
from core.sentences import number_text
from core.stage import Live
from core.views.class_imbalance.experiment import Experiment
from core.views.class_imbalance.settings import THRESHOLD_SLIDER
from core.views.kit import theme
from core.views.kit.layout import EDGE as TOP
from core.views.kit.layout import FOOT, GAP, Panel, Rows, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

MAP, SCORES, CURVES = 190, 80, 195  # pixels: heights of the rows
PHONE_MAP, PHONE_CURVE = 150, 200
UNDER = 60  # pixels between a map and the scores below it
HEIGHT = TOP + MAP + UNDER + SCORES + GAP + CURVES + FOOT
BETWEEN = 0.055  # of the width, between two panels
CROWDED = 4  # losses: from here on there is room for few ticks
DRAWN = 1000  # at most so many points on a map: so many hold a share of 0.1 %, and more would hide each other
SMALL = ({"size": 3, "line": {"width": 0}}, {"size": 6})  # of the many negatives, and of the positives
TICKS, FEW_TICKS = (0.001, 0.1, 0.5, 0.9, 0.999), (0.001, 0.5, 0.999)  # probabilities, on an axis of scores
SCORE_TICKS = (-8, -4, 0, 4, 8)  # of a score that is not a probability
ACROSS = {Says.PROBABILITY: "probability", Says.SHIFTED: "σ(score)", Says.ORDER: "score"}  # under the scores
HOVER = {Says.PROBABILITY: "log-odds", Says.SHIFTED: "score", Says.ORDER: "score"}
CORRECTED = {Says.SHIFTED: "corrected", Says.ORDER: "Platt-scaled"}
FILLS = {"start": -5.0, "end": 5.0, "size": 1.0, "coloring": "fill", "showlines": False}
LINE = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}
PLAIN = {"autocontour": False, "showscale": False}
MARK = 0.86  # where among the scores the best thresholds are marked
LEGEND = {
    "●": "negative",
    "◆": "positive",
    "—": "decision boundary (score = threshold)",
    "- -": "threshold",
    "····": "no skill; in the calibration panel, perfect calibration",
    "◇": "cheapest threshold",
    "☆": "threshold with the best F1, found on the training set like the cheapest",
}


class DecisionFigure:
    """A map and the scores of each loss; for all of them the precision-recall, ROC and calibration curves."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.maps = [self.map_panel(number) for number in range(len(experiment.losses))]
        self.scores = [self.score_panel(number) for number in range(len(experiment.losses))]
        self.precision = shared_panel("Precision-recall curve", "recall")
        self.roc = shared_panel("ROC curve: recall over false positives", "false positive rate")
        self.calibration = shared_panel("Calibration: observed over predicted", "predicted probability")
        self.plot = Plot(self.layout())
        self.draw_guides()
        for number, key in enumerate(experiment.losses):
            self.draw_map(key, self.maps[number])
            self.draw_scores(key, self.scores[number])
            self.draw_curves(key)

    def layout(self) -> Rows:
        """The losses beside each other, and the curves of all; on a phone the losses one below the other."""
        curves = [self.precision, self.roc, self.calibration]
        pairs = zip(self.maps, self.scores, strict=True)
        phone = [*([one, scores] for one, scores in pairs), *([curve] for curve in curves)]
        top = rows([self.maps, self.scores], gap=UNDER, between=BETWEEN)
        return rows([[top], curves], between=BETWEEN, phone=phone)

    def map_panel(self, number: int) -> Panel:
        experiment = self.experiment
        names = [str(variable) for variable in experiment.settings.split(0.5).test.variables]
        across, up = window(experiment.settings)
        x = axis(names[0], across, showgrid=False, nticks=5)
        y = axis(names[1] if number == 0 else "", up, showgrid=False, nticks=5)
        return Panel(x, y, objective_of(experiment.losses[number]).short, MAP, PHONE_MAP)

    def score_panel(self, number: int) -> Panel:
        losses = self.experiment.losses
        what = says(losses[number])
        wide, phone = (score_ticks(what, few=few) for few in (len(losses) >= CROWDED, True))
        x = axis(ACROSS[what], (-EDGE, EDGE), showgrid=False, tickangle=0, **wide, phone=phone)
        y = axis(ends=(0, 1), showgrid=False, showticklabels=False)
        return Panel(x, y, "Scores of each class" * (number == 0), SCORES, PHONE_MAP)

    def of_models(self, key: str, rows_of: Iterable[Any], *by: Any) -> Live:
        """A row for each model of a loss."""
        return Live(stack_rows(rows_of), (self.experiment.sweep(key), *by))

    def of_shares(self, rows_of: Any, *by: Any) -> Live:
        """A row for each positive share."""
        return Live(rows_of, (self.experiment.sweep(), *by))

    def at_threshold(self, key: str, value: Callable[[ModelResults], np.ndarray]) -> Live:
        """A number of each model at each threshold."""
        return self.of_models(key, map(value, self.experiment.models[key]), THRESHOLD_SLIDER)

    def counts(self, key: str, name: str) -> Live:
        """The counts of "tp", "fp", "fn" or "tn" at the threshold."""
        return self.at_threshold(key, lambda model: where_trained(model, getattr(model.decisions, name)))

    def metric(self, key: str, name: str) -> Live:
        """A metric of the decisions at the threshold."""
        return self.at_threshold(key, lambda model: DECISION_METRICS[name].value(model.decisions))

    def false_positive_rate(self, key: str) -> Live:
        return self.at_threshold(key, lambda model: false_positive_rate(0.0, model.decisions))

    def cost(self, key: str) -> Live:
        """The expected cost at the threshold, for each cost of a false negative."""
        metric = DECISION_METRICS["expected_cost"]
        found = [metric.value(model.decisions, cost=COSTS[at]) for model, at in self.experiment.at_costs(key)]
        return Live(np.stack(found), (self.experiment.with_costs(key), THRESHOLD_SLIDER))

    def best(self, key: str, label: str, value: Callable[[float, Confusion], Any]) -> Live:
        """A value at the cheapest threshold, or at the one with the best F1: a single point."""
        if label == theme.BEST_F:
            models = self.experiment.models[key]
            return self.of_models(key, ([value(model.best_f, model.best_f_decisions)] for model in models))
        found = [
            [value(model.cheapest[at], model.cheapest_decisions[at])] for model, at in self.experiment.at_costs(key)
        ]
        return Live(stack_rows(found), self.experiment.with_costs(key))

    @cached_property
    def points(self) -> dict[int, tuple[Live, Live]]:
        """x and y of the points of either class that are drawn, at each positive share."""
        splits = [self.experiment.settings.split(share).test for share in self.experiment.shares]
        found = {}
        for label in (0, 1):
            own = [data.features[data.target == label] for data in splits]
            own = [points[: round(len(points) / self.one_in)] for points in own]
            places = np.full((len(own), max(map(len, own)), 2), np.nan)
            for row, points in zip(places, own, strict=True):
                row[: len(points)] = points
            found[label] = (self.of_shares(places[..., 0]), self.of_shares(places[..., 1]))
        return found

    @cached_property
    def one_in(self) -> int:
        """One point in so many of the test set is drawn, of either class: the share of positives is the true one."""
        return math.ceil(len(self.experiment.settings.split(self.experiment.shares[0]).test) / DRAWN)

    def draw_map(self, key: str, panel: Panel) -> None:
        """The score all over the picture, the boundary at the threshold, and the points."""
        look = theme.look(key)
        x, y = (np.linspace(*ends, CELLS) for ends in window(self.experiment.settings))
        z = self.of_models(key, (model.score_map for model in self.experiment.models[key]))
        score = go.Contour(
            name="score", contours=FILLS, zmin=-EDGE, zmax=EDGE, colorscale=theme.DECISION, opacity=0.45,
            hovertemplate=f"{HOVER[says(key)]} %{{z:.3~g}}<extra></extra>", **PLAIN,
        )  # fmt: skip
        self.plot.add(panel, score, x=x, y=y, z=z)
        boundary = go.Contour(
            name="boundary", contours=LINE, hoverinfo="skip", colorscale=[[0, look.colour], [1, look.colour]],
            line={"color": look.colour, "width": 3, "dash": look.dash}, **PLAIN,
        )  # fmt: skip
        self.plot.add(panel, boundary, x=x, y=y, z=z, level=Live(CUTS[:, None], THRESHOLD_SLIDER))
        for label in (0, 1):
            marker = theme.dots(*theme.CLASSES[label]) | SMALL[label]
            self.plot.marks(panel, f"class {label}", *self.points[label], marker, hoverinfo="skip")
        colours = dict(zip("●◆", (colour for colour, _ in theme.CLASSES), strict=True))
        part = f" (1 in {self.one_in} of the test set)" if self.one_in > 1 else ""
        for symbol, meaning in LEGEND.items():
            self.plot.explain(symbol, meaning + part * (symbol in colours), colours.get(symbol, ""))

    def draw_scores(self, key: str, panel: Panel) -> None:
        """The distribution of the scores of either class, the threshold among them, and the best thresholds."""
        models, steps = self.experiment.models[key], np.repeat(np.linspace(-EDGE, EDGE, BINS + 1), 2)
        for label in (0, 1):
            colour, _ = theme.CLASSES[label]
            heights = self.of_models(key, (outline(model.density[label]) for model in models))
            self.plot.line(
                panel, f"class {label}", steps, heights, Stroke(colour), width=1.25, fill="toself",
                fillcolor=theme.faint(colour), hoverinfo="skip",
            )  # fmt: skip
        self.draw_threshold(panel, "threshold", CUTS)
        for name, mark in theme.BEST.items():
            place = self.best(key, name, lambda cut, _: np.clip(cut, -EDGE, EDGE))
            hover = f"{name} threshold<extra></extra>"
            marker = mark | {"color": theme.look(key).colour}
            self.plot.marks(panel, name, place, [MARK], marker, hovertemplate=hover, cliponaxis=False)

    def draw_guides(self) -> None:
        """Draws the curves of a model without skill, and of a calibrated one."""
        splits = [self.experiment.settings.split(share).test for share in self.experiment.shares]
        rates = np.array([data.target.mean() if len(data) else np.nan for data in splits])
        thin, ends = Stroke(theme.NEUTRAL, "dot"), [0.0, 1.0]
        no_skill = self.of_shares(np.repeat(rates[:, None], 2, axis=1))
        for panel, y in ((self.precision, no_skill), (self.roc, ends), (self.calibration, ends)):
            self.plot.line(panel, "no skill", ends, y, thin, width=1, hoverinfo="skip")
        self.draw_threshold(self.calibration, "threshold in probability", THRESHOLDS)

    def draw_threshold(self, panel: Panel, name: str, places: np.ndarray) -> None:
        """A line across a panel at the place of each threshold. It can be dragged."""
        at = Live(np.repeat(places[:, None], 2, axis=1), THRESHOLD_SLIDER)
        line = go.Scatter(name=name, mode="lines", line=theme.PROBE, hoverinfo="skip")
        self.plot.drag(self.plot.add(panel, line, x=at, y=[0.0, 1.0]), x=THRESHOLD_SLIDER)

    def draw_curves(self, key: str) -> None:
        """The precision-recall, ROC and calibration curves; a point at the threshold on each."""
        models, recall_at = self.experiment.models[key], self.metric(key, "recall")
        observed = self.at_threshold(key, lambda model: model.frequencies)
        probability = Live(THRESHOLDS[:, None], THRESHOLD_SLIDER)
        drawn = {
            "recall %{x:.1%}, precision %{y:.1%}": (
                self.precision, [model.recall_precision for model in models], recall_at, self.metric(key, "precision"),
            ),
            "false positive rate %{x:.1%}, recall %{y:.1%}": (
                self.roc, [model.roc for model in models], self.false_positive_rate(key), recall_at,
            ),
            "predicted %{x:.1%}, observed %{y:.1%}": (
                self.calibration, [model.calibration for model in models], probability, observed,
            ),
        }  # fmt: skip
        look, name = theme.look(key), objective_of(key).short
        for hover, (panel, curves, at_x, at_y) in drawn.items():
            x, y = (self.of_models(key, (curve[row] for curve in curves)) for row in (0, 1))
            self.plot.line(panel, name, x, y, look, width=2.25, hovertemplate=f"{hover}<extra>{name}</extra>")
            here = self.plot.marks(panel, "at the threshold", at_x, at_y, theme.head(look), hoverinfo="skip")
            self.plot.drag(here, along=THRESHOLD_SLIDER)
        if says(key) is not Says.PROBABILITY:
            self.draw_corrected(key)
        recall, precision = (partial(of_counts, name) for name in ("recall", "precision"))
        for label, mark in theme.BEST.items():
            for panel, of_x, of_y in ((self.precision, recall, precision), (self.roc, false_positive_rate, recall)):
                x, y = self.best(key, label, of_x), self.best(key, label, of_y)
                hover = f"{label} threshold<extra>{name}</extra>"
                self.plot.marks(panel, label, x, y, mark | {"color": look.colour}, hovertemplate=hover)

    def draw_corrected(self, key: str) -> None:
        """The calibration of the probabilities into which outputs are turned that are none: a thin line."""
        name, how = objective_of(key).short, CORRECTED[says(key)]
        curves = [model.corrected_calibration for model in self.experiment.models[key]]
        x, y = (self.of_models(key, (curve[row] for curve in curves)) for row in (0, 1))
        look = theme.look(key)
        stroke = {"color": look.colour, "dash": look.dash, "width": 1.25, "simplify": False}
        trace = go.Scatter(
            name=f"{name} {how}", mode="lines+markers", line=stroke, marker={"size": 4, "color": look.colour},
            hovertemplate=f"predicted %{{x:.1%}}, observed %{{y:.1%}}<extra>{name}, {how}</extra>",
        )  # fmt: skip
        self.plot.add(self.calibration, trace, x=x, y=y)


def score_ticks(what: Says, *, few: bool) -> dict[str, Any]:
    """The ticks of an axis of scores, written as probabilities where the scores are log-odds."""
    if what is Says.ORDER:
        return {"tickvals": list(SCORE_TICKS), "ticktext": [number_text(tick) for tick in SCORE_TICKS]}
    ticks = FEW_TICKS if few else TICKS
    return {"tickvals": logit(ticks).tolist(), "ticktext": [f"{tick:g}" for tick in ticks]}


def shared_panel(title: str, across: str) -> Panel:
    """A panel of curves of all losses, whose axes are shares."""
    share: dict[str, Any] = {"tickformat": ".0%", "nticks": 6}
    return Panel(axis(across, (-0.02, 1.02), **share), axis(ends=(-0.02, 1.02), **share), title, CURVES, PHONE_CURVE)


def stack_rows(found: Iterable[Any]) -> np.ndarray:
    return np.stack([np.asarray(row, dtype=float) for row in found])


def where_trained(model: ModelResults, counts: np.ndarray) -> np.ndarray:
    return counts if model.is_trained else np.full_like(counts, np.nan)


def outline(heights: np.ndarray) -> np.ndarray:
    """The heights of a histogram's outline, from the floor to the floor, relative to the tallest bar."""
    tallest = np.nanmax(heights, initial=0.0) or 1.0
    return np.concatenate([[0.0], np.repeat(heights / tallest * 0.85, 2), [0.0]])


def of_counts(metric: str, _: float, counts: Confusion) -> np.ndarray:
    return DECISION_METRICS[metric].value(counts)


def false_positive_rate(_: float, counts: Confusion) -> np.ndarray:
    """The share of the negatives that is predicted positive."""
    return 1 - DECISION_METRICS["specificity"].value(counts)
