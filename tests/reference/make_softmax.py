"""Writes softmax.json: scikit-learn's softmax regressions of iris and of overlapping clouds, and its metrics of them.

    make reference

LogisticRegression minimises C (sum of log losses) + |w|^2 / 2, so C = 1 / (2 n penalty). Iris comes from scikit-learn,
whose file has the rows of Fisher's paper. This project's own code is only compared, at the end.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, f1_score, log_loss
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from core.losses import LOSSES
from core.models.classifier import Features
from core.models.softmax_regression import SoftmaxProblem, fit


def flowers():
    data = load_iris()
    return data.data[:, 2:], data.target


def clouds():
    random = np.random.default_rng(4)
    target = np.repeat([0, 1, 2], [30, 50, 20])
    return np.round(np.array([[0, 0], [2, 1], [-1, 3]])[target] + random.normal(size=(100, 2)), 5), target


def blocks():
    for data, (points, target) in (("flowers", flowers()), ("clouds", clouds())):
        for degree, kind in ((1, "linear"), (2, "quadratic")):
            basis = PolynomialFeatures(degree).fit_transform(StandardScaler().fit_transform(points))
            for penalty in (1e-4, 1e-2):
                model = LogisticRegression(
                    C=1 / (2 * len(target) * penalty), tol=1e-13, solver="newton-cholesky", max_iter=1000
                ).fit(basis[:, 1:], target)
                probabilities = model.predict_proba(basis[:, 1:])
                problem = SoftmaxProblem.of(
                    LOSSES["categorical_cross_entropy"], Features.of(points, kind).basis(points), target, classes=3,
                    penalty=penalty,
                )  # fmt: skip
                weights = np.column_stack([model.intercept_, model.coef_])
                ours = fit(problem).theta[0].reshape(weights.shape)
                print(data, kind, penalty, np.abs(ours - ours.mean(0) - weights + weights.mean(0)).max())
                yield {
                    "data": data,
                    "kind": kind,
                    "penalty": penalty,
                    "weights": (weights - weights.mean(axis=0)).tolist(),
                    "log_loss": log_loss(target, probabilities),
                    "accuracy": accuracy_score(target, model.predict(basis[:, 1:])),
                    "macro_f1": f1_score(target, model.predict(basis[:, 1:]), average="macro"),
                    "brier": brier_score_loss(target, probabilities, labels=[0, 1, 2], scale_by_half=False),
                    "confusion": confusion_matrix(target, model.predict(basis[:, 1:])).tolist(),
                }


def main():
    data = {
        name: {"points": points.tolist(), "target": target.tolist()}
        for name, (points, target) in (("flowers", flowers()), ("clouds", clouds()))
    }
    found = {"library": "scikit-learn", "version": version("scikit-learn"), "data": data, "fits": list(blocks())}
    path = Path(__file__).with_name("softmax.json")
    path.write_text(json.dumps(found, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{") + "\n")
    print(f"{path}: {len(found['fits'])} fits, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
