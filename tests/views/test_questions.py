"""Every question's answer is what the run shows, worked out anew for twenty random settings of each page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.diagnosis import VerdictKind, diagnose
from core.losses import LOSSES
from core.models import fit_line
from core.optimizers import OPTIMIZERS
from core.stage import Question
from core.stage.parameters import OneOf, Parameter, SomeOf
from core.views import VIEWS, View
from core.views.class_imbalance.decision_question import HIGH, LOW, POINT
from core.views.class_imbalance.decision_question import question as decision_question
from core.views.gradient_descent.race_question import question as race_question
from core.views.home.guess import OUTLIER, RATE, STEPS, TIMES, TRUTH
from core.views.home.guess_question import NEAR
from core.views.kit.view import Choice
from core.views.loss_curves.fit_question import question as fit_question
from tests.views.cases import chosen
from tests.views.class_imbalance.shown import Shown as Rare
from tests.views.texts import filled
from tests.views.training_curves.shown import LOSS
from tests.views.training_curves.shown import Shown as Training

SEEDS = 20
RUNS = ("wave_run", "polynomial_run", "moons_run")
ASKING = ("guess_the_number", "textbook_race", "tips_fit", "imbalance_decisions", *RUNS)
each_seed = pytest.mark.parametrize("seed", range(SEEDS))
Values = Mapping[str, float]


def picked(param: Parameter, random: np.random.Generator) -> Any:
    """A random value of a parameter."""
    if isinstance(param, SomeOf):
        size = int(random.integers(1, min(param.most, 4) + 1))
        some = random.choice(list(param.options), size, replace=False)
        return tuple(option for option in param.options if option in some)
    return str(random.choice(list(param.options))) if isinstance(param, OneOf) else int(random.integers(1, 100))


def drawn_lots(view: View, seed: int, **fixed: Any) -> tuple[Choice, dict[str, float]]:
    """A choice at random pickers and random sliders, and the sliders' values."""
    random = np.random.default_rng(seed)
    choice = view.choose(**{param.name: picked(param, random) for param in view.params} | fixed)
    values = {key: float(random.choice(slider.values)) for key, slider in choice.sliders.items()}
    return choice.around(values), values


def right_option(question: Question, values: Values) -> str:
    """The right option; its reason has no gap."""
    why = filled(question.why, values)
    assert not re.search(r"[{}]|nan|\binf|–", why), why
    assert why[-1] == "."
    return question.options[int(question.answer.row(values))]


def first_of(steps: Mapping[str, float], none: str) -> str:
    """The name with the least of these, which are infinite for those that never arrive."""
    best = min(steps.values())
    names = [name for name, step in steps.items() if step == best]
    return none if np.isinf(best) else names[0] if len(names) == 1 else "A tie"


@pytest.mark.parametrize("key", ASKING)
def test_a_question_is_short_and_its_options_differ(key: str) -> None:
    question = chosen(VIEWS[key]).question
    assert question is not None
    assert question.text[-1] == "?"
    assert len(question.text) < 90
    assert len(set(question.options)) == len(question.options) > 2
    assert max(map(len, question.options)) < 25


@each_seed
def test_the_first_guess_to_arrive(seed: int) -> None:
    choice, values = drawn_lots(VIEWS["guess_the_number"], seed)
    written = np.append(np.full(TIMES - 1, TRUTH), values[OUTLIER.key])
    steps = {}
    for key in ("squared_error", "absolute_error", "huber"):
        guess, loss = values["guess"], LOSSES[key]
        path = [guess]
        for _ in range(STEPS):
            guess -= RATE * float(np.mean(loss.grad(np.full(TIMES, guess), written)))
            path.append(guess)
        near = np.flatnonzero(np.abs(np.array(path) - TRUTH) < NEAR + 5e-5)
        steps[loss.name] = float(near[0]) if len(near) else np.inf
    question = chosen(choice.view).question
    assert question
    assert right_option(question, values) == first_of(steps, "None")


@each_seed
def test_the_first_optimizer_to_arrive(seed: int) -> None:
    choice, values = drawn_lots(VIEWS["textbook_race"], seed, steps="100")
    race = choice.picture.race.around(choice.centre)
    steps = {}
    for key in race.optimizers:
        alone = choice.view.choose(**{**choice.params, "optimizers": (key,)})
        own = {name: value for name, value in values.items() if name in alone.sliders}
        other = alone.picture.race.around(alone.around(own).centre)
        code, step = (int(found[other.at(key, own)]) for found in (other.outcomes.code, other.outcomes.step))
        steps[OPTIMIZERS[key].name] = step if code == Outcome.CONVERGED else np.inf
    right = right_option(race_question(race), values)
    if len(steps) == 1:
        assert right == ("No" if np.isinf(*steps.values()) else "Yes")
    else:
        assert right == first_of(steps, "None")


@each_seed
def test_the_line_that_outliers_move_most(seed: int) -> None:
    view = VIEWS["made_fit" if seed % 2 else "tips_fit"]
    choice, values = drawn_lots(view, seed)
    picture, data = choice.picture, choice.picture.data
    question = fit_question(picture.fits(choice.centre), data, picture.sliders[0])
    xs = np.concatenate([data.data.x, data.outlier_xs[: int(values["outliers"])]])
    far = {}
    for key in choice.params["losses"]:
        loss = LOSSES[key]
        params = {param.name: values[f"{key}.{param.name}"] for param in loss.params}
        added = np.repeat(data.places[:, None], int(values["outliers"]), axis=1)
        targets = np.concatenate([np.tile(data.data.target, (len(data.places), 1)), added], axis=1)
        lines = fit_line(loss, xs, targets, **params)
        heights = lines[..., :1] + lines[..., 1:] * data.ends
        far[loss.short] = float(np.ptp(heights, axis=0).max())
    right, order = right_option(question, values), sorted(far, key=far.__getitem__, reverse=True)
    if far[order[0]] < 1e-6:
        assert right == "None"
    elif len(order) > 1 and far[order[1]] > 0.9999 * far[order[0]]:
        assert right == "A tie"
    else:
        assert right == order[0]


@each_seed
def test_what_a_lower_threshold_does_to_the_precision(seed: int) -> None:
    view = VIEWS["imbalance_decisions"]
    losses = (str(np.random.default_rng(seed).choice(list(view.param("losses").options))),)
    choice, values = drawn_lots(view, seed, losses=losses, points="400")
    right = right_option(decision_question(choice.picture.experiment(choice.centre)), values)
    shown = Rare(view, choice.params, values)
    if not shown.split({}).train.target.sum():
        assert right == "Be undefined"  # there is no model
        return
    precision = []
    for threshold in (HIGH, LOW):
        counts = shown.counts(losses[0], {"threshold": threshold})
        precision.append(counts.tp / (counts.tp + counts.fp) if counts.tp + counts.fp else np.nan)
    change = precision[1] - precision[0]
    wanted = "Hardly change" if abs(change) <= POINT else "Rise" if change > 0 else "Fall"
    assert right == ("Be undefined" if np.isnan(change) else wanted)


KINDS = {
    "Fall and flatten": {VerdictKind.HEALTHY, VerdictKind.OVERFITTING},
    "Keep falling": {VerdictKind.LEARNING},
    "Fall, then rise": {VerdictKind.OVERFITTING, VerdictKind.DIVERGING},
    "Stay high": {VerdictKind.UNDERFITTING, VerdictKind.STALLED},
    "Swing or grow": {VerdictKind.DIVERGING, VerdictKind.OSCILLATING, VerdictKind.NOISY},
    "None of these": {VerdictKind.LEARNING, VerdictKind.TOO_SHORT},
}


def curve_agrees(option: str, loss: np.ndarray) -> bool:
    """Whether the validation loss did that, by its plain numbers."""
    first, low, end = loss[0], loss.min(), loss[-10:].mean()
    fall = first - low
    match option:
        case "Fall and flatten":
            return bool(np.ptp(loss[-30:]) < 0.3 * fall)
        case "Keep falling":
            return bool(end < loss[len(loss) // 2] or end < low + 0.1 * fall)
        case "Fall, then rise":
            return bool(end > 1.005 * low)
        case "Stay high":
            return bool(end > 0.3 * first)
    return True


@each_seed
def test_what_the_validation_loss_does(seed: int) -> None:
    random = np.random.default_rng(seed)
    view = VIEWS[RUNS[seed % 3]]
    picks = {param.name: picked(param, random) for param in view.params} if seed >= SEEDS - 3 else {}
    shown = Training(view, view.defaults | picks, {})
    question, moved = shown.stage.question, [one for one in shown.stage.sliders if one.recomputed]
    assert question
    slider = moved[int(random.integers(len(moved)))]
    values = {slider.key: float(random.choice(slider.values))}
    if seed < len(RUNS) and question.at is not None:
        values = {question.reveal: question.at}
    train, validation = (shown.trace(name, LOSS, values)["y"] for name in ("train", "validation"))
    right = right_option(question, values)
    assert diagnose(train, validation, floor=0.0).kind in KINDS[right]
    assert curve_agrees(right, validation), right


def test_the_questions_of_training_name_what_is_seen_as_the_page_opens() -> None:
    """Each task asks about another outcome than the one that is on the screen."""
    for key in ("wave_run", "polynomial_run"):
        question = chosen(VIEWS[key]).question
        assert question
        assert right_option(question, {question.reveal: question.at}) != right_option(question, {})
