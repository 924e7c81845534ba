"""What a picture is drawn on: its traces, what moves them, and the arrays that they pick from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.stage import Stage, Track, legacy
from core.stage.legacy import Pick
from core.views.kit import theme


@dataclass
class Sheet:
    """Filled by what draws; then `stage` makes of it what a view returns."""

    traces: list[Any] = field(default_factory=list, init=False)
    tracks: list[Track] = field(default_factory=list, init=False)
    layout: dict[str, Any] = field(default_factory=dict, init=False)
    narrow: dict[str, Any] = field(default_factory=dict, init=False)  # the layout on a phone's width
    arrays: dict[str, np.ndarray] = field(default_factory=dict, init=False)

    def add(self, trace: Any, **picks: Pick) -> None:
        """A trace, and what its attributes are picked from."""
        self.tracks += [Track(len(self.traces), attribute, pick) for attribute, pick in picks.items()]
        self.traces.append(trace)

    def stage(self, **told: Any) -> Stage:
        """The stage of what has been drawn, with what else there is to say of it."""
        return legacy.stage(
            figure=go.Figure(self.traces, self.layout, skip_invalid=False),
            templates={mode: theme.template(mode) for mode in ("light", "dark")},
            tracks=tuple(self.tracks),
            arrays=self.arrays,
            narrow={name: part for name, part in self.narrow.items() if part != self.layout.get(name)},
            **told,
        )
