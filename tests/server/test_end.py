"""The last seconds of a server: SIGTERM."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.views import VIEWS
from tests.conftest import in_a_loop
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
