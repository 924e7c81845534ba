"""A stranger's words on the page cannot act."""

import pytest

from core.ui.address import plain_text


@pytest.mark.parametrize(
    "words",
    ["**bold**", "[a](https://b.example)", "`code`", "$x$ :red[y]", "<b>", "a\nb\tc\0d", "|a|b|", "# a", "~~a~~"],
)
def test_a_strangers_words_are_words(words):
    assert not set(plain_text(words)) & set("*[]`$<>\n\t\0|#~")
    assert ":red[" not in plain_text(words)


def test_a_sentence_stays_a_sentence():
    sentence = 'unknown scale "raww"; did you mean "raw"?'
    assert plain_text(sentence) == sentence
