"""The words of the picture of training: what the numbers say of each loss, and the cards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import LOSSES
from core.models.class_report import at_minimum, by_steps
from core.models.trained_classes import AtMinimum
from core.sentences import join_words
from core.stage import Card, Live, Task, Text, Words
from core.views.class_probabilities.train.runs import STEP, LossModels, TrainingChoice
from core.views.kit.cards import loss_card

TASKS = {
    False: Task("Drag “Wrong labels (%)” to 30.", "Which map changes less? Read its accuracy and its log loss."),
    True: Task("Drag “Initial score of the first class” to 8.", "Where the first gradient is small, training is slow."),
}


def percent(values: np.ndarray) -> np.ndarray:
    """Shares in percent, to one digit behind the point."""
    return np.round(100 * values, 1)


def summary(choice: TrainingChoice, models: Sequence[LossModels]) -> Text:
    """The test accuracy of each loss, and what explains it: the winner's probability, or the first gradient."""
    columns = {word: [one.live(percent(one.trained.measured(name))) for one in models]
               for word, name in (("right", "accuracy"), ("sure", "confidence"))}  # fmt: skip
    if choice.by_steps:
        columns["norm"] = [Live(one.trained.gradient[:, 0], one.sweep) for one in models]

    def each(word: str, unit: str = " %") -> str:
        return join_words([f"{{{word}{number}}}{unit} under {one.name}" for number, one in enumerate(models)])

    if choice.by_steps:
        text = f"The first gradient has the norm {each('norm', '')}. "
        text += f"After {{x}} steps, test accuracy is {each('right')}."
    else:
        text = f"With {{x}} % wrong labels, test accuracy is {each('right')}. The winner has a mean probability of "
        text += f"{each('sure')}."
    slots = {f"{word}{number}": one for word, column in columns.items() for number, one in enumerate(column)}
    used = {name: one for name, one in slots.items() if f"{{{name}}}" in text}
    return Text(text, x=Live(choice.across.values, choice.across), **used)


def note(models: LossModels) -> Text:
    """What became of a loss's models, a text for each."""
    if models.choice.by_steps:
        return Text("{}", Words.each(by_steps(models.trained, models.sweep.runs(), STEP.values), models.sweep))
    assert isinstance(models.trained, AtMinimum)
    sentences, shape = at_minimum(models.trained), models.trained.gradient.shape
    return Text("{}", Words(sentences, models.live(np.arange(float(len(sentences))).reshape(shape))))


ABOUT = """\
**What is trained.** Each class has a score, a weighted sum of the features; their softmax gives the probabilities. \
All losses get the same training set and the same small penalty.

**What is measured.** The test set has right labels only. Macro-F1 is the mean of the classes' F1 scores. Brier is the \
squared error of all probabilities, from 0 to 2. ECE is the mean gap between the winner's probability and how often \
it is right.
"""
WHY = {
    True: """
**Why squared error is slow.** Near 0 and 1 a softmax hardly moves with its scores: its slope is q(1 − q). Squared \
error on a softmax (Brier) has that as a factor of its gradient. Where the softmax is sure and wrong, it is almost 0. \
In cross-entropy the logarithm divides by q, which cancels the factor: the gradient is softmax less label.""",
    False: """
**What wrong labels do.** Cross-entropy asks for the shares of the labels, wrong ones too: its probabilities become \
less sure. One wrong label far inside another class costs −log q, without limit. GCE and Brier limit what one label \
can cost, so that a few move the boundaries less. Smoothing and focal keep the logarithm: they make probabilities more \
alike.""",
}


def cards(choice: TrainingChoice) -> tuple[Card, ...]:
    """What is trained and measured, why it comes out so, and what to know of each loss."""
    own = (loss_card(LOSSES[key], {one.name: one for one in choice.own(key)}) for key in choice.losses)
    return (Card(text=Text(ABOUT + WHY[choice.by_steps]), wide=True), *own)
