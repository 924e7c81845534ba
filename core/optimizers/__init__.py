"""Every optimizer and schedule, by key, in the order in which pickers show them, and the one loop that runs them."""

from core.catalogue import collect
from core.optimizers import adam, adaptive, plain, refined, schedules, sign
from core.optimizers.contract import Optimizer
from core.optimizers.decay import with_weight_decay
from core.optimizers.descent import Descent, descend
from core.optimizers.noise import Gaussian, MiniBatch
from core.optimizers.schedules import Schedule, scheduled
from core.optimizers.team import together

OPTIMIZERS = collect(Optimizer, plain, adaptive, adam, refined, sign)
SCHEDULES = collect(Schedule, schedules)

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "Descent",
    "Gaussian",
    "MiniBatch",
    "Optimizer",
    "Schedule",
    "descend",
    "scheduled",
    "together",
    "with_weight_decay",
]
