"""What the README points to is there; its examples are pasted in by test_one_record.py."""

from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_every_file_that_the_readme_points_to_is_there():
    links = [part.split(")")[0] for part in README.split("](")[1:]]
    local = [link for link in links if not link.startswith("http")]
    assert local
    assert all((Path(__file__).parents[1] / link).exists() for link in local)
