"""A run as a short program for PyTorch: the landscape, the optimizers, the loop, and where each of them ended here.

Everything in it is some record's own spelling: a textbook formula as its module writes it; a loss, an optimizer and a
schedule as PyTorch spells them. Noise takes NumPy's draws, because others would make another run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.descent.noise import Gaussian, MiniBatch
from core.descent.torch_landscape import folded, ground, has_spelling, indented, parts_of
from core.landscapes import Landscape
from core.landscapes.fitted import FittedFormulas
from core.optimizers.optimizer import Optimizer
from core.optimizers.params import DECAY
from core.optimizers.schedules import Schedule
from core.record import REAL

DRAWN = "the picture's own draws, the same for all"


@dataclass(frozen=True, eq=False)
class ScriptRun:
    """One optimizer of a run, as its record is, with its own parameters, and what became of it."""

    optimizer: Optimizer
    params: Mapping[str, float]  # the rest are at their defaults
    end: np.ndarray  # [2]
    height: float
    diverged_at: int = -1  # as in a Descent


def has_script(landscape: Landscape, optimizers: Iterable[Optimizer]) -> bool:
    """Whether PyTorch has what such a run needs: a formula, or data and a loss for them; and any of the optimizers."""
    return has_spelling(landscape) and any(one.torch for one in optimizers)


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
    """The program that makes a run again and prints where each optimizer ends.

    `params` are the landscape's; `decay` is decoupled weight decay for all that have none of their own; a noise has one
    scale or size. An optimizer that PyTorch lacks is named and left out. ValueError where there is no script.
    """
    if not has_script(landscape, [entry.optimizer for entry in runs]):
        raise ValueError(f"PyTorch lacks the landscape {landscape.key!r} or all of the optimizers")
    parts = parts_of(landscape)
    values = landscape.with_defaults(params)
    noisy = noise_lines(noise, landscape.examples)
    sampled = bool(noisy) and isinstance(noise, MiniBatch)
    found = [entry for entry in runs if entry.optimizer.torch]
    program = [
        f"start = {[float(place) for place in start]}",
        f"steps = {steps}",
        *(f"{param.name} = {values[param.name].item()}  # {param.symbol}" for param in landscape.params),
        *([f"decay = {decay}  # of the weights, decoupled: beside the gradient, as in AdamW"] if decay else []),
        *noisy,
        "",
        "",
        *ground(landscape, sampled=sampled),
        "",
        "",
        *table(runs),
        *loop(found, slope(parts, bool(noisy), sampled), schedule, decay),
        "",
        "# In the picture, up to rounding, which an unstable path magnifies:",
        *(f"#   {ended(entry)}" for entry in found),
    ]
    used = [name for name in ("math", "numpy", "torch") if any(f"{name}." in line for line in program)]
    title = landscape.name
    if parts and parts.model.data:
        title += f", fitted to data: {parts.model.data.name}"
    head = [
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
    return "\n".join([*head, *program, ""])


def noise_lines(noise: Gaussian | MiniBatch | None, examples: int) -> list[str]:
    """What is drawn; nothing of a noise that leaves the gradients as they are."""
    if isinstance(noise, MiniBatch) and noise.size < examples:
        return [
            f"random = numpy.random.default_rng({noise.seed})  # {DRAWN}",
            f"batches = [random.permutation({examples})[:{int(noise.size)}] for _ in range(steps)]",
        ]
    if isinstance(noise, Gaussian) and noise.scale > 0:
        return [
            f"noise = {float(noise.scale)}  # standard deviation, in each coordinate of the gradient",
            f"draws = numpy.random.default_rng({noise.seed}).normal(size=(steps, 2))  # {DRAWN}",
        ]
    return []


def table(runs: Iterable[ScriptRun]) -> list[str]:
    lines = ["optimizers = {"]
    for entry in runs:
        name, spelt = entry.optimizer.name, entry.optimizer.torch_at(**entry.params)
        if spelt:
            *made, last = folded(f'    "{name}": lambda x: ', spelt)
            lines += [*made, f"{last},"]
        else:
            lines.append(f"    # {name} is left out: PyTorch has none")
    return [*lines, "}"]


def slope(parts: FittedFormulas | None, noisy: bool, sampled: bool) -> list[str]:
    """How the gradient is asked for."""
    lines = ["f(x, batches[step]).backward()" if sampled else "f(x).backward()"]
    if noisy and not sampled:
        lines.append("x.grad += noise * torch.tensor(draws[step])")
    if parts and parts.loss.pred_domain is not REAL:
        lines[:0] = ["if not f(x).isfinite():", "    break  # a prediction is where the loss is not defined"]
    return lines


def loop(runs: Iterable[ScriptRun], slope: Sequence[str], schedule: Schedule, decay: float) -> list[str]:
    lines = [
        "for name, made in optimizers.items():",
        "    x = torch.tensor(start, requires_grad=True)",
        "    optimizer = made(x)",
    ]
    if schedule.torch:
        if "%(lr)s" in schedule.torch:
            lines.append('    lr = optimizer.defaults["lr"]')
        lines += folded("    scheduler = ", schedule.torch_at())
    lines += ["    for step in range(steps):", "        optimizer.zero_grad()", *indented(slope, 8)]
    if decay:
        own = [entry.optimizer.name for entry in runs if DECAY.name in entry.optimizer.defaults]
        pull = ["with torch.no_grad():", '    x *= 1 - optimizer.param_groups[0]["lr"] * decay']
        for name in own:
            pull = [f'if name != "{name}":  # which has its own', *indented(pull, 4)]
        lines += indented(pull, 8)
    lines.append("        optimizer.step()")
    if schedule.torch:
        lines.append("        scheduler.step()")
    return [*lines, '    print(f"{name:18} ({x[0]:.8g}, {x[1]:.8g})  height {f(x):.8g}")']


def ended(entry: ScriptRun) -> str:
    """What the program prints of it, if all goes well."""
    if entry.diverged_at >= 0:
        return f"{entry.optimizer.name:18} has diverged at step {entry.diverged_at}"
    return f"{entry.optimizer.name:18} ({entry.end[0]:.8g}, {entry.end[1]:.8g})  height {entry.height:.8g}"
