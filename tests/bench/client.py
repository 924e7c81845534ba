"""A browser tab, as far as Streamlit's server can tell: it speaks the protocol of /_stcore/stream, and draws nothing.

    async with tab(8501, "loss-curves", "losses=mae,huber") as page:
        answer = await page.run()                      # the first run
        page.set("scale", "Log")                       # a widget, by its key
        answer = await page.run()

Like the browser, it sends with every run what all widgets hold, the address and page that it got last, the part of the
page in which something changed, and the hashes of the large messages that it kept; it forgets those that no run has
referred to for as many runs as the server asks.
A released slider sends nothing: it is the browser's alone.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60.0  # seconds until a run counts as lost


@dataclass
class Answer:
    """What the server sent for one run."""

    seconds: float = 0.0  # from the request to the message that the script has ended
    size: int = 0  # bytes of all messages, before the socket's own compression
    messages: list[ForwardMsg] = field(default_factory=list)  # in order, large ones put back in the place of their hash

    def elements(self, kind: str) -> list[Any]:
        """The elements of one kind, such as "bidi_component" or "exception"."""
        deltas = [message.delta.new_element for message in self.messages if message.WhichOneof("type") == "delta"]
        return [getattr(element, kind) for element in deltas if element.WhichOneof("type") == kind]


@dataclass
class Tab:
    socket: ClientConnection
    page: str
    query: str
    script: str = ""  # hash of the page's script
    widgets: dict[str, WidgetState] = field(default_factory=dict)  # what each holds, by its key
    kept: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)  # large messages by hash, and when last used
    runs: int = 0
    oldest: int = 0  # runs that a kept message may go unused
    parts: dict[str, str] = field(default_factory=dict)  # the fragment of each widget, by key; "" for the page
    changed: set[str] = field(default_factory=set)  # keys of the widgets changed since the last run

    async def run(self, patience: float = PATIENCE) -> Answer:
        """Ask for a run of the script and wait until the server is idle again.

        ConnectionError if the server ends the script badly, TimeoutError if not within `patience` seconds.
        """
        request = BackMsg()
        state = request.rerun_script
        state.query_string, state.page_script_hash = self.query, self.script
        state.page_name = "" if self.script else self.page
        state.widget_states.widgets.extend(self.widgets.values())
        state.cached_message_hashes.extend(self.kept)
        touched = {self.parts[key] for key in self.changed}
        state.fragment_id = touched.pop() if len(touched) == 1 else ""
        self.changed.clear()
        answer = Answer()
        begin = time.perf_counter()
        await self.socket.send(request.SerializeToString())
        async with asyncio.timeout(patience):
            while True:
                packed = await self.socket.recv()
                now = time.perf_counter()
                message = self._unpacked(packed)
                answer.size += len(packed)
                answer.messages.append(message)
                kind = message.WhichOneof("type")
                if kind == "script_finished":
                    answer.seconds = self._finished(message, now - begin)
                elif kind == "session_status_changed" and not message.session_status_changed.script_is_running:
                    if answer.seconds:
                        return answer
                else:
                    self._read(kind, message)

    def set(self, key: str, *chosen: str) -> None:
        """Choose among the options of a multiselect, segmented control, select box or radio, or type a text."""
        state = self.widgets[key]
        if state.WhichOneof("value") == "string_array_value":
            state.string_array_value.data[:] = chosen
        else:
            (state.string_value,) = chosen
        self.changed.add(key)

    async def drop(self, key: str, name: str, content: bytes) -> None:
        """Sends a file to the server, as one that is dropped on an uploader; the next run finds it there."""
        request = BackMsg()
        request.file_urls_request.request_id = name
        request.file_urls_request.file_names.append(name)
        await self.socket.send(request.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            message = ForwardMsg()
            while message.WhichOneof("type") != "file_urls_response":
                message = ForwardMsg.FromString(await self.socket.recv())
        (place,) = message.file_urls_response.file_urls
        await put_file(self.socket.remote_address[1], place.upload_url, name, content)
        state = self.widgets[key].file_uploader_state_value
        del state.uploaded_file_info[:]
        state.uploaded_file_info.add(name=name, size=len(content), file_id=place.file_id, file_urls=place)
        self.changed.add(key)

    def _unpacked(self, packed: bytes) -> ForwardMsg:
        message = ForwardMsg.FromString(packed)
        if message.metadata.cacheable:
            self.kept[message.hash] = (message, self.runs)
        if message.WhichOneof("type") != "ref_hash":
            return message
        original, _ = self.kept[message.ref_hash]
        self.kept[message.ref_hash] = (original, self.runs)
        whole = ForwardMsg()
        whole.CopyFrom(original)
        whole.metadata.CopyFrom(message.metadata)
        return whole

    def _finished(self, message: ForwardMsg, seconds: float) -> float:
        status = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
        if status == "FINISHED_EARLY_FOR_RERUN":
            return 0.0
        if status not in ("FINISHED_SUCCESSFULLY", "FINISHED_FRAGMENT_RUN_SUCCESSFULLY"):
            raise ConnectionError(f"the script of {self.page!r} ended with {status}")
        self.runs += 1
        self.kept = {name: kept for name, kept in self.kept.items() if self.runs - kept[1] <= self.oldest}
        return seconds

    def _read(self, kind: str, message: ForwardMsg) -> None:
        if kind == "new_session":
            self.oldest = message.new_session.config.max_cached_message_age
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            kind = message.delta.new_element.WhichOneof("type")
            if kind in HELD:
                widget = getattr(message.delta.new_element, kind)
                key = widget.id.split("-", 2)[2]
                self.parts[key] = message.delta.fragment_id
                if key not in self.widgets or self.widgets[key].id != widget.id or getattr(widget, "set_value", False):
                    self.widgets[key] = WidgetState(id=widget.id)
                    HELD[kind](widget, self.widgets[key])


def _several(widget: Any, state: WidgetState) -> None:
    options = [getattr(option, "content", option) for option in widget.options]
    chosen = widget.raw_values if widget.set_value else [options[index] for index in widget.default]
    state.string_array_value.data.extend(chosen)


def _one(widget: Any, state: WidgetState) -> None:
    state.string_value = widget.raw_value if widget.set_value else widget.options[widget.default]


def _text(widget: Any, state: WidgetState) -> None:
    state.string_value = widget.value if widget.set_value else widget.default


def _number(widget: Any, state: WidgetState) -> None:
    state.double_value = widget.value if widget.set_value else widget.default


def _component(_: Any, state: WidgetState) -> None:
    state.json_value = "{}"


def _nothing(_: Any, state: WidgetState) -> None:
    state.file_uploader_state_value.SetInParent()


# What a widget holds before anybody touched it, by the kind of its element.
HELD = {
    "multiselect": _several, "button_group": _several, "selectbox": _one, "radio": _one, "number_input": _number,
    "text_input": _text, "bidi_component": _component,
    "file_uploader": _nothing,
}  # fmt: skip


class Connection:
    """One connection for GETs that is kept open, as a browser has it."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.port = port
        more = "".join(f"{name}: {text}\r\n" for name, text in (headers or {}).items())
        self.headers = f"Host: localhost\r\nAccept-Encoding: gzip\r\n{more}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        """The status and the body of an answer, as it came over the wire."""
        if self._streams:
            try:
                return await self._ask(path)
            except (ConnectionError, asyncio.IncompleteReadError):  # idle for long: the server has closed it
                self.close()
        self._streams = await asyncio.open_connection("localhost", self.port)
        return await self._ask(path)

    async def _ask(self, path: str) -> tuple[int, bytes]:
        assert self._streams
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\n{self.headers}".encode())
        async with asyncio.timeout(PATIENCE):
            status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            return int(status.split()[1]), await reader.readexactly(int(headers["content-length"]))

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()


async def put_file(port: int, path: str, name: str, content: bytes) -> None:
    """Sends a file to an address that the server gave for it. ConnectionError if the server does not take it."""
    boundary, cookie = "the-file-ends-here", "_streamlit_xsrf"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    reader, writer = await asyncio.open_connection("localhost", port)
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            await reader.readexactly(int(re.search(r"(?i)content-length: (\d+)", headers)[1]))
            token = re.search(rf"{cookie}=([^;\s]+)", headers)
            secret = f"Cookie: {cookie}={token[1]}\r\nX-Xsrftoken: {token[1]}\r\n" if token else ""
            length = len(head) + len(content) + len(tail)
            kind = f"multipart/form-data; boundary={boundary}"
            writer.write(
                f"PUT {path} HTTP/1.1\r\nHost: localhost\r\n{secret}"
                f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()
            )
            for part in (head, content, tail):
                writer.write(part)
                await writer.drain()
            answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    finally:
        writer.close()
    if answer.split()[1] != "204":
        raise ConnectionError(f"the file was answered {answer.splitlines()[0]}")


@asynccontextmanager
async def tab(
    port: int, page: str = "", query: str = "", headers: Mapping[str, str] | None = None
) -> AsyncIterator[Tab]:
    """A tab that has just been opened at /<page>?<query> and has not run yet."""
    address = f"ws://localhost:{port}/_stcore/stream"
    settings: dict[str, Any] = {"max_size": None, "open_timeout": PATIENCE, "additional_headers": headers}
    async with connect(address, subprotocols=["streamlit"], **settings) as socket:
        yield Tab(socket, page, query)
