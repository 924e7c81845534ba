"""The views of /loss-landscapes: textbook ground, and the ground that a loss makes of data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.catalogue import at_starts
from core.datasets import CLASSES
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import PENALTY, Model, fitted
from core.landscapes.scenes import LINES, SCORES
from core.landscapes.slices import WINDOW, path_plane, random_plane, sliced
from core.losses import LOSSES
from core.stage import Reel, Stage
from core.views import theme
from core.views.arenas import (
    COMPARED,
    LANDSCAPE,
    LINE_DATA,
    NETWORK_DATA,
    NETWORK_LOSS,
    NETWORKS,
    NORM,
    OUTLIER,
    PLANE,
    PLANES,
    SCORE_DATA,
    SEED,
    fitted_reels,
    textbook_reels,
    trained,
)
from core.views.contract import OneOf, SomeOf, View, listed
from core.views.ground import FINE, SIZE, Ground, point_reels, star
from core.views.relief import CUT, EDGE, GAP, ROW
from core.views.terrain import terrain

SIDE_BY_SIDE = 3  # losses
HEIGHT = EDGE + ROW + CUT + 2 * GAP  # of one row of maps

PICTURE = OneOf(
    name="picture", label="Picture", options={"both": "Both", "map": "Map", "surface": "Surface"}, default="both"
)
COLOUR = OneOf(
    name="colours",
    label="Colours",
    options={"auto": "Auto", "linear": "Linear", "log": "Log"},
    default="auto",
    help="Logarithmic colours show the valley floor even where the walls are far higher.",
)


def size_for(central_reels: Sequence[Reel]) -> int:
    return SIZE if central_reels else FINE


def textbook_all(key: str) -> tuple[Reel, ...]:
    landscape, own = LANDSCAPES[key], textbook_reels(key)
    return (*own, *point_reels(landscape.window, landscape.axes, size_for(own), next(iter(landscape.minima), None)))


def textbook(key: str, picture: str, colours: str, centre: Mapping[str, float]) -> Stage:
    landscape, reels = LANDSCAPES[key], textbook_all(key)
    own = reels[: len(landscape.params)]
    settings = star(own, {reel.key: reel.key for reel in own}, centre)
    ground = Ground(key, landscape, theme.Look(theme.BLUE), tuple(reel.key for reel in own), settings, size_for(own))
    return terrain([ground], shown=picture, colours=colours, reels=reels, centre=centre, about=landscape.about)


def fitted_all(model: Model, losses: Sequence[str], penalty: str) -> tuple[Reel, ...]:
    own = fitted_reels(model, losses, penalty)
    return (*own, *point_reels(model.window, model.axes, size_for(own)))


def fitted_terrain(
    model: Model, losses: Sequence[str], penalty: str, picture: str, colours: str, centre: Mapping[str, float]
) -> Stage:
    reels = fitted_all(model, losses, penalty)
    grounds = []
    for key in losses:
        landscape = fitted(model, at_starts(LOSSES[key]), penalty)
        own = [reel for reel in reels if reel.central and reel.key.partition(".")[0] in (key, OUTLIER, PENALTY.name)]
        names = {reel.key: reel.key.rpartition(".")[2] for reel in own}
        settings = star(own, names, centre)
        size = size_for([reel for reel in reels if reel.central])
        grounds.append(Ground(key, landscape, theme.look(key), tuple(reel.key for reel in own), settings, size))
    return terrain(grounds, shown=picture, colours=colours, reels=reels, centre=centre, about=model.about)


END = np.zeros(2)  # where training ended, in every plane


def network(data: str, compare: str, plane: str, loss: str, picture: str, colours: str) -> Stage:
    points, grounds, held = CLASSES[data](SEED), [], []
    for number, (name, which) in enumerate(COMPARED[compare].items()):
        run, path = trained(data, loss, NETWORKS[which]), None
        if plane == "random":
            own = random_plane(run, SEED)
        else:
            own, path, shares = path_plane(run)
            held.append(f"{100 * shares.sum():.0f} %")
        landscape = sliced(run, points, at_starts(LOSSES[loss]), own, name, PLANES[plane])
        look = theme.Look(theme.HUES[number])
        grounds.append(Ground(f"network {number}", landscape, look, (), [{}], FINE, path, sharp_at=END))
    sharp = [f"{one.lowest()['sharpness'][0]:.2g} for {one.landscape.name}" for one in grounds]
    told = f"Largest curvature in this plane at the end of training: {listed(sharp)}."
    if held:
        told += f" The red line is the training path; the plane holds {listed(held)} of its variance."
    return terrain(
        grounds,
        shown=picture,
        colours=colours,
        reels=point_reels(WINDOW, PLANES[plane], FINE),
        about=points.about,
        told=told,
        comparable=True,
    )


def losses_of(family: str, default: tuple[str, ...]) -> SomeOf:
    options = {key: loss.name for key, loss in LOSSES.items() if loss.family == family}
    return SomeOf(name="losses", label="Losses", options=options, default=default, most=SIDE_BY_SIDE)


def fitted_view(name: str, models: Mapping[str, Callable[[], Model]], data: OneOf, losses: SomeOf) -> View:
    return View(
        name=name,
        params=(
            data,
            losses,
            NORM,
            PICTURE,
            COLOUR,
        ),
        reels=lambda *, data, losses, norm, **_: fitted_all(models[data](), losses, norm),
        stage=lambda *, data, losses, norm, picture, colours, centre=None: fitted_terrain(
            models[data](), losses, norm, picture, colours, centre or {}
        ),
        height=HEIGHT,
        solid=lambda *, picture, **_: picture != "map",
        central=True,
    )


textbook_landscape = View(
    name="Textbook",
    params=(
        LANDSCAPE,
        PICTURE,
        COLOUR,
    ),
    reels=lambda *, landscape, **_: textbook_all(landscape),
    stage=lambda *, landscape, picture, colours, centre=None: textbook(landscape, picture, colours, centre or {}),
    height=HEIGHT,
    solid=lambda *, picture, **_: picture != "map",
    central=True,
)

line_landscape = fitted_view(
    "A line",
    LINES,
    LINE_DATA,
    losses_of("regression", ("huber",)),
)

logistic_landscape = fitted_view(
    "A classifier",
    SCORES,
    SCORE_DATA,
    losses_of("binary", ("binary_cross_entropy",)),
)

network_landscape = View(
    name="A network",
    params=(
        NETWORK_DATA,
        OneOf(
            name="compare",
            label="Compare",
            options={"one": "One network", "batch": "Batch size", "depth": "Depth", "decay": "Weight decay"},
            default="one",
            help="One network: layers of 2, 16, 16 and 1 units, tanh, trained by Adam. Batch size: 16 against all 200 "
            "points, for "
            "as many steps. Depth: 2-16-1 against 2-16-16-16-1 units. Weight decay: 0 against 0.1.",
        ),
        PLANE,
        NETWORK_LOSS,
        PICTURE,
        COLOUR,
    ),
    reels=lambda *, plane, **_: point_reels(WINDOW, PLANES[plane], FINE),
    stage=network,
    height=HEIGHT,
    solid=lambda *, picture, **_: picture != "map",
    wait="Training the network: this takes a second or two",
)
