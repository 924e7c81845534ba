"""Threads that work for clients in turn: who asks for much waits behind himself alone."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")

WAITING = 128  # jobs taken on; beyond, an answer would come too late to be worth the memory
OF_ONE = 48  # of one client, which may be a lecture hall behind one address


class Busy(Exception):
    """Too much is being made already."""


@dataclass(eq=False)
class Job(Generic[Made]):
    """Something to be done, for the client who asked first."""

    client: str
    work: Callable[[], Made]
    future: Future[Made] = field(default_factory=Future)  # shared by all who wait for it: never cancel it
    begun: bool = False


class Turns:
    """Some threads, and the jobs of clients that wait for them. Safe to use from any thread.

    The clients that wait are served in turn, a job each. `waiting` is the most jobs taken on, `of_one` the most of one
    client.
    """

    def __init__(self, name: str, workers: int, *, waiting: int = WAITING, of_one: int = OF_ONE) -> None:
        self.waiting, self.of_one = waiting, of_one
        self._jobs: Counter[str] = Counter()  # not done yet, by client
        self._lines: OrderedDict[str, deque[Job[Any]]] = OrderedDict()  # the client whose turn it is comes first
        self._lock = Lock()
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix=name)

    @property
    def jobs(self) -> int:
        """Jobs that are being done or wait."""
        return self._jobs.total()

    def close(self) -> None:
        """Drops the jobs that wait."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def submit(self, client: str, work: Callable[[], Made]) -> Job[Made]:
        """The job of a client. Raises Busy where too many wait."""
        job = Job(client, work)
        with self._lock:
            if self._jobs.total() >= self.waiting or self._jobs[client] >= self.of_one:
                raise Busy
            self._jobs[client] += 1
            self._lines.setdefault(client, deque()).append(job)
        self._workers.submit(self._next)  # as often as there are jobs; which one it does, the turns decide
        return job

    def join(self, client: str, job: Job[Any]) -> None:
        """Another client waits for a job too: it is done in the turn of whichever comes first."""
        with self._lock:
            line = self._lines.setdefault(client, deque())
            if not job.begun and job not in line:
                line.append(job)
            elif not line:
                del self._lines[client]

    def _next(self) -> None:
        with self._lock:
            job = self._pop()
            job.begun = True
        try:
            made = job.work()
        except BaseException as error:
            self._done(job)
            job.future.set_exception(error)
        else:
            self._done(job)
            job.future.set_result(made)

    def _pop(self) -> Job[Any]:
        while True:
            client, line = next(iter(self._lines.items()))
            job = line.popleft()
            if line:
                self._lines.move_to_end(client)
            else:
                del self._lines[client]
            if not job.begun:  # one that several wait for stands in several lines
                return job

    def _done(self, job: Job[Any]) -> None:
        with self._lock:
            self._jobs[job.client] -= 1
            if not self._jobs[job.client]:
                del self._jobs[job.client]
