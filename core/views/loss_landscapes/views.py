"""The views of /loss-landscapes: textbook landscapes, and those that a loss makes of data and of a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from core.datasets import SHAPE_DATASETS
from core.expression.typed_loss import loss_of
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import FittedModel, fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.landscapes.networks import COMPARED, NETWORKS, PLANES, SEED, trained
from core.landscapes.slices import WINDOW, network_slice, path_plane, random_plane
from core.losses import losses_of
from core.losses.equivalents import LIBRARIES
from core.record import at_starts
from core.sentences import join_words
from core.stage.parameters import OneOf, SomeOf
from core.views.gradient_descent.problems import (
    LANDSCAPE,
    LINE_DATA,
    NETWORK_DATA,
    NETWORK_LOSS,
    NORM,
    PLANE,
    SCORE_DATA,
    fitted_sliders,
    textbook_sliders,
)
from core.views.kit import theme
from core.views.kit.landscape_figure import HEIGHT
from core.views.kit.landscape_grid import LandscapeGrid
from core.views.kit.loss_pickers import some_losses
from core.views.kit.view import View
from core.views.loss_landscapes.cards import fitted_cards, network_cards, textbook_cards
from core.views.loss_landscapes.picture import Landscapes, Part

SIDE_BY_SIDE = 3  # losses

PICTURE = OneOf(
    name="picture", label="Picture", options={"both": "Both", "map": "Map", "surface": "Surface"}, default="both"
)
COLOUR = OneOf(
    name="colours",
    label="Colours",
    options={"auto": "Auto", "linear": "Linear", "log": "Log"},
    default="auto",
    advanced=True,
    help="Logarithmic colours show the valley floor even where the walls are far higher.",
)


END = np.zeros(2)  # where training ended, in every plane


def textbook(*, landscape: str, picture: str, colours: str) -> Landscapes:
    """A textbook landscape."""
    found, own = LANDSCAPES[landscape], textbook_sliders(landscape)
    return Landscapes(
        make_parts=lambda: [Part(key=landscape, landscape=found, look=theme.Stroke(theme.BLUE))],
        window=found.window,
        axes=found.axes,
        own=own,
        cards=textbook_cards(found, own),
        shown=picture,
        colours=colours,
        about=found.about,
        start=next(iter(found.minima), None),
    )


def made_by_losses(
    kind: str, model_of: Callable[[str], FittedModel], *,
    data: str, losses: Sequence[str], norm: str, picture: str, colours: str,
) -> Landscapes:  # fmt: skip
    """The landscapes that losses make of a model's data. `kind` is that of the race on them."""
    model = model_of(data)
    own = fitted_sliders(model, losses, norm)
    return Landscapes(
        make_parts=lambda: [
            Part(key=key, landscape=fitted_landscape(model, at_starts(loss_of(key)), norm), look=theme.look(key))
            for key in losses
        ],
        window=model.window,
        axes=model.axes,
        own=own,
        cards=fitted_cards(kind, model, {"data": data, "losses": losses, "norm": norm}, own),
        shown=picture,
        colours=colours,
        about=model.about,
    )


def network(*, data: str, compare: str, plane: str, loss: str, picture: str, colours: str) -> Landscapes:
    """Planes through the parameters of trained networks."""
    points, shares = SHAPE_DATASETS[data].load(SEED), []

    def part(number: int, name: str, which: str) -> Part:
        run, path = trained(data, loss, NETWORKS[which]), None
        if plane == "random":
            own = random_plane(run, SEED)
        else:
            own, path, variances = path_plane(run)
            shares.append(f"{100 * variances.sum():.0f} %")
        return Part(
            key=f"network {number}",
            landscape=network_slice(run, points, at_starts(loss_of(loss)), own, name, PLANES[plane]),
            look=theme.Stroke(theme.SERIES[number]),
            path=path,
            sharp_at=END,
        )

    def grids_text(grids: Sequence[LandscapeGrid]) -> str:
        sharp = [f"{one.lowest()['sharpness'][0]:.2g} for {one.landscape.name}" for one in grids]
        text = f"Largest curvature in this plane at the end of training: {join_words(sharp)}."
        if shares:
            text += f" The plane holds {join_words(shares)} of the variance of the training path."
        return text

    return Landscapes(
        make_parts=lambda: [part(number, *named) for number, named in enumerate(COMPARED[compare].items())],
        window=WINDOW,
        axes=PLANES[plane],
        own=(),
        cards=network_cards({"data": data, "compare": compare, "plane": plane, "loss": loss}),
        shown=picture,
        colours=colours,
        about=points.about,
        grids_text=grids_text,
        comparable=True,
    )


def loss_picker(family: str, default: tuple[str, ...]) -> SomeOf:
    """The choice of some losses of a family."""
    return some_losses(losses_of(family), family, default, SIDE_BY_SIDE)


def fitted_view(kind: str, name: str, model_of: Callable[[str], FittedModel], data: OneOf, losses: SomeOf) -> View:
    return View(
        name=name,
        params=(data, losses, NORM, PICTURE, COLOUR),
        picture=partial(made_by_losses, kind, model_of),
        height=HEIGHT,
        code=tuple(LIBRARIES),
        solid=solid,
        takes_long=lambda *, losses, **_: len(losses) > 1,
    )


def solid(*, picture: str, **_: object) -> bool:
    """Whether there is a surface."""
    return picture != "map"


textbook_landscape = View(
    name="Textbook", params=(LANDSCAPE, PICTURE, COLOUR), picture=textbook, height=HEIGHT, solid=solid
)

line_landscape = fitted_view("line", "A line", line_model, LINE_DATA, loss_picker("regression", ("huber",)))

logistic_landscape = fitted_view(
    "classifier", "A classifier", logistic_model, SCORE_DATA, loss_picker("binary", ("binary_cross_entropy",))
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
            "points, for as many steps. Depth: 2-16-1 against 2-16-16-16-1 units. Weight decay: 0 against 0.1.",
        ),
        PLANE,
        NETWORK_LOSS,
        PICTURE,
        COLOUR,
    ),
    picture=network,
    height=HEIGHT,
    solid=solid,
    wait="Training the network: this takes a second or two",
)
