"""Metrics of what is decided at a threshold."""

from __future__ import annotations

from math import sqrt

import numpy as np

from core.metrics.counts import Confusion, ratio
from core.metrics.metric import (
    ALL_PREDICTED_POSITIVE,
    NO_NEGATIVES,
    NO_POSITIVES,
    NONE_PREDICTED_POSITIVE,
    NOTHING_TO_FIND,
    DecisionMetric,
)
from core.record import Interval, Param, Source

accuracy = DecisionMetric(
    name="Accuracy",
    short="Accuracy",
    value_of=lambda c: ratio(c.tp + c.tn, c.total),
    template=r"\frac{TP + TN}{TP + FP + FN + TN}",
    about="The share of correct predictions. With a rare class it is high even if nothing is predicted positive.",
    percent=True,
    by_hand=15 / 20,
    sklearn="accuracy_score(target, predicted)",
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
    value_of=lambda c: (ratio(c.tp, c.positives) + ratio(c.tn, c.negatives)) / 2,
    gaps=(NO_POSITIVES, NO_NEGATIVES),
    template=r"\frac{1}{2} \left( \frac{TP}{TP + FN} + \frac{TN}{TN + FP} \right)",
    about="The mean of recall and specificity. It is about ½ for random predictions at any rate of positives. With a "
    "rare class it can be high although most of what is predicted positive is not.",
    percent=True,
    by_hand=(6 / 9 + 9 / 11) / 2,
    sklearn="balanced_accuracy_score(target, predicted)",
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
    value_of=lambda c: ratio(c.tp, c.predicted_positive),
    gaps=(NONE_PREDICTED_POSITIVE,),
    template=r"\frac{TP}{TP + FP}",
    about="The share of what is predicted positive that is positive. At the same recall and specificity it is lower "
    "where positives are rarer. A single prediction of “positive”, if it is right, makes it 1.",
    percent=True,
    by_hand=6 / 8,
    sklearn="precision_score(target, predicted)",
    source=_kent,
)

recall = DecisionMetric(
    name="Recall (sensitivity)",
    short="Recall",
    value_of=lambda c: ratio(c.tp, c.positives),
    gaps=(NO_POSITIVES,),
    template=r"\frac{TP}{TP + FN}",
    about="The share of the positives that is predicted positive. Predicting everything positive makes it 1.",
    percent=True,
    by_hand=6 / 9,
    sklearn="recall_score(target, predicted)",
    source=_kent,
)

specificity = DecisionMetric(
    name="Specificity",
    short="Specificity",
    value_of=lambda c: ratio(c.tn, c.negatives),
    gaps=(NO_NEGATIVES,),
    template=r"\frac{TN}{TN + FP}",
    about="The share of the negatives that is predicted negative. Where 1 % are positive, a specificity of 99 % still "
    "means about as many false positives as there are positives.",
    percent=True,
    by_hand=9 / 11,
    sklearn="recall_score(target, predicted, pos_label=0)",
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
    value_of=lambda c, *, beta: ratio((1 + beta**2) * c.tp, (1 + beta**2) * c.tp + beta**2 * c.fn + c.fp),
    gaps=(NOTHING_TO_FIND,),
    template=r"\frac{(1 + %(beta)s^2) \, TP}{(1 + %(beta)s^2) \, TP + %(beta)s^2 \, FN + FP}",
    about="The weighted harmonic mean of precision and recall, with recall β times as important. It ignores the true "
    "negatives, and falls with the rate of positives, as precision does.",
    by_hand=12 / 17,
    sklearn="fbeta_score(target, predicted, beta=%(beta)s)",
    source=Source("Chinchor", 1992, "MUC-4 Evaluation Metrics", "doi:10.3115/1072064.1072067"),
)


def _mcc(c: Confusion) -> np.ndarray:
    # Two factors under a root: sqrt(n * n) is n to the last digit, so that no mistakes give exactly 1.
    roots = np.sqrt(c.predicted_positive * c.positives) * np.sqrt((c.total - c.predicted_positive) * c.negatives)
    return np.clip(ratio(c.tp * c.tn - c.fp * c.fn, roots), -1.0, 1.0)  # all mistakes can round to just below


mcc = DecisionMetric(
    name="Matthews correlation (MCC)",
    short="MCC",
    value_of=_mcc,
    gaps=(NO_POSITIVES, NO_NEGATIVES, NONE_PREDICTED_POSITIVE, ALL_PREDICTED_POSITIVE),
    template=r"\frac{TP \cdot TN - FP \cdot FN}{\sqrt{(TP + FP)(TP + FN)(TN + FP)(TN + FN)}}",
    about="The correlation between predictions and labels, about 0 for random predictions. The same recall and "
    "specificity give a far lower value where positives are rare. So it cannot be compared across rates.",
    by_hand=48 / sqrt(8 * 9 * 12 * 11),
    range=(-1.0, 1.0),
    sklearn="matthews_corrcoef(target, predicted)",
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
    params=(
        Param("cost", "c", default=1.0, low=1.0, high=100.0, step=1.0, latex="c", domain=Interval(0, 1e9), neutral=1.0),
    ),
    value_of=lambda c, *, cost: ratio(cost * c.fn + c.fp, c.total),
    template=r"\frac{%(cost)s \, FN + FP}{TP + FP + FN + TN}",
    about="The mean cost of an example, where a false positive costs 1 and a false negative costs c. If the "
    "probabilities are calibrated, it is lowest at the threshold 1/(1 + c). It is only as good as the choice of c.",
    best="low",
    by_hand=5 / 20,
    source=Source(
        "Elkan", 2001, "The Foundations of Cost-Sensitive Learning", "https://cseweb.ucsd.edu/~elkan/rescale.pdf"
    ),
)
