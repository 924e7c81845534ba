"""The ground of a picture: a landscape, the sliders of its own parameters, and where a descent begins on it.

`/loss-landscapes` shows it, `/gradient-descent` runs on it; both address it with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from core.datasets import CLASS_DATASETS, LINE_DATASETS, SHAPE_DATASETS, BinaryData, Dataset
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import PENALTIES, PENALTY, FittedModel, fitted_landscape
from core.landscapes.fitted_models import LINE_MODELS, LOGISTIC_MODELS
from core.landscapes.landscape import Point
from core.landscapes.slices import Plane, network_slice, path_plane, random_plane
from core.losses import LOSSES, losses_of
from core.models.objectives import has_slope
from core.record import Param, at_starts
from core.stage import Slider, Sweep
from core.training.trained_network import Recipe, TrainedNetwork, train_network
from core.views.kit import theme
from core.views.kit.landscape_grid import FINE, SIZE, OldGrid
from core.views.kit.view import OneOf, Parameter

FRAMES = {1: 10, 2: 10, 3: 8}  # of a slider that morphs the ground, by the number of landscapes beside each other
OUTLIER = "outlier"
SEED = 1  # of data, networks and directions
PLANES = {"random": ("direction 1", "direction 2"), "path": ("first component", "second component")}
NETWORKS: Mapping[str, Recipe] = MappingProxyType(
    {
        "standard": Recipe(),
        # As many steps for both, or their comparison would be one of long and short training.
        "batch16": Recipe(batch=16, epochs=300),
        "full": Recipe(epochs=3900),
        "shallow": Recipe(sizes=(2, 16, 1)),
        "deep": Recipe(sizes=(2, 16, 16, 16, 1)),
        "decay": Recipe(weight_decay=0.1),
    }
)
# What is shown beside each other: a name for each network.
COMPARED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "one": {"network": "standard"},
        "batch": {"batch 16": "batch16", "full batch": "full"},
        "depth": {"shallow": "shallow", "deep": "deep"},
        "decay": {"no decay": "standard", "decay 0.1": "decay"},
    }
)
# Of the window: where a descent begins unless its landscape says otherwise; the first of these where there is a loss.
CORNERS = ((0.12, 0.82), (0.82, 0.82), (0.5, 0.7), (0.5, 0.5))


@dataclass(frozen=True, eq=False)
class Arena:
    """One landscape and everything that a picture of a descent on it needs to know."""

    landscape: Landscape
    look: theme.Stroke
    sliders: tuple[Slider, ...]  # of its own parameters; all recomputed
    start: Point
    about: str
    key: str = "ground"
    model: FittedModel | None = None  # what is fitted, on a landscape that data make
    slice: Slice | None = None  # the network, on a slice through one
    costly: bool = False  # a gradient takes so long that there can be few of them

    @property
    def names(self) -> dict[str, str]:
        """The parameter that each of its sliders moves."""
        return {slider.key: slider.key.rpartition(".")[2] for slider in self.sliders}

    def ground(self, sliders: Sequence[Slider], centre: Mapping[str, float]) -> OldGrid:
        """The landscape in every run of a sweep of these sliders, which are its own, around the centre."""
        size = SIZE if sliders else FINE
        return OldGrid(self.key, self.landscape, self.look, Sweep(sliders, centre), size)


@dataclass(frozen=True, eq=False)
class Slice:
    """A trained network and a plane through its parameters."""

    run: TrainedNetwork
    plane: Plane
    data: BinaryData


def recomputed(param: Param, *, owner: str = "", label: str, colour: str = "", beside: int = 1) -> Slider:
    return Slider.of(param, owner=owner, label=label, colour=colour, most=FRAMES[beside], recomputed=True)


def textbook_sliders(key: str) -> tuple[Slider, ...]:
    return tuple(
        recomputed(param, label=f"{param.name.capitalize()} {param.symbol}") for param in LANDSCAPES[key].params
    )


def fitted_sliders(model: FittedModel, losses: Sequence[str], penalty: str) -> tuple[Slider, ...]:
    many = len(losses)
    found = [
        recomputed(
            param,
            owner=key,
            label=f"{LOSSES[key].short} {param.symbol}",
            colour=theme.look(key).colour,
            beside=many,
        )
        for key in losses
        for param in LOSSES[key].params
    ]
    if model.outlier is not None:
        found.append(recomputed(model.outlier, label="Outlier value", beside=many))
    if penalty != "none":
        found.append(recomputed(PENALTY, label=f"Penalty {PENALTY.symbol}", beside=many))
    return tuple(found)


@lru_cache(maxsize=64)
def trained(data: str, loss: str, recipe: Recipe) -> TrainedNetwork:
    """A trained network, once for all views and visitors."""
    return train_network(SHAPE_DATASETS[data].load(SEED), at_starts(LOSSES[loss]), recipe)


def corner(landscape: Landscape) -> Point:
    (x_low, x_high), (y_low, y_high) = landscape.window
    places = [(x_low + x * (x_high - x_low), y_low + y * (y_high - y_low)) for x, y in CORNERS]
    return next((place for place in places if np.isfinite(landscape.value(np.array(place)))), places[0])


def textbook_arena(*, landscape: str) -> Arena:
    found = LANDSCAPES[landscape]
    start = found.start or corner(found)
    return Arena(found, theme.Stroke(theme.BLUE), textbook_sliders(landscape), start, found.about, landscape)


def fitted_arena(models: Mapping[str, Callable[[], FittedModel]]) -> Callable[..., Arena]:
    def arena(*, data: str, loss: str, norm: str) -> Arena:
        model = models[data]()
        landscape = fitted_landscape(model, at_starts(LOSSES[loss]), norm)
        sliders = fitted_sliders(model, [loss], norm)
        return Arena(landscape, theme.look(loss), sliders, corner(landscape), model.about, loss, model=model)

    return arena


def network_arena(*, data: str, network: str, plane: str, loss: str) -> Arena:
    run, points = trained(data, loss, NETWORKS[network]), SHAPE_DATASETS[data].load(SEED)
    own = random_plane(run, SEED) if plane == "random" else path_plane(run)[0]
    landscape = network_slice(run, points, at_starts(LOSSES[loss]), own, "A network", PLANES[plane])
    shown = Slice(run, own, points)
    return Arena(landscape, theme.look(loss), (), corner(landscape), points.about, "network", slice=shown, costly=True)


LANDSCAPE = OneOf(
    name="landscape",
    label="Landscape",
    options={key: landscape.name for key, landscape in LANDSCAPES.items()},
    default="himmelblau",
)


def data_of(datasets: Mapping[str, Dataset]) -> OneOf:
    """The picker of these data sets; the first is the default."""
    options = {key: dataset.label for key, dataset in datasets.items()}
    return OneOf(name="data", label="Data", options=options, default=next(iter(options)))


LINE_DATA, SCORE_DATA, NETWORK_DATA = map(data_of, (LINE_DATASETS, CLASS_DATASETS, SHAPE_DATASETS))
NETWORK = OneOf(
    name="network",
    label="Network",
    options={
        "standard": "2-16-16-1",
        "batch16": "Trained in batches of 16",
        "full": "Trained on all points",
        "shallow": "2-16-1",
        "deep": "2-16-16-16-1",
        "decay": "With weight decay 0.1",
    },
    default="standard",
    advanced=True,
)
NORM = OneOf(name="norm", label="Penalty", options=PENALTIES, default="none")
PLANE = OneOf(
    name="plane",
    label="Plane",
    options={"random": "Random", "path": "Training path"},
    default="random",
    help="Random: two random directions, each scaled to the size of the weights. Training path: its two main "
    "directions (principal components).",
)


def loss_of(family: str, default: str, *, steps: bool = True) -> OneOf:
    """The picker of a loss of the family; without `steps`, of those that have a slope to train on."""
    options = {key: loss.name for key, loss in losses_of(family).items() if steps or has_slope(loss)}
    return OneOf(name="loss", label="Loss", options=options, default=default)


NETWORK_LOSS = loss_of("binary", "binary_cross_entropy", steps=False)


@dataclass(frozen=True)
class Kind:
    """One kind of ground: what can be chosen of it, and the arena of a choice."""

    name: str
    params: tuple[Parameter, ...]
    arena: Callable[..., Arena]
    wait: str = ""

    def of(self, choice: Mapping[str, object]) -> Arena:
        """The arena of a view's choice, which may hold more than the ground's own words. One for everybody."""
        return made(self.arena, tuple((param.name, choice[param.name]) for param in self.params))


@lru_cache(maxsize=64)
def made(arena: Callable[..., Arena], words: tuple[tuple[str, object], ...]) -> Arena:
    return arena(**dict(words))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "textbook": Kind("Textbook", (LANDSCAPE,), textbook_arena),
        "line": Kind("A line", (LINE_DATA, loss_of("regression", "huber"), NORM), fitted_arena(LINE_MODELS)),
        "classifier": Kind(
            "A classifier", (SCORE_DATA, loss_of("binary", "binary_cross_entropy"), NORM), fitted_arena(LOGISTIC_MODELS)
        ),
        "network": Kind(
            "A network",
            (NETWORK_DATA, PLANE, NETWORK_LOSS, NETWORK),
            network_arena,
            wait="Training the network: this takes a second or two",
        ),
    }
)
