"""The scenes of every page as somebody sees them who opens their links, and what a test asks of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from core.diagnosis import NAMES, VerdictKind
from core.models.imbalance.report import Report, predictions
from core.stage import Slider
from core.views.boxes_and_masks.presets import PRESETS as BOXES
from core.views.class_imbalance.presets import PRESETS as CASES
from core.views.class_probabilities.presets import PRESETS as PROBABILITIES
from core.views.gradient_descent.presets import PRESETS as RACES
from core.views.kit.view import Preset
from core.views.training_curves.presets import PRESETS as RUNS
from core.views.which_loss.presets import PRESETS as ADVICE
from tests.views.boxes_and_masks import shown as boxes
from tests.views.class_imbalance import shown as imbalance
from tests.views.class_probabilities import shown as probabilities
from tests.views.gradient_descent import races
from tests.views.training_curves import shown as training
from tests.views.which_loss import shown as which

Moved = Mapping[str, float]  # slider values by key; without one the scene is as its link opens it


class Scene(NamedTuple):
    """What the words of a scene show."""

    shown: Any
    sliders: Mapping[str, Slider]


def open_race(words: Mapping[str, str]) -> Scene:
    shown = races.arrived(**words)
    return Scene(shown, shown.chosen.sliders)


def open_run(words: Mapping[str, str]) -> Scene:
    words = dict(words)
    shown = training.arrived(f"{words.pop('task', 'wave')}_{words.pop('view', 'run')}", words)
    return Scene(shown, shown.view.choose(**shown.choice).sliders)


def open_case(words: Mapping[str, str]) -> Scene:
    words = dict(words)
    shown = imbalance.arrived(words.pop("show", "decisions"), words)
    return Scene(shown, shown.view.choose(**shown.choice).sliders)


# --- training runs ---


def verdict(shown: training.Shown, moved: Moved) -> VerdictKind:
    text = shown.verdict_text(moved).partition(".")[0]
    return next(kind for kind, known in NAMES.items() if known == text)


def losses(shown: training.Shown, moved: Moved) -> list[np.ndarray]:
    """The training loss and the validation loss by epoch."""
    return [shown.trace(name, training.LOSS, moved)["y"] for name in ("train", "validation")]


def open_probabilities(words: Mapping[str, str]) -> Scene:
    shown = probabilities.arrived(words)
    return Scene(shown, {slider.key: slider for slider in shown.stage.sliders})


def open_boxes(words: Mapping[str, str]) -> Scene:
    shown = boxes.arrived(words)
    return Scene(shown, {slider.key: slider for slider in shown.stage.sliders})


def open_advice(words: Mapping[str, str]) -> Scene:
    words = dict(words)
    shown = which.arrived(words.pop("predict", "number"), **words)
    return Scene(shown, {slider.key: slider for slider in shown.stage.sliders})


# --- class imbalance ---


def report(shown: imbalance.Shown, moved: Moved) -> Report:
    """What the page says in numbers."""
    return shown.view.choose(**shown.choice).picture.report({**shown.values, **moved})


def counts(shown: imbalance.Shown, key: str, moved: Moved) -> imbalance.Counts:
    """The confusion matrix of a loss on the test set."""
    one = report(shown, moved)
    return imbalance.Counts.of(one.target, predictions(one)[f"{key} predicted"] == 1)


class Page(NamedTuple):
    presets: Mapping[str, Preset]
    open: Callable[[Mapping[str, str]], Scene]


PAGES = {
    "gradient descent": Page(RACES, open_race),
    "training curves": Page(RUNS, open_run),
    "class imbalance": Page(CASES, open_case),
    "class probabilities": Page(PROBABILITIES, open_probabilities),
    "boxes and masks": Page(BOXES, open_boxes),
    "which loss": Page(ADVICE, open_advice),
}
EVERY = [(page, name) for page, (presets, _) in PAGES.items() for name in presets]
