"""A detector in training: what it says of a strip, who supplies its gradient, its loss, and its average precision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets.detection import STRIP_HEIGHT, STRIP_WIDTH
from core.losses import BOX_LOSSES, LOSSES
from core.models.detector import SHARES
from core.models.trained_detectors import DetectorSettings
from core.sentences import join_words
from core.stage import Live, Slider, Stage
from core.views.boxes_and_masks.box.plane import outline
from core.views.boxes_and_masks.detection import texts
from core.views.boxes_and_masks.detection.runs import (
    PARAMS,
    STEP,
    THRESHOLD,
    TRAINING_STEPS,
    DetectionChoice,
    LossDetectors,
)
from core.views.kit import theme
from core.views.kit.layout import EDGE, FOOT, SEAM, Axis, Panel, axis, rows
from core.views.kit.plot import Plot, corners, scatter
from core.views.kit.view import View

PICTURE, CURVE, SCORES, GAP, PHONE = 50, 130, 116, 70, 170  # pixels
HEIGHT = EDGE + PICTURE + SEAM + SCORES + GAP + CURVE + FOOT
LOSS_TICKS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
BEST = 3  # boxes that are drawn
WIDTH = 0.8  # of the bars of a group, where groups are 1 apart
BAR_NAMES = ("object", "hard<br>negatives", "easy<br>negatives", "box loss")


class DetectionFigure:
    """A test strip with the scores of its anchors, shares of the gradient, and the loss beside the metric."""

    def __init__(self, choice: DetectionChoice, centre: Mapping[str, float]) -> None:
        self.choice = choice
        self.detectors = [LossDetectors(choice, key, centre) for key in choice.losses]
        columns = axis("column of pixels", (0, STRIP_WIDTH), showgrid=False, nticks=8)
        percent: dict[str, Any] = {"tickformat": ".0%", "nticks": 5}
        self.strip = Panel(columns, axis(ends=(0, STRIP_HEIGHT), showticklabels=False, showgrid=False),
                           "Test strip, and the boxes that are found", PICTURE, PICTURE)  # fmt: skip
        self.scores = Panel(columns, axis("probability", (0, 1.03), nticks=3), "", SCORES, SCORES)
        self.shares = Panel(self.groups(), axis(ends=(0, 1), **percent), "Who supplies the gradient",
                            PICTURE + SEAM + SCORES, PHONE)  # fmt: skip
        least = min(one.relative_loss.min() for one in self.detectors)
        self.loss = Panel(self.steps(), axis(ends=np.log10([least / 1.3, 1.3]), type="log", tickvals=LOSS_TICKS),
                          "Descended: loss, relative to step 0", CURVE, PHONE)  # fmt: skip
        self.precision = Panel(self.steps(), axis(ends=(0, 1.06), nticks=4), "Measured: average precision", CURVE,
                               PHONE)  # fmt: skip
        picture = rows([[self.strip], [self.scores]], gap=SEAM)
        self.plot = Plot(rows([[picture, self.shares], [self.loss, self.precision]], gap=GAP))
        self.draw_strip()
        self.plot.upright(STEP.label, STEP, (self.loss, self.precision), dash="dash", width=1.5)
        for number, one in enumerate(self.detectors):
            self.draw_found(number, one)
            self.draw_shares(number, one)
            self.draw_curves(one)
            self.plot.reading(one.name, one.look, *texts.numbers(one), note=texts.note(one))

    def groups(self) -> Axis:
        return axis(ends=(-0.55, len(SHARES) - 0.45), showgrid=False, tickvals=list(range(len(SHARES))),
                    ticktext=list(BAR_NAMES))  # fmt: skip

    def steps(self) -> Axis:
        return axis("step", (-0.02 * TRAINING_STEPS, 1.02 * TRAINING_STEPS))

    def draw_strip(self) -> None:
        """The strip as it is seen, and where its object is."""
        test, row = self.choice.settings.split().test, self.choice.strip - 1
        seen = {"type": "heatmap", "name": "brightness", "showscale": False, "hoverinfo": "skip", "zmin": 0,
                "zmax": 1.6, "colorscale": theme.rising(theme.NEUTRAL)}  # fmt: skip
        middles = np.arange(STRIP_WIDTH) + 0.5
        self.plot.add(self.strip, seen, x=middles, y=np.array([STRIP_HEIGHT / 2 - 3, STRIP_HEIGHT / 2 + 3]),
                      z=np.repeat(test.brightness[row : row + 1], 2, axis=0))  # fmt: skip
        x, y = outline(test.boxes[row])
        truth = scatter(name="true box", mode="lines", line={"width": 2.5, "dash": "dot"}, hoverinfo="skip")
        self.plot.add(self.strip, truth, x=x, y=y)  # its colour is the theme's, to be seen on the strip
        self.plot.explain("····", "true box")

    def draw_found(self, number: int, one: LossDetectors) -> None:
        """The probabilities of the anchors, and the boxes of the best after non-maximum suppression."""
        middles = np.arange(STRIP_WIDTH) + 0.5
        hover = f"%{{y:.3~g}} in column %{{x}}<extra>{one.name}</extra>"
        self.plot.line(self.scores, f"{one.name}: scores", middles, one.live(one.probability), one.look, width=2,
                       hovertemplate=hover)  # fmt: skip
        inset = 0.7 + 1.6 * number
        boxes = one.boxes[..., :BEST, :] + inset * np.array([0, 1, 0, -1])
        x, y = outline(np.where(one.best[..., :BEST, None] > 0, boxes, np.nan))
        for part, width in ((slice(1), 2.5), (slice(1, BEST), 1)):
            across, up = (one.live(array[..., part, :].reshape(*array.shape[:2], -1)) for array in (x, y))
            self.plot.line(self.strip, f"{one.name}: boxes", across, up, one.look, width=width, hoverinfo="skip")
        self.plot.explain("▭", "best box of a loss; thin: next two")

    def draw_shares(self, number: int, one: LossDetectors) -> None:
        """A bar for each group of anchors, and for the box loss."""
        width = WIDTH / len(self.detectors)
        left = np.arange(len(SHARES)) - WIDTH / 2 + width * number
        heights = one.trained.shares
        up = corners(np.zeros_like(heights), heights, up=True).reshape(*heights.shape[:2], -1)
        self.plot.line(self.shares, one.name, corners(left, left + width).ravel(), one.live(up), one.look, width=1.5,
                       fill="toself", fillcolor=theme.faint(one.look.colour), hoverinfo="skip")  # fmt: skip
        self.plot.explain("▮", "easy negative: probability below 0.5")

    def draw_curves(self, one: LossDetectors) -> None:
        """The loss and the average precision over the steps, where each is best, and a point at the step."""
        by = (one.sweep, THRESHOLD)
        at_best = np.take_along_axis(one.relative_loss, one.lowest[:, None], axis=-1)
        highest = np.take_along_axis(one.precision, one.highest[..., None], axis=-1)
        for panel, curve, best, value, here in (
            (self.loss, Live(one.relative_loss, one.sweep), Live(STEP.values[one.lowest][:, None], one.sweep),
             Live(at_best, one.sweep), one.live(one.relative_loss[..., None])),
            (self.precision, Live(one.precision, by), Live(STEP.values[one.highest][..., None], by), Live(highest, by),
             Live(one.precision[..., None], (*by, STEP))),
        ):  # fmt: skip
            hover = f"%{{y:.3~g}} at step %{{x}}<extra>{one.name}</extra>"
            self.plot.line(panel, one.name, STEP.values, curve, one.look, width=2.25, hovertemplate=hover)
            self.plot.marks(panel, f"{one.name}: best", best, value, theme.best(one.look.colour), hoverinfo="skip")
            x = Live(STEP.values[:, None], STEP)
            self.plot.drag(self.plot.marks(panel, "now", x, here, theme.head(one.look), hoverinfo="skip"), x=STEP)
        self.plot.explain("★", "lowest loss, highest AP")

    def stage(self, picture: DetectionPicture) -> Stage:
        names = join_words([LOSSES[key].name for key in self.choice.losses])
        return self.plot.stage(
            name="A detector in training",
            alt=f"A strip with one object, the probabilities that detectors give to its anchors, and the boxes that "
            f"they find, under {names}. Bars of who supplies the gradient. Curves of the loss and of average precision "
            "over the steps of training.",
            task=texts.TASK,
            summary=texts.summary(self.detectors),
            headings=texts.HEADINGS,
            grids=(texts.share_grid(self.detectors),),
            cards=texts.cards(self.choice),
            sliders=self.choice.sliders,
            table=picture.table,
            centre=self.detectors[0].sweep.centre,
        )


@dataclass(frozen=True, eq=False)
class DetectionPicture:
    """The picture of detectors that are trained under some classification losses and a box loss."""

    choice: DetectionChoice

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return self.choice.sliders

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return DetectionFigure(self.choice, centre).stage(self)

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each step that is shown: both losses, average precision, and the shares of the gradient."""
        columns = {"step": STEP.values}
        for key in self.choice.losses:
            one = LossDetectors(self.choice, key, values)
            trained = one.trained
            parts = {"classification loss": trained.classification, "box loss": trained.box, "loss": trained.loss}
            parts |= {f"gradient share {name}": trained.shares[..., at] for at, name in enumerate(SHARES)}
            columns |= {f"{key} {name}": Live(array, one.sweep).row(values) for name, array in parts.items()}
            columns[f"{key} average precision"] = Live(one.precision, (one.sweep, THRESHOLD)).row(values)
        return columns


def picture(*, losses: tuple[str, ...], box_loss: str, probability: str, strip: int, seed: int) -> DetectionPicture:
    return DetectionPicture(DetectionChoice(losses, strip, DetectorSettings(float(probability), box_loss, seed)))


detection = View(
    name="Detection's two losses",
    params=PARAMS,
    picture=picture,
    height=HEIGHT,
    code=tuple(dict.fromkeys((*LOSSES["focal"].libraries, *BOX_LOSSES["iou"].libraries))),
    wait="Training the detectors",
)
