"""Streamlit's page as this site sends it: it names everything that the first picture needs at once.

Streamlit's own page learns what it needs a step at a time: its script asks two addresses where the server is (on a deep
link the first two are wrong), then connects, runs the page, fetches the component's code, which fetches the stage's,
which fetches plotly.js. Here the page says where the server is, and names those files.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from core.stage.answer import ENCODINGS, IDENTITY, compress, digest
from core.stage.files import stage_files

NAME = "Lossarium"
DESCRIPTION = '<meta name="description" content="Loss functions, alive: drag a parameter and every curve moves." />'

# Streamlit's own way to be told where its server is and what a host may do (it connects at once and asks for the same
# answers in the background); no other window may send this page messages. A page stands one step below the root. Its
# dialogs on errors would cover the pictures, which work on without a server, and speak to who runs it.
#
# When its server is gone, Streamlit connects to another and asks it for nothing: the new session knows no part of the
# page, and the first that a person changes is lost on it. So the page asks for a run as soon as it is connected anew,
# by the messages that Streamlit exchanges with a page around it.
PLACE = """let connections = 0
      addEventListener("message", ({{source, data}}) => {{
        if (source !== window || data?.type !== "WEBSOCKET_CONNECTED" || connections++ === 0) return
        postMessage({{stCommVersion: 1, type: "RERUN_SCRIPT"}}, location.origin)
      }})
      window.__streamlit = {{
        BACKEND_BASE_URL: new URL({root}, location.origin).href,
        HOST_CONFIG: {{allowedOrigins: [location.origin], useExternalAuthToken: false,
          enableCustomParentMessages: false, enforceDownloadInNewTab: false, blockErrorDialogs: true}},
      }}"""

# Seen where the network is slow. It needs no style sheet, and follows the theme of the system.
LOADING = (
    '<p style="position: fixed; inset: 0; margin: 0; padding: 20vh 1rem; text-align: center; '
    'font: 1.125rem system-ui, sans-serif; color-scheme: light dark; color: CanvasText; background: Canvas">'
    "Lossarium is loading. The first visit fetches 3 MB; later ones are quick.</p>"
)

# The first thing that the Tab key reaches.
SKIP = '<a class="skip" href="#picture">Skip to the picture</a>'

# Of Streamlit's bundle, what nearly every page of this site shows and its own page does not name.
LATE = ("BidiComponent", "ButtonGroup", "Multiselect")


@dataclass(frozen=True)
class Document:
    """The page by encoding, and the hashes of the scripts that stand in it."""

    bodies: dict[str, bytes]
    tag: str
    scripts: tuple[str, ...]  # as a content security policy names them


def document(static: Path, root: str = "/") -> Document:
    """The page of the Streamlit bundle in the folder `static`, for a site whose addresses begin with `root`."""
    text = (static / "index.html").read_text(encoding="utf-8")
    place = f"<script>{PLACE.format(root=json.dumps(root))}</script>"
    text = text.replace("<title>Streamlit</title>", f"<title>{NAME}</title>\n    {DESCRIPTION}\n    {place}", 1)
    text = text.replace("</head>", "  " + "\n    ".join(preloads(static, text)) + "\n  </head>", 1)
    text = loading(text)
    content = text.encode()
    return Document(
        bodies={IDENTITY: content} | {encoding: compress(content, encoding) for encoding in ENCODINGS},
        tag=digest(content),
        scripts=tuple(policy_hash(script) for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)),
    )


def loading(text: str) -> str:
    """The page with words to read until Streamlit draws its own in their place.

    A browser shows nothing before it has the style sheets of a page's head: they move behind the words.
    """
    styles = re.findall(r'<link rel="stylesheet"[^>]*>', text)
    for style in styles:
        text = text.replace(style, style.replace('rel="stylesheet"', 'rel="preload" as="style"'), 1)
    root = '<div id="root"></div>'
    return text.replace(root, "\n    ".join([SKIP, f'<div id="root">{LOADING}</div>', *styles]), 1)


def policy_hash(script: str) -> str:
    """How a content security policy names a script that stands in the page."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def preloads(static: Path, text: str) -> list[str]:
    """Tags for what the page is to fetch early: the stage's files, and the parts of the bundle that come late."""
    files = {name: "." + file.address for name, file in stage_files().items()}
    links = [
        f'<link rel="modulepreload" href="{files["stage.js"]}" />',
        *(f'<link rel="stylesheet" href="{files[name]}" />' for name in ("page.css", "stage.css")),
        f'<script async src="{files["plotly.js"]}"></script>',  # run while the page still waits for its server
    ]
    named = set(re.findall(r"/static/js/([\w.-]+\.js)", text))
    late = [name for name in import_closure(static / "static" / "js", LATE) if name not in named]
    return links + [f'<link rel="modulepreload" crossorigin href="./static/js/{name}" />' for name in late]


def import_closure(folder: Path, parts: tuple[str, ...]) -> list[str]:
    """The names of the bundle's files for these parts and for all that they import; a missing part is left out."""
    wanted = [path.name for part in parts for path in sorted(folder.glob(f"{part}.*.js"))]
    found: list[str] = []
    while wanted:
        name = wanted.pop(0)
        if name not in found and (folder / name).is_file():
            found.append(name)
            wanted += re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', (folder / name).read_text(encoding="utf-8"))
    return found
