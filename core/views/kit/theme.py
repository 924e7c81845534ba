"""Every colour, dash and font of the charts: the only file with a colour in it.

The hues are Okabe and Ito's (2008), told apart by colour-blind people, with yellow and black, which fail on one of the
two backgrounds, replaced by readable neighbours. Each keeps a contrast of 3:1 on both backgrounds. A record is known by
its hue and its dash together, which it names itself, and looks the same on every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from core.descent import MINIMISERS
from core.expression.typed_loss import ADDRESS_WORDS, LOOKS
from core.looks import free_look
from core.losses import FAMILIES, losses_of
from core.losses.loss import owner_of
from core.models.objectives import OBJECTIVES
from core.optimizers import OPTIMIZERS
from core.record import DASHES, HUES, Look

Mode = Literal["light", "dark"]

COLOURS = {  # of the hues that records name
    "blue": "#2684d6",
    "orange": "#d55e00",
    "green": "#00916a",
    "purple": "#cc5fa5",
    "amber": "#a97d00",
    "teal": "#0e8a9d",
    "red": "#d8434e",
    "slate": "#7d8792",
}
SERIES = tuple(COLOURS.values())  # of lines that no record names
BLUE, ORANGE, GREEN, PURPLE, AMBER, TEAL, RED, SLATE = SERIES
POINT_SYMBOLS = dict(
    zip(DASHES, ("circle", "square", "diamond", "triangle-up"), strict=True)
)  # a point's, beside a line's
NEUTRAL = SLATE  # points, probes and everything that is not a loss

INK = {"light": "#31333f", "dark": "#e6e8ec"}
QUIET = {"light": "#5f6672", "dark": "#a3abb8"}  # axis numbers and titles
GRID = {"light": "#e6e9ef", "dark": "#2b313c"}
ZERO = {"light": "#b9c0cc", "dark": "#4a5363"}
PAPER = {"light": "#ffffff", "dark": "#171b24"}  # of hover labels; the charts themselves are transparent
# Landscapes, from low to high: a valley is blue, and heights fade into the page, so that paths stand out on both.
HEIGHTS = {
    "light": ["#3f78b5", "#6ba0cf", "#9cc3e0", "#c9dfee", "#e8eef2", "#f7f4ee"],
    "dark": ["#4b8fd0", "#3b6fa8", "#2d5380", "#223d5e", "#1a2b44", "#141d2e"],
}
# The outline of a path on a landscape: 3:1 from every height, and from every hue. Where the page is dark it is light.
OUTLINE = {"light": "#111827", "dark": "#ffffff"}
LINES = {"light": "rgba(49, 51, 63, 0.35)", "dark": "rgba(230, 232, 236, 0.25)"}
LIGHTING = {"ambient": 0.7, "diffuse": 0.6, "specular": 0.15, "roughness": 0.6, "fresnel": 0.1}
LAMP = {"x": -2000, "y": -1000, "z": 8000}
FONT = "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Stroke:
    """The colour and the dash of a line."""

    colour: str
    dash: str = "solid"


def _mark(symbol: str, colour: str, size: float) -> dict[str, Any]:
    return {"symbol": symbol, "color": colour, "size": size, "line": {"width": 1, "color": "#ffffff"}}


# The mark from which descents begin: light within and dark without, to be seen on both.
START = {"symbol": "circle", "size": 15, "color": "rgba(255,255,255,0.45)", "line": {"width": 2.5, "color": "#111827"}}
DECISION = [[0.0, BLUE], [0.5, "#9aa3ad"], [1.0, ORANGE]]  # of a probability, from class 0 to class 1; drawn faintly
ARROW = RED  # of a direction that is not the step itself
CLASSES = ((BLUE, "circle"), (ORANGE, "diamond"))  # of data: colour and symbol of class 0 and 1
THREE_CLASSES = (*CLASSES, (GREEN, "square"))
SIGNS = "●◆■"  # of the three in a legend

# Of hard and easy positives, easy and hard negatives: what is easy is paler.
GROUPS = (f"{ORANGE}e0", f"{ORANGE}60", f"{BLUE}60", f"{BLUE}e0")
RIGHT, WRONG = GREEN, RED  # of what was decided well, and badly


@dataclass(frozen=True)
class OutcomeMark:
    """The mark of a prediction's outcome. The shape is the true class; filled is right, hollow is wrong."""

    sign: str  # in the legend
    says: str  # whether the prediction is right or wrong
    colour: str
    marker: Mapping[str, Any]


def _outcome(sign: str, says: str, symbol: str, colour: str, size: float, opacity: float = 1) -> OutcomeMark:
    line = {"width": 2 if symbol.endswith("-open") else 0, "color": colour}
    return OutcomeMark(
        sign, says, colour, {"symbol": symbol, "color": colour, "size": size, "opacity": opacity, "line": line}
    )


OUTCOMES = {  # in the order of a confusion matrix that is read by class
    "true positive": _outcome("◆", "right", "diamond", RIGHT, 9),
    "false negative": _outcome("◇", "wrong", "diamond-open", WRONG, 9),
    "false positive": _outcome("○", "wrong", "circle-open", WRONG, 6),
    "true negative": _outcome("●", "right", "circle", RIGHT, 6, 0.6),
}
PROBE = {"color": SLATE, "width": 1.5, "dash": "dash", "simplify": False}  # of where a person reads the picture off
CHEAPEST, BEST_F = "Cheapest", "Best F1"
BEST = {  # of thresholds that are best at something
    CHEAPEST: {"symbol": "diamond-open", "size": 10, "line": {"width": 2}},
    BEST_F: {"symbol": "star-open", "size": 12, "line": {"width": 2}},
}

# Training: the curves of the training and the validation set; marks of epochs.
SETS = {"train": Stroke(TEAL), "validation": Stroke(ORANGE, "dash")}
EPOCH_MARKS = {
    "best": _mark("star", RED, 13),
    "stop": _mark("square-x", PURPLE, 11),  # early
    "since": _mark("diamond", AMBER, 10),  # where a change begins
}

# Critical points of a landscape, told apart by their shape.
MARKS = {
    "minimum": _mark("circle", RED, 9),
    "saddle": _mark("x", AMBER, 8),
    "maximum": _mark("triangle-up", PURPLE, 10),
}


NOT_BLUE = tuple(hue for hue in HUES if hue != "blue")  # of optimizers: blue is the landscape they run on


@cache
def looks() -> Mapping[str, Look]:
    """The look of each record, by key: its own, or one that no record has with which it can share a picture."""
    pictures: list[tuple[Mapping[str, Any], tuple[str, ...]]] = [(losses_of(family), HUES) for family in FAMILIES]
    pictures += [(OBJECTIVES, HUES), ({**OPTIMIZERS, **MINIMISERS}, NOT_BLUE)]
    found = {key: own for records, _ in pictures for key, record in records.items() if (own := record.look)}
    for records, hues in pictures:
        for key in records:
            if key not in found:
                beside = {found[other] for others, _ in pictures if key in others for other in others if other in found}
                found[key] = free_look(key, hues, beside)
    return found | {word: LOOKS[family] for family, word in ADDRESS_WORDS.items()}


def look(record: object) -> Stroke:
    """The stroke of a record on every page: of a loss, objective, optimizer or minimiser also from its key."""
    own = getattr(record, "look", None) or looks()[owner_of(str(record))]
    return Stroke(COLOURS[own.hue], own.dash)


def head(of: Stroke) -> dict[str, Any]:
    """The marker of where a path has got to."""
    return {"color": of.colour, "size": 11, "line": {"width": 2, "color": "#ffffff"}}


def best(colour: str) -> dict[str, Any]:
    """The marker of what is best, seen also on a dot of the colour."""
    return {"symbol": "star", "color": "#ffffff", "size": 10, "line": {"width": 1.5, "color": colour}}


CLEAR = "rgba(0,0,0,0)"  # of a bar that is an outline alone


def open_diamond(colour: str) -> dict[str, Any]:
    """The marker of a second place, beside what is best."""
    return {"symbol": "diamond-open", "color": colour, "size": 10, "line": {"width": 2}}


def faint(colour: str) -> str:
    """The colour, mostly transparent."""
    return f"{colour}40"


def rising(colour: str) -> list[list[Any]]:
    """A colour scale from transparent at 0 to the colour at 1."""
    return [[0.0, f"{colour}00"], [1.0, colour]]


def diverging(low: str, high: str) -> list[list[Any]]:
    """A colour scale from one colour over transparent in the middle to the other."""
    return [[0.0, low], [0.5, f"{low}00"], [0.5, f"{high}00"], [1.0, high]]


def dots(colour: str, symbol: str) -> dict[str, Any]:
    """The marker of data points that may lie on a coloured landscape."""
    return {"color": colour, "size": 6, "symbol": symbol, "opacity": 0.9, "line": {"width": 0.7, "color": "#ffffff"}}


def template(mode: Mode) -> dict[str, Any]:
    """A Plotly template: transparent, so that the page's own background shows through."""
    axis = {
        "gridcolor": GRID[mode],
        "zerolinecolor": ZERO[mode],
        "linecolor": ZERO[mode],
        "zerolinewidth": 1,
        "automargin": False,
        "ticks": "",
        "tickfont": {"color": QUIET[mode], "size": 13},
        "title": {"font": {"color": QUIET[mode], "size": 13}, "standoff": 8},
    }
    steps = [[number / (len(HEIGHTS[mode]) - 1), colour] for number, colour in enumerate(HEIGHTS[mode])]
    heights = {"colorscale": steps, "autocolorscale": False}
    solid: dict[str, Any] = {"gridcolor": GRID[mode], "zerolinecolor": GRID[mode], "backgroundcolor": "rgba(0,0,0,0)"}
    solid |= {"color": QUIET[mode], "tickfont": {"size": 13}, "title": {"font": {"size": 13}}}
    hover = {"bgcolor": PAPER[mode], "bordercolor": ZERO[mode], "font": {"color": INK[mode], "family": FONT}}
    return {
        "data": {
            "contour": [heights | {"line": {"color": LINES[mode]}}],
            "mesh3d": [heights],
            # Of a line and an edge of a mark that have no colour of their own.
            "scatter": [{"line": {"color": OUTLINE[mode]}, "marker": {"line": {"color": OUTLINE[mode]}}}],
        },
        "layout": {
            "scene": {"xaxis": solid, "yaxis": solid, "zaxis": solid},
            "font": {"family": FONT, "size": 13, "color": INK[mode]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": hover,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "annotationdefaults": {"font": {"color": QUIET[mode], "size": 13}, "showarrow": False},
            "colorway": list(SERIES),
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": QUIET[mode], "activecolor": INK[mode]},
        },
    }
