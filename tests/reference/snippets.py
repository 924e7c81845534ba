"""What make_snippets.py and make_vision_snippets.py share: programs run as a reader of the page would run them.

Programs whose figures are stored already are left out, unless the script gets `--all`. Every other one is run on whole
batches at each of the settings of its parameters, in the shapes that people have them in, with float and integer
targets; at the defaults with targets in every number type that holds them and with predictions in single precision too.
Where a library differentiates, it does. Nothing is written if a figure is not the mean of this project's values. What
is stored is the lowest and the highest figure of all the runs of a batch in double precision.

Keras runs on TensorFlow: its other backends bring float64 down to float32 on the way.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

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

PACKAGES = {
    "NumPy": "numpy",
    "PyTorch": "torch",
    "MONAI": "monai",
    "segmentation-models-pytorch": "segmentation-models-pytorch",
    "Keras": "keras",
    "scikit-learn": "scikit-learn",
    "Optax": "optax",
}
TYPES = ["float64", "float32", "int64", "int32", "uint8", "bool"]  # of targets
SINGLE = 1e-5  # how closely single precision is to agree, where nothing is far


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


@dataclass(frozen=True)
class Snippets:
    """The programs of some records, and the batches they are run on."""

    records: Mapping[str, Any]
    batches: Mapping[str, Mapping[str, Any]]  # by the kind of a record: predictions and targets by name
    kind: Callable[[Any], str]  # of a record
    settings: Callable[[Any], list[dict[str, float]]]  # of its parameters
    # (record, pred, target, params) -> this project's value of the batch, its derivative in each prediction, and which
    # derivatives lie on a kink
    of_the_whole: Callable[..., Any]
    shapes: Callable[..., Any]  # (record, library, pred, target) -> the same batch in every shape that people have

    def batches_for(self, record, equivalent, params):
        """The batches on which the record has a value and the code is said to be right."""
        for name, (pred, target) in self.batches[self.kind(record)].items():
            pred, target = np.array(pred, dtype=float), np.array(target, dtype=float)
            names = {"pred": pred, "target": target, "np": np, **params}
            if not np.all(eval(equivalent.where, names)):
                continue
            try:
                with np.errstate(over="ignore"):
                    value = self.of_the_whole(record, pred, target, params)[0]
            except ValueError:  # outside the loss's domain
                continue
            if np.isfinite(value):
                yield name, pred, target

    def check_batch(self, record, library, equivalent, params, batch):
        """Runs the code on one batch in all its forms. Returns the lowest and the highest figure, and the gradient."""
        code = compile(record.code(library, **params), f"{record.key} with {library}", "exec")
        name, pred, target = batch
        ours, slopes, kinked = self.of_the_whole(record, pred, target, params)
        scale = eval(equivalent.scale, dict(params))
        offset = float(np.mean(eval(equivalent.offset, {"pred": pred, "target": target, "np": np, **params})))
        figures, gradient = [], None
        all_of_them = params == record.defaults  # elsewhere the types that differ most are enough
        precisions = ["float64", "float32"] if all_of_them and not name.startswith("far") else ["float64"]
        kinds = [kind for kind in types_of(target) if all_of_them or kind in ("float64", "int64")]
        shapes = self.shapes(record, library, pred, target)
        for precision, kind, (shaped, labels) in itertools.product(precisions, kinds, shapes):
            case = f"{record.key} {params} with {library} on {name}: {precision} {shaped.shape}, {kind} {labels.shape}"
            double = precision == "float64" and kind != "float32"
            near = tolerance(equivalent.rtol) if double else {"rtol": max(SINGLE, equivalent.rtol), "atol": 1e-6}
            sloped = library == "PyTorch" or (shaped.ndim == shapes[0][0].ndim and kind in ("float64", "int64"))
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
                if equivalent.same_grad:
                    np.testing.assert_allclose(grad[~kinked], slopes[~kinked], **near, err_msg=case)
                gradient = np.where(kinked, None, grad) if gradient is None else gradient
        return min(figures), max(figures), gradient

    def block(self, record, library):
        """What is stored of the program of a record with a library."""
        equivalent = record.equivalents[library]
        runs = []
        for params in self.settings(record):
            figures = {}
            for batch in self.batches_for(record, equivalent, params):
                low, high, gradient = self.check_batch(record, library, equivalent, params, batch)
                figures[batch[0]] = [low, high]
                if batch[0] == "mixed" and gradient is not None:
                    figures["mixed, gradient"] = gradient.tolist()
            runs.append({"params": params, "figures": figures})
        return {
            "key": record.key,
            "library": library,
            "version": version(PACKAGES[library]),
            "script": Path(sys.argv[0]).name,
            "program": record.code(library),
            "programs": self.hash_of(record, library),
            "runs": runs,
        }

    def stored(self, target):
        """The blocks of the file that would come out the same: of the same programs, batches and versions."""
        if not target.exists() or "--all" in sys.argv:
            return {}
        found = json.loads(target.read_text())
        now = json.loads(json.dumps(self.batches))
        return {
            (one["key"], one["library"]): one
            for one in found["blocks"]
            if (record := self.records.get(one["key"]))
            and one["library"] in record.equivalents
            and one["version"] == version(PACKAGES[one["library"]])
            and one["programs"] == self.hash_of(record, one["library"])
            and found["batches"].get(self.kind(record)) == now[self.kind(record)]
        }

    def hash_of(self, record, library):
        """What tells the programs of a record at all its settings from others."""
        programs = (record.code(library, **params) for params in self.settings(record))
        return sha256("\n\n".join(programs).encode()).hexdigest()

    def write(self, script):
        """Runs what a script make_<name>.py is for, and writes <name>.json beside it."""
        target = Path(script).with_name(f"{Path(script).stem.removeprefix('make_')}.json")
        blocks, wrong, same = [], [], self.stored(target)
        for record, library in [(each, library) for each in self.records.values() for library in each.equivalents]:
            try:
                blocks.append(same.get((record.key, library)) or self.block(record, library))
            except Exception as error:  # whatever the library raises: all that is wrong, in one go
                wrong.append(f"{error!s:.600}\n{record.code(library)}")
        if wrong:
            raise SystemExit(
                "\n\n".join([*wrong, f"{len(wrong)} programs are not this project's loss: nothing written"])
            )
        lines = [json.dumps(one, separators=(",", ":"), allow_nan=False, ensure_ascii=False) for one in blocks]
        batches = json.dumps(self.batches, separators=(",", ":"))
        target.write_text(f'{{"batches":{batches},\n"blocks":[\n' + ",\n".join(lines) + "\n]}\n")
        print(f"{target}: {len(blocks)} programs, {target.stat().st_size / 1e3:.0f} kB")
