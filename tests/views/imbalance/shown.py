"""What /class-imbalance shows at an address, and the same worked out by hand from the weights that were trained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from scipy.special import expit

from core.datasets import RARE, Classes, Halves
from core.models.classifier import Fit, train
from core.models.objectives import OBJECTIVES
from core.stage import Pick, Stage, Text, Words
from core.stage.route import reel_values
from core.views import VIEWS, View

PLAIN = "binary_cross_entropy"


@dataclass(frozen=True, eq=False)
class Shown:
    """What somebody sees who arrives with these words, and then moves reels."""

    view: View
    choice: Mapping[str, Any]
    values: Mapping[str, float]  # of the reels that the address names

    @cached_property
    def stage(self) -> Stage:
        return self.view.make(self.choice, self.view.centre(self.choice, self.values))

    @property
    def losses(self) -> tuple[str, ...]:
        return self.choice["losses"]

    def at(self, key: str, moved: Mapping[str, float]) -> float:
        """Where a reel stands."""
        reel = self.stage.reel(key)
        return reel.settled({**self.values, **moved}.get(key, float(reel.values[reel.start])))

    def row(self, pick: Pick, moved: Mapping[str, float]) -> Any:
        return self.stage.row(pick, {**self.values, **moved})

    def said(self, text: Text, moved: Mapping[str, float]) -> str:
        """A sentence as the browser writes it."""

        def written(slot: Pick | Words) -> str:
            if isinstance(slot, Pick):
                return written_number(float(self.row(slot, moved)))
            if slot.pick:
                return slot.strings[int(self.row(slot.pick, moved))]
            return slot.strings[self.stage.reel(slot.reel).frame(self.at(slot.reel, moved))]

        words = text.template
        while re.search(r"\{\w+\}", words):
            for name, slot in text.slots.items():
                words = words.replace("{" + name + "}", written(slot))
        return words

    def number(self, text: Text, moved: Mapping[str, float]) -> float:
        """The one number that a text shows."""
        (slot,) = text.slots.values()
        return float(self.row(slot, moved))

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """The name and the axis of every trace: to ask Plotly is slow."""
        return [(trace.name, trace.yaxis) for trace in self.stage.figure.data]

    def traces(self, name: str, panel: int, moved: Mapping[str, float]) -> list[dict[str, Any]]:
        """What the traces of this name in a panel (from 0) are drawn from, in the order of the losses."""
        axis = f"y{panel + 1 if panel else ''}"
        numbers = [number for number, place in enumerate(self.places) if place == (name, axis)]
        return [
            {track.attribute: self.row(track.pick, moved) for track in self.stage.tracks if track.trace == number}
            for number in numbers
        ]

    # --- by hand ---

    def params(self, key: str, moved: Mapping[str, float]) -> dict[str, float]:
        """A loss's own, as its reels stand."""
        own = [reel.key for reel in self.stage.reels if reel.key.startswith(f"{key}.")]
        return {name.partition(".")[2]: self.at(name, moved) for name in own}

    def halves(self, moved: Mapping[str, float]) -> Halves:
        if self.choice["data"] == "short_lives":
            return RARE["short_lives"](seed=self.choice["seed"])
        made = {name: self.choice[name] for name in ("overlap", "seed")} | {"points": int(self.choice["points"])}
        return RARE[self.choice["data"]](share=self.at("share", moved), **made)

    def fit(self, key: str, moved: Mapping[str, float]) -> Fit:
        params = tuple(self.params(key, moved).items())
        return fitted(self.halves(moved).train, self.choice["features"], key, params)

    def score(self, key: str, half: str, moved: Mapping[str, float]) -> np.ndarray:
        halves = self.halves(moved)
        points = getattr(halves, half).features
        return columns(points, halves.train.features, self.choice["features"]) @ self.fit(key, moved).weights

    def counts(self, key: str, moved: Mapping[str, float], half: str = "test") -> Counts:
        target = getattr(self.halves(moved), half).target
        return Counts.of(target, expit(self.score(key, half, moved)) >= self.at("threshold", moved))


def written_number(value: float) -> str:
    """As stage.js writes it."""
    if np.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


@cache
def fitted(half: Classes, kind: str, key: str, params: tuple[tuple[str, float], ...]) -> Fit:
    """Begun from the plain loss's weights, as the page says nowhere but a loss with several minima shows."""
    start = fitted(half, kind, PLAIN, ()).weights if key != PLAIN else None
    return train(OBJECTIVES[key], columns(half.features, half.features, kind), half.target, start=start, **dict(params))


def columns(points: np.ndarray, seen: np.ndarray, kind: str) -> np.ndarray:
    """1, u, v (, u², u v, v²) of points, standardised as those that were learned from."""
    u, v = ((points - seen.mean(axis=0)) / seen.std(axis=0)).T
    return np.stack([np.ones_like(u), u, v] + ([u * u, u * v, v * v] if kind == "quadratic" else []), axis=1)


@dataclass(frozen=True)
class Counts:
    """Of points called positive or not."""

    tp: int
    fp: int
    fn: int
    tn: int

    @classmethod
    def of(cls, target: np.ndarray, called: np.ndarray) -> Counts:
        is_positive = target == 1
        return cls(*(int(np.sum(both)) for both in (
            is_positive & called, ~is_positive & called, is_positive & ~called, ~is_positive & ~called)))  # fmt: skip

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else np.nan

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else np.nan

    @property
    def specificity(self) -> float:
        return self.tn / (self.tn + self.fp) if self.tn + self.fp else np.nan

    @property
    def accuracy(self) -> float:
        return (self.tp + self.tn) / self.all

    def cost(self, miss: float) -> float:
        return (miss * self.fn + self.fp) / self.all

    @property
    def all(self) -> int:
        return self.tp + self.fp + self.fn + self.tn


def arrived(show: str = "decisions", words: Mapping[str, str] | None = None) -> Shown:
    """As `/class-imbalance?<words>` shows it; made once."""
    return _arrived(show, tuple((words or {}).items()))


@cache
def _arrived(show: str, words: tuple[tuple[str, str], ...]) -> Shown:
    view, given = VIEWS[f"imbalance_{show}"], dict(words)
    choice = view.defaults | {name: view.param(name).read(given.pop(name)) for name in view.defaults if name in given}
    return Shown(view, choice, reel_values(view.reels(**choice), given))
