"""A cache of bytes, made by a few threads: each once, however many ask for it at once, up to a number of bytes."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

Made = TypeVar("Made")

WORKERS = 2  # threads that make payloads: strangers' requests must leave the processor to the sessions
WAITING = 64  # jobs taken on; beyond, an answer would come too late to be worth the memory


class Busy(Exception):
    """Too much is being made already."""


class Payloads:
    """A cache of bytes by key that drops what was used longest ago. Safe to use from any thread and event loop.

    It keeps at most `limit` bytes; more than `waiting` jobs at a time are refused. `asked` counts what became of each
    question: "kept", "shared" with somebody who asked before, "made", or "refused".
    """

    def __init__(self, limit: int, *, workers: int = WORKERS, waiting: int = WAITING) -> None:
        self.limit = limit
        self.size = 0
        self.waiting = waiting
        self.jobs = 0  # that are being done or wait
        self.asked: Counter[str] = Counter()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, Future[bytes]] = {}
        self._lock = Lock()
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="payload")

    def ask(self, key: str, make: Callable[[], bytes]) -> Future[bytes]:
        """The bytes of this key, made for the first who asks; whoever asks meanwhile shares them, or the exception.

        The future is shared: never cancel it. Raises Busy when too many jobs wait.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                self.asked["kept"] += 1
                ready: Future[bytes] = Future()
                ready.set_result(self._kept[key])
                return ready
            if key in self._making:
                self.asked["shared"] += 1
            else:
                self._making[key] = self._submit(lambda: self._make(key, make))
                self.asked["made"] += 1
            return self._making[key]

    async def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """As `ask`, for an event loop. A caller that goes away takes nothing from the others."""
        return await asyncio.shield(asyncio.wrap_future(self.ask(key, make)))

    async def work(self, job: Callable[[], Made]) -> Made:
        """The result of one job by the same few workers, kept nowhere. Raises Busy."""
        with self._lock:
            future = self._submit(job)
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Drops the jobs that wait: a server that ends has nobody left to answer."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _submit(self, job: Callable[[], Made]) -> Future[Made]:
        if self.jobs >= self.waiting:
            self.asked["refused"] += 1
            raise Busy
        self.jobs += 1
        return self._workers.submit(self._run_job, job)

    def _run_job(self, job: Callable[[], Made]) -> Made:
        try:
            return job()
        finally:
            with self._lock:
                self.jobs -= 1

    def _make(self, key: str, make: Callable[[], bytes]) -> bytes:
        try:
            made = make()
        except BaseException:
            with self._lock:
                del self._making[key]
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, made)
        return made

    def _keep(self, key: str, made: bytes) -> None:
        if len(made) > self.limit:
            return
        self._kept[key] = made
        self.size += len(made)
        while self.size > self.limit:
            _, dropped = self._kept.popitem(last=False)
            self.size -= len(dropped)
