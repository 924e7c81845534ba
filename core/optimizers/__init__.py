"""Every optimizer and schedule by key, in the order in which pickers show them, and the iteration of a rule."""

from core.optimizers import adam, adaptive, plain, refined, schedules, sign
from core.optimizers.decay import with_weight_decay
from core.optimizers.iterate import iterate
from core.optimizers.optimizer import Optimizer
from core.optimizers.schedules import Schedule, with_schedule
from core.record import collect

OPTIMIZERS = collect(Optimizer, plain, adaptive, adam, refined, sign)
SCHEDULES = collect(Schedule, schedules)

__all__ = ["OPTIMIZERS", "SCHEDULES", "Optimizer", "Schedule", "iterate", "with_schedule", "with_weight_decay"]
