"""Fetch the committed scripts of others anew: each with its licence, and where they come from.

`make plotly` fetches the release of plotly.js that the Python package draws for, `make film` what makes a film. A newer
release of the latter is fetched by its number: `.venv/bin/python -m tests.bundles mediabunny 1.62.0`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import tarfile
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
REGISTRY = "https://registry.npmjs.org"
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Origin:
    """The npm package that the files of a bundle come from."""

    package: str
    version: str
    licence: str
    source: str  # the address of its archive
    integrity: str  # of the archive: "sha512-" and the checksum in base64, as npm writes it
    sha256: str  # of the script, in hexadecimal digits

    @classmethod
    def read(cls, path: Path) -> Origin:
        return cls(**json.loads(path.read_text()))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


@dataclass(frozen=True)
class Bundle:
    """A script out of an npm package: assets/NAME.min.js, beside it NAME.LICENSE and NAME.json, its origin."""

    name: str
    package: str
    script: str  # its path in the archive
    licence: str = "package/LICENSE"

    @property
    def files(self) -> Mapping[str, str]:
        """The paths in the archive of the files, by their paths in assets/."""
        return {f"{self.name}.min.js": self.script, f"{self.name}.LICENSE": self.licence}

    def origin(self, folder: Path = ASSETS) -> Path:
        return folder / f"{self.name}.json"

    def unpacked(self, archive: bytes, integrity: str) -> dict[str, bytes]:
        """The files out of the package's archive. ValueError for any other archive than the one meant."""
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
        if found != integrity:
            raise ValueError(f"the archive has the checksum {found}, not {integrity}; nothing was changed")
        with tarfile.open(fileobj=io.BytesIO(archive)) as members:
            return {name: members.extractfile(path).read() for name, path in self.files.items()}

    def fetch(self, version: str = "", folder: Path = ASSETS, registry: str = REGISTRY) -> Origin:
        """Writes the files of a release into a folder; of the one that is known there, where no version is named."""
        known = Origin.read(self.origin(folder)) if self.origin(folder).exists() else None
        if known and version in ("", known.version):
            version, source, integrity, licence = known.version, known.source, known.integrity, known.licence
        else:
            about = json.loads(fetched(f"{registry}/{self.package}/{version}"))
            source, integrity, licence = about["dist"]["tarball"], about["dist"]["integrity"], about["license"]
        files = self.unpacked(fetched(source), integrity)
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        sha256 = hashlib.sha256(files[f"{self.name}.min.js"]).hexdigest()
        origin = Origin(self.package, version, licence, source, integrity, sha256)
        origin.write(self.origin(folder))
        return origin


PLOTLY = Bundle("plotly-cartesian", "plotly.js-cartesian-dist-min", "package/plotly-cartesian.min.js")
FILM = {
    "mediabunny": Bundle("vendor/mediabunny", "mediabunny", "package/dist/bundles/mediabunny.min.cjs"),
    "modern-gif": Bundle("vendor/modern-gif", "modern-gif", "package/dist/index.js"),
}


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read()


def main(words: list[str]) -> None:
    if words == ["plotly"]:
        from plotly.offline import get_plotlyjs_version

        origins = [PLOTLY.fetch(get_plotlyjs_version())]
    elif words == ["film"]:
        origins = [bundle.fetch() for bundle in FILM.values()]
    else:
        name, version = words
        origins = [FILM[name].fetch(version)]
    for origin in origins:
        print(f"{origin.package} {origin.version} ({origin.licence}) is in {ASSETS}")


if __name__ == "__main__":
    main(sys.argv[1:])
