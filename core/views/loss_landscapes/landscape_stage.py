"""Landscapes as a stage: picture, readings, what to notice, and the grid as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from core.landscapes.critical import MAXIMUM, MINIMUM, SADDLE, grid
from core.stage import Reading, Slider, Stage
from core.stage.legacy import OldText as Text
from core.views.kit.colour_scale import scales
from core.views.kit.landscape_figure import Picture
from core.views.kit.landscape_grid import Ground, X, Y, own_names
from core.views.kit.view import listed

TABLE = 101  # of the grid that is saved, along each side
ROUND = 1.005  # condition numbers below it are said to be 1


def terrain(
    grounds: Sequence[Ground],
    *,
    shown: str,
    colours: str,
    sliders: Sequence[Slider],
    about: str,
    centre: Mapping[str, float] = MappingProxyType({}),
    told: str = "",
    comparable: bool = False,
) -> Stage:
    """The stage of one to three landscapes over the same window.

    `told` is a sentence of the view's own about them; `comparable` says that their heights mean the same.
    """
    own, reason = scales(grounds, colours, comparable or len(grounds) == 1)
    picture = Picture(own, shown)
    picture.draw()
    readings = []
    for ground in grounds:
        for name, array in (ground.lowest() | ground.counts()).items():
            picture.keep(ground, name, array)
        cells = [
            ground.pick("height", Y, across=X),
            *(ground.pick(name) for name in ("lowest", "sharpness", "condition")),
        ]
        readings.append(
            Reading(
                name=ground.landscape.name,
                colour=ground.look.colour,
                dash=ground.look.dash,
                cells=tuple(Text(template="{n}", slots={"n": cell}) for cell in cells),
            )
        )
    names = listed([ground.landscape.name for ground in grounds])
    return picture.stage(
        name=f"Landscape of {names}",
        alt=f"{about} Circles mark minima, crosses saddle points, triangles maxima; arrows point downhill. The table "
        "beside the picture gives the loss where the two slices cross, the loss at the lowest minimum, and the "
        "largest curvature and the condition number there.",
        sliders=tuple(sliders),
        summary=notice(grounds, told, reason),
        headings=("loss at slice", "minimum loss", "λ max", "κ"),
        readings=tuple(readings),
        table=lambda values: table(grounds, sliders, values),
        centre=centre,
    )


def notice(grounds: Sequence[Ground], told: str, reason: str) -> Text:
    """What the landscape has, or where each of several is lowest; and how its colours are scaled."""
    slots: dict[str, Any] = {}
    if told:
        said = told
    elif not any(ground.counts()[MINIMUM][0] for ground in grounds):
        said = "There is no minimum in this window: the arrows lead downhill, out of it."
    elif len(grounds) == 1:
        (ground,) = grounds
        slots |= {"minima": ground.pick(MINIMUM), "saddles": ground.pick(SADDLE), "maxima": ground.pick(MAXIMUM)}
        said = "In this window: minima {minima}, saddle points {saddles}, maxima {maxima}."
        condition = ground.lowest()["condition"]
        if (condition < ROUND).all():
            said += " At the lowest minimum, the curvature is the same in every direction."
        elif np.isfinite(condition).all():
            slots["times"] = ground.pick("condition")
            said += " At the lowest minimum, the curvature ratio (condition number) κ is {times}."
    else:
        lowest = []
        for number, ground in enumerate(grounds):
            if not ground.counts()[MINIMUM][0]:
                continue
            slots |= {f"x{number}": ground.pick("at x"), f"y{number}": ground.pick("at y")}
            lowest.append(f"{ground.landscape.name} at ({{x{number}}}, {{y{number}}})")
        said = f"Each loss makes its own landscape of the same data. Lowest minimum: {listed(lowest)}."
    missing = max(float(np.mean(~np.isfinite(ground.heights))) for ground in grounds)
    if missing:
        said += f" Where there is no colour ({100 * missing:.0f} % of the map), the loss is undefined for a prediction."
    return Text(template=f"{said} {reason}", slots=slots)


def table(grounds: Sequence[Ground], sliders: Sequence[Slider], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The grid: a row a point, with the height of each landscape there."""
    _, _, points = grid(grounds[0].landscape, TABLE)
    names = grounds[0].landscape.axes
    columns = {names[0]: points[..., 0].ravel(), names[1]: points[..., 1].ravel()}
    by_key = {slider.key: slider for slider in sliders}
    for ground in grounds:
        moved = {
            name: values[key]
            for key, name in zip(ground.star, own_names(ground), strict=True)
            if key in values and values[key] != by_key[key].values[by_key[key].start]
        }
        heights = ground.landscape.sweep(points, [dict(ground.settings[0]) | moved])[0]
        columns[f"{ground.key} height"] = heights.ravel()
    return columns
