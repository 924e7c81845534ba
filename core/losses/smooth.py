"""Losses that are square near zero and straight far from it."""

import numpy as np

from core.catalogue import Param, Source
from core.losses.contract import Loss, Spelling


def _huber(r, *, delta):
    # r^2/2 inside, delta (|r| - delta/2) outside, without a branch: q = min(|r|, delta)
    quadratic = np.minimum(np.abs(r), delta)
    return quadratic * (np.abs(r) - 0.5 * quadratic)


huber = Loss.from_residual(
    name="Huber",
    params=(Param("delta", symbol="δ", latex=r"\delta", default=1.0, low=0.05, high=5.0, step=0.05),),
    value=_huber,
    grad=lambda r, *, delta: np.clip(r, -delta, delta),
    curvature=lambda r, *, delta: np.where(np.abs(r) < delta, 1.0, 0.0),
    kinks=lambda *, delta: (-delta, delta),
    template=r"\begin{cases} \tfrac12 r^2 & \lvert r \rvert \le %(delta)s \\"
    r" %(delta)s \left(\lvert r \rvert - \tfrac12 \cdot %(delta)s\right) & \lvert r \rvert > %(delta)s \end{cases}",
    estimates="a location between the mean and the median: the mean when δ is large, the median as δ goes to 0",
    use_when="Most errors are small and normal, and a few are not to be trusted.",
    watch_out="δ is in the units of the target: rescale the data and the same δ means something else.",
    source=Source("Huber", 1964, "Robust Estimation of a Location Parameter", "doi:10.1214/aoms/1177703732"),
    spellings={
        "PyTorch": Spelling("torch.nn.functional.huber_loss(pred, target, delta=%(delta)s)"),
        "Keras": Spelling("keras.losses.Huber(delta=%(delta)s)(target, pred)"),
        "Optax": Spelling("optax.losses.huber_loss(pred, target, delta=%(delta)s).mean()"),
    },
)
