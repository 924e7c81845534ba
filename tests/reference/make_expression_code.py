"""Writes expression_code.json: what the code of typed losses computes when NumPy, PyTorch, Keras and JAX run it.

    make reference

The formulas are the examples to start from and some that together use every function of the table. Each program is run
as a person would run it: on a batch as [n], as [n, 1] and as one of each, with float and integer targets. Nothing is
written if a mean is not the one of this project's values to 1e-12, or a gradient where there is no corner. What is
stored is the lowest and the highest mean of all runs.
"""

from __future__ import annotations

import itertools
import json
import os
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

from core.expression.code import STYLES
from tests.expression.cases import CODE_FORMULAS, batch_of, expression_of, mean_and_gradient

PACKAGES = {"NumPy": "numpy", "PyTorch": "torch", "Keras": "keras", "JAX": "jax"}


def forms(pred, target):
    """The batch in the shapes and number types in which people have it."""
    shapes = [(pred, target), (pred[:, None], target[:, None]), (pred[:, None], target), (pred, target[:, None])]
    for (shaped, labels), kind in itertools.product(shapes, (float, int)):
        if np.array_equal(labels.astype(kind), labels):
            yield shaped, labels.astype(kind)


def run(library, function, pred, target):
    """The mean loss and its gradient in the predictions, None for NumPy."""
    if library == "NumPy":
        return float(function(pred, target)), None
    if library == "JAX":
        value, gradient = jax.value_and_grad(function)(jnp.array(pred), jnp.array(target))
        return float(value), np.asarray(gradient)
    if library == "Keras":
        tensor = tf.Variable(pred)
        with tf.GradientTape() as tape:
            value = function(tensor, tf.constant(target))
        gradient = tape.gradient(value, tensor)
        return float(value), np.zeros_like(pred) if gradient is None else np.asarray(gradient)
    tensor = torch.tensor(pred, requires_grad=True)
    value = function(tensor, torch.tensor(target))
    value.backward()
    return float(value.detach()), tensor.grad.numpy()


def block(family, formula, library):
    expression = expression_of(formula, family)
    program = expression.code(library)
    names = {}
    exec(compile(program, f"{formula} with {library}", "exec"), names)
    pred, target = batch_of(family)
    mean, slopes = mean_and_gradient(expression, pred, target)
    figures = []
    for shaped, labels in forms(pred, target):
        value, gradient = run(library, names["your_loss"], shaped, labels)
        case = f"{formula} with {library}: {shaped.shape}, {labels.dtype} {labels.shape}\n{program}"
        np.testing.assert_allclose(value, mean, rtol=1e-12, atol=1e-14, err_msg=case)
        figures.append(value)
        if gradient is not None:
            np.testing.assert_allclose(gradient.ravel(), slopes, rtol=1e-11, atol=1e-13, err_msg=case)
    return {
        "family": family,
        "formula": formula,
        "library": library,
        "version": version(PACKAGES[library]),
        "program": sha256(program.encode()).hexdigest(),
        "mean": [min(figures), max(figures)],
    }


def main():
    keras.config.set_floatx("float64")
    blocks, wrong = [], []
    for (family, formula), library in itertools.product(CODE_FORMULAS, STYLES):
        try:
            blocks.append(block(family, formula, library))
        except Exception as error:  # whatever the library raises: all that is wrong, in one go
            wrong.append(f"{formula} with {library}: {type(error).__name__} {error!s:.900}")
    if wrong:
        raise SystemExit("\n\n".join([*wrong, f"{len(wrong)} programs are not the typed loss: nothing written"]))
    target = Path(__file__).with_name("expression_code.json")
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in blocks)
    target.write_text(f'{{"script": "{Path(__file__).name}", "blocks": [\n{lines}\n]}}\n')
    print(f"{target}: {len(blocks)} programs")


if __name__ == "__main__":
    main()
