"""What the page says in numbers of the models that are shown, once a reel is released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logit

from core.metrics import DECISION_METRICS, SCORE_METRICS, Metric
from core.models.objectives import OBJECTIVES
from core.numerics import sigmoid
from core.views.imbalance.judged import (
    UNTRAINED,
    Column,
    Model,
    cheapest,
    decided,
    model,
    scored,
    undecided,
)
from core.views.imbalance.scene import COST, SHARE, THRESHOLD, Scene
from core.views.imbalance.trial import Params

BASELINE = "Always negative"
PLAIN = next(iter(OBJECTIVES))  # the loss beside which the others are told


@dataclass(frozen=True)
class Entry:
    """A number of the table, or the reason why there is none; the best of its row is marked."""

    text: str
    best: bool = False


NOTHING = Entry("–")


@dataclass(frozen=True, eq=False)
class Report:
    """The models at the released values of the reels."""

    scene: Scene
    losses: tuple[str, ...]
    values: Mapping[str, float]

    @property
    def threshold(self) -> float:
        return self.values[THRESHOLD]

    @property
    def cost(self) -> float:
        return self.values[COST]

    @property
    def share(self) -> float:
        return self.values.get(SHARE, 0.0)

    @cached_property
    def target(self) -> np.ndarray:
        return self.scene.halves(self.share).test.target

    @cached_property
    def models(self) -> tuple[Model, ...]:
        return tuple(model(self.scene, self.share, key, self.params(key)) for key in self.losses)

    @cached_property
    def plain(self) -> Model:
        return model(self.scene, self.share, PLAIN, ())

    def params(self, key: str) -> Params:
        return tuple(
            (param.name, self.values.get(f"{key}.{param.name}", param.starts_at)) for param in OBJECTIVES[key].params
        )

    # --- the table ---

    def groups(self) -> dict[str, dict[str, list[Entry]]]:
        """By group and by row: an entry for each of the models, then the baseline's."""
        return {
            f"At the threshold {chance(self.threshold)}": self.decided(
                [float(logit(self.threshold))] * len(self.losses)
            ),
            "Each at its own cheapest threshold": self.decided(list(map(self.cheapest, self.losses)), told=True),
            "Whatever the threshold": rows_of(SCORE_METRICS, [scored(*self.at(key)) for key in self.losses], NOTHING),
        }

    def at(self, key: str) -> tuple[Scene, float, str, Params]:
        """Which model of a loss is shown."""
        return self.scene, self.share, key, self.params(key)

    def cheapest(self, key: str) -> float:
        """The score from which on it is cheapest to call a point positive, by the half that was learned from."""
        return cheapest(*self.at(key), self.cost)

    def decided(self, thresholds: Sequence[float], *, told: bool = False) -> dict[str, list[Entry]]:
        """The metrics of what is decided at these thresholds, in units of the score."""
        rows = {"Threshold": [*(Entry(cut(threshold)) for threshold in thresholds), NOTHING]} if told else {}
        columns = [
            decided(*self.at(key), threshold, self.cost) for key, threshold in zip(self.losses, thresholds, strict=True)
        ]
        return rows | rows_of(DECISION_METRICS, [*columns, undecided(self.scene, self.share, self.cost)])

    # --- what follows from it ---

    def sentences(self) -> list[str]:
        """What the numbers come to: of few positives, of the threshold, and of each loss beside the plain one."""
        said = []
        positives = int(self.target.sum())
        if positives == 0:
            said.append(
                f"None of the {len(self.target):,} points that judge is positive: nothing can be said of finding any."
            )
        elif positives < FEW:
            said.append(
                f"Only {positives} of the {len(self.target):,} points that judge {'is' if positives == 1 else 'are'} "
                f"positive: every number about positives rests on {'it' if positives == 1 else 'them'}."
            )
        if self.plain.judged is None:
            return [*said, f"{sentence(self.plain.said)}."]
        right, found = 1 / (1 + self.cost), self.cheapest(PLAIN)
        said.append(
            f"Where a miss costs {cost_of(self.cost)}, a model whose probabilities are right is cheapest when it calls "
            f"positive what has a probability of {number(right)} and more, which is 1 / (1 + {number(self.cost)}). On "
            f"the half that it learned from, {OBJECTIVES[PLAIN].short} is cheapest {where(found)}."
        )
        return [
            *said,
            *(self.beside(model) for model in self.models if model.key != PLAIN and model.judged is not None),
        ]

    def beside(self, model: Model) -> str:
        """A loss beside the plain one: the same decisions by another threshold? the same order? the same trust?"""
        assert model.judged is not None
        assert self.plain.judged is not None
        name, plain = OBJECTIVES[model.key].short, OBJECTIVES[PLAIN].short
        called = model.judged >= logit(self.threshold)
        count = int(called.sum())
        if count == 0:
            said = f"**{name}** calls no point positive at {chance(self.threshold)}."
        elif count == len(called):
            said = f"**{name}** calls every point positive at {chance(self.threshold)}."
        else:
            order = np.argsort(-self.plain.judged, kind="stable")
            same = int(called[order[:count]].sum())
            moved = float(sigmoid(self.plain.judged[order[count - 1 : count + 1]].mean()))
            said = (
                f"**{name}** calls {count:,} point{'s' * (count != 1)} positive at {chance(self.threshold)}; {plain} "
                f"calls as many at {chance(moved)}, {same:,} of them the same"
                + (": a threshold in disguise." if same >= DISGUISE * count else ".")
            )
        own, other = (
            dict(zip(SCORE_METRICS, scored(self.scene, self.share, key, self.params(key)), strict=True))["roc_auc"]
            for key in (model.key, PLAIN)
        )
        if not own[1]:
            areas = [f"{area:.3f}" for area, _ in (own, other)]
            said += (
                f" It orders the points as well as {plain} does" if areas[0] == areas[1] else " It orders the points"
            )
            said += f": ROC AUC {areas[0]}" + ("." if areas[0] == areas[1] else f", {plain} {areas[1]}.")
        expected, plainly = (float(sigmoid(scores).sum()) for scores in (model.judged, self.plain.judged))
        return (
            f"{said} Taken as probabilities its scores add up to {number(expected)} positives, {plain}'s to "
            f"{number(plainly)}; there are {int(self.target.sum()):,}."
        )


FEW = 10  # positives
DISGUISE = 0.9  # of the points called positive


def rows_of(metrics: Mapping[str, Metric], columns: Sequence[Column], *more: Entry) -> dict[str, list[Entry]]:
    """A row for each metric, of the models' columns and whatever stands beside them."""
    rows = {}
    for at, metric in enumerate(metrics.values()):
        found, whys = zip(*(column[at] for column in columns), strict=True)
        rows[named(metric)] = [*entries(metric, found, whys), *more]
    return rows


def entries(metric: Metric, found: Sequence[float], whys: Sequence[str]) -> list[Entry]:
    """The cells of a row; what is best is marked, every one of several that read alike."""
    texts = [
        UNTRAINED if why == UNTRAINED else f"undefined: {why}" if why else written(metric, value)
        for value, why in zip(found, whys, strict=True)
    ]
    there = [value for value in found if np.isfinite(value)]
    if len(set(texts)) < 2 or not there:
        return [Entry(text) for text in texts]
    best = written(metric, max(there) if metric.best == "high" else min(there))
    return [Entry(text, text == best) for text in texts]


def written(metric: Metric, value: float) -> str:
    return f"{100 * value:.4g} %" if metric.percent else number(value)


def named(metric: Metric) -> str:
    return metric.name + (" (lower is better)" if metric.best == "low" else "")


def number(value: float) -> str:
    """Three digits, as a person writes them."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def chance(p: float) -> str:
    """A probability: near 1 three digits would round it to what is certain."""
    return number(p) if p < 0.99 else f"{1 - float(f'{1 - p:.2g}'):.6g}"


def cut(threshold: float) -> str:
    """A threshold, given as a score, told as a probability; the two ends are decisions of their own."""
    if not np.isfinite(threshold):
        return {-np.inf: "always positive", np.inf: "never positive"}.get(threshold, "–")
    less = float(sigmoid(-threshold))  # than 1; the probability itself may not be told from 1
    return chance(1 - less) if less > 1e-5 else f"1 − {less:.2g}"


def where(threshold: float) -> str:
    """At which threshold something is so."""
    ends = {-np.inf: "when it calls everything positive", np.inf: "when it calls nothing positive"}
    return ends.get(threshold) or f"at {cut(threshold)}"


def cost_of(cost: float) -> str:
    if cost < 1:
        return f"1/{number(1 / cost)} of a false alarm"
    return "as much as a false alarm" if cost == 1 else f"as much as {number(cost)} false alarms"


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]
