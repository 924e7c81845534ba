"""One predicted box: what each loss says of it, and which way it moves each edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import BOX_LOSSES
from core.losses.boxes import EDGES
from core.sentences import join_words
from core.stage import Slider, Stage, Sweep, Task
from core.views.boxes_and_masks.box.plane import (
    PREDICTED,
    TRUE,
    WIDE,
    draw_box,
    draw_truth,
    losses_param,
    placed_sliders,
    plane_panel,
    slider,
)
from core.views.boxes_and_masks.box.runs import ACROSS, BoxRuns
from core.views.boxes_and_masks.box.texts import box_cards, edge_grid, one_box_summary, step_note
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.loss_sliders import loss_sliders
from core.views.kit.plot import Plot, arrow
from core.views.kit.theme import Stroke
from core.views.kit.view import View

ROW, PHONE, PHONE_CURVE = 330, 230, 150  # pixels
FRAMES = 25  # values of a loss's own parameter
LENGTH, LONGEST = 4.0, 3.0  # of an arrow: in the plane for a gradient of 1, and at most
BARB, SPREAD = 0.22, 0.12  # of its head
BESIDE = 0.3  # from the corner of a box to its handle, both ways: in a small box it leaves the middle free


@dataclass(frozen=True, eq=False)
class OneBox:
    """The picture of a predicted box beside the true one."""

    losses: Sequence[str]

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The predicted box, the size of the true one, each loss's own parameters."""
        own = [one for key in self.losses for one in loss_sliders(BOX_LOSSES[key], most=FRAMES, recomputed=True)]
        return (
            *placed_sliders((4.25, 2.75, 2.4, 2.6)),
            slider("true_width", "Width of the true box", 0.2, 6.2, 0.2, TRUE[2]),
            slider("true_height", "Height of the true box", 0.2, 6.2, 0.2, TRUE[3]),
            *own,
        )

    def stage(self, centre: Mapping[str, float], *, draft: bool = False) -> Stage:
        return OneBoxFigure(BoxRuns(self.losses, self.moved(centre, draft=draft)), draft=draft).stage(self)

    def draft(self, centre: Mapping[str, float]) -> Stage:
        return self.stage(centre, draft=True)

    def moved(self, centre: Mapping[str, float], *, draft: bool) -> Sweep:
        """The sweep around these released values, or in a draft the run at them alone."""
        sliders = tuple(one.around(one.at(centre)) if one.continuous else one for one in self.sliders)
        return Sweep(sliders, centre, [one.key for one in sliders] if draft else ())

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each edge, at these values of the sliders."""
        runs = BoxRuns(self.losses, self.moved(values, draft=True))
        columns = {"edge": np.array(["x1", "y1", "x2", "y2"]), "predicted": runs.pred[0], "true": runs.target[0]}
        return columns | {f"{key} gradient": runs.grad(key)[0] for key in self.losses}


class OneBoxFigure:
    """The plane with both boxes and an arrow of each loss on every edge; each loss were the box elsewhere."""

    def __init__(self, runs: BoxRuns, *, draft: bool) -> None:
        self.runs = runs
        curves = {key: runs.elsewhere(key) for key in runs.losses}
        highest = 1.08 * max(curve.row(runs.sweep.centre).max() for curve in curves.values())
        self.plane = plane_panel("Which way a step moves each edge", ROW, PHONE, width=0.6)
        self.curve = Panel(axis("middle of the box across", (0, WIDE)), axis(ends=(0, highest)),
                           "Loss of a box that is elsewhere", ROW, PHONE_CURVE, width=0.4)  # fmt: skip
        self.plot = Plot(rows([[self.plane, self.curve]]), left=34, draft=draft)
        self.draw_boxes()
        for number, key in enumerate(runs.losses):
            look, name = theme.look(BOX_LOSSES[key]), BOX_LOSSES[key].short
            self.draw_arrows(key, (number + 1) / (len(runs.losses) + 1))
            self.plot.line(self.curve, name, ACROSS, curves[key], look)
            x, value = runs.sweep.values["x"][:, None], runs.value(key)[:, None]
            here = self.plot.dots(self.curve, f"{name} here", runs.live(x), runs.live(value), look.colour)
            self.plot.drag(here, x=runs.sweep.sliders[0])
            size = np.linalg.norm(runs.grad(key), axis=-1)
            self.plot.reading(name, look, runs.live(value[:, 0]), runs.live(size), note=step_note(runs, key))

    def draw_boxes(self) -> None:
        """The true box, the predicted one with its handles, what both cover, and the smallest box that holds both."""
        plot, runs, sweep = self.plot, self.runs, self.runs.sweep
        draw_box(plot, self.plane, "enclosing box", runs.enclosing, sweep, Stroke(theme.NEUTRAL, "dot"), width=1.25)
        draw_truth(plot, self.plane, runs.target, sweep)
        draw_box(plot, self.plane, "overlap", runs.overlap, sweep, PREDICTED, width=0.5, fill="toself",
                 fillcolor=theme.faint(PREDICTED.colour))  # fmt: skip
        draw_box(plot, self.plane, "predicted box", runs.pred, sweep, PREDICTED)
        middle = (runs.pred[:, :2] + runs.pred[:, 2:]) / 2
        for name, place, (across, up) in (("middle", middle, sweep.sliders[:2]),
                                          ("corner", runs.pred[:, 2:] + BESIDE, sweep.sliders[2:4])):  # fmt: skip
            x, y = (runs.live(part[:, None]) for part in place.T)
            mark = plot.marks(self.plane, name, x, y, theme.head(PREDICTED), hoverinfo="skip")
            plot.drag(mark, x=across, y=up)
        plot.explain("▯", "predicted box: drag its middle, or the dot by its corner", PREDICTED.colour)
        plot.explain("■", "overlap of both", PREDICTED.colour)
        plot.explain("····", "smallest box that holds both", theme.NEUTRAL)
        plot.explain("→", "how a step moves an edge: longer where the gradient is larger")
        plot.explain("○", "edge without a gradient")

    def draw_arrows(self, key: str, part: float) -> None:
        """An arrow on each edge against the gradient of a loss, so far along the edge; a ring where there is none."""
        runs, look = self.runs, theme.look(BOX_LOSSES[key])
        name = BOX_LOSSES[key].short
        grad, pred = runs.grad(key), runs.pred
        reach = np.clip(-LENGTH * grad, -LONGEST, LONGEST)
        along = pred[:, :2] + part * (pred[:, 2:] - pred[:, :2])  # x of upright arrows, y of those across
        across, up, rings = [], [], []
        for edge in range(EDGES):
            tail, head = pred[:, edge], pred[:, edge] + reach[:, edge]
            barb = np.minimum(BARB, np.abs(reach[:, edge]))
            way, beside = arrow(tail, head, along[:, 1 - edge % 2], barb=BARB, spread=SPREAD * barb / BARB)
            gone = np.where(barb > 0, 0.0, np.nan)[:, None]
            place = np.where(barb > 0, np.nan, [tail, along[:, 1 - edge % 2]])
            rings.append(place if edge % 2 == 0 else place[::-1])
            across.append((way if edge % 2 == 0 else beside) + gone)
            up.append((beside if edge % 2 == 0 else way) + gone)
        x, y = (
            np.concatenate([np.insert(one, 0, np.nan, axis=-1) for one in parts], axis=-1) for parts in (across, up)
        )
        self.plot.line(self.plane, f"{name} step", runs.live(x), runs.live(y), Stroke(look.colour), width=2,
                       hoverinfo="skip")  # fmt: skip
        x, y = np.moveaxis(np.array(rings), 0, -1)
        self.plot.dots(self.plane, f"{name} without gradient", runs.live(x), runs.live(y), look.colour, size=7,
                       symbol="circle-open", hoverinfo="skip")  # fmt: skip

    def stage(self, picture: OneBox) -> Stage:
        runs = self.runs
        return self.plot.stage(
            name="A predicted box",
            alt="A plane with the true box and a predicted one, their overlap and the smallest box that holds both. "
            "On each edge of the predicted box an arrow of every loss shows which way a step moves it. Beside it is "
            f"the value of {join_words([BOX_LOSSES[key].name for key in runs.losses])} for a box that is elsewhere.",
            sliders=tuple(runs.sweep.sliders),
            task=Task(
                "Drag the amber box by its middle, or by the dot at its corner.",
                "Arrows show where a step moves each edge. Drag the box away: which arrows vanish?",
            ),
            summary=one_box_summary(runs),
            headings=("loss", "gradient size"),
            grids=(edge_grid(runs),),
            cards=() if self.plot.draft else box_cards(runs.losses, runs.sweep.sliders),
            table=picture.table,
            centre=runs.sweep.centre,
        )


box_gradients = View(
    name="One box",
    params=(losses_param("iou", "giou", "ciou", most=4),),
    picture=OneBox,
    height=EDGE + ROW + FOOT,
    code=BOX_LOSSES["iou"].libraries,
)
