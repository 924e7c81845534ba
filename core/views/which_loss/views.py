"""The views of /which-loss: one for each thing that can be predicted."""

from __future__ import annotations

from functools import partial

from core.advice import PREDICTIONS
from core.losses.equivalents import LIBRARIES
from core.stage.parameters import OneOf
from core.views.kit.view import View
from core.views.which_loss.figure import HEIGHT, AdvicePicture


def which_view(word: str) -> View:
    """The view of a prediction, with its own kinds of data and of cost."""
    prediction = PREDICTIONS[word]
    data, costs = (
        {key: option.name for key, option in options.items()} for options in (prediction.data, prediction.costs)
    )
    return View(
        name=prediction.name,
        params=(
            OneOf(name="data", label="The data", options=data, default=next(iter(data))),
            OneOf(name="cost", label="What a mistake costs", options=costs, default=next(iter(costs))),
        ),
        picture=partial(AdvicePicture, word),
        height=HEIGHT,
        wait="Running the experiment",
        code=tuple(LIBRARIES),
    )


VIEWS = {f"which_{word}": which_view(word) for word in PREDICTIONS}
