"""The Loss record: one definition of a loss, its slope and curvature, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.catalogue import BINARY, REAL, Domain, Param, Source, Written
from core.losses.check import checked

Family = Literal["regression", "binary", "multi-class"]
Formula = Callable[..., Any]


def no_kinks(**_: float) -> tuple[float, ...]:
    """Smooth everywhere."""
    return ()


def equal_weight(_target: np.ndarray, **_: Any) -> float:
    """Both classes count the same."""
    return 1.0


LIBRARIES = {  # what a spelling may use, by library: module -> the name it goes by in the code
    "PyTorch": {"math": "math", "torch": "torch"},
    "Keras": {"keras": "keras"},
    "scikit-learn": {"numpy": "np", "scipy.special": "scipy", "sklearn.metrics": "sklearn"},
    "Optax": {"jax": "jax", "jax.numpy": "jnp", "optax": "optax"},
}


@dataclass(frozen=True)
class Spelling:
    """How another library writes this loss.

    `code` is an expression in `pred`, `target` and the parameters (as %(name)s); the reference generator runs it.
    Ours = `scale` x theirs + `offset`, both expressions in the parameters and `target`; `note` says so in words.
    `where` is a condition in the same names: outside it the library computes something else, or loses digits.
    `rtol` is how closely the two then agree; it is wide only where the library adds a small constant of its own.
    """

    code: str
    scale: str = "1"
    offset: str = "0"
    note: str = ""
    where: str = "True"
    rtol: float = 1e-12

    def at(self, **params: float) -> str:
        """The code with the parameters as numbers."""
        return self.code % {name: f"{value:g}" for name, value in params.items()}


@dataclass(frozen=True, kw_only=True)
class Loss(Written):
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
    spellings: Mapping[str, Spelling] = field(default_factory=dict)  # by library: PyTorch, Keras, scikit-learn, Optax
    of_residual: bool = False  # depends on pred and target only through pred - target
    key: str = ""

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

    def code(self, library: str, **params: float) -> str:
        """This loss in another library, with the parameters as numbers: the imports it needs, then one assignment."""
        expression = self.spellings[library].at(**(self.defaults | params))
        used = {module: name for module, name in LIBRARIES[library].items() if f"{name}." in expression}
        lines = [f"import {module}" + (f" as {name}" if name in ("np", "jnp") else "") for module, name in used.items()]
        return "\n".join([*lines, "", f"loss = {expression}"] if lines else [f"loss = {expression}"])

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
