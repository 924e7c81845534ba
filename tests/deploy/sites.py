"""Servers that a test starts, watches and ends: `python app.py`, or several behind nginx."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.conftest import PATIENCE, ROOT

NEEDS_NGINX = pytest.mark.skipif(
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None,
    reason="nginx is missing; .ci/run installs it",
)

PREFIX = "/lossarium"
SERVERS = (1, 2, 3)


@dataclass
class Site:
    """A server's process, and the port of this machine where it listens."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        return status(f"{self.address}/ready") == 200

    def failed(self) -> str:
        """What it said when it has ended; "" while it runs."""
        return "" if self.process.poll() is None else f"it ended:\n{self.output()}"

    def output(self) -> str:
        return self.log.read_text(errors="replace")


def status(address: str) -> int:
    """The status of the answer at an address; 0 if nobody answers."""
    try:
        with urlopen(address, timeout=PATIENCE) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def free_ports(count: int) -> Iterator[int]:
    """The first of so many ports in a row that nobody listens at."""
    while True:
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            start = first.getsockname()[1]
            try:
                for port in range(start + 1, start + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
        yield start
        return


@contextmanager
def launched(folder: Path, program: str, *, ports: int = 1, root: Path = ROOT, **settings: str) -> Iterator[Site]:
    """A program of the project as it runs, perhaps not ready yet. It is ended as by Ctrl+C, if it still runs."""
    with free_ports(ports) as port:
        log = folder / f"{port}.log"
        environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1"} | settings
        with log.open("wb") as out:
            command = [sys.executable, "-W", "default", program]
            process = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Site(process, port, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def wait_for(*sites: Site) -> None:
    """Returns when all are ready."""
    for site in sites:
        until(site.ready, site.failed)


@contextmanager
def started(folder: Path, program: str, **options: Any) -> Iterator[Site]:
    """As `launched`, when it is ready."""
    with launched(folder, program, **options) as site:
        wait_for(site)
        yield site


def until(condition: Callable[[], bool], hopeless: Callable[[], object] = lambda: "") -> float:
    """Waits until the condition holds; the seconds that it took. Fails with what `hopeless` says, or after PATIENCE."""
    began = time.monotonic()
    while not condition():
        assert not (trouble := hopeless()), trouble
        assert time.monotonic() - began < PATIENCE, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - began


def server(site: Site, number: int) -> str:
    """The address of one of the servers that stand behind nginx."""
    return f"http://127.0.0.1:{site.port + number}"


def server_processes(site: Site) -> dict[int, int]:
    """The process ids of the servers behind nginx, by number."""
    found = {}
    for pid in Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split():
        settings = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
        for number in SERVERS:
            if f"PORT={site.port + number}" in settings:
                found[number] = int(pid)
    return found
