"""The formula of one update with its numbers in it, in one coordinate, as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping

DIGITS = 4
LINE_BREAK = r" \\ "
CASES = "CASES"  # stands for a case distinction while a formula is split into lines
NOT_STATE = ("g", "x")  # quantities that are not kept from one step to the next


Number = float | str  # a number, or the text that stands for it, such as a slot


def formula_with_numbers(
    formula: str, before: Mapping[str, Number], after: Mapping[str, Number], step: int | str
) -> str:
    """The formula (`Optimizer.formula_at`), with each quantity on a right-hand side replaced by its number.

    before, after: the quantities at the previous step and at this one, by LaTeX symbol as in `Optimizer.terms`, and
        the point "x": in `before` where the update begins, in `after` where it ends.
    step: t, from 1.

    What is not such a quantity, for example a product over all steps, stays a symbol.
    """
    plain = re.sub(r"\\(begin|end)\{(aligned|gathered)\}", "", formula)
    # A line break inside a case distinction is no line break of the formula.
    pattern = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}")
    cases = pattern.findall(plain)
    lines = pattern.sub(CASES, plain).split(r"\\")
    numbers = LINE_BREAK.join(line_with_numbers(line, before, after, step, cases) for line in lines)
    return rf"\begin{{aligned}} {numbers} \end{{aligned}}"


def line_with_numbers(
    line: str, before: Mapping[str, Number], after: Mapping[str, Number], step: int | str, cases: list[str]
) -> str:
    """One line of the formula: left side = right side with numbers = result."""
    left, equals, right = line.partition("=")
    left = left.replace("&", "")
    if not equals:  # an assignment, such as that of weight decay
        return line.replace("&", "")
    now = {f"{symbol}_t": value for symbol, value in after.items() if symbol != "x"}
    earlier = {f"{symbol}_{{t-1}}": value for symbol, value in before.items() if symbol not in NOT_STATE}
    known = now | earlier | {"x_t": before["x"]}
    tokens = "|".join(re.escape(token) for token in sorted(known, key=len, reverse=True))
    for case in cases:
        right = right.replace(CASES, case, 1)
    right = re.sub(rf"({tokens})(?![a-zA-Z])", lambda found: f"({four_digits(known[found[0]])})", right)
    right = re.sub(r"\^t(?![a-zA-Z])", f"^{{{step}}}", right)
    name = left.strip()
    result = after["x"] if name == "x_{t+1}" else now.get(name)
    return f"{name} &= {right.strip()}" + ("" if result is None else f" = {four_digits(result)}")


def four_digits(value: Number) -> str:
    """A number to four digits, in LaTeX; a text as it is."""
    if isinstance(value, str):
        return value
    text = f"{value:.{DIGITS}g}"
    mantissa, exponent, power = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}" if exponent else mantissa
