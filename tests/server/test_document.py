"""The page as this site sends it. That a browser uses what it names: tests/server/test_first_load.py."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit

from core.server import document
from core.server.document import LATE, NAME, import_closure, policy_hash
from core.stage.answer import IDENTITY

STATIC = Path(streamlit.__file__).parent / "static"


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def text() -> str:
    return document(STATIC).bodies[IDENTITY].decode()


def test_says_where_the_server_is_before_streamlit_asks(text: str) -> None:
    assert f"<title>{NAME}</title>" in text
    assert text.index("window.__streamlit") < text.index('type="module"')
    assert 'new URL("/", location.origin)' in text
    assert 'new URL("/under/", location.origin)' in document(STATIC, "/under/").bodies[IDENTITY].decode()


def test_every_script_in_the_page_is_in_the_policy_by_its_hash(text: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 2  # Streamlit's and ours
    assert document(STATIC).scripts == tuple(policy_hash(script) for script in scripts)
    assert policy_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    tags = Tags(text).found
    assert not [attributes for _, attributes in tags if any(name.startswith("on") for name in attributes)]


def test_names_each_early_file_once(text: str) -> None:
    links = [a["href"] for tag, a in Tags(text).found if tag == "link" and "preload" in str(a["rel"])]
    links += [a["src"] for tag, a in Tags(text).found if tag == "script" and "async" in a]
    assert len(links) == len(set(links))
    for part in (*LATE, "stage", "plotly"):
        assert any(f"/{part}." in str(link) for link in links), f"{part} is not named: has Streamlit renamed it?"
    for link in links:
        assert str(link).startswith("./assets/") or (STATIC / str(link)).is_file()


def test_words_stand_before_every_style_sheet_and_no_sheet_is_lost(text: str) -> None:
    tags = Tags(text).found
    styles = [a["href"] for tag, a in tags if tag == "link" and a["rel"] == "stylesheet"]
    early = [a["href"] for tag, a in tags if tag == "link" and a.get("as") == "style"]
    assert len(styles) == 3  # Streamlit's, the page's and the stage's
    assert styles == early
    assert "/static/css/index." in str(styles[0])
    assert "/page.css" in str(styles[1])
    assert "/stage.css" in str(styles[2])
    assert text.index("Lossarium is loading") < text.index('rel="stylesheet"')


def test_import_closure_follows_imports_and_passes_over_what_is_not_there(tmp_path: Path) -> None:
    files = {"A.1.js": 'import"./b.2.js";import{x as y}from"./c.3.js"', "b.2.js": 'export*from"./A.1.js"', "c.3.js": ""}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert import_closure(tmp_path, ("A", "Nothing")) == ["A.1.js", "b.2.js", "c.3.js"]
