"""Predictions, targets and parameters as large and as small as float64 holds: the right number, or infinity, never NaN.

The truth comes from the definitions once more, value, slope and curvature, in decimals whose exponents have no end.
"""

import itertools
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import numpy as np
import pytest

from core import numerics
from core.losses import BATCH_LOSSES, LOSSES
from core.record import REAL, SHARE
from tests.losses.cases import family

TINY = 5e-324  # the smallest float64 above 0
SIZES = np.array([TINY, 1e-300, 1e-154, 1e-8, 0.3, 1.0, 36.0, 1e8, 1e153, 1e155, 1e200, 1e300])
NUMBERS = np.array([*-SIZES[::-1], 0.0, *SIZES])
LAST = 1.7976931348623157e308
WIDE = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def settings(loss):
    """Every combination of the sliders' ends and starts; for one parameter also what lies far beyond its slider."""
    choices = [{param.low, param.starts_at, param.default, param.high} for param in loss.params]
    if len(choices) == 1:
        domain = loss.params[0].domain
        far = (1e-9, 1 - 1e-9) if domain is SHARE else (1e-300, 1e300)
        choices[0] |= {value for value in far if domain.holds(np.array(value))}
    return [dict(zip(loss.defaults, values, strict=True)) for values in itertools.product(*map(sorted, choices))]


def targets(loss):
    every = np.array([-1e300, -1e155, -1.0, -TINY, 0.0, TINY, 1e-300, 1.0, 1e155, 1e300])
    return every[loss.target_domain.mask(every)]


def ln1p(x):
    return x - x * x / 2 + x * x * x / 3 if abs(x) < Decimal("1e-25") else (1 + x).ln()


def expm1(x):
    return x + x * x / 2 + x * x * x / 6 if abs(x) < Decimal("1e-25") else x.exp() - 1


def sigmoid(x):
    return 1 / (1 + (-x).exp()) if x > -(10**6) else Decimal(0)


def softplus(x):
    return max(x, Decimal(0)) + ln1p((-abs(x)).exp())


def sign(r):
    return Decimal((r > 0) - (r < 0))


def _huber(r, d):
    inside = abs(r) < d
    return (r * r / 2, r, Decimal(1)) if inside else (d * (abs(r) - d / 2), d * sign(r), Decimal(0))


def _lopsided(r, under, over):
    w = over if r > 0 else under
    return w * r * r, 2 * w * r, 2 * w


def _log_cosh(r):
    e = (-2 * abs(r)).exp()
    tanh = -expm1(-2 * abs(r)) / (1 + e)
    value = abs(r) - Decimal(2).ln() + ln1p(e) if abs(r) > Decimal("1e-20") else r * r / 2
    return value, sign(r) * tanh, 4 * e / (1 + e) ** 2


def _tukey(r, c):
    if abs(r) >= c:
        return c * c / 6, Decimal(0), Decimal(0)
    u = r * r / c / c
    return r * r / 6 * (3 - 3 * u + u * u), r * (1 - u) ** 2, (1 - u) * (1 - 5 * u)


def _welsch(r, c):
    x = -(r * r) / (2 * c * c)
    return -expm1(x), r / c / c * x.exp(), (1 + 2 * x) / c / c * x.exp()


def _cauchy(r, c):
    below = c * c + r * r / 2
    return ln1p(r * r / (2 * c * c)), r / below, (c * c - r * r / 2) / below**2


def _geman_mcclure(r, c):
    below = 4 * c * c + r * r
    return 2 * r * r / below, 16 * c * c * r / below**2, 64 * c * c * (c * c - 3 * r * r / 4) / below**3


def _squared_log(p, y):
    apart = ln1p(p) - ln1p(y)
    return apart**2, 2 * apart / (1 + p), 2 * (1 - apart) / (1 + p) ** 2


def _symmetric(p, y):
    if p == y == 0:
        return Decimal(0), Decimal(0), Decimal(0)
    both = p + y
    return 2 * abs(p - y) / both, sign(p - y) * 4 * y / both**2, sign(y - p) * 8 * y / both**3


def _power(p, a):
    return expm1(a * p.ln()) / a if a else p.ln()


def _tweedie(p, y, power):
    a = 1 - power
    slope = (p - y) / p * (a * p.ln()).exp()
    return _power(p, a + 1) - y * _power(p, a), slope, (a + power * y / p) / p * (a * p.ln()).exp()


def _focal(m, gamma):
    p, q, ce, power = sigmoid(m), sigmoid(-m), softplus(-m), (-gamma * softplus(m)).exp()
    steep = gamma * p
    return power * ce, -power * (steep * ce + q), power * (steep * (steep - q) * ce + (2 * steep + p) * q)


def _brier(m):
    p, q = sigmoid(m), sigmoid(-m)
    return q * q, -2 * p * q * q, 2 * p * q * q * (2 * p - q)


def _cross_entropy(m):
    return softplus(-m), -sigmoid(-m), sigmoid(m) * sigmoid(-m)


def _slack(m):
    return max(Decimal(0), 1 - m)


RESIDUAL = {
    "squared_error": lambda r: (r * r, 2 * r, Decimal(2)),
    "expectile": lambda r, tau: _lopsided(r, tau, 1 - tau),
    "asymmetric_squared": lambda r, under_weight, over_weight: _lopsided(r, under_weight, over_weight),
    "absolute_error": lambda r: (abs(r), sign(r), Decimal(0)),
    "quantile": lambda r, tau: (max(-tau * r, (1 - tau) * r), (1 - tau) if r > 0 else -tau, Decimal(0)),
    "epsilon_insensitive": lambda r, epsilon: (
        max(Decimal(0), abs(r) - epsilon), sign(r) * (abs(r) > epsilon), Decimal(0)
    ),
    "huber": lambda r, delta: _huber(r, delta),
    "smooth_l1": lambda r, beta: tuple(part / beta for part in _huber(r, beta)),
    "log_cosh": _log_cosh,
    "gaussian_nll": lambda r, var: ((var.ln() + r * r / var) / 2, r / var, 1 / var),
    "cauchy": _cauchy,
    "geman_mcclure": _geman_mcclure,
    "welsch": _welsch,
    "tukey": _tukey,
}  # fmt: skip
POINTS = {
    "absolute_percentage_error": lambda p, y: (abs(p - y) / abs(y), sign(p - y) / abs(y), Decimal(0)),
    "squared_log_error": _squared_log,
    "symmetric_absolute_percentage_error": lambda p, y: _symmetric(p, y),
    "poisson": lambda p, y: (p - y * p.ln() if y else p, 1 - y / p, y / p / p),
    "tweedie": _tweedie,
}
MARGIN = {  # of the margin, and the weight of a target
    "binary_cross_entropy": (_cross_entropy, lambda _: 1),
    "weighted_binary_cross_entropy": (lambda m, pos_weight: _cross_entropy(m), lambda y, pos_weight: pos_weight if y else 1),  # noqa: ARG005, E501
    "focal": (lambda m, gamma, alpha: _focal(m, gamma), lambda y, gamma, alpha: alpha if y else 1 - alpha),  # noqa: ARG005
    "brier": (_brier, lambda _: 1),
    "hinge": (lambda m: (_slack(m), -Decimal(m < 1), Decimal(0)), lambda _: 1),
    "squared_hinge": (lambda m: (_slack(m) ** 2, -2 * _slack(m), 2 * Decimal(m < 1)), lambda _: 1),
    "exponential": (lambda m: ((-m).exp(), -(-m).exp(), (-m).exp()), lambda _: 1),
    "zero_one": (lambda m: (Decimal(m <= 0), Decimal(0), Decimal(0)), lambda _: 1),
}  # fmt: skip


def truth(loss, pred, target, params):
    """Value, slope and curvature of one example, as decimals."""
    own = {name: +Decimal(value) for name, value in params.items()}  # + rounds to as many digits as all the rest
    p, y = Decimal(float(pred)), Decimal(float(target))
    if loss.key in RESIDUAL:
        return RESIDUAL[loss.key](p - y, **own)
    if loss.key in POINTS:
        return POINTS[loss.key](p, y, **own)
    of, weight = MARGIN[loss.key]
    value, slope, curvature = of((2 * y - 1) * p, **own)
    w = Decimal(weight(y, **own))
    return w * value, w * (2 * y - 1) * slope, w * curvature


@pytest.mark.parametrize("loss", [loss for loss in LOSSES.values() if loss.curvature_of], ids=str)
def test_no_answer_is_nan_and_none_is_announced(loss):
    pred = NUMBERS[loss.pred_domain.mask(NUMBERS)][:, None]
    last = np.array([-LAST, LAST])
    with np.errstate(all="raise", under="ignore"):
        for params in settings(loss):
            for f in (loss.value, loss.grad, loss.curvature):
                assert not np.isnan(f(pred, targets(loss), **params)).any()
                for far in last[loss.pred_domain.mask(last)]:  # even where the residual itself is too large
                    assert not np.isnan(f(far, targets(loss), **params)).any()
                    if loss.target_domain is REAL:
                        assert not np.isnan(f(far, last, **params)).any()


DEFINED = [LOSSES[key] for key in (*RESIDUAL, *POINTS, *MARGIN)]


@pytest.mark.parametrize("loss", DEFINED, ids=str)
def test_every_answer_is_the_definition_s(loss):
    pred = NUMBERS[loss.pred_domain.mask(NUMBERS)]
    for params in settings(loss):
        points = list(itertools.product(pred, targets(loss)))
        if loss.key in RESIDUAL:  # the same residuals in the middle of the line and at its ends
            points = [(y + r, y) for y in (0.0, 1.0, -1e300) for r in NUMBERS if y in (0.0, r, -r)]
            points += list(itertools.product((-1e300, -1.0, 1e300), targets(loss)))
        ours = [f(*np.transpose(points), **params) for f in (loss.value, loss.grad, loss.curvature)]
        with localcontext(WIDE):
            exact = np.array([[float(part) for part in truth(loss, *point, params)] for point in points]).T
        places = [family(loss).coordinate(p, y) for p, y in points]
        has_kink = np.isin(np.array(places, dtype=float), loss.kinks(**params))
        for found, right, there in zip(ours, exact, (has_kink | True, ~has_kink, ~has_kink), strict=True):
            found, right = found[there], right[there]
            finite = np.isfinite(right)
            # What underflows on the way is lost: as a share of the loss's own largest number it is nothing.
            lost = 1e-300 * max(1.0, np.abs(right[finite]).max(initial=0.0))
            np.testing.assert_array_equal(found[~finite], right[~finite])
            np.testing.assert_allclose(found[finite], right[finite], rtol=1e-12, atol=lost, err_msg=str(params))


def test_what_bounded_losses_tend_to():
    """The examples that were wrong: NaN, infinity and NaN."""
    far = np.array([-1e300, -1e200, 1e200, 1e300])
    assert (LOSSES["geman_mcclure"].value(far, 0) == 2).all()
    assert (LOSSES["welsch"].value(far, 0) == 1).all()
    assert (LOSSES["tukey"].value(far, 0, c=3.0) == 1.5).all()
    np.testing.assert_allclose(LOSSES["cauchy"].value(far, 0), 2 * np.log(np.abs(far)) - np.log(2), rtol=1e-15)
    np.testing.assert_allclose(LOSSES["cauchy"].grad(far, 0), 2 / far, rtol=1e-15)
    for key in ("geman_mcclure", "welsch", "tukey"):
        assert not LOSSES[key].grad(far, 0).any()


@pytest.mark.parametrize("smoothing", [0.0, 1e-300, 0.1, 0.5, 1.0])
def test_scores_of_many_classes(smoothing):
    """Limits: a class that is ahead by 1e300 costs nothing, one that is behind costs the distance."""
    loss, end = LOSSES["categorical_cross_entropy"], 1e300
    with np.errstate(all="raise", under="ignore"):
        ahead, behind = loss.value([[end, 0.0], [-end, 0.0]], 0, label_smoothing=smoothing)
        assert ahead == pytest.approx(end * smoothing / 2, rel=1e-12)
        assert behind == pytest.approx(end * (1 - smoothing / 2), rel=1e-12)
        slope = loss.grad([[end, -end, 0.0], [-end, end, TINY]], 0, label_smoothing=smoothing)
        spread = np.full(3, smoothing / 3)
        spread[0] += 1 - smoothing
        np.testing.assert_allclose(slope, [[1, 0, 0] - spread, [0, 1, 0] - spread], atol=1e-15)
        scores = np.array(list(itertools.product([-LAST, -end, -TINY, 0.0, 1.0, end, LAST], repeat=3)))
        for label in range(3):
            assert not np.isnan(loss.value(scores, label, label_smoothing=smoothing)).any()
            found = loss.grad(scores, label, label_smoothing=smoothing)
            assert np.abs(found).max() <= 1
            np.testing.assert_allclose(found.sum(axis=-1), 0, atol=1e-15)


@pytest.mark.parametrize("loss", BATCH_LOSSES.values(), ids=str)
@pytest.mark.parametrize("smooth", [0.0, TINY, 1e-300, 1.0, 1e300])
def test_batches_of_extreme_scores(loss, smooth):
    """Sure scores overlap in whole examples; soft F1 and Dice are 1 - (2 right + smooth)/(called + actual + smooth)."""
    with np.errstate(all="raise", under="ignore"):
        for signs in itertools.product([-1.0, 1.0], repeat=3):
            for size in (1e300, LAST):
                pred = size * np.array(signs)
                for target in itertools.product([0.0, 1.0], repeat=3):
                    called, right = (pred > 0).sum(), ((pred > 0) & (np.array(target) == 1)).sum()
                    below = called + sum(target) + smooth
                    expected = (called + sum(target) - 2 * right) / below if below else 1.0
                    value = loss.value(pred, target, smooth=smooth)
                    assert (
                        value == pytest.approx(expected, rel=1e-12)
                        if loss.key in ("soft_f1", "dice")
                        else 0 <= value <= 1
                    )
                    assert not loss.grad(pred, target, smooth=smooth).any()
        tiny = loss.value([TINY, -TINY, 0.0], [1, 0, 1], smooth=smooth), loss.value([0, 0, 0], [1, 0, 1], smooth=smooth)
        assert tiny[0] == tiny[1]


def test_the_stable_forms_themselves():
    ends = np.array([-LAST, -1e300, -TINY, 0.0, TINY, 1e300, LAST])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(numerics.softplus(ends)[[0, 1, 5, 6]], [0, 0, 1e300, LAST])
        np.testing.assert_array_equal(numerics.log_cosh(ends), np.where(np.abs(ends) > 1, np.abs(ends), 0.0))
        np.testing.assert_array_equal(numerics.sech_squared(ends), [0, 0, 1, 1, 1, 0, 0])
        np.testing.assert_array_equal(numerics.log_softmax(ends), [-np.inf, -np.inf, *[-LAST] * 3, 1e300 - LAST, 0])
        np.testing.assert_array_equal(numerics.midpoint(ends, ends), ends)
        np.testing.assert_array_equal(numerics.midpoint(ends, -ends), np.zeros(7))
        assert numerics.midpoint(1e308, 1.5e308) == pytest.approx(1.25e308, rel=1e-15)
        assert numerics.midpoint(1.0, 2.0) == 1.5
