"""How a page is presented: in a lecture, with or without its question, with some of its controls left out, as a stop
of a lesson. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from core.stage.parameters import OneOf, Whole
from core.tours import Tour, tours
from core.ui.address import choice_value, link_words, report_unread, write_to_address

LECTURE, QUESTION, HIDE, TOUR, STOP = "lecture", "question", "hide", "tour", "stop"
NO_STOP = "stop that is missing"  # key of the session
HIDDEN_BEFORE = "hidden controls of the last run"  # key of the session
MOST_HIDDEN = 40  # controls: more than a page has


def read_presentation() -> None:
    """Takes these words from the address; every page begins with it."""
    reads = {LECTURE: read_lecture, QUESTION: read_question, HIDE: read_hidden, TOUR: read_tour, STOP: read_stop}
    for name, read in reads.items():
        text = choice_value(name, name, "", read)
        if text:
            write_to_address(name, text)


def read_lecture(text: str) -> str:
    if text not in ("", "1"):
        raise ValueError(f'lecture must be 1, got "{text:.40}"')
    return text


def read_question(text: str) -> str:
    if text not in ("", "0", "1"):
        raise ValueError(f'question must be 0 or 1, got "{text:.40}"')
    return text


def read_hidden(text: str) -> str:
    """The names of controls, with commas between them, as they are in the address."""
    names = text.split(",")
    if len(names) > MOST_HIDDEN or not all(name.replace("_", "").replace(".", "").isalnum() for name in names):
        raise ValueError(f'hide must be names of controls, such as hide=lr,optimizers, got "{text:.40}"')
    return text


def read_tour(text: str) -> str:
    """The key of a lesson."""
    titles = {key: tour.title for key, tour in tours().items()}
    return OneOf(name=TOUR, label=TOUR, options=titles, default="").read(text)


def read_stop(text: str) -> str:
    """The number of a stop of the lesson that is on."""
    if (tour := current_tour()) is None:
        raise ValueError(f'stop must come with a tour, such as {TOUR}={next(iter(tours()))}, got "{text:.40}"')
    try:
        number = Whole(name=STOP, label=STOP, default=1, low=1, high=len(tour.stops)).read(text)
    except ValueError:
        # The page goes to where the first stop is, and what is reported of this address would go with it.
        st.session_state[NO_STOP] = text
        raise
    if number > 1:
        st.session_state.pop(NO_STOP, None)
    return str(number)


def missing_stop() -> str:
    """A sentence where a link asked for a stop that the lesson does not have; "" else, and once another was opened."""
    text, tour = st.session_state.get(NO_STOP, ""), current_tour()
    if not text or tour is None:
        return ""
    return f'The link asks for stop "{text:.20}". This lesson has {len(tour.stops)}, and the first is shown.'


def current_tour() -> Tour | None:
    """The lesson that is on, if one is."""
    return tours().get(st.session_state.get(TOUR, ""))


def is_lecture() -> bool:
    return bool(st.session_state.get(LECTURE))


def question() -> str:
    """ "1" where the question of a picture is asked, "0" where it is not; "" where nothing is said of it."""
    return str(st.session_state.get(QUESTION, ""))


def report_hidden(names: Collection[str]) -> None:
    """Says of a new address whose words hide nothing of what a page has: none of these `names` of controls.

    A link of the page's own keeps what was hidden before, though another picture may not have it.
    """
    known = st.session_state.get(HIDDEN_BEFORE) == hidden()
    st.session_state[HIDDEN_BEFORE] = hidden()
    if hidden() and not known and link_words() is not None and not set(hidden()) & set(names):
        report_unread(f'hide names no control of this picture: "{",".join(hidden()):.40}"')


def hidden() -> tuple[str, ...]:
    """The names of the controls that are left out: of pickers and of sliders."""
    return tuple(filter(None, st.session_state.get(HIDE, "").split(",")))
