"""A large file is read with its progress in sight, and can be cancelled."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.stage import Open, go, ready, say
from tests.browser.test_your_data import PLACE, PREDICTED, SECRET, arrived
from tests.browser.training import dropped, idle

BAR = "[data-testid=stProgress]"
ROWS = 1_000_000


def write_large(folder: Path) -> Path:
    """A file of the format that takes the longest to read: a record a line."""
    path = folder / "large.jsonl"
    path.write_text("\n".join(json.dumps({"truth": at % 1000, "model": at % 997 / 2}) for at in range(ROWS)))
    return path


def test_progress_is_shown_and_cancel_leaves_the_page_as_it_was(visit: Open, server: str, tmp_path: Path) -> None:
    page = arrived(visit)
    dropped(page, ("mine.csv", PREDICTED))
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    go(page, "/glossary")  # the uploader forgets its file, the session does not
    page.wait_for_function("() => document.title.includes('Glossary')")
    go(page, PLACE)
    page.wait_for_function("name => document.querySelector('.stage-summary')?.innerText.includes(name)", arg=SECRET)
    before = say(idle(ready(page)))
    at_rest = processes(server)
    page.locator("input[type=file]").set_input_files(write_large(tmp_path))
    bar = page.locator(BAR)
    expect(bar).to_contain_text("large.jsonl is being read")
    expect(bar.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "0")
    assert processes(server) > at_rest
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("large.jsonl was cancelled; nothing of it is kept.")).to_be_visible()
    idle(ready(page))
    expect(bar).to_have_count(0)
    assert say(page) == before
    wait_for_processes(page, server, at_rest)
    dropped(page, ("again.csv", PREDICTED.replace(SECRET, "Second")))
    page.wait_for_function("() => document.querySelector('.stage-summary')?.innerText.includes('Second')")


def processes(server: str) -> int:
    """How many processes the server of this address consists of. All have its port in their environment."""
    port = re.search(r"\d+$", server)[0].encode()
    found = 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += b"PORT=" + port in path.read_bytes().split(b"\0")
        except OSError:  # another user's, or gone meanwhile
            continue
    return found


def wait_for_processes(page: Page, server: str, most: int) -> None:
    while processes(server) > most:
        page.wait_for_timeout(10)
