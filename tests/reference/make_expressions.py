"""Writes expressions.json: values and derivatives of 2,000 random formulas by SymPy, at 30 digits.

    make reference

The formulas come from tests/expression/grammar.py as trees, from which SymPy's are built: nothing of what is tested has
a part in it. Each is evaluated at one point. Formulas that have no finite real value there, whose value is hardly more
than the rounding of its parts, or that have a corner close by, are left out.
"""

from __future__ import annotations

import json
import operator
from pathlib import Path
from random import Random

import mpmath
import sympy
from sympy.printing.codeprinter import PrintMethodNotImplementedError

from tests.expression.grammar import formulas

COUNT = 2000
DIGITS = 30
SYMBOLS = {name: sympy.Symbol(name, real=True) for name in ("r", "p", "y", "delta", "w")}
R, DELTA = SYMBOLS["r"], SYMBOLS["delta"]
WANTED = {"value": (), "r": (R,), "rr": (R, R), "delta": (DELTA,), "r_delta": (R, DELTA)}
LARGEST = 1e8
NEAR = 1e-2  # no corner is this close


NUMBERS = {  # of operations whose name is another one in mpmath
    "log1p": lambda a: mpmath.log(1 + a),
    "expm1": lambda a: mpmath.exp(a) - 1,
    "arctan": mpmath.atan,
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    "softplus": lambda a: mpmath.log(1 + mpmath.exp(a)),
    "logaddexp": lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
}
FORMULAS = {
    "log1p": lambda a: sympy.log(1 + a),
    "expm1": lambda a: sympy.exp(a) - 1,
    "arctan": sympy.atan,
    "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
    "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
    "logaddexp": lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
}
ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "negative": operator.neg,
}


class NotThere(Exception):
    """There is no real number here, or a corner."""


def decided(difference):
    """Whether it is more than 0; NotThere where that is close."""
    if real(difference) is None or abs(difference) < NEAR:
        raise NotThere
    return difference > 0


def built(tree, point):
    """The formula as SymPy's and its number at the point. Of a choice it is the part that is chosen there."""
    kind, *arguments = tree
    if kind == "number":
        return sympy.nsimplify(arguments[0], rational=True), mpmath.mpf(arguments[0])
    if kind == "name":
        return SYMBOLS[arguments[0]], point[arguments[0]]
    if kind == "where":
        (sign, *compared), one, other = arguments
        left, right = (built(argument, point)[1] for argument in compared)
        return built(one if decided(left - right) == (sign in (">", ">=")) else other, point)
    inner = [built(argument, point) for argument in arguments]
    if kind == "abs":
        return inner[0] if decided(inner[0][1]) else tuple(-part for part in inner[0])
    if kind in ("maximum", "minimum"):
        return inner[0 if decided(inner[0][1] - inner[1][1]) == (kind == "maximum") else 1]
    if kind == "clip":
        x, low, high = inner
        return low if not decided(x[1] - low[1]) else high if decided(x[1] - high[1]) else x
    formula = ARITHMETIC.get(kind) or FORMULAS.get(kind) or getattr(sympy, kind)
    number = ARITHMETIC.get(kind) or NUMBERS.get(kind) or getattr(mpmath, kind)
    found = number(*(part[1] for part in inner))
    if real(found) is None:
        raise NotThere
    return formula(*(part[0] for part in inner)), found


def real(number):
    """The number, if it is real and of a size that float64 resolves well; else None."""
    number = mpmath.mpmathify(number)
    if isinstance(number, mpmath.mpc):
        number = number.real if number.imag == 0 else mpmath.nan
    return number if mpmath.isfinite(number) and abs(number) < LARGEST else None


def evaluated(formula, *points):
    """The numbers of a formula at these points."""
    compiled = sympy.lambdify(list(SYMBOLS.values()), formula, "mpmath")
    return [real(compiled(*point.values())) for point in points]


def figures(tree, point):
    """What SymPy finds at the point; None if the formula is left out."""
    exact = {name: mpmath.mpf(repr(value)) for name, value in point.items()}
    moved = {name: value * (1 + mpmath.mpf("1e-13")) for name, value in exact.items()}
    try:
        formula, _ = built(tree, exact)
    except NotThere:
        return None
    found = {}
    for name, directions in WANTED.items():
        derived = sympy.diff(formula, *directions) if directions else formula
        value, beside = evaluated(derived, exact, moved)
        if value is None or beside is None or abs(value - beside) > 1e-11 * (1 + abs(value)):
            return None
        found[name] = float(value)
    return found


def main():
    mpmath.mp.dps = DIGITS
    rng, blocks = Random(8), []
    for text, tree in formulas(seed=7, count=2 * COUNT):
        point = {name: round(rng.uniform(0.2, 2), 3) for name in SYMBOLS}
        point |= {"r": round(rng.choice((-1, 1)) * rng.uniform(0.2, 2), 3), "w": round(rng.uniform(0.1, 0.9), 3)}
        try:
            found = figures(tree, point)
        except (TypeError, ValueError, ArithmeticError, LookupError, NameError, PrintMethodNotImplementedError):
            continue  # a condition that is complex, a division by 0, something that SymPy has no number for
        if found:
            blocks.append({"text": text, "at": point, **found})
        if len(blocks) == COUNT:
            break
    if len(blocks) < COUNT:
        raise SystemExit(f"only {len(blocks)} formulas have values: nothing written")
    target = Path(__file__).with_name("expressions.json")
    head = {"library": "SymPy", "version": sympy.__version__, "script": Path(__file__).name}
    lines = ",\n".join(json.dumps(block, separators=(",", ":"), ensure_ascii=False) for block in blocks)
    target.write_text(f'{json.dumps(head)[:-1]}, "formulas": [\n{lines}\n]}}\n')
    print(f"{target}: {len(blocks)} formulas, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
