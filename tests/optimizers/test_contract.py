"""Every record is complete and consistent with its rule."""

import re
from types import MappingProxyType

import numpy as np
import pytest

from core.descent import MINIMISERS
from core.optimizers import OPTIMIZERS, SCHEDULES
from tests.optimizers.cases import SETTINGS, gradients, name_of

PARAMS = {  # besides the learning rate
    "gradient_descent": "",
    "momentum": "momentum",
    "nesterov": "momentum",
    "adagrad": "eps",
    "rmsprop": "rho eps",
    "adadelta": "rho eps",
    "adam": "beta1 beta2 eps",
    "amsgrad": "beta1 beta2 eps",
    "adamw": "beta1 beta2 eps weight_decay",
    "adamax": "beta1 beta2 eps",
    "nadam": "beta1 beta2 eps momentum_decay",
    "radam": "beta1 beta2 eps",
    "lion": "beta1 beta2",
}
EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)
RECORDS = [*OPTIMIZERS.values(), *SCHEDULES.values(), *MINIMISERS.values()]
EVERY = pytest.mark.parametrize("record", RECORDS, ids=str)
SENTENCE = r"[A-Z0-9][^!?]*\."


def test_the_keys_are_the_ones_other_programs_use():
    assert set(OPTIMIZERS) >= set(PARAMS)
    assert list(SCHEDULES)[:6] == ["constant", "step", "exponential", "cosine", "warmup_cosine", "one_cycle"]
    assert list(MINIMISERS) == ["nelder-mead", "cg", "bfgs", "l-bfgs-b", "newton-cg", "trust-exact"]
    for records in (OPTIMIZERS, SCHEDULES, MINIMISERS):
        assert isinstance(records, MappingProxyType)
        assert all(key == one.key == str(one) for key, one in records.items())


@EACH
def test_the_parameters_are_those_of_the_conventions(optimizer):
    assert next(iter(optimizer.defaults)) == "lr"
    if optimizer.key in PARAMS:
        assert list(optimizer.defaults) == ["lr", *PARAMS[optimizer.key].split()]


@pytest.mark.parametrize("records", [OPTIMIZERS, SCHEDULES, MINIMISERS], ids=["optimizers", "schedules", "minimisers"])
def test_names_differ(records):
    assert len({one.name for one in records.values()}) == len(records)


def test_short_names_differ():
    runners = [*OPTIMIZERS.values(), *MINIMISERS.values()]
    assert len({one.short for one in runners}) == len(runners)
    assert all(len(one.short) <= 12 for one in runners)


@EVERY
def test_every_record_has_a_description_and_a_source(record):
    assert record.name
    assert re.fullmatch(SENTENCE, record.about)
    assert record.source.authors
    assert record.source.title
    assert 1800 < record.source.year < 2030
    assert record.source.url.startswith("https://") or not record.source.link


@pytest.mark.parametrize("record", [*OPTIMIZERS.values(), *MINIMISERS.values()], ids=str)
def test_every_record_has_advice(record):
    assert re.fullmatch(SENTENCE, record.when)
    assert re.fullmatch(SENTENCE, record.watch)
    assert len({record.about, record.when, record.watch}) == 3


@EVERY
def test_sliders_start_on_a_frame(record):
    for param in record.params:
        assert param.low <= param.default <= param.high
        assert param.default in param.frames
        assert (param.frames[0], param.frames[-1]) == (param.low, param.high)
        assert param.domain.holds(param.frames)
        assert param.symbol
        assert param.latex


@EVERY
def test_formula_holds_the_parameters(record):
    for formula in (record.formula, record.formula_at()):
        assert formula
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
        for one in ("left", "right"), ("begin", "end"):
            assert len({len(re.findall(rf"\\{word}\b", formula)) for word in one}) == 1
    for param in record.params:
        assert param.latex in record.formula


def test_numbers_in_a_formula_are_latex():
    adam = OPTIMIZERS["adam"]
    assert r"x_t - 0.3\, \frac{\hat m_t}{\sqrt{\hat v_t} + 10^{-8}}" in adam.formula_at(lr=0.3)
    assert r"x_t - (-0.3)\, g_t" in OPTIMIZERS["gradient_descent"].formula_at(lr=-0.3)


IN_A_LIBRARY = [(optimizer, params) for optimizer, params in SETTINGS if optimizer.torch or optimizer.optax]


@pytest.mark.parametrize(("optimizer", "params"), IN_A_LIBRARY, ids=name_of)
def test_a_library_is_given_every_parameter(optimizer, params):
    if optimizer.torch:
        code = optimizer.torch_at(**params)
        assert re.fullmatch(r"torch\.optim\.\w+\(\[x\], lr=.*\)", code)
    else:
        code = optimizer.optax_at(**params)
        assert re.fullmatch(r"optax\.\w+\(.*\)", code)
    assert "%(" not in code
    assert all(f"{value:.12g}" in code for value in params.values())


@EACH
def test_the_terms_of_a_step_are_finite_and_in_the_formula(optimizer):
    x, grad = np.ones(2), np.array([3.0, -4.0])
    terms = optimizer.terms(x, grad, *optimizer.step(x, grad, optimizer.init(x)))
    assert list(terms) == ["g", *optimizer.symbols.values(), r"\Delta x"]
    for symbol, array in terms.items():
        assert array.shape in ((2,), ()), symbol
        assert np.isfinite(array).all()
    for symbol in optimizer.symbols.values():
        assert symbol.replace("^{", "_t^{") in optimizer.formula or f"{symbol}_t" in optimizer.formula


@EACH
def test_terms_agree_with_the_step(optimizer):
    x, state = np.array([1.0, -2.0]), optimizer.init(np.ones(2))
    for grad in gradients(5):
        after, state = optimizer.step(x, grad, state, lr=0.1)
        terms = optimizer.terms(x, grad, after, state)
        assert np.array_equal(terms["g"], grad)
        assert np.array_equal(x + terms[r"\Delta x"], after) or np.allclose(x + terms[r"\Delta x"], after, rtol=1e-15)
        for name, symbol in optimizer.symbols.items():
            assert np.array_equal(terms[symbol], getattr(state, name))
        x = after


def test_changing_a_term_changes_no_argument():
    momentum = OPTIMIZERS["momentum"]
    x, grad = np.zeros(2), np.ones(2)
    momentum.terms(x, grad, *momentum.step(x, grad, momentum.init(x)))["g"][:] = 7.0
    assert grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("minimiser", MINIMISERS.values(), ids=str)
def test_scipy_is_given_the_derivatives_that_the_method_asks_for(minimiser):
    given = ["", ", jac=grad", ", jac=grad, hess=hessian"][minimiser.order]
    assert minimiser.scipy == f'scipy.optimize.minimize(value, x, method="{minimiser.key}"{given})'
