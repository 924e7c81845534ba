"""Whatever is typed: a formula of the table's functions, or an ExpressionError.

    FORMULAS_TO_TRY=100000 python -m pytest tests/expression/test_safety.py

tries that many texts instead of the few thousand of `make test`: formulas with characters changed, noise, and what is
known to break out of evaluators, whole and in pieces.
"""

from __future__ import annotations

import os
import sys
import tracemalloc
from random import Random

import numpy as np
import pytest

from core.autodiff.tape import Tape
from core.expression import Expression, ExpressionError, parse
from core.expression.node import OPERATIONS, evaluate
from tests.expression.cases import VARIABLES
from tests.expression.grammar import formulas

COUNT = int(os.environ.get("FORMULAS_TO_TRY", "2500"))
# Reported against simpleeval, asteval, numexpr, SymPy's sympify and RestrictedPython, and common variants.
ESCAPES = (
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()[104].__init__.__globals__['sys']",
    "(lambda: 0).__globals__['__builtins__']['eval']('1')",
    "[x for x in ().__class__.__base__.__subclasses__() if x.__name__ == 'Popen']",
    "(lambda f: f(f))(lambda f: f(f))",
    "9**9**9**9**9",
    "'a' * 10**10",
    "10**10**10",
    "1 << 10**9",
    "'%s' % ('x' * 9**9)",
    "'{0.__class__.__init__.__globals__}'.format(r)",
    "f'{().__class__}'",
    "'{x:>9999999999}'.format(x=1)",
    "r.__class__.__init__.__globals__",
    "exp.__globals__",
    "exp.__self__",
    "sqrt.__class__.__call__",
    "print.__self__.__dict__['__import__']('os')",
    "open('/etc/passwd').read()",
    "eval('1+1')",
    "exec('import os')",
    "compile('1', '', 'eval')",
    "getattr(r, '__class__')",
    "globals()",
    "vars()",
    "breakpoint()",
    "np.fromfile('/etc/passwd')",
    "numpy.f2py.subprocess.call('id')",
    "loadtxt('/etc/passwd')",
    "sum([1,2,3])",
    "i := 3",
    "(r := __import__)",
    "yield r",
    "await r",
    "r; import os",
    "import os\nr",
    "r if __import__('os') else 0",
    "{**globals()}",
    "*r",
    "exp(*r)",
    "exp(**r)",
    "exp(x=r)",
    "where(condition=r, x=1, y=2)",
    'S(\'__import__("os").system("id")\')',
    "Symbol('x')",
    "lambdify(r, r)",
    "sys.modules",
    "type('', (), {})()",
    "ᵉval('1')",
    "ｅｘｅｃ(r)",
    "__builtins__",
    "\\x5f\\x5fimport\\x5f\\x5f('os')",
    "r\x00 + 1",
    "\ufeffr",
    "r\u202e + 1",
    "1_000__000",
    "0b1111 + 0o17 + 0xff",
    "1j * r",
    "1e999 * 0",
    "9" * 200,
    "0." + "0" * 190 + "1e-200",
    "(" * 100 + ")" * 100,
    "(" * 99 + "r" + ")" * 99,
    "-" * 199 + "r",
    "not " * 49 + "r",
    "r**" * 66 + "r",
    "|" * 200,
    "|" * 99 + "r" + "|" * 99,
    "√" * 199 + "r",
    "r" + "²" * 199,
    "exp(" * 49 + "r",
    "exp(" * 40 + "r" + ")" * 40,
    "cases(" + "r<1,r," * 32 + "r)",
    "r<" * 99 + "r",
    "r and " * 33 + "r",
    "maximum(" + "r," * 90 + "r)",
    "2" + "r" * 199,
    "δ" * 200,
    "n0 + f0(r) + f99(r)",
    "f0",
    "n0",
)
ALPHABET = "rpyzmw0123456789.,+-*/^()|<>=!&_ eπδτσ²√−×·≤\n\t'\"[]{}:;%#@\\$~`?\u0301\u200b\U0001d6ff\ud800\x00é漢"

PIECES = ("(", ")", "**", "|", " r ", "abs(", ",", "where(")
ENCODINGS = ("latin-1", "utf-8", "utf-16")


def changed(text: str, rng: Random) -> str:
    """The text with a few characters left out, doubled, replaced or exchanged."""
    letters = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(letters) + 1)
        letters[at : at + rng.randint(0, 2)] = rng.choice(("", rng.choice(ALPHABET), rng.choice(PIECES)))
        if not letters:
            letters = ["r"]
    return "".join(letters)


def texts(count: int) -> list[str]:
    """Texts of all kinds; the escapes come first."""
    rng = Random(11)
    found = list(ESCAPES)
    typed = [text for text, _ in formulas(seed=12, count=max(50, count // 5))]
    found += typed
    while len(found) < count:
        kind = rng.random()
        if kind < 0.45:
            found.append(changed(rng.choice(typed), rng))
        elif kind < 0.6:
            found.append("".join(rng.choices(ALPHABET, k=rng.randint(0, 40))))
        elif kind < 0.7:
            found.append(rng.randbytes(rng.randint(0, 60)).decode(rng.choice(ENCODINGS), "replace"))
        elif kind < 0.85:
            found.append(changed(rng.choice(ESCAPES), rng))
        else:
            one, other = rng.choice(typed), rng.choice(ESCAPES)
            at = rng.randrange(len(one) + 1)
            found.append((one[:at] + other + one[at:])[: rng.choice((60, 200, 300))])
    return found


TEXTS = texts(COUNT)
ALLOWED = {"compile"}  # ast.parse; of anything else that Python reports nothing may happen
watched: list[str] = []


def watch(event: str, _: tuple[object, ...]) -> None:
    if watched and event not in ALLOWED:
        watched.append(event)


sys.addaudithook(watch)  # cannot be taken off again: it does nothing unless `watched` holds something


def parsed(text, variables=VARIABLES["regression"]):
    """The formula, or what is wrong with it."""
    try:
        return parse(text, variables)
    except ExpressionError as error:
        return error


def test_nothing_but_a_formula_or_an_expression_error():
    """Nothing is executed, imported or opened; a formula has a value, slopes, LaTeX and code like any other."""
    good, places = 0, np.array([-1.5, 0.0, 2.0])
    for at, text in enumerate(TEXTS):
        family = "binary" if at % 3 == 0 else "regression"
        watched[:] = ["watching"]
        found = parsed(text, VARIABLES[family])
        events = watched[1:]
        watched.clear()
        assert events == [], text
        if isinstance(found, ExpressionError):
            assert 1 <= found.position <= len(text) + 1, text
            assert str(found)
            continue
        good += 1
        given = dict.fromkeys(found.variables, places)
        for one in (found, found.derivative(found.variables[0])):
            value = one.value(**given)
            assert value.dtype == np.float64
            assert value.shape == (3,)
        if at % 4 == 0:
            assert len(found.text) > 200 or parse(found.text, VARIABLES[family]).root == found.root
            assert found.latex
            assert found.derivative(found.variables[0]).derivative(found.variables[1]).value(**given).shape == (3,)
            compile(found.code("NumPy"), "code", "exec")
    assert good > COUNT / 4


def test_no_escape_is_a_formula_but_for_harmless_ones():
    """What is let through is what the text says: a number, or a product of parameters."""
    found = {text: one for text in ESCAPES if isinstance(one := parsed(text), Expression)}
    for text, expression in found.items():
        assert all(node.kind in {*OPERATIONS, "number", "name"} for node in expression.root), text
        assert "_" not in "".join(expression.names), text
        expression.value(r=1.0, p=1.0, y=1.0)
    assert 5 < len(found) < 25


def test_only_functions_of_the_table_are_on_the_tape():
    allowed = set()
    for operation in OPERATIONS.values():
        tape = Tape(3)
        operation.apply(*tape.inputs[: operation.arity])
        allowed |= {entry[0] for entry in tape.entries if isinstance(entry, tuple)}
    for text in TEXTS[: COUNT // 2]:
        found = parsed(text)
        if isinstance(found, ExpressionError):
            continue
        tape = Tape(len(found.names))
        with np.errstate(all="ignore"):
            evaluate(found.root, dict(zip(found.names, tape.inputs, strict=True)))
        assert {entry[0] for entry in tape.entries if isinstance(entry, tuple)} <= allowed | {np.where, np.not_equal}


LARGE = (
    "exp(sin(" * 4 + "r" + "))" * 4,
    "+".join(["r^w*p"] * 13),
    "*".join(["log(r)^w"] * 13),
    "9**9**9**9",
    "9" * 200,
)


@pytest.mark.parametrize("text", LARGE)
def test_memory_stays_small(text):
    """A formula at the limits, and its second derivatives, take less than 5 MB."""
    tracemalloc.start()
    try:
        found = parse(text)
        for name in ("r", found.names[-1]):
            found.derivative("r").derivative(name).value(r=np.linspace(-1, 1, 100), p=1.0, y=1.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5e6


def test_a_number_is_a_float_at_once():
    """Numbers of 200 digits and towers of powers are no large whole numbers."""
    assert parse("9**9**9").value() == np.inf
    assert parse("9" * 200).value() == float("9" * 200)
    assert parse("1e999 - 1e999").value() != parse("1e999 - 1e999").value()
    assert "9**" not in parse("r + 9**9**9").code("NumPy")


@pytest.mark.parametrize(
    "typed",
    ["r/0", "1/(0 r)", "(r - r)/(0 p)", "0^(0 r - 1)", "(1e200)^2 r", "10^400 + r", "r^(1/0)", "(0/0)^r", "1/0"],
)
def test_a_division_by_zero_and_a_power_too_large_are_no_errors(typed):
    """Python's own numbers would raise."""
    found = parse(typed)
    for names in ((), ("r",), ("r", "r"), ("r", "p")):
        assert found.run(names, {"r": [0.0, 2.0], "p": 1.0, "y": 1.0}).shape == (2,)
    assert not np.isfinite(found.value(r=[0.0, 2.0], p=1.0, y=1.0)).all()
