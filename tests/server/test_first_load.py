"""What a browser that has never been here fetches, and that the policy lets a page do all that it does.

A complaint in the console (of a blocked script, of a file fetched early and not used) fails a test: see `first_visit`.
"""

from collections import Counter
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.stage.files import LATER, SOLID, stage_files
from tests.conftest import Visit

PLACES = ["/", "/loss-curves", "/loss-curves?view=fit&huber.delta=2", "/loss-landscapes?view=line"]
BUDGET = 2_800_000  # bytes of a first load of the loss curves

# Chromium complains of a file fetched early and not used a few seconds after the page has loaded.
UNUSED = 6000
PATIENCE = 30.0  # seconds until the browser must have reported what it blocked


def ready(page: Page) -> None:
    expect(page.locator(".stage[data-ready]").first).to_be_visible(timeout=60_000)


@pytest.fixture(scope="module")
def visits(open_first: Callable[..., Visit]) -> dict[str, Visit]:
    """The first visit to each place. The tests only look at them."""
    found = {place: open_first(place) for place in PLACES}
    for page, _ in found.values():
        ready(page)
    return found


@pytest.mark.parametrize("place", PLACES[:2])
def test_early_files_are_asked_for_before_the_page_connects(place: str, visits: dict[str, Visit]) -> None:
    _, seen = visits[place]
    asked = [urlsplit(request.url).path for request in seen.requests]
    connected = next(number for number, path in enumerate(asked) if path == "/_stcore/health")
    for name, file in stage_files().items():
        assert name in LATER or asked.index(file.address) < connected
    (component,) = [path for path in asked if "/BidiComponent." in path]
    assert asked.index(component) < connected


def test_a_first_load_is_small(visits: dict[str, Visit]) -> None:
    page, seen = visits["/loss-curves"]
    page.wait_for_load_state("networkidle")
    sizes = {}
    for response in seen.responses:
        size = response.request.sizes()
        sizes[urlsplit(response.url).path] = size["responseBodySize"] + size["responseHeadersSize"]
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert sum(sizes.values()) < BUDGET, largest


def test_the_policy_allows_what_a_page_does(first_visit: Callable[..., Visit]) -> None:
    page, seen = first_visit("/loss-curves", permissions=["clipboard-read", "clipboard-write"])
    ready(page)
    page.get_by_label("Code to copy").select_option("NumPy")
    code = page.locator(".stage-code:visible").last
    code.get_by_role("button").click()
    expect(code.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code.locator("code").text_content()
    page.get_by_label("Huber δ").press("ArrowRight")
    page.wait_for_url("**huber.delta=**")
    page.locator(".stage .nsewdrag").first.hover()
    expect(page.locator(".stage .hoverlayer .legend, .stage .hovertext").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as saved:
        page.get_by_role("link", name="HTML").click()
    assert saved.value.suggested_filename.endswith(".html")
    assert seen.complaints == []


def test_the_policy_forbids_what_a_page_never_does(first_visit: Callable[..., Visit]) -> None:
    page, seen = first_visit("/")
    ready(page)
    seen.expected += ["Content Security Policy", "http://127.0.0.1:9/"]
    written = "const tag = document.createElement('script'); tag.textContent = 'ran = 1'; document.head.append(tag)"
    for attempt in (written, "setTimeout('ran = 1')", "new Image().src = 'http://127.0.0.1:9/'",
                    "fetch('http://127.0.0.1:9/').catch(() => {})"):  # fmt: skip
        before = len(seen.console)
        page.evaluate(f"() => {{ {attempt} }}")
        end = monotonic() + PATIENCE
        while len(seen.console) == before and monotonic() < end:
            page.wait_for_timeout(10)  # lets the browser's messages in
        assert len(seen.console) > before, f"not blocked: {attempt}"
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_the_colours_of_its_theme(scheme: str, first_visit: Callable[..., Visit]) -> None:
    page, _ = first_visit("/", color_scheme=scheme)
    ready(page)
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 32)"}[scheme]


def test_everything_is_fetched_once_from_here_and_used(visits: dict[str, Visit]) -> None:
    """It runs last, when the browser has had time to complain of what was not used."""
    page, _ = visits[PLACES[-1]]
    page.wait_for_timeout(max(0, UNUSED - page.evaluate("performance.now()")))
    for place, (_, seen) in visits.items():
        assert not [response.url for response in seen.responses if response.status >= 400]
        asked = [urlsplit(request.url).path for request in seen.requests]
        files = Counter(path for path in asked if path.startswith(("/static/", "/assets/", "/view/")))
        assert {path: count for path, count in files.items() if count > 1} == {}
        for name, file in stage_files().items():
            wanted = name not in LATER or (name == SOLID and "landscapes" in place)
            assert (file.address in files) == wanted
        # The page knows where the server is: it looks for it nowhere else.
        assert {path for path in asked if "_stcore" in path} == {"/_stcore/health", "/_stcore/host-config"}
        assert seen.foreign == []
