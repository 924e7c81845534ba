"""Every training that a person can see by moving the sliders: a star of runs around the released values, in one
batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from core.diagnosis import Verdict, diagnose
from core.losses import LOSSES
from core.stage import Slider
from core.stage.legacy import Pick
from core.training import Examples, History, Plan, Setting, train_runs
from core.views.kit.landscape_grid import star
from core.views.training_curves.data import examples
from core.views.training_curves.settings import (
    CAPACITY,
    EPOCH,
    EPOCHS,
    EVERY,
    EXAMPLES,
    LEVEL,
    NOISE,
    PENALTY,
    RATE,
    STRAY,
    TASKS,
    Task,
)

Words = tuple[tuple[str, Any], ...]
Numbers = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Runs:
    """The runs of one choice, around these released values."""

    task: str
    choice: Mapping[str, Any]
    sliders: tuple[Slider, ...]
    centre: Mapping[str, float]

    @property
    def own(self) -> Task:
        return TASKS[self.task]

    @property
    def metric(self) -> str:
        """The name of what is measured beside the loss."""
        return self.own.metric.name

    @property
    def star(self) -> tuple[str, ...]:
        return tuple(slider.key for slider in self.sliders if slider.recomputed)

    @cached_property
    def lanes(self) -> list[dict[str, float]]:
        """What the sliders say in each lane of the star, by key."""
        sliders = [slider for slider in self.sliders if slider.recomputed]
        return star(sliders, {slider.key: slider.key for slider in sliders}, self.centre)

    @cached_property
    def data(self) -> list[tuple[Examples, Examples]]:
        """What each lane learns from, and what judges it."""
        return [data_of(self.task, self.choice, lane) for lane in self.lanes]

    @cached_property
    def history(self) -> History:
        """What became of all of them."""
        return trained(self.task, tuple(sorted(self.choice.items())), tuple(map(frozen, self.lanes)))

    @cached_property
    def verdicts(self) -> list[Verdict]:
        history = self.history
        return [diagnose(*curves, floor=0.0) for curves in zip(history.train, history.validation, strict=True)]

    def of_lane(self, array: str) -> Pick:
        """What belongs to a whole run."""
        return Pick(array, star=self.star)

    def at_epoch(self, array: str, every: int = 1) -> Pick:
        """What belongs to an epoch of a run."""
        return Pick(array, (EPOCH,), star=self.star, every=every)


def frozen(lane: Mapping[str, float]) -> Numbers:
    return tuple(sorted(lane.items()))


def data_of(task: str, choice: Mapping[str, Any], lane: Mapping[str, float]) -> tuple[Examples, Examples]:
    own = TASKS[task]
    count, noise = int(lane.get(EXAMPLES, own.examples)), lane.get(NOISE, own.noise)
    return examples(task, count, noise, choice["seed"], float(lane.get(STRAY, choice.get(STRAY, 0))))


@lru_cache(maxsize=6)  # of up to 10 MB
def trained(task: str, words: Words, lanes: tuple[Numbers, ...]) -> History:
    """The runs of all lanes, trained together once for all visitors; a lane that is there twice is trained once."""
    choice, settled = dict(words), list(dict.fromkeys(lanes))
    plans = [plan_of(task, choice, dict(lane)) for lane in settled]
    train, validation = zip(*(data_of(task, choice, dict(lane)) for lane in settled), strict=True)
    found = train_runs(setting_of(choice), plans, train, validation, keep=EPOCHS // EVERY + 1, precision=np.float32)
    return found.take([settled.index(lane) for lane in lanes])


def setting_of(choice: Mapping[str, Any]) -> Setting:
    loss = LOSSES[choice["loss"]]
    return Setting(
        loss=loss,
        loss_params=loss.starts,
        optimizer=choice["optimizer"],
        schedule=choice["schedule"],
        epochs=EPOCHS,
        batch=int(choice["batch"]),
        patience=int(choice.get("patience", 0)),
    )


def plan_of(task: str, choice: Mapping[str, Any], lane: Mapping[str, float]) -> Plan:
    own = TASKS[task]
    return Plan(
        model=own.model(lane.get(CAPACITY, own.capacity)),
        lr=lane[RATE],
        **{choice.get("norm", "l2"): lane.get(PENALTY, 0.0)},
        initial_score=lane.get(LEVEL, 0.0),
        seed=choice["seed"],
    )
