"""The views of /which-loss: one for each thing that can be predicted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from core.advice import PREDICTIONS, Option
from core.stage.parameters import OneOf
from core.views.kit.view import View
from core.views.which_loss.figure import HEIGHT, AdvicePicture


def which_view(word: str) -> View:
    """The view of a prediction, with its own kinds of data and of cost."""
    prediction = PREDICTIONS[word]
    data, cost = prediction.begins
    choices = [
        OneOf(name="data", label=prediction.asks, options=names(prediction.data), default=data),
        OneOf(name="cost", label=prediction.asks_cost, options=names(prediction.costs), default=cost),
    ]
    return View(
        name=prediction.name,
        params=tuple(one for one in choices if len(one.options) > 1),
        picture=partial(AdvicePicture, word, cost=cost),
        height=HEIGHT,
        wait="Running the experiment",
        code=prediction.advice[prediction.begins].best.loss.libraries,
    )


def names(options: Mapping[str, Option]) -> dict[str, str]:
    """The options of a picker: what stands in the address, and the name that a person reads."""
    return {key: option.name for key, option in options.items()}


VIEWS = {f"which_{word}": which_view(word) for word in PREDICTIONS}
