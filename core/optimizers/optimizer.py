"""The Optimizer record: one rule that turns a gradient into a step, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from core.optimizers.check import agreed
from core.record import Documented, Look, Param, Source

State = Any  # a NamedTuple of arrays, one kind for each rule
Rule = Callable[..., tuple[np.ndarray, State]]
Bound = Callable[[np.ndarray, np.ndarray, State], tuple[np.ndarray, State]]


class Stateless(NamedTuple):
    """Nothing is carried from one step to the next."""


def nothing(_: np.ndarray) -> Stateless:
    return Stateless()


class FirstSteps(NamedTuple):
    """The first two steps from x = 1, worked out by hand from the source's formula: a test runs them."""

    params: Mapping[str, float]
    gradients: tuple[float, float]  # that the rule is shown
    points: tuple[float, float]  # where it is after each


@dataclass(frozen=True, kw_only=True)
class Optimizer(Documented):
    """One optimizer, in PyTorch's definition and with PyTorch's meaning of its parameters.

    Points and gradients are [..., d]; the leading axes are a batch. `init(x)` gives the state at the start and
    `step(x, grad, state, **params)` the next point and state: pure, float64, new arrays. A parameter is a number or an
    array that broadcasts with [...]; a missing one takes its default. A step checks nothing, for speed: `descend`
    checks once. Numbers beyond float64 become infinite and nothing is clipped.
    """

    name: str
    short: str  # for a chart's legend
    init_of: Callable[[np.ndarray], State]
    step_of: Rule  # the rule itself: (x, grad, state, **params), each parameter a number or an array [..., 1 or d]
    template: str  # LaTeX of the update, with %(name)s where a parameter stands
    params: tuple[Param, ...]  # the learning rate first
    about: str  # one sentence: what it does
    when: str
    watch: str
    source: Source
    # Which fields of the state a person is shown, in the order in which the rule makes them, and their LaTeX.
    # A dot leads into the state of an optimizer within this one.
    symbols: Mapping[str, str] = field(default_factory=dict)
    torch: str = ""  # how PyTorch spells it, with %(name)s where a parameter stands; "" where it has none
    # By parameter: how PyTorch spells the rule where that one is 0 and its constructor refuses the usual spelling.
    torch_zero: Mapping[str, str] = field(default_factory=dict)
    optax: str = ""  # the same in Optax, for a rule that PyTorch does not have
    look: Look | None = None  # a free one without
    first_steps: FirstSteps
    key: str = ""

    def init(self, x: Any) -> State:
        """The state before the first step from x [..., d]."""
        return self.init_of(np.asarray(x, dtype=np.float64))

    def step(self, x: Any, grad: Any, state: State, **params: Any) -> tuple[np.ndarray, State]:
        """The point [..., d] and the state after one step from x [..., d], where the gradient is `grad` [..., d]."""
        values = {name: expanded(value) for name, value in (self.defaults | params).items()}
        with np.errstate(all="ignore"):
            return self.step_of(np.asarray(x, dtype=np.float64), np.asarray(grad, dtype=np.float64), state, **values)

    def terms(self, x: Any, grad: Any, state: State, **params: Any) -> dict[str, np.ndarray]:
        """The same step taken apart: LaTeX symbol -> array, each [..., d] or a number, in the order of the formula.

        The gradient first, then what the rule makes of it, the step itself (new point - x) last.
        """
        return self.named(x, grad, *self.step(x, grad, state, **params))

    def named(self, x: Any, grad: Any, after: np.ndarray, made: State) -> dict[str, np.ndarray]:
        """The terms of a step from x that led to the point `after` and the state `made`."""
        shown = {symbol: np.asarray(attrgetter(name)(made)) for name, symbol in self.symbols.items()}
        with np.errstate(invalid="ignore"):  # from infinity to infinity
            return {"g": np.array(grad, dtype=np.float64)} | shown | {r"\Delta x": after - x}

    def shape(self, params: Mapping[str, Any]) -> tuple[int, ...]:
        """The axes [...] of these parameters together. Raises as `with_defaults` does, and when they disagree."""
        shapes = {name: array.shape for name, array in self.with_defaults(params).items()}
        return agreed(shapes, self.key)

    def lanes(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The lanes of a run whose parameters, start and the rest make lanes of this shape: the same."""
        return shape

    def bind(self, shape: tuple[int, ...], params: Mapping[str, Any]) -> Bound:
        """The step (x, grad, state) for points of this shape [..., d], its parameters checked and spread over them."""
        return partial(
            self.step_of, **{name: spread(array, shape) for name, array in self.with_defaults(params).items()}
        )

    def optax_at(self, **params: float) -> str:
        """Optax's spelling with the parameters as numbers."""
        values = self.defaults | params
        return self.optax % {param.name: literal(param, values[param.name]) for param in self.params}

    def torch_at(self, **params: float) -> str:
        """PyTorch's spelling with the parameters as numbers; `x` is the tensor that is moved."""
        values = self.defaults | params
        spelling = next((own for name, own in self.torch_zero.items() if values[name] == 0), self.torch)
        return spelling % {param.name: literal(param, values[param.name]) for param in self.params}


def literal(param: Param, value: float) -> str:
    """A parameter's value in a Python program, to 12 digits: with a decimal point, unless its slider counts.

    PyTorch tells 0 from 0.0: Adam's betas must be floats, and so must OneCycleLR's share of the warm-up.
    """
    text = f"{float(value):.12g}"
    counts = all(float(number).is_integer() for number in (param.low, param.high, param.step))
    return text if counts or not text.lstrip("-").isdigit() else f"{text}.0"


def expanded(value: Any) -> Any:
    """A parameter [...] as [..., 1], beside points [..., d]; a number stays one."""
    return value if isinstance(value, float | int) else np.asarray(value, dtype=np.float64)[..., None]


def spread(array: np.ndarray, shape: tuple[int, ...]) -> Any:
    """A parameter [...] over points of this shape; a number stays one.

    Written out in full, because a product with [..., 1] takes NumPy three times as long as one with [..., d].
    """
    return array.item() if array.ndim == 0 else np.ascontiguousarray(np.broadcast_to(array[..., None], shape))
