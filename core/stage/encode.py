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
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.stage.slider import Slider
from core.stage.stage import Grid, Pick, Stage, Text, Words

# Bits kept of a float32's 23. What is written is shown to four digits, what is only drawn to three on hover: a relative
# error under 8e-6 and 3e-4 shows in neither, and the rest of the bits are noise that does not compress.
MANTISSA, WRITTEN_BITS, DRAWN_BITS = 23, 16, 11


def payload(stage: Stage) -> bytes:
    """The gzipped payload. The same stage gives the same bytes."""
    places, differences, count = {}, [np.zeros(0, np.uint32)], 0
    written = {pick.array for text in stage.texts for pick in text.picks}
    for name, array in stage.arrays.items():
        shift = MANTISSA - (WRITTEN_BITS if name in written else DRAWN_BITS)
        places[name] = {"offset": count, "shape": list(array.shape), "shift": shift}
        differences.append(differing(rounded(array, MANTISSA - shift), shift))
        count += array.size
    block = np.concatenate(differences)
    planes = block.view(np.uint8).reshape(-1, 4).T
    head = json.dumps(header(stage, places, count), ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(len(head).to_bytes(4, "little") + head + planes.tobytes(), compresslevel=6, mtime=0)


def rounded(array: np.ndarray, kept_bits: int) -> np.ndarray:
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


def differing(numbers: np.ndarray, shift: int) -> np.ndarray:
    """What is written of an array of float32 with so many low bits of zero, as described above: flat uint32."""
    whole = (numbers.ravel().view(np.uint32) >> np.uint32(shift)).astype(np.int64)
    steps = np.diff(whole, prepend=0)
    return ((steps << 1) ^ (steps >> 63)).astype(np.uint32)


def header(stage: Stage, places: dict[str, Any], count: int) -> dict[str, Any]:
    figure = json.loads(stage.figure.to_json())
    return {
        "name": stage.name,
        "alt": stage.alt,
        "data": figure["data"],
        "layout": {key: value for key, value in figure["layout"].items() if key != "template"},
        "narrow": dict(stage.narrow),
        "templates": dict(stage.templates),
        "sliders": [_slider(slider, stage.centre) for slider in stage.sliders],
        "count": count,
        "arrays": places,
        "tracks": [
            {"trace": track.trace, "attribute": track.attribute, "pick": _pick(track.pick)} for track in stage.tracks
        ],
        "aim": {"trace": stage.aim.trace, "sliders": list(stage.aim.sliders)} if stage.aim else None,
        "summary": _text(stage.summary),
        "headings": list(stage.headings),
        "readings": [
            {
                "name": reading.name,
                "colour": reading.colour,
                "dash": reading.dash,
                "cells": [_text(cell) for cell in reading.cells],
                "note": _text(reading.note) if reading.note else None,
            }
            for reading in stage.readings
        ],
        "grids": [_grid(grid) for grid in stage.grids],
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
        "centre": slider.frame(centre[slider.key]) if slider.key in centre else slider.start,
        "recomputed": slider.recomputed,
        "continuous": slider.continuous,
        "colour": slider.colour,
        "fps": slider.fps,
    }


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "name": grid.name,
        "colour": grid.colour,
        "dash": grid.dash,
        "columns": list(grid.columns),
        "rows": [
            {
                "name": name,
                "cells": [
                    {"number": _text(cell.number), "share": _pick(cell.share), "colour": cell.colour} for cell in cells
                ],
            }
            for name, cells in grid.rows
        ],
    }


def _pick(pick: Pick) -> dict[str, Any]:
    return {
        "array": pick.array,
        "sliders": list(pick.sliders),
        "grow": pick.grow,
        "across": pick.across,
        "star": list(pick.star),
        "every": pick.every,
    }


def _text(text: Text) -> dict[str, Any]:
    slots = {name: _words(slot) if isinstance(slot, Words) else _pick(slot) for name, slot in text.slots.items()}
    return {"template": text.template, "slots": slots}


def _words(words: Words) -> dict[str, Any]:
    counted = {"pick": _pick(words.pick)} if words.pick else {"slider": words.slider}
    return {"words": list(words.strings)} | counted
