"""The part that the records of all losses share: what a loss is called, its formula, advice and its code elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.losses.equivalents import Equivalent, WithEquivalents
from core.record import REAL, Domain, Look, Param, Source


@dataclass(frozen=True, kw_only=True)
class LossRecord(WithEquivalents):
    """What every loss says of itself, whatever the shape of its arguments."""

    name: str
    short: str  # for a chart's legend
    family: str  # a key of FAMILIES
    template: str  # LaTeX, with %(name)s where a parameter stands
    use_when: str
    watch_out: str
    source: Source
    params: tuple[Param, ...] = ()
    pred_domain: Domain = REAL
    target_domain: Domain = REAL
    subgradient: str = ""  # what `grad` returns where the slope jumps
    by_hand: Mapping[tuple[Any, Any], float] = field(default_factory=dict)  # (pred, target) -> value at the defaults
    look: Look | None = None  # without one it gets a hue and a dash that no loss beside it has
    equivalents: Mapping[str, Equivalent] = field(default_factory=dict)  # by library, of `libraries`
    key: str = ""
