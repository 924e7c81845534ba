"""Several models' scores of the same labels of 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import logit

from core.models.platt import Platt, platt_scaling
from core.numerics import sigmoid
from core.record import BINARY, REAL, Domain, Interval, numbers

SURE = float(np.finfo(np.float64).eps)  # a probability of 0 is taken as this one, as in scikit-learn; 1 likewise
AMOUNTS = Interval(0.0, 1e100)  # beyond, sums over rows could overflow
SAMPLE_SEED = 0
MOST_FITTED = 50_000  # rows of a class that Platt scaling is fitted to: more would take seconds


@dataclass(frozen=True, eq=False)
class Scored:
    """Labels, target [n] of 0 and 1, and for each model its scores of them, [n] by the model's name.

    amount: [n], what a false negative of the row costs, times the cost ratio; 1 for each where it is None.
    weight: [n], how often the row counts; once where it is None.

    Scores within [0, 1] are probabilities. Any others become probabilities by Platt scaling.

    Raises ValueError for numbers that are not finite, arrays of different lengths, labels of one class only, scores
    that are all equal, negative amounts and weights, and where no model, no amount or no weight is left.
    """

    models: Mapping[str, np.ndarray]
    target: np.ndarray
    amount: np.ndarray | None = None
    weight: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not self.models:
            raise ValueError("at least one model's scores are needed, got none: choose a column of scores")
        target = column("target", self.target, BINARY, "recode the labels, or leave these rows out")
        models = {
            name: column(f"scores of {name}", score, REAL, "leave these rows out")
            for name, score in self.models.items()
        }
        rest = {
            name: None if given is None else column(name, given, AMOUNTS, "leave these rows out")
            for name, given in (("amount", self.amount), ("weight", self.weight))
        }
        for name, values in ({f"scores of {name}": score for name, score in models.items()} | rest).items():
            if values is not None and values.shape != target.shape:
                raise ValueError(f"{name} must have a number for each of {len(target)} rows, got {len(values)}")
        weight = rest["weight"]
        positives = float(target.sum() if weight is None else target @ weight)
        negatives = float(len(target) if weight is None else weight.sum()) - positives
        if positives <= 0 or negatives <= 0:
            raise ValueError(
                f"target must hold both classes, got {positives:g} positives and {negatives:g} negatives: "
                "choose a column with both"
            )
        for name, score in models.items():
            if score.min() == score.max():
                raise ValueError(
                    f"scores of {name} must differ, got {score[0]:g} in every row: such a model ranks nothing, leave "
                    "it out"
                )
        for name, value in {"target": target, "models": models, **rest}.items():
            object.__setattr__(self, name, value)
        if self.amount is not None and not self.lost.any():
            raise ValueError("amount must be above 0 for some positive, got 0 for each: leave the column out")

    def __len__(self) -> int:
        return len(self.target)

    @property
    def names(self) -> list[str]:
        """The models' names."""
        return list(self.models)

    @cached_property
    def mass(self) -> np.ndarray:
        """How often each row counts, [n]."""
        return np.ones(len(self)) if self.weight is None else self.weight

    @cached_property
    def positive(self) -> np.ndarray:
        """How often each row counts as a positive, [n]."""
        return self.mass * self.target

    @cached_property
    def negative(self) -> np.ndarray:
        """How often each row counts as a negative, [n]."""
        return self.mass - self.positive

    @cached_property
    def lost(self) -> np.ndarray:
        """What each row costs as a false negative, at a cost ratio of 1, [n]: 0 for a negative."""
        return self.positive if self.amount is None else self.positive * self.amount

    @cached_property
    def prevalence(self) -> float:
        """The share of positives."""
        return float(self.positive.sum() / self.mass.sum())

    @cached_property
    def mean_amount(self) -> float:
        """The mean amount of a positive; 1 where there are no amounts."""
        return float(self.lost.sum() / self.positive.sum())

    def odds_ratio(self, prevalence: Any) -> np.ndarray:
        """By how much positives count more where their share is another, [...] like it."""
        share = np.asarray(prevalence, dtype=float)
        own = self.prevalence
        return np.where(share == own, 1.0, share / (1 - share) * ((1 - own) / own))  # exactly 1 for the file's own

    @cached_property
    def is_probability(self) -> Mapping[str, bool]:
        """Whether each model's scores are probabilities: within [0, 1]."""
        return {name: bool(score.min() >= 0 and score.max() <= 1) for name, score in self.models.items()}

    @cached_property
    def sample(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows that stand for all, int [m], and how often each counts, [m]: at most MOST_FITTED of either class."""
        rows, mass, random = [], [], np.random.default_rng(SAMPLE_SEED)
        for sums in (self.negative, self.positive):
            own = np.flatnonzero(sums)
            drawn = own if len(own) <= MOST_FITTED else np.sort(random.choice(own, MOST_FITTED, replace=False))
            rows.append(drawn)
            mass.append(sums[drawn] * (sums.sum() / sums[drawn].sum()))
        return np.concatenate(rows), np.concatenate(mass)

    @cached_property
    def platt(self) -> Mapping[str, Platt]:
        """Of each model whose scores are no probabilities, what turns them into log-odds."""
        (rows, mass), found = self.sample, {}
        for name, score in self.models.items():
            if not self.is_probability[name]:
                largest = np.abs(score).max()  # scores of any size and origin are brought to -1 ... 1
                middle = score[0] / largest / 2 + score[-1] / largest / 2
                size = np.abs(score / largest - middle).max()
                unit = (score / largest - middle) / size
                slope, level = platt_scaling(self.target[rows], unit[rows], mass)
                found[name] = Platt(slope / size / largest, level - slope * middle / size)
        return found

    @cached_property
    def log_odds(self) -> Mapping[str, np.ndarray]:
        """The log-odds of y = 1 that each model gives, [n] by its name; finite."""
        return {
            name: log_odds_of(score)
            if self.is_probability[name]
            else self.platt[name].slope * score + self.platt[name].intercept
            for name, score in self.models.items()
        }

    @cached_property
    def probability(self) -> Mapping[str, np.ndarray]:
        """The probability of y = 1 that each model gives, [n] by its name."""
        return {
            name: score if self.is_probability[name] else sigmoid(self.log_odds[name])
            for name, score in self.models.items()
        }

    def ordered(self, name: str) -> np.ndarray:
        """A model's scores in the units in which `cut` gives a threshold, [n].

        Probabilities as they are; of other scores the log-odds, since two probabilities near 1 may be rounded to one.
        """
        return self.models[name] if self.is_probability[name] else self.log_odds[name]

    def cut(self, name: str, threshold: Any) -> np.ndarray:
        """Thresholds of probability [...] in the units of `ordered`."""
        threshold = np.asarray(threshold, dtype=float)
        return threshold if self.is_probability[name] else logit(threshold)

    def threshold(self, name: str, cut: Any) -> np.ndarray:
        """The inverse of `cut`."""
        cut = np.asarray(cut, dtype=float)
        return np.clip(cut, 0.0, 1.0) if self.is_probability[name] else sigmoid(cut)

    def score_at(self, name: str, threshold: Any) -> np.ndarray:
        """The scores of a model, as the file has them, at thresholds of probability [...]."""
        cut = self.cut(name, threshold)
        return cut if self.is_probability[name] else (cut - self.platt[name].intercept) / self.platt[name].slope

    def contradicted(self, name: str) -> int:
        """In how many rows a model gives the label that is right a probability of 0: their log loss is infinite."""
        if not self.is_probability[name]:
            return 0
        score = self.models[name]
        return int(np.count_nonzero((score == 0) & (self.target == 1) | (score == 1) & (self.target == 0)))


def log_odds_of(probability: np.ndarray) -> np.ndarray:
    """The log-odds of probabilities [...], finite: one of 0 or 1 is taken as SURE away from it."""
    return logit(np.clip(probability, SURE, 1 - SURE))


def column(name: str, given: Any, domain: Domain, what_to_do: str) -> np.ndarray:
    """A column of the domain as float64 [n]. Raises ValueError, one sentence with what to do."""
    try:
        values = numbers(name, given, domain)
    except ValueError as error:
        raise ValueError(f"{error}: {what_to_do}") from error
    if values.ndim != 1 or not len(values):
        raise ValueError(f"{name} must hold a number a row, got shape {values.shape}")
    return values
