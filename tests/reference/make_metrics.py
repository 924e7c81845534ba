"""Writes metrics.json: what scikit-learn makes of labels and scores, with ties, one class, and a single rare positive.

    make reference

It is given probabilities where it asks for them. Null stands where a metric has no value and scikit-learn puts another
number: 0 for a Matthews correlation with an empty row or column, the recall alone for the balanced accuracy of one
class, 1 for the recall without positives. The point that precision_recall_curve adds at recall 0, with a precision of
1, is left out. scikit-learn clips probabilities, which costs digits where scores are beyond 6: log loss comes from the
definition in 60 digits there.
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy.special import expit
from sklearn import metrics
from sklearn.calibration import calibration_curve

from core.metrics import DECISION_METRICS, SCORE_METRICS, confusion

BETAS = [0.25, 0.5, 1.0, 2.0, 4.0]
BINS = [1, 5, 10, 15]


def cases():
    """Names, labels and scores."""
    random = np.random.default_rng(7)

    def made(count, positives, digits):
        target = np.zeros(count)
        target[random.choice(count, positives, replace=False)] = 1
        return target, random.normal(1.6 * target - 0.8, 1.4).round(digits)

    yield "ordinary", *made(40, 17, 6)
    yield "heavy ties", *made(60, 21, 0)
    yield "a rare class", *made(200, 6, 3)
    yield "one positive in 500", *made(500, 1, 1)
    yield "all positive", np.ones(7), made(7, 7, 1)[1]
    yield "all negative", np.zeros(7), made(7, 0, 1)[1]
    yield "all scores equal", np.array([0.0, 1, 1, 0, 0]), np.full(5, 0.3)
    yield "one positive", np.ones(1), np.array([-0.7])
    yield "one negative", np.zeros(1), np.array([-0.7])
    yield "perfect", np.array([0.0, 0, 1, 1]), np.array([-3.0, -1, 0.5, 2])
    yield "upside down", np.array([1.0, 1, 0, 0]), np.array([-3.0, -1, 0.5, 2])
    yield "far out", np.array([0.0, 1, 0, 1, 1, 0]), np.array([-40.0, 40, 40, -40, 40, 0])


def plain(values):
    """JSON has no NaN; the threshold of a curve's first point, +inf, is null too."""
    values = np.asarray(values, dtype=float)
    return np.where(np.isfinite(values), values, None).tolist()


def others(records, data, **names):
    """Every metric as its record spells it, null where the record says that it has no value."""
    called = {key: metric.sklearn % metric.defaults for key, metric in records.items() if metric.sklearn}
    return {
        key: None if records[key].why(*data) else plain(eval(f"metrics.{code}", {"metrics": metrics} | names))
        for key, code in called.items()
    }


def decision(target, score, threshold):
    called = (score >= threshold).astype(float)
    both, varied = len(set(target)) == 2, len(set(called)) == 2
    tn, fp, fn, tp = metrics.confusion_matrix(target, called, labels=[0, 1]).ravel().tolist()
    blank = {"zero_division": np.nan}
    counts = confusion(target, score, threshold)
    return {
        "threshold": float(threshold),
        "counts": {"tp": tp, "fp": fp, "fn": fn, "tn": tn},
        **others(DECISION_METRICS, (counts,), target=target, predicted=called),
        "accuracy": plain(metrics.accuracy_score(target, called)),
        "balanced_accuracy": plain(metrics.balanced_accuracy_score(target, called)) if both else None,
        "precision": plain(metrics.precision_score(target, called, **blank)),
        "recall": plain(metrics.recall_score(target, called, **blank)),
        "specificity": plain(metrics.recall_score(target, called, pos_label=0, **blank)),
        "f_beta": [plain(metrics.fbeta_score(target, called, beta=beta, **blank)) for beta in BETAS],
        "mcc": plain(metrics.matthews_corrcoef(target, called)) if both and varied else None,
    }


def exact_log_loss(target, score):
    with mp.workdps(60):
        return float(
            sum(mp.log(1 + mp.exp(mp.mpf((1 - 2 * y) * z))) for y, z in zip(target, score, strict=True)) / target.size
        )


def of_scores(target, score):
    clipped = np.abs(score).max() > 6
    return others(SCORE_METRICS, (target, score), target=target, score=score, probability=expit(score)) | {
        "roc_auc": plain(metrics.roc_auc_score(target, score)),
        "average_precision": plain(metrics.average_precision_score(target, score)) if target.any() else None,
        "log_loss": exact_log_loss(target, score)
        if clipped
        else plain(metrics.log_loss(target, expit(score), labels=[0, 1])),
        "brier": plain(metrics.brier_score_loss(target, expit(score), pos_label=1)),
    }


def block(name, target, score):
    middle = np.unique(score)[:: max(1, len(set(score)) // 4)]  # scores themselves: ties with the threshold
    thresholds = np.concatenate([[-50.0, 50.0, 0.05], middle])
    roc = metrics.roc_curve(target, score, drop_intermediate=False)
    precision, recall, _ = (part[::-1] for part in metrics.precision_recall_curve(target, score))
    curves = {bins: calibration_curve(target, expit(score), n_bins=bins, pos_label=1) for bins in BINS}
    return {
        "name": name,
        "library": "scikit-learn",
        "version": version("scikit-learn"),
        "script": Path(__file__).name,
        "target": target.astype(int).tolist(),
        "score": score.tolist(),
        "betas": BETAS,
        "decisions": [decision(target, score, threshold) for threshold in thresholds],
        "scores": of_scores(target, score),
        "roc": dict(zip(("x", "y", "thresholds"), map(plain, roc), strict=True)),
        "precision_recall": {
            "x": plain(recall[1:] if target.any() else np.full(len(recall) - 1, np.nan)),
            "y": plain(precision[1:]),
        },
        "calibration": [
            {"bins": bins, "observed": plain(observed), "predicted": plain(predicted)}
            for bins, (observed, predicted) in curves.items()
        ],
    }


def main():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns where it fills in a number: exactly where null stands
        blocks = [block(*case) for case in cases()]
    target = Path(__file__).with_name("metrics.json")
    target.write_text(
        "[\n" + ",\n".join(json.dumps(block, separators=(",", ":"), allow_nan=False) for block in blocks) + "\n]\n"
    )
    print(f"{target}: {len(blocks)} blocks, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
