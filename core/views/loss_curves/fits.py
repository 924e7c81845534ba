"""What each loss fits: a constant and a line through points, while an outlier is dragged about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from core.datasets import LINE_DATASETS, SEEDS, LineDataset
from core.losses import LOSSES, losses_that_fit
from core.stage import Reading, Stage
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.canvas import Canvas, Panel
from core.views.kit.view import SomeOf, View, Whole, listed, old_view
from core.views.loss_curves.outlier_fits import (
    COUNT,
    COUNTS,
    OUTLIER,
    Fits,
    OutlierData,
    fits,
    frames_at,
    outlier_data,
    pick,
    sliders,
    starred,
)

MOST = 5  # losses in one picture
TOLD = 3  # losses named in the sentence under it
HEIGHT = 560


def fit(scene: OutlierData, losses: Sequence[str], centre: Mapping[str, float]) -> Stage:
    """The picture; a star of frames around the centre, or every combination of them."""
    data, star = scene.data, starred(losses)
    found = {key: fits(key, scene, frames_at(key, scene, centre) if star else None) for key in losses}
    panels = [
        Panel(title=f"{data.target_variable}: data and fitted lines", low=scene.low, high=scene.high, weight=1.5),
        close_up(found.values()),
    ]
    low, high = scene.ends
    across = data.x_variable
    canvas = Canvas(panels, str(across), across.name, x_low=float(low), x_high=float(high), height=HEIGHT)
    shown = np.where(np.arange(len(COUNTS) - 1) < COUNTS[:, None], scene.outlier_xs, np.nan)
    arrays = {
        "x": data.x,
        "target": data.target,
        "ends": scene.ends,
        "outlier x": shown,
        "outlier y": np.repeat(scene.places[:, None], len(COUNTS) - 1, 1),
    }
    for panel in range(len(panels)):
        canvas.dots("data", Pick("x"), Pick("target"), theme.NEUTRAL, panel, size=5, opacity=0.6)
    for key, one in found.items():
        arrays |= {
            f"{key} line": one.lines[..., :1] + one.lines[..., 1:] * scene.ends,
            f"{key} level": np.repeat(one.constants[..., None], 2, axis=-1),
            f"{key} constant": one.constants,
            f"{key} intercept": one.lines[..., 0],
            f"{key} slope": one.lines[..., 1],
        }
        if key in losses[:TOLD]:
            arrays[f"{key} moved"] = one.moved
        for panel, name in enumerate(("line", "level")):
            y = pick(f"{key} {name}", key, scene, star=star)
            canvas.line(LOSSES[key].name, Pick("ends"), y, theme.look(key), panel, hoverinfo="skip")
    for panel in range(len(panels)):
        places = Pick("outlier x", (COUNT,)), Pick("outlier y", (OUTLIER,))
        canvas.dots("outliers", *places, theme.RED, panel, size=9, symbol="x-thin")
    return canvas.stage(
        name="Fitted lines",
        alt=f"{data.about} Above, the straight line that each chosen loss fits to the points; below, the best single "
        "prediction of each loss. Red crosses are the outliers; the table beside the picture gives the single "
        "prediction, the intercept and the slope of each loss.",
        arrays=arrays,
        sliders=sliders(scene, losses),
        headings=("single prediction", "intercept", "slope"),
        readings=tuple(reading(key, scene, star=star) for key in losses),
        summary=notice(losses[:TOLD], scene, star=star),
        table=lambda values: table(scene, losses, values),
        centre=centre,
    )


def close_up(found: Collection[Fits]) -> Panel:
    """The panel of the constants: beside the outliers they would look all alike.

    It is as wide around every centre, unless what is shown there asks for more: a release should not move the axis.
    """
    usual = np.concatenate([one.spread for one in found])
    shown = np.concatenate([one.constants.ravel() for one in found])
    room = 0.25 * (np.ptp(usual) or 1.0)
    edge = 0.2 * room
    return Panel(
        title="Best single prediction of each loss, enlarged",
        low=min(usual.min() - room, shown.min() - edge),
        high=max(usual.max() + room, shown.max() + edge),
    )


def reading(key: str, scene: OutlierData, *, star: bool) -> Reading:
    looks = theme.look(key)
    picks = [pick(f"{key} {name}", key, scene, star=star) for name in ("constant", "intercept", "slope")]
    cells = tuple(Text(template="{n}", slots={"n": one}) for one in picks)
    return Reading(name=LOSSES[key].short, colour=looks.colour, dash=looks.dash, cells=cells)


def notice(told: Sequence[str], scene: OutlierData, *, star: bool) -> Text:
    """How far the outliers have moved each constant."""
    added = ("No outliers", "One outlier (red ✕)", *(f"{count:g} outliers (red ✕)" for count in COUNTS[2:]))
    slots: dict[str, Pick | Words] = {"added": Words(added, COUNT)}
    slots |= {f"n{number}": pick(f"{key} moved", key, scene, star=star) for number, key in enumerate(told)}
    moves = listed([f"{{n{number}}} for {LOSSES[key].short}" for number, key in enumerate(told)])
    return Text(template=f"{{added}} added: this moved the best single prediction by {moves}.", slots=slots)


def table(scene: OutlierData, losses: Sequence[str], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Points and outliers, and what each loss's line says at every one of them."""
    *_, place, number = frames_at(losses[0], scene, values)
    count = int(COUNTS[number])
    x = np.concatenate([scene.data.x, scene.outlier_xs[:count]])
    columns = {
        str(scene.data.x_variable): x,
        str(scene.data.target_variable): np.concatenate([scene.data.target, np.full(count, scene.places[place])]),
        "outlier": np.concatenate([np.zeros(len(scene.data)), np.ones(count)]),
    }
    for key in losses:
        here = frames_at(key, scene, values)
        one, where = (fits(key, scene, here), 0) if starred(losses) else (fits(key, scene, None), here)
        intercept, slope = one.lines[where]
        columns[f"{key} constant"] = np.full(len(x), one.constants[where])
        columns[f"{key} line"] = intercept + slope * x
    return columns


LOSS_PICKER = SomeOf(
    name="losses",
    label="Losses",
    options={key: loss.name for key, loss in losses_that_fit("line").items()},
    default=("squared_error", "absolute_error", "huber"),
    most=MOST,
    help="Losses that need a positive prediction are left out: a straight line can go below 0.",
)


def fit_view(dataset: LineDataset) -> View:
    """The view of the lines that losses fit to a data set."""
    seed = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1])
    return old_view(
        name=dataset.label,
        params=(LOSS_PICKER, seed) if dataset.generated else (LOSS_PICKER,),
        sliders=lambda *, losses, seed=0: sliders(outlier_data(dataset.key, seed), losses),
        stage=lambda *, losses, seed=0, centre=None: fit(outlier_data(dataset.key, seed), losses, centre or {}),
        height=HEIGHT,
        recomputed=True,
    )


FITS: Mapping[str, View] = {f"{key}_fit": fit_view(dataset) for key, dataset in LINE_DATASETS.items()}
