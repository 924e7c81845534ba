"""The figures for Prometheus, read by Prometheus' own library."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from core.kept import Store
from core.server import Metrics, read_shown
from core.stage.payloads import Busy, Payloads


async def echo(request: Request) -> Response:
    if request.url.path == "/view/broken":
        raise RuntimeError("on purpose")
    return PlainTextResponse("found", 404 if request.url.path == "/view/nothing" else 200)


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()


@pytest.fixture
def payloads() -> Payloads:
    return Payloads(Store(100), waiting=1)


@pytest.fixture
def client(payloads: Payloads) -> Iterator[TestClient]:
    site = Starlette(routes=[WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", echo)])
    shown = Metrics(site, payloads=payloads, version="0123", shown=True)
    with TestClient(shown, raise_server_exceptions=False) as opened:
        yield opened


def figures(client: TestClient) -> dict[tuple[str, str], float]:
    """Every value, by its name and its labels' texts."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation and family.type != "unknown" for family in families)
    return {(one.name, " ".join(one.labels.values())): one.value for family in families for one in family.samples}


def test_requests_and_their_times(client: TestClient) -> None:
    for path in (
        "/",
        "/loss-curves",
        "/view/a",
        "/view/b",
        "/view/nothing",
        "/view/broken",
        "/save/a.csv",
        "/assets/1/x",
    ):
        client.get(path)
    found = figures(client)
    counts = {labels: value for (name, labels), value in found.items() if name == "lossarium_requests_total"}
    assert counts == {"page 200": 2, "view 200": 2, "view 404": 1, "view 500": 1, "save 200": 1, "file 200": 1}
    assert found["lossarium_request_seconds_count", "view"] == 4
    assert found["lossarium_request_seconds_bucket", "view +Inf"] == 4
    assert 0 < found["lossarium_request_seconds_sum", "view"] < 10
    below = [value for (name, labels), value in found.items() if name.endswith("_bucket") and labels.startswith("page")]
    assert below == sorted(below)
    assert below[-1] == 2


def test_sessions_are_the_open_websockets(client: TestClient) -> None:
    assert figures(client)["lossarium_sessions", ""] == 0
    with client.websocket_connect("/_stcore/stream") as socket:
        assert figures(client)["lossarium_sessions", ""] == 1
        socket.send_text("")
    assert figures(client)["lossarium_sessions", ""] == 0


def test_the_cache(client: TestClient, payloads: Payloads) -> None:
    def shared() -> bytes:
        with pytest.raises(Busy):
            payloads.ask("two", lambda: b"")
        payloads.ask("one", lambda: b"")
        return b"1234"

    payloads.ask("one", shared).result(10)
    payloads.ask("one", shared).result(10)
    found = figures(client)
    asked = {labels: value for (name, labels), value in found.items() if name == "lossarium_cache_asked_total"}
    assert asked == {"kept": 1, "made": 1, "refused": 1, "shared": 1}
    assert found["lossarium_cache_bytes", ""] == 4
    assert found["lossarium_cache_limit_bytes", ""] == 100
    assert found["lossarium_jobs", ""] == 0


def test_the_process(client: TestClient) -> None:
    found = figures(client)
    assert found["lossarium_info", "0123"] == 1
    assert 20e6 < found["process_resident_memory_bytes", ""] < 20e9
    assert found["process_cpu_seconds_total", ""] > 0
    assert found["process_start_time_seconds", ""] > 1.7e9


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_not_for_those_behind_a_proxy(header: str, client: TestClient) -> None:
    assert client.get("/metrics", headers={header: "10.0.0.1"}).status_code == 404


def test_off_by_default_and_streamlits_own_too(server: str) -> None:
    for path in ("/metrics", "/_stcore/metrics"):
        answer = httpx2.get(server + path)
        assert (answer.status_code, answer.text) == (404, "404: nothing here")


@pytest.mark.parametrize(("setting", "shown"), [("", False), ("off", False), ("on", True)])
def test_setting_read(setting: str, shown: bool) -> None:
    assert read_shown(setting) == shown


@pytest.mark.parametrize("setting", ["1", "yes", "ON", "/metrics"])
def test_setting_refused(setting: Any) -> None:
    with pytest.raises(ValueError, match="LOSSARIUM_METRICS must be on or off, got"):
        read_shown(setting)
