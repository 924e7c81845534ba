"""Shows a view on the page: its stage, with its sliders at the values that somebody arrived with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, NamedTuple

import streamlit as st

from core.stage import Slider, bridge
from core.stage.files import version
from core.ui.address import as_sentence, link_words, part_of_page, report_unread, write_to_address
from core.ui.choose import choose, pickers, remember_view
from core.ui.presentation import hidden, is_lecture, question, report_hidden
from core.views.kit.view import Choice, Preset, View

FILES = {"html": "HTML", "csv": "CSV", "py": "PyTorch"}  # that a view can be saved as, to what the link says


@st.fragment
def choose_and_show(
    views: View | Mapping[str, View], by: str = "", scenes: Mapping[str, Preset] = MappingProxyType({})
) -> None:
    """The widgets of a view's parameters, and the stage of what they choose. `views` and `by` are those of `choose`.

    scenes: the presets of the page.

    When one of the widgets is changed, this part of the page runs alone; for another view the whole page does, whose
    header has links to the presets of each view.
    """
    with part_of_page() as alone:
        choice = choose(views, by)
        if isinstance(views, Mapping) and remember_view(by, views, choice.view) and alone:
            st.rerun()
        show(choice, None if alone else scenes, by=by)


def show(choice: Choice, scenes: Mapping[str, Preset] | None = MappingProxyType({}), *, by: str = "") -> None:
    """The stage of a choice.

    scenes: the presets of the page; None where the browser knows them already.
    by: the name of the widget that picks the view, if one does.

    Where a slider is released costs the server nothing: the browser keeps the values and writes them to the address.
    """
    view = choice.view
    try:
        arrived = arrived_with(choice)
    except ValueError as error:  # a person's own data do not suit what was chosen for them
        st.error(as_sentence(error))
        return
    bridge.mount(
        key=f"stage.{view.key}",
        payload=f"/view/{view.key}?{choice.address}&v={version()}",
        solid=choice.solid,
        height=view.height,
        wait=view.wait,
        saves={FILES[kind]: f"/save/{view.key}.{kind}?{choice.address}" for kind in view.saves},
        sliders=choice.sliders.values(),
        state=view.state,
        values=arrived.values,
        navigation=arrived.navigation,
        code=arrived.code,
        lecture=is_lecture(),
        question=question(),
        hidden=hidden(),
        pickers=pickers(view, by),
        scenes=None if scenes is None else [scene_of(preset) for preset in scenes.values()],
    )
    report_hidden((*pickers(view, by), *choice.sliders))
    for key, value in within_sliders(choice.sliders, arrived.values).items():
        write_to_address(key, f"{value:g}")
    if arrived.code:
        write_to_address("code", arrived.code.lower())


def scene_of(preset: Preset) -> dict[str, Any]:
    """A preset as the browser wants it."""
    variants = [{"name": one.name, "verdict": one.verdict, "words": preset.words(one)} for one in preset.variants]
    task = asdict(preset.task) if preset.task else None
    return {"words": dict(preset.address), "shows": preset.shows, "task": task, "variants": variants}


class Arrived(NamedTuple):
    """What the last address that somebody arrived with says of a view's sliders and of the code under it."""

    values: dict[str, float]  # of the sliders that are not at their start, by key
    navigation: int  # counts these addresses: only then may Python move what the browser shows
    code: str = ""  # the library of which somebody wants to see code


def arrived_with(choice: Choice) -> Arrived:
    """What the last address says; it is kept for all views that share a state."""
    view, sliders = choice.view, choice.sliders
    kept = st.session_state.setdefault(f"arrived.{view.state}", Arrived({}, 0))
    if (unread := link_words()) is not None:
        given = {key: unread.pop(key) for key in sliders if key in unread}
        code = read_code(view, unread.pop("code", "")) if view.code else ""
        kept = Arrived(read_sliders(sliders, given), kept.navigation + 1, code)
        st.session_state[f"arrived.{view.state}"] = kept
    return kept


def read_code(view: View, word: str) -> str:
    """The library that a word of the address asks code for, as it is written; "" for none."""
    libraries = {"none": "", **{name.lower(): name for name in view.code}}
    if "PyTorch" in view.code:
        libraries["torch"] = "PyTorch"  # links of an earlier version say so
    if word and word not in libraries:
        report_unread(f'code must be one of {", ".join(libraries)}, got "{word:.40}"')
    return libraries.get(word, "")


def within_sliders(sliders: Mapping[str, Slider], values: Mapping[str, float]) -> dict[str, float]:
    """The values, maybe meant for another picture, that these sliders can take; without those at their defaults."""
    found = {}
    for key, slider in sliders.items():
        if key in values and slider.values[0] <= values[key] <= slider.values[-1]:
            value = slider.nearest(values[key])
            if value != slider.default:
                found[key] = value
    return found


def read_sliders(sliders: Mapping[str, Slider], given: Mapping[str, str]) -> dict[str, float]:
    """The values in an address of sliders that are not at their start; one that cannot be read is reported."""
    moved = {}
    for key, slider in sliders.items():
        if key in given:
            try:
                value = slider.read(given[key])
            except ValueError as error:
                report_unread(str(error))
                continue
            if value != slider.default:
                moved[key] = value
    return moved
