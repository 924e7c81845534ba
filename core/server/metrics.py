"""Middleware that counts what the server does, for Prometheus to read at /metrics.

Written here, because the client library of Prometheus would be one more package to run on.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.stage.payloads import Payloads

METRICS = "/metrics"
STREAMLIT_METRICS = "/_stcore/metrics"  # Streamlit's own, which it always serves
TYPE = "text/plain; version=0.0.4"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
# What a path asks for, by its first part; anything else is a page.
KINDS = {
    "view": "view",
    "save": "save",
    "assets": "file",
    "static": "file",
    "media": "file",
    "component": "file",
    "_stcore": "streamlit",
    "ready": "ready",
    "metrics": "metrics",
}
MEMORY = Path("/proc/self/statm")

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counts requests, their times and sessions. Where it is `shown`, /metrics says them and the cache's figures.

    It answers whoever asks the process itself. A request that a proxy hands on says so in a header, and gets 404.
    """

    def __init__(self, app: ASGIApp, *, payloads: Payloads, version: str, shown: bool) -> None:
        self.app = app
        self.payloads = payloads
        self.version = version
        self.shown = shown
        self.started = time.time()
        self.sessions = 0
        self.requests: Counter[tuple[str, int]] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.session(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] in (METRICS, STREAMLIT_METRICS):
            await self.answer(scope)(scope, receive, send)
        else:
            await self.request(scope, receive, send)

    async def session(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.sessions += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.sessions -= 1

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = KINDS.get(scope["path"].split("/")[1], "page")
        began = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            took = time.perf_counter() - began
            self.requests[kind, status] += 1
            self.seconds[kind] += took
            self.counts[kind][bisect_left(BOUNDS, took)] += 1

    def answer(self, scope: Scope) -> Response:
        handed_on = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(Headers(scope=scope))
        if scope["path"] != METRICS or not self.shown or handed_on:
            return PlainTextResponse("404: nothing here", 404, headers={"Cache-Control": "no-store"})
        return PlainTextResponse("\n".join(self.lines()) + "\n", media_type=TYPE, headers={"Cache-Control": "no-store"})

    def lines(self) -> Iterator[str]:
        """Prometheus' text format: each metric with its help and type, a line for each of its values."""
        yield from metric(
            "lossarium_info", "gauge", "The version of what is served", [((("version", self.version),), 1)]
        )
        yield from metric(
            "lossarium_requests_total",
            "counter",
            "Answers by kind of address and status",
            [((("kind", kind), ("code", str(code))), count) for (kind, code), count in sorted(self.requests.items())],
        )
        yield from self.times()
        yield from metric("lossarium_sessions", "gauge", "Open WebSockets: one for each tab", [((), self.sessions)])
        kept = self.payloads.store
        yield from metric("lossarium_cache_bytes", "gauge", "Payloads and other results kept", [((), kept.size)])
        yield from metric("lossarium_cache_limit_bytes", "gauge", "The most of these that is kept", [((), kept.limit)])
        yield from metric(
            "lossarium_cache_asked_total",
            "counter",
            "Questions for payloads by what became of them",
            [((("result", name),), self.payloads.asked[name]) for name in ("kept", "made", "refused", "shared")],
        )
        yield from metric("lossarium_jobs", "gauge", "Jobs being done or waiting", [((), self.payloads.jobs)])
        yield from metric("process_cpu_seconds_total", "counter", "Processor time", [((), time.process_time())])
        yield from metric("process_start_time_seconds", "gauge", "When the process started", [((), self.started)])
        if MEMORY.exists():  # Linux
            pages = int(MEMORY.read_text().split()[1])
            resident = [((), pages * os.sysconf("SC_PAGE_SIZE"))]
            yield from metric("process_resident_memory_bytes", "gauge", "Memory in use", resident)

    def times(self) -> Iterator[str]:
        name = "lossarium_request_seconds"
        yield from metric(name, "histogram", "Seconds until an answer was sent, by kind of address", [])
        for kind, counts in sorted(self.counts.items()):
            below = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                below += count
                yield line(f"{name}_bucket", (("kind", kind), ("le", bound)), below)
            yield line(f"{name}_sum", (("kind", kind),), self.seconds[kind])
            yield line(f"{name}_count", (("kind", kind),), below)


def metric(name: str, kind: str, about: str, values: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    yield f"# HELP {name} {about}."
    yield f"# TYPE {name} {kind}"
    yield from (line(name, labels, value) for labels, value in values)


def line(name: str, labels: Labels, value: float) -> str:
    inside = ",".join(f'{label}="{text}"' for label, text in labels)
    return f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def read_shown(setting: str) -> bool:
    """Whether a setting of "on" or "off" is on; "" is off. ValueError for anything else."""
    if setting not in ("on", "off", ""):
        raise ValueError(f"LOSSARIUM_METRICS must be on or off, got {setting!r}")
    return setting == "on"
