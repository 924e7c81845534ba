"""What the tests share: the server as a person runs it, and a browser that takes down everything it sees.

    def test_drag(visit):
        page, seen = visit("/loss-curves", viewport={"width": 390, "height": 844})
        ...
        assert not seen.sent

At the end of each test that visited a page, an error or warning in the console, an uncaught error of the page or a
request to another server fails it; what a test brings about on purpose it names in `seen.expected`.
With Playwright's sync API a test must not sleep: wait with `page.wait_for_function` and the like.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

# The matrices are small: a second thread would spend more time waiting for its share than on it, while the other row of
# checks has use for the core. NumPy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, WebSocket, sync_playwright

from tests.chromium import FLAGS, chromium

Result = TypeVar("Result")

ROOT = Path(__file__).parents[1]
PATIENCE = 90.0  # seconds for a server to start or stop, or a page to be there, on a machine with much else to do


def in_a_loop(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Its result. It runs in a thread of its own: while a browser is driven, this thread has an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[str]:
    """The address of a fresh `python app.py` with these settings in its environment; its log must hold no complaint."""
    port = free_port()
    address, log = f"http://127.0.0.1:{port}", folder / f"server-{port}.log"
    process = started(port, log, **settings)
    try:
        answers(process, address, log)
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # SIGTERM leaves balancers time to turn away
        process.wait(PATIENCE)
    # A server that is content says where it is, and nothing else.
    complaints = log.read_text(errors="replace").splitlines()[1:]
    assert not complaints, "the server logged:\n" + "\n".join(complaints[:60])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def started(port: int, log: Path, **settings: str) -> subprocess.Popen[bytes]:
    """A `python app.py` with these settings in its environment, which may not answer yet."""
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1"} | settings
    with log.open("wb") as out:
        command = [sys.executable, "-W", "default", "app.py"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)


def answers(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Returns when the server is ready."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, f"the server stopped:\n{log.read_text(errors='replace')[-4000:]}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer from {address} in {PATIENCE:g} s")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, such as http://127.0.0.1:41234; one server for all tests."""
    with served(tmp_path_factory.mktemp("server")) as address:
        yield address


# A page of a test lives for seconds: making its scripts quick takes longer than they then run, a fifth of a load.
QUICK_TO_LOAD = "--js-flags=--no-opt --no-maglev"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS, QUICK_TO_LOAD])
        yield opened
        opened.close()


# What Chromium says of every WebGL canvas that reads back a pixel, as Plotly does to know what the pointer is on.
SLOW = ("GPU stall due to ReadPixels", "willReadFrequently")


@dataclass
class Seen:
    """Everything that happened on one page."""

    home: str
    console: list[str] = field(default_factory=list)  # "error: ..." and "warning: ..."
    errors: list[str] = field(default_factory=list)  # uncaught in the page
    requests: list[Request] = field(default_factory=list)
    pending: set[Request] = field(default_factory=set)  # without an answer so far
    responses: list[Response] = field(default_factory=list)
    sent: list[str | bytes] = field(default_factory=list)  # WebSocket frames from the page
    received: list[str | bytes] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # parts of complaints that the test brings about itself

    def watch(self, page: Page) -> None:
        for event, listener in self._listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]

    def leave(self, page: Page) -> None:
        for event, listener in self._listeners.items():
            page.remove_listener(event, listener)

    @cached_property
    def _listeners(self) -> dict[str, Callable[[Any], None]]:
        return {
            "console": self._on_console,
            "pageerror": lambda error: self.errors.append(str(error)),
            "request": self._on_request,
            "requestfinished": lambda request: self.pending.discard(request),
            "requestfailed": lambda request: self.pending.discard(request),
            "response": lambda response: self.responses.append(response),
            "websocket": self._connected,
        }

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in SLOW):
            self.console.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)
        self.pending.add(request)

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on("framereceived", lambda frame: self.received.append(frame))

    @property
    def asked(self) -> list[str]:
        """The addresses that a script of the page asked for: no picture, no font, nothing that comes late by itself."""
        return [request.url for request in self.requests if request.resource_type in ("fetch", "xhr")]

    @property
    def foreign(self) -> list[str]:
        """The addresses on other servers that the page asked for."""
        own = (self.home, "data:", f"blob:{self.home}")
        return [request.url for request in self.requests if not request.url.startswith(own)]

    @property
    def complaints(self) -> list[str]:
        foreign = [f"asked another server: {address}" for address in self.foreign]
        return [
            complaint
            for complaint in [*self.console, *self.errors, *foreign]
            if not any(part in complaint for part in self.expected)
        ]


class Visit(NamedTuple):
    page: Page
    seen: Seen


WINDOW = {"viewport": {"width": 1280, "height": 900}}
MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference"}  # a browser's own, where a test asks for no other
# No first visits: there the question of a page stands in the place of what is measured. `?question=1` asks it.
ASKED = """
const pages = '/ /loss-curves /gradient-descent /class-imbalance /training-curves'
try { sessionStorage.setItem('questions done', pages) } catch { /* a page without an address keeps nothing */ }
"""
REST = "/_stcore/health"  # a text of the same server: a page there holds nothing and does nothing


class Tabs:
    """Pages that one test after another uses: what Chromium has fetched and compiled of the site is kept.

    A page belongs to one test at a time. Nothing that a test does to its page is left for the next one.
    Its window and its media are set as each test asks; for anything else that a test asks for there are pages apart.
    """

    def __init__(self, browser: Browser, server: str) -> None:
        self._browser, self._rest = browser, server + REST
        self._free: dict[str, list[Page]] = {}

    def take(self, options: dict[str, Any]) -> Page:
        """A page in a context of these options. It is in front: a hidden page draws no frames."""
        free = self._free.setdefault(self._kind(options), [])
        page = free.pop() if free else self._new(options)
        page.set_viewport_size(options["viewport"])
        page.emulate_media(**{name: options.get(name, usual) for name, usual in MEDIA.items()})
        page.bring_to_front()
        return page

    def give_back(self, page: Page, options: dict[str, Any]) -> None:
        """The page is kept for the next test, unless this one left a second page in front of it."""
        if len(page.context.pages) > 1:
            page.context.close()
            return
        page.unroute_all(behavior="ignoreErrors")
        page.goto(self._rest)
        page.mouse.up()
        page.mouse.move(0, 0)
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
        page.context.clear_cookies()
        self._free[self._kind(options)].append(page)

    def _new(self, options: dict[str, Any]) -> Page:
        context = self._browser.new_context(**options)
        context.set_default_timeout(1000 * PATIENCE)
        context.add_init_script(ASKED)
        return context.new_page()

    def _kind(self, options: dict[str, Any]) -> str:
        apart = {name: value for name, value in options.items() if name not in MEDIA}
        return str(apart if "is_mobile" in apart else apart | WINDOW)  # of a phone the window is fixed


@pytest.fixture(scope="session")
def tabs(browser: Browser, server: str) -> Tabs:
    return Tabs(browser, server)


@pytest.fixture
def visit(server: str, tabs: Tabs, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Opens an address of the site: `visit("/loss-curves")`. The browser may have the site's files already.

    Further arguments are Playwright's for a context, such as `viewport` and `color_scheme`.
    """
    opened: list[tuple[Visit, dict[str, Any]]] = []
    failed = request.session.testsfailed

    def open_page(path: str = "/", **options: Any) -> Visit:
        options = WINDOW | options
        page = tabs.take(options)
        opened.append((Visit(page, Seen(server)), options))
        opened[-1][0].seen.watch(page)
        page.goto(server + path)
        return opened[-1][0]

    yield open_page
    complaints = [complaint for (_, seen), _ in opened for complaint in seen.complaints]
    for (page, seen), options in opened:
        seen.leave(page)
        if complaints or request.session.testsfailed > failed:
            page.context.close()
        else:
            tabs.give_back(page, options)
    assert not complaints, "\n".join(complaints)


@contextmanager
def first_visits(server: str, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """What opens an address in a browser that has never been there; complaints are raised when all are closed."""
    opened: list[Visit] = []

    def open_page(path: str = "/", *, home: str = server, **options: Any) -> Visit:
        context = browser.new_context(**WINDOW | options)
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        opened.append(Visit(page, Seen(home)))
        opened[-1].seen.watch(page)
        page.goto(home + path)
        return opened[-1]

    yield open_page
    complaints = [complaint for _, seen in opened for complaint in seen.complaints]
    for page, _ in opened:
        page.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def first_visit(server: str, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `visit`, in a browser that has never been there; `home` is another server's address."""
    with first_visits(server, browser) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def open_first(server: str, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """As `first_visit`, for pages that the tests of a module share."""
    with first_visits(server, browser) as open_page:
        yield open_page


@pytest.fixture
def page(visit: Callable[..., Visit]) -> Page:
    """A page at the site's home."""
    return visit("/").page
