"""The addresses of the real views, each with every kind of mistake. What is computed: tests/stage/test_route.py."""

import socket
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from core.stage.files import version
from core.stage.parameters import LONGEST, Parameter, SomeOf, Typed, Whole
from core.views import VIEWS, View

HUGE = "9" * 3000
WITH_PARAMETERS = [view for view in VIEWS.values() if view.params]
PARAMETERS = [(view, param) for view in WITH_PARAMETERS for param in view.params]


@pytest.fixture
def client(server: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=60) as opened:
        yield opened


def query(view: View) -> dict[str, str]:
    """What asks for the view as it is before anybody chooses."""
    return dict(parse_qsl(view.choose().address, keep_blank_values=True))


def refused(client: httpx2.Client, address: str, *parts: str) -> None:
    """Holds that the answer is one short sentence that names these parts."""
    answer = client.get(address)
    assert answer.status_code == 400, address
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("400: ")
    assert "\n" not in answer.text
    assert len(answer.text) < 2 * LONGEST
    for part in parts:
        assert part in answer.text


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_payload_is_kept_for_good_and_small(view: View, client: httpx2.Client) -> None:
    answer = client.get(f"/view/{view.key}", params=query(view) | {"v": version()})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 1_000_000
    again = client.get(f"/view/{view.key}", params=query(view), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"  # whoever does not name the version must ask again


@pytest.mark.parametrize("path", ["/view/{}", "/save/{}.html", "/save/{}.csv"])
def test_unknown_view(path: str, client: httpx2.Client) -> None:
    refused(client, path.format("nothing"), 'unknown view "nothing"')
    refused(client, path.format(HUGE), "unknown view")
    key = next(iter(VIEWS))
    refused(client, path.format(key[:-1]), f'did you mean "{key}"?')


@pytest.mark.parametrize("path", ["/view/{}", "/save/{}.html"])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_unknown_parameter(view: View, path: str, client: httpx2.Client) -> None:
    for name in ("hue", "V", HUGE, "<script>", ""):
        address = f"{path.format(view.key)}?{urlencode(query(view) | {name: '1'})}"
        refused(client, address, f'unknown parameter "{name[:40]}"')


@pytest.mark.parametrize(("view", "param"), PARAMETERS, ids=lambda part: getattr(part, "key", "") or part.name)
def test_bad_parameter(view: View, param: Parameter, client: httpx2.Client) -> None:
    good, path = query(view), f"/view/{view.key}"
    missing = {name: text for name, text in good.items() if name != param.name}
    refused(client, f"{path}?{urlencode(missing)}", f'parameter "{param.name}" is missing')
    refused(client, f"{path}?{urlencode([*good.items(), (param.name, good[param.name])])}", "is given twice")
    refused(client, f"{path}?{urlencode(good | {param.name: HUGE})}", f'parameter "{param.name}" is 3000 characters')
    bad = ["", "nothing", "nan", "-1", "1e999", "１", "<b>", "a,a", ",", "\x00\n\x1b[2J", "\ud7ff"]
    if isinstance(param, Whole):
        bad += [str(param.low - 1), str(param.high + 1), f"{param.low}.0", f"+{param.high}", f" {param.high}"]
    if isinstance(param, SomeOf):
        options = list(param.options)
        bad += [",".join(options[: param.most + 1]), f"{options[0]},{options[0]}", f"{options[0]},"]
    if isinstance(param, Typed):  # a name is a formula, and so is a number
        bad = ["", "1 +", *(text for text in bad if not text.strip("-").isalnum())]
    known = {param.write(value) for value in param.extremes()}
    for text in bad:
        if text not in known:
            refused(client, f"{path}?{urlencode(good | {param.name: text})}", param.name)
    raw = urlencode(missing) + f"&{param.name}=%ff%fe%00"
    refused(client, f"{path}?{raw}", param.name)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_only_read(view: View, client: httpx2.Client) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, f"/view/{view.key}", params=query(view)).status_code in (403, 405)


def test_an_endless_address_is_turned_away(client: httpx2.Client) -> None:
    answer = client.get("/view/" + "a" * 65_000)
    assert 400 <= answer.status_code < 500


def test_a_long_address_that_comes_in_pieces_gets_the_same_answer(server: str) -> None:
    address = urlsplit(server)
    asked = b"GET /view/" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(asked), 5000):
            connection.sendall(asked[at : at + 5000])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'400: unknown view "aaa' in answer


def test_a_landscape_is_asked_for_around_values_of_its_own_sliders(client: httpx2.Client) -> None:
    view = VIEWS["line_landscape"]
    address = f"/view/{view.key}?{urlencode(query(view))}"
    plain = client.get(address)
    delta = float(view.choose().picture.sliders[0].values[5])
    around = client.get(f"{address}&huber.delta={delta:g}")
    assert plain.status_code == around.status_code == 200
    assert around.content != plain.content
    assert client.get(f"{address}&huber.delta=1").content == plain.content  # where it starts anyway
    # The nearest that the slider can stand at.
    assert client.get(f"{address}&huber.delta={delta + 0.01:g}").content == around.content
    refused(client, f"{address}&huber.delta=nan", "huber.delta must be a number from")
    refused(client, f"{address}&huber.delta=99", "huber.delta must be a number from")
    refused(client, f"{address}&huber.delta=2&huber.delta=3", "is given twice")
    refused(client, f"{address}&quantile.tau=0.5", 'unknown parameter "quantile.tau"')
    refused(client, f"{address}&x=3", 'unknown parameter "x"')  # moves no landscape: it has no part in the payload
