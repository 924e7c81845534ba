"""One record is enough: README's examples, pasted into a copy of the tree, pass the suites that could object.

So is a page: a folder of views, a script and a row.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
RECORDS, PAGE = README.split("## Adding a page\n")
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A record of the README, and the file that it is to stand in."""

    key: str
    file: str
    code: str


def examples() -> dict[str, Example]:
    """Each Python block of the README that ends in a record; the file is the last one named before it."""
    found = {}
    for block in BLOCK.finditer(RECORDS):
        key = re.findall(r"^(\w+) = ", block[1], re.MULTILINE)[-1]
        file = re.findall(r"`(core/[\w/]+\.py)`", RECORDS[: block.start()])[-1]
        found[key] = Example(key, file, block[1])
    return found


EXAMPLES = examples()
SUITES = {
    "core/losses": ["tests/losses", "tests/models/test_every_loss.py"],
    "core/optimizers": ["tests/optimizers", "tests/descent/test_parallel.py"],
    "core/landscapes": ["tests/landscapes"],
    "core/metrics": ["tests/metrics", "tests/models/imbalance/test_report.py"],
    "core/datasets": ["tests/datasets", "tests/landscapes/test_slices.py"],
}
FOR_ALL = [
    "tests/test_defaults.py",
    "tests/test_letters.py",
    "tests/test_imports.py",
    "tests/views/kit/test_theme.py",
]
# Besides the tests of the new records: those that compare all records with one another.
COMPARED = ["contract", "records", "keys", "names", "differ", "alike"]
OF_PAGES = [
    "tests/pages/test_every_page.py", "tests/pages/test_words.py", "tests/views/test_every_view.py",
    "tests/stage/test_encode.py",
]  # fmt: skip
VIEW, SCRIPT, ROW = (block[1] for block in BLOCK.finditer(PAGE))
END_OF_PAGES = re.compile(r"\n\](?=\nCARDS)")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, with what Python has compiled of it; without environments and caches."""
    unneeded = shutil.ignore_patterns(".git", ".venv*", ".*_cache")
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("copy") / "tree", ignore=unneeded))


@contextmanager
def pasted(tree: Path, *added: Example) -> Iterator[None]:
    """The examples at the end of their files; afterwards the files are as they were."""
    before = {example.file: (tree / example.file).read_text() for example in added}
    try:
        for example in added:
            with (tree / example.file).open("a") as file:
                file.write(f"\n\n{example.code}")
        yield
    finally:
        for name, text in before.items():
            (tree / name).write_text(text)


def run(tree: Path, suites: Sequence[str], words: Iterable[str], *more: str) -> subprocess.CompletedProcess[str]:
    """The tests of these suites that have one of these words in their names; `more` are options of pytest."""
    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "-k", " or ".join(words), *more]
    command = [sys.executable, "-m", "pytest", *options, *suites]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def suites_of(example: Example) -> list[str]:
    return SUITES["/".join(example.file.split("/")[:2])]


@contextmanager
def with_page(tree: Path, row: str = ROW) -> Iterator[None]:
    """The README's page in the copy, with this row in the list of pages; afterwards the copy is as it was."""
    site, folder, script = tree / "pages/site.py", tree / "core/views/sine", tree / "pages/sine.py"
    before = site.read_text()
    changed, times = END_OF_PAGES.subn(f"\n    {row.strip()},\n]", before)
    assert times == 1
    try:
        folder.mkdir()
        (folder / "views.py").write_text(VIEW)
        script.write_text(SCRIPT)
        site.write_text(changed)
        yield
    finally:
        site.write_text(before)
        script.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def test_there_is_an_example_of_each_kind_of_record():
    assert {"/".join(example.file.split("/")[:2]) for example in EXAMPLES.values()} == set(SUITES)


def test_records_and_a_page_pass_with_nothing_else_touched(tree: Path):
    suites = sorted({suite for example in EXAMPLES.values() for suite in suites_of(example)})
    with pasted(tree, *EXAMPLES.values()), with_page(tree):
        files = [*(example.file for example in EXAMPLES.values()), "core/views/sine", "pages"]
        style = [sys.executable, "-m", "ruff", "check", "--no-cache", *files]
        linted = subprocess.run(style, cwd=tree, capture_output=True, text=True, check=False)
        found = run(tree, [*suites, *FOR_ALL, *OF_PAGES], [*EXAMPLES, *COMPARED, "sine"], "-rp")
    assert linted.returncode == 0, linted.stdout
    assert found.returncode == 0, re.sub(r"^PASSED .*\n", "", found.stdout, flags=re.MULTILINE)[-5000:]
    assert int(re.findall(r"(\d+) passed", found.stdout)[-1]) > 300
    assert len(re.findall(r"^PASSED .*\bsine\b", found.stdout, re.MULTILINE)) >= 10


# In each example something that is wrong: what it says now, and what it would say.
MISTAKES = {
    "pseudo_huber": ("grad=lambda r, *, delta: delta", "grad=lambda r, *, delta: -delta"),
    "signum": ("x - lr *", "x + lr *"),
    "double_well": ("x**4 / 4 - x**2 / 2", "x**4 / 4 - x**2 / 3"),
    "youden": ("ratio(c.tn, c.negatives) - 1", "ratio(c.tn, c.total) - 1"),
    "rings": ("2 * np.pi * along", "np.pi * along"),
}


def test_each_wrong_record_is_found(tree: Path):
    """All at once, with a page whose row names no view: each is in another package, whose tests of it must fail."""
    wrong = {key: EXAMPLES[key].code.replace(*mistake) for key, mistake in MISTAKES.items()}
    assert all(code != EXAMPLES[key].code for key, code in wrong.items())
    suites = {key: suites_of(EXAMPLES[key])[0] for key in MISTAKES} | {"sine": OF_PAGES[0]}
    row = ROW.replace('Opening("sine"', 'Opening("cosine"')
    assert row != ROW
    with pasted(tree, *(replace(EXAMPLES[key], code=code) for key, code in wrong.items())), with_page(tree, row):
        found = run(tree, list(suites.values()), suites, "--tb=no")
    assert found.returncode == 1, found.stdout[-5000:]
    failed = [line for line in found.stdout.splitlines() if line.startswith("FAILED")]
    for key, suite in suites.items():
        assert any(line.startswith(f"FAILED {suite}") and key in line for line in failed), key
    assert len(failed) < 50  # and not by taking all others with it


def test_every_example_has_a_wrong_one():
    assert set(MISTAKES) == set(EXAMPLES)
