"""Regression losses that are the negative log-likelihood of a distribution, less what no prediction can change."""

import numpy as np

from core.catalogue import NON_NEGATIVE, POSITIVE, Param, Source
from core.losses.contract import Loss, Spelling
from core.numerics import xlogy

poisson = Loss(
    name="Poisson",
    short="Poisson",
    family="regression",
    value_of=lambda pred, target: pred - xlogy(target, pred),  # xlogy is 0 at a count of 0
    grad_of=lambda pred, target: (pred - target) / pred,
    curvature_of=lambda pred, target: target / pred / pred,  # pred^2 could underflow to 0
    template=r"\hat y - y \log \hat y",
    pred_domain=POSITIVE,
    target_domain=NON_NEGATIVE,
    estimates="the conditional mean",
    use_when="Targets are counts or other amounts of at least 0 whose spread grows with their mean.",
    watch_out="The prediction must be positive: let the model give its logarithm. The lowest value is not 0, and being "
    "too low costs more than being too high by the same amount.",
    source=Source("Nelder, Wedderburn", 1972, "Generalized Linear Models", "doi:10.2307/2344614"),
    spellings={
        "PyTorch": Spelling(
            "torch.nn.functional.poisson_nll_loss(pred, target, log_input=False, eps=0)",
            note="By default PyTorch takes the logarithm of the rate (log_input=True) and adds 1e-8 inside the log.",
        ),
        "Keras": Spelling(
            "keras.losses.Poisson()(target, pred)",
            where="pred >= 0.1",
            rtol=1e-5,
            note="Keras adds 1e-7 inside the logarithm.",
        ),
        "scikit-learn": Spelling(
            "sklearn.metrics.mean_poisson_deviance(target, pred)",
            scale="0.5",
            offset="target - xlogy(target, target)",
            note="The deviance: twice this, shifted so that a perfect prediction costs 0.",
        ),
        "Optax": Spelling("(pred - target * jnp.log(pred)).mean()", note="Written out: Optax has no name for it."),
    },
)

gaussian_nll = Loss.from_residual(
    name="Gaussian negative log-likelihood",
    short="Gaussian NLL",
    params=(Param("var", symbol="σ²", latex=r"\sigma^2", default=1.0, low=0.1, high=8.0, step=0.1),),
    value=lambda r, *, var: 0.5 * (np.log(var) + r * (r / var)),  # r^2 may overflow where r^2 / var does not
    grad=lambda r, *, var: r / var,
    curvature=lambda r, *, var: np.broadcast_to(1.0 / var, np.broadcast(r, var).shape),
    template=r"\tfrac12 \left(\log %(var)s + \frac{r^2}{%(var)s}\right)",
    estimates="the conditional mean; when the variance is learned too, the mean of the squared errors",
    use_when="The noise differs from case to case and the model should say how sure it is.",
    watch_out="With a fixed variance it is squared error, rescaled. Learned together, a large predicted variance "
    "excuses errors and slows the mean down; its value may be negative.",
    source=Source(
        "Nix, Weigend",
        1994,
        "Estimating the mean and variance of the target probability distribution",
        "doi:10.1109/ICNN.1994.374138",
    ),
    spellings={
        "PyTorch": Spelling(
            "torch.nn.functional.gaussian_nll_loss(pred, target, torch.full_like(pred, %(var)s))",
            note="PyTorch raises a variance below 1e-6 to 1e-6.",
        ),
    },
)
