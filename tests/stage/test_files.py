"""The files that a browser is sent."""

import re
from importlib.resources import files

from core.stage.files import stage_files


def release(script: str) -> str:
    return re.search(r"plotly\.js (?:\(cartesian - minified\) )?v([\d.]+)", script[:300])[1]


def test_plotly_js_is_the_release_that_the_python_package_draws_for():
    installed = files("plotly").joinpath("package_data/plotly.min.js").read_text(encoding="utf-8")
    assert release(stage_files()["plotly.js"].content.decode()) == release(installed)


def test_an_address_changes_with_the_content():
    script = stage_files()["stage.js"]
    other = type(script).of(script.name, script.content + b"\n")
    assert script.address != other.address
    assert script.address.endswith("/stage.js")
