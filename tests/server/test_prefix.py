"""A site under a path of its host. That a browser finds everything there: tests/deploy/test_nginx.py."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.server import Prefix
from core.stage.prefix import read_prefix


async def echo(request: Request) -> Response:
    if request.url.path == "/moved/":
        return RedirectResponse(request.query_params.get("to", "/moved"))
    return PlainTextResponse(f"{request.scope['raw_path'].decode()} {request.url.path} {request.url.query}")


@pytest.fixture(scope="module")
def client() -> TestClient:
    site = Starlette(routes=[Route("/{path:path}", echo)])
    return TestClient(Prefix(site, prefix="/lossarium"), follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/lossarium/", "/ / "),
        ("/lossarium/view/x?a=1", "/view/x /view/x a=1"),
        ("/lossarium/view/a%20b", "/view/a%20b /view/a b "),
        ("/lossarium/lossarium/x", "/lossarium/x /lossarium/x "),
        ("/ready", "/ready /ready "),  # asked of the process itself, or by a proxy that took the prefix off
        ("/lossariums/x", "/lossariums/x /lossariums/x "),
    ],
)
def test_the_site_sees_no_prefix(asked: str, seen: str, client: TestClient) -> None:
    assert client.get(asked).text == seen


def test_the_prefix_itself_is_a_folder(client: TestClient) -> None:
    answer = client.get("/lossarium?view=fit")
    assert (answer.status_code, answer.headers["location"]) == (307, "/lossarium/?view=fit")


@pytest.mark.parametrize(
    ("to", "sent"), [("/moved", "/lossarium/moved"), ("https://a.example/x", "https://a.example/x"), ("next", "next")]
)
def test_a_redirect_stays_under_the_prefix(to: str, sent: str, client: TestClient) -> None:
    assert client.get(f"/lossarium/moved/?to={to}").headers["location"] == sent
    assert client.get(f"/moved/?to={to}").headers["location"] == to  # a proxy that took the prefix off puts it back


@pytest.mark.parametrize(
    ("setting", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("lossarium", "/lossarium"),
        (" /lossarium/ ", "/lossarium"),
        ("/a/b-c_d.e~1", "/a/b-c_d.e~1"),
    ],
)
def test_setting_read(setting: str, prefix: str) -> None:
    assert read_prefix(setting) == prefix


@pytest.mark.parametrize("setting", ["/a b", "/a//b", "/..", "/a/./b", "/a?b", '/"', "/<b>", "https://a.example", "/é"])
def test_setting_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="LOSSARIUM_PREFIX must be a path such as /lossarium, got"):
        read_prefix(setting)
