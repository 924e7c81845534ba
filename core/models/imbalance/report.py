"""A report on trained models in numbers: a table of metrics, and sentences about what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logit

from core.losses.loss import owner_of
from core.metrics import DECISION_METRICS, Metric
from core.models.imbalance.data import COST, SHARE, THRESHOLD, ImbalanceSettings
from core.models.imbalance.measured import Params
from core.models.imbalance.outputs import DIGITS, PROBABILITY_METRICS, RANK_METRICS, Says, says
from core.models.imbalance.test_metrics import (
    NO_PROBABILITY,
    UNTRAINED,
    Column,
    ModelScores,
    baseline_metrics,
    cheapest,
    corrected_metrics,
    decision_metrics,
    model,
    output_metrics,
    rank_metrics,
)
from core.models.objectives import OBJECTIVES, objective_of
from core.numerics import sigmoid
from core.sentences import number_text

BASELINE = "Always negative"
PLAIN = next(iter(OBJECTIVES))  # the loss to which the others are compared


@dataclass(frozen=True)
class Entry:
    """A number of the table, or the reason why there is none; the best of its row is marked."""

    text: str
    best: bool = False


NOTHING = Entry("–")


@dataclass(frozen=True, eq=False)
class Report:
    """The models at the released values of the sliders."""

    settings: ImbalanceSettings
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
        return self.settings.split(self.share).test.target

    @cached_property
    def models(self) -> tuple[ModelScores, ...]:
        return tuple(model(self.settings, self.share, key, self.params(key)) for key in self.losses)

    @cached_property
    def plain(self) -> ModelScores:
        return model(self.settings, self.share, PLAIN, ())

    def params(self, key: str) -> Params:
        return tuple(
            (param.name, self.values.get(f"{owner_of(key)}.{param.name}", param.starts_at))
            for param in objective_of(key).params
        )

    # --- the table ---

    def groups(self) -> dict[str, dict[str, list[Entry]]]:
        """The table's entries by group and row: one for each model, then the baseline's."""
        here = [float(logit(self.threshold))] * len(self.losses)
        mixed = any(says(key) is Says.ORDER for key in self.losses)
        way = {"Corrected by": [*map(correction_entry, self.models), NOTHING]}
        return {
            f"At the threshold {probability_text(self.threshold)}": self.decision_rows(here, with_row=mixed),
            "Each at its own cheapest threshold": self.decision_rows(
                list(map(self.cheapest, self.losses)), with_row=True
            ),
            "At any threshold": rows_of(RANK_METRICS, [rank_metrics(*self.at(key)) for key in self.losses], NOTHING),
            "Outputs taken as probabilities": self.probabilities(
                [output_metrics(*self.at(key)) for key in self.losses]
            ),
            "Corrected probabilities": way
            | self.probabilities([corrected_metrics(*self.at(key)) for key in self.losses]),
        }

    def probabilities(self, columns: Sequence[Column]) -> dict[str, list[Entry]]:
        """The sum and the metrics of probabilities; the baseline gives none."""
        sums = [Entry(why or number_text(total)) for (total, why), *_ in columns]
        row = f"Sum, where {int(self.target.sum()):,} are positive"
        return {row: [*sums, NOTHING]} | rows_of(PROBABILITY_METRICS, [column[1:] for column in columns], NOTHING)

    def at(self, key: str) -> tuple[ImbalanceSettings, float, str, Params]:
        """The arguments that name the model of a loss at the current values."""
        return self.settings, self.share, key, self.params(key)

    def cheapest(self, key: str) -> float:
        """The lowest `drawn_score` that is predicted positive at the least cost on the training set."""
        return cheapest(*self.at(key), self.cost)

    def decision_rows(self, thresholds: Sequence[float], *, with_row: bool) -> dict[str, list[Entry]]:
        """The metrics of what is predicted at these thresholds, in units of `drawn_score`."""
        pairs = list(zip(self.losses, thresholds, strict=True))
        rows = {"Threshold": [*(Entry(loss_threshold_text(*pair)) for pair in pairs), NOTHING]} if with_row else {}
        columns = [decision_metrics(*self.at(key), threshold, self.cost) for key, threshold in pairs]
        return rows | rows_of(DECISION_METRICS, [*columns, baseline_metrics(self.settings, self.share, self.cost)])

    # --- what follows from it ---

    def sentences(self) -> list[str]:
        """Sentences about the number of positives, the cheapest threshold, and each loss compared with plain BCE."""
        sentences = []
        positives, points = int(self.target.sum()), f"{len(self.target):,} points of the test set"
        if positives == 0:
            sentences.append(f"None of the {points} is positive, so recall and precision say nothing.")
        elif positives < FEW:
            are, them = ("is", "it") if positives == 1 else ("are", "them")
            sentences.append(
                f"Only {positives} of the {points} {are} positive: every number about positives rests on {them}."
            )
        if self.plain.test_scores is None:
            return [*sentences, f"{capitalised(self.plain.summary)}."]
        right, found = 1 / (1 + self.cost), self.cheapest(PLAIN)
        sentences.append(
            f"If a false negative costs {cost_text(self.cost)}, the cheapest threshold for calibrated probabilities is "
            f"1 / (1 + {number_text(self.cost)}) = {number_text(right)}. On the training set "
            f"{OBJECTIVES[PLAIN].short} has its lowest cost {place_text(found)}."
        )
        return [
            *sentences,
            *(
                self.comparison_text(model)
                for model in self.models
                if model.key != PLAIN and model.test_scores is not None
            ),
        ]

    def comparison_text(self, model: ModelScores) -> str:
        """A loss compared with plain BCE: its decisions, its ranking and the sum of its probabilities."""
        return f"{self.decision_text(model)} {self.order_text(model)}{self.sum_text(model)}"

    def decision_text(self, model: ModelScores) -> str:
        """The number of points predicted positive, and the threshold at which plain BCE predicts as many."""
        assert model.test_scores is not None
        assert self.plain.test_scores is not None
        name, plain = objective_of(model.key).short, OBJECTIVES[PLAIN].short
        here = float(logit(self.threshold))
        place = (
            f"at a {loss_threshold_text(model.key, here)}"
            if says(model.key) is Says.ORDER
            else f"at {probability_text(self.threshold)}"
        )
        called = model.test_scores >= here
        count = int(called.sum())
        if count in (0, len(called)):
            return f"**{name}** predicts {'everything' if count else 'nothing'} positive {place}."
        order = np.argsort(-self.plain.test_scores, kind="stable")
        last, next_one = self.plain.test_scores[order[count - 1 : count + 1]]
        first = f"**{name}** predicts {count:,} point{'s' * (count != 1)} positive {place}; "
        if last == next_one:
            return f"{first}no threshold of {plain} predicts exactly as many."
        same = int(called[order[:count]].sum())
        alike = ": moving the threshold has nearly the same effect." if same >= ALIKE * count else "."
        same_count = threshold_text((last + next_one) / 2)
        return f"{first}{plain} predicts as many at about {same_count}, {same:,} of them the same{alike}"

    def order_text(self, model: ModelScores) -> str:
        """The area under the ROC curve beside that of plain BCE; "" where it is undefined."""
        at = list(RANK_METRICS).index("roc_auc")
        (own, why), (other, _) = (rank_metrics(*self.at(key))[at] for key in (model.key, PLAIN))
        if why:
            return ""
        name, plain = RANK_METRICS["roc_auc"].short, OBJECTIVES[PLAIN].short
        if f"{own:.3f}" == f"{other:.3f}":
            return f"It ranks the points as well as {plain}: {name} {own:.3f}. "
        return f"It ranks the points with {name} {own:.3f}, {plain} with {other:.3f}. "

    def sum_text(self, model: ModelScores) -> str:
        """The sums of its outputs as probabilities, uncorrected and corrected."""
        (own, _), *_ = output_metrics(*self.at(model.key))
        (right, _), *_ = corrected_metrics(*self.at(model.key))
        (plainly, _), *_ = output_metrics(*self.at(PLAIN))
        others = f"{OBJECTIVES[PLAIN].short}'s to {number_text(plainly)}; there are {int(self.target.sum()):,}."
        match says(model.key):
            case Says.PROBABILITY:
                return f"Its probabilities add up to {number_text(own)} positives, {others}"
            case Says.SHIFTED:
                return (
                    f"Taken as probabilities its outputs add up to {number_text(own)} positives, {others} "
                    f"{self.correction_text(model)} they add up to {number_text(right)}."
                )
            case Says.ORDER:
                return (
                    "Its score is not a probability. Platt scaling on the training set turns it into probabilities, "
                    "which add up to "
                    f"{number_text(right)} positives, {others}"
                )

    def correction_text(self, model: ModelScores) -> str:
        """The formula that turns shifted outputs into probabilities, with the current numbers in it."""
        way = model.correction
        assert way is not None
        if np.isnan(way.weight):
            return "After inverting the relation between score and probability for this loss,"
        weight, p = number_text(way.weight), self.threshold
        right = float(sigmoid(way.log_odds(np.array(logit(p)))))
        return (
            rf"Without the weight, $\operatorname{{logit}} p' = \operatorname{{logit}} p - \log {weight}$ or "
            rf"$p' = p \, / \, (p + {weight} \, (1 - p))$, "
            f"so that {probability_text(p)} becomes {probability_text(right)},"
        )


FEW = 10  # positives
ALIKE = 0.9  # of the points predicted positive


def rows_of(metrics: Mapping[str, Metric], columns: Sequence[Column], *more: Entry) -> dict[str, list[Entry]]:
    """A row for each metric, of the models' columns and whatever stands beside them."""
    rows = {}
    for at, metric in enumerate(metrics.values()):
        found, whys = zip(*(column[at] for column in columns), strict=True)
        rows[row_name(metric)] = [*entries(metric, found, whys), *more]
    return rows


def entries(metric: Metric, found: Sequence[float], whys: Sequence[str]) -> list[Entry]:
    """The cells of a row; what is best is marked, every one of several that read alike."""
    texts = [
        why if why in (UNTRAINED, NO_PROBABILITY) else f"undefined: {why}" if why else metric_text(metric, value)
        for value, why in zip(found, whys, strict=True)
    ]
    there = [value for value in found if np.isfinite(value)]
    if len(set(texts)) < 2 or not there:
        return [Entry(text) for text in texts]
    best = metric_text(metric, max(there) if metric.best == "high" else min(there))
    return [Entry(text, text == best) for text in texts]


def metric_text(metric: Metric, value: float) -> str:
    return f"{100 * round(value, DIGITS):.4g} %" if metric.percent else number_text(value)


def row_name(metric: Metric) -> str:
    return metric.name + (" (lower is better)" if metric.best == "low" else "")


def probability_text(p: float) -> str:
    """A probability; near 1 to more digits, so that it is not rounded to 1."""
    return number_text(p) if p < 0.99 else f"{1 - float(f'{1 - p:.2g}'):.6g}"


def threshold_text(threshold: float) -> str:
    """A threshold, given as a score, as a probability; ±∞ is "always" or "never positive"."""
    if not np.isfinite(threshold):
        return {-np.inf: "always positive", np.inf: "never positive"}.get(threshold, "–")
    less = float(sigmoid(-threshold))  # than 1; the probability itself may not be told from 1
    return probability_text(1 - less) if less > 1e-5 else f"1 − {less:.2g}"


def loss_threshold_text(key: str, threshold: float) -> str:
    """A threshold of a loss; of one whose score is no probability, the score itself."""
    if says(key) is not Says.ORDER or not np.isfinite(threshold):
        return threshold_text(threshold)
    return f"score of {number_text(threshold)}"


def correction_entry(model: ModelScores) -> Entry:
    """The cell that names the correction from outputs to probabilities."""
    if model.correction is None:
        return Entry(UNTRAINED)
    if says(model.key) is Says.PROBABILITY:
        return Entry("no correction needed")
    if says(model.key) is Says.ORDER:
        return Entry("Platt scaling")
    weight = model.correction.weight
    return Entry("inverting its formula" if np.isnan(weight) else f"log-odds − log {number_text(weight)}")


def place_text(threshold: float) -> str:
    """The words for a threshold in a sentence."""
    ends = {-np.inf: "with everything predicted positive", np.inf: "with nothing predicted positive"}
    return ends.get(threshold) or f"at about {threshold_text(threshold)}"


def cost_text(cost: float) -> str:
    if cost < 1:
        return f"1/{number_text(1 / cost)} of a false positive"
    return "as much as a false positive" if cost == 1 else f"as much as {number_text(cost)} false positives"


def capitalised(words: str) -> str:
    return words[0].upper() + words[1:]


def predictions(report: Report) -> dict[str, np.ndarray]:
    """A row for each point of the test set: its features and class, each model's score, probability, prediction.

    The probability is the corrected one, by Platt scaling where the score alone gives none.
    """
    data = report.settings.split(report.share).test
    columns = {str(axis): data.features[:, at] for at, axis in enumerate(data.variables)}
    columns[data.positive] = data.target
    for one in report.models:
        nothing = np.full(len(data), np.nan)
        raw, shown, log_odds = (nothing if part is None else part for part in (one.raw, one.test_scores, one.log_odds))
        probability = "Platt-scaled probability" if says(one.key) is Says.ORDER else "probability"
        columns |= {f"{one.key} score": raw, f"{one.key} {probability}": sigmoid(log_odds)}
        columns[f"{one.key} predicted"] = np.where(np.isnan(shown), np.nan, shown >= logit(report.threshold))
    return columns
