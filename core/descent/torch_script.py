"""A race as a short program for PyTorch: landscape, optimizers and loop, and in comments where each optimizer ends.

Its code is that of the records: a textbook formula as in its module; a loss, an optimizer and a schedule as in PyTorch.
Noise is drawn by NumPy from the same seed, because other draws would make another run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.descent.noise import Gaussian, MiniBatch
from core.descent.torch_landscape import (
    assignment_lines,
    fitted_formulas,
    has_torch_code,
    indented,
    landscape_lines,
    typed_names,
)
from core.landscapes import Landscape
from core.landscapes.fitted import FittedFormulas
from core.optimizers.optimizer import Optimizer
from core.optimizers.params import DECAY
from core.optimizers.schedules import Schedule
from core.record import REAL

SAME_DRAWS = "the picture's own draws, the same for all"


@dataclass(frozen=True, eq=False)
class ScriptRun:
    """One optimizer of a race with its parameters, and where its run ended."""

    optimizer: Optimizer  # the record, without schedule and weight decay
    params: Mapping[str, float]  # the others are at their defaults
    end: np.ndarray  # [2]
    height: float
    diverged_at: int = -1  # as in `Descent`


def has_script(landscape: Landscape, optimizers: Iterable[Optimizer]) -> bool:
    """Whether PyTorch has what such a race needs: the landscape, and at least one of the optimizers."""
    return has_torch_code(landscape) and any(one.torch for one in optimizers)


def script(
    landscape: Landscape,
    runs: Sequence[ScriptRun],
    *,
    start: Iterable[float],
    steps: int,
    schedule: Schedule,
    params: Mapping[str, float],
    decay: float = 0.0,
    noise: Gaussian | MiniBatch | None = None,
) -> str:
    """The text of a program that repeats a race and prints where each optimizer ends.

    params: the landscape's. decay: decoupled weight decay, for optimizers that have none of their own.
    noise: with one scale or size.

    An optimizer that PyTorch does not have is left out, with a comment. Raises ValueError where `has_script` is False.
    """
    if not has_script(landscape, [run.optimizer for run in runs]):
        raise ValueError(f"PyTorch lacks the landscape {landscape.key!r} or all of the optimizers")
    formulas = fitted_formulas(landscape)
    values = {name: value.item() for name, value in landscape.with_defaults(params).items()}
    named = [param for param in landscape.params if param.name not in typed_names(landscape)]
    noisy = noise_lines(noise, landscape.examples)
    sampled = bool(noisy) and isinstance(noise, MiniBatch)
    available = [run for run in runs if run.optimizer.torch]
    program = [
        f"start = {[float(coordinate) for coordinate in start]}",
        f"steps = {steps}",
        *(f"{param.name} = {values[param.name]}  # {param.symbol}" for param in named),
        *([f"decay = {decay}  # decoupled weight decay, as in AdamW"] if decay else []),
        *noisy,
        "",
        "",
        *landscape_lines(landscape, values, sampled=sampled),
        "",
        "",
        *optimizer_lines(runs),
        *loop_lines(available, gradient_lines(formulas, bool(noisy), sampled), schedule, decay),
        "",
        "# In the picture, up to rounding errors, which grow on an unstable path:",
        *(f"#   {end_text(run)}" for run in available),
    ]
    title = landscape.name
    if formulas and formulas.model.data:
        title += f", fitted to data: {formulas.model.data.name}"
    return "\n".join([*head_lines(title, steps, program), *program, ""])


def head_lines(title: str, steps: int, program: Sequence[str]) -> list[str]:
    """The docstring and the imports of a program."""
    used = [name for name in ("math", "numpy", "torch") if any(f"{name}." in line for line in program)]
    return [
        f'"""{title}.',
        "",
        f"{steps} steps of each optimizer from one start, as Lossarium shows them. To run it:",
        f"pip install {' '.join(name for name in used if name != 'math')}",
        '"""',
        "",
        *(["import math", ""] if "math" in used else []),
        *(f"import {name}" for name in used if name != "math"),
        "",
        "torch.set_default_dtype(torch.float64)  # as in the picture; float32 ends a little elsewhere",
        "",
    ]


def noise_lines(noise: Gaussian | MiniBatch | None, examples: int) -> list[str]:
    """The lines that draw the noise; none for a noise that leaves the gradients as they are."""
    if isinstance(noise, MiniBatch) and noise.size < examples:
        return [
            f"random = numpy.random.default_rng({noise.seed})  # {SAME_DRAWS}",
            f"batches = [random.permutation({examples})[:{int(noise.size)}] for _ in range(steps)]",
        ]
    if isinstance(noise, Gaussian) and noise.scale > 0:
        return [
            f"noise = {float(noise.scale)}  # standard deviation, in each coordinate of the gradient",
            f"draws = numpy.random.default_rng({noise.seed}).normal(size=(steps, 2))  # {SAME_DRAWS}",
        ]
    return []


def optimizer_lines(runs: Iterable[ScriptRun]) -> list[str]:
    """The lines of the dictionary `optimizers`: name -> a function of the tensor that makes the optimizer."""
    lines = ["optimizers = {"]
    for run in runs:
        name, code = run.optimizer.name, run.optimizer.torch_at(**run.params)
        if code:
            *first, last = assignment_lines(f'    "{name}": lambda x: ', code)
            lines += [*first, f"{last},"]
        else:
            lines.append(f"    # {name} is left out: PyTorch has none")
    return [*lines, "}"]


def gradient_lines(formulas: FittedFormulas | None, noisy: bool, sampled: bool) -> list[str]:
    """The lines that compute the gradient `x.grad` at one step."""
    lines = ["f(x, batches[step]).backward()" if sampled else "f(x).backward()"]
    if noisy and not sampled:
        lines.append("x.grad += noise * torch.tensor(draws[step])")
    if formulas and formulas.loss.pred_domain is not REAL:
        lines[:0] = ["if not f(x).isfinite():", "    break  # a prediction is where the loss is not defined"]
    return lines


def loop_lines(runs: Iterable[ScriptRun], gradient: Sequence[str], schedule: Schedule, decay: float) -> list[str]:
    """The lines that run each of the `optimizers` and print where it ends; `gradient` as `gradient_lines` has it."""
    lines = [
        "for name, make in optimizers.items():",
        "    x = torch.tensor(start, requires_grad=True)",
        "    optimizer = make(x)",
    ]
    if schedule.torch:
        if "%(lr)s" in schedule.torch:
            lines.append('    lr = optimizer.defaults["lr"]')
        lines += assignment_lines("    scheduler = ", schedule.torch_at())
    lines += ["    for step in range(steps):", "        optimizer.zero_grad()", *indented(gradient, 8)]
    if decay:
        decay_lines = ["with torch.no_grad():", '    x *= 1 - optimizer.param_groups[0]["lr"] * decay']
        for run in runs:
            if DECAY.name in run.optimizer.defaults:
                decay_lines = [f'if name != "{run.optimizer.name}":  # which has its own', *indented(decay_lines, 4)]
        lines += indented(decay_lines, 8)
    lines.append("        optimizer.step()")
    if schedule.torch:
        lines.append("        scheduler.step()")
    return [*lines, '    print(f"{name:18} ({x[0]:.8g}, {x[1]:.8g})  height {f(x):.8g}")']


def end_text(run: ScriptRun) -> str:
    """What the program prints of a run, up to rounding errors; or that the run diverges."""
    if run.diverged_at >= 0:
        return f"{run.optimizer.name:18} has diverged at step {run.diverged_at}"
    return f"{run.optimizer.name:18} ({run.end[0]:.8g}, {run.end[1]:.8g})  height {run.height:.8g}"
