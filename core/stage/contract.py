"""The Stage: a small figure, the reels that move it, and the arrays in which every frame is already computed.

Nothing here draws. `encode.py` turns a Stage into a payload, `assets/stage.js` shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.catalogue import Param

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

    @property
    def step(self) -> float | None:
        """Distance between frames when it is the same everywhere, so that the control can carry the value itself."""
        gaps = np.diff(self.values)
        return float(gaps[0]) if len(gaps) and np.allclose(gaps, gaps[0], rtol=1e-6) else None

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
        return float(self.values[self.frame(value)])

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


@dataclass(frozen=True)
class Track:
    """One attribute of one trace of the figure, and the row that it shows."""

    trace: int
    attribute: str
    pick: Pick


@dataclass(frozen=True)
class Words:
    """A sentence or a number's place in it: one string for each frame of a reel."""

    strings: tuple[str, ...]
    reel: str


@dataclass(frozen=True, kw_only=True)
class Text:
    """A sentence with {slots}: a slot is a picked number, shown to four digits, or picked words."""

    template: str
    slots: Mapping[str, Pick | Words] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One row of the key beside the picture: a curve's stroke and name, and its live numbers by column."""

    name: str
    colour: str
    dash: str = "solid"
    cells: tuple[Text, ...] = ()


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
    centre: Mapping[str, float] = field(default_factory=dict)  # of the stars: reel values by key; the others' starts
    narrow: Mapping[str, Any] = field(default_factory=dict)  # what of the layout is another on a phone's width

    def __post_init__(self) -> None:
        for track in self.tracks:
            if not 0 <= track.trace < len(self.figure.data):
                raise ValueError(f"track of trace {track.trace}: the figure has {len(self.figure.data)} traces")
            self._fits(track.pick)
        for text in self.texts:
            for name, slot in text.slots.items():
                if "{" + name + "}" not in text.template:
                    raise ValueError(f"slot {name!r} stands nowhere in {text.template!r}")
                if isinstance(slot, Words):
                    if len(slot.strings) != len(self.reel(slot.reel).values):
                        raise ValueError(f"words of {slot.reel!r}: {len(slot.strings)} strings")
                elif self._fits(slot):
                    raise ValueError(f"slot {name!r} picks a row of {slot.array!r}, not a number")

    @property
    def solid(self) -> bool:
        """Whether it has a third dimension."""
        return any(trace.type in SOLID for trace in self.figure.data)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and number that is written beside the picture."""
        return (self.notice, *(cell for reading in self.readings for cell in reading.cells))

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
        wanted = tuple(len(self.reel(key).values) for key in (*pick.reels, *([pick.grow] if pick.grow else [])))
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
