"""Which rows carry the loss: the share of each loss that the worst rows make, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from core.evaluation.predictions import Predictions
from core.evaluation.worst_rows import carried
from core.losses import LOSSES
from core.sentences import plain_name
from core.stage import Live, Slider, Stage, Task, Text
from core.views.kit import theme
from core.views.kit.cards import slider_words
from core.views.kit.layout import Axis, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

HEIGHT = 400
PANEL, PHONE = HEIGHT - 72, 230
SHOWN = ("squared_error", "huber", "absolute_error")
SHARES = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])  # of the rows
CURVE = np.logspace(-3.3, 0, 100)
DRAWN, WORST = 1000, 200  # rows in the picture; as many of the worst, and others at random
ROOM = 0.05  # of the range, around what is drawn


class WorstRows:
    """The losses of single rows, of one of the models at a time; over their time, where it is known."""

    def __init__(self, predictions: Predictions) -> None:
        self.predictions = predictions
        percents = tuple(f"{100 * share:g} %" for share in SHARES)
        self.share = Slider(name="share", label="Worst rows", values=SHARES, start=3, labels=percents)
        names = tuple(map(plain_name, predictions.names))
        self.model = Slider(name="model", label="Model", values=np.arange(1.0, len(names) + 1), start=0, labels=names)
        self.sliders = (self.share, self.model) if len(names) > 1 else (self.share,)

    def of_models(self, values: np.ndarray, *by: Slider) -> Live:
        """A live array of values [models, ...]; that of the only model, where there is one."""
        several = self.model in self.sliders
        return Live(values if several else values[0], (self.model, *by) if several else by)

    @cached_property
    def losses(self) -> dict[str, np.ndarray]:
        """The loss of each row, [models, n] by loss. Huber's δ is the typical error."""
        params = {"huber": {"delta": self.predictions.typical_error}}
        return {key: LOSSES[key].value_of(self.predictions.residuals, 0.0, **params.get(key, {})) for key in SHOWN}

    def stage(self, centre: Mapping[str, float]) -> Stage:
        """The shares of the losses, and the rows."""
        ticks = {"tickvals": [0.001, 0.01, 0.1, 1], "ticktext": ["0.1 %", "1 %", "10 %", "100 %"]}
        x = axis("share of the rows, worst first", (-3.3, 0.02), type="log", **ticks)
        self.left = Panel(
            x, axis(ends=(-0.02, 1.02), tickformat=".0%"), "Share of the loss that they make", PANEL, PHONE
        )
        residuals = self.predictions.residuals
        y = axis(ends=around(residuals), zeroline=True)
        self.right = Panel(self.across, y, "Residual of each row: prediction less truth", PANEL, PHONE)
        self.plot = Plot(rows([[self.left, self.right]]), left=52)
        percents = {
            key: self.of_models(100 * carried(values, SHARES), self.share) for key, values in self.losses.items()
        }
        self.draw_shares(percents)
        self.draw_rows()
        of_model = {"model": slider_words(self.model, lambda at: self.model.labels[int(at) - 1])}
        several = self.model in self.sliders
        return self.plot.stage(
            name="The rows that carry the loss",
            alt="On the left is the share of each loss that the worst rows make, over their share of all rows. On the "
            "right are the residuals of single rows; the worst lie beyond the dashed lines.",
            sliders=self.sliders,
            task=Task(
                "Drag the dotted line in the left picture.",
                "A few rows make most of the squared error. Under absolute error each counts less.",
            ),
            headings=("of the loss",),
            summary=Text(
                f"{'Of “{model}” the' if several else 'The'} worst {{share}} of the rows make {{squared}} % of the "
                "squared error, and {absolute} % of the absolute error.",
                share=slider_words(self.share, lambda value: f"{100 * value:g} %"),
                squared=percents["squared_error"], absolute=percents["absolute_error"], **of_model if several else {},
            ),
            table=self.table, centre=centre,
        )  # fmt: skip

    def draw_shares(self, percents: Mapping[str, Live]) -> None:
        """The share of each loss that the worst rows make, over their share, and where the slider stands."""
        for key, values in self.losses.items():
            look, name = theme.look(key), LOSSES[key].name
            hover = "the worst %{x:.2%} of the rows make %{y:.1%}"
            self.plot.line(self.left, name, CURVE, self.of_models(carried(values, CURVE)), look, hovertemplate=hover)
            here = self.of_models(carried(values, SHARES)[..., None], self.share)
            self.plot.dots(
                self.left, f"{name}, here", Live(SHARES[:, None], self.share), here, look.colour, hoverinfo="skip"
            )
            self.plot.reading(name, look, Text("{} %", percents[key]))
        self.plot.upright("worst rows", self.share, [self.left])

    def draw_rows(self) -> None:
        """The residuals of the worst rows and of some others, and lines beyond which the worst ones lie."""
        residuals = self.predictions.residuals
        sizes = np.abs(residuals)
        count = np.maximum(np.round(SHARES * len(self.predictions)).astype(int), 1)
        edges = -np.sort(-sizes, axis=1)[:, count - 1]
        places = np.stack([chosen_rows(size) for size in sizes])
        x, y = (self.of_models(np.take_along_axis(values, places, axis=1)) for values in (self.places, residuals))
        hover = "residual %{y:.4~g}"
        self.plot.dots(self.right, "rows", x, y, theme.NEUTRAL, size=4, opacity=0.6, hovertemplate=hover)
        ends = np.array(self.right.x["range"])
        for sign in (1, -1):
            edge = self.of_models(sign * np.repeat(edges[..., None], 2, axis=-1), self.share)
            self.plot.thin(self.right, "the worst", ends, edge, Stroke(theme.RED, "dash"))
        left_out = len(self.predictions) - places.shape[1]
        some = f" (the worst {WORST}, and others at random)" if left_out else ""
        self.plot.explain("●", f"a row{some}", theme.NEUTRAL)
        self.plot.explain("- -", "beyond it lie the worst rows", theme.RED)

    @property
    def places(self) -> np.ndarray:
        """Where each row is drawn across, [models, n]: its time, or the prediction."""
        time, residuals = self.predictions.time, self.predictions.residuals
        if time is not None:
            return np.broadcast_to(time, residuals.shape)
        return residuals + self.predictions.target

    @property
    def across(self) -> Axis:
        """The axis of those places."""
        return axis(plain_name(self.predictions.time_name or "prediction"), around(self.places))

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The share of each loss that the worst rows make, of the chosen model."""
        model = int(self.model.at(values)) - 1
        columns = {LOSSES[key].name: carried(losses[model], CURVE) for key, losses in self.losses.items()}
        return {"share of the rows": CURVE, **columns}


def chosen_rows(sizes: np.ndarray) -> np.ndarray:
    """The rows that are drawn, of errors of these sizes [n]: the worst ones, and others at random."""
    if len(sizes) <= DRAWN:
        return np.arange(len(sizes))
    order = np.argsort(-sizes)
    others = np.random.default_rng(0).choice(order[WORST:], DRAWN - WORST, replace=False)
    return np.concatenate([order[:WORST], others])


def around(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis around values."""
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) or 1.0
    return low - room, high + room
