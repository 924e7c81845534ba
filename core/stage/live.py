"""Arrays that know their sliders, and the sentences that are made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.stage.slider import Slider
from core.stage.sweep import Sweep


class Live:
    """An array, and the sliders that pick the part of it that is shown: one along each leading axis.

    What is left of its axes is the row: a number, the points of a curve, the grid of a map.

    array: [*frames of the sliders, *row], any real type.
    by: the sliders, in the order of the axes. The first may be a Sweep: then the first axis holds the runs of it; a
        sweep without sliders has one run, and is left out of what is sent to the browser.
    grow: a slider whose frames are the row's first axis; the row is cut to the part up to its frame. A path grows so.
    across: a slider whose frames are the row's last axis; its frame picks a column of a grid.
    every: only each so many-th frame of the last slider has a row of its own; a row stays until the next.

    Raises ValueError where the shape does not fit the sliders.
    """

    def __init__(
        self,
        array: Any,
        by: Sweep | Slider | Sequence[Sweep | Slider] = (),
        *,
        grow: Slider | None = None,
        across: Slider | None = None,
        every: int = 1,
    ) -> None:
        by = (by,) if isinstance(by, Sweep | Slider) else tuple(by)
        self.array = np.asarray(array)
        self.sweep = by[0] if by and isinstance(by[0], Sweep) else None
        self.sliders: tuple[Slider, ...] = tuple(one for one in by if isinstance(one, Slider))
        self.grow, self.across, self.every = grow, across, every
        if self.sweep and not self.sweep.sliders:
            if len(self.array) != 1:
                raise ValueError(f"an array of shape {self.array.shape} does not fit a sweep without sliders: one run")
            self.array, self.sweep = self.array[0], None
        self._check()

    def _check(self) -> None:
        counts = [len(slider.values) for slider in self.sliders]
        if counts:
            counts[-1] = math.ceil(counts[-1] / self.every)
        wanted = (*([len(self.sweep)] if self.sweep else []), *counts, *([len(self.grow.values)] if self.grow else []))
        shape = self.array.shape
        if shape[: len(wanted)] != wanted:
            raise ValueError(f"an array of shape {shape} does not fit {self._described()}: {wanted}")
        if self.across and (shape[-1:] != (len(self.across.values),) or len(shape) == len(wanted)):
            raise ValueError(f"an array of shape {shape} has no column for each frame of {self.across.key!r}")

    def _described(self) -> str:
        names = [f"the sweep of {', '.join(self.sweep.keys)}"] if self.sweep else []
        return ", ".join([*names, *(slider.key for slider in self.sliders), *([self.grow.key] if self.grow else [])])

    @property
    def moved_by(self) -> tuple[Slider, ...]:
        """Every slider that changes what is shown."""
        swept = tuple(self.sweep.sliders) if self.sweep else ()
        return (*swept, *self.sliders, *(one for one in (self.grow, self.across) if one))

    @property
    def axes(self) -> int:
        """The number of axes of the row: 0 for a number."""
        return self.array.ndim - bool(self.sweep) - len(self.sliders) - bool(self.across)

    def row(self, values: Mapping[str, float] | None = None) -> Any:
        """The row at these values of the sliders, by key (a missing one is at its start), in full precision.

        ValueError where two sliders of its sweep have left the centre.
        """
        values = values or {}
        index = [slider.frame_at(values) for slider in self.sliders]
        if index:
            index[-1] //= self.every
        if self.sweep:
            index.insert(0, self.sweep.run(values))
        row = self.array[tuple(index)]
        if self.across:
            row = row[..., self.across.frame_at(values)]
        return row[: self.grow.frame_at(values) + 1] if self.grow else row


class Words:
    """Words in a sentence, picked from several: one string for each frame of a slider, or the one that a number counts
    to, from 0. A string may hold {slots} of the sentence in which it stands."""

    def __init__(self, strings: Sequence[str], by: Slider | Live) -> None:
        self.strings, self.by = tuple(strings), by
        if isinstance(by, Slider):
            if len(self.strings) != len(by.values):
                raise ValueError(f"{len(self.strings)} words for the {len(by.values)} frames of {by.key!r}")
        elif by.axes:
            raise ValueError(f"words are picked by a number, not by a row of shape {by.array.shape}")
        elif not np.isin(by.array, np.arange(len(self.strings))).all():
            raise ValueError(f"{len(self.strings)} words, but an array that counts to {np.max(by.array)}")

    @classmethod
    def each(cls, strings: Sequence[str], by: Sweep | Slider) -> Words:
        """Words from one string for each run of a sweep, or frame of a slider; equal ones are held once."""
        numbers = {string: float(number) for number, string in enumerate(dict.fromkeys(strings))}
        return cls(tuple(numbers), Live([numbers[string] for string in strings], by))


class Text:
    """A sentence whose numbers and words follow the sliders.

    template: the sentence, with {} for each of `slots` in their order, or {name} for each of `named`.
    slots, named: Live numbers, written to four digits, and Words.

    Raises ValueError where a slot stands nowhere, or is no number.
    """

    def __init__(self, template: str, *slots: Live | Words, **named: Live | Words) -> None:
        for number in range(len(slots)):
            template = template.replace("{}", f"{{{number}}}", 1)
        self.template = template
        self.slots: dict[str, Live | Words] = {str(number): slot for number, slot in enumerate(slots)} | named
        strings = self.strings
        for name, slot in self.slots.items():
            if not any(f"{{{name}}}" in string for string in strings):
                raise ValueError(f"slot {name!r} stands nowhere in {self.template!r}")
            if isinstance(slot, Live) and slot.axes:
                raise ValueError(f"slot {name!r} of {self.template!r} is a row of {slot.array.shape}, not a number")

    @property
    def strings(self) -> tuple[str, ...]:
        """The strings that hold its slots: the template, and words."""
        words = (slot.strings for slot in self.slots.values() if isinstance(slot, Words))
        return (self.template, *(string for strings in words for string in strings))

    @property
    def lives(self) -> tuple[Live, ...]:
        """Every live number that it needs."""
        found = (slot.by if isinstance(slot, Words) else slot for slot in self.slots.values())
        return tuple(one for one in found if isinstance(one, Live))

    @property
    def picking(self) -> tuple[Slider, ...]:
        """The sliders that pick words of it."""
        words = (slot.by for slot in self.slots.values() if isinstance(slot, Words))
        return tuple(by for by in words if isinstance(by, Slider))
