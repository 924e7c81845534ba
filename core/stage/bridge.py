"""The stage as a Streamlit component. A re-run sends it only addresses, and the values that somebody arrived with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import streamlit as st

from core.stage.files import FILM, SOLID, stage_files
from core.stage.prefix import site_prefix
from core.stage.slider import Slider

# stage.js and its style are files that a browser keeps for good; each message carries only this loader. An inline
# module has a blob: address, against which no path resolves: hence baseURI.
# A page keeps to one stage.js. After an update of the site, a new session in an old page names another, which is not to
# go on with what the first has drawn. The first stage takes its sliders' values out of the address when it is taken
# down: the reloaded page is to show what the address said before.
LOADER = """
const from = path => new URL(path, document.baseURI).href
const modules = {}

function offerReload(place, words, address = location.href) {
  const again = document.createElement('button')
  again.textContent = words
  again.onclick = () => { history.replaceState(history.state, '', address); location.reload() }
  place.replaceChildren(again)
}

export default function (component) {
  const {data: [data], parentElement} = component
  parentElement.style.minHeight = `${data.height}px`
  const address = from(data.module)
  const page = document.documentElement.dataset
  page.stage ??= address
  if (page.stage !== address) {
    const left = page.left?.startsWith(location.origin + location.pathname) ? page.left : location.href
    offerReload(parentElement, 'The site has been updated. Reload the page', left)
    return
  }
  modules[address] ??= import(address)
  const shown = modules[address].then(module => { module.show({data, parentElement}); return module })
  shown.catch(() => {
    delete modules[address]
    offerReload(parentElement, 'The chart could not be loaded. Try again')
  })
  return () => {
    page.left = location.href
    shown.then(module => module.close(parentElement), () => {})
  }
}
"""

PACKED = "packed:"  # as in assets/stage/payload.js
_component = st.components.v2.component("lossarium_stage", js=LOADER, isolate_styles=False)


def mount(
    *,
    key: str,
    payload: str,
    solid: bool,
    height: int,
    wait: str = "",
    saves: Mapping[str, str] | None = None,
    sliders: Iterable[Slider] = (),
    state: str,
    values: Mapping[str, float] | None = None,
    navigation: int = 0,
    code: str = "",
    scenes: Sequence[Mapping[str, Any]] | None = (),
    lecture: bool = False,
    question: str = "",
    hidden: Sequence[str] = (),
    pickers: Mapping[str, str] | None = None,
) -> None:
    """Shows the stage.

    The browser itself keeps the released values, writes them to the address and asks for the payload around them.

    key: keeps the drawn chart through re-runs.
    payload: the address of the payload around the sliders' starts; or PACKED and the payload itself, of a person's own
        data, which has no address.
    solid: whether the picture has a third dimension.
    height: of the picture, in pixels.
    wait: shown while a payload is long in coming.
    saves: addresses that a click downloads, by what is written on the link.
    sliders: those whose values belong in the page's address.
    state: the name under which the browser keeps their values.
    values: the values that somebody arrived with, by key. The browser takes them on when `navigation` changes.
    navigation: a number that changes when the page is opened at another address, as by a link.
    code: the library of which somebody who arrived wants to see code.
    scenes: those of the page, each with its words of an address, what it shows and its task. The one that the page is
        opened at stands above the picture. None where the browser has them already: a picker's run stays small.
    lecture: whether it is shown in a lecture: alone and large.
    question: "1" where its question is asked, "0" where not; else it is on the first visit.
    hidden: names of sliders that are left out.
    pickers: labels of the page's widgets for this view, by name: what "Share" can leave out beside the sliders.
    """
    prefix = site_prefix()
    files = {name: prefix + file.address for name, file in stage_files().items()}
    data = {
        "module": files["stage.js"],
        "plotly": files[SOLID if solid else "plotly.js"],
        "payload": payload if payload.startswith(PACKED) else prefix + payload,
        "wait": wait,
        "saves": {name: prefix + address for name, address in (saves or {}).items()},
        "film": {kind: files[name] for kind, name in FILM.items()},
        "sliders": {slider.key: range_of(slider) for slider in sliders},
        "state": state,
        "session": st.session_state.setdefault("session", uuid4().hex),
        "values": dict(values or {}),
        "navigation": navigation,
        "code": code,
        "lecture": lecture,
        "question": question,
        "hidden": list(hidden),
        "pickers": dict(pickers or {}),
        "height": height,
    }
    if scenes is not None:
        data["scenes"] = list(scenes)
    _component(key=key, data=[data])  # in a list: of a mapping Streamlit would look into every value for a table


def mount_tour(*, here: str, back: str, next: str, **words: Any) -> None:
    """Shows the bar of a lesson's stop.

    here, back, next: the addresses of the stop, and of those before and after it; "" where there is none.
    words: what the bar says, as `core.ui.tours` names it.
    """
    prefix = site_prefix()
    to = {
        name: prefix + address if address else ""
        for name, address in {"here": here, "back": back, "next": next}.items()
    }
    module = prefix + stage_files()["stage.js"].address
    _component(key="tour", data=[{"module": module, "height": 0, "tour": {**words, **to, "home": f"{prefix}/"}}])


def range_of(slider: Slider) -> dict[str, Any]:
    """What the browser must know of a slider before the payload is there."""
    low, high = float(slider.values[0]), float(slider.values[-1])
    return {"start": slider.default, "low": low, "high": high, "recomputed": slider.recomputed}
