"""The figure of a person's own logs: their curves as written and smoothed, each run with its verdict marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.diagnosis.evidence import Evidence
from core.diagnosis.logged import LoggedCurve
from core.logs import Series, thin_points
from core.logs.drawing import exponential_averages
from core.logs.own_run import OwnRun
from core.sentences import number_text, plain_words
from core.stage import Live, Slider, Stage, Text
from core.views.kit import theme
from core.views.kit.layout import Axis, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

WEIGHTS = np.array([*np.linspace(0.0, 0.9, 19), 0.95, 0.98, 0.99])
SMOOTHING = Slider(name="smoothing", label="Smoothing", values=WEIGHTS, start=0)
POINTS = 600  # of a smoothed curve
TABLE_ROWS = 200_000  # of a saved table: it is made in a second, of 100 MB at most
HEIGHT, PHONE = 430, 300  # pixels, of the first panel
LOW, LOW_PHONE = 170, 150  # of the one under it
BESIDE_DASHES = ("dot", "dashdot", "solid", "dash")
WORDED = 2  # runs whose evidence is explained in words on the picture
TEXT_POSITION = {"best": "bottom", "since": "top"}
NEAR_EDGE = 0.25  # share of the width
LOG_ABOVE = 0.08  # room over the highest point of a logarithmic axis, in powers of ten
BELOW, ABOVE = 0.12, 0.05  # of the range of the curves: room for the words under the lowest point, and over the highest
LEGEND = (
    "Thin line: every value of the file. Thick line: smoothed. The verdict is on the values of the file. ★ marks the "
    "lowest loss, ◆ where the change begins that the verdict names."
)


class OwnFigure:
    """Every curve of every run; in the key its last and its lowest value, and a verdict on each run."""

    def __init__(self, runs: Sequence[OwnRun], *, logarithmic: bool) -> None:
        self.runs, self.logarithmic = runs, logarithmic
        units = {series.unit for own in runs for series in own.curves}
        self.unit = units.pop() if len(units) == 1 else ""  # what all count along x; "" where they count other things
        self.ends = self.x_ends()
        zoom = f"{logarithmic} {self.ends}"  # a person's zoom ends with the axis that it was made on
        self.style: dict[str, Any] = {"nticks": None, "uirevision": zoom}
        losses = [series.values for own in runs for series in (*own.losses.values(), *own.parts)]
        scores = [series.values for own in runs for series in own.scores]
        y = self.y_axis(map(self.visible_loss, losses), below=BELOW, log=logarithmic)
        self.loss = Panel(self.x_axis(), y, "Loss", HEIGHT, PHONE)
        title = "Higher is better (not judged)"
        size = (LOW, LOW_PHONE) if losses else (HEIGHT, PHONE)
        self.score = Panel(self.x_axis(), self.y_axis(map(finite, scores), below=ABOVE), title, *size)
        shown = [panel for panel, curves in ((self.loss, losses), (self.score, scores)) if curves]
        self.plot = Plot(rows([[panel] for panel in shown]))
        for number, own in enumerate(runs):
            self.draw_run(own, theme.SERIES[number % len(theme.SERIES)])
        for own in runs:
            for one in own.evidence:
                self.draw_evidence(own, one)

    def x_ends(self) -> tuple[float, float]:
        if not self.unit:
            return 0.0, 100.0
        epochs = np.concatenate([series.epochs for own in self.runs for series in own.curves])
        low, high = float(epochs.min()), float(epochs.max())
        return (low, high) if low < high else (low - 0.5, high + 0.5)

    def x_axis(self) -> Axis:
        return axis(self.unit or "share of the run, %", self.ends, **self.style)

    def y_axis(self, curves: Iterable[np.ndarray], *, below: float, log: bool = False) -> Axis:
        """The axis of curves as they can be drawn, with room below them."""
        low, high = value_range(curves)
        if log:
            low, high = np.log10([low, high])
            ends = (low - below * ((high - low) or 1.0), high + LOG_ABOVE)
            return axis(ends=ends, type="log", **self.style)
        room = (high - low) or 10.0
        return axis(ends=(low - below * room, high + ABOVE * room), **self.style)

    def x_of(self, series: LoggedCurve, places: np.ndarray) -> np.ndarray:
        """Places as x of the axis; as shares of the run where the runs count different things."""
        if self.unit:
            return places
        low, high = series.epochs[[0, -1]]
        return 100 * (places - low) / ((high - low) or 1.0)

    def visible_loss(self, values: np.ndarray) -> np.ndarray:
        """The values that can be drawn: on a logarithmic axis, those above 0."""
        shown = finite(values)
        return np.where(shown > 0, shown, np.nan) if self.logarithmic else shown

    def draw_run(self, own: OwnRun, colour: str) -> None:
        """The curves of a run, and their rows of the key: the first one with the verdict, where there are others."""
        for number, (name, series) in enumerate(own.losses.items()):
            look = Stroke(colour, theme.SETS[name].dash)
            self.draw_curve(self.loss, series, look)
            alone = number or len(self.runs) == 1
            self.add_reading(own, series, look, note=None if alone else Text(plain_words(own.verdict_text)))
        beside = [*((self.loss, series) for series in own.parts), *((self.score, series) for series in own.scores)]
        for number, (panel, series) in enumerate(beside):
            look = Stroke(colour, BESIDE_DASHES[number % len(BESIDE_DASHES)])
            self.draw_curve(panel, series, look, faint=panel is self.loss)
            self.add_reading(own, series, look)

    def draw_curve(self, panel: Panel, series: Series, look: Stroke, *, faint: bool = False) -> None:
        """A curve as it was written, thin, and smoothed."""
        visible = self.visible_loss if panel is self.loss else finite
        x, y = thin_points(series.epochs, series.values)
        name = plain_words(series.name)  # Plotly would read tags and %{slots}
        line = go.Scatter(
            name=name, mode="lines" if np.isfinite(y).sum() > 1 else "markers",  # there is no line through one point
            line={"color": look.colour, "width": 1, "simplify": False}, marker_color=look.colour,
            opacity=0.25 if faint else 0.45, hovertemplate=f"%{{y:.4~g}} at %{{x}}<extra>{name}</extra>",
        )  # fmt: skip
        self.plot.add(panel, line, x=self.x_of(series, x), y=visible(y))
        kept = np.unique(np.linspace(0, len(series) - 1, POINTS).round().astype(int))
        smoothed = Live(visible(exponential_averages(series.values, WEIGHTS, kept)), SMOOTHING)
        self.plot.line(panel, f"{name}, smoothed", self.x_of(series, series.epochs[kept]), smoothed, look,
                       width=1.5 if faint else 2.5, hoverinfo="skip")  # fmt: skip

    def add_reading(self, own: OwnRun, series: Series, look: Stroke, note: Text | None = None) -> None:
        """The curve in the key: its last value and its lowest."""
        name = series.name if len(self.runs) == 1 else f"{own.label}: {own.name_of(series)}"
        lowest = np.min(series.values, where=np.isfinite(series.values), initial=np.inf)
        cells = (Text(number_text(value)) for value in (series.values[-1], lowest if np.isfinite(lowest) else np.nan))
        self.plot.reading(plain_words(name), look, *cells, note=note)

    def draw_evidence(self, own: OwnRun, point: Evidence) -> None:
        """A point that the verdict rests on. In words too, where they would not hide each other."""
        x = self.x_of(point.curve, np.array([point.x]))
        style: dict[str, Any] = {"mode": "markers"}
        if len(self.runs) <= WORDED:
            position = f"{TEXT_POSITION[point.kind]} {self.inward(x[0])}"
            style = {"mode": "markers+text", "text": point.words, "textposition": position}
        trace = go.Scatter(
            name=plain_words(f"{own.label}: {point.words}"), cliponaxis=False,
            marker=theme.EPOCH_MARKS[point.kind],
            hovertemplate=f"{point.words}: %{{y:.4~g}} at %{{x}}<extra></extra>", **style,
        )  # fmt: skip
        self.plot.add(self.loss, trace, x=x, y=self.visible_loss(np.array([point.y])))

    def inward(self, x: float) -> str:
        """The side of a point on which no edge of the picture cuts its words."""
        low, high = self.ends
        share = (x - low) / (high - low)
        return "right" if share < NEAR_EDGE else "left" if share > 1 - NEAR_EDGE else "center"


def own_stage(runs: Sequence[OwnRun], *, logarithmic: bool) -> Stage:
    """The stage of some runs. ValueError unless one has a curve."""
    runs = [own for own in runs if own.curves]
    if not runs:
        raise ValueError("none of the runs has a curve to draw")
    return OwnFigure(runs, logarithmic=logarithmic).plot.stage(
        name="Your training curves",
        alt="The losses of your own runs against the epoch, as they were written and smoothed, with their verdicts.",
        sliders=(SMOOTHING,),
        summary=Text(plain_words(runs[0].verdict_text) if len(runs) == 1 else LEGEND),
        headings=("last", "lowest"),
        table=lambda _: table(runs),
    )


def table(runs: Sequence[OwnRun]) -> Mapping[str, np.ndarray]:
    """A row for each number of each curve, as it was written; of long curves as many as TABLE_ROWS leaves them."""
    curves = [(own.label, series) for own in runs for series in own.curves]
    points = [thin_points(series.epochs, series.values, TABLE_ROWS // len(curves)) for _, series in curves]
    sizes = [len(x) for x, _ in points]
    return {
        "run": np.repeat(np.array([label for label, _ in curves], object), sizes),
        "curve": np.repeat(np.array([series.name for _, series in curves], object), sizes),
        "at": np.concatenate([x for x, _ in points]),
        "value": np.concatenate([y for _, y in points]),
    }


def finite(values: np.ndarray) -> np.ndarray:
    """The values, with NaN in the place of infinities."""
    return np.where(np.isfinite(values), values, np.nan)


def value_range(curves: Iterable[np.ndarray]) -> tuple[float, float]:
    """The lowest and the highest value of some curves; 0.1 and 1 where there is none."""
    values = np.concatenate([np.zeros(0), *curves])
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
