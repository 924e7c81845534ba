"""What /class-imbalance shows at an address, and the same worked out by hand from the weights that were trained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit

from core.datasets import RARE, Classes, Halves
from core.models.classifier import Fit, train
from core.models.objectives import OBJECTIVES
from core.stage import Pick, Text, Words
from tests.views import shown

PLAIN = "binary_cross_entropy"


class Shown(shown.Shown):
    """And what its sentences and its models are."""

    @property
    def losses(self) -> tuple[str, ...]:
        return self.choice["losses"]

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
    return Shown(*shown.asked(f"imbalance_{show}", dict(words)))
