"""A program computes its formula, with nothing multiplied by 0 or 1, computed twice or computed for nothing."""

import tracemalloc

import numpy as np
import pytest

from core.autodiff.jet import Jet
from core.autodiff.tape import Symbol, Tape, program
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.landscape import stack_parts
from tests.landscapes.cases import inside

X, Y = np.random.default_rng(1).uniform(0.5, 2.0, size=(2, 7))
FORMULAS = {
    "sums": lambda x, y: x + y - 2 + (3 - x) + -y,
    "quotients": lambda x, y: x / y + 2 / y - y / 4,
    "powers": lambda x, y: x**2 + y**3 + x**7 + (x + y) ** 4,
    "functions": lambda x, y: np.exp(x) + np.expm1(y) * np.sin(x) - np.cos(y) + np.sqrt(x * y),
    "a part used twice": lambda x, y: (x - y) ** 2 * (x - y) ** 2 + np.exp(x - y),
    "a choice": lambda x, y: np.where(x > y, x, 2.0) * y,
    "a broken power": lambda x, y: x**0.5 + y**-1.0 + 2.0**x,
    "powers too high for products": lambda x, y: x**65 + (x / 4) ** 1e300 + (y / 4) ** np.inf,
}


def compiled(formula):
    tape = Tape(2)
    found = formula(*tape.inputs)
    return program(tape, [found]), tape, found


@pytest.mark.parametrize("name", FORMULAS)
def test_a_program_computes_its_formula(name):
    run, _, _ = compiled(FORMULAS[name])
    np.testing.assert_allclose(run(X, Y)[0], FORMULAS[name](X, Y), rtol=1e-14)
    np.testing.assert_allclose(run(X[0], Y[0])[0], FORMULAS[name](X[0], Y[0]), rtol=1e-14)


def test_it_may_be_run_again_and_keeps_nothing():
    run, _, _ = compiled(FORMULAS["functions"])
    first = run(X, Y)[0]
    before = first.copy()
    assert not np.array_equal(run(Y, X)[0], first)
    assert np.array_equal(run(X, Y)[0], before)
    assert np.array_equal(first, before)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        (lambda x, _: 0 * x, 0.0),
        (lambda x, _: 0.0 / x, 0.0),
        (lambda x, _: x**0, 1.0),
        (lambda x, _: 1 * x, "x"),
        (lambda x, _: x + 0, "x"),
        (lambda x, _: 0.0 + x, "x"),
        (lambda x, _: x - 0, "x"),
        (lambda x, _: x / 1, "x"),
        (lambda x, _: x**1, "x"),
    ],
)
def test_nothing_is_made_where_nothing_is_to_be_done(formula, found):
    tape = Tape(2)
    made = formula(*tape.inputs)
    assert (made.place == 0 if isinstance(made, Symbol) else made) == (True if found == "x" else found)


def test_a_negative_that_is_added_is_taken_away():
    tape = Tape(2)
    x, y = tape.inputs
    assert tape.operation((x + -y).place) == (np.subtract, (0, 1))
    assert tape.operation((-1 * x).place) == (np.negative, (0,))
    assert tape.operation((0 - x).place) == (np.negative, (0,))


def test_an_operation_is_written_down_once():
    tape = Tape(2)
    x, y = tape.inputs
    assert (x * y + 1).place == (x * y + 1).place
    assert (x * y).place != (y * x).place
    assert tape.place(0.0) != tape.place(-0.0)


def test_what_is_not_asked_for_is_not_computed():
    tape = Tape(2)
    x, y = tape.inputs
    calls = []

    def loud(given):
        calls.append(given)
        return given

    quiet, noisy = x + y, tape.record(loud, [x])
    assert np.array_equal(program(tape, [quiet])(X, Y)[0], X + Y)
    assert not calls
    program(tape, [noisy])(X, Y)
    assert len(calls) == 1


def test_numbers_and_inputs_may_be_asked_for():
    tape = Tape(2)
    assert program(tape, [3.0, tape.inputs[1], 3.0])(5.0, 7.0) == [3.0, 7.0, 3.0]


@pytest.mark.parametrize("call", [lambda x: np.add.reduce(x), lambda x: np.exp(x, out=np.zeros(())), lambda x: x + "a"])
def test_what_cannot_be_written_down_is_refused(call):
    with pytest.raises(TypeError):
        call(Tape(1).inputs[0])


def made_of(height, **record):
    source = LANDSCAPES["bowl"].source
    return Landscape.of(height, name="", template="", window=((0, 1), (0, 1)), about="", source=source, **record)


@pytest.mark.parametrize("name", ["sums", "quotients", "powers", "functions", "a part used twice"])
def test_slopes_are_those_of_the_jets_themselves(name):
    """The same formula on arrays, every operation looked up and every 0 multiplied out."""
    landscape, points = made_of(FORMULAS[name]), np.stack([X, Y], axis=-1)
    jet = FORMULAS[name](Jet(X, x=1.0), Jet(Y, y=1.0))
    np.testing.assert_allclose(landscape.value(points), jet.value, rtol=1e-14)
    np.testing.assert_allclose(landscape.grad(points), stack_parts([jet.x, jet.y], points, {}), rtol=1e-13)
    hessian = stack_parts([jet.xx, jet.xy, jet.xy, jet.yy], points, {}).reshape(-1, 2, 2)
    np.testing.assert_allclose(landscape.hessian(points), hessian, rtol=1e-13, atol=1e-14)


def test_a_formula_is_traced_when_it_is_first_asked_for_and_never_again():
    calls = []

    def height(x, y):
        calls.append(1)
        return x * y

    landscape = made_of(height)
    assert not calls
    for _ in range(3):
        assert landscape.grad([2.0, 3.0]).tolist() == [3.0, 2.0]
        assert landscape.hessian([2.0, 3.0]).tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert len(calls) == 1


def test_memory_does_not_grow_with_the_formula():
    landscape = LANDSCAPES["goldstein_price"]
    points = inside(landscape, 100_000)
    landscape.hessian(points[:1])
    tracemalloc.start()
    try:
        landscape.hessian(points)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60 * points[:, 0].nbytes  # of some 200 operations
