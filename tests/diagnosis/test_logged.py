"""The verdict on a run whose curves were logged at places of their own."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from core.diagnosis import VerdictKind, diagnose
from core.diagnosis.logged import verdict_of

EPOCHS = np.arange(40.0)
FALL = 2.0 * np.exp(-EPOCHS / 8) + 0.3
TURN = FALL + 0.002 * np.maximum(0, EPOCHS - 15) ** 2


@dataclass
class Curve:
    values: np.ndarray
    epochs: np.ndarray = field(default_factory=lambda: EPOCHS)
    name: str = "loss"


@dataclass
class Run:
    train: Curve | None
    validation: Curve | None
    unit: str = "epoch"
    comparable: bool = True
    need_not_fall: str = ""


def test_curves_of_the_same_epochs_are_judged_as_they_are():
    judged = verdict_of(Run(Curve(FALL), Curve(TURN)))
    assert judged.sentence == diagnose(FALL, TURN, epochs=EPOCHS).sentence
    assert judged.best_at == EPOCHS[np.argmin(TURN)]


def test_training_is_averaged_up_to_each_validation():
    steps = np.arange(1, 400.0)
    loss = 2.0 * np.exp(-steps / 80) + 0.3
    run = Run(Curve(loss, steps), Curve(TURN, 10 * EPOCHS + 5.5), unit="step")
    judged = verdict_of(run)
    means = [loss[(steps > low) & (steps <= high)].mean() for low, high in zip([0, *run.validation.epochs[:-1]],
             run.validation.epochs, strict=True)]  # fmt: skip
    assert judged.sentence == diagnose(means, TURN, epochs=run.validation.epochs, unit="step").sentence
    assert judged.kind is VerdictKind.OVERFITTING
    assert judged.best_at == run.validation.epochs[np.argmin(TURN)]


def test_curves_of_two_quantities_are_judged_apart():
    judged = verdict_of(Run(Curve(FALL, name="train_ce"), Curve(30 + FALL, name="val_mae"), comparable=False))
    assert judged.sentence.endswith("The two losses are not the same quantity: no gap between them is judged.")
    assert np.isnan(judged.gap)


@pytest.mark.parametrize("half", ["train", "validation"])
def test_one_curve_alone(half):
    curves = {"train": None, "validation": None, half: Curve(TURN)}
    assert verdict_of(Run(**curves)).best_at == EPOCHS[np.argmin(TURN)]


def test_what_is_never_judged():
    assert verdict_of(Run(None, None)) is None
    critic = verdict_of(Run(Curve(FALL), Curve(TURN), need_not_fall="A critic's loss need not fall."))
    assert (critic.kind, critic.sentence) == (VerdictKind.NOT_JUDGED, "A critic's loss need not fall.")


def test_a_run_that_was_lost_has_diverged_and_no_best_place_is_no_number():
    lost = np.where(EPOCHS < 30, FALL, np.nan)
    assert verdict_of(Run(Curve(lost), None)).kind is VerdictKind.DIVERGING
    assert np.isnan(verdict_of(Run(Curve(np.full(40, np.inf)), None)).best_at)
