"""Streamlit's bundle and the page: compressed once, kept, and named so that a browser asks once."""

import asyncio
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pyarrow
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.datastructures import Headers

from core.kept import Store
from core.server import Bundle, document
from core.stage.answer import ENCODINGS, accepted_encoding, compress
from core.stage.payloads import Payloads
from tests.conftest import in_a_loop

STATIC = Path(streamlit.__file__).parent / "static"
SCRIPT = max((STATIC / "static" / "js").glob("index.*.js"), key=lambda path: path.stat().st_size)
ADDRESS = "/" + SCRIPT.relative_to(STATIC).as_posix()
STYLE = "/" + next((STATIC / "static" / "css").glob("index.*.css")).relative_to(STATIC).as_posix()


@pytest.fixture
def client(server: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=60) as opened:
        yield opened


def raw(client: httpx2.Client, address: str, **headers: str) -> tuple[httpx2.Response, bytes]:
    """The answer and its body as it came over the wire."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", address, headers=named) as got:
        return got, b"".join(got.iter_raw())


def unpacked(body: bytes, used: str, size: int) -> bytes:
    if used == "br":
        return pyarrow.Codec("brotli").decompress(body, decompressed_size=size, asbytes=True)
    return gzip.decompress(body) if used == "gzip" else body


@pytest.mark.parametrize(("used", "share"), [("br", 0.28), ("gzip", 0.33), ("identity", 1.0)])
@pytest.mark.parametrize("address", [ADDRESS, STYLE, "/", "/loss-curves"])
def test_as_the_client_can_read_it(address: str, used: str, share: float, client: httpx2.Client) -> None:
    _, plain = raw(client, address, accept_encoding="identity")
    answer, body = raw(client, address, accept_encoding=used)
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding", "identity") == used
    assert int(answer.headers["content-length"]) == len(body)
    assert unpacked(body, used, len(plain)) == plain
    assert answer.headers["vary"] == "Accept-Encoding"
    if address == ADDRESS:
        assert plain == SCRIPT.read_bytes()
        assert len(body) <= share * len(plain)


@pytest.mark.parametrize("used", ENCODINGS)
def test_kept_for_good_and_known_again(used: str, client: httpx2.Client) -> None:
    first, _ = raw(client, ADDRESS, accept_encoding=used)
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["content-type"].startswith("text/javascript")
    again, body = raw(client, ADDRESS, accept_encoding=used, if_none_match=first.headers["etag"])
    assert (again.status_code, body) == (304, b"")
    head = client.head(ADDRESS, headers={"Accept-Encoding": used})
    assert {**head.headers, "date": ""} == {**first.headers, "date": ""}


def test_a_page_is_asked_for_again_and_comes_back_only_when_it_changed(client: httpx2.Client) -> None:
    first, _ = raw(client, "/loss-curves", accept_encoding="br")
    assert first.headers["cache-control"] == "no-cache"
    again, body = raw(client, "/loss-curves", accept_encoding="br", if_none_match=first.headers["etag"])
    assert (again.status_code, body) == (304, b"")
    # A browser that kept the page uses the policy of the answer that it kept.
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_a_part_of_a_file_is_a_part_of_the_plain_file(client: httpx2.Client) -> None:
    answer, body = raw(client, ADDRESS, accept_encoding="br, gzip", range="bytes=100-199")
    assert answer.status_code == 206
    assert "content-encoding" not in answer.headers
    assert body == SCRIPT.read_bytes()[100:200]


@pytest.mark.parametrize("name", ["js/index.OLDER123.js", "css/nothing.css", "", "js"])
def test_a_file_of_another_version_is_missing_and_no_page(name: str, client: httpx2.Client) -> None:
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize("address", ["/static/../../app.py", "/static/%2e%2e/index.html", "/static/js/nothing.js"])
def test_only_what_is_in_the_bundle(address: str, client: httpx2.Client) -> None:
    answer = client.get(address)
    assert "uvicorn" not in answer.text
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP ; q=1.0", "gzip"),
        ("gzip;q=0.000", "identity"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("deflate", "identity"),
        ("xgzip, brx", "identity"),
        ("", "identity"),
        (None, "identity"),
    ],
)
def test_encoding_chosen(accepted: str | None, used: str) -> None:
    assert accepted_encoding(Headers({} if accepted is None else {"Accept-Encoding": accepted})) == used


@pytest.mark.parametrize("used", ENCODINGS)
def test_the_same_content_gives_the_same_bytes(used: str) -> None:
    assert compress(b"loss" * 999, used) == compress(b"loss" * 999, used)


def test_each_file_is_compressed_once_and_no_more_is_kept_than_allowed() -> None:
    bundle = Bundle(Starlette(), static=STATIC, page=document(STATIC))
    bundle.payloads = Payloads(Store(300_000))
    made: list[str] = []
    ask = bundle.payloads.ask

    def counting(key: str, make: object, **client: Any) -> object:
        return ask(key, lambda: made.append(key) or make(), **client)

    bundle.payloads.ask = counting

    async def visit() -> None:
        headers = Headers({"Accept-Encoding": "gzip"})
        await asyncio.gather(*(bundle.file(ADDRESS, headers) for _ in range(20)))
        assert made == [f"gzip {ADDRESS}"]
        for address in bundle.files:
            if address.endswith(".css") or "/index." in address:
                await bundle.file(address, headers)
                assert bundle.payloads.store.size <= 300_000

    in_a_loop(visit())
