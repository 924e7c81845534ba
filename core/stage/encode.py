"""A Stage, encoded once: a JSON header and one block of numbers, compressed once.

Layout of the uncompressed payload, little-endian: uint32 length of the header; the header, UTF-8 JSON; then the block's
uint32 in four planes, the first bytes of all of them, then the second ... (neighbours share their high bytes, so gzip
sees long runs). The header's "arrays" say where in the block each array starts, its shape, and how many of the lowest
bits of its float32 are zero: "shift". Without those, the bits of each are written as the difference to the one before,
counted 0, -1, 1, -2, 2 ... so that small steps either way are small numbers: a path moves little from step to step.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

import numpy as np

from core.stage.card import Card, Link
from core.stage.live import Live, Text, Words
from core.stage.markup import html, in_formula, inline, mathml_part
from core.stage.slider import Slider
from core.stage.stage import Grid, Question, Stage, StoryStep, Track

# Bits kept of a float32's 23. What is written is shown to four digits, what is only drawn to three on hover: a relative
# error under 8e-6 and 3e-4 shows in neither, and the rest of the bits are noise that does not compress.
MANTISSA, PRINTED_BITS, DRAWN_BITS = 23, 16, 11
# Plotly's formats write "50%". With the sign of a currency they write "50 %", as theme.js says it.
PERCENT_FORMAT = re.compile(r'("tickformat":"|%\{[xyz]:)(\.\d%)')
MAPS = ("contour", "heatmap", "mesh3d")  # Plotly's kinds of trace that take longer to draw than a hand waits for


def payload(stage: Stage, *, draft: bool = False) -> bytes:
    """The gzipped payload. The same stage gives the same bytes.

    draft: only what a picture that is on the screen takes over while a mark of it is on its way: nothing of a sweep
        beside its centre, no map but one that the mark itself changes, and nothing of its traces and how they look.
    """
    arrays = Arrays(draft=draft)
    head = header(stage, arrays)
    block = np.concatenate([np.zeros(0, np.uint32), *(delta_encode(*one) for one in arrays.rounded_arrays())])
    planes = block.view(np.uint8).reshape(-1, 4).T
    text = json.dumps(
        head | {"count": len(block), "arrays": arrays.places()}, ensure_ascii=False, separators=(",", ":")
    )
    body = PERCENT_FORMAT.sub(r"\1$\2", text).encode()
    return gzip.compress(
        len(body).to_bytes(4, "little") + body + planes.tobytes(), compresslevel=1 if draft else 6, mtime=0
    )


class Arrays:
    """The arrays of a payload, numbered in the order in which they are first asked for; equal ones have one number.

    draft: whether only the centres of sweeps are sent.
    """

    def __init__(self, *, draft: bool = False) -> None:
        self.draft = draft
        self.found: list[np.ndarray] = []
        self.printed: set[int] = set()
        self.numbers: dict[bytes, int] = {}  # by content
        self.known: dict[int, int] = {}  # by identity, of arrays that are kept: nobody else gets their identity
        self.kept: list[np.ndarray] = []

    def number(self, array: np.ndarray, *, printed: bool) -> int:
        """The number of an array. A `printed` one is read as a number: it needs more digits than one that is drawn."""
        number = self.known.get(id(array))
        if number is None:
            numbers = np.asarray(array, dtype=np.float64, order="C")
            content = blake2b(numbers.tobytes(), digest_size=16).digest() + repr(numbers.shape).encode()
            number = self.known[id(array)] = self.numbers.setdefault(content, len(self.found))
            self.kept.append(array)
            if number == len(self.found):
                self.found.append(numbers)
        if printed:
            self.printed.add(number)
        return number

    def shift(self, number: int) -> int:
        """How many of the lowest bits of its numbers are zero."""
        return MANTISSA - (PRINTED_BITS if number in self.printed else DRAWN_BITS)

    def rounded_arrays(self) -> Iterator[tuple[np.ndarray, int]]:
        """Each as float32 with its low bits zero, and how many of them are."""
        for number, array in enumerate(self.found):
            shift = self.shift(number)
            yield round_mantissa(array, MANTISSA - shift), shift

    def places(self) -> list[dict[str, Any]]:
        """The place of each array in the block."""
        ends = np.cumsum([0, *(array.size for array in self.found)]).tolist()
        return [
            {"offset": ends[number], "shape": list(array.shape), "shift": self.shift(number)}
            for number, array in enumerate(self.found)
        ]


def round_mantissa(array: np.ndarray, kept_bits: int) -> np.ndarray:
    """float32 with its mantissa rounded to so many bits, so that the low bits are zero; NaN and infinity stay, and
    what is beyond float32 is infinite: far outside every picture, and written so."""
    drop = MANTISSA - kept_bits
    with np.errstate(over="ignore"):
        numbers = np.ascontiguousarray(array, dtype=np.float32)
    bits = numbers.view(np.uint32)
    half = np.uint32((1 << (drop - 1)) - 1) + ((bits >> np.uint32(drop)) & np.uint32(1))  # to even
    kept = ((bits + half) >> np.uint32(drop)) << np.uint32(drop)
    kept = np.where(np.isnan(numbers), np.float32(np.nan).view(np.uint32), kept)  # one of the many that there are
    return np.where(np.isinf(numbers), bits, kept).astype(np.uint32).view(np.float32)


def delta_encode(numbers: np.ndarray, shift: int) -> np.ndarray:
    """The encoded array, flat uint32, of float32 with so many low bits of zero; the format is described above."""
    whole = (numbers.ravel().view(np.uint32) >> np.uint32(shift)).astype(np.int64)
    steps = np.diff(whole, prepend=0)
    return ((steps << 1) ^ (steps >> 63)).astype(np.uint32)


def header(stage: Stage, arrays: Arrays) -> dict[str, Any]:
    """The header as JSON: everything but the numbers. The arrays that it refers to are numbered in `arrays`."""
    types = [trace.type for trace in stage.figure.data]
    shown = (types[track.trace] not in MAPS or follows_hand(stage, track) for track in stage.tracks)
    tracks = [track for track, is_shown in zip(stage.tracks, shown, strict=True) if is_shown or not arrays.draft]
    return {
        "name": stage.name,
        "alt": stage.alt,
        **({} if arrays.draft else looks(stage)),
        "sliders": [_slider(slider, stage.centre) for slider in stage.sliders],
        "tracks": [
            {"trace": track.trace, "attribute": track.attribute, "live": _live(track.live, arrays)} for track in tracks
        ],
        "handles": [asdict(handle) for handle in stage.handles],
        "ticks": [
            {"slider": tick.slider, "at": _live(tick.at, arrays, printed=True), "text": _text(tick.text, arrays)}
            for tick in stage.ticks
        ],
        "task": asdict(stage.task) if stage.task else None,
        "story": [_story_step(step, arrays) for step in stage.story.steps] if stage.story else [],
        "question": _question(stage.question, arrays) if stage.question and not arrays.draft else None,
        "summary": _text(stage.summary, arrays),
        "headings": list(stage.headings),
        "readings": [
            {
                "name": reading.name,
                "colour": reading.colour,
                "dash": reading.dash,
                "cells": [_text(cell, arrays) for cell in reading.cells],
                "note": _text(reading.note, arrays) if reading.note else None,
            }
            for reading in stage.readings
        ],
        "grids": [_grid(grid, arrays) for grid in stage.grids],
        "cards": [_card(card, arrays) for card in stage.cards],
        "legend": [{"symbol": entry.symbol, "text": entry.text, "colour": entry.colour} for entry in stage.legend],
    }


def follows_hand(stage: Stage, track: Track) -> bool:
    """Whether a mark that is dragged changes what the track shows."""
    hand = {key for handle in stage.handles for key in handle.keys}
    return any(slider.key in hand for slider in track.live.moved_by)


def looks(stage: Stage) -> dict[str, Any]:
    """The traces, and how the picture looks on each page and theme."""
    figure = json.loads(stage.figure.to_json(validate=False))
    return {
        "data": figure["data"],
        "layout": {key: value for key, value in figure["layout"].items() if key != "template"},
        "narrow": dict(stage.narrow),
        "templates": dict(stage.templates),
    }


def _slider(slider: Slider, centre: Mapping[str, float]) -> dict[str, Any]:
    return {
        "key": slider.key,
        "label": slider.label,
        "kind": slider.kind,
        "values": [round(float(value), 10) for value in slider.values],
        "labels": list(slider.labels),
        "step": slider.step,
        "start": slider.start,
        "centre": slider.frame_at(centre),
        "recomputed": slider.recomputed,
        "continuous": slider.continuous,
        "colour": slider.colour,
        "fps": slider.fps,
    }


def _story_step(step: StoryStep, arrays: Arrays) -> dict[str, Any]:
    return {
        "do": step.do,
        "then": step.then,
        "done": _live(step.done, arrays) if step.done else None,
        "asks": step.asks,
        "sets": dict(step.sets),
        "nearness": _live(step.nearness, arrays) if step.nearness else None,
        "links": [_link(link) for link in step.links],
    }


def _question(question: Question, arrays: Arrays) -> dict[str, Any]:
    return {
        "text": question.text,
        "options": list(question.options),
        "answer": _live(question.answer, arrays),
        "why": _text(question.why, arrays),
        "reveal": question.reveal,
        "at": question.at,
        "waits_at": question.waits_at,
    }


def _grid(grid: Grid, arrays: Arrays) -> dict[str, Any]:
    return {
        "name": grid.name,
        "colour": grid.colour,
        "dash": grid.dash,
        "columns": list(grid.columns),
        "rows": [
            {
                "name": name,
                "cells": [
                    {"number": _text(cell.number, arrays), "share": _live(cell.share, arrays), "colour": cell.colour}
                    for cell in cells
                ],
            }
            for name, cells in grid.rows
        ],
    }


def _live(live: Live, arrays: Arrays, *, printed: bool = False) -> dict[str, Any]:
    at_centre = live.sweep is not None and arrays.draft
    return {
        "array": arrays.number(live.array[0] if at_centre else live.array, printed=printed),
        "sweep": list(live.sweep.keys) if live.sweep and not at_centre else [],
        "sliders": [slider.key for slider in live.sliders],
        "grow": live.grow.key if live.grow else "",
        "across": live.across.key if live.across else "",
        "every": live.every,
    }


def _text(text: Text, arrays: Arrays) -> dict[str, Any]:
    slots = {
        name: _words(slot, arrays) if isinstance(slot, Words) else _live(slot, arrays, printed=True)
        for name, slot in text.slots.items()
    }
    return {"template": text.template, "slots": slots}


def _card(card: Card, arrays: Arrays) -> dict[str, Any]:
    action = card.action
    return {
        "text": _rich_text(card.text, arrays),
        "code": {
            library: {**_text(text, arrays), "note": html(card.notes.get(library, ""))}
            for library, text in card.code.items()
        },
        "links": [_link(link) for link in card.links],
        "action": action
        and {"label": action.label, "sets": {key: _live(live, arrays) for key, live in action.sets.items()}},
        "wide": card.wide,
        "folded": card.folded,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"label": link.label, "page": link.page, "query": dict(link.query), "sliders": list(link.sliders)}


def _rich_text(text: Text, arrays: Arrays) -> dict[str, Any]:
    """As _text, of Markdown: the template and the words become HTML, in which each slot is an element of its own."""
    names = tuple(text.slots)
    template = html(text.template, names)
    formulas = in_formula(template, names)
    encoded = _text(text, arrays)
    for name, slot in encoded["slots"].items():
        tag = "span"
        if name in formulas:
            tag = "mrow" if "words" in slot else "mn"
        if "words" in slot:
            render = mathml_part if name in formulas else inline
            slot["words"] = [render(word) for word in slot["words"]]
        template = template.replace(f"{{{name}}}", f'<{tag} data-slot="{name}"></{tag}>')
    return {"template": template, "slots": encoded["slots"]}


def _words(words: Words, arrays: Arrays) -> dict[str, Any]:
    if isinstance(words.by, Slider):
        return {"words": list(words.strings), "slider": words.by.key}
    return {"words": list(words.strings), "live": _live(words.by, arrays, printed=True)}
