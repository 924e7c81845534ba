"""The picture of where a loss comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.models.objectives import OBJECTIVES
from core.numerics import sigmoid
from core.stage import Reading
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.class_imbalance.decisions import on
from core.views.class_imbalance.experiment import Experiment
from core.views.class_imbalance.loss_shares import GROUPS, MARGINS, loss_shares
from core.views.kit import theme
from core.views.kit.panels import EDGE, FOOT, GAP, Box, laid_out
from core.views.kit.sheet import Sheet
from core.views.kit.view import listed

THICK, APART = 0.3, 0.36  # of a bar, and between the two of a loss, where losses are 1 apart
ROW, LOW_ROW = 330, 260  # pixels, on a wide page and on a phone
LEAST, MOST = 1e-3, 1e3  # of how much an example counts: what the picture shows
SEAMS = ((0.0, 0.29), (0.37, 0.66), (0.74, 1.0))  # the ends of the panels beside each other, of the width
TITLES = ("Share of the loss", "Share of the gradient", "Weight of an example")


def keys_of_colours() -> tuple[str, str]:
    """What each colour of the bars is, as Plotly writes it: one class under either panel, with room for no more."""
    squares = [f'<span style="color:{colour}">■</span>' for colour in theme.GROUPS]
    hard, easy, right, wrong = squares
    return f"{hard} hard, {easy} easy positives", f"{right} easy, {wrong} hard negatives"


class Sources(Sheet):
    """Two bars a loss in each of two panels, and how much each loss makes of an example."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment = experiment

    def draw(self) -> None:
        self.arrays["p"] = sigmoid(MARGINS)
        for number, key in enumerate(self.experiment.losses):
            settings, lanes = self.experiment.settings, self.experiment.lanes(key)
            found = [loss_shares(settings, share, key, params) for share, params in lanes]
            parts = [np.stack([getattr(one, name) for one in found]) for name in ("loss", "gradient")]
            for panel in (0, 1):
                self.bars(key, number, panel, parts[panel])
            self.told(key, *parts)
            self.weights(key, np.stack([one.weight for one in found]))
        self.place()

    def keep(self, key: str, name: str, array: np.ndarray) -> Pick:
        star = self.experiment.star_of(key)
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

    def told(self, key: str, loss: np.ndarray, gradient: np.ndarray) -> None:
        """What is said in numbers, percent, of parts [lanes, 2, groups]."""
        for name, parts in {
            "loss before": loss[:, 0, :2], "loss after": loss[:, 1, :2], "gradient after": gradient[:, 1, :2],
            "easy negatives": loss[:, 1, 2:3],
        }.items():  # fmt: skip
            self.keep(key, name, 100 * parts.sum(axis=-1))

    def weights(self, key: str, ratio: np.ndarray) -> None:
        look, name = theme.look(key), OBJECTIVES[key].short
        drawn = np.where(ratio > 0, ratio, np.nan)  # the axis is logarithmic
        for label, said in enumerate(("negative", "positive")):
            stroke = {"color": look.colour, "dash": look.dash, "width": 1.25 + 1.75 * label, "simplify": False}
            hover = f"%{{y:.3~g}} times at σ = %{{x:.3~g}}<extra>{name}, {said}</extra>"
            self.add(
                go.Scatter(name=name, mode="lines", line=stroke, hovertemplate=hover, **on(2)),
                x=Pick("p"), y=self.keep(key, f"weight {label}", drawn[:, label]),
            )  # fmt: skip

    def place(self) -> None:
        names = [OBJECTIVES[key].short for key in self.experiment.losses]
        part = {"range": [0, 1], "tickformat": ".0%", "zeroline": False, "nticks": 6}
        bars = {
            "y": {
                "range": [len(names) - 0.15, -0.3], "zeroline": False, "showgrid": False,
                "tickvals": [number + at + THICK / 2 for number in range(len(names)) for at in (0, APART)],
                "ticktext": ["before", "after"] * len(names),
            },
        }  # fmt: skip
        first, second = (bars | {"x": part | {"title": {"text": key}}} for key in keys_of_colours())
        ends = [float(np.log10(LEAST)), float(np.log10(MOST))]
        axes = [first, second, {
            "x": part | {"title": {"text": "σ(score for the true class)"}},
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


def corners(low: Any, high: Any, *, up: bool = False) -> np.ndarray:
    """One coordinate of a rectangle's corners, and the gap after it: [..., 6]."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    round_it = [low, high, high, low, low] if up else [low, low, high, high, low]
    return np.stack([*round_it, np.full_like(low, np.nan)], axis=-1)


def readings(picture: Sources) -> tuple[Reading, ...]:
    """What the positives have of each loss and of its gradient."""
    rows = []
    for key in picture.experiment.losses:
        look, star = theme.look(key), picture.experiment.star_of(key)
        cells = [
            Text(template="{n} %", slots={"n": Pick(f"{key} {name}", star=star)})
            if summed(key) or name == "gradient after"
            else Text(template="–")
            for name in ("loss before", "loss after", "gradient after")
        ]
        rows.append(Reading(name=OBJECTIVES[key].short, colour=look.colour, dash=look.dash, cells=tuple(cells)))
    return tuple(rows)


def summed(key: str) -> bool:
    """Whether the loss is a mean over examples, each with a part in it."""
    return OBJECTIVES[key].per_example_of is not None


def notice(picture: Sources) -> Text:
    """What the positives and the easy negatives make of each loss."""
    slots: dict[str, Pick | Words] = {}
    told = []
    for number, key in enumerate(filter(summed, picture.experiment.losses)):
        star = picture.experiment.star_of(key)
        slots[f"p{number}"], slots[f"n{number}"] = (
            Pick(f"{key} {name}", star=star) for name in ("loss after", "easy negatives")
        )
        slots[f"told{number}"] = Words(
            (
                f"{{p{number}}} % of {OBJECTIVES[key].short} (easy negatives {{n{number}}} %)",
                f"no share of {OBJECTIVES[key].short} (nothing to learn from)",
                f"no share of {OBJECTIVES[key].short} (the loss is 0)",
            ),
            pick=Pick(f"{key} state", star=star),
        )
        before, after = (picture.arrays[f"{key} loss {when}"] for when in ("before", "after"))
        picture.arrays[f"{key} state"] = np.where(np.isnan(before), 1.0, np.where(np.isnan(after), 2.0, 0.0))
        told.append(f"{{told{number}}}")
    whole = [OBJECTIVES[key].short for key in picture.experiment.losses if not summed(key)]
    said = [f"After training the positives make up {listed(told)}."] * bool(told)
    said += [f"{listed(whole)} {'is' if len(whole) == 1 else 'are'} one number for the whole batch: no example has a "
    f"share."
             ] * bool(whole)  # fmt: skip
    return Text(template=" ".join(said), slots=slots)
