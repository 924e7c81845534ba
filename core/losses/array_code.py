"""Losses of boxes and masks that a library has no function for: one text, written out with each library's arrays."""

from __future__ import annotations

from core.losses.equivalents import Equivalent

ARRAYS = {"NumPy": "np.", "PyTorch": "torch.", "Keras": "keras.ops."}  # where a library's functions of arrays are
SIGMOID = {"NumPy": "np.exp(-np.logaddexp(0, -pred))  # sigmoid"}  # where it has none of its own
AXIS = {"PyTorch": "dim"}  # what an axis is called, where it has another name
MASK_AXES = {"NumPy": "(-2, -1)", "PyTorch": "(-2, -1)", "Keras": "(1, 2)"}  # the axes of a mask

OVERLAP_OF_BOXES = """\
low = $maximum(pred[..., :2], target[..., :2])
high = $minimum(pred[..., 2:], target[..., 2:])
shared = $where(high > low, high - low, 0)
size = pred[..., 2:] - pred[..., :2]
true_size = target[..., 2:] - target[..., :2]
overlap = shared[..., 0] * shared[..., 1]
area = size[..., 0] * size[..., 1]
true_area = true_size[..., 0] * true_size[..., 1]
union = area + true_area - overlap
iou = overlap / $where(union > 0, union, 1)
"""
ENCLOSING_BOX = """\
first = $minimum(pred[..., :2], target[..., :2])
last = $maximum(pred[..., 2:], target[..., 2:])
span = last - first
"""
DISTANCE = """\
apart = (pred[..., :2] + pred[..., 2:] - target[..., :2] - target[..., 2:]) / 2
diagonal = $sum(span**2, axis=-1)
distance = $sum(apart**2, axis=-1) / $where(diagonal > 0, diagonal, 1)
"""
COUNTS = """\
p = $sigmoid(pred)
tp = $sum(p * target, axis=$pixels)
fp = $sum(p * (1 - target), axis=$pixels)
fn = $sum((1 - p) * target, axis=$pixels)
"""


def array_code(code: str, lines: str, *libraries: str, note: str = "", where: str = "True") -> dict[str, Equivalent]:
    """Code with these libraries of ARRAYS, by library; without any, with all of them.

    In the text $ stands before a function of arrays, and $pixels for the axes of a mask. note, where: of an Equivalent.
    """

    def with_arrays(text: str, library: str) -> str:
        text = text.replace("$sigmoid(pred)", SIGMOID.get(library, "$sigmoid(pred)"))
        text = text.replace("axis", AXIS.get(library, "axis")).replace("$pixels", MASK_AXES[library])
        return text.replace("$", ARRAYS[library]).rstrip("\n")

    return {
        library: Equivalent(with_arrays(code, library), lines=with_arrays(lines, library), note=note, where=where)
        for library in libraries or ARRAYS
    }
