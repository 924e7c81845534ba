"""A payload, taken apart by its description, is the stage again, to the digits that are promised."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest

from core.stage import Live, Question, Text, Track, Words
from core.stage.encode import DRAWN_BITS, PRINTED_BITS, payload, round_mantissa
from core.stage.markup import html
from core.views import VIEWS, View
from tests.stage.samples import MARK, OUTCOME, PATH, POWER, SWEEP, TIMELINE, Decoded, X, sample, with_handle
from tests.views.cases import packed
from tests.views.cases import stage as made

ELEMENT = re.compile(r'<(\w+) data-slot="(\w+)"></\1>')  # of a slot


def paired(head, stage):
    """Every live array of a stage with what the header says of it, and whether a number on the page is read from it."""
    for track, known in zip(stage.tracks, head["tracks"], strict=True):
        yield track.live, known["live"], False
    written = {id(card.text): html(card.text.template, tuple(card.text.slots)) for card in stage.cards}
    for text, known in zip(stage.texts, texts_of(head), strict=True):
        template = written.get(id(text), text.template)
        assert ELEMENT.sub(r"{\2}", known["template"]) == template
        slots = [slot.get("live", slot) for slot in known["slots"].values() if "slider" not in slot]
        yield from zip(text.lives, slots, [True] * len(slots), strict=True)
    if stage.question:
        yield stage.question.answer, head["question"]["answer"], False
    for step, known in zip(stage.story.steps if stage.story else (), head["story"], strict=True):
        for live, part in ((step.done, known["done"]), (step.nearness, known["nearness"])):
            if live:
                yield live, part, False
    for card, known in zip(stage.cards, head["cards"], strict=True):
        for key, live in card.action.sets.items() if card.action else ():
            yield live, known["action"]["sets"][key], False
    for tick, known in zip(stage.ticks, head["ticks"], strict=True):
        assert known["slider"] == tick.slider
        yield tick.at, known["at"], True


def texts_of(head):
    notes = [reading["note"] for reading in head["readings"] if reading["note"]]
    cells = [cell for reading in head["readings"] for cell in reading["cells"]]
    grids = [cell["number"] for grid in head["grids"] for row in grid["rows"] for cell in row["cells"]]
    cards = [text for card in head["cards"] for text in (card["text"], *card["code"].values())]
    why = [head["question"]["why"]] if head["question"] else []
    ticks = [tick["text"] for tick in head["ticks"]]
    return [head["summary"], *cells, *notes, *grids, *cards, *why, *ticks]


@pytest.mark.parametrize("shown", [sample, with_handle, *VIEWS.values()], ids=lambda shown: getattr(shown, "key", None))
def test_arrays_come_back(shown):
    if isinstance(shown, View):
        of = shown.key, shown.choose().address
        stage, content = made(*of), packed(*of)
    else:
        stage = shown()
        content = payload(stage)
    decoded = Decoded.of(content)
    used = set()
    for live, known, printed in paired(decoded.head, stage):
        found = decoded.arrays[known["array"]]
        used.add(known["array"])
        assert found.shape == live.array.shape
        large = np.abs(live.array) > np.finfo(np.float32).max  # infinite there; NaN and infinity are equal
        expected = np.where(large, np.copysign(np.inf, live.array), live.array)
        np.testing.assert_allclose(found, expected, rtol=8e-6 if printed else 3e-4, atol=1e-37)
        assert known["sliders"] == [slider.key for slider in live.sliders]
        assert known["sweep"] == list(live.sweep.keys if live.sweep else ())
    bars = {cell["share"]["array"] for grid in decoded.head["grids"] for row in grid["rows"] for cell in row["cells"]}
    assert used | bars == set(range(len(decoded.arrays)))  # nothing travels that is not shown


def test_a_percentage_travels_with_a_format_that_has_a_space_before_the_sign():
    stage = sample()
    stage.figure.update_yaxes(tickformat=".0%")
    stage.figure.update_traces(hovertemplate="right %{y:.1%} at %{x:.3~g}", selector=0)
    head = Decoded.of(payload(stage)).head
    assert head["layout"]["yaxis"]["tickformat"] == "$.0%"
    assert head["data"][0]["hovertemplate"] == "right %{y:$.1%} at %{x:.3~g}"


def test_a_question_travels_with_its_answer_and_its_reason_but_not_in_a_draft():
    why = Text("It {}.", Words(("rests", "fell"), Live([0, 1, 1], POWER)))
    asked = Question(text="Which?", options=("a", "b"), answer=Live([1, 0, 0], POWER), why=why, reveal="power", at=1.5)
    decoded = Decoded.of(payload(sample(question=asked)))
    found = decoded.head["question"]
    assert [found[name] for name in ("text", "options", "reveal", "at")] == ["Which?", ["a", "b"], "power", 1.5]
    np.testing.assert_array_equal(decoded.arrays[found["answer"]["array"]], [1, 0, 0])
    assert found["why"]["slots"]["0"]["words"] == ["rests", "fell"]
    assert Decoded.of(payload(sample(question=asked), draft=True)).head["question"] is None
    assert Decoded.of(payload(sample())).head["question"] is None


def test_equal_arrays_travel_once():
    twice = sample(tracks=(Track(0, "x", Live(X)), Track(0, "y", Live(X.copy())), Track(1, "y", Live(X[:, None]))))
    numbers = [track["live"]["array"] for track in Decoded.of(payload(twice)).head["tracks"]]
    assert numbers[0] == numbers[1] != numbers[2]


def test_header_holds_what_the_browser_needs():
    stage = sample()
    decoded = Decoded.of(payload(stage))
    head = decoded.head
    assert (head["name"], head["alt"], head["headings"]) == (stage.name, stage.alt, ["number"])
    assert head["legend"] == [{"symbol": "◇", "text": "a <corner>", "colour": ""}]
    assert [trace["name"] for trace in head["data"]] == ["curve", "path"]
    assert "template" not in head["layout"]
    assert set(head["templates"]) == {"light", "dark"}
    slider, timeline = head["sliders"]
    assert (slider["values"], slider["step"], slider["start"]) == ([0.5, 1.0, 1.5], 0.5, 1)
    assert (timeline["kind"], timeline["step"], timeline["values"]) == ("timeline", None, [0, 1, 10, 100])
    path = head["tracks"][3]
    assert (path["trace"], path["attribute"]) == (1, "y")
    assert path["live"] == {
        "array": path["live"]["array"], "sweep": [], "sliders": ["power"], "grow": "step", "across": "", "every": 1,
    }  # fmt: skip
    np.testing.assert_allclose(decoded.arrays[path["live"]["array"]], PATH, rtol=3e-4)
    assert head["summary"]["slots"]["how"] == {"words": ["low", "middle", "high"], "slider": "power"}
    assert head["readings"][0]["note"] is None
    assert head["handles"] == []


def test_header_holds_the_handles_the_continuous_sliders_and_the_words_that_a_number_picks():
    decoded = Decoded.of(payload(with_handle()))
    head = decoded.head
    assert head["handles"] == [
        {"trace": 2, "x": "across", "y": "up", "along": "", "rewinds": "", "shares": False},
        {"trace": 0, "x": "", "y": "", "along": "power", "rewinds": "step", "shares": False},
    ]
    power, _, across, up = head["sliders"]
    assert [slider["continuous"] for slider in head["sliders"]] == [False, False, True, True]
    assert [slider["recomputed"] for slider in head["sliders"]] == [False, False, True, True]
    assert (across["step"], up["step"], power["step"]) == (None, None, 0.5)
    assert (across["centre"], across["start"]) == (with_handle().slider("across").frame(0.5), 1)
    assert (up["centre"], up["start"]) == (2, 2)
    (reading,) = head["readings"]
    assert reading["dash"] == "dot"
    assert reading["note"]["template"] == "It {0}."
    outcome, mark = reading["note"]["slots"]["0"], reading["note"]["slots"]["x"]
    assert outcome["words"] == ["is at {x}", "rests", "fell"]
    for known, array in ((outcome["live"], OUTCOME), (mark, MARK)):
        assert known["sweep"] == ["across", "up"]
        np.testing.assert_array_equal(decoded.arrays[known["array"]], array)
    cell = reading["cells"][0]["slots"]["0"]
    assert (cell["sliders"], cell["every"]) == (["step"], 2)


def test_a_draft_holds_the_centre_of_every_sweep_and_nothing_of_the_looks():
    whole, draft = (Decoded.of(payload(with_handle(), draft=draft)) for draft in (False, True))
    assert whole.head.keys() - draft.head.keys() == {"data", "layout", "narrow", "templates"}
    assert len(draft.head["tracks"]) == len(whole.head["tracks"])
    for of_whole, of_draft in zip(whole.head["tracks"], draft.head["tracks"], strict=True):
        array, centre = (one.arrays[track["live"]["array"]] for one, track in ((whole, of_whole), (draft, of_draft)))
        np.testing.assert_array_equal(centre, array[0] if of_whole["live"]["sweep"] else array)
        assert of_draft["live"] | {"array": 0} == of_whole["live"] | {"array": 0, "sweep": []}
    note = draft.head["readings"][0]["note"]["slots"]["x"]
    assert (note["sweep"], draft.arrays[note["array"]]) == ([], MARK[0])


def test_a_draft_leaves_the_maps_as_they_are_but_for_one_that_the_mark_changes():
    figure = go.Figure([go.Contour(name="map"), go.Scatter(name="path"), go.Scatter(name="mark")])
    tracks = (Track(0, "z", Live(np.ones((3, 3)))), Track(2, "x", Live(MARK, SWEEP)))
    head = Decoded.of(payload(with_handle(figure=figure, tracks=tracks), draft=True)).head
    assert [track["trace"] for track in head["tracks"]] == [2]
    heights = np.arange(len(SWEEP) * 9.0).reshape(-1, 3, 3)
    tracks = (Track(0, "x", Live(np.arange(3.0))), Track(0, "z", Live(heights, SWEEP)), tracks[1])
    decoded = Decoded.of(payload(with_handle(figure=figure, tracks=tracks), draft=True))
    assert [track["attribute"] for track in decoded.head["tracks"]] == ["z", "x"]
    np.testing.assert_array_equal(decoded.arrays[decoded.head["tracks"][0]["live"]["array"]], heights[0])


def test_a_number_that_is_written_keeps_more_digits_than_one_that_is_drawn():
    mark, path = np.full(len(SWEEP), 1.23456789), np.full((3, 4, 2), 1.23456789)
    tracks = (Track(0, "x", Live(X)), Track(1, "y", Live(path, POWER, grow=TIMELINE)), Track(2, "x", Live(mark, SWEEP)))
    stage = with_handle(tracks=tracks, summary=Text("{}", Live(mark, SWEEP)), readings=())
    decoded = Decoded.of(payload(stage))
    drawn, printed = (decoded.arrays[track["live"]["array"]] for track in decoded.head["tracks"][1:])
    np.testing.assert_allclose(printed, 1.23456789, rtol=8e-6)  # drawn too, but it is one array
    assert np.abs(drawn - 1.23456789).max() > 2e-5


def test_same_stage_same_bytes():
    assert payload(sample()) == payload(sample())


def test_a_stage_without_arrays_has_an_empty_block():
    decoded = Decoded.of(payload(sample(tracks=(), summary=Text("Nothing moves."), readings=())))
    assert decoded.head["count"] == 0
    assert decoded.arrays == []


@pytest.mark.parametrize("bits", [PRINTED_BITS, DRAWN_BITS])
def test_rounding_is_to_the_nearest_and_keeps_what_is_no_number(bits):
    numbers = np.random.default_rng(3).normal(size=5000) * 10.0 ** np.random.default_rng(4).integers(-30, 30, 5000)
    found = round_mantissa(numbers, bits)
    assert found.dtype == np.float32
    assert np.abs(found / numbers - 1).max() <= 2.0 ** -(bits + 1) + 2.0**-24
    assert not (found.view(np.uint32) & np.uint32((1 << (23 - bits)) - 1)).any()
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -2.0])
    np.testing.assert_array_equal(round_mantissa(odd, bits), odd.astype(np.float32))
    np.testing.assert_array_equal(round_mantissa(found, bits), found)


def test_rounding_is_to_even_between_two_numbers_and_up_beyond_the_middle():
    middle, next_up = 1 + 2.0**-5, 1 + 2.0**-5 + 2.0**-23
    np.testing.assert_array_equal(round_mantissa(np.array([middle, next_up, middle + 2.0**-4]), 4), [1, 1.0625, 1.125])
    below = np.float32(1 + 3 * 2.0**-5 - 2.0**-23)  # between 1.0625, which is odd, and 1.125
    np.testing.assert_array_equal(round_mantissa(np.array([below]), 4), [1.0625])


def test_rounding_takes_arrays_that_are_not_contiguous():
    grid = np.arange(12.0).reshape(3, 4).T
    np.testing.assert_array_equal(round_mantissa(grid, DRAWN_BITS), grid)


@pytest.mark.parametrize("bits", [PRINTED_BITS, DRAWN_BITS])
def test_what_is_beyond_float32_is_infinite_and_nothing_warns(bits):
    numbers = np.array([3.4e38, 3.5e38, -1e39, 1e300, -1e-300, np.nan])
    found = round_mantissa(numbers, bits)
    np.testing.assert_array_equal(found[1:], [np.inf, -np.inf, np.inf, 0.0, np.nan])
    assert found[0] == pytest.approx(3.4e38, rel=3e-4)


def test_the_largest_numbers_stay_finite_or_become_infinite_but_never_no_number():
    most = np.finfo(np.float32).max
    found = round_mantissa(np.array([most, -most, np.nextafter(np.float32(most), np.float32(0))]), DRAWN_BITS)
    assert not np.isnan(found).any()
