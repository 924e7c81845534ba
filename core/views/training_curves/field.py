"""The panel of the data: the examples, and what is drawn of a model among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.stage.legacy import Pick
from core.training import Examples
from core.views.kit import theme
from core.views.kit.panels import named
from core.views.kit.sheet import Sheet
from core.views.training_curves.runs import Runs

FIT = 3  # the panel's number
ALONG, CELLS, SPARSE = 91, 19, 2  # points of a fitted curve; of a map along each side; kept models from map to map
FAINT = 0.35  # of the points that judge


class Field(Sheet):
    """A sheet with the examples of a star of runs."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self.runs = runs

    def examples(self) -> None:
        """The points of the training and the validation set, over their one input."""
        for number, (half, look) in enumerate(theme.HALVES.items()):
            rows = [places(data[number]) for data in self.runs.data]
            self.points(half, rows, theme.dots(look.colour, "circle") | {"opacity": FAINT if number else 1.0})

    def classes(self) -> None:
        """The points to learn from, by class."""
        for label, (colour, symbol) in enumerate(theme.CLASSES):
            rows = [train.x[train.target == label] for train, _ in self.runs.data]
            self.points(f"class {label}", rows, theme.dots(colour, symbol))

    def points(self, name: str, rows: Sequence[np.ndarray], marker: dict[str, object]) -> None:
        """Points [n, 2] of each lane; those that no lane changes are there once."""
        array = np.full((len(rows), max(map(len, rows)), 2), np.nan)
        for row, own in zip(array, rows, strict=True):
            row[: len(own)] = own
        alike = np.array_equal(array, np.broadcast_to(array[:1], array.shape), equal_nan=True)
        picks = {}
        for axis, letter in enumerate("xy"):
            self.arrays[f"{name} {letter}"] = array[0, :, axis] if alike else array[..., axis]
            picks[letter] = Pick(f"{name} {letter}") if alike else self.runs.of_lane(f"{name} {letter}")
        self.add(go.Scatter(name=name, mode="markers", marker=marker, hoverinfo="skip", **on(FIT)), **picks)

    def fitted(self, runs: Runs, every: int = 1) -> np.ndarray:
        """The curve of every so many-th kept model of each run: [lanes, kept, ALONG]."""
        x = np.linspace(*self.sides()[0], ALONG)
        self.arrays["along"] = x
        return runs.history.predict(slice(None), x[:, None])[:, ::every]

    def scored(self, runs: Runs, every: int = SPARSE) -> np.ndarray:
        """The score all over the panel, of every so many-th kept model: [lanes, kept, CELLS, CELLS]."""
        across, up = (np.linspace(*ends, CELLS) for ends in self.sides())
        self.arrays |= {"across": across, "up": up}
        grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
        score = runs.history.predict(slice(None), grid)[:, ::every]
        return score.reshape(*score.shape[:2], CELLS, CELLS)

    def line_at_zero(self, name: str, look: theme.Stroke, z: Pick) -> None:
        """The boundary: where a score is 0."""
        self.add(
            go.Contour(
                name=name, line={"color": look.colour, "dash": look.dash, "width": 3}, autocontour=False,
                colorscale=[[0, look.colour], [1, look.colour]], showscale=False, hoverinfo="skip", **on(FIT),
                contours={"start": 0, "end": 0, "size": 1, "coloring": "none"},
            ),
            x=Pick("across"), y=Pick("up"), z=z,
        )  # fmt: skip

    def sides(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the panel shows: nearly all examples of all lanes."""
        every = np.concatenate([places(half) for data in self.runs.data for half in data])
        low, high = np.percentile(every, [0.5, 99.5], axis=0)
        room = 0.08 * (high - low)
        (left, down), (right, up) = (low - room).tolist(), (high + room).tolist()
        return (left, right), (down, up)


def on(panel: int) -> dict[str, str]:
    """The axes of a panel."""
    return {"xaxis": named("x", panel + 1), "yaxis": named("y", panel + 1)}


def places(examples: Examples) -> np.ndarray:
    """Where examples lie [n, 2]: their two inputs, or their one and its target."""
    return examples.x if examples.x.shape[1] > 1 else np.stack([examples.x[:, 0], examples.target], axis=-1)
