"""A stage that holds one of everything, and a second reading of the payload's layout, made from its description."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Handle, LegendEntry, Live, Reading, Slider, Stage, Sweep, Text, Track, Words

POWER = Slider(name="power", label="Power β", values=np.array([0.5, 1.0, 1.5]), start=1, colour="#123456")
TIMELINE = Slider(name="step", label="Step", values=np.array([0.0, 1.0, 10.0, 100.0]), start=0, kind="timeline")
ACROSS = Slider(
    name="across", label="Start x", values=np.linspace(-2.0, 2.0, 5), start=1, recomputed=True, continuous=True
)
UP = Slider(name="up", label="Start y", values=np.array([0.0, 1.0, 5.0]), start=2, recomputed=True, continuous=True)
SWEEP = Sweep((ACROSS, UP), {"across": 0.5})

X = np.linspace(0, 1, 5)
CURVE = np.arange(15.0).reshape(3, 5) / 7
PATH = np.arange(24.0).reshape(3, 4, 2) / 7
NUMBER = np.random.default_rng(7).normal(0, 1e3, (3, 4))
ODD = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0])
MARK = np.arange(float(len(SWEEP)))
OUTCOME = MARK % 3


def sample(**changes: Any) -> Stage:
    """Two traces, a slider and a timeline, a growing path, numbers and words; `changes` replace fields."""
    parts: dict[str, Any] = {
        "name": "A <sample>",
        "alt": "A curve, and a path that grows.",
        "figure": go.Figure([go.Scatter(name="curve"), go.Scatter(name="path")]),
        "templates": {"light": {"layout": {}}, "dark": {"layout": {}}},
        "sliders": (POWER, TIMELINE),
        "tracks": (
            Track(0, "x", Live(X)),
            Track(0, "y", Live(CURVE, POWER)),
            Track(1, "x", Live(ODD)),
            Track(1, "y", Live(PATH, POWER, grow=TIMELINE)),
        ),
        "summary": Text("{how}: {}.", Live(NUMBER, (POWER, TIMELINE)), how=Words(("low", "middle", "high"), POWER)),
        "headings": ("number",),
        "legend": (LegendEntry("◇", "a <corner>"),),
        "readings": (Reading(name="curve", colour="#123456", cells=(Text("{}", Live(NUMBER, (POWER, TIMELINE))),)),),
        "table": lambda values: {"power": [values.get("power", 1.0)] * 2, "third": np.array([1 / 3, np.nan])},
    }
    return Stage(**(parts | changes))


def with_handle(**changes: Any) -> Stage:
    """A sample with a mark that can be dragged, around which two continuous sliders make a sweep, and a note whose
    words a number picks."""
    parts: dict[str, Any] = {
        "figure": go.Figure([go.Scatter(name="curve"), go.Scatter(name="path"), go.Scatter(name="mark")]),
        "sliders": (POWER, TIMELINE, ACROSS, UP),
        "centre": SWEEP.centre,
        "tracks": (*sample().tracks, Track(2, "x", Live(MARK, SWEEP)), Track(2, "y", Live(-MARK, SWEEP))),
        "readings": (
            Reading(
                name="curve",
                colour="#123456",
                dash="dot",
                cells=(Text("{}", Live(np.arange(2.0), TIMELINE, every=2)),),
                note=Text("It {}.", Words(("is at {x}", "rests", "fell"), Live(OUTCOME, SWEEP)), x=Live(MARK, SWEEP)),
            ),
        ),
        "handles": (Handle(trace=2, x="across", y="up"), Handle(trace=0, along="power", rewinds="step")),
    }
    return sample(**(parts | changes))


@dataclass(frozen=True)
class Decoded:
    """A payload taken apart by the layout that core/stage/encode.py describes."""

    head: dict[str, Any]
    arrays: list[np.ndarray]

    @classmethod
    def of(cls, payload: bytes) -> Decoded:
        raw = gzip.decompress(payload)
        length = int.from_bytes(raw[:4], "little")
        head = json.loads(raw[4 : 4 + length])
        planes = np.frombuffer(raw[4 + length :], np.uint8).reshape(4, head["count"])
        block = np.ascontiguousarray(planes.T).view("<u4").ravel()
        arrays = []
        for place in head["arrays"]:
            size = int(np.prod(place["shape"]))
            integers = block[place["offset"] : place["offset"] + size].astype(np.int64)
            steps = np.where(integers % 2, -(integers + 1) // 2, integers // 2)
            bits = (np.cumsum(steps) << place["shift"]).astype("<u4")
            arrays.append(bits.view("<f4").reshape(place["shape"]))
        return cls(head, arrays)
