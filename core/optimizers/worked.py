"""The formula of one update with its numbers in it, in one coordinate: LaTeX to read line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping

DIGITS = 4
LINE = r" \\ "
CASES = "CASES"
GIVEN = ("g", "x")  # what stands in a formula beside the quantities that the rule makes


def worked(formula: str, before: Mapping[str, float], after: Mapping[str, float], step: int) -> str:
    """The formula (`Optimizer.formula_at`) with every quantity on a right-hand side replaced by its number.

    `before` and `after` hold the quantities at the step before and at this one by their LaTeX symbol, as
    `Optimizer.terms` names them, and the point "x": in `before` where the update begins, in `after` where it ends.
    `step` is t, from 1. What is no such quantity, such as a product over all steps, stays as it is.
    """
    plain = re.sub(r"\\(begin|end)\{(aligned|gathered)\}", "", formula)
    # What ends a line of a case distinction ends no line of the formula.
    cases = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}")
    held = cases.findall(plain)
    lines = cases.sub(CASES, plain).split(r"\\")
    numbers = LINE.join(_line(line, before, after, step, held) for line in lines)
    return rf"\begin{{aligned}} {numbers} \end{{aligned}}"


def _line(line: str, before: Mapping[str, float], after: Mapping[str, float], step: int, held: list[str]) -> str:
    left, equals, right = line.partition("=")
    left = left.replace("&", "")
    if not equals:  # an assignment, such as that of weight decay
        return line.replace("&", "")
    now = {f"{symbol}_t": value for symbol, value in after.items() if symbol != "x"}
    earlier = {f"{symbol}_{{t-1}}": value for symbol, value in before.items() if symbol not in GIVEN}
    known = now | earlier | {"x_t": before["x"]}
    tokens = "|".join(re.escape(token) for token in sorted(known, key=len, reverse=True))
    for case in held:
        right = right.replace(CASES, case, 1)
    right = re.sub(rf"({tokens})(?![a-zA-Z])", lambda found: f"({number(known[found[0]])})", right)
    right = re.sub(r"\^t(?![a-zA-Z])", f"^{{{step}}}", right)
    name = left.strip()
    result = after["x"] if name == "x_{t+1}" else now.get(name)
    return f"{name} &= {right.strip()}" + ("" if result is None else f" = {number(result)}")


def number(value: float) -> str:
    """Four digits, in LaTeX."""
    text = f"{value:.{DIGITS}g}"
    mantissa, exponent, power = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}" if exponent else mantissa
