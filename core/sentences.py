"""Words put together."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

SMALLEST, LARGEST = 1e-4, 1e7  # numbers that are no smaller, and smaller, are written without a power of ten
LONGEST = 40  # letters of a person's own name
REPLACED = str.maketrans("{}<>\n\r\t", "()‹›   ")  # what would be a slot of a sentence, or a tag in a chart
BARE_PERCENT = re.compile(r"(?<=\d)%")


def join_words(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def plain_words(words: str) -> str:
    """A person's own words as plain text for a sentence, a table or a chart: they hold no slot and no tag."""
    return " ".join(words.translate(REPLACED).split())


def plain_name(name: str) -> str:
    """A person's own name for something, as plain text, and not long."""
    text = plain_words(name) or "column"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def number_text(number: float, digits: int = 4) -> str:
    """A number as a person reads it, with a true minus sign; numberText in assets/stage/numbers.js says the same.

    It has `digits` digits, all of its whole part from 1,000 on, and a power of ten where it is very large or very
    small. "–" is no number.
    """
    if not math.isfinite(number):
        return "–" if math.isnan(number) else "∞" if number > 0 else "−∞"
    few = rounded(number, digits)
    if few and not SMALLEST <= abs(float(few)) < LARGEST:
        mantissa, power = f"{rounded(number, 3):.2e}".split("e")
        text = f"{mantissa}e{int(power)}"
    else:
        text = f"{rounded(number, few.adjusted() + 1):,f}" if abs(few) >= 1000 else f"{float(few) + 0.0:g}"  # no -0
    return text.replace("-", "−")


def rounded(number: float, digits: int) -> Decimal:
    """A number to some digits; one half way between two is rounded away from 0, as browsers do."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal_from_float(float(number))


def interval_text(value: float, low: float, high: float) -> str:
    """An estimate and its interval: "0.8123 (0.79 to 0.834)"; the estimate alone where there is none."""
    found = number_text(value)
    return found if math.isnan(low) else f"{found} ({number_text(low, 3)} to {number_text(high, 3)})"


def space_percents(text: str) -> str:
    """A text with a space between each number and its percent sign, which Python's own "%" format leaves out."""
    return BARE_PERCENT.sub(" %", text)
