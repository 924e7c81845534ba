"""The curves of a typed loss: value, gradient and curvature, beside known losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.expression.diagnosis import FLAT
from core.expression.typed_loss import TypedLoss
from core.losses import LOSSES, Loss
from core.losses.axis import LossAxis
from core.losses.loss import owner_of
from core.losses.sampled import SampledLoss, with_sides, without_offset
from core.stage import Live, Slider, Stage, Sweep, Task
from core.views.kit import theme
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.loss_sliders import USUAL_TRUTH, probe_slider, truth_slider
from core.views.kit.plot import Plot
from core.views.your_loss import texts

HEIGHTS, GAP = (163, 121, 96), 34  # pixels of the panels from top to bottom, and between them
HEIGHT = 520
USUAL, STEEP = 8, 2.0  # percent of a curve at either end, which make an axis at most so much higher than the rest does
ROOM = 0.08  # of the height, above and below the curves
SAME = 1e-9  # of the least loss: rounding
BAND = 12  # pixels: the width of what is marked along a curve
WIDTH = 4.5  # pixels: seen under a known loss that coincides with it
HEADINGS = ("loss", "gradient", "curvature")


@dataclass(frozen=True, eq=False)
class TypedLossPicture:
    """The picture of a typed loss on an axis."""

    loss: TypedLoss
    x: LossAxis
    beside: Sequence[str]  # keys of losses

    @cached_property
    def own(self) -> tuple[Slider, ...]:
        """A slider for each parameter, then the true value where the loss looks at it."""
        found = tuple(Slider.of(one, owner=owner_of(self.loss.key), label=f"Parameter {one.symbol}", recomputed=True)
                      for one in self.loss.params)  # fmt: skip
        return found + (() if self.loss.of_residual else truth_slider(self.loss.family, recomputed=True))

    @cached_property
    def probe(self) -> Slider:
        return probe_slider(self.x)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (*self.own, self.probe)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        return TypedLossFigure(self, centre).stage()


class TypedLossFigure:
    """The curves in each run of a one-at-a-time sweep of the parameters."""

    def __init__(self, picture: TypedLossPicture, centre: Mapping[str, float]) -> None:
        self.picture, self.loss, self.x = picture, picture.loss, picture.x
        self.centre, self.sweep = centre, Sweep(picture.own, centre)
        values = [(slider, self.sweep.values[slider.key]) for slider in picture.own]
        self.params = {slider.name: value for slider, value in values if slider.owner}
        self.truth = next((value for slider, value in values if not slider.owner), np.zeros(len(self.sweep)))
        self.look = theme.look(self.loss)
        self.kinks = self.loss.kinks_on(self.x, self.params, self.truth)
        self.grid = with_sides(self.x.grid, self.kinks)
        self.curves = self.at(self.grid)
        self.ends = [self.window(place) for place in range(len(HEIGHTS))]
        x = axis(self.x.title, (self.x.low, self.x.high), zeroline=True, nticks=None,
                 unifiedhovertitle={"text": f"{self.x.symbol} = %{{x:.3~g}}"})  # fmt: skip
        titles = ("Loss", self.x.gradient, "Curvature: the second derivative")
        self.panels = [
            Panel(x, axis(ends=self.ends[place], zeroline=True, nticks=5), title, HEIGHTS[place])
            for place, title in enumerate(titles)
        ]
        self.plot = Plot(rows([[panel] for panel in self.panels], gap=GAP), hover="x unified", left=52)

    def at(self, x: np.ndarray) -> list[np.ndarray]:
        """Value, gradient and curvature at x [points] or [runs, points], in each run: [runs, points]."""
        pred, target, params = self.arguments(x)
        found = (self.loss.value, self.loss.grad, self.loss.curvature)
        return [np.broadcast_to(method(pred, target, **params), (len(self.sweep), x.shape[-1])) for method in found]

    def arguments(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """Prediction, truth and parameters at x in each run."""
        params = {name: value[:, None] for name, value in self.params.items()}
        return *self.x.to_loss(x, self.truth[:, None]), params

    def window(self, place: int) -> tuple[float, float]:
        """As high as the curve is at the centre, but for the few points where it is much higher than elsewhere."""
        shown = self.curves[place][0]
        shown = shown[np.isfinite(shown)]
        if not shown.size:
            return -1.0, 1.0
        low, high = shown.min(), shown.max()
        inner_low, inner_high = np.percentile(shown, (USUAL, 100 - USUAL))
        reach = STEEP * (inner_high - inner_low)
        low, high = max(low, inner_low - reach), min(high, inner_high + reach)
        room = ROOM * (high - low or 1.0)
        return float(low - room), float(high + room)

    def stage(self) -> Stage:
        self.plot.upright("probe", self.picture.probe, self.panels)
        numbers = self.at(self.x.stops)
        for panel, curve, probed in zip(self.panels, self.curves, numbers, strict=True):
            x, y = Live(without_offset(self.grid), self.sweep), Live(finite(curve), self.sweep)
            self.plot.line(panel, self.loss.name, x, y, self.look, width=WIDTH)
            dot = Live(finite(probed), (self.sweep, self.picture.probe))
            self.plot.drag(self.plot.dots(panel, "probe", Live(self.x.stops, self.picture.probe), dot,
                                          self.look.colour, hoverinfo="skip"), x=self.picture.probe)  # fmt: skip
        if np.isfinite(self.kinks).any():
            heights = np.where(np.isnan(self.kinks), np.nan, finite(self.at(np.nan_to_num(self.kinks))[0]))
            self.plot.dots(self.panels[0], "kink", Live(self.kinks, self.sweep), Live(heights, self.sweep),
                           self.look.colour, size=8, symbol="diamond-open", hoverinfo="skip")  # fmt: skip
            self.plot.explain("◇", "corner: the slope or the curvature jumps")
        self.draw_evidence()
        at_probe = [Live(one, (self.sweep, self.picture.probe)) for one in numbers]
        self.plot.reading(self.loss.short, self.look, *at_probe)
        for key in self.picture.beside:
            self.draw_beside(key)
        self.plot.explain("●", "drag it along the axis")
        return self.plot.stage(
            name="Your loss",
            alt=f"The curve of a typed loss over the {self.x.title}, and below it its gradient and its curvature. "
            "The table beside the picture gives the three where a dotted line stands, which a slider moves.",
            sliders=self.picture.sliders,
            task=Task("Type another formula, or drag the dotted line.", "The gradient follows while you type."),
            summary=texts.summary(self.x, self.picture.probe, *at_probe[:2]),
            headings=HEADINGS,
            cards=texts.cards(self.loss, self.picture.own, self.centre),
            centre=self.centre,
            table=self.table,
        )

    def draw_evidence(self) -> None:
        """What the diagnosis rests on: where the loss is least, where it is flat, and where it has no value."""
        grid, (value, slope, _) = np.broadcast_to(self.grid, self.curves[0].shape), self.curves
        place, height = lowest(grid, finite(value))
        if np.isfinite(place).any():
            x, y = (Live(one[:, None], self.sweep) for one in (place, height))
            self.plot.marks(self.panels[0], "least", x, y, theme.best(self.look.colour), hoverinfo="skip")
            self.plot.explain("☆", "least loss")
        faint, bottom = theme.Stroke(theme.faint(self.look.colour)), np.full(value.shape, self.ends[0][0])
        for sign, words, where, heights, stroke in (
            ("█", "flat: its gradient is 0, or hardly more", is_flat(slope), finite(value), faint),
            ("▂", "no finite value", ~np.isfinite(value), bottom, theme.Stroke(theme.RED)),
        ):
            if where.any():
                shown = Live(np.where(where, heights, np.nan), self.sweep)
                self.plot.line(self.panels[0], words, Live(without_offset(grid), self.sweep), shown, stroke,
                               width=BAND, hoverinfo="skip")  # fmt: skip
                self.plot.explain(sign, words, stroke.colour)

    def draw_beside(self, key: str) -> None:
        """The curves of a known loss, its parameters at their starts, the true value at the centre.

        Each has its dot where the probe stands: an arrow says where that is if the curve is beyond its panel.
        """
        loss, look = LOSSES[key], theme.look(key)
        truth = next((one.at(self.centre) for one in self.picture.own if not one.owner), USUAL_TRUTH)
        curves, numbers = (known_curves(loss, self.x, places, truth) for places in (self.x.grid, self.x.stops))
        stops = Live(self.x.stops, self.picture.probe)
        for panel, curve, probed in zip(self.panels, curves, numbers, strict=True):
            self.plot.line(panel, loss.name, self.x.grid, curve, look, width=2)
            dot = Live(finite(probed), self.picture.probe)
            self.plot.drag(self.plot.dots(panel, f"{loss.name} probe", stops, dot, look.colour, hoverinfo="skip"),
                           x=self.picture.probe)  # fmt: skip
        self.plot.reading(loss.short, look, *(Live(one, self.picture.probe) for one in numbers))

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The three curves of the typed loss at these values, at every stop of the probe."""
        found = TypedLossFigure(self.picture, values).at(self.x.stops)
        return {self.x.symbol: self.x.stops} | dict(zip(HEADINGS, (one[0] for one in found), strict=True))


def known_curves(loss: Loss, x: LossAxis, places: np.ndarray, truth: float) -> list[np.ndarray]:
    """Value, gradient and curvature of a loss at its starts, at places [points] on an axis; NaN outside its domain."""
    starts = {name: np.array([value]) for name, value in loss.starts.items()}
    sampled = SampledLoss(loss, x, starts, np.array([truth]))
    return [sampled.at(method, places).reshape(-1) for method in (loss.value, loss.grad, loss.curvature)]


def lowest(x: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each row of values is least, the middle of a stretch, and how low; NaN where values end there [runs]."""
    least = np.nanmin(np.where(np.isnan(value), np.inf, value), axis=1, keepdims=True)
    low = value <= least + SAME * (1 + np.abs(least))
    first, last = low.argmax(axis=1), low.shape[1] - 1 - low[:, ::-1].argmax(axis=1)
    row = np.arange(len(x))
    whole = low.sum(axis=1) == last - first + 1  # else there are several stretches: the first point of the first
    place = np.where(whole, 0.5 * (x[row, first] + x[row, last]), x[row, first])
    around = np.pad(value, ((0, 0), (1, 1)), constant_values=np.nan)
    inside = np.isfinite(around[row, first] + around[row, last + 2])
    return np.where(inside, place, np.nan), np.where(inside, least[:, 0], np.nan)


def is_flat(slope: np.ndarray) -> np.ndarray:
    """Where the slope of a row is hardly one, at a point and both its neighbours [runs, points]."""
    size = np.abs(finite(slope))
    flat = size <= FLAT * np.nanmax(np.where(np.isnan(size), 0.0, size), axis=1, keepdims=True)
    inner = flat[:, 1:-1] & flat[:, :-2] & flat[:, 2:]
    return np.pad(inner, ((0, 0), (1, 1)), mode="edge")


def finite(curve: np.ndarray) -> np.ndarray:
    """The curve with a gap where it is infinite."""
    return np.where(np.isfinite(curve), curve, np.nan)
