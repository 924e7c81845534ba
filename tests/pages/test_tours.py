"""A lesson on the pages: its bar and its words of the address, as long as it is on."""

import pytest

from core.tours import tours
from tests.pages.site import bars, complaints, elements, opened, opened_address, ran, stages
from tests.places import PLACES

KEY = "why-the-learning-rate-matters"
TOUR = tours()[KEY]
ON = {"tour": KEY, "stop": "2"}


@pytest.mark.parametrize("place", PLACES)
def test_a_lesson_can_be_on_on_every_page_and_costs_nothing_else(place):
    site = opened(place, **ON)
    assert complaints(site) == []
    assert site.query_params == PLACES[place].query | ON
    assert len(bars(site)) == 1
    usual = opened(place)
    assert bars(usual) == []
    added = len(list(elements(site.main))) - len(list(elements(usual.main)))
    scenes = len(stages(usual)[0]["scenes"]) if stages(usual) else len(links(usual))
    assert added == 1 - (scenes if place != "home" else 0)  # in place of the links to scenes


def links(site):
    return [e for e in elements(site.main) if getattr(e, "type", "") == "page_link"]


def test_the_bar_says_the_stop_and_leads_to_those_around_it():
    (bar,) = bars(opened_address(TOUR.address(2)))
    stop = TOUR.stops[1]
    assert bar == {
        "title": TOUR.title, "number": 2, "count": len(TOUR.stops), "heading": stop.heading, "text": stop.text,
        "question": stop.question, "answer": stop.answer, "here": TOUR.address(2), "back": TOUR.address(1),
        "next": TOUR.address(3), "home": "/",
    }  # fmt: skip
    (first,), (last,) = (bars(opened_address(TOUR.address(number))) for number in (1, len(TOUR.stops)))
    assert (first["back"], last["next"]) == ("", "")


def test_without_a_number_a_lesson_begins_with_its_first_stop():
    (bar,) = bars(opened("race", tour=KEY))
    assert bar["number"] == 1


def test_the_words_stay_when_something_is_picked_and_go_with_the_lesson():
    site = opened("race", **ON)
    site.selectbox(key="textbook_race.landscape").set_value("himmelblau")
    ran(site.run())
    assert site.query_params == {"landscape": "himmelblau"} | ON
    site.query_params = {"landscape": "himmelblau"}
    ran(site.run())
    assert bars(site) == []
    assert site.query_params == {"landscape": "himmelblau"}


@pytest.mark.parametrize(
    ("words", "sentence", "kept"),
    [
        ({"tour": "what-is-a-los", "stop": "1"}, 'unknown tour "what-is-a-los"; did you mean "what-is-a-loss"?', {}),
        ({"tour": KEY, "stop": "9"}, "stop must be a whole number from 1 to 7, got '9'", {"tour": KEY}),
        ({"tour": KEY, "stop": "two"}, "stop must be a whole number from 1 to 7, got 'two'", {"tour": KEY}),
        ({"stop": "2"}, 'stop must come with a tour, such as tour=what-is-a-loss, got "2"', {}),
    ],
)
def test_a_bad_lesson_or_stop_falls_back_and_is_said(words, sentence, kept):
    site = opened("race", **words)
    (complaint,) = complaints(site)
    assert complaint.startswith(sentence)
    assert site.query_params == kept
    assert len(bars(site)) == len(kept)


def test_a_stop_that_is_missing_is_said_where_the_page_goes_until_another_is_opened():
    """A link of the tour and the stop alone leads to the stop's own address, and the line about the link is gone."""
    site = opened("race", tour=KEY, stop="99")

    def asks():
        return [one.value for one in site.caption if "asks for stop" in one.value]

    assert asks() == [f'The link asks for stop "99". This lesson has {len(TOUR.stops)}, and the first is shown.']
    site.query_params["stop"] = "1"
    ran(site.run())
    assert len(asks()) == 1
    site.query_params["stop"] = "2"
    ran(site.run())
    assert asks() == []


def test_the_home_page_lists_every_lesson():
    (page,) = [e.proto.body for e in elements(opened("home").main) if "lessons" in getattr(e.proto, "body", "")]
    for tour in tours().values():
        assert f'<a href="{tour.address(1).replace("&", "&amp;")}">{tour.title}</a>. {tour.about}' in page
