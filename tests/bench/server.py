"""Servers that are started for one measurement: the app itself, or a bare Streamlit page served in the same way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.report import ROOT

PATIENCE = 60.0  # seconds until a server must answer
BARE = """
import os
import streamlit as st
import uvicorn

app = st.App("page.py")

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))
"""


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def resident(self) -> float:
        """Resident memory, MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000

    @property
    def busy(self) -> float:
        """Seconds of processor time that it has used."""
        return sum(times(self.process.pid)[:2])

    @property
    def busy_in_all(self) -> float:
        """The same, with the processes that it runs, and those that have ended."""
        found = [self.process.pid]
        for pid in found:  # grows by the children
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return sum(sum(times(pid)) for pid in found)

    @property
    def tracebacks(self) -> int:
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")

    def get(self, path: str) -> bytes:
        """The body as it came over the wire, of an address that a browser would ask for."""
        with urlopen(self.address + path, timeout=PATIENCE) as answer:
            return answer.read()


def times(pid: int) -> list[float]:
    """Seconds of processor time of a process, its own and the system's; then those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]]


@contextmanager
def site(*, loud: bool = True, cold: bool = False) -> Iterator[Server]:
    """The app: a fresh process of `python app.py`. With `loud`, a traceback in its log raises at the end. Unless
    `cold`, it has compressed what it compresses in its first seconds."""
    with _served(ROOT / "app.py", ROOT, loud=loud) as server:
        if not cold:
            _rest(server)
        yield server


@contextmanager
def bare(script: str) -> Iterator[Server]:
    """A page of its own: a fresh process of st.App over uvicorn, with the app's own Streamlit settings."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(ROOT / ".streamlit", home / ".streamlit")
        (home / "page.py").write_text(script)
        (home / "serve.py").write_text(BARE)
        with _served(home / "serve.py", home) as server:
            yield server


@contextmanager
def _served(script: Path, home: Path, *, loud: bool = True) -> Iterator[Server]:
    """Runs the script until the block ends, on at most two cores. RuntimeError if its log holds a traceback then."""
    with TemporaryDirectory() as folder, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        held.close()
        log = Path(folder) / "log"
        with log.open("wb") as out:
            command = [sys.executable, str(script)]
            settings = os.environ | {"PORT": str(port)}
            process = subprocess.Popen(command, cwd=home, env=settings, stdout=out, stderr=subprocess.STDOUT)
        server = Server(process, port, log)
        try:
            os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:2])
            _wait(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # SIGTERM leaves balancers time to turn away
            process.wait(PATIENCE)
        if loud and server.tracebacks:
            raise RuntimeError(f"{script.name} logged a traceback:\n{log.read_text(errors='replace')[-3000:]}")


def _rest(server: Server) -> None:
    """Waits until the server does nothing of its own any more."""
    end = time.monotonic() + PATIENCE
    before, idle = server.busy, 0
    while idle < 3 and time.monotonic() < end:
        time.sleep(0.3)
        idle = idle + 1 if server.busy - before < 0.05 else 0
        before = server.busy


def _wait(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server stopped:\n{server.log.read_text(errors='replace')[-3000:]}")
        try:
            server.get("/_stcore/health")
            return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise TimeoutError(f"no answer from {server.address} in {PATIENCE:g} s")
