"""The page's address is its save file: every choice stands in the query string, defaults left out.

A run begins by looking at the address. When it is another than the page wrote last, somebody arrived with it (a link, a
reload, the Back button) and it counts; else what the widgets hold counts. A browser that sends two changes in a row
sends the second with an address that does not hold the first, so a run in which a widget changed is no
navigation.
At the end the page writes its address anew.
The values of sliders in it are the browser's: assets/stage/address.js puts them into whatever is written.
A word in it that cannot be read falls back to its default, a list to what of it can be read; one quiet line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.stage.parameters import PartlyRead

LAST = "address of the last run"
RUN = "address of this run"
PLAIN, SIGNS = " .,;:'\"“”_-?=/()", "+*^|"  # what stays of a sentence beside letters and digits


@contextmanager
def address(page: str) -> Iterator[None]:
    """Wraps a whole page: every `choice_value` inside shares one reading of the address."""
    found = st.query_params.to_dict()
    twice = [name for name in found if len(st.query_params.get_all(name)) > 1]
    last = st.session_state.get(LAST, {})
    known = last.get("page") == page and (last["address"] == found or last["held"] != widget_values(last["held"]))
    arrived = None if known else found
    unread = {name: text for name, text in (arrived or {}).items() if name not in twice}
    trouble = [] if arrived is None else [f'"{name:.40}" is given twice' for name in twice]
    run: dict[str, Any] = {"page": page, "arrived": arrived, "unread": unread, "trouble": trouble}
    st.session_state[RUN] = run | {"written": {}, "keys": {}, "ended": False}
    quiet = st.empty()
    yield
    run = st.session_state[RUN]
    trouble = [*run["trouble"], *(f'unknown "{name:.40}"' for name in run["unread"])]
    if trouble:
        more = f" {len(trouble) - 1} more of its words could not be read." if len(trouble) > 1 else ""
        quiet.caption(f"Part of this link could not be read and is left out: {plain_text(trouble[0])}.{more}")
    run |= {"arrived": None, "ended": True}
    # A link of the page's own brings its words here, but the browser's address is left to us.
    sync_address(anew=bool(twice) or (bool(last) and arrived is not None))


@contextmanager
def part_of_page() -> Iterator[bool]:
    """Wraps the part of a page that runs alone when one of its widgets changes: the rest of the address stays.

    It is given whether the part runs alone now.
    """
    run = st.session_state[RUN]
    alone = run["ended"]
    if alone:
        run["written"] = dict(run["outside"])
    else:
        run["outside"] = dict(run["written"])
    yield alone
    if alone:
        sync_address()


def sync_address(*, anew: bool = False) -> None:
    """Brings the browser's address up to what the page has written, and remembers it."""
    run = st.session_state[RUN]
    if anew or st.query_params.to_dict() != run["written"]:
        st.query_params.from_dict(run["written"])
    st.session_state[LAST] = {"page": run["page"], "address": dict(run["written"]), "held": widget_values(run["keys"])}


def widget_values(keys: Iterable[str]) -> dict[str, Any]:
    """The session's values under these keys of widgets. What a page sets as a tuple comes back as a list."""
    found = {key: st.session_state.get(key) for key in keys}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def choice_value(name: str, key: str, default: Any, read: Callable[[str], Any]) -> Any:
    """The value of one choice before its widget is drawn: from the address if it is a new one, else from
    the session's `key`, else the default. It is left under `key`, where a widget of that key finds it."""
    run = st.session_state[RUN]
    watch(key)
    if run["arrived"] is not None:
        st.session_state[key] = default
        if (text := run["unread"].pop(name, None)) is not None:
            try:
                st.session_state[key] = read(text)
            except ValueError as error:
                if isinstance(error, PartlyRead):
                    st.session_state[key] = error.rest
                run["trouble"].append(str(error))
    return st.session_state.setdefault(key, default)


def watch(key: str) -> None:
    """Counts a widget of this key among those whose change is no navigation."""
    st.session_state[RUN]["keys"][key] = None


def write_to_address(name: str, text: str) -> None:
    """Sets what the address will hold under this name."""
    st.session_state[RUN]["written"][name] = text


def link_words() -> dict[str, str] | None:
    """The words of a new address that nothing has read yet; None in a run that no new address started."""
    run = st.session_state[RUN]
    return run["unread"] if run["arrived"] is not None else None


def report_unread(sentence: str) -> None:
    st.session_state[RUN]["trouble"].append(sentence)


def plain_text(sentence: str) -> str:
    """The text without the characters that Markdown would act on."""
    return "".join(letter for letter in sentence if letter.isalnum() or letter in PLAIN).strip(".")


def as_sentence(error: Exception) -> str:
    """The message of an error as a sentence that can be shown."""
    sentence = plain_text(str(error))
    return f"{sentence[:1].upper()}{sentence[1:]}."


def formula_text(sentence: str) -> str:
    """The same with the signs of formulas, as Markdown that shows them."""
    kept = (letter for letter in sentence if letter.isalnum() or letter in PLAIN + SIGNS)
    return "".join(f"\\{letter}" if letter in SIGNS else letter for letter in kept).strip(".")
