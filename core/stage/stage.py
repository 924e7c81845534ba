"""The Stage: a small figure, the sliders that move it, and the live arrays in which every frame is already computed.

Nothing here draws. `encode.py` turns a Stage into a payload, `assets/stage/` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from core.stage.card import Card, Link
from core.stage.live import Live, Text
from core.stage.slider import Slider

SURFACES = {"mesh3d", "scatter3d"}  # Plotly's kinds of trace that a stage draws in three dimensions


@dataclass(frozen=True)
class Track:
    """One attribute of one trace of the figure, and the live array that it shows.

    Beside Plotly's own attributes there is `level`, a number: the one height at which a contour trace draws its line.
    """

    trace: int
    attribute: str
    live: Live


@dataclass(frozen=True, kw_only=True)
class Handle:
    """A trace that a person drags in the picture: it moves sliders, each named by its key, "" for none.

    A mark is taken hold of near its points, a line anywhere along it. A click elsewhere in the panel puts it there.
    """

    trace: int  # one or more points, or a straight line across the panel
    x: str = ""  # the slider that moves it across
    y: str = ""  # the slider that moves it up
    along: str = ""  # the slider that moves it along a curve
    rewinds: str = ""  # a timeline that goes back to its start when it is taken hold of
    shares: bool = False  # in a triangle: `y` is a first share, `x` that of a second in the rest; see places.js

    @property
    def keys(self) -> tuple[str, ...]:
        """The sliders that it moves."""
        return tuple(filter(None, (self.x, self.y, self.along)))


@dataclass(frozen=True)
class Tick:
    """A live value marked on the track of a slider, and a few words about it. NaN where there is none."""

    slider: str  # its key
    at: Live
    text: Text


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One row of the key beside the picture: a curve's stroke and name, and its live numbers by column."""

    name: str
    colour: str
    dash: str = "solid"
    cells: tuple[Text, ...] = ()
    note: Text | None = None  # a sentence about it, under the picture


@dataclass(frozen=True)
class Task:
    """What a newcomer does first, and what to look for then: two sentences above the picture."""

    do: str
    look_for: str


@dataclass(frozen=True, kw_only=True)
class StoryStep:
    """A step of a story: what to do, and the sentence that follows once it is done."""

    do: str
    then: str = ""
    done: Live | None = None  # 1 where the sliders stand as it asks for, else 0
    asks: bool = False  # it is done when a person has answered the picture's question
    sets: Mapping[str, float] = field(default_factory=dict)  # values, by key, at which sliders stand when it begins
    nearness: Live | None = None  # a distance: "warmer" is said while it gets less, "colder" while it gets more
    links: tuple[Link, ...] = ()  # ways on from the last step


@dataclass(frozen=True)
class Story:
    """Steps that a newcomer takes above the picture, one after the other; each waits until it is done."""

    steps: tuple[StoryStep, ...]

    @property
    def slider(self) -> Slider:
        """The number of the step, from 1, in the address; 0 once the story is over. It has no control of its own."""
        return Slider(name="story", label="Step of the story", values=np.arange(len(self.steps) + 1.0), start=1,
                      kind="hidden")  # fmt: skip

    @property
    def keys(self) -> Iterator[str]:
        """The sliders that it moves."""
        yield self.slider.key
        yield from (key for step in self.steps for key in step.sets)

    @property
    def lives(self) -> Iterator[Live]:
        """Every live array that its steps look at."""
        yield from (live for step in self.steps for live in (step.done, step.nearness) if live)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person predicts before the picture shows it: options, and which of them is right as the sliders stand."""

    text: str
    options: tuple[str, ...]
    answer: Live  # the number of the right option
    why: Text  # one sentence of the numbers that decide it
    reveal: str  # key of the slider that shows it: a timeline when it has played to its end, another when it is let go
    at: float | None = None  # the value at which that slider is to be let go; None for any other than before
    waits_at: float | None = None  # the value at which it stands until then, where its start would give the answer away

    def __post_init__(self) -> None:
        if self.answer.axes or not np.isin(self.answer.array, np.arange(len(self.options))).all():
            raise ValueError(f"the answer to {self.text!r} must be the number of one of {len(self.options)} options")


@dataclass(frozen=True)
class LegendEntry:
    """A symbol in the picture and its meaning."""

    symbol: str  # as text, such as ◇
    text: str
    colour: str = ""  # of the symbol; that of the words when empty


@dataclass(frozen=True)
class Cell:
    """A live number, and behind it a bar as long as its share of the row."""

    number: Text
    share: Live  # 0 to 1
    colour: str  # of the bar


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table of live numbers under the picture: a confusion matrix."""

    name: str
    colour: str
    dash: str = "solid"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]  # a row's name, and its cells

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for _, cells in self.rows for cell in cells)


@dataclass(frozen=True)
class Traces:
    """Of the traces of a draft no more than Plotly's kind and name of each: the figure itself is on the screen."""

    data: tuple[Any, ...]

    @classmethod
    def of(cls, settings: Sequence[Mapping[str, Any]]) -> Traces:
        return cls(tuple(SimpleNamespace(type=trace["type"], name=trace.get("name")) for trace in settings))


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A figure with all its frames: everything that a person can see by moving the sliders, already computed.

    Raises ValueError when a live array follows a slider that the stage does not have, or a track does not fit the
    figure: a stage that is made can be shown.
    """

    name: str  # accessible name of the picture
    alt: str  # what the picture shows, in one or two sentences
    figure: Any  # a go.Figure, or of a draft its Traces
    templates: Mapping[str, Any]  # the Plotly template of the "light" and of the "dark" page
    sliders: tuple[Slider, ...]
    tracks: tuple[Track, ...]
    summary: Text  # the one sentence under the picture: what to notice
    task: Task | None = None
    story: Story | None = None  # in place of the task, until it is over
    question: Question | None = None
    readings: tuple[Reading, ...] = ()
    headings: tuple[str, ...] = ()  # of the columns of the readings
    grids: tuple[Grid, ...] = ()
    legend: tuple[LegendEntry, ...] = ()  # one line under the picture
    cards: tuple[Card, ...] = ()  # under all of it
    table: Callable[[Mapping[str, float]], Mapping[str, np.ndarray]] | None = None  # slider values -> columns to save
    script: Callable[[Mapping[str, float]], str] | None = None  # slider values -> a program that computes the same
    centre: Mapping[str, float] = field(default_factory=dict)  # slider values by key, around which sweeps are computed
    narrow: Mapping[str, Any] = field(default_factory=dict)  # what of the layout is another on a phone's width
    handles: tuple[Handle, ...] = ()
    ticks: tuple[Tick, ...] = ()

    def __post_init__(self) -> None:
        traces = len(self.figure.data)
        for trace, what in [*((track.trace, "track of") for track in self.tracks),
                            *((handle.trace, "a handle is") for handle in self.handles)]:  # fmt: skip
            if not 0 <= trace < traces:
                raise ValueError(f"{what} trace {trace}: the figure has {traces} traces")
        for slider in self.moving:
            if len(self.slider(slider.key).values) != len(slider.values):
                raise ValueError(f"slider {slider.key!r} has other frames in the stage than in an array")
        for cell in self.cells:
            if cell.share.axes:
                raise ValueError(f"a bar takes a number, not a row of {cell.share.array.shape}")
        for handle in self.handles:
            if not handle.keys:
                raise ValueError(f"the handle of trace {handle.trace} moves no slider")
            for key in filter(None, (*handle.keys, handle.rewinds)):
                self.slider(key)
        if self.question:
            values = self.slider(self.question.reveal).values
            for at in (self.question.at, self.question.waits_at):
                if at is not None and at not in values:
                    raise ValueError(f"slider {self.question.reveal!r} cannot be let go at {at:g}")
        for tick in self.ticks:
            self.slider(tick.slider)
            if tick.at.axes:
                raise ValueError(f"a tick is at a number, not at a row of {tick.at.array.shape}")

        for key in self.story.keys if self.story else ():
            self.slider(key)

    @property
    def solid(self) -> bool:
        """Whether it has a third dimension."""
        return any(trace.type in SURFACES for trace in self.figure.data)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and number that is written beside and under the picture."""
        notes = (reading.note for reading in self.readings if reading.note)
        cells = (cell for reading in self.readings for cell in reading.cells)
        cards = (text for card in self.cards for text in card.texts)
        why = (self.question.why,) if self.question else ()
        ticks = (tick.text for tick in self.ticks)
        return (self.summary, *cells, *notes, *(cell.number for cell in self.cells), *cards, *why, *ticks)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Those of all its grids."""
        return tuple(cell for grid in self.grids for cell in grid.cells)

    @property
    def lives(self) -> Iterator[Live]:
        """Every live array that is drawn or written."""
        yield from (track.live for track in self.tracks)
        yield from (cell.share for cell in self.cells)
        yield from (tick.at for tick in self.ticks)
        yield from (live for text in self.texts for live in text.lives)
        yield from self.story.lives if self.story else ()
        if self.question:
            yield self.question.answer
        yield from (live for card in self.cards if card.action for live in card.action.sets.values())

    @property
    def moving(self) -> Iterator[Slider]:
        """Every slider that moves something, as often as it does."""
        yield from (slider for live in self.lives for slider in live.moved_by)
        yield from (slider for text in self.texts for slider in text.picking)

    def slider(self, key: str) -> Slider:
        """The slider of a key. ValueError if there is none."""
        for slider in self.sliders:
            if slider.key == key:
                return slider
        raise ValueError(f"no slider {key!r}; there are {[slider.key for slider in self.sliders]}")

    def drawn(self, name: str, attribute: str, panel: str | None = None) -> Sequence[Live]:
        """What an attribute of the traces of a name shows, in their order; `panel` is a y axis, such as "y2"."""
        wanted = [
            number
            for number, trace in enumerate(self.figure.data)
            if trace.name == name and panel in (None, getattr(trace, "yaxis", None) or "y")
        ]
        return [track.live for track in self.tracks if track.trace in wanted and track.attribute == attribute]
