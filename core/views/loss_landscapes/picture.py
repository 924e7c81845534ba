"""The picture of one to three landscapes: the figure, its readings, its summary, and the grid as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.landscapes import Landscape
from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, grid
from core.landscapes.landscape import Point, Window
from core.landscapes.on_grid import FINE, SIZE
from core.sentences import join_words
from core.stage import Card, Live, Slider, Stage, Sweep, Task, Text
from core.views.kit.colour_scale import scales
from core.views.kit.landscape_figure import LandscapeFigure
from core.views.kit.landscape_grid import LandscapeGrid, point_sliders
from core.views.kit.theme import Stroke

TABLE = 101  # points of the saved grid, along each side
ROUND = 1.005  # a condition number below it is written as 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One of the landscapes beside each other."""

    key: str
    landscape: Landscape
    look: Stroke
    path: np.ndarray | None = None  # [points, 2], drawn on the map
    sharp_at: np.ndarray | None = None  # [2]: where the curvature is read; at the lowest minimum if nowhere else


@dataclass(frozen=True, kw_only=True, eq=False)
class Landscapes:
    """The picture of some landscapes over one window.

    make_parts: the landscapes, which may take a training: a page that only names the picture does without.
    own: the sliders of their parameters, of all landscapes or, with an owner, of one. start: where the cross-sections
    meet at first. grids_text: a sentence about the grids, instead of the counts of critical points. comparable: whether
    the landscapes' values mean the same. cards: what stands under the picture.
    """

    make_parts: Callable[[], Sequence[Part]]
    window: Window
    axes: tuple[str, str]
    own: Sequence[Slider]
    shown: str
    colours: str
    about: str
    start: Point | None = None
    grids_text: Callable[[Sequence[LandscapeGrid]], str] | None = None
    comparable: bool = False
    cards: tuple[Card, ...] = ()

    @property
    def size(self) -> int:
        """Points of a grid along each side."""
        return SIZE if self.own else FINE

    @cached_property
    def parts(self) -> Sequence[Part]:
        return self.make_parts()

    @cached_property
    def point(self) -> tuple[Slider, Slider]:
        return point_sliders(self.window, self.axes, self.size, self.start)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (*self.own, *self.point)

    def grid(self, part: Part, centre: Mapping[str, float]) -> LandscapeGrid:
        """One of the landscapes in every run of the sweep of its sliders."""
        sweep = Sweep([slider for slider in self.own if slider.owner in ("", part.key)], centre)
        return LandscapeGrid(
            part.key, part.landscape, part.look, sweep, size=self.size, path=part.path, sharp_at=part.sharp_at
        )

    def stage(self, centre: Mapping[str, float]) -> Stage:
        grids = [self.grid(part, centre) for part in self.parts]
        own, reason = scales(grids, self.colours, self.comparable or len(grids) == 1)
        plot = LandscapeFigure(own, self.shown, self.point).plot
        x, y = self.point
        for one in grids:
            lowest = one.lowest()
            numbers = (lowest[name] for name in ("lowest", "sharpness", "condition"))
            cells = (one.live(one.heights, y, across=x), *map(one.live, numbers))
            plot.reading(one.landscape.name, one.look, *cells)
        return plot.stage(
            name=f"Landscape of {join_words([one.landscape.name for one in grids])}",
            alt=f"{self.about} Circles mark minima, crosses saddle points, triangles maxima; arrows point downhill. "
            "The table beside the picture gives the loss where the two slices cross, and the loss at the lowest "
            "minimum. It also gives the largest curvature and the condition number there.",
            sliders=self.sliders,
            task=TASK,
            cards=self.cards,
            summary=self.summary(grids, reason),
            headings=("loss at slice", "minimum loss", "λ max", "κ"),
            table=lambda values: table(grids, values),
            centre=centre,
        )

    def summary(self, grids: Sequence[LandscapeGrid], reason: str) -> Text:
        """The critical points, or where each of several landscapes is lowest; then how the colours are scaled."""
        numbers: list[Live] = []
        if self.grids_text:
            text = self.grids_text(grids)
        elif not any(one.counts()[MINIMUM][0] for one in grids):
            text = "There is no minimum in this window: the arrows lead downhill, out of it."
        else:
            text, numbers = critical_points(grids[0]) if len(grids) == 1 else lowest_minima(grids)
        missing = max(float(np.mean(~np.isfinite(one.heights))) for one in grids)
        if missing:
            text += (
                f" Where there is no colour ({100 * missing:.0f} % of the map), the loss is undefined for a prediction."
            )
        return Text(f"{text} {reason}", *numbers)


TASK = Task(
    "Click on the map, or drag its dotted lines.",
    "The two slices change. At a minimum both are valleys.",
)


def critical_points(one: LandscapeGrid) -> tuple[str, list[Live]]:
    """The sentence about the counts of critical points and the condition number, and its numbers."""
    text = "In this window: minima {}, saddle points {}, maxima {}."
    numbers = [one.live(one.counts()[kind]) for kind in (MINIMUM, SADDLE, MAXIMUM)]
    condition = one.lowest()["condition"]
    if (condition < ROUND).all():
        text += " At the lowest minimum, the curvature is the same in every direction."
    elif np.isfinite(condition).all():
        text += " At the lowest minimum ({}, {}), the curvature ratio (condition number) κ is {}."
        numbers += [one.live(one.lowest()["at x"]), one.live(one.lowest()["at y"]), one.live(condition)]
    return text, numbers


def lowest_minima(grids: Sequence[LandscapeGrid]) -> tuple[str, list[Live]]:
    """The sentence about the lowest minimum of each landscape, and its numbers."""
    with_one = [one for one in grids if one.counts()[MINIMUM][0]]
    places = join_words([f"{one.landscape.name} at ({{}}, {{}})" for one in with_one])
    numbers = [one.live(one.lowest()[name]) for one in with_one for name in ("at x", "at y")]
    return f"Each loss makes its own landscape of the same data. Lowest minimum: {places}.", numbers


def table(grids: Sequence[LandscapeGrid], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The grid: a row for each point, with the height of each landscape there."""
    _, _, points = grid(grids[0].landscape, TABLE)
    names = grids[0].landscape.axes
    columns = {names[0]: points[..., 0].ravel(), names[1]: points[..., 1].ravel()}
    for one in grids:
        params = {slider.name: slider.at({**one.sweep.centre, **values}) for slider in one.sweep.sliders}
        columns[f"{one.key} height"] = one.landscape.sweep(points, [params])[0].ravel()
    return columns
