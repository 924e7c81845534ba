"""Runs of optimizers on landscapes: `descend`, noise in the gradient, SciPy's minimisers, outcomes, theory, scripts."""

from core.descent.minimisers import MINIMISERS, Minimiser
from core.descent.noise import Gaussian, MiniBatch
from core.descent.parallel import in_parallel
from core.descent.run import Descent, Evaluations, descend, update_terms

__all__ = [
    "MINIMISERS",
    "Descent",
    "Evaluations",
    "Gaussian",
    "MiniBatch",
    "Minimiser",
    "descend",
    "in_parallel",
    "update_terms",
]
