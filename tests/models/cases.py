"""Problems to fit, and independent judgements of an answer: by its slopes to all sides, and by linear programming."""

import numpy as np
from scipy.optimize import linprog

from core.datasets import DATASETS
from core.losses import LOSSES, losses_that_fit

FITTED = list(losses_that_fit("line").values())
CONVEX = [loss for loss in FITTED if loss.convex]
OTHERS = [loss for loss in LOSSES.values() if loss not in FITTED]


def extremes(loss):
    """The defaults, and each parameter at each end of its slider."""
    return [loss.defaults] + [loss.defaults | {p.name: end} for p in loss.params for end in (p.low, p.high)]


SETTINGS = [(loss, params) for loss in FITTED for params in extremes(loss)]


def setting_name(value):
    return (
        value.key if hasattr(value, "key") else " ".join(f"{name}={number:g}" for name, number in value.items()) or "-"
    )


def tips_with_outliers(value=40.0, count=5):
    data = DATASETS["tips"].load()
    return np.append(data.x, np.full(count, 48.0)), np.append(data.target, np.full(count, value))


def samples():
    """(name, x, target): a few shapes of data, none with a target of 0, which a percentage error cannot take."""
    rng, line = np.random.default_rng(3), DATASETS["made"].load(5)
    x = rng.uniform(-4, 9, size=15)
    return {
        "tips": tips_with_outliers(),
        "made": (line.x, line.target),
        "few": (x[:7], 1 + 2 * x[:7] + 3 * rng.standard_cauchy(7)),
        "ties": (np.repeat([1.0, 2.0, 5.0], 4), np.array([1, 1, 2, 9, 3, 3, 3, -4, 6, 6, 20, 6.0])),
        "far from 0": (1e4 + x, 5e3 - 3 * x + rng.normal(size=15)),
        "exact": (np.arange(1.0, 9), 3 - 0.5 * np.arange(1.0, 9) + 10),
    }


def objective(loss, theta, x, target, weights=1.0, **params):
    """The weighted sum at lines theta [..., 2] (intercept, slope), or at constants theta [...] when x is None."""
    theta = np.asarray(theta)
    pred = theta[..., None] if x is None else theta[..., :1] + theta[..., 1:] * x
    return np.sum(weights * loss.value(pred, target, **params), axis=-1)


def least_descent(loss, theta, x, target, **params):
    """The smallest one-sided slope of the objective at theta, as a share of all the points' slopes together.

    One-sided slopes along every direction that matters in a plane: 360 of them, and those along which a point that the
    line touches stays touched. At a minimum none is below 0. It asks each point for its slope a little to that side.
    """
    if x is None:
        ways, columns = np.array([[1.0], [-1.0]]), np.ones((1, len(target)))
        pred = np.full(len(target), theta)
    else:
        middle, spread = x.mean(), x.std()
        u = (x - middle) / spread
        columns = np.stack([np.ones_like(u), u])
        pred = theta[0] + theta[1] * x
        turns = np.linspace(0, 2 * np.pi, 360, endpoint=False)
        touching = np.stack([-u, np.ones_like(u)], 1) / np.hypot(u, 1)[:, None]
        ways = np.concatenate([np.stack([np.cos(turns), np.sin(turns)], 1), touching, -touching])
    lean = ways @ columns
    lean[np.abs(lean) < 1e-12] = 0.0
    size = 1e-8 * (1 + np.abs(pred).max())
    slopes = loss.grad(pred + size * np.sign(lean), target, **params)
    return ((slopes * lean).sum(1) / np.maximum(np.abs(slopes * lean).sum(1), 1e-300)).min()


def by_linear_programming(x, target, weights, under, over, slack=0.0):
    """Least sum of weights (under max(0, y - p - slack) + over max(0, p - y - slack)), and the line that has it."""
    n = len(target)
    line = np.stack([np.ones(n), x], 1)
    identity, nothing = np.eye(n), np.zeros((n, n))
    answer = linprog(
        np.concatenate([[0, 0], weights * under, weights * over]),
        A_ub=np.block([[-line, -identity, nothing], [line, nothing, -identity]]),
        b_ub=np.concatenate([-(target - slack), target + slack]),
        bounds=[(None, None)] * 2 + [(0, None)] * (2 * n),
        method="highs",
    )
    assert answer.success
    return answer.fun, answer.x[:2]
