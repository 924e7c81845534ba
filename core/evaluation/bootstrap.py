"""The bootstrap: how far a mean over the rows of a file could be another one by chance.

All rows are drawn again, with replacement, RESAMPLES times. Of a long file whole groups of rows are drawn instead of
single ones. The groups are random, so a mean varies as much; and the work does not grow with the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

RESAMPLES = 400
MOST_GROUPS = 2000
SEED = 0
ENDS = (2.5, 97.5)  # percentiles: of 100 such intervals about 95 hold the true value


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """The resamples of `count` rows (Efron 1979)."""

    count: int

    @cached_property
    def groups(self) -> int:
        """The number of groups of rows; of a short file each row is one."""
        return min(self.count, MOST_GROUPS)

    @cached_property
    def order(self) -> np.ndarray:
        """The rows in random order, int64 [n]: the groups are stretches of it."""
        return np.random.default_rng(SEED).permutation(self.count)

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each group begins in `order`, int64 [groups]."""
        return np.arange(self.groups) * self.count // self.groups

    @cached_property
    def sizes(self) -> np.ndarray:
        """The number of rows in each group, float64 [groups]."""
        return np.diff(np.append(self.starts, self.count)).astype(np.float64)

    @cached_property
    def draws(self) -> np.ndarray:
        """How often each resample has each group, float64 [resamples, groups]."""
        chances = np.full(self.groups, 1 / self.groups)
        return np.random.default_rng(SEED + 1).multinomial(self.groups, chances, RESAMPLES).astype(np.float64)

    def means(self, sums: np.ndarray) -> np.ndarray:
        """The mean over the rows of each resample, [..., resamples], from sums over groups [..., groups]."""
        return sums @ self.draws.T / (self.draws @ self.sizes)


def interval(found: np.ndarray) -> np.ndarray:
    """The 95 % interval of what the resamples give, [..., resamples]: its ends, [2, ...]."""
    return np.percentile(found, ENDS, axis=-1, method="closest_observation")  # one may be infinite
