"""Payloads that are kept, and the few threads that make them: each once, however many ask for it at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import TypeVar

from core.kept import Store
from core.stage.turns import OF_ONE, WAITING, Busy, Job, Turns

Made = TypeVar("Made")

WORKERS = 2  # threads that make payloads: strangers' requests must leave the processor to the sessions


class Payloads:
    """Bytes by key, made when they are first asked for. Safe to use from any thread and event loop.

    The clients that wait are served in turn, and Busy is raised where they want too much (see `Turns`). What takes long
    has a thread of its own, so that nothing else waits behind it; so have drafts, of which there are many. `asked`
    counts what became of each question: "kept", "shared" with somebody who asked before, "made", or "refused".

    store: where the bytes are kept, maybe with much else.
    """

    def __init__(self, store: Store, *, workers: int = WORKERS, waiting: int = WAITING, of_one: int = OF_ONE) -> None:
        self.store = store
        self.asked: Counter[str] = Counter()
        self._making: dict[str, Job[bytes]] = {}
        self._lock = Lock()
        self._turns = {
            long: Turns(name, threads, waiting=waiting, of_one=of_one)
            for long, name, threads in ((False, "payload", workers), (True, "long payload", 1))
        }
        self._drafts = Turns("draft", 1, waiting=waiting, of_one=of_one)

    @property
    def jobs(self) -> int:
        """Jobs that are being done or wait."""
        return sum(turns.jobs for turns in (*self._turns.values(), self._drafts))

    def ask(self, key: str, make: Callable[[], bytes], *, client: str = "", long: bool = False) -> Future[bytes]:
        """The bytes of this key, made for the first who asks; whoever asks meanwhile shares them, or the exception.

        long: whether making them takes long. The future is shared: never cancel it. Raises Busy.
        """
        with self._lock:
            if (found := self.find(key)) is not None:
                ready: Future[bytes] = Future()
                ready.set_result(found)
                return ready
            if key in self._making:
                self.asked["shared"] += 1
                self._turns[long].join(client, self._making[key])
            else:
                self._making[key] = self._submit(client, lambda: self._make(key, make), self._turns[long])
                self.asked["made"] += 1
            return self._making[key].future

    def find(self, key: str) -> bytes | None:
        """The bytes of this key, if they are there already."""
        found: bytes | None = self.store.get((self, key))
        if found is not None:
            self.asked["kept"] += 1
        return found

    async def get(self, key: str, make: Callable[[], bytes], *, client: str = "", long: bool = False) -> bytes:
        """As `ask`, for an event loop. A caller that goes away takes nothing from the others."""
        return await asyncio.shield(asyncio.wrap_future(self.ask(key, make, client=client, long=long)))

    async def work(self, job: Callable[[], Made], *, client: str = "", long: bool = False) -> Made:
        """The result of one job by the same few threads, kept nowhere. Raises Busy."""
        return await asyncio.shield(asyncio.wrap_future(self._submit(client, job, self._turns[long]).future))

    async def draft(self, job: Callable[[], Made], *, client: str) -> Made:
        """As `work`, of a draft."""
        return await asyncio.shield(asyncio.wrap_future(self._submit(client, job, self._drafts).future))

    def close(self) -> None:
        """Drops the jobs that wait: a server that ends has nobody left to answer."""
        for turns in (*self._turns.values(), self._drafts):
            turns.close()

    def _submit(self, client: str, job: Callable[[], Made], turns: Turns) -> Job[Made]:
        try:
            return turns.submit(client, job)
        except Busy:
            self.asked["refused"] += 1
            raise

    def _make(self, key: str, make: Callable[[], bytes]) -> bytes:
        try:
            made = make()
            self.store.put((self, key), made, len(made))
            self.store.measure()
            return made
        finally:
            with self._lock:
                del self._making[key]
