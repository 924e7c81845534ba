"""How well scores, and the decisions made from them, fit labels of 0 and 1.

A score is the log-odds z, as everywhere here, so the probability is sigmoid(z). A threshold is in units of the score:
an example is called positive where score >= threshold. What is undefined is NaN, and `why` says the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.stats import rankdata

from core.catalogue import BINARY, NON_NEGATIVE, REAL, Domain, Interval, OneOf, Param, Source, Written, collect
from core.losses import LOSSES
from core.losses.check import first_outside
from core.numerics import sigmoid


@dataclass(frozen=True, eq=False)
class Confusion:
    """How many examples were called what: float64 counts of one shape [...].

    Raises ValueError for counts that are negative, not finite, or of different shapes.
    """

    tp: np.ndarray
    fp: np.ndarray
    fn: np.ndarray
    tn: np.ndarray

    def __post_init__(self) -> None:
        counts = {name: _numbers(name, value, NON_NEGATIVE) for name, value in vars(self).items()}
        _one_shape(**counts)
        for name, count in counts.items():
            object.__setattr__(self, name, count[()])  # a count of shape [] is a number

    def __getitem__(self, place: Any) -> Confusion:
        """Some of these, picked as from an array of this shape."""
        return Confusion(self.tp[place], self.fp[place], self.fn[place], self.tn[place])

    @property
    def positives(self) -> np.ndarray:
        return self.tp + self.fn

    @property
    def negatives(self) -> np.ndarray:
        return self.fp + self.tn

    @property
    def called(self) -> np.ndarray:
        """Called positive, rightly or not."""
        return self.tp + self.fp

    @property
    def total(self) -> np.ndarray:
        return self.positives + self.negatives


@dataclass(frozen=True, eq=False)
class Curve:
    """Points of float64 [points], by thresholds that fall from +inf; a coordinate is NaN where it is undefined."""

    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray


@dataclass(frozen=True, eq=False)
class Calibration:
    """Bins of probability: `edges` [bins + 1]; mean probability, share of positives and number of examples [bins]."""

    edges: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray


def confusion(target: Any, score: Any, threshold: Any) -> Confusion:
    """Counts of the shape of `threshold` [...]; -inf calls every example positive, +inf none. Examples are [n].

    Raises ValueError for labels other than 0 and 1, scores that are not finite, thresholds that are NaN, wrong shapes.
    """
    target, score = _examples(target, score)
    threshold = _numbers("threshold", threshold)
    if np.isnan(threshold).any():
        raise ValueError("threshold must be a number or infinite, got nan")
    positive, negative = np.sort(score[target == 1]), np.sort(score[target == 0])
    # In rising order the place of a threshold is the number of scores below it.
    fn, tn = np.searchsorted(positive, threshold), np.searchsorted(negative, threshold)
    return Confusion(tp=positive.size - fn, fp=negative.size - tn, fn=fn, tn=tn)


def always_negative(target: Any) -> Confusion:
    """Nothing called positive: the baseline that a rare class makes look good. ValueError for labels not 0 and 1."""
    target = _numbers("target", target, BINARY)
    return confusion(target, np.zeros_like(target), np.inf)


def roc(target: Any, score: Any) -> Curve:
    """False (x) against true positive rate (y): one point for each distinct score, from (0, 0) to (1, 1).

    Without negatives x is undefined, without positives y. Raises ValueError as `confusion` does.
    """
    thresholds, counts = _every_decision(target, score)
    return Curve(_ratio(counts.fp, counts.negatives), _ratio(counts.tp, counts.positives), thresholds)


def precision_recall(target: Any, score: Any) -> Curve:
    """Recall (x) against precision (y): one point for each distinct score, after one where nothing is called positive.

    There precision is undefined (scikit-learn invents a 1); without positives recall is.
    Raises ValueError as `confusion` does.
    """
    thresholds, counts = _every_decision(target, score)
    return Curve(_ratio(counts.tp, counts.positives), _ratio(counts.tp, counts.called), thresholds)


def _every_decision(target: Any, score: Any) -> tuple[np.ndarray, Confusion]:
    target, score = _examples(target, score)
    thresholds = np.append(np.inf, np.unique(score)[::-1])
    return thresholds, confusion(target, score, thresholds)


class _Counts(OneOf):
    def __str__(self) -> str:
        return f"a whole number from {min(self.values)} to {max(self.values)}"


BIN_COUNTS = _Counts(tuple(range(1, 101)))


def calibration(target: Any, score: Any, bins: Any = 10) -> Calibration:
    """What is predicted against what happens, in bins of probability of one width; NaN where a bin is empty.

    Raises ValueError as `confusion` does, and unless `bins` is a whole number from 1 to 100.
    """
    target, score = _examples(target, score)
    bins = _numbers("bins", bins, BIN_COUNTS)
    if bins.ndim:
        raise ValueError(f"bins must be one number, got shape {bins.shape}")
    bins = int(bins)
    edges, p = np.linspace(0.0, 1.0, bins + 1), sigmoid(score)
    # An edge belongs to the bin below it, as in Guo et al. and in scikit-learn: of ten bins, 0.5 lies in the fifth.
    place = np.searchsorted(edges[1:-1], p)
    count = np.bincount(place, minlength=bins).astype(np.float64)
    predicted, observed = (_ratio(np.bincount(place, of, minlength=bins), count) for of in (p, target))
    return Calibration(edges, predicted, observed, count)


def _ratio(part: Any, whole: Any) -> np.ndarray:
    """part / whole, NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _examples(target: Any, score: Any) -> tuple[np.ndarray, np.ndarray]:
    target, score = _numbers("target", target, BINARY), _numbers("score", score, REAL)
    _one_shape(target=target, score=score)
    if target.ndim != 1:
        raise ValueError(f"target and score must be of shape [n], got {target.shape}")
    return target, score


def _numbers(name: str, given: Any, domain: Domain | None = None) -> np.ndarray:
    """`given` as float64, every number of it in the domain."""
    try:
        array = np.asarray(given)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"{name} must be an array of numbers, got {given!r:.80}") from error
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, got {given!r:.80}")
    array = array.astype(np.float64, copy=False)
    if domain is not None and not domain.holds(array):
        raise ValueError(f"{name} must be {domain}, got {first_outside(array, domain)}")
    return array


def _one_shape(**arrays: np.ndarray) -> None:
    if len({array.shape for array in arrays.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"shapes must be the same, got {shapes}")


class Gap(NamedTuple):
    """A reason why a metric is undefined, and the counts for which it holds."""

    reason: str
    holds: Callable[[Confusion], Any]


NO_EXAMPLES = Gap("there are no examples", lambda c: c.total == 0)
NO_POSITIVES = Gap("there are no positives", lambda c: c.positives == 0)
NO_NEGATIVES = Gap("there are no negatives", lambda c: c.negatives == 0)
NONE_CALLED = Gap("nothing is called positive", lambda c: c.called == 0)
ALL_CALLED = Gap("everything is called positive", lambda c: c.called == c.total)
NOTHING_TO_FIND = Gap("there are no positives, and nothing is called positive", lambda c: c.called + c.fn == 0)


@dataclass(frozen=True, kw_only=True)
class Metric(Written):
    """One metric, and what a person should know of it."""

    name: str
    short: str
    value_of: Callable[..., Any]  # of a Confusion, NaN in its gaps; or of target and score, never asked in a gap
    template: str  # LaTeX, with %(name)s where a parameter stands
    about: str  # one sentence: what it tells, and when it misleads
    source: Source
    gaps: tuple[Gap, ...] = ()
    best: Literal["high", "low"] = "high"
    percent: bool = False  # read as a percentage
    params: tuple[Param, ...] = ()
    key: str = ""

    def _why(self, counts: Confusion, params: Mapping[str, Any]) -> str:
        self.settled(params)  # no reason depends on them; a wrong one is refused here too
        if np.ndim(counts.total):
            raise ValueError(f"one confusion has one reason, got shape {np.shape(counts.total)}; pick one by [place]")
        return next((gap.reason for gap in (NO_EXAMPLES, *self.gaps) if gap.holds(counts)), "")


@dataclass(frozen=True, kw_only=True)
class DecisionMetric(Metric):
    """A metric of what was decided at a threshold. The parameters broadcast with the counts.

    Raises ValueError for a parameter outside its domain, TypeError for one that it does not have.
    """

    def value(self, counts: Confusion, **params: Any) -> np.ndarray:
        """Float64 of the shape of the counts, NaN where undefined."""
        return np.add(self.value_of(counts, **self.settled(params)), 0.0)  # + 0 turns -0 into 0

    def why(self, counts: Confusion, **params: Any) -> str:
        """Why it is undefined for these counts of shape [], "" where it is defined."""
        return self._why(counts, params)


@dataclass(frozen=True, kw_only=True)
class ScoreMetric(Metric):
    """A metric of the scores themselves, whatever the threshold. Raises as DecisionMetric and `confusion` do."""

    def value(self, target: Any, score: Any, **params: Any) -> float:
        """Of examples [n]; NaN where undefined."""
        if self.why(target, score, **params):
            return np.nan
        return float(self.value_of(*_examples(target, score), **self.settled(params)))

    def why(self, target: Any, score: Any, **params: Any) -> str:
        """Why it is undefined for these examples, "" where it is defined."""
        return self._why(confusion(target, score, np.inf), params)


accuracy = DecisionMetric(
    name="Accuracy",
    short="Accuracy",
    value_of=lambda c: _ratio(c.tp + c.tn, c.total),
    template=r"\frac{TP + TN}{TP + FP + FN + TN}",
    about="The share of right calls; with a rare class it is high for calling nothing positive.",
    percent=True,
    source=Source(
        "Sokolova, Lapalme",
        2009,
        "A systematic analysis of performance measures for classification tasks",
        "doi:10.1016/j.ipm.2009.03.002",
    ),
)

balanced_accuracy = DecisionMetric(
    name="Balanced accuracy",
    short="Balanced",
    value_of=lambda c: (_ratio(c.tp, c.positives) + _ratio(c.tn, c.negatives)) / 2,
    gaps=(NO_POSITIVES, NO_NEGATIVES),
    template=r"\frac{1}{2} \left( \frac{TP}{TP + FN} + \frac{TN}{TN + FP} \right)",
    about="The mean of recall and specificity, about ½ for calls made blindly at any rate of positives; with a rare "
    "class it can be high although most of what is called positive is not.",
    percent=True,
    source=Source(
        "Brodersen, Ong, Stephan, Buhmann",
        2010,
        "The Balanced Accuracy and Its Posterior Distribution",
        "doi:10.1109/ICPR.2010.764",
    ),
)

_kent = Source(
    "Kent, Berry, Luehrs, Perry",
    1955,
    "Machine literature searching VIII. Operational criteria for designing information retrieval systems",
    "doi:10.1002/asi.5090060209",
)

precision = DecisionMetric(
    name="Precision",
    short="Precision",
    value_of=lambda c: _ratio(c.tp, c.called),
    gaps=(NONE_CALLED,),
    template=r"\frac{TP}{TP + FP}",
    about="The share of what is called positive that is positive; the same scores have a lower one where positives are "
    "rarer, and calling a single sure one positive makes it 1.",
    percent=True,
    source=_kent,
)

recall = DecisionMetric(
    name="Recall (sensitivity)",
    short="Recall",
    value_of=lambda c: _ratio(c.tp, c.positives),
    gaps=(NO_POSITIVES,),
    template=r"\frac{TP}{TP + FN}",
    about="The share of the positives that is found; calling everything positive makes it 1.",
    percent=True,
    source=_kent,
)

specificity = DecisionMetric(
    name="Specificity",
    short="Specificity",
    value_of=lambda c: _ratio(c.tn, c.negatives),
    gaps=(NO_NEGATIVES,),
    template=r"\frac{TN}{TN + FP}",
    about="The share of the negatives that is left alone; where 1 % are positive, a specificity of 99 % still means "
    "about as many false alarms as there are positives.",
    percent=True,
    source=Source(
        "Yerushalmy",
        1947,
        "Statistical Problems in Assessing Methods of Medical Diagnosis, with Special Reference to X-Ray Techniques",
        "doi:10.2307/4586294",
    ),
)

f_beta = DecisionMetric(
    name="F score",
    short="F score",
    params=(
        Param("beta", "β", default=1.0, low=0.25, high=4.0, step=0.25, latex=r"\beta", domain=Interval(0.01, 100)),
    ),
    value_of=lambda c, *, beta: _ratio((1 + beta**2) * c.tp, (1 + beta**2) * c.tp + beta**2 * c.fn + c.fp),
    gaps=(NOTHING_TO_FIND,),
    template=r"\frac{(1 + %(beta)s^2) \, TP}{(1 + %(beta)s^2) \, TP + %(beta)s^2 \, FN + FP}",
    about="The harmonic mean of precision and recall, with recall β times as important; it never looks at the true "
    "negatives, and it falls with the rate of positives, as precision does.",
    source=Source("Chinchor", 1992, "MUC-4 Evaluation Metrics", "doi:10.3115/1072064.1072067"),
)


def _mcc(c: Confusion) -> np.ndarray:
    # Two factors under a root: sqrt(n * n) is n to the last digit, so that calls without a mistake give exactly 1.
    roots = np.sqrt(c.called * c.positives) * np.sqrt((c.total - c.called) * c.negatives)
    return np.clip(_ratio(c.tp * c.tn - c.fp * c.fn, roots), -1.0, 1.0)  # all mistakes can round to just below


mcc = DecisionMetric(
    name="Matthews correlation (MCC)",
    short="MCC",
    value_of=_mcc,
    gaps=(NO_POSITIVES, NO_NEGATIVES, NONE_CALLED, ALL_CALLED),
    template=r"\frac{TP \cdot TN - FP \cdot FN}{\sqrt{(TP + FP)(TP + FN)(TN + FP)(TN + FN)}}",
    about="The correlation between calls and labels, about 0 for calls made blindly; the same recall and specificity "
    "give a far lower one where positives are rare, so it does not compare across rates.",
    source=Source(
        "Matthews",
        1975,
        "Comparison of the predicted and observed secondary structure of T4 phage lysozyme",
        "doi:10.1016/0005-2795(75)90109-9",
    ),
)

expected_cost = DecisionMetric(
    name="Expected cost",
    short="Cost",
    params=(Param("cost", "c", default=10.0, low=1.0, high=100.0, step=1.0, latex="c", domain=Interval(0, 1e9)),),
    value_of=lambda c, *, cost: _ratio(cost * c.fn + c.fp, c.total),
    template=r"\frac{%(cost)s \, FN + FP}{TP + FP + FN + TN}",
    about="The mean cost of an example, in false alarms, where a missed positive costs c of them; if the probabilities "
    "are right it is least when 1/(1 + c) and more is called positive, and it is only as true as c.",
    best="low",
    source=Source(
        "Elkan", 2001, "The Foundations of Cost-Sensitive Learning", "https://cseweb.ucsd.edu/~elkan/rescale.pdf"
    ),
)


def _roc_auc(target: np.ndarray, score: np.ndarray) -> float:
    # The positives' ranks, less what they would be at the least, count the negatives below each; a tie counts half.
    positives = target.sum()
    return (rankdata(score) @ target - positives * (positives + 1) / 2) / (positives * (target.size - positives))


roc_auc = ScoreMetric(
    name="Area under the ROC curve",
    short="ROC AUC",
    value_of=_roc_auc,
    gaps=(NO_POSITIVES, NO_NEGATIVES),
    template=r"P(z_{+} > z_{-}) + \tfrac{1}{2} P(z_{+} = z_{-})",
    about="The chance that a positive scores higher than a negative; it does not depend on the rate of positives, so "
    "with a rare class it can be high although most of what is called positive is not.",
    source=Source(
        "Hanley, McNeil",
        1982,
        "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve",
        "doi:10.1148/radiology.143.1.7063747",
    ),
)


def _average_precision(target: np.ndarray, score: np.ndarray) -> float:
    curve = precision_recall(target, score)
    return np.diff(curve.x) @ curve.y[1:]


average_precision = ScoreMetric(
    name="Average precision",
    short="AP",
    value_of=_average_precision,
    gaps=(NO_POSITIVES,),
    template=r"\sum_k (R_k - R_{k-1}) \, P_k",
    about="The mean of the precision over recalls from 0 to 1; scores that know nothing get about the rate of "
    "positives, not ½, so it does not compare across rates.",
    source=Source("Buckley, Voorhees", 2000, "Evaluating Evaluation Measure Stability", "doi:10.1145/345508.345543"),
)

log_loss = ScoreMetric(
    name="Log loss",
    short="Log loss",
    value_of=lambda target, score: LOSSES["binary_cross_entropy"].value(score, target).mean(),
    template=r"-\frac{1}{n} \sum_i \left[ y_i \log p_i + (1 - y_i) \log (1 - p_i) \right]",
    about="How surprised the probabilities are by the labels; one confident mistake can outweigh all else, and with a "
    "rare class it is already low for giving every example the rate.",
    best="low",
    source=Source("Good", 1952, "Rational Decisions", "doi:10.1111/j.2517-6161.1952.tb00104.x"),
)

brier = ScoreMetric(
    name="Brier score",
    short="Brier",
    value_of=lambda target, score: LOSSES["brier"].value(score, target).mean(),
    template=r"\frac{1}{n} \sum_i (p_i - y_i)^2",
    about="The mean squared error of the probabilities; giving every example the rate π costs only π(1 − π), so with a "
    "rare class a low one says little.",
    best="low",
    source=LOSSES["brier"].source,
)


def _calibration_error(target: np.ndarray, score: np.ndarray, *, bins: np.ndarray) -> float:
    found = calibration(target, score, bins)
    return np.nansum(found.count * np.abs(found.observed - found.predicted)) / target.size


calibration_error = ScoreMetric(
    name="Expected calibration error",
    short="ECE",
    params=(Param("bins", "M", default=10, low=2, high=50, step=1, latex="M", domain=BIN_COUNTS),),
    value_of=_calibration_error,
    template=r"\sum_{m=1}^{%(bins)s} \frac{n_m}{n} \left| \bar{y}_m - \bar{p}_m \right|",
    about="The mean gap between what is predicted and what happens, over M bins of probability; giving every example "
    "the rate makes it 0, and with a rare class nearly all examples share the first bin.",
    best="low",
    percent=True,
    source=Source("Guo, Pleiss, Sun, Weinberger", 2017, "On Calibration of Modern Neural Networks", "arxiv:1706.04599"),
)

DECISION_METRICS = collect(DecisionMetric, sys.modules[__name__])
SCORE_METRICS = collect(ScoreMetric, sys.modules[__name__])
METRICS: Mapping[str, Metric] = MappingProxyType({**DECISION_METRICS, **SCORE_METRICS})
