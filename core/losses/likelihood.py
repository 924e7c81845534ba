"""Regression losses that are a negative log-likelihood, without the terms that no prediction changes."""

import math

import numpy as np
from scipy.special import boxcox

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand
from core.losses.loss import Loss
from core.numerics import xlogy
from core.record import NON_NEGATIVE, POSITIVE, Interval, Look, Param, Source

poisson = Loss(
    name="Poisson",
    short="Poisson",
    look=Look("teal"),
    family="regression",
    value_of=lambda pred, target: pred - xlogy(target, pred),  # xlogy is 0 at a count of 0
    grad_of=lambda pred, target: (pred - target) / pred,
    curvature_of=lambda pred, target: target / pred / pred,  # pred^2 could underflow to 0
    template=r"\hat y - y \log \hat y",
    pred_domain=POSITIVE,
    target_domain=NON_NEGATIVE,
    estimates=Estimand("the conditional mean", best=np.mean),
    by_hand={(1.0, 7.0): 1.0, (math.e, 2.0): math.e - 2},
    use_when="Targets are counts or other amounts of at least 0 whose spread grows with their mean.",
    watch_out="The prediction must be positive: let the model give its logarithm. The lowest value is not 0. A "
    "prediction that is too low costs more than one that is too high by the same amount.",
    source=Source("Nelder, Wedderburn", 1972, "Generalized Linear Models", "doi:10.2307/2344614"),
    equivalents={
        "NumPy": Equivalent("(pred - target * np.log(pred)).mean()"),
        "PyTorch": Equivalent(
            "torch.nn.functional.poisson_nll_loss(pred, target, log_input=False, eps=0)",
            note="By default PyTorch takes the logarithm of the rate (log_input=True) and adds 1e-8 inside the log.",
        ),
        "Keras": Equivalent(
            "keras.losses.Poisson()(target, pred)",
            where="pred >= 0.1",
            rtol=1e-05,
            takes_any=True,
            note="Keras adds 1e-7 inside the logarithm, which matters where a prediction is hardly more.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.mean_poisson_deviance(target, pred) / 2 + perfect",
            lines="perfect = (target - scipy.special.xlogy(target, target)).mean()",
            note="The deviance is twice what a prediction costs beyond a perfect one.",
        ),
        "Optax": Equivalent("(pred - target * jnp.log(pred)).mean()", note="Written out: Optax has no name for it."),
    },
)


def _tweedie(pred, target, *, power):
    # boxcox(p, a) = (p^a - 1)/a, and log p at a = 0: the Poisson and the gamma distribution
    return boxcox(pred, 2 - power) - _times_power(target, pred, 1 - power)


def _times_power(target, pred, a):
    # y (p^a - 1)/a. Far from p = 1 the power is taken in two halves: y p^a may be finite where p^a alone overflows.
    exponent = a * np.log(pred)
    far = np.abs(exponent) > 1
    half = np.exp(0.5 * np.where(far, exponent, 0.0))
    near = target * boxcox(np.where(far, 1.0, pred), a)
    return np.where(far, (target * half * half - target) / np.where(far, a, 1.0), near)


def _tweedie_grad(pred, target, *, power):
    # (p - y) / p^power
    return (pred - target) / pred / pred ** (power - 1)


def _tweedie_curvature(pred, target, *, power):
    return (power * (target / pred) - (power - 1)) / pred / pred ** (power - 1)


# A function of SciPy's that the other libraries lack.
_boxcox = "\ndef boxcox(x, a):  # as in SciPy\n    return {}(x) if a == 0 else (x**a - 1) / a\n\n"

tweedie = Loss(
    name="Tweedie",
    short="Tweedie",
    look=Look("teal", "dot"),
    family="regression",
    params=(
        Param("power", symbol="ρ", latex=r"\rho", default=1.5, low=1.0, high=2.0, step=0.1, domain=Interval(1.0, 2.0)),
    ),
    value_of=_tweedie,
    grad_of=_tweedie_grad,
    curvature_of=_tweedie_curvature,
    template=r"\int_1^{\hat y} \frac{t - y}{t^{%(power)s}} \, dt",  # its closed form is 0/0 at both ends of the power
    convex=False,
    pred_domain=POSITIVE,
    finite_where=lambda pred, _: pred > 1e-100,  # below it the slope is too large for float64
    target_domain=NON_NEGATIVE,
    estimates=Estimand("the conditional mean, whatever the power ρ", best=lambda sample, **_: np.mean(sample)),
    by_hand={(4.0, 0.0): 2.0, (4.0, 3.0): -1.0},
    use_when="Targets are amounts that are often exactly 0 and otherwise vary widely, such as claims or rainfall. "
    "Their variance grows as the mean to the power ρ.",
    watch_out="The prediction must be positive: let the model give its logarithm, in which the loss is convex. At ρ = "
    "1 it is the Poisson loss minus 1. At ρ = 2 it is the gamma distribution's minus y. Between them it is (ŷ^(2 − ρ) "
    "− 1)/(2 − ρ) − y (ŷ^(1 − ρ) − 1)/(1 − ρ).",
    source=Source("Jørgensen", 1987, "Exponential Dispersion Models", "doi:10.1111/j.2517-6161.1987.tb01685.x"),
    equivalents={
        "NumPy": Equivalent(
            "np.mean(scipy.special.boxcox(pred, 2 - %(power)s) - target * scipy.special.boxcox(pred, 1 - %(power)s))",
            note="SciPy's boxcox(p, a) is (p^a - 1)/a, and log p at a = 0.",
        ),
        "PyTorch": Equivalent(
            "(boxcox(pred, 2 - %(power)s) - target * boxcox(pred, 1 - %(power)s)).mean()",
            lines=_boxcox.format("torch.log"),
            note="Written out: PyTorch has no name for it.",
        ),
        "Keras": Equivalent(
            "keras.ops.mean(boxcox(pred, 2 - %(power)s) - target * boxcox(pred, 1 - %(power)s))",
            lines=_boxcox.format("keras.ops.log"),
            note="Written out: Keras has no name for it.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.mean_tweedie_deviance(target, pred, power=%(power)s)",
            scale="0.5",
            offset="(target ** (2 - power) - 1) / (2 - power) - (target ** (2 - power) - target) / (1 - power)",
            where="1 < power < 2",
            note="The deviance: twice this, shifted so that a perfect prediction costs 0. At a power of 2 it takes no "
            "target of 0.",
        ),
        "Optax": Equivalent(
            "(boxcox(pred, 2 - %(power)s) - target * boxcox(pred, 1 - %(power)s)).mean()",
            lines=_boxcox.format("jnp.log"),
            note="Written out: Optax has no name for it.",
        ),
    },
)

gaussian_nll = Loss.from_residual(
    name="Gaussian negative log-likelihood",
    short="Gaussian NLL",
    look=Look("teal", "dash"),
    params=(Param("var", symbol="σ²", latex=r"\sigma^2", default=1.0, low=0.1, high=8.0, step=0.1),),
    value=lambda r, *, var: 0.5 * (np.log(var) + r * (r / var)),  # r^2 may overflow where r^2 / var does not
    grad=lambda r, *, var: r / var,
    curvature=lambda r, *, var: np.broadcast_to(1.0 / var, np.broadcast(r, var).shape),
    template=r"\tfrac12 \left(\log %(var)s + \frac{r^2}{%(var)s}\right)",
    estimates=Estimand(
        "the conditional mean; when the variance is learned too, the mean of the squared errors",
        best=lambda sample, **_: np.mean(sample),
    ),
    by_hand={(5.0, 2.0): 4.5},
    use_when="The noise differs from case to case and the model should say how sure it is.",
    watch_out="With a fixed variance it is squared error, rescaled. If the variance is learned too, a large one "
    "excuses errors, and the mean is learned slowly. The loss may be negative.",
    source=Source(
        "Nix, Weigend",
        1994,
        "Estimating the mean and variance of the target probability distribution",
        "doi:10.1109/ICNN.1994.374138",
    ),
    equivalents={
        "NumPy": Equivalent("(0.5 * (np.log(%(var)s) + (pred - target) ** 2 / %(var)s)).mean()"),
        "PyTorch": Equivalent(
            "torch.nn.functional.gaussian_nll_loss(pred, target, torch.full_like(pred, %(var)s))",
            note="PyTorch raises a variance below 1e-6 to 1e-6.",
        ),
    },
)
