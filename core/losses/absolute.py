"""Losses that grow with the size of the error."""

import numpy as np

from core.catalogue import Source
from core.losses.contract import Loss, Spelling

absolute_error = Loss.from_residual(
    name="Absolute error (MAE)",
    value=np.abs,
    grad=np.sign,
    curvature=np.zeros_like,
    kinks=lambda: (0.0,),
    subgradient="0 at r = 0",
    template=r"\lvert r \rvert",
    estimates="the conditional median",
    use_when="Some targets are wild and should not pull harder than the others.",
    watch_out="The pull is the same at every distance, so training does not slow down near the minimum by itself.",
    source=Source("Boscovich", 1757, "De litteraria expeditione per pontificiam ditionem"),
    spellings={
        "PyTorch": Spelling("torch.nn.functional.l1_loss(pred, target)"),
        "Keras": Spelling("keras.losses.MeanAbsoluteError()(target, pred)"),
        "scikit-learn": Spelling("sklearn.metrics.mean_absolute_error(target, pred)"),
        "Optax": Spelling("abs(pred - target).mean()", note="Optax has no name for it."),
    },
)
