"""A run of a person's own logs: the curves that are drawn of it, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.diagnosis import Verdict
from core.diagnosis.evidence import Evidence, evidence_of
from core.diagnosis.logged import verdict_of
from core.logs import Run, Series

MOST_BESIDE = 4  # parts of the loss, and scores, of one run


@dataclass(frozen=True, eq=False)
class OwnRun:
    """A run as it is shown. `label` tells it from the others: the file's name, the run's, or both."""

    label: str
    run: Run

    @property
    def losses(self) -> dict[str, Series]:
        """The curves on the training and on the validation set, as far as there are any."""
        pair = {"train": self.run.train, "validation": self.run.validation}
        return {name: series for name, series in pair.items() if series is not None and len(series)}

    @property
    def parts(self) -> tuple[Series, ...]:
        """Other losses, drawn beside."""
        return self.run.parts[:MOST_BESIDE]

    @property
    def scores(self) -> tuple[Series, ...]:
        """Curves of which more is better, drawn in a panel of their own."""
        return self.run.others[:MOST_BESIDE]

    @property
    def curves(self) -> list[Series]:
        return [*self.losses.values(), *self.parts, *self.scores]

    def name_of(self, series: Series) -> str:
        """The name of a curve beside the label, which may say the run already: Weights & Biases writes "run - loss"."""
        return series.name.removeprefix(f"{self.run.name} - ")

    @cached_property
    def verdict(self) -> Verdict | None:
        return verdict_of(self.run)

    @property
    def verdict_text(self) -> str:
        """The verdict in words, or why there is none."""
        if self.verdict is None:
            return "There is no loss to judge: choose a column."
        return self.verdict.text

    @property
    def evidence(self) -> list[Evidence]:
        """The points that the verdict rests on."""
        return evidence_of(self.run, self.verdict)
