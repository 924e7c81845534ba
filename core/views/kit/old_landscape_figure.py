# mypy: ignore-errors
"""The figure of one to three landscapes: maps, surfaces and two cross-sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE
from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.colour_scale import ColourScale as Scale
from core.views.kit.landscape_grid import OldGrid as Ground
from core.views.kit.landscape_grid import X, Y
from core.views.kit.sheet import Sheet

LEVELS = 16  # contour lines from the lowest to the highest ground
ROW, CUT, GAP, EDGE = 330, 140, 62, 28  # pixels: heights of the rows, between them, and above the first
CURVED = (
    "curvature %{customdata[2]:.4~g} along (%{customdata[5]:.2f}, %{customdata[6]:.2f})<br>"
    "curvature %{customdata[1]:.4~g} along (%{customdata[3]:.2f}, %{customdata[4]:.2f})"
)
HERE = "(%{x:.4~g}, %{y:.4~g})<br>loss %{customdata:.4~g}<extra></extra>"  # not its shade, which may be a logarithm
KINK = "corner: the slope jumps here, so there is no curvature"


@dataclass
class Picture(Sheet):
    """Maps and surfaces of up to three landscapes beside each other, and below them two cross-sections for all."""

    scales: Sequence[Scale]
    shown: str  # map, surface or both

    @property
    def grounds(self) -> list[Ground]:
        return [scale.grid for scale in self.scales]

    def draw(self) -> None:
        x, y = self.sides()
        self.arrays |= {
            "point x": x[:, None],
            "point y": y[:, None],
            "ends x": x[[0, -1]],
            "ends y": y[[0, -1]],
            "across": np.repeat(y[:, None], 2, axis=1),
            "along": np.repeat(x[:, None], 2, axis=1),
        }
        kinds = [kind for kind in ("map", "surface") if self.shown in (kind, "both")]
        for number, scale in enumerate(self.scales):
            if "map" in kinds:
                self.map(scale, number)
            if "surface" in kinds:
                self.surface(scale, number)
            self.cuts(scale.grid)
        self.arrange(kinds)

    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """The grid's values of x and y, kept with the heights over it."""
        x, y, _ = self.grounds[0].axes
        self.arrays |= {"xs": x, "ys": y}
        for scale in self.scales:
            self.keep(scale.grid, "height", scale.grid.heights)
            if self.shade == "shade":
                self.keep(scale.grid, "shade", scale.shown)
        return x, y

    def keep(self, ground: Ground, name: str, array: np.ndarray) -> None:
        """An array [settings, ...] of a landscape; one that nothing moves has a single setting, and no axis for it."""
        self.arrays[f"{ground.key} {name}"] = array if ground.star else array[0]

    @property
    def shade(self) -> str:
        """The array that is shown: the heights themselves, where nothing is done to them."""
        return "height" if self.scales[0].raw and not self.scales[0].logarithmic else "shade"

    def map(self, scale: Scale, number: int) -> None:
        ground: Ground = scale.grid  # type: ignore[assignment]
        axes = {"xaxis": axis("x", number), "yaxis": axis("y", number)}
        self.contour(scale, axes)
        for name, array in zip(("arrow x", "arrow y"), ground.arrows(), strict=True):
            self.keep(ground, name, array)
        arrows = {"color": theme.NEUTRAL, "width": 1, "simplify": False}
        self.add(
            go.Scatter(name="downhill", mode="lines", line=arrows, opacity=0.75, hoverinfo="skip", **axes),
            x=ground.pick("arrow x"), y=ground.pick("arrow y"),
        )  # fmt: skip
        thin = {"color": theme.NEUTRAL, "width": 1.25, "dash": "dot", "simplify": False}
        for name, xs, ys in (
            ("cut", Pick("ends x"), Pick("across", (Y,))),
            ("cut", Pick("along", (X,)), Pick("ends y")),
        ):
            self.add(go.Scatter(name=name, mode="lines", line=thin, hoverinfo="skip", **axes), x=xs, y=ys)
        if ground.path is not None:
            self.arrays[f"{ground.key} path x"], self.arrays[f"{ground.key} path y"] = ground.path.T
            walk = {"color": theme.RED, "width": 2, "simplify": False}
            self.add(
                go.Scatter(name="training path", mode="lines", line=walk, hoverinfo="skip", **axes),
                x=Pick(f"{ground.key} path x"),
                y=Pick(f"{ground.key} path y"),
            )
        self.marks(ground, axes)

    def contour(self, scale: Scale, axes: Mapping[str, str], opacity: float = 1.0) -> None:
        ground, (low, high) = scale.grid, scale.ends
        levels = {"start": low, "end": high, "size": (high - low) / LEVELS, "coloring": "fill"}
        self.add(
            go.Contour(
                name=ground.landscape.name, contours=levels, autocontour=False, zmin=low, zmax=high, showscale=False,
                line={"width": 0.6}, hovertemplate=HERE, opacity=opacity, **axes,
            ),
            x=Pick("xs"), y=Pick("ys"), z=ground.pick(self.shade), customdata=ground.pick("height"),
        )  # fmt: skip

    def marks(self, ground: Ground, axes: Mapping[str, str]) -> None:
        for kind, kink in product((MINIMUM, SADDLE, MAXIMUM), (False, True)):
            if len(ground.marked(kind, kink=kink)):
                self.mark(ground, kind, kink, axes)

    def mark(self, ground: Ground, kind: str, kink: bool, axes: Mapping[str, str]) -> None:
        names = [f"{kind}{' at a kink' if kink else ''} {part}" for part in ("x", "y", "told")]
        for name, array in zip(names, ground.marks(kind, kink=kink), strict=True):
            self.keep(ground, name, array)
        about = f"<b>{kind}</b> at (%{{x:.4~g}}, %{{y:.4~g}})<br>loss %{{customdata[0]:.4~g}}<br>"
        about += KINK if kink else CURVED
        self.add(
            go.Scatter(
                name=kind, mode="markers", marker=theme.MARKS[kind], hovertemplate=about + "<extra></extra>", **axes
            ),
            x=ground.pick(names[0]), y=ground.pick(names[1]), customdata=ground.pick(names[2]),
        )  # fmt: skip

    def surface(self, scale: Scale, number: int) -> None:
        ground, (low, high) = scale.grid, scale.ends
        points = ground.axes[2]
        size = ground.size
        corner = (np.arange(size - 1)[:, None] * size + np.arange(size - 1)).ravel()
        # Two triangles a cell. A mesh, because Plotly's own surface refines every grid to 128 lines: 80 ms a frame.
        triangles = np.concatenate(
            [
                np.stack([corner, corner + 1, corner + size], axis=-1),
                np.stack([corner + 1, corner + size + 1, corner + size], axis=-1),
            ]
        ).astype(np.int16)
        i, j, k = triangles.T
        self.arrays |= {"mesh x": points[..., 0], "mesh y": points[..., 1]}
        shades = ground.pick(self.shade)
        self.add(
            go.Mesh3d(
                name=ground.landscape.name, i=i, j=j, k=k, cmin=low, cmax=high, showscale=False, scene=scene(number),
                flatshading=False, lighting=theme.LIGHTING, lightposition=theme.LAMP, hovertemplate=HERE,
            ),
            x=Pick("mesh x"), y=Pick("mesh y"), z=shades, intensity=shades, customdata=ground.pick("height"),
        )  # fmt: skip

    def cuts(self, ground: Ground) -> None:
        shade, stroke = self.shade, {"color": ground.look.colour, "dash": ground.look.dash, "width": 2.5}
        stroke |= {"simplify": False}
        for panel, row, xs, point in (
            (0, {"sliders": (Y,)}, "xs", Pick("point x", (X,))),
            (1, {"sliders": (), "across": X}, "ys", Pick("point y", (Y,))),
        ):
            axes = {"xaxis": f"x{CUTS + panel}", "yaxis": f"y{CUTS + panel}"}
            across = str(row.get("across", ""))
            self.add(
                go.Scatter(
                    name=ground.landscape.name, mode="lines", line=stroke,
                    hovertemplate="%{customdata:.4~g}<extra>" + ground.landscape.name + "</extra>", **axes,
                ),
                x=Pick(xs),
                y=ground.pick(shade, *row["sliders"], across=across),
                customdata=ground.pick("height", *row["sliders"], across=across),
            )  # fmt: skip
            dot = {"color": ground.look.colour, "size": 9}
            self.add(
                go.Scatter(name="point", mode="markers", marker=dot, hoverinfo="skip", **axes),
                x=point, y=ground.pick(shade, Y, across=X),
            )  # fmt: skip

    def arrange(self, kinds: Sequence[str]) -> None:
        """Where everything stands: on a wide page maps beside each other, on a phone one below the other."""
        alone = len(self.grounds) == 1
        wide = [[(kind, number) for number in range(len(self.grounds))] for kind in kinds]
        if alone:
            wide = [[(kind, 0) for kind in kinds]]
        tall = [[(kind, number)] for kind in kinds for number in range(len(self.grounds))]
        row = ROW if len(self.grounds) < 3 else round(0.8 * ROW)
        self.layout = self.placed([*((parts, row) for parts in wide), ([("cut", 0), ("cut", 1)], CUT)])
        self.narrow = self.placed([*((parts, 300) for parts in tall), ([("cut", 0)], 130), ([("cut", 1)], 130)])

    def placed(self, rows: Sequence[tuple[Sequence[tuple[str, int]], int]]) -> dict[str, Any]:
        first = self.grounds[0].landscape
        total = EDGE + sum(height + GAP for _, height in rows)
        layout: dict[str, Any] = {
            "height": total, "autosize": True, "margin": {"l": 52, "r": 12, "t": EDGE, "b": 44}, "showlegend": False,
            "hovermode": "closest", "annotations": [], "uirevision": " / ".join([first.name, *first.axes, *self.shown]),
        }  # fmt: skip
        inside = total - EDGE - 44
        top = 1.0
        for parts, height in rows:
            bottom = max(0.0, top - height / inside)
            width = (1 - 0.09 * (len(parts) - 1)) / len(parts)
            for column, (kind, number) in enumerate(parts):
                left = column * (width + 0.09)
                box = {"x": [left, min(1.0, left + width)], "y": [bottom, top]}
                layout |= getattr(self, f"{kind}_layout")(number, box)
                layout["annotations"].append(self.title(kind, number, left, top))
            top = bottom - GAP / inside
        return layout

    def title(self, kind: str, number: int, left: float, top: float) -> dict[str, Any]:
        first = self.grounds[0].landscape
        if kind == "cut":
            scale = self.scales[0]
            how = (" above the lowest" if scale.logarithmic else "") if scale.raw else ", share of the highest"
            text = f"Loss along {first.axes[number]}{how}"
        elif kind == "surface" and self.shown == "both" and len(self.scales) > 1:
            text = ""
        else:
            text = self.grounds[number].landscape.name
        return {"text": text, "x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left"} | {
            "yanchor": "bottom", "xshift": 2, "showarrow": False,
        }  # fmt: skip

    def map_layout(self, number: int, box: Mapping[str, list[float]]) -> dict[str, Any]:
        (x_low, x_high), (y_low, y_high) = self.grounds[number].landscape.window
        names = self.grounds[number].landscape.axes
        own = {"zeroline": False, "showgrid": False, "nticks": 6}
        match = {"x": {"matches": "x"}, "y": {"matches": "y"}} if number else {"x": {}, "y": {}}
        title = {letter: {"title": {"text": name}} for letter, name in zip("xy", names, strict=True)}
        if number:
            title["y"] = {}
        return {
            f"xaxis{number + 1 if number else ''}": own | match["x"] | title["x"]
            | {"domain": box["x"], "anchor": axis("y", number), "range": [x_low, x_high]},
            f"yaxis{number + 1 if number else ''}": own | match["y"] | title["y"]
            | {"domain": box["y"], "anchor": axis("x", number), "range": [y_low, y_high]},
        }  # fmt: skip

    def surface_layout(self, number: int, box: Mapping[str, list[float]]) -> dict[str, Any]:
        names = self.grounds[number].landscape.axes
        (x_ends, y_ends) = self.grounds[number].landscape.window
        plain = {"showspikes": False, "nticks": 4}
        if len(self.scales) > 1:  # too small for words: the maps above have the same axes
            names = ("", "")
        return {
            scene(number): {
                "domain": box,
                "aspectmode": "manual",
                "aspectratio": {"x": 1, "y": 1, "z": 0.65},
                "camera": {"eye": {"x": -1.1, "y": -1.3, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}},
                "xaxis": plain | {"title": {"text": names[0]}, "range": list(x_ends)},
                "yaxis": plain | {"title": {"text": names[1]}, "range": list(y_ends)},
                "zaxis": plain | {"title": {"text": ""}} | self.scales[number].ticks,
            }
        }

    def cut_layout(self, number: int, box: Mapping[str, list[float]]) -> dict[str, Any]:
        first = self.grounds[0].landscape
        ends = first.window[number]
        return {
            f"xaxis{CUTS + number}": {
                "domain": box["x"], "anchor": f"y{CUTS + number}", "range": list(ends), "nticks": 6,
                "title": {"text": first.axes[number]}, "zeroline": False,
            },
            f"yaxis{CUTS + number}": {
                "domain": box["y"], "anchor": f"x{CUTS + number}", "nticks": 4, "zeroline": False,
            } | self.scales[0].ticks,
        }  # fmt: skip


CUTS = 11  # number of the first cross-section's axes: those of the maps come before


def axis(letter: str, number: int) -> str:
    return f"{letter}{number + 1 if number else ''}"


def scene(number: int) -> str:
    return f"scene{number + 1 if number else ''}"
