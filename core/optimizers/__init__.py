"""Every optimizer and schedule, by key, in the order in which pickers show them, and the one loop that runs them."""

from core.catalogue import collect
from core.optimizers import adam, adaptive, plain, refined, schedules, sign
from core.optimizers.contract import Optimizer
from core.optimizers.decay import with_weight_decay
from core.optimizers.descent import Descent, Evaluations, descend, dissect
from core.optimizers.minimisers import MINIMISERS, Minimiser
from core.optimizers.noise import Gaussian, MiniBatch
from core.optimizers.schedules import Schedule, scheduled
from core.optimizers.team import together

OPTIMIZERS = collect(Optimizer, plain, adaptive, adam, refined, sign)
SCHEDULES = collect(Schedule, schedules)

__all__ = [
    "MINIMISERS",
    "OPTIMIZERS",
    "SCHEDULES",
    "Descent",
    "Evaluations",
    "Gaussian",
    "MiniBatch",
    "Minimiser",
    "Optimizer",
    "Schedule",
    "descend",
    "dissect",
    "scheduled",
    "together",
    "with_weight_decay",
]
