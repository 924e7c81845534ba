"""The text beside the pictures: formulas and programs with the current numbers, and words that cannot act."""

import ast
import builtins

import pytest

from core.losses import LOSSES
from core.losses.equivalents import LIBRARIES
from core.models.objectives import OBJECTIVES
from core.ui.address import plain_text
from core.ui.cards import LIBRARY, advice, code

each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
EQUIVALENTS = [(loss, library) for loss in LOSSES.values() for library in loss.equivalents]


def turned(loss):
    """The parameters where their sliders start and at both ends."""
    yield loss.starts
    yield {param.name: param.low for param in loss.params}
    yield {param.name: param.high for param in loss.params}


@each_loss
def test_a_card_says_everything(loss):
    for params in turned(loss):
        text = advice(loss, params)
        assert f"$$L = {loss.formula_at(**params)}$$" in text
        for part in (loss.name, str(loss.estimates), loss.use_when, loss.watch_out, str(loss.source), loss.subgradient):
            assert part in text
        assert text.count("$$") == 2
        assert "%(" not in text


@each_loss
def test_the_formula_has_the_numbers_in_it(loss):
    for param in loss.params:
        low, high = (loss.formula_at(**{param.name: end}) for end in (param.low, param.high))
        assert f"{param.low:g}" in low
        assert f"{param.high:g}" in high
        assert low != high


@each_loss
def test_a_source_can_be_followed_from_markdown(loss):
    url = loss.source.url
    if url:
        assert url.startswith("https://")
        assert not set(url) & set("()[]<> ")


@pytest.mark.parametrize(("loss", "library"), EQUIVALENTS, ids=str)
def test_a_program_is_whole(loss, library):
    for params in turned(loss):
        code = loss.code(library, **params)
        tree = ast.parse(code)
        bound = {"pred", "target", "loss", *dir(builtins)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                bound |= {name.asname or name.name.split(".")[0] for name in node.names}
                assert all(name.name in LIBRARIES[library] for name in node.names)
            bound |= {node.arg} if isinstance(node, ast.arg) else set()
            bound |= {node.name} if isinstance(node, ast.FunctionDef) else set()
            bound |= {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names <= bound, names - bound
        assert "%(" not in code


@pytest.mark.parametrize(("loss", "library"), EQUIVALENTS, ids=str)
def test_a_program_has_the_numbers_in_it(loss, library):
    codes = {loss.code(library, **params) for params in turned(loss)}
    assert len(codes) == (3 if loss.params else 1) or not any(
        f"%({name})s" in loss.equivalents[library].code for name in loss.defaults
    )


@each_loss
def test_code_for_every_library_or_a_word_about_it(loss):
    assert code(loss, "None", loss.defaults) == ""
    for library in LIBRARIES:
        text = code(loss, library, loss.defaults)
        if library in loss.equivalents:
            assert f"```python\n{loss.code(library, **loss.defaults)}\n```" in text
            assert loss.equivalents[library].note in text
        else:
            assert text.strip() == f"{library} has no such loss."


@pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=str)
def test_what_a_classifier_is_trained_under_has_its_code_too(objective):
    for params in turned(objective):
        for library in objective.equivalents:
            assert f"```python\n{objective.code(library, **params)}\n```" in code(objective, library, params)


def test_every_library_can_be_asked_for():
    assert list(LIBRARY.options.values()) == ["None", *LIBRARIES]


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
