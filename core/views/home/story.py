"""The story of the home page: five steps, each of which waits until it is done."""

from __future__ import annotations

import numpy as np

from core.stage import Link, Live, Slider, Story, StoryStep

FAR = 1.5  # the guess from which the losses race
WRONG = 9.0  # an outlier from here on shows what it does


def story(guess: Slider, outlier: Slider, step: Slider, truth: float) -> Story:
    """The five steps, by the picture's sliders."""
    off = np.round(np.abs(guess.values - truth), 10)
    return Story(
        (
            StoryStep(
                do=f"Find the number: move “{guess.label}”. A lower loss is warmer, a higher loss is colder.",
                then=f"You found it: at {truth:g} nothing is wrong, so every loss is 0.",
                done=Live(off == 0, guess),
                nearness=Live(off, guess),
            ),
            StoryStep(
                do=f"Now each loss guesses for itself, from {FAR:g}. Answer the question below.",
                sets={guess.key: FAR, outlier.key: truth, step.key: 0.0},
                asks=True,
            ),
            StoryStep(
                do="Press Play. Each ball takes steps against the gradient of its own loss.",
                then="The steps of squared error get shorter near the number. Those of absolute error do not: it hops "
                "to and fro.",
                done=Live(step.values == step.values[-1], step),
            ),
            StoryStep(
                do=f"One of the five values is wrong: drag the red ✕ to {WRONG:g}.",
                then="The best guess ★ of squared error follows the wrong value. That of absolute error stays.",
                done=Live(outlier.values >= WRONG, outlier),
            ),
            StoryStep(
                do="Choose where to go:",
                links=(
                    Link(label="compare the losses", page="loss-curves", query={}),
                    Link(label="see what they fit", page="loss-curves", query={"view": "fit"}),
                    Link(label="race down a landscape", page="gradient-descent", query={}),
                    Link(label="learn a rare class", page="class-imbalance", query={}),
                    Link(label="read training curves", page="training-curves", query={}),
                ),
            ),
        )
    )
