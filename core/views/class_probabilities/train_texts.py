"""The words of the picture of training: what the numbers say of each loss, and the cards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import LOSSES
from core.models.softmax_regression import CONVERGED
from core.models.trained_classes import AtMinimum, Training
from core.sentences import join_words
from core.stage import Card, Live, Task, Text, Words
from core.views.class_probabilities.train_runs import LEVEL, SHARE_LABELS, STEP, STEPS, LossModels, TrainingChoice
from core.views.kit.cards import loss_card

TASKS = {
    False: Task("Drag “Wrong labels” to 30 %.", "Which map changes less? Read the test accuracy and the log loss."),
    True: Task("Drag “Initial score of the first class” to 8.", "Where the first gradient is small, training is slow."),
}
CLOSE = 0.03  # of a mean probability and an accuracy: nearer is calibrated


def names_of_losses(models: Sequence[LossModels]) -> str:
    return join_words([LOSSES[one.key].name for one in models])


def each(models: Sequence[LossModels], word: str, unit: str = " %") -> str:
    """A number of each loss, with a slot for it."""
    return join_words([f"{{{word}{number}}}{unit} under {one.name}" for number, one in enumerate(models)])


def summary(choice: TrainingChoice, models: Sequence[LossModels]) -> Text:
    """The test accuracy of each loss, and what explains it: the winner's probability, or the first gradient."""
    accuracy = {f"right{number}": one.live(100 * one.trained.measured("accuracy"))
                for number, one in enumerate(models)}  # fmt: skip
    if choice.by_steps:
        first = {f"norm{number}": Live(gradient(one)[:, 0], one.sweep) for number, one in enumerate(models)}
        return Text(
            f"The first gradient has the norm {each(models, 'norm', '')}. "
            f"After {{step}} steps, test accuracy is {each(models, 'right')}.",
            step=Live(STEP.values, STEP), **first, **accuracy,
        )  # fmt: skip
    sure = {f"sure{number}": one.live(100 * one.trained.measured("confidence")) for number, one in enumerate(models)}
    return Text(
        f"With {{wrong}} wrong labels, test accuracy is {each(models, 'right')}. "
        f"The winner has a mean probability of {each(models, 'sure')}.",
        wrong=Words(SHARE_LABELS, choice.wrong), **accuracy, **sure,
    )  # fmt: skip


def gradient(models: LossModels) -> np.ndarray:
    assert isinstance(models.trained, Training)
    return models.trained.gradient


def note(models: LossModels, first: LossModels) -> Text:
    """What became of a loss's models, beside the first loss's or beside right labels."""
    return speed_note(models, first) if models.choice.by_steps else minimum_note(models)


def minimum_note(models: LossModels) -> Text:
    """Whether the winner is as sure as it is right, what wrong labels changed, and how the minimum is known."""
    trained = models.trained
    assert isinstance(trained, AtMinimum)
    right, sure = trained.measured("accuracy"), trained.measured("confidence")
    change = right - right[:1]
    kinds = np.where(np.abs(sure - right) <= CLOSE, 1, np.where(sure > right, 2, 0))
    moved = np.where(np.abs(change) < 0.005, 1, np.where(change > 0, 2, 0))
    found = trained.minima
    return Text(
        "{calibrated} {moved} {known}",
        calibrated=Words(
            ("The winner is less sure than it is right: {sure} % against {right} %.",
             "The winner is about as sure as it is right: {sure} % and {right} %.",
             "The winner is surer than it is right: {sure} % against {right} %."),
            models.live(kinds.astype(float))),
        moved=Words(
            ("Wrong labels cost {change} points of accuracy.", "Accuracy is as with right labels.",
             "Accuracy is {change} points above that with right labels."), models.live(moved.astype(float))),
        known=Words(
            ("No minimum was found: the gradient norm is {norm}.", known(models, found.starts)),
            models.live(found.converged.astype(float).reshape(right.shape))),
        sure=models.live(100 * sure), right=models.live(100 * right), change=models.live(100 * np.abs(change)),
        norm=models.live(found.gradient.reshape(right.shape)),
    )  # fmt: skip


def known(models: LossModels, starts: int) -> str:
    """How it is known that a minimum is one."""
    if LOSSES[models.key].convex:
        return "Minimum: the gradient norm is {norm}, and a convex loss has no lower one."
    return f"Minimum: the gradient norm is {{norm}} and every curvature positive; the lowest of {starts} starts."


def speed_note(models: LossModels, first: LossModels) -> Text:
    """The first gradient beside the first loss's, and the step at which the model has learned most of it."""
    right, norms = models.trained.measured("accuracy"), gradient(models)[:, 0]
    gain = right >= 0.9 * np.nanmax(right, axis=1, keepdims=True)
    steps = STEP.values[gain.argmax(axis=1)]
    broken = models.trained.diverged[:, -1]
    sentences = [
        "The learning rate is too large: training diverged." if bad else
        f"It reaches 90 % of its best accuracy at step {step:g} of {STEPS}." for bad, step in zip(broken, steps, strict=True)
    ]
    scores = np.zeros((len(models.sweep), len(models.choice.settings.names)))
    scores[:, 0] = models.sweep.values[LEVEL.key]
    own = {one.name: models.sweep.values[one.key] for one in models.choice.own(models.key)}
    size = np.linalg.norm(LOSSES[models.key].grad(scores, np.ones(len(scores)), **own), axis=-1)
    return Text(
        "{speed} At the start an example of the second class has a gradient of size {size} in its scores.",
        speed=Words.each(sentences, models.sweep), size=Live(size, models.sweep),
    )  # fmt: skip


ABOUT = (
    "**What is trained.** Each class has a score that is linear in the features; their softmax gives the probabilities."
    f" All losses get the same training set and the same small penalty. A minimum has a gradient norm below {CONVERGED:g}."
    "\n\n**What is measured.** The test set has right labels only. Macro-F1 is the mean of the classes' F1 scores. "
    "Brier is the squared error of all probabilities, from 0 to 2. ECE is the mean gap between the winner's "
    "probability and how often it is right."
)
SPEED = (
    "**Why squared error is slow.** A score moves a probability q by q(1 − q) at most. Where the softmax is sure and "
    "wrong, that is almost 0. Squared error on a softmax (Brier) has this as a factor of its gradient. "
    "Cross-entropy does not: its logarithm divides by q, and the gradient is softmax less label."
)
NOISE = (
    "**What wrong labels do.** Cross-entropy asks for the share of the labels, wrong ones too, so its probabilities "
    "become less sure. A single wrong label far inside another class costs −log q, without limit. GCE and Brier limit "
    "what one label can cost, so a few wrong labels move the boundaries less."
)


def cards(choice: TrainingChoice) -> tuple[Card, ...]:
    """What is trained and measured, why it comes out so, and what to know of each loss."""
    about = Card(text=Text(ABOUT + "\n\n" + (SPEED if choice.by_steps else NOISE)), wide=True)
    return (about, *(loss_card(LOSSES[key], {one.name: one for one in choice.own(key)}) for key in choice.losses))
