"""Derivatives of random formulas against SymPy (reference/make_expressions.py) and against finite differences."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.expression import parse
from core.expression.diagnosis import diagnose_regression
from core.expression.node import FUNCTIONS, evaluate
from core.losses import losses_of
from tests.expression.cases import PREDICTION, TYPED_LOSSES, VARIABLES, expression_of

REFERENCE = json.loads((Path(__file__).parent.parent / "reference" / "expressions.json").read_text())
FORMULAS = REFERENCE["formulas"]
H = 1e-3
STENCIL = np.array([-2.0, -1.0, 1.0, 2.0]) * H
WEIGHTS = np.array([1.0, -8.0, 8.0, -1.0]) / (12 * H)
WAYS = {"value": (), "r": ("r",), "rr": ("r", "r"), "delta": ("delta",), "r_delta": ("r", "delta")}


@cache
def formula(text):
    """The formula of a text; what is compiled for one test is there for the next."""
    return parse(text)


def derived(expression, names):
    """The derivative of a formula in the names that it has; None where it lacks one, and the derivative is 0."""
    for name in names:
        if name not in getattr(expression, "expression", expression).names:
            return None
        expression = expression.derivative(name)
    return expression


def at(expression, given):
    """What of the given names the formula takes."""
    return {name: value for name, value in given.items() if name in expression.names}


def test_there_are_2000_formulas_that_use_everything():
    assert len(FORMULAS) >= 2000
    text = " ".join(block["text"] for block in FORMULAS)
    for part in (*FUNCTIONS, "|", "ln", "max(", "^", "**", "²", "δ", "×", "÷", "−", "<", "≤"):
        assert text.count(part) > 20 or part == "sign", part  # whose derivative is 0


@pytest.mark.parametrize("part", WAYS)
def test_values_and_derivatives_are_those_of_sympy(part):
    wrong = []
    for block in FORMULAS:
        expression = formula(block["text"])
        found = derived(expression, WAYS[part])
        value = 0.0 if found is None else float(found.value(**at(expression, block["at"])))
        if not abs(value - block[part]) <= 1e-9 * (1 + abs(block[part])):
            wrong.append((block["text"], block["at"], value, block[part]))
    assert wrong == []


def test_derivatives_are_finite_differences_of_the_value():
    """Away from corners: `kinks` says where these are."""
    compared = 0
    for block in FORMULAS:
        expression = formula(block["text"])
        given = at(expression, block["at"])
        for name in ("r", "w"):
            if name not in given:
                continue
            beside = given | {name: given[name] + STENCIL}
            with np.errstate(all="ignore"):
                if any(np.ptp(np.sign(evaluate(kink.root, beside))) for kink in expression.kinks):
                    continue
            first, second = expression.derivative(name), expression.derivative(name).derivative(name)
            for function, slope in ((expression, first), (first, second)):
                values = function.value(**beside)
                if not np.isfinite(values).all():
                    continue
                size = 1 + np.abs(values).max() + abs(float(second.value(**given)))
                error = abs(WEIGHTS @ values - float(slope.value(**given))) / size
                # The stencil's own error is H^4/30 times the fifth derivative, which none of these has small.
                assert error < 1e-3, (block["text"], name, given)
                compared += error < 1e-8
    assert compared > 5000


LOSSES_TYPED = [(losses_of(family)[key], family) for family in VARIABLES for key in losses_of(family)]


def test_the_whole_catalogue_is_typed():
    assert {loss.key for loss, _ in LOSSES_TYPED} == set(TYPED_LOSSES)


@pytest.mark.parametrize(("loss", "family"), LOSSES_TYPED, ids=lambda one: str(one))
def test_typing_a_loss_reproduces_its_record(loss, family):
    """Value, gradient and curvature, at the ends of its sliders and between; value and gradient in its corners too."""
    expression = expression_of(TYPED_LOSSES[loss.key], family)
    name = PREDICTION[family]
    slope = expression.derivative(name)
    assert {param.name for param in expression.parameters} == {param.name for param in loss.params}
    for share in (0.0, 0.3, 1.0):
        params = {param.name: param.low + share * (param.high - param.low) for param in loss.params}
        if loss.key == "tweedie":  # its closed form is 0/0 at both ends
            params = {"power": 1.1 + 0.8 * share}
        pred = np.linspace(-9.87, 9.91, 401)
        pred = pred[loss.pred_domain.mask(pred)]
        target = np.array([[0.0], [1.0]] if family == "binary" else [[0.5], [3.0]])
        given = {name: pred, "y": target, **params}
        for ours, theirs in ((expression, loss.value), (slope, loss.grad), (slope.derivative(name), loss.curvature)):
            np.testing.assert_allclose(ours.value(**given), theirs(pred, target, **params), rtol=1e-12, atol=1e-12)
        if family == "regression" and loss.of_residual:
            kinks = np.array(loss.kinks(**params))
            if kinks.size:
                given = {name: kinks, "y": 0.0, **params}
                np.testing.assert_allclose(expression.value(**given), loss.value(kinks, 0.0, **params), atol=1e-12)
                np.testing.assert_allclose(slope.value(**given), loss.grad(kinks, 0.0, **params), atol=1e-12)


def test_the_derivative_in_the_prediction_goes_through_what_is_made_of_it():
    typed = parse("r^2 + p y").of_family()
    assert typed.variables == ("p", "y")
    assert typed.derivative("p").value(p=3.0, y=1.0) == 2 * 2 + 1
    assert typed.derivative("p").derivative("y").value(p=3.0, y=1.0) == -2 + 1
    assert parse("r^2 + p y").derivative("p").value(r=2.0, p=3.0, y=1.0) == 1.0
    binary = parse("p + m", VARIABLES["binary"]).of_family()
    assert binary.derivative("z").value(z=0.0, y=[0, 1]).tolist() == [0.25 - 1, 0.25 + 1]


def test_a_derivative_in_a_parameter_and_no_third():
    found = parse("δ^2 r").derivative("delta")
    assert found.value(r=2.0, delta=3.0) == 12.0
    assert found.derivative("r").value(r=2.0, delta=3.0) == 6.0
    assert found.derivative("delta").value(r=2.0, delta=3.0) == 4.0
    with pytest.raises(ValueError, match="derived twice at most; it is derived in delta and r already"):
        found.derivative("r").derivative("r")
    for name in ("q", "__class__"):
        with pytest.raises(ValueError, match=f"no derivative in '{name}': the formula is one of r, p, y, delta"):
            parse("δ r").derivative(name)


@pytest.mark.parametrize(
    ("typed", "slope"),
    [
        ("|r|", 0),
        ("max(0, r)", 0),
        ("max(r, 3r)", 1),
        ("min(-r, -2r)", -1),
        ("sign(r)", 0),
        ("sqrt(r^2)", 0),
        ("where(r < 0, -r, 2r)", 2),
    ],
)
def test_the_slope_in_a_corner(typed, slope):
    assert parse(typed).derivative("r").value(r=0.0) == slope


def test_a_value_has_the_shape_of_all_that_is_given():
    assert parse("3").value(r=np.zeros((2, 3))).tolist() == [[3.0] * 3] * 2
    assert parse("r").value(r=np.zeros(3), y=np.zeros((2, 1))).shape == (2, 3)
    found = parse("w r").value(r=[1, 2], w=[[1], [2]])
    assert found.tolist() == [[1, 2], [2, 4]]
    assert found.dtype == np.float64
    given = np.ones(3)
    parse("r").value(r=given)[:] = 5
    assert given.tolist() == [1, 1, 1]
    assert parse("r").value(r=[]).shape == (0,)


def test_outside_a_domain_it_is_nan_or_infinite_without_a_warning():
    found = parse("log(r) + 1/p")
    assert np.isneginf(found.value(r=0.0, p=1.0))
    assert np.isnan(found.value(r=-1.0, p=1.0))
    assert np.isposinf(found.value(r=1.0, p=0.0))
    assert np.isposinf(parse("exp(r)").value(r=1e4))
    assert np.isnan(found.derivative("r").value(r=-1.0, p=1.0))  # where 1/r has a value
    assert np.isnan(parse("max(0, log(r))").derivative("r").value(r=-1.0))
    assert np.isnan(parse("sqrt(r) p").derivative("p").derivative("r").value(r=-1.0, p=1.0))


def test_what_a_formula_lacks_is_named():
    with pytest.raises(TypeError, match="the formula needs r: give it as a keyword"):
        parse("r").value()
    with pytest.raises(TypeError, match="the formula has no 'q'; it takes r, p, y, w"):
        parse("w r").value(r=1.0, q=2.0)
    with pytest.raises(ValueError, match="r must be numbers"):
        parse("r").value(r="a")
    with pytest.raises(ValueError, match="broadcast"):
        parse("r").value(r=[1, 2], y=[1, 2, 3])
    assert parse("r").value(r=2.0) == 2.0


@pytest.mark.parametrize(
    ("typed", "kinks"),
    [
        ("|r - 1|", ["r - 1"]),
        ("max(0, 1 - r)", ["1 - r"]),
        ("min(r^2, cap)", ["r**2 - cap"]),
        ("clip(r, -c, 2)", ["r - -c", "r - 2"]),
        ("where(0 < r < 1, r, 1)", ["r", "r - 1"]),
        ("sign(r) + sqrt(p) + |y|^1.5", ["r", "p", "abs(y)", "y"]),
        ("r^2 + exp(r)", []),
        ("where(1 < 2, r, 0)", []),
    ],
)
def test_the_places_of_kinks(typed, kinks):
    found = parse(typed).kinks
    assert [kink.text for kink in found] == kinks
    assert all(np.isfinite(kink.value(r=0.3, p=1.0, y=1.0)) for kink in found)


def test_a_parameter_may_have_any_name():
    found = parse("self r + library + expression + arrays + name")
    assert found.value(r=2.0, self=3.0, library=1.0, expression=0.0, arrays=0.0, name=0.0) == 7.0
    assert found.derivative("self").value(r=2.0, self=3.0) == 2.0
    assert "library=4" in found.code("NumPy", library=4.0)
    assert diagnose_regression(found, self=2.0, expression=1.0)["finite"].answer == "everywhere"
