"""Losses that grow with the square of the error, on both sides alike or not."""

import math

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand, expectile_of
from core.losses.loss import Loss
from core.record import SHARE, Interval, Look, Param, Source

squared_error = Loss.from_residual(
    name="Squared error (MSE)",
    short="MSE",
    also=("L2",),
    look=Look("blue"),
    value=lambda r: r**2,
    grad=lambda r: 2 * r,
    curvature=lambda r: np.full_like(r, 2.0),
    template=r"r^2",
    estimates=Estimand("the conditional mean", best=np.mean),
    by_hand={(5.0, 2.0): 9.0},
    use_when="Errors are roughly normal and a large error really is much worse than a small one. The square root of "
    "its mean, RMSE, has the units of the target. It rises with the mean, so both have the same minimum. RMSE's "
    "gradient is that of the mean divided by 2 RMSE.",
    watch_out="One outlier can outweigh everything else: an error ten times as large costs a hundred times as much.",
    source=Source("Gauss", 1809, "Theoria motus corporum coelestium"),
    equivalents={
        "NumPy": Equivalent("((pred - target) ** 2).mean()"),
        "PyTorch": Equivalent("torch.nn.functional.mse_loss(pred, target)"),
        "Keras": Equivalent("keras.losses.MeanSquaredError()(target, pred)", takes_any=True),
        "scikit-learn": Equivalent("sklearn.metrics.mean_squared_error(target, pred)", takes_any=True),
        "Optax": Equivalent("optax.losses.squared_error(pred, target).mean()", note="Its l2_loss is half of this."),
    },
)


def _side_weight(r, under, over):
    # the weight of an error: `under` where the prediction is too low, `over` where it is too high
    return np.where(r > 0, over, under)


expectile = Loss.from_residual(
    name="Expectile",
    short="Expectile",
    look=Look("blue", "dash"),
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
    value=lambda r, *, tau: _side_weight(r, tau, 1 - tau) * r * r,  # r^2 may overflow where the weight brings it back
    grad=lambda r, *, tau: 2 * (_side_weight(r, tau, 1 - tau) * r),
    curvature=lambda r, *, tau: 2 * _side_weight(r, tau, 1 - tau),
    kinks=lambda *, tau: () if tau == 0.5 else (0.0,),
    template=r"\lvert %(tau)s - \mathbf{1}[r > 0] \rvert \, r^2",
    estimates=Estimand(
        "the τ-expectile: the value at which shortfalls weighted by τ balance excesses weighted by 1 − τ",
        best=expectile_of,
    ),
    by_hand={(5.0, 2.0): 4.5, (2.0, 5.0): 4.5},
    use_when="Predictions that are too low and too high cost differently, and the size of an error counts.",
    watch_out="An expectile is not a quantile: it depends on the size of extreme values, so outliers move it as they "
    "move the mean. At τ = 0.5 it is half the squared error, and it estimates the mean.",
    source=Source("Newey, Powell", 1987, "Asymmetric Least Squares Estimation and Testing", "doi:10.2307/1911031"),
    equivalents={
        "NumPy": Equivalent("(np.where(pred > target, 1 - %(tau)s, %(tau)s) * (pred - target) ** 2).mean()"),
        "PyTorch": Equivalent(
            "(((pred > target).to(pred.dtype) - %(tau)s).abs() * (pred - target) ** 2).mean()",
            note="Written out: PyTorch has no name for it.",
        ),
    },
)

asymmetric_squared = Loss.from_residual(
    name="Asymmetric squared error",
    short="Asymmetric",
    look=Look("blue", "dashdot"),
    params=(
        Param(
            "under_weight",
            symbol="weight below w₋",
            latex=r"w_{-}",
            default=2.0,
            low=0.5,
            high=8.0,
            step=0.5,
            neutral=1.0,
            because="1 is the squared error",
        ),
        Param(
            "over_weight",
            symbol="weight above w₊",
            latex=r"w_{+}",
            default=1.0,
            low=0.5,
            high=8.0,
            step=0.5,
            neutral=1.0,
        ),
    ),
    value=lambda r, *, under_weight, over_weight: _side_weight(r, under_weight, over_weight) * r * r,
    grad=lambda r, *, under_weight, over_weight: 2 * (_side_weight(r, under_weight, over_weight) * r),
    curvature=lambda r, *, under_weight, over_weight: 2 * _side_weight(r, under_weight, over_weight),
    kinks=lambda *, under_weight, over_weight: () if under_weight == over_weight else (0.0,),
    template=r"\begin{cases} %(under_weight)s \, r^2 & r < 0 \\ %(over_weight)s \, r^2 & r \ge 0 \end{cases}",
    estimates=Estimand(
        "the expectile at level w₋ / (w₋ + w₊), w₋ being the weight of a prediction that is too low",
        best=lambda sample, *, under_weight, over_weight: expectile_of(
            sample, under_weight / (under_weight + over_weight)
        ),
    ),
    by_hand={(5.0, 2.0): 9.0, (2.0, 5.0): 18.0},
    use_when="You can say how many times worse it is to be too low than too high, such as stock that runs out.",
    watch_out="Only the ratio of the weights moves the best prediction; their size only scales the gradient. The "
    "predictions are biased on purpose, so do not read them as averages.",
    source=Source("Aigner, Amemiya, Poirier", 1976, "On the Estimation of Production Frontiers", "doi:10.2307/2525708"),
    equivalents={
        "NumPy": Equivalent(
            "(np.where(pred < target, %(under_weight)s, %(over_weight)s) * (pred - target) ** 2).mean()"
        ),
        "PyTorch": Equivalent(
            "torch.where(pred < target, %(under_weight)s * (pred - target) ** 2,"
            " %(over_weight)s * (pred - target) ** 2).mean()",
            note="Written out: PyTorch has no name for it.",
        ),
    },
)

_above_minus_one = Interval(low=-1.0, low_open=True)


def _log_ratio(pred, target):
    return np.log1p(pred) - np.log1p(target)


squared_log_error = Loss(
    name="Squared log error (MSLE)",
    short="MSLE",
    look=Look("blue", "dot"),
    family="regression",
    value_of=lambda pred, target: _log_ratio(pred, target) ** 2,
    grad_of=lambda pred, target: 2 * _log_ratio(pred, target) / (1 + pred),
    curvature_of=lambda pred, target: 2 * (1 - _log_ratio(pred, target)) / (1 + pred) / (1 + pred),
    template=r"\left( \log(1 + \hat y) - \log(1 + y) \right)^2",
    convex=False,
    pred_domain=_above_minus_one,
    target_domain=_above_minus_one,
    estimates=Estimand(
        "exp(mean of log(1 + y)) − 1: the geometric mean of 1 + y, less 1, which lies below the mean",
        best=lambda sample: np.expm1(np.log1p(sample).mean()),
    ),
    by_hand={(3.0, 0.0): math.log(4) ** 2, (1.0, 3.0): math.log(2) ** 2},
    use_when="Targets are counts or prices over several orders of magnitude, and a factor is what matters.",
    watch_out="A prediction that is too low costs more than one that is too high by the same amount. The predictions "
    "are below the mean. It is not convex: far above the target the gradient fades.",
    source=Source(
        "scikit-learn developers",
        2011,
        "User guide: mean squared logarithmic error",
        "https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-logarithmic-error",
    ),
    equivalents={
        "NumPy": Equivalent("((np.log1p(pred) - np.log1p(target)) ** 2).mean()"),
        "PyTorch": Equivalent(
            "torch.nn.functional.mse_loss(torch.log1p(pred), torch.log1p(target))",
            note="Squared error of the logarithms: PyTorch has no name for it.",
        ),
        "Keras": Equivalent(
            "keras.losses.MeanSquaredLogarithmicError()(target, pred)",
            where="(pred >= 1e-7) & (target >= 1e-7)",
            takes_any=True,
            note="Keras raises anything below 1e-7 to 1e-7.",
        ),
        "scikit-learn": Equivalent("sklearn.metrics.mean_squared_log_error(target, pred)", takes_any=True),
        "Optax": Equivalent(
            "optax.losses.squared_error(jnp.log1p(pred), jnp.log1p(target)).mean()",
            note="Squared error of the logarithms: Optax has no name for it.",
        ),
    },
)
