"""The picture of an advice: in how many seeds it wins, and one data set with both fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.advice import PREDICTIONS, SEEDS, Advice, ExperimentResult, Factor, Prediction
from core.stage import Live, Slider, Stage, Sweep, Task, Text
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.which_loss.texts import AdviceTexts

PANEL, PHONE = 330, 240  # pixels of a panel
HEIGHT = EDGE + PANEL + FOOT
WINDOW = (0.01, 100.0)  # of the ratios, at most: beyond they are drawn at its ends
LEAST_WINDOW = (0.8, 1.25)  # in which a dot off the line is seen to be so
TICKS = (  # of the ratios, from fine to coarse
    (0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0),
    (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 7.0, 10.0),
    (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    (0.01, 0.1, 1.0, 10.0, 100.0),
)
TICK_ROOM = 16  # pixels from one number on the axis to the next
SHOWN = (0.01, 0.99)  # of what is drawn is in the window of the data ...
ROOM = 0.75  # ... unless that is much more than the first run needs: of its own height
MANY_POINTS = 60  # which lie on each other: they are faint
BEST, OTHER = Stroke(theme.GREEN), Stroke(theme.ORANGE, "dash")


@dataclass(frozen=True, eq=False)
class AdvicePicture:
    """The picture of a choice: what is predicted, a key of PREDICTIONS, and its kinds of data and of cost."""

    predict: str
    data: str
    cost: str

    @property
    def prediction(self) -> Prediction:
        return PREDICTIONS[self.predict]

    @property
    def advice(self) -> Advice:
        return self.prediction.advice[self.data, self.cost]

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        return tuple(map(factor_slider, self.prediction.factors(self.data, self.cost)))

    def compare(self, sweep: Sweep) -> ExperimentResult:
        """What the experiment finds in each run of a sweep."""
        return self.prediction.compare(self.advice, self.data, self.cost, sweep.values)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        sweep = Sweep(self.sliders, centre)
        found = self.compare(sweep)
        figure, texts = AdviceFigure(self, sweep, found), AdviceTexts(self.predict, self.advice, sweep, found)
        best, other = self.advice.best.name, self.advice.other.name
        return figure.plot.stage(
            name="The advice and its proof",
            alt=f"On the left is a dot for each of {SEEDS} seeds: the cost under {best} divided by that under {other}, "
            f"from the lowest to the highest. On the right are both fits of one seed, and as dots the "
            f"{self.prediction.shows}.",
            sliders=self.sliders,
            task=Task(
                f"Drag “{self.sliders[0].label}” from one end to the other.",
                "Dots below the line are seeds in which the advice costs less. Where are there fewer of them?",
            ),
            summary=texts.summary(),
            headings=("mean cost", "wins", *found.metrics),
            cards=texts.cards(),
            centre=centre,
            table=self.table,
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The cost under both methods in each seed, at these values of the sliders."""
        found = self.compare(Sweep(self.sliders, values, without_arm=[slider.key for slider in self.sliders]))
        return {
            "seed": np.arange(1.0, SEEDS + 1),
            f"cost under {self.advice.best.name}": found.best[0],
            f"cost under {self.advice.other.name}": found.other[0],
        }


class AdviceFigure:
    """The ratios of all seeds, and the data and fits of the first, in each run of a sweep."""

    def __init__(self, picture: AdvicePicture, sweep: Sweep, found: ExperimentResult) -> None:
        self.picture, self.sweep, self.found = picture, sweep, found
        self.ratio = np.clip(found.ratio, *WINDOW)
        seeds = axis(f"{SEEDS} seeds, sorted", (0, SEEDS + 1))
        low = min(LEAST_WINDOW[0], self.ratio.min() / 1.1)
        high = max(LEAST_WINDOW[1], self.ratio.max() * 1.1)
        ratio = axis("", np.log10([low, high]), type="log", **ratio_ticks(low, high, PANEL),
                     phone=ratio_ticks(low, high, PHONE))  # fmt: skip
        self.left = Panel(seeds, ratio, "Cost: advised / other", PANEL, PHONE, width=0.46)
        x, y = picture.prediction.axes
        self.right = Panel(axis(x, window(found.x, 0.02)), axis("", self.height()), f"One seed: {y}", PANEL, PHONE,
                           width=0.54)  # fmt: skip
        self.plot = Plot(rows([[self.left, self.right]]), left=52)
        self.draw_ratios()
        self.draw_fits()

    def live(self, array: np.ndarray) -> Live:
        """A row for each run."""
        return Live(array, self.sweep)

    def height(self) -> tuple[float, float]:
        """The ends of the axis of what is predicted: those of the first run, with room for the others."""
        found = self.found
        curves = np.concatenate([found.truth, found.best_curve], axis=1).reshape(len(found.truth), -1)
        points = np.broadcast_to(found.points[1], (len(curves), found.points[1].shape[-1]))
        drawn = np.concatenate([curves, points], axis=1)
        low, high = np.nanquantile(drawn, SHOWN)
        first = drawn[0][np.isfinite(drawn[0])]
        room = ROOM * np.ptp(first)
        return window(np.array([max(low, first.min() - room), min(high, first.max() + room)]), 0.06)

    def draw_ratios(self) -> None:
        """A dot for each seed, by which method costs less."""
        place = np.arange(1.0, SEEDS + 1)
        wins, losses = self.found.wins[:, None], self.found.losses[:, None]
        self.plot.line(self.left, "the same cost", np.array([0.0, SEEDS + 1]), np.ones(2), Stroke(theme.NEUTRAL),
                       width=1.25, hoverinfo="skip")  # fmt: skip
        for name, where, colour in (
            ("advised costs less", place <= wins, BEST.colour),
            ("the same cost in this seed", (place > wins) & (place <= SEEDS - losses), theme.NEUTRAL),
            ("advised costs more", place > SEEDS - losses, OTHER.colour),
        ):
            self.plot.dots(self.left, name, place, self.live(np.where(where, self.ratio, np.nan)), colour, size=4)
        self.plot.explain("●", "a seed in which the advised loss costs less (below the line)", BEST.colour)
        self.plot.explain("•", "a seed in which it costs more", OTHER.colour)

    def draw_fits(self) -> None:
        """The points, the truth, both fits, and the thresholds where there are any."""
        found, advice, prediction = self.found, self.picture.advice, self.picture.prediction
        x, y = (one if one.ndim == 1 else self.live(one) for one in found.points)
        colour = theme.NEUTRAL if found.points[0].shape[-1] < MANY_POINTS else theme.faint(theme.NEUTRAL)
        self.plot.dots(self.right, "data", x, y, colour, size=5, hoverinfo="skip")
        self.plot.explain("∙", prediction.shows)
        for name, curves, look, width in (
            ("truth", found.truth, Stroke(theme.NEUTRAL, "dot"), 1.5),
            ("advised", found.best_curve, BEST, 3.0),
            ("other", found.other_curve, OTHER, 2.0),
        ):
            gaps = np.concatenate([curves, np.full((*curves.shape[:2], 1), np.nan)], axis=-1)
            places = np.tile(np.append(found.x, np.nan), curves.shape[1])
            self.plot.line(self.right, name, places, self.live(gaps.reshape(len(curves), -1)), look, width=width)
        self.plot.explain("····", "the truth")
        for number, (name, method, look, costs, wins) in enumerate((
            ("advised threshold", advice.best, BEST, found.best, found.wins),
            ("other threshold", advice.other, OTHER, found.other, found.losses),
        )):  # fmt: skip
            at = method.decides_at(self.sweep.values)
            if np.isfinite(at).all():
                level = self.live(np.repeat(at[:, None], 2, axis=1))
                self.plot.thin(self.right, name, found.x[[0, -1]], level, look)
                self.plot.explain("─", "thresholds: above them is predicted positive")
            percents = [Text("{} %", self.live(np.round(100 * pair[number], 1))) for pair in found.metrics.values()]
            self.plot.reading(
                method.name, look, self.live(costs.mean(axis=1)), self.live(wins.astype(float)), *percents
            )


def factor_slider(factor: Factor) -> Slider:
    """The slider of a factor."""
    labels = tuple(f"{100 * value:g} %" for value in factor.values) if factor.percent else ()
    values = np.array(factor.values, dtype=float)
    return Slider(name=factor.name, label=factor.label, values=values, start=factor.values.index(factor.start),
                  labels=labels, recomputed=True)  # fmt: skip


def ratio_ticks(low: float, high: float, pixels: int) -> dict[str, list[Any]]:
    """The finest of the ticks whose numbers keep apart, on a logarithmic axis between these ends that is so long."""
    found: list[float] = []
    for ticks in TICKS:
        found = [one for one in ticks if low <= one <= high]
        if (np.diff(np.log10(found)) * pixels >= TICK_ROOM * np.log10(high / low)).all():
            break
    return {"tickvals": found, "ticktext": [f"{one:g}" for one in found]}


def window(values: np.ndarray, room: float) -> tuple[float, float]:
    """The ends of an axis around values."""
    low, high = float(values.min()), float(values.max())
    return low - room * (high - low), high + room * (high - low)
