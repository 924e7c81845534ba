"""For views that are not on live arrays yet: picks by name, turned into them. It goes with the last such view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.stage.live import Live, Text, Words
from core.stage.slider import Slider
from core.stage.stage import Cell, Stage, Track
from core.stage.sweep import Sweep


@dataclass(frozen=True)
class _Pick:
    array: str
    sliders: tuple[str, ...] = ()
    grow: str = ""
    across: str = ""
    star: tuple[str, ...] = ()
    every: int = 1


@dataclass(frozen=True)
class _OldWords:
    strings: tuple[str, ...]
    slider: str = ""
    pick: Any = None


@dataclass(frozen=True, kw_only=True)
class _OldText:
    template: str
    slots: Mapping[str, Any] = field(default_factory=dict)


Pick: Any = _Pick
OldWords: Any = _OldWords
OldText: Any = _OldText


def live(pick: Any, arrays: Mapping[str, np.ndarray], sliders: tuple[Slider, ...], centre: Mapping[str, float]) -> Live:
    by = {slider.key: slider for slider in sliders}
    sweep = (Sweep([by[key] for key in pick.star], centre),) if pick.star else ()
    return Live(
        arrays[pick.array],
        (*sweep, *(by[key] for key in pick.sliders)),
        grow=by.get(pick.grow),
        across=by.get(pick.across),
        every=pick.every,
    )


def stage(*, arrays: Mapping[str, np.ndarray], tracks: Any, **story: Any) -> Stage:
    sliders, centre = tuple(story["sliders"]), story.get("centre", {})
    kept: dict[Any, Live] = {}

    def of(pick: Any) -> Any:
        if isinstance(pick, Live):
            return pick
        if pick not in kept:
            kept[pick] = live(pick, arrays, sliders, centre)
        return kept[pick]

    by = {slider.key: slider for slider in sliders}

    def words(slot: Any) -> Any:
        if isinstance(slot, _OldWords):
            return Words(slot.strings, of(slot.pick) if slot.pick else by[slot.slider])
        return of(slot) if isinstance(slot, _Pick) else slot

    def text(old: Any) -> Any:
        if not isinstance(old, _OldText):
            return old
        return Text(old.template, **{name: words(slot) for name, slot in old.slots.items()})

    readings = tuple(
        replace(one, cells=tuple(map(text, one.cells)), note=text(one.note)) for one in story.pop("readings", ())
    )
    grids = tuple(
        replace(
            one,
            rows=tuple(
                (name, tuple(Cell(text(cell.number), of(cell.share), cell.colour) for cell in cells))
                for name, cells in one.rows
            ),
        )
        for one in story.pop("grids", ())
    )
    return Stage(
        tracks=tuple(Track(track.trace, track.attribute, of(track.live)) for track in tracks),
        readings=readings,
        grids=grids,
        **(story | {"summary": text(story["summary"]), "sliders": sliders}),
    )


def counted(strings: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """The different strings, and which each one is."""
    known: dict[str, int] = {}
    which = [known.setdefault(string, len(known)) for string in strings]
    return tuple(known), np.array(which, dtype=float)
