"""Writes scripts.json: every program that /gradient-descent can save, run with the real PyTorch.

    make reference

It runs the programs at every stop of every slider (five minutes), stops at the first that raises, and compares
where each optimizer ends with what the program says that the picture shows. Paths that magnify a start which is 1e-12
away are chaos: such a program has to run, but rounding alone decides where it ends. What is kept: the constructor calls
and the schedules that PyTorch accepted, and the printed ends of one program for each landscape and each loss.
"""

import ast
import contextlib
import inspect
import io
import itertools
import json
import time
import warnings
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.views import VIEWS
from core.views.gradient_descent.problems import KINDS as PROBLEMS
from core.views.gradient_descent.sliders import BETA, X, Y
from tests.views.gradient_descent.scripts import (
    EVERYBODY,
    KINDS,
    constructors,
    ends,
    every_constructor,
    program,
    race,
    schedule,
    signature,
    stops,
)

FEW = ("nesterov", "adam")  # for landscapes, which do not depend on optimizers
SHORT = "50"
NUDGE, CHAOS = 1e-12, 1e4  # of the window: how far away a start is moved, and how many times as far it may end
CLOSE = 1e-6  # of the window and of the height: printed to 8 digits, and rounding on the way

accepted: dict[str, str] = {}  # by signature: a call that PyTorch took
schedules: dict[str, None] = {}
counts: Counter[str] = Counter()


def run(text):
    """What a program prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "script", "exec"), {})
    return printed.getvalue().splitlines()


def tried(kind, choice, values, around=None):
    """Runs the program at these values, keeps what PyTorch accepted, and answers with the ends that are no chaos."""
    found = race(kind, choice, around or {})
    text = program(found, (around or {}) | values)
    try:
        printed = run(text)
    except Exception as error:
        raise SystemExit(f"{kind} {choice} at {around} {values} raises {error!r}:\n{text}") from error
    for call in constructors(text):
        accepted.setdefault(signature(call), call)
    if line := schedule(text):
        schedules[line] = None
    counts["programs"] += 1
    theirs = ends(printed)
    ours = ends([line for line in text.splitlines() if line.startswith("#   ")])
    assert len(printed) == sum(bool(OPTIMIZERS[key].torch) for key in found.optimizers)
    low, high = np.transpose(found.problem.landscape.window)
    room = np.append(high - low, 0.0)
    for key in found.optimizers:
        name = OPTIMIZERS[key].name
        if name not in ours:
            counts["diverged or left out"] += 1
            continue
        height = np.abs(ours[name][2]) + np.abs(theirs[name][2])
        gaps = np.abs(np.subtract(theirs[name], ours[name])) / (room + np.array([0, 0, max(height, 1e-3)]))
        same = np.array_equal(ours[name], theirs[name], equal_nan=True) or bool((gaps < CLOSE).all())
        if same:
            counts["same"] += 1
        elif chaos(found, key, (around or {}) | values, room[:2]):
            counts["chaos"] += 1
            del theirs[name]
        else:
            raise SystemExit(f"{kind} {choice} at {around} {values}: {name} ends at {theirs[name]}, not {ours[name]}")
    return {name: end for name, end in theirs.items() if name in ours and np.isfinite(end).all()}


def chaos(found, key, values, span):
    """Whether a start that is hardly another ends elsewhere: rounding does as much."""
    number, run = found.at(key, values)
    own = {name: array[..., run] for name, array in found.settings.items()}
    start = np.array([own[X], own[Y]]) + NUDGE * span * np.array([[0, 0], [1, 1], [1, -1], [-1, 1], [-1, -1]])
    params = {"lr": own["lr"][number]}
    params |= {name: own[BETA] for name in ("momentum", "beta1") if name in OPTIMIZERS[key].defaults}
    landscape = found.problem.landscape.at(**found.problem.params(own))
    moved = descend(found.optimizer(key), landscape, start, found.steps, noise=found.noise(own), **params).points
    return not bool((np.abs(moved[-1] - moved[-1, 0]) <= CHAOS * NUDGE * span).all())  # NaN is far away too


def only_0_and_1():
    """Checks what `signature` takes for granted: constructors compare numbers with 0 and 1 alone."""
    for name in sorted({call.partition("(")[0].rpartition(".")[2] for call in accepted.values()}):
        for kind in getattr(torch.optim, name).__mro__:
            if kind.__module__.startswith("torch.optim.") and kind is not torch.optim.Optimizer:
                lines = inspect.getsource(kind.__init__)
                compared = [node for node in ast.walk(ast.parse(inspect.cleandoc("\n" + lines)))
                            if isinstance(node, ast.Compare)]  # fmt: skip
                numbers = {node.value for one in compared for node in ast.walk(one) if isinstance(node, ast.Constant)}
                assert {number for number in numbers if isinstance(number, float | int)} <= {0, 1}, (kind, numbers)


def all_optimizers():
    """Every stop of every slider with every optimizer, under every schedule; and with weight decay."""
    for words in (*({"schedule": name} for name in SCHEDULES), {"decay": "1"}):
        choice = {"optimizers": EVERYBODY, "steps": SHORT} | words
        for values in stops(race("textbook", choice, {})):
            tried("textbook", choice, values)
    for kind, name in itertools.product(KINDS, SCHEDULES):
        for steps in PROBLEMS[kind].steps:
            tried(kind, {"optimizers": EVERYBODY, "steps": steps, "schedule": name}, {})
    x = torch.zeros(2, requires_grad=True)
    for code in every_constructor():
        optimizer = eval(code, {"torch": torch, "x": x})
        x.grad = torch.ones(2)
        optimizer.step()
        accepted.setdefault(signature(code), code)


def all_landscapes():
    """Every stop on every landscape and under every loss; for every choice of data and penalty, the ends of the sliders
    that change the landscape."""
    for kind in KINDS:
        view = VIEWS[f"{kind}_race"]
        own = ["landscape"] if kind == "textbook" else ["loss", "data", "norm"]
        for words in itertools.product(*(view.param(name).options for name in own)):
            choice = {"optimizers": FEW, "steps": SHORT} | dict(zip(own, words, strict=True))
            usual = all(choice[name] == view.param(name).default for name in own[1:])
            found = race(kind, choice, {})
            for values in stops(found):
                changing = [slider.key for slider in found.problem.sliders]
                if usual or all(
                    key in changing and value in found.slider(key).values[[0, -1]] for key, value in values.items()
                ):
                    tried(kind, choice, values)
        print(kind, dict(counts), flush=True)
    for key, landscape in LANDSCAPES.items():  # where a gradient is 0 or undefined
        for x, y in (*landscape.minima, *landscape.saddles, *landscape.maxima, (0.0, 0.0)):
            (left, right), (low, high) = landscape.window
            if left <= x <= right and low <= y <= high:
                for beta in (0.0, 0.9):
                    tried("textbook", {"optimizers": EVERYBODY, "steps": SHORT, "landscape": key}, {},
                          {X: float(f"{x:.6g}"), Y: float(f"{y:.6g}"), BETA: beta})  # fmt: skip


def kept_ends():
    """One program for each landscape and each loss, without momentum and with: address and printed ends."""
    for kind in KINDS:
        name = "landscape" if kind == "textbook" else "loss"
        for word in VIEWS[f"{kind}_race"].param(name).options:
            for around in ({}, {BETA: 0.0} | ({} if kind == "textbook" else {"batch": 8.0})):
                choice = {"optimizers": EVERYBODY, "steps": SHORT, name: word}
                yield {"kind": kind, "choice": {name: word, "steps": SHORT}, "around": around,
                       "ends": tried(kind, choice, {}, around)}  # fmt: skip
    around = {X: 0.0, Y: 0.0}
    choice = {"landscape": "ackley", "steps": SHORT}
    yield {"kind": "textbook", "choice": choice, "around": around,
           "ends": tried("textbook", choice | {"optimizers": EVERYBODY}, {}, around)}  # fmt: skip


def main():
    warnings.simplefilter("error")
    begun = time.time()
    cases = list(kept_ends())
    all_optimizers()
    all_landscapes()
    only_0_and_1()
    head = {"library": "PyTorch", "version": version("torch"), "script": Path(__file__).name, "counts": dict(counts)}
    parts = [json.dumps(head, separators=(",", ":"))[1:-1]]
    parts.append('"accepted": ' + json.dumps(sorted(accepted), indent=0))
    parts.append('"schedules": ' + json.dumps(sorted(schedules), indent=0))
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    parts.append(f'"cases": [\n{lines}\n]')
    target = Path(__file__).with_name("scripts.json")
    target.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print(f"{target}: {target.stat().st_size / 1e3:.0f} kB, {counts}, {time.time() - begun:.0f} s")


if __name__ == "__main__":
    main()
