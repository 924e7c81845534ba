"""What the views are asked for in tests, read off their records."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from core.losses import LOSSES, Loss
from core.stage import Live, Slider, Stage, Text, Track, Words
from core.stage.encode import payload
from core.stage.parameters import SomeOf
from core.views import VIEWS, View
from core.views.boxes_and_masks.detection import view as detection
from core.views.class_imbalance import views as imbalance
from core.views.class_probabilities.train import view as train
from core.views.gradient_descent.views import VIEWS as DESCENTS
from core.views.training_curves.views import VIEWS as TRAINING

DEAR = {
    key: handful
    for views, handful in ((DESCENTS, 4), (vars(imbalance), 4), (TRAINING, 2), (vars(train), 2), (vars(detection), 2))
    for key, view in views.items()
    if isinstance(view, View)
}  # and of how many choices more than the defaults each is asked for
TRAINED = {key for key, handful in DEAR.items() if handful == 2}  # seconds each


def around(view: View) -> Iterator[dict[str, Any]]:
    """The defaults, and each extreme of each parameter with the others at their defaults."""
    yield view.defaults
    for param in view.params:
        yield from (view.defaults | {param.name: value} for value in param.extremes())


def few(view: View) -> Iterator[dict[str, Any]]:
    """Of `around`, the defaults and a handful more: of what is dear to make, races and trainings, whose own tests ask
    for the rest."""
    choices = list(around(view))
    yield from choices[:: max(1, len(choices) // DEAR[view.key])] if view.key in DEAR else choices


def full(view: View) -> Iterator[dict[str, Any]]:
    """As many at once as a picker allows, with each extreme of each other parameter."""
    for picker in (param for param in view.params if isinstance(param, SomeOf)):
        for most in (value for value in picker.extremes() if len(value) == picker.most):
            others = [choice for choice in few(view) if choice[picker.name] == picker.default]
            yield from (choice | {picker.name: most} for choice in others[: 1 if view.key in TRAINED else None])
            if view.key in TRAINED:
                return


def name_of(case: View | dict[str, Any]) -> str:
    return (
        case.key
        if isinstance(case, View)
        else "-".join("+".join(value) if isinstance(value, tuple) else str(value) for value in case.values())
        or "default"
    )


def distinct(*sources: Any) -> list[tuple[View, dict[str, Any]]]:
    """(view, choice) of every view, each once."""
    found = {
        (view.key, view.choose(**choice).address): (view, choice)
        for view in VIEWS.values()
        for source in sources
        for choice in source(view)
    }
    return list(found.values())


AROUND = distinct(few)
EXTREMES = distinct(few, full)
LOOKED_AT = {(view.key, view.choose(**choice).address) for view, choice in AROUND}


@cache
def stage(key: str, address: str) -> Stage:
    """The stage at an address, made once for all tests that look at it."""
    view = VIEWS[key]
    return view.choose(**view.read(dict(parse_qsl(address)))).stage


@cache
def packed(key: str, address: str) -> bytes:
    """The payload at an address; only a stage that others look at is kept: there are hundreds, of megabytes each."""
    return payload((stage if (key, address) in LOOKED_AT else stage.__wrapped__)(key, address))


def chosen(view: View, **choice: Any) -> Stage:
    """The stage of a choice; what is not said is at its default."""
    return stage(view.key, view.choose(**(view.defaults | choice)).address)


def settings(loss: Loss, sliders: Any) -> list[dict[str, float]]:
    """The loss's sliders among these, at every combination of their ends and their start: values by slider key."""
    own = [slider for slider in sliders if slider.key.startswith(f"{loss.key}.")]
    ends = [
        sorted({float(slider.values[0]), float(slider.values[slider.start]), float(slider.values[-1])})
        for slider in own
    ]
    return [dict(zip([slider.key for slider in own], values, strict=True)) for values in itertools.product(*ends)]


def params_of(loss: Loss, values: dict[str, float]) -> dict[str, float]:
    """The loss's parameters, from slider values by key."""
    return {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{loss.key}.")}


def drawn(stage: Stage, name: str, panel: int, values: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the trace of this name in this panel (0 is the upper one), as the sliders stand."""
    axis = "y" if panel == 0 else f"y{panel + 1}"
    numbers = [i for i, trace in enumerate(stage.figure.data) if (trace.name, trace.yaxis) == (name, axis)]
    assert len(numbers) == 1, f"{name} is drawn {len(numbers)} times in panel {panel}"
    rows = {track.attribute: np.atleast_1d(track.live.row(values)) for track in tracks(stage, numbers[0])}
    assert rows["x"].shape == rows["y"].shape
    return rows["x"], rows["y"]


def tracks(stage: Stage, trace: int) -> list[Track]:
    return [track for track in stage.tracks if track.trace == trace]


def text_slots(stage: Stage, start: str, values: dict[str, float]) -> list[Any]:
    """What the slots of the summary hold, in their order, as the sliders stand; the template must begin like this."""
    assert re.sub(r"\{\w+\}", "{}", stage.summary.template).startswith(start)
    return [shown_by(slot, values) for slot in stage.summary.slots.values()]


def shown_by(slot: Live | Words, values: dict[str, float]) -> Any:
    """The number or the words of a slot, as the sliders stand."""
    if isinstance(slot, Live):
        return float(slot.row(values))
    at = slot.by.frame_at(values) if isinstance(slot.by, Slider) else int(slot.by.row(values))
    return slot.strings[at]


def number(text: Text, values: dict[str, float] | None = None) -> float:
    """The one number that a text shows, as the sliders stand."""
    (slot,) = text.slots.values()
    return float(slot.row(values))


def losses_of(view: View) -> list[Loss]:
    return [LOSSES[key] for key in view.param("losses").options]
