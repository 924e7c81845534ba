"""The Optimizer record: a rule that turns a gradient into a step, with its formula, parameters, advice and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from core.optimizers.check import common_shape
from core.record import Documented, Look, Param, Source

State = Any  # a NamedTuple of arrays; each rule has its own
Rule = Callable[..., tuple[np.ndarray, State]]
BoundStep = Callable[[np.ndarray, np.ndarray, State], tuple[np.ndarray, State]]


class Stateless(NamedTuple):
    """The state of a rule that carries nothing from one step to the next."""


def no_state(_: np.ndarray) -> Stateless:
    return Stateless()


class FirstSteps(NamedTuple):
    """The first two steps from x = 1, worked out by hand from the source's formula: a test runs them."""

    params: Mapping[str, float]
    gradients: tuple[float, float]  # that the rule is given
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
    when: str  # when to use it
    watch: str  # what to watch out for
    source: Source
    # Field of the state -> LaTeX, for the fields that a page shows, in the order in which the rule computes them.
    # A dot leads into the state of a wrapped optimizer.
    symbols: Mapping[str, str] = field(default_factory=dict)
    torch: str = ""  # PyTorch's code for it, with %(name)s where a parameter stands; "" where PyTorch has none
    # By parameter: the code where that parameter is 0 and PyTorch's constructor refuses the usual one.
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
        values = {name: param_column(value) for name, value in (self.defaults | params).items()}
        with np.errstate(all="ignore"):
            return self.step_of(np.asarray(x, dtype=np.float64), np.asarray(grad, dtype=np.float64), state, **values)

    def terms(self, x: Any, grad: Any, after: np.ndarray, made: State) -> dict[str, np.ndarray]:
        """The quantities of the step from x [..., d] to the point `after` and the state `made`, in the formula's order.

        LaTeX symbol -> array, each [..., d] or a number: the gradient first, then the `symbols` of the state, the step
        itself (after - x) last.
        """
        shown = {symbol: np.asarray(attrgetter(name)(made)) for name, symbol in self.symbols.items()}
        with np.errstate(invalid="ignore"):  # from infinity to infinity
            return {"g": np.array(grad, dtype=np.float64)} | shown | {r"\Delta x": after - x}

    def batch_shape(self, params: Mapping[str, Any]) -> tuple[int, ...]:
        """The shape [...] that these parameters broadcast to.

        Raises as `with_defaults` does, and ValueError for parameters that do not broadcast.
        """
        shapes = {name: array.shape for name, array in self.with_defaults(params).items()}
        return common_shape(shapes, self.key)

    def run_shape(self, batch: tuple[int, ...]) -> tuple[int, ...]:
        """The shape [...] of a run's points, without [d], where parameters, start and the rest broadcast to `batch`."""
        return batch

    def bind(self, shape: tuple[int, ...], params: Mapping[str, Any]) -> BoundStep:
        """The step (x, grad, state) for points of this shape [..., d] at these parameters, which are checked here."""
        checked = self.with_defaults(params)
        return partial(self.step_of, **{name: broadcast_param(array, shape) for name, array in checked.items()})

    def optax_at(self, **params: float) -> str:
        """Optax's code for it with the parameters as numbers."""
        values = self.defaults | params
        return self.optax % {param.name: literal(param, values[param.name]) for param in self.params}

    def torch_at(self, **params: float | str) -> str:
        """PyTorch's code for it with the parameters as numbers; `x` is the tensor that is optimized.

        A text, such as a name, stands as it is.
        """
        values = self.defaults | params
        code = next((own for name, own in self.torch_zero.items() if values[name] == 0), self.torch)
        given = ((param, values[param.name]) for param in self.params)
        return code % {param.name: one if isinstance(one, str) else literal(param, one) for param, one in given}


def literal(param: Param, value: float) -> str:
    """A parameter's value in a Python program, to 12 digits: with a decimal point, unless its slider counts.

    PyTorch tells 0 from 0.0: Adam's betas must be floats, and so must OneCycleLR's share of the warm-up.
    """
    text = f"{float(value):.12g}"
    counts = all(float(number).is_integer() for number in (param.low, param.high, param.step))
    return text if counts or not text.lstrip("-").isdigit() else f"{text}.0"


def param_column(value: Any) -> Any:
    """A parameter [...] as [..., 1], to broadcast with points [..., d]; a number stays a number."""
    return value if isinstance(value, float | int) else np.asarray(value, dtype=np.float64)[..., None]


def broadcast_param(array: np.ndarray, shape: tuple[int, ...]) -> Any:
    """A parameter [...] as a new array of this shape [..., d]; a single one as a number.

    Written out in full, because a product with [..., 1] takes NumPy three times as long as one with [..., d].
    """
    return array.item() if array.ndim == 0 else np.ascontiguousarray(np.broadcast_to(array[..., None], shape))
