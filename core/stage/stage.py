"""The Stage: a small figure, the sliders that move it, and the arrays in which every frame is already computed.

Nothing here draws. `encode.py` turns a Stage into a payload, `assets/stage.js` shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage.slider import Slider

SOLID = {"mesh3d", "scatter3d"}  # Plotly's kinds of trace that a stage draws in three dimensions


@dataclass(frozen=True)
class Pick:
    """The part of an array that is shown: its leading axes follow the sliders, what is left is the row.

    With `every`, the axis of the last of `sliders` holds only each so many-th of its frames, and stays until the next.
    With `grow`, the row is cut to the part up to that slider's frame: a path that grows while a timeline plays.
    With `across`, that slider's frame picks along the last axis instead: a column of a grid.
    With `star`, the first axis does not hold every combination of these sliders' frames, but a star of them: first the
    one at the stage's centre, then all frames of the first slider with the others at the centre, then of the second ...
    """

    array: str
    sliders: tuple[str, ...] = ()
    grow: str = ""
    across: str = ""
    star: tuple[str, ...] = ()
    every: int = 1


@dataclass(frozen=True)
class Track:
    """One attribute of one trace of the figure, and the row that it shows.

    Beside Plotly's own attributes there is `level`, a number: the one height at which a contour trace draws its line.
    """

    trace: int
    attribute: str
    pick: Pick


@dataclass(frozen=True)
class Words:
    """Words in a sentence: one string for each frame of a slider, or the string that a picked number counts to.

    A string may hold {slots} of the same sentence.
    """

    strings: tuple[str, ...]
    slider: str = ""
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
    """A mark that a person drags about on the picture, or sets with a click: two free sliders at once."""

    trace: int  # the mark, a trace of one point
    sliders: tuple[str, str]  # keys, across and up


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One row of the key beside the picture: a curve's stroke and name, and its live numbers by column."""

    name: str
    colour: str
    dash: str = "solid"
    cells: tuple[Text, ...] = ()
    note: Text | None = None  # a sentence about it, under the picture


@dataclass(frozen=True)
class Cell:
    """A live number, and behind it a bar as long as its share of the row."""

    number: Text
    share: Pick  # 0 to 1
    colour: str  # of the bar


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table of live numbers under the picture: a confusion matrix."""

    name: str
    colour: str
    dash: str = "solid"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]  # what a row is called, and its cells

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for _, cells in self.rows for cell in cells)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a view returns: everything that a person can see by moving the sliders, already computed.

    Raises ValueError when a pick does not fit its array or its sliders, or a track its figure: a stage that is made can
    be shown.
    """

    name: str  # accessible name of the picture
    alt: str  # what the picture shows, in one or two sentences
    figure: go.Figure
    templates: Mapping[str, Any]  # the Plotly template of the "light" and of the "dark" page
    sliders: tuple[Slider, ...]
    arrays: Mapping[str, np.ndarray]
    tracks: tuple[Track, ...]
    summary: Text  # the one sentence under the picture: what to notice
    readings: tuple[Reading, ...] = ()
    headings: tuple[str, ...] = ()  # of the columns of the readings
    grids: tuple[Grid, ...] = ()
    table: Callable[[Mapping[str, float]], Mapping[str, np.ndarray]] | None = None  # slider values -> columns to save
    script: Callable[[Mapping[str, float]], str] | None = None  # slider values -> a program that computes the same
    centre: Mapping[str, float] = field(default_factory=dict)  # of the stars: slider values by key; the others' starts
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
                    if len(slot.strings) != len(self.slider(slot.slider).values):
                        raise ValueError(f"words of {slot.slider!r}: {len(slot.strings)} strings")
                elif pick and self._fits(pick):
                    raise ValueError(f"slot {name!r} picks a row of {pick.array!r}, not a number")
                elif isinstance(slot, Words) and pick:
                    counted = self.arrays[pick.array]
                    if not np.isin(counted, np.arange(len(slot.strings))).all():
                        raise ValueError(f"words of {pick.array!r}: {len(slot.strings)} strings")
        for cell in self.cells:
            if self._fits(cell.share):
                raise ValueError(f"a bar takes a row of {cell.share.array!r}, not a number")
        if self.aim:
            if not 0 <= self.aim.trace < len(self.figure.data):
                raise ValueError(f"the mark is trace {self.aim.trace}: the figure has {len(self.figure.data)} traces")
            for key in self.aim.sliders:
                if not self.slider(key).continuous:
                    raise ValueError(f"a mark can be dragged to any place, but slider {key!r} is not free")

    @property
    def solid(self) -> bool:
        """Whether it has a third dimension."""
        return any(trace.type in SOLID for trace in self.figure.data)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and number that is written beside the picture."""
        remarks = (reading.note for reading in self.readings if reading.note)
        cells = (cell for reading in self.readings for cell in reading.cells)
        return (self.summary, *cells, *remarks, *(cell.number for cell in self.cells))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Those of all its grids."""
        return tuple(cell for grid in self.grids for cell in grid.cells)

    def slider(self, key: str) -> Slider:
        for slider in self.sliders:
            if slider.key == key:
                return slider
        raise ValueError(f"no slider {key!r}; there are {[slider.key for slider in self.sliders]}")

    def _fits(self, pick: Pick) -> int:
        """The number of axes left, once the sliders have picked."""
        if pick.array not in self.arrays:
            raise ValueError(f"no array {pick.array!r}")
        shape = self.arrays[pick.array].shape
        counts = [len(self.slider(key).values) for key in pick.sliders]
        if counts:
            counts[-1] = math.ceil(counts[-1] / pick.every)
        wanted = (*counts, *([len(self.slider(pick.grow).values)] if pick.grow else []))
        if pick.star:
            wanted = (1 + sum(len(self.slider(key).values) for key in pick.star), *wanted)
        if shape[: len(wanted)] != wanted:
            raise ValueError(f"array {pick.array!r} is {shape}, its sliders have {wanted} frames")
        left = len(shape) - len(pick.sliders) - bool(pick.star)
        if not pick.across:
            return left
        if left < 1 or shape[-1] != len(self.slider(pick.across).values):
            raise ValueError(f"array {pick.array!r} is {shape}: not a grid with the frames of {pick.across!r} across")
        return left - 1

    def row(self, pick: Pick, values: Mapping[str, float] | None = None) -> Any:
        """What a pick shows at these values of the sliders (by key; a missing one is at its start), full precision.

        ValueError where two sliders of its star have left the centre: that row is in another stage.
        """
        values = values or {}

        def at(key: str, values: Mapping[str, float] = values) -> int:
            slider = self.slider(key)
            return slider.frame(values[key]) if key in values else slider.start

        index: list[Any] = [at(key) for key in pick.sliders]
        if index:
            index[-1] //= pick.every
        if pick.star:
            index.insert(0, self._ray(pick.star, {key: (at(key), at(key, self.centre)) for key in pick.star}))
        row = self.arrays[pick.array][tuple(index)]
        if pick.across:
            row = row[..., at(pick.across)]
        return row[: at(pick.grow) + 1] if pick.grow else row

    def _ray(self, star: tuple[str, ...], frames: Mapping[str, tuple[int, int]]) -> int:
        """Where in a star a frame is, from each slider's frame and its frame at the centre."""
        away = [key for key in star if frames[key][0] != frames[key][1]]
        if len(away) > 1:
            raise ValueError(f"only one of {', '.join(star)} can leave the centre, got {', '.join(away)}")
        if not away:
            return 0
        before = star[: star.index(away[0])]
        return 1 + sum(len(self.slider(key).values) for key in before) + frames[away[0]][0]
