"""Writes classes.json: what scikit-learn makes of made files of labels and probabilities for several classes.

    make reference

Ties, a class that no row has, and one that no row is predicted to have are among them. Null stands where there is no
value and scikit-learn puts a 0, or none.
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn import metrics

LEAST = [0.0, 0.3, 0.4, 0.5]


def files():
    """Names, labels and probabilities."""
    random = np.random.default_rng(23)

    def made(count, classes, sharpness, digits, rates=None):
        target = random.choice(classes, count, p=rates)
        scores = random.normal(0, 1, (count, classes)) + sharpness * np.eye(classes)[target]
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        p = p.round(digits)
        p[:, 0] = (1 - p[:, 1:].sum(axis=1)).round(digits).clip(0)
        return target, p

    for classes in (3, 4, 7):
        yield f"{classes} classes", *made(300, classes, 1.5, 5)
        yield f"{classes} classes, ties", *made(200, classes, 1.0, 2)
    yield "a rare class", *made(400, 3, 1.0, 5, [0.01, 0.29, 0.7])
    yield "a class that no row has", *made(150, 4, 1.5, 5, [0.5, 0.0, 0.2, 0.3])
    target, p = made(150, 3, 1.5, 5)
    p[:, 2] = 0.1 * p[:, 2]
    p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    yield "a class that is hardly predicted", target, p.round(9)


def plain(values):
    return [None if value is None or not np.isfinite(value) else float(value) for value in values]


def expected(target, p):
    labels = range(p.shape[1])
    predicted = p.argmax(axis=1)
    found = {
        "accuracy": metrics.accuracy_score(target, predicted),
        "macro_f1": metrics.f1_score(target, predicted, average="macro"),
        "log_loss": metrics.log_loss(target, p, labels=list(labels)),
        "confusion": [
            metrics.confusion_matrix(target[rows], predicted[rows], labels=list(labels)).tolist()
            for rows in (p.max(axis=1) >= least for least in LEAST)
        ],
    }
    per_class = metrics.precision_recall_fscore_support(
        target, predicted, labels=list(labels), zero_division=np.nan
    )  # undefined is NaN
    found |= dict(zip(("precision", "recall", "f1"), map(plain, per_class[:3]), strict=True))
    found["roc_auc"] = plain(
        metrics.roc_auc_score(target == label, p[:, label]) if (target == label).any() else None for label in labels
    )
    return found


def main():
    warnings.simplefilter("ignore")
    cases = [
        {"name": name, "target": target.tolist(), "probabilities": p.tolist(), **expected(target, p)}
        for name, target, p in files()
    ]
    found = {
        "library": f"scikit-learn {version('scikit-learn')}", "script": Path(__file__).name, "least": LEAST,
        "cases": cases,
    }  # fmt: skip
    Path(__file__).with_name("classes.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
