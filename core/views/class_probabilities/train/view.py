"""The figure of training: what models of several losses make of three classes, at their minima or step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.losses import LOSSES
from core.losses.equivalents import LIBRARIES
from core.models.trained_classes import ClassSettings
from core.sentences import join_words
from core.stage import Grid, Live, Slider, Stage
from core.views.class_probabilities.train import texts
from core.views.class_probabilities.train.runs import PARAMS, SHARES, STEPS, LossModels, TrainingChoice
from core.views.kit import theme
from core.views.kit.class_map import Count, confusion_grid, draw_leads
from core.views.kit.layout import EDGE, FOOT, Axis, Panel, axis, rows
from core.views.kit.plot import Plot, scatter
from core.views.kit.theme import Stroke
from core.views.kit.view import View

MAP, CURVE, GAP, PHONE = 215, 165, 66, 200  # pixels
HEIGHT = EDGE + MAP + GAP + CURVE + FOOT
HEADINGS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "log_loss": "log loss", "brier": "Brier"}
MOST_LOSS = 4.0  # log loss that a panel shows


class TrainFigure:
    """A map of the classes for each loss; for all of them two curves and the calibration of the winner."""

    def __init__(self, choice: TrainingChoice, centre: Mapping[str, float]) -> None:
        self.choice, self.settings = choice, choice.settings
        self.models = [LossModels(choice, key, centre) for key in choice.losses]
        self.maps = [self.map_panel(number) for number in range(len(self.models))]
        share: dict[str, Any] = {"tickformat": ".0%", "nticks": 5}
        self.accuracy = Panel(self.across(), axis(ends=(self.least_accuracy(), 1.02), **share), "Test accuracy", CURVE,
                              PHONE)  # fmt: skip
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
            numbers = map(models.metric, HEADINGS)
            self.plot.reading(models.name, models.look, *numbers, note=texts.note(models))
        self.explain()

    def across(self) -> Axis:
        """The x axis of the curves."""
        if self.choice.by_steps:
            return axis("step", (-0.02 * STEPS, 1.02 * STEPS))
        return axis("wrong labels (%)", (SHARES[0] - 1, SHARES[-1] + 1))

    def least_accuracy(self) -> float:
        """Where the axis of the accuracy begins, in tenths."""
        return float(np.floor(10 * min(np.nanmin(one.trained.measured("accuracy")) for one in self.models) - 0.2) / 10)

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
            return Panel(self.across(), axis(ends=ends, type="log", nticks=4, exponentformat="power"),
                         "Gradient norm in training", CURVE, PHONE)  # fmt: skip
        return Panel(self.across(), axis(ends=(0, min(1.05 * shown.max(), MOST_LOSS))), "Test log loss", CURVE, PHONE)

    def draw_map(self, models: LossModels, panel: Panel) -> None:
        """How far the winner is ahead, in its class's colour; the boundaries; the training set, its wrong labels."""
        draw_leads(self.plot, panel, *self.settings.grid, models.leads, models.look)
        for label, (colour, symbol) in enumerate(theme.THREE_CLASSES):
            marker = theme.dots(colour, symbol) | {"size": 5}
            self.plot.marks(panel, self.settings.names[label], *self.points[label], marker, hoverinfo="skip")
        ring = {"symbol": "circle-open", "size": 10, "color": theme.RED, "line": {"width": 1.5}}
        self.plot.marks(panel, "wrong label", *self.points[-1], ring, hoverinfo="skip")

    @cached_property
    def points(self) -> list[tuple[Live, Live]]:
        """x and y of the training set by label, and last of those whose label is wrong."""
        sets, right = [self.settings.split(share / 100).train for share in SHARES], self.settings.split().train.target
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

    def explain(self) -> None:
        for sign, name, (colour, _) in zip(theme.SIGNS, self.settings.names, theme.THREE_CLASSES, strict=True):
            self.plot.explain(sign, name, colour)
        self.plot.explain("▒", "the stronger the colour, the further the class's probability is ahead of the next")
        self.plot.explain("—", "boundary: two classes are equally likely")
        self.plot.explain("○", "wrong label, in the training set alone", theme.RED)
        self.plot.explain("····", "perfect calibration")

    def grid(self, models: LossModels) -> Grid:
        """The confusion matrix of a loss on the test set."""
        counts, names = models.trained.measured("confusion"), self.settings.names
        shares = counts / counts.sum(axis=-1, keepdims=True)
        rows = {
            name: [Count(models.live(counts[..., row, at]), models.live(shares[..., row, at]), row == at)
                   for at in range(len(names))]
            for row, name in enumerate(names)
        }  # fmt: skip
        return confusion_grid(models.name, models.look, [f"predicted {name}" for name in names], rows)

    def stage(self, **story: Any) -> Stage:
        names = join_words([LOSSES[one.key].name for one in self.models])
        return self.plot.stage(
            name="Softmax regressions of three classes",
            alt=f"{self.settings.split().train.about} For {names}: a map of the classes with the training set; "
            "curves of the test accuracy and of a second number; the calibration of the winner; the confusion matrix.",
            task=texts.TASKS[self.choice.by_steps],
            summary=texts.summary(self.choice, self.models),
            headings=tuple(HEADINGS.values()),
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
        cards = texts.cards(self.choice)
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
