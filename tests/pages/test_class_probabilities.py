"""/class-probabilities: its address is its save file."""

import pytest

from tests.pages.site import assert_restored

LINKS = [
    {"target": "two", "classes": "5", "losses": "categorical_cross_entropy,one_vs_rest_cross_entropy",
     "score_a": "2.345", "score_e": "-6", "temperature": "0.1", "smoothing": "0.2", "rate": "10"},
    {"scale": "large", "score_a": "1000", "score_b": "999.5", "multiclass_focal.gamma": "0"},
]  # fmt: skip


@pytest.mark.parametrize("words", LINKS, ids=["several right answers", "large scores"])
def test_a_link_restores_every_choice(words):
    assert_restored("probabilities", words)
