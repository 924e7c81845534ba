"""What a run is asked to do, checked first: one sentence says what was wanted and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def starting(given: Any, dimension: int | None) -> np.ndarray:
    """A start as float64 [..., d], of the dimension if there is one."""
    array = numbers(given)
    fine = array.ndim > 0 and array.shape[-1] == (dimension or array.shape[-1]) and bool(np.isfinite(array).all())
    allowed("start", given, fine, f"finite numbers, {dimension or 'the coordinates'} on the last axis")
    return array


def whole(given: Any, name: str, least: int = 0) -> int:
    number = isinstance(given, int | np.integer) and not isinstance(given, bool)
    allowed(name, given, number and bool(given >= least), f"a whole number of at least {least}")
    return int(given)


def numbers(given: Any) -> np.ndarray:
    """As float64; NaN, which no rule allows, for what is no array of numbers."""
    try:
        array = np.asarray(given)
    except ValueError:  # rows of different lengths
        return np.asarray(np.nan)
    return array.astype(np.float64, copy=False) if array.dtype.kind in "biuf" else np.asarray(np.nan)


def allowed(name: str, given: Any, fine: bool, wanted: str) -> None:
    if not fine:
        raise ValueError(f"{name} must be {wanted}, got {given!r:.80}")


def agreed(shapes: Mapping[str, tuple[int, ...]], whose: str) -> tuple[int, ...]:
    """The shapes broadcast together, or ValueError that names them all."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(f"shapes must broadcast, got {given} ({whose})") from error
