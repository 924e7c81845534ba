"""On every page a typed loss is the known loss that it spells out: the same numbers, to rounding."""

import re

import numpy as np
import pytest

from core.expression.typed_loss import ADDRESS_WORDS, loss_of
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.losses import LOSSES
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.measured import model_results
from core.record import at_starts
from core.stage.encode import payload
from core.views import VIEWS
from tests.expression.cases import TYPED_LOSSES
from tests.expression.grammar import formulas
from tests.views.cases import chosen
from tests.views.texts import filled

LINES = [key for key in TYPED_LOSSES if LOSSES[key].fits("line") and key != "absolute_percentage_error"]
SCORES = [key for key in TYPED_LOSSES if LOSSES[key].family == "binary" and key != "zero_one"]


def typed_key(key):
    """The key of the typed loss, its parameters written as the numbers at which the record's start."""
    formula = TYPED_LOSSES[key]
    ranges = ", ".join(f"{name} from {value:g} to {value + 1:g}" for name, value in LOSSES[key].starts.items()
                       if name in loss_of(f"{ADDRESS_WORDS[LOSSES[key].family]}:{formula}").starts)  # fmt: skip
    return f"{ADDRESS_WORDS[LOSSES[key].family]}:{formula}" + (f" with {ranges}" if ranges else "")


@pytest.mark.parametrize("key", LINES + SCORES)
def test_a_landscape_of_it_is_that_of_the_record(key):
    loss, typed = LOSSES[key], loss_of(typed_key(key))
    model = line_model("tips") if loss.family == "regression" else logistic_model("iris")
    points = np.random.default_rng(1).uniform(*np.array(model.window).T, size=(200, 2))
    found, expected = (fitted_landscape(model, at_starts(one)) for one in (typed, loss))
    own = {name: value for name, value in loss.starts.items() if name in typed.starts}
    for method in ("value", "grad"):
        one, other = getattr(found, method)(points, **own), getattr(expected, method)(points)
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("key", SCORES)
def test_a_classifier_of_a_rare_class_is_that_of_the_record(key):
    settings = ImbalanceSettings("clouds", "some", 400, 1, "linear")
    share = 0.1
    own = {name: value for name, value in LOSSES[key].starts.items() if name in loss_of(typed_key(key)).starts}
    found, expected = (
        model_results(settings, share, name, tuple(params.items()))
        for name, params in ((typed_key(key), own), (key, LOSSES[key].starts))
    )
    assert found.is_trained == expected.is_trained
    np.testing.assert_allclose(found.score_map, expected.score_map, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.roc, expected.roc, atol=1e-9)


def numbers(view, loss, moved):
    """Every number in the table beside a picture."""
    shown = chosen(VIEWS[view], loss=loss)
    cells = [filled(cell, moved) for reading in shown.readings for cell in reading.cells]
    return [float(cell.replace("−", "-").replace(",", "")) for cell in cells if re.fullmatch(r"−?[\d.,e-]+", cell)]


@pytest.mark.parametrize(
    ("view", "key", "moved"),
    [
        ("moons_run", "binary_cross_entropy", {}),
        ("wave_run", "log_cosh", {}),
        ("polynomial_run", "squared_error", {}),
        ("moons_run", "brier", {}),
        ("line_race", "huber", {"step": 5.0}),
        ("classifier_race", "binary_cross_entropy", {"step": 5.0}),
    ],
)
def test_a_training_and_a_race_under_it_are_those_under_the_record(view, key, moved):
    found, expected = (numbers(view, loss, moved) for loss in (typed_key(key), key))
    assert len(expected) > 2
    np.testing.assert_allclose(found, expected, rtol=5e-3, atol=5e-3)  # networks are trained in float32


@pytest.mark.parametrize("view", ["regression_curves", "binary_curves", "line_step", "imbalance_sources"])
def test_whatever_is_typed_is_a_picture_or_a_sentence(view):
    """Formulas that nobody would type: infinite, undefined, flat or too steep somewhere."""
    param = next(one for one in VIEWS[view].params if getattr(one, "typed", None))
    drawn = refused = 0
    for text, _ in formulas(seed=5, count=10):
        formula = text if param.typed.word == "your_loss" else re.sub(r"\br\b", "m", text)
        try:
            value = param.typed.read(param.typed.with_text(formula))
        except ValueError:
            refused += 1
        else:
            assert payload(VIEWS[view].choose(**{param.name: (value,) if param.name == "losses" else value}).stage)
            drawn += 1
    assert drawn > 1
    assert drawn + refused == 10
