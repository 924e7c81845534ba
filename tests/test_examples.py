"""The numbers on the worked-examples page: the right ones, and which of the printed ones are wrong."""

import re

import numpy as np
import pytest

from core.examples import EXAMPLES, Result
from core.ui.examples import example_card, number_text

BY_TITLE = {example.title: example for example in EXAMPLES}
# What explainers print, what is right, to as many digits as printed; "" where they print the right number.
RIGHT = {
    "Three houses": {"MSE": ("1,000,000,000", "1,033,333,333"), "RMSE": ("31,622.78", ""), "MAE": ("26,666.67", "")},
    "Four predictions": {"MSE": ("0.3750", "0.3125"), "RMSE": ("0.6124", "0.5590"), "MAE": ("0.5", "")},
    "Four classified": {"mean cross-entropy": ("0.3375", "0.3711")},
    "Confident and right, confident and wrong": {
        "−log 0.9, confident and right": ("0.105", ""),
        "−log 0.1, confident and wrong": ("2.303", ""),
    },
}


def rounded(value, like):
    return f"{value:,.{len(like.partition('.')[2])}f}"


@pytest.mark.parametrize("title", RIGHT)
def test_results_are_right_and_misprints_are_named(title):
    results = {result.name: result for result in BY_TITLE[title].results}
    assert set(results) == set(RIGHT[title])
    for name, (right, misprint) in RIGHT[title].items():
        assert rounded(results[name].value, right) == right
        assert results[name].wrong == bool(misprint)
        if misprint:
            assert results[name].printed == misprint


def test_every_result_is_checked():
    assert {example.title for example in EXAMPLES if example.results} == set(RIGHT)


def test_a_printed_number_is_right_when_it_is_ours_to_its_digits():
    assert not Result("x", 0.10536, "0.105").wrong
    assert Result("x", 0.10536, "0.106").wrong
    assert not Result("x", 1e9, "1,000,000,000").wrong
    assert Result("x", 1e9, "1000000000").wrong  # not as it would be printed
    assert not Result("x", 0.4).wrong


def columns(title):
    return {name: np.asarray(values, dtype=float) for name, values in BY_TITLE[title].columns.items()}


def test_one_large_error_against_five_small_ones():
    table = columns("One error of 50,000 dollars, or five of 10,000")
    np.testing.assert_array_equal(table["squared error"], [2.5e9, 5e8])
    np.testing.assert_array_equal(table["absolute error"], [5e4, 5e4])
    assert "costs 5 times" in BY_TITLE["One error of 50,000 dollars, or five of 10,000"].lesson


def test_fifty_thousand_off_costs_twenty_five_times_ten_thousand_off():
    assert "50,000 off costs 25 times what 10,000 off costs" in BY_TITLE["Three houses"].lesson
    squared = columns("Three houses")["squared"]
    assert squared[0] / squared[1] == 25


def test_errors_from_minus_three_to_three():
    table = columns("Errors from −3 to 3")
    np.testing.assert_array_equal(table["error"], [-3, -2, -1, 0, 1, 2, 3])
    np.testing.assert_array_equal(table["squared"], [9, 4, 1, 0, 1, 4, 9])
    np.testing.assert_array_equal(table["absolute"], [3, 2, 1, 0, 1, 2, 3])
    lesson = BY_TITLE["Errors from −3 to 3"].lesson
    assert "9 times an error of 1 under squared error" in lesson
    assert "3 times under absolute error" in lesson


def test_confidence_costs():
    table = columns("Confident and right, confident and wrong")
    np.testing.assert_allclose(table["cross-entropy"], -np.log(table["probability of y = 1"]))
    np.testing.assert_allclose(table["Brier"], (1 - table["probability of y = 1"]) ** 2)
    assert "costs 22 times as much" in BY_TITLE["Confident and right, confident and wrong"].lesson  # 2.303 / 0.105


def test_the_hesitant_answer_makes_two_thirds_of_the_total():
    losses = columns("Four classified")["cross-entropy"]
    np.testing.assert_allclose(losses, -np.log([0.9, 0.9, 0.8, 0.4]))
    assert f"makes {-100 * np.log(0.4) / losses.sum():.0f} % of the total" in BY_TITLE["Four classified"].lesson


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_the_markdown_holds_every_number_and_its_table_is_even(example):
    text = example_card(example)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(next(iter(example.columns.values())))
    assert {len(re.findall(r"\|", row)) for row in rows} == {len(example.columns) + 1}
    for column in example.columns.values():
        assert all(f"| {number_text(number)} |" in text for number in column)
    for result in example.results:
        assert f"{result.name} = {number_text(result.value)}" in text
        assert ("wrongly print" in text) == any(result.wrong for result in example.results)
    assert "nan" not in text.lower()
    assert "$" not in text  # two of them would be read as mathematics


@pytest.mark.parametrize(
    ("number", "text"),
    [(1e9, "1,000,000,000"), (31622.7766, "31,622.78"), (0.375, "0.375"), (-3, "−3"), (0.33746, "0.3375"), (0, "0"),
     (-0.25, "−0.25"), (1 / 3, "0.3333"), (float("nan"), "–"), (float("inf"), "–"), (2.5, "2.5"), (1000.5, "1,000.50")],
)  # fmt: skip
def test_numbers_are_written_as_people_write_them(number, text):
    assert number_text(number) == text
