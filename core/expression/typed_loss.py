"""A typed formula as a loss: value, gradient and curvature in the prediction, like a loss in core.losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.expression.expression import Derivative, Expression, parse
from core.expression.text import names_in_latex
from core.record import Documented, Param

VARIABLES = {"regression": ("r", "p", "y"), "binary": ("z", "y", "m", "p")}  # by family
PREDICTION = {"regression": "p", "binary": "z"}


@dataclass(frozen=True, eq=False)
class TypedLoss(Documented):
    """A formula as a loss of a family, whose prediction is p of regression and the score z of a binary one.

    `value`, `grad` and `curvature` take `pred` and `target`, arrays that broadcast, and the parameters by keyword, as
    those of a `Loss` do. They return float64; outside the domain of a part of the formula that is NaN or infinite.
    """

    typed: Expression
    family: str
    key: str = "your_loss"
    name: str = "Your loss"
    short: str = "Your loss"

    @cached_property
    def expression(self) -> Expression:
        """The formula in the prediction and the truth alone."""
        return self.typed.of_family()

    @property
    def params(self) -> tuple[Param, ...]:  # type: ignore[override]
        return self.typed.parameters

    @property
    def of_residual(self) -> bool:
        """Whether it depends on prediction and truth through their difference, or the margin, alone."""
        return not set(self.typed.root.names) & set(self.typed.variables) - {"r", "m"}

    @property
    def template(self) -> str:  # type: ignore[override]
        own = {param.name for param in self.params}
        names = names_in_latex(tuple(name for name in self.typed.root.names if name not in own))
        return self.typed.template % (names | {name: f"%({name})s" for name in own})

    def value(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:
        return self._of(self.expression, pred, target, params)

    def grad(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:
        return self._of(self.slope, pred, target, params)

    def curvature(self, pred: Any, target: Any, /, **params: Any) -> np.ndarray:
        return self._of(self.slope.derivative(PREDICTION[self.family]), pred, target, params)

    def kink_value(self, kink: Expression, pred: Any, target: Any, params: Mapping[str, Any]) -> np.ndarray:
        """The value of one of the expression's `kinks`, which is 0 where the loss may have a corner or a jump."""
        given = {PREDICTION[self.family]: pred, "y": target} | {
            name: value for name, value in params.items() if name in kink.names
        }
        return kink.value(**given)

    @cached_property
    def slope(self) -> Derivative:
        """The derivative in the prediction."""
        return self.expression.derivative(PREDICTION[self.family])

    def code(self, library: str, /, **params: Any) -> str:
        """A function in a library that returns its mean over a batch."""
        return self.typed.code(library, **params)

    def _of(self, part: Expression | Derivative, pred: Any, target: Any, params: dict[str, Any]) -> np.ndarray:
        return part.value(**{PREDICTION[self.family]: pred, "y": target}, **params)


def typed_loss(text: str, family: str) -> TypedLoss:
    """The loss that a text is. Raises ExpressionError for a text that is no formula in the family's variables."""
    return TypedLoss(parse(text, VARIABLES[family]), family)
