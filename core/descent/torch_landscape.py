"""A landscape as lines of a program for PyTorch: what its function needs, and the function.

A textbook formula is taken as its module writes it, a loss as its record writes it for PyTorch.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate, groupby, pairwise
from textwrap import dedent, indent, wrap

import numpy as np

from core import landscapes
from core.datasets import BinaryData, RegressionData
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import FittedFormulas, FittedModel

WIDTH = 110
GLUE = "\N{NO-BREAK SPACE}"  # where a line may not end
FEW = 4  # runs of one label that are written as such
SIZES = {"none": "", "l1": "abs(w[{}])", "l2": "w[{}] ** 2"}  # of a weight, as each penalty counts it
# At 0 autograd takes the root's infinite slope times the square's 0, which is NaN; the picture takes 0.
ROOT = (
    "def root(x):  # the square root, whose slope at 0 is taken as 0, as in the picture",
    "    return torch.sqrt(torch.where(x > 0, x, 1.0)) * (x > 0)",
    "",
    "",
)
SCORES = np.array([0.5, 1e6])  # of a target of 1: where there is no slope at either, there is none at all


def has_spelling(landscape: Landscape) -> bool:
    """Whether it is a textbook formula, or data and a loss that has an equivalent in PyTorch."""
    if landscape is LANDSCAPES.get(landscape.key):
        return True
    parts = parts_of(landscape)
    return parts is not None and parts.model.data is not None and "PyTorch" in parts.loss.equivalents


def ground(landscape: Landscape, *, sampled: bool) -> list[str]:
    """The lines that define `f`, its height at a point; `sampled`, at a point over some rows of the data."""
    parts = parts_of(landscape)
    return fitted_ground(parts, sampled) if parts else list(textbook_ground(landscape.key))


def parts_of(landscape: Landscape) -> FittedFormulas | None:
    """What a fitted landscape is made of; nothing of another."""
    parts = getattr(landscape.value_of, "__self__", None)
    return parts if isinstance(parts, FittedFormulas) else None


@cache
def textbook_ground(key: str) -> tuple[str, ...]:
    """The formula as its module writes it, behind whatever else of the module it uses."""
    module = next(one for one in vars(landscapes).values() if isinstance(getattr(one, key, None), Landscape))
    source = inspect.getsource(module)
    made = {name: node for node in ast.parse(source).body for name in makes(node)}
    height = next(node.body for node in ast.walk(made[key]) if isinstance(node, ast.Lambda))  # its first argument
    used: set[ast.stmt] = set()
    waiting: list[ast.AST] = [height]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = {made[name] for name in names & made.keys()} - used
        used |= new
        waiting += new
    lines, found = source.splitlines(), []
    for node in sorted(used, key=lambda node: node.lineno):
        found += [*lines[node.lineno - 1 : node.end_lineno], "", ""]
    expression = " " * height.col_offset + (ast.get_source_segment(source, height) or "")
    found += ["def f(p):", "    x, y = p", *returned(expression)]
    rooted = [re.sub(r"\bnp\.sqrt\(", "root(", line) for line in found]
    own = ROOT if rooted != found else ()
    return *own, *(re.sub(r"\bnp\.", "torch.", line) for line in rooted)


def makes(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def returned(expression: str) -> list[str]:
    lines = dedent(expression).splitlines()
    return [f"    return {lines[0]}"] if len(lines) == 1 else ["    return (", *indented(lines, 8), "    )"]


def fitted_ground(parts: FittedFormulas, sampled: bool) -> list[str]:
    """The data, the loss in PyTorch, and its mean over the data, or over some rows of them."""
    model, loss = parts.model, parts.loss
    names = {param.name: param.name for param in loss.params}
    rows = "[rows]" if sampled else ""
    columns = zip(("w[0]", "w[1]"), ("", "u") if isinstance(model.data, RegressionData) else ("u", "v"), strict=True)
    pred = " + ".join(f"{weight} * {column}{rows}" if column else weight for weight, column in columns)
    height = f"loss({pred}, y{rows})"
    counted = [number for number, share in enumerate(model.penalised) if share]
    if parts.penalty != "none":
        height += f" + penalty * ({' + '.join(SIZES[parts.penalty].format(number) for number in counted)})"
    if not loss.grad(SCORES, np.ones_like(SCORES)).any():
        height += " + 0 * w.sum()  # the loss has no slope, but backward() asks for one"
    return [
        *data_lines(model),
        "",
        "",
        "def loss(pred, target):",
        *folded("    return ", loss.equivalents["PyTorch"].code % names),
        "",
        "",
        f"def f({'w, rows=slice(None)' if sampled else 'w'}):",
        f"    return {height}",
    ]


def data_lines(model: FittedModel) -> list[str]:
    """The columns of the data in deviations from their means, u and perhaps v, and the targets y."""
    if isinstance(model.data, RegressionData):
        return line_data(model, model.data)
    return class_data(model.data) if model.data else []


def line_data(model: FittedModel, data: RegressionData) -> list[str]:
    lines = [*column("raw", data.x, str(data.x_variable)), *column("y", data.target, str(data.target_variable))]
    if model.outlier is None:
        return [*lines, "u = (raw - raw.mean()) / raw.std(correction=0)"]
    place = data.x.mean() + data.x.std() * model.outlier_basis[1]
    return [
        *lines,
        f"copies = torch.ones({model.outlier_copies})  # copies of one outlier",
        f"u = (torch.cat([raw, {place:.12g} * copies]) - raw.mean()) / raw.std(correction=0)",
        f"y = torch.cat([y, {model.outlier.name} * copies])",
    ]


def class_data(data: BinaryData) -> list[str]:
    return [
        *column("u", data.features[:, 0], str(data.variables[0])),
        *column("v", data.features[:, 1], str(data.variables[1])),
        "u, v = ((x - x.mean()) / x.std(correction=0) for x in (u, v))",
        *column("y", data.target, f"1: {data.positive}"),
    ]


def column(name: str, values: np.ndarray, about: str) -> list[str]:
    runs = [(label, len(list(run))) for label, run in groupby(values.tolist())]
    if len(runs) <= FEW:
        return [f"{name} = torch.tensor({' + '.join(f'[{label}] * {count}' for label, count in runs)})  # {about}"]
    rows = wrap(", ".join(map(repr, values.tolist())), WIDTH - 4)
    return [f"{name} = torch.tensor([  # {about}", *indented(rows, 4), "])"]


def indented(lines: Iterable[str], by: int) -> list[str]:
    return indent("\n".join(lines), " " * by).splitlines()


def folded(head: str, expression: str) -> list[str]:
    """An expression behind its head, if need be in brackets on lines of its own."""
    if len(head + expression) < WIDTH:
        return [head + expression]
    space = " " * (len(head) - len(head.lstrip()))
    room = WIDTH - len(space) - 4
    whole = " ".join(piece.replace(" ", GLUE) for piece in pieces(expression, room))
    lines = [f"{space}    {line.replace(GLUE, ' ')}" for line in wrap(whole, room, break_on_hyphens=False)]
    return [f"{head}(", *lines, f"{space})"]


def pieces(expression: str, room: int) -> list[str]:
    """An expression in pieces that fit, cut at spaces within as few brackets as possible."""
    if len(expression) <= room or " " not in expression:
        return [expression]
    levels = list(accumulate((letter in "([") - (letter in ")]") for letter in expression))
    spaces = [at for at, letter in enumerate(expression) if letter == " "]
    outermost = min(levels[at] for at in spaces)
    cuts = [-1, *(at for at in spaces if levels[at] == outermost), len(expression)]
    return [piece for begin, end in pairwise(cuts) for piece in pieces(expression[begin + 1 : end], room)]
