"""Landscapes drawn: maps with their critical points, surfaces, and two cross-sections."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE
from core.landscapes.on_grid import triangles
from core.stage import Live, Slider
from core.views.kit import theme
from core.views.kit.colour_scale import ColourScale
from core.views.kit.landscape_grid import LandscapeGrid
from core.views.kit.layout import EDGE, FOOT, GAP, Axis, Panel, Rows, Surface, axis, rows
from core.views.kit.plot import Plot, scatter
from core.views.kit.theme import Stroke

LEVELS = 16  # contour lines from the lowest to the highest colour
ROW, SMALL_ROW, SECTION = 330, 264, 140  # pixels: a row of two maps, of three, and of the cross-sections
BESIDE = 230  # the surface beside a single map, over the cross-sections
LARGE = BESIDE + GAP + SECTION  # that map
TWO_ROWS = 230  # a row of maps over a row of surfaces
APART = 0.09  # of the width, between two panels
PHONE, PHONE_SECTION = 300, 130
HEIGHT = EDGE + LARGE + FOOT  # of a picture of one landscape
CURVED = (
    "curvature %{customdata[2]:.4~g} along (%{customdata[5]:.2f}, %{customdata[6]:.2f})<br>"
    "curvature %{customdata[1]:.4~g} along (%{customdata[3]:.2f}, %{customdata[4]:.2f})"
)
SYMBOLS = {MINIMUM: ("●", "minimum"), SADDLE: ("✕", "saddle point"), MAXIMUM: ("▲", "maximum")}
HERE = "(%{x:.4~g}, %{y:.4~g})<br>loss %{customdata:.4~g}<extra></extra>"  # the loss, not its colour
KINK = "corner: the slope jumps here, so there is no curvature"
CAMERA = {"eye": {"x": -1.1, "y": -1.3, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}}


# --- on a map, of any picture ---


def window_axes(grid: LandscapeGrid, **style: Any) -> tuple[Axis, Axis]:
    """The two axes of a landscape's window."""
    names, ends = grid.landscape.axes, grid.landscape.window
    x, y = (axis(name, own, showgrid=False, **style) for name, own in zip(names, ends, strict=True))
    return x, y


def draw_contours(plot: Plot, panel: Panel, scale: ColourScale, opacity: float = 1.0) -> None:
    """The heights of a landscape as colours."""
    if plot.draft:  # the map that is on the screen stays
        plot.add(panel, {"type": "contour"})
        return
    grid, (low, high) = scale.grid, scale.ends
    x, y, _ = grid.axes
    levels = {"start": low, "end": high, "size": (high - low) / LEVELS, "coloring": "fill"}
    trace = {
        "type": "contour", "name": grid.landscape.name, "contours": levels, "autocontour": False, "zmin": low,
        "zmax": high, "showscale": False, "line": {"width": 0.6}, "hovertemplate": HERE, "opacity": opacity,
    }  # fmt: skip
    plot.add(panel, trace, x=x, y=y, z=grid.live(scale.shown), customdata=grid.live(grid.heights))


def draw_critical_points(plot: Plot, panel: Panel, grid: LandscapeGrid) -> None:
    """A mark at each minimum, saddle point and maximum, with its curvatures under the pointer."""
    for kind, kink in product((MINIMUM, SADDLE, MAXIMUM), (False, True)):
        if len(grid.marked(kind, kink=kink)):
            x, y, about = (grid.live(array) for array in grid.marks(kind, kink=kink))
            hover = f"<b>{kind}</b> at (%{{x:.4~g}}, %{{y:.4~g}})<br>loss %{{customdata[0]:.4~g}}<br>"
            hover += (KINK if kink else CURVED) + "<extra></extra>"
            trace = scatter(name=kind, mode="markers", marker=theme.MARKS[kind], hovertemplate=hover)
            plot.add(panel, trace, x=x, y=y, customdata=about)
            plot.explain(*SYMBOLS[kind], theme.MARKS[kind]["color"])


# --- the whole picture ---


class LandscapeFigure:
    """Maps and surfaces of up to three landscapes beside each other, and below them two cross-sections for all.

    shown: "map", "surface" or "both". point: the sliders of the point through which the cross-sections go.
    """

    def __init__(self, scales: Sequence[ColourScale], shown: str, point: tuple[Slider, Slider]) -> None:
        self.scales, self.shown, self.point = scales, shown, point
        height = LARGE if len(scales) == 1 else ROW if len(scales) == 2 else SMALL_ROW
        if len(scales) > 1 and shown == "both":
            height = TWO_ROWS
        first = window_axes(scales[0].grid)
        self.maps: list[Panel] = []
        for number, scale in enumerate(scales if shown != "surface" else ()):
            own = window_axes(scale.grid, matches=first[0]) if number else first
            x, y = (own[0], own[1] | {"matches": first[1], "title": {"text": ""}}) if number else own
            landscape = scale.grid.landscape
            self.maps.append(Panel(x, y, landscape.name, height, PHONE, equal=landscape.one_unit))
        self.surfaces = [
            Surface(self.scene(scale), self.surface_title(scale), min(height, BESIDE if self.maps else height), PHONE)
            for scale in (scales if shown != "map" else ())
        ]
        self.sections = [self.section(number) for number in (0, 1)]
        self.plot = Plot(self.layout(), left=52)
        for part in (self.draw_maps, self.draw_surfaces, self.draw_sections):
            part()

    def layout(self) -> Rows:
        """One landscape's map as large as can be, and the rest beside it. Of several the maps over the cross-sections;
        with surfaces the maps over the surfaces, and the cross-sections beside them, so that it is no higher."""
        if len(self.scales) > 1 and not (self.maps and self.surfaces):
            return rows([row for row in (self.maps or self.surfaces, self.sections) if row], between=APART)
        if len(self.scales) > 1:
            many = float(len(self.scales))
            own = rows([self.maps, self.surfaces], between=APART, width=many)
            return rows([[own, rows([[section] for section in self.sections], width=1.2)]], between=APART / 2)
        parts: list[Panel | Surface] = [*self.maps, *self.surfaces]
        large, others = parts[0], parts[1:]
        beside: list[list[Panel | Surface]]
        beside = [others, [*self.sections]] if others else [[section] for section in self.sections]
        return rows([[large, rows(beside, between=2 * APART)]], between=APART)

    def surface_title(self, scale: ColourScale) -> str:
        """The title of a surface; "" where the map above it has the name already."""
        return "" if self.shown == "both" and len(self.scales) > 1 else scale.grid.landscape.name

    def section(self, number: int) -> Panel:
        """The panel of a cross-section along an axis of the window."""
        landscape, scale = self.scales[0].grid.landscape, self.scales[0]
        x = axis(landscape.axes[number], landscape.window[number])
        title = f"Loss along {landscape.axes[number]}"
        beside = len(self.scales) > 1 and self.maps and self.shown == "both"
        height = TWO_ROWS if beside else SECTION
        return Panel(x, axis(**scale.ticks) | {"nticks": 4}, title, height, PHONE_SECTION)

    def scene(self, scale: ColourScale) -> dict[str, Any]:
        """A surface's axes and camera; where it is too small for words, the maps name the axes."""
        landscape = scale.grid.landscape
        names = landscape.axes if len(self.scales) == 1 and not self.maps else ("", "")
        plain = {"showspikes": False, "nticks": 4}
        flat = {
            f"{letter}axis": plain | {"title": {"text": name}, "range": list(ends)}
            for letter, name, ends in zip("xy", names, landscape.window, strict=True)
        }
        upright = {"zaxis": plain | {"title": {"text": ""}} | scale.ticks}
        return flat | upright | {
            "aspectmode": "manual", "aspectratio": {"x": 1, "y": 1, "z": 0.65}, "camera": CAMERA,
        }  # fmt: skip

    def draw_maps(self) -> None:
        """Colours, arrows downhill, the lines of the cross-sections, a path where there is one, critical points."""
        thin, x, y = Stroke(theme.NEUTRAL, "dot"), *self.point
        for panel, scale in zip(self.maps, self.scales, strict=False):
            grid, ((left, right), (low, high)) = scale.grid, scale.grid.landscape.window
            draw_contours(self.plot, panel, scale)
            across, up = (grid.live(array) for array in grid.arrows())
            grey = Stroke(theme.NEUTRAL)
            self.plot.line(panel, "downhill", across, up, grey, width=1, opacity=0.75, hoverinfo="skip")
            self.plot.explain("→", "downhill")
            level, upright = (Live(np.repeat(slider.values[:, None], 2, axis=1), slider) for slider in (y, x))
            self.plot.drag(self.plot.thin(panel, "cut", [left, right], level, thin), y=y)
            self.plot.drag(self.plot.thin(panel, "cut", upright, [low, high], thin), x=x)
            self.plot.explain("····", "the two slices")
            if grid.path is not None:
                along, beside = grid.path.T
                self.plot.path(panel, "training path", along, beside, Stroke(theme.RED), width=2, hoverinfo="skip")
                self.plot.explain("—", "path of the training")
            draw_critical_points(self.plot, panel, grid)

    def draw_surfaces(self) -> None:
        for panel, scale in zip(self.surfaces, self.scales, strict=False):
            grid, (low, high) = scale.grid, scale.ends
            points, (i, j, k) = grid.axes[2], triangles(grid.size)
            trace = go.Mesh3d(
                name=grid.landscape.name, i=i, j=j, k=k, cmin=low, cmax=high, showscale=False, flatshading=False,
                lighting=theme.LIGHTING, lightposition=theme.LAMP, hovertemplate=HERE,
            )  # fmt: skip
            x, y, shown = points[..., 0], points[..., 1], grid.live(scale.shown)
            self.plot.add(panel, trace, x=x, y=y, z=shown, intensity=shown, customdata=grid.live(grid.heights))

    def draw_sections(self) -> None:
        """The heights along either line, and a dot where the lines cross."""
        x, y = self.point
        if not self.scales[0].raw:
            self.plot.explain("100 %", "the highest loss on the map")
        elif self.scales[0].logarithmic:
            self.plot.explain("10ⁿ", "the loss above the lowest one")
        for scale in self.scales:
            grid, look = scale.grid, scale.grid.look
            hover = "%{customdata:.4~g}<extra>" + grid.landscape.name + "</extra>"
            here = grid.live(scale.shown, y, across=x)
            for panel, slider, stops, picks in zip(
                self.sections, (x, y), grid.axes[:2], ({"along": y}, {"across": x}), strict=True
            ):
                by = [picks["along"]] if "along" in picks else []
                shown, heights = (
                    grid.live(array, *by, across=picks.get("across")) for array in (scale.shown, grid.heights)
                )
                stroke = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
                curve = go.Scatter(name=grid.landscape.name, mode="lines", line=stroke, hovertemplate=hover)
                self.plot.add(panel, curve, x=stops, y=shown, customdata=heights)
                dot = {"color": look.colour, "size": 9}
                at = Live(slider.values[:, None], slider)
                self.plot.drag(self.plot.marks(panel, "point", at, here, dot, hoverinfo="skip"), x=slider)
