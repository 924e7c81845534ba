"""The code of a typed loss computes it: figures of reference/make_expression_code.py, and NumPy here."""

import ast
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from core.expression import parse
from core.expression.code import STYLES
from core.expression.node import FUNCTIONS, OPERATIONS
from tests.expression.cases import CODE_FORMULAS, TYPED_LOSSES, VARIABLES, batch_of, expression_of, mean_and_gradient

REFERENCE = json.loads((Path(__file__).parent.parent / "reference" / "expression_code.json").read_text())
BLOCKS = {(block["family"], block["formula"], block["library"]): block for block in REFERENCE["blocks"]}


def run_numpy(program, *batch, **params):
    names = {}
    exec(compile(program, "code", "exec"), names)
    with np.errstate(all="raise", under="ignore"):
        return names["your_loss"](*batch, **params)


def test_every_function_and_sign_is_in_one_of_the_formulas():
    used = {node.kind for family, formula in CODE_FORMULAS for node in parse(formula, VARIABLES[family]).root}
    assert set(OPERATIONS) <= used
    assert set(FUNCTIONS) <= used


@pytest.mark.parametrize("library", STYLES)
@pytest.mark.parametrize(("family", "formula"), CODE_FORMULAS)
def test_the_figures_of_the_libraries_are_ours(family, formula, library):
    expression = expression_of(formula, family)
    block = BLOCKS.get((family, formula, library), {"program": "none"})
    program = expression.code(library)
    assert block["program"] == sha256(program.encode()).hexdigest(), "new code: run `make reference`"
    mean, _ = mean_and_gradient(expression, *batch_of(family))
    np.testing.assert_allclose(block["mean"], mean, rtol=1e-12, atol=1e-14)


def test_no_figure_is_of_a_formula_that_is_gone():
    assert {key[:2] for key in BLOCKS} == set(CODE_FORMULAS)
    assert {key[2] for key in BLOCKS} == set(STYLES)


@pytest.mark.parametrize(("family", "formula"), CODE_FORMULAS)
def test_numpy_computes_it(family, formula):
    expression = expression_of(formula, family)
    pred, target = batch_of(family)
    for shaped, labels in ((pred, target), (pred[:, None], target), (pred, target[:, None].astype(int))):
        found = run_numpy(expression.code("NumPy"), shaped, labels)
        np.testing.assert_allclose(found, mean_and_gradient(expression, pred, target)[0], rtol=1e-13)


def test_parameters_are_keywords_with_the_values_that_were_asked_for():
    expression = parse("w r^2 + target_weight |r| + λ").of_family()
    program = expression.code("NumPy", w=3, target_weight=0.125)
    assert "def your_loss(pred, target, w=3, target_weight=0.125, lam=0):" in program
    assert run_numpy(program, np.array([2.0]), np.array([0])) == 3 * 4 + 0.25
    assert run_numpy(program, np.array([2.0]), np.array([0]), w=1.0) == 4 + 0.25


def test_a_parameter_may_be_called_like_something_else():
    program = parse("loss r^2 + np + torch", ("r", "p", "y")).code("NumPy")
    assert "loss_=" in program
    assert run_numpy(program, np.array([2.0]), np.array([0.0])) == 4.0


def test_numbers_that_python_would_take_for_ever_over_are_computed_beforehand():
    program = parse("min(r, 9**9**9) + 1/0 + 2^0.5").code("NumPy")
    assert "**" not in program
    assert program.count("float('inf')") == 2
    assert "1.414213562" in program


@pytest.mark.parametrize("library", STYLES)
def test_the_program_is_imports_and_one_function(library):
    for formula in TYPED_LOSSES.values():
        family = "binary" if formula in list(TYPED_LOSSES.values())[-8:] else "regression"
        expression = parse(formula, VARIABLES[family])
        program = expression.code(library)
        *imports, function = ast.parse(program).body
        assert all(isinstance(one, ast.Import) for one in imports)
        assert isinstance(function, ast.FunctionDef)
        assert [one.arg for one in function.args.args][:2] == ["pred", "target"]
        assert all(len(line) < 100 for line in program.splitlines()), program


def test_an_unknown_library_or_parameter_is_named():
    with pytest.raises(ValueError, match="there is no code for 'R'; there is for NumPy, PyTorch, Keras, JAX"):
        parse("r").code("R")
    with pytest.raises(TypeError, match="the formula has no parameter 'w'; it has none"):
        parse("r").code("NumPy", w=1.0)
