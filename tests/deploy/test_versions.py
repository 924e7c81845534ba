"""Two versions of the site behind one nginx, as in a roll-out: neither answers with what is the other's."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from core.stage.files import stage_files, version
from core.views import VIEWS
from tests.browser.stage import path, ready, searched, slider_of
from tests.conftest import ROOT, first_visits
from tests.deploy.sites import NEEDS_NGINX, PREFIX, Site, launched, server_processes, wait_for

pytestmark = NEEDS_NGINX
COPIED = re.compile(r"^COPY ([^-\n][^\n]*) \S+$", re.MULTILINE)
KNOWN = "from core.stage.files import stage_files, version; print(version(), stage_files()['stage.js'].address)"
TURNS = 6  # more than there are servers, so that each is asked first


class RollOut(NamedTuple):
    address: str
    kill_old: Callable[[], None]
    version: str  # of the new one
    script: str  # its stage.js
    home: Path  # of the new one's user
    written: Callable[[], set[Path]]  # files beside the project's own


def update(folder: Path) -> Path:
    """The project a commit later, as it is in a container: its payloads may differ, and its script does."""
    *_, image = (ROOT / "deploy" / "Containerfile").read_text().split("\nFROM ")
    for name in " ".join(COPIED.findall(image)).split():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    for name, comment in (("core/__init__.py", "# later"), ("assets/stage/main.js", "// later")):
        with (folder / name).open("a") as file:
            file.write(f"\n{comment}\n")
    return folder


@pytest.fixture(scope="module")
def roll_out(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RollOut]:
    folder, home = tmp_path_factory.mktemp("logs"), tmp_path_factory.mktemp("home")
    later = update(tmp_path_factory.mktemp("later"))
    own = set(later.rglob("*"))
    command = [sys.executable, "-c", KNOWN]
    settings = {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "LOSSARIUM_PREFIX": PREFIX}
    known = subprocess.run(command, cwd=later, env=os.environ | settings, capture_output=True, text=True, check=True)
    later_version, script = known.stdout.split()

    def kill_old() -> None:
        os.kill(server_processes(site)[3], signal.SIGKILL)

    with (
        launched(folder, "app.py", root=later, **settings) as new,
        launched(folder, "deploy/serve.py", SERVERS=f"127.0.0.1:{site.port + 3} 127.0.0.1:{new.port}") as balancer,
    ):
        wait_for(new, balancer)
        yield RollOut(balancer.address, kill_old, later_version, script, home, lambda: set(later.rglob("*")) - own)


def test_each_version_gets_its_own_payloads_and_scripts(roll_out: RollOut) -> None:
    view = VIEWS["guess_the_number"]
    address = f"{roll_out.address}{PREFIX}/view/{view.key}?{view.choose().address}"
    assert roll_out.version != version()
    ours = stage_files()["stage.js"]
    for turn in range(TURNS):
        new_to_nginx = {"Accept-Encoding": f"gzip, unheard-of-{turn}"}
        for known in (version(), roll_out.version):
            answer = httpx2.get(f"{address}&v={known}", headers=new_to_nginx)
            assert (answer.status_code, answer.headers["x-cache"]) == (200, "MISS")
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert httpx2.get(f"{address}&v=000000000000", headers=new_to_nginx).status_code == 404
        old, new = (
            httpx2.get(roll_out.address + PREFIX + script, headers=new_to_nginx)
            for script in (ours.address, roll_out.script)
        )
        assert old.content == ours.content
        assert new.text.endswith("// later\n")


def test_a_page_whose_version_is_gone_says_reload(roll_out: RollOut, browser: Browser) -> None:
    cookie = {"name": "lossarium_server", "value": "1", "domain": "127.0.0.1", "path": "/"}
    with first_visits(roll_out.address, browser) as open_first:
        page, seen = open_first(f"{PREFIX}/ready")
        page.context.add_cookies([cookie])
        page.goto(f"{roll_out.address}{PREFIX}/loss-curves?huber.delta=2.5")
        slider_of(ready(page), "Huber δ").press("ArrowRight")
        searched(page, "huber.delta=2.55")
        seen.expected += ["WebSocket", "net::ERR", "404"]
        roll_out.kill_old()
        again = page.get_by_role("button", name="The site has been updated. Reload the page")
        expect(again).to_be_visible()
        again.click()
        ready(page)
        assert path(page, "Huber")
        assert slider_of(page, "Huber δ").input_value() == "2.55"


def test_the_files_of_the_container_are_enough_and_stay_alone(roll_out: RollOut) -> None:
    """Its root is read-only: whatever else the server wrote would be refused. It has had a visitor by now."""
    for _ in range(TURNS):
        assert httpx2.get(f"{roll_out.address}{PREFIX}/").status_code == 200
    assert roll_out.written() == set()
    assert list(roll_out.home.rglob("*")) == []
