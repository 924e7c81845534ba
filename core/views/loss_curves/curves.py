"""Losses side by side: value, pull and curvature on one x axis, every parameter and a probe on a slider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.losses import FAMILIES, LOSSES, losses_of
from core.losses.axis import RESIDUAL, Axis
from core.stage import Pick, Reading, Slider, Stage, Text
from core.views.kit import theme
from core.views.kit.canvas import Canvas
from core.views.kit.theme import Stroke
from core.views.kit.view import OneOf, SomeOf, View, listed
from core.views.loss_curves.sampled_loss import KINK_OFFSET, Bend, bend, own_sliders
from core.views.loss_curves.scale import SCALES, Scale

PROBE = "probe"
HEIGHT = 520  # pixels
TANGENT = 0.1  # half a tangent's length, of the window
TOLD = 3  # losses named in the sentence under the picture
MOST = 6  # losses in one picture: beyond that nobody tells the curves apart


def sliders(axis: Axis, losses: Sequence[str]) -> tuple[Slider, ...]:
    """Every parameter of every chosen loss, then the probe."""
    own = {slider.key: slider for key in losses for slider in own_sliders(LOSSES[key])}
    start = int(np.argmin(np.abs(axis.stops - axis.start)))
    return (
        *own.values(),
        Slider(key=PROBE, label=f"{axis.noun} {axis.symbol} to inspect", values=axis.stops, start=start),
    )


def curves(axis: Axis, losses: Sequence[str], scale_name: str, curvature: bool) -> Stage:
    scale = Scale(scale_name)
    bents = [bend(LOSSES[key], axis) for key in losses]
    panels = scale.panels(bents, axis, curvature)
    canvas = Canvas(panels, axis.title, axis.symbol, x_low=axis.low, x_high=axis.high, height=HEIGHT)
    arrays: dict[str, np.ndarray] = {"stops": axis.stops}
    arrays["stem"] = np.repeat(axis.stops[:, None], 2, axis=-1)
    for number, panel in enumerate(panels):
        arrays[f"height {number}"] = np.array([panel.low, panel.high])
        canvas.thin("probe", Pick("stem", (PROBE,)), Pick(f"height {number}"), Stroke(theme.NEUTRAL, "dot"), number)
    for bent in bents:
        draw(canvas, arrays, bent, axis, scale, curvature)
    return canvas.stage(
        name="Loss curves",
        alt=describe(bents, axis),
        arrays=arrays,
        sliders=sliders(axis, losses),
        summary=notice(bents, axis, scale),
        headings=scale.headings,
        readings=tuple(reading(bent) for bent in bents),
        table=lambda values: table(bents, axis, values),
    )


def draw(canvas: Canvas, arrays: dict[str, np.ndarray], bent: Bend, axis: Axis, scale: Scale, curvature: bool) -> None:
    key, loss, looks = bent.loss.key, bent.loss, theme.look(bent.loss.key)
    shift, size = scale.shift_and_size(bent)
    at_probe = (bent.probe_value - shift) / size
    slope = bent.probe_grad / size * axis.stretch(axis.stops)
    reach = TANGENT * (axis.high - axis.low)
    arrays |= {
        f"{key} x": tidy(bent.x),
        f"{key} value": scale.values(bent) if scale.name == "log" else tidy(scale.values(bent)),
        f"{key} grad": scale.slopes(bent, bent.grad),
        f"{key} at probe": at_probe,
        f"{key} pull at probe": bent.probe_grad / size,
    }
    x = Pick(f"{key} x", bent.keys if bent.x.ndim > 1 else ())
    canvas.line(loss.name, x, Pick(f"{key} value", bent.keys), looks)
    canvas.line(loss.name, x, Pick(f"{key} grad", bent.keys), looks, panel=1)
    if curvature:
        arrays[f"{key} curvature"] = scale.slopes(bent, bent.curvature)
        canvas.line(loss.name, x, Pick(f"{key} curvature", bent.keys), looks, panel=2)
    dots = ["at probe", "pull at probe"]
    if scale.name == "log":  # sizes, and only of what is not 0; the key beside the picture keeps the sign
        dots = ["dot", "pull dot"]
        arrays[f"{key} dot"] = scale.visible(at_probe)
        arrays[f"{key} pull dot"] = scale.visible(np.abs(bent.probe_grad))
    else:  # a tangent is no straight line on a log axis
        arrays["span"] = np.stack([axis.stops - reach, axis.stops + reach], axis=-1)
        arrays[f"{key} tangent"] = np.stack([at_probe - slope * reach, at_probe + slope * reach], axis=-1)
        tangent = Pick(f"{key} tangent", (*bent.keys, PROBE))
        canvas.thin(f"{loss.name} tangent", Pick("span", (PROBE,)), tangent, Stroke(looks.colour))
    for panel, name in enumerate(dots):
        y = Pick(f"{key} {name}", (*bent.keys, PROBE))
        canvas.dots(f"{loss.name} probe", Pick("stops", (PROBE,)), y, looks.colour, panel, hoverinfo="skip")
    if bent.kinks.shape[-1]:
        arrays[f"{key} kinks"] = bent.kinks
        arrays[f"{key} kink values"] = (bent.kink_values - shift) / size
        kinks, heights = Pick(f"{key} kinks", bent.keys), Pick(f"{key} kink values", bent.keys)
        canvas.dots(f"{loss.name} kink", kinks, heights, looks.colour, size=8, symbol="diamond-open", hoverinfo="skip")


def tidy(array: np.ndarray) -> np.ndarray:
    """Without the hair's breadth by which a curve is sampled beside its kink: the pointer would read it out."""
    return np.where(np.abs(array) <= 2 * KINK_OFFSET, 0.0, array)


def reading(bent: Bend) -> Reading:
    looks = theme.look(bent.loss.key)
    picks = [Pick(f"{bent.loss.key} {name}", (*bent.keys, PROBE)) for name in ("at probe", "pull at probe")]
    cells = tuple(Text(template="{n}", slots={"n": pick}) for pick in picks)
    return Reading(name=bent.loss.short, colour=looks.colour, dash=looks.dash, cells=cells)


def describe(bents: Sequence[Bend], axis: Axis) -> str:
    names = ", ".join(bent.loss.name for bent in bents)
    return (
        f"Curves of {names} over the {axis.title} from {axis.low:g} to {axis.high:g}, and below them their gradients. "
        "A diamond marks a corner, where the slope jumps. A slider moves a dotted line along the axis; the table "
        "beside "
        "the picture gives each loss and gradient there."
    )


def notice(bents: Sequence[Bend], axis: Axis, scale: Scale) -> Text:
    """The gradient of each loss at this prediction, and what its sign means; what a diamond is where there is one."""
    told = bents[:TOLD]
    slots: dict[str, Pick] = {"x": Pick("stops", (PROBE,))}
    for number, bent in enumerate(told):
        slots[f"n{number}"] = Pick(f"{bent.loss.key} pull at probe", (*bent.keys, PROBE))
    gradients = listed([f"{{n{number}}} for {bent.loss.short}" for number, bent in enumerate(told)])
    units = ", divided by the loss's average," if scale.name == "normalised" else ""
    lesson = (
        f"A positive gradient means that a step lowers the {axis.lowers}, a negative one that it raises it. "
        "The larger the gradient, the more this example counts."
    )
    corner = " ◇ corner, where the slope jumps." if any(bent.kinks.shape[-1] for bent in bents) else ""
    return Text(template=f"At {axis.symbol} = {{x}}, the gradient{units} is {gradients}. {lesson}{corner}", slots=slots)


def table(bents: Sequence[Bend], axis: Axis, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The curves at these values of the sliders, at every stop of the probe, in full precision."""
    columns = {axis.symbol: axis.stops}
    for bent in bents:
        at = tuple(
            slider.frame(values[slider.key]) if slider.key in values else slider.start for slider in bent.sliders
        )
        columns[f"{bent.loss.key} value"] = bent.probe_value[at]
        columns[f"{bent.loss.key} gradient"] = bent.probe_grad[at]
    return columns


def binary_axis(x: str, truth: str) -> Axis:
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
    name="Regression",
    params=(picker("regression", ("squared_error", "absolute_error", "huber")), SCALE, CURVATURE),
    sliders=lambda *, losses, **_: sliders(RESIDUAL, losses),
    stage=lambda *, losses, scale, curvature: curves(RESIDUAL, losses, scale, curvature == "on"),
    height=HEIGHT,
)

binary_curves = View(
    name="Binary",
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
    sliders=lambda *, losses, x, truth, **_: sliders(binary_axis(x, truth), losses),
    stage=lambda *, losses, x, truth, scale, curvature: curves(binary_axis(x, truth), losses, scale, curvature == "on"),
    height=HEIGHT,
)
