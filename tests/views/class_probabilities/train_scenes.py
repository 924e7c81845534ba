"""What the scenes of training come to, as the view computes it: the claims of their tasks, their variants' verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.views.class_probabilities.train.runs import STEP
from tests.views import shown
from tests.views.texts import filled

Moved = Mapping[str, float]
COLUMNS = ("accuracy", "macro_f1", "log_loss", "brier")


def reading(shown: shown.Shown, name: str, column: str, moved: Moved) -> float:
    """A number of the key beside the picture."""
    (one,) = (one for one in shown.stage.readings if one.name == name)
    (slot,) = one.cells[COLUMNS.index(column)].slots.values()
    return float(shown.row(slot, moved))


def note(shown: shown.Shown, name: str, moved: Moved) -> str:
    (one,) = (one for one in shown.stage.readings if one.name == name)
    return filled(one.note, {**shown.values, **moved})


def confidence(shown: shown.Shown, name: str, moved: Moved) -> float:
    """The mean probability of the winner, in percent, from the sentence about it."""
    return float(note(shown, name, moved).partition("it is right: ")[2].partition(" %")[0])


def smoothing_costs_accuracy_and_certainty(shown: shown.Shown, moved: Moved) -> bool:
    brier = {reading(shown, "Multiclass Brier", "accuracy", values) for values in ({}, moved)}
    before, after = (reading(shown, "Cross-entropy", "accuracy", values) for values in ({}, moved))
    return len(brier) == 1 and after < before - 0.05 and confidence(shown, "Cross-entropy", moved) < 60


def gce_is_almost_cross_entropy(shown: shown.Shown, moved: Moved) -> bool:
    gce, plain = (reading(shown, name, "accuracy", moved) for name in ("GCE", "Cross-entropy"))
    return abs(gce - plain) < 0.02


def accuracy_stays_and_probabilities_fall(shown: shown.Shown, moved: Moved) -> bool:
    before, after = (reading(shown, "Cross-entropy", "accuracy", values) for values in ({}, moved))
    return abs(after - before) < 0.01 and confidence(shown, "Cross-entropy", moved) < 60


def first_step_at_80(shown: shown.Shown, name: str, moved: Moved) -> float:
    """The first step at which the test accuracy is 80 %, infinite if there is none."""
    found = [step for step in STEP.values if reading(shown, name, "accuracy", {**moved, "step": float(step)}) >= 0.8]
    assert f"at step {found[0]:g}." in note(shown, name, moved) if found else "does not" in note(shown, name, moved)
    return min(found, default=np.inf)


def brier_gets_there_many_steps_later(shown: shown.Shown, moved: Moved) -> bool:
    brier, plain = (first_step_at_80(shown, name, moved) for name in ("Multiclass Brier", "Cross-entropy"))
    return bool(plain + 20 <= brier < np.inf)


CLAIMS: dict[str, Callable[[shown.Shown, Moved], bool]] = {
    "Three iris species": smoothing_costs_accuracy_and_certainty,
    "Wrong labels": gce_is_almost_cross_entropy,
    "Smoothing and calibration": accuracy_stays_and_probabilities_fall,
    "Squared error is slow": brier_gets_there_many_steps_later,
}


def right(shown: shown.Shown, name: str) -> str:
    return f"{100 * reading(shown, name, 'accuracy', {}):.3g} %"


def log_loss(shown: shown.Shown) -> str:
    value = reading(shown, "Cross-entropy", "log_loss", {})
    linear = shown.choice["features"] == "linear"
    return f"log loss of cross-entropy {value:.2f}" if linear else f"{value:.2f}, no better"


def with_wrong_labels(shown: shown.Shown) -> str:
    plain, gce = (right(shown, name) for name in ("Cross-entropy", "GCE"))
    if shown.values.get("wrong"):
        return f"cross-entropy {plain} right, GCE {gce}"
    assert plain == gce
    return f"both {plain}"


def calibration_error(shown: shown.Shown) -> str:
    error = note(shown, "Cross-entropy", {}).partition("ECE ")[2].partition(")")[0]
    return f"ECE of cross-entropy {error}" if shown.values.get("label_smoothing") else error


def after_the_last_step(shown: shown.Shown) -> str:
    plain, brier = (right(shown, name) for name in ("Cross-entropy", "Multiclass Brier"))
    if shown.values.get("level"):
        return f"Brier {brier} right, cross-entropy {plain}"
    assert plain == brier
    return f"both {plain}"


VERDICTS: dict[str, Callable[[shown.Shown], str]] = {
    "Three iris species": log_loss,
    "Wrong labels": with_wrong_labels,
    "Smoothing and calibration": calibration_error,
    "Squared error is slow": after_the_last_step,
}
