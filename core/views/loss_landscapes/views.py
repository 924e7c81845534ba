"""The views of /loss-landscapes: textbook ground, and the ground that a loss makes of data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.datasets import SHAPE_DATASETS
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import PENALTY, FittedModel, fitted_landscape
from core.landscapes.fitted_models import LINE_MODELS, LOGISTIC_MODELS
from core.landscapes.slices import WINDOW, network_slice, path_plane, random_plane
from core.losses import LOSSES, losses_of
from core.record import at_starts
from core.stage import Slider, Stage
from core.views.gradient_descent.problems import (
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
    fitted_sliders,
    textbook_sliders,
    trained,
)
from core.views.kit import theme
from core.views.kit.landscape_figure import CUT, EDGE, GAP, ROW
from core.views.kit.landscape_grid import FINE, SIZE, Ground, point_sliders, star
from core.views.kit.view import OneOf, SomeOf, View, listed, old_view
from core.views.loss_landscapes.landscape_stage import terrain

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


def size_for(central_sliders: Sequence[Slider]) -> int:
    return SIZE if central_sliders else FINE


def textbook_all(key: str) -> tuple[Slider, ...]:
    landscape, own = LANDSCAPES[key], textbook_sliders(key)
    return (*own, *point_sliders(landscape.window, landscape.axes, size_for(own), next(iter(landscape.minima), None)))


def textbook(key: str, picture: str, colours: str, centre: Mapping[str, float]) -> Stage:
    landscape, sliders = LANDSCAPES[key], textbook_all(key)
    own = sliders[: len(landscape.params)]
    settings = star(own, {slider.key: slider.key for slider in own}, centre)
    ground = Ground(
        key, landscape, theme.Stroke(theme.BLUE), tuple(slider.key for slider in own), settings, size_for(own)
    )
    return terrain([ground], shown=picture, colours=colours, sliders=sliders, centre=centre, about=landscape.about)


def fitted_all(model: FittedModel, losses: Sequence[str], penalty: str) -> tuple[Slider, ...]:
    own = fitted_sliders(model, losses, penalty)
    return (*own, *point_sliders(model.window, model.axes, size_for(own)))


def fitted_terrain(
    model: FittedModel, losses: Sequence[str], penalty: str, picture: str, colours: str, centre: Mapping[str, float]
) -> Stage:
    sliders = fitted_all(model, losses, penalty)
    grounds = []
    for key in losses:
        landscape = fitted_landscape(model, at_starts(LOSSES[key]), penalty)
        own = [
            slider
            for slider in sliders
            if slider.recomputed and slider.key.partition(".")[0] in (key, OUTLIER, PENALTY.name)
        ]
        names = {slider.key: slider.key.rpartition(".")[2] for slider in own}
        settings = star(own, names, centre)
        size = size_for([slider for slider in sliders if slider.recomputed])
        grounds.append(Ground(key, landscape, theme.look(key), tuple(slider.key for slider in own), settings, size))
    return terrain(grounds, shown=picture, colours=colours, sliders=sliders, centre=centre, about=model.about)


END = np.zeros(2)  # where training ended, in every plane


def network(data: str, compare: str, plane: str, loss: str, picture: str, colours: str) -> Stage:
    points, grounds, held = SHAPE_DATASETS[data].load(SEED), [], []
    for number, (name, which) in enumerate(COMPARED[compare].items()):
        run, path = trained(data, loss, NETWORKS[which]), None
        if plane == "random":
            own = random_plane(run, SEED)
        else:
            own, path, shares = path_plane(run)
            held.append(f"{100 * shares.sum():.0f} %")
        landscape = network_slice(run, points, at_starts(LOSSES[loss]), own, name, PLANES[plane])
        look = theme.Stroke(theme.SERIES[number])
        grounds.append(Ground(f"network {number}", landscape, look, (), [{}], FINE, path, sharp_at=END))
    sharp = [f"{one.lowest()['sharpness'][0]:.2g} for {one.landscape.name}" for one in grounds]
    told = f"Largest curvature in this plane at the end of training: {listed(sharp)}."
    if held:
        told += f" The red line is the training path; the plane holds {listed(held)} of its variance."
    return terrain(
        grounds,
        shown=picture,
        colours=colours,
        sliders=point_sliders(WINDOW, PLANES[plane], FINE),
        about=points.about,
        told=told,
        comparable=True,
    )


def loss_picker(family: str, default: tuple[str, ...]) -> SomeOf:
    options = {key: loss.name for key, loss in losses_of(family).items()}
    return SomeOf(name="losses", label="Losses", options=options, default=default, most=SIDE_BY_SIDE)


def fitted_view(name: str, models: Mapping[str, Callable[[], FittedModel]], data: OneOf, losses: SomeOf) -> View:
    return old_view(
        name=name,
        params=(
            data,
            losses,
            NORM,
            PICTURE,
            COLOUR,
        ),
        sliders=lambda *, data, losses, norm, **_: fitted_all(models[data](), losses, norm),
        stage=lambda *, data, losses, norm, picture, colours, centre=None: fitted_terrain(
            models[data](), losses, norm, picture, colours, centre or {}
        ),
        height=HEIGHT,
        solid=lambda *, picture, **_: picture != "map",
        recomputed=True,
    )


textbook_landscape = old_view(
    name="Textbook",
    params=(
        LANDSCAPE,
        PICTURE,
        COLOUR,
    ),
    sliders=lambda *, landscape, **_: textbook_all(landscape),
    stage=lambda *, landscape, picture, colours, centre=None: textbook(landscape, picture, colours, centre or {}),
    height=HEIGHT,
    solid=lambda *, picture, **_: picture != "map",
    recomputed=True,
)

line_landscape = fitted_view(
    "A line",
    LINE_MODELS,
    LINE_DATA,
    loss_picker("regression", ("huber",)),
)

logistic_landscape = fitted_view(
    "A classifier",
    LOGISTIC_MODELS,
    SCORE_DATA,
    loss_picker("binary", ("binary_cross_entropy",)),
)

network_landscape = old_view(
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
    sliders=lambda *, plane, **_: point_sliders(WINDOW, PLANES[plane], FINE),
    stage=network,
    height=HEIGHT,
    solid=lambda *, picture, **_: picture != "map",
    wait="Training the network: this takes a second or two",
)
