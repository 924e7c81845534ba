"""A parameter has one letter: on its slider, in its formula, and in what is said of it."""

import re
import unicodedata
from dataclasses import fields

import pytest

from core import losses
from core.datasets import LINE_DATASETS
from core.descent import MINIMISERS
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import PENALTY
from core.landscapes.fitted_models import line_model
from core.losses.estimand import Estimand
from core.optimizers import OPTIMIZERS, SCHEDULES, with_weight_decay
from core.record import Documented, Param
from core.views import VIEWS
from core.views.gradient_descent.cards import RULES
from core.views.gradient_descent.sliders import BETA, momentum_param

LOSSES = [records for name, records in vars(losses).items() if name.endswith("LOSSES")]  # of every kind of input
RECORDS = [
    record for records in (OPTIMIZERS, SCHEDULES, MINIMISERS, LANDSCAPES, *LOSSES) for record in records.values()
]
PARAMS = {f"{record.key}.{param.name}": param for record in RECORDS for param in record.params} | {
    PENALTY.name: PENALTY,
    **{f"{key}.outlier": line_model(key).outlier for key in LINE_DATASETS},
    "weight_decay": with_weight_decay(OPTIMIZERS["momentum"]).params[-1],
}
GREEK = re.compile(r"[α-ωϕϵΑ-Ω][₀-₉₊₋]?")


def letter(latex: str) -> str:
    r"""What LaTeX of one symbol is in plain text: `\beta_1` is β1, `\varepsilon` is ε, `w_{-}` is w-."""
    name = re.match(r"\\(?:var)?([a-z]+)", latex)
    first = unicodedata.lookup(f"GREEK SMALL LETTER {name[1].upper().replace('LAMBDA', 'LAMDA')}") if name else latex[0]
    return first + re.sub(r"[_^{}]", "", latex[name.end() if name else 1 :])


def plain(symbol: str) -> str:
    """The symbol of a sentence without its words, its index on the line: "weight below w₋" is w-."""
    return unicodedata.normalize("NFKC", symbol.rpartition(" ")[2]).replace("−", "-")


@pytest.mark.parametrize("name", PARAMS)
def test_the_slider_and_the_formula_use_one_letter(name):
    param = PARAMS[name]
    assert isinstance(param, Param)
    assert plain(param.symbol) == letter(param.latex)


@pytest.mark.parametrize("record", [record for record in RECORDS if record.params], ids=str)
def test_two_parameters_of_a_record_have_two_letters_and_both_are_in_its_formula(record):
    assert len({plain(param.symbol) for param in record.params}) == len(record.params)
    assert all(param.latex in record.formula for param in record.params)


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_what_is_said_of_a_record_uses_letters_of_its_formula(record):
    assert isinstance(record, Documented)
    formula = {letter(found) for found in re.findall(r"\\(?:var)?[a-z]+(?:_\{?[\w+-]\}?)?", record.formula)
               if is_letter(found)}  # fmt: skip
    known = {plain(param.symbol) for param in record.params} | formula | {"π", "κ", "σ"}
    for field in fields(record):
        text = getattr(record, field.name)
        text = str(text) if isinstance(text, Estimand) else text
        if isinstance(text, str) and field.name != "template":
            others = {plain(param.symbol) for one in RECORDS if one.name in text for param in one.params}
            for symbol in GREEK.findall(text):
                assert plain(symbol) in known | others, f"{record.key}.{field.name}: {symbol} in {text!r}"


def is_letter(latex: str) -> bool:
    try:
        letter(latex)
    except KeyError:
        return False
    return True


@pytest.mark.parametrize("optimizer", [one for one in OPTIMIZERS.values() if momentum_param(one.key)], ids=str)
@pytest.mark.parametrize("view", ["textbook_race", "textbook_step"])
def test_the_momentums_slider_has_the_letter_of_the_optimizer(optimizer, view):
    chosen = {"optimizer": optimizer.key} if view.endswith("step") else {"optimizers": (optimizer.key,)}
    (slider,) = (
        slider for slider in VIEWS[view].choose(**(VIEWS[view].defaults | chosen)).picture.sliders if slider.key == BETA
    )
    assert slider.label == f"Momentum {optimizer.param(momentum_param(optimizer.key)).symbol}"


def test_the_legend_and_a_mixed_race_use_these_letters_too():
    view, beta = VIEWS["textbook_race"], OPTIMIZERS["momentum"].param("momentum").symbol
    for chosen in (("momentum", "adam"), ("adam", "nesterov")):
        (slider,) = (slider for slider in view.choose(**{"optimizers": chosen}).picture.sliders if slider.key == BETA)
        assert slider.label == f"Momentum {beta}"
    assert f"v ← {beta}v + g" in RULES
    assert f"m ← {OPTIMIZERS['adam'].param('beta1').symbol}m + (1" in RULES
    assert set(GREEK.findall(RULES)) == {"β", "β₁"}
