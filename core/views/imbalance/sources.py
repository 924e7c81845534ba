"""Where a loss comes from: which examples make it up, before training and after, and how each loss weighs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.models.classifier import Fit
from core.models.objectives import OBJECTIVES, Objective
from core.numerics import sigmoid, softplus
from core.stage import Pick, Reading, Text, Words
from core.views import theme
from core.views.contract import listed
from core.views.imbalance.decisions import on
from core.views.imbalance.scene import Scene
from core.views.imbalance.trial import Params, Trial, scores, trained
from core.views.panels import EDGE, FOOT, GAP, Box, laid_out
from core.views.sheet import Sheet

GROUPS = ("hard positives", "easy positives", "easy negatives", "hard negatives")
ABOUT = "Easy: the true class is given more than half. Before training every score is 0, and nothing is easy."
THICK, APART = 0.3, 0.36  # of a bar, and between the two of a loss, where losses are 1 apart
ROW, LOW_ROW = 330, 260  # pixels, on a wide page and on a phone
MARGINS = np.linspace(-6.0, 6.0, 121)  # scores for the true class
LEAST, MOST = 1e-3, 1e3  # of how much an example counts: what the picture shows
TITLES = ("Share of the loss", "Share of the pull (gradient)", "Weight of an example")


@dataclass(frozen=True, eq=False)
class Origin:
    """The shares of a loss and of its pull that each of GROUPS has: [2, groups], before training and after.

    `weight` [2, margins] is an example's loss over its cross-entropy, for a negative and for a positive. NaN where the
    examples of a loss have no loss of their own, or where there was nothing to learn.
    """

    loss: np.ndarray
    pull: np.ndarray
    weight: np.ndarray


@lru_cache(maxsize=1024)
def origin(scene: Scene, share: float, key: str, params: Params) -> Origin:
    """Of the half that is learned from. Before training every score is 0."""
    fit, half = trained(scene, share, key, params), scene.halves(share).train
    if not isinstance(fit, Fit):
        lost = np.full((2, len(GROUPS)), np.nan)
        return Origin(lost, lost, np.full((2, len(MARGINS)), np.nan))
    objective, parts = OBJECTIVES[key], []
    for score in (np.zeros(len(half)), scores(scene, share, fit, half.features)):
        right = (2 * half.target - 1) * score > 0
        positive = half.target == 1
        members = np.stack([positive & ~right, positive & right, ~positive & right, ~positive & ~right])
        each = objective.each(score, half.target, **dict(params))
        pull = np.abs(objective.slope(score, half.target, **dict(params)))
        parts.append((shares(members, np.full(len(half), np.nan) if each is None else each), shares(members, pull)))
    losses, pulls = zip(*parts, strict=True)
    return Origin(
        np.stack(losses), np.stack(pulls), weight(objective, objective.formula_params(half.target, dict(params)))
    )


def weight(objective: Objective, params: Mapping[str, float]) -> np.ndarray:
    """What an example counts at each margin, times what it counts under cross-entropy: [2, margins]."""
    if objective.each_of is None:
        return np.full((2, len(MARGINS)), np.nan)
    found = [
        objective.each_of((2 * label - 1) * MARGINS, np.full(len(MARGINS), label), **params) for label in (0.0, 1.0)
    ]
    return np.stack(found) / softplus(-MARGINS)


def shares(members: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """The share of the sum of `parts` [n] that each group [groups, n] has; NaN of nothing."""
    total = parts.sum()
    return members @ parts / total if total > 0 else np.full(len(members), np.nan)


def key_of_colours() -> str:
    """What each colour of the bars is, as Plotly writes it."""
    squares = [f'<span style="color:{colour}">■</span>' for colour in theme.GROUPS]
    return "{} hard, {} easy positives; {} easy, {} hard negatives".format(*squares)


class Sources(Sheet):
    """Two bars a loss in each of two panels, and how much each loss makes of an example."""

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self.trial = trial

    def draw(self) -> None:
        self.arrays["p"] = sigmoid(MARGINS)
        for number, key in enumerate(self.trial.losses):
            found = [origin(self.trial.scene, share, key, params) for share, params in self.trial.lanes(key)]
            for panel, name in enumerate(("loss", "pull")):
                self.bars(key, number, panel, np.stack([getattr(one, name) for one in found]))
            self.weights(key, np.stack([one.weight for one in found]))
        self.place()

    def keep(self, key: str, name: str, array: np.ndarray) -> Pick:
        star = self.trial.star_of(key)
        self.arrays[f"{key} {name}"] = array if star else array[0]
        return Pick(f"{key} {name}", star=star)

    def bars(self, key: str, number: int, panel: int, parts: np.ndarray) -> None:
        """The bars of a loss, from parts [lanes, 2, groups] that add up to 1."""
        ends = np.cumsum(np.concatenate([np.zeros((*parts.shape[:2], 1)), parts], axis=-1), axis=-1)
        tops = np.array([number, number + APART])
        self.arrays[f"{number} up"] = np.concatenate([corners(top, top + THICK, up=True) for top in tops])
        name = OBJECTIVES[key].short
        for group, (label, colour) in enumerate(zip(GROUPS, theme.GROUPS, strict=True)):
            x = np.concatenate([corners(ends[:, bar, group], ends[:, bar, group + 1]) for bar in (0, 1)], axis=-1)
            self.add(
                go.Scatter(
                    name=label, mode="lines", fill="toself", fillcolor=colour, hoveron="fills", text=f"{name}: {label}",
                    hoverinfo="text", line={"width": 0, "color": colour, "simplify": False}, **on(panel),
                ),
                x=self.keep(key, f"{panel} {group}", x), y=Pick(f"{number} up"),
            )  # fmt: skip
            self.keep(key, f"{panel} {group} part", 100 * parts[:, 1, group])
        self.keep(key, f"{panel} before", 100 * parts[:, 0, :2].sum(axis=-1))
        self.keep(key, f"{panel} after", 100 * parts[:, 1, :2].sum(axis=-1))

    def weights(self, key: str, ratio: np.ndarray) -> None:
        look, name = theme.look(key), OBJECTIVES[key].short
        drawn = np.where(ratio > 0, ratio, np.nan)  # the axis is logarithmic
        for label, said in enumerate(("negative", "positive")):
            stroke = {"color": look.colour, "dash": look.dash, "width": 1.25 + 1.75 * label, "simplify": False}
            hover = f"%{{y:.3~g}} times at %{{x:.3~g}}<extra>{name}, {said}</extra>"
            self.add(
                go.Scatter(name=name, mode="lines", line=stroke, hovertemplate=hover, **on(2)),
                x=Pick("p"), y=self.keep(key, f"weight {label}", drawn[:, label]),
            )  # fmt: skip

    def place(self) -> None:
        names = [OBJECTIVES[key].short for key in self.trial.losses]
        part = {"range": [0, 1], "tickformat": ".0%", "zeroline": False, "nticks": 6}
        bar = {
            "x": part | {"title": {"text": key_of_colours()}},
            "y": {
                "range": [len(names) - 0.15, -0.3], "zeroline": False, "showgrid": False,
                "tickvals": [number + at + THICK / 2 for number in range(len(names)) for at in (0, APART)],
                "ticktext": ["before", "after"] * len(names),
            },
        }  # fmt: skip
        ends = [float(np.log10(LEAST)), float(np.log10(MOST))]
        axes = [bar, bar, {
            "x": part | {"title": {"text": "probability given to the true class"}},
            "y": {"type": "log", "range": ends, "exponentformat": "power", "nticks": 7, "zeroline": False,
                  "title": {"text": "times cross-entropy"}},
        }]  # fmt: skip
        wide = [
            Box(at + 1, at + 1, left, right, EDGE, EDGE + ROW, TITLES[at]) for at, (left, right) in enumerate(SEAMS)
        ]
        rows = [EDGE + at * (LOW_ROW + GAP) for at in range(3)]
        tall = [Box(at + 1, at + 1, 0.0, 1.0, top, top + LOW_ROW, TITLES[at]) for at, top in enumerate(rows)]
        revision = f"sources {len(names)}"
        self.layout, self.narrow = (
            laid_out(boxes, boxes[-1].bottom + FOOT, lambda box: axes[box.x - 1], revision) for boxes in (wide, tall)
        )
        for panel in (0, 1):
            for number, name in enumerate(names):
                told = {"text": name, "x": 0, "y": number, "xref": on(panel)["xaxis"], "yref": on(panel)["yaxis"],
                        "xanchor": "left", "yanchor": "bottom", "showarrow": False}  # fmt: skip
                self.layout["annotations"].append(told)
                self.narrow["annotations"].append(told)


def table(trial: Trial) -> dict[str, np.ndarray]:
    """A row for each loss, before training and after, and group: its share of the loss and of the pull."""
    rows = []
    for key in trial.losses:
        share, params = trial.lanes(key)[0]
        found = origin(trial.scene, share, key, params)
        for at, when in enumerate(("before", "after")):
            rows += [(key, when, *parts) for parts in zip(GROUPS, found.loss[at], found.pull[at], strict=True)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return dict(zip(("loss", "training", "examples", "share of the loss", "share of the pull"), columns, strict=True))


SEAMS = ((0.0, 0.29), (0.37, 0.66), (0.74, 1.0))  # the ends of the panels beside each other, of the width


def corners(low: Any, high: Any, *, up: bool = False) -> np.ndarray:
    """One coordinate of a rectangle's corners, and the gap after it: [..., 6]."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    round_it = [low, high, high, low, low] if up else [low, low, high, high, low]
    return np.stack([*round_it, np.full_like(low, np.nan)], axis=-1)


def readings(picture: Sources) -> tuple[Reading, ...]:
    """What the positives have of each loss and of its pull."""
    rows = []
    for key in picture.trial.losses:
        look, star = theme.look(key), picture.trial.star_of(key)
        cells = [
            Text(template="{n} %", slots={"n": Pick(f"{key} {name}", star=star)})
            if summed(key) or name == "1 after"
            else Text(template="–")
            for name in ("0 before", "0 after", "1 after")
        ]
        rows.append(Reading(name=OBJECTIVES[key].short, colour=look.colour, dash=look.dash, cells=tuple(cells)))
    return tuple(rows)


def summed(key: str) -> bool:
    """Whether the loss is a mean over examples, each with a part in it."""
    return OBJECTIVES[key].each_of is not None


def notice(picture: Sources) -> Text:
    """What the positives and the easy negatives make of each loss."""
    slots: dict[str, Pick | Words] = {}
    told = []
    for number, key in enumerate(filter(summed, picture.trial.losses)):
        star = picture.trial.star_of(key)
        slots[f"p{number}"], slots[f"n{number}"] = Pick(f"{key} 0 after", star=star), Pick(f"{key} 0 2 part", star=star)
        told.append(f"{{p{number}}} % of {OBJECTIVES[key].short} (easy negatives {{n{number}}} %)")
    whole = [OBJECTIVES[key].short for key in picture.trial.losses if not summed(key)]
    said = [f"After training the positives make up {listed(told)}."] * bool(told)
    said += [f"{listed(whole)} {'is' if len(whole) == 1 else 'are'} one number for all examples: none has a part in it."
             ] * bool(whole)  # fmt: skip
    return Text(template=" ".join(said), slots=slots)


def table(trial: Trial) -> dict[str, np.ndarray]:
    """A row for each loss, before training and after, and group: its share of the loss and of the pull."""
    rows = []
    for key in trial.losses:
        share, params = trial.lanes(key)[0]
        found = origin(trial.scene, share, key, params)
        for at, when in enumerate(("before", "after")):
            rows += [(key, when, *parts) for parts in zip(GROUPS, found.loss[at], found.pull[at], strict=True)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return dict(zip(("loss", "training", "examples", "share of the loss", "share of the pull"), columns, strict=True))


SEAMS = ((0.0, 0.29), (0.37, 0.66), (0.74, 1.0))  # the ends of the panels beside each other, of the width


def corners(low: Any, high: Any, *, up: bool = False) -> np.ndarray:
    """One coordinate of a rectangle's corners, and the gap after it: [..., 6]."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    round_it = [low, high, high, low, low] if up else [low, low, high, high, low]
    return np.stack([*round_it, np.full_like(low, np.nan)], axis=-1)


def readings(picture: Sources) -> tuple[Reading, ...]:
    """What the positives have of each loss and of its pull."""
    rows = []
    for key in picture.trial.losses:
        look, star = theme.look(key), picture.trial.star_of(key)
        cells = [
            Text(template="{n} %", slots={"n": Pick(f"{key} {name}", star=star)})
            for name in ("0 before", "0 after", "1 after")
        ]
        rows.append(Reading(name=OBJECTIVES[key].short, colour=look.colour, dash=look.dash, cells=tuple(cells)))
    return tuple(rows)


def notice(picture: Sources) -> Text:
    """What the positives and the easy negatives make of each loss."""
    slots: dict[str, Pick | Words] = {}
    positives, easy = [], []
    for number, key in enumerate(picture.trial.losses):
        name, star = OBJECTIVES[key].short, picture.trial.star_of(key)
        slots[f"p{number}"], slots[f"n{number}"] = Pick(f"{key} 0 after", star=star), Pick(f"{key} 0 2 part", star=star)
        positives.append(f"{{p{number}}} % of {name}")
        easy.append(f"{{n{number}}} %")
    return Text(
        template=f"After training the positives make up {listed(positives)}; the easy negatives {listed(easy)}.",
        slots=slots,
    )
