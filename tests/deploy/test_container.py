"""The image: what is in it is pinned, and it runs as nobody in particular. That its files are enough, and that the
server writes beside none of them: tests/deploy/test_versions.py, whose second server is made of them."""

import json
import re

from tests.conftest import ROOT

TEXT = (ROOT / "deploy" / "Containerfile").read_text()
STEPS = [line.split(maxsplit=1) for line in TEXT.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
PINNED = re.compile(r"[a-z0-9-]+==[\w.]+")


def test_every_package_has_one_version() -> None:
    lines = (ROOT / "deploy" / "packages.txt").read_text().splitlines()
    packages = [line for line in lines if not line.startswith("#")]
    assert all(PINNED.fullmatch(package) for package in packages)
    assert len(packages) == len({package.split("==")[0] for package in packages}) > 30
    asked = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert set(asked) <= set(packages)


def test_the_base_has_one_version() -> None:
    bases = [words for step, words in STEPS if step == "ARG"]
    assert [
        re.fullmatch(r"BASE=docker\.io/library/python:3\.\d+\.\d+-slim-\w+", base) is not None for base in bases
    ] == [True]
    assert {words.split()[0] for step, words in STEPS if step == "FROM"} == {"${BASE}"}


def test_an_ordinary_user_runs_the_server_itself() -> None:
    names = [step for step, _ in STEPS]
    assert STEPS[names.index("USER")][1] == "10001:10001"
    assert not {"RUN", "COPY", "ADD"} & set(names[names.index("USER") :])
    # Without a shell between, SIGTERM reaches the server.
    assert json.loads(STEPS[-1][1]) == ["/venv/bin/python", "app.py"]
