"""The programs for PyTorch that /gradient-descent can save: which there are, and what each asks of PyTorch.

Used by the tests, which have no PyTorch, and by reference/make_scripts.py, which runs them with the real one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.optimizers import OPTIMIZERS
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.script import script_of
from core.views.gradient_descent.sliders import BETAS, RATES, momentum_param
from core.views.gradient_descent.views import BY_KIND
from core.views.kit.view import Choice

KINDS = ("textbook", "line", "classifier")
EVERYBODY = tuple(OPTIMIZERS)
PRINTED = re.compile(r"(.{18}) \((\S+), (\S+)\)  height (\S+)")
ZONES = ("below 0", "0", "between 0 and 1", "1", "above 1")


def race_of(choice: Choice) -> Race:
    """The race that a choice of a race, or of one step, shows."""
    return choice.picture.race.around(choice.centre)


def race(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> Race:
    """The race of a choice around these values of its sliders; what is not chosen is at its default."""
    return race_of(BY_KIND[kind]["race"].choose(**choice).around(values))


def program(found: Race, values: Mapping[str, float]) -> str:
    """What is saved at these values of the sliders, of which one may have left those that the race is around."""
    make = script_of(found)
    assert make is not None
    return make(values)


def stops(found: Race) -> Iterator[dict[str, float]]:
    """Every stop of every slider, the others where the race has them."""
    yield {}
    for slider in found.sliders:
        if slider.recomputed:
            yield from ({slider.key: float(value)} for value in slider.values)


def ends(lines: Sequence[str]) -> dict[str, list[float]]:
    """What a program prints, or says that the picture shows: x, y and height by optimizer, without the diverged."""
    found = [PRINTED.fullmatch(line.removeprefix("#   ")) for line in lines]
    return {match[1].strip(): [float(match[part]) for part in (2, 3, 4)] for match in found if match}


def constructors(text: str) -> Iterator[str]:
    """The calls that make a program's optimizers, as they are written there."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "optimizers":
            assert isinstance(node.value, ast.Dict)
            yield from (ast.unparse(made.body) for made in node.value.values if isinstance(made, ast.Lambda))


def every_constructor() -> Iterator[str]:
    """Of each optimizer at every learning rate with every momentum: released together, not only one at a time."""
    for optimizer in OPTIMIZERS.values():
        own = momentum_param(optimizer.key)
        for rate in RATES if optimizer.torch else ():
            for momentum in BETAS if own else (0.0,):
                yield optimizer.torch_at(lr=float(rate), **({own: float(momentum)} if own else {}))


def signature(code: str) -> str:
    """What PyTorch's constructor can tell of a call: the class, and of each number its type and where it lies.

    The constructors compare numbers with 0 and 1 and ask for their types, and nothing else (make_scripts.py checks
    that), so that one call of a signature that is accepted stands for all.
    """
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    words = [f"{word.arg}={described(ast.literal_eval(word.value))}" for word in call.keywords]
    return f"{ast.unparse(call.func)}({', '.join(words)})"


def described(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(described, value))})"
    zone = (value > 0) - (value < 0) + (value >= 1) + (value > 1)
    return f"{type(value).__name__} {ZONES[zone + 1]}"


def schedule(text: str) -> str:
    """The line that makes a program's schedule, beside the number of steps; "" without one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "scheduler":
            steps = re.search(r"^steps = (\d+)$", text, re.MULTILINE)
            assert steps
            return f"{steps[1]} steps: {ast.unparse(node.value)}"
    return ""
