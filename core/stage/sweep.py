"""One-at-a-time sweep: a run at the centre, and an arm of runs for each slider, the other sliders at the centre.

Where all combinations of the sliders' values are too many to compute, a stage holds a sweep of them. It is computed
anew around the values at which a person releases the sliders.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.stage.slider import Slider


@dataclass(frozen=True, eq=False)
class Sweep:
    """The runs of a sweep: first the one at the centre, then all values of the first slider, then of the second ...

    Without sliders there is one run.
    """

    sliders: Sequence[Slider] = ()
    centre: Mapping[str, float] = field(default_factory=dict)  # values by key; a slider that is missing is at its start
    without_arm: Collection[str] = ()  # keys of sliders that stay at the centre in every run

    @cached_property
    def arms(self) -> tuple[Slider, ...]:
        """The sliders that have an arm."""
        return tuple(slider for slider in self.sliders if slider.key not in self.without_arm)

    def __len__(self) -> int:
        """The number of runs."""
        return 1 + sum(len(slider.values) for slider in self.arms)

    @property
    def keys(self) -> tuple[str, ...]:
        """Those of the sliders that have an arm."""
        return tuple(slider.key for slider in self.arms)

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        """The value of each slider in every run, [runs] by key."""
        found = {slider.key: np.full(len(self), slider.at(self.centre)) for slider in self.sliders}
        for slider in self.arms:
            found[slider.key][self.arm(slider.key)] = slider.values
        return found

    @cached_property
    def frames(self) -> np.ndarray:
        """The frame of each slider in every run, int [runs, sliders]."""
        found = np.repeat([[slider.frame_at(self.centre) for slider in self.sliders]], len(self), axis=0).astype(int)
        for column, slider in enumerate(self.sliders):
            if slider.key not in self.without_arm:
                found[self.arm(slider.key), column] = np.arange(len(slider.values))
        return found

    def runs(self) -> list[dict[str, float]]:
        """The sliders' values in each run, by their names."""
        by_name = {slider.name: self.values[slider.key] for slider in self.sliders}
        return [{name: float(column[run]) for name, column in by_name.items()} for run in range(len(self))]

    def arm(self, key: str) -> slice:
        """The runs along one slider. ValueError if it has no arm."""
        begin = 1
        for slider in self.arms:
            if slider.key == key:
                return slice(begin, begin + len(slider.values))
            begin += len(slider.values)
        raise ValueError(f"no slider {key!r} in this sweep; there are {list(self.keys)}")

    def run(self, values: Mapping[str, float]) -> int:
        """The run at these values, by key; a slider that is missing is at its start.

        ValueError where two sliders have left the centre: that run belongs to another sweep.
        """
        at = {slider.key: slider.frame_at(values) for slider in self.sliders}
        away = [slider.key for slider in self.sliders if at[slider.key] != slider.frame_at(self.centre)]
        if len(away) > 1:
            raise ValueError(f"only one of {', '.join(self.keys)} can leave the centre, got {', '.join(away)}")
        return self.arm(away[0]).start + at[away[0]] if away else 0

    def runs_in(self, part: Sweep) -> np.ndarray:
        """For each run the one of another sweep, of some of these sliders: its centre where none of them has moved,
        int [runs]."""
        found = np.zeros(len(self), dtype=int)
        for key in set(part.keys).intersection(self.keys):
            arm = part.arm(key)
            found[self.arm(key)] = np.arange(arm.start, arm.stop)
        return found
