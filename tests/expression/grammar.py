"""Random formulas, as a person might type them and as a tree that knows nothing of the code under test."""

from __future__ import annotations

from random import Random
from typing import Any

Tree = tuple[Any, ...]  # ("number", 2.5), ("name", "r"), (operator or function, tree, ...)

VARIABLES = ("r", "p", "y")
PARAMETERS = ("delta", "w")
UNARY = ("abs", "sqrt", "exp", "log", "log1p", "expm1", "sin", "cos", "tanh", "arctan", "sigmoid", "softplus", "erf")
BINARY = ("+", "-", "*", "/", "+", "-", "*")
FUNCTIONS_OF_TWO = ("maximum", "minimum", "logaddexp")
COMPARISONS = ("<", "<=", ">", ">=")
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "**": 4}
GREEK = {"delta": ("δ", "delta"), "w": ("w",)}
NOTATIONS = {
    "*": ("*", " * ", "×", "·"), "-": ("-", " - ", "−"), "/": ("/", "÷"), "+": ("+", " + "), "log": ("log", "ln"),
    "maximum": ("maximum", "max"), "minimum": ("minimum", "min"), "<=": ("<=", "≤"), ">=": (">=", "≥"),
}  # fmt: skip


def random_tree(rng: Random, levels: int) -> Tree:
    """A formula at most this many levels deep."""
    if levels == 0 or rng.random() < 0.12:
        if rng.random() < 0.25:
            return "number", rng.choice((1, 2, 3, 0.5, 0.25, 1.5))
        return "name", rng.choice(("r", "r", "r", "p", "y", *PARAMETERS))
    inner = [random_tree(rng, levels - 1) for _ in range(4)]
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(BINARY), *inner[:2]
    if kind < 0.55:
        return "**", inner[0], ("number", rng.choice((2, 2, 3, 4)))
    if kind < 0.6:
        return "**", ("abs", inner[0]), rng.choice((("number", 1.5), ("name", "w"), ("name", "delta")))
    if kind < 0.66:
        return "negative", inner[0]
    if kind < 0.84:
        return rng.choice(UNARY), inner[0]
    if kind < 0.93:
        return rng.choice(FUNCTIONS_OF_TWO), *inner[:2]
    if kind < 0.95:
        return "clip", inner[0], ("negative", ("name", "delta")), ("name", "delta")
    return "where", (rng.choice(COMPARISONS), inner[2], inner[3]), *inner[:2]


def typed(tree: Tree, rng: Random, least: int = 0) -> str:
    """The formula as text, in one of the ways in which people type it."""
    kind, *arguments = tree
    if kind == "number":
        return f"{arguments[0]:g}"
    if kind == "name":
        return rng.choice(GREEK.get(arguments[0], (arguments[0],)))
    if kind in STRENGTH:
        found = typed_operation(kind, arguments, rng)
        return f"({found})" if STRENGTH[kind] < least else found
    if kind == "abs" and rng.random() < 0.5:
        return f"|{typed(arguments[0], rng)}|"
    name = rng.choice(NOTATIONS.get(kind, (kind,)))
    if kind in COMPARISONS:
        return f"{typed(arguments[0], rng)}{name}{typed(arguments[1], rng)}"
    return f"{name}({', '.join(typed(argument, rng) for argument in arguments)})"


def typed_operation(kind: str, arguments: list[Tree], rng: Random) -> str:
    own = STRENGTH[kind]
    if kind == "negative":
        return rng.choice("-−") + typed(arguments[0], rng, own)
    left, right = arguments
    if kind == "**":
        base, exponent = typed(left, rng, own + 1), typed(right, rng, own + 1)
        if exponent in ("2", "3") and rng.random() < 0.3:
            return base + {"2": "²", "3": "³"}[exponent]
        return base + rng.choice(("^", "**")) + exponent
    first, second = typed(left, rng, own), typed(right, rng, own + 1)
    if kind == "*" and left[0] == "number" and second[0] in "rpyδ(w" and rng.random() < 0.5:
        return first + second
    return first + rng.choice(NOTATIONS[kind]) + second


def formulas(seed: int, count: int, levels: int = 4, longest: int = 200) -> list[tuple[str, Tree]]:
    """Different formulas in r, as text and as trees."""
    rng, found = Random(seed), {}
    while len(found) < count:
        tree = random_tree(rng, levels)
        text = typed(tree, rng)
        if len(text) <= longest and "'r'" in repr(tree):
            found.setdefault(text, tree)
    return list(found.items())
