"""What each loss fits: a constant and a line through points, while an outlier is dragged about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.catalogue import REAL
from core.datasets import SEEDS, Dataset, made, tips
from core.losses import LOSSES, Loss
from core.models import fit_constant, fit_line
from core.stage import Pick, Reading, Reel, Stage, Text, Words
from core.views import theme
from core.views.canvas import Canvas, Panel
from core.views.contract import SomeOf, View, Whole, listed

OUTLIER, COUNT = "outlier", "outliers"
COUNTS = np.arange(5.0)
FRAMES = {True: 20, False: 8}  # of a loss's own parameters, by convexity: each is up to 85 fits, dear without it
MOST = 5  # losses in one picture
TOLD = 3  # losses named in the sentence under it
HEIGHT = 560


@dataclass(frozen=True, eq=False)
class Scene:
    """Points, and where the outliers may stand: all at one place on the x axis, a hair apart, at one dragged value."""

    data: Dataset
    outlier_x: float
    places: np.ndarray  # float64 [frames]: the values that the outliers are dragged through
    start: float
    low: float  # of the picture
    high: float

    @property
    def outlier_xs(self) -> np.ndarray:
        return self.outlier_x + 0.01 * np.ptp(self.data.x) * np.arange(len(COUNTS) - 1)

    @property
    def ends(self) -> np.ndarray:
        """Where a line begins and ends in the picture."""
        room = 0.03 * np.ptp(self.data.x)
        return np.array([self.data.x.min() - room, self.data.x.max() + room])


@lru_cache(maxsize=1)
def tips_scene() -> Scene:
    return Scene(tips(), outlier_x=44.0, places=np.arange(1.0, 22.0), start=20.0, low=-1.0, high=22.5)


@lru_cache(maxsize=32)
def made_scene(seed: int) -> Scene:
    return Scene(made(seed), outlier_x=9.0, places=np.arange(-9.0, 22.0, 2.0), start=19.0, low=-10.5, high=22.5)


def own_reels(loss: Loss) -> tuple[Reel, ...]:
    most = int(FRAMES[loss.convex] ** (1 / max(1, len(loss.params))))
    colour = theme.look(loss.key).colour
    return tuple(
        Reel.of(param, key=f"{loss.key}.{param.name}", label=f"{loss.short} {param.symbol}", colour=colour, most=most)
        for param in loss.params
    )


def reels(scene: Scene, losses: Sequence[str]) -> tuple[Reel, ...]:
    start = int(np.argmin(np.abs(scene.places - scene.start)))
    return (
        Reel(key=OUTLIER, label="Outlier value", values=scene.places, start=start),
        Reel(key=COUNT, label="Number of outliers", values=COUNTS, start=3),
        *(reel for key in losses for reel in own_reels(LOSSES[key])),
    )


@lru_cache(maxsize=256)  # of 50 kB at most; a picture with one more loss has only that one to fit
def fitted(key: str, scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """The constants [*frames, places, counts] and the lines [*frames, places, counts, 2] (intercept, slope)."""
    loss = LOSSES[key]
    n, most = len(scene.data), len(COUNTS) - 1
    # Without an outlier its place does not matter: that fit comes first, and once.
    places = np.repeat(scene.places, most)
    counts = np.tile(COUNTS[1:], len(scene.places))
    places, counts = np.append(places[0], places), np.append(0, counts)
    target = np.concatenate([np.tile(scene.data.target, (len(places), 1)), np.repeat(places[:, None], most, 1)], axis=1)
    present = np.concatenate([np.ones((len(places), n)), np.arange(most) < counts[:, None]], axis=1)
    x = np.concatenate([scene.data.x, scene.outlier_xs])
    own = own_reels(loss)
    grids = np.meshgrid(*(reel.values for reel in own), indexing="ij") if own else []
    params = {param.name: grid[..., None] for param, grid in zip(loss.params, grids, strict=True)}
    with_outliers = 1 + np.arange(len(places) - 1).reshape(-1, most)
    at = np.concatenate([np.zeros((len(scene.places), 1), int), with_outliers], axis=1)
    # A solver's last digits are noise, which a difference of two fits would show: -1.4e-12 for "it does not move".
    constants = np.round(fit_constant(loss, target, present, **params), 8) + 0.0
    lines = np.round(fit_line(loss, x, target, present, **params), 8) + 0.0
    return constants[..., at], lines[..., at, :]


def fit(scene: Scene, losses: Sequence[str]) -> Stage:
    data = scene.data
    fits = {key: fitted(key, scene) for key in losses}
    levels = np.concatenate([constants.ravel() for constants, _ in fits.values()])
    room = 0.25 * (np.ptp(levels) or 1.0)  # close up: beside the outliers the constants would look all alike
    panels = [
        Panel(title=f"{data.target_axis}, and the line of each loss", low=scene.low, high=scene.high, weight=1.5),
        Panel(title="The constant of each loss, close up", low=levels.min() - room, high=levels.max() + room),
    ]
    low, high = scene.ends
    x_axis = data.x_axis
    canvas = Canvas(panels, str(x_axis), x_axis.name, x_low=float(low), x_high=float(high), height=HEIGHT)
    shown = np.where(np.arange(len(COUNTS) - 1) < COUNTS[:, None], scene.outlier_xs, np.nan)
    arrays = {
        "x": data.x,
        "target": data.target,
        "ends": scene.ends,
        "outlier x": shown,
        "outlier y": np.repeat(scene.places[:, None], len(COUNTS) - 1, 1),
        "places": scene.places,
    }
    for panel in range(len(panels)):
        canvas.dots("data", Pick("x"), Pick("target"), theme.NEUTRAL, panel, size=5, opacity=0.6)
    for key, (constants, lines) in fits.items():
        loss, looks = LOSSES[key], theme.look(key)
        picks = picks_of(loss)
        arrays |= {
            f"{key} line": lines[..., :1] + lines[..., 1:] * scene.ends,
            f"{key} level": np.repeat(constants[..., None], 2, axis=-1),
            f"{key} constant": constants,
            f"{key} intercept": lines[..., 0],
            f"{key} slope": lines[..., 1],
        }
        if key in losses[:TOLD]:
            arrays[f"{key} moved"] = constants - constants[..., :1]
        for panel, name in enumerate(("line", "level")):
            canvas.line(loss.name, Pick("ends"), Pick(f"{key} {name}", picks), looks, panel, hoverinfo="skip")
    for panel in range(len(panels)):
        places = Pick("outlier x", (COUNT,)), Pick("outlier y", (OUTLIER,))
        canvas.dots("outliers", *places, theme.RED, panel, size=9, symbol="x-thin")
    return canvas.stage(
        name="What each loss fits",
        alt=f"{data.about} Above, the straight line that each chosen loss fits to the points; below, the constant. Red "
        "crosses are the outliers; the table beside the picture gives every constant, intercept and slope.",
        arrays=arrays,
        reels=reels(scene, losses),
        headings=("constant", "intercept", "slope"),
        readings=tuple(reading(LOSSES[key]) for key in losses),
        notice=notice([LOSSES[key] for key in losses[:TOLD]]),
        table=lambda values: table(scene, losses, values),
    )


def picks_of(loss: Loss) -> tuple[str, ...]:
    return (*(reel.key for reel in own_reels(loss)), OUTLIER, COUNT)


def reading(loss: Loss) -> Reading:
    looks = theme.look(loss.key)
    cells = tuple(
        Text(template="{n}", slots={"n": Pick(f"{loss.key} {name}", picks_of(loss))})
        for name in ("constant", "intercept", "slope")
    )
    return Reading(name=loss.short, colour=looks.colour, dash=looks.dash, cells=cells)


def notice(told: Sequence[Loss]) -> Text:
    """How far the outliers have moved each constant."""
    who = ("No outlier", "One outlier", *(f"{count:g} outliers" for count in COUNTS[2:]))
    does = ("moves", "moves", *("move" for _ in COUNTS[2:]))
    slots: dict[str, Pick | Words] = {"who": Words(who, COUNT), "does": Words(does, COUNT)}
    slots["place"] = Pick("places", (OUTLIER,))
    slots |= {f"n{number}": Pick(f"{loss.key} moved", picks_of(loss)) for number, loss in enumerate(told)}
    moves = listed([f"{loss.short} by {{n{number}}}" for number, loss in enumerate(told)])
    return Text(template=f"{{who}} at {{place}} {{does}} the constant of {moves}.", slots=slots)


def table(scene: Scene, losses: Sequence[str], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Points and outliers, and what each loss's line says at every one of them."""
    by_key = {reel.key: reel for reel in reels(scene, losses)}
    at = {key: reel.frame(values[key]) if key in values else reel.start for key, reel in by_key.items()}
    count = int(COUNTS[at[COUNT]])
    x = np.concatenate([scene.data.x, scene.outlier_xs[:count]])
    columns = {
        str(scene.data.x_axis): x,
        str(scene.data.target_axis): np.concatenate([scene.data.target, np.full(count, scene.places[at[OUTLIER]])]),
        "outlier": np.concatenate([np.zeros(len(scene.data)), np.ones(count)]),
    }
    for key in losses:
        where = tuple(at[name] for name in picks_of(LOSSES[key]))
        constants, lines = fitted(key, scene)
        columns[f"{key} constant"] = np.full(len(x), constants[where])
        columns[f"{key} line"] = lines[where][0] + lines[where][1] * x
    return columns


LOSS_PICKER = SomeOf(
    name="losses",
    label="Losses",
    options={
        key: loss.name for key, loss in LOSSES.items() if loss.family == "regression" and loss.pred_domain == REAL
    },
    default=("squared_error", "absolute_error", "huber"),
    most=MOST,
    help="Losses that need a positive prediction are left out: a straight line does not promise one.",
)

tips_fit = View(
    name="Restaurant tips",
    params=(LOSS_PICKER,),
    reels=lambda *, losses: reels(tips_scene(), losses),
    stage=lambda *, losses: fit(tips_scene(), losses),
    height=HEIGHT,
    ahead=tuple({"losses": (key,)} for key in LOSS_PICKER.options),
)

made_fit = View(
    name="A line with noise",
    params=(LOSS_PICKER, Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1])),
    reels=lambda *, losses, seed: reels(made_scene(seed), losses),
    stage=lambda *, losses, seed: fit(made_scene(seed), losses),
    height=HEIGHT,
)
