"""The picture of a person's own logs: their curves, smoothed under the finger, each with its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from core.diagnosis import Verdict, diagnose_run
from core.logs import Log, Series, thinned
from core.stage import Pick, Reading, Reel, Stage, Text
from core.views import theme
from core.views.panels import EDGE, FOOT, Box, laid_out
from core.views.sheet import Sheet

SMOOTHING = "smoothing"
WEIGHTS = np.array([*np.linspace(0.0, 0.9, 19), 0.95, 0.98, 0.99])
COUNTED = ("epoch", "step", "row")  # what an axis counts where it is recognised
POINTS = 600  # of a smoothed curve
HIGH, LOW = 430, 300  # pixels, on a wide page and on a phone
HEIGHT = EDGE + HIGH + FOOT


@dataclass(frozen=True, eq=False)
class Own:
    """One log, and the columns of it that are compared."""

    log: Log
    train: Series | None
    validation: Series | None

    @property
    def halves(self) -> dict[str, Series]:
        found = {"train": self.train, "validation": self.validation}
        return {half: series for half, series in found.items() if series is not None and len(series.values)}

    @property
    def verdict(self) -> Verdict | None:
        """On the curves that there are, each at its own places."""
        halves = self.halves
        train, validation = (
            (halves[half].epochs, halves[half].values) if half in halves else None for half in ("train", "validation")
        )
        return diagnose_run(train, validation, unit=self.unit) if halves else None

    @property
    def unit(self) -> str:
        """What a verdict calls a place on the axis: a column that was picked may be anything."""
        unit = next(iter(self.halves.values())).unit
        return unit if unit in COUNTED else "point"


def reels() -> tuple[Reel, ...]:
    return (Reel(key=SMOOTHING, label="Smoothing", values=WEIGHTS, start=0),)


class Curves(Sheet):
    """Every curve of every log: as it was written, and smoothed."""

    def __init__(self, logs: Sequence[Own], *, logarithmic: bool) -> None:
        super().__init__()
        self.logs, self.logarithmic = logs, logarithmic
        self.rows: list[Reading] = []

    def draw(self) -> None:
        for number, own in enumerate(self.logs):
            colour = theme.HUES[number % len(theme.HUES)]
            for half, series in own.halves.items():
                self.curve(f"{number} {half}", series, theme.Look(colour, theme.HALVES[half].dash))
            self.tell(own, colour)
        self.place()

    def curve(self, name: str, series: Series, look: theme.Look) -> None:
        x, y = thinned(series.epochs, series.values)
        self.arrays |= {f"{name} x": self.along(series, x), f"{name} y": self.visible(y)}
        raw = {"color": look.colour, "width": 1, "simplify": False}
        called = escape(plain(series.name), quote=False)  # Plotly would read tags and %{slots}
        hover = f"%{{y:.4~g}} at %{{x}}<extra>{called}</extra>"
        mode = "lines" if np.isfinite(y).sum() > 1 else "markers"  # there is no line through one point
        self.add(
            go.Scatter(name=called, mode=mode, line=raw, opacity=0.45, hovertemplate=hover, marker_color=look.colour),
            x=Pick(f"{name} x"), y=Pick(f"{name} y"),
        )  # fmt: skip
        kept = np.unique(np.linspace(0, len(series.values) - 1, POINTS).round().astype(int))
        frames = smoothed_at(kept, series.values)
        self.arrays |= {
            f"{name} smooth x": self.along(series, series.epochs[kept]),
            f"{name} smooth y": self.visible(frames),
        }
        bold = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
        self.add(
            go.Scatter(name=f"{called}, smoothed", mode="lines", line=bold, hoverinfo="skip"),
            x=Pick(f"{name} smooth x"), y=Pick(f"{name} smooth y", (SMOOTHING,)),
        )  # fmt: skip

    def along(self, series: Series, epochs: np.ndarray) -> np.ndarray:
        """Where epochs stand: where the logs count different things, at their share of the run."""
        if self.unit:
            return epochs
        low, high = series.epochs[[0, -1]]
        return 100 * (epochs - low) / ((high - low) or 1.0)

    def visible(self, values: np.ndarray) -> np.ndarray:
        shown = np.where(np.isfinite(values), values, np.nan)
        return np.where(shown > 0, shown, np.nan) if self.logarithmic else shown

    def tell(self, own: Own, colour: str) -> None:
        """A row for each curve: where it ends, and its least; under the picture the verdict on the log."""
        verdict = own.verdict
        for half, series in own.halves.items():
            finite = series.values[np.isfinite(series.values)]
            cells = (written(series.values[-1]), written(finite.min() if len(finite) else np.nan))
            remark = Text(template=plain(f"{verdict.name}. {verdict.sentence} {verdict.advice}")) if verdict else None
            self.rows.append(
                Reading(
                    name=plain(series.name if len(self.logs) == 1 else f"{own.log.name}: {series.name}"),
                    colour=colour,
                    dash=theme.HALVES[half].dash,
                    cells=tuple(Text(template=cell) for cell in cells),
                    remark=remark if half == next(iter(own.halves)) else None,
                )
            )

    def place(self) -> None:
        drawn = [self.arrays[name] for name in self.arrays if name.endswith(" y") and "smooth" not in name]
        ends = [self.arrays[name] for name in self.arrays if name.endswith(" x") and "smooth" not in name]
        values = np.concatenate(drawn) if drawn else np.zeros(0)
        values = values[np.isfinite(values)]
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
        room = 0.05 * (high - low) or 0.5
        y = {"type": "log", "range": np.log10([low / 1.2, high * 1.2]).tolist()} if self.logarithmic else {
            "range": [low - room, high + room]}  # fmt: skip
        x = [float(min(map(np.min, ends))), float(max(map(np.max, ends)))] if ends else [0.0, 1.0]
        x = x if x[0] < x[1] else [x[0] - 0.5, x[1] + 0.5]
        axes = {
            "x": {"range": x, "title": {"text": self.unit or "share of the run, %"}, "zeroline": False},
            "y": y | {"zeroline": False},
        }
        boxes = [(Box(1, 1, 0.0, 1.0, EDGE, EDGE + height, "Loss"), EDGE + height + FOOT) for height in (HIGH, LOW)]
        revision = f"own {self.logarithmic} {x}"
        self.layout, self.narrow = (laid_out([box], total, lambda _: axes, revision) for box, total in boxes)

    @property
    def unit(self) -> str:
        """What all of them count along x; "" where they count different things."""
        units = {series.unit for own in self.logs for series in own.halves.values()}
        return units.pop() if len(units) == 1 else ""


def smoothed_at(kept: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`core.logs.smoothed` at these points alone, for every weight at once: [weights, kept].

    One number after the other, a long log would take seconds: here each stretch between two points is one sum.
    """
    finite = np.isfinite(values)
    there = finite[kept]
    frames = np.repeat(values[None, kept], len(WEIGHTS), axis=0)
    if not there.any():
        return frames
    known, at = values[finite], np.cumsum(finite)[kept[there]] - 1
    scale = np.abs(known).max() or 1.0  # so that no sum is beyond what a float holds
    ends = np.concatenate([[-1], at])
    back = np.arange(np.diff(ends).max())
    rows = at[:, None] - back
    within = rows > ends[:-1, None]
    powers = WEIGHTS ** back[:, None]
    sums, counts = np.where(within, known[rows] / scale, 0.0) @ powers, within @ powers
    for row, gap in enumerate(np.diff(at), start=1):
        sums[row] += WEIGHTS**gap * sums[row - 1]
        counts[row] += WEIGHTS**gap * counts[row - 1]
    frames[:, there] = (scale * (sums / counts)).T
    return frames


def compared(logs: Sequence[Own], *, logarithmic: bool) -> Stage:
    """The stage of some logs. ValueError unless one has a curve."""
    if not any(own.halves for own in logs):
        raise ValueError("none of the logs has a curve to draw")
    picture = Curves(logs, logarithmic=logarithmic)
    picture.draw()
    return picture.stage(
        name="Your training curves",
        alt="The losses of your own logs against the epoch, as they were written and smoothed.",
        reels=reels(),
        notice=Text(template=NOTICE),
        headings=("last", "least"),
        readings=tuple(picture.rows),
        table=lambda _: table(logs),
    )


def table(logs: Sequence[Own]) -> dict[str, np.ndarray]:
    """A row for each number of each curve, as it was written."""
    curves = [(own.log.name, series) for own in logs for series in own.halves.values()]
    return {
        "file": np.concatenate([np.repeat(name, len(series)) for name, series in curves]),
        "curve": np.concatenate([np.repeat(series.name, len(series)) for _, series in curves]),
        "at": np.concatenate([series.epochs for _, series in curves]),
        "value": np.concatenate([series.values for _, series in curves]),
    }


NOTICE = (
    "Thin: as it was written, every spike kept. Thick: smoothed. The verdict is on the numbers as they were written."
)


def written(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:.4g}"


def plain(words: str) -> str:
    """Words of a file as a template that holds no slot."""
    return words.replace("{", "(").replace("}", ")")
