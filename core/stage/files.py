"""The scripts and style sheets of a stage and of the page around it, each at an address that changes with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import plotly

from core.stage.answer import ENCODINGS, IDENTITY, compress, digest
from core.stage.modules import join_modules

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
SOLID = "plotly-solid.js"
FILM = {"webm": "webm.js", "gif": "gif.js"}  # what writes a film, by the ending of its file
LATER = {SOLID, *FILM.values()}  # compressed once the server answers: it takes seconds, and few ask for them
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class Bodies(dict[str, bytes]):
    """The bytes of a file by encoding, each compressed when it is first asked for."""

    def __missing__(self, encoding: str) -> bytes:
        self[encoding] = compress(self[IDENTITY], encoding)
        return self[encoding]


@dataclass(frozen=True)
class File:
    """A file that is read and compressed once."""

    name: str
    bodies: Bodies

    @classmethod
    def of(cls, name: str, content: bytes) -> File:
        return cls(name, Bodies({IDENTITY: content}))

    @property
    def content(self) -> bytes:
        return self.bodies[IDENTITY]

    @cached_property
    def address(self) -> str:
        return f"/assets/{digest(self.content)}/{self.name}"

    @property
    def media_type(self) -> str:
        return TYPES[Path(self.name).suffix]


@cache
def stage_files() -> dict[str, File]:
    """stage.js, stage.css, page.css, plotly.js, plotly-solid.js and the scripts that write films, by name.

    plotly-solid.js is the Python package's own, with everything in it. plotly.js is the same release's build for charts
    with an x and a y axis, fetched by `make plotly`: a third of the size, and a first chart 0.5 s of processor time
    sooner. webm.js is mediabunny, gif.js is the script of a worker: modern-gif, and what calls it there.
    """
    contents = {
        "stage.js": join_modules(ASSETS / "stage" / "main.js").encode(),
        "stage.css": (ASSETS / "stage.css").read_bytes(),
        "page.css": (ASSETS / "page.css").read_bytes(),
        "plotly.js": (ASSETS / "plotly-cartesian.min.js").read_bytes(),
        FILM["webm"]: (ASSETS / "vendor" / "mediabunny.min.js").read_bytes(),
        FILM["gif"]: b"\n".join((ASSETS / path).read_bytes() for path in ("vendor/modern-gif.min.js", "gif_worker.js")),
        SOLID: (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes(),
    }
    files = {name: File.of(name, content) for name, content in contents.items()}
    for file in files.values():
        for encoding in ENCODINGS if file.name not in LATER else ():  # see `route.prepare`
            file.bodies[encoding]
    return files


@cache
def version() -> str:
    """A hash of the code and of the packages that payloads are made with: another whenever a payload could differ."""
    code = b"".join(path.read_bytes() for path in sorted((ROOT / "core").rglob("*.py")))
    return digest(code + (ROOT / "requirements.txt").read_bytes())
