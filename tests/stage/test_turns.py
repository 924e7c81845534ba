"""Jobs in turn: a client who asks for much waits behind himself alone."""

from collections.abc import Callable
from threading import Event

import pytest

from core.stage.turns import Busy, Turns


class Line:
    """One thread that waits until it is let go, so that many jobs wait for it; then they note that they ran."""

    def __init__(self, **bounds: int) -> None:
        self.turns = Turns("line", 1, **bounds)
        self.order: list[str] = []
        self.go = Event()
        self.first = self.turns.submit("nobody", lambda: self.go.wait(10))
        while not self.first.begun:
            pass

    def job(self, name: str) -> Callable[[], None]:
        return lambda: self.order.append(name)


def test_clients_are_served_in_turn_however_many_jobs_one_has() -> None:
    line = Line()
    jobs = [line.turns.submit("greedy", line.job(f"greedy {number}")) for number in range(8)]
    jobs += [line.turns.submit("neighbour", line.job("neighbour")), line.turns.submit("third", line.job("third"))]
    line.go.set()
    for job in jobs:
        job.future.result(10)
    assert line.order[:4] == ["greedy 0", "neighbour", "third", "greedy 1"]
    assert line.order[4:] == [f"greedy {number}" for number in range(2, 8)]
    assert line.turns.jobs == 0


def test_who_joins_a_job_gets_it_in_his_own_turn_and_it_runs_once() -> None:
    line = Line()
    jobs = [line.turns.submit("greedy", line.job(f"greedy {number}")) for number in range(5)]
    line.turns.join("neighbour", jobs[4])
    line.go.set()
    for job in jobs:
        job.future.result(10)
    assert line.order == ["greedy 0", "greedy 4", "greedy 1", "greedy 2", "greedy 3"]


def test_too_many_jobs_of_one_client_or_of_all_are_refused() -> None:
    line = Line(waiting=5, of_one=2)
    jobs = [line.turns.submit("one", line.job("one")) for _ in range(2)]
    with pytest.raises(Busy):
        line.turns.submit("one", line.job("one"))
    jobs += [line.turns.submit("two", line.job("two")) for _ in range(2)]
    with pytest.raises(Busy):
        line.turns.submit("three", line.job("three"))
    line.go.set()
    for job in jobs:
        job.future.result(10)
    line.turns.submit("three", line.job("three")).future.result(10)


def test_an_exception_is_the_jobs_own_and_its_place_is_free_again() -> None:
    turns = Turns("line", 1, of_one=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            turns.submit("one", lambda: 1 / 0).future.result(10)
