"""The picture of one update: its arrows on the map, and close up at one length."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.optimizers import OPTIMIZERS
from core.stage import Handle, Reading, Stage
from core.stage.legacy import OldText as Text
from core.stage.legacy import Pick
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import X, Y
from core.views.gradient_descent.update import STEP_SYMBOL, Update, plain, update
from core.views.kit import theme
from core.views.kit.colour_scale import ColourScale as Scale
from core.views.kit.colour_scale import scales
from core.views.kit.old_landscape_figure import Picture
from core.views.kit.panels import laid_out, pair
from core.views.kit.theme import Stroke

ROW, TALL, TALL_CLOSE = 430, 300, 240  # pixels: heights on a wide page, and on a phone
FADE = 0.75  # of the ground
MAP, CLOSE = {"xaxis": "x", "yaxis": "y"}, {"xaxis": "x2", "yaxis": "y2"}
SHORT = 0.12  # of the window: an arrow on the map that only shows a direction
REACH, HEAD = 1.3, 0.14  # of the close-up, whose arrows are 1 long: from its middle to its edge, and an arrow's head
ON_MAP = 0.035  # of the window: an arrow's head on the map


class CloseUp(Picture):
    """The map with the path up to an update, and the arrows of the update there and beside it."""

    def __init__(self, update: Update, scale: Scale) -> None:
        super().__init__([scale], "map")
        self.update, self.race = update, update.race
        self.look = theme.look(update.key)

    def draw(self) -> None:
        self.sides()
        self.contour(self.scales[0], MAP, FADE)
        self.marks(self.race.ground, MAP)
        points = np.moveaxis(self.race.run.points[:, 0, :, :], 0, 1)[:, :-1]  # [lanes, updates, 2]
        starts = self.race.starts
        self.arrays |= {"path x": points[..., 0], "path y": points[..., 1]}
        self.arrays |= {"start x": starts[:, 0], "start y": starts[:, 1]}
        key = self.update.key
        line = {"color": self.look.colour, "width": 1.5, "simplify": False}
        self.add(
            go.Scatter(name="path so far", mode="lines", line=line, opacity=0.7, hoverinfo="skip", **MAP),
            x=self.race.up_to_step(key, "path x"),
            y=self.race.up_to_step(key, "path y"),
        )
        for symbol, (label, look) in self.drawn.items():
            self.arrow(symbol, label, look, points)
        name = OPTIMIZERS[key].name
        self.add(
            go.Scatter(name=name, mode="markers", marker=theme.head(self.look), hoverinfo="skip", **MAP),
            x=self.race.at_step(key, "path x"),
            y=self.race.at_step(key, "path y"),
        )
        self.aimed = len(self.traces)
        self.add(
            go.Scatter(name="start", mode="markers", marker=theme.START, hoverinfo="skip", **MAP),
            x=Pick("start x", star=(X, Y)),
            y=Pick("start y", star=(X, Y)),
        )
        self.place()

    @property
    def drawn(self) -> dict[str, tuple[str, Stroke]]:
        """The quantities that are arrows: a name and a look for each."""
        found = {STEP_SYMBOL: (f"step of {OPTIMIZERS[self.update.key].name}", Stroke(self.look.colour))}
        return found | {
            symbol: (name, Stroke(theme.ARROW, dash)) for symbol, (name, dash) in self.update.arrows.items()
        }

    def arrow(self, symbol: str, label: str, look: Stroke, points: np.ndarray) -> None:
        """On the map the step is as long as it is, and the others as long as can be seen; close up all are alike."""
        span = np.array([np.ptp(ends) for ends in self.race.arena.landscape.window])
        vectors = self.update.terms[symbol] if symbol == STEP_SYMBOL else -self.update.terms[symbol]
        direction = unit(vectors, span)
        long = vectors if symbol == STEP_SYMBOL else SHORT * direction * span
        with np.errstate(all="ignore"):
            shapes = (MAP, arrow(points, points + long, span, ON_MAP)), (
                CLOSE, arrow(np.zeros_like(points), direction, np.ones(2), HEAD)
            )  # fmt: skip
        line = {"color": look.colour, "dash": look.dash, "width": 3 if symbol == STEP_SYMBOL else 2, "simplify": False}
        for axes, shape in shapes:
            names = [f"{label} {axes[f'{letter}axis']}" for letter in "xy"]
            self.arrays |= {name: shape[..., number] for number, name in enumerate(names)}
            x, y = (self.race.at_step(self.update.key, name) for name in names)
            self.add(go.Scatter(name=label, mode="lines", line=line, hoverinfo="skip", **axes), x=x, y=y)

    def readings(self) -> tuple[Reading, ...]:
        """Every quantity along both axes, with the stroke of its arrow."""
        rows = []
        for symbol, values in self.update.terms.items():
            cells = []
            for axis, letter in enumerate("xy"):
                self.arrays[f"{symbol} {letter}"] = values[..., axis]
                cells.append(
                    Text(template="{n}", slots={"n": self.race.at_step(self.update.key, f"{symbol} {letter}")})
                )
            look = self.drawn[symbol][1] if symbol in self.drawn else Stroke(theme.NEUTRAL, "none")
            shown = f"{plain(symbol)} (arrow: −{symbol})" if symbol in self.update.arrows else plain(symbol)
            rows.append(Reading(name=shown, colour=look.colour, dash=look.dash, cells=tuple(cells)))
        return tuple(rows)

    def notice(self) -> Text:
        self.arrays |= self.update.compared()
        slots = {name: self.race.at_step(self.update.key, name) for name in ("slope", "length", "angle")}
        return Text(
            template="The gradient norm is {slope} here. The step is {length} long, at {angle}° to the negative "
            "gradient.",
            slots=slots,
        )

    def place(self) -> None:
        landscape = self.race.arena.landscape
        bare: dict[str, Any] = {"zeroline": False, "nticks": 6, "showgrid": False}
        near = bare | {"range": [-REACH, REACH], "showticklabels": False, "zeroline": True}
        axes: dict[int, dict[str, dict[str, Any]]] = {
            1: {
                letter: bare | {"title": {"text": name}, "range": list(ends)}
                for letter, name, ends in zip("xy", landscape.axes, landscape.window, strict=True)
            },
            2: {"x": near, "y": near | {"scaleanchor": "x2"}},
        }
        titles = landscape.name, "Enlarged: all arrows at one length"

        revision = " / ".join([landscape.name, *landscape.axes])
        self.layout, self.narrow = (
            laid_out(boxes, total, lambda box: axes[box.x], revision)
            for boxes, total in pair(titles, (ROW, TALL, TALL_CLOSE), (0.56, 0.62))
        )


def taken_apart(race: Race) -> Stage:
    """The stage of a race of one, with every quantity of the update at the step that is shown."""
    shown = update(race)
    (scale,), _ = scales([race.ground], "auto", comparable=True)
    picture = CloseUp(shown, scale)
    picture.draw()
    readings, notice = picture.readings(), picture.notice()
    name = OPTIMIZERS[shown.key].name
    return picture.stage(
        name=f"One update of {name}",
        alt=f"{race.arena.about} The path of {name} up to the chosen step, and arrows for the step there, the "
        "negative gradient and the averages of earlier gradients: on the map, and enlarged at one length. The table "
        "beside the picture gives every quantity of the update along both axes.",
        sliders=race.sliders,
        summary=notice,
        headings=race.arena.landscape.axes,
        readings=readings,
        table=shown.table,
        centre=race.centre,
        handle=Handle(picture.aimed, (X, Y)),
    )


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
