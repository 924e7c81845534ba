"""The parameters of a view as they stand in an address; a typed option among them."""

import pytest

from core.stage.parameters import OneOf, SomeOf, Typed, TypedOption


def number(text):
    if not text.replace(",", "").isdigit():
        raise ValueError("it is no number")


FIELD = Typed(name="formula", label="Formula", default="1", check=number, longest=20)
OWN = TypedOption(word="own", name="Your own", field=FIELD)
OPTIONS = {"one": "One", "two": "Two", "owner": "Owner"}
ONE = OneOf(name="loss", label="Loss", options=OPTIONS, default="one", typed=OWN)
SOME = SomeOf(name="losses", label="Losses", options=OPTIONS, default=("one",), most=3, typed=OWN)


@pytest.mark.parametrize("text", ["one", "owner", "own:7", "own:1,2,3"])
def test_a_choice_of_one_comes_back_as_it_was_written(text):
    assert ONE.write(ONE.read(text)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one,two", ("one", "two")),
        ("two,one,own:7", ("one", "two", "own:7")),
        ("own:1,2,3", ("own:1,2,3",)),
        ("owner,own:1,one", None),  # the text of a typed option goes to the end
    ],
)
def test_a_choice_of_several_has_the_typed_one_last(text, value):
    if value is None:
        with pytest.raises(ValueError, match="it is no number"):
            SOME.read(text)
    else:
        assert SOME.read(text) == value
        assert SOME.read(SOME.write(value)) == value


@pytest.mark.parametrize("text", ["own:", "own:x", "owned:7", "one,own:x"])
def test_what_cannot_be_read_is_refused(text):
    for param in (ONE, SOME):
        with pytest.raises(ValueError, match=r"cannot be read|unknown"):
            param.read(text)


def test_a_typed_option_counts_among_the_most():
    with pytest.raises(ValueError, match="1 to 3 different ones"):
        SOME.read("one,two,owner,own:7")


def test_the_first_text_is_among_the_extremes():
    assert "own:1" in list(ONE.extremes())
    assert ("own:1",) in list(SOME.extremes())
