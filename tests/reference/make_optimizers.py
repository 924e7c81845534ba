"""Writes optimizers.json: the paths of PyTorch's optimizers and of Optax's Lion, and PyTorch's learning-rate schedules.

    make reference

The optimizers are run by the code of this project's records, in float64, on landscapes that are written out here again
and whose gradients come from autograd. Every tenth point of a path is kept. Paths are chosen to be no chaos: from a
start that is 1e-12 away they must end close by, or a comparison to 1e-9 would mean nothing.
"""

import json
from importlib.metadata import version
from pathlib import Path

import jax
import numpy as np
import optax
import torch

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay

torch.set_default_dtype(torch.float64)
jax.config.update("jax_enable_x64", True)

STEPS, EVERY = 300, 10
CHAOS = 1e3  # times as far away at the end as at the start, at most
SURFACES = {
    "rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (1.0, 1.5)),
    "ravine": (lambda x, y: (x**2 + 20 * y**2) / 2, (-2.5, 1.5)),
}
SAFE = {"rosenbrock": 1e-3, "himmelblau": 0.01, "ravine": 0.05}  # about 1 / (largest curvature on the way)
PLAIN = {  # the learning rate in these; the rest as it is
    "gradient_descent": [{"lr": 1.0}, {"lr": 0.3}],
    "momentum": [{"lr": 0.3}, {"lr": 0.5, "momentum": 0.7}],
    "nesterov": [{"lr": 0.3}, {"lr": 0.5, "momentum": 0.7}],
}
ADAPTIVE = {
    "adagrad": [{"lr": 0.5}, {"lr": 0.1, "eps": 1e-3}],
    "rmsprop": [{"lr": 0.01}, {"lr": 0.003, "rho": 0.95, "eps": 3.0}],
    "adadelta": [{"lr": 0.3}, {"lr": 0.1, "rho": 0.95, "eps": 1e-5}],
    "adam": [{"lr": 0.05}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-4}],
    "amsgrad": [{"lr": 0.05}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-4}],
    "adamw": [{"lr": 0.05}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.3}],
    "adamax": [{"lr": 0.05}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-4}],
    "nadam": [{"lr": 0.05}, {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "momentum_decay": 0.02}],
    "radam": [{"lr": 1e-3}, {"lr": 5e-4, "beta1": 0.8, "beta2": 0.99, "eps": 1e-4}],
    "lion": [{"lr": 0.01}, {"lr": 0.003, "beta1": 0.8, "beta2": 0.95}],
}
DECAY = 0.05
DECAYED = ["momentum", "adagrad", "rmsprop", "adadelta", "adam", "adamax", "nadam", "radam"]
SCHEDULED = [
    ("momentum", {}, "step", {"every": 75.0, "gamma": 0.5}),
    ("adam", {"lr": 0.05}, "exponential", {"gamma": 0.995}),
    ("adam", {"lr": 0.05}, "cosine", {"floor": 0.1}),
    ("rmsprop", {"lr": 0.01}, "warmup_cosine", {"warmup": 0.2}),
    ("adamax", {"lr": 0.05}, "one_cycle", {}),
]
FACTORS = {
    "step": [{}, {"every": 7.0, "gamma": 0.5}],
    "exponential": [{}, {"gamma": 0.95}],
    "cosine": [{}, {"floor": 0.2}],
    "warmup_cosine": [{}, {"warmup": 0.25, "floor": 0.1}],
    "one_cycle": [{}, {"warmup": 0.5, "begin": 10.0, "end": 100.0}],
}
RATE, LENGTHS = 0.3, [40, 200]  # of the runs that factors are taken from


def torch_path(landscape, start, code, schedule="None"):
    """Every point of a run of the optimizer, and of the schedule, that the code makes."""
    height, _ = SURFACES[landscape]
    x = torch.tensor(start, requires_grad=True)
    optimizer = eval(code, {"torch": torch, "x": x})
    scheduler = eval(schedule, {"torch": torch, "optimizer": optimizer})
    points = [x.detach().numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        height(*x).backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
        points.append(x.detach().numpy().copy())
    return np.array(points)


def optax_path(landscape, start, code):
    height, _ = SURFACES[landscape]
    optimizer, gradient = eval(code, {"optax": optax}), jax.grad(lambda x: height(x[0], x[1]))
    x = jax.numpy.array(start)
    state, points = optimizer.init(x), [np.array(x)]
    for _ in range(STEPS):
        moved, state = optimizer.update(gradient(x), state, x)
        x = optax.apply_updates(x, moved)
        points.append(np.array(x))
    return np.array(points)


def block(optimizer, landscape, params, path, code, **more):
    """One path; it must be ours, and no chaos."""
    start = SURFACES[landscape][1]
    theirs, nearby = path(landscape, start), path(landscape, tuple(np.array(start) + 1e-12))
    gap = np.abs(theirs - nearby).max()
    ours = descend(optimizer, LANDSCAPES[landscape], start, STEPS, **params).points
    name = f"{optimizer.key} {more} on {landscape} at {params}"
    assert np.isfinite(theirs).all(), name
    assert gap < CHAOS * 1e-12, f"{name} is chaos: {gap}"
    np.testing.assert_allclose(ours, theirs, rtol=3e-10, atol=1e-12 * np.abs(theirs).max(), err_msg=name)
    library = "Optax" if "optax" in code else "PyTorch"
    head = {"key": optimizer.key, "landscape": landscape, "params": params, "start": start, "steps": STEPS}
    source = {"library": library, "version": version(library.lower().replace("py", "")), "script": Path(__file__).name}
    return head | more | source | {"code": code, "every": EVERY, "points": theirs[::EVERY].tolist()}


def usual(optimizer):
    """Two settings of an optimizer that has none of its own above: its defaults, and all but the rate elsewhere."""
    rate = optimizer.params[0].default
    return [{"lr": rate}, {"lr": rate / 3} | {param.name: param.frames[-2] for param in optimizer.params[1:]}]


def paths():
    for key, optimizer in OPTIMIZERS.items():
        if not (optimizer.torch or optimizer.optax):
            continue
        settings = (PLAIN | ADAPTIVE).get(key) or usual(optimizer)
        for landscape, unit in SAFE.items():
            for setting in settings:
                params = setting | ({"lr": setting["lr"] * unit} if key in PLAIN else {})
                if optimizer.torch:
                    code = optimizer.torch_at(**params)
                    yield block(optimizer, landscape, params, lambda *at, code=code: torch_path(*at, code), code)
                else:
                    code = optimizer.optax_at(**params)
                    yield block(optimizer, landscape, params, lambda *at, code=code: optax_path(*at, code), code)


def decayed():
    for key in DECAYED:
        for decoupled in (False, True):
            optimizer = with_weight_decay(OPTIMIZERS[key], DECAY, decoupled=decoupled)
            params = {"lr": 0.3 * SAFE["himmelblau"]} if key in PLAIN else ADAPTIVE[key][0]
            code = with_weight_decay(OPTIMIZERS[key], DECAY, decoupled=False).torch_at(**params)
            if decoupled and key not in ("adam", "nadam", "radam"):
                continue  # PyTorch has no such
            if decoupled:
                code = code.removesuffix(")") + ", decoupled_weight_decay=True)"
            more = {"decay": DECAY, "decoupled": decoupled}
            yield block(optimizer, "himmelblau", params, lambda *at, code=code: torch_path(*at, code), code, **more)


def under_schedules():
    for key, params, name, own in SCHEDULED:
        params = params or {"lr": 0.3 * SAFE["himmelblau"]}
        optimizer = OPTIMIZERS[key]
        code = optimizer.torch_at(**params)
        rates = SCHEDULES[name].torch_at(lr=params["lr"], steps=STEPS, **own)
        yield block(
            with_schedule(optimizer, SCHEDULES[name], STEPS, **own), "himmelblau", params,
            lambda *at, code=code, rates=rates: torch_path(*at, code, rates), code, schedule=name, own=own,
        )  # fmt: skip


def factors():
    for name, settings in FACTORS.items():
        for steps in LENGTHS:
            for params in settings:
                code = SCHEDULES[name].torch_at(lr=RATE, steps=steps, **params)
                optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
                schedule, rates = eval(code, {"torch": torch, "optimizer": optimizer}), []
                for _ in range(steps):
                    rates.append(schedule.get_last_lr()[0])
                    optimizer.step()
                    schedule.step()
                theirs = np.array(rates) / RATE
                np.testing.assert_allclose(
                    SCHEDULES[name].factor(np.arange(steps), steps, **params), theirs, rtol=1e-12
                )
                head = {"key": name, "params": params, "steps": steps, "library": "PyTorch"}
                source = {"version": version("torch"), "script": Path(__file__).name, "code": code}
                yield head | source | {"factors": theirs.tolist()}


def main():
    kinds = {"paths": paths, "decayed": decayed, "scheduled": under_schedules, "factors": factors}
    parts = []
    for name, blocks in kinds.items():
        lines = ",\n".join(json.dumps(one, separators=(",", ":"), allow_nan=False) for one in blocks())
        parts.append(f'"{name}": [\n{lines}\n]')
    target = Path(__file__).with_name("optimizers.json")
    target.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print(f"{target}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
