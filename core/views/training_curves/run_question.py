"""The question of a training run: what the validation loss will do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from core.stage import Live, Question, Text, Words
from core.training.tasks import LearningTask
from core.views.training_curves.settings import CAPACITY, PENALTY, RATE
from core.views.training_curves.training_sweep import TrainingSweep

FLATTENS, FALLS, RISES, STAYS, SWINGS, OTHER = range(6)
OPTIONS = (
    "Fall and flatten",
    "Keep falling",
    "Fall, then rise",
    "Stay high",
    "Swing or grow",
    "None of these",
)
# What the loss did, by the rule of the verdict.
BY_RULE: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("converged", "dropped", "restarts", "wide_gap", "widening_gap"), FLATTENS),
        **dict.fromkeys(("falling", "both_falling", "to_gain", "slowing", "dropped_lately", "restarts_falling"), FALLS),
        **dict.fromkeys(("turned", "parted", "turned_alone", "rising", "climbing", "thrown_out"), RISES),
        **dict.fromkeys(("high", "rose_and_stayed", "hardly_fell", "motionless"), STAYS),
        **dict.fromkeys(("lost", "growing_swings", "wild", "swings", "slow_swing", "noise"), SWINGS),
        **dict.fromkeys(("unsettled", "few", "too_short", "zero"), OTHER),
    }
)


class Change(NamedTuple):
    """The slider that the question is about, and where it is dragged."""

    key: str
    value: float


def change_of(task: LearningTask) -> Change:
    """What is instructive to change: to too large a rate, to too flexible a polynomial, to a penalty that helps."""
    if task.family.classes:
        return Change(PENALTY, 0.01)
    return Change(CAPACITY, max(task.capacities)) if task.size == "degree" else Change(RATE, 1.0)


def question(runs: TrainingSweep) -> Question:
    """What the validation loss does in each run, by the rule that gives its verdict."""
    change = change_of(runs.task)
    slider = next(one for one in runs.sweep.sliders if one.key == change.key)
    return Question(
        text=f"What will the validation loss do at “{slider.label}” {change.value:g}?",
        options=OPTIONS,
        answer=Live(np.array([BY_RULE[verdict.rule] for verdict in runs.verdicts]), runs.sweep),
        why=Text("{}", Words.each([f"{verdict.name}. {verdict.sentence}" for verdict in runs.verdicts], runs.sweep)),
        reveal=slider.key,
        at=change.value,
    )
