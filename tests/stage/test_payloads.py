import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from core.kept import Store
from core.stage.payloads import Payloads
from core.stage.turns import Busy
from tests.conftest import in_a_loop

CROWD = 24


class Maker:
    """Makes bytes when it is let go, and counts."""

    def __init__(self, made: bytes = b"made") -> None:
        self.made = made
        self.calls = 0
        self.begun = Event()
        self.go = Event()

    def __call__(self) -> bytes:
        self.calls += 1
        self.begun.set()
        assert self.go.wait(30)
        return self.made


def test_made_once_however_many_threads_ask_at_the_same_time() -> None:
    payloads, maker, together = Payloads(Store(1000)), Maker(), Barrier(CROWD)

    def ask(_: int) -> bytes:
        together.wait(30)
        future = payloads.ask("key", maker)
        if maker.begun.wait(30):
            maker.go.set()
        return future.result(30)

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(ask, range(CROWD)))
    assert answers == [b"made"] * CROWD
    assert maker.calls == 1


def test_made_once_for_an_event_loop_too_and_again_for_another_loop() -> None:
    payloads, maker = Payloads(Store(1000)), Maker()
    maker.go.set()

    async def together() -> list[bytes]:
        return await asyncio.gather(*(payloads.get("key", maker) for _ in range(CROWD)))

    for _ in range(2):
        assert in_a_loop(together()) == [b"made"] * CROWD
    assert maker.calls == 1


def test_a_caller_that_goes_away_takes_nothing_from_the_others() -> None:
    payloads, first, maker = Payloads(Store(1000), workers=1), Maker(), Maker()

    async def scene() -> bytes:
        payloads.ask("first", first)  # holds the only worker, so that the next is still waiting when it is given up
        impatient = asyncio.create_task(payloads.get("key", maker))
        patient = asyncio.create_task(payloads.get("key", maker))
        await asyncio.sleep(0)
        impatient.cancel()
        first.go.set()
        maker.go.set()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        return await patient

    assert in_a_loop(scene()) == b"made"
    assert maker.calls == 1


def test_all_who_asked_share_an_exception_and_the_next_one_tries_again() -> None:
    payloads, together, calls = Payloads(Store(1000)), Event(), []

    def fail() -> bytes:
        calls.append(1)
        assert together.wait(30)
        raise ArithmeticError("no picture")

    futures = [payloads.ask("key", fail) for _ in range(3)]
    together.set()
    for future in futures:
        with pytest.raises(ArithmeticError, match="no picture"):
            future.result(30)
    assert len(calls) == 1
    assert payloads.ask("key", lambda: b"better").result(30) == b"better"


def test_bounded_in_bytes_and_what_was_used_longest_ago_goes_first() -> None:
    payloads = Payloads(Store(30))
    made: list[str] = []

    def ask(key: str, size: int = 10) -> None:
        payloads.ask(key, lambda: made.append(key) or bytes(size)).result(30)

    for key in ("a", "b", "c", "a", "d"):  # "d" does not fit beside the others, and "b" was used longest ago
        ask(key)
    assert made == ["a", "b", "c", "d"]
    assert payloads.store.size == 30
    ask("a")
    ask("b")
    assert made == ["a", "b", "c", "d", "b"]
    assert payloads.store.size == 30


def test_what_is_larger_than_the_cache_is_answered_and_not_kept() -> None:
    payloads = Payloads(Store(30))
    payloads.ask("small", lambda: bytes(10)).result(30)
    assert len(payloads.ask("large", lambda: bytes(31)).result(30)) == 31
    assert payloads.store.size == 10
    payloads.ask("as large as the cache", lambda: bytes(30)).result(30)
    assert payloads.store.size == 30


def test_few_work_at_once() -> None:
    payloads, makers = Payloads(Store(1000), workers=2), [Maker() for _ in range(5)]
    futures = [payloads.ask(str(number), maker) for number, maker in enumerate(makers)]
    assert makers[0].begun.wait(30)
    assert makers[1].begun.wait(30)
    assert sum(maker.calls for maker in makers) == 2
    for maker in makers:
        maker.go.set()
    assert [future.result(30) for future in futures] == [b"made"] * 5


def test_too_many_jobs_are_refused_until_some_are_done() -> None:
    payloads, maker = Payloads(Store(1000), workers=1, waiting=2), Maker()
    futures = [payloads.ask("first", maker), payloads.ask("second", maker)]
    with pytest.raises(Busy):
        payloads.ask("third", maker)
    with pytest.raises(Busy):
        in_a_loop(payloads.work(maker))
    assert payloads.ask("second", maker) is futures[1], "what is being made already costs nothing more"
    maker.go.set()
    assert [future.result(30) for future in futures] == [b"made"] * 2
    assert in_a_loop(payloads.work(lambda: "a job")) == "a job"
