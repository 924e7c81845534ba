"""The word after a number: "1 bit", "2 bits"."""

from __future__ import annotations

import numpy as np

from core.stage import Live, Slider, Sweep, Words

SHOWN_AS_ONE = (0.99995, 1.0005)  # numbers are written to four digits


def unit(one: str, several: str, numbers: np.ndarray, by: Sweep | Slider | tuple[()] = ()) -> Words:
    """The unit of numbers: `one` where the number is written as 1. There is one for each run of a sweep or frame of a
    slider, or a single one."""
    low, high = SHOWN_AS_ONE
    return Words((several, one), Live((numbers >= low) & (numbers < high), by))
