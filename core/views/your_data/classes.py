"""The figure of probabilities for several classes: how sure a model is, how often it is right, and its confusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from core.evaluation.bootstrap import RESAMPLES, Bootstrap
from core.evaluation.classes import (
    CURVE_POINTS,
    ClassModel,
    ScoredClasses,
    accuracy,
    f1_scores,
    macro_f1,
    precisions,
    recalls,
)
from core.sentences import interval_text, join_words, number_text, plain_name
from core.stage import Card, Grid, Live, Slider, Stage, Task, Text, Words
from core.views.kit import theme
from core.views.kit.class_map import Count, confusion_grid
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.own_words import in_card
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.your_data.curve_layout import PERCENT, WHOLE, curve_panels
from core.views.your_data.score_cards import header

UPPER, LOWER, SMALL_PHONE = 165, 140, 170  # pixels: heights of the rows
MOST_CLASSES, MOST_CLASS_MODELS = 12, 6
EVEN_CONFIDENCES = np.linspace(0.0, 0.95, 20)
CONFIDENCE_QUANTILES = 30  # for all models together
LEAST_ROWS = 0.01  # of all: of fewer the accuracy is noise, and is not drawn
AS_SURE = 0.02  # of an accuracy: nearer is as sure as right
CLASS_HEADINGS = ("decided", "accuracy", "macro F1")
GUIDE = Stroke(theme.NEUTRAL, "dot")
SURE = ("surer than", "less sure than", "about as sure as")
HOW_TO_READ = (
    "#### How to read it\n\nA model predicts the class with the highest probability, the winner. **Least confidence**: "
    "rows where the winner's probability is lower are left to a person. **Accuracy of what is decided** is higher the "
    "fewer rows are decided, if the model knows where it is unsure. **Calibration**: where the winner has 70 %, a "
    "calibrated model is right in 70 % of the rows. **One class**: the curves of the chosen class against all others."
)
METRIC_NAMES = {
    "accuracy": "Accuracy, higher is better",
    "macro_f1": "Macro F1: the mean over the classes, higher is better",
    "log_loss": "Log loss, lower is better",
    "brier": "Brier score, from 0 to 2, lower is better",
}
CLASS_METRICS = {"precision": "precision", "recall": "recall", "f1": "F1"}


class ClassesFigure:
    """For every model accuracy over the share that is decided, calibration, and the curves of a chosen class."""

    def __init__(self, scored: ScoredClasses) -> None:
        for what, count, most in (("classes", len(scored.names), MOST_CLASSES),
                                  ("models", len(scored.models), MOST_CLASS_MODELS)):  # fmt: skip
            if count > most:
                raise ValueError(f"at most {most} {what} fit into one picture, got {count}: choose fewer")
        self.scored = scored
        bootstrap = Bootstrap(len(scored))
        self.models = [ClassModel(scored, name, bootstrap) for name in scored.models]
        self.labels = [plain_name(name) for name in scored.names]
        self.sliders = self.confidence, self.label = self.confidence_slider(), self.label_slider()
        lowest = 0.95 * min(np.nanmin(found) for found in self.accuracies.values()) - 0.01
        self.decided = Panel(
            axis("share of the rows that is decided", WHOLE, **PERCENT), axis(ends=(lowest, 1.01), **PERCENT),
            "Accuracy of what is decided", UPPER, SMALL_PHONE,
        )  # fmt: skip
        self.calibration = Panel(axis("probability of the winner", WHOLE, **PERCENT), axis(ends=WHOLE, **PERCENT),
                                 "Calibration: how often it is right", UPPER, SMALL_PHONE)  # fmt: skip
        self.precision, self.roc = curve_panels(LOWER, SMALL_PHONE)
        layout = rows([[self.decided, self.calibration], [self.precision, self.roc]], gap=58,
                      phone=[[self.decided], [self.calibration], [self.precision, self.roc]])  # fmt: skip
        self.plot = Plot(layout, left=48)
        self.draw_guides()
        for model, look in zip(self.models, self.looks, strict=True):
            self.draw_decided(model, look)
            self.draw_calibration(model, look)
            self.draw_curves(model, look)
            found = self.confusions[model.name]
            cells = (self.of_confidence(values) for values in (self.shares(model), accuracy(found), macro_f1(found)))
            self.plot.reading(plain_name(model.name), look, *cells)
        for symbol, text in {
            "●": "at the least confidence", "····": "perfect calibration; without skill",
        }.items():  # fmt: skip
            self.plot.explain(symbol, text)

    @property
    def looks(self) -> list[Stroke]:
        """The stroke of each model."""
        return [Stroke(colour) for colour in theme.SERIES[: len(self.models)]]

    def confidence_slider(self) -> Slider:
        """From 0, where every row is decided, up; more of its frames where there are rows."""
        levels = np.linspace(0.02, 0.98, max(5, CONFIDENCE_QUANTILES // len(self.models)))
        quantiles = np.concatenate([np.quantile(model.confidence, levels) for model in self.models])
        values = np.union1d(EVEN_CONFIDENCES.round(2), np.floor(quantiles * 1000) / 1000)
        return Slider(name="confidence", label="Least confidence", values=values, start=0)

    def label_slider(self) -> Slider:
        """The class that is set against all others."""
        values = np.arange(float(len(self.labels)))
        return Slider(
            name="class", label="Class of the lower curves", values=values, start=0, labels=tuple(self.labels)
        )

    @cached_property
    def confusions(self) -> dict[str, np.ndarray]:
        """Of each model the confusion matrix at every least confidence, [confidences, K, K]."""
        return {model.name: model.confusions(self.confidence.values) for model in self.models}

    @cached_property
    def accuracies(self) -> dict[str, np.ndarray]:
        """Of each model the accuracy of what is decided, [confidences]; NaN where that is hardly a row."""
        return {
            model.name: np.where(self.shares(model) >= LEAST_ROWS, accuracy(self.confusions[model.name]), np.nan)
            for model in self.models
        }

    def shares(self, model: ClassModel) -> np.ndarray:
        """The share of the rows that is decided, [confidences]."""
        return self.confusions[model.name].sum(axis=(1, 2)) / len(self.scored)

    def of_confidence(self, values: np.ndarray) -> Live:
        return Live(values, self.confidence)

    def draw_guides(self) -> None:
        ends = [0.0, 1.0]
        rates = np.bincount(self.scored.target, minlength=len(self.labels)) / len(self.scored)
        for panel, y in ((self.calibration, ends), (self.roc, ends),
                         (self.precision, Live(np.repeat(rates[:, None], 2, axis=1), self.label))):  # fmt: skip
            self.plot.line(panel, "guide", ends, y, GUIDE, width=1, hoverinfo="skip")

    def draw_decided(self, model: ClassModel, look: Stroke) -> None:
        """The accuracy over the share of the rows that is decided."""
        name, shares = plain_name(model.name), self.shares(model)
        right = self.accuracies[model.name]
        hover = f"decided %{{x:.1%}}, right %{{y:.1%}}<extra>{name}</extra>"
        self.plot.line(self.decided, name, shares, right, look, width=2.25, hovertemplate=hover)
        here = self.plot.marks(self.decided, "at the least confidence", self.of_confidence(shares[:, None]),
                               self.of_confidence(right[:, None]), theme.head(look), hoverinfo="skip")  # fmt: skip
        self.plot.drag(here, along=self.confidence)

    def draw_calibration(self, model: ClassModel, look: Stroke) -> None:
        """How often the winner is right over its probability."""
        found, name = model.metrics.calibration, plain_name(model.name)
        there = found.count > 0
        x, y = found.predicted[there], found.observed[there]
        hover = f"predicted %{{x:.1%}}, right %{{y:.1%}}<extra>{name}</extra>"
        self.plot.line(self.calibration, name, x, y, look, width=2.25, hovertemplate=hover)
        self.plot.dots(self.calibration, name, x, y, look.colour, size=4, hoverinfo="skip")

    def draw_curves(self, model: ClassModel, look: Stroke) -> None:
        """Both curves of every class against all others; NaN for a class that no row has."""
        found = np.full((3, len(self.labels), CURVE_POINTS), np.nan)
        for label, one in enumerate(model.one_against_all):
            for row, values in zip(found, (one.recall, one.false_positive_rate, one.precision), strict=True):
                row[label] = np.pad(values, (0, CURVE_POINTS - len(values)), mode="edge")
        recall, alarms, precision = (Live(values, self.label) for values in found)
        name = plain_name(model.name)
        for panel, x, y, hover in (
            (self.precision, recall, precision, "recall %{x:.1%}, precision %{y:.1%}"),
            (self.roc, alarms, recall, "false positive rate %{x:.1%}, recall %{y:.1%}"),
        ):
            self.plot.line(panel, name, x, y, look, width=2.25, hovertemplate=f"{hover}<extra>{name}</extra>")

    def grid(self, model: ClassModel, look: Stroke) -> Grid:
        """The confusion matrix of what is decided."""
        found = self.confusions[model.name]
        shares = np.divide(found, found.sum(axis=2, keepdims=True), out=np.zeros_like(found), where=found > 0)
        cells = {
            name: [
                Count(
                    self.of_confidence(found[:, true, label]), self.of_confidence(shares[:, true, label]), true == label
                )
                for label in range(len(self.labels))
            ]
            for true, name in enumerate(self.distinct_labels)
        }
        return confusion_grid(plain_name(model.name), look, self.distinct_labels, cells)

    @cached_property
    def distinct_labels(self) -> list[str]:
        """The classes' names as they are shown, with a number where two long ones would be the same."""
        return [
            name if self.labels.count(name) == 1 else f"{name} ({number + 1})"
            for number, name in enumerate(self.labels)
        ]

    def summary(self) -> Text:
        """What the model with the least log loss decides, how often it is right, and what it mixes up most."""
        model = min(self.models, key=lambda one: float(one.estimates["log_loss"].value))
        found = self.confusions[model.name]
        wrong = found * (1 - np.eye(len(self.labels)))
        worst = wrong.reshape(len(found), -1).argmax(axis=1)
        none = wrong.sum(axis=(1, 2)) == 0
        pairs = [
            "no decision is wrong" if nothing else
            f"it takes {self.labels[place // len(self.labels)]} for {self.labels[place % len(self.labels)]} most often"
            for place, nothing in zip(worst, none, strict=True)
        ]  # fmt: skip
        sure = float(model.metrics.confidence - model.metrics.accuracy)
        how = SURE[2] if abs(sure) <= AS_SURE else SURE[0] if sure > 0 else SURE[1]
        return Text(
            f"{{decides}}; over all rows {plain_name(model.name)} is {how} it is right.",
            decides=Words(
                (
                    f"{plain_name(model.name)} decides {{share}} % of the rows and is right in {{right}} %; {{pairs}}",
                    f"{plain_name(model.name)} decides none of the rows",
                ),
                self.of_confidence((found.sum(axis=(1, 2)) == 0).astype(float)),
            ),
            share=self.of_confidence(np.round(100 * self.shares(model), 1)),
            right=self.of_confidence(np.round(100 * accuracy(found), 1)),
            pairs=Words.each(pairs, self.confidence),
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each model and class: counts and metrics at the least confidence."""
        place = self.confidence.frame_at(values)
        found = np.stack([self.confusions[model.name][place] for model in self.models])  # [models, K, K]
        count = len(self.labels)
        return {
            "model": np.repeat(np.array(list(self.scored.models)), count),
            "class": np.tile(np.array(list(self.scored.names)), len(self.models)),
            "rows": found.sum(axis=2).ravel(), "predicted": found.sum(axis=1).ravel(),
            "precision": precisions(found).ravel(), "recall": recalls(found).ravel(), "f1": f1_scores(found).ravel(),
            "roc_auc": np.array([one.roc_auc for model in self.models for one in model.one_against_all]),
        }  # fmt: skip


def classes_stage(scored: ScoredClasses) -> Stage:
    """The stage of several classes. ValueError for more classes or models than fit into one picture."""
    figure = ClassesFigure(scored)
    names = join_words([plain_name(name) for name in scored.models])
    return figure.plot.stage(
        name="Your probabilities for several classes",
        alt=f"For {names}: accuracy over the share of the rows that is decided, and the calibration of the winner. "
        "Below are the precision-recall and ROC curves of one class against all others.",
        sliders=figure.sliders,
        task=Task(
            "Drag “Least confidence” to the right.",
            "Fewer rows are decided. Accuracy rises if the model knows where it is unsure.",
        ),
        summary=figure.summary(),
        headings=CLASS_HEADINGS,
        grids=tuple(figure.grid(model, look) for model, look in zip(figure.models, figure.looks, strict=True)),
        cards=(
            Card(text=Text(all_text(figure.models)), wide=True),
            Card(text=Text(class_text(figure.models)), wide=True),
            Card(text=Text(HOW_TO_READ), wide=True),
        ),
        table=figure.table,
    )


def all_text(models: Sequence[ClassModel]) -> str:
    """The metrics of all rows, with their intervals, and the calibration error."""
    lines = ["#### Metrics\n", *header(["", *(in_card(model.name) for model in models)])]
    for key, name in METRIC_NAMES.items():
        lines.append(f"| {name} | {' | '.join(interval_text(*map(float, model.estimates[key])) for model in models)} |")
    errors = (f"{number_text(float(model.metrics.calibration.error))}" for model in models)
    lines.append(f"| Calibration error of the winner, lower is better | {' | '.join(errors)} |")
    softmax = [in_card(model.name) for model in models if not model.scored.is_probability[model.name]]
    note = (
        f" The numbers of {join_words(softmax)} are not probabilities: softmax turns them into some." if softmax else ""
    )
    return "\n".join(lines) + f"\n\nIn brackets are 95 % intervals of {RESAMPLES} bootstrap resamples.{note}"


def class_text(models: Sequence[ClassModel]) -> str:
    """The metrics of every class."""
    parts = ["#### Every class"]
    for model in models:
        lines = [f"**{in_card(model.name)}**\n", *header(["", "rows", *CLASS_METRICS.values(), "ROC AUC"])]
        counts = np.bincount(model.scored.target, minlength=len(model.scored.names))
        for label, name in enumerate(model.scored.names):
            found = (interval_text(*(float(end[label]) for end in model.estimates[key])) for key in CLASS_METRICS)
            area = model.one_against_all[label].roc_auc
            cells = [f"{counts[label]:,}", *found, number_text(area)]
            lines.append(f"| {in_card(name)} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
