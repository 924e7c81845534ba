"""The question of the fitted lines: which of them the outliers move most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.expression.typed_loss import loss_of
from core.models.outlier_fits import OutlierData
from core.sentences import join_words, number_text
from core.stage import Live, Question, Slider, Sweep, Text
from core.views.loss_curves.outlier_fits import Fits

TIE, NOBODY = "A tie", "None"
ALIKE, STILL = 1e-6, 1e-7  # of the longest way, and of the target: a smaller difference is the solver's


@dataclass(frozen=True, eq=False)
class Ways:
    """How far the line of a loss moves while the outliers are dragged from one end of their slider to the other."""

    by: tuple[Slider, ...]  # the sliders of all axes; none in a sweep, which has only those around its centre
    far: np.ndarray  # the longest way of any of its points
    gradient: np.ndarray  # the size of that of an outlier at the upper end


def ways(key: str, fits: Fits, data: OutlierData, outlier: Slider) -> Ways:
    """Those of one loss."""
    by: tuple[Slider, ...] = ()
    if isinstance(fits.by, Sweep):
        lines = fits.lines[fits.by.arm(outlier.key)]
        params = {slider.name: np.array(slider.at(fits.by.centre)) for slider in fits.by.sliders[:-2]}
    else:
        *own, _, count = fits.by
        lines, by = np.moveaxis(fits.lines, -3, 0), (*own, count)
        grid: Sequence[np.ndarray] = np.ix_(*(slider.values for slider in by))
        params = {slider.name: values for slider, values in zip(own, grid, strict=False)}
    at_ends = lines[..., :1] + lines[..., 1:] * data.ends
    prediction = lines[-1, ..., 0] + lines[-1, ..., 1] * data.outlier_x
    gradient = loss_of(key).grad(prediction, np.full_like(prediction, data.places[-1]), **params)
    return Ways(by, np.ptp(at_ends, axis=0).max(axis=-1), np.abs(gradient))


def question(found: Mapping[str, Fits], data: OutlierData, outlier: Slider) -> Question:
    """Which line moves most, of these losses, at all values of their own sliders and of the number of outliers."""
    names = [loss_of(key).short for key in found]
    each = [ways(key, fits, data, outlier) for key, fits in found.items()]
    by = in_one_order(each)
    low, high = data.places[0], data.places[-1]
    first, last = number_text(low), number_text(high)
    moves, sizes = join_words([f"{{}} for {name}" for name in names]), join_words(["{}"] * len(names))
    return Question(
        text="Which line will the outliers move most?",
        options=(*names, TIE, NOBODY),
        answer=Live(farthest([along(one, by) for one in each]), tuple(by.values())),
        why=Text(
            f"Dragged from {first} to {last}, they move the lines by up to {moves}. An outlier at {last} has a "
            f"gradient of size {sizes}.",
            *(Live(one.far, one.by) for one in each),
            *(Live(one.gradient, one.by) for one in each),
        ),
        reveal=outlier.key,
        at=float(high),
        waits_at=float(low),
    )


def in_one_order(each: Sequence[Ways]) -> dict[str, Slider]:
    """The sliders of all of them by key, the number of outliers last."""
    own = {slider.key: slider for one in each for slider in one.by[:-1]}
    return own | {slider.key: slider for one in each for slider in one.by[-1:]}


def along(one: Ways, by: Mapping[str, Slider]) -> np.ndarray:
    """Its longest ways on the axes of all sliders."""
    mine = [slider.key for slider in one.by]
    shape = [len(slider.values) for slider in by.values()]
    axes = [len(slider.values) if key in mine else 1 for key, slider in by.items()]
    return np.broadcast_to(one.far.reshape(axes), shape)


def farthest(found: Sequence[np.ndarray]) -> np.ndarray:
    """The number of the one with the longest way; after them come several, and none."""
    far = np.stack(found)
    longest = far.max(axis=0)
    first = far >= longest * (1 - ALIKE)
    answer = np.where(first.sum(axis=0) > 1, len(far), first.argmax(axis=0))
    return np.where(longest > STILL, answer, len(far) + 1)
