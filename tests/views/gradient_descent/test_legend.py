"""Each symbol of a picture is explained under it."""

import pytest

from core.views.gradient_descent.views import BY_KIND
from tests.views.cases import chosen

SYMBOLS = {"race": "◯▬", "step": "◯", "starts": "×"}


@pytest.mark.parametrize("what", SYMBOLS)
def test_every_symbol_has_its_meaning(what):
    stage = chosen(BY_KIND["textbook"][what])
    critical = {"minimum": "●", "saddle": "✕", "maximum": "▲"}
    drawn = {symbol for kind, symbol in critical.items() if kind in {trace.name for trace in stage.figure.data}}
    assert {entry.symbol for entry in stage.legend} == set(SYMBOLS[what]) | drawn
