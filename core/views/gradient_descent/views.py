"""The views of /gradient-descent: a race, one step, one dimension and a hundred starts on each kind of problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from core.descent import MINIMISERS
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.stage.parameters import OneOf, Parameter, SomeOf, names_of
from core.views.gradient_descent import multistart_figure, race_figure, slice_figure, step_figure
from core.views.gradient_descent.cards import TORCH
from core.views.gradient_descent.multistart_figure import MultistartPicture, multistart
from core.views.gradient_descent.problems import KINDS, LANDSCAPE, ProblemKind
from core.views.gradient_descent.race import PLAIN, Race
from core.views.gradient_descent.race_figure import RacePicture
from core.views.gradient_descent.slice_figure import SlicePicture
from core.views.gradient_descent.slice_runs import SliceRuns
from core.views.gradient_descent.step_figure import StepPicture
from core.views.kit.view import View

MAX_OPTIMIZERS = 8  # optimizers in one picture
SLICED = ("textbook", "line")  # kinds of problems with curvatures that let a learning rate be too large
UPDATES = 50  # that one step's picture shows

DEFAULT = ("gradient_descent", "momentum", "rmsprop", "adam")
RUNNERS = SomeOf(
    name="optimizers", label="Optimizers", options=names_of(OPTIMIZERS), default=DEFAULT, most=MAX_OPTIMIZERS
)
RUNNER = OneOf(name="optimizer", label="Optimizer", options=names_of(OPTIMIZERS), default="adam")
COMPETITORS = SomeOf(
    name="runners",
    label="Optimizers",
    options=names_of(OPTIMIZERS) | {key: f"{minimiser.name} (SciPy)" for key, minimiser in MINIMISERS.items()},
    default=(*DEFAULT, "bfgs"),
    most=MAX_OPTIMIZERS,
    help="SciPy's minimisers choose their own step sizes; each value, gradient and Hessian counts as one evaluation.",
)
RATE_FOR = OneOf(
    name="rate",
    label="Learning rates",
    options={"best": "Best for each", "all": "Same for all"},
    default="best",
    help="Best for each: the learning rate at which that optimizer converges from the most starts, then soonest.",
)
RATE_CHOICE = OneOf(
    name="rates", label="Learning rates", options={"all": "Same for all", "each": "Separate"}, default="all"
)
SCHEDULE = OneOf(name="schedule", label="Schedule", options=names_of(SCHEDULES), default=PLAIN, advanced=True)
DECAY = OneOf(
    name="decay",
    label="Weight decay",
    options={"0": "None", "0.01": "0.01", "0.1": "0.1", "1": "1"},
    default="0",
    help="Decoupled: each step also moves the point towards the origin, by the learning rate times this share.",
    advanced=True,
)
SCALE = OneOf(name="scale", label="Loss axis", options={"log": "Log", "linear": "Linear"}, default="log", advanced=True)


def race_view(key: str, kind: ProblemKind) -> View:
    def picture(*, optimizers: tuple[str, ...], rates: str, steps: str, scale: str, **choice: Any) -> RacePicture:
        return RacePicture(race_on(kind, choice, optimizers, int(steps), separate=rates == "each"), scale == "log")

    lengths = dict(zip(kind.steps, kind.steps, strict=True))
    steps = OneOf(name="steps", label="Steps", options=lengths, default=kind.steps[-1], advanced=True)
    return View(
        key=f"{key}_race",
        name="Race",
        params=(*params_of(kind, "ravine"), RUNNERS, RATE_CHOICE, SCHEDULE, DECAY, steps, SCALE),
        picture=picture,
        code=(TORCH,),
        height=race_figure.HEIGHT,
        shares_state=f"{key}_race",  # a learning rate that was released goes along
        wait=kind.wait,
        saves=("html", "csv") if key == "network" else ("html", "csv", "py"),
    )


def step_view(key: str, kind: ProblemKind) -> View:
    def picture(*, optimizer: str, **choice: Any) -> StepPicture:
        # The last update that is shown leads to one point more.
        return StepPicture(race_on(kind, choice, (optimizer,), UPDATES + 1, few=True, beyond=1))

    return View(
        key=f"{key}_step",
        name="One step",
        params=(*params_of(kind, "ravine"), RUNNER, SCHEDULE, DECAY),
        picture=picture,
        height=step_figure.HEIGHT,
        wait=kind.wait,
    )


def race_on(kind: ProblemKind, choice: Mapping[str, Any], optimizers: tuple[str, ...], steps: int, **how: Any) -> Race:
    """A race on the chosen problem, with the chosen schedule and weight decay; `how` are its other fields."""
    problem = kind.problem(choice)
    how = {"few": problem.costly} | how
    return Race(problem, optimizers, steps, choice["schedule"], float(choice["decay"]), **how)


def slice_view(key: str, kind: ProblemKind) -> View:
    def picture(**choice: Any) -> SlicePicture:
        return SlicePicture(SliceRuns(kind.problem(choice)))

    return View(
        key=f"{key}_slice",
        name="In one dimension",
        params=params_of(kind, "ravine"),
        picture=picture,
        height=slice_figure.HEIGHT,
        shares_state=f"{key}_race",  # a learning rate that was released goes along
    )


def starts_view(key: str, kind: ProblemKind) -> View:
    def picture(*, runners: tuple[str, ...], rate: str, **choice: Any) -> MultistartPicture:
        return multistart(kind.problem(choice), runners, rate, kind.budget)

    return View(
        key=f"{key}_starts",
        name="100 starts",
        params=(*params_of(kind, "styblinski_tang"), COMPETITORS, RATE_FOR),
        picture=picture,
        height=multistart_figure.HEIGHT,
        wait="Running from a hundred starts",
    )


def params_of(kind: ProblemKind, first: str) -> tuple[Parameter, ...]:
    """The parameters of a kind of problem; among textbook landscapes this one comes first."""
    return tuple(replace(LANDSCAPE, default=first) if param is LANDSCAPE else param for param in kind.params)


def views_of(key: str, kind: ProblemKind) -> Mapping[str, View]:
    """The views of a kind of problem, by what they show."""
    found = {"race": race_view(key, kind), "step": step_view(key, kind)}
    found |= {"slice": slice_view(key, kind)} if key in SLICED else {}
    return found | ({"starts": starts_view(key, kind)} if kind.budget else {})


BY_KIND: Mapping[str, Mapping[str, View]] = MappingProxyType({key: views_of(key, kind) for key, kind in KINDS.items()})
VIEWS: Mapping[str, View] = MappingProxyType({view.key: view for own in BY_KIND.values() for view in own.values()})
