"""Markdown becomes HTML, its formulas MathML, and what is a slot stays one."""

from xml.etree import ElementTree

import pytest

from core.descent import MINIMISERS
from core.landscapes import LANDSCAPES
from core.losses import LOSSES
from core.metrics import METRICS
from core.models.objectives import OBJECTIVES
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.stage.markup import html, in_formula, inline, mathml, mathml_part

REGISTRIES = (LOSSES, OBJECTIVES, OPTIMIZERS, SCHEDULES, LANDSCAPES, METRICS, MINIMISERS)
MATH = "{http://www.w3.org/1998/Math/MathML}"


@pytest.mark.parametrize("record", [record for registry in REGISTRIES for record in registry.values()], ids=str)
def test_every_formula_becomes_mathml_with_nothing_of_latex_left(record):
    made = mathml(record.formula)
    root = ElementTree.fromstring(made)
    texts = [node.text or "" for node in root.iter()]
    assert root.tag == f"{MATH}math"
    assert not [text for text in texts if "\\" in text or text == "&"]
    assert ("\\\\" in record.formula) == any(node.tag == f"{MATH}mtr" for node in root.iter())
    assert not list(root.iter(f"{MATH}merror"))


def test_a_formula_by_hand():
    assert mathml_part(r"\tfrac{1}{2} r^2").endswith("<msup><mi>r</mi><mn>2</mn></msup>")
    assert mathml("x", block=True).startswith('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">')


def test_bars_are_brackets_and_names_of_functions_stand_apart():
    assert 'form="prefix">&#x0007C;</mo><mi>r</mi><mo' in mathml(r"\lvert r \rvert")
    space = '<mspace width="0.167em" />'
    assert mathml_part(r"2 \log \cosh r") == (f"<mn>2</mn>{space}<mi>log</mi>{space}<mi>cosh</mi>{space}<mi>r</mi>")
    assert mathml_part(r"\sin^2 x").startswith("<msup><mi>sin</mi><mn>2</mn></msup>")
    assert mathml_part(r"\exp(r)").startswith("<mi>exp</mi><mo")


def test_slots_stay_in_words_and_in_formulas():
    made = html("At {at_delta}: $$r^{at_delta} + {other}$$ and {other}", ("at_delta", "other"))
    assert "<p>At {at_delta}:" in made
    assert "<msup><mi>r</mi><mrow>{at_delta}</mrow></msup>" in made
    assert in_formula(made, ("at_delta", "other", "third")) == {"at_delta", "other"}
    assert in_formula(html("{a} $x$", ("a",)), ("a",)) == set()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:x)"])
def test_html_and_scripts_are_text(hostile):
    for made in (html(hostile), inline(hostile)):
        assert "<script" not in made
        assert "<img" not in made
        assert 'href="javascript' not in made


def test_a_link_opens_elsewhere_and_a_table_is_a_table():
    assert '<a href="https://doi.org/1" target="_blank" rel="noopener">a</a>' in html("[a](https://doi.org/1)")
    assert html("| a | b |\n|---|---:|\n| 1 | **2** |").count("<td") == 2


def test_plain_words_are_not_parsed_and_come_out_the_same():
    for plain in ("98.7 %", "undefined: nothing is predicted positive", "0.5", "–", "log-odds", "1 − 2e-05", ""):
        assert inline(plain) == plain
    assert inline("a **b** < c") == "a <strong>b</strong> &lt; c"
