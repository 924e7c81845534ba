"""Three servers behind a real nginx, under a prefix, as `make serve` runs them."""

from __future__ import annotations

import gzip
import os
import re
import signal
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Barrier
from time import monotonic

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from core.datasets import MARK
from core.stage.files import version
from core.views import VIEWS
from tests.browser.stage import PLOT, grab, path, ready, searched, slider_of
from tests.browser.training import dropped
from tests.conftest import WINDOW, Seen, Visit, in_a_loop
from tests.deploy.sites import NEEDS_NGINX, PREFIX, SERVERS, Site, server, server_processes

pytestmark = NEEDS_NGINX
CROWD = 20
# Of those that a server does not make before it is asked, the quickest.
SLOW = "polynomial_losses"
BACK = 5.0  # seconds until whoever has lost a server has another


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.address + PREFIX, timeout=60) as opened:
        yield opened


def raw(address: str, accepted: str = "gzip") -> tuple[httpx2.Response, bytes]:
    """An answer, and its body as it came over the wire."""
    with httpx2.stream("GET", address, headers={"Accept-Encoding": accepted}, timeout=60) as got:
        return got, b"".join(got.iter_raw())


def view_address(key: str, **params: object) -> str:
    return f"/view/{key}?{VIEWS[key].choose(**params).address}"


def asked(site: Site, kind: str) -> int:
    """How many questions of a kind the servers have answered."""
    pattern = re.compile(rf'^lossarium_requests_total{{kind="{kind}",code="200"}} (\d+)', re.MULTILINE)
    pages = [httpx2.get(f"{server(site, number)}/metrics").text for number in SERVERS]
    return sum(int(count) for page in pages for count in pattern.findall(page))


def test_a_payload_is_the_same_bytes_from_every_server(site: Site) -> None:
    keys = [view.key for view in VIEWS.values() if not view.wait or view.key == SLOW]
    assert len(keys) > 12

    def bodies(number: int) -> list[bytes]:
        return [raw(server(site, number) + view_address(key))[1] for key in keys]

    with ThreadPoolExecutor(len(SERVERS)) as servers:
        first, *others = servers.map(bodies, SERVERS)
    for other in others:
        assert [key for key, ours, theirs in zip(keys, first, other, strict=True) if ours != theirs] == []
    assert all(first)


def test_scripts_and_pages_are_the_same_from_every_server(site: Site) -> None:
    pages = {raw(f"{server(site, number)}/loss-curves")[1] for number in SERVERS}
    assert len(pages) == 1
    scripts = set(re.findall(r'="\.(/assets/[^"]+)"', gzip.decompress(pages.pop()).decode()))
    assert len(scripts) == 4
    for script in scripts:
        assert len({raw(server(site, number) + script)[1] for number in SERVERS}) == 1


def test_a_crowd_that_asks_for_one_payload_costs_one_answer(site: Site) -> None:
    address = f"{site.address}{PREFIX}{view_address('regression_curves', losses=['log_cosh'])}&v={version()}"
    before, together = asked(site, "view"), Barrier(CROWD)

    def ask(_: int) -> tuple[str, bytes]:
        together.wait(30)
        answer, body = raw(address)
        return answer.headers["x-cache"], body

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(ask, range(CROWD)))
    assert len({body for _, body in answers}) == 1
    assert asked(site, "view") == before + 1
    assert raw(address)[0].headers["x-cache"] == "HIT"


def test_nginx_keeps_what_never_changes_in_each_encoding_and_nothing_else(client: httpx2.Client, site: Site) -> None:
    page = client.get("/").text
    script = re.search(r'="\.(/assets/[^"]+/stage\.js)"', page)
    assert script is not None
    for used in ("br", "gzip", "identity", "br"):
        answer, body = raw(site.address + PREFIX + script[1], used)
        assert answer.headers["content-encoding"] == used
        assert body == raw(server(site, 1) + script[1], used)[1]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-cache"] == "HIT"
    for address in (view_address("guess_the_number"), "/view/nothing", "/assets/0/stage.js", "/static/js/no.js"):
        assert {client.get(address).headers["x-cache"] for _ in range(2)} == {"MISS"}
    before = asked(site, "page")
    assert [client.get("/loss-curves").headers["cache-control"] for _ in range(2)] == ["no-cache"] * 2
    assert asked(site, "page") == before + 2


def test_figures_are_for_whoever_asks_a_server_itself(client: httpx2.Client, site: Site) -> None:
    for path_ in ("/metrics", "/_stcore/metrics"):
        assert client.get(path_).status_code == 404
        assert httpx2.get(site.address + path_).status_code == 404
    assert httpx2.get(f"{server(site, 1)}/metrics").status_code == 200


async def session(site: Site, cookies: dict[str, str], names: list[str], xsrf: str) -> tuple[str, list[int]]:
    """Opens a WebSocket: the server that its answer names, and how uploads fare with each of these servers' cookies."""
    words = "; ".join(f"{name}={text}" for name, text in cookies.items())
    address = f"{site.address.replace('http', 'ws')}{PREFIX}/_stcore/stream"
    settings = {"additional_headers": {"Cookie": words}, "subprotocols": ["streamlit", xsrf], "max_queue": None}
    async with connect(address, **settings) as socket:
        answer = SimpleCookie(socket.response.headers["Set-Cookie"])["lossarium_server"]
        assert (answer["path"], answer["httponly"], answer["samesite"]) == ("/", True, "Lax")
        message = BackMsg()
        message.rerun_script.query_string = ""
        await socket.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(await socket.recv())
            if received.WhichOneof("type") == "new_session":
                break
        upload = (
            f"{site.address}{PREFIX}/_stcore/upload_file/{received.new_session.initialize.session_id}/{uuid.uuid4()}"
        )
        statuses = []
        async with httpx2.AsyncClient(headers={"X-Xsrftoken": xsrf}) as client:
            for name in names or [answer.value] * 4:
                own = cookies | {"lossarium_server": name}
                words = "; ".join(f"{key}={text}" for key, text in own.items())
                files = {"file": ("a.csv", b"epoch,loss\n1,2\n")}
                statuses.append((await client.put(upload, files=files, headers={"Cookie": words})).status_code)
        return answer.value, statuses


def test_an_upload_goes_where_its_session_is(site: Site, client: httpx2.Client) -> None:
    client.get("/_stcore/health")
    xsrf = client.cookies["_streamlit_xsrf"]
    cookies = {"_streamlit_xsrf": xsrf}
    first, fine = in_a_loop(session(site, cookies, [], xsrf))
    assert set(fine) == {204}
    again, _ = in_a_loop(session(site, cookies, [], xsrf))
    assert again == first  # the same browser: its second tab
    for number in map(str, SERVERS):
        named, statuses = in_a_loop(session(site, cookies | {"lossarium_server": number}, list("123"), xsrf))
        assert named == number
        assert {other for other, found in zip("123", statuses, strict=True) if found == 204} == {number}
    for odd in ("0", "4", "x; y"):
        assert in_a_loop(session(site, cookies | {"lossarium_server": odd}, [], xsrf))[0] == first


def test_a_picture_of_ones_own_table_comes_from_the_server_that_holds_it(visitor: Callable[..., Visit]) -> None:
    text = "x,y\n" + "\n".join(f"{number},{number * number % 17}" for number in range(40))
    for number in SERVERS:
        page, seen = visitor("/your-data", number)
        ready(page)
        dropped(page, ("mine.csv", text))
        page.wait_for_function(f"() => {PLOT}?.layout.xaxis?.title?.text === 'x'")
        ready(page)
        shown = [answer for answer in seen.responses if f"={MARK}" in answer.url]
        assert [answer.status for answer in shown] == [200]
        assert shown[0].headers["cache-control"] == "no-store"
        strangers = {httpx2.get(shown[0].url).status_code for _ in range(CROWD)}  # without the cookie: any server's
        assert strangers == {200, 400}


def server_cookie(context: BrowserContext) -> str:
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "lossarium_server")


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens an address of the site in a browser of its own, whose server is the one of this number."""
    opened: list[Visit] = []

    def open_page(address: str, number: int) -> Visit:
        context = browser.new_context(**WINDOW)
        context.add_cookies([{"name": "lossarium_server", "value": str(number), "url": site.address}])
        page, seen = context.new_page(), Seen(site.address)
        seen.watch(page)
        opened.append(Visit(page, seen))
        page.goto(site.address + PREFIX + address)
        return opened[-1]

    yield open_page
    for page, _ in opened:
        page.context.close()
    assert [complaint for _, seen in opened for complaint in seen.complaints] == []
    urls = [request.url for _, seen in opened for request in seen.requests]
    assert [url for url in urls if not url.startswith((site.address + PREFIX, "blob:", "data:"))] == []


def sockets(page: Page) -> list[str]:
    """The addresses of the WebSockets that the page opens from now on."""
    found: list[str] = []
    page.on("websocket", lambda socket: found.append(socket.url))
    return found


def test_a_server_is_killed(site: Site, visitor: Callable[..., Visit]) -> None:
    """The others' visitors notice nothing; its own have another server at once, and the same view."""
    own, own_seen = visitor("/loss-curves?scale=log&huber.delta=2.5", 1)
    other, _ = visitor("/loss-curves?scale=log", 2)
    for page in (own, other):
        ready(page)
    assert [server_cookie(page.context) for page in (own, other)] == ["1", "2"]
    own_seen.expected += ["WebSocket onclose: code=1006"]
    opened, others = sockets(own), sockets(other)
    before = path(own, "Huber"), own.url, len(own_seen.received)

    os.kill(server_processes(site)[1], signal.SIGKILL)
    killed = monotonic()
    while len(own_seen.received) == before[2]:
        assert monotonic() - killed < BACK
        own.wait_for_timeout(20)
    ready(own)
    assert monotonic() - killed < BACK
    assert (path(own, "Huber"), own.url) == before[:2]
    assert slider_of(own, "Huber δ").input_value() == "2.5"
    assert server_cookie(own.context) in "23"
    other.get_by_role("radiogroup", name="Scale").get_by_text("Normalised").click()
    searched(other, "scale=normalised")
    for address in ("/", "/loss-curves", "/_stcore/health", view_address("tips_fit")) * len(SERVERS):
        assert httpx2.get(site.address + PREFIX + address).status_code == 200
    # The first change counts, and it comes from the new server.
    own.get_by_role("radiogroup", name="Scale").get_by_text("Raw").click()
    searched(own, "-scale")
    assert "huber.delta=2.5" in own.url
    assert (len(opened), others) == (1, [])
    assert "server 1 ended with status -9; it is started again" in site.output()


def test_everything_works_under_the_prefix(site: Site, visitor: Callable[..., Visit]) -> None:
    page, seen = visitor("", 2)
    ready(page)
    assert page.url == f"{site.address}{PREFIX}/"
    page.get_by_role("link", name="Loss curves").first.click()
    page.wait_for_url(f"**{PREFIX}/loss-curves")
    ready(page)
    grab(page, "Huber δ")
    page.mouse.up()
    searched(page, "huber.delta=")
    for kind, start in (("HTML", "<!DOCTYPE html>"), ("CSV", "r,")):
        with page.expect_download() as saved:
            page.locator(".stage").get_by_role("link", name=kind).click()
        assert Path(saved.value.path()).read_text().startswith(start), kind
    shown = page.url
    page.reload()
    ready(page)
    assert page.url == shown

    # A payload that is asked for on release, and a link into another page.
    page.goto(f"{site.address}{PREFIX}/loss-landscapes?view=line")
    ready(page)
    with page.expect_response(lambda answer: "huber.delta=" in answer.url and f"{PREFIX}/view/" in answer.url):
        slider_of(page, "Huber δ").press("ArrowRight")
    ready(page)
    page.get_by_role("link", name="Run optimizers").first.click()
    page.wait_for_url(f"**{PREFIX}/gradient-descent?**")
    ready(page)

    page.goto(f"{site.address}{PREFIX}/training-curves?view=own")
    csv = "epoch,loss,val_loss\n" + "".join(f"{n},{2 / n},{2 / n + n / 40}\n" for n in range(1, 30))
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "run.csv", "mimeType": "text/csv", "buffer": csv.encode()}]
    )
    ready(page)
    assert [response.url for response in seen.responses if response.status >= 400] == []
    assert {f"{PREFIX}/view/", f"{PREFIX}/assets/", f"{PREFIX}/static/"} <= {
        match[1] for response in seen.responses if (match := re.match(r"https?://[^/]+(/\w+/\w+/)", response.url))
    }
