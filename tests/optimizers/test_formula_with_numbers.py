"""The formula of an update with its numbers in it: every line that holds only numbers is true."""

import re
from math import sqrt

import numpy as np
import pytest

from core.descent import descend, update_terms
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay
from core.optimizers.formula_with_numbers import formula_with_numbers, four_digits

RAVINE = LANDSCAPES["ravine"]
STEPS = 6
COMMANDS = {
    r"\mathrm{sign}\,": "sign", r"\max": "max", r"\left(": "*(", r"\right": "", r"\,/": "/", r"\,": "*", r"\;": "*",
}  # fmt: skip
UNKNOWN = re.compile(r"\\mu|\\rho|\\prod|\\cos|\bt\b|begin\{cases\}|\\eta_t")  # what a line may hold that is no number


def formula_and_terms(optimizer, axis, step, **params):
    """The formula with numbers of one update of a run on the ravine, and the terms that it must agree with."""
    run = descend(optimizer, RAVINE, np.array([-2.0, 1.5]), STEPS, **params)
    terms = update_terms(optimizer, run.points, run.noisy_gradients, **params)
    now = {symbol: values[step, axis] for symbol, values in terms.items()} | {"x": run.points[step + 1, axis]}
    before = {symbol: values[step - 1, axis] if step else 0.0 for symbol, values in terms.items()}
    before["x"] = run.points[step, axis]
    return formula_with_numbers(optimizer.formula_at(**params), before, now, step + 1), now


def lines(latex):
    inner = latex.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    return [line.strip() for line in re.split(r"\\\\", inner) if "&=" in line]


def computed(latex):
    """The value of an expression in the few commands of LaTeX that formulas of updates are written in."""
    text = re.sub(r"\\cdot 10\^\{(-?\d+)\}", r"*10.0**(\1)", latex)
    text = re.sub(r"\^\{?(-?\d+)\}?", r"**(\1)", text)
    for command, meaning in COMMANDS.items():
        text = text.replace(command, meaning)
    before = ""
    while text != before:  # from the innermost braces outwards
        before = text
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text)
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = re.sub(r"\\lvert(.*?)\\rvert", r"abs(\1)", text)
    return eval(text, {"__builtins__": {}}, {"sqrt": sqrt, "max": max, "abs": abs, "sign": np.sign})


@pytest.mark.parametrize("key", OPTIMIZERS)
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("step", [0, 3])
def test_every_line_of_numbers_is_an_equation_that_holds(key, axis, step):
    latex, _ = formula_and_terms(OPTIMIZERS[key], axis, step, lr=0.05)
    checked = 0
    for line in lines(latex):
        *_, right, result = (part.strip() for part in line.replace("&=", "=").split("="))
        if line.count("=") < 2 or UNKNOWN.search(right):
            continue
        found = computed(right)
        size = max(abs(float(digits)) for digits in re.findall(r"\((-?[\d.]+)\)", right)) or 1.0
        assert found == pytest.approx(computed(result), rel=2e-3, abs=2e-3 * size), line
        checked += 1
    assert checked >= 1


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_the_last_line_ends_where_the_step_does(key):
    latex, now = formula_and_terms(OPTIMIZERS[key], 1, 2, lr=0.05)
    assert lines(latex)[-1].startswith("x_{t+1} &=")
    assert latex.removesuffix(r" \end{aligned}").strip().endswith(f"= {four_digits(now['x'])}")


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_no_quantity_of_the_update_is_left_without_its_number(key):
    optimizer = OPTIMIZERS[key]
    latex, _ = formula_and_terms(optimizer, 0, 4, lr=0.05)
    for line in lines(latex):
        right = line.partition("&=")[2]
        for symbol in ("g", "x", *optimizer.symbols.values()):
            assert not re.search(rf"(?<![a-zA-Z\\]){re.escape(symbol)}_(t|\{{t-1\}})", right), line


def test_case_distinctions_schedules_and_decay_are_kept():
    radam, _ = formula_and_terms(OPTIMIZERS["radam"], 0, 1, lr=0.05)
    assert r"& \rho_t > 5 \\ 1 & \text{else} \end{cases}" in radam
    cosine = with_schedule(with_weight_decay(OPTIMIZERS["adam"], 0.1), SCHEDULES["cosine"], STEPS)
    latex, now = formula_and_terms(cosine, 0, 2, lr=0.05)
    assert latex.count(r"\begin{") == latex.count(r"\end{") == 1
    assert f"= {four_digits(now[chr(92) + 'eta'])}" in latex
    assert "gathered" not in latex


def test_numbers_have_four_digits_and_powers_of_ten():
    assert [four_digits(value) for value in (0.123456, -1234567.0, 2.5e-9, 0.0, 3.0)] == [
        "0.1235", r"-1.235 \cdot 10^{6}", r"2.5 \cdot 10^{-9}", "0", "3",
    ]  # fmt: skip
