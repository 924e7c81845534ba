"""One loss sampled along an axis, at every combination of its parameters' values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.losses import FAMILIES, Loss
from core.losses.axis import LossAxis
from core.record import REAL
from core.stage import Slider
from core.views.kit import theme

KINK_OFFSET = 1e-6  # a curve is drawn from both sides of a kink, so that a jump is a vertical line
CLOSER = 16  # times as close as a curve's points lie, for an integral over it
TARGET = "target"
LEAST_USUAL = 0.5  # of true values: a picture's window is made for these, and curves at others may leave it


@dataclass(frozen=True, kw_only=True)
class SampledLoss:
    """One loss in every frame of its own sliders: [*frames, points], and at every stop of the probe: [*frames,
    stops]."""

    loss: Loss
    sliders: tuple[Slider, ...]
    x: np.ndarray
    value: np.ndarray
    grad: np.ndarray
    curvature: np.ndarray
    kinks: np.ndarray  # [*frames, kinks]
    kink_values: np.ndarray
    probe_value: np.ndarray
    probe_grad: np.ndarray
    slope: np.ndarray  # d value / d x, at x
    at: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]  # value and d value / d x at other x [..., points]

    def fine(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, value and slope as closely as an integral over them asks for: a pole is steeper than the eye sees."""
        if self.loss.pred_domain == REAL:
            return self.x, self.value, self.slope
        parts = self.x[..., :-1, None] + np.diff(self.x)[..., None] * np.arange(CLOSER) / CLOSER
        x = np.concatenate([parts.reshape(*self.x.shape[:-1], -1), self.x[..., -1:]], axis=-1)
        there = x >= np.where(np.isfinite(self.value), self.x, np.inf).min(axis=-1, keepdims=True)
        value, slope = (np.where(there, array, np.nan) for array in self.at(x))
        return x, value, slope

    def usual(self, curves: np.ndarray) -> np.ndarray:
        """Of curves [*frames, points], those at true values that are not close to 0."""
        if self.keys[-1:] != (TARGET,):
            return curves
        return curves[..., self.sliders[-1].values >= LEAST_USUAL, :]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(slider.key for slider in self.sliders)


def own_sliders(loss: Loss) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, and the shared one of the true value where the loss looks at it."""
    colour = theme.look(loss.key).colour
    own = [
        Slider.of(param, owner=loss.key, label=f"{loss.short} {param.symbol}", colour=colour) for param in loss.params
    ]
    truths = np.array(FAMILIES[loss.family].truths)
    if truths.size and not loss.of_residual:
        own.append(Slider(name=TARGET, label="True value y", values=truths, start=int(np.argmin(abs(truths - 3)))))
    return tuple(own)


def kinks_by_frame(loss: Loss, frames: tuple[int, ...], params: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where the loss is not smooth in each frame, [*frames, kinks]; NaN where a frame has fewer than another."""
    numbers = {name: np.broadcast_to(array[..., 0], frames) for name, array in params.items()}
    found = [loss.kinks(**{name: float(array[at]) for name, array in numbers.items()}) for at in np.ndindex(frames)]
    most = max(map(len, found))
    return np.array([(*kinks, *[np.nan] * (most - len(kinks))) for kinks in found]).reshape(*frames, most)


def sampled(loss: Loss, axis: LossAxis) -> SampledLoss:
    own = own_sliders(loss)
    grids = np.meshgrid(*(slider.values for slider in own), indexing="ij") if own else []
    frames = tuple(len(slider.values) for slider in own)
    at = {slider.key: grid[..., None] for slider, grid in zip(own, grids, strict=True)}
    params = {param.name: at[f"{loss.key}.{param.name}"] for param in loss.params}
    truth = at.get(TARGET, np.zeros(()))

    def evaluate(method: Callable[..., np.ndarray], x: np.ndarray) -> np.ndarray:
        # Outside the loss's domain there is no curve: those points are NaN, and drawn as a gap.
        everything = (*axis.to_loss(x, truth), np.empty((*frames, 1)), *params.values())
        pred, target, _, *spread = np.broadcast_arrays(*everything)
        inside = loss.pred_domain.mask(pred)
        found = np.full(pred.shape, np.nan)
        found[inside] = method(
            pred[inside], target[inside], **{name: array[inside] for name, array in zip(params, spread, strict=True)}
        )
        return found

    kinks = axis.from_kink(kinks_by_frame(loss, frames, params))
    shared = np.broadcast_to(axis.grid, (*frames, len(axis.grid)))
    sides = np.nan_to_num(np.concatenate([kinks - KINK_OFFSET, kinks + KINK_OFFSET], axis=-1), nan=axis.grid[0])
    x = np.clip(np.sort(np.concatenate([shared, sides], axis=-1), axis=-1), axis.grid[0], axis.grid[-1])
    if not np.ptp(x.reshape(-1, x.shape[-1]), axis=0).any():
        x = x.reshape(-1, x.shape[-1])[0]  # the kinks do not move: one row serves every frame
    grad = evaluate(loss.grad, x)
    return SampledLoss(
        loss=loss,
        sliders=own,
        x=x,
        value=evaluate(loss.value, x),
        grad=grad,
        curvature=evaluate(loss.curvature, x),
        kinks=kinks,
        kink_values=np.where(np.isnan(kinks), np.nan, evaluate(loss.value, np.nan_to_num(kinks))),
        probe_value=evaluate(loss.value, axis.stops),
        probe_grad=evaluate(loss.grad, axis.stops),
        slope=grad * axis.stretch(x),
        at=lambda x: (evaluate(loss.value, x), evaluate(loss.grad, x) * axis.stretch(x)),
    )


def tidy(array: np.ndarray) -> np.ndarray:
    """Without the small offset by which a curve is sampled beside its kink: the pointer would read it out."""
    return np.where(np.abs(array) <= 2 * KINK_OFFSET, 0.0, array)
