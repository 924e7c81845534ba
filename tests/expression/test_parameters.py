"""Every parameter gets a slider that its use suggests, and the examples to start from are losses."""

import numpy as np
import pytest

from core.expression import parse
from core.expression.examples import FORMULA_EXAMPLES
from core.expression.parameters import SLIDERS, ParameterUse
from core.losses import FAMILIES
from tests.expression.cases import TYPED_LOSSES, VARIABLES


@pytest.mark.parametrize(
    ("typed", "use"),
    [
        ("max(τ r, (τ - 1) r)", "SHARE"),
        ("w r^2 + (1 - w) |r|", "SHARE"),
        ("where(r > 0, 1 - a, a) r^2", "SHARE"),
        ("(r/c)^2", "SCALE"),
        ("r^2/c^2", "SCALE"),
        ("r^2/(2c)", "SCALE"),
        ("log(s) + r^2/s", "SCALE"),
        ("|r|^q", "EXPONENT"),
        ("sigmoid(r)^g", "EXPONENT"),
        ("r^n", "WHOLE_EXPONENT"),
        ("where(|r| <= d, r^2/2, d (|r| - d/2))", "THRESHOLD"),
        ("min(r^2, cap)", "THRESHOLD"),
        ("max(0, |r| - eps)", "THRESHOLD"),
        ("where(r < b, 1, 2)", "BOUNDARY"),
        ("clip(r, -1, b)", "BOUNDARY"),
        ("w r^2", "WEIGHT"),
        ("10 a^2 |r|", "WEIGHT"),
        ("where(r < 0, a, 1) r^2", "WEIGHT"),
        ("r^2 + λ |p|", "WEIGHT"),
        ("(r - b)^2", "OFFSET"),
        ("r^2 + b", "OFFSET"),
    ],
)
def test_the_slider_fits_the_use(typed, use):
    (param,) = parse(typed).parameters
    expected = SLIDERS[ParameterUse[use]]
    assert {key: getattr(param, key) for key in expected} == expected


def test_parameters_come_in_the_order_of_their_first_use():
    found = parse("b r + a p + b^2 + δ + w_1 y").parameters
    assert [param.name for param in found] == ["b", "a", "delta", "w_1"]
    assert [param.symbol for param in found] == ["b", "a", "δ", "w_1"]
    assert [param.latex for param in found] == ["b", "a", r"\delta", "w_{1}"]
    assert parse("r^2 + e + pi").parameters == ()


@pytest.mark.parametrize("use", ParameterUse)
def test_a_slider_holds_its_default_and_lies_in_its_domain(use):
    (weight,) = parse("q r").parameters
    param = weight.but(**SLIDERS[use])
    assert param.default in param.frames
    assert param.domain.holds(param.frames)


@pytest.mark.parametrize("key", TYPED_LOSSES)
def test_a_typed_loss_of_the_catalogue_has_a_curve_at_its_defaults(key):
    for variables in VARIABLES.values():
        found = parse(TYPED_LOSSES[key], variables)
        given = dict.fromkeys(variables, np.linspace(0.1, 1, 5))
        assert np.isfinite(found.value(**given)).all()


def test_there_are_ten_examples_of_both_families():
    assert len(FORMULA_EXAMPLES) == 10
    assert {example.family for example in FORMULA_EXAMPLES} == {"regression", "binary"} <= set(FAMILIES)
    assert len({example.title for example in FORMULA_EXAMPLES}) == 10


@pytest.mark.parametrize("example", FORMULA_EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_finite_and_costs_least_near_the_truth(example):
    found = parse(example.formula, VARIABLES[example.family]).of_family()
    if example.family == "regression":
        pred = np.linspace(-5.0, 5.0, 201)
        cost = found.value(p=pred, y=0.0)
        assert abs(pred[cost.argmin()]) < 1e-9
    else:
        cost = found.value(z=np.linspace(-5.0, 5.0, 201), y=[[0.0], [1.0]])
        assert cost[0].argmin() == 0
        assert cost[1, -1] == cost[1].min()  # the hinge is 0 from a margin of 1 on
    assert np.isfinite(cost).all()
    assert example.about.endswith(".")


def test_examples_say_what_they_are_worth():
    """By hand, at the defaults of the sliders."""
    values = {
        "Out of stock costs twice": ({"p": [1.0, 5.0], "y": 3.0}, [8.0, 4.0]),
        "A missed cancer costs tenfold": ({"z": 0.0, "y": [0, 1]}, [np.log(2), 10 * np.log(2)]),
        "Capped squared error": ({"p": [0.5, 9.0], "y": 0.0}, [0.25, 1.0]),
        "Huber by hand": ({"p": [0.5, 3.0], "y": 0.0}, [0.125, 2.5]),
        "Hinge with a squared foot": ({"z": [2.0, 0.5, -1.0], "y": 1}, [0.0, 0.125, 1.5]),
        "Two goals in one": ({"p": 3.0, "y": 1.0}, 0.5 * 4 + 0.5 * 2),
        "Elastic penalty": ({"p": 2.0, "y": 1.0}, 1 + 0.5 * 2 + 0.5 * 4 / 2),
    }
    for example in FORMULA_EXAMPLES:
        if example.title in values:
            given, value = values[example.title]
            found = parse(example.formula, VARIABLES[example.family]).of_family()
            np.testing.assert_allclose(found.value(**given), value, rtol=1e-14)
