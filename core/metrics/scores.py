"""Metrics of the scores themselves, whatever the threshold."""

from __future__ import annotations

from math import inf, log

import numpy as np
from scipy.stats import rankdata

from core.losses import LOSSES
from core.metrics.curves import BIN_COUNTS, calibration, precision_recall
from core.metrics.metric import NO_NEGATIVES, NO_POSITIVES, ScoreMetric
from core.record import Param, Source


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
    about="The chance that a positive scores higher than a negative; a tie counts half. It does not depend on the "
    "rate of positives. So with a rare class it can be high although most of what is predicted positive is not.",
    by_hand=2.5 / 4,  # of 2 x 2 pairs two are in order, one ties and one is not
    sklearn="roc_auc_score(target, score)",
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
    about="The mean of the precision over recalls from 0 to 1. Random scores get about the rate of positives, not ½. "
    "So it cannot be compared across rates.",
    by_hand=1 / 2 * 1 + 1 / 2 * 2 / 4,
    sklearn="average_precision_score(target, score)",
    source=Source("Buckley, Voorhees", 2000, "Evaluating Evaluation Measure Stability", "doi:10.1145/345508.345543"),
)

log_loss = ScoreMetric(
    name="Log loss",
    short="Log loss",
    value_of=lambda target, score: LOSSES["binary_cross_entropy"].value(score, target).mean(),
    template=r"-\frac{1}{n} \sum_i \left[ y_i \log p_i + (1 - y_i) \log (1 - p_i) \right]",
    about="The mean of −log of the probability that is given to each label. One confident mistake can outweigh all "
    "others. With a rare class it is already low if every example gets the rate of positives.",
    of_probabilities=True,
    best="low",
    by_hand=(2 * log(4 / 3) + log(2) + log(4)) / 4,
    range=(0.0, inf),
    sklearn="log_loss(target, probability, labels=[0, 1])",
    source=Source("Good", 1952, "Rational Decisions", "doi:10.1111/j.2517-6161.1952.tb00104.x"),
)

brier = ScoreMetric(
    name="Brier score",
    short="Brier",
    value_of=lambda target, score: LOSSES["brier"].value(score, target).mean(),
    template=r"\frac{1}{n} \sum_i (p_i - y_i)^2",
    about="The mean squared error of the probabilities. Predicting the rate π for every example costs only π(1 − π). "
    "So with a rare class a low value says little.",
    of_probabilities=True,
    best="low",
    by_hand=(1 / 16 + 1 / 16 + 4 / 16 + 9 / 16) / 4,
    sklearn="brier_score_loss(target, probability)",
    source=LOSSES["brier"].source,
)


def _calibration_error(target: np.ndarray, score: np.ndarray, *, bins: np.ndarray) -> float:
    return float(calibration(target, score, bins).error)


calibration_error = ScoreMetric(
    name="Expected calibration error",
    short="ECE",
    params=(Param("bins", "M", default=10, low=2, high=50, step=1, latex="M", domain=BIN_COUNTS),),
    value_of=_calibration_error,
    template=r"\sum_{m=1}^{%(bins)s} \frac{n_m}{n} \left| \bar{y}_m - \bar{p}_m \right|",
    about="The mean gap between predicted and observed frequency, over M bins of probability. Predicting the rate of "
    "positives for every example makes it 0. With a rare class nearly all calibrated probabilities fall in the first "
    "bin.",
    of_probabilities=True,
    best="low",
    percent=True,
    by_hand=(2 * 1 / 4 + 1 / 2 + 1 / 4) / 4,  # the bins around 1/4, 1/2 and 3/4 hold 2, 1 and 1 examples
    source=Source("Guo, Pleiss, Sun, Weinberger", 2017, "On Calibration of Modern Neural Networks", "arxiv:1706.04599"),
)
