"""A predicted box that descends under several losses side by side, from one start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import BOX_LOSSES
from core.models.box_descent import descend_box, edges_of, iou_of
from core.models.imbalance.data import even_ratios
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Task, Text, Words
from core.views.boxes_and_masks.box.plane import (
    PREDICTED,
    TRUE,
    draw_box,
    draw_truth,
    losses_param,
    placed,
    placed_sliders,
    plane_panel,
)
from core.views.boxes_and_masks.box.texts import DESCENT, box_cards
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.loss_sliders import loss_sliders
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.kit.view import View

ROW, GAP, PHONE, PHONE_CURVE = 156, 34, 120, 150  # pixels
MOST = 6  # losses
WIDTHS = {1: 0.45, 2: 0.6, 3: 0.7}  # of all planes, by how many stand in a row
STEPS, EVERY = 200, 5  # of a descent, and between two frames: an odd number shows boxes that jump to and fro
REACHED = 0.9  # an IoU that is called found
RATES = even_ratios(0.03, 3.0, 13)
RATE = Slider(name="rate", label="Learning rate", values=RATES, start=6, recomputed=True)
STEP = Slider(name="step", label="Step", values=np.arange(0.0, STEPS + 1, EVERY), start=0, kind="timeline")
START = (2.0, 5.5, 1.0, 1.4)


@dataclass(frozen=True, eq=False)
class BoxDescents:
    """The picture of a descent under each of some losses."""

    losses: Sequence[str]

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The time, the learning rate, the start, each loss's own parameters."""
        own = [one for key in self.losses for one in loss_sliders(BOX_LOSSES[key], most=7, recomputed=True)]
        return (STEP, RATE, *placed_sliders(START, every=2), *own)

    def stage(self, centre: Mapping[str, float], *, draft: bool = False) -> Stage:
        return DescentFigure(BoxRaces(self.losses, self.moved(centre, draft=draft)), draft=draft).stage(self)

    def draft(self, centre: Mapping[str, float]) -> Stage:
        return self.stage(centre, draft=True)

    def moved(self, centre: Mapping[str, float], *, draft: bool) -> Sweep:
        """The sweep around these released values, or in a draft the run at them alone."""
        sliders = tuple(one.around(one.at(centre)) if one.continuous else one for one in self.sliders[1:])
        return Sweep(sliders, centre, [one.key for one in sliders] if draft else ())

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each step, at these values of the sliders."""
        races = BoxRaces(self.losses, self.moved(values, draft=True))
        found = {"step": np.arange(STEPS + 1)}
        for key in self.losses:
            boxes = races.descents[key][1]
            found |= {f"{key} {name}": part for name, part in zip(("x1", "y1", "x2", "y2"), boxes[0].T, strict=True)}
            found |= {f"{key} loss": races.values(key)[0], f"{key} IoU": iou_of(boxes, races.target)[0]}
        return found


@dataclass(frozen=True, eq=False)
class BoxRaces:
    """The descents under each loss, in every run of its sweep."""

    losses: Sequence[str]
    sweep: Sweep

    @property
    def target(self) -> np.ndarray:
        """The edges of the true box."""
        return edges_of(TRUE)

    def own(self, key: str) -> Sweep:
        """The sweep of what moves the descent of one loss."""
        sliders = [one for one in self.sweep.sliders if one.owner in ("", key)]
        return Sweep(sliders, self.sweep.centre, self.sweep.without_arm)

    def params(self, key: str, sweep: Sweep) -> dict[str, np.ndarray]:
        """The parameters of a loss, [runs] by name."""
        return {one.name: sweep.values[one.key] for one in sweep.sliders if one.owner == key}

    @cached_property
    def descents(self) -> dict[str, tuple[Sweep, np.ndarray]]:
        """For each loss its sweep and the edges of its box, [runs, steps + 1, 4]."""
        found = {}
        for key in self.losses:
            sweep = self.own(key)
            boxes = descend_box(BOX_LOSSES[key], placed(sweep), self.target, STEPS, rate=sweep.values[RATE.key],
                                **self.params(key, sweep))  # fmt: skip
            found[key] = (sweep, edges_of(boxes).swapaxes(0, 1))
        return found

    def values(self, key: str) -> np.ndarray:
        """The loss at every step, [runs, steps + 1]."""
        sweep, boxes = self.descents[key]
        params = {name: values[:, None] for name, values in self.params(key, sweep).items()}
        return BOX_LOSSES[key].value(boxes, self.target, **params)

    def first_found(self, key: str) -> np.ndarray:
        """The first step at which the IoU is REACHED, int [runs of the loss's sweep]; STEPS + 1 where it never is."""
        reached = iou_of(self.descents[key][1], self.target) >= REACHED
        return np.where(reached.any(axis=1), reached.argmax(axis=1), STEPS + 1)


class DescentFigure:
    """A plane for each loss, and the IoU of all over the steps."""

    def __init__(self, races: BoxRaces, *, draft: bool) -> None:
        self.races = races
        alone = len(races.losses) == 1
        planes = [plane_panel(BOX_LOSSES[key].short, 2 * ROW + GAP if alone else ROW, PHONE) for key in races.losses]
        abreast = (len(planes) + 1) // 2  # in two rows
        grid = rows([planes[:abreast], planes[abreast:]] if not alone else [planes], gap=GAP, between=0.05,
                    width=WIDTHS[abreast])  # fmt: skip
        self.curve = Panel(axis("step", (0, STEPS)), axis(ends=(0, 1.03)), "IoU", 2 * ROW + GAP, PHONE_CURVE,
                           width=1 - WIDTHS[abreast])  # fmt: skip
        phone = [planes[at : at + 2] for at in range(0, len(planes), 2)]
        self.plot = Plot(rows([[grid, self.curve]], between=0.06, phone=[*phone, [self.curve]]), left=30, draft=draft)
        for panel, key in zip(planes, races.losses, strict=True):
            self.draw_descent(panel, key)
        self.plot.upright("step", STEP, [self.curve])
        self.plot.explain("▯", "predicted box", PREDICTED.colour)
        self.plot.explain("┈", "where it starts: drag the dot", theme.NEUTRAL)

    def draw_descent(self, panel: Panel, key: str) -> None:
        """The box of one loss at each step, the way of its middle, its IoU, and its row in the key."""
        races, plot, look, name = self.races, self.plot, theme.look(BOX_LOSSES[key]), BOX_LOSSES[key].short
        sweep, boxes = races.descents[key]
        shown = boxes[:, ::EVERY]
        draw_truth(plot, panel, races.target)
        middle = (shown[..., :2] + shown[..., 2:]) / 2
        x, y = (Live(part, sweep, grow=STEP) for part in (middle[..., 0], middle[..., 1]))
        plot.line(panel, f"{name} path", x, y, look, width=2, hoverinfo="skip")
        start = races.own("")
        draw_box(plot, panel, "start", boxes[start.runs_in(sweep), 0], start, Stroke(theme.NEUTRAL, "dot"), width=1.25)
        draw_box(plot, panel, "predicted box", shown, (sweep, STEP), PREDICTED)
        x, y = (Live(part[:, None], start) for part in middle[start.runs_in(sweep), 0].T)
        handle = plot.marks(panel, "middle of the start", x, y, theme.head(PREDICTED), hoverinfo="skip")
        plot.drag(handle, x=start.sliders[1], y=start.sliders[2], rewinds=STEP)
        iou = iou_of(boxes, races.target)
        plot.line(self.curve, name, np.arange(STEPS + 1.0), Live(iou, sweep), look)
        steps = (f"{step}" if step <= STEPS else "never" for step in races.first_found(key))
        first = Words.each(list(steps), sweep)
        cells = (np.round(races.values(key), 6)[:, ::EVERY], iou[:, ::EVERY])
        plot.reading(name, look, *(Live(cell, (sweep, STEP)) for cell in cells), Text("{}", first))

    def summary(self) -> Text:
        """Which loss finds the true box first, and which ones never move at all."""
        races, sweep = self.races, self.races.sweep
        first, moved = [], []
        for key in races.losses:
            own, boxes = races.descents[key]
            still = (boxes == boxes[:, :1]).all(axis=(1, 2))
            first.append(races.first_found(key)[sweep.runs_in(own)])
            moved.append(~still[sweep.runs_in(own)])
        names = [BOX_LOSSES[key].short for key in races.losses]
        sentences = [descent_sentence(names, one, other) for one, other in
                     zip(np.transpose(first), np.transpose(moved), strict=True)]  # fmt: skip
        return Text("{}", Words.each(sentences, sweep))

    def stage(self, picture: BoxDescents) -> Stage:
        races = self.races
        names = join_words([BOX_LOSSES[key].name for key in races.losses])
        return self.plot.stage(
            name="Descent of a box",
            alt=f"A plane for each of {names}: the true box, the start, and the predicted box at the step of the "
            "timeline. Beside them the IoU of each at every step.",
            sliders=(STEP, *races.sweep.sliders),
            task=Task("Press Play, then drag the start.", "Which box arrives first, and which one never moves?"),
            summary=self.summary(),
            headings=("loss", "IoU", f"IoU {REACHED} at step"),
            cards=() if self.plot.draft else box_cards(races.losses, races.sweep.sliders, DESCENT),
            table=picture.table,
            centre=races.sweep.centre,
        )


def descent_sentence(names: Sequence[str], first: np.ndarray, moved: np.ndarray) -> str:
    """Of losses by name: the step at which each finds the box, STEPS + 1 for never, and whether it moves at all."""
    best = first.min()
    still = [name for name, moves in zip(names, moved, strict=True) if not moves]
    if best <= STEPS:
        fastest = [name for name, step in zip(names, first, strict=True) if step == best]
        text = (
            f"{join_words(fastest)} {'are' if len(fastest) > 1 else 'is'} first at an IoU of {REACHED}, at step {best}"
        )
    else:
        text = f"No box comes to an IoU of {REACHED} in {STEPS} steps"
    return f"{text}; under {join_words(still)} the box never moves." if still else f"{text}."


box_descent = View(
    name="Descent",
    params=(losses_param("iou", "giou", "diou", "ciou", "eiou", "box_l1", most=MOST),),
    picture=BoxDescents,
    height=EDGE + 2 * ROW + GAP + FOOT,
    code=BOX_LOSSES["iou"].libraries,
    wait="Descending under each loss",
)
