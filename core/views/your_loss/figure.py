"""The curves of a typed loss: value, gradient and curvature, beside losses of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.expression.typed_loss import TypedLoss
from core.looks import free_look
from core.losses import FAMILIES, LOSSES
from core.losses.axis import LossAxis
from core.record import HUES
from core.stage import Live, Slider, Stage, Sweep, Task
from core.views.kit import theme
from core.views.kit.layout import Axis, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.your_loss import texts

HEIGHTS, GAP = (150, 112, 84), 34  # pixels of the panels from top to bottom, and between them
HEIGHT = 520
TITLES = ("Loss", "", "Curvature: the second derivative")  # of the panels; the gradient's is the axis's own
USUAL = 4.0  # half a window in which a curve decides how high the axis is
ROOM = 0.08  # of the height, above and below the curves
HIGHEST = 1e3  # of an axis
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
        found = [Slider.of(one, label=f"Parameter {one.symbol}", recomputed=True) for one in self.loss.params]
        truths = np.array(FAMILIES[self.loss.family].truths)
        if truths.size and not self.loss.of_residual:
            start = int(np.argmin(np.abs(truths - 3)))
            found.append(Slider(name="target", label="True value y", values=truths, start=start, recomputed=True))
        return tuple(found)

    @cached_property
    def probe(self) -> Slider:
        start = int(np.argmin(np.abs(self.x.stops - self.x.start)))
        return Slider(name="probe", label=f"{self.x.noun} {self.x.symbol} to inspect", values=self.x.stops, start=start)

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
        hue = free_look(self.loss.key, HUES, [theme.looks()[key] for key in picture.beside])
        self.look = Stroke(theme.COLOURS[hue.hue])
        self.curves = self.at(self.x.grid)
        self.panels = [self.panel(place) for place in range(len(HEIGHTS))]
        self.plot = Plot(rows([[panel] for panel in self.panels], gap=GAP), hover="x unified", left=52)

    def at(self, x: np.ndarray) -> list[np.ndarray]:
        """Value, gradient and curvature at x [points], in each run: [runs, points]."""
        values = {slider.name: self.sweep.values[slider.key][:, None] for slider in self.picture.own}
        pred, target = self.x.to_loss(x, values.pop("target", np.zeros((len(self.sweep), 1))))
        found = (self.loss.value, self.loss.grad, self.loss.curvature)
        return [np.broadcast_to(method(pred, target, **values), (len(self.sweep), len(x))) for method in found]

    def panel(self, place: int) -> Panel:
        """A panel as high as the curves ask for in the middle of the axis, at the centre."""
        title = {"text": f"{self.x.symbol} = %{{x:.3~g}}"}
        x = self.shared_x if place else self.shared_x | {"unifiedhovertitle": title}
        return Panel(self.shared_x if place else x, self.upright(place), TITLES[place] or self.x.gradient, HEIGHTS[place])

    @cached_property
    def shared_x(self) -> Axis:
        return axis(self.x.title, (self.x.low, self.x.high), zeroline=True, nticks=None,
                    unifiedhovertitle={"text": f"{self.x.symbol} = %{{x:.3~g}}"})  # fmt: skip

    def upright(self, place: int) -> Axis:
        shown = self.curves[place][0][np.abs(self.x.grid) <= USUAL]
        shown = np.clip(shown[np.isfinite(shown)], -HIGHEST, HIGHEST)
        low, high = (shown.min(), shown.max()) if shown.size else (-1.0, 1.0)
        room = ROOM * (high - low or 1.0)
        return axis(ends=(low - room, high + room), zeroline=True, nticks=5)

    def stage(self) -> Stage:
        self.plot.upright("probe", self.picture.probe, self.panels)
        for key in self.picture.beside:
            self.draw_beside(key)
        numbers = self.at(self.x.stops)
        for panel, curve, probed in zip(self.panels, self.curves, numbers, strict=True):
            self.plot.line(panel, self.loss.name, self.x.grid, Live(finite(curve), self.sweep), self.look, width=3.5)
            dot = Live(finite(probed), (self.sweep, self.picture.probe))
            self.plot.drag(self.plot.dots(panel, "probe", Live(self.x.stops, self.picture.probe), dot,
                                          self.look.colour, hoverinfo="skip"), x=self.picture.probe)  # fmt: skip
        at_probe = [Live(one, (self.sweep, self.picture.probe)) for one in numbers]
        self.plot.reading(self.loss.short, self.look, *at_probe)
        self.plot.explain("●", "drag it along the axis")
        return self.plot.stage(
            name="Your loss",
            alt=f"The curve of a typed loss over the {self.x.title}, and below it its gradient and its curvature. "
            "The table beside the picture gives the three where a dotted line stands, which a slider moves.",
            sliders=self.picture.sliders,
            task=Task("Change a letter of the formula.", "The curve and its gradient follow while you type."),
            summary=texts.summary(self.x, self.picture.probe, *at_probe[:2]),
            headings=HEADINGS,
            cards=texts.cards(self.loss, self.picture.own),
            centre=self.centre,
            table=self.table,
        )

    def draw_beside(self, key: str) -> None:
        """The curves of a loss of the catalogue, its parameters at their starts, where the true value is the centre's."""
        loss, look = LOSSES[key], theme.look(key)
        truth = np.array(self.picture.own[-1].at(self.centre) if "target" in self.names else 3.0)
        pred, target = self.x.to_loss(self.x.grid, truth)
        inside = loss.pred_domain.mask(pred)
        cells = []
        for panel, method in zip(self.panels, (loss.value, loss.grad, loss.curvature), strict=True):
            y = np.full(len(pred), np.nan)
            y[inside] = method(pred[inside], np.broadcast_to(target, pred.shape)[inside], **loss.starts)
            self.plot.line(panel, loss.name, self.x.grid, y, look, width=2)
            cells.append(Live(np.interp(self.x.stops, self.x.grid, y), self.picture.probe))
        self.plot.reading(loss.short, look, *cells)

    @property
    def names(self) -> set[str]:
        return {slider.name for slider in self.picture.own}

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The three curves of the typed loss at these values, at every stop of the probe."""
        found = TypedLossFigure(self.picture, values).at(self.x.stops)
        return {self.x.symbol: self.x.stops} | dict(zip(HEADINGS, (one[0] for one in found), strict=True))


def finite(curve: np.ndarray) -> np.ndarray:
    """The curve with a gap where it is infinite."""
    return np.where(np.isfinite(curve), curve, np.nan)
