"""The figure of training: what models of several losses make of three classes, at their minima or step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.losses.equivalents import LIBRARIES
from core.models.trained_classes import ClassSettings
from core.stage import Cell, Grid, Live, Slider, Stage, Text
from core.views.class_probabilities import train_texts
from core.views.class_probabilities.train_runs import PARAMS, SHARES, LossModels, TrainingChoice
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot, scatter
from core.views.kit.theme import Stroke
from core.views.kit.view import View

MAP, CURVE, GAP, PHONE = 215, 165, 66, 200  # pixels
HEIGHT = EDGE + MAP + GAP + CURVE + FOOT
SHADES = {"start": 0.0, "end": 1.0, "size": 0.1, "coloring": "fill", "showlines": False}
LINE = {"start": 0.0, "end": 0.0, "size": 1.0, "coloring": "none"}
PLAIN = {"autocontour": False, "showscale": False, "hoverinfo": "skip"}
HEADINGS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "log_loss": "log loss", "brier": "Brier"}
MOST_LOSS = 4.0  # log loss that a panel shows


class TrainFigure:
    """A map of the classes for each loss; for all of them two curves and the calibration of the winner."""

    def __init__(self, choice: TrainingChoice, centre: Mapping[str, float]) -> None:
        self.choice, self.settings = choice, choice.settings
        self.models = [LossModels(choice, key, centre) for key in choice.losses]
        self.maps = [self.map_panel(number) for number in range(len(self.models))]
        share: dict[str, Any] = {"tickformat": ".0%", "nticks": 5}
        self.x = axis("step", (0, choice.across.values[-1])) if choice.by_steps else axis(
            "share of wrong labels", (-0.01, 0.51), **share)  # fmt: skip
        self.accuracy = Panel(self.x, axis(ends=(0, 1.02), **share), "Test accuracy", CURVE, PHONE)
        self.second = self.second_panel()
        self.calibration = Panel(axis("winner's probability", (0.3, 1.01), **share), axis(ends=(0, 1.02), **share),
                                 "Calibration: right winners", CURVE, PHONE)  # fmt: skip
        lower = [self.accuracy, self.second, self.calibration]
        phone = [[panel] for panel in (*self.maps, *lower)]
        self.plot = Plot(rows([[rows([self.maps], between=0.06)], lower], gap=GAP, phone=phone))
        self.plot.line(self.calibration, "calibrated", [0.0, 1.0], [0.0, 1.0], Stroke(theme.NEUTRAL, "dot"), width=1,
                       hoverinfo="skip")  # fmt: skip
        self.plot.upright(choice.across.label, choice.across, (self.accuracy, self.second), dash="dash", width=1.5)
        for models, panel in zip(self.models, self.maps, strict=True):
            self.draw_map(models, panel)
            self.draw_curves(models)
            self.plot.reading(models.name, models.look, *map(models.metric, HEADINGS), self.error(models),
                              note=train_texts.note(models, self.models[0]))  # fmt: skip
        self.explain()

    def map_panel(self, number: int) -> Panel:
        (x, y), names = self.settings.grid, [str(one) for one in self.settings.split().train.variables]
        up = axis(names[1] if number == 0 else "", y, showgrid=False, nticks=5)
        return Panel(axis(names[0], x, showgrid=False, nticks=5), up, self.models[number].name, MAP, PHONE)

    @cached_property
    def second_values(self) -> list[np.ndarray]:
        """What the second panel shows of each loss: its gradient norm step by step, and at the minimum its log loss."""
        return [one.trained.gradient if self.choice.by_steps else one.trained.measured("log_loss")
                for one in self.models]  # fmt: skip

    def second_panel(self) -> Panel:
        values = np.concatenate([one.ravel() for one in self.second_values])
        shown = values[np.isfinite(values) & (values > 0)]
        if self.choice.by_steps:
            ends = np.log10([max(shown.min(), 1e-6) / 1.5, min(shown.max(), 1e3) * 1.5])
            return Panel(self.x, axis(ends=ends, type="log", nticks=4, exponentformat="power"),
                         "Gradient norm in training", CURVE, PHONE)  # fmt: skip
        return Panel(self.x, axis(ends=(0, min(1.05 * shown.max(), MOST_LOSS))), "Test log loss", CURVE, PHONE)

    def draw_map(self, models: LossModels, panel: Panel) -> None:
        """How far the winner is ahead, in its class's colour; the boundaries; the training set, its wrong labels."""
        x, y = self.settings.grid
        for lead, (colour, _) in zip(models.leads, theme.THREE_CLASSES, strict=True):
            shade = go.Contour(name="lead", contours=SHADES, zmin=0, zmax=1, colorscale=theme.rising(colour), **PLAIN)
            self.plot.add(panel, shade, x=x, y=y, z=lead)
        for lead in models.leads:
            line = go.Contour(name="boundary", contours=LINE, line={"color": models.look.colour, "width": 2},
                              colorscale=[[0, models.look.colour], [1, models.look.colour]], **PLAIN)  # fmt: skip
            self.plot.add(panel, line, x=x, y=y, z=lead)
        for label, (colour, symbol) in enumerate(theme.THREE_CLASSES):
            marker = theme.dots(colour, symbol) | {"size": 5}
            self.plot.marks(panel, self.settings.names[label], *self.points[label], marker, hoverinfo="skip")
        ring = {"symbol": "circle-open", "size": 10, "color": theme.RED, "line": {"width": 1.5}}
        self.plot.marks(panel, "wrong label", *self.points[-1], ring, hoverinfo="skip")

    @cached_property
    def points(self) -> list[tuple[Live, Live]]:
        """x and y of the training set by label, and last of those whose label is wrong."""
        sets, right = [self.settings.split(share).train for share in SHARES], self.settings.split().train.target
        masks = [*(np.array([one.target == label for one in sets]) for label in range(len(self.settings.names))),
                 np.array([one.target != right for one in sets])]  # fmt: skip
        places = sets[0].features
        x, y = ([np.where(mask, places[:, at], np.nan) for mask in masks] for at in (0, 1))
        return [(Live(a, self.choice.wrong), Live(b, self.choice.wrong)) for a, b in zip(x, y, strict=True)]

    def draw_curves(self, models: LossModels) -> None:
        """The two curves with a point where the slider stands, and the calibration of the winner."""
        at, x = self.choice.across, self.choice.across.values
        values = (models.trained.measured("accuracy"), self.second_values[self.models.index(models)])
        for panel, own in zip((self.accuracy, self.second), values, strict=True):
            hover = f"%{{y:.3~g}}<extra>{models.name}</extra>"
            self.plot.line(panel, models.name, x, models.curve(own), models.look, width=2.25, hovertemplate=hover)
            here = self.plot.marks(panel, "now", Live(x[:, None], at), models.live(own[..., None]),
                                   theme.head(models.look), hoverinfo="skip")  # fmt: skip
            self.plot.drag(here, x=at)
        found = models.trained.metrics.calibration
        hover = f"probability %{{x:.0%}}, right %{{y:.0%}}<extra>{models.name}</extra>"
        line = {"color": models.look.colour, "dash": models.look.dash, "width": 2, "simplify": False}
        trace = scatter(name=models.name, mode="lines+markers", line=line, hovertemplate=hover, connectgaps=True,
                        marker={"size": 6, "color": models.look.colour})  # fmt: skip
        self.plot.add(self.calibration, trace, x=models.live(found.predicted), y=models.live(found.observed))

    def error(self, models: LossModels) -> Live:
        """The expected calibration error of each model."""
        return models.live(np.where(models.trained.diverged, np.nan, models.trained.metrics.calibration.error))

    def explain(self) -> None:
        for sign, name, (colour, _) in zip(theme.SIGNS, self.settings.names, theme.THREE_CLASSES, strict=True):
            self.plot.explain(sign, f"{name}; the stronger its colour, the further its probability is ahead", colour)
        self.plot.explain("○", "wrong label, in the training set alone", theme.RED)
        self.plot.explain("····", "perfect calibration")

    def grid(self, models: LossModels) -> Grid:
        """The confusion matrix on the test set; a bar is as long as the cell's share of its row."""
        counts, names = models.trained.measured("confusion"), self.settings.names
        shares = counts / counts.sum(axis=-1, keepdims=True)

        def cell(row: int, column: int) -> Cell:
            number, share = (models.live(one[..., row, column]) for one in (counts, shares))
            return Cell(Text("{}", number), share, theme.RIGHT if row == column else theme.WRONG)

        cells = tuple((name, tuple(cell(row, at) for at in range(len(names)))) for row, name in enumerate(names))
        return Grid(name=models.name, colour=models.look.colour, dash=models.look.dash, rows=cells,
                    columns=tuple(f"predicted {name}" for name in names))  # fmt: skip

    def stage(self, **story: Any) -> Stage:
        return self.plot.stage(
            name="Softmax regressions of three classes",
            alt=f"{self.settings.split().train.about} For {train_texts.names_of_losses(self.models)}: a map of the "
            "classes with the training set; curves of the test accuracy and of a second number; the calibration of the "
            "winner; and the confusion matrix.",
            task=train_texts.TASKS[self.choice.by_steps],
            summary=train_texts.summary(self.choice, self.models),
            headings=(*HEADINGS.values(), "ECE"),
            grids=tuple(map(self.grid, self.models)),
            sliders=self.choice.sliders,
            **story,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class TrainPicture:
    """The picture of what some losses' models make of three classes."""

    choice: TrainingChoice

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.choice.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        cards = train_texts.cards(self.choice)
        return TrainFigure(self.choice, centre).stage(cards=cards, centre=centre, table=self.table)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each flower or point of the test set: its class, and its probabilities under each loss."""
        test, names = self.choice.settings.split().test, self.choice.settings.names
        columns = {str(one): test.features[:, at] for at, one in enumerate(test.variables)}
        columns["class"] = np.array(names)[test.target.astype(int)]
        for key in self.choice.losses:
            models = LossModels(self.choice, key, values)
            found = models.live(models.trained.probabilities(test.features)).row(values)
            columns |= {f"{key} {name}": found[:, at] for at, name in enumerate(names)}
        return columns


def picture(*, data: str, losses: tuple[str, ...], features: str, training: str, seed: int) -> TrainPicture:
    return TrainPicture(TrainingChoice(losses, training, ClassSettings(data, features, seed)))


class_train = View(
    name="Train it",
    params=PARAMS,
    picture=picture,
    height=HEIGHT,
    code=tuple(LIBRARIES),
    wait="Training the models",
)
