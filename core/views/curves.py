"""Losses side by side: value, pull and curvature on one x axis, every parameter and a probe on a reel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.losses import LOSSES, Loss
from core.numerics import sigmoid
from core.stage import Pick, Reading, Reel, Stage, Text
from core.views import theme
from core.views.canvas import Canvas, Panel
from core.views.contract import OneOf, SomeOf, View, listed

PROBE, TARGET = "probe", "target"
HAIR = 1e-6  # a curve is drawn from both sides of a kink, so that a jump is a vertical line
HEIGHT = 520  # pixels
TANGENT = 0.1  # half a tangent's length, of the window
TARGETS = np.arange(0.5, 10.01, 0.5)  # true values, for losses that depend on more than the residual
SCALES = {"raw": "Raw", "normalised": "Normalised", "log": "Log"}
TOLD = 3  # losses named in the sentence under the picture
MOST = 6  # losses in one picture: beyond that nobody tells the curves apart


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What x means, and how a point of it is given to a loss."""

    title: str
    symbol: str  # in a sentence
    grid: np.ndarray  # float64 [points]: where curves are drawn
    stops: np.ndarray  # float64 [frames]: where the probe can stand
    start: float
    to_loss: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]  # x, true value -> pred, target
    stretch: Callable[[np.ndarray], np.ndarray]  # d pred / d x
    from_kink: Callable[[np.ndarray], np.ndarray]  # where a loss's kink lies on x
    pull: str

    @property
    def low(self) -> float:
        return float(self.stops[0])

    @property
    def high(self) -> float:
        return float(self.stops[-1])


def around_zero(reach: float, points: int, focus: float) -> np.ndarray:
    """Points from -reach to reach, closer together around 0, where small parameters bend the curves."""
    return reach * np.sinh(focus * np.linspace(-1, 1, points)) / np.sinh(focus)


RESIDUAL = Axis(
    title="residual r = prediction − truth",
    symbol="r",
    grid=around_zero(6.0, 161, 2.0),
    stops=np.round(np.linspace(-6, 6, 121), 10),
    start=3.0,
    to_loss=lambda r, truth: (truth + r, truth),
    stretch=np.ones_like,
    from_kink=lambda kink: kink,
    pull="Pull: the gradient dL/dr",
)


def score_axis(truth: int) -> Axis:
    side = 2 * truth - 1
    return Axis(
        title=f"raw score z, truth y = {truth}",
        symbol="z",
        grid=around_zero(6.0, 141, 1.5),
        stops=np.round(np.linspace(-6, 6, 121), 10),
        start=-3.0 * side,
        to_loss=lambda z, _: (z, np.float64(truth)),
        stretch=np.ones_like,
        from_kink=lambda margin: side * margin,
        pull="Pull on the score: dL/dz",
    )


def probability_axis(truth: int) -> Axis:
    side = 2 * truth - 1
    return Axis(
        title=f"predicted probability p = sigmoid(z), truth y = {truth}",
        symbol="p",
        grid=sigmoid(around_zero(6.9, 141, 0.5)),
        stops=np.round(np.linspace(0.01, 0.99, 99), 10),
        start=0.05 if truth else 0.95,
        to_loss=lambda p, _: (np.log(p) - np.log1p(-p), np.float64(truth)),
        stretch=lambda p: 1 / (p * (1 - p)),
        from_kink=lambda margin: sigmoid(side * margin),
        pull="Pull on the score: dL/dz",
    )


def binary_axis(x: str, truth: str) -> Axis:
    return (score_axis if x == "score" else probability_axis)(int(truth))


@dataclass(frozen=True, kw_only=True)
class Bend:
    """One loss in every frame of its own reels: [*frames, points], and at every stop of the probe: [*frames, stops]."""

    loss: Loss
    reels: tuple[Reel, ...]
    x: np.ndarray
    value: np.ndarray
    grad: np.ndarray
    curvature: np.ndarray
    kinks: np.ndarray  # [*frames, kinks]
    kink_values: np.ndarray
    probe_value: np.ndarray
    probe_grad: np.ndarray
    twice: np.ndarray  # value at 2x / value at x

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(reel.key for reel in self.reels)


def own_reels(loss: Loss) -> tuple[Reel, ...]:
    """A reel for each parameter of a loss, and the shared one of the true value where the loss looks at it."""
    colour = theme.look(loss.key).colour
    own = [
        Reel.of(param, key=f"{loss.key}.{param.name}", label=f"{loss.short} {param.symbol}", colour=colour)
        for param in loss.params
    ]
    if loss.family == "regression" and not loss.of_residual:
        own.append(Reel(key=TARGET, label="True value y", values=TARGETS, start=int(np.argmin(abs(TARGETS - 3)))))
    return tuple(own)


def kinks_by_frame(loss: Loss, frames: tuple[int, ...], params: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where the loss is not smooth in each frame, [*frames, kinks]; NaN where a frame has fewer than another."""
    numbers = {name: np.broadcast_to(array[..., 0], frames) for name, array in params.items()}
    found = [loss.kinks(**{name: float(array[at]) for name, array in numbers.items()}) for at in np.ndindex(frames)]
    most = max(map(len, found))
    return np.array([(*kinks, *[np.nan] * (most - len(kinks))) for kinks in found]).reshape(*frames, most)


def bend(loss: Loss, axis: Axis) -> Bend:
    own = own_reels(loss)
    grids = np.meshgrid(*(reel.values for reel in own), indexing="ij") if own else []
    frames = tuple(len(reel.values) for reel in own)
    at = {reel.key: grid[..., None] for reel, grid in zip(own, grids, strict=True)}
    params = {param.name: at[f"{loss.key}.{param.name}"] for param in loss.params}
    truth = at.get(TARGET, np.float64(0))

    def evaluate(method: Callable[..., np.ndarray], x: np.ndarray) -> np.ndarray:
        # Outside the loss's domain there is no curve: those points are NaN, and drawn as a gap.
        pred, target, _, *spread = np.broadcast_arrays(*axis.to_loss(x, truth), np.empty((*frames, 1)), *params.values())
        inside = loss.pred_domain.mask(pred)
        found = np.full(pred.shape, np.nan)
        found[inside] = method(
            pred[inside], target[inside], **{name: array[inside] for name, array in zip(params, spread, strict=True)}
        )
        return found

    kinks = axis.from_kink(kinks_by_frame(loss, frames, params))
    shared = np.broadcast_to(axis.grid, (*frames, len(axis.grid)))
    sides = np.nan_to_num(np.concatenate([kinks - HAIR, kinks + HAIR], axis=-1), nan=axis.grid[0])
    x = np.clip(np.sort(np.concatenate([shared, sides], axis=-1), axis=-1), axis.grid[0], axis.grid[-1])
    if not np.ptp(x.reshape(-1, x.shape[-1]), axis=0).any():
        x = x.reshape(-1, x.shape[-1])[0]  # the kinks do not move: one row serves every frame
    probe_value = evaluate(loss.value, axis.stops)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 where the loss is 0: there is no such ratio
        twice = evaluate(loss.value, 2 * axis.stops) / probe_value if axis is RESIDUAL else np.empty((*frames, 0))
    return Bend(
        loss=loss,
        reels=own,
        x=x,
        value=evaluate(loss.value, x),
        grad=evaluate(loss.grad, x),
        curvature=evaluate(loss.curvature, x),
        kinks=kinks,
        kink_values=np.where(np.isnan(kinks), np.nan, evaluate(loss.value, np.nan_to_num(kinks))),
        probe_value=probe_value,
        probe_grad=evaluate(loss.grad, axis.stops),
        twice=twice,
    )


@dataclass(frozen=True)
class Scale:
    """How values and slopes are shown: as they are, by each loss's own size, or on log axes."""

    name: str

    def shift_and_size(self, bent: Bend) -> tuple[np.ndarray, np.ndarray]:
        """Normalised: the excess over the loss's least value in the window, in units of its mean excess there."""
        if self.name != "normalised":
            return np.float64(0), np.float64(1)
        least = np.nanmin(bent.value, axis=-1, keepdims=True)
        mean = mean_height(bent.x, bent.value - least)
        return least, np.where(mean > 0, mean, 1.0)

    def panels(self, bents: Sequence[Bend], axis: Axis, curvature: bool) -> list[Panel]:
        named = {"raw": "Loss", "normalised": "Loss, each in units of its own mean", "log": "Loss (log axis)"}
        shown = [Panel(title=named[self.name], weight=1.35, **self._range([self.values(b) for b in bents]))]
        pull = axis.pull + (", size on a log axis" if self.name == "log" else "")
        shown.append(Panel(title=pull, **self._range([self.slopes(b, b.grad) for b in bents])))
        if curvature:
            title = "Curvature: the second derivative"
            shown.append(Panel(title=title, weight=0.8, **self._range([self.slopes(b, b.curvature) for b in bents])))
        return shown

    def values(self, bent: Bend) -> np.ndarray:
        shift, size = self.shift_and_size(bent)
        return self._visible((bent.value - shift) / size)

    def slopes(self, bent: Bend, slope: np.ndarray) -> np.ndarray:
        _, size = self.shift_and_size(bent)
        return self._visible(np.abs(slope) if self.name == "log" else slope / size)

    def _visible(self, array: np.ndarray) -> np.ndarray:
        return np.where(array > 0, array, np.nan) if self.name == "log" else array  # a log axis has no 0

    def _range(self, curves: Sequence[np.ndarray]) -> dict[str, Any]:
        """One window for all frames: a picture whose axes jump while it is dragged cannot be read.

        Its ends come from the losses' own largest values, so that one steep loss does not flatten the others.
        """
        if self.name == "log":
            return {"low": 1e-3, "high": 100.0, "log": True}
        high = clear_view([float(np.nanmax(curve)) for curve in curves])
        low = -clear_view([-float(np.nanmin(curve)) for curve in curves])
        room = 0.05 * (high - low) or 0.5
        return {"low": low - room, "high": high + room}


def mean_height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The area under a curve over the width of the part that is drawn, [..., 1]. (The mean of its points would be drawn
    to where they lie closest.)"""
    there = np.isfinite(y)
    widths = np.where(there[..., 1:] & there[..., :-1], np.diff(x), 0.0)
    heights = np.where(there, y, 0.0)
    area = np.sum(widths * (heights[..., 1:] + heights[..., :-1]) / 2, axis=-1, keepdims=True)
    return area / np.sum(widths, axis=-1, keepdims=True)


def clear_view(peaks: Sequence[float]) -> float:
    """Where to end an axis so that the middle one of several curves fills it."""
    return max(0.0, min(max(peaks), 1.25 * float(np.median(peaks))))


def reels(axis: Axis, losses: Sequence[str]) -> tuple[Reel, ...]:
    """Every parameter of every chosen loss, then the probe."""
    own = {reel.key: reel for key in losses for reel in own_reels(LOSSES[key])}
    start = int(np.argmin(np.abs(axis.stops - axis.start)))
    return (*own.values(), Reel(key=PROBE, label=f"Probe {axis.symbol}", values=axis.stops, start=start))


def curves(axis: Axis, losses: Sequence[str], scale_name: str, curvature: bool) -> Stage:
    scale = Scale(scale_name)
    bents = [bend(LOSSES[key], axis) for key in losses]
    panels = scale.panels(bents, axis, curvature)
    canvas = Canvas(panels=panels, x_title=axis.title, x_low=axis.low, x_high=axis.high, height=HEIGHT)
    arrays: dict[str, np.ndarray] = {"stops": axis.stops}
    span = TANGENT * (axis.high - axis.low)
    arrays["span"] = np.stack([axis.stops - span, axis.stops + span], axis=-1)
    arrays["stem"] = np.repeat(axis.stops[:, None], 2, axis=-1)
    arrays["floor"] = np.array([panels[0].low, panels[0].high])
    arrays["pull floor"] = np.array([panels[1].low, panels[1].high])
    for panel, floor in enumerate(["floor", "pull floor"]):
        canvas.thin("probe", x=Pick("stem", (PROBE,)), y=Pick(floor), colour=theme.NEUTRAL, panel=panel, dash="dot")
    for bent in bents:
        draw(canvas, arrays, bent, axis, scale, curvature)
    if axis is RESIDUAL:
        arrays |= {f"{bent.loss.key} twice": bent.twice for bent in bents[:TOLD]}
    return canvas.stage(
        name="Loss curves",
        alt=describe(bents, axis),
        arrays=arrays,
        reels=reels(axis, losses),
        notice=notice(bents, axis),
        headings=("loss", "pull"),
        readings=tuple(reading(bent) for bent in bents),
        table=lambda values: table(bents, axis, values),
    )


def draw(canvas: Canvas, arrays: dict[str, np.ndarray], bent: Bend, axis: Axis, scale: Scale, curvature: bool) -> None:
    key, loss, looks = bent.loss.key, bent.loss, theme.look(bent.loss.key)
    stroke = {"colour": looks.colour, "dash": looks.dash}
    shift, size = scale.shift_and_size(bent)
    at_probe = (bent.probe_value - shift) / size
    slope = bent.probe_grad / size * axis.stretch(axis.stops)
    span = arrays["span"][0, 1] - axis.stops[0]
    arrays |= {
        f"{key} x": bent.x,
        f"{key} value": scale.values(bent),
        f"{key} grad": scale.slopes(bent, bent.grad),
        f"{key} at probe": at_probe,
        f"{key} pull at probe": bent.probe_grad / size,
    }
    x = Pick(f"{key} x", bent.keys if bent.x.ndim > 1 else ())
    canvas.line(loss.name, x=x, y=Pick(f"{key} value", bent.keys), **stroke)
    canvas.line(loss.name, x=x, y=Pick(f"{key} grad", bent.keys), panel=1, **stroke)
    if curvature:
        arrays[f"{key} curvature"] = scale.slopes(bent, bent.curvature)
        canvas.line(loss.name, x=x, y=Pick(f"{key} curvature", bent.keys), panel=2, **stroke)
    if scale.name != "log":  # a tangent is no straight line on a log axis
        arrays[f"{key} tangent"] = np.stack([at_probe - slope * span, at_probe + slope * span], axis=-1)
        tangent = Pick(f"{key} tangent", (*bent.keys, PROBE))
        canvas.thin(f"{loss.name} tangent", x=Pick("span", (PROBE,)), y=tangent, colour=looks.colour)
        for panel, name in enumerate(["at probe", "pull at probe"]):
            y = Pick(f"{key} {name}", (*bent.keys, PROBE))
            canvas.dots(f"{loss.name} probe", x=Pick("stops", (PROBE,)), y=y, colour=looks.colour, panel=panel,
                        hoverinfo="skip")  # fmt: skip
    if bent.kinks.shape[-1]:
        arrays[f"{key} kinks"] = bent.kinks
        arrays[f"{key} kink values"] = (bent.kink_values - shift) / size
        canvas.dots(f"{loss.name} kink", x=Pick(f"{key} kinks", bent.keys), y=Pick(f"{key} kink values", bent.keys),
                    colour=looks.colour, size=8, symbol="diamond-open", hoverinfo="skip")  # fmt: skip


def reading(bent: Bend) -> Reading:
    looks = theme.look(bent.loss.key)
    picks = [Pick(f"{bent.loss.key} {name}", (*bent.keys, PROBE)) for name in ("at probe", "pull at probe")]
    cells = tuple(Text(template="{n}", slots={"n": pick}) for pick in picks)
    return Reading(name=bent.loss.short, colour=looks.colour, dash=looks.dash, cells=cells)


def describe(bents: Sequence[Bend], axis: Axis) -> str:
    names = ", ".join(bent.loss.name for bent in bents)
    return (
        f"Curves of {names} over the {axis.title} from {axis.low:g} to {axis.high:g}, and below them their slopes. "
        "Diamonds mark kinks. A probe slides along the axis; the table beside the picture reads each curve there."
    )


def notice(bents: Sequence[Bend], axis: Axis) -> Text:
    """What a doubled error costs under each loss; for a classifier, how hard each loss pulls on this score."""
    told = bents[:TOLD]
    slots: dict[str, Pick] = {"x": Pick("stops", (PROBE,))}
    if axis is RESIDUAL:
        for number, bent in enumerate(told):
            slots[f"n{number}"] = Pick(f"{bent.loss.key} twice", (*bent.keys, PROBE))
        costs = listed([f"{{n{number}}} times as much under {bent.loss.short}" for number, bent in enumerate(told)])
        return Text(template=f"Double an error of {{x}} and it costs {costs}.", slots=slots)
    for number, bent in enumerate(told):
        slots[f"n{number}"] = Pick(f"{bent.loss.key} pull at probe", (*bent.keys, PROBE))
    pulls = listed([f"{bent.loss.short} pulls with {{n{number}}}" for number, bent in enumerate(told)])
    return Text(template=f"At {axis.symbol} = {{x}}, {pulls}: a minus sign asks for a higher score.", slots=slots)


def table(bents: Sequence[Bend], axis: Axis, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The curves at these values of the reels, at every stop of the probe, in full precision."""
    columns = {axis.symbol: axis.stops}
    for bent in bents:
        at = tuple(reel.frame(values[reel.key]) if reel.key in values else reel.start for reel in bent.reels)
        columns[f"{bent.loss.key} value"] = bent.probe_value[at]
        columns[f"{bent.loss.key} gradient"] = bent.probe_grad[at]
    return columns


def picker(family: str, default: tuple[str, ...]) -> SomeOf:
    options = {key: loss.name for key, loss in LOSSES.items() if loss.family == family}
    return SomeOf(name="losses", label="Losses", options=options, default=default, most=MOST)


SCALE = OneOf(
    name="scale",
    label="Scale",
    options=SCALES,
    default="raw",
    help="Normalised: each loss less its least value in the window, in units of its mean there. Raw values of "
    "different losses are not comparable; their shapes are.",
)
CURVATURE = OneOf(name="curvature", label="Curvature", options={"off": "Off", "on": "On"}, default="off")

regression_curves = View(
    name="Regression",
    params=(picker("regression", ("squared_error", "absolute_error", "huber")), SCALE, CURVATURE),
    reels=lambda *, losses, **_: reels(RESIDUAL, losses),
    stage=lambda *, losses, scale, curvature: curves(RESIDUAL, losses, scale, curvature == "on"),
    height=HEIGHT,
)

binary_curves = View(
    name="Binary",
    params=(
        picker("binary", ("binary_cross_entropy", "focal", "hinge")),
        OneOf(name="x", label="Axis", options={"score": "Raw score", "probability": "Probability"}, default="score"),
        OneOf(name="truth", label="Truth", options={"1": "y = 1", "0": "y = 0"}, default="1"),
        SCALE,
        CURVATURE,
    ),
    reels=lambda *, losses, x, truth, **_: reels(binary_axis(x, truth), losses),
    stage=lambda *, losses, x, truth, scale, curvature: curves(
        binary_axis(x, truth), losses, scale, curvature == "on"
    ),
    height=HEIGHT,
)
