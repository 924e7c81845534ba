"""A hundred people who arrive together at a server that has just been started."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.bench.client import Answer, tab
from tests.conftest import ROOT, in_a_loop, served

PEOPLE = 100
PLACES = [
    ("", ""),
    ("loss-curves", ""),
    ("loss-curves", "view=fit"),
    ("loss-curves", "view=examples"),
    ("loss-curves", "family=binary"),
]

# Starts the app as a server does, runs every place once, and prints what that imported.
LATE = """
import asyncio, sys
from streamlit.testing.v1 import AppTest
from app import app

async def start():
    async with app.lifespan()(app):
        return set(sys.modules)

AppTest  # what a test needs itself is no late import
before = asyncio.run(start())
for place in {places!r}:
    run = AppTest.from_file("pages/site.py", default_timeout=60).run()
    run.switch_page("loss_curves.py")
    run.query_params = place
    run.run()
    assert not run.exception, run.exception
    assert [title.value for title in run.title] == ["Loss curves"]
late = {{name for name in set(sys.modules) - before if not name.startswith(("streamlit.testing", "streamlit.proto"))}}
print(" ".join(sorted(late)))
"""


async def crowd(port: int) -> list[Answer]:
    async def person(number: int) -> Answer:
        page, query = PLACES[number % len(PLACES)]
        async with tab(port, page, query) as opened:
            await together.wait()
            return await opened.run()

    together = asyncio.Barrier(PEOPLE)
    return await asyncio.gather(*(person(number) for number in range(PEOPLE)))


def test_a_hundred_at_once_at_a_cold_server(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        answers = in_a_loop(crowd(int(address.rsplit(":", 1)[1])))
    assert len(answers) == PEOPLE
    for answer in answers:
        assert not answer.elements("exception")
        assert len(answer.messages) > 5


def test_a_session_imports_nothing() -> None:
    places = [dict(part.split("=") for part in query.split("&") if part) for _, query in PLACES[1:]]
    command = [sys.executable, "-c", LATE.format(places=places)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == [], "imported in a session, where a hundred threads would race for it"
