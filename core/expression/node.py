"""A formula as a tree, and the functions that it may be made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf, expit

from core.autodiff.jet import Jet
from core.autodiff.tape import Symbol

NUMBER, NAME = "number", "name"


@dataclass(frozen=True)
class Node:
    """A number, a name, or an operation on other nodes; `kind` is NUMBER, NAME or a key of OPERATIONS."""

    kind: str
    arguments: tuple[Node, ...] = ()
    number: float = 0.0
    name: str = ""  # of a number: how it is written, such as "pi"; "" for its digits
    position: int = field(default=1, compare=False)

    def __iter__(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        yield self
        for argument in self.arguments:
            yield from argument

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, in the order of their first use."""
        return tuple(dict.fromkeys(node.name for node in self if node.kind == NAME))


def number(value: float, name: str = "") -> Node:
    return Node(NUMBER, number=float(value), name=name)


class KnownOperation(NamedTuple):
    """How many arguments an operation takes, and the function of numbers, arrays, symbols or jets that computes it."""

    arity: int
    apply: Callable[..., Any]


FUNCTIONS: Mapping[str, KnownOperation] = {
    "abs": KnownOperation(1, np.absolute),
    "sqrt": KnownOperation(1, np.sqrt),
    "exp": KnownOperation(1, np.exp),
    "log": KnownOperation(1, np.log),
    "log1p": KnownOperation(1, np.log1p),
    "expm1": KnownOperation(1, np.expm1),
    "sin": KnownOperation(1, np.sin),
    "cos": KnownOperation(1, np.cos),
    "tanh": KnownOperation(1, np.tanh),
    "arctan": KnownOperation(1, np.arctan),
    "sigmoid": KnownOperation(1, expit),
    "softplus": KnownOperation(1, lambda z: np.logaddexp(0.0, z)),
    "erf": KnownOperation(1, erf),
    "sign": KnownOperation(1, np.sign),
    "logaddexp": KnownOperation(2, np.logaddexp),
    "maximum": KnownOperation(2, np.maximum),
    "minimum": KnownOperation(2, np.minimum),
    "clip": KnownOperation(3, lambda x, low, high: np.minimum(np.maximum(x, low), high)),
    "where": KnownOperation(3, np.where),
}
COMPARISONS: Mapping[str, KnownOperation] = {
    "<": KnownOperation(2, np.less),
    "<=": KnownOperation(2, np.less_equal),
    ">": KnownOperation(2, np.greater),
    ">=": KnownOperation(2, np.greater_equal),
    "==": KnownOperation(2, np.equal),
    "!=": KnownOperation(2, np.not_equal),
}
CONDITIONS: Mapping[str, KnownOperation] = {
    **COMPARISONS,
    "and": KnownOperation(2, np.logical_and),
    "or": KnownOperation(2, np.logical_or),
    "not": KnownOperation(1, np.logical_not),
}
ARITHMETIC: Mapping[str, KnownOperation] = {
    "+": KnownOperation(2, np.add),
    "-": KnownOperation(2, np.subtract),
    "*": KnownOperation(2, np.multiply),
    "/": KnownOperation(2, np.true_divide),
    "**": KnownOperation(2, np.power),
    "negative": KnownOperation(1, np.negative),
}
OPERATIONS: Mapping[str, KnownOperation] = {**ARITHMETIC, **CONDITIONS, **FUNCTIONS}


def evaluate(node: Node, values: Mapping[str, Any]) -> Any:
    """The value of a formula where its names have these values: numbers, arrays, symbols of a tape or jets.

    A condition is 1 where it holds, else 0. Warnings are the caller's.
    """
    if node.kind == NUMBER:
        return np.float64(node.number)
    if node.kind == NAME:
        return values[node.name]
    if node.kind in CONDITIONS:
        return plain(np.where(holds(node, values), 1.0, 0.0))
    first, *others = node.arguments
    beginning = holds(first, values) if node.kind == "where" else evaluate(first, values)
    return plain(OPERATIONS[node.kind].apply(beginning, *(evaluate(other, values) for other in others)))


def holds(node: Node, values: Mapping[str, Any]) -> Any:
    """Where a condition holds; where a number is not 0."""
    if node.kind not in CONDITIONS:
        return plain(np.not_equal(evaluate(node, values), 0.0))
    inner = evaluate if node.kind in COMPARISONS else holds
    return plain(CONDITIONS[node.kind].apply(*(inner(argument, values) for argument in node.arguments)))


def plain(found: Any) -> Any:
    """What is true, false or an array of one number as that number, for a tape; anything else as it is."""
    return found if isinstance(found, Symbol | Jet) or np.ndim(found) else np.float64(found)
