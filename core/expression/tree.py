"""The tree of a formula in Python's notation. Only what is listed here is let through."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from core.expression.error import ExpressionError
from core.expression.node import FUNCTIONS, NAME, Node, number
from core.expression.reading import CASES, CONSTANTS, FUNCTION_NAMES, PythonText

MOST_NODES = 80
MOST_LEVELS = 12
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.USub: "negative", ast.Not: "not",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.And: "and", ast.Or: "or",
}  # fmt: skip
CHAINS = ({ast.Add, ast.Sub}, {ast.Mult, ast.Div})  # a sum or a product of many parts is one level


def tree_of(reading: PythonText) -> Node:
    """The tree of what was read. ExpressionError where it is too large, or a function has too many arguments."""
    try:
        body = ast.parse(reading.python.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # nothing that is known to occur
        raise ExpressionError("this is no formula: look for a sign too many or a bracket too few", 1) from error
    return Builder(reading).build(body, 1)


class Builder:
    """Builds the nodes of one formula and counts them."""

    def __init__(self, reading: PythonText) -> None:
        self.reading = reading
        self.count = 0
        self.indent = len(reading.python) - len(reading.python.lstrip())

    def build(self, node: ast.AST, level: int) -> Node:
        position = self.position(node)
        if level > MOST_LEVELS:
            raise ExpressionError(
                f"the formula is nested more than {MOST_LEVELS} levels deep at {position}: take a part out", position
            )
        if isinstance(node, ast.Constant) and type(node.value) is float:
            return self.made(number(node.value), position)
        if isinstance(node, ast.Name):
            return self.named(node.id, position)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return self.build(node.operand, level + 1)
        if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            return self.operation(OPERATORS[type(node.op)], [self.build(node.operand, level + 1)], position)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return self.binary(node, level)
        if isinstance(node, ast.BoolOp):
            parts = [self.build(value, level + 1) for value in node.values]
            return self.joined(OPERATORS[type(node.op)], parts, position)
        if isinstance(node, ast.Compare) and all(type(operator) in OPERATORS for operator in node.ops):
            return self.comparison(node, level)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self.call(node, level)
        raise ExpressionError(f"the formula cannot be read at {position}", position)

    def position(self, node: ast.AST) -> int:
        return self.reading.position_of(getattr(node, "col_offset", 0) + self.indent)

    def made(self, node: Node, position: int) -> Node:
        self.count += 1
        if self.count > MOST_NODES:
            end = max((argument.position for argument in node.arguments), default=position)
            raise ExpressionError(f"the formula has more than {MOST_NODES} parts: it is too long from {end} on", end)
        return Node(node.kind, node.arguments, node.number, node.name, position)

    def operation(self, kind: str, arguments: Sequence[Node], position: int) -> Node:
        return self.made(Node(kind, tuple(arguments)), position)

    def named(self, identifier: str, position: int) -> Node:
        name = self.reading.names[int(identifier[1:])]
        if name in CONSTANTS and name not in self.reading.variables:
            return self.made(number(CONSTANTS[name][0], name), position)
        return self.made(Node(NAME, name=name), position)

    def binary(self, node: ast.BinOp, level: int) -> Node:
        """A power, or a chain of sums or products, whose parts are all one level deeper."""
        chain = next((kinds for kinds in CHAINS if type(node.op) in kinds), set())
        parts = [node]
        while isinstance(left := parts[-1].left, ast.BinOp) and type(left.op) in chain:
            parts.append(left)
        found = self.build(parts[-1].left, level + 1)
        for part in reversed(parts):
            right = self.build(part.right, level + 1)
            if isinstance(part.op, ast.Pow) and found.name == "e" and found.kind != NAME:
                found = self.operation("exp", [right], found.position)
            else:
                found = self.operation(OPERATORS[type(part.op)], [found, right], found.position)
        return found

    def joined(self, kind: str, parts: Sequence[Node], position: int) -> Node:
        found = parts[0]
        for part in parts[1:]:
            found = self.operation(kind, [found, part], position)
        return found

    def comparison(self, node: ast.Compare, level: int) -> Node:
        """a < b < c is a < b and b < c."""
        position = self.position(node)
        values = [self.build(value, level + 1) for value in (node.left, *node.comparators)]
        pairs = zip(node.ops, values, values[1:], strict=False)
        parts = [self.operation(OPERATORS[type(operator)], [left, right], position) for operator, left, right in pairs]
        return self.joined("and", parts, position)

    def call(self, node: ast.Call, level: int) -> Node:
        assert isinstance(node.func, ast.Name)
        function = FUNCTION_NAMES[int(node.func.id[1:])]
        position = self.position(node)
        arguments = [self.build(argument, level + 1) for argument in node.args]
        if function == CASES:
            return self.cases(arguments, position)
        arity = FUNCTIONS[function].arity
        if function in ("maximum", "minimum") and len(arguments) > 2:
            return self.joined(function, arguments, position)
        if len(arguments) != arity:
            raise ExpressionError(
                f"{function} at {position} takes {arity} argument{'s' * (arity > 1)}, got {len(arguments)}", position
            )
        return self.operation(function, arguments, position)

    def cases(self, arguments: Sequence[Node], position: int) -> Node:
        if len(arguments) < 3 or len(arguments) % 2 == 0:
            raise ExpressionError(
                f"cases at {position} takes pairs of a condition and a value, and a value for all else; got"
                f" {len(arguments)} argument{'s' * (len(arguments) != 1)}",
                position,
            )
        found = arguments[-1]
        for at in range(len(arguments) - 3, -1, -2):
            found = self.operation("where", [arguments[at], arguments[at + 1], found], position)
        return found
