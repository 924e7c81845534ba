"""A typed formula: its value, its exact derivatives, its parameters, and what it is in other notations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from core.autodiff.jet import Jet
from core.autodiff.tape import Function, Tape, program
from core.expression.code import STYLES, program_of
from core.expression.node import COMPARISONS, NUMBER, Node, evaluate, number
from core.expression.parameters import parameters_of
from core.expression.ranges import TypedRange, formula_and_ranges, with_ranges
from core.expression.reading import MOST_CHARACTERS, read
from core.expression.text import names_in_latex, template_of, text_of
from core.expression.tree import tree_of
from core.record import Param, numbers

REGRESSION = ("r", "p", "y")
# What a variable is made of, by family: with these a derivative in the prediction goes through all that depend on it.
DEFINITIONS: Mapping[str, Mapping[str, str]] = {
    "regression": {"r": "p - y"},
    "binary": {"m": "(2*y - 1)*z", "p": "sigmoid(z)"},
}


@dataclass(frozen=True, eq=False)
class Expression:
    """A formula in `variables`; every other name in it is a parameter.

    A value is computed in float64, elementwise, without warnings: outside the domain of a part it is NaN or infinite.
    Where it is NaN its derivatives are.
    At a corner a derivative is that of one side, for abs, sign, maximum and minimum the subgradient nearest to 0.
    """

    root: Node
    variables: tuple[str, ...]
    corrections: tuple[str, ...] = ()  # what was read as something else than was typed: sentences without a full stop
    definitions: Mapping[str, Node] = field(default_factory=dict)  # names that are computed from the variables
    whole: Expression | None = None  # of which this is a part, and whose parameters it therefore takes
    ranges: Mapping[str, TypedRange] = field(default_factory=dict)  # of sliders, by the name of the parameter
    _programs: dict[tuple[str, ...], Function] = field(default_factory=dict, repr=False)

    @cached_property
    def text(self) -> str:
        """The formula in one notation, that of Python: typed again it is the same one. It may be too long for that."""
        return text_of(self.root)

    @cached_property
    def parameters(self) -> tuple[Param, ...]:
        """The parameters in the order of their first use, with a default and a range guessed from it."""
        if self.whole:
            return self.whole.parameters
        return with_ranges(parameters_of(self.root, (*self.variables, *self.definitions)), self.ranges)

    @cached_property
    def template(self) -> str:
        """LaTeX, with %(name)s in place of each name."""
        return template_of(self.root)

    @cached_property
    def latex(self) -> str:
        return self.template % names_in_latex(self.root.names)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What `value` takes: the variables and the parameters."""
        return (*self.variables, *(param.name for param in self.parameters))

    @cached_property
    def kinks(self) -> tuple[Expression, ...]:
        """Formulas that are 0 where this one may have a corner, a jump or a pole: of abs, maximum, comparisons, ...

        They take the same names as this one. Those without a variable in them are left out.
        """
        moving = {*self.variables, *self.definitions}
        found = {text_of(one): one for node in self.root for one in differences(node) if moving & set(one.names)}
        return tuple(map(self.part, found.values()))

    def part(self, node: Node) -> Expression:
        """A part of this formula as one of its own: it takes the same names."""
        return Expression(node, self.variables, definitions=self.definitions, whole=self)

    def value(self, /, **arrays: Any) -> np.ndarray:
        """The value where the names have these values, of the shape of all of them broadcast together.

        A parameter that is left out has its default. TypeError for an unknown name or a variable that is left out,
        ValueError for what is no array of numbers or does not broadcast.
        """
        return self.run((), arrays)

    def derivative(self, name: str) -> Derivative:
        """The exact derivative in a variable or a parameter. ValueError for another name."""
        return Derivative(self, (self.checked(name),))

    def with_definitions(self, definitions: Mapping[str, str]) -> Expression:
        """The same formula with some variables defined by the others, through which a derivative then goes."""
        others = tuple(name for name in self.variables if name not in definitions)
        trees = {name: tree_of(read(text, others)) for name, text in definitions.items() if name in self.variables}
        return Expression(self.root, others, self.corrections, trees, ranges=self.ranges)

    def code(self, library: str, /, **parameters: float | str) -> str:
        """A function of `pred` and `target` that returns their mean loss, as text: imports, then its definition.

        library: a key of STYLES. The prediction is p of a regression formula and z of a binary one; r, m and the
        probability p are computed. The parameters are keywords of the function, with these values or else the
        defaults. TypeError for an unknown parameter, ValueError for another library.
        """
        if library not in STYLES:
            raise ValueError(f"there is no code for {library!r:.40}; there is for {', '.join(STYLES)}")
        values = {param.name: param.default for param in self.parameters}
        for name in parameters:
            if name not in values:
                raise TypeError(f"the formula has no parameter {name!r:.40}; it has {', '.join(values) or 'none'}")
        definitions = self.definitions or self.of_family().definitions
        return program_of(self.root, library, definitions, self.parameters, values | parameters)

    def of_family(self) -> Expression:
        """The same formula in the prediction and the truth alone: p and y, or z and y where z is among the variables.

        Its derivative in the prediction is that of the loss: it goes through r, m and the probability.
        """
        if self.definitions:
            return self
        family = "binary" if "z" in self.variables else "regression"
        return self.with_definitions(DEFINITIONS[family])

    def checked(self, name: str) -> str:
        if name not in self.names:
            raise ValueError(f"no derivative in {name!r:.40}: the formula is one of {', '.join(self.names)}")
        return name

    def run(self, directions: tuple[str, ...], given: Mapping[str, Any]) -> np.ndarray:
        """The value, or the derivative in these names."""
        for name in given:
            if name not in self.names:
                raise TypeError(f"the formula has no {name!r:.40}; it takes {', '.join(self.names)}")
        arrays = [self.array(name, given) for name in self.names]
        with np.errstate(all="ignore"):
            found, value = self.program(directions)(*arrays)
            if directions and (undefined := np.isnan(value)).any():
                found = np.where(undefined, np.nan, found)  # 1/x has a value where log x has none
            return np.broadcast_to(np.asarray(found, dtype=np.float64), np.broadcast(*arrays).shape) + 0.0

    def array(self, name: str, given: Mapping[str, Any]) -> np.ndarray:
        """What was given under this name as float64, or the parameter's default; 0 for a variable that is not used."""
        found = given.get(name, self.left_out.get(name))
        if found is None:
            raise TypeError(f"the formula needs {name}: give it as a keyword, a number or an array")
        return found if type(found) is np.ndarray and found.dtype == np.float64 else numbers(name, found)

    @cached_property
    def left_out(self) -> dict[str, np.ndarray]:
        """What stands for names that are not given."""
        unused = {name: np.zeros(()) for name in self.names if name not in self.used}
        return unused | {param.name: np.array(param.default) for param in self.parameters}

    @cached_property
    def used(self) -> frozenset[str]:
        """The names that the value depends on."""
        own = frozenset(self.root.names)
        return own.union(*(tree.names for name, tree in self.definitions.items() if name in own))

    def program(self, directions: tuple[str, ...]) -> Function:
        """The derivative in these names, or the value, and the value: of the arrays of `names`, compiled once."""
        directions = tuple(sorted(directions))
        if directions not in self._programs:
            self._programs[directions] = self.compiled(directions)
        return self._programs[directions]

    def compiled(self, directions: tuple[str, ...]) -> Function:
        tape = Tape(len(self.names))
        inputs: dict[str, Any] = dict(zip(self.names, tape.inputs, strict=True))
        first, *second = directions or ("",)
        if first:
            inputs[first] = Jet(inputs[first], x=1.0)
        if second and second[0] != first:
            inputs[second[0]] = Jet(inputs[second[0]], y=1.0)
        with np.errstate(all="ignore"):  # of parts that are numbers
            for name, definition in self.definitions.items():
                inputs[name] = evaluate(definition, inputs)
            found = evaluate(self.root, inputs)
        if not directions:
            return program(tape, [found, found])
        if not isinstance(found, Jet):
            return program(tape, [0.0, found])
        wanted = found.x if not second else found.xx if second[0] == first else found.xy
        return program(tape, [wanted, found.value])


@dataclass(frozen=True)
class Derivative:
    """A first or second derivative of a formula."""

    expression: Expression
    names: tuple[str, ...]  # in which it is derived

    def value(self, /, **arrays: Any) -> np.ndarray:
        """As `Expression.value`."""
        return self.expression.run(self.names, arrays)

    def derivative(self, name: str) -> Derivative:
        """The second derivative, in another name or the same. ValueError for a third."""
        if len(self.names) > 1:
            raise ValueError(f"a formula is derived twice at most; it is derived in {' and '.join(self.names)} already")
        return Derivative(self.expression, (*self.names, self.expression.checked(name)))


def differences(node: Node) -> list[Node]:
    """What is 0 where this node itself, not its parts, may have a corner, a jump or a pole."""
    if node.kind in ("abs", "sign", "sqrt", "log"):
        return [node.arguments[0]]
    if node.kind == "/":
        return [node.arguments[1]]
    if node.kind == "log1p":
        return [Node("+", (number(1.0), node.arguments[0]), position=node.position)]
    if node.kind in ("maximum", "minimum") or node.kind in COMPARISONS:
        return [difference(*node.arguments)]
    if node.kind == "clip":
        x, *bounds = node.arguments
        return [difference(x, bound) for bound in bounds]
    if node.kind == "**" and not is_whole(node.arguments[1]):
        return [node.arguments[0]]
    return []


def is_whole(node: Node) -> bool:
    return node.kind == NUMBER and node.number >= 0 and node.number == np.floor(node.number)


def difference(one: Node, other: Node) -> Node:
    for zero, rest in ((one, other), (other, one)):
        if zero == number(0.0):
            return rest
    return Node("-", (one, other), position=one.position)


def parse(text: str, variables: Sequence[str] = REGRESSION) -> Expression:
    """The formula that a text is. Every name that is no variable is a parameter.

    After the formula the text may give the ends of sliders: "c |r| with c from 0 to 20".

    Nothing in the text is run: it is read as numbers, names, operators and the functions of a table. Raises
    ExpressionError, with a place and a sentence, for a text that is no formula or a formula that is too long.
    """
    variables = tuple(variables)
    formula, ranges = formula_and_ranges(text) if isinstance(text, str) and len(text) <= MOST_CHARACTERS else (text, {})
    reading = read(formula, variables)
    tree = tree_of(reading)
    with_ranges(parameters_of(tree, variables), ranges)  # a range of what is no parameter is an error now
    return Expression(tree, variables, tuple(reading.corrections), ranges=ranges)
