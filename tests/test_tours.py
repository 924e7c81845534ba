"""Lessons as files: what is read of one, and what is said of one that is wrong."""

import pytest

from core.tours import FOLDER, Stop, parse_tour, tours

GOOD = """# What is a loss

What one learns,
in one line.

## An error

[Open](/?guess=2)

A text
of two lines.

> A question,
> of two lines.

Answer: Yes.

## Another

[Open](/loss-curves)

A text.

> A question?

Answer: No.
"""
LINES = GOOD.splitlines()


def without(start: int, stop: int) -> str:
    """The good lesson without these of its lines, counted from 1."""
    return "\n".join(LINES[: start - 1] + LINES[stop:]) + "\n"


def test_a_lesson_is_its_title_its_line_and_its_stops():
    tour = parse_tour("1-a-loss.md", GOOD)
    assert (tour.key, tour.title, tour.about) == ("a-loss", "What is a loss", "What one learns, in one line.")
    error, other = tour.stops
    assert error == Stop("An error", "/?guess=2", "A text of two lines.", "A question, of two lines.", "Yes.")
    assert other.answer == "No."
    assert tour.address(1) == "/?guess=2&tour=a-loss&stop=1"
    assert tour.address(2) == "/loss-curves?tour=a-loss&stop=2"


@pytest.mark.parametrize(
    ("source", "place", "says"),
    [
        ("", "1-a.md:1", "expected a title such as"),
        ("# \n", "1-a.md:1", "expected a title such as"),
        ("A text.\n", "1-a.md:1", "expected a title such as"),
        (without(3, 5), "1-a.md:3", "expected a line on what one learns"),
        ("\n".join(LINES[:4]), "1-a.md:4", "expected a stop's heading such as"),
        (without(6, 7), "1-a.md:6", "expected a stop's heading such as"),
        (without(8, 9), "1-a.md:8", "expected a link such as [Open](/loss-curves), got 'A text of two lines.'"),
        (GOOD.replace("(/?guess=2)", "(https://example.com)"), "1-a.md:8", "the link must be [Open](/...)"),
        (GOOD.replace("[Open](/?", "[Look](/?"), "1-a.md:8", "the link must be [Open](/...)"),
        (without(10, 12), "1-a.md:10", "expected a text of one to three sentences"),
        (without(13, 15), "1-a.md:13", "expected a question such as"),
        (without(16, 17), "1-a.md:16", "expected an answer such as"),
        (GOOD.replace("Answer: Yes.", "Answer:"), "1-a.md:16", "expected an answer such as"),
        ("\n".join(LINES[:-1]), "1-a.md:24", 'expected an answer such as "Answer: At 5.", got the end of the file'),
        (GOOD + "\nAnswer: Perhaps.\n", "1-a.md:28", "expected a stop's heading such as"),
    ],
)
def test_what_is_wrong_is_said_with_its_file_and_line(source, place, says):
    with pytest.raises(ValueError, match=r"^1-a\.md:\d+: ") as error:
        parse_tour("1-a.md", source)
    assert str(error.value).startswith(f"{place}: ")
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["a.md", "1-A.md", "1-a b.md", "1-.md"])
def test_a_file_is_named_by_a_number_and_words(name):
    with pytest.raises(ValueError, match=r"the file must be named like 1-what-is-a-loss\.md"):
        parse_tour(name, GOOD)


def test_four_lessons_are_read_in_their_order():
    titles = ["What is a loss", "Why the learning rate matters", "Accuracy lies", "Reading training curves"]
    assert [tour.title for tour in tours().values()] == titles
    assert len(tours()) == len(list(FOLDER.iterdir()))
    assert list(tours()) == [title.lower().replace(" ", "-") for title in titles]


@pytest.mark.parametrize("key", tours())
def test_a_lesson_is_short_enough_to_be_read_aloud(key):
    tour = tours()[key]
    assert 5 <= len(tour.stops) <= 8
    assert len(tour.about) <= 110
    for stop in tour.stops:
        assert len(stop.heading) <= 30
        assert len(stop.text) <= 230, stop.heading
        assert len(stop.question) <= 120, stop.heading
        assert len(stop.answer) <= 160, stop.heading
        assert stop.question.endswith("?")
        assert all(part.endswith(".") for part in (stop.text, stop.answer))
