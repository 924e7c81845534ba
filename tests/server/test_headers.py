"""The security headers that every kind of answer carries."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from core.server import frame_ancestors
from core.stage.files import stage_files
from core.views import VIEWS
from tests.conftest import served

VIEW = VIEWS["regression_curves"]
QUERY = VIEW.choose().address
PAGES = ["/", "/loss-curves", "/loss-curves?view=fit", "/no-such-page"]
OTHERS = [
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/nothing.js",
    f"/view/{VIEW.key}?{QUERY}",
    "/view/nothing",
    f"/save/{VIEW.key}.csv?{QUERY}",
    "/assets/0/nothing",
    *(file.address for file in stage_files().values()),
]


@pytest.fixture
def client(server: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=60) as opened:
        yield opened


def policy(answer: httpx2.Response) -> dict[str, str]:
    rules = answer.headers["content-security-policy"].split(";")
    return {rule.split()[0]: " ".join(rule.split()[1:]) for rule in rules}


@pytest.mark.parametrize("address", PAGES + OTHERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_is_guarded(method: str, address: str, client: httpx2.Client) -> None:
    headers = client.request(method, address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_may_talk_to_its_own_server_only(address: str, client: httpx2.Client) -> None:
    rules = policy(client.get(address))
    assert rules["default-src"] == rules["object-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == rules["connect-src"] == rules["frame-ancestors"] == "'self'"
    for name, sources in rules.items():
        for source in sources.split():
            quoted = source.startswith("'") and source.endswith("'")
            assert quoted or source in ("data:", "blob:"), f"{name} names a host or a wildcard: {source}"
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert "data:" not in rules["script-src"]


@pytest.mark.parametrize("address", [address for address in OTHERS if "nothing.js" not in address])
def test_what_is_no_page_may_do_nothing(address: str, client: httpx2.Client) -> None:
    assert policy(client.get(address)) == {"default-src": "'none'", "frame-ancestors": "'none'"}


def test_a_saved_page_is_a_stranger_that_works(client: httpx2.Client) -> None:
    saved = client.get(f"/save/{VIEW.key}.html?{QUERY}")
    assert saved.headers["content-disposition"] == f'attachment; filename="lossarium-{VIEW.key}.html"'
    rules = policy(saved)
    assert "sandbox" in rules
    assert "allow-same-origin" not in rules["sandbox"]
    assert rules["script-src"] == "'unsafe-inline'"  # it holds its scripts, and may load no other


def test_the_sites_that_may_frame_this_one_are_a_setting(tmp_path: Path) -> None:
    with served(tmp_path, LOSSARIUM_FRAME_ANCESTORS="https://school.example https://*.edu.example") as address:
        page, view = httpx2.get(address), httpx2.get(f"{address}/view/{VIEW.key}?{QUERY}")
    assert policy(page)["frame-ancestors"] == "'self' https://school.example https://*.edu.example"
    assert "x-frame-options" not in page.headers  # it would forbid what the policy allows
    assert policy(view)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("setting", "meant"),
    [
        ("", ("'self'",)),
        ("https://school.example", ("'self'", "https://school.example")),
        ("  https://A.example:8443\n http://localhost:* ", ("'self'", "https://a.example:8443", "http://localhost:*")),
        ("*", ("'self'", "*")),
        ("https:", ("'self'", "https:")),
    ],
)
def test_setting_read(setting: str, meant: tuple[str, ...]) -> None:
    assert frame_ancestors(setting) == meant


@pytest.mark.parametrize(
    "setting", ["school.example", "https://a.example; script-src *", "https://a.example,https://b.example", "'none'",
                "javascript:", "https://a.example/page", "https://a b*c"],
)  # fmt: skip
def test_setting_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="LOSSARIUM_FRAME_ANCESTORS must be origins such as https"):
        frame_ancestors(setting)
