"""The Metric record: a formula of decisions or of scores, what it tells, and where it is undefined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from core.metrics.counts import Confusion, confusion, examples
from core.record import Documented, Param, Source


class Gap(NamedTuple):
    """A reason why a metric is undefined, and the counts for which it holds."""

    reason: str
    holds: Callable[[Confusion], Any]


NO_EXAMPLES = Gap("there are no examples", lambda c: c.total == 0)
NO_POSITIVES = Gap("there are no positives", lambda c: c.positives == 0)
NO_NEGATIVES = Gap("there are no negatives", lambda c: c.negatives == 0)
NONE_PREDICTED_POSITIVE = Gap("nothing is predicted positive", lambda c: c.predicted_positive == 0)
ALL_PREDICTED_POSITIVE = Gap("everything is predicted positive", lambda c: c.predicted_positive == c.total)
NOTHING_TO_FIND = Gap(
    "there are no positives, and nothing is predicted positive", lambda c: c.predicted_positive + c.fn == 0
)


BY_HAND = Confusion(*np.array([6.0, 2.0, 3.0, 9.0]))  # tp, fp, fn, tn
# Labels, and scores of the probabilities 1/4, 3/4, 1/2 and 1/4.
SCORED_BY_HAND = (np.array([0.0, 1.0, 0.0, 1.0]), np.array([-np.log(3), np.log(3), 0.0, -np.log(3)]))


@dataclass(frozen=True, kw_only=True)
class Metric(Documented):
    """One metric, and what a person should know of it."""

    name: str
    short: str
    value_of: Callable[..., Any]  # of a Confusion, NaN in its gaps; or of target and score, never asked in a gap
    template: str  # LaTeX, with %(name)s where a parameter stands
    about: str  # one sentence: what it tells, and when it misleads
    source: Source
    gaps: tuple[Gap, ...] = ()
    by_hand: float  # its value, worked out by hand, at BY_HAND or at SCORED_BY_HAND: a test computes it
    sklearn: str = ""  # a call of sklearn.metrics in target, predicted, score and probability; "" where there is none
    range: tuple[float, float] = (0.0, 1.0)  # the least and the greatest value that it can take
    best: Literal["high", "low"] = "high"
    percent: bool = False  # read as a percentage
    params: tuple[Param, ...] = ()
    key: str = ""

    def _why(self, counts: Confusion, params: Mapping[str, Any]) -> str:
        self.with_defaults(params)  # no reason depends on them; a wrong one is refused here too
        if np.ndim(counts.total):
            raise ValueError(f"one confusion has one reason, got shape {np.shape(counts.total)}; pick one by [place]")
        return next((gap.reason for gap in (NO_EXAMPLES, *self.gaps) if gap.holds(counts)), "")


@dataclass(frozen=True, kw_only=True)
class DecisionMetric(Metric):
    """A metric of what was decided at a threshold. The parameters broadcast with the counts.

    Raises ValueError for a parameter outside its domain, TypeError for one that it does not have.
    """

    def value(self, counts: Confusion, **params: Any) -> np.ndarray:
        """The metric of these counts: float64 of their shape [...], NaN where it is undefined."""
        return np.add(self.value_of(counts, **self.with_defaults(params)), 0.0)  # + 0 turns -0 into 0

    def why(self, counts: Confusion, **params: Any) -> str:
        """Why the metric is undefined for these counts of shape []; "" where it is defined."""
        return self._why(counts, params)

    def whys(self, counts: Confusion) -> list[str]:
        """Why the metric is undefined for each of these counts [n]; "" where it is defined."""
        gaps = (NO_EXAMPLES, *self.gaps)
        return np.select([gap.holds(counts) for gap in gaps], [gap.reason for gap in gaps], "").tolist()


@dataclass(frozen=True, kw_only=True)
class ScoreMetric(Metric):
    """A metric of the scores themselves, whatever the threshold. Raises as DecisionMetric and `confusion` do."""

    of_probabilities: bool = False  # takes the score as log-odds; else only the order of the scores counts

    def value(self, target: Any, score: Any, **params: Any) -> float:
        """The metric of labels [n] and scores [n]; NaN where it is undefined."""
        if self.why(target, score, **params):
            return np.nan
        with np.errstate(over="ignore"):  # a sum of costs of 1.7e308 is infinite
            return float(self.value_of(*examples(target, score), **self.with_defaults(params)))

    def why(self, target: Any, score: Any, **params: Any) -> str:
        """Why the metric is undefined for these labels and scores [n]; "" where it is defined."""
        return self._why(confusion(target, score, np.inf), params)
