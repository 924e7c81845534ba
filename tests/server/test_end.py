"""The last seconds of a server: SIGTERM."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.server import Readiness, Unfinished
from core.server.serving import Server
from core.views import VIEWS
from tests.conftest import free_port, in_a_loop
from tests.deploy.sites import Site, started, status, until

# No server has made these before it is asked; the quickest of them, because a busy machine has to do it within FINISH.
SLOW = [VIEWS[key] for key in ("polynomial_losses", "polynomial_run", "textbook_starts")]
LONGEST = 10.0  # seconds from SIGTERM to the end


async def end(site: Site) -> tuple[list[httpx2.Response], int]:
    """Sends SIGTERM to a server with an open WebSocket: the answers that are begun after it, and the socket's code."""
    async with connect(f"{site.address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"]) as socket:
        with ThreadPoolExecutor(len(SLOW)) as people:
            site.process.send_signal(signal.SIGTERM)
            until(lambda: status(f"{site.address}/ready") == 503)
            asked = [
                asyncio.wrap_future(
                    people.submit(httpx2.get, f"{site.address}/view/{view.key}?{view.choose().address}", timeout=30)
                )
                for view in SLOW
            ]
            assert status(f"{site.address}/_stcore/health") == 200  # it still serves: not all have heard of it
            answers = await asyncio.gather(*asked)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), LONGEST)
        assert closed.value.rcvd is not None
        return answers, closed.value.rcvd.code


def test_it_is_not_ready_at_once_finishes_what_is_open_and_ends(tmp_path: Path) -> None:
    with started(tmp_path, "app.py", LOSSARIUM_DRAIN="0.5") as site:
        began = monotonic()
        answers, code = in_a_loop(end(site))
        for view, answer in zip(SLOW, answers, strict=True):
            assert answer.status_code == 200, f"{view.key}: {site.output()}"
            assert len(answer.content) > 50_000
        assert code == 1012  # "the service restarts": a browser connects anew
        site.process.wait(LONGEST)
        assert monotonic() - began < LONGEST
        assert site.process.returncode == -signal.SIGTERM
        assert len(site.output().splitlines()) == 1  # its address, and no complaint


async def answer_of_one_that_takes_too_long(port: int) -> httpx2.Response:
    """Of a real server that has no patience once it is told to end."""
    asked = asyncio.Event()

    async def slow(_: Request) -> Response:
        asked.set()
        await asyncio.sleep(60)
        return Response()

    readiness = Readiness(asyncio.Event().wait)
    app = Starlette(routes=[Route("/slow", slow)], middleware=[Middleware(Unfinished, readiness=readiness)])
    config = uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=0)
    server = Server(config, readiness, drain=0.0)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    async with httpx2.AsyncClient() as client:
        waiting = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/slow"))
        await asyncio.wait_for(asked.wait(), LONGEST)
        server.handle_exit(signal.SIGINT, None)
        await serving
        return await waiting


def test_who_waits_when_its_time_is_over_is_asked_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    answer = in_a_loop(answer_of_one_that_takes_too_long(free_port()))
    assert (answer.status_code, answer.text) == (503, "503: the server ends; try again in a moment")
    assert answer.headers["retry-after"] == "2"
    assert not [record for record in caplog.records if record.exc_info]  # no traceback
