"""A formula that a person typed: `parse(text)` is its value, its exact derivatives, its parameters and its code."""

from core.expression.error import ExpressionError
from core.expression.expression import DEFINITIONS, Derivative, Expression, parse
from core.expression.typed_loss import TypedLoss, typed_loss

__all__ = ["DEFINITIONS", "Derivative", "Expression", "ExpressionError", "TypedLoss", "parse", "typed_loss"]
