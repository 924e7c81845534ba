"""What a balancer hears of a process. As it ends: tests/server/test_end.py."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.server import Readiness, read_drain, readiness
from core.stage.payloads import Busy


async def well() -> bytes:
    return b"payload"


async def busy() -> bytes:
    raise Busy


async def stuck() -> bytes:
    await asyncio.sleep(60)
    return b""


def answer_of(state: Readiness) -> tuple[int, str]:
    with TestClient(Starlette(routes=[state.route()])) as client:
        answer = client.get("/ready")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.text


def test_ready_between_the_start_and_the_end() -> None:
    state = Readiness(well)
    assert answer_of(state) == (503, "503: the server is starting")
    state.started = True
    assert answer_of(state) == (200, "ready")
    state.leaving = True
    assert answer_of(state) == (503, "503: the server is about to end")


@pytest.mark.parametrize("view", [busy, stuck])
def test_not_ready_when_no_view_answers(view: Callable[[], Awaitable[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    state = Readiness(view)
    state.started = True
    assert answer_of(state) == (503, "503: a view did not answer within 0.05 s")


def test_the_real_server_is_ready(server: str) -> None:
    assert httpx2.get(f"{server}/ready").text == "ready"


@pytest.mark.parametrize(("setting", "seconds"), [("", 2.0), ("0", 0.0), ("1.5", 1.5), ("3", 3.0)])
def test_drain_read(setting: str, seconds: float) -> None:
    assert read_drain(setting) == seconds


@pytest.mark.parametrize("setting", ["3.1", "-1", "nan", "inf", "2 s"])
def test_drain_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="LOSSARIUM_DRAIN must be from 0 to 3 seconds, got"):
        read_drain(setting)
