"""Families of losses: the arrays they take, the axes they are drawn over, and the models and metrics they go with.

`Loss.family` is the family's key, a plain string that other programs compare and write into files; FAMILIES leads from
it to the record. To add a family, add a record here. If it gives one number for each example, its losses are records of
`Loss`; if its answer has another shape, they are records of a class of their own, as in `batch.py`. A family names
models and metrics by key, because it may not import them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from core.losses.axis import RESIDUAL, LossAxis, probability_axis, score_axis
from core.record import BINARY, LABELS, REAL, Domain

# Statements after which a target of any number type and shape fits another library's code. Labels are often integers;
# in uint8, 2 target - 1 wraps round to 255.
_LIKE_PRED = {  # floats in the shape of pred
    "NumPy": "target = np.reshape(target, np.shape(pred)).astype(float)",
    "PyTorch": "target = target.to(pred.dtype).reshape(pred.shape)",
    "Keras": "target = keras.ops.reshape(keras.ops.cast(target, pred.dtype), keras.ops.shape(pred))",
    "Optax": "target = target.astype(pred.dtype).reshape(pred.shape)",
}
_FLOATS = "# floats, shaped like pred: [n] and [n, 1] make [n, n]\n"
_FLAT = "# scikit-learn wants both as [n]\n"
NUMERIC_TARGET = {
    "NumPy": _FLOATS + _LIKE_PRED["NumPy"],
    "PyTorch": _FLOATS + _LIKE_PRED["PyTorch"],
    "Keras": _FLOATS + _LIKE_PRED["Keras"],
    "scikit-learn": _FLAT + "pred = np.ravel(pred)\ntarget = np.ravel(target).astype(float)",
    "Optax": _FLOATS + _LIKE_PRED["Optax"],
}
_LABELS = "# labels as integers, one for each row of scores\n"
CLASS_TARGET = {
    "NumPy": _LABELS + "target = np.reshape(target, np.shape(pred)[:-1]).astype(int)",
    "PyTorch": _LABELS + "target = target.long().reshape(pred.shape[:-1])",
    "Keras": _LABELS + 'target = keras.ops.reshape(keras.ops.cast(target, "int32"), keras.ops.shape(pred)[:-1])',
    "scikit-learn": _LABELS + "target = np.ravel(target).astype(int)",
    "Optax": _LABELS + "target = target.astype(int).reshape(pred.shape[:-1])",
}
_BOXES = "# boxes [n, 4]: x1, y1, x2, y2\n"
BOX_TARGET = {
    "NumPy": _BOXES + "target = np.asarray(target).astype(float)",
    "PyTorch": _BOXES + "target = target.to(pred.dtype)",
    "MONAI": _BOXES + "target = target.to(pred.dtype)",
    "Keras": _BOXES + "target = keras.ops.cast(target, pred.dtype)",
}
_CHANNELS_FIRST = "# scores [n, 1, h, w], and the masks like them\n"
_CHANNELS_LAST = "# scores [n, h, w, 1], and the masks like them\n"
MASK_TARGET = {
    "NumPy": _CHANNELS_FIRST + _LIKE_PRED["NumPy"],
    "PyTorch": _CHANNELS_FIRST + _LIKE_PRED["PyTorch"],
    "MONAI": _CHANNELS_FIRST + _LIKE_PRED["PyTorch"],
    "segmentation-models-pytorch": _CHANNELS_FIRST + _LIKE_PRED["PyTorch"],
    "Keras": _CHANNELS_LAST + _LIKE_PRED["Keras"],
}


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family: what its losses take and return, and what can be done with them.

    A loss takes `pred` and `target`, whose last `pred_axes` and `target_axes` axes belong to one answer, and returns a
    number for each place of the axes before them. `coordinate(pred, target)` is the number in which a loss declares
    its kinks, such as the residual, and `pred_at(coordinate, target)` is its inverse. `axes` gives, by key, the x axis
    for a true label; a family without one is not drawn as curves.
    """

    key: str
    name: str
    pred_axes: int = 0
    target_axes: int = 0
    targets: Domain = REAL  # every target that data of this kind may have
    classes: bool = False  # whether targets are class labels
    coordinate: Callable[[Any, Any], Any] | None = None
    pred_at: Callable[[Any, Any], Any] | None = None
    axes: Mapping[str, Callable[[int], LossAxis]] = field(default_factory=dict)
    truths: tuple[float, ...] = ()  # true values at which a loss is drawn that depends on more than its coordinate
    models: frozenset[str] = frozenset()  # what can be fitted under such a loss
    metric: str = ""  # what is measured beside the loss while a model is trained
    # By library for which there is code, as in NUMERIC_TARGET; pickers show them in this order.
    prepared: Mapping[str, str] = field(default_factory=lambda: NUMERIC_TARGET)

    def __str__(self) -> str:
        return self.key


# A number for each example, and its true value.
regression = Family(
    key="regression",
    name="Regression",
    coordinate=lambda pred, target: pred - target,
    pred_at=lambda residual, target: target + residual,
    axes={"residual": lambda _: RESIDUAL},
    # Close to 0 a percentage grows without limit.
    truths=(0.01, 0.02, 0.05, 0.1, 0.2, *np.arange(0.5, 10.01, 0.5).tolist()),
    models=frozenset({"constant", "line", "polynomial", "network"}),
    metric="root_mean_squared_error",
)

# The raw score z of each example, which is the log-odds of y = 1, and its label 0 or 1.
binary = Family(
    key="binary",
    name="Binary",
    targets=BINARY,
    classes=True,
    coordinate=lambda pred, target: (2 * target - 1) * pred,  # the margin
    pred_at=lambda margin, target: (2 * target - 1) * margin,
    axes={"score": score_axis, "probability": probability_axis},
    models=frozenset({"classifier", "network"}),
    metric="accuracy",
)

# A raw score for each class on the last axis, and the label of each example, 0 ... K - 1.
multi_class = Family(
    key="multi-class",
    name="Multi-class",
    pred_axes=1,
    targets=LABELS,
    classes=True,
    prepared=CLASS_TARGET,
)

# The raw scores of the examples of a batch on the last axis, and their labels 0 or 1.
batch = Family(
    key="batch",
    name="Whole batch",
    pred_axes=1,
    target_axes=1,
    targets=BINARY,
    classes=True,
    models=frozenset({"classifier"}),
)

# The edges x1, y1, x2, y2 of a predicted and of the true box on the last axis.
box = Family(key="box", name="Box", pred_axes=1, target_axes=1, prepared=BOX_TARGET)

# A raw score for each pixel on the last two axes, and the mask of 0 and 1.
mask = Family(key="mask", name="Mask", pred_axes=2, target_axes=2, targets=BINARY, classes=True, prepared=MASK_TARGET)

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {family.key: family for family in (regression, binary, multi_class, batch, box, mask)}
)
