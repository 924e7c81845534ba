"""A map of starts: how far a box is from the true one after so many steps, wherever its descent begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import BOX_LOSSES
from core.models.box_descent import descend_box, edges_of, iou_of
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Task, Text
from core.views.boxes_and_masks.box.descent import STEPS
from core.views.boxes_and_masks.box.plane import (
    HIGH,
    PREDICTED,
    TRUE,
    WIDE,
    draw_truth,
    losses_param,
    plane_panel,
)
from core.views.boxes_and_masks.box.texts import DESCENT, box_cards
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, Panel, rows
from core.views.kit.plot import Plot, corners
from core.views.kit.view import View

ROWS, PHONE = {1: 330, 2: 250, 3: 180}, 210  # pixels, by the number of maps
POINTS = 61  # starts across, and as many up
LEVELS = 20  # steps of colour
HALF = 0.5  # an IoU at which a detection is often called right
FADE = 0.85  # opacity of the map under its marks
X, Y = (Slider(name=name, label=label, values=np.round(np.linspace(0, end, POINTS), 4), start=start) for
        name, label, end, start in (("x", "Start across", WIDE, 10), ("y", "Start up", HIGH, 48)))  # fmt: skip
COUNT = Slider(name="steps", label="Steps", values=np.arange(0.0, STEPS + 1, 20), start=5, recomputed=True)
FEW_RATES = Slider(
    name="rate", label="Learning rate", values=np.array([0.1, 0.2, 0.3, 0.5, 1.0]), start=2, recomputed=True
)
SIZE = Slider(name="size", label="Side of the first box", values=np.array([0.5, 1.0, 2.0, 4.0]), start=1,
              recomputed=True)  # fmt: skip


@dataclass(frozen=True, eq=False)
class BoxStarts:
    """The picture of a map for each of some losses."""

    losses: Sequence[str]
    sliders: tuple[Slider, ...] = (COUNT, FEW_RATES, SIZE, X, Y)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return StartsFigure(StartErrors(self.losses, Sweep(self.sliders[:3], centre))).stage(self)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each start, at these values of the sliders."""
        sweep = Sweep(self.sliders[:3], values, [one.key for one in self.sliders[:3]])
        y, x = (part.ravel() for part in np.meshgrid(Y.values, X.values, indexing="ij"))
        return {"x": x, "y": y} | {key: array[0].ravel() for key, array in StartErrors(self.losses, sweep).maps.items()}


@dataclass(frozen=True, eq=False)
class StartErrors:
    """1 - IoU after the descent from each start, in every run of a sweep of steps, learning rate and size."""

    losses: Sequence[str]
    sweep: Sweep

    @cached_property
    def maps(self) -> dict[str, np.ndarray]:
        """For each loss the errors, [runs, y, x].

        The true box stands in the middle of the plane, so a quarter of the starts stands for all.
        """
        runs = np.stack([self.sweep.values[one.key] for one in (FEW_RATES, SIZE)], axis=-1)
        different, which = np.unique(runs, axis=0, return_inverse=True)
        rate, size = (part[:, None, None] for part in different.T)
        few = POINTS // 2 + 1
        start = np.stack(np.broadcast_arrays(X.values[:few], Y.values[:few, None], size, size), axis=-1)
        frames = self.sweep.frames[:, self.sweep.sliders.index(COUNT)]
        found = {}
        for key in self.losses:
            path = descend_box(BOX_LOSSES[key], start, edges_of(TRUE), STEPS, rate=rate)
            kept = 1 - iou_of(edges_of(path[COUNT.values.astype(int)]), edges_of(TRUE))
            quarter = kept[frames, which.ravel()]
            half = np.concatenate([quarter, quarter[..., -2::-1]], axis=-1)
            found[key] = np.concatenate([half, half[:, -2::-1]], axis=1)
        return found


class StartsFigure:
    """A map for each loss, with the true box and one start that can be dragged."""

    def __init__(self, errors: StartErrors) -> None:
        self.errors = errors
        count = len(errors.losses)
        panels = [plane_panel(BOX_LOSSES[key].short, ROWS[count], PHONE) for key in errors.losses]
        self.plot = Plot(rows([panels], between=0.05), left=30)
        for panel, key in zip(panels, errors.losses, strict=True):
            self.draw_map(panel, key)
        self.plot.explain(
            "■", "near the true box after the steps: error 1 − IoU; spots: boxes that still jump around it", theme.BLUE
        )
        self.plot.explain("▯", "the first box: drag its dot, or click elsewhere", PREDICTED.colour)

    def draw_map(self, panel: Panel, key: str) -> None:
        """The error by the start's middle, and the row of the loss in the key."""
        plot, sweep, heights = self.plot, self.errors.sweep, self.errors.maps[key]
        levels = {"start": 0.0, "end": 1.0, "size": 1 / LEVELS, "coloring": "fill"}
        trace = {
            "type": "contour", "name": "error", "contours": levels, "autocontour": False, "zmin": 0.0, "zmax": 1.0,
            "showscale": False, "line": {"width": 0}, "opacity": FADE,
            "hovertemplate": "from (%{x:.3~g}, %{y:.3~g})<br>error %{z:.3f}<extra></extra>",
        }  # fmt: skip
        plot.add(panel, trace, x=X.values, y=Y.values, z=Live(heights, sweep))
        draw_truth(plot, panel, edges_of(TRUE))
        self.draw_start(panel)
        share = 100 * (heights <= HALF).mean(axis=(1, 2))
        here = Live(heights, (sweep, Y), across=X)
        plot.reading(BOX_LOSSES[key].short, theme.look(BOX_LOSSES[key]), Text("{}", here),
                     Text("{} %", Live(np.round(share, 1), sweep)))  # fmt: skip

    def draw_start(self, panel: Panel) -> None:
        """The first box where it stands, with the dot by which it is dragged."""
        sweep, half = self.errors.sweep, self.errors.sweep.values[SIZE.key][:, None] / 2
        x, y = (Live(corners(one.values - half, one.values + half, up=one is Y), (sweep, one)) for one in (X, Y))
        self.plot.line(panel, "first box", x, y, PREDICTED, hoverinfo="skip")
        x, y = (Live(one.values[:, None], one) for one in (X, Y))
        dot = self.plot.marks(panel, "middle of the first box", x, y, theme.head(PREDICTED), hoverinfo="skip")
        self.plot.drag(dot, x=X, y=Y)

    def summary(self) -> Text:
        """From how many of the starts each loss comes to half of the overlap."""
        maps, sweep = self.errors.maps, self.errors.sweep
        names = [BOX_LOSSES[key].short for key in maps]
        shares = [np.round(100 * (heights <= HALF).mean(axis=(1, 2)), 1) for heights in maps.values()]
        slots = {f"share{number}": Live(share, sweep) for number, share in enumerate(shares)}
        found = join_words([f"{name} from {{share{number}}} %" for number, name in enumerate(names)])
        return Text(f"An IoU of {HALF} is reached under {found} of the starts.", **slots)

    def stage(self, picture: BoxStarts) -> Stage:
        names = join_words([BOX_LOSSES[key].name for key in self.errors.losses])
        return self.plot.stage(
            name="Starts of a box",
            alt=f"A map for each of {names}: every point is the middle of a first box, and its colour the error, "
            "1 − IoU, after so many steps of gradient descent from there. The true box is drawn in the middle.",
            sliders=picture.sliders,
            task=Task(
                "Drag “Steps”, then the first box.",
                "Blue is near the true box. From where does each loss not get there?",
            ),
            summary=self.summary(),
            headings=("error from here", f"starts to IoU {HALF}"),
            cards=box_cards(self.errors.losses, about=DESCENT),
            table=picture.table,
            centre=self.errors.sweep.centre,
        )


box_starts = View(
    name="All starts",
    params=(losses_param("iou", "giou", "box_l1", most=max(ROWS)),),
    picture=BoxStarts,
    height=EDGE + ROWS[max(ROWS)] + FOOT,
    code=BOX_LOSSES["iou"].libraries,
    wait="Descending from 3,721 starts",
)
