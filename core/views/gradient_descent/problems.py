"""Descent problems: a landscape, the sliders of its parameters, and a start.

`/loss-landscapes` shows them, `/gradient-descent` runs on them; both address them with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import numpy as np

from core.datasets import CLASS_DATASETS, LINE_DATASETS, SHAPE_DATASETS, BinaryData, ClassDataset, LineDataset
from core.expression.typed_loss import loss_of
from core.kept import kept
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import PENALTIES, PENALTY, FittedModel, fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.landscapes.landscape import Point
from core.landscapes.networks import NETWORKS, PLANES, SEED, trained
from core.landscapes.slices import Plane, network_slice, path_plane, random_plane
from core.losses import losses_of
from core.losses.loss import owner_of
from core.models.objectives import has_slope
from core.record import Param, at_starts
from core.stage import Slider, Sweep
from core.stage.parameters import OneOf, Parameter, names_of
from core.training.trained_network import TrainedNetwork
from core.views.kit import theme
from core.views.kit.data_pickers import data_picker
from core.views.kit.landscape_grid import LandscapeGrid
from core.views.kit.loss_pickers import one_loss

T = TypeVar("T")
FRAMES = {1: 10, 2: 10, 3: 8}  # of a slider that changes the landscape, by how many there are beside each other
# Of the window: where a descent begins unless its landscape says otherwise; the first of these where there is a loss.
CORNERS = ((0.12, 0.82), (0.82, 0.82), (0.5, 0.7), (0.5, 0.5))


class NetworkPlane(NamedTuple):
    """A trained network and a plane through its parameters."""

    network: TrainedNetwork
    plane: Plane
    data: BinaryData


@dataclass(frozen=True, eq=False)
class DescentProblem:
    """A landscape to descend, its sliders, and where a descent begins."""

    landscape: Landscape
    look: theme.Stroke
    sliders: tuple[Slider, ...]  # of the landscape's own parameters; all recomputed
    start: Point
    about: str
    key: str
    model: FittedModel | NetworkPlane | None = None  # what the weights are of, where data make the landscape
    costly: bool = False  # a gradient takes so long that there can be few of them

    def params(self, values: Mapping[str, T]) -> dict[str, T]:
        """The landscape's parameters by name, of values by the keys of sliders."""
        return {slider.name: values[slider.key] for slider in self.sliders}

    def grid(self, sliders: Sequence[Slider] = (), centre: Mapping[str, float] = MappingProxyType({})) -> LandscapeGrid:
        """The landscape in every run of a sweep of these of its sliders."""
        return LandscapeGrid(self.key, self.landscape, self.look, Sweep(sliders, centre))


def textbook_sliders(key: str) -> tuple[Slider, ...]:
    """The sliders of a textbook landscape's parameters."""
    return tuple(slider(param, f"{param.name.capitalize()} {param.symbol}") for param in LANDSCAPES[key].params)


def fitted_sliders(model: FittedModel, losses: Sequence[str], penalty: str) -> tuple[Slider, ...]:
    """The sliders of the losses' parameters, the outlier's value and the penalty."""
    many, own = len(losses), [(loss_of(key), param) for key in losses for param in loss_of(key).params]
    found = [
        slider(
            param, f"{loss.short} {param.symbol}", many, owner=owner_of(loss.key), colour=theme.look(loss.key).colour
        )
        for loss, param in own
    ]
    if model.outlier is not None:
        found.append(slider(model.outlier, "Outlier value", many))
    if penalty != "none":
        found.append(slider(PENALTY, f"Penalty {PENALTY.symbol}", many))
    return tuple(found)


def slider(param: Param, label: str, beside: int = 1, **how: str) -> Slider:
    """A recomputed slider of a parameter, where so many landscapes stand beside each other."""
    return Slider.of(param, label=label, most=FRAMES[beside], recomputed=True, **how)


def corner(landscape: Landscape) -> Point:
    """The first of the corners where there is a loss."""
    (x_low, x_high), (y_low, y_high) = landscape.window
    places = [(x_low + x * (x_high - x_low), y_low + y * (y_high - y_low)) for x, y in CORNERS]
    return next((place for place in places if np.isfinite(landscape.value(np.array(place)))), places[0])


def textbook_problem(*, landscape: str) -> DescentProblem:
    found, blue = LANDSCAPES[landscape], theme.Stroke(theme.BLUE)
    start = found.start or corner(found)
    return DescentProblem(found, blue, textbook_sliders(landscape), start, found.about, landscape)


def fitted_problem(model_of: Callable[[str], FittedModel], *, data: str, loss: str, norm: str) -> DescentProblem:
    model, look = model_of(data), theme.look(loss)
    found, sliders = fitted_landscape(model, at_starts(loss_of(loss)), norm), fitted_sliders(model, [loss], norm)
    return DescentProblem(found, look, sliders, corner(found), model.about, loss, model)


def network_problem(*, data: str, network: str, plane: str, loss: str) -> DescentProblem:
    run, points = trained(data, loss, NETWORKS[network]), SHAPE_DATASETS[data].load(SEED)
    own = random_plane(run, SEED) if plane == "random" else path_plane(run)[0]
    found = network_slice(run, points, at_starts(loss_of(loss)), own, "A network", PLANES[plane])
    model = NetworkPlane(run, own, points)
    return DescentProblem(found, theme.look(loss), (), corner(found), points.about, "network", model, costly=True)


LANDSCAPE = OneOf(name="landscape", label="Landscape", options=names_of(LANDSCAPES), default="himmelblau")


LINE_DATA = data_picker(LINE_DATASETS, own=LineDataset)
SCORE_DATA = data_picker(CLASS_DATASETS, own=ClassDataset)
NETWORK_DATA = data_picker(SHAPE_DATASETS)
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
NORM = OneOf(name="norm", label="Kind of penalty", options=PENALTIES, default="none")
PLANE = OneOf(
    name="plane",
    label="Plane",
    options={"random": "Random", "path": "Training path"},
    default="random",
    help="Random: two random directions, each scaled to the size of the weights. Training path: its two main "
    "directions (principal components).",
)


def loss_choice(family: str, default: str, *, steps: bool = True) -> OneOf:
    """The picker of a loss of the family; without `steps`, of those that have a slope to train on."""
    losses = {key: loss for key, loss in losses_of(family).items() if steps or has_slope(loss)}
    return one_loss(losses, family, default)


NETWORK_LOSS = loss_choice("binary", "binary_cross_entropy", steps=False)


@dataclass(frozen=True, kw_only=True)
class ProblemKind:
    """One kind of problem: what can be chosen of it, and how long descents on it can be."""

    name: str
    params: tuple[Parameter, ...]
    make: Callable[..., DescentProblem]
    steps: tuple[str, ...]  # that a race can have; the last is the default
    budget: int = 0  # evaluations from each of a hundred starts; 0 where that takes too long
    wait: str = ""

    def problem(self, choice: Mapping[str, Any]) -> DescentProblem:
        """The problem of a view's choice, which may hold more; one object for everybody."""
        return _made(self.make, tuple((param.name, choice[param.name]) for param in self.params))


@kept
def _made(make: Callable[..., DescentProblem], words: tuple[tuple[str, Any], ...]) -> DescentProblem:
    return make(**dict(words))


KINDS: Mapping[str, ProblemKind] = MappingProxyType(
    {
        "textbook": ProblemKind(
            name="Textbook", params=(LANDSCAPE,), make=textbook_problem, steps=("50", "100", "200"), budget=200
        ),
        # Where more is shown of each step, or a gradient takes longer, there are fewer.
        "line": ProblemKind(
            name="A line",
            params=(LINE_DATA, loss_choice("regression", "huber"), NORM),
            make=partial(fitted_problem, line_model),
            steps=("50", "100"),
            budget=100,
        ),
        "classifier": ProblemKind(
            name="A classifier",
            params=(SCORE_DATA, loss_choice("binary", "binary_cross_entropy"), NORM),
            make=partial(fitted_problem, logistic_model),
            steps=("50", "100"),
            budget=100,
        ),
        "network": ProblemKind(
            name="A network",
            params=(NETWORK_DATA, PLANE, NETWORK_LOSS, NETWORK),
            make=network_problem,
            steps=("25", "50"),
            wait="Training the network: this takes a second or two",
        ),
    }
)
