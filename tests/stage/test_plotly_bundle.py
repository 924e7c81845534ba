"""The committed build of plotly.js: where it comes from, and that it fits the Python package and the views."""

import base64
import hashlib
import io
import json
import re
import tarfile

import pytest
from plotly.offline import get_plotlyjs_version

from core.stage.files import SOLID, stage_files
from tests.plotly_bundle import ASSETS, FILES, PACKAGE, Origin, main, unpacked
from tests.views.cases import AROUND, stage

SCRIPT = stage_files()["plotly.js"].content.decode()
HEADER = SCRIPT[: SCRIPT.index("*/")]


def test_it_is_the_release_that_the_python_package_draws_for():
    release = get_plotlyjs_version()
    assert f"plotly.js (cartesian - minified) v{release}\n" in HEADER, (
        "after an update of the Python package: make plotly"
    )
    assert f"plotly.js v{release}\n" in stage_files()[SOLID].content[:200].decode()


def test_it_says_where_it_comes_from_and_under_which_licence():
    origin = Origin.read()
    assert f"v{origin.version}\n" in HEADER
    assert f"Licensed under the {origin.licence} license" in HEADER
    assert "Plotly, Inc." in HEADER
    assert origin.source.endswith(f"/{origin.package}/-/{origin.package}-{origin.version}.tgz")
    assert origin.sha256 == hashlib.sha256((ASSETS / "plotly-cartesian.min.js").read_bytes()).hexdigest()
    licence = (ASSETS / "plotly-cartesian.LICENSE").read_text()
    assert licence.startswith(f"{origin.licence} License\n\nCopyright (c) ")
    assert "this permission notice shall be included in\nall copies" in licence


def test_it_draws_every_kind_of_trace_that_a_flat_picture_has():
    drawn = {trace.type for view, choice in AROUND if not view.solid(**choice)
             for trace in stage(view.key, view.choose(**choice).address).figure.data}  # fmt: skip
    assert {"scatter", "contour"} <= drawn
    assert drawn <= set(re.findall(r'moduleType:"trace",name:"(\w+)"', SCRIPT))


def archive(script: bytes) -> tuple[bytes, str]:
    """A package as npm packs one, with this script in it, and its checksum."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as members:
        for name, content in (("plotly-cartesian.min.js", script), ("plotly-cartesian.LICENSE", b"MIT")):
            member = tarfile.TarInfo(FILES[name])
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))
    content = packed.getvalue()
    return content, "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def test_another_archive_than_the_one_meant_is_refused():
    content, checksum = archive(b"draw()")
    assert unpacked(content, checksum) == {"plotly-cartesian.min.js": b"draw()", "plotly-cartesian.LICENSE": b"MIT"}
    with pytest.raises(ValueError, match=re.escape(f"has the checksum {checksum}, not sha512-other")):
        unpacked(content, "sha512-other")


@pytest.mark.parametrize("committed", [get_plotlyjs_version(), "1.0.0"], ids=["the same release", "an update"])
def test_make_plotly_writes_the_files_and_where_they_come_from(committed, tmp_path):
    content, checksum = archive(b"draw()")
    version, registry, assets = get_plotlyjs_version(), tmp_path / "registry", tmp_path / "assets"
    (registry / PACKAGE).mkdir(parents=True)
    assets.mkdir()
    source = registry / "packed.tgz"
    source.write_bytes(content)
    about = {"license": "MIT", "dist": {"tarball": source.as_uri(), "integrity": checksum}}
    (registry / PACKAGE / version).write_text(json.dumps(about))
    known = Origin(PACKAGE, committed, "MIT", source.as_uri(), checksum if committed == version else "sha512-old", "")
    known.write(assets)
    main(assets, registry.as_uri())
    assert (assets / "plotly-cartesian.min.js").read_bytes() == b"draw()"
    assert (assets / "plotly-cartesian.LICENSE").read_bytes() == b"MIT"
    sha256 = hashlib.sha256(b"draw()").hexdigest()
    assert Origin.read(assets) == Origin(PACKAGE, version, "MIT", source.as_uri(), checksum, sha256)
