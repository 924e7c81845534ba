"""Lessons on the pages: the stop that is open, in a bar beside the page's title, and the list of all."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.stage import bridge
from core.stage.prefix import site_prefix
from core.tours import tours
from core.ui.address import plain_text
from core.ui.presentation import STOP, current_tour, missing_stop


def show_tour() -> bool:
    """The bar of the lesson that is on; False, and not even an empty element, where none is."""
    tour = current_tour()
    if tour is None:
        return False
    number = int(st.session_state.get(STOP) or 1)
    if sentence := missing_stop():
        st.caption(plain_text(sentence) + ".")
    stop, last = tour.stops[number - 1], len(tour.stops)
    bridge.mount_tour(
        title=tour.title,
        number=number,
        count=last,
        heading=stop.heading,
        text=stop.text,
        question=stop.question,
        answer=stop.answer,
        here=tour.address(number),
        back=tour.address(number - 1) if number > 1 else "",
        next=tour.address(number + 1) if number < last else "",
    )
    return True


def list_tours() -> None:
    """A link to the first stop of each lesson."""
    # HTML, because a link in Markdown opens another tab.
    rows = [
        f'<li><a href="{escape(site_prefix() + tour.address(1))}">{escape(tour.title)}</a>. {escape(tour.about)}</li>'
        for tour in tours().values()
    ]
    st.html(f'<ul class="lessons">{"".join(rows)}</ul>')
