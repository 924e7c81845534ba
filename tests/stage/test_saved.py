"""What is saved: a page that needs nothing else, and a table in full precision."""

import base64
import csv as csv_module
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from core.stage.encode import payload
from core.stage.files import stage_files
from core.stage.standalone import page
from core.stage.table import csv
from core.views import VIEWS
from tests.stage.samples import sample
from tests.views.cases import stage as made


class Elements(HTMLParser):
    """Every tag with its attributes, and the text inside each kind of tag."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.inside, self.texts = [], [], {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.inside.append(tag)

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    def handle_data(self, data):
        self.texts.setdefault(self.inside[-1] if self.inside else "", []).append(data)


def test_page_fetches_nothing():
    elements = Elements(page(sample(), {}))
    assert elements.inside == []
    assert {tag for tag, _ in elements.tags} == {"html", "head", "meta", "title", "style", "body", "main", "script"}
    assert not any(
        name in attributes for _, attributes in elements.tags for name in ("src", "href", "srcset", "http-equiv")
    )
    assert not re.search(r"@import|url\(", "".join(elements.texts["style"]))


def test_page_carries_the_stage_the_library_and_the_values():
    stage = sample()
    elements = Elements(page(stage, {"power": 1.5}))
    assert elements.texts["title"] == ["A <sample> · Lossarium"]
    library, script = elements.texts["script"]
    assert len(library) >= len(stage_files()["plotly.js"].content.decode())
    packed, values = re.search(r'"root"\), "([^"]+)", (\{.*\})\)\n$', script).groups()
    assert base64.b64decode(packed) == payload(stage)
    assert json.loads(values) == {"power": 1.5}


def test_table_is_precise_and_empty_where_there_is_no_number():
    assert csv(sample(), {"power": 0.5}) == "power,third\n0.5,0.333333333333\n0.5,\n"
    with pytest.raises(ValueError, match=r"^A <sample> has no table to save$"):
        csv(sample(table=None), {})


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.key)
def test_every_view_has_a_table_of_its_numbers(view):
    stage = made(view.key, view.choose().address)
    ends = {slider.key: float(slider.values[-1]) for slider in stage.sliders}
    for values in ({}, ends):
        names, *rows = csv_module.reader(io.StringIO(csv(stage, values)))
        columns = stage.table(values)
        assert names == list(columns)
        for column, cells in zip(columns.values(), zip(*rows, strict=True), strict=True):
            if np.asarray(column).dtype.kind == "U":
                assert list(cells) == list(column)
            else:
                found = [float(cell or "nan") for cell in cells]
                np.testing.assert_allclose(found, column, rtol=1e-11, atol=0)
