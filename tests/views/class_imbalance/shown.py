"""What /class-imbalance shows at an address, and the same worked out by hand from the weights that were trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from core.datasets import DATASETS, BinaryData, TrainTest
from core.losses import LOSSES
from core.models.classifier import ClassifierFit, fit_classifier
from core.models.imbalance.report import Report
from core.models.objectives import OBJECTIVES
from core.stage import Text
from tests.views import shown
from tests.views.texts import filled

PLAIN = "binary_cross_entropy"


class Shown(shown.Shown):
    """And what its sentences and its models are."""

    @cached_property
    def report(self) -> Report:
        """What the page says in numbers at these values."""
        return self.view.choose(**self.choice).picture.report(self.values)

    @property
    def losses(self) -> tuple[str, ...]:
        return self.choice["losses"]

    def sentence(self, text: Text, moved: Mapping[str, float]) -> str:
        """A sentence as the browser writes it."""
        return filled(text, {**self.values, **moved})

    def number(self, text: Text, moved: Mapping[str, float]) -> float:
        """The one number that a text shows."""
        (slot,) = text.slots.values()
        return float(self.row(slot, moved))

    # --- by hand ---

    def params(self, key: str, moved: Mapping[str, float]) -> dict[str, float]:
        """A loss's own, as its sliders stand."""
        own = [slider.key for slider in self.stage.sliders if slider.key.startswith(f"{key}.")]
        return {name.partition(".")[2]: self.at(name, moved) for name in own}

    def split(self, moved: Mapping[str, float]) -> TrainTest:
        if self.choice["data"] == "short_lives":
            return DATASETS["short_lives"].split(seed=self.choice["seed"])
        made = {name: self.choice[name] for name in ("overlap", "seed")} | {"points": int(self.choice["points"])}
        return DATASETS[self.choice["data"]].split(share=self.at("share", moved), **made)

    def fit(self, key: str, moved: Mapping[str, float]) -> ClassifierFit:
        params = tuple(self.params(key, moved).items())
        return fitted(self.split(moved).train, self.choice["features"], key, params)

    def raw(self, key: str, data: str, moved: Mapping[str, float]) -> np.ndarray:
        """The scores that the model was trained with."""
        split = self.split(moved)
        points = getattr(split, data).features
        return columns(points, split.train.features, self.choice["features"]) @ self.fit(key, moved).weights

    def score(self, key: str, data: str, moved: Mapping[str, float]) -> np.ndarray:
        """The scores that are drawn, and that the threshold cuts."""
        return READ.get(key, 1.0) * self.raw(key, data, moved)

    def log_odds(self, key: str, moved: Mapping[str, float]) -> np.ndarray:
        """The test set's scores corrected to log-odds."""
        z = self.raw(key, "test", moved)
        if key in ORDER:
            slope, level = platt(self.split(moved).train.target, self.raw(key, "train", moved).tobytes())
            return slope * z + level
        loss, params = LOSSES.get(key), self.params(key, moved)
        if key == "class_balanced":  # the minimum moves by the ratio of the weights, Cui et al.'s of the counts
            loss, params = LOSSES["weighted_binary_cross_entropy"], {"pos_weight": self.weight(key, moved)}
        assert loss
        # A score is the best one where p L1' + (1 - p) L0' = 0.
        up, down = loss.grad(z, 0, **params), -loss.grad(z, 1, **params)
        return np.log(up) - np.log(down)

    def weight(self, key: str, moved: Mapping[str, float]) -> float:
        """Of the positives, as it was trained with."""
        if key != "class_balanced":
            return self.params(key, moved)["pos_weight"]
        beta, y = self.params(key, moved)["beta"], self.split(moved).train.target
        counts = [int(np.sum(y == label)) for label in (0, 1)]
        negatives, positives = counts if beta == 1 else [1 - beta**count for count in counts]
        return negatives / positives

    def counts(self, key: str, moved: Mapping[str, float], data: str = "test") -> Counts:
        target = getattr(self.split(moved), data).target
        return Counts.of(target, expit(self.score(key, data, moved)) >= self.at("threshold", moved))


ORDER = ("hinge", "squared_hinge", "soft_f1", "dice")  # losses whose score is no probability
SHIFTED = ("weighted_binary_cross_entropy", "class_balanced", "focal")  # and whose score is a probability moved away
READ = {"exponential": 2.0}  # the log-odds that one unit of the score is, where it is not one


def platt(target: np.ndarray, scores: bytes) -> tuple[float, float]:
    """Slope and level of the logistic regression on a score alone, at the targets of Platt (1999), section 2.2."""
    return _platt(target.tobytes(), scores)


@cache
def _platt(targets: bytes, scores: bytes) -> tuple[float, float]:
    y, z = np.frombuffer(targets), np.frombuffer(scores)
    t = np.where(y == 1, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
    if np.ptp(z) < 1e-6:
        return 0.0, float(logit(t.mean()))
    middle, spread = z.mean(), z.std()
    x = (z - middle) / spread

    def loss(w: np.ndarray) -> float:
        s = w[0] * x + w[1]
        return float(np.mean(t * np.logaddexp(0, -s) + (1 - t) * np.logaddexp(0, s)))

    w = minimize(loss, np.array([1.0, logit(t.mean())]), method="Nelder-Mead",
                 options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 4000}).x  # fmt: skip
    return float(w[0] / spread), float(w[1] - w[0] * middle / spread)


@cache
def fitted(data: BinaryData, kind: str, key: str, params: tuple[tuple[str, float], ...]) -> ClassifierFit:
    """Begun from the plain loss's weights, as the page says nowhere but a loss with several minima shows."""
    start = fitted(data, kind, PLAIN, ()).weights if key != PLAIN else None
    return fit_classifier(
        OBJECTIVES[key], columns(data.features, data.features, kind), data.target, start=start, **dict(params)
    )


def columns(points: np.ndarray, seen: np.ndarray, kind: str) -> np.ndarray:
    """1, u, v (, u², u v, v²) of points, standardised as those that were learned from."""
    u, v = ((points - seen.mean(axis=0)) / seen.std(axis=0)).T
    return np.stack([np.ones_like(u), u, v] + ([u * u, u * v, v * v] if kind == "quadratic" else []), axis=1)


@dataclass(frozen=True)
class Counts:
    """Of points predicted positive or not."""

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
