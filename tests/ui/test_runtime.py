"""A session whose page is gone is ended, and what it held is free."""

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime

from core.ui.runtime import end_sessions

SCRIPT = """
import streamlit as st
from tests.ui.test_runtime import Held

st.session_state.held = Held()
"""


class Held:
    """What a session holds. The last one made can be watched."""

    last: "weakref.ref[Held]"

    def __init__(self) -> None:
        Held.last = weakref.ref(self)


@asynccontextmanager
async def ending(_: st.App) -> AsyncIterator[None]:
    task = asyncio.create_task(end_sessions(gone=0.5, look=0.1))
    yield
    task.cancel()


def test_what_a_session_held_is_free_when_its_page_is_gone_for_long_enough(tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(SCRIPT)
    run = BackMsg()
    run.rerun_script.query_string = ""
    with TestClient(st.App(script, lifespan=ending)) as client:
        with client.websocket_connect("/_stcore/stream", subprotocols=["streamlit"]) as page:
            page.send_bytes(run.SerializeToString())
            while not hasattr(Held, "last"):
                page.receive_bytes()
            time.sleep(0.8)  # it stays as long as its page does
            held = Held.last
            assert held() is not None
            manager = Runtime.instance()._session_mgr
            assert len(manager.list_sessions()) == 1
        assert len(manager.list_sessions()) == 1  # the page may come back
        end = time.monotonic() + 10
        while manager.list_sessions() and time.monotonic() < end:
            time.sleep(0.05)
        assert not manager.list_sessions()
        while held() is not None and time.monotonic() < end:
            time.sleep(0.05)
            gc.collect()
        assert held() is None
