"""The picture of a hundred starts: a map of who is there first from where, and the share that has arrived."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.optimizers import OPTIMIZERS
from core.stage import Reading, Slider, Stage
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.gradient_descent.multistart import FIRST, LIVE, Starts, runner
from core.views.gradient_descent.problems import Arena
from core.views.gradient_descent.race_text import counted
from core.views.gradient_descent.sliders import RATE
from core.views.kit import theme
from core.views.kit.colour_scale import ColourScale as Scale
from core.views.kit.colour_scale import scales
from core.views.kit.old_landscape_figure import Picture
from core.views.kit.panels import laid_out, pair
from core.views.kit.view import listed

ROW, TALL, TALL_SHARE = 430, 300, 200  # pixels: heights on a wide page, and on a phone
FADE = 0.75  # of the ground
MAP, SHARE = {"xaxis": "x", "yaxis": "y"}, {"xaxis": "x2", "yaxis": "y2"}
NOBODY = "nobody"


def starts_sliders(arena: Arena, rate: str) -> tuple[Slider, ...]:
    """The learning rate, where there is one for all."""
    if rate != LIVE:
        return ()
    rates = Starts(arena, (), rate, 0).rates
    return (Slider(name=RATE, label="Learning rate", values=rates, start=int(np.abs(np.log(rates / FIRST)).argmin())),)


class Everywhere(Picture):
    """Every start on the map, marked by who is there first; beside it the shares that have arrived."""

    def __init__(self, starts: Starts, scale: Scale) -> None:
        super().__init__([scale], "map")
        self.starts = starts
        self.frames = tuple(slider.key for slider in starts_sliders(starts.arena, starts.rate))
        self.rows: list[Reading] = []

    def store(self, name: str, array: np.ndarray) -> Pick:
        """An array [frames, ...], and what of it is shown."""
        self.arrays[name] = array if self.frames else array[0]
        return Pick(name, self.frames)

    def draw(self) -> None:
        self.sides()
        self.contour(self.scales[0], MAP, FADE)
        arrivals = np.stack(list(self.starts.shown.values()))  # [runners, frames, starts]
        first = np.where(np.isfinite(arrivals).any(axis=0), arrivals.argmin(axis=0), -1)
        for number, key in enumerate(self.starts.runners):
            look, name = theme.look(key), runner(key).name
            mark = {"color": look.colour, "size": 11, "symbol": theme.SYMBOLS[look.dash]}
            self.winner(key, first == number, mark, f"{name} converges first")
        mark = {"color": theme.NEUTRAL, "size": 8, "symbol": "x-thin-open"}
        self.winner(NOBODY, first == -1, mark, "none converges")
        self.marks(self.starts.ground, MAP)
        self.arrays["evaluations"] = np.arange(self.starts.most + 1.0)
        for key, own in self.starts.shown.items():
            self.share(key, own)
            self.rows.append(self.reading(key, own))
        self.place()

    def winner(self, key: str, where: np.ndarray, mark: dict[str, Any], label: str) -> None:
        """Marks the starts [frames, starts] from which this one is there first."""
        hover = "from (%{x:.3~g}, %{y:.3~g})<extra>" + label + "</extra>"
        x, y = (
            self.store(f"{key} {letter}", np.where(where, self.starts.points[:, axis], np.nan))
            for axis, letter in enumerate("xy")
        )
        self.add(go.Scatter(name=label, mode="markers", marker=mark, hovertemplate=hover, **MAP), x=x, y=y)

    def share(self, key: str, own: np.ndarray) -> None:
        """The share of the starts that has arrived, by evaluations made."""
        look, name = theme.look(key), runner(key).name
        arrived = np.stack([(own <= count).mean(axis=1) for count in self.arrays["evaluations"]], axis=1)
        line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False, "shape": "hv"}
        hover = "%{y:.0%} after %{x:.0f} evaluations<extra>" + name + "</extra>"
        self.add(
            go.Scatter(name=name, mode="lines", line=line, hovertemplate=hover, **SHARE),
            x=Pick("evaluations"),
            y=self.store(f"{key} share", arrived),
        )

    def reading(self, key: str, own: np.ndarray) -> Reading:
        look, arrived = theme.look(key), np.isfinite(own)
        median = [np.median(row[there]) if there.any() else np.nan for row, there in zip(own, arrived, strict=True)]
        often = self.store(f"{key} often", 100.0 * arrived.mean(axis=1))
        cells = [
            Text(template="{n} %", slots={"n": often}),
            Text(template="{n}", slots={"n": self.store(f"{key} median", np.array(median))}),
        ]
        if self.starts.rate != LIVE:
            own_rate = f"{self.starts.rates[self.starts.best[key]]:g}" if arrived.any() else "–"
            own_rate = own_rate if key in OPTIMIZERS else "its own"
            cells.append(Text(template=own_rate))
        return Reading(name=runner(key).short, colour=look.colour, dash=look.dash, cells=tuple(cells))

    def notice(self) -> Text:
        frames = len(next(iter(self.starts.shown.values())))
        words, which = counted([self.starts.sentence(frame) for frame in range(frames)])
        return Text(template="{told}", slots={"told": Words(words, pick=self.store("told", which))})

    def place(self) -> None:
        landscape = self.starts.arena.landscape
        plain: dict[str, Any] = {"zeroline": False, "nticks": 6}
        axes: dict[int, dict[str, dict[str, Any]]] = {
            1: {
                letter: plain | {"title": {"text": name}, "range": list(ends), "showgrid": False}
                for letter, name, ends in zip("xy", landscape.axes, landscape.window, strict=True)
            },
            2: {
                "x": plain | {"title": {"text": "evaluations"}, "range": [0, self.starts.most]},
                "y": plain | {"range": [-0.02, 1.02], "tickformat": ".0%"},
            },
        }
        titles = f"{landscape.name}: fastest optimizer by start", "Share of starts that have converged"

        revision = " / ".join([landscape.name, *landscape.axes])
        self.layout, self.narrow = (
            laid_out(boxes, total, lambda box: axes[box.x], revision)
            for boxes, total in pair(titles, (ROW, TALL, TALL_SHARE), (0.54, 0.62))
        )


def from_everywhere(starts: Starts) -> Stage:
    """The stage of a hundred starts."""
    (scale,), _ = scales([starts.ground], "auto", comparable=True)
    picture = Everywhere(starts, scale)
    picture.draw()
    notice = picture.notice()
    names = listed([runner(key).name for key in starts.runners])
    return picture.stage(
        name=f"{len(starts.points)} starts on {starts.arena.landscape.name}",
        alt=f"{starts.arena.about} For each of {len(starts.points)} starts on the map, which of {names} converges to "
        "the lowest minimum first; beside it the share of starts from which each has converged, by evaluations.",
        sliders=starts_sliders(starts.arena, starts.rate),
        summary=notice,
        headings=("converged", "median", *(("rate",) if starts.rate != LIVE else ())),
        readings=tuple(picture.rows),
        table=starts.table,
    )
