"""Panels stacked on one x axis, and the curves on them, written down together with the arrays that move them.

A view draws on a Canvas; `stage()` hands over the figure and its tracks, whose trace numbers nobody has to count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Stage, Track, legacy
from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.theme import Stroke

GAP = 0.07  # between panels, of the figure's height

go.Figure([go.Scatter()])  # with its first figure Plotly reads its schema: 30 ms, here where nobody waits for a picture


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One plot area: what its y axis shows and between which values."""

    title: str
    low: float
    high: float
    log: bool = False
    weight: float = 1.0  # of the height


@dataclass
class Canvas:
    """Panels from top to bottom over one x axis from `x_low` to `x_high`."""

    panels: Sequence[Panel]
    x_title: str
    x_symbol: str  # in the label under the pointer
    x_low: float
    x_high: float
    height: int
    traces: list[Any] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)

    def line(self, name: str, x: Pick, y: Pick, look: Stroke, panel: int = 0, **style: Any) -> None:
        """A curve whose points the picks give. `style` is Plotly's own, for what a panel's other curves do not have."""
        stroke = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
        self._add(name, x, y, panel, mode="lines", line=stroke, **style)

    def thin(self, name: str, x: Pick, y: Pick, look: Stroke, panel: int = 0) -> None:
        """A line that helps to read the others: a tangent, a probe. It does not answer to the pointer."""
        stroke = {"color": look.colour, "dash": look.dash, "width": 1.25, "simplify": False}
        self._add(name, x, y, panel, mode="lines", line=stroke, hoverinfo="skip")

    def dots(
        self,
        name: str,
        x: Pick,
        y: Pick,
        colour: str,
        panel: int = 0,
        size: float = 9,
        symbol: str = "circle",
        **style: Any,
    ) -> None:
        """A marker at each picked point."""
        marker = {"color": colour, "size": size, "symbol": symbol, "line": {"width": 1.5, "color": colour}}
        self._add(name, x, y, panel, mode="markers", marker=marker, **style)

    def _add(self, name: str, x: Pick, y: Pick, panel: int, **style: Any) -> None:
        number = len(self.traces)
        y_axis = "y" if panel == 0 else f"y{panel + 1}"
        style.setdefault("hovertemplate", "%{y:.3~g}" if "hoverinfo" not in style else None)
        self.traces.append(go.Scatter(name=name, xaxis="x", yaxis=y_axis, cliponaxis=True, **style))
        self.tracks += [Track(number, "x", x), Track(number, "y", y)]

    def stage(self, *, arrays: Mapping[str, np.ndarray], **story: Any) -> Stage:
        return legacy.stage(
            figure=go.Figure(self.traces, self._layout(), skip_invalid=False),
            templates={shade: theme.template(shade) for shade in ("light", "dark")},
            tracks=tuple(self.tracks),
            arrays=arrays,
            **story,
        )

    def _layout(self) -> dict[str, Any]:
        layout: dict[str, Any] = {
            "height": self.height,
            "autosize": True,
            "margin": {"l": 52, "r": 12, "t": 28, "b": 44},
            "showlegend": False,
            "hovermode": "x unified",
            "xaxis": {
                "title": {"text": self.x_title},
                "range": [self.x_low, self.x_high],
                "anchor": "y" if len(self.panels) == 1 else f"y{len(self.panels)}",
                "zeroline": True,
                "unifiedhovertitle": {"text": f"{self.x_symbol} = %{{x:.3~g}}"},
            },
            # A person's zoom outlives a new picture, as long as its axes mean the same.
            "uirevision": " / ".join([self.x_title, *(panel.title for panel in self.panels)]),
            "annotations": [],
        }
        weights = np.array([panel.weight for panel in self.panels])
        heights = (1 - GAP * (len(weights) - 1)) * weights / weights.sum()
        top = 1.0
        for number, (panel, height) in enumerate(zip(self.panels, heights, strict=True), start=1):
            bottom = max(0.0, top - float(height))
            layout["yaxis" if number == 1 else f"yaxis{number}"] = {
                "domain": [bottom, top],
                "range": [np.log10(panel.low), np.log10(panel.high)] if panel.log else [panel.low, panel.high],
                "type": "log" if panel.log else "linear",
                "exponentformat": "power",
                "nticks": 6,
            }
            layout["annotations"].append(
                {"text": panel.title, "x": 0, "y": top, "xref": "paper", "yref": "paper"}
                | {"xanchor": "left", "yanchor": "bottom", "xshift": 4, "showarrow": False}
            )
            top = bottom - GAP
        return layout
