"""A stranger's words on the page cannot act."""

import re

import pytest

from core.ui.address import formula_text, plain_text


@pytest.mark.parametrize(
    "words",
    ["**bold**", "[a](https://b.example)", "`code`", "$x$ :red[y]", "<b>", "a\nb\tc\0d", "|a|b|", "# a", "~~a~~"],
)
def test_a_strangers_words_are_words(words):
    unescaped = re.sub(r"\\[+*^|]", "", formula_text(words))
    for text in (plain_text(words), unescaped):
        assert not set(text) & set("*[]`$<>\n\t\0|#~\\+^")
        assert ":red[" not in text


def test_a_sentence_stays_a_sentence():
    sentence = 'unknown scale "raww"; did you mean "raw"?'
    assert plain_text(sentence) == sentence


@pytest.mark.parametrize(
    "sentence", ["something must follow + at 5", "the bar | opened at 1 is not closed", "r ** at 3", "^ at 1"]
)
def test_a_sign_of_a_formula_is_not_lost(sentence):
    assert re.sub(r"\\(.)", r"\1", formula_text(sentence)) == sentence
