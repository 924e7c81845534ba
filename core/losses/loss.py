"""The Loss record: value, gradient and curvature of a loss, and what to know about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.losses.arguments import check_arguments
from core.losses.axis import LossAxis
from core.losses.estimand import Estimand
from core.losses.family import FAMILIES
from core.losses.link import SOFTMAX, LinkFunction
from core.losses.loss_record import LossRecord
from core.record import BINARY, REAL

Formula = Callable[..., Any]


def no_kinks(**_: float) -> tuple[float, ...]:
    """No places: the loss is smooth everywhere."""
    return ()


def always_finite(_pred: Any, _target: Any) -> bool:
    """True: value and slopes are finite for scores and residuals of every size up to 1e4."""
    return True


def identity(score: np.ndarray, **_: Any) -> np.ndarray:
    """The score itself, where it is the log-odds of y = 1."""
    return score


def equal_weight(_target: np.ndarray, **_: Any) -> float:
    """1: both classes count the same."""
    return 1.0


def owner_of(key: str) -> str:
    """The name under which the sliders of a loss stand in an address: its key, without the formula of a typed one."""
    return key.partition(":")[0]


def formula_in(key: str) -> str:
    """The formula that the key of a typed loss holds; "" of another."""
    return key.partition(":")[2]


@dataclass(frozen=True, kw_only=True)
class Loss(LossRecord):
    """One loss, with a number for each example; the caller takes the mean.

    `value`, `grad` and `curvature` take `pred` and `target`, arrays that broadcast, and the parameters by keyword:
    numbers, or arrays that broadcast too; a missing one takes its default. They return float64 and never change their
    inputs. `grad` and `curvature` are the first and second derivative in `pred`. They raise ValueError for an argument
    outside its domain, for NaN and for shapes that do not broadcast, TypeError for an unknown parameter. No answer is
    NaN: one that is too large for float64 is infinite.
    """

    value_of: Formula  # the formulas themselves, unchecked: (pred, target, **params) in float64
    grad_of: Formula
    curvature_of: Formula | None
    estimates: Estimand
    also: tuple[str, ...] = ()  # names that others use, where none of them is in `name`
    # Where the value, the slope or the curvature jumps: in r = pred - target for regression, in the margin for binary.
    kinks: Callable[..., tuple[float, ...]] = no_kinks
    convex: bool = True  # in pred, at every value of the parameters
    # (pred, target) -> where value and slopes are finite in float64; elsewhere they may be infinite, never NaN.
    finite_where: Callable[[Any, Any], Any] = always_finite
    # (score, **params): the log-odds of y = 1 for which this score is best on average; None if it tells none.
    log_odds: Formula | None = None
    soft_targets: bool = False  # of class losses: its code takes probabilities as target, not labels
    link: LinkFunction | None = SOFTMAX  # of class losses: how scores become probabilities, if they do
    of_residual: bool = False  # depends on pred and target only through pred - target
    fits_confirmed: bool = True  # a fit raises where its minimum cannot be confirmed; else it takes the lowest found

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {self.family!r:.80} ({self.name})")

    @property
    def proper(self) -> bool:
        """Whether sigmoid of the best score is the probability of y = 1: a strictly proper loss of it."""
        return self.log_odds is identity

    def fits(self, model: str) -> bool:
        """Whether a model of this kind can be fitted under this loss, whose prediction may then be any number."""
        return model in FAMILIES[self.family].models and self.pred_domain == REAL

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

    def kinks_at(self, params: Mapping[str, np.ndarray], settings: int) -> np.ndarray:
        """The kinks at several settings of the parameters [settings]: [settings, kinks], rising, NaN after the last."""
        found = [sorted(self.kinks(**{name: float(values[at]) for name, values in params.items()}))
                 for at in range(settings)]  # fmt: skip
        most = max(map(len, found), default=0)
        return np.array([(*kinks, *[np.nan] * (most - len(kinks))) for kinks in found]).reshape(settings, most)

    def kinks_on(self, axis: LossAxis, params: Mapping[str, np.ndarray], truth: np.ndarray) -> np.ndarray:
        """Where the kinks lie on an axis, [*frames, kinks], NaN where a frame has fewer than another.

        params, truth: [*frames], the parameters by name and the true value.
        """
        each = {name: values.ravel() for name, values in params.items()}
        found = self.kinks_at(each, truth.size)
        return axis.from_kink(found.reshape(*truth.shape, found.shape[1]))

    def _call(self, formula: Formula, pred: Any, target: Any, params: dict[str, Any]) -> np.ndarray:
        pred, target, params = check_arguments(self, pred, target, params)
        with np.errstate(over="ignore"):  # infinity is the right answer there and needs no warning
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
