"""Writes scored.json: what scikit-learn makes of files of scores and labels, made ones and real ones.

    make reference

Among them are weights, ties and rare positives. Isotonic regression and Platt scaling are fitted to the even rows and
applied to the odd ones. scikit-learn fits Platt's slope by BFGS, to about five digits.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.special import expit
from sklearn import metrics
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

THRESHOLDS = [0.1, 0.3, 0.5, 0.8]
BINS = 10
MOST_ROWS = 600  # of a real file


def files():
    """Names, labels, scores and weights, or None."""
    random = np.random.default_rng(19)

    def made(count, rate, digits, *, probability=True):
        z = random.normal(rate, 1.5, count)
        target = (random.random(count) < expit(z)).astype(float)
        seen = z + random.normal(0.5, 0.5, count)
        return target, (expit(seen) if probability else 10 * seen).round(digits)

    for count in (40, 60, 90, 150, 250, 500):
        yield f"probabilities, {count} rows", *made(count, -1.0, 6), None
        yield f"heavy ties, {count} rows", *made(count, -0.5, 1), None
        yield f"rare positives, {count} rows", *made(count, -3.0, 4), None
        yield f"weights, {count} rows", *made(count, -1.0, 5), random.exponential(1.0, count).round(3) + 0.001
        yield f"ties and whole weights, {count} rows", *made(count, -0.5, 1), random.integers(0, 4, count)
        yield f"margins, {count} rows", *made(count, -1.0, 3, probability=False), None
        yield (
            f"margins and weights, {count} rows",
            *made(count, -1.0, 1, probability=False),
            random.integers(1, 5, count),
        )
    target, score = made(80, 0.0, 5)
    yield "perfect", target, np.where(target == 1, 0.5 + score / 2, score / 2.1).round(6), None
    yield "upside down", target, (1 - score).round(5), None
    yield "zeros and ones among them", target, np.where(score > 0.9, 1.0, np.where(score < 0.1, 0.0, score)), None


def real_files():
    """Rows that a logistic regression has not seen, of data that come with scikit-learn."""
    for name, data, positive in (
        ("breast cancer", load_breast_cancer(), lambda target: target == 0),
        ("iris", load_iris(), lambda target: target == 1),
        ("wine", load_wine(), lambda target: target == 1),
        ("digits", load_digits(), lambda target: target == 8),
        ("diabetes", load_diabetes(), lambda target: target > 200),
    ):
        target = positive(data.target).astype(float)
        order = np.random.default_rng(5).permutation(len(target))[:MOST_ROWS]
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(data.data[order[::2]], target[order[::2]])
        seen = order[1::2]
        yield f"{name}, probabilities", target[seen], model.predict_proba(data.data[seen])[:, 1].round(9), None
        yield f"{name}, margins", target[seen], model.decision_function(data.data[seen]).round(6), None


def expected(target, score, weight):
    is_probability = bool(score.min() >= 0 and score.max() <= 1)
    found = {
        "roc_auc": metrics.roc_auc_score(target, score, sample_weight=weight),
        "average_precision": metrics.average_precision_score(target, score, sample_weight=weight),
    }
    fitted, measured = slice(None, None, 2), slice(1, None, 2)
    own = None if weight is None else weight[fitted].astype(float)
    isotonic = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    isotonic.fit(score[fitted], target[fitted], sample_weight=own)
    platt = _SigmoidCalibration().fit(score[fitted].copy(), target[fitted].copy(), sample_weight=own)
    found["isotonic"] = isotonic.predict(score[measured]).tolist()
    found["platt"] = [-float(platt.a_), -float(platt.b_)]
    if is_probability:
        found["log_loss"] = metrics.log_loss(target, score, sample_weight=weight)
        found["brier"] = metrics.brier_score_loss(target, score, sample_weight=weight)
        found["confusion"] = [
            metrics.confusion_matrix(target, score >= threshold, sample_weight=weight).ravel().tolist()
            for threshold in THRESHOLDS
        ]  # tn, fp, fn, tp
        observed, predicted = calibration_curve(target, score, n_bins=BINS)
        found["calibration"] = None if weight is not None else [predicted.tolist(), observed.tolist()]
    return found


def main():
    cases = []
    for name, target, score, weight in (*files(), *real_files()):
        cases.append({
            "name": name, "target": target.tolist(), "score": score.tolist(),
            "weight": None if weight is None else np.asarray(weight, dtype=float).tolist(),
            **expected(target, score, weight),
        })  # fmt: skip
    found = {
        "library": f"scikit-learn {version('scikit-learn')}", "script": Path(__file__).name, "thresholds": THRESHOLDS,
        "cases": cases,
    }  # fmt: skip
    Path(__file__).with_name("scored.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
