"""A disc with a soft edge that descends under several losses of its mask, from one start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import MASK_LOSSES
from core.models.mask_descent import MaskPaths, descend_mask
from core.models.mask_prediction import LAYOUTS, SIZE, first_radius, inside, outlines
from core.optimizers import OPTIMIZERS
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Task
from core.stage.parameters import OneOf, SomeOf
from core.views.boxes_and_masks.mask import texts
from core.views.boxes_and_masks.mask.runs import NAMES, slider
from core.views.kit import theme
from core.views.kit.cards import vision_cards
from core.views.kit.layout import EDGE, FOOT, Panel, Rows, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.kit.view import View

HIGH, PHONE, GAP = 300, 190, 30  # pixels
MAPS, WIDE = 430, 780  # pixels: the width of the maps at most, and of the whole picture
STEPS, EVERY = 50, 2  # of a descent; from one drawn disc to the next
MIDDLE = LAYOUTS["one"][0]
TURN = np.linspace(0, 2 * np.pi, 25)  # around a disc
UP = 1 / 3  # so far up is the start, to each pixel to the right
STEP = Slider(name="step", label="Step", values=np.arange(0.0, STEPS + 1, EVERY), start=STEPS // EVERY, kind="timeline")
RATES: dict[str, tuple[list[float], float]] = {  # by optimizer, and the one to begin with
    "gradient_descent": ([1, 3, 10, 30, 100], 10),
    "adam": ([0.1, 0.2, 0.5, 1, 2], 0.5),
}
START = (
    slider("area", "Object, share of the picture (%)", [0.5, 1, 3, 10, 30], 10),
    slider("start_shift", "Start: shift (pixels)", [0, 6, 12, 16, 20], 12),
    slider("start_size", "Start: size (object = 1)", [0.25, 0.5, 0.75, 1.5, 3], 0.75),
    slider("start_softness", "Start: softness of the edge (pixels)", [0.5, 1, 2, 4], 2),
)
DESCENT_TASK = Task(
    "Drag “Object, share of the picture (%)” to 1.", "Which losses find a rare object that they do not touch?"
)


@dataclass(frozen=True, eq=False)
class MaskDescents:
    """The picture of a disc that descends under some losses."""

    losses: Sequence[str]
    optimizer: str

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The timeline, the learning rate, the object and the start."""
        return (STEP, slider("rate", "Learning rate", *RATES[self.optimizer]), *START)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return MaskDescentFigure(self, Sweep(self.sliders[1:], centre)).stage()

    def radius(self, sweep: Sweep) -> np.ndarray:
        """Of the object in each run."""
        return first_radius(sweep.values["area"] / 100, LAYOUTS["one"])

    def paths(self, sweep: Sweep) -> dict[str, MaskPaths]:
        """The descents under each loss, by key; in every run of a sweep."""
        names = ("area", "start_shift", "start_size", "start_softness", "rate")
        settings = np.stack([sweep.values[name] for name in names], axis=-1)
        settings, runs = np.unique(settings, axis=0, return_inverse=True)  # each arm holds the centre once more
        share, shift, size, softness, rate = settings.T
        radius = first_radius(share / 100, LAYOUTS["one"])
        start = np.stack([MIDDLE.x + shift, MIDDLE.y - UP * shift, size * radius, softness], axis=-1)
        target, optimizer = disc_masks(radius), OPTIMIZERS[self.optimizer]
        found = {key: descend_mask(MASK_LOSSES[key], target, start, optimizer, STEPS, rate) for key in self.losses}
        return {key: MaskPaths(one.discs[runs], one.iou[runs]) for key, one in found.items()}

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each step: the disc and its IoU under each loss."""
        sweep = Sweep(self.sliders[1:], values, [one.key for one in self.sliders[1:]])
        columns: dict[str, np.ndarray] = {"step": np.arange(STEPS + 1.0)}
        for key, found in self.paths(sweep).items():
            names = (f"{key} {name}" for name in ("x", "y", "radius", "softness"))
            columns |= dict(zip(names, found.discs[0].T, strict=True)) | {f"{key} IoU": found.iou[0]}
        return columns


def disc_masks(radius: np.ndarray) -> np.ndarray:
    """The masks of the object, [runs, h, w], of its radius [runs]."""
    x, y = (np.full(radius.shape, at) for at in MIDDLE[:2])
    return (inside(x, y, radius) > 0).astype(float)


class MaskDescentFigure:
    """A map for each loss, with the object and the disc on its way, and the IoU step by step."""

    def __init__(self, picture: MaskDescents, sweep: Sweep) -> None:
        self.picture, self.sweep = picture, sweep
        self.paths = picture.paths(sweep)
        many = len(self.paths)
        self.columns = many if many < 4 else (many + 1) // 2
        self.maps = [self.panel(MASK_LOSSES[key].short, -(-many // self.columns)) for key in self.paths]
        steps = axis("step", (-0.02 * STEPS, 1.02 * STEPS))
        self.curve = Panel(steps, axis(ends=(-0.02, 1.03)), "IoU of the hard mask", HIGH, PHONE)
        needed = min(sum(one.height for one in self.maps[: self.columns]), MAPS)
        grid: Rows = rows([self.maps[at : at + self.columns] for at in range(0, many, self.columns)], gap=GAP,
                          between=0.03, width=needed / (WIDE - needed))  # fmt: skip
        phone = [[*pair] for pair in (self.maps[at : at + 2] for at in range(0, many, 2))]
        self.plot = Plot(rows([[grid, self.curve]], phone=[*phone, [self.curve]]), left=34)
        self.plot.upright("step", STEP, [self.curve], dash="dash", width=1.5)
        self.plot.line(self.curve, "goal", [0, STEPS], [texts.GOAL] * 2, Stroke(theme.NEUTRAL, "dot"), width=1,
                       hoverinfo="skip")  # fmt: skip
        for panel, (key, found) in zip(self.maps, self.paths.items(), strict=True):
            self.draw_map(panel, key, found)
            self.draw_curve(key, found)
        self.plot.explain("▮", "object", theme.NEUTRAL)
        self.plot.explain("◯", "predicted mask: probability at least one half; none is drawn where it is empty")
        self.plot.explain("●", "start of its middle: drag it")
        self.plot.explain("—", "way of its middle")
        self.plot.explain("····", f"IoU {texts.GOAL:g}", theme.NEUTRAL)

    def panel(self, title: str, count: int) -> Panel:
        """A place for a map in a grid of so many rows; y points down."""
        frame = {"showgrid": False, "showticklabels": False, "showline": True, "mirror": True}
        x, y = (axis("", ends, **frame) for ends in ((0, SIZE), (SIZE, 0)))
        return Panel(x, y, title, (HIGH - GAP * (count - 1)) // count, PHONE, equal=True)

    def draw_map(self, panel: Panel, key: str, found: MaskPaths) -> None:
        """The object, the way of the disc's middle, and its edge at the step."""
        plot, sweep, look = self.plot, self.sweep, theme.look(MASK_LOSSES[key])
        areas = Sweep([one for one in sweep.sliders if one.name == "area"], sweep.centre)
        corners = outlines(disc_masks(self.picture.radius(areas)))
        x, y = (Live(corners[..., at], areas) for at in (0, 1))
        plot.line(panel, "object", x, y, Stroke(theme.NEUTRAL), width=1, fill="toself",
                  fillcolor=theme.faint(theme.NEUTRAL), hoverinfo="skip")  # fmt: skip
        drawn = found.discs[:, ::EVERY]
        x, y = (Live(drawn[..., at], sweep, grow=STEP) for at in (0, 1))
        plot.line(panel, f"{MASK_LOSSES[key].short} middle", x, y, Stroke(look.colour), width=1.25, hoverinfo="skip")
        radius = np.where(drawn[..., 2] > 0, drawn[..., 2], np.nan)
        ring = (np.clip(drawn[..., at, None] + radius[..., None] * wave(TURN), -SIZE, 2 * SIZE)
                for at, wave in enumerate((np.cos, np.sin)))  # fmt: skip
        x, y = (Live(np.round(part, 2), (sweep, STEP)) for part in ring)
        plot.line(panel, MASK_LOSSES[key].short, x, y, look, hoverinfo="skip")
        x, y = (Live(found.discs[:, :1, at], sweep) for at in (0, 1))
        mark = plot.marks(panel, "start", x, y, theme.head(look), hoverinfo="skip")
        plot.drag(mark, x=next(one for one in sweep.sliders if one.name == "start_shift"), rewinds=STEP)

    def draw_curve(self, key: str, found: MaskPaths) -> None:
        """The IoU of each step, the point of this one, and the numbers of the disc in the key."""
        look, name, drawn = theme.look(MASK_LOSSES[key]), MASK_LOSSES[key].short, slice(None, None, EVERY)
        hover = f"%{{y:.3~f}}<extra>{name}</extra>"
        self.plot.line(self.curve, name, np.arange(STEPS + 1.0), Live(found.iou, self.sweep), look, width=2,
                       hovertemplate=hover)  # fmt: skip
        step, now = Live(STEP.values[:, None], STEP), Live(found.iou[:, drawn, None], (self.sweep, STEP))
        self.plot.drag(self.plot.marks(self.curve, "now", step, now, theme.head(look), hoverinfo="skip"), x=STEP)
        x, y, radius, softness = np.moveaxis(found.discs[:, drawn], -1, 0)
        off = np.hypot(x - MIDDLE.x, y - MIDDLE.y)
        size = np.maximum(radius, 0.0) / self.picture.radius(self.sweep)[:, None]
        columns = (found.iou[:, drawn], off, size, softness)
        cells = (Live(np.round(one, 2), (self.sweep, STEP)) for one in columns)
        self.plot.reading(name, look, *cells, note=texts.outcome_note(found, self.sweep))

    def stage(self) -> Stage:
        names = join_words([MASK_LOSSES[key].name for key in self.paths])
        return self.plot.stage(
            name="Descents of a predicted mask",
            alt="A picture for each loss with the object and a predicted disc, which moves step by step. Beside them "
            f"is the IoU over the steps. The losses: {names}.",
            sliders=self.picture.sliders,
            task=DESCENT_TASK,
            summary=texts.first_to_goal(self.paths, self.sweep),
            headings=("IoU", "off (px)", "size", "softness"),
            cards=(texts.DESCENT, *vision_cards([MASK_LOSSES[key] for key in self.paths], ())),
            centre=self.sweep.centre,
            table=self.picture.table,
        )


mask_descent = View(
    name="Descent",
    params=(
        SomeOf(name="losses", label="Losses", options=NAMES, most=6,
               default=("pixel_cross_entropy", "dice", "lovasz_hinge", "cross_entropy_dice")),
        OneOf(name="optimizer", label="Optimizer", default="gradient_descent",
              options={key: OPTIMIZERS[key].name for key in RATES},
              help="Adam divides each gradient by its usual size, so that losses of different size are comparable."),
    ),
    picture=MaskDescents,
    height=EDGE + HIGH + FOOT,
    code=MASK_LOSSES["dice"].libraries,
    wait="Descending under each loss",
)  # fmt: skip
