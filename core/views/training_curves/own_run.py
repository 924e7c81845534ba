"""A run of a person's own logs: its curves, the verdict on it, and the evidence to be marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.diagnosis import Verdict, VerdictKind
from core.diagnosis.logged import verdict_of
from core.logs import Run, Series

MOST_BESIDE = 4  # parts of the loss, and scores, of one run
BEGINS = {  # what begins at the place that a verdict names
    VerdictKind.OVERFITTING: "no longer follows training",
    VerdictKind.DIVERGING: "diverges from here",
    VerdictKind.HEALTHY: "flat from here",
    VerdictKind.STALLED: "flat from here",
    VerdictKind.UNDERFITTING: "flat from here",
}
OF_BOTH = (VerdictKind.OVERFITTING, VerdictKind.HEALTHY)  # verdicts on both curves, marked on the validation curve
TURNS = {"turned", "parted", "turned_alone"}  # rules of which the lowest point is the whole evidence


class Evidence(NamedTuple):
    """A point of a curve that a verdict rests on."""

    kind: str  # "best" or "since"
    words: str
    x: float
    y: float
    curve: Series


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
        return " ".join(filter(None, (f"{self.verdict.name}.", self.verdict.sentence, self.verdict.advice)))

    @property
    def evidence(self) -> list[Evidence]:
        """The points that the verdict rests on."""
        verdict, losses = self.verdict, self.losses
        if verdict is None or not losses or verdict.kind is VerdictKind.NOT_JUDGED:
            return []
        first, judged = next(iter(losses.values())), losses.get("validation") or losses["train"]
        lowest = "lowest validation loss" if "validation" in losses else "lowest loss"
        if verdict.rule in TURNS:
            return [evidence("best", f"{lowest}, rises after", verdict.best_at, judged)]
        found = [evidence("best", lowest, verdict.best_at, judged)]
        if verdict.kind in BEGINS:
            changed = judged if verdict.kind in OF_BOTH else first
            found.append(evidence("since", BEGINS[verdict.kind], verdict.since_at, changed))
        return [one for one in found if np.isfinite(one.x)]


def evidence(kind: str, words: str, x: float, curve: Series) -> Evidence:
    """The point of a curve at a place, as high as the last finite value up to it."""
    before = curve.values[: int(np.searchsorted(curve.epochs, x, side="right"))]
    finite = before[np.isfinite(before)]
    return Evidence(kind, words, x, float(finite[-1]) if len(finite) else np.nan, curve)
