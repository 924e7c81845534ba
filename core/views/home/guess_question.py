"""The question of the home page: which loss is the first to bring the guess near the number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.losses import LOSSES
from core.sentences import join_words
from core.stage import Live, Question, Slider, Text, Words

SHOWN = ("squared_error", "absolute_error", "huber")  # the losses of the picture, in its order
NEAR = 0.15  # a guess so near has arrived: the steps of absolute error are up to twice as long
TIE, NOBODY = "A tie", "None"


def question(
    by: Sequence[Slider], step: Slider, distances: Sequence[np.ndarray], gradients: Sequence[np.ndarray], rate: float
) -> Question:
    """Which loss arrives first, at all values of the sliders `by`.

    distances: of each loss's guess to the number at each step, [*frames, steps + 1]. gradients: of each loss at the
    first guess, [*frames].
    """
    first_near = np.stack([first_step_near(one) for one in distances])
    arrives = np.isfinite(first_near)
    first = arrives & (first_near == first_near.min(axis=0))
    answer = np.where(first.sum(axis=0) > 1, len(SHOWN), first.argmax(axis=0))
    steps = join_words([f"{LOSSES[key].short} {{{key}}}" for key in SHOWN])
    sizes = join_words(["{}"] * len(SHOWN))
    return Question(
        text="Which loss brings the guess to the number first?",
        options=(*(LOSSES[key].name for key in SHOWN), TIE, NOBODY),
        answer=Live(np.where(arrives.any(axis=0), answer, len(SHOWN) + 1), by),
        why=Text(
            f"Within {NEAR:g} of the number: {steps}. At your first guess their gradients are {sizes} in size, and a "
            f"step is {rate:g} times the gradient.",
            *(Live(np.abs(one), by) for one in gradients),
            **{key: step_words(one, by) for key, one in zip(SHOWN, first_near, strict=True)},
        ),
        reveal=step.key,
    )


def first_step_near(distances: np.ndarray) -> np.ndarray:
    """The first step at which a guess is near the number, [*frames]; infinite where it never is."""
    near = distances <= NEAR
    return np.where(near.any(axis=-1), near.argmax(axis=-1), np.inf)


def step_words(first_near: np.ndarray, by: Sequence[Slider]) -> Words:
    """When a guess arrives, if it does."""
    never = int(first_near[np.isfinite(first_near)].max(initial=0)) + 1
    words = [*(f"at step {step}" for step in range(never)), "never"]
    return Words(words, Live(np.where(np.isfinite(first_near), first_near, never), by))
