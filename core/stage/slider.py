"""A slider: one control with all its frames, a slider that is dragged or a timeline that is played and scrubbed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.record import Param

DIGITS = 4  # of a value at which a continuous slider is left: finer than any picture shows


@dataclass(frozen=True, kw_only=True)
class Slider:
    """One control with all its frames: a slider that is dragged, or a timeline that is played and scrubbed."""

    name: str  # of what it sets, such as "delta"
    owner: str = ""  # the key of the record whose parameter that is, such as "huber"; "" where it is the picture's own
    label: str  # its accessible name, such as "Huber δ"
    values: np.ndarray  # float64 [frames], rising
    start: int  # index of the frame shown first
    labels: tuple[str, ...] = ()  # how each frame's value is written; the number itself when empty
    kind: Literal["slider", "timeline", "hidden"] = "slider"  # a hidden one has no control: the picture moves it
    colour: str = ""  # of the trace that it moves, where there is one
    fps: int = 12  # frames a second when a timeline plays at speed 1
    recomputed: bool = False  # it belongs to a one-at-a-time sweep, which is computed anew around its released value
    continuous: bool = False  # it can be left between its frames: the stage is then made with a frame there

    @property
    def key(self) -> str:
        """Its name in the address, such as "huber.delta"."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def default(self) -> float:
        """The value at which it starts."""
        return float(self.values[self.start])

    def at(self, values: Mapping[str, float]) -> float:
        """The value at which it stands, of values by key: those of sliders that have left their start."""
        return values.get(self.key, self.default)

    def frame_at(self, values: Mapping[str, float]) -> int:
        """The frame at which it stands, of values by key."""
        return self.frame(values[self.key]) if self.key in values else self.start

    @property
    def step(self) -> float | None:
        """Distance between frames where it is always the same: then the control can carry the value itself."""
        gaps = np.diff(self.values)
        return float(gaps[0]) if len(gaps) and not self.continuous and np.allclose(gaps, gaps[0], rtol=1e-6) else None

    def frame(self, value: float) -> int:
        """The frame nearest to a value."""
        return int(np.argmin(np.abs(self.values - value)))

    def read(self, text: str) -> float:
        """The value that an address asks for. ValueError unless it is a number that the slider can stand at."""
        low, high = float(self.values[0]), float(self.values[-1])
        try:
            value = float(text[:40])
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ValueError(f"{self.key} must be a number from {low:g} to {high:g}, got {text!r:.40}")
        return self.nearest(value)

    def nearest(self, value: float) -> float:
        """The value at which it stands when it is left there: the nearest frame's, or this one if it is continuous."""
        if not self.continuous:
            return float(self.values[self.frame(value)])
        return min(max(float(f"{value:.{DIGITS}g}"), float(self.values[0])), float(self.values[-1]))

    def around(self, value: float) -> Slider:
        """The same slider with a frame exactly at this value, in the place of one near it; its ends and start stay."""
        if value in self.values:
            return self
        others = np.setdiff1d(np.arange(1, len(self.values) - 1), self.start)
        values = self.values.copy()
        if len(others):
            values[others[np.abs(values[others] - value).argmin()]] = value
        else:
            values[self.frame(value)] = value
        values.sort()
        return replace(self, values=values, start=int(np.abs(values - self.values[self.start]).argmin()))

    @classmethod
    def of(
        cls,
        param: Param,
        *,
        owner: str = "",
        label: str,
        colour: str = "",
        most: int | None = None,
        recomputed: bool = False,
    ) -> Slider:
        """A slider through a record's parameter: all its values, or at most so many, its ends and its start among
        them."""
        frames = param.frames
        start = int(np.argmin(np.abs(frames - param.starts_at)))
        if most is not None and most < len(frames):
            even = np.round(np.linspace(0, len(frames) - 1, most)).astype(int) if most > 1 else np.array([start])
            if start not in even:  # it takes the place of its neighbour; an end stays where it can
                inner = even[1:-1] if most > 2 else even
                inner[np.argmin(np.abs(inner - start))] = start
            start, frames = int(np.flatnonzero(even == start)[0]), frames[even]
        return cls(
            name=param.name, owner=owner, label=label, values=frames, start=start, colour=colour, recomputed=recomputed
        )
