"""The files that a browser is sent."""

from core.stage.files import stage_files


def test_an_address_changes_with_the_content():
    script = stage_files()["stage.js"]
    other = type(script).of(script.name, script.content + b"\n")
    assert script.address != other.address
    assert script.address.endswith("/stage.js")
