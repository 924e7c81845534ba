"""Losses that fit probabilities. `pred` is the raw score z (the log-odds), never the probability.

Every binary one is a function of the margin m = s z: the probability given to the true class is sigmoid(m).
"""

import math

import numpy as np
from scipy.special import logit

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand
from core.losses.loss import Loss, identity
from core.numerics import exp_softplus, sigmoid, softplus
from core.record import NON_NEGATIVE, Interval, Look, Param, Source

STEEPEST = 1e100  # gamma p is cut here: the modulation is 0 long before, and the square must not overflow


def _cross_entropy(m, **_):
    # -log sigmoid(m) = log(1 + e^-m)
    return softplus(-m)


def _cross_entropy_grad(m, **_):
    # sigmoid(m) - 1 = -sigmoid(-m), which keeps its digits where sigmoid(m) is nearly 1
    return -sigmoid(-m)


def _cross_entropy_curvature(m, **_):
    return sigmoid(m) * sigmoid(-m)


binary_cross_entropy = Loss.from_margin(
    name="Binary cross-entropy (log loss)",
    short="BCE",
    look=Look("blue"),
    value=_cross_entropy,
    grad=_cross_entropy_grad,
    curvature=_cross_entropy_curvature,
    template=r"\log(1 + e^{z}) - y z",
    log_odds=identity,
    estimates=Estimand("the log-odds of y = 1, so that sigmoid(z) is its probability"),
    by_hand={(math.log(3), 1): math.log(4 / 3), (math.log(3), 0): math.log(4)},
    use_when="You want probabilities that can be trusted. On rare positives too: choose the threshold, not the loss.",
    watch_out="The cost of a confident mistake has no limit, so one wrong label can have a large effect. Give it the "
    "raw score: a sigmoid before it, with clipping, loses digits.",
    source=Source("Cox", 1958, "The Regression Analysis of Binary Sequences", "doi:10.1111/j.2517-6161.1958.tb00292.x"),
    equivalents={
        "NumPy": Equivalent("np.logaddexp(0, -margin).mean()", lines="margin = (2 * target - 1) * pred"),
        "PyTorch": Equivalent("torch.nn.functional.binary_cross_entropy_with_logits(pred, target)"),
        "Keras": Equivalent("keras.losses.BinaryCrossentropy(from_logits=True)(target, pred)", takes_any=True),
        "scikit-learn": Equivalent(
            "sklearn.metrics.log_loss(target, scipy.special.expit(pred), labels=[0, 1])",
            where="abs(pred) <= 6",
            note="It takes the probability, and loses digits when that is close to 0 or 1. Without labels it"
            " raises on a batch of one class.",
        ),
        "Optax": Equivalent("optax.losses.sigmoid_binary_cross_entropy(pred, target).mean()"),
    },
)

weighted_binary_cross_entropy = Loss.from_margin(
    name="Weighted binary cross-entropy",
    short="Weighted BCE",
    look=Look("blue", "dash"),
    params=(
        Param(
            "pos_weight",
            symbol="w₊",
            latex=r"w_{+}",
            default=1.0,
            start=10.0,
            low=1.0,
            high=100.0,
            step=1.0,
            neutral=1.0,
        ),
    ),
    value=_cross_entropy,
    grad=_cross_entropy_grad,
    curvature=_cross_entropy_curvature,
    weight=lambda y, *, pos_weight: np.where(y == 1, pos_weight, 1.0),
    log_odds=lambda z, *, pos_weight: z - np.log(pos_weight),
    template=r"%(pos_weight)s \, y \log(1 + e^{-z}) + (1 - y) \log(1 + e^{z})",
    estimates=Estimand("the log-odds of y = 1 plus log w₊: the probabilities come out too high on purpose"),
    by_hand={(math.log(3), 1): math.log(4 / 3), (math.log(3), 0): math.log(4)},
    use_when="A false negative costs w₊ times as much as a false positive, and you keep the threshold at 0.5.",
    watch_out="sigmoid(z) is no longer the probability of y = 1: at a true rate of 1 % and w₊ = 99 the best constant "
    "prediction is 0.50. Moving the threshold of a plain cross-entropy often does the same.",
    source=Source(
        "King, Zeng", 2001, "Logistic Regression in Rare Events Data", "doi:10.1093/oxfordjournals.pan.a004868"
    ),
    equivalents={
        "NumPy": Equivalent(
            "((1 + (%(pos_weight)s - 1) * target) * np.logaddexp(0, -margin)).mean()",
            lines="margin = (2 * target - 1) * pred",
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.binary_cross_entropy_with_logits(pred, target,"
            " pos_weight=pred.new_tensor(%(pos_weight)s))"
        ),
        "Keras": Equivalent(
            "keras.losses.BinaryCrossentropy(from_logits=True)(target, pred, sample_weight=weight)",
            lines="# one example a row: Keras takes the mean of each row\n"
            "# before it applies the weights\n"
            "target = keras.ops.reshape(keras.ops.cast(target, pred.dtype), (-1, 1))\n"
            "pred = keras.ops.reshape(pred, (-1, 1))\n"
            "weight = 1 + (%(pos_weight)s - 1) * target",
            takes_any=True,
            note="Given [n] as one row, Keras would weight the mean, and the weights would do nothing.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.log_loss(target, scipy.special.expit(pred), labels=[0, 1],"
            " sample_weight=weight, normalize=False) / len(target)",
            lines="weight = 1 + (%(pos_weight)s - 1) * target",
            where="abs(pred) <= 6",
            note="It takes the probability, and loses digits when that is close to 0 or 1. By default it divides"
            " by the sum of the weights, not by their number.",
        ),
        "Optax": Equivalent(
            "((1 + (%(pos_weight)s - 1) * target) * optax.losses.sigmoid_binary_cross_entropy(pred, target)).mean()",
            note="Plain cross-entropy times the weight: Optax has no argument for it.",
        ),
    },
)


def _modulation(m, gamma):
    # (1 - p_t)^gamma = sigmoid(-m)^gamma = e^(-gamma softplus(m)), which tells a power of 1 - 1e-20 from one of 1
    return np.exp(-gamma * softplus(m))


def _focal(m, *, gamma, **_):
    return _modulation(m, gamma) * softplus(-m)


def _focal_grad(m, *, gamma, **_):
    p, q, ce = sigmoid(m), sigmoid(-m), softplus(-m)  # dp/dm = p q, d ce/dm = -q
    return -_modulation(m, gamma) * (gamma * p * ce + q)


def _focal_curvature(m, *, gamma, **_):
    p, q, ce = sigmoid(m), sigmoid(-m), softplus(-m)
    steep = np.minimum(gamma * p, STEEPEST)
    return _modulation(m, gamma) * (steep * (steep - q) * ce + (2 * steep + p) * q)


def _focal_log_odds(z, *, gamma, alpha):
    # At the best score p alpha g(z) = (1 - p)(1 - alpha) g(-z), with -g the slope in the margin (Charoenphakdee et al.
    # 2021, On Focal Loss for Class-Posterior Probability Estimation, arxiv:2011.09172). With q = sigmoid(-m) and
    # rise(m) = e^m log(1 + e^-m), which grows from 0 to 1, g(m) = q^(gamma + 1) (1 + gamma rise(m)).
    return (gamma + 1) * z - logit(alpha) + np.log1p(gamma * exp_softplus(-z)) - np.log1p(gamma * exp_softplus(z))


_LIN = "Lin et al. 2017 give it, and torchvision and Keras take it"

focal = Loss.from_margin(
    name="Focal",
    short="Focal",
    look=Look("green"),
    params=(
        Param(
            "gamma",
            symbol="γ",
            latex=r"\gamma",
            default=2.0,
            low=0.0,
            high=6.0,
            step=0.5,
            domain=NON_NEGATIVE,
            neutral=0.0,
            because=_LIN,
        ),
        Param(
            "alpha",
            symbol="α",
            latex=r"\alpha",
            default=0.25,
            low=0.05,
            high=0.95,
            step=0.05,
            domain=Interval(0.0, 1.0),
            neutral=0.5,
            because=_LIN,
        ),
    ),
    value=_focal,
    grad=_focal_grad,
    curvature=_focal_curvature,
    weight=lambda y, *, alpha, **_: np.where(y == 1, alpha, 1 - alpha),
    log_odds=_focal_log_odds,
    template=r"-\alpha_t (1 - p_t)^{%(gamma)s} \log p_t, \quad \alpha_t = \begin{cases} %(alpha)s & y = 1 \\"
    r" 1 - %(alpha)s & y = 0 \end{cases}",
    convex=False,
    estimates=Estimand(
        "the class, with probabilities shifted towards 0.5: at a true rate of 1 % the best constant "
        "prediction is 0.154 with γ = 2 and α = 0.5, and 0.108 with α = 0.25"
    ),
    by_hand={(math.log(3), 1): math.log(4 / 3) / 64, (math.log(3), 0): 27 / 64 * math.log(4)},
    use_when="Easy examples are so many that together they outweigh the hard ones, as in dense object detection.",
    watch_out="α = 0.25 weights positives less than negatives, not more. It lowers the loss, but where p_t < 0.298 "
    "its gradient is larger than cross-entropy's (γ = 2, before α). Its probabilities need recalibration.",
    source=Source(
        "Lin, Goyal, Girshick, He, Dollár", 2017, "Focal Loss for Dense Object Detection", "arxiv:1708.02002"
    ),
    equivalents={
        "NumPy": Equivalent(
            "(alpha * np.exp(-%(gamma)s * np.logaddexp(0, margin)) * np.logaddexp(0, -margin)).mean()",
            lines="alpha = np.where(target == 1, %(alpha)s, 1 - %(alpha)s)\nmargin = (2 * target - 1) * pred",
            note="The first logaddexp is −log(1 − p_t), the second −log p_t.",
        ),
        "PyTorch": Equivalent(
            "((%(alpha)s * target + (1 - %(alpha)s) * (1 - target)) * torch.sigmoid((1 - 2 * target) * pred) **"
            " %(gamma)s * torch.nn.functional.binary_cross_entropy_with_logits(pred, target,"
            " reduction='none')).mean()",
            note="Written out: torchvision has it as ops.sigmoid_focal_loss, torch itself has not.",
        ),
        "Keras": Equivalent(
            "keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=%(alpha)s,"
            " gamma=%(gamma)s, from_logits=True)(target, pred)",
            where="abs(pred) <= 6",
            takes_any=True,
            note="Without apply_class_balancing=True Keras leaves alpha out. It keeps probabilities 1e-7 away"
            " from 0 and 1, so no example costs more than 16.",
        ),
        "Optax": Equivalent(
            "optax.losses.sigmoid_focal_loss(pred, target, alpha=%(alpha)s, gamma=%(gamma)s).mean()",
            note="Without alpha Optax weights the two classes alike.",
        ),
    },
)

brier = Loss.from_margin(
    name="Brier (squared error of the probability)",
    short="Brier",
    look=Look("amber", "dashdot"),
    value=lambda m: sigmoid(-m) ** 2,  # sigmoid(z) - y = -s sigmoid(-m)
    grad=lambda m: -2 * sigmoid(m) * sigmoid(-m) ** 2,
    curvature=lambda m: 2 * sigmoid(m) * sigmoid(-m) ** 2 * (2 * sigmoid(m) - sigmoid(-m)),
    template=r"\left( \sigma(z) - y \right)^2",
    log_odds=identity,
    convex=False,
    estimates=Estimand("the log-odds of y = 1, so that sigmoid(z) is its probability: a proper score"),
    by_hand={(math.log(3), 1): 1 / 16, (math.log(3), 0): 9 / 16},
    use_when="You judge probabilities and want the cost of one mistake to stay at most 1.",
    watch_out="It is hard to train with, because it saturates: at z = −6 and y = 1 its gradient is −0.0049, "
    "cross-entropy's −0.998. It is not convex in the score.",
    source=Source(
        "Brier",
        1950,
        "Verification of Forecasts Expressed in Terms of Probability",
        "doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
    ),
    equivalents={
        "NumPy": Equivalent(
            "np.exp(-2 * np.logaddexp(0, margin)).mean()",
            lines="margin = (2 * target - 1) * pred",
            note="logaddexp(0, margin) is −log(1 − p_t), with p_t the probability of the true class.",
        ),
        "PyTorch": Equivalent("torch.nn.functional.mse_loss(torch.sigmoid(pred), target)"),
        "Keras": Equivalent("keras.losses.MeanSquaredError()(target, keras.ops.sigmoid(pred))", takes_any=True),
        "scikit-learn": Equivalent(
            "sklearn.metrics.brier_score_loss(target, scipy.special.expit(pred), pos_label=1)",
            note="It takes the probability.",
        ),
        "Optax": Equivalent("optax.losses.squared_error(jax.nn.sigmoid(pred), target).mean()"),
    },
)
