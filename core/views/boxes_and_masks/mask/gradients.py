"""A predicted mask beside the true one: where each loss has its gradient, pixel by pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.losses import MASK_LOSSES
from core.models.mask_prediction import MIDDLES, PREDICTED, SIZE, first_radius, outlines
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Text
from core.stage.parameters import OneOf, SomeOf
from core.views.boxes_and_masks.mask.runs import EACH_PIXEL, NAMES, SHARE, MaskRuns
from core.views.boxes_and_masks.mask.texts import (
    ABOUT,
    ONE_NUMBER,
    SHARE_HEADING,
    TASKS,
    gradient_grid,
    metric_grid,
    object_share,
    summary,
)
from core.views.kit import theme
from core.views.kit.cards import vision_cards
from core.views.kit.layout import EDGE, FOOT, Panel, axis, rows
from core.views.kit.plot import Plot, scatter
from core.views.kit.view import View

MAP, PHONE = 215, 250  # pixels
LEVELS = 128  # of a map: steps between 0 and its largest value
LOSS_MAP = "loss"


@dataclass(frozen=True, eq=False)
class OneMask:
    """The picture of a predicted mask, and of the gradients of some losses."""

    losses: Sequence[str]
    objects: str
    map: str

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """Those of the prediction, and each loss's own parameters."""
        return tuple(MaskRuns(self.losses, self.objects, {}).sweep(*self.losses).sliders)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return OneMaskFigure(self, MaskRuns(self.losses, self.objects, centre)).stage()

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each pixel: the truth, the probability, and the gradient of each loss."""
        runs = MaskRuns(self.losses, self.objects, values, arms=False)
        x, y = (part.ravel() for part in np.meshgrid(MIDDLES, MIDDLES))
        columns = {"x": x, "y": y, "truth": runs.prediction.target, "probability": runs.prediction.probability}
        columns |= {f"{key} gradient": grad for key, grad in runs.grads.items()}
        return {name: np.ravel(one) for name, one in columns.items()}


class OneMaskFigure:
    """The prediction over the truth, and a map of each loss."""

    def __init__(self, picture: OneMask, runs: MaskRuns) -> None:
        self.picture, self.runs = picture, runs
        self.first = self.panel("Prediction")
        self.maps = {key: self.panel(self.title(key)) for key in runs.losses}
        self.plot = Plot(rows([[self.first, *self.maps.values()]], between=0.03), left=30)
        fill = self.quantised(runs.prediction.probability)
        self.draw_map(self.first, "probability", Live(fill, runs.base), theme.rising(theme.AMBER), 0,
                      "probability %{z:.2f}")  # fmt: skip
        for key, panel in self.maps.items():
            self.draw_loss(key, panel)
        self.draw_outlines()
        self.draw_handles()

    def panel(self, title: str) -> Panel:
        """A place for a map; y points down, as in pictures."""
        frame = {"showgrid": False, "nticks": 4, "showline": True, "mirror": True}
        x, y = axis("pixels", (0, SIZE), **frame), axis("", (SIZE, 0), **frame)
        return Panel(x, y, title, MAP, PHONE, equal=True)

    def shows_loss(self, key: str) -> bool:
        """Whether the map of a loss shows the loss of each pixel, not the gradient."""
        return self.picture.map == LOSS_MAP and key in EACH_PIXEL

    def title(self, key: str) -> str:
        return f"{MASK_LOSSES[key].short}: {'loss' if self.shows_loss(key) else 'gradient'}"

    @staticmethod
    def quantised(values: np.ndarray) -> np.ndarray:
        """In steps that no eye tells apart, and that take little room."""
        return np.round(LEVELS * values) / LEVELS

    def draw_map(self, panel: Panel, name: str, z: Live, scale: Any, low: float, hover: str) -> None:
        trace = {"type": "heatmap", "name": name, "colorscale": scale, "zmin": low, "zmax": 1.0, "showscale": False,
                 "zsmooth": False, "hovertemplate": f"{hover}<extra></extra>"}  # fmt: skip
        self.plot.add(panel, trace, x=MIDDLES, y=MIDDLES, z=z)

    def draw_loss(self, key: str, panel: Panel) -> None:
        """The map of a loss as a share of its largest absolute value, and its numbers in the key."""
        runs, loss, sweep = self.runs, MASK_LOSSES[key], self.runs.sweeps[key]
        values = runs.pixel_values(key) if self.shows_loss(key) else -runs.grads[key]
        largest = np.abs(values).max(axis=(1, 2), keepdims=True)
        shares = np.divide(values, largest, out=np.zeros(values.shape), where=largest > 0)
        z = Live(self.quantised(shares), sweep)
        if self.shows_loss(key):
            self.draw_map(panel, loss.short, z, theme.rising(theme.PURPLE), 0, "%{z:.2f} of the largest loss")
        else:
            self.draw_map(panel, loss.short, z, theme.diverging(theme.BLUE, theme.ORANGE), -1,
                          "step %{z:.2f} of the largest")  # fmt: skip
        value = Live(runs.of_loss(key, "value"), sweep)
        greatest = Live(np.abs(runs.grads[key]).max(axis=(1, 2)), sweep)
        note = ONE_NUMBER if self.picture.map == LOSS_MAP and key not in EACH_PIXEL else None
        share = Text("{} %", object_share(runs, key))
        self.plot.reading(loss.short, theme.look(loss), value, share, greatest, note=note)

    def draw_outlines(self) -> None:
        """Of the truth on every map, of the hard prediction on the first."""
        runs = self.runs
        shares = Sweep([SHARE], runs.centre, () if runs.arms else [SHARE.key])
        which = np.array([np.flatnonzero(runs.base.runs_in(shares) == run)[0] for run in range(len(shares))])
        truth, hard = outlines(runs.prediction.target[which]), outlines(runs.prediction.hard)
        for panel in (self.first, *self.maps.values()):
            self.draw_line(panel, "true mask", truth, shares, "solid")
        self.draw_line(self.first, "predicted mask", hard, runs.base, "dot")
        self.plot.explain("▯", "true mask")
        self.plot.explain("····", "predicted mask: probability at least one half")
        self.plot.explain("■", "predicted probability", theme.AMBER)
        self.plot.explain("▲", "a step raises the score of this pixel", theme.ORANGE)
        self.plot.explain("▼", "a step lowers it; each map as a share of its largest gradient", theme.BLUE)
        if any(map(self.shows_loss, runs.losses)):
            self.plot.explain("▨", "loss of a pixel, as a share of the largest", theme.PURPLE)

    def draw_line(self, panel: Panel, name: str, points: np.ndarray, by: Sweep, dash: str) -> None:
        """A line in the colour of the theme's outlines, which is seen on every map."""
        line = {"width": 1.5, "dash": dash, "simplify": False}
        x, y = (Live(points[..., at], by) for at in (0, 1))
        self.plot.add(panel, scatter(name=name, mode="lines", line=line, hoverinfo="skip"), x=x, y=y)

    def draw_handles(self) -> None:
        """The middle of the prediction, and a point on its edge."""
        runs, base = self.runs, self.runs.base
        shift, size = (next(one for one in base.sliders if one.name == name) for name in ("shift", "size"))
        disc = PREDICTED[runs.layout][0]
        x = disc.x + base.values["shift"]
        radius = base.values["size"] * first_radius(base.values["share"] / 100, PREDICTED[runs.layout])
        for name, place, slider in (("edge", x + radius, size), ("middle", x, shift)):
            mark = self.plot.marks(self.first, name, Live(place[:, None], base), np.array([disc.y]), theme.START,
                                   hoverinfo="skip")  # fmt: skip
            self.plot.drag(mark, x=slider)
        self.plot.explain("◯", "middle and edge of the prediction: drag them")

    def stage(self) -> Stage:
        runs, names = self.runs, join_words([MASK_LOSSES[key].name for key in self.runs.losses])
        sliders = self.picture.sliders
        return self.plot.stage(
            name="A predicted mask",
            alt=f"A picture of {SIZE} by {SIZE} pixels with the outline of the true mask and the predicted "
            "probabilities. Beside it is a map for each loss of how a step changes the score of each pixel. "
            f"The losses: {names}.",
            sliders=sliders,
            task=TASKS[runs.layout],
            summary=summary(runs),
            headings=("loss", SHARE_HEADING[runs.layout], "largest"),
            grids=(metric_grid(runs), *([gradient_grid(runs)] if runs.layout != "empty" else [])),
            cards=(ABOUT, *vision_cards([MASK_LOSSES[key] for key in runs.losses], sliders)),
            centre=runs.centre,
            table=self.picture.table,
        )


mask_gradients = View(
    name="Gradient of each pixel",
    params=(
        SomeOf(name="losses", label="Losses", options=NAMES, most=3,
               default=("pixel_cross_entropy", "dice", "lovasz_hinge")),
        OneOf(name="objects", label="Objects", default="one",
              options={"one": "One", "two": "A large and a small one", "empty": "None: an empty mask"}),
        OneOf(name="map", label="Maps", default="gradient",
              options={"gradient": "Gradient", LOSS_MAP: "Loss of each pixel"},
              help="Only cross-entropy and focal loss have a loss of each pixel."),
    ),
    picture=OneMask,
    height=EDGE + MAP + FOOT,
    code=MASK_LOSSES["dice"].libraries,
)  # fmt: skip
