"""Every model that a person can see by moving the sliders of /class-imbalance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from core.losses.loss import owner_of
from core.models.imbalance.data import COSTS, SHARE, ImbalanceSettings
from core.models.imbalance.measured import ModelResults, Params, model_results
from core.stage import Slider, Sweep
from core.views.class_imbalance.settings import COST_SLIDER


@dataclass(frozen=True, eq=False)
class Experiment:
    """Every model that a person can see by moving the sliders: for each loss a sweep of them around the centre."""

    settings: ImbalanceSettings
    losses: tuple[str, ...]
    sliders: tuple[Slider, ...]
    centre: Mapping[str, float]

    def sweep(self, *owners: str) -> Sweep:
        """The sweep of the positive share and of the sliders of these owners: losses, or the cost."""
        names = {owner_of(owner) for owner in owners} - {""}
        own = [slider for slider in self.sliders if slider.name == SHARE or slider.owner in names]
        return Sweep(own, self.centre)

    def with_costs(self, *owners: str) -> Sweep:
        """The same sweep, and after it an arm of the costs."""
        return Sweep((*self.sweep(*owners).sliders, COST_SLIDER), self.centre)

    def runs(self, key: str) -> list[tuple[float, Params]]:
        """The positive share and the loss's parameters in each run of its sweep."""
        found = []
        for run in self.sweep(key).runs():
            share = run.pop(SHARE, 0.0)
            found.append((share, tuple(run.items())))
        return found

    @property
    def first_runs(self) -> dict[str, tuple[float, Params]]:
        """The run at the centre, by loss."""
        return {key: self.runs(key)[0] for key in self.losses}

    @property
    def shares(self) -> list[float]:
        """The positive share at the centre, then at each value of its slider, if it has one."""
        return [run.get(SHARE, 0.0) for run in self.sweep().runs()]

    @cached_property
    def models(self) -> dict[str, list[ModelResults]]:
        """The results of each run of a loss's sweep, by loss."""
        return {key: [model_results(self.settings, share, key, params) for share, params in self.runs(key)]
                for key in self.losses}  # fmt: skip

    @property
    def cost(self) -> int:
        """The index of the centre's cost in COSTS."""
        return COST_SLIDER.frame_at(self.centre)

    def at_costs(self, key: str) -> list[tuple[ModelResults, int]]:
        """The model, and which of COSTS, in each run of the sweep with an arm of costs."""
        models = self.models[key]
        return [*((model, self.cost) for model in models), *((models[0], at) for at in range(len(COSTS)))]
