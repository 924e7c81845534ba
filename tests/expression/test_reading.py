"""What people type is understood, corrections are reported, and a mistake is named with its place."""

import pickle

import numpy as np
import pytest

from core.expression import ExpressionError, parse
from tests.expression.cases import TYPED_LOSSES, VARIABLES

R = np.linspace(-2.0, 2.0, 9)
GIVEN = {"r": R, "p": 1.5 + R / 4, "y": 0.5}

SAME = {  # typed: the formula in one notation
    "r^2": "r**2",
    "2r": "2*r",
    "2(r + 1)(p - y)": "2*(r + 1)*(p - y)",
    "|r|": "abs(r)",
    "||r| - 1| + 2|r||y|": "abs(abs(r) - 1) + 2*abs(r)*abs(y)",
    "|r|p|y|": "abs(r)*p*abs(y)",
    "ln(1 + r²)": "log(1 + r**2)",
    "r⁻² + r¹²": "r**-2 + r**12",
    "3 × r · p ÷ y − 1": "3*r*p/y - 1",
    "√(1 + r²) + √2 r": "sqrt(1 + r**2) + sqrt(2)*r",
    "-r^2^3": "-r**2**3",
    "(-r)^2": "(-r)**2",
    "2^-r": "2**-r",
    "0 < r <= 1": "0 < r and r <= 1",
    "r ≥ 0": "r >= 0",
    "e^(-r)": "exp(-r)",
    "e r + π": "e*r + pi",
    "max(r, 0, p)": "maximum(maximum(r, 0), p)",
    "cases(r<0, 1, r>1, 2, 3)": "where(r < 0, 1, where(r > 1, 2, 3))",
    "if(r > 0, r, 0)": "where(r > 0, r, 0)",
    "σ(r)": "sigmoid(r)",
    "Abs(r) + LOG(p)": "abs(r) + log(p)",
    "δ|r| + delta": "delta*abs(r) + delta",
    "ϵ + 𝛼 + w₁": "epsilon + alpha + w1",
    "λ r² + lambda": "lam*r**2 + lam",
    "ŷ - y_true": "p - y",
    "pred - target": "p - y",
    "py": "p*y",
    "[r + {1}]": "r + 1",
    "L = r^2": "r**2",
    "loss(p, y) = r^2": "r**2",
    "where(r = 0, 1, 2)": "where(r == 0, 1, 2)",
    "where(r > 0 & p > 1, 1, 2)": "where(r > 0 and p > 1, 1, 2)",
    "where(not (r > 0 or p > 1) and r != 0, 1, 2)": "where(not (r > 0 or p > 1) and r != 0, 1, 2)",
    "((((((((((((((((r))))))))))))))))": "r",
    "1.50e1 + .5": "15 + 0.5",
    "1 - (2 - r) - 3": "1 - (2 - r) - 3",
    "r/(p/y)/2": "r/(p/y)/2",
}


@pytest.mark.parametrize("typed", SAME)
def test_it_is_understood(typed):
    found = parse(typed)
    assert found.text == SAME[typed]
    again = parse(found.text)
    assert again.root == found.root
    np.testing.assert_array_equal(found.value(**GIVEN), again.value(**GIVEN))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("-r^2", -(R**2)),
        ("2r^2", 2 * R**2),
        ("r/2p", R / 2 * GIVEN["p"]),
        ("2^r^2", 2.0 ** (R**2)),
        ("|r - 1| - |r|", np.abs(R - 1) - np.abs(R)),
        ("(r > 0) - (r < 0)", np.sign(R)),
        ("-1 < r < 1", ((R > -1) & (R < 1)) * 1.0),
        ("cases(r < -1, 5, r < 1, 6, 7)", np.select([R < -1, R < 1], [5.0, 6.0], 7.0)),
        ("clip(r, -1, 1/2)", np.clip(R, -1, 0.5)),
        ("9**9**9 + r", np.full(9, np.inf)),
        ("0^0 + 1", np.full(9, 2.0)),
        ("where(1 < 2, 3, 4)", np.full(9, 3.0)),
        ("not r", (R == 0) * 1.0),
    ],
)
def test_it_means_what_it_says(typed, value):
    np.testing.assert_allclose(parse(typed).value(**GIVEN), value, rtol=1e-14)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("r^2", "^ is a power: read as **"),
        ("2r", "2r is read as 2*r"),
        ("w r", "w r is read as w*r"),
        ("ln(p)", "ln is read as log"),
        ("r²", "² is a power: read as **2"),
        ("e^r", "e is Euler's number, 2.71828"),
        ("L = r", "L = is left out: the formula is the loss itself"),
        ("where(r = 0, 1, 2)", "= is read as =="),
        ("σ(r)", "σ(...) is read as sigmoid(...)"),
        ("[r]", "[ is read as ("),
        ("y_pred - y", "y_pred is read as p"),
        ("lambda r", "lambda is λ"),
        ("r/2c", "a product goes from left to right: /2c is read as /2*c; put brackets round what divides"),
    ],
)
def test_a_correction_is_reported(typed, sentence):
    corrections = parse(typed).corrections
    assert sentence in corrections
    assert len(set(corrections)) == len(corrections)


def test_nothing_is_reported_where_nothing_is_corrected():
    assert parse("where(abs(r) <= delta, r**2/2, delta*(abs(r) - delta/2))").corrections == ()


MISTAKES = {  # typed: the place, and what the sentence says
    "": (1, "there is no formula yet: type one, such as r^2"),
    "   ": (1, "there is no formula yet"),
    "r + 2*(p - y": (7, "the bracket opened at 7 is not closed"),
    "r + (": (5, "the bracket opened at 5 is not closed"),
    "r + p)": (6, "the bracket closed at 6 was never opened"),
    "|r": (1, "the bar | opened at 1 is not closed"),
    "(|r)": (2, "the bar | opened at 2 is not closed"),
    "r +": (3, "something must follow + at 3"),
    "r ** * 2": (3, "something must follow ** at 3"),
    "* r": (1, "nothing stands before * at 1"),
    "()": (1, "nothing stands in the brackets opened at 1"),
    "r 2": (3, "an operator is missing between r and 2 at 3"),
    "sqr(r)": (1, "sqr at 1 is no known function; did you mean sqrt?"),
    "r + softmax(r)": (5, "softmax at 5 is no known function; did you mean"),
    "f00(r)": (1, "f00 at 1 is no known function; known are abs, sqrt"),
    "log r": (1, "log at 1 is a function: write log(...)"),
    "log(cosh(r))": (5, "cosh at 5 is not in the table; write (exp(x) + exp(-x))/2"),
    "0,5 r": (2, "a decimal number takes a point, such as 0.5"),
    "maximum(r)": (1, "maximum at 1 takes 2 arguments, got 1"),
    "sqrt(r, 2)": (1, "sqrt at 1 takes 1 argument, got 2"),
    "cases(r < 0, 1)": (1, "cases at 1 takes pairs of a condition and a value"),
    "r if r > 0 else 0": (3, "write a case distinction as where(condition, value, other value)"),
    "r % 2": (3, "% at 3 has no meaning here"),
    "np.exp(r)": (3, "functions are written alone, such as exp(r)"),
    "r.real": (2, ". at 2 has no meaning here"),
    "'r'": (1, "quotes have no place in a formula"),
    "__r": (1, "__r at 1 is no name"),
    "r_": (1, "r_ at 1 is no name"),
    "import": (1, "import at 1 cannot be the name of a parameter"),
    "x" * 21: (1, "longer than 20 characters"),
    "r" + "+ r" * 70: (201, "at most 200 characters, this one has 211"),
    "r" + "+r" * 50: (81, "more than 80 parts"),
    "-" * 13 + "r": (13, "nested more than 12 levels deep"),
    "(" * 60 + "r" + ")" * 60: (41, "more than 40 brackets are open"),
    "√*2": (1, "nothing stands under √ at 1"),
    "r⁻": (2, "⁻ at 2 is no power"),
    "\x00": (1, "character 0 at 1 has no meaning here"),
    "r and": (3, "something must follow and at 3"),
}


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_mistake_has_a_place_and_a_sentence(typed):
    position, sentence = MISTAKES[typed]
    with pytest.raises(ExpressionError) as found:
        parse(typed)
    assert sentence in str(found.value)
    assert found.value.position == position


def test_an_error_survives_a_process():
    error = pickle.loads(pickle.dumps(ExpressionError("something must follow + at 3", 3)))
    assert (str(error), error.position) == ("something must follow + at 3", 3)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("given", [None, 3, b"r^2", ["r"]])
def test_what_is_no_text_is_refused(given):
    with pytest.raises(ExpressionError, match="a formula is text, got"):
        parse(given)


def test_a_long_sum_is_not_deep():
    assert parse("+".join("r" * 40)).value(r=0.5) == 20.0
    assert parse("r" + " - r" * 39).value(r=1.0) == -38.0


def test_variables_are_those_of_the_family():
    binary = VARIABLES["binary"]
    assert parse("yz", binary).text == "y*z"
    assert [param.name for param in parse("yz").parameters] == ["yz"]
    assert [param.name for param in parse("r + z", binary).parameters] == ["r"]
    assert parse("logit + margin", binary).text == "z + m"


@pytest.mark.parametrize("typed", [*SAME, *TYPED_LOSSES.values()])
def test_the_latex_is_balanced_and_names_every_name(typed):
    found = parse(typed, ("z", "m", *VARIABLES["regression"]))
    for one, other in (("{", "}"), (r"\left", r"\right"), (r"\begin", r"\end"), ("(", ")")):
        assert found.latex.count(one) == found.latex.count(other)
    assert all(param.latex in found.latex for param in found.parameters)
    assert found.template % dict.fromkeys(found.root.names, "0")


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        (
            "where(|r| <= δ, r^2/2, δ)",
            r"\begin{cases} \frac{r^{2}}{2} & \lvert r \rvert \le \delta \\"
            r" \delta & \text{otherwise} \end{cases}",
        ),
        ("(r > 0) p", r"\mathbf{1}\left[r > 0\right] \, p"),
        ("-(p - y)^2", r"-\left(p - y\right)^{2}"),
        ("2*3 r", r"2 \cdot 3 \, r"),
        ("w_1 r + weight", r"w_{1} \, r + \mathrm{weight}"),
        ("1 - (p - 1e-8)", r"1 - \left(p - 10^{-8}\right)"),
        ("expm1(r) + log1p(r)", r"e^{r} - 1 + \log\left(1 + r\right)"),
    ],
)
def test_the_latex(typed, latex):
    assert parse(typed).latex == latex
