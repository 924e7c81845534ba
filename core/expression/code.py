"""A typed loss as a function in NumPy, PyTorch, Keras or JAX."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.expression.node import CONDITIONS, FUNCTIONS, NAME, NUMBER, Node, evaluate, number
from core.expression.text import STRENGTH, digits_of, strength
from core.losses.equivalents import imports_of
from core.losses.family import NUMERIC_TARGET
from core.losses.fold import WIDTH, fold
from core.record import Param

TAKEN = {"pred", "target", "loss", "np", "math", "torch", "keras", "jax", "jnp", "scipy", "r", "z", "m", "p", "y"}
NAME_OF_FUNCTION = "your_loss"


@dataclass(frozen=True)
class CodeStyle:
    """How a library writes what a formula is made of; {0}, {1} and {2} are the arguments."""

    imports: str  # a key of core.losses.equivalents.MODULES, whose modules it may import
    prefix: str  # of a function that has its own name there
    mean: str
    indicator: str  # a condition as 1 or 0
    constant: str  # a number where the library wants an array of its own
    functions: Mapping[str, str]  # those that are called otherwise, or missing
    wrapped: bool = True  # whether functions want arrays, not numbers
    logic: tuple[str, str, str] = ("({0}) & ({1})", "({0}) | ({1})", "~({0})")


STYLES: Mapping[str, CodeStyle] = {
    "NumPy": CodeStyle(
        imports="NumPy",
        prefix="np.",
        mean="np.mean({0})",
        indicator="np.where({0}, 1.0, 0.0)",
        constant="{0}",
        wrapped=False,
        functions={
            "sigmoid": "scipy.special.expit({0})",
            "softplus": "np.logaddexp(0, {0})",
            "erf": "scipy.special.erf({0})",
        },
    ),
    "PyTorch": CodeStyle(
        imports="PyTorch",
        prefix="torch.",
        mean="torch.mean({0})",
        indicator="({0}).to(pred.dtype)",
        constant="pred.new_tensor({0})",
        functions={
            "softplus": "-torch.nn.functional.logsigmoid(-({0}))",
            "clip": "torch.minimum(torch.maximum({0}, {1}), {2})",
        },
    ),
    "Keras": CodeStyle(
        imports="Keras",
        prefix="keras.ops.",
        mean="keras.ops.mean({0})",
        indicator="keras.ops.cast({0}, pred.dtype)",
        constant="keras.ops.cast({0}, pred.dtype)",
        logic=("keras.ops.logical_and({0}, {1})", "keras.ops.logical_or({0}, {1})", "keras.ops.logical_not({0})"),
        functions={
            "softplus": "-keras.ops.log_sigmoid(-({0}))",
            "clip": "keras.ops.minimum(keras.ops.maximum({0}, {1}), {2})",
        },
    ),
    "JAX": CodeStyle(
        imports="Optax",
        prefix="jnp.",
        mean="jnp.mean({0})",
        indicator="jnp.where({0}, 1.0, 0.0)",
        constant="{0}",
        wrapped=False,
        functions={
            "sigmoid": "jax.nn.sigmoid({0})",
            "softplus": "jnp.logaddexp(0, {0})",
            "erf": "jax.scipy.special.erf({0})",
            "clip": "jnp.minimum(jnp.maximum({0}, {1}), {2})",
        },
    ),
}


def code_name(name: str) -> str:
    """A parameter's name that means nothing else in the program."""
    return f"{name}_" if name in TAKEN or keyword.iskeyword(name) else name


def program_of(
    root: Node,
    library: str,
    definitions: Mapping[str, Node],
    params: Sequence[Param],
    values: Mapping[str, float | str],
) -> str:
    """Imports and a function of `pred`, `target` and the parameters that returns the mean loss, as text.

    root: the formula, in names that are parameters, in `definitions`, "p" or "z" for the prediction, or "y".
    """
    style = STYLES[library]
    names = {param.name: code_name(param.name) for param in params}
    writer = Writer(style, names)
    used = set(root.names)
    defined = [name for name in definitions if name in used]
    used |= {name for own in defined for name in definitions[own].names}
    body = NUMERIC_TARGET[style.imports].splitlines()
    given = used - set(defined) - set(names)
    body += [f"{name} = {source}" for name, source in (("p", "pred"), ("z", "pred"), ("y", "target")) if name in given]
    if style.wrapped:
        body += [f"{names[param.name]} = {style.constant.format(names[param.name])}" for param in params]
    body += [f"{name} = {writer.value(definitions[name], 0)}" for name in defined]
    value = writer.value(root, 0)
    if not used & {"p", "z", "y", *definitions}:  # the same for every example
        value = f"0 * pred + ({value})"
    long = len(value) + len("    loss = ") > WIDTH
    body += [f"loss = ({value})" if long else f"loss = {value}", f"return {style.mean.format('loss')}"]
    text = "\n".join(f"    {line}" for statement in body for line in fold(statement))
    keywords = [f"{own}={fill(values[name])}" for name, own in names.items()]
    arguments = ", ".join(["pred", "target", *keywords])
    text = f"def {NAME_OF_FUNCTION}({arguments}):\n{text}"
    imports = imports_of(style.imports, text)
    return "\n".join([*imports, "", "", text])


def fill(value: float | str) -> str:
    """A parameter's value as it stands in a program; a text, such as a slot, stands as it is."""
    return value if isinstance(value, str) else digits_of(number(value))


@dataclass(frozen=True)
class Writer:
    """Writes nodes as expressions of a library."""

    style: CodeStyle
    names: Mapping[str, str]  # of parameters

    def value(self, node: Node, least: int) -> str:
        """A number or an array, in brackets where it holds together less than `least`."""
        if node.kind in CONDITIONS:
            return self.style.indicator.format(self.condition(node))
        found = self.inner(node)
        weak = strength(node) < least or (least > STRENGTH["negative"] and found.startswith("-"))
        return f"({found})" if weak else found

    def condition(self, node: Node) -> str:
        if node.kind not in CONDITIONS:
            return f"{self.value(node, STRENGTH['+'])} != 0"
        if node.kind in ("and", "or", "not"):
            pattern = self.style.logic[("and", "or", "not").index(node.kind)]
            return pattern.format(*map(self.condition, node.arguments))
        left, right = (self.value(argument, STRENGTH["+"]) for argument in node.arguments)
        return f"{left} {node.kind} {right}"

    def argument(self, node: Node) -> str:
        """The argument of a function; where the library wants arrays, a number as one."""
        found = self.value(node, 0)
        return self.style.constant.format(found) if self.style.wrapped and not node.names else found

    def inner(self, node: Node) -> str:
        if node.kind == NUMBER and not np.isfinite(node.number):
            return "float('inf')"
        if node.kind == NUMBER:
            return repr(node.number) if node.name else digits_of(node)
        if node.kind == NAME:
            return self.names.get(node.name, node.name)
        if node.kind in FUNCTIONS:
            pattern = self.style.functions.get(node.kind, self.own_name(node))
            first = self.condition(node.arguments[0]) if node.kind == "where" else self.argument(node.arguments[0])
            return pattern.format(first, *map(self.argument, node.arguments[1:]))
        if not node.names and node.kind in ("**", "/"):
            # As whole numbers 9**9**9 would take for ever, and 1/0 is an error.
            with np.errstate(all="ignore"):
                value = float(evaluate(node, {}))
            if node.kind == "**" or not np.isfinite(value):
                return repr(value) if np.isfinite(value) else f"float('{value}')"
        own = strength(node)
        if node.kind == "negative":
            return f"-{self.value(node.arguments[0], own)}"
        left, right = node.arguments
        if node.kind == "**":
            return f"{self.value(left, own + 1)}**{self.value(right, own + 1)}"
        return f"{self.value(left, own)} {node.kind} {self.value(right, own + 1)}"

    def own_name(self, node: Node) -> str:
        places = ", ".join(f"{{{place}}}" for place in range(len(node.arguments)))
        return f"{self.style.prefix}{node.kind}({places})"
