"""Writes classifier.json: what other libraries make of the batch losses, and where they end in training a classifier.

    make reference

Batch losses: their definitions in PyTorch, in float64 with its autograd, and MONAI's DiceLoss. Classifiers: on features
that scikit-learn scales and multiplies, its own models where it has them; else the definitions in PyTorch, taken down
by its L-BFGS from many starts, of which the lowest end is kept. This project's own code is only compared, at the end.
"""

import json
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from monai.losses import DiceLoss
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from core.losses import BATCH_LOSSES
from core.models.classifier import Features, fit_classifier
from core.models.objectives import OBJECTIVES

torch.set_default_dtype(torch.float64)

PENALTY = 1e-3
STARTS = 40


def soft_f1(z, y, smooth):
    p = torch.sigmoid(z)
    return 1 - (2 * (p * y).sum() + smooth) / (p.sum() + y.sum() + smooth)


def dice(z, y, smooth):
    p = torch.sigmoid(z)
    return 1 - (2 * (p * y).sum() + smooth) / ((p * p).sum() + (y * y).sum() + smooth)


def focal(z, y, gamma, alpha):
    log_true = logsigmoid((2 * y - 1) * z)
    weight = torch.where(y == 1, alpha, 1 - alpha)
    return (-weight * (1 - log_true.exp()) ** gamma * log_true).mean()


DEFINITIONS = {
    "soft_f1": soft_f1,
    "dice": dice,
    "focal": focal,
    "brier": lambda z, y: (torch.sigmoid(z) - y).square().mean(),
    "squared_hinge": lambda z, y: torch.relu(1 - (2 * y - 1) * z).square().mean(),
    "exponential": lambda z, y: torch.exp(-(2 * y - 1) * z).mean(),
    "weighted_binary_cross_entropy": lambda z, y, pos_weight: binary_cross_entropy_with_logits(
        z, y, pos_weight=torch.tensor(pos_weight)
    ),
}


def batches():
    random = np.random.default_rng(0)
    for n, spread, share in ((12, 2.0, 0.5), (40, 6.0, 0.1), (5, 1.0, 0.0), (6, 30.0, 1.0)):
        yield np.round(random.normal(0, spread, n), 4), (np.arange(n) < share * n).astype(float)


def monai(key, smooth):
    def loss(z, y):
        theirs = DiceLoss(
            sigmoid=True, squared_pred=key == "dice", smooth_nr=smooth, smooth_dr=smooth, reduction="none"
        )
        return theirs(z[None, None], y[None, None]).squeeze()

    return loss


def batch_blocks():
    for key in ("soft_f1", "dice"):
        for smooth in (0.0, 1.0, 10.0):
            written = {"torch": partial(DEFINITIONS[key], smooth=smooth), "monai": monai(key, smooth)}
            for pred, target in batches():
                for library, loss in written.items():
                    z = torch.tensor(pred, requires_grad=True)
                    value = loss(z, torch.tensor(target))
                    (grad,) = torch.autograd.grad(value, z)
                    yield {
                        "key": key,
                        "params": {"smooth": smooth},
                        "pred": pred.tolist(),
                        "target": target.tolist(),
                        "library": library,
                        "version": version(library),
                        "value": value.item(),
                        "grad": grad.tolist(),
                    }


def lowest(key, basis, target, params):
    """Weights of the lowest of the minima that L-BFGS finds."""
    x, y = torch.tensor(basis), torch.tensor(target)
    random, best = np.random.default_rng(1), (None, np.inf)

    def objective(w):
        return DEFINITIONS[key](x @ w, y, **params) + PENALTY * w[1:].square().sum()

    for start in random.normal(0, 1.5, (STARTS, basis.shape[1])):
        w = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [w], max_iter=2000, history_size=30, tolerance_grad=1e-13, tolerance_change=0, line_search_fn="strong_wolfe"
        )

        def closure(w=w, optimizer=optimizer):
            optimizer.zero_grad()
            value = objective(w)
            value.backward()
            return value

        optimizer.step(closure)
        value = closure().item()
        if w.grad.abs().max() < 1e-8 and value < best[1]:
            best = w.detach().numpy().copy(), value
    assert best[0] is not None, (key, params)
    return best[0]


def scikit(key, basis, target, params):
    """The same from scikit-learn, whose penalty is |w|^2 / 2 against C times a sum."""
    strength = 1 / (2 * len(target) * PENALTY)
    if key == "hinge":
        model = SVC(kernel="linear", C=strength, tol=1e-12).fit(basis[:, 1:], target)
    else:
        weights = {0: 1.0, 1: params.get("pos_weight", 1.0)}
        model = LogisticRegression(C=strength, tol=1e-13, solver="newton-cholesky", class_weight=weights, max_iter=1000)
        model.fit(basis[:, 1:], target)
    return np.concatenate([model.intercept_, model.coef_[0]])


def data():
    random = np.random.default_rng(3)
    common, rare = random.normal(size=(136, 2)), random.normal(size=(24, 2)) * 0.8 + [1.6, -0.9]
    points = np.round(np.concatenate([common, rare]) * [3.0, 0.2] + [40.0, -1.0], 5)
    return points, np.repeat([0.0, 1.0], [136, 24])


CASES = [
    ("binary_cross_entropy", {}),
    ("weighted_binary_cross_entropy", {"pos_weight": 17.0}),
    ("weighted_binary_cross_entropy", {"pos_weight": 136 / 24}),
    ("class_balanced", {"beta": 1.0}),
    ("focal", {"gamma": 2.0, "alpha": 0.25}),
    ("focal", {"gamma": 5.0, "alpha": 0.9}),
    ("focal", {"gamma": 0.5, "alpha": 0.5}),
    ("brier", {}),
    ("hinge", {}),
    ("squared_hinge", {}),
    ("exponential", {}),
    ("soft_f1", {"smooth": 1.0}),
    ("soft_f1", {"smooth": 0.0}),
    ("dice", {"smooth": 1.0}),
    ("dice", {"smooth": 0.0}),
]


def fit_blocks():
    points, target = data()
    for degree, kind in ((1, "linear"), (2, "quadratic")):
        basis = PolynomialFeatures(degree).fit_transform(StandardScaler().fit_transform(points))
        for key, params in CASES:
            if key in ("binary_cross_entropy", "weighted_binary_cross_entropy", "class_balanced", "hinge"):
                theirs = {"pos_weight": 136 / 24} if key == "class_balanced" else params
                library, weights = "scikit-learn", scikit(key, basis, target, theirs)
            else:
                library, weights = "torch", lowest(key, basis, target, params)
            ours = fit_classifier(
                OBJECTIVES[key], Features.of(points, kind).basis(points), target, penalty=PENALTY, **params
            )
            value = OBJECTIVES[key].value(basis @ weights, target, **params) + PENALTY * weights[1:] @ weights[1:]
            print(key, params, kind, library, np.abs(ours.weights - weights).max(), ours.value - value, ours.summary)
            yield {
                "key": key,
                "params": params,
                "kind": kind,
                "penalty": PENALTY,
                "library": library,
                "version": version(library),
                "weights": weights.tolist(),
                "value": float(value),
            }


def main():
    points, target = data()
    blocks = {"batch": list(batch_blocks()), "points": points.tolist(), "target": target.tolist()}
    blocks["fits"] = list(fit_blocks())
    for block in blocks["batch"]:
        ours = BATCH_LOSSES[block["key"]].value(block["pred"], block["target"], **block["params"])
        np.testing.assert_allclose(ours, block["value"], rtol=1e-12, atol=1e-14)
    path = Path(__file__).with_name("classifier.json")
    path.write_text(json.dumps(blocks, separators=(",", ":"), allow_nan=False).replace("},{", "},\n{") + "\n")
    print(f"{path}: {len(blocks['batch'])} batches, {len(blocks['fits'])} fits, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
