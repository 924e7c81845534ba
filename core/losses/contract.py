"""The Loss record: one definition of a loss, its slope and curvature, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.catalogue import REAL, Interval, Param, Source
from core.losses.check import checked

Family = Literal["regression", "binary", "multi-class"]
Formula = Callable[..., Any]


def no_kinks(**params: float) -> tuple[float, ...]:
    """Smooth everywhere."""
    return ()


@dataclass(frozen=True)
class Spelling:
    """How another library writes this loss.

    `code` is an expression in `pred`, `target` and the parameters (as %(name)s); the reference generator runs it.
    Ours = `scale` x theirs + `offset`, both expressions in the parameters and `target`; `note` says so in words.
    """

    code: str
    scale: str = "1"
    offset: str = "0"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One loss. Value and slopes are per example, float64, and the caller takes the mean.

    `value`, `grad` and `curvature` take `pred`, `target` (arrays that broadcast) and the parameters by keyword
    (numbers or arrays that broadcast too; a missing one takes its default) and never change their inputs.
    `grad` and `curvature` are the first and second derivative in `pred`. They raise ValueError for an argument outside
    its domain, for NaN and for shapes that do not broadcast; empty arrays give empty arrays.
    """

    name: str
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
    kinks: Callable[..., tuple[float, ...]] = no_kinks  # in r for regression, in the margin s z for binary
    convex: bool = True  # in pred
    pred_domain: Interval = REAL
    target_domain: Interval = REAL
    subgradient: str = ""  # which one `grad` returns at a kink
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
        """d2 value / d pred2 per example, 0 at a kink; TypeError for a multi-class loss, whose Hessian is a matrix."""
        if self.curvature_of is None:
            raise TypeError(f"{self.key} has no scalar curvature: its second derivative is a matrix")
        return self._call(self.curvature_of, pred, target, params)

    def _call(self, formula: Formula, pred: Any, target: Any, params: dict[str, Any]) -> np.ndarray:
        pred, target, params = checked(self, pred, target, params)
        return np.asarray(formula(pred, target, **params), dtype=np.float64)[()]

    @property
    def defaults(self) -> dict[str, float]:
        return {param.name: param.default for param in self.params}

    @property
    def formula(self) -> str:
        """LaTeX with the parameters as symbols."""
        return self.template % {param.name: param.latex for param in self.params}

    def formula_at(self, **params: float) -> str:
        """LaTeX with the parameters as numbers."""
        return self.template % {name: f"{value:g}" for name, value in (self.defaults | params).items()}

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

    def __str__(self) -> str:
        return self.key
