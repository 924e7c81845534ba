"""The Landscape record: a function of the plane, its gradient and Hessian, and known facts of its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np

from core.autodiff.jet import Jet
from core.autodiff.tape import Tape, program
from core.record import Documented, Param, Source

Point = tuple[float, float]
Window = tuple[tuple[float, float], tuple[float, float]]  # ((x low, x high), (y low, y high))
Formula = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class BoundLandscape:
    """The functions of a landscape at fixed parameters, of points [..., d], for loops.

    They take float64 arrays and check nothing. Their caller silences warnings of overflow.
    """

    value: Formula
    grad: Formula
    hessian: Formula | None = None
    sampled_grad: Formula | None = None  # (points, rows [r], weights [..., r]): as `Landscape.sampled_grad_of`
    examples: int = 0
    dimension: int | None = 2  # d; None where it is not known
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Landscape(Documented):
    """One landscape, for points [..., 2] anywhere in the plane.

    `value`, `grad` and `hessian` return float64 [...], [..., 2] and [..., 2, 2]. A landscape's own parameters are
    keywords, numbers or arrays that broadcast with [...]; a missing one takes its default. A height beyond float64 is
    infinite and nothing is clipped. They raise ValueError for points whose last axis is not 2 and for parameters that
    are outside their domain or do not broadcast, and TypeError for an unknown parameter.
    """

    name: str
    value_of: Formula  # (points, **params) in float64
    grad_of: Formula
    hessian_of: Formula
    window: Window  # what a picture shows
    template: str  # LaTeX, with %(name)s where a parameter stands
    about: str  # one sentence: what to see
    source: Source
    axes: tuple[str, str] = ("x", "y")
    one_unit: bool = True  # whether both axes have the same: then a map of it is as long on either
    params: tuple[Param, ...] = ()
    start: Point | None = None  # from where a descent shows most
    rate: float | None = None  # the learning rate at which it does, where the usual one is too large to see it
    minima: tuple[Point, ...] = ()
    minimum_values: tuple[float, ...] = ()  # in the order of the minima, as the source or 40 digits give them
    saddles: tuple[Point, ...] = ()
    maxima: tuple[Point, ...] = ()
    # Values elsewhere, at the default parameters, by hand from the printed formula: a wrong constant can leave a
    # minimum where it is.
    known_values: Mapping[Point, float] = field(default_factory=dict, hash=False)
    bounds: Window | None = None  # its source's: outside of them it is lower than its minima
    convex: bool = False  # known to be: then there is one minimum, or one connected set of minima
    costly: bool = False  # a gradient takes a thousand times as long as that of a formula
    minima_at_kinks: bool = False  # has minima where the slope jumps
    degenerate: tuple[Point, ...] = ()  # critical points where the Hessian does not decide, or is not defined
    closed_form: bool = False  # one formula of x and y, which can be computed in any precision
    sweep_of: Formula | None = None  # (points, settings): what several settings share, computed once
    examples: int = 0  # that it is a mean over; 0 for one that is none
    # (points, rows [r], weights [..., r], **params): the gradient of the sum of weight times loss over these examples,
    # plus that of what is no mean, such as a penalty. With a weight of 1 / examples on every row it is the gradient.
    sampled_grad_of: Formula | None = None
    key: str = ""

    def value(self, points: Any, **params: Any) -> np.ndarray:
        """The value [...] at points [..., 2]."""
        return self._call(self.value_of, points, params)

    def grad(self, points: Any, **params: Any) -> np.ndarray:
        """The gradient [..., 2] at points [..., 2]."""
        return self._call(self.grad_of, points, params)

    def hessian(self, points: Any, **params: Any) -> np.ndarray:
        """The second derivatives [..., 2, 2] at points [..., 2]."""
        return self._call(self.hessian_of, points, params)

    def at(self, **params: Any) -> BoundLandscape:
        """Its functions at these parameters, checked once; the others take their defaults."""
        values = {name: array if array.ndim else array.item() for name, array in self.with_defaults(params).items()}
        return BoundLandscape(
            value=partial(self.value_of, **values),
            grad=partial(self.grad_of, **values),
            hessian=partial(self.hessian_of, **values),
            sampled_grad=partial(self.sampled_grad_of, **values) if self.sampled_grad_of else None,
            examples=self.examples,
            key=self.key,
        )

    def sweep(self, points: Any, settings: Sequence[Mapping[str, float]]) -> np.ndarray:
        """Values [len(settings), ...] at the same points [..., 2] for several settings of the parameters."""
        if self.sweep_of is None:
            return np.stack([self.value(points, **setting) for setting in settings])
        filled = [{name: float(array) for name, array in self.checked_params((), one).items()} for one in settings]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self.sweep_of(np.asarray(points, dtype=np.float64), filled)

    def _call(self, formula: Formula, points: Any, params: Mapping[str, Any]) -> np.ndarray:
        array = np.asarray(points)
        if array.dtype.kind not in "biuf":
            raise ValueError(f"points must be numbers, got {points!r:.80} ({self.key})")
        if array.ndim == 0 or array.shape[-1] != 2:
            raise ValueError(f"points must hold x and y on their last axis, got shape {array.shape} ({self.key})")
        values = self.checked_params(array.shape[:-1], params)
        array = array.astype(np.float64, copy=False)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = np.asarray(formula(array, **values), dtype=np.float64)
            if self.closed_form and np.any(lost := ~np.isfinite(found)):
                # A part of the formula left float64, but the whole may not: on x86 longdouble goes on to 1e4932.
                wide = np.asarray(formula(array.astype(np.longdouble), **values), dtype=np.float64)
                found = np.where(lost, wide, found)
        return found

    def checked_params(self, shape: tuple[int, ...], params: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Every parameter as float64, defaults filled in. ValueError where one does not broadcast with `shape`."""
        values = self.with_defaults(params)
        for name, array in values.items():
            try:
                np.broadcast_shapes(array.shape, shape)
            except ValueError as error:
                raise ValueError(
                    f"{name} must broadcast with the points, got {array.shape} and {shape} ({self.key})"
                ) from error
        return values

    @classmethod
    def of(cls, height: Formula, **record: Any) -> Landscape:
        """The landscape of a formula `height(x, y, **params)`, made of operations that jets know (see `Jet`)."""
        names = tuple(param.name for param in record.get("params", ()))

        @cache  # compiled when it is first asked for
        def compiled() -> dict[str, Formula]:
            tape = Tape(2 + len(names))
            x, y, *params = tape.inputs
            jet = height(Jet(x, x=1.0), Jet(y, y=1.0), **dict(zip(names, params, strict=True)))
            wanted = {"value": [jet.value], "grad": [jet.x, jet.y], "hessian": [jet.xx, jet.xy, jet.xy, jet.yy]}
            return {name: program(tape, parts) for name, parts in wanted.items()}

        def parts(name: str, points: np.ndarray, params: Mapping[str, Any]) -> list[Any]:
            return compiled()[name](points[..., 0], points[..., 1], *(params[own] for own in names))

        def value_of(points: np.ndarray, **params: Any) -> np.ndarray:
            return stack_parts(parts("value", points, params), points, params)[..., 0]

        def grad_of(points: np.ndarray, **params: Any) -> np.ndarray:
            return stack_parts(parts("grad", points, params), points, params)

        def hessian_of(points: np.ndarray, **params: Any) -> np.ndarray:
            flat = stack_parts(parts("hessian", points, params), points, params)
            return flat.reshape(*flat.shape[:-1], 2, 2)

        return cls(value_of=value_of, grad_of=grad_of, hessian_of=hessian_of, closed_form=True, **record)


def stack_parts(parts: Sequence[Any], points: np.ndarray, params: Mapping[str, Any]) -> np.ndarray:
    """Numbers and arrays of shape [...] on a new last axis [..., parts], for points [..., 2] at these parameters."""
    shape = points.shape[:-1]
    if any(np.ndim(value) for value in params.values()):
        shape = np.broadcast_shapes(shape, *(np.shape(value) for value in params.values()))
    whole = np.empty((*shape, len(parts)))
    for axis, part in enumerate(parts):
        whole[..., axis] = part
    return whole
