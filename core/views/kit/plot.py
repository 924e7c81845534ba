"""What a view draws on: traces in panels, each with the live arrays that move it, the key beside the picture, and the
legend of its symbols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Handle, LegendEntry, Live, Reading, Slider, Stage, Sweep, Text, Traces, Track
from core.views.kit import theme
from core.views.kit.layout import Layout, Panel, Rows, Surface
from core.views.kit.theme import Stroke

go.Figure([go.Scatter()])  # with its first figure Plotly reads its schema: 30 ms, here where nobody waits for a picture

OUTLINE_WIDTH = 1  # pixels on either side of a path
ARROW_HEAD = 0.12  # of half the axis, at most
Shown = Live | np.ndarray | Sequence[float]  # what a trace shows: an array that sliders move, or one that stands still


class Plot:
    """A picture in the making: `line`, `dots` and `add` draw on a panel, `drag` makes what is drawn follow the hand,
    `reading` adds a row to the key, `explain` an entry to the legend, and `stage` hands it all over.

    `style` of every method is Plotly's own, for what the trace has beside its name and its place.
    """

    def __init__(self, placed: Rows, *, hover: str = "closest", left: int = 56, draft: bool = False) -> None:
        self.draft = draft  # of a picture that is on the screen: Plotly has no part in it
        self.layout = Layout(placed, hover=hover, left=left)
        self.panels = list(placed.panels)
        self.traces: list[dict[str, Any]] = []  # Plotly's own settings
        self.tracks: list[Track] = []
        self.handles: list[Handle] = []
        self.readings: list[Reading] = []
        self.legend: dict[str, LegendEntry] = {}  # by symbol

    def add(self, panel: Panel | Surface, trace: Any, **shown: Shown) -> int:
        """Any trace, Plotly's own or its settings, and what its attributes show; its number in the figure."""
        number = len(self.traces)
        settings = trace if isinstance(trace, dict) else trace.to_plotly_json()
        self.traces.append(settings | self.layout.axes_of(panel))
        self.tracks += [Track(number, attribute, live(one)) for attribute, one in shown.items()]
        return number

    def line(
        self, panel: Panel, name: str, x: Shown, y: Shown, look: Stroke, *, width: float = 2.5, **style: Any
    ) -> int:
        """A curve in the stroke of a look."""
        stroke = {"color": look.colour, "dash": look.dash, "width": width, "simplify": False}
        style.setdefault("hovertemplate", None if "hoverinfo" in style else "%{y:.3~g}")
        return self.add(panel, scatter(name=name, mode="lines", line=stroke, **style), x=x, y=y)

    def path(
        self, panel: Panel, name: str, x: Shown, y: Shown, look: Stroke, *, width: float = 2.5, **style: Any
    ) -> int:
        """A curve with an outline, to be told from the landscape under it."""
        outline = {"width": width + 2 * OUTLINE_WIDTH, "simplify": False}  # its colour is the theme's
        under = scatter(name=f"{name}: outline", mode="lines", line=outline, hoverinfo="skip")
        self.add(panel, under, x=x, y=y)
        return self.line(panel, name, x, y, look, width=width, **style)

    def thin(self, panel: Panel, name: str, x: Shown, y: Shown, look: Stroke) -> int:
        """A line that helps to read the others: a tangent, a probe. It does not answer to the pointer."""
        return self.line(panel, name, x, y, look, width=1.25, hoverinfo="skip")

    def dots(
        self, panel: Panel, name: str, x: Shown, y: Shown, colour: str, *,
        size: float = 9, symbol: str = "circle", **style: Any,
    ) -> int:  # fmt: skip
        """A marker at each point."""
        marker = {"color": colour, "size": size, "symbol": symbol, "line": {"width": 1.5, "color": colour}}
        return self.marks(panel, name, x, y, marker, **style)

    def marks(self, panel: Panel, name: str, x: Shown, y: Shown, marker: dict[str, Any], **style: Any) -> int:
        """A marker of the theme at each point."""
        style.setdefault("hovertemplate", None if "hoverinfo" in style else "%{y:.3~g}")
        return self.add(panel, scatter(name=name, mode="markers", marker=marker, **style), x=x, y=y)

    def bars(
        self, panel: Panel, name: str, left: np.ndarray, width: float, heights: np.ndarray, by: Sweep, look: Stroke,
        *, fill: str = theme.CLEAR,
    ) -> None:  # fmt: skip
        """Bars that stand on 0: their left edges [bars], and their heights in each run of a sweep, [runs, bars]."""
        outline = corners(np.zeros_like(heights), heights, up=True).reshape(len(heights), -1)
        x = corners(left, left + width).ravel()
        self.line(panel, name, x, Live(outline, by), look, width=1.5, fill="toself", fillcolor=fill, hoverinfo="skip")

    def arrows(
        self, panel: Panel, name: str, places: np.ndarray, heights: np.ndarray, by: Sweep, look: Stroke,
        *, spread: float,
    ) -> None:  # fmt: skip
        """Upright arrows from 0: their places [arrows], and their heights in each run of a sweep, [runs, arrows]."""
        barb = ARROW_HEAD * panel.y["range"][1]
        up, across = arrow(np.zeros_like(heights), heights, np.broadcast_to(places, heights.shape), barb=barb,
                           spread=spread * np.minimum(1, np.abs(heights) / barb))  # fmt: skip
        for part, stroke in ((slice(2), look), (slice(1, None), Stroke(look.colour))):  # a dash would break the head
            gaps = (np.insert(points[..., part], 0, np.nan, axis=-1) for points in (across, up))
            x, y = (Live(points.reshape(len(heights), -1), by) for points in gaps)
            self.line(panel, name, x, y, stroke, hoverinfo="skip")

    def upright(
        self, name: str, slider: Slider, panels: Sequence[Panel], *, dash: str = "dot", width: float = 1.25
    ) -> None:
        """A line where a slider stands on the x axis, through panels from end to end of their y axes. It can be
        dragged."""
        x = Live(np.repeat(slider.values[:, None], 2, axis=1), slider)
        for panel in panels:
            ends = np.array(panel.y["range"])
            ends = 10.0**ends if panel.y.get("type") == "log" else ends
            line = self.line(panel, name, x, ends, Stroke(theme.NEUTRAL, dash), width=width, hoverinfo="skip")
            self.drag(line, x=slider)

    def drag(
        self,
        trace: int,
        *,
        x: Slider | None = None,
        y: Slider | None = None,
        along: Slider | None = None,
        rewinds: Slider | None = None,
        shares: bool = False,
    ) -> None:
        """Lets a person drag a trace, by its number: across and up, along a curve or in a triangle. See `Handle`."""
        keys = {"x": x, "y": y, "along": along, "rewinds": rewinds}
        named = {name: slider.key for name, slider in keys.items() if slider}
        self.handles.append(Handle(trace=trace, shares=shares, **named))

    def label(self, panel: Panel, text: str, x: float, y: float, **anchors: str) -> None:
        """Words in a panel, above a place in the units of its axes, or as Plotly's anchors say."""
        self.layout.label(panel, text, x, y, **anchors)

    def reading(self, name: str, look: Stroke, *cells: Live | Text, note: Text | None = None) -> None:
        """A row of the key beside the picture: a name in its stroke, its live numbers, and a note under the picture."""
        texts = tuple(cell if isinstance(cell, Text) else Text("{}", cell) for cell in cells)
        self.readings.append(Reading(name=name, colour=look.colour, dash=look.dash, cells=texts, note=note))

    def explain(self, symbol: str, text: str, colour: str = "") -> None:
        """Says in the legend, the line under the picture, what a symbol of a colour means. It has one meaning."""
        entry = LegendEntry(symbol, text, colour)
        if self.legend.setdefault(symbol, entry) != entry:
            raise ValueError(f"{symbol} cannot mean {text!r}: it means {self.legend[symbol].text!r} already")

    def stage(self, **story: Any) -> Stage:
        """The stage of what has been drawn; `story` are its other fields.

        Plotly does not check the settings: that would take as long as all the rest. The tests of every view do.
        """
        return Stage(
            figure=Traces.of(self.traces)
            if self.draft
            else go.Figure(self.traces, self.layout.wide(), _validate=False),
            narrow=self.layout.narrow(),
            templates={mode: theme.template(mode) for mode in ("light", "dark")},
            tracks=tuple(self.tracks),
            readings=tuple(self.readings),
            legend=tuple(self.legend.values()),
            handles=tuple(self.handles),
            **story,
        )


def scatter(**settings: Any) -> dict[str, Any]:
    """Lines or marks, as Plotly's settings."""
    return {"type": "scatter"} | settings


def live(shown: Shown) -> Live:
    """As a live array, which may stand still."""
    return shown if isinstance(shown, Live) else Live(np.asarray(shown, dtype=float))


def corners(low: Any, high: Any, *, up: bool = False) -> np.ndarray:
    """One coordinate of a rectangle's corners, and the gap after it, [..., 6]."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    outline = [low, high, high, low, low] if up else [low, low, high, high, low]
    return np.stack([*outline, np.full_like(low, np.nan)], axis=-1)


def arrow(
    tail: np.ndarray, head: np.ndarray, across: np.ndarray, *, barb: float, spread: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """An arrow in one stroke, along its axis and across it, [..., 5]: to its head, and the two barbs there.

    across: where it lies. barb, spread: how far the barbs reach back at most, and to either side.
    """
    back = head - np.clip(head - tail, -barb, barb)
    along = np.stack([tail, head, back, head, back], axis=-1)
    return along, across[..., None] + np.multiply.outer(spread, [0.0, 0.0, 1.0, 0.0, -1.0])
