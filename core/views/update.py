"""One update taken apart: what an optimizer makes of a gradient, step by step, as arrows and as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.optimizers import OPTIMIZERS
from core.optimizers.worked import worked
from core.stage import Aim, Pick, Reading, Stage, Text
from core.views import theme
from core.views.controls import BETA, RATE, STEP, X, Y, kept
from core.views.panels import EDGE, FOOT, GAP, Box, laid_out
from core.views.race import Race
from core.views.relief import Picture
from core.views.shades import scales

ROW = 430  # pixels
CLOSE = {"xaxis": "x2", "yaxis": "y2"}
REACH, HEAD = 1.3, 0.14  # of the close-up: from its middle to its edge, and an arrow's head
STEP_SYMBOL = r"\Delta x"
UPHILL = "g"
# How symbols are written outside a formula, and which of the quantities are directions that an arrow can show.
WRITTEN = {
    r"\Delta x": "Δx, the step", "g": "g, the gradient", r"\hat m": "m̂", r"\hat v": "v̂", r"v^{\max}": "v max",
    r"\delta": "δ", r"\eta": "η, the rate",
}  # fmt: skip
ARROWS = {UPHILL: ("downhill, −g", "dot"), "m": ("average, −m", "dash"), "c": ("average, −c", "dash")}
VELOCITY = ("velocity, −v", "dash")


@dataclass(frozen=True, eq=False)
class Update:
    """The run of one optimizer with every quantity of every update: arrays [lanes, updates, 2]."""

    race: Race

    @property
    def key(self) -> str:
        return self.race.optimizers[0]

    @cached_property
    def terms(self) -> dict[str, np.ndarray]:
        """By LaTeX symbol, in the order of the formula. The recorded gradients are gone through once more."""
        race, run = self.race, self.race.run
        rule = race.runner.optimizers[self.key]
        params = self.params
        points, seen = run.points[:, 0], run.seen[:, 0]
        state, found = rule.init(points[0]), []
        with np.errstate(all="ignore"):
            for x, gradient in zip(points, seen, strict=False):
                found.append(rule.terms(x, gradient, state, **params))
                state = rule.step(x, gradient, state, **params)[1]
        return {
            symbol: np.stack([np.broadcast_to(terms[symbol], points[0].shape) for terms in found], axis=1)
            for symbol in found[0]
        }

    @property
    def params(self) -> dict[str, np.ndarray]:
        found = self.race.settings
        own = {kept(self.key): found[BETA]} if kept(self.key) else {}
        return {RATE: found[RATE][0]} | own

    def worked(self, values: Mapping[str, float], axis: int) -> str:
        """The formula of the update at these values of the reels with its numbers in it, along one axis: LaTeX."""
        race = self.race
        lane = race.lane(self.key, values)
        step = int(values.get(STEP, race.reel(STEP).values[race.reel(STEP).start]))
        points = race.run.points[:, 0, lane, axis]

        def at(update: int) -> dict[str, float]:
            return {symbol: float(terms[lane, update, axis]) for symbol, terms in self.terms.items()}

        now = at(step) | {"x": float(points[step + 1])}
        before = (at(step - 1) if step else dict.fromkeys(now, 0.0)) | {"x": float(points[step])}
        params = {name: float(numbers[lane]) for name, numbers in self.params.items()}
        return worked(race.runner.optimizers[self.key].formula_at(**params), before, now, step + 1)

    @property
    def arrows(self) -> dict[str, tuple[str, str]]:
        """Those of the quantities that are directions: a name and a dash for each."""
        found = {symbol: ARROWS[symbol] for symbol in self.terms if symbol in ARROWS}
        if "v" in self.terms and "m" not in self.terms:  # beside averages m, v is one of squares
            found["v"] = VELOCITY
        return found


def taken_apart(race: Race) -> Stage:
    """The stage of a race of one: its map with the arrows of one update, and a close-up of them."""
    update, look = Update(race), theme.look(race.optimizers[0])
    (scale,), _ = scales([race.ground], "auto", comparable=True)
    picture = Picture([scale], "map")
    picture.sides()
    axes = {"xaxis": "x", "yaxis": "y"}
    picture.contour(scale, axes, 0.75)
    picture.marks(race.ground, axes)
    star = race.star_of(update.key)
    points = np.moveaxis(race.run.points[:, 0], 0, 1)  # [lanes, updates + 1, 2]
    here, there = points[:, :-1], points[:, 1:]
    span = np.array([np.ptp(ends) for ends in race.arena.landscape.window])
    grown = {"star": star, "grow": STEP}
    at = {"reels": (STEP,), "star": star}
    arrays: dict[str, np.ndarray] = {"path x": here[..., 0], "path y": here[..., 1]}
    line = {"color": look.colour, "width": 1.5, "simplify": False}
    name = OPTIMIZERS[update.key].name
    skip = {"hoverinfo": "skip"}
    picture.add(go.Scatter(name="path so far", mode="lines", line=line, opacity=0.7, **axes, **skip),
                x=Pick("path x", **grown), y=Pick("path y", **grown))  # fmt: skip
    # On the map the step is as long as it is, and the others are long enough to see; close up all are of one length.
    drawn = {STEP_SYMBOL: (here, there, look.colour, "solid", f"step of {name}")}
    for symbol, (label, dash) in update.arrows.items():
        direction = unit(-update.terms[symbol], span) * span
        drawn[symbol] = (here, here + SHORT * direction, theme.ARROW, dash, label)
    for number, (symbol, (begin, end, colour, dash, label)) in enumerate(drawn.items()):
        tips = arrow(begin, end, span, HEAD / 4)
        with np.errstate(all="ignore"):
            close = arrow(np.zeros_like(begin), unit(end - begin, span), np.ones(2), HEAD)
        stroke = {"color": colour, "width": 3 if symbol == STEP_SYMBOL else 2, "dash": dash, "simplify": False}
        for where, shape in ((axes, tips), (CLOSE, close)):
            prefix = f"{number} {'map' if where is axes else 'close'}"
            arrays[f"{prefix} x"], arrays[f"{prefix} y"] = shape[..., 0], shape[..., 1]
            picture.add(go.Scatter(name=label, mode="lines", line=stroke, **where, **skip),
                        x=Pick(f"{prefix} x", **at), y=Pick(f"{prefix} y", **at))  # fmt: skip
    head = {"color": look.colour, "size": 11, "line": {"width": 2, "color": "#ffffff"}}
    picture.add(go.Scatter(name=name, mode="markers", marker=head, **axes, **skip),
                x=Pick("path x", **at), y=Pick("path y", **at))  # fmt: skip
    arrays |= {"start x": race.starts[:, 0], "start y": race.starts[:, 1]}
    aimed = len(picture.traces)
    picture.add(go.Scatter(name="start", mode="markers", marker=theme.START, **axes, **skip),
                x=Pick("start x", star=(X, Y)), y=Pick("start y", star=(X, Y)))  # fmt: skip
    arrange(picture, race)
    readings = []
    for number, (symbol, values) in enumerate(update.terms.items()):
        for axis, letter in enumerate("xy"):
            arrays[f"term {number} {letter}"] = values[..., axis]
        dash = drawn[symbol][3] if symbol in drawn else "none"
        colour = drawn[symbol][2] if symbol in drawn else theme.NEUTRAL
        cells = tuple(Text(template="{n}", slots={"n": Pick(f"term {number} {letter}", **at)}) for letter in "xy")
        readings.append(Reading(name=WRITTEN.get(symbol, symbol), colour=colour, dash=dash, cells=cells))
    return Stage(
        name=f"One update of {name}",
        alt=f"{race.arena.about} The path of {name} up to the chosen step, with the step it takes there, the way "
        "downhill and what it remembers of earlier gradients as arrows: on the map, and close up at one length. The "
        "table beside the picture gives every quantity of the update along both axes.",
        figure=go.Figure(picture.traces, picture.layout, skip_invalid=False),
        templates={shade: theme.template(shade) for shade in ("light", "dark")},
        tracks=tuple(picture.tracks),
        arrays=picture.arrays | arrays | told(update),
        reels=race.reels,
        notice=notice(at),
        headings=race.arena.landscape.axes,
        readings=tuple(readings),
        table=lambda values: table(update, values),
        centre=race.centre,
        narrow={part: own for part, own in picture.narrow.items() if own != picture.layout.get(part)},
        aim=Aim(aimed, (X, Y)),
    )


SHORT = 0.12  # of the window: an arrow on the map that only shows a direction


def unit(vectors: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Directions [..., 2] of length 1 as the picture shows them, where a window's sides are alike; 0 for none."""
    with np.errstate(all="ignore"):
        scaled = vectors / span
        length = np.hypot(scaled[..., 0], scaled[..., 1])[..., None]
        return np.where(length > 0, scaled / length, 0.0)


def arrow(begin: np.ndarray, end: np.ndarray, span: np.ndarray, head: float) -> np.ndarray:
    """A line from begin to end [..., 2] with a head, at most `head` spans or half of it long: [..., 6, 2]."""
    with np.errstate(all="ignore"):
        run = (end - begin) / span
        length = np.hypot(run[..., 0], run[..., 1])[..., None]
        back = np.where(length > 0, run / length, 0.0) * np.minimum(head, length / 2)
        side = np.stack([-back[..., 1], back[..., 0]], axis=-1) * 0.55
        gap = np.full_like(end, np.nan)
        shape = np.stack([begin, end, end + (side - back) * span, gap, end, end - (side + back) * span], axis=-2)
        return np.where(np.isfinite(shape), shape, np.nan)


def told(update: Update) -> dict[str, np.ndarray]:
    """How the step compares with going straight downhill: its length, and the angle between the two in degrees."""
    step, down = update.terms[STEP_SYMBOL], -update.terms[UPHILL]
    with np.errstate(all="ignore"):
        long, slope = (np.hypot(vectors[..., 0], vectors[..., 1]) for vectors in (step, down))
        cosine = np.sum(step / long[..., None] * down / slope[..., None], axis=-1)
        angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return {"step length": long, "slope": slope, "angle": angle}


def notice(at: Mapping[str, Any]) -> Text:
    slots = {"length": Pick("step length", **at), "slope": Pick("slope", **at), "angle": Pick("angle", **at)}
    return Text(
        template="The slope is {slope} here; the step is {length} long and turns {angle}° from straight downhill.",
        slots=slots,
    )


def table(update: Update, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each update, at the released values: the point, then every quantity along both axes."""
    lane = update.race.lane(update.key, values)
    points, axes = update.race.run.points[:-1, 0, lane], update.race.arena.landscape.axes
    columns = {"step": np.arange(len(points)), axes[0]: points[:, 0], axes[1]: points[:, 1]}
    for symbol, terms in update.terms.items():
        for number, axis in enumerate(axes):
            columns[f"{WRITTEN.get(symbol, symbol).partition(',')[0]} along {axis}"] = terms[lane, :, number]
    return columns


def arrange(picture: Picture, race: Race) -> None:
    landscape = race.arena.landscape
    plain = {"zeroline": False, "nticks": 6, "showgrid": False}
    ground = {
        letter: plain | {"title": {"text": name}, "range": list(ends)}
        for letter, name, ends in zip("xy", landscape.axes, landscape.window, strict=True)
    }
    near = plain | {"range": [-REACH, REACH], "showticklabels": False, "zeroline": True}

    axes = {1: ground, 2: {"x": near, "y": near | {"scaleanchor": "x2"}}}

    def arranged(boxes: list[Box], total: float) -> dict[str, Any]:
        return laid_out(boxes, total, lambda box: axes[box.x], " / ".join([landscape.name, *landscape.axes]))

    titles = landscape.name, "Close up: the arrows at one length"
    picture.layout = arranged(
        [Box(1, 1, 0.0, 0.56, EDGE, EDGE + ROW, titles[0]), Box(2, 2, 0.62, 1.0, EDGE, EDGE + ROW, titles[1])],
        EDGE + ROW + FOOT,
    )
    top = EDGE + 300 + GAP
    picture.narrow = arranged(
        [Box(1, 1, 0.0, 1.0, EDGE, EDGE + 300, titles[0]), Box(2, 2, 0.0, 1.0, top, top + 240, titles[1])],
        top + 240 + FOOT,
    )
