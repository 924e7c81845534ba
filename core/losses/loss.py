"""The Loss record: one definition of a loss, its slope and curvature, and what a person should know of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.losses.check import checked
from core.losses.fold import folded
from core.record import BINARY, REAL, Documented, Domain, Look, Param, Source

Family = Literal["regression", "binary", "multi-class"]
Formula = Callable[..., Any]


def no_kinks(**_: float) -> tuple[float, ...]:
    """Smooth everywhere."""
    return ()


def identity(score: np.ndarray, **_: Any) -> np.ndarray:
    """The score itself, where it is the log-odds of y = 1."""
    return score


def equal_weight(_target: np.ndarray, **_: Any) -> float:
    """Both classes count the same."""
    return 1.0


LIBRARIES = {  # what code for a library may import, in the order in which pickers show them: module -> name in the code
    "NumPy": {"numpy": "np", "scipy.special": "scipy"},
    "PyTorch": {"math": "math", "torch": "torch"},
    "Keras": {"keras": "keras"},
    "scikit-learn": {"numpy": "np", "scipy.special": "scipy", "sklearn.metrics": "sklearn"},
    "Optax": {"jax": "jax", "jax.numpy": "jnp", "optax": "optax"},
}

# What makes a target one that the code can take. Labels are often integers; in uint8, 2 target - 1 wraps round to 255.
_FLOATS = "# floats, shaped like pred: [n] and [n, 1] make [n, n]\n"
_FLAT = "# scikit-learn wants both as [n]\n"
NUMERIC_TARGET = {
    "NumPy": _FLOATS + "target = np.reshape(target, np.shape(pred)).astype(float)",
    "PyTorch": _FLOATS + "target = target.to(pred.dtype).reshape(pred.shape)",
    "Keras": _FLOATS + "target = keras.ops.reshape(keras.ops.cast(target, pred.dtype), keras.ops.shape(pred))",
    "scikit-learn": _FLAT + "pred = np.ravel(pred)\ntarget = np.ravel(target).astype(float)",
    "Optax": _FLOATS + "target = target.astype(pred.dtype).reshape(pred.shape)",
}
_LABELS = "# labels as integers, one for each row of scores\n"
CLASS_TARGET = {
    "NumPy": _LABELS + "target = np.reshape(target, np.shape(pred)[:-1]).astype(int)",
    "PyTorch": _LABELS + "target = target.long().reshape(pred.shape[:-1])",
    "Keras": _LABELS + 'target = keras.ops.reshape(keras.ops.cast(target, "int32"), keras.ops.shape(pred)[:-1])',
    "scikit-learn": _LABELS + "target = np.ravel(target).astype(int)",
    "Optax": _LABELS + "target = target.astype(int).reshape(pred.shape[:-1])",
}


@dataclass(frozen=True)
class Equivalent:
    """How another library writes this loss: the mean over a batch, whatever the number type of its targets.

    `code` is an expression in `pred`, `target` and the parameters (as %(name)s); the reference generator runs it.
    `lines` are statements that it needs before it, in the same names. Before both stands what makes any target fit
    (NUMERIC_TARGET or CLASS_TARGET), unless the library's own function `takes_any`: integer or float, [n] or [n, 1].
    Ours = `scale` x theirs + `offset`, both expressions in the parameters and `target`; `note` says so in words.
    `where` is a condition in the same names: outside it the library computes something else, or loses digits, and
    `note` says that too. `rtol` is how closely the two agree; it is wide only where the library adds a small constant.
    """

    code: str
    scale: str = "1"
    offset: str = "0"
    note: str = ""
    where: str = "True"
    rtol: float = 1e-12
    lines: str = ""
    takes_any: bool = False

    def at(self, **params: float) -> str:
        """The code with the parameters as numbers."""
        return filled(self.code, params)

    def program(self, library: str, params: Mapping[str, float], *, classes: bool) -> str:
        """All that has to be run: imports, preparation, and `loss = ...`; `classes`: the targets are class labels."""
        prepared = "" if self.takes_any else (CLASS_TARGET if classes else NUMERIC_TARGET)[library]
        parts = (prepared, filled(self.lines, params), f"loss = {self.at(**params)}")
        body = "\n".join(line for part in parts for statement in part.splitlines() for line in folded(statement))
        used = {module: name for module, name in LIBRARIES[library].items() if re.search(rf"\b{name}\.", body)}
        renamed = {module: f" as {name}" for module, name in used.items() if name in ("np", "jnp")}
        imports = [f"import {module}{renamed.get(module, '')}" for module in used]
        return "\n".join([*imports, "", body] if imports else [body])


def filled(template: str, params: Mapping[str, float]) -> str:
    """A piece of code with the parameters as numbers."""
    return template % {name: f"{value:g}" for name, value in params.items()}


class WithEquivalents(Documented):
    """A record that other libraries have too, or that can be written out with them."""

    equivalents: Mapping[str, Equivalent]  # by library, of LIBRARIES

    def code(self, library: str, **params: float) -> str:
        """Its mean over a batch with another library, the parameters as numbers: imports, then what sets `loss`."""
        classes = getattr(self, "family", None) == "multi-class"
        return self.equivalents[library].program(library, self.defaults | params, classes=classes)


@dataclass(frozen=True, kw_only=True)
class Loss(WithEquivalents):
    """One loss. Value and slopes are per example, float64, and the caller takes the mean.

    `value`, `grad` and `curvature` take `pred`, `target` (arrays that broadcast) and the parameters by keyword
    (numbers or arrays that broadcast too; a missing one takes its default) and never change their inputs.
    `grad` and `curvature` are the first and second derivative in `pred`. They raise ValueError for an argument outside
    its domain, for NaN and for shapes that do not broadcast; empty arrays give empty arrays. No answer is NaN: one that
    is too large for float64 is infinite.
    """

    name: str
    short: str  # for a chart's legend
    family: Family
    value_of: Formula  # the formulas themselves, unchecked: (pred, target, **params) in float64
    grad_of: Formula
    curvature_of: Formula | None
    template: str  # LaTeX, with %(name)s where a parameter stands
    estimates: str
    use_when: str
    watch_out: str
    source: Source
    params: tuple[Param, ...] = ()
    # Where the value, the slope or the curvature jumps: in r = pred - target for regression, in the margin for binary.
    kinks: Callable[..., tuple[float, ...]] = no_kinks
    convex: bool = True  # in pred, at every value of the parameters
    pred_domain: Domain = REAL
    target_domain: Domain = REAL
    subgradient: str = ""  # what `grad` returns where the slope jumps
    look: Look | None = None  # without one it gets a hue and a dash that no loss beside it has
    # (score, **params): the log-odds of y = 1 for which this score is best on average; None if it tells none.
    log_odds: Formula | None = None
    equivalents: Mapping[str, Equivalent] = field(default_factory=dict)  # by library, of LIBRARIES
    of_residual: bool = False  # depends on pred and target only through pred - target
    key: str = ""

    @property
    def proper(self) -> bool:
        """Whether sigmoid of the best score is the probability of y = 1: a strictly proper loss of it."""
        return self.log_odds is identity

    def value(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """Loss per example, shape of the arguments broadcast together (multi-class: `pred` less its last axis)."""
        return self._call(self.value_of, pred, target, params)

    def grad(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """d value / d pred per example; the slope that `subgradient` names at a kink."""
        return self._call(self.grad_of, pred, target, params)

    def curvature(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """d2 value / d pred2 per example, at a kink that of one of its sides; TypeError for a multi-class loss."""
        if self.curvature_of is None:
            raise TypeError(f"{self.key} has no scalar curvature: its second derivative is a matrix")
        return self._call(self.curvature_of, pred, target, params)

    def _call(self, formula: Formula, pred: Any, target: Any, params: dict[str, Any]) -> np.ndarray:
        pred, target, params = checked(self, pred, target, params)
        with np.errstate(over="ignore"):  # what is more than float64 holds is infinite, and no accident worth a warning
            return np.add(formula(pred, target, **params), 0.0)  # + 0 turns -0 into 0 and never hands back an input

    @classmethod
    def from_residual(cls, *, value: Formula, grad: Formula, curvature: Formula, **record: Any) -> Loss:
        """A regression loss that is a function of r = pred - target."""
        return cls(
            family="regression",
            of_residual=True,
            value_of=lambda pred, target, **params: value(pred - target, **params),
            grad_of=lambda pred, target, **params: grad(pred - target, **params),
            curvature_of=lambda pred, target, **params: curvature(pred - target, **params),
            **record,
        )

    @classmethod
    def from_margin(
        cls, *, value: Formula, grad: Formula, curvature: Formula, weight: Formula = equal_weight, **record: Any
    ) -> Loss:
        """A binary loss: a function of the margin m = s z, positive when z has the right sign (s = 2 target - 1).

        `value`, `grad` and `curvature` are functions of m; `weight(target, **params)` multiplies all three.
        """

        def value_of(z, y, **params):
            return weight(y, **params) * value((2 * y - 1) * z, **params)

        def grad_of(z, y, **params):
            return weight(y, **params) * (2 * y - 1) * grad((2 * y - 1) * z, **params)

        def curvature_of(z, y, **params):  # s^2 = 1
            return weight(y, **params) * curvature((2 * y - 1) * z, **params)

        return cls(
            family="binary",
            target_domain=BINARY,
            value_of=value_of,
            grad_of=grad_of,
            curvature_of=curvature_of,
            **record,
        )
