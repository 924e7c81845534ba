"""Losses whose gradient falls to 0 for far points, so that an outlier has little effect.

Cauchy, Geman-McClure and Welsch are Barron's general form rho(r, alpha, c) at alpha = 0, -2 and minus infinity, all
(r/c)^2/2 near 0. Tukey's biweight keeps its customary scale, r^2/2 near 0: divide it by c^2 to compare it with them.
"""

import math

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand, m_estimate
from core.losses.loss import Loss
from core.numerics import LOG_2
from core.record import Look, Param, Source

BARRON = Source("Barron", 2019, "A General and Adaptive Robust Loss Function", "arxiv:1701.03077")

LARGEST = np.finfo(float).max
GONE = 40.0  # e^(-u^2/2) is 0 in float64 from u = 38.6 on
FAR = 1e8  # from here on 1 + u^2/2 is u^2/2 to the last digit


def _scaled(r, c):
    """r and c divided by the larger of |r| and c, and that larger: squares of the first two cannot overflow."""
    r = np.clip(r, -LARGEST, LARGEST)
    size = np.maximum(np.abs(r), c)
    return r / size, c / size, size


def _cauchy(r, *, c):
    u = np.abs(r) / c
    value = np.log1p(0.5 * np.minimum(u, FAR) ** 2)
    if np.any(far := u >= FAR):  # log(u^2/2), without u^2
        value = np.where(far, 2 * (np.log(np.where(far, np.abs(r), 1.0)) - np.log(c)) - LOG_2, value)
    return value


def _cauchy_grad(r, *, c):
    # r / (c^2 + r^2/2)
    a, b, size = _scaled(r, c)
    return a / (b**2 + 0.5 * a**2) / size


def _cauchy_curvature(r, *, c):
    # (c^2 - r^2/2) / (c^2 + r^2/2)^2
    a, b, size = _scaled(r, c)
    return (b**2 - 0.5 * a**2) / (b**2 + 0.5 * a**2) ** 2 / size / size


def _geman_mcclure(r, *, c):
    a, b, _ = _scaled(r, c)
    return 2 * a**2 / (a**2 + 4 * b**2)


def _geman_mcclure_grad(r, *, c):
    # 16 c^2 r / (4 c^2 + r^2)^2
    a, b, size = _scaled(r, c)
    return 16 * (a / size) * b * b / (4 * b**2 + a**2) ** 2


def _geman_mcclure_curvature(r, *, c):
    # 64 c^2 (c^2 - 3 r^2/4) / (4 c^2 + r^2)^3
    a, b, size = _scaled(r, c)
    return 64 * (b / size) * (b / size) * (b**2 - 0.75 * a**2) / (4 * b**2 + a**2) ** 3


def _units(r, c):
    # r/c, no farther out than where e^(-u^2/2) is 0
    return np.clip(r / c, -GONE, GONE)


_c = Param("c", symbol="c", latex="c", default=1.0, low=0.1, high=8.0, step=0.1)
_by_formula = "Written out: {} has no name for it."

cauchy = Loss.from_residual(
    name="Cauchy (Lorentzian)",
    short="Cauchy",
    look=Look("purple"),
    params=(_c,),
    value=_cauchy,
    grad=_cauchy_grad,
    curvature=_cauchy_curvature,
    template=r"\log\left(1 + \tfrac12 \left(\frac{r}{%(c)s}\right)^2\right)",
    convex=False,
    estimates=Estimand(
        "the centre of Cauchy-distributed errors of scale √2 c; close to the mode when c is small",
        at={"c": {0.5: lambda sample: m_estimate(sample, lambda r: 1 / (1 + 2 * r**2)), 1e3: np.mean}},
    ),
    by_hand={(2.0, 0.0): math.log(3)},
    use_when="Far outliers are common, and a point should count less the farther it lies, but never be ignored.",
    watch_out="Not convex: several minima are possible, so start from a robust fit such as Huber's. The gradient is "
    "largest at |r| = √2 c. It is (r/c)²/2 near 0, so c changes its scale too.",
    source=BARRON,
    equivalents={
        "NumPy": Equivalent("np.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()"),
        "PyTorch": Equivalent(
            "torch.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()", note=_by_formula.format("PyTorch")
        ),
        "Optax": Equivalent("jnp.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()", note=_by_formula.format("Optax")),
    },
)

geman_mcclure = Loss.from_residual(
    name="Geman-McClure",
    short="Geman-McClure",
    look=Look("purple", "dot"),
    params=(_c,),
    value=_geman_mcclure,
    grad=_geman_mcclure_grad,
    curvature=_geman_mcclure_curvature,
    template=r"\frac{2 \, (r / %(c)s)^2}{(r / %(c)s)^2 + 4}",
    convex=False,
    estimates=Estimand(
        "the value around which the targets are densest: close to the mode when c is small, the mean when c is "
        "very large",
        at={"c": {1.0: lambda sample: m_estimate(sample, lambda r: (1 + r**2 / 4) ** -2), 1e3: np.mean}},
    ),
    by_hand={(2.0, 0.0): 1.0},
    use_when="Whole groups of points are wrong, as in registration and vision, and should have almost no effect.",
    watch_out="Not convex, and flat far out: a fit that starts too far from most points gets no gradient. The cost of "
    "one point never exceeds 2, whatever c is.",
    source=BARRON,
    equivalents={
        "NumPy": Equivalent("(2 * square / (square + 4)).mean()", lines="square = ((pred - target) / %(c)s) ** 2"),
        "PyTorch": Equivalent(
            "(2 * (pred - target) ** 2 / ((pred - target) ** 2 + 4 * %(c)s ** 2)).mean()",
            note=_by_formula.format("PyTorch"),
        ),
    },
)

welsch = Loss.from_residual(
    name="Welsch (Leclerc)",
    short="Welsch",
    look=Look("purple", "dash"),
    params=(_c,),
    value=lambda r, *, c: -np.expm1(-0.5 * _units(r, c) ** 2),  # 1 - e^-x, without the 1
    grad=lambda r, *, c: _units(r, c) * np.exp(-0.5 * _units(r, c) ** 2) / c,
    curvature=lambda r, *, c: (1 - _units(r, c) ** 2) * np.exp(-0.5 * _units(r, c) ** 2) / c / c,
    template=r"1 - \exp\left(-\tfrac12 \left(\frac{r}{%(c)s}\right)^2\right)",
    convex=False,
    estimates=Estimand(
        "the mode of the targets, smoothed with a normal density of standard deviation c",
        at={"c": {0.6: lambda sample: m_estimate(sample, lambda r: np.exp(-(r**2) / 0.72)), 1e3: np.mean}},
    ),
    by_hand={(2.0, 0.0): 1 - math.exp(-2)},
    use_when="You want the most typical value, and far points should be ignored altogether but smoothly.",
    watch_out="Not convex, and beyond about 4 c the gradient is practically 0: a fit that starts badly stays bad. The "
    "cost of one point never exceeds 1, whatever c is.",
    source=BARRON,
    equivalents={
        "NumPy": Equivalent("(-np.expm1(-0.5 * ((pred - target) / %(c)s) ** 2)).mean()"),
        "PyTorch": Equivalent(
            "(-torch.expm1(-0.5 * ((pred - target) / %(c)s) ** 2)).mean()", note=_by_formula.format("PyTorch")
        ),
    },
)


def _within(r, c):
    # r, no farther out than c, where the biweight becomes flat, and (r/c)^2 of that
    near = np.clip(r, -c, c)
    return near, (near / c) ** 2


def _tukey(r, *, c):
    # c^2/6 (1 - (1 - u)^3), multiplied out so that nothing cancels near 0; c^2 u is r^2
    near, u = _within(r, c)
    return near**2 / 6 * (3 - 3 * u + u**2)


def _tukey_grad(r, *, c):
    near, u = _within(r, c)
    return near * (1 - u) ** 2


def _tukey_curvature(r, *, c):
    _, u = _within(r, c)
    return (1 - u) * (1 - 5 * u)


tukey = Loss.from_residual(
    name="Tukey biweight",
    short="Tukey",
    look=Look("purple", "dashdot"),
    params=(_c.but(default=4.7),),
    value=_tukey,
    grad=_tukey_grad,
    curvature=_tukey_curvature,
    template=r"\begin{cases} \frac{%(c)s^2}{6} \left(1 - \left(1 - (r / %(c)s)^2\right)^3\right)"
    r" & \lvert r \rvert \le %(c)s \\ \frac{%(c)s^2}{6} & \lvert r \rvert > %(c)s \end{cases}",
    convex=False,
    estimates=Estimand(
        "the centre of the bulk of the targets; those farther than c away have no effect at all",
        at={
            "c": {
                4.7: lambda sample: m_estimate(sample, lambda r: np.maximum(0.0, 1 - (r / 4.7) ** 2) ** 2),
                1e5: np.mean,
            }
        },
    ),
    by_hand={(9.0, 0.0): 4.7**2 / 6, (2.35, 0.0): 4.7**2 / 6 * (1 - 0.75**3)},
    use_when="Outliers are errors to be thrown out, and you have a good start and a good idea of the scale.",
    watch_out="Not convex: beyond c the gradient is exactly 0. c is in units of the errors (4.685 times their standard "
    "deviation keeps 95 % efficiency on normal errors). It is r²/2 near 0, c² times the scale of Cauchy and Welsch.",
    source=Source(
        "Beaton, Tukey",
        1974,
        "The Fitting of Power Series, Meaning Polynomials, Illustrated on Band-Spectroscopic Data",
        "doi:10.1080/00401706.1974.10489171",
    ),
    equivalents={
        "NumPy": Equivalent(
            "(%(c)s**2 / 6 * (1 - (1 - square) ** 3)).mean()",
            lines="square = np.minimum(((pred - target) / %(c)s) ** 2, 1)",
        ),
        "PyTorch": Equivalent(
            "(%(c)s**2 / 6 * (1 - (1 - ((pred - target) / %(c)s) ** 2).clamp(min=0) ** 3)).mean()",
            note=_by_formula.format("PyTorch"),
        ),
    },
)
