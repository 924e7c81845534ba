"""Losses of scores z for K classes, on the last axis, by the probability that each gives to the true class.

The formulas get the target as probabilities t [..., K], a label being 1 at its class and 0 elsewhere, and parameters as
[..., 1]. q = softmax(z) unless the record says otherwise.
"""

from __future__ import annotations

import math

import numpy as np

from core.losses import cross_entropy
from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand
from core.losses.link import SIGMOIDS, SOFTMAX
from core.losses.loss import Loss
from core.losses.softmax import error, through_softmax, times_log, weighted_sum
from core.numerics import exp_softplus, log_softmax, sigmoid, softplus
from core.record import LABELS, SEVERAL_LABELS, Interval, Look, Param, Source

MOST_STEPS, SMALL_STEP = 100, 1e-12  # of Newton's method, which takes 5 of them, and 35 beside a corner


def _brier(z, t):
    return (error(log_softmax(z), t) ** 2).sum(axis=-1)


def _brier_grad(z, t):
    log_q = log_softmax(z)
    return through_softmax(log_q, 2 * np.exp(log_q) * error(log_q, t))


# What several programs below begin with.
_NUMPY_ONE_HOT = "one_hot = np.eye(pred.shape[-1])[target]"
_TORCH_ONE_HOT = "one_hot = torch.nn.functional.one_hot(target, pred.shape[-1])"
_KERAS_ONE_HOT = "one_hot = keras.ops.one_hot(target, pred.shape[-1], dtype=pred.dtype)"
_JAX_ONE_HOT = "one_hot = jax.nn.one_hot(target, pred.shape[-1], dtype=pred.dtype)"
_NUMPY_LOG_P = (
    "log_q = pred - np.logaddexp.reduce(pred, axis=-1, keepdims=True)\n"
    "log_p = np.take_along_axis(log_q, target[..., None], axis=-1)[..., 0]"
)
_TORCH_LOG_P = "log_p = torch.log_softmax(pred, dim=-1).gather(-1, target[..., None])[..., 0]"
_KERAS_LOG_P = f"{_KERAS_ONE_HOT}\nlog_p = keras.ops.sum(one_hot * keras.ops.log_softmax(pred), axis=-1)"
_JAX_LOG_P = "log_p = jnp.take_along_axis(jax.nn.log_softmax(pred), target[..., None], axis=-1)[..., 0]"
_OF_TRUE_CLASS = "Written out; log_p is the logarithm of the true class's probability."

multiclass_brier = Loss(
    name="Brier of several classes (squared error of the softmax)",
    short="Multiclass Brier",
    look=Look("amber", "dashdot"),
    family="multi-class",
    value_of=_brier,
    grad_of=_brier_grad,
    curvature_of=None,
    convex=False,
    target_domain=LABELS,
    template=r"\sum_{k=1}^{K} (q_k - t_k)^2, \quad q = \operatorname{softmax}(z)",
    estimates=Estimand("scores whose softmax is the probability of each class: a proper score", best=SOFTMAX.scores),
    by_hand={((0.0, math.log(3)), 1): 1 / 8, ((0.0, 0.0), (0.25, 0.75)): 1 / 8},
    use_when="You judge probabilities and want the cost of one mistake to stay at most 2.",
    watch_out="It is slow to train with: the gradient is almost 0 where the softmax is sure and wrong. With two "
    "classes it is twice the binary Brier score. It is not convex in the scores.",
    source=cross_entropy.brier.source,
    equivalents={
        "NumPy": Equivalent(
            "((q - one_hot) ** 2).sum(axis=-1).mean()",
            lines=f"q = scipy.special.softmax(pred, axis=-1)\n{_NUMPY_ONE_HOT}",
        ),
        "PyTorch": Equivalent(
            "(torch.softmax(pred, dim=-1) - one_hot).square().sum(dim=-1).mean()",
            lines=_TORCH_ONE_HOT,
            note="mse_loss would divide by K as well.",
        ),
        "Keras": Equivalent(
            "pred.shape[-1] * keras.losses.MeanSquaredError()(one_hot, keras.ops.softmax(pred))",
            lines=_KERAS_ONE_HOT,
            note="MeanSquaredError takes the mean over the K classes too: hence the factor.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.brier_score_loss(target, scipy.special.softmax(pred, axis=-1),"
            " labels=range(pred.shape[-1]), scale_by_half=False)",
            note="It takes probabilities. With two classes its default is half of this.",
        ),
        "Optax": Equivalent(
            "optax.losses.squared_error(jax.nn.softmax(pred), one_hot).sum(axis=-1).mean()", lines=_JAX_ONE_HOT
        ),
    },
)


def _focal(z, t, *, gamma):
    log_q = log_softmax(z)
    return -weighted_sum(t, np.power(-np.expm1(log_q), gamma) * log_q)


def _focal_grad(z, t, *, gamma):
    # q dL/dq = t (1 - q)^gamma (gamma q log q/(1 - q) - 1); q log q/(1 - q) tends to -1 as q tends to 1
    log_q = log_softmax(z)
    q, rest = np.exp(log_q), -np.expm1(log_q)
    ratio = np.divide(times_log(q, log_q), rest, out=np.full(q.shape, -1.0), where=rest > 0)
    return through_softmax(log_q, t * np.power(rest, gamma) * (gamma * ratio - 1))


def _focal_best(shares, *, gamma):
    """The scores whose softmax q has p_k f(q_k) equal for all k, with -f the slope of (1 - q)^gamma (-log q) in q.

    f falls from infinity to 0, so each q_k is a falling function of the common value, and one of these has sum 1.
    In x = log(q/(1 - q)), log f = -gamma softplus(x) + softplus(-x) + log(1 + gamma e^x log(1 + e^-x)), which is almost
    straight. Newton's steps find all x and the common value together; that the sum is 1 is asked for as
    log(1 - q_top) = log(sum of the other q), which is almost straight too, and keeps its digits at a corner.
    """
    log_p = SOFTMAX.scores(shares)
    gamma = np.asarray(gamma, dtype=float)
    weight = np.where(gamma > 0, gamma, 1.0)  # at 0 it is cross-entropy: p itself, below
    top = np.arange(log_p.shape[-1]) == np.expand_dims(log_p.argmax(axis=-1), -1)

    def log_of_others(values):
        return np.logaddexp.reduce(np.where(top, -np.inf, values), axis=-1, keepdims=True)

    x = np.where(top, log_p - log_of_others(log_p), log_p - np.log1p(-np.where(top, 0.5, np.exp(log_p))))
    for _ in range(MOST_STEPS):
        rising, q, log_q = exp_softplus(x), sigmoid(x), -softplus(-x)
        height = log_p - weight * softplus(x) + softplus(-x) + np.log1p(weight * rising)
        slope = -weight * q - (1 - q) + weight * (rising - q) / (1 + weight * rising)
        others = log_of_others(log_q)
        missing = np.where(top, -softplus(x), 0.0).sum(axis=-1, keepdims=True) - others
        share = np.where(top, -q, (q - 1) * np.exp(np.where(top, -np.inf, log_q) - others)) / slope
        common = ((share * height).sum(axis=-1, keepdims=True) - missing) / share.sum(axis=-1, keepdims=True)
        step = np.clip((common - height) / slope, -20.0, 20.0)
        x = x + step
        if not np.abs(step).max(initial=0.0) > SMALL_STEP:
            break
    return np.where(gamma > 0, -softplus(-x), log_p)


multiclass_focal = Loss(
    name="Focal of several classes",
    short="Multiclass focal",
    look=Look("green", "dash"),
    family="multi-class",
    params=(cross_entropy.focal.param("gamma"),),
    value_of=_focal,
    grad_of=_focal_grad,
    curvature_of=None,
    convex=False,
    target_domain=LABELS,
    template=r"-\sum_{k=1}^{K} t_k (1 - q_k)^{%(gamma)s} \log q_k, \quad q = \operatorname{softmax}(z)",
    estimates=Estimand(
        "the most likely class, with probabilities that are more alike than the true ones", best=_focal_best
    ),
    by_hand={((0.0, math.log(3)), 1): math.log(4 / 3) / 16, ((0.0, 0.0), (0.5, 0.5)): math.log(2) / 4},
    use_when="Easy examples are so many that together they outweigh the hard ones.",
    watch_out="Its probabilities are not those of the data: at (0.6, 0.3, 0.1) and γ = 2 it asks for "
    "(0.489, 0.353, 0.158). Recalibrate them before you use them.",
    source=cross_entropy.focal.source,
    equivalents={
        "NumPy": Equivalent(
            "((-np.expm1(log_p)) ** %(gamma)s * -log_p).mean()",
            lines=_NUMPY_LOG_P,
            note="log_p is the logarithm of the true class's probability.",
        ),
        "PyTorch": Equivalent(
            "((-torch.expm1(log_p)) ** %(gamma)s * -log_p).mean()",
            lines=_TORCH_LOG_P,
            where="abs(pred) <= 30",
            note=f"{_OF_TRUE_CLASS} Where that is 1 in float64, the gradient of a power below 1 is NaN.",
        ),
        "Keras": Equivalent(
            "keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=%(gamma)s, from_logits=True)(one_hot, pred)",
            lines=_KERAS_ONE_HOT,
            where="abs(pred) <= 6",
            note="Its own alpha is 0.25, a quarter of the loss. It keeps probabilities 1e-7 away from 0 and 1.",
        ),
        "Optax": Equivalent(
            "((-jnp.expm1(log_p)) ** %(gamma)s * -log_p).mean()",
            lines=_JAX_LOG_P,
            where="abs(pred) <= 30",
            note=f"{_OF_TRUE_CLASS} Where that is 1 in float64, the gradient of a power below 1 is NaN.",
        ),
    },
)


def _generalized(z, t, *, s):
    return -weighted_sum(t, np.expm1(s * log_softmax(z))) / s[..., 0]


def _generalized_grad(z, t, *, s):
    log_q = log_softmax(z)
    return through_softmax(log_q, -t * np.exp(s * log_q))


def _generalized_best(shares, *, s):
    # sum p q^s is largest where q is as p^(1/(1 - s)), at s = 1 where all of q is on the most likely class
    log_p, s = SOFTMAX.scores(shares), np.asarray(s, dtype=float)
    most = np.where(np.arange(log_p.shape[-1]) == np.expand_dims(log_p.argmax(axis=-1), -1), 800.0, 0.0)
    return np.where(s < 1, log_p / np.where(s < 1, 1 - s, 1.0), most)


generalized_cross_entropy = Loss(
    name="Generalized cross-entropy",
    short="GCE",
    look=Look("red"),
    family="multi-class",
    params=(
        Param(
            "s",
            symbol="exponent s",
            latex="s",
            default=0.7,
            low=0.05,
            high=1.0,
            step=0.05,
            domain=Interval(0.0, 1.0, low_open=True),
            because="Zhang and Sabuncu 2018 use it; at 0 it would be cross-entropy, at 1 half the absolute error",
        ),
    ),
    value_of=_generalized,
    grad_of=_generalized_grad,
    curvature_of=None,
    convex=False,
    target_domain=LABELS,
    template=r"\sum_{k=1}^{K} t_k \frac{1 - q_k^{\,%(s)s}}{%(s)s}, \quad q = \operatorname{softmax}(z)",
    estimates=Estimand(
        "the most likely class, with probabilities sharper than the true ones: each to the power 1/(1 − s)",
        best=_generalized_best,
    ),
    by_hand={((0.0, math.log(3)), 1): (1 - 0.75**0.7) / 0.7, ((0.0, 0.0), (0.25, 0.75)): (1 - 0.5**0.7) / 0.7},
    use_when="Some labels are wrong. It lies between cross-entropy (s near 0) and the absolute error of the "
    "probability (s = 1).",
    watch_out="Its probabilities are too sure: at (0.6, 0.3, 0.1) and s = 0.7 it asks for (0.908, 0.090, 0.002). "
    "With s near 1 a wrong start gets almost no gradient.",
    source=Source(
        "Zhang, Sabuncu",
        2018,
        "Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels",
        "arxiv:1805.07836",
    ),
    equivalents={
        "NumPy": Equivalent(
            "(-np.expm1(%(s)s * log_p) / %(s)s).mean()",
            lines=_NUMPY_LOG_P,
            note="log_p is the logarithm of the true class's probability.",
        ),
        "PyTorch": Equivalent("(-torch.expm1(%(s)s * log_p) / %(s)s).mean()", lines=_TORCH_LOG_P, note=_OF_TRUE_CLASS),
        "Keras": Equivalent(
            "keras.ops.mean(-keras.ops.expm1(%(s)s * log_p) / %(s)s)",
            lines=_KERAS_LOG_P,
            note=_OF_TRUE_CLASS,
        ),
        "Optax": Equivalent("(-jnp.expm1(%(s)s * log_p) / %(s)s).mean()", lines=_JAX_LOG_P, note=_OF_TRUE_CLASS),
    },
)


def _one_vs_rest(z, t):
    return (t * softplus(-z) + (1 - t) * softplus(z)).sum(axis=-1)


def _one_vs_rest_grad(z, t):
    # sigmoid(z) - t, as a sum of which each part keeps its digits
    return (1 - t) * sigmoid(z) - t * sigmoid(-z)


one_vs_rest_cross_entropy = Loss(
    name="One-vs-rest cross-entropy",
    short="One-vs-rest",
    look=Look("blue", "dash"),
    family="multi-class",
    link=SIGMOIDS,
    value_of=_one_vs_rest,
    grad_of=_one_vs_rest_grad,
    curvature_of=None,
    target_domain=SEVERAL_LABELS,
    template=r"\sum_{k=1}^{K} \left[ \log(1 + e^{z_k}) - t_k z_k \right]",
    estimates=Estimand(
        "the log-odds of each class against all others, so that each sigmoid is a probability of its own",
        best=SIGMOIDS.scores,
    ),
    by_hand={((0.0, math.log(3)), 1): math.log(2) + math.log(4 / 3), ((0.0, 0.0), (0.5, 0.5)): 2 * math.log(2)},
    use_when="Several labels can be right at once, or none.",
    watch_out="The K probabilities of a model need not sum to 1. Where exactly one class is right, softmax with "
    "cross-entropy is the better choice.",
    source=Source(
        "Rifkin, Klautau",
        2004,
        "In Defense of One-Vs-All Classification",
        "https://www.jmlr.org/papers/v5/rifkin04a.html",
    ),
    equivalents={
        "NumPy": Equivalent(
            "np.logaddexp(0, np.where(one_hot == 1, -pred, pred)).sum(axis=-1).mean()", lines=_NUMPY_ONE_HOT
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.binary_cross_entropy_with_logits(pred, one_hot, reduction='none').sum(dim=-1).mean()",
            lines=f"{_TORCH_ONE_HOT}.to(pred.dtype)",
            note="Its own mean would divide by K as well.",
        ),
        "Keras": Equivalent(
            "pred.shape[-1] * keras.losses.BinaryCrossentropy(from_logits=True)(one_hot, pred)",
            lines=_KERAS_ONE_HOT,
            note="BinaryCrossentropy takes the mean over the K classes too: hence the factor.",
        ),
        "scikit-learn": Equivalent(
            "pred.shape[-1] * sklearn.metrics.log_loss(one_hot.ravel(), scipy.special.expit(pred).ravel())",
            lines=_NUMPY_ONE_HOT,
            where="abs(pred) <= 6",
            note="It takes probabilities, loses digits when one is close to 0 or 1, and divides by n K.",
        ),
        "Optax": Equivalent(
            "optax.losses.sigmoid_binary_cross_entropy(pred, one_hot).sum(axis=-1).mean()", lines=_JAX_ONE_HOT
        ),
    },
)


def _highest_others(z):
    """For each class the highest score of the others, [..., K], and whose it is: the first, where several are equal."""
    top = np.expand_dims(z.argmax(axis=-1), -1)
    without = z.copy()
    np.put_along_axis(without, top, -np.inf, axis=-1)
    whose = np.where(np.arange(z.shape[-1]) == top, np.expand_dims(without.argmax(axis=-1), -1), top)
    return np.take_along_axis(z, whose, axis=-1), whose


def _crammer_singer(z, t):
    return weighted_sum(t, np.maximum(0.0, 1 + (_highest_others(z)[0] - z)))


def _crammer_singer_grad(z, t):
    highest, whose = _highest_others(z)
    active, whose = np.broadcast_arrays(t * (1 + (highest - z) > 0), whose)
    grad = -active
    for k in range(z.shape[-1]):
        gained = np.take_along_axis(grad, whose[..., k : k + 1], axis=-1) + active[..., k : k + 1]
        np.put_along_axis(grad, whose[..., k : k + 1], gained, axis=-1)
    return grad


def _crammer_singer_best(shares):
    # A lead of 1 costs 2 (1 - p), no lead at all costs 1
    likely = np.asarray(shares) > 0.5
    return likely.astype(float)


crammer_singer_hinge = Loss(
    name="Crammer-Singer hinge",
    short="Crammer-Singer",
    look=Look("orange", "dash"),
    family="multi-class",
    link=None,
    value_of=_crammer_singer,
    grad_of=_crammer_singer_grad,
    curvature_of=None,
    target_domain=LABELS,
    subgradient="0 where the margin is exactly 1; of several highest others, the first",
    template=r"\max\left(0,\; 1 + \max_{j \neq y} z_j - z_y\right)",
    estimates=Estimand(
        "a class that has more than half of the probability; where none has, equal scores cost least, which name none",
        best=_crammer_singer_best,
    ),
    by_hand={((0.0, 2.0, 1.5), 1): 0.5, ((0.0, 2.0, 1.5), (0.5, 0.5, 0.0)): 1.75},
    use_when="You need the class and no probabilities, and one class is nearly always clear.",
    watch_out="Scores have no probabilities. Where no class reaches one half, its best scores are ties that name no "
    "class.",
    source=Source(
        "Crammer, Singer",
        2001,
        "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines",
        "https://www.jmlr.org/papers/v2/crammer01a.html",
    ),
    equivalents={
        "NumPy": Equivalent(
            "np.maximum(0, 1 + np.where(one_hot == 1, -np.inf, pred).max(axis=-1) - true).mean()",
            lines=f"{_NUMPY_ONE_HOT}\ntrue = np.take_along_axis(pred, target[..., None], axis=-1)[..., 0]",
        ),
        "PyTorch": Equivalent(
            "torch.relu(1 + pred.masked_fill(one_hot == 1, -torch.inf).amax(dim=-1) - true).mean()",
            lines=f"{_TORCH_ONE_HOT}\ntrue = pred.gather(-1, target[..., None])[..., 0]",
            note="Written out: MultiMarginLoss sums over all other classes and divides by K, which is another loss.",
        ),
        "Keras": Equivalent(
            "keras.ops.mean(keras.ops.relu(1 + keras.ops.max(others, axis=-1) - true))",
            lines=f"{_KERAS_ONE_HOT}\n"
            "others = keras.ops.where(one_hot == 1, -float('inf'), pred)\n"
            "true = keras.ops.sum(one_hot * pred, axis=-1)",
            note="Written out: CategoricalHinge counts the true class among the others, as a score of 0.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.hinge_loss(target, pred, labels=range(pred.shape[-1]))",
            where="pred.shape[-1] > 2",
            note="For two classes it wants one column of scores.",
        ),
        "Optax": Equivalent("optax.losses.multiclass_hinge_loss(pred, target).mean()"),
    },
)
