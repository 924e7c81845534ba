"""A slider for each parameter of a typed formula, its range guessed from where the parameter stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any

from core.expression.letters import latex_of, symbol_of
from core.expression.node import COMPARISONS, FUNCTIONS, NAME, NUMBER, Node, number
from core.record import NON_NEGATIVE, POSITIVE, REAL, SHARE, Param


class ParameterUse(IntEnum):
    """What a parameter does where it stands; of several the first decides its slider."""

    SHARE = 0  # beside 1 - it, as a quantile or the weight of one of two goals
    SCALE = 1  # divides, or has a root or a logarithm
    EXPONENT = 2
    WHOLE_EXPONENT = 3  # of what may be negative
    THRESHOLD = 4  # compared with a size, or cuts it
    BOUNDARY = 5  # compared with what may be negative
    WEIGHT = 6
    OFFSET = 7


SLIDERS: dict[ParameterUse, dict[str, Any]] = {
    ParameterUse.SHARE: {"default": 0.5, "low": 0.01, "high": 0.99, "step": 0.01, "domain": SHARE},
    ParameterUse.SCALE: {"default": 1.0, "low": 0.1, "high": 8.0, "step": 0.1, "domain": POSITIVE},
    ParameterUse.EXPONENT: {"default": 2.0, "low": 0.0, "high": 6.0, "step": 0.1, "domain": NON_NEGATIVE},
    ParameterUse.WHOLE_EXPONENT: {"default": 2.0, "low": 1.0, "high": 6.0, "step": 1.0, "domain": NON_NEGATIVE},
    ParameterUse.THRESHOLD: {"default": 1.0, "low": 0.05, "high": 5.0, "step": 0.05, "domain": NON_NEGATIVE},
    ParameterUse.BOUNDARY: {"default": 0.0, "low": -5.0, "high": 5.0, "step": 0.1, "domain": REAL},
    ParameterUse.WEIGHT: {"default": 1.0, "low": 0.0, "high": 10.0, "step": 0.1, "domain": REAL},
    ParameterUse.OFFSET: {"default": 0.0, "low": -5.0, "high": 5.0, "step": 0.1, "domain": REAL},
}
AT_LEAST_ZERO = {"abs", "sqrt", "exp", "sigmoid", "softplus"}


def parameters_of(root: Node, variables: Sequence[str]) -> tuple[Param, ...]:
    """The names that are no variables, in the order of first use, each with a default and the ends of a slider."""
    found: dict[str, list[ParameterUse]] = {name: [] for name in root.names if name not in variables}
    for path in paths(root):
        if path[-1].kind == NAME and path[-1].name in found:
            found[path[-1].name].append(use_of(path, variables))
        elif path[-1].kind == "-":
            for one, other in (path[-1].arguments, path[-1].arguments[::-1]):  # 1 - w, or w - 1
                if one == number(1.0) and other.name in found:
                    found[other.name].append(ParameterUse.SHARE)
    return tuple(
        Param(name, symbol=symbol_of(name), latex=latex_of(name), **SLIDERS[min(uses)]) for name, uses in found.items()
    )


def paths(node: Node) -> Iterator[tuple[Node, ...]]:
    """For each node of the tree, the nodes from the root to it."""
    yield (node,)
    for argument in node.arguments:
        for path in paths(argument):
            yield (node, *path)


def use_of(path: tuple[Node, ...], variables: Sequence[str]) -> ParameterUse:
    """What the parameter at the end of the path does there: the innermost node that says so decides."""
    for parent, child in zip(path[-2::-1], path[:0:-1], strict=False):
        at = next(place for place, argument in enumerate(parent.arguments) if argument is child)
        others = [argument for place, argument in enumerate(parent.arguments) if place != at]
        use = use_under(parent.kind, at, others, variables)
        if use is not None:
            return use
    return ParameterUse.WEIGHT


def use_under(kind: str, at: int, others: Sequence[Node], variables: Sequence[str]) -> ParameterUse | None:
    """What an argument of an operation does beside the others; None where what is above has to say it."""
    varies = any(set(other.names) & set(variables) for other in others)
    size = all(at_least_zero(other) for other in others if other.kind != NUMBER)
    if (kind == "/" and at == 1) or kind in ("log", "sqrt"):
        return ParameterUse.SCALE
    if kind == "**" and at == 1:
        return ParameterUse.EXPONENT if size else ParameterUse.WHOLE_EXPONENT
    if kind in COMPARISONS or kind in ("maximum", "minimum", "clip"):
        return (ParameterUse.THRESHOLD if size else ParameterUse.BOUNDARY) if varies or kind in FUNCTIONS else None
    if kind in "*/" and varies:
        return ParameterUse.WEIGHT
    if kind in "+-" and varies:
        return ParameterUse.THRESHOLD if kind == "-" and at == 1 and size else ParameterUse.OFFSET
    return None


def at_least_zero(node: Node) -> bool:
    """Whether a node is surely not negative; not every such node is known for one."""
    if node.kind == NUMBER:
        return True
    if node.kind == "**":
        base, exponent = node.arguments
        return at_least_zero(base) or (exponent.kind == NUMBER and exponent.number % 2 == 0)
    if node.kind == "maximum":
        return any(at_least_zero(argument) for argument in node.arguments)
    if node.kind in ("+", "*", "/", "minimum"):
        return all(at_least_zero(argument) for argument in node.arguments)
    return node.kind in AT_LEAST_ZERO or node.kind in COMPARISONS
