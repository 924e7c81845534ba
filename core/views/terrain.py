"""A landscape as a picture: map, surface and two cross-sections, in every frame of its reels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.landscapes import Landscape
from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, Critical, critical_points, grid
from core.stage import Pick, Reading, Reel, Stage, Text, Track
from core.views import theme
from core.views.contract import listed
from core.views.theme import Look

SIZE = 61  # of the grid, along each side
TABLE = 101  # of the grid that is saved
X, Y = "x", "y"  # keys of the reels that move the point through which the ground is cut
ARROWS = 9  # along each side
ARROW = 0.055  # longest, of the window
LEVELS = 16  # contour lines from the lowest to the highest ground
FLOOR = 1e-4  # of the range: what a logarithmic scale shows as the lowest
STEEP = 12.0  # times: where the highest ground is so much higher than the middle, colours are logarithmic by themselves
HIGHEST = 98.0  # percent of the ground that a linear scale shows; what is higher has the last colour
ROW, CUT, GAP, EDGE = 330, 140, 62, 28  # pixels: heights of the rows, between them, and above the first


@dataclass(frozen=True, eq=False)
class Ground:
    """One landscape at every setting of a star of its reels: the first setting is the centre (`core.stage.Pick`)."""

    key: str
    landscape: Landscape
    look: Look
    star: tuple[str, ...]  # keys of the reels that it follows
    settings: Sequence[Mapping[str, float]]  # of its parameters

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return grid(self.landscape, SIZE)

    @cached_property
    def heights(self) -> np.ndarray:
        """[settings, y, x]"""
        return self.landscape.sweep(self.axes[2], self.settings)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Each parameter at every setting."""
        return {name: np.array([setting[name] for setting in self.settings]) for name in self.settings[0]}

    @cached_property
    def critical(self) -> Critical:
        x, y, _ = self.axes
        return critical_points(self.landscape, x, y, self.heights, self.params)

    def pick(self, array: str, *reels: str, across: str = "") -> Pick:
        return Pick(f"{self.key} {array}", reels, across=across, star=self.star)

    def marks(self, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, y and the numbers for the pointer [settings, points (, 6)] of this kind; NaN where a frame has fewer."""
        own = self.critical.take(np.flatnonzero(self.critical.kind == kind))
        counts = np.bincount(own.frame, minlength=len(self.settings))
        most = max(1, counts.max(initial=0))
        column = np.concatenate([np.arange(count) for count in counts]).astype(int)
        places = np.full((len(self.settings), most, 2), np.nan)
        places[own.frame, column] = own.points
        told = np.full((len(self.settings), most, 7), np.nan)
        directions = own.directions.reshape(-1, 4)
        told[own.frame, column] = np.column_stack([own.values, own.eigenvalues, directions])
        return places[..., 0], places[..., 1], told

    def lowest(self) -> dict[str, np.ndarray]:
        """Of the lowest minimum in each frame: where it is, how high, how sharp; NaN where there is none."""
        own = self.critical.take(np.flatnonzero(self.critical.kind == MINIMUM))
        first = np.unique(own.frame, return_index=True)[1]
        own = own.take(first)
        found = np.full((len(self.settings), 5), np.nan)
        flat, sharp = own.eigenvalues.T
        with np.errstate(divide="ignore", invalid="ignore"):
            found[own.frame] = np.column_stack([own.points, own.values, sharp, sharp / flat])
        return dict(zip(("at x", "at y", "lowest", "sharpness", "condition"), found.T, strict=True))

    def counts(self) -> dict[str, np.ndarray]:
        return {
            kind: np.bincount(self.critical.frame[self.critical.kind == kind], minlength=len(self.settings)).astype(
                float
            )
            for kind in (MINIMUM, SADDLE, MAXIMUM)
        }

    def arrows(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y [settings, points] of arrows that point downhill, longer where it is steeper; each ends in a gap."""
        span = np.array([np.ptp(ends) for ends in self.landscape.window])
        inner = np.linspace(0.5 / ARROWS, 1 - 0.5 / ARROWS, ARROWS)
        at = np.stack(np.meshgrid(inner, inner), axis=-1).reshape(-1, 2)
        low = np.array([ends[0] for ends in self.landscape.window])
        params = {name: values[:, None] for name, values in self.params.items()}
        downhill = -self.landscape.grad(low + at * span, **params) * span
        steep = np.linalg.norm(downhill, axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            length = ARROW * (steep / np.nanmax(steep)) ** 0.25
            run = np.where(steep > 0, downhill / steep, 0.0) * length
        tip, back = at + run, 0.35 * run
        side = np.stack([-back[..., 1], back[..., 0]], axis=-1) * 0.7
        base = np.broadcast_to(at, tip.shape)
        path = [base - run * 0.2, tip, tip - back + side, tip, tip - back - side, np.full_like(tip, np.nan)]
        drawn = low + np.stack(path, axis=-2).reshape(len(self.settings), -1, 2) * span
        return drawn[..., 0], drawn[..., 1]


@dataclass(frozen=True, eq=False)
class Scale:
    """How high ground is shown, the same in all frames: by its colour, on the surface and in the cross-sections.

    `alone` shows the heights themselves; of several landscapes each is shown from its lowest to its own highest ground,
    because the raw values of different losses are not comparable.
    """

    ground: Ground
    logarithmic: bool
    alone: bool

    @cached_property
    def shares(self) -> tuple[float, float]:
        """The lowest height, and how far above it the scale ends."""
        lowest, finite = lowest_of(self.ground), finite_of(self.ground)
        top = finite.max() if self.logarithmic else np.percentile(finite, HIGHEST)
        return lowest, float(top - lowest) or 1.0

    def shade(self, heights: np.ndarray) -> np.ndarray:
        lowest, extent = self.shares
        if self.alone and not self.logarithmic:
            return heights
        with np.errstate(invalid="ignore"):
            above = np.maximum(heights - lowest, 0.0) / (1.0 if self.alone else extent)
        return np.log10(above + FLOOR * (extent if self.alone else 1.0)) if self.logarithmic else above

    @property
    def ends(self) -> tuple[float, float]:
        lowest, extent = self.shares
        low, high = self.shade(np.array([lowest, lowest + extent]))
        return float(low), float(high)

    @property
    def ticks(self) -> dict[str, Any]:
        """For an axis of shades."""
        low, high = self.ends
        room = 0.03 * (high - low)
        found: dict[str, Any] = {"range": [low - room, high + room]}
        if self.logarithmic:
            powers = np.arange(np.ceil(low), np.floor(high) + 1)
            powers = powers[:: max(1, len(powers) // 4)]
            found |= {"tickvals": powers.tolist(), "ticktext": [f"10<sup>{power:g}</sup>" for power in powers]}
        elif not self.alone:
            found |= {"tickformat": ".0%"}
        return found


def finite_of(ground: Ground) -> np.ndarray:
    return ground.heights[np.isfinite(ground.heights)]


def lowest_of(ground: Ground) -> float:
    minima = ground.lowest()["lowest"]
    return float(min(finite_of(ground).min(), np.nanmin(minima) if np.isfinite(minima).any() else np.inf))


def steepness(ground: Ground) -> float:
    """How many times as high the highest ground is as the middle of it, both above the lowest."""
    above = finite_of(ground) - lowest_of(ground)
    return float(above.max() / (np.median(above) or 1.0))


def scales(grounds: Sequence[Ground], asked: str) -> tuple[list[Scale], str]:
    """A scale for each landscape, `auto`, `linear` or `log`, and a sentence that gives the reason."""
    times = max(map(steepness, grounds))
    logarithmic = asked == "log" or (asked == "auto" and times > STEEP)
    many = f"{times:,.0f}" if times < 1e6 else f"{times:.0e}"
    kind = "logarithmic" if logarithmic else "linear"
    reason = f"Colours are {kind}: the highest ground is {many} times as far above the lowest as the middle of it"
    own = "." if len(grounds) == 1 else "; each loss has its own, since raw values of different losses do not compare."
    return [Scale(ground, logarithmic, len(grounds) == 1) for ground in grounds], reason + own


POINTER = {
    MINIMUM: "minimum",
    SADDLE: "saddle point",
    MAXIMUM: "maximum",
}


@dataclass
class Picture:
    """Maps and surfaces of up to three landscapes beside each other, and below them two cross-sections for all."""

    scales: Sequence[Scale]
    shown: str  # map, surface or both
    traces: list[Any] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    narrow: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def grounds(self) -> list[Ground]:
        return [scale.ground for scale in self.scales]

    def draw(self) -> None:
        x, y, _ = self.grounds[0].axes
        self.arrays |= {
            "xs": x,
            "ys": y,
            "point x": x[:, None],
            "point y": y[:, None],
            "ends x": x[[0, -1]],
            "ends y": y[[0, -1]],
            "across": np.repeat(y[:, None], 2, axis=1),
            "along": np.repeat(x[:, None], 2, axis=1),
        }
        kinds = [kind for kind in ("map", "surface") if self.shown in (kind, "both")]
        for number, scale in enumerate(self.scales):
            self.keep(scale.ground, "height", scale.ground.heights)
            if self.shade == "shade":
                self.keep(scale.ground, "shade", scale.shade(scale.ground.heights))
            if "map" in kinds:
                self.map(scale, number)
            if "surface" in kinds:
                self.surface(scale, number)
            self.cuts(scale.ground)
        self.arrange(kinds)

    def keep(self, ground: Ground, name: str, array: np.ndarray) -> None:
        """An array [settings, ...] of a landscape; one that nothing moves has a single setting, and no axis for it."""
        self.arrays[f"{ground.key} {name}"] = array if ground.star else array[0]

    @property
    def shade(self) -> str:
        """The array that is shown: the heights themselves, where nothing is done to them."""
        return "height" if len(self.scales) == 1 and not self.scales[0].logarithmic else "shade"

    def map(self, scale: Scale, number: int) -> None:
        ground, (low, high) = scale.ground, scale.ends
        axes = {"xaxis": axis("x", number), "yaxis": axis("y", number)}
        levels = {"start": low, "end": high, "size": (high - low) / LEVELS, "coloring": "fill"}
        self.add(
            go.Contour(
                name=ground.landscape.name, contours=levels, autocontour=False, zmin=low, zmax=high, showscale=False,
                line={"width": 0.6}, hoverinfo="skip", **axes,
            ),
            x=Pick("xs"), y=Pick("ys"), z=ground.pick(self.shade),
        )  # fmt: skip
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
        for kind in (MINIMUM, SADDLE, MAXIMUM):
            if (ground.critical.kind == kind).any():
                self.mark(ground, kind, axes)

    def mark(self, ground: Ground, kind: str, axes: Mapping[str, str]) -> None:
        names = (f"{kind} x", f"{kind} y", f"{kind} told")
        for name, array in zip(names, ground.marks(kind), strict=True):
            self.keep(ground, name, array)
        about = (
            f"<b>{POINTER[kind]}</b> at (%{{x:.4~g}}, %{{y:.4~g}})<br>height %{{customdata[0]:.4~g}}"
            "<br>curvature %{customdata[2]:.4~g} along (%{customdata[5]:.2f}, %{customdata[6]:.2f})"
            "<br>curvature %{customdata[1]:.4~g} along (%{customdata[3]:.2f}, %{customdata[4]:.2f})<extra></extra>"
        )
        self.add(
            go.Scatter(name=kind, mode="markers", marker=theme.MARKS[kind], hovertemplate=about, **axes),
            x=ground.pick(names[0]), y=ground.pick(names[1]), customdata=ground.pick(names[2]),
        )  # fmt: skip

    def surface(self, scale: Scale, number: int) -> None:
        ground, (low, high) = scale.ground, scale.ends
        points = ground.axes[2]
        corner = (np.arange(SIZE - 1)[:, None] * SIZE + np.arange(SIZE - 1)).ravel()
        # Two triangles a cell. A mesh, because Plotly's own surface always refines its grid to 128 lines: 80 ms a frame.
        triangles = np.concatenate(
            [
                np.stack([corner, corner + 1, corner + SIZE], axis=-1),
                np.stack([corner + 1, corner + SIZE + 1, corner + SIZE], axis=-1),
            ]
        ).astype(np.int16)
        i, j, k = triangles.T
        self.arrays |= {"mesh x": points[..., 0], "mesh y": points[..., 1]}
        shades = ground.pick(self.shade)
        self.add(
            go.Mesh3d(
                name=ground.landscape.name, i=i, j=j, k=k, cmin=low, cmax=high, showscale=False, scene=scene(number),
                flatshading=False, lighting=theme.LIGHTING, lightposition=theme.LAMP, hoverinfo="skip",
            ),
            x=Pick("mesh x"), y=Pick("mesh y"), z=shades, intensity=shades,
        )  # fmt: skip

    def cuts(self, ground: Ground) -> None:
        shade, stroke = self.shade, {"color": ground.look.colour, "dash": ground.look.dash, "width": 2.5}
        stroke |= {"simplify": False}
        for panel, row, xs, point in (
            (0, {"reels": (Y,)}, "xs", Pick("point x", (X,))),
            (1, {"reels": (), "across": X}, "ys", Pick("point y", (Y,))),
        ):
            axes = {"xaxis": f"x{CUTS + panel}", "yaxis": f"y{CUTS + panel}"}
            across = str(row.get("across", ""))
            self.add(
                go.Scatter(
                    name=ground.landscape.name, mode="lines", line=stroke,
                    hovertemplate="%{customdata:.4~g}<extra>" + ground.landscape.name + "</extra>", **axes,
                ),
                x=Pick(xs),
                y=ground.pick(shade, *row["reels"], across=across),
                customdata=ground.pick("height", *row["reels"], across=across),
            )  # fmt: skip
            dot = {"color": ground.look.colour, "size": 9}
            self.add(
                go.Scatter(name="point", mode="markers", marker=dot, hoverinfo="skip", **axes),
                x=point, y=ground.pick(shade, Y, across=X),
            )  # fmt: skip

    def add(self, trace: Any, **picks: Pick) -> None:
        self.tracks += [Track(len(self.traces), attribute, pick) for attribute, pick in picks.items()]
        self.traces.append(trace)

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
            of = "" if len(self.scales) == 1 else ", of each loss's highest"
            text = f"Height along {first.axes[number]}, through the point{of}"
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
        return {
            scene(number): {
                "domain": box,
                "aspectmode": "manual",
                "aspectratio": {"x": 1, "y": 1, "z": 0.65},
                "camera": {"eye": {"x": -1.25, "y": -1.45, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.15}},
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


def point_reels(landscape: Landscape) -> tuple[Reel, Reel]:
    """The point through which the ground is cut, on the grid; it starts beside the first known minimum."""
    x, y, _ = grid(landscape, SIZE)
    start = landscape.minima[0] if landscape.minima else [np.mean(ends) for ends in landscape.window]
    return (
        Reel(key=X, label=f"Cut at {landscape.axes[0]}", values=x, start=int(np.argmin(np.abs(x - start[0])))),
        Reel(key=Y, label=f"Cut at {landscape.axes[1]}", values=y, start=int(np.argmin(np.abs(y - start[1])))),
    )


def star(reels: Sequence[Reel], names: Mapping[str, str], centre: Mapping[str, float]) -> list[dict[str, float]]:
    """The settings of a landscape's parameters in a star of these reels; `names` says whose parameter each is."""
    middle = {names[reel.key]: centre.get(reel.key, float(reel.values[reel.start])) for reel in reels}
    rays = [middle | {names[reel.key]: float(value)} for reel in reels for value in reel.values]
    return [middle, *rays]


def terrain(
    grounds: Sequence[Ground],
    *,
    shown: str,
    colour: str,
    reels: Sequence[Reel],
    centre: Mapping[str, float],
    about: str,
) -> Stage:
    """The stage of one to three landscapes over the same window."""
    own, reason = scales(grounds, colour)
    picture = Picture(own, shown)
    picture.draw()
    readings = []
    for ground in grounds:
        for name, array in (ground.lowest() | ground.counts()).items():
            picture.keep(ground, name, array)
        cells = [
            ground.pick("height", Y, across=X),
            *(ground.pick(name) for name in ("lowest", "sharpness", "condition")),
        ]
        readings.append(
            Reading(
                name=ground.landscape.name,
                colour=ground.look.colour,
                dash=ground.look.dash,
                cells=tuple(Text(template="{n}", slots={"n": cell}) for cell in cells),
            )
        )
    names = listed([ground.landscape.name for ground in grounds])
    return Stage(
        name=f"Landscape of {names}",
        alt=f"{about} Circles mark minima, crosses saddle points, triangles maxima; arrows point downhill. The table "
        "beside the picture gives the height at the point where the ground is cut, the lowest minimum, and how sharp "
        "and how lopsided the ground is there.",
        figure=go.Figure(picture.traces, picture.layout, skip_invalid=False),
        templates={shade: theme.template(shade) for shade in ("light", "dark")},
        tracks=tuple(picture.tracks),
        arrays=picture.arrays,
        reels=tuple(reels),
        notice=notice(grounds, reason),
        headings=("here", "lowest", "λ max", "κ"),
        readings=tuple(readings),
        table=lambda values: table(grounds, reels, values),
        centre=centre,
        narrow={name: part for name, part in picture.narrow.items() if part != picture.layout.get(name)},
    )


def notice(grounds: Sequence[Ground], reason: str) -> Text:
    """What the landscape has, or where each of several is lowest; and why its colours are as they are."""
    slots: dict[str, Any] = {}
    if len(grounds) == 1:
        (ground,) = grounds
        slots |= {"minima": ground.pick(MINIMUM), "saddles": ground.pick(SADDLE), "maxima": ground.pick(MAXIMUM)}
        said = "Minima in sight: {minima}, saddle points: {saddles}, maxima: {maxima}."
        if np.isfinite(ground.lowest()["condition"]).all():
            slots["times"] = ground.pick("condition")
            said += " At the lowest minimum the ground is {times} times as steep across as along."
    else:
        lowest = []
        for number, ground in enumerate(grounds):
            slots |= {f"x{number}": ground.pick("at x"), f"y{number}": ground.pick("at y")}
            lowest.append(f"{ground.landscape.name} at ({{x{number}}}, {{y{number}}})")
        said = f"The same data, other ground: the lowest point of {listed(lowest)}."
    missing = max(float(np.mean(~np.isfinite(ground.heights))) for ground in grounds)
    if missing:
        said += f" Where there is no colour ({100 * missing:.0f} % of it), a prediction leaves what the loss allows."
    return Text(template=f"{said} {reason}", slots=slots)


def table(grounds: Sequence[Ground], reels: Sequence[Reel], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The grid: a row a point, with the height of each landscape there."""
    _, _, points = grid(grounds[0].landscape, TABLE)
    names = grounds[0].landscape.axes
    columns = {names[0]: points[..., 0].ravel(), names[1]: points[..., 1].ravel()}
    by_key = {reel.key: reel for reel in reels}
    for ground in grounds:
        moved = {
            name: values[key]
            for key, name in zip(ground.star, _own_names(ground), strict=True)
            if key in values and values[key] != by_key[key].values[by_key[key].start]
        }
        heights = ground.landscape.sweep(points, [dict(ground.settings[0]) | moved])[0]
        columns[f"{ground.key} height"] = heights.ravel()
    return columns


def _own_names(ground: Ground) -> list[str]:
    """The parameter that each reel of the ground's star moves."""
    return [key.rpartition(".")[2] for key in ground.star]
