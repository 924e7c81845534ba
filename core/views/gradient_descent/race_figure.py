"""The picture of a race: the map with every path, the heights step by step, and where each learning rate ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.optimizers import OPTIMIZERS
from core.stage.legacy import Pick
from core.views.gradient_descent.model_panel import Exhibit
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import STEP, X, Y
from core.views.kit import theme
from core.views.kit.colour_scale import ColourScale as Scale
from core.views.kit.old_landscape_figure import Picture
from core.views.kit.panels import EDGE, FOOT, GAP, Box, laid_out

MAP, CHART, STRIP, SEAM = 430, 190, 24, 6  # pixels: heights of the rows, of the strip of stable rates, and above it
FADE = 0.75  # of the ground, so that paths stand out on it
SHARE, GUTTER = 0.56, 0.08  # of the width: the left column, and between the two
AROUND = 0.03  # of the steps, and of the decades of rates: room for a head at either end
DEEP = 10  # powers of ten that a logarithmic scale of heights shows at most


def height(*, beside: bool) -> int:
    """Of the picture on a wide page, with or without a panel beside the map."""
    return EDGE + MAP + GAP + CHART + FOOT if beside else EDGE + 2 * (CHART + STRIP) + GAP + FOOT


class Course(Picture):
    """One landscape with the paths on it; what is fitted there beside it, and the two charts."""

    def __init__(self, race: Race, scale: Scale, logarithmic: bool, exhibit: Exhibit | None) -> None:
        super().__init__([scale], "map")
        self.race, self.logarithmic, self.exhibit = race, logarithmic, exhibit

    def draw(self) -> None:
        self.sides()
        race, axes = self.race, {"xaxis": "x", "yaxis": "y"}
        self.contour(self.scales[0], axes, FADE)
        self.marks(race.ground, axes)
        self.arrays |= {"steps": np.arange(race.steps + 1.0), "rates": race.rates}
        for number, key in enumerate(race.optimizers):
            self.runner(number, key)
        self.start()
        if self.exhibit:
            for trace, picks in self.exhibit.traces(race):
                self.add(trace, **picks)
            self.arrays |= self.exhibit.arrays(race)
        self.place()

    def runner(self, number: int, key: str) -> None:
        """The path of one optimizer, its head, its height against the step, and where it ends at every rate."""
        race, look, name = self.race, theme.look(key), OPTIMIZERS[key].name
        points, own = race.run.points[:, number], race.heights[:, number]
        self.arrays |= {
            f"{key} x": shown(points[..., 0].T),
            f"{key} y": shown(points[..., 1].T),
            f"{key} height": shown(own.T),
            f"{key} end": shown(own[-1]),
            f"{key} ends": shown(race.ends(number)),
            f"{key} stable": np.where(race.stable(number), number + 0.5, np.nan),
        }
        line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
        told = "%{y:.4~g}<extra>" + name + "</extra>"
        place = "(%{x:.4~g}, %{y:.4~g})<extra>" + name + "</extra>"

        def trace(mode: str, axes: Mapping[str, str], hover: str, **looks: Any) -> go.Scatter:
            return go.Scatter(name=name, mode=mode, hovertemplate=hover, **looks, **axes)

        on_map, on_loss, on_sweep = ({"xaxis": f"x{n or ''}", "yaxis": f"y{n or ''}"} for n in ("", LOSS, SWEEP))
        self.add(
            trace("lines", on_map, place, line=line),
            x=race.up_to_step(key, f"{key} x"),
            y=race.up_to_step(key, f"{key} y"),
        )
        self.add(
            trace("markers", on_map, place, marker=theme.head(look)),
            x=race.at_step(key, f"{key} x"),
            y=race.at_step(key, f"{key} y"),
        )
        self.add(
            trace("lines", on_loss, told, line=line),
            x=Pick("steps", grow=STEP),
            y=race.up_to_step(key, f"{key} height"),
        )
        self.add(
            trace("markers", on_loss, told, marker=theme.head(look)),
            x=Pick("steps", (STEP,)),
            y=race.at_step(key, f"{key} height"),
        )
        at_rate = "final loss %{y:.4~g} at learning rate %{x:.4~g}<extra>" + name + "</extra>"
        self.add(trace("lines", on_sweep, at_rate, line=line), x=Pick("rates"), y=Pick(f"{key} ends"))
        self.add(
            trace("markers", on_sweep, at_rate, marker=theme.head(look)),
            x=Pick("rates", (race.rate_of(key),)),
            y=race.of_lane(key, f"{key} end"),
        )
        thick = min(4.0, STRIP / len(race.optimizers) - 1)
        bar = {"color": look.colour, "width": thick, "simplify": False}
        strip = on_sweep | {"yaxis": f"y{STABLE}"}
        self.add(
            go.Scatter(name=name, mode="lines", line=bar, hoverinfo="skip", **strip),
            x=Pick("rates"), y=Pick(f"{key} stable"),
        )  # fmt: skip

    def start(self) -> None:
        """The mark that a person drags, on top of everything."""
        self.arrays |= {"start x": self.race.starts[:, 0], "start y": self.race.starts[:, 1]}
        self.aimed = len(self.traces)
        told = "start: drag it, or click elsewhere<extra></extra>"
        self.add(
            go.Scatter(name="start", mode="markers", marker=theme.START, hovertemplate=told, xaxis="x", yaxis="y"),
            x=Pick("start x", star=(X, Y)),
            y=Pick("start y", star=(X, Y)),
        )

    # --- where everything stands ---

    def place(self) -> None:
        beside = bool(self.exhibit)
        left, right = (0.0, SHARE), (SHARE + GUTTER, 1.0)
        if beside:
            half = ((0.0, 0.5 - GUTTER / 2), (0.5 + GUTTER / 2, 1.0))
            second = EDGE + MAP + GAP
            wide = [
                self.map_box(*half[0], EDGE, EDGE + MAP),
                self.exhibit_box(*half[1], EDGE, EDGE + MAP),
                self.loss_box(*half[0], second, second + CHART),
                *self.sweep_boxes(*half[1], second, second + CHART),
            ]
        else:
            second = EDGE + CHART + STRIP + GAP
            bottom = second + CHART + STRIP
            wide = [
                self.map_box(*left, EDGE, bottom),
                self.loss_box(*right, EDGE, EDGE + CHART + STRIP),
                *self.sweep_boxes(*right, second, bottom),
            ]
        self.layout = self.laid_out(wide, height(beside=beside))
        tall: list[Box] = []
        top = EDGE
        heights = (300, *((240,) if beside else ()), 150, 150)
        makers = (self.map_box, *((self.exhibit_box,) if beside else ()), self.loss_box, self.sweep_boxes)
        for make, room in zip(makers, heights, strict=True):
            made = make(0.0, 1.0, top, top + room)
            tall += [made] if isinstance(made, Box) else made
            top += room + GAP
        self.narrow = self.laid_out(tall, top - GAP + FOOT)

    def map_box(self, left: float, right: float, top: float, bottom: float) -> Box:
        return Box(1, 1, left, right, top, bottom, self.race.arena.landscape.name)

    def exhibit_box(self, left: float, right: float, top: float, bottom: float) -> Box:
        return Box(FIT, FIT, left, right, top, bottom, self.exhibit.title if self.exhibit else "")

    def loss_box(self, left: float, right: float, top: float, bottom: float) -> Box:
        return Box(LOSS, LOSS, left, right, top, bottom, self.race.height_title)

    def sweep_boxes(self, left: float, right: float, top: float, bottom: float) -> list[Box]:
        seam = bottom - STRIP
        return [
            Box(
                SWEEP,
                SWEEP,
                left,
                right,
                top,
                seam - SEAM,
                f"Loss after {self.race.steps} steps, by learning rate",
                under=STABLE,
            ),
            Box(SWEEP, STABLE, left, right, seam, bottom, under=STABLE),
        ]

    def laid_out(self, boxes: Sequence[Box], total: float) -> dict[str, Any]:
        landscape = self.race.arena.landscape
        revision = " / ".join([landscape.name, *landscape.axes, str(self.logarithmic)])
        return laid_out(boxes, total, self.axes_of, revision)

    def axes_of(self, box: Box) -> dict[str, dict[str, Any]]:
        landscape, race = self.race.arena.landscape, self.race
        plain: dict[str, Any] = {"zeroline": False, "nticks": 6}
        low, high = (float(end) for end in np.log10(race.rates[[0, -1]]))
        rates = plain | {"type": "log", "range": [low - AROUND * (high - low), high + AROUND * (high - low)]}
        rates |= {"title": {"text": "learning rate"}, "exponentformat": "power", "dtick": 1, "tickangle": 0}
        steps = [-AROUND * race.steps, (1 + AROUND) * race.steps]
        heights = plain | {"nticks": 5, "range": self.height_range}
        if self.logarithmic:
            heights |= {"type": "log", "exponentformat": "power", "dtick": self.decades}
        found: dict[int, dict[str, dict[str, Any]]] = {
            1: {
                letter: plain | {"showgrid": False, "title": {"text": name}, "range": list(ends)}
                for letter, name, ends in zip("xy", landscape.axes, landscape.window, strict=True)
            },
            LOSS: {
                "x": plain | {"title": {"text": "step"}, "range": steps},
                "y": heights,
            },
            SWEEP: {"x": rates, "y": heights},
            STABLE: {
                "x": rates,
                "y": {
                    "range": [len(race.optimizers), 0],
                    "showgrid": False,
                    "zeroline": False,
                    "showticklabels": False,
                },
            },
        }
        if self.exhibit:
            found[FIT] = {letter: plain | axis for letter, axis in self.exhibit.axes.items()}
        return found[box.y]

    @property
    def decades(self) -> int:
        """Powers of ten from one line of a logarithmic scale to the next."""
        low, high = self.height_range
        return max(1, round((high - low) / 4))

    @property
    def height_range(self) -> list[float]:
        """From a little above the start down to where the best of the centre's runs end."""
        own = self.race.heights[:, :, 0]
        finite = own[np.isfinite(own)]
        start = float(own[0, 0]) if np.isfinite(own[0, 0]) else float(finite.max(initial=1.0))
        if self.logarithmic:
            top = np.log10(start) if start > 0 else 0.0
            low = np.log10(max(finite[finite > 0].min(initial=start or 1.0), (start or 1.0) * 10.0**-DEEP))
            return [float(min(low, top - 1) - 0.3), float(top + 0.8)]
        low = float(finite.min(initial=start))
        room = (start - low) or 1.0
        return [low - 0.08 * room, start + 0.25 * room]


LOSS, SWEEP, STABLE, FIT = 2, 3, 4, 5  # numbers of the panels' axes, after the map's


def shown(numbers: np.ndarray) -> np.ndarray:
    """Numbers of a path without what lies after it left for infinity: there is nothing to draw, or to say."""
    return np.where(np.isfinite(numbers), numbers, np.nan)
