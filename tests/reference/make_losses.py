"""Writes losses.json: what 400-digit arithmetic, and statsmodels, make of every loss.

    make reference

The rows called mpmath come from no library: they are the definitions, written out a second time below, with their first
and second derivatives. They hold at scores of +-1e4, where the libraries lose digits. At a kink, where each library
chooses for itself, a derivative is null. What other libraries make of the losses is in snippets.json.
"""

import itertools
import json
import sys
from importlib.metadata import version
from pathlib import Path

import mpmath as mp
import numpy as np
from statsmodels.robust import norms

from core.losses import FAMILIES, LOSSES

RESIDUALS = [-1e4, -30.0, -2.3, -1.0, -0.4, -1e-3, 0.0, 0.05, 0.5, 1.1, 4.9, 250.0, 1e4]
RATIOS = [1e-3, 0.02, 0.4, 0.9, 1.6, 11.0, 1e3]  # for predictions that must stay above a bound
SCORES = [-1e4, -745.0, -40.0, -5.9, -2.2, -1.0, -0.3, 0.0, 0.8, 1.0, 3.1, 5.9, 30.0, 700.0, 1e4]
CLASS_SCORES = [
    [[0.2, -1.3], [1e4, -1e4], [0.0, 0.0], [3.0, 43.0]],
    [[0.2, -1.3, 2.1, 0.7], [5.0, 5.5, -4.0, 3.0], [1e4, 0.0, -1e4, 9990.0], [-700.0, 20.0, 60.0, -3.0]],
]
CLASS_SHARES = {
    2: [[0.25, 0.75], [1.0, 0.0]],
    4: [[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.0, 0.0], [0.97, 0.01, 0.01, 0.01]],
}


def points(loss):
    """Groups of examples (pred, target) that one array can hold."""
    family = FAMILIES[loss.family]
    if family.pred_axes:
        targets = [
            (group, kind) for group in CLASS_SCORES for kind in (range(len(group[0])), CLASS_SHARES[len(group[0])])
        ]
        return [list(itertools.product(*both)) for both in targets]
    if family.classes:
        return [list(itertools.product(SCORES, (0.0, 1.0)))]
    targets = [y for y in (-2.0, 0.0, 0.7, 6.0) if loss.target_domain.holds(np.array(y))]
    low = getattr(loss.pred_domain, "low", -np.inf)
    if np.isfinite(low):
        return [[(low + ratio * (y - low or 1.0), y) for y in targets for ratio in RATIOS]]
    return [[(y + r, y) for y in targets for r in RESIDUALS]]


def settings(loss):
    """Every combination of the ends of the sliders and the defaults."""
    choices = [sorted({param.low, param.default, param.high}) for param in loss.params]
    return [dict(zip(loss.defaults, values, strict=True)) for values in itertools.product(*choices)]


def at_kink(loss, pred, target, params):
    coordinate = FAMILIES[loss.family].coordinate
    if coordinate is None:
        return False
    place = coordinate(pred, target)
    return any(abs(place - kink) < 1e-9 for kink in loss.kinks(**params))


# The definitions once more, as CONVENTIONS has them; r = p - y, m = s z.
def _huber(r, delta):
    return r**2 / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


def _tukey(r, c):
    return c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3) if abs(r) <= c else c**2 / 6


def _ce(z, y):
    return mp.log(1 + mp.exp(z)) - y * z


def _p_true(z, y):
    return 1 / (1 + mp.exp(-z)) if y == 1 else 1 / (1 + mp.exp(z))


def _softmax(z):
    total = sum(mp.exp(score) for score in z)
    return [mp.exp(score) / total for score in z]


def _kl(p, q):
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        return mp.inf
    return sum(a * mp.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def _by_probability(cost):
    """The sum of t cost(q) over the classes."""

    def define(z, t, **params):
        return sum(share * cost(q, **params) for share, q in zip(t, _softmax(z), strict=True) if share)

    return define


def _categorical(z, t, label_smoothing):
    share = [(1 - label_smoothing) * one + label_smoothing / len(z) for one in t]
    return _by_probability(lambda q: -mp.log(q))(z, share)


def _jensen_shannon(z, t):
    q = _softmax(z)
    middle = [(a + b) / 2 for a, b in zip(t, q, strict=True)]
    return (_kl(t, middle) + _kl(q, middle)) / 2


def _leads(z):
    """By how much each score is ahead of the highest other one."""
    return [score - max(other for j, other in enumerate(z) if j != k) for k, score in enumerate(z)]


def _crammer_singer(z, t):
    return sum(share * max(mp.mpf(0), 1 - lead) for share, lead in zip(t, _leads(z), strict=True))


def _boxcox(x, a):
    return (x**a - 1) / a if a else mp.log(x)


DEFINITIONS = {
    "squared_error": lambda p, y: (p - y) ** 2,
    "expectile": lambda p, y, tau: abs(tau - (1 if y < p else 0)) * (p - y) ** 2,
    "asymmetric_squared": lambda p, y, under_weight, over_weight: (
        (under_weight if p < y else over_weight) * (p - y) ** 2
    ),
    "squared_log_error": lambda p, y: (mp.log(1 + p) - mp.log(1 + y)) ** 2,
    "absolute_error": lambda p, y: abs(p - y),
    "quantile": lambda p, y, tau: tau * (y - p) if y >= p else (1 - tau) * (p - y),
    "epsilon_insensitive": lambda p, y, epsilon: max(mp.mpf(0), abs(p - y) - epsilon),
    "absolute_percentage_error": lambda p, y: abs(p - y) / abs(y),
    "huber": lambda p, y, delta: _huber(p - y, delta),
    "smooth_l1": lambda p, y, beta: _huber(p - y, beta) / beta,
    "log_cosh": lambda p, y: mp.log(mp.cosh(p - y)),
    "cauchy": lambda p, y, c: mp.log(1 + ((p - y) / c) ** 2 / 2),
    "geman_mcclure": lambda p, y, c: 2 * ((p - y) / c) ** 2 / (((p - y) / c) ** 2 + 4),
    "welsch": lambda p, y, c: 1 - mp.exp(-(((p - y) / c) ** 2) / 2),
    "tukey": lambda p, y, c: _tukey(p - y, c),
    "symmetric_absolute_percentage_error": lambda p, y: 2 * abs(p - y) / (p + y) if p or y else mp.mpf(0),
    "tweedie": lambda p, y, power: _boxcox(p, 2 - power) - y * _boxcox(p, 1 - power),
    "poisson": lambda p, y: p - y * mp.log(p),
    "gaussian_nll": lambda p, y, var: (mp.log(var) + (p - y) ** 2 / var) / 2,
    "binary_cross_entropy": _ce,
    "weighted_binary_cross_entropy": lambda z, y, pos_weight: (
        pos_weight * y * mp.log(1 + mp.exp(-z)) + (1 - y) * mp.log(1 + mp.exp(z))
    ),
    "focal": lambda z, y, gamma, alpha: (
        (alpha if y == 1 else 1 - alpha) * (1 - _p_true(z, y)) ** gamma * -mp.log(_p_true(z, y))
    ),
    "brier": lambda z, y: (1 / (1 + mp.exp(-z)) - y) ** 2,
    "categorical_cross_entropy": _categorical,
    "kl_divergence": lambda z, t: _kl(t, _softmax(z)),
    "reverse_kl_divergence": lambda z, t: _kl(_softmax(z), t),
    "jensen_shannon": _jensen_shannon,
    "multiclass_brier": lambda z, t: sum((q - share) ** 2 for q, share in zip(_softmax(z), t, strict=True)),
    "multiclass_focal": _by_probability(lambda q, gamma: (1 - q) ** gamma * -mp.log(q)),
    "generalized_cross_entropy": _by_probability(lambda q, s: (1 - q**s) / s),
    "one_vs_rest_cross_entropy": lambda z, t: sum(_ce(score, share) for score, share in zip(z, t, strict=True)),
    "crammer_singer_hinge": _crammer_singer,
    "hinge": lambda z, y: max(mp.mpf(0), 1 - (2 * y - 1) * z),
    "squared_hinge": lambda z, y: max(mp.mpf(0), 1 - (2 * y - 1) * z) ** 2,
    "exponential": lambda z, y: mp.exp(-(2 * y - 1) * z),
    "zero_one": lambda z, y: mp.mpf(1 if (2 * y - 1) * z <= 0 else 0),
}


def slopes(define, z, t, params):
    """The derivative of a loss in each score."""

    def along(k):
        return lambda x: define([*z[:k], x, *z[k + 1 :]], t, **params)

    return [float(mp.diff(along(k), score)) for k, score in enumerate(z)]


def at_corner(z, t):
    """Whether a Crammer-Singer hinge jumps here: a margin is 1, or two scores are the highest of the others."""
    return any(
        lead == 1 or (share and z.count(score - lead) > 1) for lead, share, score in zip(_leads(z), t, z, strict=True)
    )


def exact_block(loss, params, group):
    """Value and both derivatives from the definition. 400 digits tell 1 + e^-745 from 1."""
    rows = {"pred": [], "target": [], "value": [], "grad": [], "curvature": []}
    exact = {name: mp.mpf(value) for name, value in params.items()}
    define = DEFINITIONS[loss.key]
    for pred, target in group:
        with mp.workdps(400):
            if FAMILIES[loss.family].pred_axes:
                z = [mp.mpf(score) for score in pred]
                shares = target if np.ndim(target) else [float(k == target) for k in range(len(z))]
                t = [mp.mpf(share) for share in shares]
                value, curvature = define(z, t, **exact), None
                if value > sys.float_info.max:
                    continue
                grad = None if loss.key == "crammer_singer_hinge" and at_corner(z, t) else slopes(define, z, t, exact)
            else:

                def along(p, target=target):
                    return define(p, mp.mpf(target), **exact)

                value = along(mp.mpf(pred))
                if value > sys.float_info.max:
                    continue
                smooth = not at_kink(loss, pred, target, params)
                grad, curvature = (float(mp.diff(along, mp.mpf(pred), n)) if smooth else None for n in (1, 2))
        for name, entry in zip(
            rows, ([pred], [target], float(value), None if grad is None else [grad], [curvature]), strict=True
        ):
            rows[name].append(entry)
    return {"rtol": 1e-12, "rows": rows}


def statsmodels_block(loss, params, group):
    (value,) = params.values()
    norm = {"huber": norms.HuberT, "tukey": norms.TukeyBiweight}[loss.key](value)
    r = np.array([pred - target for pred, target in group])
    pred, target = ([[x] for x in side] for side in zip(*group, strict=True))
    slopes = [
        None if at_kink(loss, *point, params) else [float(norm.psi(d))] for point, d in zip(group, r, strict=True)
    ]
    return {"rtol": 1e-12, "rows": {"pred": pred, "target": target, "value": norm.rho(r).tolist(), "grad": slopes}}


def main():
    blocks = []

    def add(key, library, params, block):
        if block["rows"]["pred"]:
            head = {"key": key, "library": library, "version": version(library), "script": Path(__file__).name}
            ours = loss.value(np.array(block["rows"]["pred"]), np.array(block["rows"]["target"]), **params).mean(axis=1)
            np.testing.assert_allclose(ours, block["rows"]["value"], block["rtol"], 1e-14, err_msg=f"{library}: {key}")
            blocks.append(head | {"params": params} | block)

    for key, loss in LOSSES.items():
        for params, group in itertools.product(settings(loss), points(loss)):
            if key in ("huber", "tukey"):
                add(key, "statsmodels", params, statsmodels_block(loss, params, group))
            add(key, "mpmath", params, exact_block(loss, params, group))
    target = Path(__file__).with_name("losses.json")
    target.write_text(
        "[\n" + ",\n".join(json.dumps(block, separators=(",", ":"), allow_nan=False) for block in blocks) + "\n]\n"
    )
    print(f"{target}: {len(blocks)} blocks, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
