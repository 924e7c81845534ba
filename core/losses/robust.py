"""Losses whose pull fades for far points, so that an outlier is let go.

Cauchy, Geman-McClure and Welsch are Barron's general form rho(r, alpha, c) at alpha = 0, -2 and minus infinity, all
(r/c)^2/2 near 0. Tukey's biweight keeps its customary scale, r^2/2 near 0: divide it by c^2 to lay it over the others.
"""

import numpy as np

from core.catalogue import Param, Source
from core.losses.contract import Loss, Spelling

BARRON = Source("Barron", 2019, "A General and Adaptive Robust Loss Function", "arxiv:1701.03077")

_c = Param("c", symbol="c", latex="c", default=1.0, low=0.1, high=8.0, step=0.1)
_written_out = "Written out: {} has no name for it."

cauchy = Loss.from_residual(
    name="Cauchy (Lorentzian)",
    short="Cauchy",
    params=(_c,),
    value=lambda r, *, c: np.log1p(0.5 * (r / c) ** 2),
    grad=lambda r, *, c: r / c**2 / (1 + 0.5 * (r / c) ** 2),
    curvature=lambda r, *, c: (1 - 0.5 * (r / c) ** 2) / (c * (1 + 0.5 * (r / c) ** 2)) ** 2,
    template=r"\log\left(1 + \tfrac12 \left(\frac{r}{%(c)s}\right)^2\right)",
    convex=False,
    estimates="the centre of Cauchy-distributed errors of scale √2 c; close to the mode when c is small",
    use_when="Far outliers are common, and each should count less the farther it lies, but never for nothing.",
    watch_out="Not convex: several minima are possible, so start from a robust fit such as Huber's. The pull is "
    "greatest at |r| = √2 c. It is (r/c)²/2 near 0, so c changes its scale too.",
    source=BARRON,
    spellings={
        "NumPy": Spelling("np.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()"),
        "PyTorch": Spelling(
            "torch.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()", note=_written_out.format("PyTorch")
        ),
        "Optax": Spelling("jnp.log1p(0.5 * ((pred - target) / %(c)s) ** 2).mean()", note=_written_out.format("Optax")),
    },
)

geman_mcclure = Loss.from_residual(
    name="Geman-McClure",
    short="Geman-McClure",
    params=(_c,),
    value=lambda r, *, c: 2 * (r / c) ** 2 / ((r / c) ** 2 + 4),
    grad=lambda r, *, c: r / c**2 / (1 + 0.25 * (r / c) ** 2) ** 2,
    curvature=lambda r, *, c: (1 - 0.75 * (r / c) ** 2) / c**2 / (1 + 0.25 * (r / c) ** 2) ** 3,
    template=r"\frac{2 \, (r / %(c)s)^2}{(r / %(c)s)^2 + 4}",
    convex=False,
    estimates="the densest place of the targets: close to the mode when c is small, the mean when c is very large",
    use_when="Whole groups of points are wrong, as in registration and vision, and should end up with almost no say.",
    watch_out="Not convex, and flat far out: a fit that starts too far from most points gets no gradient. The cost of "
    "one point never exceeds 2, whatever c is.",
    source=BARRON,
    spellings={
        "NumPy": Spelling("(2 * square / (square + 4)).mean()", lines="square = ((pred - target) / %(c)s) ** 2"),
        "PyTorch": Spelling(
            "(2 * (pred - target) ** 2 / ((pred - target) ** 2 + 4 * %(c)s ** 2)).mean()",
            note=_written_out.format("PyTorch"),
        ),
    },
)

welsch = Loss.from_residual(
    name="Welsch (Leclerc)",
    short="Welsch",
    params=(_c,),
    value=lambda r, *, c: -np.expm1(-0.5 * (r / c) ** 2),  # 1 - e^-x, without the 1
    grad=lambda r, *, c: r / c**2 * np.exp(-0.5 * (r / c) ** 2),
    curvature=lambda r, *, c: (1 - (r / c) ** 2) / c**2 * np.exp(-0.5 * (r / c) ** 2),
    template=r"1 - \exp\left(-\tfrac12 \left(\frac{r}{%(c)s}\right)^2\right)",
    convex=False,
    estimates="the mode of the targets smoothed with a normal bell of width c",
    use_when="You want the most typical value, and far points should be ignored altogether but smoothly.",
    watch_out="Not convex, and beyond about 4 c the gradient is practically 0: a bad start stays bad. The cost of one "
    "point never exceeds 1, whatever c is.",
    source=BARRON,
    spellings={
        "NumPy": Spelling("(-np.expm1(-0.5 * ((pred - target) / %(c)s) ** 2)).mean()"),
        "PyTorch": Spelling(
            "(-torch.expm1(-0.5 * ((pred - target) / %(c)s) ** 2)).mean()", note=_written_out.format("PyTorch")
        ),
    },
)


def _share_of_c(r, c):
    # (r/c)^2, held at 1 beyond c: there the biweight is flat
    return np.minimum((r / c) ** 2, 1.0)


def _tukey(r, *, c):
    u = _share_of_c(r, c)
    return c**2 / 6 * u * (3 - 3 * u + u**2)  # 1 - (1 - u)^3, multiplied out so that nothing cancels near 0


tukey = Loss.from_residual(
    name="Tukey biweight",
    short="Tukey",
    params=(_c.but(default=4.7),),
    value=_tukey,
    grad=lambda r, *, c: r * (1 - _share_of_c(r, c)) ** 2,
    curvature=lambda r, *, c: (1 - _share_of_c(r, c)) * (1 - 5 * _share_of_c(r, c)),
    template=r"\begin{cases} \frac{%(c)s^2}{6} \left(1 - \left(1 - (r / %(c)s)^2\right)^3\right)"
    r" & \lvert r \rvert \le %(c)s \\ \frac{%(c)s^2}{6} & \lvert r \rvert > %(c)s \end{cases}",
    convex=False,
    estimates="the centre of the bulk of the targets; those farther than c away have no say at all",
    use_when="Outliers are errors to be thrown out, and you have a good start and a good idea of the scale.",
    watch_out="Not convex: beyond c the gradient is exactly 0. c is in units of the errors (4.685 times their standard "
    "deviation keeps 95 % efficiency on normal errors). It is r²/2 near 0, c² times the scale of Cauchy and Welsch.",
    source=Source(
        "Beaton, Tukey",
        1974,
        "The Fitting of Power Series, Meaning Polynomials, Illustrated on Band-Spectroscopic Data",
        "doi:10.1080/00401706.1974.10489171",
    ),
    spellings={
        "NumPy": Spelling(
            "(%(c)s**2 / 6 * (1 - (1 - square) ** 3)).mean()",
            lines="square = np.minimum(((pred - target) / %(c)s) ** 2, 1)",
        ),
        "PyTorch": Spelling(
            "(%(c)s**2 / 6 * (1 - (1 - ((pred - target) / %(c)s) ** 2).clamp(min=0) ** 3)).mean()",
            note=_written_out.format("PyTorch"),
        ),
    },
)
