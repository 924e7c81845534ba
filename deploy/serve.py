"""Several servers behind nginx, at one address: `make serve WORKERS=3`.

It starts the servers at the ports after PORT on this machine, waits until all are ready, and starts nginx with
deploy/nginx.conf. A server that dies is started again. SIGTERM or Ctrl+C ends all of it within ten seconds.

Settings, from the environment:
PORT      8501: where nginx listens
HOST      0.0.0.0: every network that this machine is in
WORKERS   3: how many servers to start
SERVERS   servers that run elsewhere, by IP address: "10.0.0.5:8501 10.0.0.6:8501"; then none is started here
NGINX     the program, where it is not found by itself
What app.py reads besides is handed on to the servers.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
CONF = ROOT / "deploy" / "nginx.conf"
PATIENCE = 120.0  # seconds for a server to become ready in
END = 9.0  # seconds for all of it to end in
TICK = 0.1  # seconds between two looks
YOUNG = 10.0  # seconds: a server that dies younger may never have worked
TRIES = 3  # such deaths in a row, and something else is wrong


def servers_conf(servers: Sequence[str]) -> str:
    """What nginx.conf includes: the servers, given as "host:port", by the names under which it uses them.

    A server that does not answer is left alone for two seconds. The one that a cookie names is always tried: it may be
    back, and when it is not, nginx goes on to another by itself.
    """
    every = [f"    server {server} max_fails=1 fail_timeout=2s;" for server in servers]
    numbered = dict(enumerate(servers, 1))
    blocks = [
        # A server closes a connection that was idle for 5 s: nginx must have let go of it before.
        "upstream any {", *every, "    keepalive 32;", "    keepalive_timeout 4s;", "}",
        "upstream by_browser {", "    hash $browser;", *every, "}",
        *(f"upstream server_{number} {{ server {server} max_fails=0; }}" for number, server in numbered.items()),
        "map $cookie_lossarium_server $home {", "    default by_browser;",
        *(f"    {number} server_{number};" for number in numbered), "}",
        # nginx lists all that it tried; the last one answered.
        "map $upstream_addr $answered {",
        *(f'    "~(^|[ ,]){server.replace(".", "[.]")}$" {number};' for number, server in numbered.items()), "}",
    ]  # fmt: skip
    return "\n".join(blocks) + "\n"


def find_nginx(environment: Mapping[str, str]) -> str:
    """The path of nginx. SystemExit, with what to do, where there is none."""
    # An ordinary user of Debian has no /usr/sbin in the path.
    path = f"{environment.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which(environment.get("NGINX", "nginx"), path=path)
    if found is None:
        raise SystemExit("nginx was not found. Install it (Debian: apt-get install nginx), or say where it is: NGINX=")
    return found


class Server:
    """One `python app.py` at a port of this machine."""

    def __init__(self, number: int, port: int) -> None:
        self.number = number
        self.address = f"127.0.0.1:{port}"
        self.environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(port)}
        self.early_deaths = 0
        self.start()

    def start(self) -> None:
        self.born = time.monotonic()
        # It says where it listens, which is no visitor's business. It has a session of its own because Ctrl+C goes to
        # every process of a session, and in what order they end is decided here.
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def is_ready(self) -> bool:
        try:
            with urlopen(f"http://{self.address}/ready", timeout=5):
                return True
        except OSError:
            return False

    def revive(self) -> None:
        """Starts it again if it has died. SystemExit if it cannot live."""
        status = self.process.poll()
        if status is None:
            return
        self.early_deaths = self.early_deaths + 1 if time.monotonic() - self.born < YOUNG else 0
        if self.early_deaths >= TRIES:
            raise SystemExit(f"server {self.number} does not stay: it ended {TRIES} times soon after its start")
        print(f"server {self.number} ended with status {status}; it is started again", file=sys.stderr, flush=True)
        self.start()


def start_nginx(program: str, folder: Path, listen: str, servers: Sequence[str]) -> subprocess.Popen[bytes]:
    """nginx, with all that it writes in this folder."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a WebSocket takes two files
    folder.chmod(0o711)  # started by root, nginx works as a user of its own
    (folder / "temporary").mkdir()
    shutil.copy(CONF, folder)
    (folder / "listen.conf").write_text(f"listen {listen};\n")
    (folder / "servers.conf").write_text(servers_conf(servers))
    command = [program, "-p", f"{folder}/", "-c", f"{folder}/nginx.conf", "-e", "stderr"]
    return subprocess.Popen(command, start_new_session=True)


def stop(processes: Sequence[subprocess.Popen[bytes]], nginx: subprocess.Popen[bytes] | None) -> None:
    """Ends all: no new visitors, open answers finished, and after END seconds no mercy."""
    end = time.monotonic() + END
    if nginx is not None:
        nginx.send_signal(signal.SIGQUIT)
    for process in processes:
        process.send_signal(signal.SIGINT)  # no balancer is left that would have to hear of it
    for process in (*processes, *([nginx] if nginx else [])):
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(environment: Mapping[str, str]) -> None:
    """Serves until a signal comes, or nginx ends."""
    host, port = environment.get("HOST", "0.0.0.0"), int(environment.get("PORT", "8501"))
    elsewhere = environment.get("SERVERS", "").split()
    program = find_nginx(environment)
    own: list[Server] = []
    nginx = None
    with TemporaryDirectory(prefix="lossarium-") as folder:
        try:
            if not elsewhere:
                own = [Server(n, port + n) for n in range(1, int(environment.get("WORKERS", "3")) + 1)]
            end = time.monotonic() + PATIENCE
            while not all(server.is_ready() for server in own):
                if time.monotonic() > end:
                    raise SystemExit(f"not every server was ready within {PATIENCE:g} s")
                for server in own:
                    server.revive()
                time.sleep(TICK)
            servers = elsewhere or [server.address for server in own]
            nginx = start_nginx(program, Path(folder), f"{host}:{port}", servers)
            many = f"{len(servers)} servers behind nginx"
            print(f"Lossarium: http://localhost:{port} ({many}; stop it with Ctrl+C)", flush=True)
            while nginx.poll() is None:
                for server in own:
                    server.revive()
                time.sleep(TICK)
            raise SystemExit(f"nginx ended with status {nginx.returncode}")
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            stop([server.process for server in own], nginx)


def on_signal(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, on_signal)
    run(os.environ)
