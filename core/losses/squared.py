"""Losses that grow with the square of the error."""

import numpy as np

from core.catalogue import Source
from core.losses.contract import Loss, Spelling

squared_error = Loss.from_residual(
    name="Squared error (MSE)",
    value=lambda r: r**2,
    grad=lambda r: 2 * r,
    curvature=lambda r: np.full_like(r, 2.0),
    template=r"r^2",
    estimates="the conditional mean",
    use_when="Errors are roughly normal and a large error really is much worse than a small one.",
    watch_out="One outlier can outweigh everything else: an error ten times as large costs a hundred times as much.",
    source=Source("Gauss", 1809, "Theoria motus corporum coelestium"),
    spellings={
        "PyTorch": Spelling("torch.nn.functional.mse_loss(pred, target)"),
        "Keras": Spelling("keras.losses.MeanSquaredError()(target, pred)"),
        "scikit-learn": Spelling("sklearn.metrics.mean_squared_error(target, pred)"),
        "Optax": Spelling(
            "optax.losses.squared_error(pred, target).mean()",
            note="Optax's `l2_loss` is half of this.",
        ),
    },
)
