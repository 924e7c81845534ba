"""Runs of optimizers on landscapes: the loop, noise in the gradient, SciPy's methods, the outcome and the theory."""

from core.descent.loop import Descent, Evaluations, descend, dissect
from core.descent.minimisers import MINIMISERS, Minimiser
from core.descent.noise import Gaussian, MiniBatch
from core.descent.parallel import together

__all__ = [
    "MINIMISERS",
    "Descent",
    "Evaluations",
    "Gaussian",
    "MiniBatch",
    "Minimiser",
    "descend",
    "dissect",
    "together",
]
