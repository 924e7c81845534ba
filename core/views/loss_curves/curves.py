"""Losses side by side: value, gradient and curvature on one x axis, every parameter and a probe on a slider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import FAMILIES, LOSSES, losses_of
from core.losses.axis import RESIDUAL, LossAxis
from core.stage import Live, Slider, Stage, Text
from core.views.kit import theme
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.kit.view import OneOf, SomeOf, View, listed
from core.views.loss_curves.sampled_loss import SampledLoss, own_sliders, sampled, tidy
from core.views.loss_curves.scale import SCALES, Scale

HEIGHT = 520  # pixels
GAP = 34  # pixels between panels: the x axis is titled once, below them all
TANGENT = 0.1  # half a tangent's length, of the window
NAMED = 3  # losses in the sentence under the picture
MOST = 6  # losses in one picture: beyond that nobody tells the curves apart


@dataclass(frozen=True)
class Curves:
    """The picture of some losses on one axis."""

    x: LossAxis
    losses: Sequence[str]
    scale: Scale
    curvature: bool

    @cached_property
    def probe(self) -> Slider:
        start = int(np.argmin(np.abs(self.x.stops - self.x.start)))
        return Slider(name="probe", label=f"{self.x.noun} {self.x.symbol} to inspect", values=self.x.stops, start=start)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """Every parameter of every loss, then the probe; losses that look at the true value share its slider."""
        own = {slider.key: slider for key in self.losses for slider in own_sliders(LOSSES[key])}
        return (*own.values(), self.probe)

    def stage(self, _: Mapping[str, float]) -> Stage:
        losses = [sampled(LOSSES[key], self.x) for key in self.losses]
        ranges = self.scale.ranges(losses, self.x, curvature=self.curvature)
        x = axis(self.x.title, (self.x.low, self.x.high), zeroline=True, nticks=None,
                 unifiedhovertitle={"text": f"{self.x.symbol} = %{{x:.3~g}}"})  # fmt: skip
        panels = [Panel(x, one.axis, one.title, height=one.height) for one in ranges]
        plot = Plot(rows([[panel] for panel in panels], gap=GAP), hover="x unified", left=52)
        plot.upright("probe", self.probe, panels, [one.ends for one in ranges])
        for loss in losses:
            self.draw(plot, panels, loss)
        return plot.stage(
            name="Loss curves",
            alt=alt(losses, self.x),
            sliders=self.sliders,
            summary=self.summary(losses),
            headings=self.scale.headings,
            table=lambda values: table(losses, self.x, values),
        )

    def draw(self, plot: Plot, panels: Sequence[Panel], loss: SampledLoss) -> None:
        """The curves of one loss, its probe with a tangent, its corners, and its numbers in the key."""
        look, name, own = theme.look(loss.loss.key), loss.loss.name, loss.sliders
        x = Live(tidy(loss.x), own if loss.x.ndim > 1 else ())
        plot.line(panels[0], name, x, Live(self.scale.values(loss), own), look)
        plot.line(panels[1], name, x, Live(self.scale.slopes(loss, loss.grad), own), look)
        if self.curvature:
            plot.line(panels[2], name, x, Live(self.scale.slopes(loss, loss.curvature), own), look)
        by = (*own, self.probe)
        stops, value, gradient = Live(self.x.stops, self.probe), self.scale.value_at(loss), self.scale.gradient_at(loss)
        if self.scale.name != "log":  # a tangent is no straight line on a log axis
            reach = TANGENT * (self.x.high - self.x.low)
            rise = gradient * self.x.stretch(self.x.stops) * reach
            span = Live(np.stack([self.x.stops - reach, self.x.stops + reach], axis=-1), self.probe)
            tangent = Live(np.stack([value - rise, value + rise], axis=-1), by)
            plot.thin(panels[0], f"{name} tangent", span, tangent, Stroke(look.colour))
        for panel, number in ((panels[0], value), (panels[1], self.scale.sized(gradient))):
            dot = Live(self.scale.visible(number), by)
            plot.dots(panel, f"{name} probe", stops, dot, look.colour, hoverinfo="skip")
        if loss.kinks.shape[-1]:
            kinks, heights = Live(loss.kinks, own), Live(self.scale.shown(loss, loss.kink_values), own)
            plot.dots(panels[0], f"{name} kink", kinks, heights, look.colour, size=8, symbol="diamond-open",
                      hoverinfo="skip")  # fmt: skip
        plot.reading(loss.loss.short, look, Live(value, by), Live(gradient, by))

    def summary(self, losses: Sequence[SampledLoss]) -> Text:
        """The gradient of each loss at the probe, and what its sign means; what a diamond is where there is one."""
        named = losses[:NAMED]
        gradients = [Live(self.scale.gradient_at(loss), (*loss.sliders, self.probe)) for loss in named]
        each = listed([f"{{}} for {loss.loss.short}" for loss in named])
        units = ", divided by the loss's average," if self.scale.name == "normalised" else ""
        corner = " ◇ corner, where the slope jumps." if any(loss.kinks.shape[-1] for loss in losses) else ""
        return Text(
            f"At {self.x.symbol} = {{}}, the gradient{units} is {each}. "
            f"A positive gradient means that a step lowers the {self.x.lowers}, a negative one that it raises it. "
            f"The larger the gradient, the more this example counts.{corner}",
            Live(self.x.stops, self.probe),
            *gradients,
        )


def alt(losses: Sequence[SampledLoss], x: LossAxis) -> str:
    names = ", ".join(loss.loss.name for loss in losses)
    return (
        f"Curves of {names} over the {x.title} from {x.low:g} to {x.high:g}, and below them their gradients. "
        "A diamond marks a corner, where the slope jumps. A slider moves a dotted line along the axis; the table "
        "beside the picture gives each loss and gradient there."
    )


def table(losses: Sequence[SampledLoss], x: LossAxis, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The curves at these values of the sliders, at every stop of the probe, in full precision."""
    columns = {x.symbol: x.stops}
    for loss in losses:
        at = tuple(slider.frame_at(values) for slider in loss.sliders)
        columns[f"{loss.loss.key} value"] = loss.probe_value[at]
        columns[f"{loss.loss.key} gradient"] = loss.probe_grad[at]
    return columns


def binary_axis(x: str, truth: str) -> LossAxis:
    """The axis of the binary losses: a raw score or a probability of an example with this label."""
    return FAMILIES["binary"].axes[x](int(truth))


def picker(family: str, default: tuple[str, ...]) -> SomeOf:
    options = {key: loss.name for key, loss in losses_of(family).items()}
    return SomeOf(name="losses", label="Losses", options=options, default=default, most=MOST)


SCALE = OneOf(
    name="scale",
    label="Scale",
    options=SCALES,
    default="raw",
    help="Normalised: each loss is shifted so that its lowest value here is 0, then divided by its average. Raw "
    "values of different losses cannot be compared; their shapes can.",
)
CURVATURE = OneOf(name="curvature", label="Curvature", options={"off": "Off", "on": "On"}, default="off")

regression_curves = View(
    name=FAMILIES["regression"].name,
    params=(picker("regression", ("squared_error", "absolute_error", "huber")), SCALE, CURVATURE),
    picture=lambda *, losses, scale, curvature: Curves(RESIDUAL, losses, Scale(scale), curvature == "on"),
    height=HEIGHT,
)

binary_curves = View(
    name=FAMILIES["binary"].name,
    params=(
        picker("binary", ("binary_cross_entropy", "focal", "hinge")),
        OneOf(
            name="x",
            label="Horizontal axis",
            options={"score": "Raw score", "probability": "Probability"},
            default="score",
        ),
        OneOf(name="truth", label="True label", options={"1": "y = 1", "0": "y = 0"}, default="1"),
        SCALE,
        CURVATURE,
    ),
    picture=lambda *, losses, x, truth, scale, curvature: Curves(
        binary_axis(x, truth), losses, Scale(scale), curvature == "on"
    ),
    height=HEIGHT,
)
