"""Fetch plotly.js for charts with an x and a y axis anew: its script, its licence, and where they come from.

Run by `make plotly`. The Python package brings only the whole library, three times the size; this build of the same
release is the npm package `plotly.js-cartesian-dist-min`. After the Python package was updated this fetches the release
that it draws for now, and writes down the checksum which the npm registry gives for it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from plotly.offline import get_plotlyjs_version

ASSETS = Path(__file__).parents[1] / "assets"
ORIGIN = "plotly-cartesian.json"
PACKAGE = "plotly.js-cartesian-dist-min"
REGISTRY = "https://registry.npmjs.org"
FILES = {"plotly-cartesian.min.js": "package/plotly-cartesian.min.js", "plotly-cartesian.LICENSE": "package/LICENSE"}
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Origin:
    """The npm package that the files in assets/ come from."""

    package: str
    version: str
    licence: str
    source: str  # the address of its archive
    integrity: str  # of the archive: "sha512-" and the checksum in base64, as npm writes it
    sha256: str  # of the script, in hexadecimal digits

    @classmethod
    def read(cls, folder: Path = ASSETS) -> Origin:
        return cls(**json.loads((folder / ORIGIN).read_text()))

    def write(self, folder: Path) -> None:
        (folder / ORIGIN).write_text(json.dumps(asdict(self), indent=2) + "\n")


def unpacked(archive: bytes, integrity: str) -> dict[str, bytes]:
    """The files for assets/ out of a package's archive. ValueError for any other archive than the one meant."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != integrity:
        raise ValueError(f"the archive has the checksum {found}, not {integrity}; nothing was changed")
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        return {name: members.extractfile(path).read() for name, path in FILES.items()}


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read()


def main(folder: Path = ASSETS, registry: str = REGISTRY) -> None:
    version = get_plotlyjs_version()
    known = Origin.read(folder)
    if known.version == version:
        source, integrity, licence = known.source, known.integrity, known.licence
    else:
        about = json.loads(fetched(f"{registry}/{PACKAGE}/{version}"))
        source, integrity, licence = about["dist"]["tarball"], about["dist"]["integrity"], about["license"]
    files = unpacked(fetched(source), integrity)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sha256 = hashlib.sha256(files["plotly-cartesian.min.js"]).hexdigest()
    Origin(PACKAGE, version, licence, source, integrity, sha256).write(folder)
    print(f"{PACKAGE} {version} ({licence}) is in {folder}")


if __name__ == "__main__":
    main()
