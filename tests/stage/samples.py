"""A stage that holds one of everything, and a second reading of the payload's layout, made from its description."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Aim, Pick, Reading, Slider, Stage, Text, Track, Words

SLIDER = Slider(key="bend", label="Bend β", values=np.array([0.5, 1.0, 1.5]), start=1, colour="#123456")
TIMELINE = Slider(key="step", label="Step", values=np.array([0.0, 1.0, 10.0, 100.0]), start=0, kind="timeline")

ACROSS = Slider(
    key="across", label="Start x", values=np.linspace(-2.0, 2.0, 5), start=1, recomputed=True, continuous=True
)
UP = Slider(key="up", label="Start y", values=np.array([0.0, 1.0, 5.0]), start=2, recomputed=True, continuous=True)


def sample(**changes: Any) -> Stage:
    """Two traces, a slider and a timeline, a growing path, numbers and words; `changes` replace fields."""
    numbers = np.random.default_rng(7).normal(0, 1e3, (3, 4))
    parts: dict[str, Any] = {
        "name": "A <sample>",
        "alt": "A curve, and a path that grows.",
        "figure": go.Figure([go.Scatter(name="curve"), go.Scatter(name="path")]),
        "templates": {"light": {"layout": {}}, "dark": {"layout": {}}},
        "sliders": (SLIDER, TIMELINE),
        "arrays": {
            "x": np.linspace(0, 1, 5),
            "curve": np.arange(15.0).reshape(3, 5) / 7,
            "path": np.arange(24.0).reshape(3, 4, 2) / 7,
            "number": numbers,
            "odd": np.array([np.nan, np.inf, -np.inf, 0.0, -0.0]),
        },
        "tracks": (
            Track(0, "x", Pick("x")),
            Track(0, "y", Pick("curve", ("bend",))),
            Track(1, "y", Pick("path", ("bend",), grow="step")),
        ),
        "summary": Text(
            template="{how}: {n}.",
            slots={"how": Words(("low", "middle", "high"), "bend"), "n": Pick("number", ("bend", "step"))},
        ),
        "headings": ("number",),
        "readings": (
            Reading(
                name="curve",
                colour="#123456",
                cells=(Text(template="{n}", slots={"n": Pick("number", ("bend", "step"))}),),
            ),
        ),
        "table": lambda values: {"bend": [values.get("bend", 1.0)] * 2, "third": np.array([1 / 3, np.nan])},
    }
    return Stage(**(parts | changes))


def aimed(**changes: Any) -> Stage:
    """A sample with a mark that can be dragged, around which two free sliders make a star, and a remark that counts."""
    lanes = 1 + len(ACROSS.values) + len(UP.values)
    star = ("across", "up")
    parts: dict[str, Any] = {
        "figure": go.Figure([go.Scatter(name="curve"), go.Scatter(name="path"), go.Scatter(name="mark")]),
        "sliders": (SLIDER, TIMELINE, ACROSS, UP),
        "centre": {"across": 0.5},
        "arrays": sample().arrays | {
            "mark x": np.arange(float(lanes)),
            "mark y": -np.arange(float(lanes)),
            "fate": np.arange(float(lanes)) % 3,
            "every other": np.arange(2.0),
        },
        "tracks": (
            *sample().tracks,
            Track(2, "x", Pick("mark x", star=star)),
            Track(2, "y", Pick("mark y", star=star)),
        ),
        "readings": (
            Reading(
                name="curve",
                colour="#123456",
                dash="dot",
                cells=(Text(template="{n}", slots={"n": Pick("every other", ("step",), every=2)}),),
                note=Text(
                    template="It {fate}.",
                    slots={"fate": Words(("is at {x}", "rests", "fell"), pick=Pick("fate", star=star)),
                           "x": Pick("mark x", star=star)},
                ),
            ),
        ),
        "aim": Aim(2, star),
    }  # fmt: skip
    return sample(**(parts | changes))


@dataclass(frozen=True)
class Decoded:
    """A payload taken apart by the layout that core/stage/encode.py describes."""

    head: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @classmethod
    def of(cls, payload: bytes) -> Decoded:
        raw = gzip.decompress(payload)
        length = int.from_bytes(raw[:4], "little")
        head = json.loads(raw[4 : 4 + length])
        planes = np.frombuffer(raw[4 + length :], np.uint8).reshape(4, head["count"])
        block = np.ascontiguousarray(planes.T).view("<u4").ravel()
        arrays = {}
        for name, place in head["arrays"].items():
            size = int(np.prod(place["shape"]))
            counted = block[place["offset"] : place["offset"] + size].astype(np.int64)
            steps = np.where(counted % 2, -(counted + 1) // 2, counted // 2)
            bits = (np.cumsum(steps) << place["shift"]).astype("<u4")
            arrays[name] = bits.view("<f4").reshape(place["shape"])
        return cls(head, arrays)
