"""Losses that are quadratic near 0 and linear far from it."""

import math

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand, m_estimate
from core.losses.loss import Loss
from core.numerics import log_cosh as _log_cosh
from core.numerics import sech_squared
from core.record import Look, Param, Source


def _huber(r, *, delta):
    # r^2/2 inside, delta (|r| - delta/2) outside, without a branch: q = min(|r|, delta)
    quadratic = np.minimum(np.abs(r), delta)
    return quadratic * (np.abs(r) - 0.5 * quadratic)


huber = Loss.from_residual(
    name="Huber",
    short="Huber",
    look=Look("green"),
    params=(Param("delta", symbol="δ", latex=r"\delta", default=1.0, low=0.05, high=5.0, step=0.05),),
    value=_huber,
    grad=lambda r, *, delta: np.clip(r, -delta, delta),
    curvature=lambda r, *, delta: np.where(np.abs(r) < delta, 1.0, 0.0),
    kinks=lambda *, delta: (-delta, delta),
    template=r"\begin{cases} \tfrac12 r^2 & \lvert r \rvert \le %(delta)s \\"
    r" %(delta)s \left(\lvert r \rvert - \tfrac12 \cdot %(delta)s\right) & \lvert r \rvert > %(delta)s \end{cases}",
    estimates=Estimand(
        "a location between the mean and the median: the mean when δ is large, the median as δ goes to 0",
        best=lambda sample, *, delta: m_estimate(sample, lambda r: 1 / np.maximum(1.0, np.abs(r) / delta)),
        at={"delta": {1e-6: np.median, 100.0: np.mean}},
    ),
    by_hand={(0.5, 0.0): 0.125, (5.0, 2.0): 2.5},
    use_when="Most errors are small and normal, and a few are not to be trusted.",
    watch_out="δ is in the units of the target: rescale the data and the same δ means something else. Near 0 it is "
    "half the squared error, not the squared error.",
    source=Source("Huber", 1964, "Robust Estimation of a Location Parameter", "doi:10.1214/aoms/1177703732"),
    equivalents={
        "NumPy": Equivalent(
            "np.where(error <= %(delta)s, error**2 / 2, %(delta)s * (error - %(delta)s / 2)).mean()",
            lines="error = np.abs(pred - target)",
        ),
        "PyTorch": Equivalent("torch.nn.functional.huber_loss(pred, target, delta=%(delta)s)"),
        "Keras": Equivalent("keras.losses.Huber(delta=%(delta)s)(target, pred)", takes_any=True),
        "Optax": Equivalent("optax.losses.huber_loss(pred, target, delta=%(delta)s).mean()"),
    },
)


def _smooth_l1(r, *, beta):
    # Huber divided by beta; the first factor is divided, because it is then at most 1
    quadratic = np.minimum(np.abs(r), beta)
    return quadratic / beta * (np.abs(r) - 0.5 * quadratic)


smooth_l1 = Loss.from_residual(
    name="Smooth L1",
    short="Smooth L1",
    look=Look("green", "dash"),
    params=(Param("beta", symbol="β", latex=r"\beta", default=1.0, low=0.05, high=5.0, step=0.05),),
    value=_smooth_l1,
    grad=lambda r, *, beta: np.clip(r / beta, -1.0, 1.0),
    curvature=lambda r, *, beta: np.where(np.abs(r) < beta, 1.0 / beta, 0.0),
    kinks=lambda *, beta: (-beta, beta),
    template=r"\begin{cases} \frac{r^2}{2 \cdot %(beta)s} & \lvert r \rvert \le %(beta)s \\"
    r" \lvert r \rvert - \tfrac12 \cdot %(beta)s & \lvert r \rvert > %(beta)s \end{cases}",
    estimates=Estimand(
        "what Huber with δ = β estimates: a location between the mean and the median",
        best=lambda sample, *, beta: m_estimate(sample, lambda r: 1 / np.maximum(1.0, np.abs(r) / beta)),
        at={"beta": {1e-6: np.median, 100.0: np.mean}},
    ),
    by_hand={(0.5, 0.0): 0.125, (5.0, 2.0): 2.5},
    use_when="You want a gradient of at most 1 for every β, as for the box corners of an object detector.",
    watch_out="It is Huber divided by β: the two have the same minimum, but the same learning rate takes different "
    "steps.",
    source=Source("Girshick", 2015, "Fast R-CNN", "arxiv:1504.08083"),
    equivalents={
        "NumPy": Equivalent(
            "np.where(error <= %(beta)s, error**2 / (2 * %(beta)s), error - %(beta)s / 2).mean()",
            lines="error = np.abs(pred - target)",
        ),
        "PyTorch": Equivalent("torch.nn.functional.smooth_l1_loss(pred, target, beta=%(beta)s)"),
        "Keras": Equivalent(
            "keras.losses.Huber(delta=%(beta)s)(target, pred) / %(beta)s",
            takes_any=True,
            note="Huber over β: Keras has no name for it.",
        ),
        "Optax": Equivalent(
            "optax.losses.huber_loss(pred, target, delta=%(beta)s).mean() / %(beta)s",
            note="Huber over β: Optax has no name for it.",
        ),
    },
)


def _tanh_over(r):
    return np.divide(np.tanh(r), r, out=np.ones_like(r), where=r != 0)


log_cosh = Loss.from_residual(
    name="Log-cosh",
    short="Log-cosh",
    look=Look("green", "dot"),
    value=_log_cosh,
    grad=np.tanh,
    curvature=sech_squared,
    template=r"\log \cosh r",
    estimates=Estimand(
        "a location between the mean and the median: for errors far below 1 the mean, far above 1 the median",
        best=lambda sample: m_estimate(sample, _tanh_over),
    ),
    by_hand={(math.log(2), 0.0): math.log(1.25)},
    use_when="You want something like Huber with δ = 1 that is smooth everywhere, for a second-order optimizer.",
    watch_out="It has no parameter: the transition is at an error of about 1, so the unit of the target decides what "
    "it does.",
    source=Source(
        "Saleh, Saleh",
        2022,
        "Statistical Properties of the log-cosh Loss Function Used in Machine Learning",
        "arxiv:2208.04564",
    ),
    equivalents={
        "NumPy": Equivalent("(np.logaddexp(pred - target, target - pred) - np.log(2)).mean()"),
        "PyTorch": Equivalent(
            "(torch.logaddexp(pred - target, target - pred) - math.log(2)).mean()",
            note="Written out: PyTorch has no name for it.",
        ),
        "Keras": Equivalent(
            "keras.losses.LogCosh()(target, pred)",
            where="abs(pred - target).mean() >= 0.1",
            rtol=1e-06,
            takes_any=True,
            note="Keras holds log 2 in 32 bits, so its value is 2e-9 too low: less than 0 at r = 0.",
        ),
        "Optax": Equivalent("optax.losses.log_cosh(pred, target).mean()"),
    },
)
