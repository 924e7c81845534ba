"""The picture of a person's own logs: their curves, smoothed under the finger, each run with its verdict marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.diagnosis import Verdict, VerdictKind
from core.diagnosis.logged import verdict_of
from core.logs import Run, Series, thin_points
from core.stage import Reading, Slider, Stage
from core.stage.legacy import OldText as Text
from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.panels import EDGE, FOOT, GAP, Box, laid_out
from core.views.kit.sheet import Sheet
from core.views.training_curves.smooth import POINTS, WEIGHTS, smoothed_at

SMOOTHING = "smoothing"
LOSS, OTHER = 0, 1  # the panels: what is judged, and what is drawn beside
HEIGHTS = {"wide": (430, 170), "phone": (300, 150)}  # pixels of the two panels
MOST_BESIDE = 4  # other losses, and other curves, of one run
BEGINS = {  # what begins at the place that a verdict names
    VerdictKind.OVERFITTING: "no longer follows training",
    VerdictKind.DIVERGING: "diverges from here",
    VerdictKind.HEALTHY: "flat from here",
    VerdictKind.STALLED: "flat from here",
    VerdictKind.UNDERFITTING: "flat from here",
}
TURNS = {"turned", "parted", "turned_alone"}  # rules of which the lowest point is the whole evidence


@dataclass(frozen=True, eq=False)
class Shown:
    """A run as it is shown. `label` tells it from the others: the file's name, the run's, or both."""

    label: str
    run: Run

    @property
    def compared(self) -> dict[str, Series]:
        """The curves of training and validation, as far as there are any."""
        pair = {"train": self.run.train, "validation": self.run.validation}
        return {half: series for half, series in pair.items() if series is not None and len(series)}

    @property
    def beside(self) -> list[tuple[int, Series]]:
        """What else is drawn, and in which panel: the parts of the loss, and curves of which more is better."""
        parts = [(LOSS, series) for series in self.run.parts[:MOST_BESIDE]]
        return parts + [(OTHER, series) for series in self.run.others[:MOST_BESIDE]]

    @property
    def curves(self) -> list[Series]:
        return [*self.compared.values(), *(series for _, series in self.beside)]

    def own(self, series: Series) -> str:
        """The name of a curve beside the label, which may say the run already: Weights & Biases writes "run - loss"."""
        return series.name.removeprefix(f"{self.run.name} - ")

    @cached_property
    def verdict(self) -> Verdict | None:
        return verdict_of(self.run)

    def marks(self) -> list[tuple[str, str, Series, float]]:
        """The evidence of the verdict: kind of mark, words, the curve that it is on, and where on the x axis."""
        if self.verdict is None or not self.compared or self.verdict.kind is VerdictKind.NOT_JUDGED:
            return []
        halves = self.compared
        judged = halves.get("validation") or halves["train"]
        lowest = "lowest validation loss" if "validation" in halves else "lowest loss"
        if self.verdict.rule in TURNS:
            return [("best", f"{lowest}, rises after", judged, self.verdict.best_at)]
        found = [("best", lowest, judged, self.verdict.best_at)]
        if self.verdict.kind in BEGINS:
            of_both = self.verdict.kind in (VerdictKind.OVERFITTING, VerdictKind.HEALTHY)
            changes = judged if of_both else next(iter(halves.values()))
            found.append(("since", BEGINS[self.verdict.kind], changes, self.verdict.since_at))
        return [mark for mark in found if np.isfinite(mark[-1])]


def value_at(series: Series, place: float) -> float:
    """The value of a curve at a place, or the last finite one before it; NaN where there is none."""
    before = series.values[: int(np.searchsorted(series.epochs, place, side="right"))]
    finite = before[np.isfinite(before)]
    return float(finite[-1]) if len(finite) else float("nan")


class Curves(Sheet):
    """Every curve of every run: as it was written, and smoothed."""

    def __init__(self, runs: Sequence[Shown], *, logarithmic: bool) -> None:
        super().__init__()
        self.runs, self.logarithmic = runs, logarithmic
        self.rows: list[Reading] = []
        self.x: list[np.ndarray] = []
        self.y: dict[int, list[np.ndarray]] = {LOSS: [], OTHER: []}

    def draw(self) -> None:
        for number, shown in enumerate(self.runs):
            colour = theme.SERIES[number % len(theme.SERIES)]
            for half, series in shown.compared.items():
                look = theme.Stroke(colour, theme.HALVES[half].dash)
                self.curve(f"{number} {half}", series, look, LOSS)
                self.row(shown, series, look, note=half == next(iter(shown.compared)))
            for place, (panel, series) in enumerate(shown.beside):
                look = theme.Stroke(colour, ("dot", "dashdot", "solid", "dash")[place % 4])
                self.curve(f"{number} beside {place}", series, look, panel, faint=panel == LOSS)
                self.row(shown, series, look)
        for number, shown in enumerate(self.runs):
            self.mark(number, shown)
        self.place()

    def curve(self, name: str, series: Series, look: theme.Stroke, panel: int, *, faint: bool = False) -> None:
        x, y = thin_points(series.epochs, series.values)
        self.x.append(series.epochs)
        self.y[panel].append(series.values)
        self.arrays |= {f"{name} x": self.along(series, x), f"{name} y": self.visible(y, panel)}
        raw = {"color": look.colour, "width": 1, "simplify": False}
        called = escape(plain(series.name), quote=False)  # Plotly would read tags and %{slots}
        hover = f"%{{y:.4~g}} at %{{x}}<extra>{called}</extra>"
        mode = "lines" if np.isfinite(y).sum() > 1 else "markers"  # there is no line through one point
        self.add(
            go.Scatter(name=called, mode=mode, line=raw, opacity=0.25 if faint else 0.45, hovertemplate=hover,
                       marker_color=look.colour, **on(panel)),
            x=Pick(f"{name} x"), y=Pick(f"{name} y"),
        )  # fmt: skip
        kept = np.unique(np.linspace(0, len(series) - 1, POINTS).round().astype(int))
        frames = smoothed_at(kept, series.values)
        self.arrays |= {
            f"{name} smooth x": self.along(series, series.epochs[kept]),
            f"{name} smooth y": self.visible(frames, panel),
        }
        bold = {"color": look.colour, "dash": look.dash, "width": 1.5 if faint else 2.5, "simplify": False}
        self.add(
            go.Scatter(name=f"{called}, smoothed", mode="lines", line=bold, hoverinfo="skip", **on(panel)),
            x=Pick(f"{name} smooth x"), y=Pick(f"{name} smooth y", (SMOOTHING,)),
        )  # fmt: skip

    def row(self, shown: Shown, series: Series, look: theme.Stroke, *, note: bool = False) -> None:
        """The curve in the key: its last value and its lowest; with the first of a run the verdict on it."""
        finite = series.values[np.isfinite(series.values)]
        cells = (written(series.values[-1]), written(finite.min() if len(finite) else np.nan))
        self.rows.append(
            Reading(
                name=plain(series.name if self.is_alone else f"{shown.label}: {shown.own(series)}"),
                colour=look.colour,
                dash=look.dash,
                cells=tuple(Text(template=cell) for cell in cells),
                note=Text(template=plain(judged(shown))) if note and not self.is_alone else None,
            )
        )

    def mark(self, number: int, shown: Shown) -> None:
        """The evidence of the verdict on the curve. In words too, where they would not hide each other."""
        for kind, words, series, at in shown.marks():
            name = f"{number} {kind}"
            self.arrays |= {
                f"{name} x": self.along(series, np.array([at])),
                f"{name} y": self.visible(np.array([value_at(series, at)]), LOSS),
            }
            called = escape(plain(f"{shown.label}: {words}"), quote=False)
            hover = f"{words}: %{{y:.4~g}} at %{{x}}<extra></extra>"
            style = theme.MARKED[kind] | {"name": called, "mode": "markers", "hovertemplate": hover}
            if len(self.runs) <= WORDED:
                position = f"{PLACED[kind]} {self.inwards(self.along(series, np.array([at]))[0])}"
                style |= {"mode": "markers+text", "text": words, "textposition": position}
            self.add(go.Scatter(cliponaxis=False, **style, **on(LOSS)), x=Pick(f"{name} x"), y=Pick(f"{name} y"))

    def inwards(self, place: float) -> str:
        """To which side of a place on the axis words have to stand so that no edge of the picture cuts them."""
        low, high = self.ends()
        share = (place - low) / (high - low)
        return "right" if share < NEAR_EDGE else "left" if share > 1 - NEAR_EDGE else "center"

    def along(self, series: Series, places: np.ndarray) -> np.ndarray:
        """Where places stand on the axis: where the runs count different things, at their share of the run."""
        if self.unit:
            return places
        low, high = series.epochs[[0, -1]]
        return 100 * (places - low) / ((high - low) or 1.0)

    def visible(self, values: np.ndarray, panel: int) -> np.ndarray:
        shown = np.where(np.isfinite(values), values, np.nan)
        return np.where(shown > 0, shown, np.nan) if self.logarithmic and panel == LOSS else shown

    def place(self) -> None:
        panels = [panel for panel in (LOSS, OTHER) if self.y[panel]]
        titles = {LOSS: "Loss", OTHER: "More is better (not judged)"}
        ends = self.ends()
        upright = {panel: {"zeroline": False} | self.upright(panel) for panel in panels}
        level = {"range": ends, "title": {"text": self.unit or "share of the run, %"}, "zeroline": False}
        revision = f"own {self.logarithmic} {ends}"
        layouts = []
        for heights in HEIGHTS.values():
            boxes, top = [], EDGE
            for panel in panels:
                height = heights[panel if len(panels) > 1 else LOSS]
                boxes.append(Box(panel + 1, panel + 1, 0.0, 1.0, top, top + height, titles[panel]))
                top += height + GAP
            total = top - GAP + FOOT
            layouts.append(laid_out(boxes, total, lambda box: {"x": level, "y": upright[box.x - 1]}, revision))
        self.layout, self.narrow = layouts

    def ends(self) -> list[float]:
        """Of the horizontal axis."""
        if not self.unit:
            return [0.0, 100.0]
        low, high = float(min(map(np.min, self.x))), float(max(map(np.max, self.x)))
        return [low, high] if low < high else [low - 0.5, high + 0.5]

    def upright(self, panel: int) -> dict[str, Any]:
        values = np.concatenate([np.ravel(self.visible(curve, panel)) for curve in self.y[panel]] or [np.zeros(0)])
        values = values[np.isfinite(values)]
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
        if self.logarithmic and panel == LOSS:
            first, last = float(np.log10(low)), float(np.log10(high))
            return {"type": "log", "range": [first - BELOW * ((last - first) or 1.0), last + 0.08]}
        room = (high - low) or 10.0
        return {"range": [low - (BELOW if panel == LOSS else ABOVE) * room, high + ABOVE * room]}

    @property
    def is_alone(self) -> bool:
        """One run: the verdict on it is the sentence of the picture. Of several each has its own."""
        return len(self.runs) == 1

    @property
    def unit(self) -> str:
        """What all of them count along x; "" where they count different things."""
        units = {series.unit for shown in self.runs for series in shown.curves}
        return units.pop() if len(units) == 1 else ""


WORDED = 2  # runs whose marks are explained in words on the picture
PLACED = {"best": "bottom", "since": "top"}
NEAR_EDGE = 0.25  # share of the width
BELOW, ABOVE = (
    0.12,
    0.05,
)  # of the range of the curves: room for the words under the lowest point, and above the highest


def on(panel: int) -> dict[str, str]:
    """The axes of a panel."""
    return {"xaxis": f"x{panel + 1}", "yaxis": f"y{panel + 1}"} if panel else {}


def compared(runs: Sequence[Shown], *, logarithmic: bool) -> Stage:
    """The stage of some runs. ValueError unless one has a curve."""
    runs = [shown for shown in runs if shown.curves]
    if not runs:
        raise ValueError("none of the runs has a curve to draw")
    picture = Curves(runs, logarithmic=logarithmic)
    picture.draw()
    return picture.stage(
        name="Your training curves",
        alt="The losses of your own runs against the epoch, as they were written and smoothed, with their verdicts.",
        sliders=(Slider(name=SMOOTHING, label="Smoothing", values=WEIGHTS, start=0),),
        summary=Text(template=plain(judged(runs[0])) if picture.is_alone else LEGEND),
        headings=("last", "lowest"),
        readings=tuple(picture.rows),
        table=lambda _: table(runs),
    )


def table(runs: Sequence[Shown]) -> Mapping[str, np.ndarray]:
    """A row for each number of each curve, as it was written."""
    curves = [(shown.label, series) for shown in runs for series in shown.curves]
    return {
        "run": np.concatenate([np.repeat(label, len(series)) for label, series in curves]),
        "curve": np.concatenate([np.repeat(series.name, len(series)) for _, series in curves]),
        "at": np.concatenate([series.epochs for _, series in curves]),
        "value": np.concatenate([series.values for _, series in curves]),
    }


LEGEND = (
    "Thin line: every value of the file. Thick line: smoothed. The verdict is on the values of the file. ★ marks the "
    "lowest loss, ◆ where the change begins that the verdict names."
)


def judged(shown: Shown) -> str:
    """The verdict on a run in words, or why there is none."""
    verdict = shown.verdict
    if verdict is None:
        return "There is no loss to judge: choose a column."
    return " ".join(filter(None, (f"{verdict.name}.", verdict.sentence, verdict.advice)))


def written(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:.4g}"


def plain(words: str) -> str:
    """Words of a file as a template that holds no slot."""
    return words.replace("{", "(").replace("}", ")")
