"""What Streamlit's runtime has no setting for: how soon it sends, when it forgets a session, what an uploader holds.

Checked with Streamlit 1.67.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time

from anyio import to_thread
from streamlit.runtime import Runtime
from streamlit.runtime import runtime as streamlit_runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from core.kept import return_memory

GONE = 30.0  # seconds in which a page may connect again: a network that changed, a laptop that wakes up
LOOK = 10.0  # seconds between two looks
SEND = 0.001  # seconds that Streamlit gathers messages after it has sent some; 0.005 by itself
SWITCH = 0.001  # seconds that a thread computes before another gets its turn; 0.005 by itself


def answer_soon() -> None:
    """Sends the answers to a page as soon as they are there, whatever is computed beside.

    By themselves Streamlit and Python wait so long that half of the time of a re-run is waiting.
    """
    assert hasattr(streamlit_runtime, "MESSAGE_FLUSH_INTERVAL_SECS"), "Streamlit has renamed it"
    streamlit_runtime.MESSAGE_FLUSH_INTERVAL_SECS = SEND  # type: ignore[misc]
    sys.setswitchinterval(SWITCH)


async def end_sessions(*, gone: float = GONE, look: float = LOOK) -> None:
    """Ends the sessions whose page is gone, and gives back what they held. Goes on until it is cancelled.

    Streamlit itself keeps a session for two minutes, and then forgets it only when another one comes.
    """
    since: dict[str, float] = {}  # when each session was first seen without a page, by its id
    while True:
        await asyncio.sleep(look)
        manager, now = Runtime.instance()._session_mgr, time.monotonic()
        sessions = [info.session for info in manager.list_sessions() if not manager.is_active_session(info.session.id)]
        since = {session.id: since.get(session.id, now) for session in sessions}
        ended = [session for session in sessions if now - since[session.id] >= gone]
        for session in ended:
            manager.close_session(session.id)
            session.session_state.clear()  # Streamlit may hold on to the last session
        if ended:
            sessions = ended = []
            gc.collect()
        await to_thread.run_sync(return_memory)


def drop_content(file: UploadedFile) -> None:
    """Forgets the bytes of an uploaded file: its uploader still knows its name and id.

    Streamlit itself keeps them for as long as the page is open, beside what was read of them.
    """
    context = get_script_run_ctx()
    assert context
    assert isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager)
    context.uploaded_file_mgr.add_file(context.session_id, UploadedFileRec(file.file_id, file.name, file.type, b""))
    file.truncate(0)
