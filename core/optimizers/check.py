"""Checks of what a run is given; each error says what was wanted and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def start_points(given: Any, dimension: int | None) -> np.ndarray:
    """Starts as float64 [..., d]; d must be `dimension` unless that is None.

    Raises ValueError for what is not finite numbers of that shape.
    """
    array = float_array(given)
    fits = array.ndim > 0 and array.shape[-1] == (dimension or array.shape[-1]) and bool(np.isfinite(array).all())
    require("start", given, fits, f"finite numbers, {dimension or 'the coordinates'} on the last axis")
    return array


def whole_number(given: Any, name: str, least: int = 0) -> int:
    """`given` as an int. Raises ValueError for another type, such as 2.0 or True, and for one below `least`."""
    number = isinstance(given, int | np.integer) and not isinstance(given, bool)
    require(name, given, number and bool(given >= least), f"a whole number of at least {least}")
    return int(given)


def float_array(given: Any) -> np.ndarray:
    """`given` as float64; NaN, which is in no domain, where it is not an array of numbers."""
    try:
        array = np.asarray(given)
    except ValueError:  # rows of different lengths
        return np.asarray(np.nan)
    return array.astype(np.float64, copy=False) if array.dtype.kind in "biuf" else np.asarray(np.nan)


def require(name: str, given: Any, holds: bool, wanted: str) -> None:
    """Raise ValueError "<name> must be <wanted>, got <given>" unless it holds."""
    if not holds:
        raise ValueError(f"{name} must be {wanted}, got {given!r:.80}")


def common_shape(shapes: Mapping[str, tuple[int, ...]], of: str) -> tuple[int, ...]:
    """The shape that these shapes, by name, broadcast to. Raises ValueError that names them all, and `of` what."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError as error:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(f"shapes must broadcast, got {given} ({of})") from error
