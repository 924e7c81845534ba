"""The committed scripts of others: where they come from, and that plotly.js fits the Python package and the views."""

import base64
import hashlib
import io
import json
import re
import tarfile

import pytest
from plotly.offline import get_plotlyjs_version

from core.stage.files import SOLID, stage_files
from tests.bundles import ASSETS, FILM, PLOTLY, Origin
from tests.views.cases import AROUND, stage

SCRIPT = stage_files()["plotly.js"].content.decode()
HEADER = SCRIPT[: SCRIPT.index("*/")]
GRANTS = {
    "MIT": "this permission notice shall be included in all copies",
    "MPL-2.0": "Mozilla Public License Version 2.0",
}


def test_it_is_the_release_that_the_python_package_draws_for():
    release = get_plotlyjs_version()
    assert f"plotly.js (cartesian - minified) v{release}\n" in HEADER, (
        "after an update of the Python package: make plotly"
    )
    assert f"plotly.js v{release}\n" in stage_files()[SOLID].content[:200].decode()
    assert Origin.read(PLOTLY.origin()).version == release
    assert "Plotly, Inc." in HEADER


@pytest.mark.parametrize("bundle", [PLOTLY, *FILM.values()], ids=lambda bundle: bundle.package)
def test_it_says_where_it_comes_from_and_under_which_licence(bundle):
    origin = Origin.read(bundle.origin())
    assert origin.package == bundle.package
    assert origin.source.endswith(f"/{origin.package}/-/{origin.package}-{origin.version}.tgz")
    script, licence = ((ASSETS / name).read_bytes() for name in bundle.files)
    assert origin.sha256 == hashlib.sha256(script).hexdigest()
    assert GRANTS[origin.licence] in " ".join(licence.decode().split())


def test_it_draws_every_kind_of_trace_that_a_flat_picture_has():
    drawn = {trace.type for view, choice in AROUND if not view.solid(**choice)
             for trace in stage(view.key, view.choose(**choice).address).figure.data}  # fmt: skip
    assert {"scatter", "contour"} <= drawn
    assert drawn <= set(re.findall(r'moduleType:"trace",name:"(\w+)"', SCRIPT))


def archive(script: bytes) -> tuple[bytes, str]:
    """A package as npm packs one, with this script in it, and its checksum."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as members:
        for path, content in zip(PLOTLY.files.values(), (script, b"MIT"), strict=True):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))
    content = packed.getvalue()
    return content, "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def test_another_archive_than_the_one_meant_is_refused():
    content, checksum = archive(b"draw()")
    assert PLOTLY.unpacked(content, checksum) == {
        "plotly-cartesian.min.js": b"draw()", "plotly-cartesian.LICENSE": b"MIT",
    }  # fmt: skip
    with pytest.raises(ValueError, match=re.escape(f"has the checksum {checksum}, not sha512-other")):
        PLOTLY.unpacked(content, "sha512-other")


@pytest.mark.parametrize("committed", ["4.1.1", "1.0.0"], ids=["the same release", "an update"])
def test_a_release_is_written_with_where_it_comes_from(committed, tmp_path):
    content, checksum = archive(b"draw()")
    version, registry, assets = "4.1.1", tmp_path / "registry", tmp_path / "assets"
    (registry / PLOTLY.package).mkdir(parents=True)
    assets.mkdir()
    source = registry / "packed.tgz"
    source.write_bytes(content)
    about = {"license": "MIT", "dist": {"tarball": source.as_uri(), "integrity": checksum}}
    (registry / PLOTLY.package / version).write_text(json.dumps(about))
    integrity = checksum if committed == version else "sha512-old"
    Origin(PLOTLY.package, committed, "MIT", source.as_uri(), integrity, "").write(PLOTLY.origin(assets))
    PLOTLY.fetch(version, assets, registry.as_uri())
    assert (assets / "plotly-cartesian.min.js").read_bytes() == b"draw()"
    assert (assets / "plotly-cartesian.LICENSE").read_bytes() == b"MIT"
    sha256 = hashlib.sha256(b"draw()").hexdigest()
    expected = Origin(PLOTLY.package, version, "MIT", source.as_uri(), checksum, sha256)
    assert Origin.read(PLOTLY.origin(assets)) == expected
