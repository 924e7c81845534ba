"""Losses that grow with the size of the error."""

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand, weighted_median
from core.losses.loss import Loss
from core.record import NON_NEGATIVE, SHARE, Interval, Look, Param, Source

absolute_error = Loss.from_residual(
    name="Absolute error (MAE)",
    short="MAE",
    also=("L1",),
    look=Look("orange"),
    value=np.abs,
    grad=np.sign,
    curvature=np.zeros_like,
    kinks=lambda: (0.0,),
    subgradient="0 at r = 0; any value in [−1, 1] is valid",
    template=r"\lvert r \rvert",
    estimates=Estimand("the conditional median", best=np.median),
    by_hand={(5.0, 2.0): 3.0, (2.0, 5.0): 3.0},
    use_when="Some targets are outliers and should not count more than the others.",
    watch_out="The gradient has the same size at every distance, so training does not slow down near the minimum by "
    "itself. With an even number of points every value between the middle two is a minimum.",
    source=Source("Boscovich", 1757, "De litteraria expeditione per pontificiam ditionem"),
    equivalents={
        "NumPy": Equivalent("np.abs(pred - target).mean()"),
        "PyTorch": Equivalent("torch.nn.functional.l1_loss(pred, target)"),
        "Keras": Equivalent("keras.losses.MeanAbsoluteError()(target, pred)", takes_any=True),
        "scikit-learn": Equivalent("sklearn.metrics.mean_absolute_error(target, pred)", takes_any=True),
        "Optax": Equivalent("abs(pred - target).mean()", note="Written out: Optax has no name for it."),
    },
)

quantile = Loss.from_residual(
    name="Quantile (pinball)",
    short="Quantile",
    look=Look("orange", "dash"),
    params=(
        Param(
            "tau",
            symbol="τ",
            latex=r"\tau",
            default=0.5,
            start=0.9,
            low=0.01,
            high=0.99,
            step=0.01,
            domain=SHARE,
            neutral=0.5,
        ),
    ),
    value=lambda r, *, tau: np.maximum(-tau * r, (1 - tau) * r),
    grad=lambda r, *, tau: np.where(r > 0, 1 - tau, -tau) * (r != 0),
    curvature=lambda r, *, tau: np.zeros(np.broadcast(r, tau).shape),
    kinks=lambda **_: (0.0,),
    subgradient="0 at r = 0; any value in [−τ, 1 − τ] is valid",
    template=r"\begin{cases} -%(tau)s \, r & r \le 0 \\ (1 - %(tau)s) \, r & r > 0 \end{cases}",
    estimates=Estimand(
        "the conditional τ-quantile: a share τ of the targets lies below it",
        best=lambda sample, *, tau: np.quantile(sample, tau, method="inverted_cdf"),
    ),
    by_hand={(5.0, 2.0): 1.5, (2.0, 5.0): 1.5},
    use_when="You need a bound that holds for a chosen share of the cases, or two bounds as an interval.",
    watch_out="At τ = 0.5 it is half the absolute error. Extreme quantiles rest on few points, and two quantiles that "
    "are fitted separately may cross.",
    source=Source("Koenker, Bassett", 1978, "Regression Quantiles", "doi:10.2307/1913643"),
    equivalents={
        "NumPy": Equivalent("np.maximum(%(tau)s * (target - pred), (%(tau)s - 1) * (target - pred)).mean()"),
        "PyTorch": Equivalent(
            "torch.maximum(%(tau)s * (target - pred), (%(tau)s - 1) * (target - pred)).mean()",
            note="Written out: PyTorch has no name for it.",
        ),
        "Keras": Equivalent(
            "keras.ops.mean(keras.ops.maximum(%(tau)s * (target - pred), (%(tau)s - 1) * (target - pred)))",
            note="Written out: Keras has no name for it.",
        ),
        "scikit-learn": Equivalent("sklearn.metrics.mean_pinball_loss(target, pred, alpha=%(tau)s)", takes_any=True),
        "Optax": Equivalent(
            "jnp.maximum(%(tau)s * (target - pred), (%(tau)s - 1) * (target - pred)).mean()",
            note="Written out: Optax has no name for it.",
        ),
    },
)

epsilon_insensitive = Loss.from_residual(
    name="ε-insensitive",
    short="ε-insensitive",
    look=Look("orange", "dot"),
    params=(
        Param("epsilon", symbol="ε", latex=r"\epsilon", default=0.5, low=0.0, high=3.0, step=0.05, domain=NON_NEGATIVE),
    ),
    value=lambda r, *, epsilon: np.maximum(0.0, np.abs(r) - epsilon),
    grad=lambda r, *, epsilon: np.where(np.abs(r) > epsilon, np.sign(r), 0.0),
    curvature=lambda r, *, epsilon: np.zeros(np.broadcast(r, epsilon).shape),
    kinks=lambda *, epsilon: (-epsilon, epsilon) if epsilon else (0.0,),
    subgradient="0 at |r| = ε, where the flat part ends; any value in [0, 1] at r = ε and in [−1, 0] at r = −ε is "
    "valid",
    template=r"\max(0, \lvert r \rvert - %(epsilon)s)",
    estimates=Estimand(
        "any value with as many targets more than ε above as below; the conditional median when ε = 0",
        best=lambda sample, *, epsilon: np.median([sample - epsilon, sample + epsilon]),
    ),
    by_hand={(5.0, 2.0): 2.5, (2.3, 2.0): 0.0},
    use_when="Errors up to a known tolerance do not matter, as in support vector regression.",
    watch_out="Inside the tolerance there is no gradient, so many predictions are equally good. ε is in the units of "
    "the target.",
    source=Source("Vapnik", 1995, "The Nature of Statistical Learning Theory", "doi:10.1007/978-1-4757-2440-0"),
    equivalents={
        "NumPy": Equivalent("np.maximum(0, np.abs(pred - target) - %(epsilon)s).mean()"),
        "PyTorch": Equivalent(
            "torch.relu((pred - target).abs() - %(epsilon)s).mean()", note="Written out: PyTorch has no name for it."
        ),
        "Optax": Equivalent(
            "jax.nn.relu(abs(pred - target) - %(epsilon)s).mean()", note="Written out: Optax has no name for it."
        ),
    },
)

absolute_percentage_error = Loss(
    name="Absolute percentage error (MAPE)",
    short="MAPE",
    look=Look("orange", "dashdot"),
    family="regression",
    value_of=lambda pred, target: np.abs(pred - target) / np.abs(target),
    grad_of=lambda pred, target: np.sign(pred - target) / np.abs(target),
    curvature_of=lambda pred, target: np.zeros(np.broadcast(pred, target).shape),
    kinks=lambda: (0.0,),
    subgradient="0 at r = 0; any value in [−1/|y|, 1/|y|] is valid",
    target_domain=Interval(without=0.0),
    template=r"\frac{\lvert \hat y - y \rvert}{\lvert y \rvert}",
    estimates=Estimand(
        "the weighted median, each target weighted by 1/|y|, which lies below the median of positive targets",
        best=lambda sample: weighted_median(sample, 1 / np.abs(sample)),
    ),
    by_hand={(5.0, 4.0): 0.25, (3.0, -4.0): 1.75},
    use_when="Targets are positive and far from 0, and the relative error is what matters.",
    watch_out="Small targets dominate, and a target of 0 is impossible. It is a fraction here, not a percentage. A "
    "positive prediction that is too low costs at most 1; for one that is too high there is no limit.",
    source=Source(
        "de Myttenaere, Golden, Le Grand, Rossi",
        2016,
        "Mean Absolute Percentage Error for regression models",
        "doi:10.1016/j.neucom.2015.12.114",
    ),
    equivalents={
        "NumPy": Equivalent("np.abs((pred - target) / target).mean()"),
        "PyTorch": Equivalent(
            "((pred - target) / target).abs().mean()", note="Written out: PyTorch has no name for it."
        ),
        "Keras": Equivalent(
            "keras.losses.MeanAbsolutePercentageError()(target, pred) / 100",
            where="abs(target) >= 1e-7",
            takes_any=True,
            note="Keras gives percent. It takes targets smaller than 1e-7 as 1e-7.",
        ),
        "scikit-learn": Equivalent("sklearn.metrics.mean_absolute_percentage_error(target, pred)", takes_any=True),
        "Optax": Equivalent("abs((pred - target) / target).mean()", note="Written out: Optax has no name for it."),
    },
)


def _symmetric(pred, target):
    # 2 |p - y| / (p + y), both over the larger of them: their sum may overflow, and be 0
    size = np.maximum(pred, target)
    p, y = (np.divide(number, size, out=np.zeros(size.shape), where=size > 0) for number in (pred, target))
    return np.divide(2 * np.abs(p - y), p + y, out=np.zeros(size.shape), where=size > 0)


def _symmetric_grad(pred, target):
    # sign(p - y) 4 y / (p + y)^2
    both = pred + target
    steep = 4 * _over(_over(target, both), both)
    return np.where(pred > target, steep, np.where(pred < target, -steep, 0.0))


def _symmetric_curvature(pred, target):
    # -sign(p - y) 8 y / (p + y)^3; at p = y that of its lower side
    both = pred + target
    return np.where(pred > target, -1.0, 1.0) * (8 * _over(_over(_over(target, both), both), both))


def _over(number, size):
    return np.divide(number, size, out=np.zeros(np.broadcast(number, size).shape), where=size > 0)


def _nearest_median(sample):
    # among the points that are a median under the weights y / (p + y)^2 of their own p the one that costs least
    found = [p for p in sample if weighted_median(sample, sample / (p + sample) ** 2) == p]
    return min(found, key=lambda p: np.mean(np.abs(p - sample) / (p + sample)))


symmetric_absolute_percentage_error = Loss(
    name="Symmetric absolute percentage error (sMAPE)",
    short="sMAPE",
    look=Look("green", "dashdot"),
    family="regression",
    value_of=_symmetric,
    grad_of=_symmetric_grad,
    curvature_of=_symmetric_curvature,
    kinks=lambda: (0.0,),
    subgradient="0 at r = 0; any value in [−1/y, 1/y] is valid",
    pred_domain=NON_NEGATIVE,
    target_domain=NON_NEGATIVE,
    convex=False,
    template=r"\frac{2 \, \lvert \hat y - y \rvert}{\hat y + y}",
    estimates=Estimand(
        "a median p in which a target y has the weight y/(p + y)², which is largest for the targets nearest to p",
        best=_nearest_median,
    ),
    by_hand={(6.0, 2.0): 1.0, (0.0, 3.0): 2.0},
    use_when="A report or a competition asks for it, for amounts of at least 0. A target of 0, which the plain "
    "percentage error cannot take, is allowed.",
    watch_out="It is not symmetric: a prediction that is too low costs more than one that is too high by the same "
    "amount. A target of 0 costs 2 unless the prediction is 0 too. Here it is a fraction from 0 to 2; others halve "
    "it, or give percent.",
    source=Source(
        "Makridakis", 1993, "Accuracy measures: theoretical and practical concerns", "doi:10.1016/0169-2070(93)90079-3"
    ),
    equivalents={
        "NumPy": Equivalent("np.mean(2 * np.abs(pred - target) / np.where(pred + target == 0, 1, pred + target))"),
        "PyTorch": Equivalent(
            "(2 * (pred - target).abs() / (pred + target).where(pred + target != 0, torch.ones_like(pred))).mean()",
            note="Written out: PyTorch has no name for it.",
        ),
        "Keras": Equivalent(
            "keras.ops.mean(2 * keras.ops.abs(pred - target) / keras.ops.where("
            "pred + target == 0, keras.ops.ones_like(pred), pred + target))",
            note="Written out: Keras has no name for it.",
        ),
        "Optax": Equivalent(
            "(2 * abs(pred - target) / jnp.where(pred + target == 0, 1, pred + target)).mean()",
            note="Written out: Optax has no name for it.",
        ),
    },
)
