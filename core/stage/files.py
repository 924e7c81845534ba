"""The files that a browser needs for a stage, each at an address that changes with its content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

ROOT = Path(__file__).parents[2]
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class File:
    """One file, read once: as it is, and gzipped."""

    name: str
    content: bytes
    gzipped: bytes

    @property
    def address(self) -> str:
        return f"/assets/{digest(self.content)}/{self.name}"

    @property
    def media_type(self) -> str:
        return TYPES[Path(self.name).suffix]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@cache
def stage_files() -> dict[str, File]:
    """stage.js, stage.css and the plotly.js that came with the installed Plotly, by name."""
    sources = {name: (ROOT / "assets" / name).read_bytes() for name in ("stage.js", "stage.css")}
    sources["plotly.js"] = package_files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    return {name: File(name, content, gzip.compress(content, 9, mtime=0)) for name, content in sources.items()}


@cache
def version() -> str:
    """Changes whenever a payload could: a hash of the code that makes it and of what it is made with."""
    code = b"".join(path.read_bytes() for path in sorted((ROOT / "core").rglob("*.py")))
    return digest(code + (ROOT / "requirements.txt").read_bytes())
