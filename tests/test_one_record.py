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
    "tests/test_vocabulary.py",
    "tests/test_letters.py",
    "tests/test_imports.py",
    "tests/views/kit/test_theme.py",
]
# Besides the tests of the new records: those that compare all records with one another.
COMPARED = ["contract", "records", "keys", "names", "differ", "alike"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, without environments and caches."""
    unneeded = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache")
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


def test_there_is_an_example_of_each_kind_of_record():
    assert {"/".join(example.file.split("/")[:2]) for example in EXAMPLES.values()} == set(SUITES)


def test_the_examples_pass_with_nothing_else_touched(tree: Path):
    suites = sorted({suite for example in EXAMPLES.values() for suite in suites_of(example)})
    with pasted(tree, *EXAMPLES.values()):
        style = [sys.executable, "-m", "ruff", "check", "--no-cache", *(example.file for example in EXAMPLES.values())]
        linted = subprocess.run(style, cwd=tree, capture_output=True, text=True, check=False)
        found = run(tree, [*suites, *FOR_ALL], [*EXAMPLES, *COMPARED])
    assert linted.returncode == 0, linted.stdout
    assert found.returncode == 0, found.stdout[-5000:]
    assert int(re.findall(r"(\d+) passed", found.stdout)[-1]) > 300


# In each example something that is wrong: what it says now, and what it would say.
MISTAKES = {
    "pseudo_huber": ("grad=lambda r, *, delta: delta", "grad=lambda r, *, delta: -delta"),
    "signum": ("x - lr *", "x + lr *"),
    "double_well": ("x**4 / 4 - x**2 / 2", "x**4 / 4 - x**2 / 3"),
    "youden": ("ratio(c.tn, c.negatives) - 1", "ratio(c.tn, c.total) - 1"),
    "rings": ("2 * np.pi * along", "np.pi * along"),
}


def test_each_wrong_record_is_found(tree: Path):
    """All at once: each is in another package, whose tests of that record must fail."""
    wrong = {key: EXAMPLES[key].code.replace(*mistake) for key, mistake in MISTAKES.items()}
    assert all(code != EXAMPLES[key].code for key, code in wrong.items())
    suites = [suites_of(EXAMPLES[key])[0] for key in MISTAKES]
    with pasted(tree, *(replace(EXAMPLES[key], code=code) for key, code in wrong.items())):
        found = run(tree, suites, MISTAKES, "--tb=no")
    assert found.returncode == 1, found.stdout[-5000:]
    failed = [line for line in found.stdout.splitlines() if line.startswith("FAILED")]
    for key, suite in zip(MISTAKES, suites, strict=True):
        assert any(line.startswith(f"FAILED {suite}") and key in line for line in failed), key
    assert len(failed) < 50  # and not by taking all others with it


def test_every_example_has_a_wrong_one():
    assert set(MISTAKES) == set(EXAMPLES)


# --- a page ---

ROW = re.compile(r"\n\](?=\nCARDS)")  # the end of PAGES
OF_PAGES = [
    "tests/pages/test_every_page.py", "tests/pages/test_words.py", "tests/views/test_every_view.py",
    "tests/stage/test_encode.py", "tests/server/test_views.py",
]  # fmt: skip


@pytest.fixture
def with_page(tree: Path) -> Iterator[Path]:
    """The copy with the README's page; afterwards it is as it was."""
    view, script, row = (block[1] for block in BLOCK.finditer(PAGE))
    files = {tree / "core/views/sine/views.py": view, tree / "pages/sine.py": script}
    site = tree / "pages/site.py"
    before = site.read_text()
    try:
        for file, code in files.items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(code)
        changed, times = ROW.subn(f"\n    {row.strip()},\n]", before)
        assert times == 1
        site.write_text(changed)
        yield tree
    finally:
        site.write_text(before)
        for file in files:
            file.unlink(missing_ok=True)
        shutil.rmtree(tree / "core/views/sine", ignore_errors=True)


def test_a_page_is_three_files(with_page: Path):
    found = run(with_page, OF_PAGES, ["sine"])
    assert found.returncode == 0, found.stdout[-5000:]
    assert int(re.findall(r"(\d+) passed", found.stdout)[-1]) >= 10
    free = run(with_page, ["tests/test_imports.py", "tests/test_letters.py", "tests/test_defaults.py"], ["test"])
    assert free.returncode == 0, free.stdout[-5000:]
    style = [sys.executable, "-m", "ruff", "check", "--no-cache", "core/views/sine", "pages"]
    linted = subprocess.run(style, cwd=with_page, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_a_page_whose_row_names_no_view_is_found(with_page: Path):
    site = with_page / "pages/site.py"
    site.write_text(site.read_text().replace('Opening("sine"', 'Opening("cosine"'))
    found = run(with_page, OF_PAGES[:1], ["sine"])
    assert found.returncode == 1, found.stdout[-5000:]
