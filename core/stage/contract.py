"""The Stage: a small figure, the reels that move it, and the arrays in which every frame is already computed.

Nothing here draws. `encode.py` turns a Stage into a payload, `assets/stage.js` shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.catalogue import Param

DIGITS = 4  # of a value at which a free reel is left: finer than any picture shows
SOLID = {"mesh3d", "scatter3d"}  # Plotly's kinds of trace that a stage draws in three dimensions


@dataclass(frozen=True, kw_only=True)
class Reel:
    """One control with all its frames: a slider that is dragged, or a timeline that is played and scrubbed."""

    key: str  # its name in the address, such as "huber.delta"
    label: str  # its accessible name, such as "Huber δ"
    values: np.ndarray  # float64 [frames], rising
    start: int  # index of the frame shown first
    labels: tuple[str, ...] = ()  # how each frame's value is written; the number itself when empty
    kind: Literal["slider", "timeline"] = "slider"
    colour: str = ""  # of the trace that it bends, where there is one
    fps: int = 12  # frames a second when a timeline plays at speed 1
    central: bool = False  # one of those around whose released values a stage with a star is computed
    free: bool = False  # it can be left at any value between its ends: the stage is then made with a frame there

    @property
    def step(self) -> float | None:
        """Distance between frames where it is always the same: then the control can carry the value itself."""
        gaps = np.diff(self.values)
        return float(gaps[0]) if len(gaps) and not self.free and np.allclose(gaps, gaps[0], rtol=1e-6) else None

    def frame(self, value: float) -> int:
        """The frame nearest to a value."""
        return int(np.argmin(np.abs(self.values - value)))

    def read(self, text: str) -> float:
        """The value that an address asks for. ValueError unless it is a number that the reel can stand at."""
        low, high = float(self.values[0]), float(self.values[-1])
        try:
            value = float(text[:40])
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ValueError(f"{self.key} must be a number from {low:g} to {high:g}, got {text!r:.40}")
        return self.settled(value)

    def settled(self, value: float) -> float:
        """Where it stands when it is left at a value between its ends: at a frame, or there if it is free."""
        if not self.free:
            return float(self.values[self.frame(value)])
        return min(max(float(f"{value:.{DIGITS}g}"), float(self.values[0])), float(self.values[-1]))

    def around(self, value: float) -> Reel:
        """The same reel with a frame exactly at this value, in the place of one near it; its ends and start stay."""
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
        cls, param: Param, *, key: str, label: str, colour: str = "", most: int | None = None, central: bool = False
    ) -> Reel:
        """A slider through a record's parameter: all its values, or so many, both ends and the default among them."""
        frames = param.frames
        start = int(np.argmin(np.abs(frames - param.default)))
        if most is not None and most < len(frames):
            even = np.round(np.linspace(0, len(frames) - 1, most)).astype(int) if most > 1 else np.array([start])
            if start not in even:  # it takes the place of its neighbour; an end stays where it can
                inner = even[1:-1] if most > 2 else even
                inner[np.argmin(np.abs(inner - start))] = start
            start, frames = int(np.flatnonzero(even == start)[0]), frames[even]
        return cls(key=key, label=label, values=frames, start=start, colour=colour, central=central)


@dataclass(frozen=True)
class Pick:
    """The part of an array that is shown: its leading axes follow the reels, what is left is the row.

    With `every`, the axis of the last of `reels` holds only each so many-th of its frames, and stays until the next.
    With `grow`, the row is cut to the part up to that reel's frame: a path that grows while a timeline plays.
    With `across`, that reel's frame picks along the last axis instead: a column of a grid.
    With `star`, the first axis does not hold every combination of these reels' frames, but a star of them: first the
    one at the stage's centre, then all frames of the first reel with the others at the centre, then of the second ...
    """

    array: str
    reels: tuple[str, ...] = ()
    grow: str = ""
    across: str = ""
    star: tuple[str, ...] = ()
    every: int = 1


@dataclass(frozen=True)
class Track:
    """One attribute of one trace of the figure, and the row that it shows."""

    trace: int
    attribute: str
    pick: Pick


@dataclass(frozen=True)
class Words:
    """Words in a sentence: one string for each frame of a reel, or the string that a picked number counts to.

    A string may hold {slots} of the same sentence.
    """

    strings: tuple[str, ...]
    reel: str = ""
    pick: Pick | None = None


@dataclass(frozen=True, kw_only=True)
class Text:
    """A sentence with {slots}: a slot is a picked number, shown to four digits, or picked words."""

    template: str
    slots: Mapping[str, Pick | Words] = field(default_factory=dict)

    @property
    def strings(self) -> tuple[str, ...]:
        """Where its slots can stand: in the template, and in words."""
        words = (slot.strings for slot in self.slots.values() if isinstance(slot, Words))
        return (self.template, *(string for strings in words for string in strings))

    @property
    def picks(self) -> tuple[Pick, ...]:
        """Every number that it needs."""
        found = (slot.pick if isinstance(slot, Words) else slot for slot in self.slots.values())
        return tuple(pick for pick in found if pick)


@dataclass(frozen=True)
class Aim:
    """A mark that a person drags about on the picture, or sets with a click: two free reels at once."""

    trace: int  # the mark, a trace of one point
    reels: tuple[str, str]  # keys, across and up


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One row of the key beside the picture: a curve's stroke and name, and its live numbers by column."""

    name: str
    colour: str
    dash: str = "solid"
    cells: tuple[Text, ...] = ()
    remark: Text | None = None  # a sentence about it, under the picture


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a view returns: everything that a person can see by moving the reels, already computed.

    Raises ValueError when a pick does not fit its array or its reels, or a track its figure: a stage that is made can
    be shown.
    """

    name: str  # accessible name of the picture
    alt: str  # what the picture shows, in one or two sentences
    figure: go.Figure
    templates: Mapping[str, Any]  # the Plotly template of the "light" and of the "dark" page
    reels: tuple[Reel, ...]
    arrays: Mapping[str, np.ndarray]
    tracks: tuple[Track, ...]
    notice: Text  # the one sentence under the picture: what to notice
    readings: tuple[Reading, ...] = ()
    headings: tuple[str, ...] = ()  # of the columns of the readings
    table: Callable[[Mapping[str, float]], Mapping[str, np.ndarray]] | None = None  # reel values -> columns to save
    script: Callable[[Mapping[str, float]], str] | None = None  # reel values -> a program that computes the same
    centre: Mapping[str, float] = field(default_factory=dict)  # of the stars: reel values by key; the others' starts
    narrow: Mapping[str, Any] = field(default_factory=dict)  # what of the layout is another on a phone's width
    aim: Aim | None = None

    def __post_init__(self) -> None:
        for track in self.tracks:
            if not 0 <= track.trace < len(self.figure.data):
                raise ValueError(f"track of trace {track.trace}: the figure has {len(self.figure.data)} traces")
            self._fits(track.pick)
        for text in self.texts:
            for name, slot in text.slots.items():
                if not any("{" + name + "}" in string for string in text.strings):
                    raise ValueError(f"slot {name!r} stands nowhere in {text.template!r}")
                pick = slot.pick if isinstance(slot, Words) else slot
                if isinstance(slot, Words) and not pick:
                    if len(slot.strings) != len(self.reel(slot.reel).values):
                        raise ValueError(f"words of {slot.reel!r}: {len(slot.strings)} strings")
                elif pick and self._fits(pick):
                    raise ValueError(f"slot {name!r} picks a row of {pick.array!r}, not a number")
                elif isinstance(slot, Words) and pick:
                    counted = self.arrays[pick.array]
                    if not np.isin(counted, np.arange(len(slot.strings))).all():
                        raise ValueError(f"words of {pick.array!r}: {len(slot.strings)} strings")
        if self.aim:
            if not 0 <= self.aim.trace < len(self.figure.data):
                raise ValueError(f"the mark is trace {self.aim.trace}: the figure has {len(self.figure.data)} traces")
            for key in self.aim.reels:
                if not self.reel(key).free:
                    raise ValueError(f"a mark can be dragged to any place, but reel {key!r} is not free")

    @property
    def solid(self) -> bool:
        """Whether it has a third dimension."""
        return any(trace.type in SOLID for trace in self.figure.data)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and number that is written beside the picture."""
        remarks = (reading.remark for reading in self.readings if reading.remark)
        return (self.notice, *(cell for reading in self.readings for cell in reading.cells), *remarks)

    def reel(self, key: str) -> Reel:
        for reel in self.reels:
            if reel.key == key:
                return reel
        raise ValueError(f"no reel {key!r}; there are {[reel.key for reel in self.reels]}")

    def _fits(self, pick: Pick) -> int:
        """The number of axes left, once the reels have picked."""
        if pick.array not in self.arrays:
            raise ValueError(f"no array {pick.array!r}")
        shape = self.arrays[pick.array].shape
        counts = [len(self.reel(key).values) for key in pick.reels]
        if counts:
            counts[-1] = math.ceil(counts[-1] / pick.every)
        wanted = (*counts, *([len(self.reel(pick.grow).values)] if pick.grow else []))
        if pick.star:
            wanted = (1 + sum(len(self.reel(key).values) for key in pick.star), *wanted)
        if shape[: len(wanted)] != wanted:
            raise ValueError(f"array {pick.array!r} is {shape}, its reels have {wanted} frames")
        left = len(shape) - len(pick.reels) - bool(pick.star)
        if not pick.across:
            return left
        if left < 1 or shape[-1] != len(self.reel(pick.across).values):
            raise ValueError(f"array {pick.array!r} is {shape}: not a grid with the frames of {pick.across!r} across")
        return left - 1

    def row(self, pick: Pick, values: Mapping[str, float] | None = None) -> Any:
        """What a pick shows at these values of the reels (by key; a missing one is at its start), full precision.

        ValueError where two reels of its star have left the centre: that row is in another stage.
        """
        values = values or {}

        def at(key: str, values: Mapping[str, float] = values) -> int:
            reel = self.reel(key)
            return reel.frame(values[key]) if key in values else reel.start

        index: list[Any] = [at(key) for key in pick.reels]
        if index:
            index[-1] //= pick.every
        if pick.star:
            index.insert(0, self._ray(pick.star, {key: (at(key), at(key, self.centre)) for key in pick.star}))
        row = self.arrays[pick.array][tuple(index)]
        if pick.across:
            row = row[..., at(pick.across)]
        return row[: at(pick.grow) + 1] if pick.grow else row

    def _ray(self, star: tuple[str, ...], frames: Mapping[str, tuple[int, int]]) -> int:
        """Where in a star a frame is, from each reel's frame and its frame at the centre."""
        away = [key for key in star if frames[key][0] != frames[key][1]]
        if len(away) > 1:
            raise ValueError(f"only one of {', '.join(star)} can leave the centre, got {', '.join(away)}")
        if not away:
            return 0
        before = star[: star.index(away[0])]
        return 1 + sum(len(self.reel(key).values) for key in before) + frames[away[0]][0]
