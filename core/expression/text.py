"""A tree as text and as LaTeX, with the brackets that it needs and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.expression.letters import latex_of
from core.expression.node import COMPARISONS, CONDITIONS, FUNCTIONS, NAME, NUMBER, Node
from core.record import latex

# How strongly a node holds together; its parts need brackets where they hold together less.
STRENGTH = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(COMPARISONS, 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "negative": 7,
    "**": 8,
}
ATOM = 9


def strength(node: Node) -> int:
    return STRENGTH.get(node.kind, ATOM)


def digits_of(node: Node) -> str:
    """A number as it is typed: its name, or its digits."""
    if node.name:
        return node.name
    value = node.number
    if value == int(value) if abs(value) < 1e16 else False:
        return str(int(value))
    return "1e999" if value == float("inf") else repr(value)


def text_of(node: Node) -> str:
    """The formula as it may be typed again, in the notation of Python: abs(r) <= delta."""
    return typed(node, 0)


def typed(node: Node, least: int) -> str:
    """The text of a node, in brackets where it holds together less than `least`."""
    found = inner_text(node)
    return f"({found})" if strength(node) < least else found


def inner_text(node: Node) -> str:
    if node.kind == NUMBER:
        return digits_of(node)
    if node.kind == NAME:
        return node.name
    own = strength(node)
    if node.kind in FUNCTIONS:
        return f"{node.kind}({', '.join(typed(argument, 0) for argument in node.arguments)})"
    if node.kind == "negative":
        return f"-{typed(node.arguments[0], own)}"
    if node.kind == "not":
        return f"not {typed(node.arguments[0], own)}"
    left, right = node.arguments
    if node.kind == "**":
        return f"{typed(left, own + 1)}**{typed(right, own - 1)}"
    sign = node.kind if node.kind in "*/" else f" {node.kind} "
    compared = node.kind in COMPARISONS
    return f"{typed(left, own + compared)}{sign}{typed(right, own + 1)}"


LATEX_FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "abs": lambda x: rf"\lvert {x} \rvert",
    "sqrt": lambda x: rf"\sqrt{{{x}}}",
    "exp": lambda x: f"e^{{{x}}}",
    "sigmoid": lambda x: rf"\operatorname{{sigmoid}}({x})",
    "softplus": lambda x: rf"\log\left(1 + e^{{{x}}}\right)",
    "logaddexp": lambda a, b: rf"\log\left(e^{{{a}}} + e^{{{b}}}\right)",
    "log1p": lambda x: rf"\log\left(1 + {x}\right)",
    "maximum": lambda a, b: rf"\max\left({a}, {b}\right)",
    "minimum": lambda a, b: rf"\min\left({a}, {b}\right)",
    "clip": lambda x, low, high: rf"\operatorname{{clip}}\left({x}, {low}, {high}\right)",
    "expm1": lambda x: f"e^{{{x}}} - 1",
}
NAMED = {"sign": r"\operatorname{sign}", "erf": r"\operatorname{erf}"}
LATEX_SIGNS = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "and": r"\text{ and }", "or": r"\text{ or }"}


def latex_strength(node: Node) -> int:
    """As `strength`: a fraction has no need of brackets, a choice and e^x - 1 do."""
    if node.kind in ("where", "expm1"):
        return STRENGTH["+"]
    return ATOM if node.kind == "/" else STRENGTH["+"] if node.kind == "negative" else strength(node)


def template_of(node: Node) -> str:
    """LaTeX, with %(name)s where a name stands."""
    return value_latex(node, 0)


def value_latex(node: Node, least: int) -> str:
    """The LaTeX of a number, in brackets where it holds together less than `least`; a condition is 1 where it holds."""
    if node.kind in CONDITIONS:
        return rf"\mathbf{{1}}\left[{condition_latex(node, 0)}\right]"
    found = inner_latex(node)
    return rf"\left({found}\right)" if latex_strength(node) < least else found


def condition_latex(node: Node, least: int) -> str:
    if node.kind not in CONDITIONS:
        return rf"{value_latex(node, STRENGTH['+'])} \ne 0"
    own, inner = strength(node), value_latex if node.kind in COMPARISONS else condition_latex
    first, *others = (inner(argument, own + 1) for argument in node.arguments)
    found = f"{first} {LATEX_SIGNS.get(node.kind, node.kind)} {others[0]}" if others else rf"\text{{not }} {first}"
    return rf"\left({found}\right)" if own < least else found


def inner_latex(node: Node) -> str:
    if node.kind == NUMBER:
        named = {"pi": r"\pi", "": r"\infty" if node.number == float("inf") else latex(node.number)}
        return named.get(node.name, node.name)
    if node.kind == NAME:
        return f"%({node.name})s"
    if node.kind == "where":
        return cases_latex(node)
    if node.kind in FUNCTIONS:
        return function_latex(node)
    own = latex_strength(node)
    if node.kind == "negative":
        return f"-{value_latex(node.arguments[0], own + (node.arguments[0].kind == 'negative'))}"
    left, right = node.arguments
    if node.kind == "/":
        return rf"\frac{{{value_latex(left, 0)}}}{{{value_latex(right, 0)}}}"
    if node.kind == "**":
        tight = left.kind in (NUMBER, NAME, "abs")
        base = value_latex(left, 0) if tight else rf"\left({value_latex(left, 0)}\right)"
        return f"{base}^{{{value_latex(right, 0)}}}"
    if node.kind == "*":
        begins_with_digits = right.kind == NUMBER or (right.kind in ("*", "**") and right.arguments[0].kind == NUMBER)
        sign = r"\cdot" if begins_with_digits else r"\,"
        least = STRENGTH["+"] if left.kind == "negative" else own
        return f"{value_latex(left, least)} {sign} {value_latex(right, STRENGTH['**'])}"
    return f"{value_latex(left, own)} {node.kind} {value_latex(right, own + 1)}"


def function_latex(node: Node) -> str:
    arguments = [value_latex(argument, 0) for argument in node.arguments]
    if node.kind == "log1p":
        arguments = [value_latex(node.arguments[0], STRENGTH["+"])]
    if node.kind in LATEX_FUNCTIONS:
        return LATEX_FUNCTIONS[node.kind](*arguments)
    name = NAMED.get(node.kind, f"\\{node.kind}")
    return rf"{name}\left({arguments[0]}\right)"


def cases_latex(node: Node) -> str:
    lines = []
    while node.kind == "where":
        condition, value, node = node.arguments
        lines.append(f"{value_latex(value, 0)} & {condition_latex(condition, 0)}")
    lines.append(rf"{value_latex(node, 0)} & \text{{otherwise}}")
    body = r" \\ ".join(lines)
    return rf"\begin{{cases}} {body} \end{{cases}}"


def names_in_latex(names: tuple[str, ...]) -> dict[str, str]:
    return {name: latex_of(name) for name in names}
