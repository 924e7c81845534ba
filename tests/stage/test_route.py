"""The route with a view of its own, so that what it computes can be counted. Real views: tests/server/test_views.py."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from threading import Barrier, Event
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.kept import Store
from core.stage import Slider, Stage
from core.stage.files import stage_files, version
from core.stage.payloads import Payloads
from core.stage.route import prepare, routes, warm
from tests.conftest import in_a_loop
from tests.stage.samples import sample

CROWD = 16


@dataclass
class Counting:
    """A view of one parameter that counts the stages it makes, and makes none before it is let go."""

    key: str = "counting"
    takes_long: bool = False
    script: Callable[[dict[str, float]], str] | None = None
    made: list[str] = field(default_factory=list)
    go: Event = field(default_factory=Event)

    @property
    def defaults(self) -> dict[str, Any]:
        return {"colour": "blue"}

    def read(self, query: dict[str, str]) -> dict[str, Any]:
        if set(query) != {"colour"}:
            raise ValueError(f"give a colour and nothing else, got {sorted(query)}")
        return dict(query)

    def choose(self, **chosen: Any) -> Chosen:
        return Chosen(self, self.defaults | chosen)


@dataclass(frozen=True)
class Chosen:
    """A choice of it, of which nothing is recomputed."""

    view: Counting
    params: dict[str, Any]
    draft: bool = False

    @property
    def address(self) -> str:
        return urlencode(self.params)

    @property
    def takes_long(self) -> bool:
        return self.view.takes_long

    @property
    def own(self) -> str | None:
        """A colour that is nobody else's business."""
        return "secret" if self.params["colour"] == "secret" else None

    def keeping(self) -> AbstractContextManager[None]:
        return nullcontext()

    @property
    def sliders(self) -> dict[str, Slider]:
        return {slider.key: slider for slider in sample().sliders}

    @property
    def stage(self) -> Stage:
        assert self.view.go.wait(30)
        self.view.made.append(self.params["colour"])
        return sample(script=self.view.script)

    def around(self, _: dict[str, float], *, draft: bool = False) -> Chosen:
        return replace(self, draft=draft)


@pytest.fixture
def view() -> Counting:
    return Counting()


@pytest.fixture
def payloads() -> Payloads:
    return Payloads(Store(2**20))


@pytest.fixture
def client(view: Counting, payloads: Payloads) -> Iterator[TestClient]:
    site = Starlette(routes=routes({view.key: view}, lambda name: f'unknown view "{name:.40}"', payloads))
    with TestClient(site) as opened:
        yield opened


def test_one_payload_for_a_crowd_that_asks_at_the_same_time(view: Counting, client: TestClient) -> None:
    together = Barrier(CROWD + 1)

    def ask(_: int) -> bytes:
        together.wait(30)
        return client.get("/view/counting?colour=red").content

    with ThreadPoolExecutor(CROWD) as crowd:
        answers = [crowd.submit(ask, number) for number in range(CROWD)]
        together.wait(30)
        view.go.set()
        assert len({answer.result(30) for answer in answers}) == 1
    assert view.made == ["red"]


def test_kept_for_good_only_under_the_version_that_made_it(view: Counting, client: TestClient) -> None:
    view.go.set()
    for query, kept in [(f"&v={version()}", True), ("", False)]:
        caching = client.get(f"/view/counting?colour=red{query}").headers["cache-control"]
        assert caching == ("public, max-age=31536000, immutable" if kept else "no-cache")
    assert view.made == ["red"]


def test_another_version_gets_no_payload_of_this_one(view: Counting, client: TestClient) -> None:
    for query in ("&v=0123456789ab", "&v="):
        answer = client.get(f"/view/counting?colour=red{query}", headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
        assert "reload the page" in answer.text
    assert view.made == []


def test_who_has_it_already_makes_nothing(view: Counting, client: TestClient, payloads: Payloads) -> None:
    view.go.set()
    first = client.get("/view/counting?colour=red")
    payloads.store.forget()  # it would have to be made again
    same = client.get("/view/counting?colour=red", headers={"If-None-Match": f'W/"x", {first.headers["etag"]}'})
    assert (same.status_code, same.content, view.made) == (304, b"", ["red"])
    assert same.headers["etag"] == first.headers["etag"]
    other = client.get("/view/counting?colour=blue", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_head_says_what_get_would(view: Counting, client: TestClient) -> None:
    view.go.set()
    get, head = (client.request(method, "/view/counting?colour=red") for method in ("GET", "HEAD"))
    assert head.status_code == 200
    assert head.headers == get.headers


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br", "*;q=0"])
def test_a_client_without_gzip_gets_it_plain(accepted: str, view: Counting, client: TestClient) -> None:
    view.go.set()
    packed = client.get("/view/counting?colour=red", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/view/counting?colour=red", headers={"Accept-Encoding": accepted})
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["content-encoding"] == "identity"
    assert plain.content == packed.content  # which the client has unpacked
    assert len(plain.content) == int(plain.headers["content-length"]) > int(packed.headers["content-length"])
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"] != packed.headers["etag"]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/view/nothing", 'unknown view "nothing"'),
        ("/view/", 'unknown view ""'),
        ("/view/counting/more", 'unknown view "counting/more"'),
        ("/view/counting?colour=red&colour=red", 'parameter "colour" is given twice; give it once'),
        ("/view/counting?v=1&v=1&colour=red", 'parameter "v" is given twice; give it once'),
        ("/view/counting?colour=red&size=9", "give a colour and nothing else, got ['colour', 'size']"),
        ("/save/counting.exe?colour=red", 'cannot save as "exe"; there are html, csv, py'),
        ("/save/counting?colour=red", 'cannot save as "counting"; there are html, csv, py'),
        ("/save/nothing.csv", 'unknown view "nothing"'),
        ("/save/counting.html?colour=red&size=9", 'unknown parameter "size"'),
        ("/view/%00%1B[2J", 'unknown view "  [2J"'),
    ],
)
def test_refused_in_one_sentence(address: str, sentence: str, view: Counting, client: TestClient) -> None:
    refused = client.get(address)
    assert (refused.status_code, refused.text, view.made) == (400, f"400: {sentence}", [])
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"
    assert refused.headers["cache-control"] == "no-store"


def test_a_slider_out_of_range_is_refused_before_anything_is_made(view: Counting, client: TestClient) -> None:
    slider = sample().sliders[0]
    for text in ("nan", "1e999", "1e9", "word", "1" * 5000):
        refused = client.get("/save/counting.csv", params={"colour": "red", slider.key: text})
        assert refused.status_code == 400
        assert f"{slider.key} must be a number from" in refused.text
        assert len(refused.text) < 200
    assert view.made == []


@pytest.mark.parametrize("bound", ["waiting", "of_one"])
def test_who_wants_too_much_at_once_is_asked_to_wait(bound: str, view: Counting) -> None:
    payloads = Payloads(Store(2**20), **{bound: 2})
    site = Starlette(routes=routes({view.key: view}, str, payloads))
    with TestClient(site) as client:
        asked_to_wait(view, payloads, client)


def asked_to_wait(view: Counting, payloads: Payloads, client: TestClient) -> None:
    with ThreadPoolExecutor(4) as strangers:
        waiting = [strangers.submit(client.get, f"/view/counting?colour={colour}") for colour in ("red", "blue")]
        while len(payloads._making) < 2:
            assert not any(answer.done() for answer in waiting)
        for address in ("/view/counting?colour=green", "/save/counting.csv?colour=green"):
            refused = client.get(address)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "2"
            assert refused.headers["cache-control"] == "no-store"
        view.go.set()
        assert [answer.result(30).status_code for answer in waiting] == [200, 200]
    assert client.get("/view/counting?colour=green").status_code == 200


def test_a_script_is_saved_where_there_is_one(view: Counting, client: TestClient) -> None:
    view.go.set()
    refused = client.get("/save/counting.py?colour=red&power=1.5")
    assert (refused.status_code, refused.text) == (400, "400: counting has no script to save, as it is chosen")
    view.script = lambda values: f"power = {values['power']}\n"
    saved = client.get("/save/counting.py?colour=red&power=1.5")
    assert (saved.status_code, saved.text) == (200, "power = 1.5\n")
    assert saved.headers["content-type"] == "text/x-python; charset=utf-8"
    assert saved.headers["content-disposition"] == 'attachment; filename="lossarium-counting.py"'


def test_warm_makes_what_the_first_visitor_asks_for(view: Counting, payloads: Payloads, client: TestClient) -> None:
    view.go.set()
    warm([view], payloads)
    assert client.get("/view/counting?colour=blue").status_code == 200
    assert view.made == ["blue"]


def test_nobody_waits_at_the_start_for_a_view_that_takes_long(view: Counting, payloads: Payloads) -> None:
    view.go.set()
    view.takes_long = True
    warm([view], payloads)
    assert view.made == []


def test_what_takes_long_to_compress_is_ready_when_somebody_asks(payloads: Payloads) -> None:
    in_a_loop(prepare(payloads))
    for file in stage_files().values():
        assert {"gzip", "br"} <= set(file.bodies)


def test_files_are_found_at_their_own_address_only(client: TestClient) -> None:
    for name, file in stage_files().items():
        answer = client.get(file.address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.content == file.content
        assert int(answer.headers["content-length"]) == len(file.bodies["gzip"])
        assert gzip.decompress(file.bodies["gzip"]) == file.content
        assert client.get(f"/assets/000000000000/{name}").status_code == 404
        again = client.get(file.address, headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    for nothing in ("/assets/1/2/3", "/assets/000000000000/", f"/assets/{version()}/../app.py"):
        assert client.get(nothing).status_code == 404


def test_a_fault_while_a_file_is_made_is_not_the_addresss(view: Counting, payloads: Payloads) -> None:
    def faulty(_: dict[str, float]) -> str:
        raise ValueError("a loss was called wrongly")

    view.script = faulty
    view.go.set()
    site = Starlette(routes=routes({view.key: view}, str, payloads))
    with TestClient(site, raise_server_exceptions=False) as client:
        assert client.get("/save/counting.py?colour=red").status_code == 500
        assert client.get("/save/counting.py?colour=red&size=1").status_code == 400
        assert client.get("/save/counting.py?size=1").status_code == 400
        view.script = None
        answer = client.get("/save/counting.py?colour=red")
    assert (answer.status_code, answer.text) == (400, "400: counting has no script to save, as it is chosen")


def test_what_takes_long_is_made_elsewhere_and_nothing_else_is(view: Counting, payloads: Payloads) -> None:
    class Elsewhere:
        def payload(self, name: str, query: dict[str, str]) -> bytes:
            return gzip.compress(f"{name} {query}".encode())

        def file(self, name: str, kind: str, query: dict[str, str]) -> str:
            return f"{name} {kind} {query}"

    view.go.set()
    site = Starlette(routes=routes({view.key: view}, str, payloads, elsewhere=Elsewhere()))
    with TestClient(site) as client:
        assert not client.get("/view/counting?colour=red").text.startswith("counting")
        assert view.made == ["red"]
        view.takes_long = True
        assert client.get("/view/counting?colour=green").text == "counting {'colour': 'green'}"
        assert client.get("/save/counting.csv?colour=green").text == "counting csv {'colour': 'green'}"
    assert view.made == ["red"]


def test_a_persons_own_data_are_kept_nowhere(view: Counting, client: TestClient, payloads: Payloads) -> None:
    view.go.set()
    answers = [client.get("/view/counting?colour=secret") for _ in range(2)]
    answers.append(client.get("/save/counting.csv?colour=secret"))
    assert view.made == ["secret"] * 3
    assert {(answer.status_code, answer.headers["cache-control"]) for answer in answers} == {(200, "no-store")}
    assert payloads.store.size == 0


def test_a_client_who_asks_for_too_much_is_sent_away_and_his_neighbour_is_not(view: Counting) -> None:
    payloads = Payloads(Store(2**20), workers=1, of_one=2)
    site = Starlette(routes=routes({view.key: view}, str, payloads))
    greedy, neighbour = (TestClient(site, client=(host, 50000)) for host in ("192.0.2.1", "192.0.2.2"))
    with greedy, neighbour, ThreadPoolExecutor(3) as crowd:
        waiting = [crowd.submit(greedy.get, f"/view/counting?colour={colour}") for colour in ("red", "green")]
        while payloads.jobs < 2:
            pass
        refused = greedy.get("/view/counting?colour=blue")
        waiting.append(crowd.submit(neighbour.get, "/view/counting?colour=blue"))
        view.go.set()
        assert [one.result(30).status_code for one in waiting] == [200] * 3
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert greedy.get("/view/counting?colour=blue").status_code == 200
