"""Losses of the margin s z, with s = 2 target - 1; `target` is 0 or 1, as for every binary loss here.

Without that step hinge would be max(0, 1 - 0) = 1 for a label of 0, whatever the score.
"""

import math

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand, decision
from core.losses.loss import Loss
from core.record import Look, Source

_signs = "Labels −1 and +1: 2 target − 1."
_by_formula = "Written out: {} has no name for it."

hinge = Loss.from_margin(
    name="Hinge",
    short="Hinge",
    look=Look("orange"),
    value=lambda m: np.maximum(0.0, 1.0 - m),
    grad=lambda m: np.where(m < 1.0, -1.0, 0.0),
    curvature=np.zeros_like,
    kinks=lambda: (1.0,),
    subgradient="0 at a margin s z of 1; any slope in [−1, 0] with respect to the margin is valid",
    template=r"\max(0, 1 - s z), \quad s = 2 y - 1",
    estimates=Estimand(
        "the sign only: +1 where y = 1 is the more likely, −1 where it is not; no probability", best=decision
    ),
    by_hand={(0.25, 1): 0.75, (0.25, 0): 1.25, (2.0, 1): 0.0},
    use_when="Only the decision matters, and examples that are right by a margin should have no further effect.",
    watch_out="It takes a raw score and labels −1 and +1 (made from 0 and 1 here). The score is not a log-odds: do not "
    "put it through a sigmoid.",
    source=Source("Cortes, Vapnik", 1995, "Support-Vector Networks", "doi:10.1007/BF00994018"),
    equivalents={
        "NumPy": Equivalent("np.maximum(0, 1 - margin).mean()", lines="margin = (2 * target - 1) * pred"),
        "PyTorch": Equivalent(
            "torch.relu(1 - (2 * target - 1) * pred).mean()",
            note=_by_formula.format("PyTorch") + " hinge_embedding_loss is another loss.",
        ),
        "Keras": Equivalent(
            "keras.losses.Hinge()(target, pred)",
            takes_any=True,
            note="Keras turns labels 0 and 1 into −1 and +1 itself.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.hinge_loss(signs, scores, sample_weight=weight)",
            lines="# hinge_loss learns the two labels from the batch:\n"
            "# one example of each, of weight 0, shows it both\n"
            "signs = np.append(2 * target - 1, [-1, 1])\n"
            "scores = np.append(pred, [0, 0])\n"
            "weight = np.append(np.ones(len(pred)), [0, 0])",
            note="Labels −1 and +1: 2 target − 1. Given one class only, hinge_loss alone would take it for the"
            " negative one, without a word, even with labels=[-1, 1].",
        ),
        "Optax": Equivalent("optax.losses.hinge_loss(pred, 2 * target - 1).mean()", note=_signs),
    },
)

squared_hinge = Loss.from_margin(
    name="Squared hinge",
    short="Squared hinge",
    look=Look("orange", "dash"),
    value=lambda m: np.maximum(0.0, 1.0 - m) ** 2,
    grad=lambda m: -2.0 * np.maximum(0.0, 1.0 - m),
    curvature=lambda m: np.where(m < 1.0, 2.0, 0.0),
    kinks=lambda: (1.0,),
    template=r"\max(0, 1 - s z)^2, \quad s = 2 y - 1",
    estimates=Estimand("2 P(y = 1) − 1, a score between −1 and +1", best=lambda rate: 2 * rate - 1),
    by_hand={(0.5, 1): 0.25, (0.5, 0): 2.25, (2.0, 1): 0.0},
    use_when="You want a margin, as with hinge, but a continuous gradient that is larger for bad mistakes.",
    watch_out="It grows with the square of a mistake, so a wrong label has more effect than under hinge or "
    "cross-entropy.",
    source=Source(
        "Chang, Hsieh, Lin",
        2008,
        "Coordinate Descent Method for Large-scale L2-loss Linear Support Vector Machines",
        "https://www.jmlr.org/papers/v9/chang08a.html",
    ),
    equivalents={
        "NumPy": Equivalent("(np.maximum(0, 1 - margin) ** 2).mean()", lines="margin = (2 * target - 1) * pred"),
        "PyTorch": Equivalent(
            "torch.relu(1 - (2 * target - 1) * pred).square().mean()", note=_by_formula.format("PyTorch")
        ),
        "Keras": Equivalent(
            "keras.losses.SquaredHinge()(target, pred)",
            takes_any=True,
            note="Keras turns labels 0 and 1 into −1 and +1 itself.",
        ),
        "Optax": Equivalent("(optax.losses.hinge_loss(pred, 2 * target - 1) ** 2).mean()", note=_signs),
    },
)


def _exponential(m):
    # below m = -709.78, e^-m is too large for float64; infinity is the right answer and needs no warning
    with np.errstate(over="ignore"):
        return np.exp(-m)


exponential = Loss.from_margin(
    name="Exponential",
    short="Exponential",
    look=Look("purple"),
    value=_exponential,
    grad=lambda m: -_exponential(m),
    curvature=_exponential,
    template=r"e^{-s z}, \quad s = 2 y - 1",
    log_odds=lambda z: 2.0 * z,
    finite_where=lambda z, y: (2 * y - 1) * z > -709.78,  # e^709.79 is more than float64 holds
    estimates=Estimand("half the log-odds of y = 1, so that sigmoid(2z) is its probability"),
    by_hand={(math.log(3), 1): 1 / 3, (math.log(3), 0): 3.0},
    use_when="You want to see what AdaBoost minimises: each tree or stump is fitted to examples weighted by this loss.",
    watch_out="A wrong label far on the wrong side outweighs everything else. Below a margin of −709 its value and "
    "slope are larger than a 64-bit number can hold, and are given as infinite.",
    source=Source(
        "Friedman, Hastie, Tibshirani",
        2000,
        "Additive Logistic Regression: A Statistical View of Boosting",
        "doi:10.1214/aos/1016218223",
    ),
    equivalents={
        "NumPy": Equivalent(
            "np.exp(-margin).mean()",
            lines="margin = (2 * target - 1) * pred",
            note="Infinite, with a warning, below a margin of −709.",
        ),
        "PyTorch": Equivalent("torch.exp(-(2 * target - 1) * pred).mean()", note=_by_formula.format("PyTorch")),
        "Optax": Equivalent("jnp.exp(-(2 * target - 1) * pred).mean()", note=_by_formula.format("Optax")),
    },
)

zero_one = Loss.from_margin(
    name="Zero-one (error rate)",
    short="Zero-one",
    look=Look("slate", "dot"),
    value=lambda m: np.where(m <= 0.0, 1.0, 0.0),
    grad=np.zeros_like,
    curvature=np.zeros_like,
    kinks=lambda: (0.0,),
    subgradient="0 everywhere; at the jump no subgradient exists",
    template=r"\mathbf{1}[s z \le 0], \quad s = 2 y - 1",
    convex=False,
    estimates=Estimand("the more likely class; its mean is the share of wrong answers", best=decision),
    by_hand={(0.5, 1): 0.0, (0.5, 0): 1.0, (0.0, 1): 1.0},
    use_when="You report accuracy. It is shown here for reference: the other losses replace it in training.",
    watch_out="Its gradient is 0 everywhere, so nothing can be trained on it. A score of exactly 0 counts as wrong.",
    source=Source(
        "Bartlett, Jordan, McAuliffe",
        2006,
        "Convexity, Classification, and Risk Bounds",
        "doi:10.1198/016214505000000907",
    ),
    equivalents={
        "NumPy": Equivalent("(margin <= 0).mean()", lines="margin = (2 * target - 1) * pred"),
        "PyTorch": Equivalent("((2 * target - 1) * pred <= 0).double().mean()", note=_by_formula.format("PyTorch")),
        "scikit-learn": Equivalent(
            "sklearn.metrics.zero_one_loss(2 * target - 1, np.sign(pred))",
            note="It takes the class: the sign of the score, with labels −1 and +1.",
        ),
    },
)
