"""A landscape as Python lines for PyTorch: a function `f` of a point, and what it needs.

A textbook formula is copied from the source of its module. A fitted landscape is its data, its loss as the loss's
record writes it for PyTorch, and the mean over the data.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from textwrap import dedent, indent, wrap

import numpy as np

from core import landscapes
from core.datasets import BinaryData, RegressionData
from core.expression.code import NAME_OF_FUNCTION
from core.expression.typed_loss import TypedLoss
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import FittedFormulas, FittedModel
from core.losses import Loss
from core.losses.fold import fold

WIDTH = 110  # of a line
MAX_REPEATS = 4  # a column of at most so many different stretches is written as [0] * 50 + [1] * 50
PENALTY_OF_WEIGHT = {"l1": "abs(w[{}])", "l2": "w[{}] ** 2"}
# At 0 autograd multiplies the square root's infinite derivative by the square's 0, which is NaN; the picture takes 0.
ROOT = (
    "def root(x):  # the square root, whose derivative at 0 is taken as 0, as in the picture",
    "    return torch.sqrt(torch.where(x > 0, x, 1.0)) * (x > 0)",
    "",
    "",
)
PROBE_PREDICTIONS = np.array(
    [0.5, 1e6]
)  # predictions of a target of 1: a loss without a gradient at both has none anywhere


def has_torch_code(landscape: Landscape) -> bool:
    """Whether it is a textbook formula, or fitted to data under a loss that has an equivalent in PyTorch."""
    if landscape is LANDSCAPES.get(landscape.key):
        return True
    formulas = fitted_formulas(landscape)
    if formulas is None or formulas.model.data is None:
        return False
    return isinstance(formulas.loss, TypedLoss) or "PyTorch" in formulas.loss.equivalents


def fitted_formulas(landscape: Landscape) -> FittedFormulas | None:
    """The model, loss and penalty of a fitted landscape; None for another."""
    formulas = getattr(landscape.value_of, "__self__", None)
    return formulas if isinstance(formulas, FittedFormulas) else None


def landscape_lines(landscape: Landscape, values: Mapping[str, float], *, sampled: bool) -> list[str]:
    """The lines that define `f`: the height at a point, with `sampled` over some rows of the data.

    values: of the landscape's parameters.
    """
    formulas = fitted_formulas(landscape)
    return fitted_lines(formulas, values, sampled) if formulas else list(textbook_lines(landscape.key))


def typed_names(landscape: Landscape) -> set[str]:
    """The parameters of a typed loss: the program has their values where the loss is defined."""
    formulas = fitted_formulas(landscape)
    return set(formulas.loss.defaults) if formulas and isinstance(formulas.loss, TypedLoss) else set()


# --- textbook formulas ---


@cache
def textbook_lines(key: str) -> tuple[str, ...]:
    """The lines of `f` for a textbook formula: what it uses of its module, then the formula, with torch for np."""
    module = next(one for one in vars(landscapes).values() if isinstance(getattr(one, key, None), Landscape))
    source = inspect.getsource(module)
    definitions = {name: node for node in ast.parse(source).body for name in defined_names(node)}
    # The formula is the body of the lambda that is the first argument of the record.
    formula = next(node.body for node in ast.walk(definitions[key]) if isinstance(node, ast.Lambda))
    lines: list[str] = []
    for node in sorted(used_definitions(formula, definitions), key=lambda node: node.lineno):
        lines += [*source.splitlines()[node.lineno - 1 : node.end_lineno], "", ""]
    text = " " * formula.col_offset + (ast.get_source_segment(source, formula) or "")
    lines += ["def f(p):", "    x, y = p", *return_lines(text)]
    with_root = [re.sub(r"\bnp\.sqrt\(", "root(", line) for line in lines]
    return *(ROOT if with_root != lines else ()), *(re.sub(r"\bnp\.", "torch.", line) for line in with_root)


def defined_names(node: ast.stmt) -> list[str]:
    """The names that a top-level statement of a module defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def used_definitions(formula: ast.expr, definitions: Mapping[str, ast.stmt]) -> set[ast.stmt]:
    """Those of the definitions that the formula uses, directly or through others."""
    used: set[ast.stmt] = set()
    waiting: list[ast.AST] = [formula]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = {definitions[name] for name in names & definitions.keys()} - used
        used |= new
        waiting += new
    return used


def return_lines(expression: str) -> list[str]:
    """A return statement for an expression as it stands in its source, on one line or on several."""
    lines = dedent(expression).splitlines()
    return [f"    return {lines[0]}"] if len(lines) == 1 else ["    return (", *indented(lines, 8), "    )"]


# --- fitted landscapes ---


def fitted_lines(formulas: FittedFormulas, values: Mapping[str, float], sampled: bool) -> list[str]:
    """The lines of `f` for a fitted landscape: its data, its loss, and the mean loss plus penalty."""
    model, loss = formulas.model, formulas.loss
    rows = "[rows]" if sampled else ""
    pred = f"w[0] + w[1] * u{rows}" if isinstance(model.data, RegressionData) else f"w[0] * u{rows} + w[1] * v{rows}"
    height = f"loss({pred}, y{rows})"
    if formulas.penalty != "none":
        weights = [number for number, penalised in enumerate(model.penalised) if penalised]
        height += (
            f" + penalty * ({' + '.join(PENALTY_OF_WEIGHT[formulas.penalty].format(number) for number in weights)})"
        )
    if not loss.grad(PROBE_PREDICTIONS, np.ones_like(PROBE_PREDICTIONS)).any():
        height += " + 0 * w.sum()  # the loss has no gradient, but backward() needs one"
    return [
        *data_lines(model),
        "",
        "",
        *loss_lines(loss, values),
        "",
        "",
        f"def f({'w, rows=slice(None)' if sampled else 'w'}):",
        f"    return {height}",
    ]


def loss_lines(loss: Loss, values: Mapping[str, float]) -> list[str]:
    """The lines of a function `loss` of predictions and targets.

    A parameter in it is a variable of its name; of a typed loss, whose names may mean something else in the program, it
    is an argument that has this value.
    """
    if isinstance(loss, TypedLoss):
        code = loss.code("PyTorch", **{name: values[name] for name in loss.defaults})
        return code[code.index("def ") :].replace(f"def {NAME_OF_FUNCTION}(", "def loss(", 1).splitlines()
    equivalent = loss.equivalents["PyTorch"]
    lines, code = (part % {name: name for name in loss.defaults} for part in (equivalent.lines, equivalent.code))
    before = [line for statement in lines.strip().splitlines() for line in fold(statement, width=WIDTH - 4)]
    if before:
        before = [*indented(before, 4), ""]
    return ["def loss(pred, target):", *before, *assignment_lines("    return ", code)]


def data_lines(model: FittedModel) -> list[str]:
    """The lines that define the standardized columns u, for two of them v too, and the targets y."""
    if isinstance(model.data, RegressionData):
        return regression_data_lines(model, model.data)
    return binary_data_lines(model.data) if model.data else []


def regression_data_lines(model: FittedModel, data: RegressionData) -> list[str]:
    """Lines for one column u and targets y, with the copies of the outlier if the model has one."""
    lines = [
        *tensor_lines("raw", data.x, str(data.x_variable)),
        *tensor_lines("y", data.target, str(data.target_variable)),
    ]
    if model.outlier is None:
        return [*lines, "u = (raw - raw.mean()) / raw.std(correction=0)"]
    place = data.x.mean() + data.x.std() * model.outlier_basis[1]
    return [
        *lines,
        f"copies = torch.ones({model.outlier_copies})  # of one outlier",
        f"u = (torch.cat([raw, {place:.12g} * copies]) - raw.mean()) / raw.std(correction=0)",
        f"y = torch.cat([y, {model.outlier.name} * copies])",
    ]


def binary_data_lines(data: BinaryData) -> list[str]:
    """Lines for two columns u and v and labels y."""
    return [
        *tensor_lines("u", data.features[:, 0], str(data.variables[0])),
        *tensor_lines("v", data.features[:, 1], str(data.variables[1])),
        "u, v = ((x - x.mean()) / x.std(correction=0) for x in (u, v))",
        *tensor_lines("y", data.target, f"1: {data.positive}"),
    ]


# --- lines of Python ---


def tensor_lines(name: str, values: np.ndarray, comment: str) -> list[str]:
    """Lines that assign a tensor of these values [n], with a comment."""
    stretches = [(value, len(list(same))) for value, same in groupby(values.tolist())]
    if len(stretches) <= MAX_REPEATS:
        repeated = " + ".join(f"[{value}] * {count}" for value, count in stretches)
        return [f"{name} = torch.tensor({repeated})  # {comment}"]
    rows = wrap(", ".join(map(repr, values.tolist())), WIDTH - 4)
    return [f"{name} = torch.tensor([  # {comment}", *indented(rows, 4), "])"]


def assignment_lines(head: str, expression: str) -> list[str]:
    """The expression behind its head, such as "x = " or "return ", on lines of at most WIDTH characters."""
    lines = fold(head + expression, width=WIDTH - 1)  # a comma may follow
    return lines if max(map(len, lines)) < WIDTH else fold(f"{head}({expression})", width=WIDTH - 1)


def indented(lines: Iterable[str], by: int) -> list[str]:
    """The lines with so many more spaces in front; an empty line stays empty."""
    return indent("\n".join(lines), " " * by).splitlines()
