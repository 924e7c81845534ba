"""Numbers in sentences."""

import pytest

from core.sentences import interval_text, number_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (-0.25, "−0.25"),
        (34.456, "34.46"),
        (100.25, "100.3"),
        (999.96, "1,000"),
        (1234.5, "1,235"),
        (-6225.4, "−6,225"),
        (1234567.4, "1,234,567"),
        (12345678, "1.23e7"),
        (-4e70, "−4.00e70"),
        (1e-4, "0.0001"),
        (0.0000123, "1.23e−5"),
        (9.99996e-5, "0.0001"),
        (float("nan"), "–"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_a_number_is_written_as_a_person_reads_it(number, text):
    assert number_text(number) == text


@pytest.mark.parametrize(("digits", "text"), [(2, "34"), (3, "34.5"), (4, "34.46")])
def test_a_number_has_as_many_digits_as_are_asked_for(digits, text):
    assert number_text(34.456, digits) == text


def test_an_interval_stands_in_brackets_where_there_is_one():
    assert interval_text(-0.81234, -0.8456, -0.7) == "−0.8123 (−0.846 to −0.7)"
    assert interval_text(0.81234, float("nan"), float("nan")) == "0.8123"
