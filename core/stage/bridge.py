"""The stage as a Streamlit component. A re-run sends it only addresses and the values of the sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.stage.files import SOLID, stage_files

# stage.js and its style are files that a browser keeps for good; each message carries only this loader. An inline
# module has a blob: address, against which no path resolves: hence baseURI.
LOADER = """
const from = path => new URL(path, document.baseURI).href
const modules = {}

export default function (component) {
  const {data, parentElement} = component
  parentElement.style.minHeight = `${data.height}px`
  const address = from(data.module)
  modules[address] ??= import(address)
  const shown = modules[address].then(module => { module.show(component); return module })
  shown.catch(() => {
    delete modules[address]
    const again = document.createElement('button')
    again.textContent = 'The chart could not be loaded. Try again'
    again.onclick = () => location.reload()
    parentElement.replaceChildren(again)
  })
  return () => shown.then(module => module.close(parentElement), () => {})
}
"""

PACKED = "packed:"  # as in assets/stage/payload.js
_component = st.components.v2.component("lossarium_stage", js=LOADER, isolate_styles=False)


def mount(
    *,
    key: str,
    payload: str,
    solid: bool,
    wait: str,
    values: Mapping[str, float],
    acknowledged: int,
    navigation: int,
    height: int,
    saves: Mapping[str, str],
) -> dict[str, Any] | None:
    """Shows the stage. Returns what a person last released, or None: {"values": by key, "at": a number that grows}.

    key: keeps the drawn chart through re-runs.
    payload: the payload's address; or PACKED and the payload itself, of a person's own data, which has no address.
    solid: whether the picture has a third dimension.
    wait: shown while a payload is long in coming.
    values: where the sliders stand, by key. A stage that is shown takes them on only when `navigation` changes, because
        a person may be dragging again while Python still answers to the last release.
    acknowledged: the "at" of the last release that `values` know of, 0 for none. A newer release wins over `values`.
    navigation: a number that changes when the page is opened at another address, as by a link.
    height: of the picture, in pixels.
    saves: addresses that a click downloads, by what is written on the link.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    files = {name: prefix + file.address for name, file in stage_files().items()}
    data = {
        "module": files["stage.js"],
        "plotly": files[SOLID if solid else "plotly.js"],
        "payload": payload if payload.startswith(PACKED) else prefix + payload,
        "wait": wait,
        "saves": {name: prefix + address for name, address in saves.items()},
        "values": dict(values),
        "acknowledged": acknowledged,
        "navigation": navigation,
        "height": height,
    }
    return _component(key=key, data=data, on_released_change=lambda: None).released
