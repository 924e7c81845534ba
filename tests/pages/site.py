"""The site without a browser: a page at an address, and what stands on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.ui.site import HOME
from core.views import VIEWS
from pages.site import PAGES
from tests.places import PLACES
from tests.views.texts import filled

# Every AppTest reads the metadata of every installed package for components; once is enough.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
SITE = Path(__file__).parents[2] / "pages" / "site.py"
PATIENCE = 60.0  # seconds a run may take on a machine with much else to do
COMPLAINT = "Part of this link could not be read and is left out: "


def opened(place: str, **query: Any) -> AppTest:
    """The page as somebody sees it who arrives with this address; a name given twice has a list of values."""
    page, own, _ = PLACES[place]
    return opened_page(page, own | query)


def opened_address(address: str) -> AppTest:
    """The same of an address such as "/loss-curves?view=fit"."""
    parts = urlsplit(address)
    page = next(page.key for page in PAGES if f"/{page.path}" == parts.path)
    return opened_page(page, dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))))


def opened_page(page: str, query: Mapping[str, Any]) -> AppTest:
    site = AppTest.from_file(SITE, default_timeout=PATIENCE).run()
    if page != HOME:
        site.switch_page(f"{page}.py")
    site.query_params = dict(query)
    return ran(site.run())


def ran(site: AppTest) -> AppTest:
    assert not site.exception, site.exception[0].message
    return site


def complaints(site: AppTest) -> list[str]:
    """What the page says of an address that it could not read."""
    return [caption.value.removeprefix(COMPLAINT) for caption in site.caption if caption.value.startswith(COMPLAINT)]


def elements(block: Any) -> Iterator[Any]:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from elements(child)


def stages(site: AppTest) -> list[dict[str, Any]]:
    """What each stage on the page is data, but for the name of the session."""
    data = [one for one in components(site) if "payload" in one]
    assert all(one.pop("session") for one in data)
    return data


def bars(site: AppTest) -> list[dict[str, Any]]:
    """What the bar of a lesson is told, if there is one on the page."""
    return [one["tour"] for one in components(site) if "tour" in one]


def components(site: AppTest) -> list[dict[str, Any]]:
    mounted = [e.proto for e in elements(site.main) if getattr(e, "type", "") == "bidi_component"]
    return [json.loads(proto.json)[0] for proto in mounted]


def reloaded(site: AppTest, **values: float) -> AppTest:
    """As after a reload where sliders stand at these values, all others at their start: the browser has written them to
    the address."""
    sliders = {key for stage in stages(site) for key in stage["sliders"]}
    others = {name: text for name, text in site.query_params.items() if name not in sliders}
    site.query_params = others | {key: f"{value:g}" for key, value in values.items()}
    return ran(site.run())


def cards(site: AppTest) -> str:
    """All words of the page in Markdown, those under the stage too, with the numbers of its sliders in them."""
    return "\n\n".join([*(markdown.value for markdown in site.markdown), *map(cards_under, stages(site))])


def cards_under(stage: dict[str, Any]) -> str:
    if not stage["payload"].startswith("/view/"):
        return ""
    address = urlsplit(stage["payload"])
    view = VIEWS[address.path.rpartition("/")[2]]
    query = dict(parse_qsl(address.query))
    query.pop("v")
    shown, values = view.choose(**view.read(query)).around(stage["values"]).stage, stage["values"]
    found = []
    for card in shown.cards:
        found += [card.folded, *(link.label for link in card.links), filled(card.text, values)]
        if stage["code"]:
            found += [f"```python\n{filled(card.code[stage['code']], values)}\n```"] if card.code else []
            found.append(card.notes.get(stage["code"], ""))
    return "\n\n".join(found)


def open_tab(site: AppTest, label: str) -> AppTest:
    site.session_state["tab.view"] = label
    return ran(site.run())


def assert_restored(place: str, words: dict[str, str]) -> None:
    """That this link brings every one of its words back: to the address, to the picture or its sliders, and again."""
    site = opened(place, **words)
    assert complaints(site) == []
    own = opened(place).query_params
    assert site.query_params == own | words
    (stage,) = stages(site)
    chosen = {f"{name}={text}" for name, text in parse_qsl(stage["payload"].partition("?")[2])}
    moved = {f"{key}={value:g}" for key, value in stage["values"].items()}
    library = {f"code={stage['code'].lower()}"} if stage["code"] else set()
    assert {f"{name}={text}" for name, text in words.items()} <= chosen | moved | library
    again = opened(place, **site.query_params)
    assert stages(again) == stages(site)
    assert cards(again) == cards(site)
