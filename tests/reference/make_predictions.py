"""Writes predictions.json: what scikit-learn and model-diagnostics make of files of predictions, made and measured.

    make reference

A deviance of scikit-learn is twice what a loss is above that of a perfect model.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import plotly.data
from model_diagnostics.scoring import ElementaryScore
from sklearn import datasets, metrics

MADE = 50
LEVELS = [0.1, 0.5, 0.8]
THRESHOLDS = 7


def files():
    """Names, truths and predictions: noise of every kind, ties, a constant, huge and tiny numbers."""
    random = np.random.default_rng(23)
    for number in range(MADE):
        count = int(random.integers(2, 40))
        target = [
            random.gamma(2.0, 5.0, count), random.poisson(3.0, count).astype(float),
            random.standard_t(2, count), np.full(count, 4.0), random.normal(0, 1e6, count),
        ][number % 5].round(3)  # fmt: skip
        pred = [
            target + random.normal(0, 1, count), np.abs(target + random.normal(0, 2, count)) + 0.1,
            np.full(count, target.mean()), target.copy(), np.round(target * 0.9),
        ][number // 5 % 5].round(3)  # fmt: skip
        yield f"made {number}", target, pred
    tips, life, iris = plotly.data.tips(), plotly.data.gapminder(), plotly.data.iris()
    measured = {
        "tips": (tips["total_bill"], tips["tip"]), "life": (np.log10(life["gdpPercap"]), life["lifeExp"]),
        "petals": (iris["petal_length"], iris["petal_width"]),
        "diabetes": (datasets.load_diabetes().data[:, 2], datasets.load_diabetes().target),
        "pulse": (datasets.load_linnerud().data[:, 1], datasets.load_linnerud().target[:, 2]),
    }  # fmt: skip
    for name, (x, target) in measured.items():
        x, target = (np.asarray(values, dtype=float)[:200] for values in (x, target))
        slope, intercept = np.polyfit(x, target, 1)
        yield name, target, (intercept + slope * x).round(4)


def losses(target, pred):
    """Mean losses by key, where both libraries define them."""
    found = {
        "squared_error": metrics.mean_squared_error(target, pred),
        "absolute_error": metrics.mean_absolute_error(target, pred),
        **{f"quantile {level}": metrics.mean_pinball_loss(target, pred, alpha=level) for level in LEVELS},
    }
    if np.all(target != 0):
        found["absolute_percentage_error"] = metrics.mean_absolute_percentage_error(target, pred)
    if np.all(target >= 0) and np.all(pred >= 0):
        found["squared_log_error"] = metrics.mean_squared_log_error(target, pred)
    if np.all(target >= 0) and np.all(pred > 0):
        found["poisson"] = metrics.mean_poisson_deviance(target, pred) / 2
        found["tweedie"] = metrics.mean_tweedie_deviance(target, pred, power=1.5) / 2
    return found


def murphy(target, pred):
    """Elementary losses at some thresholds, none of which is a number of the file: there conventions differ."""
    both = np.unique(np.concatenate([target, pred]))
    places = np.unique(np.linspace(0, len(both) - 2, THRESHOLDS).round().astype(int)) if len(both) > 1 else []
    thresholds = [(both[at] + both[at + 1]) / 2 for at in places]
    means = [ElementaryScore(eta=float(at), functional="mean").score_per_obs(target, pred).mean() for at in thresholds]
    quantiles = [
        [ElementaryScore(eta=float(at), functional="quantile", level=level).score_per_obs(target, pred).mean()
         for at in thresholds] for level in LEVELS
    ]  # fmt: skip
    return {"thresholds": thresholds, "mean": means, "quantile": quantiles}


if __name__ == "__main__":
    found = [
        {"name": name, "target": target.tolist(), "pred": pred.tolist(), "losses": losses(target, pred),
         "murphy": murphy(target, pred)} for name, target, pred in files()
    ]  # fmt: skip
    result = {
        "scikit-learn": version("scikit-learn"), "model-diagnostics": version("model-diagnostics"), "levels": LEVELS,
        "files": found,
    }  # fmt: skip
    Path(__file__).with_name("predictions.json").write_text(json.dumps(result) + "\n")
