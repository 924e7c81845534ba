"""The views of /gradient-descent: a race on each kind of ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.descent import MINIMISERS
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.stage import Handle, Slider, Stage
from core.views.gradient_descent.model_panel import exhibit
from core.views.gradient_descent.multistart import Starts
from core.views.gradient_descent.multistart_figure import from_everywhere, starts_sliders
from core.views.gradient_descent.problems import KINDS, LANDSCAPE, Kind
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.race_figure import Course, height
from core.views.gradient_descent.race_text import notice, readings
from core.views.gradient_descent.script import script_of
from core.views.gradient_descent.sliders import X, Y, race_sliders
from core.views.gradient_descent.step_figure import ROW, taken_apart
from core.views.kit.colour_scale import scales
from core.views.kit.panels import EDGE, FOOT
from core.views.kit.view import OneOf, Parameter, SomeOf, View, listed, old_view

MOST = 8
HEIGHT = EDGE + ROW + FOOT  # of one row of panels
UPDATES = 50  # that can be taken apart
BUDGET = {"textbook": 200, "line": 100, "classifier": 100}  # evaluations from each of a hundred starts
# What a race can have, the default last: where more is shown of each step, or a gradient takes longer, there are fewer.
STEPS = {"textbook": ("50", "100", "200"), "line": ("50", "100"), "classifier": ("50", "100"), "network": ("25", "50")}

RUNNERS = SomeOf(
    name="optimizers",
    label="Optimizers",
    options={key: optimizer.name for key, optimizer in OPTIMIZERS.items()},
    default=("gradient_descent", "momentum", "rmsprop", "adam"),
    most=MOST,
)
RUNNER = OneOf(
    name="optimizer",
    label="Optimizer",
    options={key: optimizer.name for key, optimizer in OPTIMIZERS.items()},
    default="adam",
)
COMPETITORS = SomeOf(
    name="runners",
    label="Optimizers",
    options=dict(RUNNERS.options) | {key: f"{minimiser.name} (SciPy)" for key, minimiser in MINIMISERS.items()},
    default=("gradient_descent", "momentum", "rmsprop", "adam", "bfgs"),
    most=MOST,
    help="SciPy's minimisers choose their own step sizes; each value, gradient and Hessian counts as one evaluation.",
)
RATE_FOR = OneOf(
    name="rate",
    label="Learning rate",
    options={"best": "Best for each", "all": "Same for all"},
    default="best",
    help="Best for each: the learning rate at which that optimizer converges from the most starts, then soonest.",
)
RATES = OneOf(
    name="rates",
    label="Learning rate",
    options={"all": "Same for all", "each": "Separate"},
    default="all",
)
SCHEDULE = OneOf(
    name="schedule",
    label="Schedule",
    options={key: schedule.name for key, schedule in SCHEDULES.items()},
    default="constant",
    advanced=True,
)
DECAY = OneOf(
    name="decay",
    label="Weight decay",
    options={"0": "None", "0.01": "0.01", "0.1": "0.1", "1": "1"},
    default="0",
    help="Decoupled: each step also moves the point towards the origin, by the learning rate times this share.",
    advanced=True,
)
SCALE = OneOf(name="scale", label="Loss axis", options={"log": "Log", "linear": "Linear"}, default="log", advanced=True)


def steps_of(kind: str) -> OneOf:
    options = STEPS[kind]
    return OneOf(
        name="steps",
        label="Steps",
        options=dict(zip(options, options, strict=True)),
        default=options[-1],
        advanced=True,
    )


def race_of(kind: str, choice: Mapping[str, Any], centre: Mapping[str, float] | None = None, beyond: int = 0) -> Race:
    """The race that a view's choice shows around these released values, and so many steps beyond the last shown."""
    return run(
        kind,
        tuple(sorted((name, value) for name, value in choice.items() if name != SCALE.name)),
        tuple(sorted((centre or {}).items())),
        beyond,
    )


@lru_cache(maxsize=4)  # of up to 15 MB
def run(kind: str, choice: tuple[tuple[str, Any], ...], centre: tuple[tuple[str, float], ...], beyond: int) -> Race:
    """A race, kept a while for what else is asked of it: the same on another scale, its table."""
    chosen, around = dict(choice), dict(centre)
    sliders = tuple(
        slider.around(around[slider.key]) if slider.continuous and slider.key in around else slider
        for slider in sliders_of(KINDS[kind], chosen)
    )
    return Race(
        arena=KINDS[kind].of(chosen),
        optimizers=chosen["optimizers"],
        sliders=sliders,
        centre=around,
        steps=int(chosen["steps"]) + beyond,
        schedule=chosen["schedule"],
        decay=float(chosen["decay"]),
    )


def ground_of(kind: Kind, first: str = "ravine") -> tuple[Parameter, ...]:
    """What can be chosen of the ground; of the textbook's, which comes first."""
    return tuple(replace(LANDSCAPE, default=first) if param is LANDSCAPE else param for param in kind.params)


def sliders_of(kind: Kind, choice: Mapping[str, Any]) -> tuple[Slider, ...]:
    arena, each = kind.of(choice), choice["rates"] == "each"
    few = arena.costly or "optimizer" in choice
    return race_sliders(arena, choice["optimizers"], each=each, steps=int(choice["steps"]), few=few)


def show(race: Race, logarithmic: bool) -> Stage:
    logarithmic = logarithmic and race.above
    (scale,), _ = scales([race.ground], "auto", comparable=True)
    course = Course(race, scale, logarithmic, exhibit(race))
    course.draw()
    rows, outcomes = readings(race)
    said, told = notice(race)
    course.arrays |= outcomes | told
    names = listed([OPTIMIZERS[key].name for key in race.optimizers])
    return course.stage(
        name=f"Descent on {race.arena.landscape.name}",
        alt=f"{race.arena.about} The paths of {names} on its map, from one start; beside it, their losses step by "
        "step, and the final loss of each at every learning rate, with a bar over its stable learning rates. The "
        "table beside the picture gives the loss and the result of each.",
        sliders=race.sliders,
        summary=said,
        headings=("above min." if race.above else "loss", "result"),
        readings=rows,
        table=lambda values: table(race, values),
        script=script_of(race),
        centre=race.centre,
        handle=Handle(course.aimed, (X, Y)),
    )


def table(race: Race, values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each step of each optimizer, at the released values."""
    names = race.arena.landscape.axes
    steps = race.steps + 1
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("step", *names, "height")}
    whose: list[str] = []
    for number, key in enumerate(race.optimizers):
        whose += [key] * steps
        lane = race.lane(key, values)
        points, heights = race.run.points[:, number, lane], race.run.values[:, number, lane]
        for name, column in zip(columns, (np.arange(steps), *points.T, heights), strict=True):
            columns[name].append(column)
    return {"optimizer": np.array(whose)} | {name: np.concatenate(parts) for name, parts in columns.items()}


def update_of(kind: str, choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> Race:
    """The race of one whose updates a view's choice takes apart: one step more than there are frames."""
    one = dict(choice) | {"optimizers": (choice["optimizer"],), "rates": "all", "steps": str(UPDATES)}
    return race_of(kind, one, centre, beyond=1)


def race_view(key: str, kind: Kind) -> View:
    return old_view(
        name="Race",
        params=(*ground_of(kind), RUNNERS, RATES, SCHEDULE, DECAY, steps_of(key), SCALE),
        sliders=lambda **choice: sliders_of(kind, choice),
        stage=lambda *, centre=None, **choice: show(race_of(key, choice, centre), choice["scale"] == "log"),
        height=height(beside=key != "textbook"),
        recomputed=True,
        wait=kind.wait,
        saves=("html", "csv") if key == "network" else ("html", "csv", "py"),
    )


def update_view(key: str, kind: Kind) -> View:
    return old_view(
        name="One step",
        params=(*ground_of(kind), RUNNER, SCHEDULE, DECAY),
        sliders=lambda **choice: update_of(key, choice).sliders,
        stage=lambda *, centre=None, **choice: taken_apart(update_of(key, choice, centre)),
        height=HEIGHT,
        recomputed=True,
        wait=kind.wait,
    )


def starts_view(key: str, kind: Kind) -> View:
    def starts(choice: Mapping[str, Any]) -> Starts:
        return Starts(kind.of(choice), choice["runners"], choice["rate"], BUDGET[key])

    return old_view(
        name="100 starts",
        params=(*ground_of(kind, "styblinski_tang"), COMPETITORS, RATE_FOR),
        sliders=lambda **choice: starts_sliders(kind.of(choice), choice["rate"]),
        stage=lambda **choice: from_everywhere(starts(choice)),
        height=HEIGHT,
        wait="Running from a hundred starts",
    )


textbook_race, line_race, classifier_race, network_race = (race_view(key, kind) for key, kind in KINDS.items())
textbook_step, line_step, classifier_step, network_step = (update_view(key, kind) for key, kind in KINDS.items())
textbook_starts, line_starts, classifier_starts = (
    starts_view(key, kind) for key, kind in KINDS.items() if key in BUDGET
)
