"""One example of several classes: its scores, their softmax beside the target, and what each loss asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import losses_of
from core.losses.equivalents import LIBRARIES
from core.stage import Slider, Stage, Sweep
from core.stage.parameters import OneOf, SomeOf
from core.views.class_probabilities.example import texts
from core.views.class_probabilities.example.figure import HEIGHT, LETTERS, ExampleFigure, Runs, sliders
from core.views.kit.view import View

NAMES = {key: loss.short for key, loss in losses_of("multi-class").items()}
PARAMS = (
    SomeOf(name="losses", label="Losses", options=NAMES, most=4,
           default=("categorical_cross_entropy", "multiclass_brier", "multiclass_focal")),
    OneOf(name="target", label="Right answer", default="a",
          options={"a": "A", "b": "B", "c": "C", "two": "A and B", "soft": "Shares"},
          help="A and B: both are right. A softmax has a target of one half for each, a sigmoid of 1. Shares: of such "
          "examples 60 % are A, 30 % B and 10 % C."),
    OneOf(name="classes", label="Classes", default="3", options={count: count for count in "345"}),
    OneOf(name="scale", label="Scores", default="small", options={"small": "−6 to 6", "large": "−1,200 to 1,200"},
          help="Large scores overflow in a softmax that is computed as its formula is written."),
)  # fmt: skip


@dataclass(frozen=True)
class OneExample:
    """The picture of one example's scores, and of some losses of them."""

    losses: Sequence[str]
    target: str
    classes: str
    scale: str

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        return sliders(self.losses, LETTERS[: int(self.classes)], self.scale)

    def runs(self, centre: Mapping[str, float], *, arms: bool = True) -> Runs:
        """The example around these released values, or at them alone."""
        moved = [one.around(one.at(centre)) if one.continuous else one for one in self.sliders]
        sweep = Sweep(moved, centre, () if arms else [one.key for one in moved])
        return Runs(self.losses, LETTERS[: int(self.classes)], self.target, sweep)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        runs = self.runs(centre)
        return ExampleFigure(runs).plot.stage(
            name="One example",
            alt="Bars of each class's score. Bars of the softmax beside the target, with a dot where a step of each "
            "loss brings it. Arrows of each loss's gradient on every score. The curve of surprise over probability, "
            "with a dot for each right answer.",
            sliders=tuple(runs.sweep.sliders),
            task=texts.task(runs),
            summary=texts.summary(runs),
            headings=("loss", "after a step"),
            grids=(texts.gradients(runs),),
            cards=texts.cards(runs),
            table=self.table,
            centre=centre,
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each class, at these values of the sliders."""
        runs = self.runs(values, arms=False)
        example = runs.example
        columns = {"score": example.scores, "softmax": example.softmax, "target": example.target,
                   "surprise": example.surprise, "naive softmax": example.naive_softmax}  # fmt: skip
        columns |= {f"{key} gradient": grad for key, grad in runs.grads.items()}
        columns |= {f"{key} softmax after a step": after.softmax for key, after in runs.after.items()}
        return {"class": np.array(list(runs.letters))} | {name: array[0] for name, array in columns.items()}


class_example = View(
    name="One example",
    params=PARAMS,
    picture=OneExample,
    height=HEIGHT,
    code=tuple(LIBRARIES),
    shares_state="class_example",
)
