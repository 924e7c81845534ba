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
            box.markdown(told(example))


def told(example: Example) -> str:
    """An example in Markdown."""
    answers = [f"- {answer(result)}" for result in example.results]
    parts = [f"#### {example.title}", example.question, table(example.columns), "\n".join(answers), example.lesson]
    return "\n\n".join(part for part in parts if part)


def answer(result: Result) -> str:
    line = f"**{result.name} = {written(result.value)}**"
    return f"{line}, not {result.printed} as often printed" if result.wrong else line


def table(columns: Mapping[str, Sequence[float] | np.ndarray]) -> str:
    """A Markdown table, numbers to the right."""
    rows = zip(*columns.values(), strict=True)
    head = [" | ".join(columns), " | ".join("---:" for _ in columns)]
    return "\n".join(f"| {row} |" for row in [*head, *(" | ".join(map(written, row)) for row in rows)])


def written(number: float) -> str:
    """A number as a person writes it: four digits after the point at most, thousands apart, a true minus sign."""
    number = float(number)
    if not math.isfinite(number):
        return "–"
    decimals = 0 if number.is_integer() else 2 if abs(number) >= 1000 else 4
    text = f"{number:,.{decimals}f}"
    if decimals == 4:
        text = text.rstrip("0")
    return text.replace("-", "−")
