"""What is said of a training: its numbers at an epoch, and the verdict with its evidence."""

from __future__ import annotations

from core.stage import Reading
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import counted
from core.views.kit import theme
from core.views.training_curves.picture import Training

HALVES = {"train": "Training", "validation": "Validation"}


def readings(picture: Training) -> tuple[Reading, ...]:
    """The loss and the metric of both halves at the epoch that is shown, and the gradient's length."""
    rows = []
    for half, name in HALVES.items():
        look = theme.HALVES[half]
        picks = (picture.runs.at_epoch(f"{array} read") for array in (half, f"{half} metric"))
        cells = tuple(Text(template="{n}", slots={"n": pick}) for pick in picks)
        rows.append(Reading(name=name, colour=look.colour, dash=look.dash, cells=cells))
    slope = Text(template="{n}", slots={"n": picture.runs.at_epoch("gradient read")})
    return (*rows, Reading(name="Gradient norm", colour=theme.NEUTRAL, cells=(slope, Text(template=""))))


def notice(picture: Training) -> Text:
    """The verdict on the run, its evidence, and what to try."""
    told = [f"{verdict.name}. {verdict.sentence} {verdict.advice}" for verdict in picture.runs.verdicts]
    words, which = counted(told)
    picture.arrays["verdict"] = which
    return Text(template="{told}", slots={"told": Words(words, pick=picture.runs.of_lane("verdict"))})
