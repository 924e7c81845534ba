"""What is said beside the picture of decisions: live numbers, confusion matrices, and the sentence under it."""

from __future__ import annotations

import numpy as np

from core.models.objectives import OBJECTIVES
from core.stage import Cell, Grid, Pick, Reading, Text, Words
from core.views import theme
from core.views.imbalance.decisions import Decisions
from core.views.imbalance.report import BASELINE
from core.views.imbalance.scene import COST, THRESHOLD, THRESHOLDS
from core.views.verdict import counted

HEADINGS = ("precision", "recall", "accuracy", "cost")
CALLED = ("called negative", "called positive")
ROWS = {"positive": ("fn", "tp"), "negative": ("tn", "fp")}  # in the order of CALLED
BARS = {"tp": "recall", "fn": "missed", "tn": "kept", "fp": "false alarms"}  # the share of its row
RIGHT = ("tp", "tn")


def grid(picture: Decisions, key: str) -> Grid:
    """The confusion matrix of a loss at the threshold."""

    def cell(name: str) -> Cell:
        number = Text(template="{n}", slots={"n": picture.at_threshold(key, name)})
        return Cell(number, picture.at_threshold(key, BARS[name]), theme.RIGHT if name in RIGHT else theme.WRONG)

    look = theme.look(key)
    return Grid(
        name=OBJECTIVES[key].short,
        colour=look.colour,
        dash=look.dash,
        columns=CALLED,
        rows=tuple((row, tuple(map(cell, cells))) for row, cells in ROWS.items()),
    )


def readings(picture: Decisions) -> tuple[Reading, ...]:
    """A row for each loss, and for calling everything negative; under the picture, how each was trained."""
    rows = []
    for key in picture.trial.losses:
        look, star = theme.look(key), picture.trial.star_of(key)
        picks = [picture.at_threshold(key, name) for name in HEADINGS[:-1]]
        picks.append(Pick(f"{key} cost", (THRESHOLD,), star=(*star, COST)))
        words, which = counted([f"{model.said}." for model in picture.trial.models[key]])
        trained = Words(words, pick=picture.keep(f"{key} said", which, star))
        rows.append(
            Reading(
                name=OBJECTIVES[key].short,
                colour=look.colour,
                dash=look.dash,
                cells=tuple(Text(template="{n}", slots={"n": pick}) for pick in picks),
                remark=Text(template="{trained}", slots={"trained": trained}),
            )
        )
    right, dear = Pick("baseline accuracy", star=picture.star), Pick("baseline cost", star=(*picture.star, COST))
    cells = (Text(template="–"), Text(template="0"), Text(template="{n}", slots={"n": right}),
             Text(template="{n}", slots={"n": dear}))  # fmt: skip
    return (*rows, Reading(name=BASELINE, colour=theme.NEUTRAL, dash="dot", cells=cells))


def notice(picture: Decisions) -> Text:
    """What each loss finds at the threshold, and what never calling anything positive would."""
    slots: dict[str, Pick | Words] = {
        "t": Words(tuple(f"{threshold:g}" for threshold in THRESHOLDS), reel=THRESHOLD),
        "all": Pick("positives", star=picture.star),
        "right": Pick("baseline percent", star=picture.star),
    }
    told = []
    for number, key in enumerate(picture.trial.losses):
        name, star = OBJECTIVES[key].short, picture.trial.star_of(key)
        untrained = np.array([0.0 if model.trained else 1.0 for model in picture.trial.models[key]])
        slots |= {
            f"found{number}": picture.at_threshold(key, "tp"),
            f"false{number}": picture.at_threshold(key, "fp"),
            f"told{number}": Words(
                (f"{name} finds {{found{number}}} of {{all}} positives (false alarms: {{false{number}}})",
                 f"{name} has nothing to learn from"),
                pick=picture.keep(f"{key} untrained", untrained, star),
            ),
        }  # fmt: skip
        told.append(f"{{told{number}}}")
    return Text(
        template=f"At a threshold of {{t}}, {'; '.join(told)}. Calling everything negative finds none, "
        "and is right for {right} % of the points.",
        slots=slots,
    )
