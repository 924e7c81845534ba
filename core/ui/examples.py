"""A worked example on the page: its data, the numbers computed from them, and the printed ones that are wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from core.examples import Example, Result


def show_examples(examples: Sequence[Example]) -> None:
    """The examples, two abreast where the page is wide enough."""
    for pair in zip(examples[::2], examples[1::2], strict=True):
        for box, example in zip(st.columns(len(pair), gap="large"), pair, strict=True):
            box.markdown(example_card(example))


def example_card(example: Example) -> str:
    """An example in Markdown."""
    answers = [f"- {result_text(result)}" for result in example.results]
    parts = [f"#### {example.title}", example.question, table(example.columns), "\n".join(answers), example.lesson]
    return "\n\n".join(part for part in parts if part)


def result_text(result: Result) -> str:
    line = f"**{result.name} = {number_text(result.value)}**"
    return f"{line}; some articles wrongly print {result.printed}" if result.wrong else line


def table(columns: Mapping[str, Sequence[float] | np.ndarray]) -> str:
    """A Markdown table, numbers to the right."""
    rows = zip(*columns.values(), strict=True)
    head = [" | ".join(columns), " | ".join("---:" for _ in columns)]
    return "\n".join(f"| {row} |" for row in [*head, *(" | ".join(map(number_text, row)) for row in rows)])


def number_text(number: float) -> str:
    """A number as a person writes it: four digits after the point at most, thousands apart, a true minus sign."""
    number = float(number)
    if not math.isfinite(number):
        return "–"
    decimals = 0 if number.is_integer() else 2 if abs(number) >= 1000 else 4
    text = f"{number:,.{decimals}f}"
    if decimals == 4:
        text = text.rstrip("0")
    return text.replace("-", "−")
