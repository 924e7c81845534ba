"""What a page shows at an address, for a test to read: every number and every row that is drawn, as the sliders
stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from core.stage import Live, Stage
from core.stage.route import slider_values
from core.views import VIEWS, View


class Asked(NamedTuple):
    """The words of an address, read."""

    view: View
    choice: Mapping[str, Any]
    values: Mapping[str, float]  # of the sliders that the address names


def asked(key: str, words: Mapping[str, str]) -> Asked:
    """As the page reads them for a view: its parameters and its sliders, each once, and nothing else."""
    view, left = VIEWS[key], dict(words)
    choice = view.defaults | {name: view.param(name).read(left.pop(name)) for name in view.defaults if name in left}
    values = slider_values(view.choose(**choice).sliders, left)
    assert set(values) == set(left)
    return Asked(view, choice, values)


@dataclass(frozen=True, eq=False)
class Shown:
    """What somebody sees who arrives with these words, and then moves sliders."""

    view: View
    choice: Mapping[str, Any]
    values: Mapping[str, float]

    @cached_property
    def stage(self) -> Stage:
        return self.view.choose(**self.choice).around(self.values).stage

    def at(self, key: str, moved: Mapping[str, float]) -> float:
        """Where a slider stands."""
        slider = self.stage.slider(key)
        return slider.nearest({**self.values, **moved}.get(key, float(slider.values[slider.start])))

    def row(self, live: Live, moved: Mapping[str, float]) -> Any:
        return live.row({**self.values, **moved})

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """The name and the y axis of every trace: to ask Plotly is slow."""
        return [(trace.name, trace.yaxis or "y") for trace in self.stage.figure.data]

    def traces(self, name: str, panel: int, moved: Mapping[str, float]) -> list[dict[str, np.ndarray]]:
        """What the traces of this name in a panel (from 0) are drawn from, in their order."""
        axis = f"y{panel + 1 if panel else ''}"
        numbers = [number for number, place in enumerate(self.places) if place == (name, axis)]
        assert numbers, f"{name} is not drawn in panel {panel}"
        return [
            {track.attribute: self.row(track.live, moved) for track in self.stage.tracks if track.trace == number}
            for number in numbers
        ]
