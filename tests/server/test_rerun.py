"""What the server does when a person changes something, as a browser's tab sees it."""

from collections import Counter
from typing import NamedTuple
from urllib.parse import parse_qs

from tests.bench.client import Answer, tab
from tests.conftest import in_a_loop

STAGE, SCALE = "stage.regression_curves", "regression_curves.scale"


class Received(NamedTuple):
    kinds: Counter[str]  # of the elements sent
    text: str  # all Markdown of them
    query: dict[str, list[str]]  # the address afterwards


def received(answer: Answer, query: str) -> Received:
    assert not answer.elements("exception")
    elements = [m.delta.new_element for m in answer.messages if m.WhichOneof("type") == "delta"]
    kinds = Counter(element.WhichOneof("type") for element in elements)
    return Received(kinds, "\n".join(one.body for one in answer.elements("markdown")), parse_qs(query))


def changes(port: int, *steps: tuple[str, str, dict[str, float]]) -> list[Received]:
    """What a tab receives after the page has opened and each step: (stage, "", values) or (widget, choice, {})."""

    async def person() -> list[Received]:
        async with tab(port, "loss-curves", "") as page:
            found = [received(await page.run(), page.query)]
            for key, choice, values in steps:
                if values:
                    page.release(key, values)
                else:
                    page.set(key, choice)
                found.append(received(await page.run(), page.query))
            return found

    return in_a_loop(person())


def test_a_release_runs_the_stage_and_what_stands_under_it_alone(server: str) -> None:
    port = int(server.rsplit(":", 1)[1])
    opened, released = changes(port, (STAGE, "", {"huber.delta": 2.5}))
    assert opened.kinds["bidi_component"] == released.kinds["bidi_component"] == 1
    assert {"multiselect", "heading"} <= set(opened.kinds)
    assert not {"multiselect", "heading"} & set(released.kinds)
    assert opened.query == {}
    assert released.query == {"huber.delta": ["2.5"]}
    assert "2.5" in released.text
    assert "2.5" not in opened.text


def test_the_address_holds_every_change_however_they_follow(server: str) -> None:
    port = int(server.rsplit(":", 1)[1])
    *_, both, moved, least = changes(
        port,
        (STAGE, "", {"huber.delta": 2.5}),
        (SCALE, "Log", {}),
        (STAGE, "", {"probe": 2.0}),
        (STAGE, "", {"huber.delta": 1.0}),
    )
    assert both.query == {"huber.delta": ["2.5"], "scale": ["log"]}
    assert moved.query == {"probe": ["2"], "scale": ["log"]}
    assert least.query == {"scale": ["log"]}
