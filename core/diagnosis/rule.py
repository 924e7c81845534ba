"""One rule of a diagnosis: thresholds for measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.diagnosis.verdict import VerdictKind
from core.sentences import space_percents


@dataclass(frozen=True)
class Rule:
    """Holds where each measure named in `at_least` and `at_most` is on its side of the threshold; NaN never is."""

    key: str
    kind: VerdictKind
    name: str
    template: str  # the sentence, with {a measure} where its threshold stands
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)

    @property
    def thresholds(self) -> dict[str, float]:
        """The thresholds by the name of their measure, of MEASURES in measures.py."""
        return {**self.at_least, **self.at_most}

    @property
    def text(self) -> str:
        """The rule in one sentence with its thresholds in it, as shown on the page."""
        return space_percents(self.template.format(**self.thresholds))

    def holds(self, measures: Mapping[str, float]) -> bool:
        return all(measures[name] >= limit for name, limit in self.at_least.items()) and all(
            measures[name] <= limit for name, limit in self.at_most.items()
        )
