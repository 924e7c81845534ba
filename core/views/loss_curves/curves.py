"""Losses side by side: value, gradient and curvature on one x axis, every parameter and a probe on a slider."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.expression.typed_loss import loss_of
from core.losses import Loss
from core.losses.axis import LossAxis
from core.losses.sampled import SampledLoss, without_offset
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Task, Text
from core.views.kit import theme
from core.views.kit.cards import loss_cards
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.loss_sliders import loss_sliders, probe_slider, truth_slider
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.loss_curves.scale import TITLES, Scale

HEIGHT = 520  # pixels
HEIGHTS = {2: (238, 176), 3: (163, 121, 96)}  # pixels of the panels, from top to bottom, by their number
GAP = 34  # pixels between panels: the x axis is titled once, below them all
TANGENT = 0.1  # half a tangent's length, of the window
NAMED = 3  # losses in the sentence under the picture
MAX_FRAMES, FEWEST = 400, 3  # combinations of the values of a loss's sliders, and values of one of several
MAX_CURVES = 6  # losses in one picture: beyond that nobody tells the curves apart


@dataclass(frozen=True)
class Curves:
    """The picture of some losses on one axis."""

    x: LossAxis
    losses: Sequence[str]
    scale: Scale
    curvature: bool

    @cached_property
    def probe(self) -> Slider:
        return probe_slider(self.x)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """Every parameter of every loss, then the probe; losses that look at the true value share its slider."""
        own = {slider.key: slider for key in self.losses for slider in own_sliders(loss_of(key))}
        return (*own.values(), self.probe)

    def stage(self, _: Mapping[str, float]) -> Stage:
        losses = [sampled_loss(loss_of(key), self.x) for key in self.losses]
        curves = [self.scale.curves(loss, curvature=self.curvature) for loss in losses]
        probed = {loss.loss.key: self.at_probe(loss) for loss in losses}
        panels = self.panels(losses, curves)
        plot = Plot(rows([[panel] for panel in panels], gap=GAP), hover="x unified", left=52)
        plot.upright("probe", self.probe, panels)
        for loss, own in zip(losses, curves, strict=True):
            self.draw(plot, panels, loss, own, probed[loss.loss.key])
        return plot.stage(
            name="Loss curves",
            alt=alt(losses, self.x),
            sliders=self.sliders,
            task=self.task(),
            cards=loss_cards(self.losses, self.sliders),
            summary=self.summary(losses, [gradient for _, gradient, *_ in probed.values()]),
            headings=self.scale.headings,
            table=lambda values: self.table(losses, values),
        )

    def panels(self, losses: Sequence[SampledLoss], curves: Sequence[Sequence[np.ndarray]]) -> list[Panel]:
        """A panel for each of the losses' curves, on axes that suit all of them."""
        x = axis(self.x.title, (self.x.low, self.x.high), zeroline=True, nticks=None,
                 unifiedhovertitle={"text": f"{self.x.symbol} = %{{x:.3~g}}"})  # fmt: skip
        size = ", absolute value (log axis)" if self.scale.log else ""
        titles = [TITLES[self.scale.name], f"{self.x.gradient}{size}", "Curvature: the second derivative"]
        found = []
        for place, height in enumerate(HEIGHTS[len(curves[0])]):
            usual = [loss.usual(own[place]) for loss, own in zip(losses, curves, strict=True)]
            found.append(Panel(x, self.scale.axis(usual), titles[place], height=height))
        return found

    def draw(
        self,
        plot: Plot,
        panels: Sequence[Panel],
        loss: SampledLoss,
        curves: Sequence[np.ndarray],
        probed: Sequence[Live],
    ) -> None:
        """The curves of one loss, its probe with a tangent, its corners, and its numbers in the key."""
        name, look, own = loss.loss.name, theme.look(loss.loss.key), own_sliders(loss.loss)
        x = Live(without_offset(loss.x), own if loss.x.ndim > 1 else ())
        for panel, curve in zip(panels, curves, strict=True):
            plot.line(panel, name, x, Live(curve, own), look)
        value, gradient, *_ = probed
        if not self.scale.log:  # a tangent is no straight line on a log axis
            self.draw_tangent(plot, panels[0], loss.loss, value, gradient)
        stops = Live(self.x.stops, self.probe)
        for panel, number in zip(panels, probed, strict=True):
            dot = Live(self.scale.drawn(number.array, size=number is not value), number.sliders)
            plot.drag(plot.dots(panel, f"{name} probe", stops, dot, look.colour, hoverinfo="skip"), x=self.probe)
        if np.isfinite(loss.kinks).any():
            kinks, heights = Live(loss.kinks, own), Live(self.scale.value(loss, loss.kink_values), own)
            plot.dots(panels[0], f"{name} kink", kinks, heights, look.colour, size=8, symbol="diamond-open",
                      hoverinfo="skip")  # fmt: skip
            plot.explain("◇", "corner: the slope or the curvature jumps")
        plot.reading(loss.loss.short, look, value, gradient)

    def at_probe(self, loss: SampledLoss) -> list[Live]:
        """The value, the gradient and, if it is drawn, the curvature of a loss where the probe stands."""
        by = (*own_sliders(loss.loss), self.probe)
        slopes = [loss.loss.grad, *([loss.loss.curvature] if self.curvature else [])]
        value = Live(self.scale.value(loss, loss.at(loss.loss.value, self.x.stops)), by)
        return [value, *(Live(self.scale.slope(loss, loss.at(slope, self.x.stops)), by) for slope in slopes)]

    def draw_tangent(self, plot: Plot, panel: Panel, loss: Loss, value: Live, gradient: Live) -> None:
        """A short line through the probe, as steep as the curve."""
        reach = TANGENT * (self.x.high - self.x.low)
        rise = gradient.array * self.x.stretch(self.x.stops) * reach
        span = Live(np.stack([self.x.stops - reach, self.x.stops + reach], axis=-1), self.probe)
        tangent = Live(np.stack([value.array - rise, value.array + rise], axis=-1), value.sliders)
        plot.thin(panel, f"{loss.name} tangent", span, tangent, Stroke(theme.look(loss.key).colour))

    def task(self) -> Task:
        if "huber" in self.losses and not self.scale.log:
            return Task(
                "Drag Huber δ to 0.2.", "Away from 0 its gradient is flat, as MAE's is: it is ±δ, and MAE's is ±1."
            )
        return Task(
            f"Drag the dotted line, or “{self.probe.label}”, from one end to the other.",
            "Some gradients grow with the error. Others stay the same, or fall.",
        )

    def summary(self, losses: Sequence[SampledLoss], gradients: Sequence[Live]) -> Text:
        """The gradient of each loss at the probe, and what its sign means."""
        named = losses[:NAMED]
        each = join_words([f"{{}} for {loss.loss.short}" for loss in named])
        units = ", divided by the loss's average," if self.scale.name == "normalised" else ""
        return Text(
            f"At {self.x.symbol} = {{}}, the gradient{units} is {each}. A positive gradient means that a step lowers "
            f"the {self.x.lowers}, a negative one that it raises it. The larger the gradient, the more this example "
            "counts.",
            Live(self.x.stops, self.probe),
            *gradients[:NAMED],
        )

    def table(self, losses: Sequence[SampledLoss], values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The curves at these values of the sliders, at every stop of the probe, in full precision."""
        columns = {self.x.symbol: self.x.stops}
        for loss in losses:
            at = tuple(slider.frame_at(values) for slider in own_sliders(loss.loss))
            columns[f"{loss.loss.key} value"] = loss.at(loss.loss.value, self.x.stops)[at]
            columns[f"{loss.loss.key} gradient"] = loss.at(loss.loss.grad, self.x.stops)[at]
        return columns


def own_sliders(loss: Loss) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, and the shared one of the true value where the loss looks at it.

    There is a curve for each combination of their values, of several parameters with fewer values each.
    """
    truth = () if loss.of_residual else truth_slider(loss.family)
    rest = MAX_FRAMES / math.prod(len(slider.values) for slider in truth)
    return loss_sliders(loss, most=max(FEWEST, int(rest ** (1 / max(1, len(loss.params)))))) + truth


def sampled_loss(loss: Loss, x: LossAxis) -> SampledLoss:
    """A loss at every combination of its sliders' values."""
    own = {slider.name: slider.values for slider in own_sliders(loss)}
    return SampledLoss(loss, x, {param.name: own[param.name] for param in loss.params}, own.get("target"))


def alt(losses: Sequence[SampledLoss], x: LossAxis) -> str:
    names = ", ".join(loss.loss.name for loss in losses)
    return (
        f"Curves of {names} over the {x.title} from {x.low:g} to {x.high:g}, and below them their gradients. "
        "A diamond marks a corner: the slope or the curvature jumps. A slider moves a dotted line along the axis. The "
        "table beside the picture gives each loss and gradient there."
    )
