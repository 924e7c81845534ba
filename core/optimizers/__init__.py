"""Every optimizer, by key, in the order in which pickers show them, and the one loop that runs them."""

from core.catalogue import collect
from core.optimizers import adam, plain
from core.optimizers.contract import Optimizer
from core.optimizers.descent import Descent, descend
from core.optimizers.noise import Gaussian, MiniBatch
from core.optimizers.team import together

OPTIMIZERS = collect(Optimizer, plain, adam)

__all__ = ["OPTIMIZERS", "Descent", "Gaussian", "MiniBatch", "Optimizer", "descend", "together"]
