"""What holds for every view, at its defaults and at the ends of every parameter."""

import re
from urllib.parse import parse_qsl

import numpy as np
import plotly.graph_objects as go
import pytest

from core.losses import LOSSES
from core.sentences import number_text
from core.stage import Live
from core.stage.encode import payload
from core.stage.parameters import OneOf, OwnOrExample, SomeOf, Typed, Whole
from core.views import VIEWS, unknown
from tests.views.cases import around, few, full, name_of, packed, stage

views = pytest.mark.parametrize("view", VIEWS.values(), ids=name_of)
MAP = {"x", "y", "z"}
COORDINATES = {"scatter": {"x", "y"}, "contour": MAP, "heatmap": MAP, "mesh3d": MAP}
SMALLEST_TEXT = 13  # pixels
LARGEST = {False: 700_000, True: 1_000_000}  # bytes of a payload, without surfaces in a sweep and with them
SWEPT_SURFACES = {
    key
    for key, view in VIEWS.items()
    if view.choose().solid and any(slider.recomputed for slider in view.choose().sliders.values())
}


@views
def test_the_same_choice_gives_the_same_bytes_and_few(view):
    made = packed(view.key, view.choose().address)
    assert payload(view.choose().stage) == made
    assert len(made) <= LARGEST[view.key in SWEPT_SURFACES]  # at the extremes: `make bench`


def failures(view, choices, checks, looked_at):
    """What each check says of each of these choices that fails it. What is looked at is made once a choice."""
    found = []
    for choice in choices:
        shown = looked_at(choice)
        for check in checks:
            try:
                check(view.choose(**choice), shown)
            except AssertionError as error:
                found.append(f"{name_of(choice)}: {check.__name__}: {error}")
    return found


def they_have_names_of_their_own(choice, sliders):
    assert len({slider.key for slider in sliders}) == len({slider.label for slider in sliders}) == len(sliders)
    assert not {slider.key for slider in sliders} & set(choice.view.defaults)  # they share one address
    assert not {slider.label for slider in sliders} & {param.label for param in choice.view.params}  # and a dialog


def their_values_rise(_choice, sliders):
    for slider in sliders:
        assert (np.diff(slider.values) > 0).all()
        assert 0 <= slider.start < len(slider.values)
        assert len(slider.labels) in (0, len(slider.values))


def their_values_are_read_as_the_address_writes_them(_choice, sliders):
    for slider in sliders:
        for value in slider.values:
            assert slider.read(f"{value:g}") == value


def a_parameter_of_a_loss_starts_where_its_record_says(_choice, sliders):
    for slider in sliders:
        loss, _, name = slider.key.partition(".")
        if loss in LOSSES:
            assert slider.values[slider.start] == LOSSES[loss].starts[name]


SLIDER_CHECKS = (
    they_have_names_of_their_own,
    their_values_rise,
    their_values_are_read_as_the_address_writes_them,
    a_parameter_of_a_loss_starts_where_its_record_says,
)


@views
def test_sliders_of_every_choice(view):
    assert failures(view, around(view), SLIDER_CHECKS, lambda choice: view.choose(**choice).picture.sliders) == []


def its_address_brings_it_back(choice, address):
    query = dict(parse_qsl(address))
    assert choice.view.read(query) == choice.params
    assert choice.view.choose(**choice.view.read(query)).address == address


@views
def test_an_address_brings_its_choice_back(view):
    choices = [*around(view), *full(view)]
    assert failures(view, choices, [its_address_brings_it_back], lambda choice: view.choose(**choice).address) == []


def its_sliders_are_those_of_its_picture(choice, shown):
    assert len(choice.picture.sliders) == len(shown.sliders)
    for a, b in zip(choice.picture.sliders, shown.sliders, strict=True):
        assert (a.key, a.label, a.start, a.kind, a.labels, a.colour) == (
            b.key,
            b.label,
            b.start,
            b.kind,
            b.labels,
            b.colour,
        )
        np.testing.assert_array_equal(a.values, b.values)


def its_traces_are_moved_or_stand_with_both_their_coordinates(_choice, shown):
    moved = {number: set() for number in range(len(shown.figure.data))}
    for track in shown.tracks:
        moved[track.trace].add(track.attribute)
    for trace, attributes in zip(shown.figure.data, moved.values(), strict=True):
        assert attributes - {"customdata", "intensity", "level"} == COORDINATES[trace.type]


def each_of_its_sliders_moves_something(_choice, shown):
    controls = {slider.key for slider in shown.sliders if slider.kind != "hidden"}  # a story's step moves no picture
    assert {slider.key for slider in shown.moving} == controls


def fonts(node):
    """Every font in a part of a layout, as Plotly's own settings."""
    if isinstance(node, dict):
        yield from (part for name, part in node.items() if name.endswith("font"))
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ()
    for part in parts:
        yield from fonts(part)


def its_text_is_large_enough(_choice, shown):
    """The sizes stand in the template alone: lecture mode enlarges them there (assets/stage/theme.js)."""
    for template in shown.templates.values():
        assert template["layout"]["font"]["size"] >= SMALLEST_TEXT
        assert all(font.get("size", SMALLEST_TEXT) >= SMALLEST_TEXT for font in fonts(template))
    own = {name: part for name, part in shown.figure.layout.to_plotly_json().items() if name != "template"}
    assert not any("size" in font for font in fonts([own, dict(shown.narrow), shown.figure.to_plotly_json()["data"]]))


def plotly_knows_every_setting(_choice, shown):
    """What a page is sent is not checked when it is made: that takes as long as the picture."""
    go.Figure(shown.figure.to_dict())  # raises ValueError for a setting that there is not


PLURAL = re.compile(r"\{(\w+)\} (?!times\b|is\b|has\b|as\b|loss\b)([a-z]+s)\b")  # a number and a noun in the plural


def no_plural_stands_after_a_one(_choice, shown):
    """Neither 1 bits nor 1 points: in every run and frame."""
    found = [
        (noun, string)
        for text in shown.texts
        for string in text.strings
        for name, noun in PLURAL.findall(string)
        if isinstance(slot := text.slots.get(name), Live) and "1" in map(number_text, slot.array.ravel())
    ]
    assert found == []


FORMULA = re.compile(r"\$[^$]*\$|`[^`]*`|.*[\\^].*", re.DOTALL)  # formulas and code
HYPHEN = re.compile(r"(?<![\w\-–/.)])-(?=[.\d∞])|\de[+-]")  # as a minus sign, and in a power of ten


def its_numbers_are_as_a_person_writes_them(_choice, shown):
    code = {id(text) for card in shown.cards for text in card.code.values()}
    texts = [FORMULA.sub("", string) for text in shown.texts if id(text) not in code for string in text.strings]
    assert [text for text in texts if HYPHEN.search(text)][:3] == []


STAGE_CHECKS = (
    plotly_knows_every_setting,
    its_text_is_large_enough,
    its_sliders_are_those_of_its_picture,
    its_traces_are_moved_or_stand_with_both_their_coordinates,
    each_of_its_sliders_moves_something,
    no_plural_stands_after_a_one,
    its_numbers_are_as_a_person_writes_them,
)


@views
def test_stages(view):
    def looked_at(choice):
        return stage(view.key, view.choose(**choice).address)

    assert failures(view, few(view), STAGE_CHECKS, looked_at) == []


@views
def test_a_view_says_what_it_shows(view):
    shown = stage(view.key, view.choose().address)
    assert shown.name
    assert len(shown.alt) > 60
    assert {library for card in shown.cards for library in card.code} == set(view.code)
    template, *words = shown.summary.strings
    sentences = words if re.fullmatch(r"\{\w+\}", template) else [template]  # one slot alone holds whole sentences
    assert sentences
    assert all(sentence.endswith(".") for sentence in sentences)
    assert set(shown.templates) == {"light", "dark"}
    assert shown.figure.layout.height == view.height


def good(view):
    return {param.name: param.write(param.default) for param in view.params}


@views
def test_an_unknown_parameter_is_refused(view):
    for name in ("hue", "", "LOSSES", "x" * 5000, "v", "__class__"):
        with pytest.raises(ValueError, match=r'^unknown parameter ".{0,40}"; (did you mean ".+"\?|there are .*)$'):
            view.read(good(view) | {name: "1"})


@views
def test_a_missing_parameter_is_refused(view):
    for name in good(view):
        with pytest.raises(ValueError, match=rf'^parameter "{name}" is missing; for example {name}=.+$'):
            view.read({key: text for key, text in good(view).items() if key != name})


BAD = {
    OneOf: ["", "RAW", "raw,log", "nan", "off ", "\n", "2", "own-", f"own-{'0' * 32}"],
    SomeOf: [
        "",
        ",",
        "squared_error,",
        "squared_eror",
        "huber,huber",
        "squared_error, huber",
        "categorical_crossentropy",
    ],
    Whole: ["", "-1", "1.0", "1e2", "nan", "inf", "1000", "+1", " 1", "1_0", "٣", "0x1", "9" * 20],
    OwnOrExample: ["", "own", "own-", f"own-{'0' * 32}", "income"],
    Typed: ["", "(", "r +", "r.real", "__import__('os')", "lambda: 0", "9 9", "sin", "where(r)"],
}
PARAMS = [(view, param) for view in VIEWS.values() for param in view.params]


@pytest.mark.parametrize(("view", "param"), PARAMS, ids=lambda case: getattr(case, "key", "") or case.name)
def test_a_bad_word_is_refused_with_one_short_sentence(view, param):
    for text in [*BAD[type(param)], "x" * 400, "x" * 401, "1" * 100_000, "," * 400, "\0", "<b>"]:
        with pytest.raises(ValueError, match=param.name) as refusal:
            view.read(good(view) | {param.name: text})
        assert len(str(refusal.value)) < 600


@views
def test_one_loss_more_than_a_picture_holds_is_refused(view):
    for param in view.params:
        if isinstance(param, SomeOf):
            options = list(param.options)
            with pytest.raises(ValueError, match=rf"^{param.name} must be 1 to {param.most} different ones of its opt"):
                param.read(",".join(options[: param.most + 1]))
            picked = options[: param.most]
            assert param.read(",".join(reversed(picked))) == tuple(picked)


def test_an_unknown_view_is_told_what_there_is():
    assert unknown("tip_fit") == 'unknown view "tip_fit"; did you mean "tips_fit"?'
    assert unknown("zzz") == f'unknown view "zzz"; there are {len(VIEWS)}, such as {next(iter(VIEWS))}'
    assert len(unknown("x" * 100_000)) < 300
