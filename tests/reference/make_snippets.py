"""Writes snippets.json: what the code to copy computes when NumPy, PyTorch, Keras, scikit-learn and Optax run it.

    make reference

Programs whose figures are stored already are left out, unless the script gets `--all`. Every other one is run as a
reader of the page would run it, on the whole batches below: at the low end, the default, the
start and the high end of every slider, with predictions and targets as [n], as [n, 1], as one of each and as [n/3, 3],
and with float and integer targets; at the defaults with targets in every number type that holds them and with
predictions in single precision too. Where a library differentiates, it does. Nothing is written if a figure is not the
mean of this project's values. What is stored is the lowest and the highest figure of all the runs of a batch in double
precision.

Keras runs on TensorFlow: its other backends bring float64 down to float32 on the way.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import warnings
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

os.environ |= {
    "KERAS_BACKEND": "tensorflow",
    "JAX_ENABLE_X64": "1",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

import jax
import jax.numpy as jnp
import keras
import numpy as np
import tensorflow as tf
import torch

from core.losses import FAMILIES, LOSSES
from core.models.objectives import OBJECTIVES

PACKAGES = {"NumPy": "numpy", "PyTorch": "torch", "Keras": "keras", "scikit-learn": "scikit-learn", "Optax": "optax"}
RECORDS = dict(LOSSES) | {key: objective for key, objective in OBJECTIVES.items() if key not in LOSSES}

MIXED_SCORES = [
    [0.2, -1.3, 2.1, 0.7],
    [1.5, 0.5, -4.0, 3.0],
    [-0.3, 0.1, 0.0, 1.9],
    [2.2, -0.6, 0.4, 0.4],
    [0.0, 5.5, 1.1, -2.0],
    [-1.0, -1.5, -2.5, -0.5],
]
# Batches by name: predictions and targets. No residual or margin lies on a kink, unless the name says so.
BATCHES = {
    "regression": {
        "mixed": ([2.6, 1.4, 9.0, 0.3, 1.15, 3.93], [3, 1, 5, 2, 1, 4]),
        "too high": ([4.25, 1.75, 9.5], [3, 1, 5]),
        "too low": ([1.25, 0.25, 4.6], [3, 1, 5]),
        "one example": ([2.3], [4]),
        "fractions and signs": ([-3.2, 0.7, 12.6, -0.41], [-2.2, 0.25, 7.5, -0.5]),
        "targets of 0 and 1": ([0.7, 0.2, 1.85], [0, 0, 1]),
        "far": ([1e4, -1e4, 30.6], [0.5, 7.25, 2.0]),
        "far, positive": ([1e4, 1e-3, 2e3], [0.75, 6, 9000]),
        "no error: a kink": ([3.0, 1.0, 5.0], [3, 1, 5]),
    },
    "binary": {
        "mixed": ([-2.0, 1.0, 0.3, -0.7, 2.5, -1.2], [0, 1, 1, 0, 0, 1]),  # its second margin is hinge's kink
        "all positive": ([2.0, -0.5, 1.3], [1, 1, 1]),
        "all negative": ([2.0, -0.5, 1.3], [0, 0, 0]),
        "one positive": ([0.7], [1]),
        "one negative": ([0.7], [0]),
        "sure": ([-5.9, 5.9, -5.9, 5.9, 3.0, -4.0], [0, 1, 1, 0, 1, 0]),
        "far, right": ([-1e4, 1e4, -745.0, 700.0, 40.0, -30.0], [0, 1, 0, 1, 1, 0]),
        "far, wrong": ([-1e4, 1e4, -745.0, 700.0, 40.0, -30.0], [1, 0, 1, 0, 0, 1]),
        "a score of 0: a kink": ([0.0, 0.0], [0, 1]),
    },
    "multi-class": {
        "mixed": (
            MIXED_SCORES,
            [2, 0, 3, 1, 1, 2],
        ),
        "one class only": ([[0.2, -1.3, 2.1], [1.5, 0.5, -4.0], [-0.3, 0.1, 0.0]], [1, 1, 1]),
        "one example": ([[0.2, -1.3, 2.1]], [2]),
        "two classes": ([[0.2, -1.3], [1.4, 2.2], [-3.0, 3.0]], [0, 0, 1]),
        "far": ([[1e4, -1e4, 0.0], [-700.0, 20.0, 60.0], [1e4, 0.0, 9990.0]], [1, 2, 0]),
    },
    "multi-class, probabilities": {  # of losses whose code takes these as target
        "mixed": (
            MIXED_SCORES,
            [
                [0.1, 0.2, 0.6, 0.1],
                [0.25, 0.25, 0.25, 0.25],
                [0.05, 0.05, 0.1, 0.8],
                [0.7, 0.1, 0.1, 0.1],
                [0.4, 0.3, 0.2, 0.1],
                [0.01, 0.01, 0.97, 0.01],
            ],
        ),
        "labels": ([[0.2, -1.3, 2.1], [1.5, 0.5, -4.0], [-0.3, 0.1, 0.0]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]),
        "one example": ([[0.2, -1.3, 2.1]], [[0.5, 0.25, 0.25]]),
        "two classes": ([[0.2, -1.3], [1.4, 2.2], [-3.0, 3.0]], [[0.5, 0.5], [0.9, 0.1], [0.01, 0.99]]),
        "far": ([[1e4, -1e4, 0.0], [-700.0, 20.0, 60.0], [1e4, 0.0, 9990.0]], [[0.2, 0.3, 0.5]] * 3),
    },
}
TYPES = ["float64", "float32", "int64", "int32", "uint8", "bool"]  # of targets
SINGLE = 1e-5  # how closely single precision is to agree, where nothing is far


def batches_of(record):
    """The name of the batches that its code is for."""
    return record.family + (", probabilities" if record.soft_targets else "")


def settings(record):
    """Every combination of the ends of the sliders, the defaults, and where the sliders start."""
    choices = [sorted({param.low, param.default, param.starts_at, param.high}) for param in record.params]
    return [dict(zip(record.defaults, values, strict=True)) for values in itertools.product(*choices)]


def of_the_whole(record, pred, target, params):
    """This project's value of a batch, its derivative in each prediction, and which derivatives lie on a kink."""
    if record.key not in LOSSES:
        return record.value(pred, target, **params), record.grad(pred, target, **params), np.zeros(pred.shape, bool)
    value = record.value(pred, target, **params)
    coordinate = FAMILIES[record.family].coordinate
    place = coordinate(pred, target) if coordinate else np.zeros_like(pred)
    kinks = record.kinks(**params) if coordinate else []
    kinked = np.logical_or.reduce([np.abs(place - kink) < 1e-9 for kink in kinks], initial=False)
    grad = record.grad(pred, target, **params) / value.size
    return value.mean(), grad, np.broadcast_to(kinked, grad.shape)


def batches(record, equivalent, params):
    """The batches on which the record has a value and the code is said to be right."""
    for name, (pred, target) in BATCHES[batches_of(record)].items():
        pred, target = np.array(pred), np.array(target, dtype=float)
        names = {"pred": pred, "target": target, "np": np, **params}
        if not np.all(eval(equivalent.where, names)):
            continue
        try:
            with np.errstate(over="ignore"):
                value = of_the_whole(record, pred, target, params)[0]
        except ValueError:  # outside the loss's domain
            continue
        if np.isfinite(value):
            yield name, pred, target


def shapes(pred, target, classes):
    """The same batch in every shape in which people have it."""
    if target.shape == pred.shape and classes:
        return [(pred, target)]
    if classes:
        return [(pred, target), (pred, target[:, None])]
    column = [(pred, target), (pred[:, None], target[:, None]), (pred[:, None], target), (pred, target[:, None])]
    return column + ([(pred.reshape(-1, 3), target.reshape(-1, 3))] if pred.size % 3 == 0 else [])


def types_of(target):
    """The number types that hold these targets exactly."""
    for name in TYPES:
        same = target.astype(name)
        if np.array_equal(same.astype(float), target) and (name != "bool" or set(target.ravel()) <= {0, 1}):
            yield name


def tolerance(rtol):
    """How closely a figure is to agree: to the last digits, or as closely as a library's own constant allows."""
    return {"rtol": rtol, "atol": 1e-14 if rtol <= 1e-12 else rtol / 100}


def run(library, code, pred, target, sloped):
    """(value, gradient or None) of compiled code for one batch, in the library's own arrays."""
    names = {}

    def loss_of(pred, target):
        names.update(pred=pred, target=target)
        exec(code, names)
        return names["loss"]

    if library in ("NumPy", "scikit-learn"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return float(loss_of(pred, target)), None
    if library == "Optax":
        if not sloped:
            return float(loss_of(jnp.array(pred), jnp.array(target))), None
        value, grad = jax.value_and_grad(loss_of)(jnp.array(pred), jnp.array(target))
        return float(value), np.asarray(grad)
    if library == "Keras":
        keras.config.set_floatx(str(pred.dtype))
        tensor = tf.Variable(pred)
        with tf.GradientTape() as tape:
            value = loss_of(tensor, tf.constant(target))
        return float(value), np.asarray(tape.gradient(value, tensor)) if sloped else None
    tensor = torch.tensor(pred, requires_grad=True)
    value = loss_of(tensor, torch.tensor(target))
    if not value.requires_grad:  # a loss of steps
        return float(value), np.zeros_like(pred)
    value.backward()
    return float(value.detach()), tensor.grad.numpy()


def check_batch(record, library, equivalent, params, batch):
    """Runs the code on one batch in all its forms. Returns the lowest and the highest figure, and the gradient."""
    code = compile(record.code(library, **params), f"{record.key} with {library}", "exec")
    name, pred, target = batch
    classes = bool(FAMILIES[record.family].pred_axes)
    ours, slopes, kinked = of_the_whole(record, pred, target, params)
    scale = eval(equivalent.scale, dict(params))
    offset = float(np.mean(eval(equivalent.offset, {"pred": pred, "target": target, "np": np, **params})))
    figures, gradient = [], None
    all_of_them = params == record.defaults  # elsewhere the types that differ most are enough
    precisions = ["float64", "float32"] if all_of_them and not name.startswith("far") else ["float64"]
    kinds = [kind for kind in types_of(target) if all_of_them or kind in ("float64", "int64")]
    for precision, kind, (shaped, labels) in itertools.product(precisions, kinds, shapes(pred, target, classes)):
        case = f"{record.key} {params} with {library} on {name}: {precision} {shaped.shape}, {kind} {labels.shape}"
        double = precision == "float64" and kind != "float32"
        near = tolerance(equivalent.rtol) if double else {"rtol": max(SINGLE, equivalent.rtol), "atol": 1e-6}
        sloped = library == "PyTorch" or (shaped.ndim == 1 + classes and kind in ("float64", "int64"))
        try:
            value, grad = run(library, code, shaped.astype(precision), labels.astype(kind), sloped)
        except Exception as error:
            raise RuntimeError(f"{case}: {error}") from error
        value = scale * value + offset
        np.testing.assert_allclose(value, ours, **near, err_msg=case)
        if double:
            figures.append(value)
        if grad is None:
            continue
        grad = scale * grad.reshape(slopes.shape)
        if double:
            np.testing.assert_allclose(grad[~kinked], slopes[~kinked], **near, err_msg=case)
            gradient = np.where(kinked, None, grad) if gradient is None else gradient
    return min(figures), max(figures), gradient


def block(record, library):
    equivalent = record.equivalents[library]
    runs = []
    for params in settings(record):
        figures = {}
        for batch in batches(record, equivalent, params):
            low, high, gradient = check_batch(record, library, equivalent, params, batch)
            figures[batch[0]] = [low, high]
            if batch[0] == "mixed" and gradient is not None:
                figures["mixed, gradient"] = gradient.tolist()
        runs.append({"params": params, "figures": figures})
    return {
        "key": record.key,
        "library": library,
        "version": version(PACKAGES[library]),
        "script": Path(__file__).name,
        "program": record.code(library),
        "programs": hash_of(record, library),
        "runs": runs,
    }


def stored(target):
    """The blocks of the file that would come out the same: of the same programs, batches and versions."""
    if not target.exists() or "--all" in sys.argv:
        return {}
    found = json.loads(target.read_text())
    now = json.loads(json.dumps(BATCHES))
    return {
        (one["key"], one["library"]): one
        for one in found["blocks"]
        if (record := RECORDS.get(one["key"]))
        and one["library"] in record.equivalents
        and one["version"] == version(PACKAGES[one["library"]])
        and one["programs"] == hash_of(record, one["library"])
        and found["batches"].get(batches_of(record)) == now[batches_of(record)]
    }


def hash_of(record, library):
    """What tells the programs of a record at all its settings from others."""
    return sha256("\n\n".join(record.code(library, **params) for params in settings(record)).encode()).hexdigest()


def main():
    target = Path(__file__).with_name("snippets.json")
    blocks, wrong, same = [], [], stored(target)
    for record, library in [(each, library) for each in RECORDS.values() for library in each.equivalents]:
        try:
            blocks.append(same.get((record.key, library)) or block(record, library))
        except Exception as error:  # whatever the library raises: all that is wrong, in one go
            wrong.append(f"{error!s:.600}\n{record.code(library)}")
    if wrong:
        raise SystemExit("\n\n".join([*wrong, f"{len(wrong)} programs are not this project's loss: nothing written"]))
    lines = [json.dumps(one, separators=(",", ":"), allow_nan=False, ensure_ascii=False) for one in blocks]
    batches = json.dumps(BATCHES, separators=(",", ":"))
    target.write_text(f'{{"batches":{batches},\n"blocks":[\n' + ",\n".join(lines) + "\n]}\n")
    print(f"{target}: {len(blocks)} programs, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
