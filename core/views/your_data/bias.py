"""Is a model biased: each loss over a constant that is added to all predictions, and the constant that is best."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from core.evaluation.predictions import Predictions
from core.evaluation.shifts import Shifts
from core.losses import LOSSES
from core.sentences import plain_name
from core.stage import Live, Slider, Stage, Task, Text
from core.views.kit.cards import slider_words
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.own_words import strokes
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.your_data.settings import TAU, short_number

HEIGHT = 400
PANEL, PHONE = HEIGHT - 72, 230
SHIFTS = 81  # on the axis
REACH = 3.0  # typical errors, on either side of 0, at least
ROOM = 1.1  # times the farthest of the best shifts
MOST = 2.0  # times the loss without a shift: what is above is out of the picture
TITLES = {"squared_error": "Squared error", "absolute_error": "Absolute error", "quantile": "Quantile loss"}


def mean_loss(one: Shifts, key: str, shift: np.ndarray) -> np.ndarray:
    """The mean loss of a model after shifts that broadcast with [settings, 1]: one setting, or each τ."""
    if key == "squared_error":
        return one.squares(shift)
    return one.quantile(shift, TAU.values[:, None]) if key == "quantile" else 2 * one.quantile(shift, 0.5)


def best_shift(one: Shifts, key: str) -> np.ndarray:
    """The shift with the least mean loss, [settings, 1]."""
    if key == "squared_error":
        return one.best_squares()[None, None]
    return one.best_quantile(TAU.values if key == "quantile" else np.array([0.5]))[:, None]


class BiasPicture:
    """The squared, the absolute and the quantile loss of each model, over a shift of its predictions."""

    def __init__(self, predictions: Predictions) -> None:
        self.predictions = predictions
        errors = zip(predictions.names, predictions.residuals, strict=True)
        self.models = {name: Shifts(residuals) for name, residuals in errors}
        farthest = max(float(np.abs(best_shift(one, key)).max()) for one in self.models.values() for key in TITLES)
        reach = max(REACH * predictions.typical_error, ROOM * farthest)
        self.shifts = reach * np.linspace(-1.0, 1.0, SHIFTS)
        labels = tuple(map(short_number, self.shifts))
        self.shift = Slider(
            name="shift", label="Added to every prediction", values=self.shifts, start=SHIFTS // 2, labels=labels
        )

    def live(self, key: str, values: np.ndarray, *by: Slider) -> Live:
        """A live array of values [settings, ...] of a loss."""
        return Live(values if key == "quantile" else values[0], (TAU, *by) if key == "quantile" else by)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (self.shift, TAU)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        """A panel for each loss, a curve for each model."""
        self.panels = {key: self.panel(key) for key in TITLES}
        self.plot = Plot(rows([[*self.panels.values()]], between=0.03), left=52)
        for name, look in strokes(self.predictions.names).items():
            for key in TITLES:
                self.draw(name, key, look)
            best = (self.live(key, best_shift(self.models[name], key)[:, 0]) for key in TITLES)
            self.plot.reading(plain_name(name), look, *best)
        self.plot.upright("shift", self.shift, list(self.panels.values()))
        self.plot.explain("★", "the best shift of a model under the loss; the table gives its value")
        self.plot.explain("····", "the shift that you choose")
        return self.plot.stage(
            name="Bias",
            alt="A panel for each of three losses. In it is the mean loss of each model over a constant that is added "
            "to all of its predictions, as a share of the loss without it. A mark shows the lowest point.",
            sliders=self.sliders,
            task=Task("Drag the dotted line to a ★.", "Each loss has a best shift of its own: 0 only without bias."),
            headings=("squared", "absolute", "quantile"),
            summary=self.summary(),
            table=self.table,
            centre=centre,
        )

    def panel(self, key: str) -> Panel:
        """The panel of a loss."""
        x = axis("added to every prediction", (self.shifts[0], self.shifts[-1]), zeroline=True)
        y = axis(ends=(0.0, MOST), tickformat=".0%", showticklabels=key == "squared_error")
        return Panel(x, y, f"{TITLES[key]} (100 %: without)" if key == "squared_error" else TITLES[key], PANEL, PHONE)

    def draw(self, name: str, key: str, look: Stroke) -> None:
        """The loss of a model over the shift, as a share of the loss without one, and where it is least."""
        one, best = self.models[name], best_shift(self.models[name], key)
        before = mean_loss(one, key, np.zeros((1, 1)))
        curve, lowest = (
            mean_loss(one, key, at) / np.where(before > 0, before, 1.0) for at in (self.shifts[None], best)
        )
        hover = "%{y:.1%} of the loss without a shift"
        self.plot.line(
            self.panels[key], plain_name(name), self.shifts, self.live(key, curve), look, hovertemplate=hover
        )
        at_best = (self.live(key, best), self.live(key, lowest))
        self.plot.dots(self.panels[key], "best", *at_best, look.colour, symbol="star", size=11, hoverinfo="skip")

    def summary(self) -> Text:
        """What the chosen shift does to the first model, and which shifts would be best for it."""
        name = self.predictions.names[0]
        one = self.models[name]
        before = float(mean_loss(one, "squared_error", np.zeros(1))[0])
        after = mean_loss(one, "squared_error", self.shifts)
        return Text(
            f"Adding {{shift}} to every prediction of “{plain_name(name)}” makes its squared error {{share}} % of "
            "what it is. Squared error is least at {mean}, the quantile loss at τ = {tau} at {quantile}."
            f"{self.best_shifted()}",
            shift=slider_words(self.shift, short_number),
            share=Live(100 * after / before if before > 0 else np.full(SHIFTS, np.nan), self.shift),
            mean=Live(best_shift(one, "squared_error")[0, 0]),
            tau=slider_words(TAU, "{:g}".format),
            quantile=Live(best_shift(one, "quantile")[:, 0], TAU),
        )

    def best_shifted(self) -> str:
        """Which models would be best without their bias; nothing where there is one model."""
        if len(self.models) == 1:
            return ""
        squared, absolute = (
            f"“{plain_name(min(self.models, key=partial(self.least, key)))}”"
            for key in ("squared_error", "absolute_error")
        )
        if squared == absolute:
            return f" Each with its own best shift, {squared} is best under squared and absolute error."
        return f" Each with its own best shift, {squared} is best under squared error, {absolute} under absolute error."

    def least(self, key: str, name: str) -> float:
        """The mean loss of a model after its best shift."""
        one = self.models[name]
        return float(mean_loss(one, key, best_shift(one, key)).ravel()[0])

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The mean losses of every model over the shift, at this τ."""
        columns = {"added": self.shifts}
        for name, one in self.models.items():
            for key in TITLES:
                found = mean_loss(one, key, self.shifts[None])
                columns[f"{name}: {LOSSES[key].name}"] = found[TAU.frame_at(values) if key == "quantile" else 0]
        return columns
