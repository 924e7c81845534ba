"""The stage as a Streamlit component: a re-run sends only addresses and the values of the sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.stage.files import SOLID, stage_files

# stage.js is a file, cached for good, as is its style, which stands in every page. What travels with each message
# is only this loader. An inline module has a blob: address, against which no path resolves: hence baseURI.
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

PACKED = "packed:"  # before a payload that comes with the page, in the place of its address
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
    """Show the stage at the address `payload`, its sliders at `values`; what a person last released, or None.

    Of a person's own data, which has no address, the payload itself comes packed, after PACKED.

    `key` keeps the drawn chart through re-runs. A shown stage takes on other `values` only when `navigation` changes,
    because a person may be dragging again while Python still answers to the last release; for the same reason `heard`
    tells it which release (its "at") `values` know of, 0 for none. A `solid` one has a third dimension. `wait` is said
    while a payload is long in coming. `saves` maps a label to the address that a click on it downloads.
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
