"""Which model is best: every regression loss of each model, over that of the best one, with what may be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from core.evaluation.comparison import ModelComparison
from core.evaluation.predictions import Predictions
from core.losses import LOSSES, Loss
from core.sentences import join_words, number_text, plain_name
from core.stage import Card, Live, Slider, Stage, Task, Text, Words
from core.views.kit import theme
from core.views.kit.cards import slider_words
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.own_words import in_card, strokes
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.your_data.settings import TAU, OwnLosses, short_number

HEIGHT = 400
PANEL, PHONE = HEIGHT - 72, 420
LEFT = 132  # pixels, for the names of the losses
LOW, END = 0.93, 3.0  # the ratios at the edges: what is beyond the right one is drawn there
TICKS = {1: "1 (best)", 1.2: "1.2", 1.5: "1.5", 2: "2", END: f"{END:g} or more"}
ALWAYS_MEAN = "always the mean"
BESIDE = 0.16  # of the distance between two losses, between two models
SAYS = {  # of some losses, in the sentence
    "squared_error": "squared error",
    "absolute_error": "absolute error",
    "quantile": "the quantile loss at τ = {tau}",
}


class RankingPicture:
    """The losses as rows, the models as marks: how many times the best model's loss each has."""

    def __init__(self, predictions: Predictions) -> None:
        self.is_alone = len(predictions.models) == 1
        self.own = OwnLosses(beside_mean(predictions) if self.is_alone else predictions, predictions.typical_error)
        self.names, self.sliders = self.own.predictions.names, self.own.sliders

    @cached_property
    def found(self) -> dict[str, ModelComparison]:
        """The models under each loss, by key."""
        return {loss.key: self.own.compared(loss) for loss in self.own.losses}

    def stage(self, centre: Mapping[str, float]) -> Stage:
        own, count = self.own, len(self.own.losses)
        x = axis("loss over that of the best model", np.log10([LOW, END * 1.05]), type="log", tickvals=list(TICKS),
                 ticktext=list(TICKS.values()))  # fmt: skip
        y = axis(ends=(count - 0.4, -0.6), tickvals=list(range(count)), ticktext=[loss.short for loss in own.losses])
        panel = Panel(x, y, "Every loss of each model", PANEL, PHONE)
        plot = Plot(rows([[panel]]), left=LEFT)
        plot.thin(panel, "the best", [1.0, 1.0], [-0.6, count - 0.4], Stroke(theme.NEUTRAL, "dot"))
        for number, (name, look) in enumerate(strokes(self.names).items()):
            for slider in (None, *self.sliders):
                self.draw_model(plot, panel, number, look, slider)
            errors = own.predictions.residuals[number]
            cells = (np.sqrt(np.mean(errors**2)), np.abs(errors).mean(), own.bias[number])
            plot.reading(plain_name(name), look, *(Live(cell) for cell in cells))
        plot.explain("●", "a model's loss, as a multiple of the best model's")
        plot.explain("─", "95 % interval: where it reaches the dotted line, the difference may be chance")
        return plot.stage(
            name="Which model is best",
            alt="A row for each loss. In it is a mark for each model, at its loss divided by that of the best model, "
            "with a 95 % interval. The best model is at 1. The table beside it gives the errors of each model.",
            sliders=self.sliders,
            task=Task(
                f"Drag “{TAU.label}” from one end to the other.",
                "A model that predicts too high wins where τ is high, one that predicts too low where τ is low.",
            ),
            headings=("RMSE", "MAE", "bias"),
            summary=self.summary(),
            cards=(self.ranks_card(), *self.refused_card()),
            table=self.table,
            centre=centre,
        )

    def draw_model(self, plot: Plot, panel: Panel, number: int, look: Stroke, slider: Slider | None) -> None:
        """A model's marks and intervals in the rows of the losses that one slider sets, or that none does."""
        here = [(row, self.found[loss.key]) for row, loss in enumerate(self.own.losses)
                if self.own.slider_of(loss) is slider]  # fmt: skip
        if not here:
            return
        places = np.array([row + BESIDE * (number - (len(self.names) - 1) / 2) for row, _ in here])
        ratio, low, high = (
            np.stack([np.clip(getattr(one, part)[:, number], LOW, END) for _, one in here], axis=-1)
            for part in ("ratio", "low", "high")
        )
        ends = np.stack([low, high, np.full_like(low, np.nan)], axis=-1).reshape(len(ratio), -1)
        intervals, marks = (Live(part, slider) if slider else Live(part[0]) for part in (ends, ratio))
        name = plain_name(self.names[number])
        plot.thin(panel, f"{name}: interval", intervals, np.repeat(places, 3), Stroke(look.colour))
        marker = theme.dots(look.colour, theme.POINT_SYMBOLS[look.dash]) | {"size": 9}
        plot.marks(panel, name, marks, places, marker, hovertemplate="%{x:.3~g} times the best", cliponaxis=False)

    def summary(self) -> Text:
        """Which model is best under some losses, and where that may be chance."""
        if self.is_alone:
            return Text(self.only_model())
        if len(same := self.own.predictions.same_as(0)) == len(self.names):
            return Text(f"{self.quoted(same)} predict the same in every row: no loss can tell them apart.")
        slots: dict[str, Words] = {}
        parts = []
        for key in [key for key in SAYS if key in self.found]:
            slider, one = self.own.slider_of(LOSSES[key]), self.found[key]
            words = [self.best_words(one, setting) for setting in range(len(one.best))]
            if slider:
                slots |= {key: Words.each(words, slider), slider.name: slider_words(slider, "{:g}".format)}
            parts.append(f"under {SAYS[key]} {f'{{{key}}}' if slider else words[0]}")
        return Text(f"Best is {'; '.join(parts)}.", **slots)

    def only_model(self) -> str:
        """How the only model does beside a constant, and whether it predicts too high or too low on average."""
        name, bias, (low, high) = self.quoted([0]), self.own.bias[0], self.own.bias_interval[:, 0]
        off = f"{number_text(abs(bias))} too {'high' if bias > 0 else 'low'} (95 % interval of the mean error: "
        off += f"{short_number(low)} to {short_number(high)})"
        chance = ", which may be chance" if low <= 0 <= high else ""
        mean = f"On average it predicts {off}{chance}." if bias else "On average it is neither too high nor too low."
        own, constant = self.found["squared_error"].mean[0, :2]
        times = f"{number_text(own / constant)} times that" if constant else "not less than that"
        return f"{name} is the only model here. Its squared error is {times} of always predicting the mean. {mean}"

    def quoted(self, numbers: Sequence[int]) -> str:
        """The names of models, as words of a sentence."""
        return join_words([f"“{plain_name(self.names[number])}”" for number in numbers])

    def best_words(self, one: ModelComparison, setting: int) -> str:
        """The name of the best model, with those that are the same and those that may be as good."""
        same = self.own.predictions.same_as(int(one.best[setting]))
        others = [number for number, perhaps in enumerate(one.perhaps_best[setting]) if perhaps and number not in same]
        notes = ["their predictions are the same"] if len(same) > 1 else []
        notes += [f"or perhaps {' or '.join(self.quoted([number]) for number in others)}"] if others else []
        return self.quoted(same) + (f" ({'; '.join(notes)})" if notes else "")

    def ranks_card(self) -> Card:
        """Every loss of every model in numbers, with its rank; and the losses that have another best model."""
        slots: dict[str, Live | Words] = {}
        lines = [f"| Loss | {' | '.join(map(in_card, self.names))} |", "|---" * (len(self.names) + 1) + "|"]
        for loss in self.own.losses:
            slider, one = self.own.slider_of(loss), self.found[loss.key]
            cells = []
            for number in range(len(self.names)):
                slot = f"{loss.key}_{number}"
                places = [f"({place})" for place in 1 + (one.ratio < one.ratio[:, [number]]).sum(axis=1)]
                slots[slot] = Live(one.mean[:, number], slider) if slider else Live(one.mean[0, number])
                cells.append(f"{{{slot}}} {{{slot}_rank}}" if slider else f"{{{slot}}} {places[0]}")
                if slider:
                    slots[f"{slot}_rank"] = Words.each(places, slider)
            lines.append(f"| {loss.name} | {' | '.join(cells)} |")
        text = "\n".join(
            ["#### All losses", "", *lines, "", f"The mean loss, and in brackets the rank. {self.disagree()}"]
        )
        return Card(text=Text(text, **slots), wide=True)

    def disagree(self) -> str:
        """The losses whose best model is another one than under squared error, as a sentence."""
        best = {loss.key: self.found[loss.key].best[start_of(self.own.slider_of(loss))] for loss in self.own.losses}
        others = [loss.name for loss in self.own.losses if best[loss.key] != best["squared_error"]]
        if not others:
            return "Where the sliders start, every loss has the same best model."
        return f"Where the sliders start, these have another best model than squared error: {', '.join(others)}."

    def refused_card(self) -> tuple[Card, ...]:
        """The losses that cannot be computed of these numbers, and why."""
        lines = [f"- {LOSSES[key].name} {in_card(why)}." for key, why in self.own.refused.items()]
        return (Card(text=Text("\n".join(["#### Not computed", "", *lines]))),) if lines else ()

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each loss and model at these values of the sliders."""
        names = ("loss", "model", "mean loss", "over the best", "from", "to")
        found = [row for loss in self.own.losses for row in self.table_rows(loss, values)]
        return {name: np.array(column) for name, column in zip(names, zip(*found, strict=True), strict=True)}

    def table_rows(self, loss: Loss, values: Mapping[str, float]) -> list[tuple[str | float, ...]]:
        """The rows of a loss."""
        slider, one = self.own.slider_of(loss), self.found[loss.key]
        at = slider.frame_at(values) if slider else 0
        parts = (one.mean, one.ratio, one.low, one.high)
        return [(loss.name, name, *(float(part[at, number]) for part in parts))
                for number, name in enumerate(self.names)]  # fmt: skip


def beside_mean(predictions: Predictions) -> Predictions:
    """The only model beside a constant prediction, which it must beat: the mean of the truth."""
    name = ALWAYS_MEAN if ALWAYS_MEAN not in predictions.models else f"{ALWAYS_MEAN} of the truth"
    mean = np.full_like(predictions.target, predictions.target.mean())
    return replace(predictions, models={**predictions.models, name: mean})


def start_of(slider: Slider | None) -> int:
    """The frame at which the slider of a loss starts; 0 where it has none."""
    return slider.start if slider else 0
