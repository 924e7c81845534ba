"""The figure of accuracy on a rare class: 1,000 examples as dots, and three models' accuracy, recall and precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.metrics import DECISION_METRICS, Confusion
from core.models.imbalance.data import SHARE, SHARES, THRESHOLD, THRESHOLDS, ImbalanceSettings
from core.models.imbalance.measured import CUTS
from core.models.imbalance.sample import EXAMPLES, sample
from core.models.objectives import OBJECTIVES
from core.stage import Live, Slider, Stage, Sweep, Task, Text, Words
from core.views.class_imbalance.settings import THRESHOLD_SLIDER, share_slider
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot, corners
from core.views.kit.theme import Stroke
from core.views.kit.units import unit

ROW, PHONE_DOTS, PHONE_BARS = 340, 200, 190  # pixels
HEIGHT = EDGE + ROW + FOOT
COLUMNS = 40  # of dots
BCE = "binary_cross_entropy"
MODELS = {  # by name; the last one is trained
    "Always negative": Stroke(theme.NEUTRAL, "dot"),
    "Always positive": Stroke(theme.NEUTRAL, "dash"),
    OBJECTIVES[BCE].short: theme.look(BCE),
}
METRICS = ("accuracy", "recall", "precision")
BAR_HEIGHT, BETWEEN_MODELS = 0.7, 1.1  # of a bar, where the bars of a model are 1 apart; between two models

MODEL = Slider(
    name="model", label="Model", values=np.arange(float(len(MODELS))), start=0, labels=tuple(MODELS), recomputed=True
)
SLIDERS = (
    MODEL,
    share_slider(SHARES),
    replace(THRESHOLD_SLIDER, label="Decision threshold of BCE", recomputed=True),
)


class AccuracyFigure:
    """The dots of one model's decisions, and the bars of all models, in each run of a sweep of the sliders."""

    def __init__(self, settings: ImbalanceSettings, centre: Mapping[str, float]) -> None:
        self.settings, self.centre = settings, centre
        self.sweep = Sweep(SLIDERS, centre)
        self.dots = Panel(blank_axis((-1, COLUMNS)), blank_axis((EXAMPLES // COLUMNS, -1)),
                          f"{EXAMPLES:,} examples, the positives first", ROW, PHONE_DOTS, width=0.64)  # fmt: skip
        self.bars = Panel(axis("", (0, 1.02), tickformat=".0%"), self.bar_axis(), "", ROW, PHONE_BARS, width=0.36)
        self.plot = Plot(rows([[self.dots, self.bars]], between=0.13))
        self.draw_dots()
        for number, (name, look) in enumerate(MODELS.items()):
            self.draw_bars(number, look)
            self.plot.label(self.bars, name, 0, bar_places(number)[0] - BAR_HEIGHT / 2)
            self.plot.reading(name, look, *(self.percent(metric[:, number]) for metric in self.metrics.values()))

    def bar_axis(self) -> dict[str, Any]:
        """The bars from top to bottom, those of a model together."""
        places = np.concatenate([bar_places(number) for number in range(len(MODELS))])
        ends = (places[-1] + 0.5, places[0] - 1.2)
        return axis(ends=ends, showgrid=False, tickvals=places.tolist(), ticktext=[*METRICS] * len(MODELS))

    def live(self, array: Any) -> Live:
        """A row for each run."""
        return Live(array, self.sweep)

    def percent(self, metric: np.ndarray) -> Text:
        texts = ["–" if np.isnan(value) else f"{100 * value:.3g} %" for value in metric]
        return Text("{}", Words.each(texts, self.sweep))

    @cached_property
    def decisions(self) -> Confusion:
        """The counts of every model in each run, [runs, models]."""
        shares, thresholds = (self.sweep.values[key] for key in (SHARE, THRESHOLD))
        cuts = CUTS[np.searchsorted(THRESHOLDS, thresholds)]
        found = [
            sample(self.settings, float(share)).decisions(np.array([np.inf, -np.inf, cut]))
            for share, cut in zip(shares, cuts, strict=True)
        ]
        return Confusion(*(np.stack([getattr(one, name) for one in found]) for name in ("tp", "fp", "fn", "tn")))

    @cached_property
    def metrics(self) -> dict[str, np.ndarray]:
        """Each metric of every model in each run, [runs, models]; NaN where it is undefined."""
        return {name: DECISION_METRICS[name].value(self.decisions) for name in METRICS}

    @cached_property
    def drawn(self) -> Confusion:
        """The counts of the model that is drawn, [runs]."""
        return self.decisions[np.arange(len(self.sweep)), self.sweep.values[MODEL.key].astype(int)]

    def draw_dots(self) -> None:
        """A trace for each outcome; a dot is in one of them. In each class those predicted positive come first."""
        place, drawn = np.arange(EXAMPLES), self.drawn
        ends = np.cumsum([np.zeros_like(drawn.tp), drawn.tp, drawn.fn, drawn.fp, drawn.tn], axis=0)[..., None]
        for (name, symbol), begin, end in zip(theme.OUTCOMES.items(), ends, ends[1:], strict=False):
            up = np.where((place >= begin) & (place < end), place // COLUMNS, np.nan)
            dots = go.Scatter(name=name, mode="markers", marker=symbol.marker, hovertemplate=f"{name}<extra></extra>")
            self.plot.add(self.dots, dots, x=place % COLUMNS, y=self.live(up))
            self.plot.explain(symbol.sign, f"{name} ({symbol.says})", symbol.colour)

    def draw_bars(self, number: int, look: Stroke) -> None:
        """A model's bars: faint, and filled where its decisions are drawn."""
        at = bar_places(number)
        up = np.concatenate([corners(one - BAR_HEIGHT / 2, one + BAR_HEIGHT / 2, up=True) for one in at])
        values = np.stack([metric[:, number] for metric in self.metrics.values()], axis=-1)  # [runs, bars]
        ends = corners(np.where(np.isnan(values), np.nan, 0.0), values).reshape(len(values), -1)
        chosen = self.sweep.values[MODEL.key] == number
        for fill, x in ((theme.faint(look.colour), ends), (look.colour, np.where(chosen[:, None], ends, np.nan))):
            self.plot.line(
                self.bars, tuple(MODELS)[number], self.live(x), up, Stroke(look.colour), width=1, fill="toself",
                fillcolor=fill, hoverinfo="skip",
            )  # fmt: skip

    def summary(self) -> Text:
        """How often the model that is drawn is right, and how many of the positives it finds."""
        drawn = self.drawn
        names = [*tuple(MODELS)[:-1], f"{tuple(MODELS)[-1]} at a threshold of {{threshold}}"]
        thresholds = Words.each([f"{one:g}" for one in self.sweep.values[THRESHOLD]], self.sweep)
        return Text(
            f"{{model}} is right {{right}} of {EXAMPLES:,} times and finds {{found}} of {{all}} {{positives}}: "
            "its accuracy is {accuracy} %, its recall {recall} %.",
            model=Words.each([names[int(number)] for number in self.sweep.values[MODEL.key]], self.sweep),
            threshold=thresholds,
            right=self.live(drawn.tp + drawn.tn),
            found=self.live(drawn.tp),
            all=self.live(drawn.positives),
            positives=unit("positive", "positives", drawn.positives, self.sweep),
            accuracy=self.live(100 * DECISION_METRICS["accuracy"].value(drawn)),
            recall=self.live(100 * DECISION_METRICS["recall"].value(drawn)),
        )

    def stage(self, **story: Any) -> Stage:
        return self.plot.stage(
            task=Task(
                "Drag “Model” to its right end. Then drag “Decision threshold of BCE” to the left.",
                "Accuracy hardly changes at first. Recall shows which model finds the positives.",
            ),
            name="Accuracy on a rare class",
            alt=f"{EXAMPLES:,} dots, one for each example, at the share of positives that is chosen. The shape is the "
            "class, a diamond for a positive; filled is a right prediction, hollow a wrong one. Beside them are bars "
            f"of accuracy, recall and precision for three models: {', '.join(MODELS)}.",
            sliders=SLIDERS,
            summary=self.summary(),
            headings=METRICS,
            centre=self.centre,
            table=self.table,
            **story,
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each example: its label, its probability under BCE, and what each model predicts."""
        at = {slider.key: slider.at(values) for slider in SLIDERS}
        one = sample(self.settings, at[SHARE])
        probability = 1 / (1 + np.exp(-one.score))
        return {
            "label": one.target,
            "BCE probability": probability,
            "Always negative predicted": np.zeros(EXAMPLES),
            "Always positive predicted": np.ones(EXAMPLES),
            "BCE predicted": (one.score >= CUTS[np.searchsorted(THRESHOLDS, at[THRESHOLD])]).astype(float),
        }


def blank_axis(ends: Sequence[float]) -> dict[str, Any]:
    return axis(ends=ends, showgrid=False, showticklabels=False)


def bar_places(model: int) -> np.ndarray:
    """Where the bars of a model stand."""
    return model * (len(METRICS) + BETWEEN_MODELS) + np.arange(len(METRICS))
